"""Questions to a results folder: one ``.sql`` file each, and the providers behind the accounts."""

from drugscan.analysis.database import local_day, settings
from drugscan.analysis.questions import adds_up, definition, questions, tables
from drugscan.analysis.results import Results, open_results
from drugscan.analysis.suppress import are_small, is_small, suppress_small

__all__ = [
    "Results",
    "adds_up",
    "are_small",
    "definition",
    "is_small",
    "local_day",
    "open_results",
    "questions",
    "settings",
    "suppress_small",
    "tables",
]
