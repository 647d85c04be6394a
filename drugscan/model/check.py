"""Floors under figures: whether a change made a model or the reading of ads worse, and on which messages."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import orjson

from drugscan.errors import SettingsError
from drugscan.model.classify import classify
from drugscan.model.evaluate import extraction_figures
from drugscan.model.figures import Judged, figures
from drugscan.model.json_numbers import is_number
from drugscan.model.labelled import read_labelled
from drugscan.paths import Paths
from drugscan.records import LABELS
from drugscan.write import whole_file

_ROOM = 0.005
"""How far below an accepted figure its new floor lies: chance changes stay above it."""

_LOWER_IS_BETTER = frozenset({"hamming_loss", "ece"})


def check(
    labelled: Paths,
    floors: str | os.PathLike[str],
    *,
    model: str | os.PathLike[str] | None = None,
    update: bool = False,
    jobs: int = 1,
) -> dict[str, Any]:
    """Measure a model on labelled messages and compare with floors.

    Parameters
    ----------
    labelled : path or several paths
        Labelled messages in the codebook's format: files, or folders of such.
    floors : path
        A JSON file of ``floors`` (figure to value), ``accepted`` (the figures when it was written)
        and ``wrong`` (the ids of the messages whose labels were wrong then).
    model : path, optional
        A model folder; without it the model in the box.
    update : bool, default False
        Write the file anew: the figures are accepted, and the floors set a little below them.
    jobs : int, default 1
        How many processes work at once; changes no result.

    Returns
    -------
    dict
        ``figures`` (name to ``now``, and where known ``floor``, ``accepted`` and ``missed``),
        ``missed`` (names of figures beyond their floors; ``hamming_loss`` and ``ece`` must stay below),
        ``newly_wrong`` (messages with ``id``, ``labels`` and ``predicted``) and ``newly_right`` (ids).

    Raises
    ------
    InputError
        If a record is not by the codebook.
    SettingsError
        If the file of floors is missing or not as described.
    """
    records = read_labelled(labelled)
    known: dict[str, Any] = {"floors": {}, "accepted": {}, "wrong": []} if update else _read(Path(floors))
    said = classify([record.text for record in records], model=model, jobs=jobs)
    judged = [Judged(*pair) for pair in zip(records, said, strict=True)]
    now = _measure(judged, jobs)
    wrong = {one.record.id: one for one in judged if list(one.record.labels) != one.prediction["labels"]}
    if update:
        _write(Path(floors), now, sorted(wrong))
    stated = {name: _compared(name, value, known) for name, value in now.items()}
    gone = sorted(known["floors"].keys() - now.keys())
    if gone:
        raise SettingsError(
            f"{gone[0]!r} is no figure of these messages",
            where=str(floors),
            hint="write it anew with --update",
        )
    before = set(known["wrong"]) if not update else set(wrong)
    present = {record.id for record in records}
    return {
        "figures": stated,
        "missed": [name for name, of_figure in stated.items() if of_figure.get("missed")],
        "newly_wrong": [
            {"id": one.record.id, "labels": list(one.record.labels), "predicted": one.prediction["labels"]}
            for key, one in wrong.items()
            if key not in before
        ],
        "newly_right": sorted((before & present) - wrong.keys()),
    }


def _measure(judged: list[Judged], jobs: int) -> dict[str, float]:
    """Return all figures that can have a floor, by name."""
    measured = figures(judged, n_resamples=0)
    now = {
        "accuracy": measured["accuracy"]["value"],
        "hamming_loss": measured["hamming_loss"]["value"],
        "macro_f1": measured["macro_f1"]["value"],
        "ece": measured["calibration"]["ece"],
    }
    now |= {
        f"f1 {label}": measured["labels"][label]["f1"]["value"]
        for label in LABELS
        if measured["labels"][label]["support"]
    }
    of_extraction = extraction_figures([one.record for one in judged], jobs=jobs)
    return now | {f"f1 {kind}": of_kind["f1"] for kind, of_kind in of_extraction.items()}


def _compared(name: str, value: float, known: dict[str, Any]) -> dict[str, Any]:
    compared: dict[str, Any] = {"now": value}
    if name in known["accepted"]:
        compared["accepted"] = known["accepted"][name]
    if name in known["floors"]:
        floor = known["floors"][name]
        compared |= {"floor": floor, "missed": value > floor if name in _LOWER_IS_BETTER else value < floor}
    return compared


def _read(path: Path) -> dict[str, Any]:
    hint = "write it with --update"
    try:
        known = orjson.loads(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"cannot be read ({error.strerror})", where=str(path), hint=hint) from error
    except orjson.JSONDecodeError as error:
        raise SettingsError(f"is no JSON ({error})", where=str(path), hint=hint) from error
    if not isinstance(known, dict) or not isinstance(known.get("floors"), dict) or not known["floors"]:
        raise SettingsError("holds no floors", where=str(path), hint=hint)
    known = {"accepted": {}, "wrong": [], **known}
    for name, floor in known["floors"].items():
        if not is_number(floor):
            raise SettingsError(f"the floor of {name!r} is {floor!r}", where=str(path), hint="give a number")
    if not isinstance(known["accepted"], dict) or not all(map(is_number, known["accepted"].values())):
        raise SettingsError("'accepted' is not of figures and numbers", where=str(path), hint=hint)
    if not isinstance(known["wrong"], list) or not all(isinstance(one, str) for one in known["wrong"]):
        raise SettingsError("'wrong' is no list of ids", where=str(path), hint=hint)
    return known


def _write(path: Path, now: dict[str, float], wrong: list[str]) -> None:
    floors = {
        name: round(value + _ROOM if name in _LOWER_IS_BETTER else value - _ROOM, 4)
        for name, value in now.items()
    }
    with whole_file(path, force=True) as file:
        text = json.dumps({"floors": floors, "accepted": now, "wrong": wrong}, indent=1, ensure_ascii=False)
        file.write(text.encode() + b"\n")
