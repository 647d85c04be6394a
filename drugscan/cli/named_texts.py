"""Texts by what people call them: a message's id, its chat and id, or the text's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from drugscan.errors import SettingsError
from drugscan.records import Message, text_id


def texts_by_name(
    batches: Iterable[Iterable[Message]], names: Collection[str], *, where: str
) -> dict[str, str]:
    """Return the text that each name means.

    Ids of messages are unique within a chat only, so that one may mean several texts; ``CHAT/ID`` and the
    ``text_id`` that ``drugscan dedupe`` writes mean one.

    Raises
    ------
    SettingsError
        If a name means no text, or several.

    Examples
    --------
    >>> batch = [Message("a.jsonl", 1, "wiet", chat="g", message_id="7")]
    >>> texts_by_name([batch], ["g/7"], where="a.jsonl")
    {'g/7': 'wiet'}
    """
    found: dict[str, set[str]] = {name: set() for name in names}
    for batch in batches:
        for message in batch:
            own = message.message_id
            chats = {message.chat, message.chat_id} - {None}
            for name in {own, *(f"{chat}/{own}" for chat in chats), text_id(message.text)}:
                if name in found:
                    found[name].add(message.text)
    for name, texts in found.items():
        if not texts:
            raise SettingsError(f"there is no message or text {name!r}", where=where)
        if len(texts) > 1:
            hint = "give CHAT/ID, or the text_id that drugscan dedupe writes"
            raise SettingsError(f"{len(texts)} texts have the id {name!r}", where=where, hint=hint)
    return {name: min(texts) for name, texts in found.items()}
