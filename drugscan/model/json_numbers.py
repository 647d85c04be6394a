"""Numbers in JSON files that people may have written by hand."""

from __future__ import annotations

import math


def is_number(value: object, *, low: float = -math.inf, high: float = math.inf) -> bool:
    """Tell whether a value from a JSON file is a number, and within bounds.

    Parameters
    ----------
    value : object
        Whatever stands there.
    low, high : float, optional
        What it must lie between; they count as between.

    Returns
    -------
    bool
        ``true``, which Python takes for 1, is no number.

    Examples
    --------
    >>> is_number(1), is_number(True), is_number("1"), is_number(7, high=1)
    (True, False, False, False)
    """
    return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high
