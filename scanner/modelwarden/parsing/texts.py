"""Texts in which somebody may have left a secret, or an address: found in the bytes of a document before anything is split.

A stretch is what stands around a mark (`domain/marks.py`), cut where a word or a literal ends. Of a configuration only what may
be a secret is handed out, and some of its URLs; of code also what stands for an address without being a URL. Words of
vocabularies are no text: a string with a number behind it (`"token": 17`, `["token", -3.2]`) is passed by, and so are files
that hold nothing else.
"""

import re
from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.marks import ADDRESS, SECRETS
from modelwarden.domain.observation import Text

_WINDOW: Final = 1 << 20
_OVERLAP: Final = 4 << 10
_BEFORE: Final = 300
_AFTER: Final = 600
_LONGEST: Final = 16 << 20
"""What is longer is data, not a configuration or code: its beginning is searched."""
_MOST: Final = 500
"""Stretches of one document."""
_TRIED: Final = 50_000
"""Marks of one document that are looked at; of URLs that are no secret a tenth."""
_URLS: Final = 30
"""URLs of one document that are no secret; each host once."""
_VOCABULARIES: Final = frozenset(
    "tokenizer.json vocab.json vocab.txt merges.txt added_tokens.json special_tokens_map.json".split()
)
_MARKS: Final = tuple(mark.encode() for mark in SECRETS)
_URL: Final = ADDRESS.encode()
_ANY_SECRET: Final = re.compile(b"|".join(re.escape(mark) for mark in _MARKS) + rb"|://[^\s/@\"'<>]{1,200}@")
_ANY: Final = re.compile(b"|".join(re.escape(mark) for mark in (*_MARKS, _URL)))
_IN_CODE: Final = re.compile(
    _ANY.pattern
    + rb"|\.onion|(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}:[0-9]|[\w-]\.(?:com|io|sh|it|st|site|app)/"
)
_START: Final = re.compile(rb"[\s\"'<>`=(,]")
_END: Final = re.compile(rb"[\s\"'<>`]|\\[nrt\"]")
_KEY: Final = re.compile(rb"([\w][\w.\-]{0,63})[\"']?[ \t]{0,8}[:=][ \t]{0,8}[\[({]?[ \t]{0,8}[\"']?\Z")
_COUNTED: Final = re.compile(rb"\"[ \t\r\n]{0,16}[:,][ \t\r\n]{0,16}-?[0-9]")
_HOST: Final = re.compile(rb"[A-Za-z0-9.-]*")


def texts(source: ByteSource, most: int, name: str = "", *, code: bool = False) -> Iterator[Text]:
    """The stretches of a document called `name`, of which at most `most` bytes are searched. `code`: it is written to be run."""
    if name.lower() in _VOCABULARIES:
        return
    reading = _Reading(name, code=code)
    for offset in range(0, min(source.size, most, _LONGEST), _WINDOW):
        window = source.read(offset, _WINDOW + _OVERLAP)
        yield from reading.stretches(window, offset, _WINDOW)
        if reading.full:
            return


def texts_of(data: bytes, holder: str, span: Span | None = None, *, code: bool = False) -> Iterator[Text]:
    """The stretches of bytes that are here; they stand at `span`, each where it is found without one."""
    for found in _Reading(holder, code=code, named=True).stretches(data, 0, len(data)):
        yield found if span is None else Text(found.text, found.holder, found.code, span)


class _Reading:
    """One document: what was handed out of it already."""

    def __init__(self, holder: str, *, code: bool, named: bool = False) -> None:
        self._holder = holder
        self._code = code
        self._named = named
        self._end = 0
        self._count = 0
        self._tried = 0
        self._hosts: set[bytes] = set()

    @property
    def full(self) -> bool:
        """Whether nothing more is handed out."""
        return self._count >= _MOST or self._tried >= _TRIED

    def stretches(self, data: bytes, offset: int, stop: int) -> Iterator[Text]:
        """Those that begin before `stop` in `data`, which stands at `offset`."""
        place = max(0, self._end - offset)
        while not self.full:
            mark = self._pattern().search(data, place)
            if mark is None or mark.start() >= stop:
                return
            self._tried += 1
            start, end = _bounds(data, mark, place)
            place = max(end, mark.end())
            if _COUNTED.match(data, end) is not None or self._is_old(data, mark):
                continue
            self._count += 1
            self._end = offset + place
            text = data[start:end].decode("utf-8", "replace").replace("\\/", "/")
            yield Text(text, self._holder_of(data, start), self._code, Span(offset + start, end - start))

    def _pattern(self) -> re.Pattern[bytes]:
        if self._code:
            return _IN_CODE
        return _ANY if len(self._hosts) < _URLS and self._tried < _TRIED // 10 else _ANY_SECRET

    def _is_old(self, data: bytes, mark: re.Match[bytes]) -> bool:
        """Whether it is a URL alone, of a host that was told, or one too many."""
        if mark[0] != _URL or self._code:
            return False
        end = _END.search(data, mark.end(), min(len(data), mark.end() + _AFTER))
        rest = data[mark.end() : end.start() if end else mark.end() + _AFTER]
        if b"@" in rest or any(one in rest for one in _MARKS):
            return False
        host = _HOST.match(rest)
        known = host[0].lower() if host is not None else b""
        if b"." not in known or known in self._hosts:
            return True
        self._hosts.add(known)
        return False

    def _holder_of(self, data: bytes, start: int) -> str:
        if self._named:
            return self._holder
        key = _KEY.search(data, max(0, start - 100), start)
        return key[1].decode("ascii", "replace") if key is not None else self._holder


def _bounds(data: bytes, mark: re.Match[bytes], least: int) -> tuple[int, int]:
    """Where the word around a mark begins, not before `least`, and ends; a key in PEM takes as many lines as show that it is
    one."""
    first = max(least, mark.start() - _BEFORE)
    if mark[0] == b"PRIVATE KEY":
        return max(first, mark.start() - 24), min(len(data), mark.end() + _AFTER)
    start = first
    for cut in _START.finditer(data, first, mark.start()):
        start = cut.end()
    end = _END.search(data, mark.end(), min(len(data), mark.end() + _AFTER))
    return start, end.start() if end is not None else min(len(data), mark.end() + _AFTER)
