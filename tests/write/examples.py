from __future__ import annotations

from drugscan.write import open_writer

ROWS = [
    {"id": 1, "text": "=HYPERLINK(1)", "labels": ["drugsad", "bulk"], "score": 0.5, "big": 1},
    {"id": 2, "text": 'regel\neen, "twee"', "labels": [], "score": None, "extra": {"a": 1}},
    {"id": "drie", "text": "\ud800 lone", "labels": None, "score": 1, "big": 2**70},
]


def written(path, rows, **options):
    with open_writer(path, **options) as writer:
        writer.write(rows[:2])
        writer.write(rows[2:])
    return path
