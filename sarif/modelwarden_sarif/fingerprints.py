"""Names for results that survive a second run, another checkout and a moved line.

GitHub tells alerts apart by rule, path and `partialFingerprints.primaryLocationLineHash`; its uploader computes one only for
results with a line (github/codeql-action, `src/fingerprints.ts`), so results in binary files must bring their own.
"""

import hashlib
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

PRIMARY = "primaryLocationLineHash"
"""The only partial fingerprint GitHub reads."""

VERSION = "v1"
"""Part of every key. A change of recipe gets a new version, because it closes and reopens everybody's alerts."""

MAX_LINE_HASH_BYTES = 2 << 20
"""Larger files get no line hash: it costs one step per character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a finding is, apart from where it happens to stand: no offset, path, message, severity, version or time.

    `container` is the format's family, `members` the names leading inside (see `member_path`), `subject` the canonical name of
    the thing found, `argument` the literal arguments that tell two such findings apart, or empty.
    """

    container: str
    members: str
    kind: str
    subject: str
    argument: str = ""

    def to_bytes(self) -> bytes:
        """The key in the stable form that is hashed."""
        digest = hashlib.sha256(_utf8(self.argument)).hexdigest() if self.argument else ""
        parts = (VERSION, self.container, self.members, self.kind, self.subject, digest)
        return b"\0".join(_utf8(part) for part in parts)


@dataclass(slots=True)
class Fingerprinter:
    """Hands out fingerprints for one log; equal keys of one file and rule are numbered in the order they come.

    `name` is the key of the full fingerprint in `partialFingerprints`, such as `mytool/v1`.
    """

    name: str
    _seen: Counter[Hashable] = field(default_factory=Counter[Hashable])

    def fingerprints(self, key: Key, *, rule_id: str, uri: str) -> dict[str, str]:
        """GitHub's fingerprint (16 hex digits, a colon, the ordinal) and the full one (64 hex digits, rule included)."""
        raw = key.to_bytes()
        self._seen[uri, rule_id, raw] += 1
        ordinal = self._seen[uri, rule_id, raw]
        short = hashlib.sha256(raw).hexdigest()[:16]
        full = hashlib.sha256(_utf8(rule_id) + b"\0" + raw + f"\0{ordinal}".encode()).hexdigest()
        return {PRIMARY: f"{short}:{ordinal}", self.name: full}


def member_path(members: Sequence[str], *, drop_top: bool = False) -> str:
    """Members joined by `!`, with forward slashes and without a leading `./`.

    `drop_top` removes the first directory of the first member: for archives that name it after the archive itself.
    """
    names = [_plain(member) for member in members]
    if drop_top and names:
        top, slash, rest = names[0].partition("/")
        names[0] = rest if slash and rest else top
    return "!".join(names)


def _plain(member: str) -> str:
    name = member.replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    return name


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_BLOCK = 100
_BASE = 37
_MASK = (1 << 64) - 1
_LEAVING = pow(_BASE, _BLOCK, 1 << 64)
_END = 0xFFFF


def line_hashes(data: bytes) -> list[str]:
    """GitHub's hash of every line of a text file: a rolling polynomial over the 100 characters from the line's start.

    Blanks do not count and line ends are folded; `:n` numbers lines with an equal hash. Raises ValueError for more than
    `MAX_LINE_HASH_BYTES`. Source: github/codeql-action, `src/fingerprints.ts`, `hash`.
    """
    if len(data) > MAX_LINE_HASH_BYTES:
        raise ValueError(f"a text of {len(data):,} bytes is too long for line hashes")
    characters, starts = _significant(data)
    characters.extend([0] * _BLOCK)
    pending = iter(starts)
    due = next(pending) + _BLOCK
    seen: Counter[int] = Counter()
    hashes: list[str] = []
    rolling = 0
    for index, character in enumerate(characters):
        if index == due:
            seen[rolling] += 1
            hashes.append(f"{rolling:x}:{seen[rolling]}")
            due = next(pending, len(characters)) + _BLOCK
        leaving = characters[index - _BLOCK] if index >= _BLOCK else 0
        rolling = (_BASE * rolling + character - _LEAVING * leaving) & _MASK
    return hashes


def _significant(data: bytes) -> tuple[list[int], list[int]]:
    """The UTF-16 code units that count, an end mark included, and the indices at which lines start."""
    characters: list[int] = []
    starts: list[int] = []
    at_start = True
    after_return = False
    for unit in (*_utf16(data), _END):
        if unit in (0x20, 0x09) or (after_return and unit == 0x0A):
            after_return = False
            continue
        after_return = unit == 0x0D
        if at_start:
            starts.append(len(characters))
        at_start = unit in (0x0D, 0x0A)
        characters.append(0x0A if at_start else unit)
    return characters, starts


def _utf16(data: bytes) -> Iterator[int]:
    raw = data.decode("utf-8", "replace").encode("utf-16-le")
    return (raw[index] | raw[index + 1] << 8 for index in range(0, len(raw), 2))
