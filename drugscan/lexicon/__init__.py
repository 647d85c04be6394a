"""Lexicons as data: substances, places, units and cues, and their one loader."""

from drugscan.lexicon.loader import (
    CONTEXTS,
    Entry,
    Lexicon,
    NumberWord,
    Place,
    Unit,
    load_lexicon,
)

__all__ = ["CONTEXTS", "Entry", "Lexicon", "NumberWord", "Place", "Unit", "load_lexicon"]
