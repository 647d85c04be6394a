"""Writing results: JSON Lines, CSV and Parquet; a file or folder appears whole or not at all."""

from drugscan.write.columns import FORMULA, SPLIT_FORMULA, csv_cell
from drugscan.write.json_lines import to_json_line
from drugscan.write.rows import OUTPUT_FORMATS, Writer, open_writer
from drugscan.write.whole import (
    FOREIGN,
    MANIFEST,
    NO_ROOM,
    check_apart,
    check_free,
    no_room_told,
    put_folder,
    whole_file,
    whole_folder,
    whole_path,
)

__all__ = [
    "FOREIGN",
    "FORMULA",
    "MANIFEST",
    "NO_ROOM",
    "OUTPUT_FORMATS",
    "SPLIT_FORMULA",
    "Writer",
    "check_apart",
    "check_free",
    "csv_cell",
    "no_room_told",
    "open_writer",
    "put_folder",
    "to_json_line",
    "whole_file",
    "whole_folder",
    "whole_path",
]
