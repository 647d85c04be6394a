"""A model as a folder of plain files: text, numbers and a manifest; nothing in it is executed.

::

    README.md                the model card, for people
    manifest.json            format, versions, options, training data, figures, hashes of the rest
    vocabulary.json          words, pairs and character n-grams of texts and skeletons: the columns, in order
    weights.npz              inverse document frequencies, linear models, screen, calibration
    trees/binary.txt         the binary model, in LightGBM's text format
    trees/<label>.txt        the multi-label model, a file a label
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import orjson
import xxhash

from drugscan.errors import ModelError
from drugscan.model.calibration import Calibration
from drugscan.model.card import model_card
from drugscan.model.classifier import MODELLED_LABELS, Classifier
from drugscan.model.features import NUMBERS, Vectorisers
from drugscan.model.json_numbers import is_number
from drugscan.model.linear import LinearModel
from drugscan.model.screen import Screen
from drugscan.model.vectoriser import Vectoriser, Vocabulary
from drugscan.records import LABELS
from drugscan.write import whole_folder

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL_FORMAT = 3
"""Number of this layout of a model folder; another number is not read."""
MANIFEST_KEYS = ("format", "thresholds")
"""By these keys of its manifest a folder is known to hold a model."""
FOLDER_NAMES = frozenset({"README.md", "manifest.json", "vocabulary.json", "weights.npz", "trees"})
"""All that it holds."""

_PACKAGES = ("lightgbm", "numpy", "scikit-learn", "scipy")
_Part = TypeVar("_Part", LinearModel, Calibration)
_TRAIN_HINT = "make one with drugscan train"


def save_model(classifier: Classifier, folder: str | Path, *, force: bool = False) -> None:
    """Write a model folder, whole or not at all.

    Parameters
    ----------
    classifier : Classifier
        What to keep.
    folder : path
        Where to; its parent must exist.
    force : bool, default False
        Replace what is there.

    Raises
    ------
    OutputError
        If something stands there already, or the place cannot be written.
    """
    with whole_folder(folder, manifest_keys=MANIFEST_KEYS, names=FOLDER_NAMES, force=force) as new:
        (new / "trees").mkdir()
        vocabularies = {
            name: vectoriser.vocabulary._asdict()
            for name, vectoriser in classifier.vectorisers._asdict().items()
        }
        idf = {f"idf_{name}": vocabulary.pop("idf") for name, vocabulary in vocabularies.items()}
        (new / "vocabulary.json").write_bytes(orjson.dumps(vocabularies))
        weights = idf | {
            f"{name}_{field}": part for name, parts in _arrays(classifier) for field, part in parts
        }
        for name in _HALF_PRECISION:
            weights[name] = weights[name].astype(np.float16)
        weights["screen_threshold"] = np.array(classifier.screen.threshold)
        np.savez_compressed(new / "weights.npz", **weights)
        (new / "trees" / "binary.txt").write_text(classifier.binary_trees.model_to_string(), "utf-8")
        for label, trees in classifier.multilabel_trees.items():
            (new / "trees" / f"{label}.txt").write_text(trees.model_to_string(), "utf-8")
        manifest = {
            "format": MODEL_FORMAT,
            "drugscan": version("drugscan"),
            "packages": {package: version(package) for package in _PACKAGES},
            "labels": list(LABELS),
            "thresholds": dict(classifier.thresholds),
            **{key: classifier.manifest[key] for key in sorted(classifier.manifest.keys() - _WRITTEN_HERE)},
            "files": _hashes(new),
        }
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        (new / "manifest.json").write_text(text, "utf-8")
        (new / "README.md").write_text(model_card(manifest), "utf-8")


def _arrays(classifier: Classifier) -> Iterator[tuple[str, Iterable[tuple[str, NDArray[Any]]]]]:
    """Yield the names in the weights' file of parts that are arrays, and these by name."""
    yield "linear", classifier.linear._asdict().items()
    yield "calibration", classifier.calibration._asdict().items()
    yield "screen", classifier.screen.linear._asdict().items()
    yield "screen_calibration", classifier.screen.calibration._asdict().items()


