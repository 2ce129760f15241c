"""A pickle's listing as lines: offset, opcode, argument, what the stack holds, and what the rules say of it."""

from collections.abc import Iterable, Iterator, Mapping

from modelwarden.domain.policy import Judgement
from modelwarden.domain.rule import Rule
from modelwarden.parsing.pickle.listing import Token
from modelwarden.reports.lines import Line, Part, Style, line
from modelwarden.reports.text import SEVERITY_STYLE
from modelwarden.reports.visible import MESSAGE, visible

_ARGUMENT = 70
_TOP = 40
_COLUMN = 46
"""Where the stack is shown, if the argument leaves room."""


def listing(
    tokens: Iterable[Token], remarks: Mapping[int, tuple[str, tuple[tuple[Rule, Judgement], ...]]]
) -> Iterator[Line]:
    """One line a token. `remarks`: offset → what happens there, in words, and what the rules say."""
    for token in tokens:
        yield from _row(token)
        if token.offset in remarks:
            fact, judged = remarks[token.offset]
            yield line(Part(visible(fact, MESSAGE), Style.STRONG), indent=10, label="^ ")
            for rule, judgement in judged:
                label = Part(f"{rule.id} {rule.severity.name.lower()}  ", SEVERITY_STYLE[rule.severity])
                yield line(visible(judgement.message, MESSAGE), indent=12, label=label)


def _row(token: Token) -> Iterator[Line]:
    if token.fault:
        name = f"{token.name}: " if token.name else ""
        yield line(
            Part(f"{name}{visible(token.fault)}", Style.WARNING),
            label=Part(f"{token.offset:>8}  ", Style.FAINT),
        )
        return
    argument = visible(token.argument, _ARGUMENT)
    stack = (
        f"{token.depth}: {visible(token.top, _TOP)}"
        if token.depth > 0
        else "empty"
        if not token.depth
        else "?"
    )
    text = f"{token.name:<16}  {argument}"
    yield line(
        f"{text:<{_COLUMN}}",
        Part(f" ; {stack}", Style.FAINT),
        label=Part(f"{token.offset:>8}  ", Style.FAINT),
    )
