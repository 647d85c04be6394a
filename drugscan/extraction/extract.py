"""Extraction: what a text offers, where, for how much, and how to reach the seller."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

from drugscan.errors import InputError
from drugscan.extraction.contacts import find_contacts
from drugscan.extraction.matching import Match
from drugscan.extraction.offer import Offer
from drugscan.extraction.offers import find_offers
from drugscan.extraction.places import find_places
from drugscan.extraction.substances import find_substances
from drugscan.lexicon import Lexicon, OwnTable, OwnTables, load_lexicon, read_own_tables
from drugscan.text import PLACEHOLDER, OncePerText, fold, fold_with_offsets, once_per_recent_text, several

FIELDS = ("substances", "places", "offers", "contacts")
"""What extraction adds to a record."""

Record = dict[str, Any]
Tag = TypeVar("Tag")


def extract(
    texts: Iterable[Any],
    *,
    labels: Iterable[Collection[str] | None] | None = None,
    lexicon: OwnTables = (),
    spans: bool = False,
    jobs: int = 1,
) -> list[Record]:
    """Read what drug ads offer.

    Parameters
    ----------
    texts : list of str, pandas Series or pyarrow array
        Raw texts; a missing value counts as an empty text.
    labels : iterable of sequence of str, optional
        The labels of each text; one that is ``geendrugsad`` offers nothing, and one without labels (None)
        is read as an ad.
    lexicon : path or several paths, optional
        Tables of a user's own terms, see :func:`drugscan.lexicon.load_lexicon`.
    spans : bool, default False
        Tell for each value which words it came from.
    jobs : int, default 1
        How many processes work at once; changes no result.

    Returns
    -------
    list of dict
        A text each: ``substances``, ``places`` and ``offers`` as in the codebook, ``contacts`` (``kind``
        and ``value``), and with ``spans`` their details: ``field``, ``value``, ``start`` and ``end`` in
        the raw text (code points), ``text``, the ``entry`` of the lexicon (with its ``confidence``) or
        the ``rule``.

    Raises
    ------
    InputError
        If there are more labels than texts, or fewer.
    SettingsError
        If a table of own terms is not what it should be.

    Examples
    --------
    >>> (found,) = extract(["❄️ Coke 1g €50, bezorging Utrecht"])
    >>> found["substances"], found["places"], found["offers"]
    (['cocaine'], ['Utrecht'], [{'substance': 'cocaine', 'quantity': 1, 'unit': 'g', 'price_eur': 50}])
    """
    all_texts = list(several(texts))
    all_labels = [None] * len(all_texts) if labels is None else list(labels)
    if len(all_labels) != len(all_texts):
        raise InputError(
            f"there are labels of {len(all_labels):,} texts, and {len(all_texts):,} texts",
            hint="give the labels of each text, None where it has none",
        )
    once = once_per_text(lexicon=lexicon, spans=spans, jobs=jobs)
    ((_, found),) = extract_ads(once, [(None, all_texts, all_labels)], spans=spans)
    return found


def extract_ads(
    once: OncePerText[Record], batches: Iterable[tuple[Tag, Sequence[str], Sequence[Any]]], *, spans: bool
) -> Iterator[tuple[Tag, list[Record]]]:
    """Extract from those of some texts that are ads, or may be: whose labels, if any, do not say otherwise.

    Parameters
    ----------
    once : OncePerText
        Of :func:`once_per_text`, with the same ``spans``.
    batches : iterable of (tag, texts, labels)
        Something to know a batch by, its texts, and what stands for the labels of each, whatever it is.
    spans : bool
        Whether records have spans.

    Yields
    ------
    tag, list of dict
        Of each batch, in order, a record a text; see :func:`extract`.

    Examples
    --------
    >>> once = once_per_text()
    >>> batches = [("a", ["coke 1g 50", "coke 1g 50"], [None, "geendrugsad"])]
    >>> ((_, found),) = extract_ads(once, batches, spans=False)
    >>> [record["substances"] for record in found]
    [['cocaine'], []]
    """

    def asked() -> Iterator[tuple[tuple[Tag, list[bool]], list[str]]]:
        for tag, texts, labels in batches:
            are_ads = [not _is_no_ad(of_text) for of_text in labels]
            yield (tag, are_ads), [text for text, is_ad in zip(texts, are_ads, strict=True) if is_ad]

    for (tag, are_ads), found in once.stream(asked()):
        of_ads = iter(found)
        yield tag, [next(of_ads) if is_ad else empty_record(spans=spans) for is_ad in are_ads]


def _is_no_ad(labels: Any) -> bool:
    return isinstance(labels, Collection) and not isinstance(labels, Mapping) and "geendrugsad" in labels


def empty_record(*, spans: bool = False) -> Record:
    """Return what is said of a text that offers nothing."""
    record: Record = {field: [] for field in FIELDS}
    return record | {"spans": []} if spans else record


def once_per_text(*, lexicon: OwnTables = (), spans: bool = False, jobs: int = 1) -> OncePerText[Record]:
    """Return an extracting function for batches of a stream; see :func:`extract`."""
    own = read_own_tables(lexicon)
    load_lexicon(own)  # a fault in them shows before any work
    return OncePerText(partial(_extract_batch, own, spans), jobs=jobs)


def _extract_batch(own: tuple[OwnTable, ...], spans: bool, texts: list[str]) -> list[Record]:
    lexicon = load_lexicon(own)
    return [_extract_text(text, lexicon, spans=spans) for text in texts]


class _Reading(NamedTuple):
    """What a folded text offers, and its offers as records."""

    substances: list[Match]
    places: list[Match]
    offers: list[Offer]
    offer_records: list[Record]


@once_per_recent_text  # variants of an ad often differ in their contacts and decoration alone
def _read(folded_text: str, lexicon: Lexicon) -> _Reading:
    substances = find_substances(folded_text, lexicon, is_ad=True)
    offers = find_offers(folded_text, substances, lexicon)
    places = find_places(folded_text, lexicon)
    return _Reading(substances, places, offers, [offer.as_record() for offer in offers])


def _extract_text(text: str, lexicon: Lexicon, *, spans: bool) -> Record:
    folded_text = fold(text)
    substances, places, offers, offer_records = _read(folded_text, lexicon)
    # The way back to the raw text takes longer than the way there, and most ads have no contact.
    folded = fold_with_offsets(text) if spans or PLACEHOLDER in folded_text else None
    contacts = find_contacts(folded, text) if folded is not None else []
    record: Record = {
        "substances": list(dict.fromkeys(match.value for match in substances)),
        "places": list(dict.fromkeys(match.value for match in places)),
        "offers": list(map(dict, offer_records)),
        "contacts": [
            {"kind": kind, "value": value}
            for kind, value in dict.fromkeys((contact.kind, contact.value) for contact in contacts)
        ],
    }
    if not spans or folded is None:
        return record
    details: list[tuple[int, int, str, Any, Record]] = []
    for field, matches in (("substances", substances), ("places", places)):
        for match in matches:
            why = {"entry": match.entry, "confidence": match.confidence}
            details.append((*folded.raw_span(match.start, match.end), field, match.value, why))
    for offer, offered in zip(offers, offer_records, strict=True):
        span = folded.raw_span(offer.start, offer.end)
        details.append((*span, "offers", dict(offered), {"rule": offer.rule}))
    details += [(one.start, one.end, "contacts", one.value, {"rule": one.kind}) for one in contacts]
    details.sort(key=lambda detail: detail[:3])
    record["spans"] = [
        {"field": field, "value": value, "start": start, "end": end, "text": text[start:end], **why}
        for start, end, field, value, why in details
    ]
    return record
