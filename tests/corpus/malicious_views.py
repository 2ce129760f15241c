"""Pickles that a review found ways to hide in: other loaders, other views of the same bytes, calls without a call's opcode.

Each was seen to run under the loader that its name tells, before it was found.
"""

import struct
from collections.abc import Iterator

from tests.corpus import assembler as asm

ECHO = asm.text("echo modelwarden sample")
RUN = asm.POP + asm.call(asm.named_in_text("os", "system"), ECHO)
"""Drop what is on the stack and run the command instead."""
WRAPPER = asm.named("joblib.numpy_pickle", "NumpyArrayWrapper")
SOURCE = asm.text("source")


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    yield from _wrappers()
    yield from _methods()
    yield from _payloads()
    yield from _recognition()
    yield from _evaluators()
    yield from _breaks()


def _table(*pairs: bytes) -> bytes:
    return asm.EMPTY_DICT + asm.MARK + b"".join(pairs) + b"u"


def _dtype(name: str, size: int | None = None) -> bytes:
    made = asm.call(asm.named("numpy", "dtype"), asm.text(name), b"\x89", asm.TRUE)
    if size is None:
        return made
    state = asm.pack(
        asm.number(3), asm.text("|"), asm.NONE * 3, asm.number(size), asm.number(1), asm.number(0)
    )
    return made + state + asm.BUILD


def _state(side: int, dtype: bytes, *more: bytes) -> bytes:
    fixed = asm.text("subclass") + asm.named("numpy", "ndarray") + asm.text("order") + asm.text("C")
    shape = asm.text("shape") + asm.pack(asm.number(side))
    return _table(fixed, shape, asm.text("dtype") + dtype, asm.text("allow_mmap") + b"\x89", *more)


def _wrapper(cls: bytes, state: bytes, behind: bytes) -> bytes:
    return asm.program(cls + asm.EMPTY_TUPLE + asm.NEWOBJ + state + asm.BUILD, behind)


def _wrappers() -> Iterator[tuple[str, bytes]]:
    """joblib finds another end of an array than other readers, to whom the command stands in a constant."""
    hidden = asm.blob(RUN)
    indirect = asm.call(asm.named("operator", "getitem"), asm.items(WRAPPER), asm.number(0))
    key = asm.call(asm.named("builtins", "str"), asm.text("shape"))
    other_shape = asm.text("shape") + asm.pack(asm.number(5))
    filler = b"".join(asm.text(f"k{index}") + asm.NONE for index in range(60))
    dotted = asm.named("joblib", "numpy_pickle.NumpyArrayWrapper")
    yield (
        "dangerous-call/joblib-views/dotted-wrapper.joblib",
        _wrapper(dotted, _state(5, _dtype("u1")), hidden),
    )
    yield (
        "dangerous-call/joblib-views/looked-up-wrapper.joblib",
        _wrapper(indirect, _state(5, _dtype("u1")), hidden),
    )
    state = _state(0, _dtype("u1"), filler, other_shape)
    yield "dangerous-call/joblib-views/shape-among-many-keys.joblib", _wrapper(WRAPPER, state, hidden)
    sized = b"xxxx" + hidden
    yield (
        "dangerous-call/joblib-views/size-in-the-state.joblib",
        _wrapper(WRAPPER, _state(1, _dtype("V4", 9)), sized),
    )
    padding = b"B" + struct.pack("<I", 62 + len(RUN)) + b"x" * 62 + RUN
    aligned = _state(0, _dtype("u1"), asm.text("numpy_array_alignment_bytes") + asm.TRUE)
    yield "dangerous-call/joblib-views/alignment-is-true.joblib", _wrapper(WRAPPER, aligned, padding)
    computed = _state(0, _dtype("u1"), key + asm.pack(asm.number(5)))
    yield "wrapper-abuse/computed-key.joblib", _wrapper(WRAPPER, computed, hidden)
    detour = asm.call(asm.named("acme", "find"), asm.number(0))
    yield "wrapper-abuse/class-by-a-detour.joblib", _wrapper(detour, _state(5, _dtype("u1")), hidden)
    shape = asm.call(asm.named("builtins", "int"), asm.text("5"))
    state = _table(
        asm.text("subclass") + asm.named("numpy", "ndarray"),
        asm.text("shape") + asm.pack(shape),
        asm.text("dtype") + _dtype("u1"),
    )
    yield "wrapper-abuse/computed-shape.joblib", _wrapper(WRAPPER, state, hidden)


