"""What a group of near-duplicates is, message by message: how often, by how many, from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class _Group:
    n_messages: int = 0
    representative: str = ""
    first_date: str | None = None
    last_date: str | None = None
    texts: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    chats: set[str] = field(default_factory=set)


class GroupSummary:
    """Gathers one row a group of near-duplicates.

    Examples
    --------
    >>> summary = GroupSummary()
    >>> message = {"text": "wiet 5g 40", "account": "a", "chat": None, "date": "2023-05-01"}
    >>> summary.add(message, text_id="1", ad_id="1")
    >>> summary.rows()[0]["representative"], summary.rows()[0]["accounts"]
    ('wiet 5g 40', 1)
    """

    def __init__(self) -> None:
        self._by_ad: dict[str, _Group] = {}

    def add(self, message: Mapping[str, Any], *, text_id: str, ad_id: str) -> None:
        """Count a message.

        Parameters
        ----------
        message : mapping
            Its ``text``, and ``account``, ``chat`` and ``date`` (ISO 8601), which may be None.
        text_id, ad_id : str
            Of its text and of its group, as :func:`drugscan.dedupe` gives them.
        """
        group = self._by_ad.setdefault(ad_id, _Group())
        group.n_messages += 1
        group.texts.add(text_id)
        if text_id == ad_id:
            group.representative = message["text"]
        for value, values in ((message["account"], group.accounts), (message["chat"], group.chats)):
            if value is not None:
                values.add(value)
        date = message["date"]
        if date is not None:
            group.first_date = min(group.first_date or date, date)
            group.last_date = max(group.last_date or date, date)

    def rows(self) -> list[dict[str, Any]]:
        """Return the groups, the one with most messages first."""
        groups = sorted(self._by_ad.items(), key=lambda item: (-item[1].n_messages, item[0]))
        return [
            {
                "ad_id": ad_id,
                "representative": group.representative,
                "messages": group.n_messages,
                "texts": len(group.texts),
                "accounts": len(group.accounts),
                "chats": len(group.chats),
                "first_date": group.first_date,
                "last_date": group.last_date,
            }
            for ad_id, group in groups
        ]
