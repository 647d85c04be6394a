"""SELECTs by users: only the public tables, nothing beside them.

DuckDB itself may open no file but those of the results folder, load no extension and change no setting
(see :func:`drugscan.analysis.database.connect`). The folder's own files hold identities, though, and could be
written over, so the parsed statement is looked through: it may only select, name public tables and its own
WITH parts, and call no function that reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from drugscan.errors import SettingsError

if TYPE_CHECKING:
    import duckdb

_TABLE_FUNCTIONS = {"generate_series", "range", "unnest"}
# From DuckDB 2.0 on a WITH part may be what changes something, such as COPY or INSERT.
_SELECTS = {"SELECT_NODE", "SET_OPERATION_NODE", "CTE_NODE", "RECURSIVE_CTE_NODE"}
_SOURCES = {"BASE_TABLE", "TABLE_FUNCTION", "SHOW_REF"}
_PLAIN_NAME = re.compile(r"[a-z_]\w*", re.IGNORECASE)


def check_select(
    connection: duckdb.DuckDBPyConnection, sql: str, *, public: Sequence[str], answers: Sequence[str]
) -> set[str]:
    """Return which public tables a statement reads; answers are no tables, but are told from what is unknown.

    Raises
    ------
    SettingsError
        If it is no SELECT, or reads anything else.
    """
    tree = _parse(connection, sql)
    if any(_is_statement(node) and node.get("type") not in _SELECTS for node in _nodes(tree)):
        raise _no_select()
    parts = {part.lower() for part in _with_parts(tree)}
    _check_with_parts(connection, parts)
    used = set()
    for node in _nodes(tree):
        if node.get("class") == "FUNCTION" and node.get("schema") not in ("", None, "main"):
            raise SettingsError(f"{node['schema']}.{node['function_name']} is no function of a query")
        if str(node.get("type")) not in _SOURCES:  # of a cast it is an object
            continue
        name = _name(node)
        if node["type"] == "BASE_TABLE" and name in public:
            used.add(name)
        elif not (
            (node["type"] == "BASE_TABLE" and name in parts)
            or (node["type"] == "TABLE_FUNCTION" and name in _TABLE_FUNCTIONS)
            or (node["type"] == "SHOW_REF" and not name)  # DESCRIBE: what it describes is a node of its own
        ):
            if name in answers:
                hint = f"get it with drugscan export RESULTS {name}"
                raise SettingsError(f"{name!r} is an answer and no table", where="query", hint=hint)
            raise SettingsError(f"{name!r} cannot be read", hint=f"there are the tables {', '.join(public)}")
    return used


def _parse(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    (text,) = connection.execute("select json_serialize_sql(?)", [sql]).fetchone() or ("{}",)
    tree = json.loads(text)
    if tree.get("error"):
        problem = " ".join(str(tree.get("error_message")).split())
        if tree.get("error_type") != "parser":
            raise _no_select()
        raise SettingsError(f"is no SELECT that can be run: {problem}", where="query")
    if not tree["statements"]:
        raise SettingsError("is empty", where="query", hint="give one SELECT")
    if len(tree["statements"]) > 1:
        raise SettingsError("holds several statements", where="query", hint="give one SELECT")
    return tree


def _no_select() -> SettingsError:
    hint = "write one SELECT; PIVOT, EXPLAIN and what changes anything cannot be run"
    return SettingsError("is no SELECT", where="query", hint=hint)


def _is_statement(node: dict[str, Any]) -> bool:
    return "cte_map" in node or str(node.get("type")).endswith("_NODE")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the parsed statement."""
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            yield node
            left.extend(node.values())
        elif isinstance(node, list):
            left.extend(node)


def _with_parts(tree: Any) -> Iterator[str]:
    for node in _nodes(tree):
        cte_map = node.get("cte_map")
        if isinstance(cte_map, dict):
            yield from (entry["key"] for entry in cte_map["map"])


def _check_with_parts(connection: duckdb.DuckDBPyConnection, parts: set[str]) -> None:
    """See to it that a WITH part is not named like a file or a table: elsewhere it would mean that."""
    known = connection.execute("select lower(table_name) from information_schema.tables").fetchall()
    views = connection.execute("select lower(view_name) from duckdb_views()").fetchall()
    taken = {name for (name,) in [*known, *views]}
    for part in sorted(parts):
        if part in taken or not _PLAIN_NAME.fullmatch(part):
            raise SettingsError(f"a WITH part cannot be called {part!r}", where="query", hint="rename it")


def _name(node: dict[str, Any]) -> str:
    """Return what a node reads; with the schema, if it names one that is not the usual."""
    if node["type"] == "TABLE_FUNCTION":
        return str(node["function"]["function_name"]).lower()
    qualifiers = [str(node.get(key) or "") for key in ("catalog_name", "schema_name")]
    return ".".join([*filter(None, qualifiers), str(node.get("table_name"))]).lower()
