"""How reliable the counts are: what the model was measured to get right, and where its halves differ."""

from __future__ import annotations

from drugscan.records import LABELS
from drugscan.reporting.answers import LEAST, AnswerRow, Answers, share
from drugscan.reporting.figure import Figure
from drugscan.reporting.words import Words


def figures(answers: Answers, words: Words) -> list[Figure]:
    """Return the section's pictures."""
    model_figures = answers.model_figures or {}
    return [
        *_by_label(model_figures),
        *_false_positives(model_figures),
        *_attacks(model_figures),
        _agreement(answers),
    ]


def _by_label(model_figures: AnswerRow) -> list[Figure]:
    if "f1" not in model_figures:
        return []
    stated = model_figures["f1"]
    rows = [
        {
            "label": label,
            "f1": stated[label]["value"],
            "low": stated[label]["low"],
            "high": stated[label]["high"],
        }
        for label in LABELS
        if label in stated
    ]
    accuracy = model_figures["accuracy"]
    values = {"accuracy": accuracy["value"], "low": accuracy["low"], "high": accuracy["high"]}
    return [
        Figure(
            "reliability",
            "",
            rows,
            ("label", "f1", "low", "high"),
            chart="reliability",
            values={**values, "messages": model_figures["messages"]},
        )
    ]


def _false_positives(model_figures: AnswerRow) -> list[Figure]:
    """Return the table of ordinary texts; those of the labelled files are one row together."""
    written = model_figures.get("false_positives", {}).values()
    counts = {
        **(
            {"written": {key: sum(one[key] for one in written) for key in ("messages", "called_ads")}}
            if written
            else {}
        ),
        **model_figures.get("ordinary_texts", {}),
    }
    if not counts:
        return []
    rows = [
        {"texts_of": name, **one, "called_share": share(one["called_ads"], one["messages"])}
        for name, one in counts.items()
    ]
    real, hard = ([row for row in rows if (row["texts_of"] == "written") is made] for made in (False, True))
    values = {
        f"{of}{key}": sum(row[key] for row in some)
        for of, some in (("", real), ("written_", hard))
        for key in ("messages", "called_ads")
    }
    return [
        Figure(
            "false_positives",
            "",
            rows,
            ("texts_of", "messages", "called_ads", "called_share"),
            title="title" if real and hard else "title_real" if real else "title_written",
            values=values,
            half=True,
        )
    ]


def _attacks(model_figures: AnswerRow) -> list[Figure]:
    """Return the table of texts in which half of the words are disguised, see drugscan/model/attacks.py."""
    stated = model_figures.get("attacks")
    if not stated:
        return []
    rows = [{"disguise": name, "f1": f1} for name, f1 in stated.items()]
    worst = min(stated.values())
    return [
        Figure(
            "attacks",
            "",
            rows,
            ("disguise", "f1"),
            title="title" if worst < stated["clean"] else "title_none",
            values={"clean": stated["clean"], "worst": worst},
            half=True,
        )
    ]


def _agreement(answers: Answers) -> Figure:
    headline = answers.headline
    rows = [
        {
            "agreement": name,
            "ad_messages": headline[f"{column}_ad_messages"],
            "messages_share": share(headline[f"{column}_ad_messages"], headline["ad_messages"]),
        }
        for name, column in (("both", "both_models"), ("single", "single_model"))
    ]
    return Figure(
        "agreement",
        "headline",
        rows if headline["ad_messages"] else [],
        ("agreement", "ad_messages", "messages_share"),
        title="title" if headline["ad_messages"] >= LEAST else "",
        values={"share": rows[0]["messages_share"]},
        half=True,
    )
