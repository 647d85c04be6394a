"""Reading messages: every input shape, one common record."""
