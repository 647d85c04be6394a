"""The report: what a results folder says, as one page with pictures, tables and definitions."""
