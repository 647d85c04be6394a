"""Which messages are copies of one text, and which texts are variants of one ad."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from drugscan.engines.local import each
from drugscan.neardup.cluster import CHAIN_MARGIN, Clusters, choose_bands
from drugscan.neardup.clusterer import Clusterer
from drugscan.neardup.sketch import Sketches, jaccard, sketch_texts
from drugscan.records import KEY_BYTES, text_id
from drugscan.text import fold, several

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_MIN_JACCARD = 0.8
_BATCH_TEXTS = 20_000
_MIN_TEXTS_A_PROCESS = 500


class Deduplicated(TypedDict):
    """What is said of one message.

    ``text_id`` names its text, ``ad_id`` its near-duplicates: the smallest ``text_id`` among them;
    ``copies`` counts the messages with that text, ``variants`` the texts of that ad.
    """

    text_id: str
    ad_id: str
    copies: int
    variants: int


def dedupe(
    texts: Iterable[Any], *, min_jaccard: float = DEFAULT_MIN_JACCARD, jobs: int = 1
) -> list[Deduplicated]:
    """Find near-duplicates among texts of any kind.

    Two texts are linked if the sets of runs of five characters of their folded forms have a Jaccard
    similarity of at least ``min_jaccard``; texts that are linked, also by way of others, are one ad,
    as long as each is near its representative.

    Parameters
    ----------
    texts : list of str, pandas Series or pyarrow array
        Raw texts, each once for each message; a missing value counts as an empty text.
    min_jaccard : float, default 0.8
        From 0.05 to 1.
    jobs : int, default 1
        How many processes work at once; changes no result.

    Returns
    -------
    list of Deduplicated
        One a text, in order.

    Raises
    ------
    SettingsError
        If ``min_jaccard`` is out of range.

    Examples
    --------
    >>> ad = "Beste kwaliteit wiet, bezorging in heel Utrecht, 5 gram voor {} euro. App 06 0000 0123"
    >>> found = dedupe([ad.format(50), ad.format(45), "Wie gaat er mee naar de markt?"])
    >>> [one["variants"] for one in found], found[0]["ad_id"] == found[1]["ad_id"]
    ([2, 2, 1], True)
    """
    with Deduplicator(min_jaccard=min_jaccard, jobs=jobs) as deduplicator:
        batch: list[str] = []
        for text in several(texts):
            batch.append(text)
            if len(batch) == _BATCH_TEXTS:
                deduplicator.add(batch)
                batch = []
        deduplicator.add(batch)
        return deduplicator.finish().rows()


NO_TEXT_ID = text_id("")
"""What a message without text has."""


@dataclass(frozen=True, eq=False)
class Found:
    """The answer for all messages that were added.

    Attributes
    ----------
    text_ids : list of str
        Distinct texts, sorted.
    of_message : ndarray of int64, shape (n_messages,)
        Each message's text, as a position in ``text_ids``.
    clusters : Clusters
        Which texts are one ad.
    """

    text_ids: list[str]
    of_message: NDArray[np.int64]
    clusters: Clusters

    def rows(self) -> list[Deduplicated]:
        """Return what is said of each message, in the order in which they were added.

        Messages without text are no copies of each other.
        """
        representatives = self.clusters.representatives
        copies = np.bincount(self.of_message, minlength=len(self.text_ids))
        copies[[own == NO_TEXT_ID for own in self.text_ids]] = 1
        variants = np.bincount(representatives, minlength=len(self.text_ids))[representatives]
        said: list[Deduplicated] = [
            {"text_id": own, "ad_id": self.text_ids[ad], "copies": n_copies, "variants": n_variants}
            for own, ad, n_copies, n_variants in zip(
                self.text_ids, representatives.tolist(), copies.tolist(), variants.tolist(), strict=True
            )
        ]
        return [said[position] for position in self.of_message.tolist()]


class Deduplicator:
    """Takes texts in batches; keeps of each a few hundred bytes, and the rest in temporary files.

    Parameters
    ----------
    min_jaccard : float, default 0.8
        As for :func:`dedupe`.
    jobs : int, default 1
        How many processes sketch at once.
    """

    def __init__(self, *, min_jaccard: float = DEFAULT_MIN_JACCARD, jobs: int = 1) -> None:
        self._clusterer = Clusterer(min_jaccard=min_jaccard)
        self._jobs = jobs
        self._known: dict[bytes, int] = {}
        self._of_message: list[NDArray[np.int64]] = []

    def __enter__(self) -> Deduplicator:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Throw the temporary files away."""
        self._clusterer.close()

    def add(self, texts: Sequence[str]) -> None:
        """Take the texts of some messages."""
        keys = [bytes.fromhex(text_id(text)) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        for key in new:
            self._known[key] = len(self._known)
        self._of_message.append(np.array([self._known[key] for key in keys], np.int64))
        new_keys, new_texts = b"".join(new), list(new.values())
        for start, sketches in self._sketch(new_texts):
            end = start + len(sketches.sizes)
            self._clusterer.add(new_keys[start * KEY_BYTES : end * KEY_BYTES], sketches)

    def finish(self) -> Found:
        """Cluster all texts that were added."""
        keys, clusters = self._clusterer.finish()
        text_ids = [keys[start : start + KEY_BYTES].hex() for start in range(0, len(keys), KEY_BYTES)]
        rank = np.empty(len(text_ids), np.int64)
        rank[[self._known[bytes.fromhex(own)] for own in text_ids]] = np.arange(len(text_ids))
        return Found(text_ids, rank[np.concatenate([np.empty(0, np.int64), *self._of_message])], clusters)

    def _sketch(self, texts: list[str]) -> Iterable[tuple[int, Sketches]]:
        options = self._clusterer.sketch_options
        n_parts = min(self._jobs, len(texts) // _MIN_TEXTS_A_PROCESS)
        if n_parts < 2:
            return [(0, sketch_texts(texts, **options))]
        step = -(-len(texts) // n_parts)
        starts = range(0, len(texts), step)
        parts = [texts[start : start + step] for start in starts]
        sketch = partial(sketch_texts, n_bands=options["n_bands"], n_rows=options["n_rows"])
        return zip(starts, each(sketch, parts, jobs=self._jobs), strict=True)


def explain_pair(first: str, second: str, *, min_jaccard: float = DEFAULT_MIN_JACCARD) -> dict[str, Any]:
    """Say why two texts are near-duplicates or not.

    Parameters
    ----------
    first, second : str
        Raw texts.
    min_jaccard : float, default 0.8
        As for :func:`dedupe`.

    Returns
    -------
    dict
        ``jaccard``; ``shingles`` (of each, and in common); ``linked``; ``difference``: lines of the
        folded texts, marked ``-`` (first only), ``+`` (second only) or by a blank (both).

    Examples
    --------
    >>> seen = explain_pair("Beste wiet, 5 voor 50", "Beste wiet, 5 voor 45")
    >>> round(seen["jaccard"], 2), seen["linked"], seen["shingles"]
    (0.79, False, {'first': 17, 'second': 17, 'common': 15})
    """
    bands, rows = choose_bands(min_jaccard)
    sets = [sketch_texts([text], n_bands=bands, n_rows=rows).hashes for text in (first, second)]
    share = jaccard(*sets)
    common = Counter(sets[0].tolist()) & Counter(sets[1].tolist())
    lines, other_lines = (fold(text).split("\n") for text in (first, second))
    return {
        "jaccard": share,
        "linked": share >= min_jaccard or text_id(first) == text_id(second),
        "min_jaccard": min_jaccard,
        "chain_margin": CHAIN_MARGIN,
        "shingles": {"first": len(sets[0]), "second": len(sets[1]), "common": len(common)},
        "difference": [line for line in difflib.ndiff(lines, other_lines) if not line.startswith("?")],
    }
