"""What an ad offers: lines with an amount, a price or both."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from drugscan.extraction.grammar import OfferReader
from drugscan.extraction.lines import read_lines
from drugscan.extraction.matching import Match, are_but_amounts, is_sold_out
from drugscan.extraction.offer import Offer
from drugscan.extraction.substances import find_refused
from drugscan.lexicon.loader import Lexicon
from drugscan.text import once_per_recent_text

_LINE_END = re.compile("\n")


def find_offers(text: str, substances: Sequence[Match], lexicon: Lexicon) -> list[Offer]:
    """Find every offer of an ad.

    Parameters
    ----------
    text : str
        The ad's text, folded.
    substances : sequence of Match
        What :func:`drugscan.extraction.substances.find_substances` found in it.
    lexicon : Lexicon
        The tables.

    Returns
    -------
    list of Offer
        In the order of the text.

    Examples
    --------
    >>> from drugscan.extraction.substances import find_substances
    >>> from drugscan.lexicon import load_lexicon
    >>> from drugscan.text.normalise import fold
    >>> ad, lexicon = fold("Coke 1g €50, 5g €230. Bezorging vanaf 50 euro"), load_lexicon()
    >>> [offer.as_record() for offer in find_offers(ad, find_substances(ad, lexicon), lexicon)][1]
    {'substance': 'cocaine', 'quantity': 5, 'unit': 'g', 'price_eur': 230}
    """
    return list(_read(text, tuple(substances), lexicon))


@once_per_recent_text  # the model asks before extraction does
def _read(text: str, substances: tuple[Match, ...], lexicon: Lexicon) -> tuple[Offer, ...]:
    offers = OfferReader(text, lexicon).read(read_lines(text, substances, lexicon))
    refused = find_refused(text, lexicon)
    return tuple(_without_refused(offers, text, substances, refused, lexicon) if refused else offers)


def _without_refused(
    offers: Sequence[Offer],
    text: str,
    substances: Sequence[Match],
    refused: Sequence[Match],
    lexicon: Lexicon,
) -> list[Offer]:
    """Return the offers but those of a name that its line refuses: "coke (uitverkocht) 1g 50".

    As no such name is read, they would be taken for offers of the name before. A name that stands beside
    another only says what that is not: "ghb (geen gbl) 7 ml 3".
    """
    names, unwanted = sorted((*substances, *refused)), set(refused)
    starts = [name.start for name in names]
    lines = [0, *(match.end() for match in _LINE_END.finditer(text))]
    kept = []
    for offer in offers:
        index = max(bisect_right(starts, offer.start) - 1, 0)
        last = names[index]
        line = lines[bisect_right(lines, offer.start) - 1]
        is_own = last in unwanted and line <= last.start < offer.start
        is_alone = index == 0 or names[index - 1].start < line
        is_priced = is_alone and are_but_amounts(text, last.end, offer.start)
        if not is_own or not (is_priced or is_sold_out(text, last.end, lexicon)):
            kept.append(offer)
    return kept
