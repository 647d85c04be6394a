"""The formats that tables and answers are exported in."""

from __future__ import annotations

FORMATS = ("csv", "xlsx", "parquet", "geojson", "sqlite", "gexf")
"""What :func:`drugscan.exporting.export.export` can write."""

QUERY_FORMATS = tuple(name for name in FORMATS if name != "gexf")
"""What can hold the answer to any question; gexf holds a network."""
