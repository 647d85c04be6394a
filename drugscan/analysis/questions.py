"""Questions and tables as files: what each counts, in words, which parameters it takes, and its SQL.

A question counts; a table lists what was found, one by one. A file begins with comments: ``-- en:`` and
``-- nl:`` say what a row is and what is counted (a comment that goes on is indented; {names} stand for
settings), ``-- parameter NAME = NUMBER`` names a parameter and what it is without, ``-- adds up`` says that
the rows are parts of a whole that other answers count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from drugscan.analysis.database import settings
from drugscan.errors import SettingsError

LANGUAGES = ("en", "nl")
"""The languages in which a question says what it counts."""

_PARAMETER = re.compile(r"-- parameter (\w+) = (\d+)")


@dataclass(frozen=True)
class Question:
    """One question or table.

    Attributes
    ----------
    name : str
        As its file is called.
    sql : str
        A single SELECT.
    definitions : dict of str to str
        What is counted, by language.
    parameters : dict of str to int
        Names and the values they have unless given.
    adds_up : bool
        Whether its rows are parts of a whole.
    """

    name: str
    sql: str
    definitions: dict[str, str]
    parameters: dict[str, int]
    adds_up: bool


def questions() -> list[str]:
    """Return the names of all questions, sorted.

    Examples
    --------
    >>> "headline" in questions()
    True
    """
    return sorted(_load("questions"))


def tables() -> list[str]:
    """Return the names of all tables, sorted.

    Examples
    --------
    >>> tables()[:4]
    ['accounts', 'ads', 'contacts', 'messages']
    """
    return sorted(_load("tables"))


def definition(name: str, *, lang: str = "en") -> str:
    """Return what a question or table counts, in words for readers.

    Parameters
    ----------
    name : str
        One of :func:`questions` or :func:`tables`.
    lang : {"en", "nl"}, default "en"
        The language.

    Raises
    ------
    SettingsError
        If there is no such question or language.

    Examples
    --------
    >>> definition("by_chat").startswith("One row per chat")
    True
    """
    if lang not in LANGUAGES:
        raise SettingsError(f"no language is called {lang!r}", hint=f"choose from {', '.join(LANGUAGES)}")
    return load_question(name).definitions[lang]


def adds_up(name: str) -> bool:
    """Tell whether a question's rows are parts of a whole, so that one would follow from all others.

    Examples
    --------
    >>> adds_up("by_hour"), adds_up("places")
    (True, False)
    """
    return load_question(name).adds_up


def load_question(name: str) -> Question:
    """Return a question or table; raises SettingsError if there is none of that name."""
    known = _load("questions") | _load("tables")
    if name not in known:
        raise SettingsError(
            f"no question or table is called {name!r}",
            hint=f"choose from {', '.join([*tables(), *questions()])}",
        )
    return known[name]


@cache
def _load(folder_name: str) -> dict[str, Question]:
    folder = files("drugscan.analysis").joinpath(folder_name)
    found = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return {
        question.name: question
        for name in found
        for question in [_parse(name.removesuffix(".sql"), folder.joinpath(name).read_text("utf-8"))]
    }


def _written_settings(language: str) -> dict[str, str]:
    """Return the numbers among the settings as a sentence has them."""
    written = {
        name: f"{100 * value:g}%" if name.endswith("_share") else f"{value:g}"
        for part in settings().values()
        if isinstance(part, dict)
        for name, value in part.items()
        if isinstance(value, (int, float))
    }
    return written if language == "en" else {name: said.replace(".", ",") for name, said in written.items()}


def _parse(name: str, text: str) -> Question:
    definitions = {}
    for language in LANGUAGES:
        match = re.search(rf"^-- {language}: (.*(?:\n--     .*)*)", text, re.MULTILINE)
        if match is None:
            raise ValueError(f"{name}.sql does not say in {language!r} what it counts")
        words = " ".join(match[1].replace("\n--", " ").split())
        definitions[language] = words.format(**_written_settings(language))
    parameters = {name: int(value) for name, value in _PARAMETER.findall(text)}
    return Question(name, text, definitions, parameters, adds_up="\n-- adds up\n" in text)
