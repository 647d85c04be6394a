"""What leads to a person hidden in columns of texts: by all processors, once there are many texts."""

from __future__ import annotations

import threading
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING

from drugscan.engines.local import count_processors, prepared_processes

if TYPE_CHECKING:
    import pyarrow
    from joblib.externals.loky.process_executor import ProcessPoolExecutor

    from drugscan.privacy.pseudonyms import Pseudonyms

SignedText = tuple[str, bool]
"""A text, and whether it has a sign of a contact."""

# Texts that one process has hidden by the time others would have started.
_FEW = 5_000


class Hiding:
    """Texts in, texts with pseudonyms out, as a function of the database.

    Looking through a text takes some hundred microseconds of Python, so that the database's threads would
    wait for each other; each of them hands its texts to a process instead.

    Parameters
    ----------
    pseudonyms : Pseudonyms
        What stands in for identities. Their ``known`` names are read at the first call.
    """

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self.pseudonyms = pseudonyms
        self._n_texts = 0
        self._alone = count_processors() == 1
        self._workers: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    def hide(self, texts: pyarrow.Array, signs: pyarrow.Array) -> pyarrow.Array:
        """Return the texts with everything in them replaced that leads to a person.

        Those without a sign of a contact have nothing but names.
        """
        import pyarrow

        found = list(zip(texts.to_pylist(), signs.to_pylist(), strict=True))
        self._n_texts += len(found)
        hidden = self._here(found) if self._alone or self._n_texts <= _FEW else self._elsewhere(found)
        return pyarrow.array(hidden, pyarrow.string())

    def close(self) -> None:
        """Let the processes go."""
        if self._workers is not None:
            self._workers.shutdown()

    def _here(self, texts: list[SignedText]) -> list[str]:
        return _hidden(self.pseudonyms, texts)

    def _elsewhere(self, texts: list[SignedText]) -> list[str]:
        try:
            return list(self._started().submit(_hide, texts).result())
        except (OSError, BrokenExecutor):  # there is no memory for more processes, or one was ended for it
            self._alone = True
            return self._here(texts)

    def _started(self) -> ProcessPoolExecutor:
        with self._lock:  # of the database's threads the first one starts them
            if self._workers is None:
                self._workers = prepared_processes(_keep, self.pseudonyms, jobs=count_processors())
            return self._workers


# --- in a process of its own ----------------------------------------------------------------------


# The known names are too many to come along with each call.
_kept: dict[str, Pseudonyms] = {}


def _keep(pseudonyms: Pseudonyms) -> None:
    _kept["pseudonyms"] = pseudonyms


def _hide(texts: list[SignedText]) -> list[str]:
    return _hidden(_kept["pseudonyms"], texts)


def _hidden(pseudonyms: Pseudonyms, texts: list[SignedText]) -> list[str]:
    return [pseudonyms.text(text) if has_sign else pseudonyms.names_in(text) for text, has_sign in texts]
