"""Lexicons as data: substances, places, units and cues, and their one loader."""

from drugscan.lexicon.loader import (
    CONTEXTS,
    Entry,
    Lexicon,
    NumberWord,
    OwnTable,
    OwnTables,
    Place,
    Unit,
    load_lexicon,
    read_own_tables,
)

__all__ = [
    "CONTEXTS",
    "Entry",
    "Lexicon",
    "NumberWord",
    "OwnTable",
    "OwnTables",
    "Place",
    "Unit",
    "load_lexicon",
    "read_own_tables",
]
