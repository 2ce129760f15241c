"""Functions and classes that cloudpickle and dill shipped under every CPython from 3.8 to 3.14."""

import base64
import json
import marshal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, CodeBlob, How
from modelwarden.domain.value import UNKNOWN, Blob, Global, Result, Value
from modelwarden.parsing.code.pickled import Explainer, code_from_arguments
from modelwarden.parsing.pickle.machine import Machine
from modelwarden.source.memory import MemorySource

SAMPLES = {
    (path.stem, case): base64.b64decode(data)
    for path in sorted((Path(__file__).parent / "samples").glob("*.json"))
    for case, data in json.loads(path.read_text(encoding="utf-8")).items()
}
EMPTY = MemorySource(b"")
BYTECODE = b"\x97\x00\x74\x00" + bytes(10) + b"\x6a\x01" + bytes(8) + b"\x53\x00"  # os.system in CPython 3.11
CODE: tuple[Value, ...] = (
    0, 0, 0, 0, 1, 3, Blob(0, len(BYTECODE), BYTECODE), (UNKNOWN,), ("os", "system"), (), "a.py", "f", "f", 1,
    Blob(0, 0, b""), Blob(0, 0, b""), (), (),
)  # fmt: skip
MADE = Result(Global("types", "CodeType"), CODE)
each_version = pytest.mark.parametrize("version", sorted({version for version, _ in SAMPLES}))
each_library = pytest.mark.parametrize("library", ["cloudpickle", "dill"])
each_protocol = pytest.mark.parametrize("protocol", [2, 4])


def call(module: str, name: str, *arguments: Value, how: How = How.REDUCE) -> Call:
    return Call(Global(module, name), arguments, how, SPAN)


SPAN = Span(0, 1)


def built(fact: Call) -> CodeBlob:
    """The one code that a call builds."""
    (blob,) = Explainer(EMPTY).take(fact)
    assert isinstance(blob, CodeBlob)
    return blob


def facts(version: str, case: str) -> tuple[dict[str, CodeBlob], set[str]]:
    """The code in a sample by name, and the callees that it does not explain."""
    source = MemorySource(SAMPLES[version, case])
    explainer = Explainer(source)
    blobs: dict[str, CodeBlob] = {}
    others: set[str] = set()
    for call in Machine(source).observations():
        for fact in explainer.take(call) if isinstance(call, Call) else ():
            if isinstance(fact, CodeBlob):
                blobs[fact.name.rpartition(".")[2]] = fact
            else:
                others.add(str(fact.callee))
    assert explainer.rest() == ()
    return blobs, others


@each_version
@each_library
@each_protocol
@pytest.mark.parametrize(
    ("case", "name", "target"),
    [
        ("shell", "shell", "os.system"),
        ("code", "shell", "os.system"),
        ("nested", "nested", "subprocess.check_output"),
        ("nested", "run", "subprocess.check_output"),
    ],
)
def test_what_a_function_reaches_is_seen(
    version: str, library: str, protocol: int, case: str, name: str, target: str
) -> None:
    blobs, _ = facts(version, f"{library}-{case}-{protocol}")
    assert target in {str(found) for found in blobs[name].reaches}
    assert blobs[name].decoded
    assert blobs[name].names == ()


@each_version
@each_library
@each_protocol
@pytest.mark.parametrize(
    ("case", "names"),
    [("outer", {"outer", "inner"}), ("class", {"Net", "forward", "size"}), ("lambda", {"<lambda>"})],
)
def test_every_function_and_class_is_a_fact(
    version: str, library: str, protocol: int, case: str, names: set[str]
) -> None:
    blobs, _ = facts(version, f"{library}-{case}-{protocol}")
    assert blobs.keys() - {"<listcomp>", "__annotate__"} == names
    assert all(blob.decoded and not blob.names for blob in blobs.values())


@each_version
@each_library
@each_protocol
@pytest.mark.parametrize("case", ["outer", "class", "instance", "lambda", "code", "nested"])
def test_no_part_of_a_function_or_class_is_left_to_be_judged(
    version: str, library: str, protocol: int, case: str
) -> None:
    _, others = facts(version, f"{library}-{case}-{protocol}")
    assert others <= {"_codecs.encode", "builtins.bytes", "builtins.property", "builtins.setattr"}


