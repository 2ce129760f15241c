"""Requirements: what pip installs before a packaged model is served.

A line can fetch a package from any address or repository, or have pip ask another index, and installing runs its `setup.py`
(TorchServe installs a model archive's own requirements). Specification: https://pip.pypa.io/en/stable/reference/requirements-file-format/.

Checked: Inside archives, each line that names an address, a repository, a local path to install from or another
index; secrets in such lines.

Not checked: A repository's own requirements file, which is no part of a model; what the named packages are; files that are not
called `requirements…txt` or `constraints…txt`.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Setting
from modelwarden.domain.preview import shorten

_CEILING = 1 << 20
_NAMED = r"(?i)(?:requirements|constraints)[\w.-]*\.(?:txt|in)|[\w.-]*requirements\.(?:txt|in)"
_LINE = (
    rb"[ \t]*(?:#.*|--?[a-z][\w-]*(?:[ =].*)?|(?:git|hg|svn|bzr)\+\S+.*|(?:https?|ftp|file)://\S+.*"
    rb"|[A-Za-z0-9][\w.-]*[ \t]*(?:\[[^\]]*\])?[ \t]*(?:(?:[=<>!~]=?|@|;|\().*)?(?:#.*)?|)\\?\r?"
)


def _recognise(head: Head) -> bool:
    if head.suffix not in (".txt", ".in") or b"\0" in head.start or not head.start.strip():
        return False
    lines = head.start.split(b"\n")
    if head.size > len(head.start):
        lines.pop()
    return all(re.fullmatch(_LINE, line) for line in lines[:200]) and any(
        mark in head.start
        for mark in (b"==", b">=", b"<", b"~=", b"://", b"--", b"-r ", b"-e ", b"-i ", b"-f ", b"@")
    )


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    if not scope.inside or re.fullmatch(_NAMED, scope.name) is None:
        return
    # Only packed requirements need it.
    from modelwarden.parsing.requirements import leads_elsewhere
    from modelwarden.parsing.texts import texts

    yield from texts(source, _CEILING, scope.name)
    offset = 0
    for line in source.read(0, min(source.size, _CEILING)).split(b"\n"):
        text = line.decode("utf-8", "replace")
        if leads_elsewhere(text):
            scope.budget.spend_members()
            yield Setting("requirement", shorten(text.strip()), scope.name, Span(offset, len(line)))
        offset += len(line) + 1


FORMAT = Format(
    name="requirements",
    title="Python requirements",
    suffixes=(),
    ambiguous_suffixes=(),
    recognise=_recognise,
    observe=_observe,
)
