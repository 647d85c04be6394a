"""The model card: what a model is for, what it was made from, and how well it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from string import Template
from typing import Any

from drugscan.records import LABELS


def model_card(manifest: Mapping[str, Any]) -> str:
    """Write a model's card from its manifest.

    The headings follow M. Mitchell et al., "Model cards for model reporting", FAT* 2019; the words
    stand in ``card.md``.

    Parameters
    ----------
    manifest : mapping
        As a classifier has it, with ``thresholds``; ``figures`` may be missing.

    Returns
    -------
    str
        Markdown.
    """
    training = manifest["training"]
    template = Template(files("drugscan.model").joinpath("card.md").read_text("utf-8"))
    return template.substitute(
        messages=f"{training['messages']:,}",
        n_files=len(training["messages_by_file"]),
        settled=f"{manifest['screen']['ordinary_settled']:.1%}",
        lost=f"{manifest['screen']['found_ads_lost']:.2%}",
        training=_table(("label", "messages"), training["messages_by_label"].items()),
        thresholds=_table(("label", "stands from score"), manifest["thresholds"].items()),
        figures=_figures(manifest.get("figures")),
    )


def _figures(figures: Mapping[str, Any] | None) -> str:
    if figures is None:
        return "Not measured."
    parts = [
        "Each file of labelled messages was left out once, of many files some together; near-duplicates of "
        "it were not trained on. "
        "In brackets stand 95 % intervals, of more such writers and messages.",
        _table(
            ("", ""),
            [
                ("messages", f"{figures['messages']:,}"),
                ("accuracy of `drugsad`", _interval(figures["accuracy"])),
                ("Hamming loss, ten labels", _interval(figures["hamming_loss"])),
                ("expected calibration error of `drugsad`", figures["ece"]),
                ("both models agree", figures["models_agree"]),
            ],
        ),
        _table(("label", "F1"), [(label, _interval(figures["f1"][label])) for label in LABELS]),
        _table(
            ("file left out", "accuracy", "Hamming loss"),
            [(name, one["accuracy"], one["hamming_loss"]) for name, one in figures["files"].items()],
        ),
        "F1 of `drugsad` when half of the words are disguised:",
        _table(("texts", "F1"), figures["attacks"].items()),
    ]
    called = {**figures["false_positives"], **figures["ordinary_texts"]}
    if called:
        parts += [
            "Ordinary messages called ads (files left out, and genres of real text that no one was "
            "trained on):",
            _table(
                ("messages of", "number", "called ads"),
                [
                    (
                        name,
                        one["messages"],
                        f"{one['called_ads']} ({one['called_ads'] / one['messages']:.2%})",
                    )
                    for name, one in called.items()
                ],
            ),
        ]
    return "\n\n".join(parts)


def _interval(stated: Mapping[str, float]) -> str:
    return f"{stated['value']:.3f} ({stated['low']:.3f}-{stated['high']:.3f})"


def _table(heading: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    lines = [" | ".join(heading), " | ".join("---" for _ in heading)]
    lines += [" | ".join(str(cell) for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)
