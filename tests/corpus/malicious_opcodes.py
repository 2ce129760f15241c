"""Hostile pickles that use one corner of the pickle machine each, row by row of what attacks and advisories describe.

Every one of them runs in CPython's unpickler (an echo at most), or breaks only after that.
"""

import struct
from collections.abc import Callable, Iterator

from tests.corpus import assembler as asm

ECHO = asm.text("echo modelwarden sample")
RUN = asm.call(asm.named("os", "system"), ECHO)
RUN_IN_TEXT = asm.call(asm.named_in_text("os", "system"), asm.line("echo modelwarden sample"))
CALLED = "dangerous-call"
HARMLESS = asm.program(asm.pack(asm.text("epoch"), asm.number(3)))
HOSTILE = asm.program(RUN)


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    yield from _imports_and_calls()
    yield from _instances()
    yield from _memo()
    yield from _protocols()
    yield from _numbers()
    yield from _names()
    yield from _beginnings_and_ends()
    yield from _streams()
    yield from _frames()
    yield from _breaks()
    yield from _outside()
    yield from _patches()


SPELLINGS: dict[str, Callable[[str], bytes]] = {
    "short-binunicode": asm.text,
    "binunicode": asm.binunicode,
    "binunicode8": asm.binunicode8,
    "unicode": asm.line,
    "unicode-escaped": lambda value: b"V" + "".join(f"\\u{ord(char):04x}" for char in value).encode() + b"\n",
    "string": lambda value: f"S'{value}'\n".encode(),
    "string-escaped": lambda value: (
        b"S'" + "".join(f"\\x{ord(char):02x}" for char in value).encode() + b"'\n"
    ),
    "string-octal": lambda value: b'S"' + "".join(f"\\{ord(char):03o}" for char in value).encode() + b'"\n',
    "binstring": lambda value: b"T" + struct.pack("<i", len(value)) + value.encode(),
    "short-binstring": lambda value: b"U" + bytes([len(value)]) + value.encode(),
}
"""Every opcode that pushes a str, with its own escapes."""


