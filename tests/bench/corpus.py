"""Write a corpus of any size in the shape of the NOS's, with its truth beside it.

Half of the messages are ads, of few distinct ones: a hundredth of the number of messages, each posted
from once to thousands of times (by Zipf's law with Mandelbrot's shift), in variants with other prices,
dates, emoji and contacts. A provider has one to four accounts, an account one to five of the 21 chats,
an ad its days. A few ads are templates that several providers use. Of the other messages two thirds
are posted once; the rest has no text, or is one of some thousand phrases and spam texts.

Texts are made from the labelled fixtures: an ad from two of them, with the contacts replaced, so that
its labels are those of both; other messages from one, with a letter dropped and a new word.
Variants change at most a tenth of an ad's runs of characters, so that all are near-duplicates.

Into FOLDER go ``messages.jsonl`` and the truth, counted while writing: ``truth.json`` (the headline
numbers), ``truth_texts.parquet`` (a row a distinct text: ``text_id``, ``cluster`` or null, ``labels``,
``substances``, ``places``) and ``truth_accounts.parquet`` (``account``, ``provider``; who posted ads).
``fixtures/demo.jsonl.gz`` is the ``messages.jsonl`` of ``--rows 20000`` of an earlier state of the fixtures,
and stays as it is when they grow.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
import orjson
import pyarrow
from pyarrow import parquet

from drugscan.records import text_id
from drugscan.text import fold_with_offsets

LABELLED = Path(__file__).parents[2] / "fixtures" / "labelled"

WITH_ADS, ORDINARY = "abcdefg", "hijkl"  # fixed, so that later files leave a corpus as it is

AD_SHARE = 0.5
MESSAGES_AN_AD = 51  # 2.8 million messages of 55,000 distinct ads
ADS_A_PROVIDER = 7.2
ACCOUNTS_A_PROVIDER = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4)
TEMPLATE_SHARE = 0.005
PROVIDERS_A_TEMPLATE = 8
N_CHATS = 21
FIRST_DAY = datetime(2022, 12, 1, tzinfo=timezone.utc)
N_DAYS = 365
HOUR_WEIGHTS = (4, 3, 2, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 9, 10, 11, 12, 12, 12, 11, 9, 7)
TEXTLESS_SHARE, PHRASE_SHARE, HARD_SHARE = 0.1, 0.25, 0.15  # of the messages that are no ads

SYLLABLES = [
    first + second for first in "bdfghjklmnprstvwz" for second in ("a", "e", "i", "o", "u", "aa", "ij")
]
EMOJI = "🔥💯✅🚀⭐🎉🌟👑"
GREETINGS = ("Goedemorgen", "Hoi allemaal", "Vraagje", "Haha", "Weet iemand dit", "Update", "Even dit", "Oké")


class Ad(NamedTuple):
    """A labelled ad, its contacts cut out, to make others of."""

    text: str
    record: dict[str, Any]


class AdText(NamedTuple):
    """One variant of an ad, and who posts it."""

    text: str
    cluster: int
    provider: int


def read_fixtures() -> tuple[list[Ad], list[str], list[str]]:
    """Return ads, ordinary texts, and texts that are no ads though they resemble some."""
    ads, ordinary, hard = [], [], []
    for stem in (*WITH_ADS, *ORDINARY):
        for record in map(json.loads, (LABELLED / f"{stem}.jsonl").read_text("utf-8").splitlines()):
            text = without_contacts(record["text"])
            if "drugsad" in record["labels"]:
                if 60 <= len(text) <= 600:
                    ads.append(Ad(text, record))
            elif len(text) >= 15:
                (ordinary if stem in ORDINARY else hard).append(text)
    return ads, ordinary, hard


def without_contacts(text: str) -> str:
    for contact in sorted(fold_with_offsets(text).contacts, key=lambda contact: -contact.start):
        text = text[: contact.start] + text[contact.end :]
    return text.strip()


def invented_word(number: int) -> str:
    """Return a word of syllables, another for each number."""
    word = ""
    while number or not word:
        number, place = divmod(number, len(SYLLABLES))
        word += SYLLABLES[place]
    return word


def compose_ads(ads: list[Ad], n_clusters: int, rng: random.Random) -> Iterator[tuple[Ad, Ad]]:
    """Yield pairs of ads, each once; neither so short that two pairs with one ad in common look alike."""
    seen = set()
    while len(seen) < n_clusters:
        pair = rng.randrange(len(ads)), rng.randrange(len(ads))
        first, second = (ads[one] for one in pair)
        short, long = sorted((len(first.text), len(second.text)))
        is_bulk = "bulk" in merged((first, second), "labels")
        key = min(pair), max(pair)
        if key in seen or first is second or short < 0.3 * long or short + long < 200:
            continue
        if not is_bulk or rng.random() < 0.3:  # two ads in one would be in bulk twice as often
            seen.add(key)
            yield first, second


def contact_of(provider: int, style: int, rng: random.Random) -> str:
    """Return the provider's phone number or handle, in a writing that the draw decides."""
    if style == 0 and provider < 10_000:
        digits = f"{provider:04}"
        return rng.choice((f"06 0000 {digits}", f"06-0000{digits}", f"060000{digits}", f"06 00 00 {digits}"))
    return f"@voorbeeld_{invented_word(provider)}"


