"""Files of settings and words in TOML, which Python 3.10 does not read by itself."""

from __future__ import annotations

import sys
from importlib.resources import files
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def read_toml(package: str, name: str) -> dict[str, Any]:
    """Return what a file of a package says.

    Parameters
    ----------
    package : str
        The package it lies in, such as ``drugscan.analysis``.
    name : str
        What it is called.

    Returns
    -------
    dict

    Examples
    --------
    >>> read_toml("drugscan.analysis", "settings.toml")["timezone"]
    'Europe/Amsterdam'
    """
    tables: dict[str, Any] = tomllib.loads(files(package).joinpath(name).read_text("utf-8"))
    return tables
