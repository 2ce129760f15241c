"""Every pickle in a run of bytes, one after the other, as facts.

Loaders loop: `torch.load` reads five pickles from one file, others read until the end. So a STOP ends a stream, not the reading.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

from modelwarden.domain.format import ByteSource, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Call, Gap, Import, Observation, Quirk, Shortfall
from modelwarden.domain.value import Global
from modelwarden.parsing.pickle import opcodes as op
from modelwarden.parsing.pickle.inert import walk
from modelwarden.parsing.pickle.machine import Ending, Machine

_PADDING = b"\0\t\n\r "


@dataclass(slots=True)
class Stream:
    """One pickle: its facts in order, how it ended, and whether it surely is a pickle although it may be broken."""

    ending: Ending
    convincing: bool


def streams(
    source: ByteSource, scope: Scope, exactly: int | None = None
) -> Generator[Observation | Gap, None, int]:
    """Facts of the pickles that stand at the start of `source`, padding between them skipped.

    Returns the offset at which what is not a pickle begins (the size when everything was read). The first stream is taken to be a
    pickle whatever it holds; a later one only when it ends properly or imports something before it breaks, for the bytes behind
    a pickle may as well be numbers. A loader that unpickles `exactly` so many takes all of them for pickles, and no more.
    """
    offset = 0
    count = 0
    while exactly is None or count < exactly:
        begin = skip_padding(source, offset) if count else 0
        if count and begin >= source.size:
            if exactly is not None:
                yield Gap(
                    Shortfall.MALFORMED,
                    f"the file ends after {count} of {exactly} pickles",
                    Span(source.size),
                )
            return source.size
        sure = count == 0 or exactly is not None
        stream = yield from _stream(source, begin, scope, sure=sure)
        ending = stream.ending
        if ending.how == "stop":
            offset = ending.offset
        elif ending.how == "limit":
            span = Span(ending.offset, source.size - ending.offset)
            yield Gap(Shortfall.LIMIT, f"the pickle needs {ending.reason}", span)
            return source.size
        elif not sure and not stream.convincing:
            return offset
        else:
            yield Gap(
                Shortfall.MALFORMED,
                f"the pickle breaks at byte {ending.offset}: {ending.reason}",
                Span(ending.offset),
            )
            return source.size
        count += 1
    return offset


def looks_like_a_pickle(source: ByteSource, *, claimed: bool = False) -> bool:
    """Whether the bytes from offset 0 are a pickle beyond reasonable doubt, or several.

    That is: one of them imports something by a name that could be one; or, when the file bears a pickle's name (`claimed`) or
    the bytes begin with PROTO, they end in STOP at the end of the file or after some length. Short runs of other data may spell
    inert opcodes by chance.
    """
    offset = 0
    while offset < source.size:
        prefix = source.read(offset, 2)
        likely = claimed or (len(prefix) == 2 and prefix[0] == op.PROTO and prefix[1] <= op.HIGHEST_PROTOCOL)
        passed = walk(source, offset)
        if passed.end == "broken":
            return False
        if passed.end == "stop" and passed.offset - offset > _BEYOND_CHANCE:
            return True
        machine = Machine(source, offset)
        for fact in machine.observations():
            if isinstance(fact, Import):
                return _convincing(fact)
        ending = machine.ending
        if ending is None or ending.how != "stop":
            return False
        if likely and machine.opcodes >= _ENOUGH_OPCODES:
            return True
        offset = skip_padding(source, ending.offset)
        if likely and offset >= source.size:
            return True
    return False


_BEYOND_CHANCE = 1 << 16
"""So many bytes of tokens up to STOP do not come about by chance."""
_ENOUGH_OPCODES = 16
"""One byte in four is an opcode: sixteen in a row after PROTO are none by chance."""


def _stream(
    source: ByteSource, offset: int, scope: Scope, *, sure: bool
) -> Generator[Observation, None, Stream]:
    """One stream's facts. Imports that nothing was seen to call come at its end.

    Not `sure` that it is a pickle: its facts are held back until one is convincing or the stream ends properly.
    """
    passed = walk(source, offset)
    if passed.end != "active":
        how: Literal["stop", "broken"] = "stop" if passed.end == "stop" else "broken"
        return Stream(Ending(how, passed.offset, passed.reason), convincing=False)
    machine = Machine(source, offset, harmless=scope.harmless, memory=scope.budget.limits.pickle_memory)
    called = False
    held: list[Observation] = []
    pending: dict[Global, Import] = {}
    used: set[Global] = set()
    for fact in machine.observations():
        sure = sure or _convincing(fact)
        match fact:
            case Import(target):
                if target not in used:
                    pending.setdefault(target, fact)
                continue
            case Call(callee):
                called = True
                if isinstance(callee, Global):
                    used.add(callee)
                    pending.pop(callee, None)
        held.append(fact)
        if sure:
            yield from held
            held.clear()
    end = machine.ending
    assert end is not None, "a machine runs to its end"
    sure = sure or machine.imports_harmless or end.how != "broken"
    if sure:
        yield from held
        yield from pending.values()
        if called and end.how == "broken":
            yield Anomaly(Quirk.BROKEN_AFTER_CALL, "pickle", end.reason, Span(end.offset))
    return Stream(end, sure)


def _convincing(fact: Observation) -> bool:
    """Whether a fact shows that its bytes are a pickle: an import by a name that Python could import."""
    if not isinstance(fact, Import):
        return False
    names = (*fact.target.module.split("."), *fact.target.name.split("."))
    return all(name.isidentifier() for name in names)


def skip_padding(source: ByteSource, offset: int) -> int:
    """The offset of the first byte from `offset` that is no padding, or the size."""
    window = 64
    while True:
        data = source.read(offset, window)
        if not data:
            return offset
        left = data.lstrip(_PADDING)
        if left:
            return offset + len(data) - len(left)
        offset += len(data)
        window = 64 << 10
