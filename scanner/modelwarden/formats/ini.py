"""INI: sections of keys and values, which Python's logging evaluates and which can name code.

`logging.config.fileConfig` evaluates the `class` and `args` of a handler as Python expressions (`logging/config.py`,
`_install_handlers`), so such a file runs what it spells out there; the documentation warns of it. Other keys are those of JSON.
Syntax: `configparser`, https://docs.python.org/3/library/configparser.html.

Checked: The expressions of `class`, `args` and `kwargs` in sections of handlers, formatters and loggers; the same keys as in
JSON; secrets and URLs.

Not checked: Files without such keys are searched, not parsed; what other programs make of their values; interpolations; files
above 1 MiB, which are reported when they hold such a key.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.observation import Gap, Shortfall

if TYPE_CHECKING:
    from modelwarden.parsing.settings.tree import Pairs

_BLOCK = 1 << 20
_SOUGHT = 1 << 30
_SUFFIXES = frozenset((".cfg", ".conf", ".ini"))
_CONTROL = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f]")
_SECTION = rb"(?m)^\[[^\]\n]+\]"
_LOGGING = rb"(?m)^\[[ \t]*(?:handler|formatter|logger)_"
_EVALUATED = frozenset(("args", "class", "kwargs"))


def _recognise(head: Head) -> bool:
    return (
        head.suffix in _SUFFIXES
        and _CONTROL.search(head.start) is None
        and (re.search(_SECTION, head.start) is not None or _begins_late(head))
    )


def _begins_late(head: Head) -> bool:
    """Whether a section begins behind comments longer than the head."""
    return head.size > len(head.start) and any(
        re.search(_SECTION, head.source.read(offset, _BLOCK + 256)) is not None
        for offset in range(0, min(head.size, _SOUGHT), _BLOCK)
    )


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    # Only a scan that meets such a file needs these.
    from modelwarden.parsing.settings.expressions import calls
    from modelwarden.parsing.settings.marks import text_marks
    from modelwarden.parsing.settings.tree import Locator, Pairs
    from modelwarden.parsing.settings.walk import observe_settings
    from modelwarden.parsing.texts import texts

    yield from texts(source, scope.budget.limits.searched_bytes, scope.name)
    ceiling = scope.budget.limits.text_bytes // 16
    if source.size > ceiling:
        if text_marks(source, scope.budget.limits.searched_bytes, names=False).strong or _logs(source):
            yield Gap(
                Shortfall.LIMIT,
                f"{source.size:,} bytes of INI are too long to be parsed: what its keys name was not looked at",
            )
        return
    data = source.read(0, source.size)
    marks = text_marks(source, scope.budget.limits.searched_bytes, names=scope.names)
    logs = re.search(_LOGGING, data) is not None
    if not (marks or logs):
        return
    root = _parse(data.decode("utf-8-sig", "replace"))
    if root is None:
        return
    locator = Locator(data)
    for section, options in root.items if logs else ():
        if isinstance(options, Pairs) and section.strip().startswith(
            ("handler_", "formatter_", "logger_", "DEFAULT")
        ):
            for key, value in options.items:
                if key in _EVALUATED and isinstance(value, str):
                    scope.budget.spend_members()
                    yield from calls(value, locator.span(value))
    if marks:
        yield from observe_settings(root, data, scope)


def _logs(source: ByteSource) -> bool:
    """Whether a long file configures logging."""
    return any(
        re.search(_LOGGING, source.read(offset, _BLOCK + 64)) for offset in range(0, source.size, _BLOCK)
    )


def _parse(text: str) -> "Pairs | None":
    """Sections and their options, or None when it is no INI."""
    import configparser

    from modelwarden.parsing.settings.tree import Pairs

    # The section DEFAULT is read like the others: copying it into each of them is quadratic.
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True, default_section="")
    try:
        parser.read_string(text)
    except (
        configparser.Error,
        AttributeError,
    ):  # AttributeError: configparser's own, on a continuation of nothing
        return None
    return Pairs([(name, Pairs(list(parser.items(name)))) for name in parser.sections()])


FORMAT = Format(
    name="ini",
    title="INI",
    suffixes=(),
    ambiguous_suffixes=(".cfg", ".conf", ".ini"),
    recognise=_recognise,
    observe=_observe,
)
