"""CSV, Parquet and GeoJSON."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

import orjson
from joblib import Parallel, delayed

from drugscan.errors import SettingsError
from drugscan.exporting.answer import Answer
from drugscan.exporting.cells import as_number, column_names, harmless, values
from drugscan.write import csv_cell

if TYPE_CHECKING:
    import pyarrow
    from pyarrow.csv import WriteOptions

_BOM = b"\xef\xbb\xbf"


def write_csv(file: IO[bytes], answers: Sequence[Answer], *, excel: bool = False) -> None:
    """Write CSV in UTF-8; with ``excel`` as a European Excel opens it: BOM, semicolons, decimal commas."""
    from pyarrow.csv import WriteOptions

    (answer,) = answers
    if excel:
        file.write(_BOM)
    options = WriteOptions(include_header=False, delimiter=";" if excel else ",", quoting_style="needed")
    reader = answer.read()
    file.write(_csv_header(column_names(reader.schema), options.delimiter))
    # Batches become lines side by side and are written in their order; few are under way at a time.
    parallel = Parallel(n_jobs=-1, prefer="threads", return_as="generator")
    for lines in parallel(delayed(_csv_lines)(batch, options, excel=excel) for batch in reader):
        file.write(lines)


def _csv_header(names: list[str], delimiter: str) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow([csv_cell(name) for name in names])
    return line.getvalue().encode()


def _csv_lines(batch: pyarrow.RecordBatch, options: WriteOptions, *, excel: bool) -> pyarrow.Buffer:
    import pyarrow
    from pyarrow.csv import write_csv as write_lines

    cells = harmless(_in_seconds(batch))
    lines = pyarrow.BufferOutputStream()
    write_lines(_with_commas(cells) if excel else cells, lines, write_options=options)
    return lines.getvalue()


def _with_commas(batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
    """Return a batch whose numbers have a decimal comma, without which Excel takes 2.5 for a day in May."""
    import pyarrow
    import pyarrow.compute as pc

    kinds = pyarrow.types
    columns = [
        pc.replace_substring(column.cast(pyarrow.string()), ".", ",")
        if kinds.is_floating(column.type) or kinds.is_decimal(column.type)
        else column
        for column in batch.columns
    ]
    return pyarrow.RecordBatch.from_arrays(columns, names=batch.schema.names)


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
    names = reader.schema.names
    if not {"lat", "lon"} <= set(names) or not all(map(_is_number, map(reader.schema.field, ("lat", "lon")))):
        raise SettingsError(
            f"{answer.name} has no coordinates", where="--format geojson", hint="places and regions have"
        )
    head = {"type": "FeatureCollection", "description": answer.definition, "note": answer.note}
    file.write(orjson.dumps(head)[:-1] + b',"features":[')
    separator = b"\n"
    for batch in reader:
        for row in zip(*map(values, batch.columns), strict=True):
            if feature := _feature(dict(zip(names, row, strict=True))):
                file.write(separator + orjson.dumps(feature, default=as_number))
                separator = b",\n"
    file.write(b"\n]}\n")


def _is_number(field: pyarrow.Field) -> bool:
    import pyarrow

    kinds = pyarrow.types
    return any(is_kind(field.type) for is_kind in (kinds.is_integer, kinds.is_floating, kinds.is_decimal))


def _feature(row: dict[str, Any]) -> dict[str, Any] | None:
    """Return a row as a point; None if it has no coordinates."""
    coordinates = [row.pop("lon"), row.pop("lat")]
    if not all(number is not None and math.isfinite(number) for number in coordinates):
        return None
    point = {"type": "Point", "coordinates": coordinates}
    return {"type": "Feature", "geometry": point, "properties": row}
