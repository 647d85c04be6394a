"""Results folders and pages that several tests look at, made once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import drugscan
from tests.bench.corpus import make_corpus
from tests.reporting.chromium import EXECUTABLE, Chromium
from tests.reporting.folder import folder_of_corpus, write_folder

HOSTILE = (
    "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">\n"
    '=cmd|"/c calc"!A1 {{ 7 * 7 }} </script></style>\x07\x1b[31m \u202egro\n'
    "coke 1 g 50 euro, bezorging Utrecht"
)
LONG_WORD = "w" * 100_000
CONTACT = "@voorbeeld_verkoper"
PHONE = "06 0000 0123"


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("key") / "key"
    file.touch(mode=0o600)
    file.write_text("07" * 32)
    return file


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A small corpus and its truth: a year of 21 chats."""
    folder = tmp_path_factory.mktemp("corpus")
    return folder, make_corpus(folder, 4_000)


@pytest.fixture(scope="session")
def year(corpus: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of that corpus, as a scan without mistakes would write it."""
    return folder_of_corpus(corpus[0], tmp_path_factory.mktemp("results") / "year")


def make_folder(
    folder: Path, messages: list[dict[str, Any]], *, ads: dict[str, list[str]] | None = None
) -> Path:
    """Write a results folder in which each ad text is an ad of its own."""
    labels = ads or {}
    return write_folder(folder, messages, labels, {text: str(number) for number, text in enumerate(labels)})


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day of one chat with all that could do harm, and with contacts in every field."""
    ad = f"{HOSTILE}\napp {PHONE}, {CONTACT} of t.me/voorbeeld_winkel"
    long_ad = f"{LONG_WORD} wiet 5 g 40 euro"
    chat = f"<b onclick=alert(1)>=1+1 {CONTACT}</b>"
    messages = [
        {"text": text, "chat": chat, "sender": sender, "date": f"2023-05-01T0{hour}:00:00Z"}
        for hour, (text, sender) in enumerate([(ad, CONTACT), (long_ad, PHONE), ("hallo", None), ("", None)])
    ]
    labels = ["drugsad", "harddrugs", "bezorging"]
    folder = tmp_path_factory.mktemp("results") / "hostile"
    return make_folder(folder, messages, ads={ad: labels, long_ad: ["drugsad", "softdrugs"]})


@pytest.fixture(scope="session")
def make_page(tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> Callable[..., Path]:
    """Make the page of a results folder, each once."""
    known: dict[tuple[Any, ...], Path] = {}

    def make(folder: Path, **options: Any) -> Path:
        wanted = (folder, *sorted(options.items()))
        if wanted not in known:
            known[wanted] = tmp_path_factory.mktemp("page") / "report.html"
            drugscan.report(folder, known[wanted], key_file=key_file, **options)
        return known[wanted]

    return make


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    if EXECUTABLE is None:
        pytest.skip("no chromium on the path")
    with Chromium() as browser:
        yield browser


def numbers(page: str) -> dict[str, Any]:
    """Return the data of the charts of a page, by figure."""
    marker = '<script type="application/json" id="'
    found = {}
    for part in page.split(marker)[1:]:
        name, rest = part.split('">', 1)
        found[name] = json.loads(rest.split("</script>", 1)[0])
    return found
