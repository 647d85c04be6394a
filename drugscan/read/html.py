"""The HTML form of a Telegram Desktop export (``messages.html``, ``messages2.html``, ...)."""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

from drugscan.read.dates import parse_date
from drugscan.read.exports import common_fields
from drugscan.read.json_values import RowOrReason
from drugscan.records import DELETED_ACCOUNT, same_name

_CHUNK_BYTES = 1 << 16
_MAX_TAG = 1 << 18
"""A longer tag is none; the parser would look at it from its beginning again with every piece of it."""
_VOID = frozenset(("br", "img", "hr", "input", "link", "meta", "source", "wbr"))
_MESSAGE_ID = re.compile(r"message(-?\d+)")
_VIA_BOT = re.compile(r" via @\w{1,32}$")
_PAGE_BREAK = re.compile(r"[ \t]{0,40}\r?\n[ \t\r\n]{0,40}")


def read_telegram_html(stream: io.BufferedReader) -> Iterator[RowOrReason]:
    """Yield the messages of a page, service notices too (with type ``service``)."""
    parser = _Page()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while piece := stream.read(_CHUNK_BYTES):  # whole, so that how a pipe cuts them changes nothing
        parser.feed(decoder.decode(piece))
        parser.drop_endless_tag()
        yield from parser.take()
    parser.feed(decoder.decode(b"", final=True))
    parser.close()
    yield from parser.take(and_the_last=True)


class _Element(NamedTuple):
    """An open element."""

    tag: str
    goes_to: str  # what its words are
    around: frozenset[str]  # that, and what the words of the elements around it are
    link: str = ""


_OUTSIDE = _Element("", "-", frozenset())


class _Page(HTMLParser):
    """Gathers messages; what a text belongs to shows in the classes of the elements around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._ready: list[RowOrReason] = []
        self._message: dict[str, str] | None = None
        self._words: defaultdict[str, list[str]] = defaultdict(list)  # of the message, and of the chat
        self._open: list[_Element] = []
        self._n_open: Counter[str] = Counter()  # of each tag
        self._sender: str | None = None
        self._forwarded_from: str | None = None

    def drop_endless_tag(self) -> None:
        """Pass over a tag that goes on and on."""
        if len(self.rawdata) > _MAX_TAG:
            self.rawdata = ""
            self._ready.append(f"has a tag longer than {_MAX_TAG >> 10} KiB")

    def close(self) -> None:
        """Read the words at the end; a tag that the end cuts off is none."""
        if self.rawdata.startswith("<"):
            self.rawdata = ""
        super().close()

    def take(self, *, and_the_last: bool = False) -> list[RowOrReason]:
        """Return the messages that are complete."""
        if and_the_last:
            self._finish()
        ready, self._ready = self._ready, []
        return ready

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note which element begins, and what it says of the message."""
        if tag == "br":
            self._add("\n")
        if tag in _VOID:
            return
        attributes = {name: value or "" for name, value in attrs}
        classes = attributes.get("class", "").split()
        if tag == "div" and "message" in classes:
            self._begin(attributes.get("id", ""), classes)
            self._push(_OUTSIDE._replace(tag=tag))
            return
        if self._message is not None and "date" in classes:
            date_of = "forwarded_date" if self._words["sender"] and self._in("forwarded") else "date"
            self._message.setdefault(date_of, attributes.get("title", ""))
        goes_to, link = self._goes_to(tag, classes), ""
        if self._message is not None and goes_to == "forwarded":
            self._message["forwarded"] = "True"
        if tag == "a" and self._in("text"):
            link = attributes.get("href", "")
        outer = self._inmost()
        around = outer.around | {goes_to} if goes_to else outer.around
        self._push(_Element(tag, goes_to or outer.goes_to, around, link))

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and those inside it that nobody closed."""
        if not self._n_open[tag]:
            return
        while (closed := self._open.pop()).tag != tag:
            self._n_open[closed.tag] -= 1
        self._n_open[tag] -= 1
        link = closed.link
        if link.startswith(("http", "tg:")) and not self._ends_with(link.rstrip("/").rsplit("/", 1)[-1]):
            self._add(f" ({link})")

    def handle_data(self, data: str) -> None:
        """Add words to what they belong to; line ends of the page itself mean nothing."""
        self._add(_PAGE_BREAK.sub(" ", data))

    def _goes_to(self, tag: str, classes: list[str]) -> str:
        """Return what the words of an element are: a text, a name; "-" for what is neither."""
        if "page_header" in classes:
            return "chat"
        if "forwarded" in classes and "body" in classes:
            return "forwarded"
        if tag == "div" and "from_name" in classes:
            return "forwarded_from" if self._in("forwarded") else "sender"
        if tag == "div" and classes == ["text"]:
            return "text"
        if tag == "div" and self._message is not None:
            return "-" if classes else ""
        return "-" if tag == "span" and "details" in classes else ""

    def _inmost(self) -> _Element:
        return self._open[-1] if self._open else _OUTSIDE

    def _in(self, purpose: str) -> bool:
        return purpose in self._inmost().around

    def _push(self, element: _Element) -> None:
        self._open.append(element)
        self._n_open[element.tag] += 1

    def _add(self, words: str) -> None:
        purpose = self._inmost().goes_to
        if purpose == "chat" or (
            self._message is not None and purpose in ("text", "sender", "forwarded_from")
        ):
            self._words[purpose].append(words)

    def _ends_with(self, words: str) -> bool:
        """Tell whether the text so far ends with these words."""
        end = ""
        for piece in reversed(self._words["text"]):
            end = (piece + end).rstrip()
            if len(end) >= len(words):
                break
        return end.endswith(words)

    def _take_words(self, purpose: str) -> str:
        return "".join(self._words.pop(purpose, ())).strip()

    def _begin(self, element_id: str, classes: list[str]) -> None:
        self._finish()
        match = _MESSAGE_ID.fullmatch(element_id.replace("-", "", 1) if "--" in element_id else element_id)
        kind = "service" if "service" in classes else "message"
        self._message = {"type": kind, "id": match[1] if match else "", "joined": str("joined" in classes)}
        self._open.clear()
        self._n_open.clear()

    def _finish(self) -> None:
        own, self._message = self._message, None
        said = {name: self._take_words(name) for name in ("text", "sender", "forwarded_from")}
        chat = self._take_words("chat")
        self._words["chat"].append(chat)
        if own is None or (own["type"] == "service" and own["id"].startswith("-")):
            return  # a line with a date between messages is none itself
        if own["type"] == "message":  # a joined one has the names of the one before
            if own["joined"] == "False":
                self._sender = _name(said["sender"])
            if own["joined"] == "False" or said["forwarded_from"]:
                self._forwarded_from = _name(said["forwarded_from"])
        self._ready.append(
            common_fields(
                {"type": own["type"]},
                text=said["text"],
                date=parse_date(own.get("date")),
                chat=chat or None,
                message_id=own["id"] or None,
                sender=self._sender,
                forwarded_from=self._forwarded_from if "forwarded" in own else None,
            )
        )


def _name(words: str) -> str | None:
    """Return whose name this is, without the bot that helped; None if that does not show."""
    name = _VIA_BOT.sub("", words)
    return None if same_name(name) == DELETED_ACCOUNT else name or None
