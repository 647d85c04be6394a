"""Real exports, where they are at hand: as many messages as an independent count finds."""

from __future__ import annotations

import csv
import json
import re

import pytest

from drugscan.read import Rejects, open_messages
from tests.conftest import REAL

TELEGRAM = REAL / "telegram"
pytestmark = pytest.mark.skipif(not TELEGRAM.is_dir(), reason="real exports are not at hand")


def count_csv(path):
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def count_export(path):
    return sum(message["type"] == "message" for message in json.loads(path.read_text("utf-8"))["messages"])


COUNTS = {
    "desktop_channel_result.json": count_export,
    "desktop_channel_messages.html": lambda path: len(
        re.findall('class="message default', path.read_text("utf-8"))
    ),
    "telethon_scraper.csv": count_csv,
    "telethon_channel.csv": count_csv,
    "telethon_group_scraper.json": lambda path: len(json.loads(path.read_text("utf-8"))),
    "telethon_messages.json": lambda path: len(json.loads(path.read_text("utf-8"))),
}


def read(name):
    with Rejects(0) as rejects:
        return [m for batch in open_messages(TELEGRAM / name, rejects=rejects).batches() for m in batch]


@pytest.mark.parametrize("name", COUNTS)
def test_as_many_messages_as_an_independent_count(name):
    messages = read(name)
    assert len(messages) == COUNTS[name](TELEGRAM / name)
    assert sum(message.date is not None for message in messages) == len(messages)
    assert sum(bool(message.text) for message in messages) > len(messages) / 2


def test_both_forms_of_one_export_say_the_same():
    as_json, as_html = read("desktop_channel_result.json"), read("desktop_channel_messages.html")
    for field in ("message_id", "date", "chat", "sender", "forwarded_from", "text"):
        assert [getattr(m, field) for m in as_json] == [getattr(m, field) for m in as_html], field
