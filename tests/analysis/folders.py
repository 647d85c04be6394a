"""Small results folders for tests: labelled texts of the fixtures, invented accounts, chats and dates."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet

from drugscan.records import LABELS, SCHEMA_VERSION, ads_schema, messages_schema, text_id, texts_schema

FIRST_DAY = datetime(2023, 1, 1, tzinfo=timezone.utc)
_FACTORS = {"quantity": 1_000, "quantity_max": 1_000, "price_eur": 100, "unit_price_eur": 1_000_000}
_NAMES = {
    "quantity": "quantity_thousandths",
    "quantity_max": "quantity_max_thousandths",
    "price_eur": "price_cents",
    "unit_price_eur": "unit_price_micro_eur",
}


@dataclass
class Text:
    """A text and what is known of it, as the codebook writes it."""

    text: str
    labels: Sequence[str] = ("geendrugsad",)
    substances: Sequence[str] = ()
    places: Sequence[str] = ()
    offers: Sequence[Mapping[str, Any]] = ()
    contacts: Sequence[tuple[str, str]] = ()
    models_agree: bool = True
    ad: str | None = None
    """Any text of the same ad; itself if not said."""

    @property
    def is_ad(self) -> bool:
        return "drugsad" in self.labels


@dataclass
class Post:
    """A message."""

    text: Text
    account: str | None = "user1"
    chat: str | None = "Voorbeeldgroep"
    date: datetime | None = FIRST_DAY
    fields: dict[str, Any] = field(default_factory=dict)


def write_results(
    folder: Path,
    posts: Sequence[Post],
    *,
    n_parts: int = 1,
    n_rejects: int = 0,
    order: Sequence[int] | None = None,
) -> Path:
    """Write a results folder; ``order`` shuffles the rows, whose records stay those of ``posts``."""
    for name in ("messages", "texts"):
        (folder / name).mkdir(parents=True)
    texts = {text_id(post.text.text): post.text for post in posts}
    messages = [_message(number, post) for number, post in enumerate(posts, start=1)]
    messages = [messages[position] for position in order or range(len(messages))]
    _write_parts(folder / "messages", messages, messages_schema(), n_parts)
    _write_parts(folder / "texts", [_text(key, texts[key]) for key in texts], texts_schema(), n_parts)
    ads = sorted((key, ad_id) for key, ad_id in ad_ids(texts.values()).items())
    rows = [{"text_id": key, "ad_id": ad_id} for key, ad_id in ads]
    parquet.write_table(pyarrow.Table.from_pylist(rows, schema=ads_schema()), folder / "ads.parquet")
    (folder / "rejects.jsonl").write_text('{"reason": "no text"}\n' * n_rejects)
    (folder / "manifest.json").write_text(json.dumps({"schema_version": SCHEMA_VERSION, "finished": True}))
    return folder


def ad_ids(texts: Iterable[Text]) -> dict[str, str]:
    """Return the ad of each text that is one: the smallest identity of its cluster."""
    clusters: dict[str, list[str]] = {}
    for text in texts:
        if text.is_ad:
            clusters.setdefault(text.ad or text.text, []).append(text_id(text.text))
    return {key: min(keys) for keys in clusters.values() for key in keys}


def _write_parts(folder: Path, rows: list[dict[str, Any]], schema: pyarrow.Schema, n_parts: int) -> None:
    for number in range(n_parts):
        table = pyarrow.Table.from_pylist(rows[number::n_parts], schema=schema)
        parquet.write_table(table, folder / f"part-{number:05}.parquet")


def _message(number: int, post: Post) -> dict[str, Any]:
    return {
        "source": "voorbeeld.jsonl",
        "record": number,
        "chat": post.chat,
        "message_id": str(number),
        "account": post.account,
        "date": post.date,
        "text_id": text_id(post.text.text),
    } | post.fields


def _text(key: str, text: Text) -> dict[str, Any]:
    return {
        "text_id": key,
        "text": text.text,
        "labels": list(text.labels),
        "scores": dict.fromkeys(LABELS, 0.5),
        "models_agree": text.models_agree,
        "substances": list(text.substances),
        "places": list(text.places),
        "offers": [_offer(offer) for offer in text.offers],
        "contacts": [{"kind": kind, "value": value} for kind, value in text.contacts],
        "spans": [],
    }


def _offer(offer: Mapping[str, Any]) -> dict[str, Any]:
    amounts = {
        _NAMES[name]: None if offer.get(name) is None else round(offer[name] * factor)
        for name, factor in _FACTORS.items()
    }
    return {"substance": offer.get("substance"), "unit": offer.get("unit")} | amounts


def fixture_texts(labelled: Path, *, files: str = "abh") -> list[Text]:
    """Return labelled texts; every tenth ad is a variant of the one before."""
    texts: list[Text] = []
    for file in files:
        for number, line in enumerate((labelled / f"{file}.jsonl").read_text("utf-8").splitlines()):
            record = json.loads(line)
            keys = ("text", "labels", "substances", "places", "offers")
            text = Text(**{key: record.get(key, ()) for key in keys}, models_agree=number % 7 > 0)
            if text.is_ad:
                text.contacts = [("phone", f"+3160000{number // 2:04}")] if number % 3 else []
                if number % 10 == 9 and texts and texts[-1].is_ad:
                    text.ad = texts[-1].ad or texts[-1].text
            texts.append(text)
    return texts


def random_posts(texts: Sequence[Text], n_posts: int, *, seed: int = 0) -> list[Post]:
    """Return posts of texts, some often; some without account, chat, text or date, or with a wrong one."""
    rng = random.Random(seed)
    posts = []
    wrong = [datetime(year, 1, 1, tzinfo=timezone.utc) for year in (1970, 2013, 2099)]
    for _ in range(n_posts):
        account = rng.randrange(40)
        posts.append(
            Post(
                Text("") if rng.random() < 0.05 else texts[int(rng.random() ** 3 * len(texts))],
                account=None if rng.random() < 0.1 else f"user{account}",
                chat=None if rng.random() < 0.05 else f"Voorbeeldgroep {account % 7}",
                date=rng.choice([None, *wrong])
                if rng.random() < 0.05
                else FIRST_DAY + timedelta(seconds=rng.randrange(250 * 86_400)),
            )
        )
    return posts
