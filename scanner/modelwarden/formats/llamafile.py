"""llamafile: a program that is a ZIP archive as well, with llama.cpp in it and the weights as a member in GGUF.

It is meant to be run, so everything it does is its author's choice; that is told once and calmly. An attacker may still hide in
the weights it carries, or in any other member. Sources: https://github.com/Mozilla-Ocho/llamafile, and for the actually portable
executable, a program for DOS and a shell script in one, `ape/ape.S` of https://github.com/jart/cosmopolitan.

Checked: every member of the archive like a file of its own, the weights included.

Not checked: what the program does.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.budget import Budget, LimitReached
from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Place, Program, Quirk
from modelwarden.parsing.zip.archive import Archive, duplicates, has_directory
from modelwarden.parsing.zip.member import Members

_PROGRAM = re.compile(rb"MZ|\x7fELF|jartsr='|APEDBG='")
_WEIGHTS = (".gguf", ".ggml")
_ARGUMENTS = ".args"
"""Its lines become the arguments of the command."""


def _recognise(head: Head) -> bool:
    if _PROGRAM.match(head.start) is None or not has_directory(head.source, head.tail):
        return False
    try:
        archive = Archive(head.source, Budget())
    except LimitReached:
        return False
    names = [entry.name.lower() for entry in archive.entries]
    return any(name.endswith(_WEIGHTS) or name.rpartition("/")[2] == _ARGUMENTS for name in names)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.native import program_at  # few files begin like a program

    span = Span(0, source.size)
    yield Program("llamafile", Place.FILE, scope.name, span)
    kind = program_at(source)
    if kind:
        yield Program(kind, Place.FILE, scope.name, span)
    archive = Archive(source, scope.budget)
    for fact in archive.facts:
        if not (isinstance(fact, Anomaly) and fact.quirk is Quirk.POLYGLOT and fact.span.offset == 0):
            yield fact
    yield from duplicates(archive.entries)
    members = Members(archive)
    for entry in archive.entries:
        yield from members.open(entry)


FORMAT = Format(
    name="llamafile",
    title="llamafile",
    suffixes=(".llamafile",),
    recognise=_recognise,
    observe=_observe,
    refines=("zip", "executable"),
)