_HALF_PRECISION = ("linear_coefficients", "screen_coefficients")
"""Coefficients, which training rounds to half precision: the file is half as large, and says the same."""

_WRITTEN_HERE = {"format", "drugscan", "packages", "labels", "thresholds", "files"}


def default_model() -> Path:
    """Return the folder of the model in the box."""
    return Path(str(files("drugscan") / "data" / "model"))


def load_model(folder: str | Path | None = None, *, manifest: bytes | None = None) -> Classifier:
    """Load a model folder.

    Parameters
    ----------
    folder : path, optional
        What :func:`save_model` wrote; without it the model in the box.
    manifest : bytes, optional
        What :func:`manifest_content` gave: load that very model, and none that has come in its place since.

    Returns
    -------
    Classifier
        The same object for the same folder, as long as the same model stands there.

    Raises
    ------
    ModelError
        If there is no model, or it is damaged, or of another format.

    Examples
    --------
    >>> load_model().manifest["format"]
    3
    """
    path = default_model() if folder is None else Path(folder)
    return _load(path, manifest_content(path) if manifest is None else manifest)


@lru_cache(maxsize=2)
def _load(path: Path, content: bytes) -> Classifier:
    """Load the model of a folder whose manifest has this content: another one may stand there later."""
    manifest = _parsed(content, path)
    for name, expected in manifest["files"].items():
        if _hash(path / name) != expected:
            raise ModelError(f"the file {name} is damaged or missing", where=str(path), hint=_TRAIN_HINT)
    try:
        return _load_parts(path, manifest)
    except (KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error, OSError) as error:
        raise ModelError(f"the model is damaged ({error})", where=str(path), hint=_TRAIN_HINT) from error


def model_hash(manifest: Mapping[str, Any]) -> str:
    """Return a hash of what a model says by, its files and thresholds: 32 hexadecimal digits."""
    decisive = [manifest["files"], manifest["thresholds"]]
    return xxhash.xxh3_128_hexdigest(orjson.dumps(decisive, option=orjson.OPT_SORT_KEYS))


def manifest_content(folder: str | Path | None = None) -> bytes:
    """Return a model's manifest as it stands in its file; raises ModelError if there is none."""
    path = default_model() if folder is None else Path(folder)
    try:
        return (path / "manifest.json").read_bytes()
    except OSError as error:
        raise ModelError("there is no model here", where=str(path), hint=_TRAIN_HINT) from error


def read_manifest(path: Path) -> dict[str, Any]:
    """Return a model's manifest; raises ModelError if there is none of this format."""
    return _parsed(manifest_content(path), path)


def _parsed(content: bytes, path: Path) -> dict[str, Any]:
    try:
        manifest = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise ModelError("manifest.json is damaged", where=str(path), hint=_TRAIN_HINT) from error
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != MODEL_FORMAT:
        newer = isinstance(found, int) and found > MODEL_FORMAT
        raise ModelError(
            f"the model is of format {found!r}, this drugscan reads format {MODEL_FORMAT}",
            where=str(path),
            hint="install a newer drugscan" if newer else _TRAIN_HINT,
        )
    wrong = _first_wrong(manifest)
    if wrong is not None:
        raise ModelError(f"manifest.json is damaged ({wrong})", where=str(path), hint=_TRAIN_HINT)
    return dict(manifest)


def _first_wrong(manifest: Mapping[str, Any]) -> str | None:
    """Return which entry of a manifest is not as :func:`save_model` writes it, of those that are read."""
    hashes, thresholds, training = (manifest.get(name) for name in ("files", "thresholds", "training"))
    needed = {"vocabulary.json", "weights.npz", "trees/binary.txt"}
    needed |= {f"trees/{label}.txt" for label in MODELLED_LABELS}
    if not isinstance(hashes, dict) or not needed <= hashes.keys():
        return "files"
    if manifest.get("labels") != list(LABELS):
        return "labels"
    if not isinstance(thresholds, dict) or not all(
        is_number(thresholds.get(label), low=0, high=1) for label in MODELLED_LABELS
    ):
        return "thresholds"
    if not isinstance(training, dict) or not isinstance(training.get("hash"), str):
        return "training"
    if not isinstance(training.get("hashes_by_file", {}), dict):  # older models have none
        return "training"
    if not isinstance(manifest.get("figures", {}), dict):
        return "figures"
    return None