def _imports_and_calls() -> Iterator[tuple[str, bytes]]:
    ways = {
        spelling: spell("os") + spell("system") + asm.STACK_GLOBAL for spelling, spell in SPELLINGS.items()
    }
    ways |= {
        "global": asm.named_in_text("os", "system"),
        "memo": asm.text("os") + asm.put(1) + asm.text("system") + asm.put(2) + asm.POP + asm.POP
        + asm.get(1) + asm.get(2) + asm.STACK_GLOBAL,
        "swapped-in-memo": asm.text("system") + asm.text("os") + asm.put(1) + asm.POP + asm.put(2) + asm.POP
        + asm.get(1) + asm.get(2) + asm.STACK_GLOBAL,
        "decoys-popped": asm.text("os") + asm.text("path") + asm.POP + asm.text("system") + asm.text("join") + asm.POP
        + asm.STACK_GLOBAL,
        "decoys-behind-a-mark": asm.text("os") + asm.text("system") + asm.MARK + asm.text("json") + asm.text("loads")
        + b"1" + asm.STACK_GLOBAL,
        "memoised": asm.named("os", "system") + asm.MEMOIZE,
        "memo-and-back": asm.named("os", "system") + asm.put(9) + asm.POP + asm.get(9),
        "duplicated": asm.named("os", "system") + b"2" + asm.put(3) + asm.POP + asm.POP + asm.get(3),
    }  # fmt: skip
    for label, found in ways.items():
        yield f"{CALLED}/import-and-call/{label}-reduce.pkl", asm.program(asm.call(found, ECHO))
        yield f"{CALLED}/import-and-call/{label}-obj.pkl", asm.program(asm.MARK + found + ECHO + asm.OBJ)
        yield f"dangerous-import/kept/{label}.pkl", asm.program(asm.EMPTY_LIST + found + asm.APPEND)
    for spelling, spell in SPELLINGS.items():
        argument = spell("echo modelwarden sample")
        inst = asm.instantiate_by_inst("os", "system", argument)
        yield f"{CALLED}/import-and-call/inst-{spelling}-argument.pkl", asm.program(inst, protocol=0)
    tuples = {
        "tuple1": ECHO + b"\x85",
        "tuple-memo": asm.pack(ECHO) + asm.put(1) + asm.POP + asm.get(1),
        "nested-mark": asm.MARK + asm.MARK + asm.NONE + b"1" + ECHO + b"t",
    }
    for label, arguments in tuples.items():
        yield (
            f"{CALLED}/import-and-call/arguments-{label}.pkl",
            asm.program(asm.named("os", "system") + arguments + asm.REDUCE),
        )
    yield f"{CALLED}/import-and-call/result-popped.pkl", asm.program(RUN, asm.POP, asm.EMPTY_LIST)
    yield f"{CALLED}/import-and-call/result-behind-mark.pkl", asm.program(asm.MARK, RUN, b"1", asm.EMPTY_LIST)
    yield (
        f"{CALLED}/import-and-call/result-as-key.pkl",
        asm.program(asm.EMPTY_DICT, RUN, asm.NONE, asm.SETITEM),
    )
    yield f"{CALLED}/import-and-call/result-in-set.pkl", asm.program(b"\x8f", asm.MARK, RUN, b"\x90")
    yield f"{CALLED}/import-and-call/result-in-frozenset.pkl", asm.program(asm.MARK, RUN, b"\x91")
    yield (
        f"{CALLED}/import-and-call/as-state.pkl",
        asm.program(
            asm.new(asm.named("collections", "OrderedDict")) + asm.EMPTY_DICT + asm.text("a") + RUN + asm.SETITEM
            + asm.BUILD
        ),
    )  # fmt: skip
    yield (
        f"{CALLED}/import-and-call/as-argument.pkl",
        asm.program(
            asm.call(asm.named("collections", "OrderedDict"), asm.items(asm.pack(asm.text("a"), RUN)))
        ),
    )


def _instances() -> Iterator[tuple[str, bytes]]:
    popen = asm.named("subprocess", "Popen")
    command = asm.items(asm.text("echo"))
    yield "dangerous-import/instance/newobj.pkl", asm.program(asm.new(popen, command))
    yield (
        "dangerous-import/instance/newobj-ex.pkl",
        asm.program(popen + asm.pack(command) + asm.EMPTY_DICT + b"\x92"),
    )
    made = asm.call(asm.named_in_text("copy_reg", "_reconstructor"),
                    asm.named_in_text("subprocess", "Popen"), asm.named_in_text("__builtin__", "object"), asm.NONE)  # fmt: skip
    yield "dangerous-import/instance/reconstructor.pkl", asm.program(made, protocol=0)
    yield (
        "dangerous-import/instance/newobj-function.pkl",
        asm.program(asm.call(asm.named("copyreg", "__newobj__"), popen, command)),
    )
    yield (
        "dangerous-import/instance/with-state.pkl",
        asm.program(asm.new(asm.named("zipimport", "zipimporter")) + asm.EMPTY_DICT + asm.BUILD),
    )


