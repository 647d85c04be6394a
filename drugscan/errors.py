"""What can go wrong through no fault of the program, as one tree of exceptions.

::

    DrugscanError               exit code 3
    ├── InputError              a file that cannot be read or understood
    │   └── NoMessagesError         a file that holds no messages, as its beginning shows
    ├── OutputError             a place that cannot be written, or exists already
    ├── SettingsError           an option, lexicon or field name that makes no sense
    │   └── CrossValidationError    labelled messages that no model can be measured on
    ├── ModelError              a model that is missing, damaged, older or newer
    ├── WorkerLostError         a process that the system ended
    ├── FloorMissedError        exit code 4: a figure fell below its floor
    └── TooManyRejectsError     exit code 5: more bad rows than allowed

The command line prints such an error as one line and exits with its code. Anything
else that is raised is a bug, and keeps its traceback.
"""

from __future__ import annotations


class DrugscanError(Exception):
    """A fault that the user can mend: says where, what, and what to do about it.

    Parameters
    ----------
    problem : str
        What is wrong, as a clause without a full stop.
    where : str, optional
        The file, line, field or option at fault.
    hint : str, optional
        What to do about it.

    Examples
    --------
    >>> print(InputError("no column holds the text", where="a.csv", hint="name it with --text-field"))
    a.csv: no column holds the text; name it with --text-field
    """

    exit_code = 3

    def __init__(self, problem: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """Return the whole line: where, what, what to do."""
        line = f"{self.where}: {self.problem}" if self.where else self.problem
        return f"{line}; {self.hint}" if self.hint else line

    def __reduce__(self) -> tuple[object, ...]:
        """Keep ``where`` and ``hint`` when a worker process hands the error back."""
        return _rebuild, (type(self), self.problem, self.where, self.hint)


def _rebuild(kind: type[DrugscanError], problem: str, where: str, hint: str) -> DrugscanError:
    return kind(problem, where=where, hint=hint)


class InputError(DrugscanError):
    """A file that cannot be read or understood."""


class NoMessagesError(InputError):
    """A file that is whole, and holds no messages: it is empty, or of another kind than all that is read."""


class OutputError(DrugscanError):
    """A place that cannot be written to, or that holds something already."""


class SettingsError(DrugscanError):
    """An option, lexicon, threshold or field name that makes no sense."""


class ModelError(DrugscanError):
    """A model that is missing, damaged, or of a format that this version cannot read."""


class FloorMissedError(DrugscanError):
    """A measured figure fell below the floor that was set for it."""

    exit_code = 4


class TooManyRejectsError(DrugscanError):
    """More rows were unreadable than ``--max-rejects`` allows."""

    exit_code = 5
