"""A results folder opened for questions: DuckDB over its Parquet files, within a bound of memory."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from drugscan.analysis.core import make_core
from drugscan.analysis.database import connect
from drugscan.analysis.questions import load_question
from drugscan.errors import InputError, SettingsError
from drugscan.pseudonyms import Pseudonyms, load_key
from drugscan.records import SCHEMA_VERSION

if TYPE_CHECKING:
    import pyarrow


def open_results(
    path: str | os.PathLike[str],
    *,
    key_file: str | os.PathLike[str] | None = None,
    identities: bool = False,
) -> Results:
    """Open a results folder for questions.

    Parameters
    ----------
    path : path
        A folder that ``drugscan scan`` wrote.
    key_file : path, optional
        The key of the pseudonyms, see :func:`drugscan.pseudonyms.load_key`.
    identities : bool, default False
        Show accounts, chats, contacts and texts as they are, in place of pseudonyms.

    Returns
    -------
    Results
        To be closed, or used in a ``with`` block.

    Raises
    ------
    InputError
        If the folder is no results folder, or one of another version.
    SettingsError
        If the key cannot be used.
    """
    folder = Path(path)
    manifest = _read_manifest(folder)
    return Results(folder, manifest, None if identities else Pseudonyms(load_key(key_file)))


def _read_manifest(folder: Path) -> dict[str, Any]:
    file = folder / "manifest.json"
    hint = "give a folder that drugscan scan wrote"
    if not file.is_file():
        raise InputError("is no results folder", where=str(folder), hint=hint)
    try:
        manifest = json.loads(file.read_text("utf-8"))
        version = manifest["schema_version"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError("is no manifest of a results folder", where=str(file), hint=hint) from error
    if version != SCHEMA_VERSION:
        raise InputError(
            f"has version {version}, this drugscan reads version {SCHEMA_VERSION}",
            where=str(folder),
            hint="scan again, or use the drugscan that wrote it",
        )
    return dict(manifest)


class Results:
    """The answers that a results folder gives; made by :func:`open_results`.

    Attributes
    ----------
    folder : Path
        The results folder.
    manifest : dict
        What ``manifest.json`` says.
    pseudonyms : Pseudonyms or None
        What stands in for identities; None where these are shown.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], pseudonyms: Pseudonyms | None) -> None:
        self.folder = folder
        self.manifest = manifest
        self.pseudonyms = pseudonyms
        self._spill = tempfile.TemporaryDirectory(prefix="drugscan-")
        self._connection = connect(folder, pseudonyms, spill=self._spill.name)
        self._has_core = False

    def __enter__(self) -> Results:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of files and memory."""
        self._connection.close()
        self._spill.cleanup()

    def ask(self, name: str, **parameters: int) -> pyarrow.Table:
        """Ask a question.

        Parameters
        ----------
        name : str
            One of :func:`drugscan.analysis.questions`.
        **parameters : int
            As the question's file names them.

        Returns
        -------
        pyarrow.Table
            The answer, in an order that is always the same.

        Raises
        ------
        SettingsError
            If there is no such question or parameter.
        """
        question = load_question(name)
        for parameter in parameters:
            if parameter not in question.parameters:
                raise SettingsError(
                    f"the question {name} has no parameter {parameter!r}",
                    hint=f"it has {', '.join(question.parameters) or 'none'}",
                )
        self._make_core()
        values = question.parameters | parameters
        return self._connection.sql(question.sql, params=values).to_arrow_table()

    def _make_core(self) -> None:
        """Make the tables that questions ask, at the first question."""
        if not self._has_core:
            make_core(self._connection, folder=self.folder)
            self._has_core = True
