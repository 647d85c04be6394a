"""The sections of the report, one file each: which questions they ask, what they draw, what they find."""
