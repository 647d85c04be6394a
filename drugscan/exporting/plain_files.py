"""CSV, Parquet and GeoJSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

import orjson
from joblib import Parallel, delayed

from drugscan.errors import SettingsError
from drugscan.exporting.answer import Answer
from drugscan.exporting.cells import harmless

if TYPE_CHECKING:
    import pyarrow
    from pyarrow import csv

_BOM = b"\xef\xbb\xbf"


def write_csv(file: IO[bytes], answers: Sequence[Answer], *, excel: bool = False) -> None:
    """Write CSV in UTF-8; with ``excel`` as a European Excel opens it: BOM and semicolons."""
    from pyarrow import csv

    (answer,) = answers
    if excel:
        file.write(_BOM)
    options = csv.WriteOptions(include_header=False, delimiter=";" if excel else ",", quoting_style="needed")
    reader = answer.read()
    file.write((options.delimiter.join(reader.schema.names) + "\n").encode())
    # Batches become lines side by side and are written in their order; few are under way at a time.
    parallel = Parallel(n_jobs=-1, prefer="threads", return_as="generator")
    for lines in parallel(delayed(_csv_lines)(batch, options) for batch in reader):
        file.write(lines)


def _csv_lines(batch: pyarrow.RecordBatch, options: csv.WriteOptions) -> pyarrow.Buffer:
    import pyarrow
    from pyarrow import csv

    lines = pyarrow.BufferOutputStream()
    csv.write_csv(harmless(_in_seconds(batch)), lines, write_options=options)
    return lines.getvalue()


def _in_seconds(batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
    """Return a batch whose times have no fractions of a second: Telegram's have none."""
    import pyarrow

    columns = [
        column.cast(pyarrow.timestamp("s", column.type.tz), safe=False)
        if pyarrow.types.is_timestamp(column.type)
        else column
        for column in batch.columns
    ]
    return pyarrow.RecordBatch.from_arrays(columns, names=batch.schema.names)


def write_parquet(file: IO[bytes], answers: Sequence[Answer]) -> None:
    """Write Parquet, with the definition and the note in the file's metadata."""
    from pyarrow import parquet

    (answer,) = answers
    about = {"drugscan": answer.name, "definition": answer.definition, "note": answer.note}
    reader = answer.read()
    schema = reader.schema.with_metadata(about)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)


def write_geojson(file: IO[bytes], answers: Sequence[Answer]) -> None:
    """Write a point (WGS 84, RFC 7946) for each row that has coordinates."""
    (answer,) = answers
    reader = answer.read()
    if not {"lat", "lon"} <= set(reader.schema.names):
        raise SettingsError(
            f"{answer.name} has no coordinates", where="--format geojson", hint="places and regions have"
        )
    head = {"type": "FeatureCollection", "description": answer.definition, "note": answer.note}
    file.write(orjson.dumps(head)[:-1] + b',"features":[')
    separator = b"\n"
    for batch in reader:
        for row in batch.to_pylist():
            if row["lat"] is not None:
                file.write(separator + orjson.dumps(_feature(row)))
                separator = b",\n"
    file.write(b"\n]}\n")


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [row.pop("lon"), row.pop("lat")]}
    return {"type": "Feature", "geometry": point, "properties": row}
