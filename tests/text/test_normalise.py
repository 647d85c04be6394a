"""Folding: what evasive spelling becomes, and the way back to the raw text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drugscan.lexicon import load_lexicon
from drugscan.text import CONTACT_KINDS, fold, fold_with_offsets
from drugscan.text.characters import CharacterTable
from drugscan.text.steps import BLANKS, CONTACT_STEPS, LINE_ENDS, RAW_STEPS, WORD_STEPS

EVASIONS = {
    "c0ke": "coke",
    "0xycod0n": "oxycodon",
    "tr4mad0l": "tramadol",
    "h4$j": "hasj",
    "сосаїne": "cocaine",
    "k3ta": "keta",
    "w33d": "weed",
    "$peed": "speed",
    "C0k3": "coke",
    "k e t a": "keta",
    "k.3.t.4 en c.0.c.4": "keta en coca",
    "s.p.e.e.d 5 p/g": "speed 5 p/g",
    "x-l-5, v.1.0": "x-l-5, v.1.0",
    "1Ost, 1Og en o,5": "10st, 10g en 0,5",
    "❿ ➓": "10 10",
    "coke 5\u03365\u0336 45, 1\u0336.\u03362\u03360\u03360\u0336 900": "coke 45, 900",
    "c\u03360\u0336k\u0336e\u0336": "coke",
    "w.i.e.t": "wiet",
    "w-i-e-t": "wiet",
    "c o k e, 5 g": "coke, 5 g",
    "G🌿R🌿O🌿E🌿N": "groen",
    "coooooke": "coke",
    "speeeeed": "speed",
    "𝗖𝗼𝗸𝗲": "coke",
    "ⓦⓘⓔⓣ": "wiet",
    "ＣＯＫＥ": "coke",
    "сoкe": "coke",  # Cyrillic с and к
    "cóké": "coke",
    "c\u200bo\u200dk\ufeffe": "coke",
    "c̶o̶k̶e̶": "coke",
    "❄️": ":snowflake:",
    "💯": ":hundred_points_symbol:",
    "🇳🇱": ":flag_nl:",
    "🇬🇧🇮🇪": ":flag_gb: :flag_ie:",
    "½ g": "1/2 g",
    "€2⁵⁰": "€2,50",
    "10²": "102",
    "â‚¬50 cafÃ©": "€50 cafe",
    "５０ ５": "50 5",
    "10g coke5g wiet1kg": "10g coke 5g wiet 1kg",
    "Coke3bolletjes 3mmc10st": "coke 3bolletjes 3mmc 10st",
}
UNTOUCHED = [
    "10g 3-mmc 2c-b 4fa open1uur",
    "привет как дела",
    "p.s. 5,50 = 1 op 1",
    "een zee, koffie en weed",
    "regel een\nregel twee\n\nalinea twee",
    "a b",
    "m 5 g 80, k 1 g 25",
    "2-c-b p.s. 4",
]


@pytest.mark.parametrize(("raw", "folded"), EVASIONS.items())
def test_evasive_spelling_is_undone(raw, folded):
    assert fold(raw) == folded


def test_an_amount_glued_to_a_name_is_parted_from_it_whatever_its_unit():
    sold = [unit for unit in load_lexicon().units if unit.value in ("g", "ml", "pcs", "eur")]
    glued = [unit.form for unit in sold if unit.form.isascii() and unit.form.isalpha()]
    assert len(glued) > 500
    assert [form for form in glued if fold(f"coke5{form}") != f"coke 5{form}"] == []


@pytest.mark.parametrize("text", UNTOUCHED)
def test_plain_text_stays(text):
    assert fold(text) == text


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("06 0000 0123", "phone"),
        ("06-00.00.01.23", "phone"),
        ("+31 (0)6 0000 0123", "phone"),
        ("0031600000123", "phone"),
        ("nul zes 0000 0123", "phone"),
        ("06 xx xx xx xx", "phone"),
        ("0️⃣6️⃣ 0️⃣0️⃣0️⃣0️⃣ 0️⃣1️⃣2️⃣3️⃣", "phone"),
        ("O6 OO OO O1 23", "phone"),
        ("0470 00 01 23", "phone"),
        ("+49 151 00000123", "phone"),
        ("020-200 01 23", "phone"),
        ("@voorbeeld_dealer1", "handle"),
        ("@𝘃𝗼𝗼𝗿𝗯𝗲𝗲𝗹𝗱_𝘅", "handle"),
        ("https://voorbeeld.example/menu?x=1", "link"),
        ("t.me/+AbCdEf123", "link"),
        ("t . me / voorbeeld", "link"),
        ("voorbeeld.shop/menu", "link"),
        ("iemand@voorbeeld.example", "email"),
        ("wickr: voorbeeldje", "id"),
        ("threema: ABCD1234", "id"),
        ("05" + "0a" * 32, "id"),
        ("tg@voorbeeld_dealer1", "handle"),
        ("@@voorbeeld_d", "handle"),
        ("tg/voorbeeld_d1", "id"),
        ("Tg = voorbeeld_d1", "id"),
        ("06:00000123", "phone"),
        ("06🔥00🔥00🔥01🔥23", "phone"),
        ("whatsapp0600000123", "phone"),
        ("app+31600000123", "phone"),
        ("nummer,0600000123", "phone"),
    ],
)
def test_contacts_become_placeholders(raw, kind):
    folded = fold_with_offsets("Bel " + raw + " vandaag")
    assert folded.contacts[0].kind == kind
    assert f"contact_{kind}" in fold(raw)
    assert not any(c.isdigit() for c in folded.text)


@pytest.mark.parametrize(
    "text",
    [
        "van 10.00 tot 22.00 uur",
        "1=10 2=20 5=45 10=80",
        "2024-01-15",
        "prijs 1.000.000",
        "@ 5 euro",
        "coke @50",
        "€ 12,50 p.s.",
        "snap je het",
        "signal werkt goed",
        "telegram: vandaag open",
        "van 06:00 - 12:00 18",
        "1,00 65 70 75 80 85",
        "code ab0612345678cd",
    ],
)
def test_what_is_no_contact_stays(text):
    assert "contact_" not in fold(text)


def test_a_span_leads_back_to_the_disguised_words():
    raw = "🔥 Nu ook k.e.t.a\nen 𝗖𝟬𝗸𝗲"
    folded = fold_with_offsets(raw)
    for word, source in (("keta", "k.e.t.a"), ("coke", "𝗖𝟬𝗸𝗲"), (":fire:", "🔥")):
        at = folded.text.index(word)
        start, end = folded.raw_span(at, at + len(word))
        assert raw[start:end] == source


@pytest.mark.parametrize("contact", ["+31 6 0000 0123", "@voorbeeld_x1234", "06 0000 0123"])
def test_a_placeholder_leads_to_its_whole_contact(contact):
    """The first two are as long as what stands in for them."""
    raw = f"bel {contact} nu"
    folded = fold_with_offsets(raw)
    at = folded.text.index("contact_")
    start, end = folded.raw_span(at, folded.text.index(" ", at))
    assert raw[start:end] == contact


def fold_by_every_step(text: str) -> str:
    """Fold slowly and plainly: every step in its order, over the whole text."""
    for step in (LINE_ENDS, *RAW_STEPS):
        text = step.pattern.sub(step.replace, text)
    text = text.translate(CharacterTable())
    for step in (*CONTACT_STEPS.values(), *WORD_STEPS, BLANKS):
        if step.applies_to(text):
            text = step.pattern.sub(step.replace, text)
    return text


PIECES = st.sampled_from(
    [*EVASIONS, *UNTOUCHED, "06 0000 0123", "@voorbeeld_x", " ", "\n", "\r\n", "…", "\ud800", "\0", "ﷺ"]
)
# Signs and their surroundings: what steps look for, cut up.
SHARD_WORDS = "nul zes t me www. nl 06 0000 0123 31 wickr signal: voorbeeld_x ❄️ 🇳🇱 â‚¬ ²⁵ oo tg"
SHARDS = st.sampled_from(
    [*SHARD_WORDS.split(" "), *" \n\r\x0b\x0e\x0fabek0o6@.:/+-_*|$€е🌿", "tg ", "05" * 9]
)
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(PIECES, max_size=8).map("".join),
    st.lists(SHARDS, max_size=24).map("".join),
)


@settings(max_examples=500)
@given(TEXTS)
def test_folding_equals_every_step_one_after_the_other(text):
    assert fold(text) == fold_by_every_step(text)


def test_folding_equals_every_step_on_the_fixtures(labelled):
    for record in labelled:
        assert fold(record.text) == fold_by_every_step(record.text)


@given(TEXTS)
def test_both_ways_of_folding_agree(text):
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    spans = [folded.raw_span(at, at + 1) for at in range(len(folded.text))]
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert not spans or folded.raw_span(0, len(folded.text)) == (spans[0][0], spans[-1][1])
    assert all(contact.kind in CONTACT_KINDS for contact in folded.contacts)


@given(TEXTS)
def test_folded_text_holds_only_what_models_may_read(text):
    folded = fold(text)
    assert folded == folded.strip()
    assert folded == folded.lower()
    assert not any(c in folded for c in "\0\r\t\u200b\ufeff\ud800")
    assert "\n\n\n" not in folded
    assert "  " not in folded


@pytest.mark.parametrize(
    "unit",
    [
        "0",
        "06 ",
        "a.",
        "a ",
        "@",
        "a@",
        "t.me/",
        "е",
        "aе",
        "сосо ",
        "1a",
        "$",
        "a0",
        "wickr: ",
        "+",
        " :x: ",
        "Ã",
        "\n",
        "http://",
    ],
)
def test_time_grows_with_the_length_only(unit):
    def seconds(size, attempt):
        text = f"{unit * (size // len(unit))} {attempt}"  # one that is not remembered
        start = time.process_time()
        fold(text)
        return time.process_time() - start

    fold(unit)
    short = min(seconds(20_000, attempt) for attempt in range(3))
    assert seconds(200_000, 0) < 40 * short + 0.1
