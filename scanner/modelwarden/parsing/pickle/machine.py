"""Tier 2: the exact machine. It keeps the stack, the marks, the memo and the protocol as the C unpickler does.

Modelled on `Modules/_pickle.c`. Nothing is imported or called: an import pushes a name, a call pushes what is known of its
result. Values on the stack:

* `bytes`: text, as UTF-8 (a `str` to the loader)
* `Blob`: a bytes constant, or text too long to be a name
* `int`, `float`, `...`: numbers, and other constants that are neither text nor callable
* `list`, `Table`, `tuple`: containers, `Table` being a dict; the first two keep a few items only
* `Global`, `Result`: something looked up, something computed
* `Dtype`, `ArrayWrapper`: what joblib sizes its inline arrays by
* `None`: an object nobody needs to know
"""

import _compat_pickle
import gc
import struct
from collections.abc import Container, Iterator
from functools import cache
from typing import Any, Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import (
    INSTANTIATING,
    Anomaly,
    Call,
    ExtensionCode,
    How,
    Import,
    Patch,
    PersistentId,
    Quirk,
    State,
    UnresolvedImport,
)
from modelwarden.domain.record import replace
from modelwarden.domain.value import UNKNOWN, Blob, Global, Result
from modelwarden.parsing.pickle import fold, literals
from modelwarden.parsing.pickle import opcodes as op
from modelwarden.parsing.pickle.encoded import constants
from modelwarden.parsing.pickle.events import Broken, Embedded, Ending, Event
from modelwarden.parsing.pickle.inert import find_newline, starts_like_a_carrier, token_end
from modelwarden.parsing.pickle.inline_array import UNKNOWN_KEY, ArrayWrapper, Dtype, payload
from modelwarden.parsing.pickle.values import (
    CODE_BYTES,
    CODE_SIZE,
    KEPT_ITEMS,
    NODES,
    Encoded,
    Instance,
    QuietGlobal,
    builds_code,
    maybe_text,
    name_of,
    persistent,
    plain,
    shown,
)

_WINDOW: Final = 64 << 10
_FIRST_WINDOW: Final = 2 << 10
"""Most pickles of a long row of them are small."""
_MARGIN: Final = 300
"""Longer than any token whose length is one byte, so that only long constants and lines need care at a window's edge."""
_TEXT: Final = 4096
"""Longer text is kept as a `Blob`: nothing of that length can be imported, and facts stay small."""
_LINE: Final = 1 << 20
_START: Final = 256
_OBJECT: Final = 64
"""Rough cost in bytes of one object kept on the stack or in the memo."""
_METHODS: Final = frozenset(
    b"__setstate__ __new__ __init__ __call__ __reduce__ __reduce_ex__ __class__ __del__ __getattr__ __getattribute__ __setattr__ "
    b"__getitem__ __setitem__ __iter__ __next__ __len__ __hash__ __eq__ __enter__ __exit__ __index__ __int__ __float__ __bool__ "
    b"__array__ __array_interface__ __array_struct__ __array_function__ __array_ufunc__ __array_finalize__ __array_wrap__ "
    b"__array_prepare__ __instancecheck__ __subclasscheck__ __init_subclass__ __set_name__ __missing__ __fspath__ __getstate__ "
    b"append extend add update".split()
)
"""What loaders and libraries call on an object by themselves."""
_TELLING: Final = _METHODS | frozenset(
    b"dtype shape subclass order allow_mmap numpy_array_alignment_bytes".split()
)
"""Keys that are kept however many others a table has."""
_TELLING_STATE: Final = _METHODS | {b"subclass"}
"""Without one of these the state of an unknown object says nothing."""
_NAME: Final = 1024
"""Rough cost in bytes of something looked up: itself, what it is found again by, and the facts that come of it."""
_MARK: Final = 96
"""The same for a mark, which is a list and a place to keep it."""
_PLACES: Final = 26
"""Two to the power of this: so many objects of 16 bytes can be told apart, as long as they lie together."""
_MUCH: Final = 16 << 20
_DEEP: Final = 20_000
"""So many marks are looked at in each window."""
_MANY: Final = 200_000
"""After so many opcodes it saves memory that equal numbers are one object."""
_number: Final = struct.Struct("<I").unpack_from
_signed: Final = struct.Struct("<i").unpack_from

_DTYPE: Final = "numpy.dtype"
_ARRAY_WRAPPERS: Final = frozenset(
    {"joblib.numpy_pickle.NumpyArrayWrapper", "sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper"}
)
_ARRAYS_DEEP: Final = 16
"""Arrays of objects that hold arrays of objects are followed so far; deeper ones break the stream."""
_ENCODED: Final = 16 << 20
"""Longer bytes in the spelling of protocol 2 are not read to their end when they start like a carrier."""
_ENCODE: Final = "_codecs.encode"
_LATIN1: Final = frozenset({b"latin1", b"latin-1", b"iso-8859-1"})
_WATCHED: Final = fold.INSTANTIATORS | {
    ("numpy", "dtype"),
    ("_codecs", "encode"),
    *[tuple(name.rsplit(".", 1)) for name in _ARRAY_WRAPPERS],
}
"""Harmless or not, calls of these mean something to the machine."""


class Table:
    """A dict: a few items in a row as they came, or by their keys once somebody has asked for one."""

    __slots__ = ("items",)
    # Set right after it is made, for a constructor would take longer than all the rest.
    items: tuple[Any, ...] | dict[Any, Any]


