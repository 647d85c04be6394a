"""What a page says once small rows are left out: no finding that would be another with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from drugscan.reporting.figure import Figure


def leave_out_small(figures: Sequence[Figure], of_large: Sequence[Figure]) -> list[Figure]:
    """Return pictures of the large rows, with the titles that hold for all rows.

    Parameters
    ----------
    figures : sequence of Figure
        A section made of whole answers.
    of_large : sequence of Figure
        The same section made of answers without their small rows.

    Returns
    -------
    list of Figure
        Those of ``of_large``. One that lost rows says so; its title stays if it is also that of the whole
        answer. What is left can seem to be all, or the most; a share of all can lead to what is not there.

    Examples
    --------
    >>> whole = Figure("x", "by_chat", [{"accounts": 9}, {"accounts": 1}], ["accounts"], values={"n": 2})
    >>> large = Figure("x", "by_chat", [{"accounts": 9}], ["accounts"], values={"n": 1})
    >>> (shown,) = leave_out_small([whole], [large])
    >>> shown.rows, shown.title, shown.has_left_out
    ([{'accounts': 9}], '', True)
    """
    found = {figure.name: figure for figure in of_large}
    shown = []
    for figure in figures:
        large = found.get(figure.name, replace(figure, rows=[]))
        is_same = (large.title, large.values) == (figure.title, figure.values)
        title = large.title if is_same else ""
        shown.append(replace(large, title=title, has_left_out=large.rows != figure.rows))
    return shown
