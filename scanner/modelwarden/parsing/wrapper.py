"""A compression wrapper: a file that holds one other file, compressed.

`joblib.load`, `pandas.read_pickle` and `numpy.load` behind `gzip.open` decompress by content or by name and then unpickle. They
read from the start and stop when they have their object, so that a damaged end comes too late to save anybody: whatever comes out
is scanned.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from modelwarden.domain.format import ByteSource, Child, Fact, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.parsing.expansion import bombast
from modelwarden.source.concatenated import Begin, Concatenated, Journal, after_zeros
from modelwarden.source.inflate import Corrupt, Ending, InflatedSource, Stream
from modelwarden.source.slice import SliceSource

_DIGEST = re.compile(r"[0-9a-f]{64}")
"""How a container image names its layers."""
_TRIAL = 1 << 10
_LOADERS_BITE = 8 << 10
"""What Python's and joblib's readers decompress at once: a fault behind it is met after its content has been used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapper:
    """One kind of wrapper.

    `begin` finds a member, and need not look further than its signature. `suffixes` maps the wrapper's suffixes to what they
    stand for: `.tgz` to `.tar`, `.gz` to nothing. `out_of_memory` is what the decompressor says when it needs more than it may.
    """

    name: str
    begin: Begin
    suffixes: dict[str, str]
    out_of_memory: str = "\0"

    def recognise(self, head: Head) -> bool:
        """Whether the bytes begin with a member out of which something comes."""
        return starts(self.begin, head.source, 0, excuse=self.out_of_memory)

    def observe(self, source: ByteSource, scope: Scope) -> Iterator[Fact]:
        """The content as one child, what is wrong with it, and what stands behind it as another. Raises LimitReached."""
        journal = Journal()
        content = InflatedSource(
            source, lambda packed: Concatenated(packed, self.begin, scope.budget, journal), scope.budget
        )
        yield from self._shortfall(content, journal)
        if journal.fault:
            yield Anomaly(
                Quirk.HEADER_DISAGREEMENT, self.name, journal.fault, Span(journal.fault_at, content.consumed)
            )
        reason = bombast(source, content, content.consumed)
        if reason:
            yield Anomaly(Quirk.EXPANSION, self.name, reason, Span(0, content.consumed))
        yield Child(self.member(scope.name), content)
        if content.ending is Ending.WHOLE:
            end = after_zeros(source, content.consumed)
            if end < source.size:
                detail = f"{source.size - end} bytes follow the compressed data; some readers stop before them, some refuse them"
                yield Anomaly(Quirk.POLYGLOT, "end", detail, Span(end, source.size - end))
                yield Child(f"+{end}", SliceSource(source, end, source.size - end))

    def member(self, name: str) -> str:
        """What the content of a file of this name is called: the name without the wrapper's suffix, or `data`."""
        for suffix, meaning in self.suffixes.items():
            stem = name[: -len(suffix)]
            if stem and name.lower().endswith(suffix):
                return stem + meaning
        return "layer" if _DIGEST.fullmatch(name) else "data"

    def _shortfall(self, content: InflatedSource, journal: Journal) -> Iterator[Gap]:
        span = Span(0, content.consumed)
        if journal.limit:
            yield Gap(Shortfall.LIMIT, f"it holds {journal.limit}; {content.size:,} bytes came out", span)
        elif content.ending is Ending.RATIO:
            detail = f"{content.size:,} bytes came out of {content.consumed:,}; what would come after them was not read"
            yield Gap(Shortfall.LIMIT, detail, span)
        elif content.ending is Ending.CORRUPT and journal.refusal == self.out_of_memory:
            detail = f"decompressing needs more memory than is allowed: only {content.size:,} bytes came out"
            yield Gap(Shortfall.LIMIT, detail, span)
        elif content.ending is not Ending.WHOLE:
            yield Gap(Shortfall.MALFORMED, f"{content.ending}, {content.size} bytes came out", span)


def starts(begin: Begin, source: ByteSource, offset: int, convincing: int = 1, excuse: str = "\0") -> bool:
    """Whether a member begins at `offset` and something comes out: a KiB of it, or as much as a loader would use.

    `convincing`: how many bytes must come out of one that is cut off, where the signature is weak; a checksum must then be right.
    `excuse` is a refusal that proves the format all the same.
    """
    for part in (source, SliceSource(source, 0, offset + _LOADERS_BITE)):
        member = begin(part, offset)
        if member is not None and _gives(member, convincing, excuse):
            return True
    return False


def _gives(member: Stream, convincing: int, excuse: str) -> bool:
    have = 0
    try:
        while have < _TRIAL and (output := member.step(_TRIAL - have)):
            have += len(output)
    except Corrupt as refusal:
        return str(refusal) == excuse
    if have < _TRIAL and member.finished and (not member.fault or convincing > 1):
        return not member.fault
    return have >= convincing