def test_nested_code_is_followed_with_its_outer_code() -> None:
    inner = list(CODE)
    inner[11] = inner[12] = "inner"
    outer = list(CODE)
    outer[6] = Blob(0, 4, b"\x97\x00\x53\x00")
    outer[7] = (UNKNOWN, Result(Global("types", "CodeType"), tuple(inner)))
    assert Global("os", "system") in built(call("types", "CodeType", *outer)).reaches


def test_code_nested_without_end_is_cut() -> None:
    value = CODE
    for _ in range(100):
        value = (*value[:7], (Result(Global("types", "CodeType"), value),), *value[8:])
    code = code_from_arguments(value, EMPTY)
    assert code is not None


def test_bytecode_is_read_from_the_file_where_the_value_does_not_hold_it() -> None:
    arguments = (*CODE[:6], Blob(3, len(BYTECODE), BYTECODE[:8]), *CODE[7:])
    code = code_from_arguments(arguments, MemorySource(b"..." + BYTECODE))
    assert code is not None
    assert code.bytecode == BYTECODE


@pytest.mark.parametrize(
    ("arguments", "versions"),
    [
        (CODE, ((3, 11), (3, 12), (3, 13), (3, 14))),
        ((Blob(0, 0, b""), *CODE), ((3, 11), (3, 12), (3, 13), (3, 14))),
        ((*CODE[:12], 1, Blob(0, 0, b""), (), ()), ((3, 8), (3, 9), (3, 10))),
        ((*CODE[:12], 1, Blob(0, 0, b"")), ((3, 8), (3, 9), (3, 10))),
        ((*CODE[1:12], 1, Blob(0, 0, b""), (), ()), ((3, 6), (3, 7))),
        ((*CODE[2:12], 1, Blob(0, 0, b""), (), ()), ()),
    ],
)
def test_the_shape_of_the_arguments_tells_the_version(
    arguments: tuple[Value, ...], versions: tuple[tuple[int, int], ...]
) -> None:
    code = code_from_arguments(arguments, EMPTY)
    assert code is not None
    assert code.versions == versions
    assert code.names == ("os", "system")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (1, 2, 3),
        (*CODE[:6], UNKNOWN, *CODE[7:]),
        (*CODE[:8], ("os", UNKNOWN), *CODE[9:]),
        (*CODE[:8], UNKNOWN, *CODE[9:]),
        (*CODE[:6], Blob(0, 1 << 40, b""), *CODE[7:]),
    ],
)
def test_arguments_that_are_not_known_make_no_code(arguments: tuple[Value, ...]) -> None:
    assert code_from_arguments(arguments, EMPTY) is None
    fact = call("types", "CodeType", *arguments)
    assert Explainer(EMPTY).take(fact) == (fact,)


@pytest.mark.parametrize(
    "fact",
    [
        call("types", "FunctionType", MADE, UNKNOWN),
        call("types", "FunctionType", Result(Global("marshal", "loads"), (Blob(0, 1, b"N"),)), UNKNOWN),
        call("cloudpickle.cloudpickle", "_make_function", MADE, UNKNOWN, "f", UNKNOWN, UNKNOWN),
        call("joblib.externals.cloudpickle.cloudpickle", "_make_empty_cell"),
        call("cloudpickle.cloudpickle", "_builtin_type", "CodeType"),
        call("dill._dill", "_load_type", "object"),
        call("builtins", "getattr", Global("dill", "_dill"), "_setattr", Global("builtins", "setattr")),
        call("dill._dill", "_setattr", Result(Global("dill._dill", "_create_cell"), ()), "cell_contents", 1),
        call("dill", "_dill._setattr", Result(Global("dill._dill", "_create_cell"), ()), "cell_contents", 1),
        Call(Result(Global("dill._dill", "_load_type"), ("bytes",)), (), How.REDUCE, SPAN),
        call(
            "cloudpickle.cloudpickle",
            "_function_setstate",
            Result(Global("cloudpickle.cloudpickle", "_make_function"), (MADE,)),
        ),
    ],
    ids=str,
)
def test_parts_say_nothing_where_what_they_are_parts_of_is_stated(fact: Call) -> None:
    explainer = Explainer(EMPTY)
    assert explainer.take(fact) == ()
    assert isinstance(explainer.take(call("types", "CodeType", *CODE))[0], CodeBlob)
    assert explainer.rest() == ()


