"""Export: tables and answers of a results folder as files that other programs open."""
