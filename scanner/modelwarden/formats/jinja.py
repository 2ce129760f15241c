"""Jinja templates in files of their own: `chat_template.jinja` beside a model, prompts of applications.

Whoever renders a hostile one outside a sandbox runs what it reaches (CVE-2024-34359). Language:
https://jinja.palletsprojects.com/en/stable/templates. Files of these suffixes that hold no expression and no statement are
left alone; what is no Jinja after all (other languages write braces too) is read as far as its words go.

Checked: names, attributes, filters, and names that the template puts together from pieces; secrets, and addresses
that no template needs; also in templates for other tools.

Not checked: what the template prints, and what the program that renders it hands in.
"""

from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Shortfall

_SUFFIXES = (".jinja", ".jinja2", ".j2", ".template")
_LONGEST = 2 << 20
"""A longer one is no template that anybody wrote, in bytes."""
_CHAT = "chat_template"


def _recognise(head: Head) -> bool:
    if head.suffix not in _SUFFIXES or b"\0" in head.start or head.size > _LONGEST:
        return False
    text = head.start if head.size <= len(head.start) else head.source.read(0, _LONGEST)
    return b"{{" in text or b"{%" in text


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    # jinja2 is needed for these files alone.
    from modelwarden.parsing.jinja import template
    from modelwarden.parsing.texts import texts

    yield from texts(source, _LONGEST, scope.name, code=True)
    span = Span(0, source.size)
    found = template(source.read(0, _LONGEST).decode("utf-8", "replace"), scope.name or "the file", span)
    yield found
    if not found.parsed and _CHAT in scope.name:
        yield Gap(Shortfall.MALFORMED, "it is no Jinja template that is understood", span)


FORMAT = Format(
    name="jinja",
    title="Jinja template",
    suffixes=(),
    ambiguous_suffixes=_SUFFIXES,
    recognise=_recognise,
    observe=_observe,
)
