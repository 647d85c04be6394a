"""What the neighbours of a token say of it: strengths, times, counted pills, containers and their content."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from decimal import Decimal

from drugscan.extraction.containers import are_in_brackets, fill, is_container, is_held, put_in_container
from drugscan.extraction.given import drop_given, is_given
from drugscan.extraction.misplaced import (
    is_least_order,
    is_old_price,
    is_other_currency,
    is_price_of_last,
    is_price_of_one,
    is_price_of_pair,
    is_split,
    is_swapped,
    price_of_one,
    price_of_pair,
    swapped,
    without_price,
)
from drugscan.extraction.numerals import join_numerals
from drugscan.extraction.strengths import (
    ends_item,
    hold_prices,
    in_grams,
    may_be_strength,
    without_strength,
)
from drugscan.extraction.surroundings import PRICES
from drugscan.extraction.tokens import GRAM, PIECE, Token, is_plural
from drugscan.extraction.unsold import HIGHEST, PRICED, drop_list, drop_unsold
from drugscan.lexicon.loader import Lexicon

_NONE, _ONE = Decimal(0), Decimal(1)
_FRACTION = re.compile("[.,/½¼]")
_FEW = (2, 3, 4)
_TIGHT = 3
_IS = re.compile(" ?(?:[=:>]|->|[.]{2,80}) ?")
_FAR = 20
_AT_LEAST = re.compile("[ :=)]")
_CLAUSE_ENDS = re.compile(r"\Z|\n|[,.;)!](?!\d)")
_COLOUR = re.compile(
    " ?(?:(?:roze|blauwe|groene|gele|rode|oranje|paarse|witte|grijze|nieuwe|losse|blue|green|red|pink) )?"
)
_SENTENCE_ENDS = re.compile(r"[.!?|;](?: |\Z)|\n")
_WORD_AND_COMMA = re.compile(r"[a-z]{3}, ")
_SLASH = re.compile(" ?/ ?")
_PACKED = re.compile(r" in (?:de |een |the |a |1 )?(?:[a-z]{3,10} )?")
_ADJECTIVE = re.compile(r" ?(?:(?!voor|maar|for)[a-z]{3,10} )?")


def weigh(line: Sequence[Token], text: str, lexicon: Lexicon) -> list[Token]:
    """Return the tokens of a line as their neighbours show them, without those that are no amounts.

    Parameters
    ----------
    line : sequence of Token
        Of one line, as :func:`drugscan.extraction.lexer.tokenise` returns them.
    text : str
        The folded text.
    lexicon : Lexicon
        The tables.

    Returns
    -------
    list of Token
        In order, but that a name stands before the container that it stood in.

    Examples
    --------
    >>> from drugscan.extraction.lexer import tokenise
    >>> from drugscan.lexicon import load_lexicon
    >>> ad, lexicon = "open 12-23, 10/20 mg, 10ml flesje 35, 3 zakjes van 5 gram 60", load_lexicon()
    >>> line = tokenise(ad, [], lexicon)
    >>> [(token.kind, int(token.amount)) for token in weigh(line, ad, lexicon) if token.amount]
    [('strength', 20), ('quantity', 1), ('number', 35), ('quantity', 15), ('number', 60)]
    """
    return _Line(text, lexicon).read(join_numerals(line, text))


class _Line:
    """The tokens of a line that are weighed already; each next one may change the last of them."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._text = text
        self._lexicon = lexicon
        self._seen: list[Token] = []
        self._has_strength = False
        self._services: list[Token] = []
        self._whole: Sequence[Token] = ()
        self._are_prices: bool | None = None

    def read(self, line: Sequence[Token]) -> list[Token]:
        self._whole = line
        for token, after in zip(line, [*line[1:], None], strict=True):
            self._read(token, after)
        done = [token for token in self._seen if token.kind not in ("holding", "free", "under")]
        return self._bound_by_services(done) if self._services else done

    def _bound_by_services(self, tokens: list[Token]) -> list[Token]:
        """Mark the bounds of a service or a discount in their sentence: "post vanaf 50 g"."""
        first, last = self._whole[0].start, self._whole[-1].end
        ends = [match.start() for match in _SENTENCE_ENDS.finditer(self._text, first, last)]
        begun = {bisect_left(ends, service.start) for service in self._services}
        ended = {bisect_left(ends, service.end) for service in self._services}
        return [
            t._replace(value="bound")
            if t.kind == "from" and (bisect_left(ends, t.end) in begun or bisect_left(ends, t.start) in ended)
            else t
            for t in tokens
        ]

    def _read(self, token: Token, after: Token | None) -> None:
        before = self._seen[-1] if self._seen else None
        is_near = before is not None and self._follows(token)
        if token.kind in ("fee", "off"):
            self._services.append(token)
        if before is not None and is_near and before.kind == "from" and self._says(token, "afname"):
            self._pass_over(token)  # "bij afname van 20 gram"
        elif token.kind == "old":
            self._pass_over(token)
        elif token.kind in HIGHEST:
            self._not_sold(token, after)
        elif before is not None and is_near and before.kind in ("free", "under") and token.amount:
            if self._text.startswith(" (", token.end) and after is not None and after.kind == "price":
                self._seen.append(token)  # "max 20 stuks (50 euro)"
            return  # "gratis 5 g"
        elif before is not None and is_near and is_given(before, token, after, self._text):
            return
        elif token.kind in PRICES and is_old_price(self._seen, token, after, self._text):
            self._pass_over(token)
        elif token.kind in _READERS:
            _READERS[token.kind](self, token, after)
        else:
            self._seen.append(token)

    def _says(self, token: Token, word: str) -> bool:
        return self._text.startswith(word, token.start)

    def _follows(self, token: Token, distance: int = 1) -> bool:
        """Tell whether a token stands right behind the last one."""
        return bool(self._seen) and token.start - self._seen[-1].end <= distance

    def _pass_over(self, token: Token) -> None:
        """Let what follows a token hang together with what stands before it, as if it were not there."""
        if self._follows(token, _TIGHT):
            self._seen[-1] = self._seen[-1]._replace(end=token.end)

    # --- words beside amounts -----------------------------------------------------------------------

    def _off(self, token: Token, _after: Token | None) -> None:
        """Drop the discount of "vanaf 50 gram 1 euro korting"."""
        if self._seen and self._seen[-1].kind in ("number", "price") and self._follows(token):
            self._seen.pop()
        else:
            self._seen.append(token._replace(kind="fee"))

    def _plus(self, token: Token, after: Token | None) -> None:
        """Read "1000+ 0,60"."""
        if self._follows(token, 0) and _AT_LEAST.match(self._text, token.end) is not None:
            self._more(token, after)
        else:
            self._seen.append(token)

    def _more(self, token: Token, _after: Token | None) -> None:
        """Read "5 of meer 9 pg": an amount at the least."""
        if self._seen and self._seen[-1].amount is not None and self._follows(token):
            self._seen[-1:] = [token._replace(kind="from"), self._seen[-1]._replace(end=token.end)]

    def _from(self, token: Token, after: Token | None) -> None:
        """Keep what makes the amount behind it the least; "wie er belang bij heeft" makes none."""
        if after is None and self._says(token, "min") and self._follows(token):
            if self._seen[-1].kind == "quantity":
                self._seen.pop()  # "1 kg minimum"
            return
        if after is not None and after.start - token.end <= _FAR and not self._parts(token, after):
            self._seen.append(token)

    def _parts(self, token: Token, after: Token) -> bool:
        """Tell whether a word and a comma part two tokens: "from Colombia, 25 g"."""
        return _WORD_AND_COMMA.search(self._text, token.end, after.start) is not None

    def _clock(self, token: Token, _after: Token | None) -> None:
        """Keep what begins a time; "1 gram vr 50" is no Friday."""
        is_behind_amount = bool(self._seen) and self._seen[-1].amount is not None and self._follows(token)
        is_for = is_behind_amount and self._says(token, "vr")
        if not is_for and not (is_behind_amount and self._seen[-1].kind == "quantity"):
            self._seen.append(token)

    def _not_sold(self, token: Token, after: Token | None) -> None:
        """Drop times, dates and strengths, but milligrams that are sold."""
        if token.kind == "strength":
            token = in_grams(self._seen, token, after, self._text, self._lexicon)
        if token.kind in HIGHEST:
            drop_unsold(self._seen, token, self._text)
        if token.kind in ("quantity", "strength"):
            self._has_strength = self._has_strength or token.kind == "strength"
            self._seen.append(token)

    def _free(self, token: Token, after: Token | None) -> None:
        if self._is_for_price(token, after):
            self._pass_over(token)  # "voor 140 euro krijg je 3 gram"
        else:
            drop_given(self._seen, token, after, self._text)

    def _is_for_price(self, token: Token, after: Token | None) -> bool:
        """Tell whether one gets what stands behind a word for the price before it."""
        price = self._seen[-1] if self._follows(token) else None
        if price is None or price.kind != "price" or after is None or after.kind != "quantity":
            return False
        is_for = PRICED.search(self._text, max(price.start - 6, 0), price.start) is not None
        return is_for and self._says(token, "krijg")

    # --- prices -------------------------------------------------------------------------------------

    def _price(self, token: Token, after: Token | None) -> None:
        before = self._seen[-1] if self._seen else None
        beside = [other for other in (before, after) if other is not None]
        if any(is_other_currency(token, other, self._text) for other in beside):
            self._pass_over(token)
        elif before is not None and self._adds_up(before, token):
            total = (before.amount or _NONE) + (token.amount or _NONE)
            self._seen[-1] = before._replace(end=token.end, amount=total)
        else:
            self._seen.append(token)

    def _adds_up(self, before: Token, token: Token) -> bool:
        """Tell whether two words for bank notes make one price: "twee barkies en een geeltje"."""
        is_note = not self._text[token.start].isdigit() and self._text[token.end - 1].isalpha()
        is_joined = self._text[before.end : token.start] == " en "
        return is_note and is_joined and before.kind == "price" and before.unit is None and token.unit is None

    # --- numbers ------------------------------------------------------------------------------------

    def _number(self, token: Token, after: Token | None) -> None:
        before = self._seen[-1] if self._seen else None
        if before is not None and before.kind == "clock" and self._follows(token, _TIGHT):
            clock = self._seen.pop()
            drop_list(self._seen, clock.start, HIGHEST["other"], self._text)
            self._seen.append(clock._replace(end=token.end))
        elif before is not None and is_least_order(self._seen, token, after, self._text):
            self._seen[-1] = before._replace(kind="fee", end=token.end)  # "Breda min 40"
        elif before is not None and self._is_strength(before, token, after):
            self._seen[-1] = before._replace(end=token.end)  # "lyrica 300"
        elif is_held(self._seen, token, after, self._text):
            is_weight = (
                _FRACTION.search(self._text, token.start, token.end) is not None
            )  # "bolletje 0.5 25 euro"
            content = token._replace(kind="quantity", unit=GRAM if is_weight else PIECE)
            put_in_container(self._seen, content, self._text)
        elif after is not None and self._counts(before, token, after):
            self._seen.append(token._replace(kind="quantity", value="counted"))  # "40 tikkers"
        elif (
            after is not None
            and after.kind == "stock"
            and after.start - token.end <= 1
            and self._is_alone(token)
        ):
            self._seen.append(token._replace(kind="quantity", value="stock"))  # "zeven over"
        elif before is not None and before.kind == "stock" and self._is_rest(token):
            self._seen.append(token._replace(kind="quantity", value="stock"))  # "heb er nog 6"
        elif are_in_brackets(token, token, self._text) and self._is_of_strength(before):
            self._seen.append(token._replace(kind="quantity", value="counted"))  # "20mg (14) 45"
        elif after is not None and self._is_price_of_each(before, token, after):
            self._seen.append(token._replace(kind="price"))  # "25 = 2,00 p.s."
        elif self._has_strength and not token.value:
            self._seen.append(token._replace(value="pill"))  # what has a strength is a pill
        else:
            self._seen.append(token)

    def _is_price_of_each(self, before: Token | None, token: Token, after: Token) -> bool:
        """Tell whether a number is set apart from an amount, and said to be the price of each."""
        if before is None or before.kind not in ("number", "quantity"):
            return False
        is_each = after.kind == "per" and after.value == "each" and after.start - token.end <= 1
        return is_each and _IS.fullmatch(self._text, before.end, token.start) is not None

    def _is_strength(self, name: Token, token: Token, after: Token | None) -> bool:
        """Tell whether a number is the strength of the medicine or pill before it, and no amount or price."""
        is_behind = self._follows(token) or (after is not None and self._is_next_strength(name, token))
        if not is_behind or not may_be_strength(name, token, after, self._text):
            return False
        amount = self._seen[-2] if len(self._seen) > 1 else None
        is_price = (
            after is None
            and amount is not None
            and amount.kind in ("number", "quantity")
            and name.start - amount.end <= 1
        )
        return not is_price and not (ends_item(token, after, self._text) and self._holds_prices())

    def _is_next_strength(self, name: Token, token: Token) -> bool:
        """Tell whether a number follows a strength that its name has taken in: "lyrica 75 / 150 / 300"."""
        is_list = _SLASH.fullmatch(self._text, name.end, token.start) is not None
        return name.kind == "name" and is_list and self._text[name.end - 1].isdigit()

    def _is_of_strength(self, name: Token | None) -> bool:
        """Tell whether pills of some strength are counted, which a name may hold: "diazepam 10 (30) = 30"."""
        has_taken_in = name is not None and name.kind == "name" and self._text[name.end - 1].isdigit()
        return self._has_strength or has_taken_in

    def _holds_prices(self) -> bool:
        if self._are_prices is None:
            self._are_prices = hold_prices(self._whole, self._text)
        return self._are_prices

    def _is_rest(self, token: Token) -> bool:
        return self._follows(token) and _CLAUSE_ENDS.match(self._text, token.end) is not None

    def _is_alone(self, token: Token) -> bool:
        """Tell whether no price stands right before a number, that it would be the amount of."""
        return not self._seen or self._seen[-1].kind not in ("number", "quantity", "clock")

    def _counts(self, before: Token | None, token: Token, after: Token) -> bool:
        """Tell whether a number counts the pills that are named behind it."""
        is_before_name = before is not None and self._follows(token) and before.kind in ("name", "unit")
        return (
            after.kind == "name"
            and after.value in self._lexicon.counted
            and _COLOUR.fullmatch(self._text, token.end, after.start) is not None
            and not self._text.startswith(("/", "=", ":", "-"), max(token.start - 1, 0))
            and not is_before_name
            and not is_price_of_last(self._seen, token, self._text)
        )

    # --- quantities and units -----------------------------------------------------------------------

    def _quantity(self, token: Token, after: Token | None) -> None:
        before, unit = self._seen[-1] if self._seen else None, token.unit
        if before is not None and before.kind == "name":
            token = without_strength(before, token, self._text)
        if unit is None:
            self._quantity_without_unit(before, token)
        elif before is not None and self._is_remark(before, token):
            is_in_brackets = self._text.startswith((")", "]"), token.end)
            self._seen[-1] = before._replace(end=token.end + is_in_brackets)  # "150 st (hele doos)"
        elif is_container(token):
            self._container(before, token, after)
        elif is_price_of_pair(self._seen, token, self._text) or (
            before is not None and is_split(before, token, after, self._text)
        ):
            self._seen += price_of_pair(token)
        elif before is not None and is_swapped(before, token, self._text):
            self._seen[-1:] = swapped(before, token)
        elif not put_in_container(self._seen, token, self._text):
            self._seen += without_price(before, token, self._text) if self._follows(token) else [token]

    def _is_remark(self, before: Token, token: Token) -> bool:
        """Tell whether an amount says in other words what stands before it: "half oz 14 g"."""
        is_same = (before.kind, before.amount) == ("quantity", token.amount) and self._follows(token)
        is_tier = token.amount_max is not None and not self._text.endswith(".", before.start, before.end)
        if is_same and not is_tier and before.unit is not None and token.unit is not None:
            return before.unit.value == token.unit.value
        is_beside = (
            before.kind in ("quantity", "per") and self._follows(token, 2) and not is_container(before)
        )
        return is_beside and are_in_brackets(token, token, self._text)

    def _quantity_without_unit(self, before: Token | None, token: Token) -> None:
        is_pill = self._has_strength and token.value in ("", "times")
        if before is None:
            self._seen.append(token)
        elif token.value == "part" and before.kind == "clock":
            self._seen[-1] = before._replace(end=token.end)  # "tot half 3"
        elif token.value == "part" and self._is_few(before) and self._follows(token):
            count = before.amount or _ONE
            self._seen[-1] = token._replace(start=before.start, amount=count * (token.amount or _ONE))
        elif token.value == "times" and self._is_measured():
            self._seen.append(token._replace(kind="number", value=""))  # "1 gram x 50"
        else:
            self._seen.append(token._replace(value="pill") if is_pill else token)

    def _is_few(self, before: Token) -> bool:
        """Tell whether a number may count halves and wholes: "3 hele 110"."""
        return before.kind == "number" and before.amount in _FEW

    def _is_measured(self) -> bool:
        """Tell whether an amount with its unit stands last, but for a name within it: "25 carts"."""
        index = len(self._seen) - 1
        while (
            index > 0
            and self._seen[index].kind == "name"
            and self._seen[index].start < self._seen[index - 1].end
        ):
            index -= 1
        return self._seen[index].kind == "quantity" and self._seen[index].unit is not None

    def _container(self, before: Token | None, token: Token, after: Token | None) -> None:
        assert token.unit is not None
        is_strength = (
            before is not None
            and before.kind == "name"
            and self._lexicon.labels[before.value] == "medicijnen"
            and self._follows(token)
            and token.amount != _ONE
            and not is_plural(token.unit)
            and not self._text[before.end - 1].isdigit()
        )
        if is_strength:
            self._seen.append(token._replace(kind="unit", amount=None))  # "oxazepam 10 strip = 8"
        elif before is not None and before.kind == "name" and is_price_of_one(token, after):
            self._seen += price_of_one(token)
        elif before is not None and after is not None and self._begins_next(before, token, after):
            price, of_one = price_of_one(token)
            self._seen += [price, of_one._replace(kind="unit", value="")]
        elif before is not None and token.amount == _ONE and self._is_full(before, token, after):
            self._seen[-1] = before._replace(end=token.end, value="filled")
        elif before is not None and self._is_packing(before, token):
            self._seen[-1] = before._replace(end=token.end)  # "90 tabletten in 3 potjes"
        elif token.amount != _ONE or not fill(self._seen, token, self._text):
            self._seen.append(token)

    def _begins_next(self, before: Token, token: Token, after: Token) -> bool:
        """Tell whether a container behind a price is the next one: "zak van 10 voor 35 zak van 25"."""
        assert token.unit is not None
        is_linked = PRICED.search(self._text, before.end, token.start) is not None
        is_one = after.kind == "holding" and token.amount != _ONE and not is_plural(token.unit)
        return before.kind == "quantity" and is_linked and is_one

    def _unit(self, token: Token, after: Token | None) -> None:
        """Read a unit alone; "3x vape" counts it, "10ml flesje" is one bottle, "3 g zakje" is 3 g."""
        index = len(self._seen) - 1
        while index > 0 and self._seen[index].kind == "name" and self._seen[index].end > token.start:
            index -= 1  # a word that names too, such as "vape"
        counter = self._seen[index] if self._seen else None
        if counter is not None and self._is_counter(counter, token):
            self._seen[index] = counter._replace(kind="quantity", end=token.end, unit=token.unit, value="")
        elif counter is not None and self._is_full(counter, token, after):
            self._seen[-1] = counter._replace(end=token.end, value="filled")  # "56 stuks doos 60"
        elif counter is not None and self._is_packing(counter, token):
            self._seen[-1] = counter._replace(end=token.end)
        elif not fill(self._seen, token, self._text):
            self._seen.append(token)

    def _is_full(self, counted: Token, token: Token, after: Token | None) -> bool:
        """Tell whether a container holds what was counted before it: "56 caps, hele doos, 60 euro"."""
        is_counted = (
            counted is self._seen[-1]
            and counted.kind == "quantity"
            and counted.unit is not None
            and counted.unit.kind in ("piece", "thing")
        )
        is_one = is_container(token) and token.unit is not None and not is_plural(token.unit)
        is_priced = after is not None and after.kind in ("price", "number") and after.value != "word"
        return is_counted and is_one and is_priced and self._follows(token, _FAR)

    def _is_packing(self, counted: Token, token: Token) -> bool:
        """Tell whether a container is only what the counted things come in: "5 pennen in doos"."""
        is_count = counted is self._seen[-1] and counted.kind == "quantity" and counted.unit is not None
        is_things = is_count and counted.unit is not None and counted.unit.kind != "measure"
        return is_things and _PACKED.fullmatch(self._text, counted.end, token.start) is not None

    def _is_counter(self, counter: Token, token: Token) -> bool:
        assert token.unit is not None
        is_number = (
            counter.kind == "number" and token.unit.kind != "measure" and token.start > counter.end + 1
        )
        is_count = counter.kind == "quantity" and counter.unit is None and counter.value != "part"
        return (is_number or is_count) and _ADJECTIVE.fullmatch(
            self._text, counter.end, token.start
        ) is not None


_READERS: dict[str, Callable[[_Line, Token, Token | None], None]] = {
    "price": _Line._price,
    "number": _Line._number,
    "quantity": _Line._quantity,
    "unit": _Line._unit,
    "from": _Line._from,
    "free": _Line._free,
    "off": _Line._off,
    "plus": _Line._plus,
    "more": _Line._more,
    "clock": _Line._clock,
}
"""By a token's kind: what weighs it against the tokens before and behind it."""
