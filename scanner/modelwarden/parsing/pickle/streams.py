"""Every pickle in a run of bytes, one after the other, as facts.

Loaders loop: `torch.load` reads five pickles from one file, others read until the end. So a STOP ends a stream, not the reading.
"""

from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from modelwarden.domain.format import ByteSource, Child, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import (
    INSTANTIATING,
    Anomaly,
    Call,
    Gap,
    Import,
    Observation,
    Quirk,
    Shortfall,
)
from modelwarden.domain.record import record, replace
from modelwarden.domain.value import Blob, Global, Value
from modelwarden.parsing.pickle import opcodes as op
from modelwarden.parsing.pickle.events import Embedded, Ending, Event
from modelwarden.parsing.pickle.inert import walk
from modelwarden.parsing.pickle.machine import Machine

if TYPE_CHECKING:
    from modelwarden.parsing.code.pickled import Explainer

Found: TypeAlias = Observation | Gap | Child

_PADDING = b"\0\t\n\r "
_BETWEEN = _PADDING + b"."
"""A lone STOP is no pickle: with nothing on the stack every loader raises."""


@record
class Stream:
    """One pickle: how it ended, whether it surely is one although it may be broken, and what it looked up."""

    ending: Ending
    convincing: bool
    looked_up: frozenset[Global] = frozenset()


class SharedMemo:
    """The view of a loader that uses one `Unpickler` for several pickles: its memo is not emptied between them."""

    def __init__(self, source: ByteSource, scope: Scope) -> None:
        self.begins: list[int] = []
        self._source = source
        self._scope = scope
        self._machine: Machine | None = None
        self._run = 0

    def differences(
        self, begin: int, looked_up: frozenset[Global]
    ) -> Generator[Observation, None, Ending | None]:
        """Facts of the pickle at `begin` when the memo of those before it is kept, and where it then ends.

        Pickles that were written one by one look up nonsense so: no facts and None, unless something else is looked up that is
        known for what it can do.
        """
        if len(self.begins) > _SHARED or walk(self._source, begin).end != "active":
            return None
        for earlier in self.begins[self._run :]:
            self._machine = _machine(self._source, earlier, self._scope, earlier=self._machine)
            for _ in self._machine.observations():
                pass
        self._run = len(self.begins)
        machine = _machine(self._source, begin, self._scope, earlier=self._machine)
        facts = list(_notable(machine.observations(), self._scope, begin))
        if all(target in looked_up for target, _ in facts):
            return None
        yield from (fact for _, fact in facts)
        return machine.ending


