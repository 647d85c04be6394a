"""Reading messages: every input shape, one common record."""

from drugscan.read.columns import Fields
from drugscan.read.rejects import Rejects
from drugscan.read.shapes import INPUT_FORMATS
from drugscan.read.sources import Source, expand_paths, open_messages, read_batches

__all__ = ["INPUT_FORMATS", "Fields", "Rejects", "Source", "expand_paths", "open_messages", "read_batches"]
