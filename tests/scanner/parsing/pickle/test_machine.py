"""What the machine states of single streams, opcode by opcode."""

import gc
import pickle
import struct
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.observation import (
    Call,
    ExtensionCode,
    How,
    Import,
    Patch,
    PersistentId,
    State,
    UnresolvedImport,
)
from modelwarden.domain.value import UNKNOWN, Blob, Global, Result
from modelwarden.parsing.pickle.events import Ending, Event
from modelwarden.parsing.pickle.machine import Machine
from modelwarden.source.memory import MemorySource

OS_SYSTEM = Global("os", "system")


def run(stream: bytes, harmless: frozenset[tuple[str, str]] = frozenset()) -> tuple[list[Event], Ending]:
    machine = Machine(MemorySource(stream), harmless=harmless)
    found = list(machine.observations())
    assert machine.ending is not None
    return found, machine.ending


def calls(stream: bytes) -> list[Call]:
    return [fact for fact in run(stream)[0] if isinstance(fact, Call)]


def short(text: str) -> bytes:
    return b"\x8c" + bytes((len(text),)) + text.encode()


@pytest.mark.parametrize(
    ("stream", "how"),
    [
        pytest.param(b"cos\nsystem\n(S'id'\ntR.", How.REDUCE, id="GLOBAL and REDUCE"),
        pytest.param(b"(S'id'\nios\nsystem\n.", How.INST, id="INST"),
        pytest.param(b"(cos\nsystem\nS'id'\no.", How.OBJ, id="OBJ"),
        pytest.param(b"\x80\x02cos\nsystem\nU\x02id\x85\x81.", How.NEWOBJ, id="NEWOBJ"),
        pytest.param(b"\x80\x04cos\nsystem\n\x8c\x02id\x85}\x92.", How.NEWOBJ_EX, id="NEWOBJ_EX"),
        pytest.param(
            b"\x80\x04" + short("os") + short("system") + b"\x93" + short("id") + b"\x85R.",
            How.REDUCE,
            id="STACK_GLOBAL",
        ),
        pytest.param(b"cos\nsystem\nVid\n\x85R.", How.REDUCE, id="UNICODE"),
        pytest.param(b"cos\nsystem\nT\x02\0\0\0id\x85R.", How.REDUCE, id="BINSTRING"),
        pytest.param(b"cos\nsystem\n\x8d\x02\0\0\0\0\0\0\0id\x85R.", How.REDUCE, id="BINUNICODE8"),
        pytest.param(b"cos\nsystem\nS'\\x69\\144'\n\x85R.", How.REDUCE, id="escapes"),
        pytest.param(b"cos\nsystem\n(S'id'\nlR.", How.REDUCE, id="a list as arguments"),
    ],
)
def test_every_way_of_calling_is_seen(stream: bytes, how: How) -> None:
    [call] = calls(stream)
    assert (call.callee, call.how) == (OS_SYSTEM, how)
    assert call.arguments in (("id",), (("id",),), ("id", ()))


def test_facts_come_in_the_loaders_order_with_their_places() -> None:
    found, ending = run(b"cos\nsystem\n(S'id'\ntR.")
    assert [type(fact) for fact in found] == [Import, Call]
    assert [fact.span.offset for fact in found] == [0, 19]
    assert ending == Ending("stop", 21)


def test_a_name_is_taken_from_the_stack_not_from_what_stands_before() -> None:
    decoy = short("os") + b"\x94" + short("system") + b"\x94" + short("decoy") + b"0" + short("more") + b"0"
    [only] = run(b"\x80\x04" + decoy + b"\x93.")[0]
    assert isinstance(only, Import)
    assert only.target == OS_SYSTEM


def test_the_memo_holds_values_whatever_opcode_filled_it() -> None:
    stream = (
        b"\x80\x04"
        + short("os")
        + b"\x94"
        + short("safe")
        + b"r\x01\0\0\0"
        + short("system")
        + b"q\x0100"
        + b"p7\n0"
        + b"h\0h\x01\x93."
    )
    [only] = run(stream)[0]
    assert isinstance(only, Import)
    assert only.target == OS_SYSTEM