def streams(source: ByteSource, scope: Scope, exactly: int | None = None) -> Generator[Found, None, int]:
    """Facts of the pickles that stand at the start of `source`, padding between them skipped.

    Returns the offset at which what is not a pickle begins (the size when everything was read). The first stream is taken to be a
    pickle whatever it holds; a later one only when it ends properly or imports something before it breaks, for the bytes behind
    a pickle may as well be numbers. A loader that unpickles `exactly` so many takes all of them for pickles, and no more.
    """
    offset = 0
    count = 0
    shared = SharedMemo(source, scope)
    while exactly is None or count < exactly:
        begin = skip_padding(source, offset, _BETWEEN if exactly is None else _PADDING) if count else 0
        if count and begin >= source.size:
            if exactly is not None:
                yield Gap(
                    Shortfall.MALFORMED,
                    f"the file ends after {count} of {exactly} pickles",
                    Span(source.size),
                )
            return source.size
        sure = count == 0 or exactly is not None
        if not sure and _is_an_archive(source, begin):
            return offset
        stream = yield from _stream(source, begin, scope, sure=sure)
        ending = stream.ending
        if count:
            other = yield from shared.differences(begin, stream.looked_up)
            ending = other if other and ending.how == "broken" else ending
        shared.begins.append(begin)
        if ending.how == "stop":
            offset = ending.offset
        elif ending.how == "limit":
            span = Span(ending.offset, source.size - ending.offset)
            from modelwarden.parsing.pickle.linear import imports

            yield from imports(source, ending.offset)
            detail = f"the pickle needs {ending.reason}: its last {span.length:,} bytes were only searched for imports"
            yield Gap(Shortfall.LIMIT, detail, span)
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

    That is: one of them imports something by a name that could be one, and calls something or ends in STOP; or the file bears a
    pickle's name (`claimed`) or the bytes begin with PROTO, and they import something, or end in STOP at the end of the file or
    after some length. Short runs of other data may spell opcodes by chance: two lines of text are an INST.
    """
    if not claimed and _begins_with_a_useless_line(source):
        return False
    offset = 0
    while offset < source.size and not _is_an_archive(source, offset):
        prefix = source.read(offset, 2)
        likely = claimed or (len(prefix) == 2 and prefix[0] == op.PROTO and prefix[1] <= op.HIGHEST_PROTOCOL)
        passed = walk(source, offset)
        if passed.end == "broken":
            return False
        if (passed.end == "stop" or likely) and passed.offset - offset > _BEYOND_CHANCE:
            return True
        machine = Machine(source, offset)
        odd = named = False
        for fact in machine.observations():
            named = named or _convincing(fact)
            if named and (likely or isinstance(fact, Call)):
                return True
            odd = odd or isinstance(fact, Import)
        ending = machine.ending
        if ending is None or ending.how == "broken":
            return False
        if named:
            return True
        if ending.how == "limit":
            return True
        likely = likely and not odd
        if likely and machine.opcodes >= _ENOUGH_OPCODES:
            return True
        offset = skip_padding(source, ending.offset)
        if likely and offset >= source.size:
            return True
    return False


def _is_an_archive(source: ByteSource, offset: int) -> bool:
    """Whether a ZIP member begins here. `PK` also spells a persistent id up to some newline, which plain loaders refuse."""
    return source.read(offset, 4) == b"PK\x03\x04"


def _begins_with_a_useless_line(source: ByteSource) -> bool:
    """Whether the first token needs a line that may be gigabytes away, and every loader would refuse it.

    The headers of other files spell such tokens: GET and PUT find nothing in the memo and on the stack, and persistent ids are
    refused by whoever has given them no meaning; those that have one are short.
    """
    first = source.read(0, 1)
    return first in (b"g", b"p") or (first == b"P" and b"\n" not in source.read(0, _LONGEST_ID))


_LONGEST_ID = 1 << 20
_BEYOND_CHANCE = 1 << 16
"""So many bytes of tokens up to STOP, or behind PROTO, do not come about by chance."""
_ENOUGH_OPCODES = 16
"""One byte in four is an opcode: sixteen in a row after PROTO are none by chance."""


def _stream(source: ByteSource, offset: int, scope: Scope, *, sure: bool) -> Generator[Found, None, Stream]:
    """One stream's facts. Imports that nothing was seen to call come at its end.

    Not `sure` that it is a pickle: its facts are held back until one is convincing or the stream ends properly.
    """
    passed = walk(source, offset)
    if passed.end != "active":
        how: Literal["stop", "broken"] = "stop" if passed.end == "stop" else "broken"
        if sure or how == "stop":
            for span in passed.carriers:
                yield from _embedded(source, Embedded(span))
            for start, content in passed.encoded:
                yield from _embedded(source, Embedded(Span(start, 1), content))
        return Stream(Ending(how, passed.offset, passed.reason), convincing=False)
    machine = _machine(source, offset, scope)
    explainer: Explainer | None = None
    tried: set[Value] = set()
    handed_on: set[int] = set()
    called = False
    held: list[Found] = []
    pending: dict[Global, Import] = {}
    used: set[Global] = set()
    for fact in machine.observations():
        sure = sure or _convincing(fact)
        match fact:
            case Import(target):
                if target not in used:
                    pending.setdefault(target, fact)
                continue
            case Embedded(data=bytes(data)) if hash(data) in handed_on and not fact.loaded:
                continue
            case Embedded():
                handed_on.add(hash(fact.data))
                held.extend(_embedded(source, fact))
            case Call(callee):
                called = called or fact.how not in INSTANTIATING
                if isinstance(callee, Global):
                    used.add(callee)
                    pending.pop(callee, None)
                if explainer is None and _may_build_code(callee):
                    explainer = _explainer(source)
                held.extend((fact,) if explainer is None else explainer.take(fact))
                if any(map(_may_hold_base64, fact.arguments)):
                    held.extend(_decoded(source, fact, tried, handed_on))
            case _:
                held.append(fact)
        if sure:
            yield from held
            held.clear()
    end = machine.ending
    assert end is not None, "a machine runs to its end"
    sure = sure or machine.imports_harmless or end.how != "broken"
    if sure:
        yield from held
        yield from () if explainer is None else explainer.rest()
        yield from pending.values()
        yield from _other_views(source, offset, scope, machine)
        if called and end.how == "broken":
            yield Anomaly(Quirk.BROKEN_AFTER_CALL, "pickle", end.reason, Span(end.offset))
    return Stream(end, sure, machine.looked_up)


def _may_build_code(callee: Value) -> bool:
    """Whether a call may be one that an `Explainer` takes for anything but a call, and then what follows may be."""
    match callee:
        case Global("types") | Global("marshal", "loads") | Global("builtins", "getattr"):
            return True
        case Global(module):
            return "cloudpickle" in module or "dill" in module
    return True


def _explainer(source: ByteSource) -> "Explainer":
    from modelwarden.parsing.code.pickled import Explainer  # few pickles build code

    return Explainer(source)


_SHORTEST_BASE64 = 24


def _may_hold_base64(value: Value) -> bool:
    return isinstance(value, (tuple, Blob)) or (isinstance(value, str) and len(value) >= _SHORTEST_BASE64)


def _decoded(source: ByteSource, call: Call, tried: set[Value], handed_on: set[int]) -> Iterator[Child]:
    from modelwarden.parsing.pickle.embedded import decoded  # few calls are given text of that length

    return decoded(source, call, tried, handed_on)


def _machine(
    source: ByteSource,
    offset: int,
    scope: Scope,
    *,
    arrays: bool = True,
    cuts: tuple[int, ...] = (),
    earlier: Machine | None = None,
) -> Machine:
    return Machine(
        source,
        offset,
        harmless=scope.harmless,
        stateful=scope.stateful,
        memory=scope.budget.limits.pickle_memory,
        most=scope.budget.limits.opcodes,
        arrays=arrays,
        cuts=cuts,
        earlier=earlier,
    )


def _embedded(source: ByteSource, constant: Embedded) -> Iterator[Anomaly | Child]:
    """A bytes constant that starts like a carrier: a member, when it is an archive or a pickle that ends properly.

    Text that merely looks like the start of a pickle is a word in a vocabulary. What a loader is called on is read as that loader
    reads it, whatever it looks like.
    """
    from modelwarden.parsing.pickle.embedded import embedded  # few pickles hold any

    child = embedded(source, constant.span, constant.data)
    if child.source.read(0, 4) == b"PK\x03\x04":
        yield child
    elif constant.loaded:
        yield replace(child, expected="pickle")
    elif looks_like_a_pickle(child.source) and _ends(child.source):
        detail = f"a bytes constant of {child.source.size} bytes"
        yield Anomaly(Quirk.EMBEDDED_PICKLE, "constant", detail, constant.span)
        yield child


def _ends(source: ByteSource) -> bool:
    """Whether the pickle at offset 0 ends in STOP."""
    machine = Machine(source)
    for _ in machine.observations():
        pass
    return machine.ending is not None and machine.ending.how == "stop"


def _other_views(source: ByteSource, offset: int, scope: Scope, machine: Machine) -> Iterator[Observation]:
    """What other loaders make of the same stream, where `machine` met something that they read differently."""
    if machine.first_array is not None:
        # To pickle.load, joblib's numbers are opcodes, and the slots of the memo hold other texts than those that an array of
        # objects was written with. So it looks up nonsense; what counts are globals that are known for what they can do.
        plain = _machine(source, offset, scope, arrays=False)
        yield from (fact for _, fact in _notable(plain.observations(), scope, machine.first_array))
    if machine.dropped is not None:
        detail = "a token crosses the end of its frame: Python's own readers disagree on what follows"
        yield Anomaly(Quirk.STREAM_CONFUSION, "frame", detail, machine.dropped)
    cuts: tuple[int, ...] = ()
    for _ in range(_SPLICES):
        if machine.dropped is None:
            return
        cut = machine.dropped
        from modelwarden.source.splice import SpliceSource  # no writer makes such frames

        source = SpliceSource(source, cut)
        cuts = (*cuts, cut.offset)
        machine = _machine(source, offset, scope, cuts=cuts)
        for fact in machine.observations():
            if fact.span.offset + fact.span.length > cut.offset and not isinstance(fact, Embedded):
                yield fact


def _notable(events: Iterable[Event], scope: Scope, begin: int) -> Iterator[tuple[Global, Observation]]:
    """The imports and calls from `begin` on of globals that are known for what they can do."""
    for fact in events:
        match fact:
            case Import(target) | Call(Global() as target) if fact.span.offset >= begin:
                if _importable(target) and scope.notable(target):
                    yield target, fact


_SHARED = 64
"""So many pickles in a row are also read as one unpickler would read them."""
_SPLICES = 16
"""So many crossings of frames are followed; writers make none."""


def _convincing(fact: Event) -> bool:
    """Whether a fact shows that its bytes are a pickle: an import by a name that Python could import."""
    return isinstance(fact, Import) and _importable(fact.target)


def _importable(target: Global) -> bool:
    names = (*target.module.split("."), *target.name.split("."))
    return all(name.isidentifier() for name in names)


def skip_padding(source: ByteSource, offset: int, padding: bytes = _PADDING) -> int:
    """The offset of the first byte from `offset` that is no padding, or the size."""
    window = 64
    while True:
        data = source.read(offset, window)
        if not data:
            return offset
        left = data.lstrip(padding)
        if left:
            return offset + len(data) - len(left)
        offset += len(data)
        window = 64 << 10
