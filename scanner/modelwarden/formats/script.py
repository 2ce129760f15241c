"""Scripts: text that begins with `#!` and the path of an interpreter.

Nothing that loads a model runs them either. Under the name of a model or of data they lie ready for a second step. Scripts that
are named as scripts are ordinary source code and left to other tools. Source: Linux `fs/binfmt_script.c`.

Checked: The first line, and the name against it; secrets and telling addresses in its text.

Not checked: What the script does.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Place, Program

_FIRST_LINE = rb"#![ \t]*/[\x21-\x7e]+(?:[ \t][\x20-\x7e\t]*)?(?:\r?\n|\Z)"
_SEARCHED = 4 << 20
_NAMED_AS_SOURCE = frozenset(
    ".awk .bash .bats .cgi .csh .fish .in .js .ksh .lua .mjs .nu .php .pl .pm .ps1 .py .pyi .pyw .r .rb .run .sed .sh .t .tcl "
    ".tmpl .ts .zsh".split()
)


def _recognise(head: Head) -> bool:
    return (
        head.start.startswith(b"#!")
        and head.suffix not in _NAMED_AS_SOURCE
        and re.match(_FIRST_LINE, head.start) is not None
    )


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    match = re.match(_FIRST_LINE, source.read(0, 4096))
    if match is not None:
        yield Program("script", Place.FILE, scope.name, Span(0, match.end()))
        from modelwarden.parsing.texts import texts  # few files are scripts

        yield from texts(source, _SEARCHED, scope.name, code=True)


FORMAT = Format(name="script", title="script", suffixes=(), recognise=_recognise, observe=_observe)