def test_parts_of_nothing_are_judged_in_the_end() -> None:
    explainer = Explainer(EMPTY)
    parts = [
        call("cloudpickle.cloudpickle", "_make_cell", UNKNOWN),
        call("dill._dill", "_load_type", "object"),
    ]
    assert [explainer.take(part) for part in parts] == [(), ()]
    assert explainer.rest() == tuple(parts)


def test_what_was_too_long_to_be_kept_is_a_part_only_when_code_was_stated() -> None:
    explainer = Explainer(EMPTY)
    fact = call("types", "FunctionType", UNKNOWN, UNKNOWN)
    assert explainer.take(fact) == (fact,)
    explainer.take(call("types", "CodeType", *CODE))
    assert explainer.take(fact) == ()


@pytest.mark.parametrize(
    "fact",
    [
        call("os", "system", "echo"),
        call("types", "MethodType", UNKNOWN),
        call("types", "new_class", "Name", (), UNKNOWN, Global("os", "system")),
        call("types", "FunctionType", Global("os", "system.__code__"), UNKNOWN),
        call("types", "FunctionType"),
        call("evil.dill", "bytes"),
        call("dill._dill", "_setattr", Global("os", "path"), "cell_contents", UNKNOWN),
        call("dill._dill", "_setattr", UNKNOWN, "__code__", UNKNOWN),
        call("cloudpickle.cloudpickle", "_function_setstate", Global("os", "system"), UNKNOWN),
        call("cloudpickle.cloudpickle", "_make_skeleton_class", Global("builtins", "exec"), "code", UNKNOWN),
        call("cloudpickle.cloudpickle", "_builtin_type", "__builtins__"),
        call("cloudpickle.cloudpickle", "_builtin_type", UNKNOWN),
        call("dill._dill", "_create_type", Global("builtins", "eval"), "1+1", UNKNOWN),
        call("acme.pickles", "_make_function", MADE),
        Call(UNKNOWN, (), How.REDUCE, SPAN),
        Call(Result(Global("cloudpickle.cloudpickle", "_make_function"), (MADE,)), ("x",), How.REDUCE, SPAN),
    ],
    ids=str,
)
def test_everything_else_is_judged_as_any_call(fact: Call) -> None:
    assert Explainer(EMPTY).take(fact) == (fact,)


def test_bases_of_a_class_are_reached() -> None:
    fact = call(
        "dill._dill", "_create_type", Global("builtins", "type"), "Name", (Global("os", "system"),), UNKNOWN
    )
    blob = built(fact)
    assert (blob.name, blob.reaches) == ("Name", (Global("os", "system"),))


def test_marshal_data_in_a_call_are_followed() -> None:
    data = marshal.dumps(compile("import os\nos.system('echo')", "a.py", "exec"))
    fact = call("marshal", "loads", Blob(2, len(data), data[:10]))
    blob, judged = Explainer(MemorySource(b".." + data)).take(fact)
    assert isinstance(blob, CodeBlob)
    assert Global("os", "system") in blob.reaches
    assert judged == fact
    unknown = call("marshal", "loads", UNKNOWN)
    assert Explainer(EMPTY).take(unknown) == (unknown,)


values: st.SearchStrategy[Value] = st.recursive(
    st.just(UNKNOWN) | st.integers(-9, 300) | st.text(max_size=4) | st.binary(max_size=9).map(
        lambda data: Blob(0, len(data), data)
    ),
    lambda inner: st.lists(inner, max_size=5).map(tuple),
    max_leaves=20,
)  # fmt: skip


@given(st.lists(values, max_size=20))
def test_any_arguments_make_code_or_none(arguments: list[Value]) -> None:
    assert len(Explainer(EMPTY).take(call("types", "CodeType", *arguments))) == 1
