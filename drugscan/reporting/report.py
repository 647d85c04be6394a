"""The report of a results folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from drugscan.analysis import open_results
from drugscan.errors import SettingsError
from drugscan.model.store import default_model, model_hash, read_manifest
from drugscan.reporting.answers import Answers, Row, share
from drugscan.reporting.figure import Figure
from drugscan.reporting.page import Block, render
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
from drugscan.reporting.words import Words
from drugscan.write import check_free, whole_file

# Enough of a hash to tell one from another, and of a list of files to see what they are.
_SHOWN_DIGITS = 12
_MOST_FILES = 20

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
        Leave out what rests on fewer accounts and could point to somebody.
    key_file : path, optional
        The key of the pseudonyms, see :func:`drugscan.pseudonyms.load_key`.
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
        If there is no such language, the key cannot be used, or the extra ``report`` is not installed.
    """
    words = Words(lang)
    check_free(output, force=force)
    with open_results(results, key_file=key_file, identities=identities) as opened:
        figures_of_model = _model_figures(opened.manifest, model)
        answers = Answers(opened, model_figures=figures_of_model, min_count=min_count)
        page = render(
            words=words,
            title=_title(answers.headline, words),
            lead=_lead(answers.headline, words),
            numbers=_numbers(answers, words),
            sections={name: figures(answers, words) for name, figures in SECTIONS.items()},
            traced=_traced(opened.manifest, answers, words, min_count=min_count, identities=identities),
            identities=identities,
        )
    with whole_file(output, force=force) as file:
        # A text may hold a lone surrogate, which no encoding can.
        file.write(page.encode("utf-8", "replace"))


def _title(headline: Row, words: Words) -> str:
    if not headline["messages"]:
        return words.get("page.title_no_messages")
    template = words.get("page.title" if headline["ad_messages"] else "page.title_no_ads")
    return words.fill(
        template, share=share(headline["ad_messages"], headline["messages"]), messages=headline["messages"]
    )


def _lead(headline: Row, words: Words) -> list[str]:
    """Return the sentences below the title."""
    if not headline["messages"]:
        return []
    first, last = headline["first_date"], headline["last_date"]
    key = "lead_no_dates" if first is None else "lead_day" if first == last else "lead_period"
    low, high = providers.provider_range(headline)
    sentences = [words.fill(words.get(f"page.{key}"), **headline, first=first, last=last)]
    if headline["ad_messages"]:
        key = "lead_ads" if low < high else "lead_ads_same"
        sentences.append(words.fill(words.get(f"page.{key}"), **headline, low=low, high=high))
    return sentences


def _numbers(answers: Answers, words: Words) -> list[Block]:
    """Return the headline numbers, each with its definition."""
    headline = answers.headline
    ad_messages, messages = headline["ad_messages"], headline["messages"]
    low, high = providers.provider_range(headline)
    named = sum(row["messages"] for row in answers["delivery"] if row["mode"] != "none")
    span = words.number(high) if low == high else f"{words.number(low)}–{words.number(high)}"
    values = {
        "messages": words.number(messages),
        "ad_messages": words.number(ad_messages),
        "ads": words.number(headline["ads"]),
        "copies": words.number(share(ad_messages, headline["ads"]), 1),
        "providers": span,
        "bulk": words.percent(share(headline["bulk_messages"], ad_messages)),
        "delivery": words.percent(share(named, ad_messages)),
        "chats": words.number(headline["chats"]),
    }
    about = {
        **headline,
        "share": share(ad_messages, messages),
        "agreed": share(headline["both_models_ad_messages"], ad_messages),
    }
    return [
        {
            "name": words.get(f"headline.{name}.name"),
            "value": value,
            "definition": words.fill(words.get(f"headline.{name}.definition"), **about),
        }
        for name, value in values.items()
    ]


def _model_figures(manifest: Mapping[str, Any], model: str | os.PathLike[str] | None) -> dict[str, Any]:
    """Return the figures of the model that the scan used; nothing if it is another than the one given.

    Raises
    ------
    SettingsError
        If a model is given that the scan did not use.
    """
    known = read_manifest(default_model() if model is None else Path(model))
    if manifest.get("model") == model_hash(known):
        return dict(known.get("figures") or {})
    if model is not None:
        raise SettingsError(
            "is not the model that the scan used", where=str(model), hint="give the one that scan was given"
        )
    return {}


def _traced(
    manifest: Mapping[str, Any], answers: Answers, words: Words, *, min_count: int, identities: bool
) -> list[tuple[str, str]]:
    """Return what the numbers come from, as names and values."""
    known = words.get(f"method.model_{'known' if answers.model_figures else 'unknown'}")
    traced = {
        "version": manifest.get("versions", {}).get("drugscan", ""),
        "model": f"{manifest.get('model', '')[:_SHOWN_DIGITS]} {known}",
        "lexicons": ", ".join(one[:_SHOWN_DIGITS] for one in manifest.get("lexicons", [])),
        "files": _files(manifest.get("files", []), words, identities=identities),
        "rejects": words.number(answers.headline["rejects"]),
        "undated": words.number(answers.headline["messages_without_date"]),
        "people": words.get(f"method.{'identified' if identities else 'pseudonymised'}"),
        "small": words.fill(words.get("method.left_out"), n=min_count) if min_count else "",
    }
    return [(words.get(f"method.{name}"), value) for name, value in traced.items() if value]


def _files(files: Sequence[Mapping[str, str]], words: Words, *, identities: bool) -> str:
    """Return the hashes of the files that were read; their names can name people."""
    if len(files) > _MOST_FILES:
        return words.fill(words.get("method.n_files"), n=len(files))
    named = [
        (Path(file["source"]).name if identities else "", file["xxh3"][:_SHOWN_DIGITS]) for file in files
    ]
    return ", ".join(" ".join(part for part in parts if part) for parts in named)
