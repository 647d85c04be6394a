"""Pseudonyms: the same name for the same person everywhere, that only the holder of a key can give.

A pseudonym is the HMAC-SHA-256 (RFC 2104) of a value under a secret key. Without the key nobody can try
out phone numbers until one fits; with the same key other runs give the same pseudonyms.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from drugscan.errors import SettingsError
from drugscan.privacy.names import KnownNames
from drugscan.privacy.traces import Trace, find_traces
from drugscan.records import same_name

DIGITS = 12
"""Hexadecimal digits of a pseudonym: 48 bits, so that among a million two rarely meet (p < 0.002)."""

_KEY_BYTES = 32
_BLOCK_BYTES = 64  # of SHA-256, as HMAC needs it


class Pseudonyms:
    """Gives pseudonyms to accounts, chats and contacts, in fields and inside texts.

    Parameters
    ----------
    key : bytes
        The secret, at least 16 bytes; see :func:`load_key`.

    Attributes
    ----------
    known : KnownNames
        Names that are hidden wherever a text has them; none at first.

    Raises
    ------
    SettingsError
        If the key is too short.

    Examples
    --------
    >>> pseudonyms = Pseudonyms(bytes(32))
    >>> pseudonyms.value("phone", "+31600000123")
    'phone_370db5932616'
    >>> pseudonyms.text("Coke 1g 50, app 06 - 0000 0123")
    'Coke 1g 50, app [phone_370db5932616]'
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise SettingsError(f"a key of {len(key)} bytes is too short", hint="give at least 16")
        self.known = KnownNames()
        self._key = key
        self.id_key = self._digest("identities of texts")

    def value(self, kind: str, value: str) -> str:
        """Return the pseudonym of a value.

        Parameters
        ----------
        kind : str
            What it is: ``account``, ``chat``, ``phone``, ``telegram`` or another kind of contact. It stands
            before the pseudonym and does not change its digits: a phone number on WhatsApp and a sender
            who is named as a handle can be recognised.
        value : str
            The value, of which :func:`drugscan.records.same_name` is taken.
        """
        return f"{kind}_{self._digest(same_name(value))[:DIGITS]}"

    def identity(self, text_id: str) -> str:
        """Return what stands for the identity of a text or ad: 32 hexadecimal digits again.

        A ``text_id`` is a hash without a key: whoever has it, and the text without its phone number, can
        try out all numbers. SHA-256 of a secret and an identity, which are always of the same length, is
        as good as HMAC here, and quicker for millions.
        """
        return hashlib.sha256((self.id_key + text_id).encode()).hexdigest()[:32]

    def _digest(self, value: str) -> str:
        return hmac.digest(self._key, value.encode("utf-8", "surrogatepass"), "sha256").hex()

    def text(self, text: str) -> str:
        """Return a text with everything in it replaced that leads to a person, however it is written."""
        return self._replace(text, [*self.known.find(text), *find_traces(text)])

    def names_in(self, text: str) -> str:
        """Return a text with known names replaced, and nothing else: for one that has no other trace."""
        return self._replace(text, self.known.find(text))

    def _replace(self, text: str, traces: list[Trace]) -> str:
        if not traces:
            return text
        parts, done = [], 0
        # The longest of those that begin at one place says what it is, of equal ones the known name.
        for start, end, kind, value in sorted(traces, key=lambda trace: (trace.start, -trace.end)):
            if start >= done:
                parts += [text[done:start], f"[{self.value(kind, value)}]"]
            done = max(done, end)
        return "".join([*parts, text[done:]])

    def pads(self) -> tuple[bytes, bytes]:
        """Return the key's inner and outer pad (RFC 2104), for engines that have SHA-256 but no HMAC."""
        key = self._key if len(self._key) <= _BLOCK_BYTES else hashlib.sha256(self._key).digest()
        block = key.ljust(_BLOCK_BYTES, b"\0")
        return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def load_key(path: str | os.PathLike[str] | None = None) -> bytes:
    """Read the secret key; make it at first use, readable by its owner only.

    Parameters
    ----------
    path : path, optional
        The key file. Without it ``drugscan/key`` in the user's configuration folder
        (``XDG_CONFIG_HOME``, else ``~/.config``).

    Returns
    -------
    bytes
        The key.

    Raises
    ------
    SettingsError
        If the file cannot be read or made, holds no key, or others can read it.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "key")
    >>> load_key(file) == load_key(file)
    True
    """
    file = key_file_of(path)
    try:
        if path is None:
            file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _make_key(file)
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise SettingsError("others can read the key", where=str(file), hint="chmod 600 it")
        key = bytes.fromhex(file.read_text("ascii"))
    except OSError as error:
        raise SettingsError(
            f"the key cannot be read or made ({error.strerror})",
            where=str(file),
            hint="name another --key-file",
        ) from error
    except ValueError as error:
        raise SettingsError("is no key", where=str(file), hint="a key is 64 hexadecimal digits") from error
    if len(key) != _KEY_BYTES:
        raise SettingsError("is no key", where=str(file), hint="a key is 64 hexadecimal digits")
    return key


def key_file_of(path: str | os.PathLike[str] | None = None) -> Path:
    """Return the file that :func:`load_key` reads, or makes if there is none."""
    if path is not None:
        return Path(path)
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder, "drugscan", "key")


def _make_key(file: Path) -> None:
    """Write a new key; the file has it whole, or is not there."""
    handle, name = tempfile.mkstemp(
        prefix=f".{file.name}.", suffix=".part", dir=file.parent
    )  # its owner's only
    part = Path(name)
    try:
        with os.fdopen(handle, "w") as opened:
            opened.write(secrets.token_hex(_KEY_BYTES) + "\n")
        try:
            os.link(part, file)
        except FileExistsError:  # another process was faster: its key stands
            pass
        except OSError:  # a file system without links
            part.replace(file)
    finally:
        part.unlink(missing_ok=True)
