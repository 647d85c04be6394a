from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from drugscan.errors import ModelError, OutputError
from drugscan.model.store import load_model, save_model

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


def test_pickled_weights_are_refused(copy):
    import numpy as np
    import xxhash

    np.savez(copy / "weights.npz", idf=np.array([{"a": 1}], dtype=object))
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["files"]["weights.npz"] = xxhash.xxh3_128_hexdigest((copy / "weights.npz").read_bytes())
    change_manifest(copy, **manifest)
    with pytest.raises(ModelError, match="the model is damaged"):
        load_model(copy)


def test_a_model_that_exists_is_not_replaced_without_force(small_model, copy):
    classifier = load_model(small_model)
    with pytest.raises(OutputError, match="exists already"):
        save_model(classifier, copy)
    save_model(classifier, copy, force=True)
    assert load_model(copy).classify(TEXTS) == classifier.classify(TEXTS)
    with pytest.raises(OutputError, match="its folder does not exist"):
        save_model(classifier, copy / "no" / "folder")