PRICE = re.compile(r"(?<=€)\d{2,3}\b|(?<=€ )\d{2,3}\b|\b\d{2,3}(?= ?(?:euro|eur|€))")


def vary(body: str, budget: float, rng: random.Random) -> tuple[str, str]:
    """Return another body and first line; ``budget`` is how many runs of five characters may change."""
    top = ""
    for _ in range(rng.randrange(4)):
        kind = rng.randrange(3)
        prices = list(PRICE.finditer(body)) if kind == 0 else []
        if prices and budget >= 10:
            price = rng.choice(prices)
            body = body[: price.end() - 1] + rng.choice("05") + body[price.end() :]
            budget -= 10
        elif kind == 1 and not top and budget >= 20:
            top = rng.choice(EMOJI) + "\n"
            budget -= 20
        elif kind == 2 and budget >= 14 and "t/m" not in body:
            body += f"\nt/m {rng.randint(1, 28)}-{rng.randint(1, 12)}"
            budget -= 14
    return top, body


def make_ad_texts(
    ads: list[Ad], copies: np.ndarray, owners: np.ndarray, rng: random.Random, *, distinct: bool
) -> tuple[list[AdText], list[dict[str, list[str]]]]:
    """Return all variants, and the labels, substances and places of each cluster."""
    n_providers = int(owners.max()) + 1
    texts: list[AdText] = []
    truths = []
    for cluster, pair in enumerate(compose_ads(ads, len(copies), rng)):
        truths.append({key: merged(pair, key) for key in ("labels", "substances", "places")})
        body = f"{pair[0].text}\n{pair[1].text}"
        n_copies, owner = int(copies[cluster]), int(owners[cluster])
        is_template = rng.random() < TEMPLATE_SHARE
        n_variants = n_copies if distinct else min(n_copies, 1 + int(n_copies**0.4))
        style = 1 if distinct else rng.randrange(3)
        for variant in range(n_variants):
            provider = owner
            if is_template:
                provider = (owner + 37 * (variant % PROVIDERS_A_TEMPLATE)) % n_providers
            top, varied = vary(body, 0.1 * len(body), rng) if variant else ("", body)
            number = f"_{variant}" if distinct else ""
            contact = contact_of(provider, style, rng) + number
            texts.append(
                AdText(f"{top}{varied}\n{('App', 'Dm', 'Signal')[style]} {contact}", cluster, provider)
            )
    return texts, truths


def merged(pair: tuple[Ad, Ad], key: str) -> list[str]:
    return list(dict.fromkeys(value for ad in pair for value in ad.record[key]))


class OtherTexts:
    """Makes the messages that are no ads; texts stay whole, since half of one may say something else."""

    def __init__(self, ordinary: list[str], hard: list[str], rng: random.Random, *, distinct: bool) -> None:
        self._pools = ordinary, hard
        self._rng = rng
        self._distinct = distinct
        self._n_made = 0
        self._phrases = [self._once() for _ in range(3_000)]

    def next(self) -> str:
        draw = self._rng.random()
        if self._distinct:
            return f"{self._once()} {invented_word(1_000_000 + self._n_made)}"
        if draw < TEXTLESS_SHARE:
            return ""
        if draw < TEXTLESS_SHARE + PHRASE_SHARE:
            return self._phrases[int(len(self._phrases) ** self._rng.random()) - 1]
        return self._once()

    def _once(self) -> str:
        rng = self._rng
        self._n_made += 1
        pool = self._pools[rng.random() < HARD_SHARE]
        text = pool[int(rng.random() * len(pool))]
        draw = rng.random()
        if draw < 0.3:
            place = int(rng.random() * len(text))
            text = text[:place] + text[place + 1 :]
        elif draw < 0.6:
            text = f"{GREETINGS[int(draw * 20) % len(GREETINGS)]}, {text}"
        return f"{text} {invented_word(1_000 + int(rng.random() ** 2 * 4_000_000))}"


