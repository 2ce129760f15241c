"""`modelwarden disasm`: a pickle written out, without running it."""

from collections.abc import Iterator

import click

from modelwarden.domain.format import ByteSource, Child, Head, Scope
from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.observation import Call, ExtensionCode, Gap, Import, Observation, Patch, PersistentId
from modelwarden.domain.policy import Judgement
from modelwarden.domain.preview import preview, preview_arguments
from modelwarden.domain.rule import Rule
from modelwarden.engine.identify import identify
from modelwarden.engine.judge import Judge
from modelwarden.engine.locate import located
from modelwarden.errors import UserError
from modelwarden.parsing.pickle.listing import Token, tokens
from modelwarden.parsing.pickle.opcodes import HIGHEST_PROTOCOL
from modelwarden.parsing.pickle.streams import looks_like_a_pickle, streams
from modelwarden.reports import stdout
from modelwarden.reports.lines import Line, line
from modelwarden.reports.listing import listing
from modelwarden.reports.visible import visible

_SHOWN = 8


@click.command("disasm")
@click.argument("place", metavar="FILE[!MEMBER]")
@click.option(
    "--lines", "most", type=click.IntRange(min=1), default=5_000, show_default=True, metavar="N",
    help="Stop after N opcodes.",
)  # fmt: skip
@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N", help="Start at this byte.")
def command(place: str, most: int, offset: int) -> int:
    """Write out a pickle: its opcodes, what the stack holds, what would be imported and called."""
    file, *members = place.split("!")
    path = ArtifactPath(file, tuple(members))
    with located(path) as source:
        if not offset and not _starts(source, 0) and not looks_like_a_pickle(source, claimed=True):
            raise UserError(f"{place} is no pickle: {_instead(source, path)}")
        stdout.show(_lines(source, offset, most))
    return 0


def _instead(source: ByteSource, path: ArtifactPath) -> str:
    """What a file is that is no pickle, and which of its members are."""
    forms = identify(Head(source, path.suffix))
    inside = [
        fact.member
        for form in forms
        for fact in form.observe(source, Scope(name=path.name))
        if isinstance(fact, Child) and looks_like_a_pickle(fact.source, claimed=True)
    ]
    if inside:
        more = ", …" if len(inside) > _SHOWN else ""
        return f"look at one of its members: {', '.join(f'{path}!{name}' for name in inside[:_SHOWN])}{more}"
    return f"it is read as {', '.join(form.title for form in forms) or 'nothing that is known here'}"


def _lines(source: ByteSource, start: int, most: int) -> Iterator[Line]:
    remarks = _remarks(source) if not start else {}
    left = most
    while start < source.size:
        end, cut = start, False
        rows: list[Token] = []
        for token in tokens(source, start):
            if not left:
                cut = True
                break
            left -= 1
            rows.append(token)
            end = token.offset + token.length
        yield from listing(rows, remarks)
        if cut:
            yield line(f"… {source.size - end:,} bytes more: go on with --offset {end} or more --lines")
            return
        if rows[-1].fault or not _starts(source, end):
            if end < source.size:
                yield line(f"{source.size - end:,} bytes follow, which are no pickle")
            return
        yield line(f"another pickle follows at {end}")
        start = end


def _starts(source: ByteSource, offset: int) -> bool:
    """Whether a pickle of protocol 2 or newer starts here."""
    head = source.read(offset, 2)
    return head[:1] == b"\x80" and head[1:2] <= bytes((HIGHEST_PROTOCOL,)) and len(head) == 2


def _remarks(source: ByteSource) -> dict[int, tuple[str, tuple[tuple[Rule, Judgement], ...]]]:
    """Offset → what the exact machine states there, and what the rules say of it."""
    judge = Judge()
    found: dict[int, tuple[str, tuple[tuple[Rule, Judgement], ...]]] = {}
    for fact in streams(source, Scope()):
        if not isinstance(fact, Child | Gap):
            found.setdefault(fact.span.offset, (_told(fact), judge.judge(fact)))
    return found


def _told(fact: Observation) -> str:
    match fact:
        case Call(callee, arguments):
            return f"would call {preview(callee)}({preview_arguments(arguments)})"
        case Import(target):
            return f"would import {target}"
        case Patch():
            return "would set attributes of what is below on the stack"
        case PersistentId():
            return "would ask the loader for a persistent object"
        case ExtensionCode():
            return "would look up a registered extension"
        case _:
            return f"states: {visible(type(fact).__name__)}"
