"""joblib's inline arrays are stepped over byte for byte, whatever their type, in files that the real joblib wrote."""

import io
import os
from typing import Any

import joblib
import numpy as np
import pytest

from modelwarden.domain.format import Child, Scope
from modelwarden.domain.observation import Call, Gap, Import
from modelwarden.domain.value import Global
from modelwarden.parsing.pickle.machine import Machine
from modelwarden.parsing.pickle.streams import Found, streams
from modelwarden.source.memory import MemorySource


class Payload:
    """Would run a harmless command if it were ever loaded."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("echo modelwarden",)


def dumped(thing: object, protocol: int = 4) -> bytes:
    out = io.BytesIO()
    joblib.dump(thing, out, protocol=protocol)
    return out.getvalue()


def facts(data: bytes) -> list[Found]:
    return list(streams(MemorySource(data), Scope()))


def called(data: bytes) -> set[str]:
    return {str(fact.callee) for fact in facts(data) if isinstance(fact, Call)}


ARRAYS = {
    "float64": np.arange(1000.0),
    "float16": np.ones(7, "f2"),
    "long double": np.ones(3, "g"),
    "complex": np.ones(3, "c8"),
    "bool": np.array([True, False]),
    "big-endian": np.arange(5, dtype=">i4"),
    "no sides": np.array(5.0),
    "no items": np.zeros((0, 3)),
    "three sides": np.zeros((3, 4, 5), "i2"),
    "fortran order": np.asfortranarray(np.random.default_rng(0).random((4, 5))),
    "unicode": np.array(["abc", "de"]),
    "byte strings": np.array([b"abc", b"de"]),
    "times": np.array([1, 2], "M8[ns]"),
    "time differences": np.array([1, 2], "m8[D]"),
    "structured": np.zeros(4, [("x", "f4"), ("O", "U5"), ("z", "i8", (2, 2))]),
    "void": np.zeros(3, "V7"),
}
OBJECTS = {
    "objects": np.array([{}, "a", None], dtype=object),
    "structured with objects": np.zeros(3, [("x", "f4"), ("y", "O")]),
}


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("name", [*ARRAYS, *OBJECTS])
def test_what_stands_behind_an_array_is_read(name: str, protocol: int) -> None:
    array = {**ARRAYS, **OBJECTS}[name]
    data = dumped([array, array.copy(), Payload()], protocol)
    machine = Machine(MemorySource(data))
    assert any(
        isinstance(fact, Call) and fact.callee == Global("posix", "system") for fact in machine.observations()
    )
    assert machine.ending is not None
    assert (machine.ending.how, machine.ending.offset) == ("stop", len(data))


def test_arrays_of_objects_are_pickles_of_their_own() -> None:
    inner = np.array([np.array([Payload(), 1], dtype=object), 2], dtype=object)
    assert "posix.system" in called(dumped({"a": inner}))


def test_numbers_are_not_taken_for_opcodes() -> None:
    text = np.frombuffer(b"cos\nsystem\xff(S'id'\ntR." * 40, "u1")
    assert "os.system" not in called(dumped(text))


def test_what_plain_pickle_would_run_among_the_numbers_is_seen() -> None:
    payload = b"cos\nsystem\n(S'echo modelwarden'\ntR."
    data = dumped([np.frombuffer(payload + bytes(9), "u1")])
    # a padding byte and padding stand before the numbers: opcodes to pickle.load, made harmless ones here
    begin = data.index(payload)
    padding = data[begin - 17 : begin].rfind(b"b") + begin - 17 + 1
    patched = data[:padding] + b"N" * (begin - padding) + data[begin:]
    assert "os.system" in called(patched)


@pytest.mark.parametrize("protocol", [4, 5])
def test_another_readings_nonsense_is_not_told(protocol: int) -> None:
    data = dumped({"n_bins": 5, "a": np.array(["x", None], dtype=object)}, protocol)
    scope = Scope(notable=lambda target: target.module in ("os", "posix"))
    found = [fact for fact in streams(MemorySource(data), scope) if isinstance(fact, Import | Call)]
    targets = {str(fact.target if isinstance(fact, Import) else fact.callee) for fact in found}
    assert not any(target.startswith(("n_bins", "joblib.numpy_pickle.dtype")) for target in targets)


@pytest.mark.parametrize("cut", [10, 200, 4000])
def test_an_array_that_is_cut_off_is_a_gap(cut: int) -> None:
    [*_, gap] = facts(dumped(np.arange(1000.0))[:-cut])
    assert isinstance(gap, Gap)


def test_an_array_whose_shape_lies_is_a_gap() -> None:
    data = dumped(np.arange(100.0)).replace(b"K\x64", b"K\xff", 1)
    [*_, gap] = facts(data)
    assert isinstance(gap, Gap)
    assert "inside an array" in gap.detail


def test_harmless_arrays_are_no_facts_when_numpy_is_known() -> None:
    harmless = frozenset(
        {
            ("joblib.numpy_pickle", "NumpyArrayWrapper"),
            ("numpy", "ndarray"),
            ("numpy", "dtype"),
            ("numpy.core.multiarray", "_reconstruct"),
            ("numpy._core.multiarray", "_reconstruct"),
        }
    )
    for array in ARRAYS.values():
        found = list(streams(MemorySource(dumped({"a": array})), Scope(harmless=harmless)))
        assert [fact for fact in found if isinstance(fact, Call | Import | Gap | Child)] == []
