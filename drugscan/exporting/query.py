"""Queries: a SELECT by the user, and its answer as a file."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from drugscan.analysis import open_results
from drugscan.exporting.answer import Answer
from drugscan.exporting.export import NESTED_FORMATS, choose_format, note_of, write_answers

if TYPE_CHECKING:
    import pyarrow


def query(
    results: str | os.PathLike[str],
    sql: str,
    *,
    key_file: str | os.PathLike[str] | None = None,
    identities: bool = False,
) -> pyarrow.Table:
    """Run a SELECT over the tables of a results folder.

    Parameters
    ----------
    results : path
        A folder that ``drugscan scan`` wrote.
    sql : str
        One SELECT, see :meth:`drugscan.analysis.Results.select`.
    key_file, identities
        As for :func:`drugscan.analysis.open_results`.

    Returns
    -------
    pyarrow.Table
        The answer.

    Raises
    ------
    InputError
        If there is no results folder.
    SettingsError
        If the statement is no SELECT over the tables.
    """
    with open_results(results, key_file=key_file, identities=identities) as opened:
        return opened.select(sql).read_all()


def export_query(
    results: str | os.PathLike[str],
    sql: str,
    output: str | os.PathLike[str],
    *,
    output_format: str | None = None,
    excel: bool = False,
    key_file: str | os.PathLike[str] | None = None,
    identities: bool = False,
    force: bool = False,
) -> str:
    """Run a SELECT over the tables of a results folder and write its answer.

    Parameters
    ----------
    results, sql
        As for :func:`query`.
    output, output_format, excel, key_file, identities, force
        As for :func:`drugscan.exporting.export.export`.

    Returns
    -------
    str
        What a reader must know: whether identities are shown.

    Raises
    ------
    InputError
        If there is no results folder.
    OutputError
        If the file cannot be written.
    SettingsError
        If the statement is no SELECT over the tables, or the output makes no sense.
    """
    chosen = choose_format(output, output_format, excel=excel, n_answers=1)
    with open_results(results, key_file=key_file, identities=identities) as opened:
        read = partial(opened.select, sql, flat=chosen not in NESTED_FORMATS)
        count = partial(opened.count_selected, sql)
        asked = opened.hide(" ".join(sql.split()))
        answer = Answer("query", asked, note_of(opened), read=read, count=count)
        write_answers(output, [answer], output_format=chosen, excel=excel, force=force)
        return answer.note
