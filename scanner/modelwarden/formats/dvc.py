"""DVC pointer: a small YAML that stands where a model should be and names the hash of its content.

An attacker can only make it name another file. What lies beside it or in the cache is scanned in the pointer's place; nothing is
looked for outside its directory.
Specification: https://dvc.org/doc/user-guide/project-structure/dvc-files.

Checked: The path and hash of every output; the object itself where it lies beside the pointer or in the cache of the repository.

Not checked: Outputs that are neither, which are reported as absent, and those outside the directory or on a server, which are
reported as not inspected; `dvc.lock` and the commands of `dvc.yaml`; remotes.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span, climbs
from modelwarden.domain.observation import Gap, Reference, Role, Shortfall
from modelwarden.domain.preview import shorten

_CEILING = 1 << 20
_OUTPUTS = re.compile(rb"^outs[ \t]*:", re.MULTILINE)
_HASH = re.compile(rb"^[ \t-]*(?:md5|etag|checksum|size|nfiles|hash)[ \t]*:", re.MULTILINE)
_PATH = re.compile(rb"^[ \t-]*path[ \t]*:", re.MULTILINE)


def _recognise(head: Head) -> bool:
    if head.suffix != ".dvc" or head.size > _CEILING or b"\0" in head.start:
        return False
    text = head.source.read(0, head.size)  # keys may stand behind comments
    return b"outs" in text and all(mark.search(text) is not None for mark in (_OUTPUTS, _HASH, _PATH))


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    # Only a scan that meets a pointer needs these.
    from modelwarden.parsing.settings.tree import Locator, Pairs
    from modelwarden.parsing.settings.yaml_tree import Document, NotUnderstood, documents

    data = source.read(0, source.size)
    locator = Locator(data)
    try:
        for found in documents(data.decode("utf-8-sig", "replace"), scope):
            if not isinstance(found, Document):
                yield found
                continue
            directory = found.root.last("wdir") if isinstance(found.root, Pairs) else None
            outputs = found.root.last("outs") if isinstance(found.root, Pairs) else None
            for output in outputs if isinstance(outputs, list) else ():
                path = output.last("path") if isinstance(output, Pairs) else None
                if isinstance(output, Pairs) and isinstance(path, str):
                    scope.budget.spend_members()
                    span = locator.span(path)
                    location = _from(directory, path)
                    if _leads_out(location):
                        reason = (
                            f"{shorten(path)}, which this points to, lies elsewhere and is not looked for"
                        )
                        yield Gap(Shortfall.UNSUPPORTED, reason, span)
                    yield Reference(Role.STAND_IN, location, _digest(output), span)
    except NotUnderstood as error:
        yield Gap(Shortfall.MALFORMED, f"the pointer cannot be understood: {error}", Span(0, source.size))


def _from(directory: object, path: str) -> str:
    """`path` as seen from the pointer: `wdir` is the directory it is relative to."""
    return f"{directory}/{path}" if isinstance(directory, str) and directory not in ("", ".") else path


def _leads_out(location: str) -> bool:
    """Whether a location is an address, absolute, or climbs out of the pointer's directory at any step."""
    return re.match(r"[/\\~]|[A-Za-z]:|[A-Za-z][A-Za-z0-9+.-]*://", location) is not None or climbs(location)


def _digest(output: object) -> str:
    """The hash under which the object lies in the cache, or an empty string."""
    from modelwarden.parsing.settings.tree import Pairs

    if isinstance(output, Pairs):
        for key in ("md5", "etag", "checksum"):
            digest = output.last(key)
            if isinstance(digest, (str, int)):
                return str(digest)
    return ""


FORMAT = Format(
    name="dvc",
    title="DVC pointer",
    suffixes=(),
    ambiguous_suffixes=(".dvc",),
    recognise=_recognise,
    observe=_observe,
)
