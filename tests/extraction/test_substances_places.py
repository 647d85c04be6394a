from __future__ import annotations

import json

import pytest

from drugscan.extraction.extract import extract
from drugscan.extraction.substances import find_substances
from drugscan.lexicon import load_lexicon
from drugscan.text import fold
from tests.conftest import REAL


def substances(text: str) -> list[str]:
    return extract([text])[0]["substances"]


def places(text: str) -> list[str]:
    return extract([text])[0]["places"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("c0ke, k3ta en w.i.e.t te koop", ["cocaine", "ketamine", "weed"]),
        ("𝗖𝗼𝗸𝗲 1g 50", ["cocaine"]),
        ("cokaïne, ketamien en xtcpillen", ["cocaine", "ketamine", "xtc"]),
        ("3-MMC en 2C-B", ["3mmc", "2cb"]),
        ("❄️ 1g 50", ["cocaine"]),
        ("Wit 50, bruin 40", ["cocaine", "heroin"]),
        ("c 50 k 30 m 20", ["cocaine", "ketamine", "mdma"]),
        ("geen coke, wel wiet 5g 40", ["weed"]),
        ("acid druppel 8, met t&t", ["lsd"]),
        ("Paddo's uit eigen kweek, bakje 12", ["mushrooms"]),
        ("XTC\nTesla groen 240 mg\nGoogle roze 210 mg\n5 = 20", ["xtc"]),
        ("GBL 250 ml 45, 4 flessen 160", ["ghb"]),
        ("GHB 20, lachgas 3 flessen 100", ["ghb", "nitrous"]),
        ("2-MMC (nieuwe batch, kristal)\n5 g 55", ["2mmc"]),
        ("Wit gekookt 45, speed droog wit 10g 35", ["crack", "amphetamine"]),
        ("4-FA weer binnen, zie de lijst\n4-FA fijn poeder 5g 90", ["4fa"]),
        ("A-PVP, crystal, 1 g 25", ["apvp"]),
        ("1P-LSD 150 mcg blotters: 10 for 70", ["1plsd"]),
        ("Crack 1 bol 10, 3 bollen 25", ["crack"]),
        ("Lyrica 300 roze, strip 14 st 12", ["pregabalin"]),
        ("Xanax 2mg bars (groen) 10 voor 35", ["alprazolam"]),
        ("Bromazolam 2 mg, tabletten, 100 stuks 60", ["bromazolam"]),
        ("THC vapes 40, smaken: zkittlez, lemon haze", ["cannabis_products"]),
        ("Coke 50, bruin hebben we niet", ["cocaine"]),
        ("Coke 50\nKeta ❌\nWiet 10", ["cocaine", "weed"]),
        ("Stuff te koop, 25 voor 5 gr", ["hash"]),
        ("Good stuff only, coke 50", ["cocaine"]),
        ("Live resin carts gelato / zkittlez", ["cannabis_products"]),
        ("Mephedrone 4-MMC 2g 30", ["4mmc"]),
        ("Tren A vial 48, binnen 24 h bericht", ["steroids"]),
        ("60 voor coke, ik doe m voor 45", ["cocaine"]),
        ("2 zakjes m 40, 3 wikkels k 60", ["mdma", "ketamine"]),
        ("Clean G, 5 litres 350", ["ghb"]),
        ("C 50, livré en 1 h max, 45 le g", ["cocaine"]),
        ("Witte knalt weer\n1 = 50\n2 = 90", ["cocaine"]),
        ("25 x Blue Punisher 250 mg MDMA", ["xtc"]),
        ("Bromazolam 2 mg (groen), 100 stuks 60", ["bromazolam"]),
        ("DMT carts, 1 ml cart 90", ["dmt"]),
        ("2-MMC, grote stenen, 1g 13", ["2mmc"]),
        ("Wit, geperst, 1 g 50", ["cocaine"]),
        ("Truffels nat 15 g 20, droog 5 g 30", ["mushrooms"]),
        ("Coke 1g 50\nNot in stock: dmt, ghb", ["cocaine"]),
        ("hέt vliέgt: kέta 5g 85", ["ketamine"]),
        ("Coke ✅ keta ✅ md ❌ wiet ✅", ["cocaine", "ketamine", "weed"]),
        ("❌ md ❌ keta\n✅ coke", ["cocaine"]),
        ("Speed? nee bro, wiet 5g 40", ["weed"]),
        ("Keta is op voorraad, coke is op", ["ketamine"]),
        ("Uitverkocht tot vrijdag: speed en md\nWiet 5g 40", ["weed"]),
        ("MDMA wit, ons 320", ["mdma"]),
        ("Wat we niet hebben: coke, wiet. Wel speed 10g 40", ["amphetamine"]),
        ("2C-B 20mg: 1 pill 5 / 10 pills 35", ["2cb"]),
        ("Pillen 4 st voor 15\nM 1 gram 18", ["xtc", "mdma"]),
        ("Coke vanaf 45!! pillen vanaf 2!!", ["cocaine", "xtc"]),
        ("Semaglutide, de afslankprik, gekoeld verzonden ❄️ 75", ["semaglutide"]),
        ("0xycod0n 10mg, Tr4mad0l, h4$j", ["oxycodone", "tramadol", "hash"]),
        ("Ketamine vers van de blok, 1g 25", ["ketamine"]),
        ("Speed wit 6 g 25, keta wit 50", ["amphetamine", "ketamine", "cocaine"]),
        ("Xanax bars 2mg (yellow / green) 3€ a piece", ["alprazolam"]),
        ("THC vape met amnesia smaak 40", ["cannabis_products"]),
        ("A-PVP, kristal wit. 1 gr €20", ["apvp"]),
        ("Xanax 2mg (groen, S903) 10 = 30", ["alprazolam"]),
        ("4-FA 🌰 10 tabletten 30 / 50 tabletten 110", ["4fa"]),
        ("Alle soorten pillen voor de slaap", []),
        ("Wiet ❌ hash ✅ 5g 40", ["hash"]),
        ("UITVERKOCHT ❌ keta\nOP VOORRAAD ✅ pep", ["amphetamine"]),
        ("Wel: wiet, hash. Niet: coke", ["weed", "hash"]),
        ("Coke (uitverkocht), keta is momenteel niet leverbaar, wiet 5g 40", ["weed"]),
        ("Coke 1g 50 UITVERKOCHT\nKeta 1g 25", ["ketamine"]),
        ("❄️ Coke 1g 50€ ❌ uitverkocht ❌\n🐴 Keta 1g 25€", ["ketamine"]),
        ("Cart 1 ml 40 (uitverkocht: mango)", ["cannabis_products"]),
        ("Blokken wit, stempel Rolex, per kilo 24.500", ["cocaine"]),
        ("Speed tijdelijk op\nColdplay keta 5g 90", ["ketamine"]),
        ("Keta 5g 90\nZolpidem 10 mg .... UITVERKOCHT tot volgende week", ["ketamine"]),
        ("Xanax bars 2mg (green S903 / white)\n100 - €90", ["alprazolam"]),
        ("2C-B pink pills 20mg: 10 / 35€", ["2cb"]),
        ("Tina 1g 80, Kamagra - 4 pills 20", ["methamphetamine", "sildenafil"]),
        ("Xannies 2 mg bars geel & groen, 10 voor 30", ["alprazolam"]),
        ("Xtc snoepjes, blauw en groen, 10 voor 25", ["xtc"]),
        ("MDMA (bruin, grof) 5 gram 60", ["mdma"]),
        ("🍬 Gummies thc 10 stuks 25", ["cannabis_products"]),
        ("50 kilo droge hash, 1450 per kg", ["hash"]),
        ("Lachgas, 640 g flesjes 18", ["nitrous"]),
    ],
)
def test_substances(text, expected):
    assert substances(text) == expected


