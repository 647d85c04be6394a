"""Lexicons as data: substances, places, units and cues, and their one loader."""
