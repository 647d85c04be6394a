"""How well extraction does: what was found beside what the labelled messages say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

KINDS = ("substances", "places", "offers", "offers_lenient")
"""What is scored; lenient offers leave the substance out."""

_OFFER_KEYS = ("substance", "quantity", "quantity_max", "unit", "price_eur", "unit_price_eur")


class Score(NamedTuple):
    """Counts over messages, which add up.

    Attributes
    ----------
    n_right, n_found, n_gold : int
        Values that are right, were found, and should have been.
    """

    n_right: int
    n_found: int
    n_gold: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 where nothing was found."""
        return self.n_right / self.n_found if self.n_found else 1.0

    @property
    def recall(self) -> float:
        """Share of what should be found that was; 1 where there is nothing."""
        return self.n_right / self.n_gold if self.n_gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        whole = self.n_found + self.n_gold
        return 2 * self.n_right / whole if whole else 1.0


def score_extraction(
    gold: Iterable[Mapping[str, Any]], found: Iterable[Mapping[str, Any]]
) -> dict[str, Score]:
    """Compare extracted fields with gold, message by message.

    Parameters
    ----------
    gold, found : iterable of mapping
        Records with ``substances``, ``places`` and ``offers`` in the codebook's format. A kind that a
        gold record does not have is not scored there.

    Returns
    -------
    dict of str to Score
        One of each of :data:`KINDS`.

    Examples
    --------
    >>> gold = {"substances": ["cocaine"], "places": ["Utrecht", "Zeist"]}
    >>> scores = score_extraction([gold], [{"substances": ["cocaine"], "places": ["Utrecht"]}])
    >>> round(scores["places"].f1, 2)
    0.67
    """
    totals = {kind: [0, 0, 0] for kind in KINDS}
    for gold_row, found_row in zip(gold, found, strict=True):
        for kind in KINDS:
            field = kind.removesuffix("_lenient")
            if field not in gold_row:
                continue
            right, extra, missed = compare(kind, gold_row[field], found_row.get(field, []))
            totals[kind][0] += right.total()
            totals[kind][1] += right.total() + extra.total()
            totals[kind][2] += right.total() + missed.total()
    return {kind: Score(*counts) for kind, counts in totals.items()}


def compare(
    kind: str, gold: Sequence[Any], found: Sequence[Any]
) -> tuple[Counter[Any], Counter[Any], Counter[Any]]:
    """Return what is right, what is too much, and what is missed in one message.

    Examples
    --------
    >>> right, extra, missed = compare("substances", ["cocaine", "mdma"], ["mdma", "xtc"])
    >>> dict(right), dict(extra), dict(missed)
    ({'mdma': 1}, {'xtc': 1}, {'cocaine': 1})
    """
    wanted = Counter(_comparable(kind, value) for value in gold)
    given = Counter(_comparable(kind, value) for value in found)
    return wanted & given, given - wanted, wanted - given


def worst_misses(
    kind: str, gold: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]], *, n_messages: int = 5
) -> list[dict[str, Any]]:
    """Return the messages with most values too much or missing, and these.

    Examples
    --------
    >>> worst_misses("substances", [{"id": "1", "substances": ["mdma"]}], [{"substances": ["xtc"]}])
    [{'id': '1', 'extra': ['xtc'], 'missed': ['mdma']}]
    """
    field = kind.removesuffix("_lenient")
    misses = []
    for row, other in zip(gold, found, strict=True):
        _, extra, missed = compare(kind, row.get(field, []), other.get(field, []))
        if field in row and (extra or missed):
            misses.append(
                {"id": row["id"], "extra": list(extra.elements()), "missed": list(missed.elements())}
            )
    misses.sort(key=lambda miss: (-len(miss["extra"]) - len(miss["missed"]), miss["id"]))
    return misses[:n_messages]


def _comparable(kind: str, value: Any) -> Any:
    if kind in ("substances", "places"):
        return value
    keys = _OFFER_KEYS[1:] if kind == "offers_lenient" else _OFFER_KEYS
    numbers = {key: value.get(key) for key in keys}
    return tuple(
        round(float(number), 6) if isinstance(number, (int, float)) else number for number in numbers.values()
    )