class Repeated:
    """A call that was stated once and is counted from then on. It holds its callee, for it is known by its identity."""

    __slots__ = ("callee", "fact", "result", "times")

    def __init__(self, callee: Global, result: Result | None, fact: Call) -> None:
        self.callee = callee
        self.result = result
        self.fact = fact
        self.times = 0


_CONSTANT: Final = (bytes, int, float, list, Table, tuple, Blob, type(...))


class Machine:
    """One pickle stream. Iterate over `observations()`; afterwards `ending` says how it ended.

    `memory`: ceiling in bytes for what stack and memo may hold (an estimate); `most`: so many opcodes, counted by windows, are
    run. `harmless`, `stateful`: see `Scope`. `fix_imports`: map Python 2 names while the protocol is below 3, as `pickle.load`
    does by default. `arrays`: step over joblib's inline arrays, as `joblib.load` does; `first_array` is then the offset of the
    first. `cuts`: where frames end early, because what was left of them has been cut out of `source`. `earlier`: the machine of
    the pickle before, whose memo a loader still has when it uses one `Unpickler` for several.

    mypyc compiles this module where that is asked for (`hatch_build.py`): it has no dataclass, and nothing here relies on a
    generator being closed.
    """

    def __init__(
        self,
        source: ByteSource,
        offset: int = 0,
        *,
        harmless: Container[tuple[str, str]] = frozenset(),
        stateful: Container[tuple[str, str]] = frozenset(),
        memory: int = 256 << 20,
        most: int = 2_000_000_000,
        fix_imports: bool = True,
        arrays: bool = True,
        cuts: tuple[int, ...] = (),
        earlier: "Machine | None" = None,
        depth: int = 0,
    ) -> None:
        self.ending: Ending | None = None
        self.first_array: int | None = None
        self.opcodes = 0
        self._source = source
        self._size = source.size
        self._at = offset
        self._harmless = harmless
        self._stateful = stateful
        self._encodings: dict[bytes | tuple[int, int], Blob] = {}
        self._arrays = arrays and depth < _ARRAYS_DEEP
        self._depth = depth
        self._memory = memory
        self._most = most
        self._fix_imports = fix_imports
        self._found: list[Event] = []
        self._stack: list[Any] = []
        self._marks: list[list[Any]] = []
        self._memo: list[Any] = [] if earlier is None else list(earlier._memo)
        self._sparse: dict[int, Any] = {} if earlier is None else dict(earlier._sparse)
        self._kept = 0
        self._on_stack = 0
        self._names = 0
        self._proto = 0
        self._globals: dict[tuple[bool, bytes, bytes], Global] = {}
        self._made: dict[int, Repeated] = {}
        self._called: dict[int, Repeated] = {}
        self._token = offset
        self._frame = 0
        self._cuts = cuts
        self.dropped: Span | None = None

    @property
    def looked_up(self) -> frozenset[Global]:
        """Every global that was looked up so far, harmless ones included."""
        return frozenset(map(plain, self._globals.values()))

    @property
    def imports_harmless(self) -> bool:
        """Whether a harmless global was looked up: no fact, but proof that this is a pickle."""
        return any(type(found) is QuietGlobal for found in self._globals.values())

    def observations(self) -> Iterator[Event]:
        """What the loader would do, in its order; calls and imports of harmless globals left out.

        Of equal calls without arguments the first comes in its place, the others as one at the end, with their number.
        """
        while self.ending is None:
            self._run()
            yield from self._found
            self._found.clear()
        for repeated in (*self._made.values(), *self._called.values()):
            if repeated.times:
                yield replace(repeated.fact, times=repeated.times)

    def _run(self) -> None:
        """Run until there is something to tell, or to the end."""
        collecting = gc.isenabled()
        gc.disable()  # it would look through the same growing stack and memo again and again
        try:
            while self.ending is None and not self._found:
                self._run_window()
        except Broken as broken:
            self._look_across()
            self.ending = Ending("broken", self._token, str(broken))
        except IndexError:
            self._look_across()
            self.ending = Ending("broken", self._token, "the stack is empty where a value is needed")
        finally:
            if collecting:
                gc.enable()

    # -- the loop ------------------------------------------------------------------------------------------------

    def _run_window(self) -> None:
        """Run the opcodes that begin in one window. Raises Broken, and IndexError for an empty stack."""
        if self._holds > self._memory and self._weigh() > self._memory * 7 // 8:
            self.ending = Ending(
                "limit", self._at, f"more than {self._memory:,} bytes on the stack and in the memo"
            )
            return
        if self.opcodes >= self._most:
            self.ending = Ending("limit", self._at, f"more than {self._most:,} opcodes")
            return
        base = self._at
        if base >= self._size:
            self._token = min(base, self._size)
            raise Broken("the pickle ends before STOP" if base == self._size else "the pickle is cut off")
        data = self._source.read(base, _WINDOW if self.opcodes else _FIRST_WINDOW)
        if base + len(data) >= self._size:
            limit = len(data)
            safe = limit
            data += bytes(16)
        else:
            limit = len(data)
            safe = limit - _MARGIN
        if self._frame > base:
            safe = min(safe, self._frame - base)
        if safe <= 0:
            self._token = base
            raise Broken("the file became shorter while it was read")
        for run, content in constants(data):
            self._found.append(Embedded(Span(base + run, 1), content))
        stack = self._stack
        marks = self._marks
        memo = self._memo
        sparse = self._sparse
        bare_new = self._made
        bare_calls = self._called
        shorts: tuple[Any, ...] = _shorts() if self.opcodes > _MANY else ()
        kept = self._kept
        target: Any
        at = 0
        start = 0
        count = 0
        try:
            while at < safe:
                start = at
                count += 1
                code = data[at]
                at += 1
                # Three ranges, in each the most frequent first. What most often follows is done at once where it begins before
                # `safe`: a MEMOIZE, the MARK for the items of a new container.
                if code >= 0x80:
                    if code == 0x94:  # MEMOIZE
                        if sparse:
                            self._put(len(memo) + len(sparse), stack[-1])
                        else:
                            memo.append(stack[-1])
                    elif code == 0x8C:  # SHORT_BINUNICODE
                        length = data[at]
                        at += 1 + length
                        text = data[at - length : at]
                        stack.append(text)
                        kept += length + 40
                        if at < safe and data[at] == 0x94 and not sparse:
                            start = at
                            at += 1
                            count += 1
                            memo.append(text)
                    elif code == 0x86:  # TUPLE2
                        last = stack.pop()
                        stack[-1] = (stack[-1], last)
                        kept += _OBJECT
                    elif code == 0x88:  # NEWTRUE
                        stack.append(True)
                    elif code == 0x89:  # NEWFALSE
                        stack.append(False)
                    elif code == 0x81:  # NEWOBJ
                        arguments = stack.pop()
                        callee = stack.pop()
                        if type(callee) is QuietGlobal:
                            stack.append(None)
                        elif arguments == ():
                            repeated = bare_new.get(id(callee))
                            if repeated is not None:
                                repeated.times += 1
                                stack.append(repeated.result)
                            else:
                                stack.append(self._bare(callee, How.NEWOBJ, base + start, bare_new))
                        else:
                            stack.append(self._call(callee, arguments, How.NEWOBJ, base + start, base + at))
                    elif code == 0x85:  # TUPLE1
                        stack[-1] = (stack[-1],)
                        kept += _OBJECT
                    elif code == 0x87:  # TUPLE3
                        last = stack.pop()
                        middle = stack.pop()
                        stack[-1] = (stack[-1], middle, last)
                        kept += _OBJECT
                    elif code == 0x93:  # STACK_GLOBAL
                        name = stack.pop()
                        module = stack.pop()
                        stack.append(self._stack_global(module, name, base + start))
                        kept += _OBJECT
                    elif code == 0x8A or code == 0x8B:  # LONG1, LONG4
                        if code == 0x8A:
                            at += 1 + data[at]
                        else:
                            length = int.from_bytes(data[at : at + 4], "little", signed=True)
                            if length < 0:
                                raise Broken("a constant has a negative length")
                            at += 4 + length
                        if base + at > self._size:
                            raise Broken("the pickle is cut off inside a constant")
                        stack.append(0.0)
                    elif code == 0x8E or code == 0x96:  # BINBYTES8, BYTEARRAY8
                        length = int.from_bytes(data[at : at + 8], "little")
                        at += 8
                        stack.append(self._constant(base + at, length, text=False))
                        kept += _OBJECT
                        at += length
                    elif code == 0x8D:  # BINUNICODE8
                        length = int.from_bytes(data[at : at + 8], "little")
                        at += 8
                        stack.append(self._constant(base + at, length, text=True))
                        kept += min(length, _TEXT)
                        at += length
                    elif code == 0x8F:  # EMPTY_SET
                        stack.append([])
                        kept += _OBJECT
                    elif code == 0x90:  # ADDITEMS
                        items = stack
                        stack = marks.pop() if marks else _unmarked()
                        target = stack[-1]
                        if items:
                            self._append(target, items, How.ADDITEMS, base + start)
                    elif code == 0x91:  # FROZENSET
                        items = stack
                        stack = marks.pop() if marks else _unmarked()
                        stack.append(items[:KEPT_ITEMS])
                    elif code == 0x92:  # NEWOBJ_EX
                        keywords = stack.pop()
                        arguments = stack.pop()
                        callee = stack.pop()
                        if type(callee) is QuietGlobal:
                            stack.append(None)
                        else:
                            if type(arguments) is tuple and (
                                _by_key(keywords) if type(keywords) is Table else keywords
                            ):
                                arguments = (*arguments, keywords)
                            stack.append(
                                self._call(callee, arguments, How.NEWOBJ_EX, base + start, base + at)
                            )
                            kept += _OBJECT
                    elif code == 0x95:  # FRAME
                        at += 8
                        if at > limit:
                            raise Broken("the pickle is cut off inside a frame header")
                        frame = base + at + int.from_bytes(data[at - 8 : at], "little")
                        for cut in self._cuts:
                            frame = min(frame, cut) if base + at < cut else frame
                        if base + start < self._frame < frame:
                            self._crosses(base + start)
                        self._frame = frame
                        safe = min(safe, max(at, frame - base))
                    elif code == 0x80:  # PROTO
                        if at >= limit:
                            raise Broken("the pickle is cut off")
                        if data[at] > op.HIGHEST_PROTOCOL:
                            raise Broken(f"protocol {data[at]} does not exist")
                        self._proto = data[at]
                        at += 1
                    elif code == 0x97:  # NEXT_BUFFER
                        stack.append(None)
                    elif code == 0x98:  # READONLY_BUFFER
                        _ = stack[-1]
                    elif code <= 0x84:  # EXT1, EXT2, EXT4
                        width = 1 << (code - 0x82)
                        number = int.from_bytes(data[at : at + width], "little", signed=code == 0x84)
                        at += width
                        if at > limit:
                            raise Broken("the pickle is cut off")
                        if number <= 0:
                            raise Broken("an extension code is not positive")
                        self._found.append(ExtensionCode(number, Span(base + start, 1 + width)))
                        stack.append(None)
                    else:
                        raise Broken(f"0x{code:02x} is no opcode")
                elif code >= 0x5D:
                    if code == 0x68:  # BINGET
                        index = data[at]
                        at += 1
                        stack.append(memo[index] if index < len(memo) else self._get(index))
                    elif code == 0x71:  # BINPUT
                        if data[at] == len(memo) and not sparse:
                            memo.append(stack[-1])
                        else:
                            self._put(data[at], stack[-1])
                        at += 1
                    elif code == 0x75:  # SETITEMS
                        items = stack
                        stack = marks.pop() if marks else _unmarked()
                        target = stack[-1]
                        if len(items) & 1:
                            raise Broken("SETITEMS has a key without a value")
                        if type(target) is Table and not target.items and len(items) <= 2 * KEPT_ITEMS:
                            target.items = tuple(items)
                            kept += 8 * len(items)
                        elif items:
                            self._set_items(target, items, How.SETITEMS, base + start)
                    elif code == 0x7D or code == 0x5D:  # EMPTY_DICT, EMPTY_LIST
                        fresh: Any
                        if code == 0x5D:
                            fresh = []
                        else:
                            fresh = Table()
                            fresh.items = ()
                        stack.append(fresh)
                        kept += _OBJECT
                        if at < safe and data[at] == 0x94 and not sparse:
                            start = at
                            at += 1
                            count += 1
                            memo.append(fresh)
                        if at < safe and data[at] == 0x28:
                            start = at
                            at += 1
                            count += 1
                            marks.append(stack)
                            stack = []
                    elif code == 0x65:  # APPENDS
                        items = stack
                        stack = marks.pop() if marks else _unmarked()
                        target = stack[-1]
                        if type(target) is list:
                            if len(target) < KEPT_ITEMS:
                                target.extend(items[: KEPT_ITEMS - len(target)])
                                kept += 8 * len(items)
                        elif items:
                            self._append(target, items, How.APPENDS, base + start)
                    elif code == 0x72:  # LONG_BINPUT
                        (index,) = _number(data, at)
                        at += 4
                        if index == len(memo) and not sparse:
                            memo.append(stack[-1])
                        else:
                            self._put(index, stack[-1])
                    elif code == 0x6A:  # LONG_BINGET
                        (index,) = _number(data, at)
                        at += 4
                        stack.append(memo[index] if index < len(memo) else self._get(index))
                    elif code == 0x74:  # TUPLE
                        items = stack
                        stack = marks.pop() if marks else _unmarked()
                        kept += 8 * len(items)
                        stack.append(tuple(items))
                    elif code == 0x62:  # BUILD
                        last = stack.pop()
                        target = stack[-1]
                        if target is None:
                            if type(last) is tuple or (type(last) is Table and _is_telling(last)):
                                self._state_of(target, last, base + start)
                        elif type(target) is ArrayWrapper:
                            stack[-1] = None
                            if self._arrays:
                                at = self._inline_array(base + at, last, base + start) - base
                        else:
                            stack[-1] = self._build(target, last, base + start)
                    elif code == 0x73:  # SETITEM
                        last = stack.pop()
                        key = stack.pop()
                        target = stack[-1]
                        if type(target) is Table:
                            table = _by_key(target)
                            if len(table) < KEPT_ITEMS and type(key) is bytes:
                                table[key] = last
                            else:
                                _keep(table, key, last)
                        else:
                            self._set_items(target, [key, last], How.SETITEM, base + start)
                    elif code == 0x61:  # APPEND
                        last = stack.pop()
                        target = stack[-1]
                        if type(target) is list:
                            if len(target) < KEPT_ITEMS:
                                target.append(last)
                        else:
                            self._append(target, [last], How.APPEND, base + start)
                    elif code == 0x67 or code == 0x70:  # GET, PUT
                        line, after = self._line(base + at)
                        at = after - base
                        if code == 0x67:
                            stack.append(self._get(_index(line)))
                        else:
                            self._put(_index(line), stack[-1])
                    elif code == 0x63 or code == 0x69:  # GLOBAL, INST
                        module, after = self._name_line(base + at)
                        name, after = self._name_line(after)
                        target = self._global(module, name, base + start, after)
                        if code == 0x69:
                            items = stack
                            stack = marks.pop() if marks else _unmarked()
                            if type(target) is QuietGlobal:
                                target = None
                            else:
                                target = self._call(target, tuple(items), How.INST, base + start, after)
                        stack.append(target)
                        kept += _OBJECT
                        at = after - base
                    elif code == 0x6F:  # OBJ
                        items = stack
                        stack = marks.pop() if marks else _unmarked()
                        if not items:
                            raise IndexError
                        callee = items[0]
                        if type(callee) is QuietGlobal:
                            stack.append(None)
                        else:
                            stack.append(
                                self._call(callee, tuple(items[1:]), How.OBJ, base + start, base + at)
                            )
                            kept += _OBJECT
                    elif code == 0x6C:  # LIST
                        items = stack
                        stack = marks.pop() if marks else _unmarked()
                        stack.append(items[:KEPT_ITEMS])
                    elif code == 0x64:  # DICT
                        items = stack
                        stack = marks.pop() if marks else _unmarked()
                        if len(items) & 1:
                            raise Broken("DICT has a key without a value")
                        made_table = Table()
                        made_table.items = ()
                        self._set_items(made_table, items, How.SETITEMS, base + start)
                        stack.append(made_table)
                        kept += _OBJECT
                    else:
                        raise Broken(f"0x{code:02x} is no opcode")
                elif code == 0x4B:  # BININT1
                    stack.append(data[at])
                    at += 1
                elif code == 0x28:  # MARK
                    marks.append(stack)
                    stack = []
                elif code == 0x47:  # BINFLOAT
                    stack.append(0.0)
                    at += 8
                elif code == 0x58:  # BINUNICODE
                    (length,) = _number(data, at)
                    at += 4
                    if at + length <= limit and length <= _TEXT:
                        stack.append(data[at : at + length])
                        kept += length + 40
                    else:
                        stack.append(self._constant(base + at, length, text=True))
                    at += length
                elif code == 0x4D:  # BININT2
                    number = data[at] | data[at + 1] << 8
                    stack.append(shorts[number] if shorts else number)
                    at += 2
                elif code == 0x4E:  # NONE
                    stack.append(...)
                elif code == 0x29:  # EMPTY_TUPLE
                    stack.append(())
                elif code == 0x4A:  # BININT
                    (number,) = _signed(data, at)
                    stack.append(number)
                    at += 4
                elif code == 0x52:  # REDUCE
                    arguments = stack.pop()
                    callee = stack.pop()
                    if type(callee) is QuietGlobal:
                        stack.append(None)
                    elif arguments == ():
                        repeated = bare_calls.get(id(callee))
                        if repeated is not None:
                            repeated.times += 1
                            stack.append(repeated.result)
                        else:
                            stack.append(self._bare(callee, How.REDUCE, base + start, bare_calls))
                    else:
                        stack.append(self._call(callee, arguments, How.REDUCE, base + start, base + at))
                        kept += _OBJECT
                elif code == 0x43 or code == 0x55:  # SHORT_BINBYTES, SHORT_BINSTRING
                    length = data[at]
                    at += 1 + length
                    if code == 0x55:
                        stack.append(data[at - length : at])
                        if length and data[at - length] in b"\x80Pc(":
                            self._blob(base + at - length, length, data[at - length : at])
                    else:
                        stack.append(self._blob(base + at - length, length, data[at - length : at]))
                    kept += _OBJECT + length
                elif code == 0x42:  # BINBYTES
                    (length,) = _number(data, at)
                    at += 4
                    stack.append(self._constant(base + at, length, text=False))
                    kept += _OBJECT
                    at += length
                elif code == 0x54:  # BINSTRING
                    length = int.from_bytes(data[at : at + 4], "little", signed=True)
                    at += 4
                    if length < 0:
                        raise Broken("a constant has a negative length")
                    stack.append(self._constant(base + at, length, text=True))
                    kept += min(length, _TEXT)
                    at += length
                elif code == 0x30:  # POP
                    if stack:
                        stack.pop()
                    else:
                        stack = marks.pop() if marks else _unmarked()
                elif code == 0x31:  # POP_MARK
                    stack = marks.pop() if marks else _unmarked()
                elif code == 0x32:  # DUP
                    stack.append(stack[-1])
                elif code == 0x2E:  # STOP
                    _ = stack[-1]
                    self.ending = Ending("stop", base + at)
                    return
                elif code == 0x51:  # BINPERSID
                    last = stack.pop()
                    self._found.append(PersistentId(shown(last), Span(base + start, 1)))
                    stack.append(persistent(last))
                elif code == 0x50:  # PERSID
                    line, after = self._line(base + at)
                    self._found.append(
                        PersistentId(literals.text(line), Span(base + start, after - base - start))
                    )
                    stack.append(None)
                    at = after - base
                elif code in op.LINES:  # FLOAT, INT, LONG, STRING, UNICODE
                    line, after = self._line(base + at)
                    at = after - base
                    value = _line_constant(code, line, base + start + 1)
                    stack.append(value)
                    kept += len(value) if type(value) is bytes else 0
                else:
                    raise Broken(f"0x{code:02x} is no opcode")
            if base + start < self._frame < base + at:
                self._crosses(base + start)
            start = at
            if base + at > self._size:
                raise Broken("the pickle is cut off inside a constant")
        finally:
            self._token = min(base + start, self._size)
            self._at = base + at
            self._stack = stack
            self._kept = kept
            self._count_stack(min(at, limit))
            self.opcodes += count

    # -- the pieces ----------------------------------------------------------------------------------------------

    def _constant(self, offset: int, length: int, *, text: bool) -> bytes | Blob:
        """A constant that may lie outside the window. Raises Broken when it is cut off."""
        if offset + length > self._size:
            raise Broken("the pickle is cut off inside a constant")
        if text and length <= _TEXT:
            raw = self._source.read(offset, length)
            if raw[:1] and raw[0] in b"\x80Pc(":
                self._blob(offset, length, raw)  # a str of Python 2 may hold any bytes
            return raw
        return self._blob(offset, length, self._source.read(offset, min(length, _START)))

    def _blob(self, offset: int, length: int, start: bytes) -> Blob:
        if starts_like_a_carrier(start):
            self._found.append(Embedded(Span(offset, length)))
        return Blob(offset, length, start)

    def _line(self, offset: int) -> tuple[bytes, int]:
        """The line at `offset` without its newline, and the offset behind it; of a very long line only the start."""
        data = self._source.read(offset, 256)
        newline = data.find(b"\n")
        if newline >= 0:
            return data[:newline], offset + newline + 1
        end = find_newline(self._source, offset)
        if end < 0:
            raise Broken("the pickle is cut off inside a line")
        return self._source.read(offset, min(end - offset, _LINE)), end + 1

    def _name_line(self, offset: int) -> tuple[bytes, int]:
        """Like `_line`; but where the file ends without a newline, CPython's Python unpickler drops the last byte and goes on."""
        data = self._source.read(offset, 256)
        newline = data.find(b"\n")
        if newline >= 0:
            return data[:newline], offset + newline + 1
        if find_newline(self._source, offset) < 0:
            return self._source.read(offset, min(self._size - offset, _LINE))[:-1], self._size
        return self._line(offset)

    def _look_across(self) -> None:
        """Where a token broke the stream: note whether it crosses its frame, for then another reader goes on behind it."""
        if self._token < self._frame < self._size and token_end(self._source, self._token) > self._frame:
            self._crosses(self._token)

    def _crosses(self, token: int) -> None:
        """Note the bytes that CPython's C unpickler drops where the token at `token` crosses the end of its frame.

        Until gh-154848 it read the rest of the token anew from behind the frame. Only the first crossing is noted.
        """
        if self.dropped is None and self._frame <= self._size:
            begin = _argument_across(self._source, token, self._frame)
            if begin < self._frame:
                self.dropped = Span(begin, self._frame - begin)

    @property
    def _holds(self) -> int:
        """Bytes on the stack, in the memo and of all that was looked up, as far as they were reckoned."""
        return self._kept + self._names + self._on_stack + 8 * len(self._memo) + 96 * len(self._sparse)

    def _count_stack(self, pushed: int) -> None:
        """Reckon what the lists of the stack take, apart from what is in them; at most `pushed` items are new."""
        marks = self._marks
        if len(marks) <= _DEEP:
            self._on_stack = self._lists()
        else:
            self._on_stack += (8 + _MARK) * pushed

    def _lists(self) -> int:
        marks = self._marks
        return 8 * (len(self._stack) + sum(map(len, marks))) + _MARK * len(marks)

    def _weigh(self) -> int:
        """Reckon anew what stack and memo hold, for `_kept` also counts what was dropped since."""
        if self._kept > _MUCH:
            gc.collect()  # what a stream drops may hold itself
        # A bit for each place in memory, not a set: that would be larger than what is weighed.
        places = 1 << min(_PLACES, max(16, (self._holds >> 3).bit_length()))
        seen = bytearray(places >> 3)
        kept = 0
        queue: list[Any] = [self._stack, *self._marks, self._memo, list(self._sparse.values())]
        while queue:
            for item in queue.pop():
                kind = type(item)
                if kind is bytes:
                    kept += 40 + len(item)
                elif kind is list or kind is tuple or kind is Table:
                    place = (id(item) >> 4) & (places - 1)
                    bit = 1 << (place & 7)
                    if seen[place >> 3] & bit:
                        continue
                    seen[place >> 3] |= bit
                    items = item.items if kind is Table else item
                    kept += _OBJECT * (2 if kind is Table else 1) + 8 * len(items)
                    if items:
                        queue.append(items.values() if type(items) is dict else items)
                elif isinstance(item, (Global, Result, Blob)):
                    kept += _OBJECT * 2
        self._kept = kept
        self._on_stack = self._lists()
        return self._holds

    def _put(self, index: int, value: Any) -> None:
        memo, sparse = self._memo, self._sparse
        if index < len(memo):
            memo[index] = value
        elif index == len(memo):
            memo.append(value)
            while sparse and len(memo) in sparse:
                memo.append(sparse.pop(len(memo)))
        else:
            sparse[index] = value

    def _get(self, index: int) -> Any:
        if 0 <= index < len(self._memo):
            return self._memo[index]
        try:
            return self._sparse[index]
        except KeyError:
            raise Broken(f"memo slot {index} was never filled") from None

    def _set_items(self, target: Any, items: list[Any], how: How, offset: int) -> None:
        if type(target) is Table:
            table = _by_key(target)
            for i in range(0, len(items), 2):
                key = items[i]
                if len(table) < KEPT_ITEMS and type(key) is bytes:
                    table[key] = items[i + 1]
                elif type(key) is not bytes or key in _TELLING or key in table:
                    _keep(table, key, items[i + 1])
        elif isinstance(target, Global):
            self._patch(target, how, offset)

    def _append(self, target: Any, items: list[Any], how: How, offset: int) -> None:
        if type(target) is list:
            if len(target) < KEPT_ITEMS:
                target.extend(items[: KEPT_ITEMS - len(target)])
        elif isinstance(target, Global):
            self._patch(target, how, offset)

    def _patch(self, target: Global, how: How, offset: int) -> None:
        self._found.append(Patch(plain(target), how, Span(offset, 1)))

    def _build(self, target: Any, state: Any, offset: int) -> Any:
        """BUILD on something that is known; returns what stands there afterwards."""
        match target:
            case Global():
                self._patch(target, How.BUILD, offset)
            case Dtype():
                target.state = state
            case Result(Global("functools", "partial")) if type(state) is tuple and len(state) > 1:
                # the state of a partial replaces what it calls, and with what
                more = state[1] if type(state[1]) is tuple else (state[1],)
                return self._call(
                    Global("functools", "partial"), (state[0], *more), How.BUILD, offset, offset + 1
                )
            case Result() | Instance():
                self._state_of(target, state, offset)
        return target

    def _state_of(self, target: Any, state: Any, offset: int) -> None:
        """State for an instance: methods of its own, a joblib wrapper in disguise, or what a class runs by its state."""
        halves = [
            _by_key(half) for half in (state if type(state) is tuple else (state,)) if type(half) is Table
        ]
        for half in halves:
            for key in half.keys() & _METHODS:
                if isinstance(half[key], (Global, Result)) or (half[key] is None and key.startswith(b"__")):
                    self._found.append(Patch(None, How.BUILD, Span(offset, 1), literals.text(key)))
            if b"subclass" in half and b"shape" in half and type(half.get(b"dtype")) is Dtype:
                detail = "a joblib array wrapper is made by a detour"
                self._found.append(Anomaly(Quirk.WRAPPER_ABUSE, "wrapper", detail, Span(offset, 1)))
        if type(target) is Instance:
            items = [item for half in halves for item in half.items()]
            texts = tuple(
                (literals.text(key), literals.text(item)) for key, item in items if type(item) is bytes
            )
            keys = tuple(literals.text(key) for key, _ in items)
            self._found.append(State(target.target, keys, texts, Span(offset, 1)))

    def _encoded(self, arguments: Any, offset: int) -> Blob | None:
        """The bytes constant that `_codecs.encode(text, "latin1")` stands for: how Python 3 spells bytes below protocol 3."""
        match arguments:
            case (bytes(raw), bytes(codec)) if codec.lower() in _LATIN1:
                key: bytes | tuple[int, int] = raw
                text = None
            case (Blob(at, length, raw), bytes(codec)) if codec.lower() in _LATIN1:
                key = at, length
                text = Span(at, length) if length > CODE_BYTES else None
                raw = raw if text else self._source.read(at, length)
            case _:
                return None
        known = self._encodings.get(key)
        if known is not None:
            return known
        data = _latin1(raw)
        if text and starts_like_a_carrier(data):
            data = _latin1(self._source.read(text.offset, min(text.length, _ENCODED)))
        if starts_like_a_carrier(data):
            self._found.append(Embedded(Span(offset, 1), data))
        made = Encoded(text, offset, data)
        self._encodings[key] = made
        self._names += _OBJECT * 4 + len(data)
        return made

    def _payload(self, value: Any, offset: int) -> None:
        """Hand on what a loader is called on that reads it as a pickle, whatever it starts with."""
        match value:
            case Encoded(text=text, data=data):
                whole = _latin1(self._source.read(text.offset, min(text.length, _ENCODED))) if text else data
                self._found.append(Embedded(Span(offset, 1), whole, loaded=True))
            case Blob(at, length):
                self._found.append(Embedded(Span(at, length), loaded=True))

    def _inline_array(self, offset: int, state: Any, build: int) -> int:
        """Step over what joblib reads behind an array's wrapper; returns where the pickle goes on.

        An array of objects is a pickle of its own there: it is run like this one. An array that cannot be sized is a fact, for
        joblib may size it, and the pickle is read on as if nothing stood there.
        """
        if self.first_array is None:
            self.first_array = offset
        found = payload(self._source, offset, _by_key(state) if type(state) is Table else state)
        if isinstance(found, str):
            self._found.append(Anomaly(Quirk.WRAPPER_ABUSE, "wrapper", found, Span(build, 1)))
            return offset
        kind, end = found
        if kind == "raw":
            if end > self._size:
                raise Broken("the file ends inside an array")
            return end
        inner = Machine(
            self._source,
            end,
            harmless=self._harmless,
            stateful=self._stateful,
            memory=self._memory,
            most=self._most,
            fix_imports=self._fix_imports,
            depth=self._depth + 1,
        )
        self._found.extend(inner.observations())
        self.opcodes += inner.opcodes
        ending = inner.ending
        if ending is None or ending.how != "stop":
            raise Broken(f"an array of objects breaks: {ending.reason if ending else ''}")
        return ending.offset

    def _stack_global(self, module: Any, name: Any, offset: int) -> Global | Result | None:
        if type(module) is bytes and type(name) is bytes:
            return self._global(module, name, offset, offset + 1)
        for operand in (module, name):
            if type(operand) is not bytes and not maybe_text(operand):
                raise Broken("STACK_GLOBAL takes two strings and found something else")
        self._found.append(UnresolvedImport(name_of(module), name_of(name), Span(offset, 1)))
        return None

    def _global(self, module: bytes, name: bytes, offset: int, end: int) -> Global:
        mapped = self._proto < 3 and self._fix_imports
        found = self._globals.get((mapped, module, name))
        if found is None:
            pair = literals.text(module), literals.text(name)
            if mapped:
                pair = _python3(*pair)
            quiet = pair in self._harmless and pair not in _WATCHED and pair not in self._stateful
            found = QuietGlobal(*pair) if quiet else Global(*pair)
            self._globals[mapped, module, name] = found
            self._names += _NAME + len(module) + len(name)
        if type(found) is Global and (found.module, found.name) not in self._harmless:
            self._found.append(Import(found, Span(offset, end - offset)))
        return found

    def _bare(self, callee: Any, how: How, offset: int, known: dict[int, Repeated]) -> Any:
        """A call without arguments of one byte. Of a global it means the same each time: `known` gets it, to be counted."""
        before = len(self._found)
        result = self._call(callee, (), how, offset, offset + 1)
        if len(self._found) == before + 1 and type(callee) is Global and type(result) in (type(None), Result):
            fact = self._found[-1]
            if isinstance(fact, Call):
                known[id(callee)] = Repeated(callee, result, fact)
        return result

    def _call(self, callee: Any, arguments: Any, how: How, offset: int, end: int) -> Any:
        """State a call and return what is known of its result."""
        if type(callee) in _CONSTANT:
            raise Broken(f"{how} finds a constant where something to call is needed")
        target = shown(callee)
        given = arguments if type(arguments) is tuple else (arguments,)
        nodes, width = CODE_SIZE if builds_code(target) else (NODES, KEPT_ITEMS)
        told = shown(given, nodes, width)
        values = told if isinstance(told, tuple) else ()
        target, values = fold.resolve_call(target, values)
        if isinstance(target, Global):
            made = fold.instantiated(target, values, self._harmless)
            if made is not None:
                target, values, how = made, (), How.NEWOBJ
            pair = (target.module, target.name) if isinstance(target, Global) else ("", "")
            dotted = f"{pair[0]}.{pair[1]}"
            if pair not in self._harmless:
                self._found.append(Call(target, values, how, Span(offset, end - offset), 1))
            if dotted == _DTYPE:
                return Dtype(arguments[0] if type(arguments) is tuple and arguments else None)
            if dotted in _ARRAY_WRAPPERS:
                return ArrayWrapper()
            if how in INSTANTIATING and pair in self._stateful and isinstance(target, Global):
                return Instance(target)
            if pair[1].endswith("_load_from_bytes") and type(arguments) is tuple and arguments:
                self._payload(arguments[0], offset)
            encoded = self._encoded(arguments, offset) if dotted == _ENCODE else None
            if encoded is not None:
                return encoded
            if pair in self._harmless:
                return None
        else:
            self._found.append(Call(target, values, how, Span(offset, end - offset), 1))
        if how is How.NEWOBJ or how is How.NEWOBJ_EX:
            return None
        found = fold.resolve_result(target, values)
        if isinstance(found, Result) and found.weight > NODES:
            found = Result(target, (UNKNOWN,), 3) if isinstance(target, Global) else UNKNOWN
        return None if found is UNKNOWN else found


