"""The report of a results folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from drugscan.analysis import open_results
from drugscan.errors import SettingsError
from drugscan.reporting import headline
from drugscan.reporting.answers import Answers
from drugscan.reporting.figure import Figure
from drugscan.reporting.page import render
from drugscan.reporting.sections import (
    chats,
    copies,
    delivery,
    places,
    prices,
    providers,
    reliability,
    substances,
    time,
)
from drugscan.reporting.small_cells import leave_out_small
from drugscan.reporting.sources import known_of_model, model_figures, traced
from drugscan.reporting.words import Words
from drugscan.write import check_free, whole_file

SECTIONS: Mapping[str, Callable[[Answers, Words], list[Figure]]] = {
    "time": time.figures,
    "substances": substances.figures,
    "delivery": delivery.figures,
    "places": places.figures,
    "prices": prices.figures,
    "copies": copies.figures,
    "providers": providers.figures,
    "chats": chats.figures,
    "reliability": reliability.figures,
}
"""The sections in their order."""


def report(
    results: str | os.PathLike[str],
    output: str | Path,
    *,
    lang: str = "en",
    model: str | os.PathLike[str] | None = None,
    min_count: int = 0,
    key_file: str | os.PathLike[str] | None = None,
    identities: bool = False,
    force: bool = False,
) -> None:
    """Write what a results folder says as one HTML file.

    Parameters
    ----------
    results : path
        A folder that ``drugscan scan`` wrote.
    output : path
        The file; it needs nothing else, and no network.
    lang : {"en", "nl"}, default "en"
        The language.
    model : path, optional
        The model that the scan used, if it is not the one in the box: the page shows its figures.
    min_count : int, default 0
        Leave out rows that rest on fewer accounts, see :func:`drugscan.analysis.suppress_small`.
    key_file : path, optional
        The key of the pseudonyms, see :func:`drugscan.privacy.pseudonyms.load_key`.
    identities : bool, default False
        Show accounts, chats, contacts and texts as they are. The page says so.
    force : bool, default False
        Replace a file that exists.

    Raises
    ------
    InputError
        If the folder is no results folder of this version.
    OutputError
        If the file exists or cannot be written.
    SettingsError
        If there is no such language, the file's suffix is of another format, the key cannot be used, or the
        extra ``report`` is not installed.
    """
    words = Words(lang)
    if Path(output).suffix.lower() not in ("", ".html", ".htm"):
        raise SettingsError("a report is HTML", where=os.fspath(output), hint="name it .html")
    check_free(output, force=force)
    _check_extra()
    with open_results(results, key_file=key_file, identities=identities) as opened:
        stated = model_figures(opened.manifest, model)
        answers = Answers(opened, model_figures=stated)
        sections = {name: figures(answers, words) for name, figures in SECTIONS.items()}
        if min_count:
            large = answers.without_small(min_count)
            sections = {
                name: leave_out_small(figures, SECTIONS[name](large, words))
                for name, figures in sections.items()
            }
        page = render(
            words=words,
            title=headline.title(answers.headline, words),
            lead=headline.lead(answers, words),
            numbers=headline.numbers(answers, words, min_count=min_count),
            sections=sections,
            known=known_of_model(stated),
            traced=traced(opened.manifest, answers, words, min_count=min_count, identities=identities),
            identities=identities,
        )
    with whole_file(output, force=force) as file:
        # A text may hold a lone surrogate, which no encoding can.
        file.write(page.encode("utf-8", "replace"))


def _check_extra() -> None:
    """Raise SettingsError if what only the report needs is not installed."""
    try:
        for module in ("jinja2", "vl_convert"):
            import_module(module)
    except ImportError as error:
        hint = "install it: pip install 'drugscan[report]'"
        raise SettingsError(f"the report needs {error.name}", hint=hint) from error
