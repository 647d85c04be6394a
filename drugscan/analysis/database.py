"""DuckDB over a results folder: its tables as views, pseudonyms as functions, a bound of memory."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drugscan.privacy.disguises import DISGUISE_SIGNS
from drugscan.privacy.pseudonyms import DIGITS
from drugscan.privacy.traces import PLAIN_SIGNS, unusual_characters
from drugscan.records import ads_schema, messages_schema, texts_schema
from drugscan.toml_files import read_toml

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    from drugscan.analysis.hiding import Hiding


@cache
def settings() -> dict[str, Any]:
    """Return ``settings.toml``: what the analysis decides by."""
    return read_toml("drugscan.analysis", "settings.toml")


def local_day(moment: str) -> str:
    """Return the day of a moment where the analysis counts days.

    Parameters
    ----------
    moment : str
        In ISO 8601, with its offset.

    Returns
    -------
    str

    Examples
    --------
    >>> local_day("2023-11-30T23:16:23+00:00")
    '2023-12-01'
    """
    import duckdb

    # Unlike Python, DuckDB brings its time zones along.
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        asked = connection.execute(
            "select timezone(?, ?::timestamptz)::date::varchar", [settings()["timezone"], moment]
        )
        ((day,),) = asked.fetchall()
    return str(day)


def connect(folder: Path, hiding: Hiding | None, *, spill: str) -> duckdb.DuckDBPyConnection:
    """Return a connection that sees the results folder as ``raw.messages``, ``raw.texts`` and ``raw.ads``.

    Parameters
    ----------
    folder : Path
        The results folder.
    hiding : Hiding or None
        What ``core.pseudonym``, ``core.pseudonymous_id`` and ``hide_contacts`` give; None for things as
        they are.
    spill : str
        A folder for what does not fit into memory.
    """
    import duckdb

    connection = duckdb.connect(
        config={
            "memory_limit": settings()["memory"],
            "temp_directory": spill,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
    )
    connection.execute("set timezone = 'UTC'; create schema raw; create schema core")
    folder = folder.resolve()
    connection.execute(f"set allowed_directories = [{_quoted(str(folder))}, {_quoted(spill)}]")
    for name, pattern, schema in (
        ("messages", "messages/part-*.parquet", messages_schema()),
        ("texts", "texts/part-*.parquet", texts_schema()),
        ("ads", "ads.parquet", ads_schema()),
    ):
        if paths := sorted(folder.glob(pattern)):
            listed = ", ".join(_quoted(str(path)) for path in paths)
            connection.execute(f"create view raw.{name} as select * from read_parquet([{listed}])")
        else:
            add_table(connection, f"raw.{name}", schema.empty_table())
    _add_pseudonyms(connection, hiding)
    connection.execute("set enable_external_access = false; set lock_configuration = true")
    return connection


def add_table(connection: duckdb.DuckDBPyConnection, name: str, table: pyarrow.Table) -> None:
    """Copy an Arrow table into the database."""
    connection.register("incoming", table)
    connection.execute(f"create table {name} as select * from incoming")
    connection.unregister("incoming")


def run_file(connection: duckdb.DuckDBPyConnection, name: str, **values: object) -> None:
    """Run a file of statements; what stands in braces is replaced."""
    connection.execute(read_file(name).format(**values) if values else read_file(name))


def read_file(name: str) -> str:
    """Return a file of this package."""
    return files("drugscan.analysis").joinpath(name).read_text("utf-8")


def _add_pseudonyms(connection: duckdb.DuckDBPyConnection, hiding: Hiding | None) -> None:
    if hiding is None:
        run_file(connection, "identities.sql")
        return
    inner, outer = (_blob(pad) for pad in hiding.pseudonyms.pads())
    # A lambda, since DuckDB evaluates annotations.
    hide = lambda texts, signs: hiding.hide(texts, signs)  # noqa: E731, PLW0108
    kinds = ["VARCHAR", "BOOLEAN"]
    connection.create_function("hide_traces", hide, kinds, "VARCHAR", type="arrow")  # type: ignore[call-overload]
    run_file(
        connection,
        "pseudonyms.sql",
        inner_pad=inner,
        outer_pad=outer,
        n_digits=DIGITS,
        id_key=hiding.pseudonyms.id_key,
        signs=f"{PLAIN_SIGNS}|{unusual_characters()}",
        disguises=DISGUISE_SIGNS,
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _blob(data: bytes) -> str:
    return "'" + "".join(f"\\x{byte:02X}" for byte in data) + "'::blob"