def _memo() -> Iterator[tuple[str, bytes]]:
    def called(*parts: bytes) -> bytes:
        return asm.program(*parts, asm.STACK_GLOBAL + asm.pack(ECHO) + asm.REDUCE)

    def slot(index: int) -> bytes:
        return b"r" + struct.pack("<I", index)

    def fetch(index: int) -> bytes:
        return b"j" + struct.pack("<I", index)

    os, system, json, loads = asm.text("os"), asm.text("system"), asm.text("json"), asm.text("loads")
    folder = f"{CALLED}/memo"
    yield (
        f"{folder}/slot-rewritten.pkl",
        called(json + asm.put(0) + asm.POP, loads + asm.put(1) + asm.POP, os + asm.put(0) + asm.POP,
               system + asm.put(1) + asm.POP, asm.get(0) + asm.get(1)),
    )  # fmt: skip
    yield (
        f"{folder}/put-after-pop.pkl",
        called(os + json + asm.POP + asm.put(0), asm.POP, system + loads + asm.POP + asm.put(1), asm.POP,
               asm.get(0) + asm.get(1)),
    )  # fmt: skip
    yield (
        f"{folder}/memoize-after-put.pkl",
        called(json + asm.put(0) + asm.POP, os + asm.MEMOIZE + asm.POP, system + asm.MEMOIZE + asm.POP,
               asm.get(1) + asm.get(2)),
    )  # fmt: skip
    yield (
        f"{folder}/memoize-over-a-far-slot.pkl",
        called(json + asm.put(2) + asm.POP, os + asm.MEMOIZE + asm.POP, system + asm.put(2) + asm.POP,
               asm.get(1) + asm.get(2)),
    )  # fmt: skip
    yield (
        f"{folder}/text-opcodes.pkl",
        called(os + b"p007\n0", system + b"p 8\n0", b"g7\n", b"g8\n"),
    )
    yield (
        f"{folder}/long-opcodes.pkl",
        called(os + slot(70000) + asm.POP, system + slot(69999) + asm.POP, fetch(70000) + fetch(69999)),
    )
    yield (
        f"{folder}/mixed-widths.pkl",
        called(os + b"p5\n0", system + slot(6) + asm.POP, asm.get(5) + b"g6\n"),
    )
    yield (
        f"{folder}/callee-from-slot.pkl",
        asm.program(asm.named("os", "system") + asm.put(5) + asm.POP, asm.call(asm.get(5), ECHO)),
    )
    yield (
        f"{folder}/harmless-callee-replaced.pkl",
        asm.program(asm.named("json", "loads") + asm.put(5) + asm.POP, asm.named("os", "system") + asm.put(5) + asm.POP,
                    asm.call(asm.get(5), ECHO)),
    )  # fmt: skip
    many = b"".join(asm.number(value) + asm.MEMOIZE + asm.POP for value in range(300))
    yield f"{folder}/after-many-slots.pkl", called(many, os + asm.MEMOIZE, system, asm.POP + system)
    yield (
        f"{folder}/marked.pkl",
        called(asm.MARK + os + asm.put(0) + system + asm.put(1) + b"1", asm.get(0) + asm.get(1)),
    )


def _protocols() -> Iterator[tuple[str, bytes]]:
    for protocol in range(6):
        prefix = b"\x80" + bytes([protocol])
        yield f"{CALLED}/protocol/stated-{protocol}.pkl", prefix + RUN_IN_TEXT + asm.STOP
        yield f"{CALLED}/protocol/stack-global-at-{protocol}.pkl", prefix + RUN + asm.STOP
    yield f"{CALLED}/protocol/none-with-stack-global.pkl", RUN + asm.STOP
    yield f"{CALLED}/protocol/late.pkl", asm.NONE + asm.POP + b"\x80\x04" + RUN + asm.STOP
    yield f"{CALLED}/protocol/repeated.pkl", b"\x80\x02\x80\x05\x80\x00\x80\x04" + RUN + asm.STOP
    lowered = asm.call(asm.named_in_text("commands", "getoutput"), ECHO)
    yield f"{CALLED}/protocol/lowered-to-map-names.pkl", b"\x80\x05\x80\x02" + lowered + asm.STOP
    dotted = asm.call(asm.named_in_text("profile", "Profile.run"), asm.NONE, asm.text("print('modelwarden')"))
    yield f"{CALLED}/protocol/raised-for-a-dotted-name.pkl", b"\x80\x02\x80\x04" + dotted + asm.STOP
    yield (
        f"{CALLED}/protocol/python-2-name-in-stack-global.pkl",
        b"\x80\x02" + asm.call(asm.named("__builtin__", "eval"), asm.text("1+1")) + asm.STOP,
    )