def test_memoize_counts_filled_slots() -> None:
    stream = b"\x80\x04" + short("os") + b"q\x05" + short("system") + b"\x94" + b"h\x05h\x01\x93."
    [only] = run(stream)[0]
    assert isinstance(only, Import)
    assert only.target == OS_SYSTEM


def test_python_2_names_are_mapped_below_protocol_3_only() -> None:
    [old] = run(b"\x80\x02ccommands\ngetoutput\n.")[0]
    [new] = run(b"\x80\x03ccommands\ngetoutput\n.")[0]
    assert isinstance(old, Import)
    assert isinstance(new, Import)
    assert old.target == Global("subprocess", "getoutput")
    assert new.target == Global("commands", "getoutput")


def test_a_late_proto_changes_the_mapping_from_there_on() -> None:
    found, _ = run(b"\x80\x04c__builtin__\neval\n\x80\x02c__builtin__\neval\n.")
    assert [str(fact.target) for fact in found if isinstance(fact, Import)] == [
        "__builtin__.eval",
        "builtins.eval",
    ]


def test_lookups_are_followed_to_what_they_stand_for() -> None:
    getattr_os = b"cbuiltins\ngetattr\n(cimportlib\nimport_module\n(S'os'\ntRS'system'\ntR(S'id'\ntR."
    assert [str(call.callee) for call in calls(getattr_os)] == [
        "importlib.import_module",
        "builtins.getattr",
        "os.system",
    ]


def test_a_partial_is_called_as_what_it_wraps() -> None:
    stream = b"\x80\x04cfunctools\npartial\ncos\nsystem\n\x8c\x02id\x86R)R."
    last = calls(stream)[-1]
    assert (last.callee, last.arguments) == (OS_SYSTEM, ("id",))


def test_a_methodcaller_calls_the_method_of_its_argument() -> None:
    stream = b"\x80\x04coperator\nmethodcaller\n\x8c\x06system\x8c\x02id\x86Rcimportlib\nimport_module\n\x8c\x02os\x85R\x85R."
    last = calls(stream)[-1]
    assert (last.callee, last.arguments) == (OS_SYSTEM, ("id",))


def test_an_attrgetter_gives_the_attribute_of_its_argument() -> None:
    stream = b"\x80\x04coperator\nattrgetter\n\x8c\x06system\x85Rcimportlib\nimport_module\n\x8c\x02os\x85R\x85R\x8c\x02id\x85R."
    assert calls(stream)[-1].callee == OS_SYSTEM


def test_the_old_instantiator_is_an_instantiation_of_its_class() -> None:
    stream = pickle.dumps(pytest.ExitCode.OK.__class__.__mro__[-1](), 0)  # a plain object(), protocol 0
    [call] = calls(stream)
    assert call.callee == Global("builtins", "object")
    assert call.how is How.NEWOBJ


def test_a_computed_name_is_said_to_be_unresolved() -> None:
    stream = b"\x80\x04cbuiltins\nstr\n\x8c\x02os\x85R\x8c\x06system\x93."
    assert UnresolvedImport(None, "system", run(stream)[0][-1].span) == run(stream)[0][-1]


@pytest.mark.parametrize(
    ("stream", "how"),
    [
        pytest.param(b"csys\nmodules\nS'os'\nNs.", How.SETITEM, id="SETITEM"),
        pytest.param(b"csys\nmodules\n(S'os'\nNu.", How.SETITEMS, id="SETITEMS"),
        pytest.param(b"csys\npath\nS'x'\na.", How.APPEND, id="APPEND"),
        pytest.param(b"csys\npath\n(S'x'\ne.", How.APPENDS, id="APPENDS"),
        pytest.param(b"csys\npath\n(S'x'\n\x90.", How.ADDITEMS, id="ADDITEMS"),
        pytest.param(b"csys\nflags\n}b.", How.BUILD, id="BUILD"),
    ],
)
def test_patching_something_imported_is_stated(stream: bytes, how: How) -> None:
    patch = run(stream)[0][-1]
    assert isinstance(patch, Patch)
    assert patch.target is not None
    assert (patch.target.module, patch.how) == ("sys", how)


def test_filling_fresh_containers_and_instances_is_no_fact() -> None:
    stream = pickle.dumps([{"a": {1, 2}}, [1, 2], {"b": [3]}], 4)
    assert run(stream)[0] == []


