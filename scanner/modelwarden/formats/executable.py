"""Programs for a processor: ELF (Linux), PE (Windows), Mach-O (macOS).

Nothing that loads a model runs them. An attacker gives a program the name of a model or of data, so that it gets past a filter
and lies ready for the second step: a loader that was exploited, a library search, a curious click. Sources: see
`parsing/native.py`.

Checked: That the header is one which the operating system would start; its name against its content.

Not checked: What the program does.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Place, Program

_MAGIC = re.compile(rb"\x7fELF|MZ|[\xce\xcf]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]|\xca\xfe\xba[\xbe\xbf]")


def _recognise(head: Head) -> bool:
    return _MAGIC.match(head.start) is not None and bool(_kind(head.source))


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    kind = _kind(source)
    if kind:
        yield Program(kind, Place.FILE, scope.name, Span(0, source.size))


def _kind(source: ByteSource) -> str:
    from modelwarden.parsing.native import program_at  # few files begin like a program

    return program_at(source)


FORMAT = Format(
    name="executable",
    title="executable (ELF, PE, Mach-O)",
    suffixes=(),
    recognise=_recognise,
    observe=_observe,
)
