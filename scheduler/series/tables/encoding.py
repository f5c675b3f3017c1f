"""From bytes to text: UTF-8 and UTF-16 are certain, other encodings are found by their statistics and named."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import NoReturn

from scheduler.series.tables.scripts import likely
from store.errors import SeriesError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: what files of single bytes are written in, the most usual first
_USUAL = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "shift_jis", "gb18030", "big5", "euc_kr", "euc_jp"),
    *("cp1254", "koi8_r", "cp1255", "cp1256", "tis_620"),
)
_WESTERN = frozenset("äöüÄÖÜßéèêëàâçîïôûùœæøåñáíóúãõÉÈÀÇÑÅØÆŒ°€µ²§«»\xa0") | set(
    "\u2013\u2014\u201c\u201d\u201e\u2019\u2018"  # dashes and quotation marks
)
_BLOCK = re.compile(r"(?<![^\n\r])\0+")
_WORD = re.compile(r"[^\W\da-zA-Z_]{3}")
#: bytes from which an encoding is found
SAMPLE = 50_000
#: letters beyond ASCII that tell encodings of other scripts from that of western Europe
FEWEST_LETTERS = 12
#: the same where they make words
FEW_IN_WORDS = 4


@dataclass(frozen=True, slots=True)
class Text:
    """A file as text."""

    text: str
    #: how the file is written, where that had to be found out; empty otherwise
    encoding: str = ""
    #: NUL characters that were left out
    nul: int = 0


def decode(content: bytes, file: str, encoding: str | None = None) -> Text:
    """Decode a file; `encoding` is the one that the grid names.

    Raises:
        SeriesError: The bytes are no text of this encoding, or of any.
    """
    if encoding is not None:
        return Text(_named(content, file, encoding))
    for mark, name in _MARKS:
        if content.startswith(mark):
            return Text(_named(content, file, name))
    try:
        text = content.decode()
    except UnicodeDecodeError:
        found = _without_mark(content) or _found(content)
        if b"\0" in content and not found.startswith("utf-16"):
            _refuse_nul(content.decode("latin-1"), file)
        return Text(content.decode(found, errors="replace").removeprefix("\ufeff"), found)
    if "\0" not in text:
        return Text(text)
    found = _without_mark(content)
    if not found and (whole := _without_blocks(text)) is not None:
        return Text(whole, nul=text.count("\0"))
    if not found:
        _refuse_nul(text, file)
    return Text(content.decode(found, errors="replace"), found)


def _named(content: bytes, file: str, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except LookupError:
        _refuse(f"{file}: series.encoding is {encoding!r}; allowed: an encoding of Python, such as utf-8 or cp1252")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        _refuse(
            f"{file}:{line}: byte 0x{content[problem.start]:02x} is not {encoding}; leave series.encoding out, or name "
            "another one"
        )
    if "\0" in text:
        _refuse_nul(text, file)
    return text.removeprefix("\ufeff")


def _without_mark(content: bytes) -> str:
    """Return the kind of UTF-16 whose mark is missing: every second byte of ASCII text is 0."""
    sample = content[:2000]
    pairs = len(sample) // 2
    if len(content) % 2 or not pairs:
        return ""
    if sample[1::2].count(0) >= 0.7 * pairs:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) >= 0.7 * pairs else ""


def _found(content: bytes) -> str:
    """Find the encoding of bytes that are not UTF-8: that of western Europe unless another one is clearly better."""
    sample = b"\n".join(line for line in content.splitlines() if not line.isascii())[:SAMPLE]
    letters = sum(byte > 127 for byte in sample)
    words = _WORD.search(sample.decode("cp1252", errors="replace")) or not _decodes(content, "cp1252")
    if not _is_western(sample):
        few = letters < (FEW_IN_WORDS if words else FEWEST_LETTERS)
        if found := next((one for one in likely(sample, _USUAL, few=few) if _decodes(content, one)), ""):
            return found
    return "cp1252" if _decodes(content, "cp1252") else "latin-1"


def _is_western(sample: bytes) -> bool:
    """Return whether bytes are letters of western Europe among ASCII; those of other scripts make whole words."""
    text = sample.decode("cp1252", errors="replace")
    others = {letter for letter in text if not letter.isascii()}
    return others <= _WESTERN and not _WORD.search(text)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _without_blocks(text: str) -> str | None:
    """Return a text without NUL characters before a line or in place of one; None where one is in a line.

    A logger that lost its power leaves blocks of them.
    """
    whole = _BLOCK.sub("", text)
    return None if "\0" in whole else whole


def _refuse_nul(text: str, file: str) -> NoReturn:
    line = text.count("\n", 0, text.index("\0")) + 1
    _refuse(f"{file}:{line}: holds a NUL character; save the file as UTF-8 text")


def _refuse(text: str) -> NoReturn:
    raise SeriesError([text]) from None