def test_extension_codes_and_persistent_ids_are_stated() -> None:
    found, ending = run(b"\x82\x05\x83\x05\x01\x84\x05\0\0\x01Pmy id\n(S'storage'\ntQ.")
    assert [fact.code for fact in found if isinstance(fact, ExtensionCode)] == [5, 261, 16777221]
    assert [fact.value for fact in found if isinstance(fact, PersistentId)] == ["my id", ("storage",)]
    assert ending.how == "stop"


def test_torchs_old_way_of_naming_a_class_is_followed() -> None:
    stream = b"\x80\x02(U\x06moduleq\x00cmy.models\nNet\nU\x06net.pyU\x06sourcetQ)\x81."
    assert [(str(call.callee), call.how) for call in calls(stream)] == [("my.models.Net", How.NEWOBJ)]


def test_harmless_globals_are_no_facts_but_patching_them_is() -> None:
    harmless = frozenset({("collections", "OrderedDict")})
    stream = b"ccollections\nOrderedDict\n)R."
    assert run(stream, harmless)[0] == []
    [patch] = run(b"ccollections\nOrderedDict\n}b.", harmless)[0]
    assert patch == Patch(Global("collections", "OrderedDict"), How.BUILD, patch.span)


def test_calling_the_result_of_a_call_names_the_call() -> None:
    [first, second] = calls(b"cm\nf\n)R)R.")
    assert second.callee == Result(Global("m", "f"), ())
    assert first.callee == Global("m", "f")


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        pytest.param(b"cos\nsystem\n(S'id'\ntR", "ends before STOP", id="cut before STOP"),
        pytest.param(b"cos\nsystem\n(S'id'\ntRX\xff\0\0\0a", "inside a constant", id="cut inside a constant"),
        pytest.param(b"cos\nsystem\n(S'id'\ntR\xff", "0xff is no opcode", id="not an opcode"),
        pytest.param(b"cos\nsystem\n(S'id'\ntR000", "MARK", id="stack underflow"),
        pytest.param(b"cos\nsystem\n(S'id'\ntRh\x09", "memo slot 9", id="empty memo slot"),
        pytest.param(b"cos\nsystem\n(S'id'\ntRIx\n", "number", id="a number that is none"),
        pytest.param(b"cos\nsystem\n(S'id'\ntRSx\n", "string", id="a string without quotes"),
        pytest.param(b"cos\nsystem\n(S'id'\ntR\x80\x06", "protocol 6", id="a protocol that does not exist"),
        pytest.param(b"cos\nsystem\n(S'id'\ntRT\xff\xff\xff\xff", "negative length", id="a negative length"),
        pytest.param(b"cos\nsystem\n(S'id'\ntRK\x01)R", "constant", id="calling a number"),
        pytest.param(b"cos\nsystem\n(S'id'\ntRNS'x'\n\x93", "two strings", id="importing from None"),
    ],
)
def test_keeps_what_it_saw_before_the_break(stream: bytes, reason: str) -> None:
    found, ending = run(stream)
    assert [fact.callee for fact in found if isinstance(fact, Call)] == [OS_SYSTEM]
    assert ending.how == "broken"
    assert reason in ending.reason


@pytest.mark.parametrize(
    "number", [b"I0x10\n", b"I010\n", b"L0x10L\n", b"I 12 \n", b"I-5\n", b"I5\0junk\n", b"I00\n", b"I01\n"]
)
def test_numbers_are_read_as_leniently_as_any_loader_does(number: bytes) -> None:
    found, ending = run(number + b"0cos\nsystem\n.")
    assert ending.how == "stop"
    assert len(found) == 1


class Sparse:
    """A pickle with a long run of zeros that is never held in memory, and counts what is read of it."""

    def __init__(self, before: bytes, zeros: int, after: bytes) -> None:
        self._before, self._zeros, self._after = before, zeros, after
        self.bytes_read = 0

    @property
    def size(self) -> int:
        return len(self._before) + self._zeros + len(self._after)

    def read(self, offset: int, length: int) -> bytes:
        length = max(0, min(length, self.size - offset))
        self.bytes_read += length
        gap, behind = len(self._before), len(self._before) + self._zeros
        head = self._before[offset : offset + length]
        zeros = bytes(max(0, min(offset + length, behind) - max(offset, gap)))
        tail = self._after[max(0, offset - behind) : max(0, offset + length - behind)]
        return head + zeros + tail


