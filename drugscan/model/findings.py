"""What the lexicons see in a text: its skeleton and its counts, which models read beside its words.

A word that no labelled message holds says nothing to a model of words. The lexicons know it: in the
skeleton each name gives way to its class, so that "wie heeft 3-fma" reads as "wie heeft coke" does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from drugscan.extraction.gazetteer import TALK, Scene
from drugscan.extraction.matching import Match, find_forms, refused
from drugscan.extraction.offers import find_offers
from drugscan.extraction.substances import find_substances
from drugscan.lexicon import Lexicon, load_lexicon
from drugscan.lexicon.keys import EMOJI_MARK
from drugscan.lexicon.loader import Entry
from drugscan.text import EMOJI_NAME

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CATEGORIES = ("softdrugs", "harddrugs", "designer", "medicijnen")
_CONTEXTS = ("none", "weak", "strong", "sign", "descriptor")
_CUES = ("delivery", "pickup", "post", "bulk", "app", "price", "sale", *sorted(TALK))
_CANNABIS = frozenset({"weed", "hash", "cannabis_products", "mushrooms"})
"""Those of which the codebook calls 500 g bulk, and not 100 g."""

_WORD = re.compile(r"(substance_|place|cue_)[a-z_]*|[a-z][a-z_]+")
"""A word of a skeleton; the group tells of a class."""

_EMOJI = re.compile(f":({EMOJI_NAME}):")

COUNTS = (
    "substances",
    *(f"substances: {category}" for category in _CATEGORIES),
    *(f"forms that need context: {context}" for context in _CONTEXTS),
    "place of the first substance",
    *(f"cues: {cue}" for cue in _CUES),
    "places",
    "words without a class",
    "share of words without a class",
    "offers of a substance",
    "largest g of cannabis or mushrooms",
    "largest g of others",
    "largest ml",
    "largest pcs",
)
"""Names of the columns of :attr:`Findings.counts`."""


class Findings(NamedTuple):
    """What the lexicons see in some texts.

    Attributes
    ----------
    skeletons : list of str
        The undecorated texts with ``substance_...``, ``place_...`` and ``cue_...`` in place of what is
        known.
    counts : ndarray of shape (n_texts, len(COUNTS))
        Counts of distinct values; amounts in the unit that the name tells; shares from 0 to 1; a place
        in the text from 0 (its start) to 1 (its end, or nowhere).
    """

    skeletons: list[str]
    counts: NDArray[np.float64]


def find(folded_texts: Sequence[str]) -> Findings:
    """Look texts up in the lexicons.

    Parameters
    ----------
    folded_texts : sequence of str
        Folded texts.

    Returns
    -------
    Findings
        A row of a text does not depend on the other texts.

    Examples
    --------
    >>> found = find(["wie heeft coke in utrecht?"])
    >>> found.skeletons
    [' cue_request   substance_harddrugs  in  place ?']
    >>> dict(zip(COUNTS, found.counts[0]))["substances: harddrugs"]
    np.float64(1.0)
    """
    lexicon = _lexicon()
    skeletons = []
    counts = []
    for text in folded_texts:
        scene = find_forms(text, lexicon)
        skeleton = _skeleton(text, scene, lexicon)
        skeletons.append(skeleton)
        counts.append(_counts(text, skeleton, scene, lexicon))
    return Findings(skeletons, np.array(counts, dtype=np.float64).reshape(-1, len(COUNTS)))


def undecorate(folded_texts: Sequence[str]) -> list[str]:
    """Return texts without the emoji that no lexicon knows.

    Examples
    --------
    >>> undecorate([":waving_hand: coke :snowflake:"])
    [' coke :snowflake:']
    """
    lexicon = _lexicon()
    return [_without_decoration(text, lexicon) for text in folded_texts]


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    """Return the tables of the package: a model must not change with a user's own terms."""
    return load_lexicon()


def _without_decoration(text: str, lexicon: Lexicon) -> str:
    if ":" not in text:
        return text
    known = _known_emoji(lexicon)
    return _EMOJI.sub(lambda match: match[0] if match[1] in known else "", text)


@lru_cache(maxsize=1)
def _known_emoji(lexicon: Lexicon) -> frozenset[str]:
    keys = [entry.key for table in (lexicon.substances, lexicon.places, lexicon.cues) for entry in table]
    return frozenset(name for key in keys for name in key.split(EMOJI_MARK)[1::2])


def _skeleton(text: str, scene: Scene, lexicon: Lexicon) -> str:
    class_of = _classes(lexicon)
    named: list[tuple[int, int, str]] = []
    for found in (scene.substances, scene.places, scene.cues):
        for start, end, entry, _ in found:
            name = class_of.get(entry.id)
            if name is not None:
                named.append((start, -end, name))
    named.sort()
    pieces: list[str] = []
    done = 0
    for start, minus_end, name in named:
        if start >= done:
            pieces += (text[done:start], name)
            done = -minus_end
    pieces.append(text[done:])
    return _without_decoration(" ".join(pieces), lexicon)


@lru_cache(maxsize=1)
def _classes(lexicon: Lexicon) -> dict[str, str]:
    """Return the word that stands for a name in a skeleton, by the id of its row.

    A form that needs context is of a class of its own; some forms have none.
    """
    classes = {}
    for entry in lexicon.substances:
        if entry.value and entry.context not in ("alone", "never"):
            classes[entry.id] = "substance_" + lexicon.labels[entry.value] + _needed(entry)
    for entry in lexicon.places:
        if entry.value and entry.context in ("none", "weak"):
            classes[entry.id] = "place" + _needed(entry)
    return classes | {entry.id: "cue_" + entry.value for entry in lexicon.cues}


def _needed(entry: Entry) -> str:
    return "" if entry.context == "none" else f"_{entry.context}"


def _counts(text: str, skeleton: str, scene: Scene, lexicon: Lexicon) -> list[float]:
    class_of = _classes(lexicon)
    offered = find_substances(text, lexicon)
    values = {match.value for match in offered}
    categories = [lexicon.labels[value] for value in values]
    contexts = [candidate.entry.context for candidate in scene.substances if candidate.entry.value]
    classes = _WORD.findall(skeleton)
    n_unknown = classes.count("")
    unwanted = refused(scene, scene.cues, lexicon)
    cues = [cue.entry.value for cue in scene.cues if not unwanted or cue not in unwanted]
    return [
        len(values),
        *map(categories.count, _CATEGORIES),
        *map(contexts.count, _CONTEXTS),
        offered[0].start / len(text) if offered else 1.0,
        *map(cues.count, _CUES),
        len({place.entry.value for place in scene.places if place.entry.id in class_of}),
        n_unknown,
        n_unknown / max(len(classes), 1),
        *_amounts(text, offered, lexicon),
    ]


def _amounts(text: str, offered: list[Match], lexicon: Lexicon) -> list[float]:
    """Count offers and return the largest amounts; without a substance there is nothing to weigh."""
    n_offers = 0.0
    largest = dict.fromkeys(("cannabis", "g", "ml", "pcs"), 0.0)
    if offered:
        for offer in find_offers(text, offered, lexicon):
            n_offers += offer.substance is not None
            amount = offer.quantity_max or offer.quantity
            if amount is not None and offer.unit is not None:
                key = "cannabis" if offer.unit == "g" and offer.substance in _CANNABIS else offer.unit
                largest[key] = max(largest[key], float(amount))
    return [n_offers, *largest.values()]
