"""Questions to a results folder: one ``.sql`` file each, and the providers behind the accounts."""

from drugscan.analysis.questions import definition, questions
from drugscan.analysis.results import Results, open_results

__all__ = ["Results", "definition", "open_results", "questions"]
