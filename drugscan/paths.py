"""Paths as functions take them: one, or several."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeAlias

Paths: TypeAlias = "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]"
"""A path, or several."""


def paths_of(paths: Paths) -> list[str]:
    """Return one path or several as a list; one must not be taken for its letters.

    Examples
    --------
    >>> paths_of("a.csv"), paths_of(["a.csv", "b.csv"])
    (['a.csv'], ['a.csv', 'b.csv'])
    """
    several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    return [os.fspath(path) for path in several]