def _numbers() -> Iterator[tuple[str, bytes]]:
    for label, number in {
        "int-hexadecimal": b"I0x10\n", "int-octal": b"I0o17\n", "int-binary": b"I0b11\n", "int-blanks": b"I 5 \n",
        "int-underscore": b"I1_000\n", "int-plus": b"I+5\n", "int-true": b"I01\n", "int-false": b"I00\n",
        "int-huge": b"I" + b"9" * 400 + b"\n", "int-negative-hexadecimal": b"I-0xff\n",
        "long-hexadecimal": b"L0x10L\n", "long-without-l": b"L16\n", "long-octal": b"L0o17L\n", "long-underscore": b"L1_0L\n",
        "long1-empty": b"\x8a\0", "long4-empty": b"\x8b\0\0\0\0", "long1-255": b"\x8a\xff" + b"\1" * 255,
        "float-nan": b"Fnan\n", "float-infinity": b"F-inf\n", "float-exponent": b"F1e400\n", "float-underscore": b"F1_0.5\n",
        "float-blanks": b"F 1.5 \n", "binfloat": b"G" + b"." * 8, "binint2": b"M..", "binint1-stop": b"K.",
        "bytearray8": b"\x96" + struct.pack("<Q", 3) + b"...", "binbytes8": b"\x8e" + struct.pack("<Q", 3) + b"...",
        "short-binbytes-stop": b"C\1.", "string-of-stops": b"S'...'\n", "unicode-of-stops": b"V...\n",
    }.items():  # fmt: skip
        yield f"{CALLED}/constants/{label}.pkl", asm.program(number + asm.POP + RUN)
    for label, number in {"hexadecimal": b"I0x10\n", "long": b"L0x10L\n", "true": b"I01\n"}.items():
        yield (
            f"{CALLED}/constants/{label}-protocol-0.pkl",
            asm.program(number + asm.POP + RUN_IN_TEXT, protocol=0),
        )


def _names() -> Iterator[tuple[str, bytes]]:
    for label, constant in {
        "string-latin-1": b"S'caf\xe9'\n", "string-bytes": b"S'\xff\xfe\xfd'\n", "short-binstring-bytes": b"U\3\xff\xfe\xfd",
        "binstring-bytes": b"T\3\0\0\0\xff\xfe\xfd", "unicode-bytes": b"V\xe9t\xe9\n", "surrogate": b"\x8c\3\xed\xa0\x80",
        "escaped-surrogate": b"V\\ud800\n", "astral": b"V\\U0001f642\n", "nul": b"\x8c\1\0",
            "right-to-left": asm.text("\u202eabc"),
    }.items():  # fmt: skip
        protocol = 0 if constant[:1] in b"SV" else 4
        run = RUN_IN_TEXT if protocol == 0 else RUN
        yield (
            f"{CALLED}/non-ascii/after-{label}.pkl",
            asm.program(run + asm.POP + constant, protocol=protocol),
        )
    for label, module in {
        "module": "modèle",
        "kanji": "模型",
        "nul": "acme\0nets",
        "blank": "acme nets",
    }.items():
        yield f"unknown-call/non-ascii/{label}.pkl", asm.program(asm.call(asm.named(module, "load"), ECHO))
        yield (
            f"unknown-call/non-ascii/{label}-in-text.pkl",
            asm.program(asm.call(asm.named_in_text(module, "load"), ECHO), protocol=2),
        )