def test_a_huge_constant_is_stepped_over() -> None:
    length = 500_000_000
    source = Sparse(b"\x80\x04cos\nsystem\n\x8e" + struct.pack("<Q", length), length, b"\x85R.")
    tracemalloc.start()
    [_, call] = list(Machine(source).observations())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(call, Call)
    assert call.arguments == (Blob(22, length, bytes(256)),)
    assert peak < 1_000_000
    assert source.bytes_read < 200_000


def test_memory_for_stack_and_memo_is_bounded_and_said_to_be() -> None:
    stream = b"\x80\x04" + b"".join(short(f"{i:08}") + b"\x94" for i in range(200_000)) + b"cos\nsystem\n."
    machine = Machine(MemorySource(stream), memory=1 << 20)
    list(machine.observations())
    assert machine.ending is not None
    assert machine.ending.how == "limit"
    assert machine.ending.offset < len(stream)


def test_what_was_dropped_again_does_not_count_as_memory() -> None:
    stream = b"\x80\x04" + b"".join(short(f"{i:08}") + b"0" for i in range(200_000)) + b"cos\nsystem\n."
    machine = Machine(MemorySource(stream), memory=1 << 20)
    [only] = list(machine.observations())
    assert isinstance(only, Import)


def test_values_that_share_their_parts_do_not_explode() -> None:
    stream = (
        b"]q\x010"
        + b"".join(b"](" + b"h\x01" * 50 + b"eq\x010" for _ in range(30))
        + b"cos\nsystem\nh\x01\x85R."
    )
    [call] = calls(stream)
    assert len(repr(call)) < 50_000


def test_long_chains_of_results_do_not_nest_without_end() -> None:
    [*_, last] = calls(b"cm\nf\n" + b")R" * 5000 + b".")
    assert len(repr(last)) < 50_000


def test_a_call_of_something_unknown_is_a_call() -> None:
    call = calls(b"\x80\x04Pid\n)R.")[0]
    assert call.callee is UNKNOWN


@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_verdict(stream: bytes) -> None:
    _, ending = run(stream)
    assert ending.how in ("stop", "broken")
    assert 0 <= ending.offset <= len(stream)


NAMESPACE = b"ctypes\nSimpleNamespace\n)R"
CALLER = b"coperator\nmethodcaller\n\x8c\x01f\x85R"


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(b"}\x8c\x0c__setstate__" + CALLER + b"s", id="a dict"),
        pytest.param(b"N}\x8c\x0c__setstate__" + CALLER + b"s\x86", id="the slots' half"),
        pytest.param(
            b"}(" + b"".join(b"\x8c\x03k%02dN" % i for i in range(80)) + b"\x8c\x06append" + CALLER + b"u",
            id="late",
        ),
    ],
)
def test_methods_that_a_state_gives_are_stated(state: bytes) -> None:
    patches = [fact for fact in run(b"\x80\x04" + NAMESPACE + state + b"b.")[0] if isinstance(fact, Patch)]
    assert [(patch.target, patch.how) for patch in patches] == [(None, How.BUILD)]
    assert patches[0].method in ("__setstate__", "append")


def test_ordinary_states_give_no_methods() -> None:
    state = b"}(\x8c\x01aK\x01\x8c\x06append\x8c\x04text\x8c\x0c__setstate__\x8c\x04textu"
    assert not any(isinstance(fact, Patch) for fact in run(b"\x80\x04" + NAMESPACE + state + b"b.")[0])


def test_the_state_of_a_partial_is_what_it_calls() -> None:
    stream = b"\x80\x04cfunctools\npartial\ncbuiltins\nlen\n\x85R(cos\nsystem\n\x8c\x02id\x85}Ntb."
    [*_, last] = calls(stream)
    assert (str(last.callee), last.arguments) == ("functools.partial", (OS_SYSTEM, "id"))


def test_the_state_of_a_class_that_runs_it_is_stated() -> None:
    stateful = frozenset({("m", "C")})
    machine = Machine(MemorySource(b"\x80\x04cm\nC\n)\x81}\x8c\x01k\x8c\x01vsb."), stateful=stateful)
    [state] = [fact for fact in machine.observations() if isinstance(fact, State)]
    assert (state.target, state.keys, state.texts) == (Global("m", "C"), ("k",), (("k", "v"),))


