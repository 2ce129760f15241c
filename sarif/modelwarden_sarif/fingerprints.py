"""Names for results that survive a second run, another checkout and a moved line.

GitHub tells alerts apart by rule, path and `partialFingerprints.primaryLocationLineHash`; its uploader computes one only for
results with a line (github/codeql-action, `src/fingerprints.ts`), so results in binary files must bring their own.
"""

import hashlib
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

PRIMARY = "primaryLocationLineHash"
"""The only partial fingerprint GitHub reads."""

VERSION = "v1"
"""Part of every key. A change of recipe gets a new version, because it closes and reopens everybody's alerts."""


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
