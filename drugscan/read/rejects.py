"""Rows that could not be read: counted by reason, kept in a file, and not too many of them."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO

from drugscan.errors import TooManyRejectsError
from drugscan.write import to_json_line, whole_file


class Rejects:
    """Takes what is wrong with rows; to be used in a ``with`` block.

    Parameters
    ----------
    max_rejects : int, optional
        How many are allowed; without it any number.
    path : path, optional
        Where each of them is noted, as JSON Lines with source, record and reason.
    force : bool, default False
        Replace that file if it exists.

    Attributes
    ----------
    count : int
        How many rows there were.
    reasons : Counter of str
        How many for each reason.
    hint : str
        What to do when there are too many.

    Examples
    --------
    >>> with Rejects() as rejects:
    ...     rejects.add("a.jsonl", 3, "is no JSON")
    >>> rejects.count, dict(rejects.reasons)
    (1, {'is no JSON': 1})
    """

    def __init__(
        self, max_rejects: int | None = None, path: str | Path | None = None, *, force: bool = False
    ) -> None:
        self.count = 0
        self.reasons: Counter[str] = Counter()
        self.hint = "allow more with --max-rejects, and see which with --rejects FILE"
        self._max_rejects = max_rejects
        self._path = path
        self._force = force
        self._stack = ExitStack()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Rejects:
        """Open the file for them, if there is to be one."""
        if self._path is not None:
            self._file = self._stack.enter_context(whole_file(self._path, force=self._force))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Give the file its name; also when there were too many, since it then says which."""
        if isinstance(error, TooManyRejectsError):
            self._stack.close()
        else:
            self._stack.__exit__(kind, error, traceback)

    def add(self, source: str, record: int, reason: str) -> None:
        """Note a row that could not be read.

        Raises
        ------
        TooManyRejectsError
            If it is one more than is allowed.
        """
        self.count += 1
        self.reasons[reason] += 1
        if self._file is not None:
            self._file.write(to_json_line({"source": source, "record": record, "reason": reason}))
        if self._max_rejects is not None and self.count > self._max_rejects:
            raise TooManyRejectsError(
                f"{reason}; that is more than {self._max_rejects} bad rows",
                where=f"{source}:{record}",
                hint=self.hint,
            )