@cache
def _shorts() -> tuple[int, ...]:
    return tuple(range(1 << 16))


def _unmarked() -> list[Any]:
    raise Broken("there is no MARK where one is needed")


def _argument_across(source: ByteSource, token: int, end: int) -> int:
    """Where that part of a token's argument starts which the loader cannot read whole before `end`."""
    code = source.read(token, 1)[0]
    argument = token + 1
    if code in op.COUNTED and argument + op.COUNTED[code] <= end:
        return argument + op.COUNTED[code]
    if code in (op.GLOBAL, op.INST):
        newline = find_newline(source, argument)
        if 0 <= newline < end:
            return newline + 1
    if code == op.FRAME and argument + 8 <= end:
        return argument + 8
    return argument


def _python3(module: str, name: str) -> tuple[str, str]:
    """The Python 3 name of a Python 2 global, as `find_class` maps it below protocol 3."""
    renamed = _compat_pickle.NAME_MAPPING.get((module, name))
    if renamed is not None:
        return renamed
    return _compat_pickle.IMPORT_MAPPING.get(module, module), name


def _latin1(text: bytes) -> bytes:
    return text.decode("utf-8", "ignore").encode("latin-1", "ignore")


def _by_key(target: Table) -> dict[Any, Any]:
    """The items of a table by their keys. To set one there sets it in the table."""
    items = target.items
    if isinstance(items, dict):
        return items
    table: dict[Any, Any] = {}
    for i in range(0, len(items), 2):
        _keep(table, items[i], items[i + 1])
    target.items = table
    return table


