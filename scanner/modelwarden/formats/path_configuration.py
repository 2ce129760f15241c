"""Path configuration files of Python: `.pth` in a site-packages folder, of which every line that begins with `import` is run.

They share their suffix with PyTorch checkpoints. Python runs the lines whenever it starts, so one that is brought along with a
model and ends up beside installed packages runs for good. Source: CPython `Lib/site.py`, `addpackage`; MITRE ATT&CK T1546.018.

Some installers write such lines on purpose: setuptools, virtualenv, coverage, and whoever only imports a module of theirs. What
these do is not in the file.

Checked: Every line that Python would run, unless it is one that an installer is known to write.

Not checked: The modules that a known line imports.
"""

import re
from collections.abc import Iterator
from itertools import islice

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Place, Program, Shortfall

_LONGEST = 4 << 20
_MOST_LINES = 1000
"""One is enough to know what the file is."""
_LINE = rb"(?:\A(?:\xef\xbb\xbf)?|(?<=[\n\r\x0b\x0c\x1c-\x1e])|(?<=\xc2\x85)|(?<=\xe2\x80[\xa8\xa9]))import[ \t][^\n\r]*"
"""What `str.splitlines` takes for the start of a line; CPython from 3.12 on does not read line by line."""
_NO_TEXT = rb"[\0-\x08\x0e-\x1b\x1f\x7f]"


def _recognise(head: Head) -> bool:
    """Whether it is called `.pth` and has a line to run behind nothing but text, or more text than is read."""
    if head.suffix != ".pth" or re.match(_NO_TEXT, head.start) is not None:
        return False
    broken = re.search(_NO_TEXT, head.start)
    if broken is not None:
        return re.search(_LINE, head.start[: broken.start()]) is not None
    text = head.source.read(0, _LONGEST)
    broken = re.search(_NO_TEXT, text)
    found = re.search(_LINE, text[: broken.start()] if broken else text)
    return found is not None or (broken is None and head.size > _LONGEST)


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.path_configuration import is_known  # few files are one

    if source.size > _LONGEST:
        yield Gap(
            Shortfall.LIMIT,
            f"of {source.size:,} bytes of text the first {_LONGEST:,} were read",
            Span(0, source.size),
        )
    unknown = (
        match
        for match in re.finditer(_LINE, source.read(0, _LONGEST))
        if not is_known(match[0].removeprefix(b"\xef\xbb\xbf"))
    )
    for match in islice(unknown, _MOST_LINES):
        yield Program("Python", Place.FILE, scope.name, Span(match.start(), len(match[0])))


FORMAT = Format(
    name="path-configuration",
    title="Python path configuration file",
    suffixes=(),
    ambiguous_suffixes=(".pth",),
    recognise=_recognise,
    observe=_observe,
    runs_code=True,
)
