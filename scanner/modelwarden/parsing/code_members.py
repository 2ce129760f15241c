"""Programs, scripts and source among the members of a model's archive. Other archives hold such things rightly.

What a member is decides its first bytes; only Python source, which has none of its own, and scripts for interpreters that read no
first line are told by their names.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Child, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Place, Program
from modelwarden.parsing.native import program_at

_PYTHON = (".py", ".pyc", ".pyo", ".pyw")
_SCRIPTS = (
    ".bash",
    ".bat",
    ".cmd",
    ".command",
    ".hta",
    ".js",
    ".jse",
    ".lnk",
    ".ps1",
    ".psm1",
    ".scr",
    ".sh",
    ".vbe",
    ".vbs",
    ".wsf",
)
_TEXTUAL = ("Python", "script")
_SEARCHED = 4 << 20
_BYTECODE = b"\r\r\n"
"""CPython begins its bytecode with a number of two bytes, the second 13 since 3.0, and a line end."""


def with_programs(facts: Iterator[Fact]) -> Iterator[Fact]:
    """The facts; before each member that is a program the fact that it is one, and telling texts in code."""
    for fact in facts:
        if isinstance(fact, Child):
            kind = member_kind(fact.member, fact.source)
            if kind:
                yield Program(kind, Place.MEMBER, fact.member, Span(0, fact.source.size))
            if kind in _TEXTUAL:
                from modelwarden.parsing.texts import texts  # few archives bring code

                yield from texts(fact.source, _SEARCHED, fact.member, code=True)
        yield fact


def member_kind(name: str, source: ByteSource) -> str:
    """`ELF`, `PE`, `Mach-O`, `Python`, `script`, or empty."""
    kind = program_at(source)
    if kind:
        return kind
    lower = name.lower()
    if lower.endswith(_PYTHON):
        return "Python"
    start = source.read(0, 4)
    if start[1:4] == _BYTECODE:
        return "Python"
    return "script" if lower.endswith(_SCRIPTS) or (start[:2] == b"#!" and start[2:3] in b"/ \t") else ""