@pytest.mark.parametrize("amount", ["2 kg", "2 kilo", "2 ons", "2 zakjes", "20 euro", "2 strips"])
def test_any_amount_tells_of_trade(amount):
    """Where nobody says that a text is an ad, "wit" is a colour but beside an amount."""
    wit = fold(f"wit {amount}")
    assert [match.value for match in find_substances(wit, load_lexicon())] == ["cocaine"]


@pytest.mark.parametrize(
    "text",
    [
        "De witte auto staat voor de deur",
        "Het gras is groener bij de buren",
        "open ma t/m vr, min 3 stuks",
        "tussen 14 en 18 uur",
        "De kat zit op de mat",
    ],
)
def test_ordinary_words_are_no_substances_where_no_ad_is_presumed(text):
    assert find_substances(fold(text), load_lexicon()) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wiet, bezorging A'dam, 010 en 's-Gravenhage", ["Amsterdam", "Rotterdam", "Den Haag"]),
        ("wiet, regio Eindhove, Best, Son en Breugel", ["Eindhoven", "Best", "Son en Breugel"]),
        ("Beste wiet, het goes er goed", []),
        ("wiet, heel NL", ["Nederland"]),
        ("Wiet, Houthalen-Helchteren en Dilsen-Stokkem", ["Houthalen-Helchteren", "Dilsen-Stokkem"]),
        ("wiet Tilburg, Breda niet", ["Tilburg"]),
        ("Coke 1g 60 BXL, Anderlecht. FR/NL/EN", ["Brussel", "Anderlecht"]),
        ("wiet, verzending NL/BE/DE", ["Nederland", "België", "Duitsland"]),
        ("Wiet, verzending DE/AT niet, NL/BE wel", ["Nederland", "België"]),
        ("wiet Deurne en Asten, Helmond doen we nie", ["Deurne", "Asten"]),
        ("wiet, verzending NL en BE", ["Nederland", "België"]),
        ("Haze, wir bringen in dieser Woche, Gramm 10 euro, grammeke", []),
        ("Haze, €150 a pen, you don't look", []),
        ("Haze, gaat per brief de deur uit, NL & BE", ["Nederland", "België"]),
        ("Haze, Alkmaar en Bergen nh", ["Alkmaar", "Bergen"]),
        ("Haze, shipping EU in 3 days, Dutch and NL spoken", ["Europa"]),
        ("Hoestdrank uit Parijs, codeïne 200 ml 30, Gent", ["Gent"]),
        ("Beste wiet van de Veluwe, alleen mensen uit Drenthe", ["Veluwe", "Drenthe"]),
        ("Wiet uit Spanje, verstuurd vanuit Drenthe", []),
        ("Keta from Germany/NL, meet in Arnhem", ["Arnhem"]),
        ("Wiet, Oss, Veghel. Niet: Eindhoven", ["Oss", "Veghel"]),
        ("Wiet, Gouda (niet: Leerdam)", ["Gouda"]),
        ("Wiet, mail voorbeeld [at] voorbeeld.example", []),
        ("Xanax over van vakantie in Thailand, Leiden", ["Leiden"]),
        ("Haze, NL > EU, ships NL>BE>LU", ["Europa", "België", "Luxemburg"]),
        ("Haze, alleen echt spul, Sittard", ["Sittard"]),
        ("Haze, regio Geleen, Sittard en Echt", ["Geleen", "Sittard", "Echt"]),
        ("Haze, Heerhugowaard en Langedijk", ["Heerhugowaard", "Langedijk"]),
        ("Haze in 't Gentse", ["Gent"]),
        ("Haze, Keulen? nee, Aken wel", ["Aken"]),
        ("Haze, Gouda. Delft en Westland niet meer", ["Gouda"]),
        ("Haze, Gouda (Delft voorlopig niet)", ["Gouda"]),
        ("Haze, Eindhoven, Veldhoven niet vanwege controles", ["Eindhoven"]),
        ("Ibiza quality haze, vraag naar de kaart, na tienen", []),
        (
            "Haze, no tracking unless you pay for it, post to FR, DE, LU",
            ["Frankrijk", "Duitsland", "Luxemburg"],
        ),
    ],
)
def test_places(text, expected):
    assert places(text) == expected


def test_a_dial_code_in_a_number_is_no_place():
    assert places("wiet, bel 020 555 0123") == []
    assert places("xanax 1000 stuks 1.050, op = op") == []


@pytest.mark.skipif(not REAL.is_dir(), reason="real texts are not at hand")
def test_forms_that_need_no_context_hardly_ever_stand_in_ordinary_texts():
    """Fewer than 1 in 200 texts without a drug in them; the genres are those without drug news."""
    lexicon = load_lexicon()
    sure = {entry.id for entry in lexicon.substances if entry.context == "none"}
    rows = [json.loads(line) for line in (REAL / "dutch_nonads.jsonl").read_text("utf-8").splitlines()]
    for genre in ("tweets", "reviews", "news", "subtitles"):
        texts = [row["text"] for row in rows if row["genre"] == genre]
        found = [
            text
            for text in texts
            if any(match.entry in sure for match in find_substances(fold(text), lexicon))
        ]
        assert len(found) < len(texts) / 200, genre