def _beginnings_and_ends() -> Iterator[tuple[str, bytes]]:
    folder = f"{CALLED}/beginnings-and-ends"
    for label, start in {
        "none-popped": b"N0", "mark-popped": b"(1", "list-popped": b"]0", "tuple-popped": b")0", "number-popped": b"K\x000",
        "text-number-popped": b"I1\n0", "string-popped": b"S'weights'\n0", "duplicate-popped": b"N200", "dict-popped": b"}0",
        "frame": b"\x95" + struct.pack("<Q", len(RUN) + 1), "get-after-put": b"Nq\0h\00000"[:7],
    }.items():  # fmt: skip
        tail = RUN + asm.STOP
        yield f"{folder}/{label}.pkl", start + tail
        yield f"{folder}/{label}-no-suffix", start + tail
    for label, left in {"values": b"NN", "mark": b"N(", "marks": b"((("}.items():
        end = asm.NONE if label != "values" else b""
        yield f"{folder}/left-{label}.pkl", asm.program(left + RUN + end)
    deep = asm.EMPTY_TUPLE + b"\x85" * 2500
    yield f"{folder}/after-deep-nesting.pkl", asm.program(deep + asm.POP + RUN)
    yield f"{folder}/inside-deep-nesting.pkl", asm.program(asm.EMPTY_LIST * 800 + RUN + asm.APPEND * 800)
    yield f"{folder}/after-many-marks.pkl", asm.program(asm.MARK * 1500 + b"1" * 1500 + RUN)
    yield f"{folder}/after-long-text.pkl", asm.program(asm.binunicode("weights " * 400) + asm.POP + RUN)
    yield (
        f"{folder}/argument-of-3000-characters.pkl",
        asm.program(asm.call(asm.named("os", "system"), asm.binunicode("echo " + "modelwarden " * 250))),
    )
    yield f"{folder}/text-suffix.txt", HOSTILE
    yield f"{folder}/upper-case-suffix.PKL", HOSTILE
    for suffix in (
        "bin",
        "dat",
        "model",
        "sav",
        "ckpt",
        "h5",
        "onnx",
        "npy",
        "joblib",
        "pdparams",
        "pickle",
        "p",
    ):
        yield f"{folder}/suffix.{suffix}", HOSTILE


def _streams() -> Iterator[tuple[str, bytes]]:
    for count in (2, 3, 4, 5, 9):
        yield f"{CALLED}/streams/number-{count}.pkl", HARMLESS * (count - 1) + HOSTILE
    for label, padding in {
        "nul": b"\0", "nuls": b"\0" * 900, "newline": b"\n", "newlines": b"\r\n" * 20, "blanks": b"    ", "tab": b"\t",
    }.items():  # fmt: skip
        yield f"{CALLED}/streams/behind-{label}.pkl", HARMLESS + padding + HOSTILE
        yield f"{CALLED}/streams/protocol-0-behind-{label}.pkl", HARMLESS + padding + RUN_IN_TEXT + asm.STOP
    yield f"{CALLED}/streams/first-of-many.pkl", HOSTILE + HARMLESS * 9
    yield f"{CALLED}/streams/memo-does-not-carry-over.pkl", asm.program(asm.text("os") + asm.put(0)) + HOSTILE
    yield f"{CALLED}/streams/empty-before.pkl", b"N." * 40 + HOSTILE
    yield f"{CALLED}/streams/broken-third.pkl", HARMLESS * 2 + HOSTILE[:-1] + b"\xff"
    yield f"{CALLED}/streams/rubbish-after.pkl", HOSTILE + b"\xde\xad\xbe\xef" * 9