class Rows(NamedTuple):
    """All messages, in order of time; of an ad ``text`` is a position, of another -1."""

    seconds: np.ndarray
    text: np.ndarray
    account: np.ndarray
    chat: np.ndarray


def draw_copies(n_messages: int, n_clusters: int) -> np.ndarray:
    """Return how often each ad is posted: Zipf's law, shifted so that the first has 0.35 % of all."""
    shares = (np.arange(1, n_clusters + 1) + n_clusters / 550) ** -1.3
    copies = np.maximum(1, np.floor(shares / shares.sum() * n_messages)).astype(np.int64)
    copies[0] += n_messages - copies.sum()
    return copies


def draw_rows(
    n_rows: int, copies: np.ndarray, texts: list[AdText], first_accounts: np.ndarray, rng, *, distinct: bool
) -> Rows:
    n_ads = int(copies.sum())
    cluster_of = np.array([text.cluster for text in texts])
    provider_of = np.array([text.provider for text in texts])
    starts = np.searchsorted(cluster_of, np.arange(len(copies)))
    n_variants = np.diff(np.append(starts, len(texts)))
    clusters = np.repeat(np.arange(len(copies)), copies)
    if distinct:
        own = np.arange(n_ads)
    else:
        own = starts[clusters] + (rng.random(n_ads) ** 1.5 * n_variants[clusters]).astype(np.int64)
    n_accounts = np.diff(first_accounts)
    providers = provider_of[own]
    accounts = first_accounts[providers] + (rng.random(n_ads) * n_accounts[providers]).astype(np.int64)
    begins = rng.random(len(copies)) * N_DAYS * 0.9
    days = begins[clusters] + rng.random(n_ads) * rng.exponential(40, len(copies))[clusters]
    n_others = n_rows - n_ads
    n_sellers = int(first_accounts[-1])
    others = n_sellers + (rng.random(n_others) ** 2 * max(n_rows // 140, 5)).astype(np.int64)
    others = np.where(rng.random(n_others) < 0.05, rng.integers(0, n_sellers, n_others), others)
    days = np.floor(np.concatenate([days, rng.random(n_others) * N_DAYS]) % N_DAYS)
    weights = np.array(HOUR_WEIGHTS) / sum(HOUR_WEIGHTS)
    seconds = days * 86_400 + rng.choice(24, n_rows, p=weights) * 3_600 + rng.integers(0, 3_600, n_rows)
    account = np.concatenate([accounts, others])
    n_own_chats = 1 + account % 5
    chat = (account * 8 + (rng.random(n_rows) ** 1.5 * n_own_chats).astype(np.int64) * 5) % N_CHATS
    text = np.concatenate([own, np.full(n_others, -1)])
    order = np.lexsort((rng.permutation(n_rows), seconds))
    return Rows(seconds[order].astype(np.int64), text[order], account[order], chat[order])


def write_messages(path: Path, rows: Rows, texts: list[AdText], others: OtherTexts, truth: Truth) -> None:
    next_id = [0] * N_CHATS
    columns = zip(*(column.tolist() for column in rows), strict=True)
    with path.open("wb") as file:
        for seconds, own, account, chat in columns:
            next_id[chat] += 1
            text = texts[own].text if own >= 0 else others.next()
            row: dict[str, Any] = {
                "id": next_id[chat],
                "chat": f"Voorbeeldgroep {chat + 1:02}",
                "date": FIRST_DAY + timedelta(seconds=seconds),
            }
            if own >= 0 or account % 29:  # a few post without a name
                row["sender_id"] = f"user{account}"
                row["sender"] = f"voorbeeld_{invented_word(account)}"
            row["text"] = text
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z))
            truth.add(text, texts[own] if own >= 0 else None, row)


