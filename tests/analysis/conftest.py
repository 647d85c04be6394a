"""A results folder and what is true of it, made once for all tests of this package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drugscan.analysis import Results, open_results
from tests.analysis.folders import Post, fixture_texts, random_posts, write_results
from tests.conftest import LABELLED


@pytest.fixture(scope="session")
def posts() -> list[Post]:
    return random_posts(fixture_texts(LABELLED), 4_000)


@pytest.fixture(scope="session")
def results_folder(posts: list[Post], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_results(tmp_path_factory.mktemp("results") / "results", posts, n_rejects=3)


@pytest.fixture(scope="session")
def results(results_folder: Path) -> Iterator[Results]:
    with open_results(results_folder, identities=True) as opened:
        yield opened