def _frames() -> Iterator[tuple[str, bytes]]:
    def frame(length: int) -> bytes:
        return b"\x95" + struct.pack("<Q", length)

    run = RUN
    folder = f"{CALLED}/frames"
    yield f"{folder}/exact.pkl", asm.program(frame(len(run) + 1) + run)
    yield f"{folder}/too-short.pkl", asm.program(frame(2) + asm.text("") + run)
    yield f"{folder}/empty.pkl", asm.program(frame(0) + run)
    yield f"{folder}/empty-ones.pkl", asm.program(frame(0) * 50 + run)
    yield f"{folder}/nested.pkl", asm.program(frame(len(run) + 10) + frame(len(run) + 1) + run)
    yield f"{folder}/after-the-call.pkl", asm.program(run + frame(1))
    yield f"{folder}/longer-than-the-file.pkl", asm.program(run + frame(1 << 40))
    yield f"{folder}/at-protocol-2.pkl", asm.program(frame(len(run) + 1) + run, protocol=2)
    one_each = b"".join(
        frame(len(part)) + part
        for part in (asm.text("os"), asm.text("system"), asm.STACK_GLOBAL, asm.pack(ECHO))
    )
    yield f"{folder}/one-for-each-token.pkl", asm.program(one_each + frame(2) + asm.REDUCE)
    # Readers before gh-154848 drop what stands between a crossing token's start and its frame's end: what they run is the
    # text of the linear reading.
    for label, cover in {
        "binunicode": b"X" + struct.pack("<I", len(run)),
        "binbytes": b"B" + struct.pack("<I", len(run)),
        "short-binunicode": b"\x8c" + bytes([len(run)]),
        "short-binbytes": b"C" + bytes([len(run)]),
    }.items():
        width = len(cover)
        crossing = b"X" + struct.pack("<I", 4 + width) + b"w" * width
        hidden = frame(len(crossing)) + crossing + b"gh" * 2 + cover + run
        yield f"stream-confusion/frames/{label}-hides-a-call.pkl", asm.program(hidden)
        yield f"{folder}/hidden-by-{label}.pkl", asm.program(hidden)


def _breaks() -> Iterator[tuple[str, bytes]]:
    for label, rest in {
        "unknown-opcode": b"\xff", "ascii-opcode": b"w", "stack-underflow": b"000", "append-to-nothing": b"0a",
        "reduce-without-callee": b"0R", "tuple-without-mark": b"t", "pop-mark-without-mark": b"1", "setitems-odd": b"}(Nu",
        "memo-miss": b"h\xc8", "memo-miss-in-text": b"g200\n", "memo-index-no-number": b"gabc\n", "negative-slot": b"p-1\n",
        "string-without-quotes": b"Sweights\n", "string-one-quote": b"S'\n", "number-no-number": b"Iweights\n",
        "float-no-number": b"Fweights\n", "stack-global-of-numbers": b"K\1K\2\x93", "protocol-9": b"\x80\x09",
        "binunicode-beyond-the-end": b"X\xff\xff\xff\x7fabc", "binunicode8-beyond-the-end": b"\x8d" + b"\xff" * 7 + b"\0abc",
        "binbytes-beyond-the-end": b"B\xff\xff\xff\xffabc", "binstring-negative": b"T\xff\xff\xff\xffabc",
        "long4-negative": b"\x8b\xff\xff\xff\xff", "frame-beyond-the-end": b"\x95" + b"\xff" * 8,
        "call-of-a-number": b"K\1)R", "call-of-a-text": asm.text("a") + b")R", "extension-zero": b"\x82\0",
        "line-without-end": b"Vweights", "truncated-number": b"J\1", "nothing": b"",
    }.items():  # fmt: skip
        yield f"broken-stream-after-call/breaks/{label}.pkl", b"\x80\x04" + RUN + rest
        yield f"{CALLED}/breaks/{label}.pkl", b"\x80\x04" + RUN + rest + asm.STOP * bool(rest)
    for cut in (1, 2, 7):
        long = b"\x80\x04" + RUN + asm.text("weights and more weights")
        yield f"{CALLED}/breaks/cut-off-{cut}.bin", long[:-cut]


