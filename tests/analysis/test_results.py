"""How a results folder is read, where a true one would need the luck of threads."""

from __future__ import annotations

from pathlib import Path

import pyarrow
import pytest

from drugscan.analysis import results
from drugscan.errors import SettingsError


class Interrupted:
    """A query that fails as DuckDB's do: a thread that was stopped tells first, or the one that failed."""

    def __init__(self) -> None:
        self.told = [
            "Conversion Error: Could not convert string 'x' to INT32",
            "INTERRUPT Error: Interrupted!",
        ]

    def to_arrow_reader(self, _rows: int) -> pyarrow.RecordBatchReader:
        def batches():
            yield pyarrow.record_batch({"n": [1]})
            raise OSError(self.told.pop())

        return pyarrow.RecordBatchReader.from_batches(pyarrow.schema({"n": pyarrow.int64()}), batches())


def test_a_query_that_is_called_interrupted_tells_why():
    with pytest.raises(SettingsError, match=r"^query: Conversion Error: .* 'x'"):
        results._reader(Interrupted(), Path("results"), of_user=True).read_all()
