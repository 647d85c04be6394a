"""An answer on its way to a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True)
class Answer:
    """A table or the answer to a question.

    Attributes
    ----------
    name : str
        What it is called.
    definition : str
        What it counts, in words.
    note : str
        What a reader must know: whether it shows identities, and what was left out.
    read : callable
        Returns its rows as a RecordBatchReader. The rows of one answer are read before those of the next
        are asked for.
    count : callable
        Returns how many rows there are, sooner than reading them would.
    """

    name: str
    definition: str
    note: str
    read: Callable[[], pyarrow.RecordBatchReader]
    count: Callable[[], int]
