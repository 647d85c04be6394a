from __future__ import annotations

import json

import pytest

from drugscan.errors import SettingsError
from drugscan.model.check import check


@pytest.fixture
def files(few_labelled, tmp_path):
    path = tmp_path / "few.jsonl"
    path.write_text("".join(json.dumps(record.row) + "\n" for record in few_labelled), "utf-8")
    return path, tmp_path / "floors.json"


def change(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


def test_what_was_accepted_passes_and_what_got_worse_is_named(files, small_model):
    labelled, floors = files
    accepted = check([labelled], floors, model=small_model, update=True)
    assert accepted["missed"] == accepted["newly_wrong"] == []
    again = check([labelled], floors, model=small_model)
    assert again["missed"] == again["newly_wrong"] == again["newly_right"] == []
    assert again["figures"]["accuracy"]["floor"] < again["figures"]["accuracy"]["now"]
    assert again["figures"]["hamming_loss"]["floor"] > again["figures"]["hamming_loss"]["now"]
    assert {"f1 substances", "f1 places", "f1 offers", "ece"} <= again["figures"].keys()

    rows = [json.loads(line) for line in labelled.read_text("utf-8").splitlines()]
    spoilt = next(row for row in rows if row["labels"] == ["geendrugsad"])
    spoilt["labels"] = ["drugsad", "softdrugs"]
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    worse = check([labelled], floors, model=small_model)
    assert [one["id"] for one in worse["newly_wrong"]] == [spoilt["id"]]


def test_a_figure_beyond_its_floor_is_missed(files, small_model):
    labelled, floors = files
    check([labelled], floors, model=small_model, update=True)
    change(floors, floors={"accuracy": 1.01, "hamming_loss": -0.1, "f1 places": 0.0})
    assert check([labelled], floors, model=small_model)["missed"] == ["accuracy", "hamming_loss"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is no JSON"),
        ("[]", "holds no floors"),
        ('{"floors": {}}', "holds no floors"),
        ('{"floors": {"accuracy": "high"}}', "the floor of 'accuracy' is 'high'"),
        ('{"floors": {"accuracy": true}}', "the floor of 'accuracy' is True"),
        ('{"floors": {"accuracy": 0}, "accepted": null}', "'accepted' is not of figures"),
        ('{"floors": {"accuracy": 0}, "accepted": {"accuracy": "x"}}', "'accepted' is not of figures"),
        ('{"floors": {"accuracy": 0}, "wrong": null}', "'wrong' is no list of ids"),
        ('{"floors": {"accuracy": 0}, "wrong": [["x"]]}', "'wrong' is no list of ids"),
        ('{"floors": {"beauty": 1}}', "'beauty' is no figure"),
    ],
)
def test_floors_that_are_none(files, small_model, content, said):
    labelled, floors = files
    floors.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=said):
        check([labelled], floors, model=small_model)
    floors.unlink()
    with pytest.raises(SettingsError, match=r"cannot be read.*--update"):
        check([labelled], floors, model=small_model)
