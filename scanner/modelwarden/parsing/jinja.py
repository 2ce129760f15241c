"""Jinja templates, parsed and never rendered: which names, attributes and filters they use, and which names they compute.

Whoever renders a template outside a sandbox runs what it reaches: `''.__class__.__mro__[1].__subclasses__()` ends at a shell
(CVE-2024-34359). Chat templates travel in GGUF files, tokenizer configurations and files of their own. Syntax and semantics:
https://jinja.palletsprojects.com; `jinja2/parser.py` builds the tree and evaluates nothing; the optimiser,
which does, is not used.
"""

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Template

LONGEST = 1 << 18
"""Longer texts are not parsed, in characters. The longest chat templates have some 50,000. The worst of this length takes three
seconds."""


def template(text: str, holder: str, span: Span) -> Template:
    """What the template `text` in the field `holder` uses. Never raises; one that is no Jinja is read token by token."""
    if len(text) > LONGEST:
        return Template(holder, (), (), (), (), parsed=False, span=span)
    # Heavy, and needed for templates alone.
    from modelwarden.parsing.jinja_tree import read

    uses = read(text)
    return Template(
        holder,
        names=tuple(sorted(uses.names)),
        attributes=tuple(sorted(uses.attributes)),
        filters=tuple(sorted(uses.filters)),
        computed=tuple(sorted(uses.computed)),
        parsed=uses.parsed,
        span=span,
    )


def looks_like_a_template(text: str) -> bool:
    """Whether `text` holds an expression or a statement of Jinja."""
    return ("{{" in text and "}}" in text) or ("{%" in text and "%}" in text)