class Truth:
    """Counts what is written, apart from all that drugscan counts."""

    schema = pyarrow.schema(
        [
            ("text_id", pyarrow.string()),
            ("cluster", pyarrow.int32()),
            *((name, pyarrow.list_(pyarrow.string())) for name in ("labels", "substances", "places")),
        ]
    )

    def __init__(self, folder: Path, of_clusters: list[dict[str, list[str]]]) -> None:
        self._folder = folder
        self._of_clusters = of_clusters
        self._seen: set[bytes] = set()
        self._rows: list[dict[str, Any]] = []
        self._writer = parquet.ParquetWriter(folder / "truth_texts.parquet", self.schema)
        self._providers: dict[str, int] = {}
        self._clusters: set[int] = set()
        self._accounts: set[str] = set()
        self._chats: set[str] = set()
        self._dates: list[datetime] = []
        self._bulk_messages = 0
        self._n = dict.fromkeys(("messages", "with_text", "ad_messages", "texts", "ad_texts"), 0)

    def add(self, text: str, ad: AdText | None, row: dict[str, Any]) -> None:
        n = self._n
        n["messages"] += 1
        n["with_text"] += bool(text)
        self._chats.add(row["chat"])
        self._dates = [self._dates[0] if self._dates else row["date"], row["date"]]
        if "sender_id" in row:
            self._accounts.add(row["sender_id"])
        if ad is not None:
            n["ad_messages"] += 1
            self._clusters.add(ad.cluster)
            self._providers[row["sender_id"]] = ad.provider
            self._bulk_messages += "bulk" in self._of_clusters[ad.cluster]["labels"]
        own = text_id(text)
        if (key := bytes.fromhex(own)) not in self._seen:
            self._seen.add(key)
            n["texts"] += bool(text)
            n["ad_texts"] += ad is not None
            of_text = self._of_clusters[ad.cluster] if ad else {"labels": ["geendrugsad"]}
            self._rows.append({"text_id": own, "cluster": ad.cluster if ad else None, **of_text})
            if len(self._rows) == 20_000:
                self._flush()

    def _flush(self) -> None:
        self._writer.write_table(pyarrow.Table.from_pylist(self._rows, schema=self.schema))
        self._rows.clear()

    def finish(self) -> dict[str, Any]:
        """Write the truth and return the headline numbers."""
        self._flush()
        self._writer.close()
        accounts = sorted(self._providers.items())
        table = {"account": [name for name, _ in accounts], "provider": [number for _, number in accounts]}
        parquet.write_table(pyarrow.table(table), self._folder / "truth_accounts.parquet")
        truth = {
            **self._n,
            "ads": len(self._clusters),
            "accounts": len(self._accounts),
            "ad_accounts": len(self._providers),
            "providers": len(set(self._providers.values())),
            "chats": len(self._chats),
            "bulk_messages": self._bulk_messages,
            "first_date": self._dates[0].isoformat(),
            "last_date": self._dates[1].isoformat(),
        }
        (self._folder / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
        return truth


def make_corpus(folder: Path, n_rows: int, *, seed: int = 0, distinct: bool = False) -> dict[str, Any]:
    """Write a corpus and its truth into a folder; return the headline numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, draws = random.Random(seed), np.random.default_rng(seed)
    ads, ordinary, hard = read_fixtures()
    n_ads = int(n_rows * AD_SHARE)
    copies = draw_copies(n_ads, max(n_ads // MESSAGES_AN_AD, 2))
    n_providers = max(int(len(copies) / ADS_A_PROVIDER), 1)
    owners = np.concatenate(
        [np.arange(n_providers), (draws.random(len(copies) - n_providers) ** 2 * n_providers).astype(int)]
    )
    owners = draws.permutation(owners)
    first_accounts = np.cumsum([0, *draws.choice(ACCOUNTS_A_PROVIDER, n_providers)])
    texts, truths = make_ad_texts(ads, copies, owners, rng, distinct=distinct)
    rows = draw_rows(n_rows, copies, texts, first_accounts, draws, distinct=distinct)
    truth = Truth(folder, truths)
    others = OtherTexts(ordinary, hard, rng, distinct=distinct)
    write_messages(folder / "messages.jsonl", rows, texts, others, truth)
    return truth.finish()


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--rows", "n_rows", default=100_000, show_default=True, type=click.IntRange(min=200))
@click.option("--seed", default=0, show_default=True)
@click.option("--distinct", is_flag=True, help="No text twice.")
def main(folder: Path, n_rows: int, seed: int, distinct: bool) -> None:
    click.echo(json.dumps(make_corpus(folder, n_rows, seed=seed, distinct=distinct), indent=1))


if __name__ == "__main__":
    main()
