"""Scanning: everything over millions of messages, streamed, in parts, resumable."""
