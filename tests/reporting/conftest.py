"""Results folders and pages that several tests look at, made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

import drugscan
from tests.analysis.folders import Post, Text
from tests.bench.corpus import make_corpus
from tests.reporting.chromium import EXECUTABLE, Chromium
from tests.reporting.folders import folder_of_corpus, folder_of_posts, write_measured_model

HOSTILE = (
    "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">\n"
    '=cmd|"/c calc"!A1 {{ 7 * 7 }} </script></style>\x07\x1b[31m \u202egro\ncoke 1 g 50 euro'
)


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("key") / "key"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model in the box, measured."""
    return write_measured_model(tmp_path_factory.mktemp("model") / "measured")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A small corpus and its truth: a year of 21 chats."""
    folder = tmp_path_factory.mktemp("corpus")
    return folder, make_corpus(folder, 4_000)


@pytest.fixture(scope="session")
def year(corpus: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of that corpus."""
    return folder_of_corpus(corpus[0], tmp_path_factory.mktemp("results") / "year")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day of ads and names that could do harm."""
    labels = ("drugsad", "harddrugs")
    names = (HOSTILE, "=1+1", "<b onclick=alert(1)>x</b>", "\u202egord", "n" * 40_000, "{{ 7 * 7 }}")
    texts = [
        Text(HOSTILE, labels, ["cocaine"], ["Utrecht"]),
        Text("w" * 100_000, labels),
        Text(f"{HOSTILE} 2"),
    ]
    day = datetime(2023, 5, 1, 12, tzinfo=timezone.utc)
    posts = [Post(text, name, name, day) for text in texts for name in names]
    return folder_of_posts(tmp_path_factory.mktemp("results") / "hostile", posts)


@pytest.fixture(scope="session")
def make_page(tmp_path_factory: pytest.TempPathFactory, key_file: Path, model: Path) -> Callable[..., Path]:
    """Make the page of a results folder, each once."""
    known: dict[tuple[Any, ...], Path] = {}

    def make(folder: Path, **options: Any) -> Path:
        wanted = (folder, *sorted(options.items()))
        if wanted not in known:
            known[wanted] = tmp_path_factory.mktemp("page") / "report.html"
            drugscan.report(folder, known[wanted], key_file=key_file, model=model, **options)
        return known[wanted]

    return make


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    if EXECUTABLE is None:
        pytest.skip("no chromium on the path")
    with Chromium() as browser:
        yield browser
