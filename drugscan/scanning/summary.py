"""The numbers that are told at the end of a scan, and stand in its manifest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from drugscan.errors import OutputError
from drugscan.records import POSSIBLE_DATES, messages_schema, texts_schema

if TYPE_CHECKING:
    import duckdb

    from drugscan.scanning.folder import ResultsFolder

_OF_FILES = ("read", "kept", "rejected", "service", "without_text")
_OF_PARTS = ("texts", "ad_texts")
_LEAST_BYTES = 1 << 27  # with less DuckDB does nothing


def summarise(folder: ResultsFolder, *, max_bytes: int, jobs: int = 1) -> dict[str, Any]:
    """Count what is in all parts.

    Parameters
    ----------
    folder : ResultsFolder
        A results folder, its parts and ads finished.
    max_bytes : int
        How much memory that may take; what outgrows it moves to files.
    jobs : int, default 1
        How many threads work.

    Returns
    -------
    dict
        ``read`` rows, of them ``kept``, ``rejected`` and ``service``; messages ``without_text``;
        distinct ``texts`` (the empty one apart), ``ad_texts`` and ``ads``; messages that are ads
        (``ad_messages``), in bulk (``bulk_messages``), and of whose text both models say the same
        (``models_agree``);
        ``accounts``, ``ad_accounts`` and ``chats``; ``first_date`` and ``last_date`` (ISO 8601, UTC;
        None if no date is known); ``without_date``, messages that have none or one that
        cannot be read, and ``wrong_dates``, those that no post can have.
    """
    state = folder.state
    counts: dict[str, Any] = {name: sum(getattr(file, name) for file in state.files) for name in _OF_FILES}
    counts |= {name: sum(part[name] for part in state.parts) for name in _OF_PARTS}
    counts["texts"] -= counts["without_text"] > 0  # the empty text
    counts["ads"] = len(folder.ads()["ad_id"].unique())
    with _connected(folder, max_bytes, jobs) as connection:
        sql = files(__package__).joinpath("summary.sql").read_text("utf-8")
        found = connection.sql(sql, params=dict(POSSIBLE_DATES))
        counts |= zip(found.columns, *found.fetchall(), strict=True)
    return counts | {name: _written(counts[name]) for name in ("first_date", "last_date")}


@contextmanager
def _connected(folder: ResultsFolder, max_bytes: int, jobs: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection that sees the parts as ``messages`` and ``texts``."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="drugscan-") as spill:
        limits: dict[str, Any] = {
            "memory_limit": f"{max(max_bytes, _LEAST_BYTES)}B",
            "temp_directory": spill,
            "threads": jobs,
        }
        try:
            with duckdb.connect(config=limits) as connection:
                connection.execute("set timezone = 'UTC'")
                for name, schema in (("messages", messages_schema()), ("texts", texts_schema())):
                    paths = [str(path) for path in folder.part_paths(name)]
                    empty = schema.empty_table()
                    parts = connection.read_parquet(paths) if paths else connection.from_arrow(empty)
                    parts.create_view(name)
                yield connection
        except RuntimeError as error:
            if "interrupted" in str(error):  # what DuckDB makes of Ctrl-C
                raise KeyboardInterrupt from error
            raise
        except duckdb.IOException as error:
            problem = str(error).split("\n")[0]
            raise OutputError(
                f"cannot be summed up ({problem})", where=str(folder.path), hint="go on with --resume"
            ) from error


def _written(seconds: float | None) -> str | None:
    """Return a moment, in seconds since 1970, in ISO 8601."""
    return None if seconds is None else datetime.fromtimestamp(seconds, timezone.utc).isoformat()
