"""drugscan reads public Telegram messages and finds the drug ads among them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drugscan.explanation import explain
    from drugscan.exporting.export import export
    from drugscan.exporting.query import query
    from drugscan.extraction.extract import extract
    from drugscan.model.check import check
    from drugscan.model.classify import classify
    from drugscan.model.evaluate import evaluate
    from drugscan.model.train import train
    from drugscan.neardup.dedupe import dedupe
    from drugscan.overview import inspect
    from drugscan.reporting.report import report
    from drugscan.scanning.scan import scan

__all__ = [
    "check",
    "classify",
    "dedupe",
    "evaluate",
    "explain",
    "export",
    "extract",
    "inspect",
    "query",
    "report",
    "scan",
    "train",
]

# A name is imported when it is first used: --help must not wait for what only training needs.
_MODULES = {
    "check": "drugscan.model.check",
    "classify": "drugscan.model.classify",
    "dedupe": "drugscan.neardup.dedupe",
    "evaluate": "drugscan.model.evaluate",
    "explain": "drugscan.explanation",
    "export": "drugscan.exporting.export",
    "extract": "drugscan.extraction.extract",
    "inspect": "drugscan.overview",
    "query": "drugscan.exporting.query",
    "report": "drugscan.reporting.report",
    "scan": "drugscan.scanning.scan",
    "train": "drugscan.model.train",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'drugscan' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
