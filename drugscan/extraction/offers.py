"""What an ad offers: lines with an amount, a price or both."""

from __future__ import annotations

from collections.abc import Sequence

from drugscan.extraction.grammar import OfferReader
from drugscan.extraction.lines import read_lines
from drugscan.extraction.matching import Match
from drugscan.extraction.offer import Offer
from drugscan.lexicon.loader import Lexicon
from drugscan.text import once_per_recent_text


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
    return tuple(OfferReader(text, lexicon).read(read_lines(text, substances, lexicon)))
