"""Whom texts and tables tell of: found, and shown by pseudonyms only."""