def _methods() -> Iterator[tuple[str, bytes]]:
    """The loader's next opcode calls a method that the file gave to an object."""
    path = asm.call(asm.named("pathlib", "PosixPath"), asm.text("/dev/null"))
    write = asm.call(asm.named("operator", "methodcaller"), asm.text("write_text"), SOURCE)
    space = asm.call(asm.named("types", "SimpleNamespace"))
    for method, call in (
        ("__setstate__", asm.BUILD),
        ("append", asm.APPEND),
        ("add", asm.MARK + SOURCE + b"\x90"),
    ):
        given = space + _table(asm.text(method) + write) + asm.BUILD
        yield f"object-patching/methods/{method.strip('_')}.pkl", asm.program(given + path + call)
    slots = asm.pack(asm.NONE, _table(asm.text("__setstate__") + write))
    yield (
        "object-patching/methods/setstate-in-slots.pkl",
        asm.program(space + slots + asm.BUILD + path + asm.BUILD),
    )
    filler = b"".join(asm.text(f"k{index}") + asm.NONE for index in range(80))
    late = space + _table(filler, asm.text("__setstate__") + write) + asm.BUILD + path + asm.BUILD
    yield "object-patching/methods/setstate-among-many-keys.pkl", asm.program(late)
    swapped = asm.call(asm.named("functools", "partial"), asm.named("builtins", "len"))
    state = asm.pack(asm.named("os", "system"), asm.pack(ECHO), asm.EMPTY_DICT, asm.NONE)
    yield "import-trampoline/partial-by-state.pkl", asm.program(swapped + state + asm.BUILD)


def _payloads() -> Iterator[tuple[str, bytes]]:
    """What torch's own helper is called on is unpickled, whatever it looks like."""
    helper = asm.named("torch.storage", "_load_from_bytes")
    for label, payload in (
        ("no-prefix", b"N" + RUN + asm.STOP),
        ("broken-behind-the-call", b"\x80\x02N" + RUN + b"\xff"),
    ):
        yield f"dangerous-call/torch-payload/{label}.pkl", asm.program(asm.call(helper, asm.blob(payload)))
        encoded = asm.call(
            asm.named("_codecs", "encode"), asm.binunicode(payload.decode("latin-1")), asm.text("latin1")
        )
        yield f"dangerous-call/torch-payload/{label}-encoded.pkl", asm.program(asm.call(helper, encoded))


def _recognition() -> Iterator[tuple[str, bytes]]:
    """Something stands before the command that makes a reader turn away."""
    odd = asm.named_in_text("site-packages", "__name__")
    yield "dangerous-call/views/import-of-an-odd-name.bin", odd + RUN + asm.STOP
    legacy = (
        b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03." + b"\x80\x02}." * 2 + b"\x80\x02]."
    )
    yield (
        "dangerous-call/views/sixth-pickle-of-a-legacy-checkpoint.pt",
        legacy + b"\x80\x02N" + RUN + asm.STOP,
    )
    first = (
        b"\x80\x04"
        + asm.named("builtins", "len")
        + asm.text("eval")
        + b"\x94"
        + asm.text("builtins")
        + b"\x94."
    )
    second = (
        b"\x80\x04N\x94h\x01h\x00\x93" + asm.pack(asm.text("print('modelwarden')")) + asm.REDUCE + asm.STOP
    )
    yield "dangerous-call/views/memo-of-the-pickle-before.pkl", first + second


def _evaluators() -> Iterator[tuple[str, bytes]]:
    """Classes that take a text for an expression and evaluate it while an instance is made; sympy comes with torch."""
    text = asm.text("__import__('os').system('echo modelwarden sample')")
    for module, name in (
        ("sympy", "exp"),
        ("sympy.core.containers", "Tuple"),
        ("sympy.sets.sets", "FiniteSet"),
    ):
        yield (
            f"dangerous-call/evaluators/{name.lower()}.pkl",
            asm.program(asm.new(asm.named(module, name), text)),
        )
    listed = asm.new(asm.named("sympy.matrices.immutable", "ImmutableDenseMatrix"), asm.items(text))
    yield "dangerous-call/evaluators/matrix.pkl", asm.program(listed)


def _breaks() -> Iterator[tuple[str, bytes]]:
    """Where a reader gives up and a loader goes on."""
    name = asm.text("iskeyword")
    as_text = asm.named("keyword", "__name__") + name + asm.STACK_GLOBAL
    yield "unresolvable-import/module-name-is-a-global.pkl", asm.program(as_text + RUN)
