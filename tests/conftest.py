"""What several tests share: where things are, a small model that trains in a second, the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from drugscan.model.labelled import LabelledText, read_labelled
from drugscan.model.store import save_model
from drugscan.model.train import TrainingOptions, train

# The same examples each time, so that a change is judged by itself; --hypothesis-profile=hunt looks further.
settings.register_profile("repeatable", derandomize=True)
settings.register_profile("hunt", max_examples=1000)
settings.load_profile("repeatable")

ROOT = Path(__file__).parent.parent
LABELLED = ROOT / "fixtures" / "labelled"
REAL = ROOT.parent / "shared" / "real"


@pytest.fixture(scope="session")
def labelled() -> list[LabelledText]:
    return read_labelled([LABELLED])


@pytest.fixture(scope="session")
def few_labelled(labelled: list[LabelledText]) -> list[LabelledText]:
    return [record for record in labelled if record.file in ("a", "b", "h")][::5]


@pytest.fixture(scope="session")
def small_model(few_labelled: list[LabelledText], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "small"
    save_model(train(few_labelled, options=TrainingOptions(n_folds=3, n_trees=60)), folder)
    return folder


@contextmanager
def full_disk(*, after_bytes: int) -> Iterator[None]:
    """Make every file too large that grows beyond some bytes: the system says so as of a full disk."""
    resource = pytest.importorskip("resource", reason="no limits on the size of files here")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after_bytes, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path) -> Run:
    """Run ``drugscan`` in an empty folder."""

    def call(*arguments, stdin: str | bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "drugscan", *map(str, arguments)],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, **environment},
            check=False,
            timeout=120,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "replace")
        )

    return call