def _outside() -> Iterator[tuple[str, bytes]]:
    for label, code in {"ext1": b"\x82\x07", "ext2": b"\x83\x07\x01", "ext4": b"\x84\x07\0\0\x01"}.items():
        yield f"extension-code/opcodes/{label}-called.pkl", asm.program(asm.call(code, ECHO))
        yield f"extension-code/opcodes/{label}-kept.pkl", asm.program(code)
        yield f"extension-code/opcodes/{label}-instance.pkl", asm.program(asm.new(code))
    for label, width in {"ext1": b"\x82\x07", "ext2": b"\x83\x07\0"}.items():
        register = asm.call(
            asm.named("copyreg", "add_extension"), asm.text("os"), asm.text("system"), asm.number(7)
        )
        yield (
            f"extension-code/opcodes/{label}-registered.pkl",
            asm.program(register, asm.POP, asm.call(width, ECHO)),
        )
    yield f"{CALLED}/persistent-ids/call-as-id.pkl", asm.program(asm.persistent(RUN))
    yield (
        f"{CALLED}/persistent-ids/call-in-id.pkl",
        asm.program(asm.persistent(asm.pack(asm.text("storage"), RUN))),
    )
    yield (
        f"{CALLED}/persistent-ids/call-after-id.pkl",
        asm.program(asm.persistent(asm.text("0")) + asm.POP + RUN),
    )
    yield f"{CALLED}/persistent-ids/call-after-text-id.pkl", asm.program(b"P0\n0" + RUN_IN_TEXT, protocol=0)
    yield "persistent-id/ids/number.pkl", asm.program(asm.persistent(asm.number(7)))
    yield "persistent-id/ids/storage-of-a-function.pkl", asm.program(
        asm.persistent(asm.pack(asm.text("storage"), asm.named("os", "system"), asm.text("0"), asm.text("cpu"), asm.number(1)))
    )  # fmt: skip
    yield "persistent-id/ids/address.pkl", asm.program(asm.persistent(asm.text("http://127.0.0.1:9/x")))


def _patches() -> Iterator[tuple[str, bytes]]:
    folder = "object-patching"
    state = asm.EMPTY_DICT + asm.text("loads") + asm.named("builtins", "print") + asm.SETITEM
    targets = {
        "function": asm.named("json", "loads"), "class": asm.named("argparse", "ArgumentParser"),
        "harmless-class": asm.named("collections", "OrderedDict"), "torch-class": asm.named("torch.nn.modules.linear",
            "Linear"),
    }  # fmt: skip
    for label, target in targets.items():
        yield f"{folder}/state/dictionary-on-{label}.pkl", asm.program(target + state + asm.BUILD)
        slots = target + asm.pack(asm.EMPTY_DICT, state) + asm.BUILD
        yield f"{folder}/state/slots-on-{label}.pkl", asm.program(slots)
        in_memo = target + asm.put(0) + asm.POP + asm.get(0) + state + asm.BUILD
        yield f"{folder}/state/memo-{label}.pkl", asm.program(in_memo)
    module = asm.call(asm.named("importlib", "import_module"), asm.text("json"))
    yield f"{folder}/state/dictionary-on-module.pkl", asm.program(module + state + asm.BUILD)
    key, value = asm.text("modelwarden"), asm.text("1")
    for name in ("environ", "environb"):
        yield f"{folder}/items/os-{name}.pkl", asm.program(asm.named("os", name) + key + value + asm.SETITEM)
    several = asm.MARK + key + value + b"u"
    for module_name, name in [("sys", "modules"), ("copyreg", "dispatch_table"), ("builtins", "__dict__"),
                              ("copyreg", "_extension_registry"), ("logging", "_levelToName"), ("torch",
                                  "__dict__")]:  # fmt: skip
        table = asm.named(module_name, name)
        yield f"{folder}/items/{module_name}-{name}.pkl", asm.program(table + several)
    for label, change in {
        "append": asm.text(".") + asm.APPEND, "appends": asm.MARK + asm.text(".") + b"e",
    }.items():  # fmt: skip
        yield f"{folder}/items/sys-path-{label}.pkl", asm.program(asm.named("sys", "path") + change)
        yield f"{folder}/items/sys-meta-path-{label}.pkl", asm.program(asm.named("sys", "meta_path") + change)
        yield (
            f"{folder}/items/warnings-filters-{label}.pkl",
            asm.program(asm.named("warnings", "filters") + change),
        )
    yield (
        f"{folder}/items/additems.pkl",
        asm.program(asm.named("torch._utils", "SAFE") + asm.MARK + key + b"\x90"),
    )