def _load_parts(path: Path, manifest: dict[str, Any]) -> Classifier:
    import lightgbm

    vocabularies = orjson.loads((path / "vocabulary.json").read_bytes())
    with (path / "weights.npz").open("rb") as file, np.lib.npyio.NpzFile(file, allow_pickle=False) as archive:
        weights: dict[str, Any] = {name: np.asarray(array) for name, array in archive.items()}
    vectorisers = Vectorisers(
        *(Vectoriser(_vocabulary(vocabularies[name], weights[f"idf_{name}"])) for name in Vectorisers._fields)
    )
    for name, shape in _shapes(vectorisers).items():
        if weights[name].shape != shape or weights[name].dtype.kind != "f":
            raise ValueError(f"{name} in weights.npz does not fit vocabulary.json")
    for name in _HALF_PRECISION:
        weights[name] = weights[name].astype(np.float32)

    def part(kind: type[_Part], name: str) -> _Part:
        return kind(*(weights[f"{name}_{field}"] for field in kind._fields))

    linear, calibration = part(LinearModel, "linear"), part(Calibration, "calibration")
    screen = Screen(
        part(LinearModel, "screen"),
        float(weights["screen_threshold"]),
        part(Calibration, "screen_calibration"),
    )

    def trees(name: str, *, n_linear_scores: int) -> lightgbm.Booster:
        text = (path / "trees" / f"{name}.txt").read_text("utf-8")
        try:
            booster = lightgbm.Booster(model_str=text)
        except lightgbm.basic.LightGBMError as error:
            raise ValueError(f"trees/{name}.txt: {error}") from error
        if booster.num_feature() != n_linear_scores + len(NUMBERS):
            raise ModelError(
                "the model was trained by another drugscan, which read other features",
                where=str(path),
                hint=_TRAIN_HINT,
            )
        return booster

    return Classifier(
        vectorisers=vectorisers,
        screen=screen,
        linear=linear,
        binary_trees=trees("binary", n_linear_scores=1),
        multilabel_trees={
            label: trees(label, n_linear_scores=len(MODELLED_LABELS)) for label in MODELLED_LABELS
        },
        calibration=calibration,
        thresholds={label: float(manifest["thresholds"][label]) for label in MODELLED_LABELS},
        manifest=manifest,
    )


def _vocabulary(columns: Mapping[str, Any], idf: NDArray[np.float64]) -> Vocabulary:
    words, characters = columns["words"], columns["characters"]
    pairs = [(first, second) for first, second in columns["pairs"]]
    if not {*map(type, words), *map(type, characters)} <= {str}:
        raise ValueError("a column in vocabulary.json is no word")
    if not {word for pair in pairs for word in pair} <= set(range(len(words))):
        raise ValueError("a pair in vocabulary.json is not of its words")
    return Vocabulary(words, pairs, characters, idf)


def _shapes(vectorisers: Vectorisers) -> dict[str, tuple[int, ...]]:
    """Return the shape of each array of the weights' file that fits a vocabulary."""
    of_texts, of_skeletons = (
        len(vocabulary.words) + len(vocabulary.pairs) + len(vocabulary.characters)
        for vocabulary in (vectoriser.vocabulary for vectoriser in vectorisers)
    )
    n_labels = len(MODELLED_LABELS)
    return {
        "idf_texts": (of_texts,),
        "idf_skeletons": (of_skeletons,),
        "linear_coefficients": (of_texts + of_skeletons, n_labels),
        "linear_intercepts": (n_labels,),
        "calibration_slopes": (n_labels,),
        "screen_coefficients": (of_texts, 1),
        "screen_intercepts": (1,),
        "screen_threshold": (),
        "screen_calibration_slopes": (1,),
    }


def _hashes(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _hash(path) for path in paths}


def _hash(path: Path) -> str:
    return xxhash.xxh3_128_hexdigest(path.read_bytes()) if path.is_file() else ""