def _is_telling(state: Table) -> bool:
    items = state.items
    try:
        return not _TELLING_STATE.isdisjoint(items if isinstance(items, dict) else items[::2])
    except TypeError:  # a key without a hash: the loader raises there, or we do not know the key
        return True


def _keep(target: dict[Any, Any], key: Any, value: Any) -> None:
    """Set an item: in a table that is full, or by a key that is no text, only what tells something is kept."""
    if type(key) is bytes:
        if len(target) < KEPT_ITEMS or key in _TELLING or key in target:
            target[key] = value
    elif type(key) is not int and type(key) is not float:
        target[UNKNOWN_KEY] = value


def _index(line: bytes) -> int:
    index = literals.integer(line)
    if index is None:
        raise Broken("a memo index is not a number")
    if index < 0:
        raise Broken("a memo index is negative")
    return index


def _line_constant(code: int, line: bytes, offset: int) -> Any:
    """The value of INT, LONG, FLOAT, STRING or UNICODE. Raises Broken when the loader refuses it."""
    if code == op.INT or code == op.LONG:
        number = literals.integer(line)
        if number is None:
            raise Broken("a number is not one")
        return number if -(1 << 63) < number < 1 << 63 else 0.0
    if code == op.FLOAT:
        if not literals.is_float(line):
            raise Broken("a number is not one")
        return 0.0
    if len(line) > _TEXT:
        return Blob(offset, len(line), line[:_START])
    decoded = literals.string(line) if code == op.STRING else literals.unicode(line)
    if decoded is None:
        raise Broken("a string is not spelled as one")
    return decoded
