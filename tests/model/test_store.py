from __future__ import annotations

import json
import shutil
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import xxhash

from drugscan.errors import ModelError, OutputError
from drugscan.model.store import load_model, model_hash, save_model

TEXTS = ["Coke 1g €50, bezorging", "hallo", "wiet 5 voor 50 ophalen"]


@pytest.fixture
def copy(small_model, tmp_path):
    shutil.copytree(small_model, tmp_path / "model")
    return tmp_path / "model"


def test_what_is_kept_says_the_same(small_model, tmp_path):
    classifier = load_model(small_model)
    save_model(classifier, tmp_path / "copy")
    assert load_model(tmp_path / "copy").classify(TEXTS) == classifier.classify(TEXTS)
    for path in small_model.rglob("*.json"):
        assert path.read_bytes() == (tmp_path / "copy" / path.relative_to(small_model)).read_bytes()


def test_thresholds_tell_models_apart():
    manifest = {"files": {"weights.npz": "a"}, "thresholds": {"drugsad": 0.5}}
    assert model_hash(manifest) == model_hash({**manifest, "figures": {}})
    assert model_hash(manifest) != model_hash({**manifest, "thresholds": {"drugsad": 0.6}})


def change_manifest(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


@pytest.mark.parametrize("name", ["vocabulary.json", "weights.npz", "trees/binary.txt", "trees/bulk.txt"])
@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-9])]
)
def test_a_damaged_file_is_named(copy, name, damage):
    damage(copy / name)
    with pytest.raises(ModelError, match=f"{name} is damaged or missing"):
        load_model(copy)


def test_older_newer_and_damaged_manifests(copy):
    change_manifest(copy, format=4)
    with pytest.raises(ModelError, match=r"format 4.*install a newer drugscan"):
        load_model(copy)
    change_manifest(copy, format=0)
    with pytest.raises(ModelError, match=r"format 0.*drugscan train"):
        load_model(copy)
    change_manifest(copy, format=3, files={})
    with pytest.raises(ModelError, match=r"manifest\.json is damaged"):
        load_model(copy)
    (copy / "manifest.json").write_text("{", "utf-8")
    with pytest.raises(ModelError, match=r"manifest\.json is damaged"):
        load_model(copy)
    (copy / "manifest.json").unlink()
    with pytest.raises(ModelError, match="there is no model here"):
        load_model(copy)


def test_a_model_that_reads_other_features_is_one_line(small_model, tmp_path):
    classifier = load_model(small_model)
    save_model(replace(classifier, binary_trees=classifier.multilabel_trees["bulk"]), tmp_path / "other")
    with pytest.raises(ModelError, match="trained by another drugscan"):
        load_model(tmp_path / "other")


def change_file(folder, name, content: bytes):
    """Change a file as one does who knows of the hashes."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["files"][name] = xxhash.xxh3_128_hexdigest(content)
    change_manifest(folder, **manifest)


def change_weights(folder, **arrays):
    with np.load(folder / "weights.npz") as archive:
        kept = dict(archive.items())
    content = BytesIO()
    np.savez(content, **(kept | arrays))
    change_file(folder, "weights.npz", content.getvalue())


def test_pickled_weights_are_refused(copy):
    change_weights(copy, idf_texts=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ModelError, match="the model is damaged"):
        load_model(copy)


@pytest.mark.parametrize(
    ("entry", "values"),
    [
        ("thresholds", [None, [], {}, {"drugsad": 7}, {"drugsad": -1}, {"drugsad": True}, {"bulk": "0.5"}]),
        ("labels", [None, ["x"], "drugsad"]),
        ("training", [None, [], {}, {"hash": 5}]),
        ("figures", [None, [1]]),
        ("files", [None, []]),
    ],
)
def test_an_entry_of_the_manifest_that_makes_no_sense_is_named(copy, entry, values):
    kept = json.loads((copy / "manifest.json").read_text("utf-8"))
    for value in values:
        is_threshold = entry == "thresholds" and isinstance(value, dict) and value
        change_manifest(copy, **{entry: {**kept["thresholds"], **value} if is_threshold else value})
        with pytest.raises(ModelError, match=rf"manifest\.json is damaged \({entry}\); make one"):
            load_model(copy)


@pytest.mark.parametrize("entry", ["thresholds", "labels", "training", "files"])
def test_an_entry_that_the_manifest_lacks_is_named(copy, entry):
    kept = json.loads((copy / "manifest.json").read_text("utf-8"))
    del kept[entry]
    (copy / "manifest.json").write_text(json.dumps(kept), "utf-8")
    with pytest.raises(ModelError, match=rf"manifest\.json is damaged \({entry}\)"):
        load_model(copy)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("trees/bulk.txt", b""),
        ("trees/binary.txt", b"tree"),
        ("trees/binary.txt", b"\xff"),
        ("vocabulary.json", b""),
        ("vocabulary.json", b"[]"),
        ("vocabulary.json", b'{"texts": [], "skeletons": []}'),
        ("weights.npz", b""),
        ("weights.npz", b"PK\x03\x04"),
        ("weights.npz", b"\x93NUMPY\x01\x00"),
    ],
)
def test_a_file_that_is_none_of_a_model_is_one_line_though_its_hash_is_right(copy, name, content):
    change_file(copy, name, content)
    with pytest.raises(ModelError, match=r"the model is damaged \(.*\); make one"):
        load_model(copy)


@pytest.mark.parametrize(
    "change",
    [
        lambda texts: texts["words"].pop(),
        lambda texts: texts["words"].__setitem__(0, 5),
        lambda texts: texts["characters"].append("zz"),
        lambda texts: texts["pairs"].__setitem__(0, [0, len(texts["words"])]),
        lambda texts: texts["pairs"].__setitem__(0, [0, 0.5]),
        lambda texts: texts["pairs"].__setitem__(0, [0]),
    ],
)
def test_a_vocabulary_that_does_not_fit_the_weights_is_refused(copy, change):
    vocabularies = json.loads((copy / "vocabulary.json").read_text("utf-8"))
    change(vocabularies["texts"])
    change_file(copy, "vocabulary.json", json.dumps(vocabularies).encode())
    with pytest.raises(ModelError, match="the model is damaged"):
        load_model(copy)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("linear_intercepts", np.zeros(8)),
        ("calibration_slopes", np.ones((9, 1))),
        ("screen_threshold", np.array("low")),
        ("linear_coefficients", np.zeros((5, 9))),
    ],
)
def test_weights_of_another_shape_are_named(copy, name, array):
    change_weights(copy, **{name: array})
    with pytest.raises(ModelError, match=rf"{name} in weights\.npz does not fit"):
        load_model(copy)


def test_a_model_that_exists_is_not_replaced_without_force(small_model, copy):
    classifier = load_model(small_model)
    with pytest.raises(OutputError, match="exists already"):
        save_model(classifier, copy)
    save_model(classifier, copy, force=True)
    assert load_model(copy).classify(TEXTS) == classifier.classify(TEXTS)
    with pytest.raises(OutputError, match="its folder does not exist"):
        save_model(classifier, copy / "no" / "folder")