def test_equal_calls_without_arguments_are_one_fact_and_a_number() -> None:
    made = b"cm\nC\nq\x00" + b"h\x00)\x810" * 5 + b"h\x00)R0" * 3 + b"h\x00K\x01\x85\x810"
    facts = [fact for fact in run(b"\x80\x02" + made + b"N.")[0] if isinstance(fact, Call)]
    assert [(fact.how, fact.arguments, fact.times) for fact in facts] == [
        (How.NEWOBJ, (), 1),
        (How.REDUCE, (), 1),
        (How.NEWOBJ, (1,), 1),
        (How.NEWOBJ, (), 4),
        (How.REDUCE, (), 2),
    ]
    assert facts[0].span.offset < facts[1].span.offset < facts[2].span.offset


def test_what_equal_calls_return_is_the_same() -> None:
    assert [fact.callee for fact in calls(b"cm\nf\nq\x00h\x00)R0h\x00)R)R.")] == [
        Global("m", "f"),
        Result(Global("m", "f"), ()),
        Global("m", "f"),
    ]


def test_a_wrapper_made_without_arguments_is_a_new_one_each_time() -> None:
    wrapper = b"cjoblib.numpy_pickle\nNumpyArrayWrapper\nq\x00"
    found, ending = run(b"\x80\x02" + wrapper + b"h\x00)\x81}b0h\x00)\x81}b.")
    assert ending.how == "stop"
    assert [type(fact).__name__ for fact in found].count("Anomaly") == 2  # neither says its type and shape


@pytest.mark.parametrize("before", [b"", b"K\x00K\x00s", b"(K\x00K\x00u"])
@pytest.mark.parametrize(
    "fill",
    [
        pytest.param(b"(X\x08\0\0\0__call__cos\nsystem\nu", id="SETITEMS"),
        pytest.param(b"X\x08\0\0\0__call__cos\nsystem\ns", id="SETITEM"),
        pytest.param(b"(]K\x00X\x08\0\0\0__call__cos\nsystem\nu", id="after a key without a hash"),
        pytest.param(b"(X\x08\0\0\0__call__K\x00X\x08\0\0\0__call__cos\nsystem\nu", id="the last one counts"),
        pytest.param(
            b"(" + b"".join(b"K%cN" % number for number in range(100)) + b"X\x08\0\0\0__call__cos\nsystem\nu",
            id="after a hundred others",
        ),
    ],
)
def test_however_a_state_is_filled_its_methods_are_stated(before: bytes, fill: bytes) -> None:
    found, _ = run(b"\x80\x02cm\nC\n)\x81}" + before + fill + b"b.")
    assert Patch(None, How.BUILD, found[-2 if isinstance(found[-1], Call) else -1].span, "__call__") in found


def test_names_that_are_looked_up_count_as_memory() -> None:
    names = b"".join(b"cm\nname%d\n0" % number for number in range(20_000))
    machine = Machine(MemorySource(names + b"N."), memory=1 << 20)
    found = sum(1 for _ in machine.observations())
    assert machine.ending is not None
    assert machine.ending.how == "limit"
    assert found < 20_000


@pytest.mark.parametrize("unit", [b"N", b"(", b"}\x94", b"]q\x00(h\x00h\x00h\x00e0", b"M\xff\xff"])
def test_no_stream_takes_much_more_than_its_memory(unit: bytes) -> None:
    source = MemorySource(b"\x80\x04N" + unit * (150_000 // len(unit)) + b"N.")
    tracemalloc.start()
    try:
        for _ in Machine(source, memory=256 << 10).observations():
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # A window runs to its end whatever it holds: 64 KiB of marks are six million bytes of lists.
    assert peak < 8 << 20


def test_the_garbage_collector_is_as_it_was() -> None:
    stream = b"\x80\x02" + b"cm\nC\n)\x810" * 3
    for wanted in (gc.disable, gc.enable):
        wanted()
        before = gc.isenabled()
        next(Machine(MemorySource(stream)).observations())  # not to its end
        assert gc.isenabled() is before
        run(stream)
        assert gc.isenabled() is before
