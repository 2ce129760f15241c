"""Hostile samples put together byte by byte. Inert: whatever they would run only echoes a line.

The folder is the rule that must fire. Only the standard library is used and no clock, so the bytes never change:
`tests/test_corpus.py` makes them again and compares.
"""

import struct
import zlib
from collections.abc import Iterator

from tests.corpus import assembler as asm

ECHO = asm.text("echo modelwarden sample")
ECHO_LINE = asm.line("echo modelwarden sample")
RUN = asm.call(asm.named("os", "system"), ECHO)
HARMLESS = asm.program(asm.pack(asm.text("epoch"), asm.number(3)))
HOSTILE = asm.program(RUN)


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    yield from _calls()
    yield from _imports()
    yield from _tricks()
    yield from _containers()
    yield from _unreadable()


def _calls() -> Iterator[tuple[str, bytes]]:
    folder = "dangerous-call"
    yield f"{folder}/os-system.pkl", HOSTILE
    for module in ("os", "posix", "nt"):
        hostile = asm.program(asm.call(asm.named_in_text(module, "system"), ECHO_LINE), protocol=0)
        yield f"{folder}/{module}-system-protocol-0.pkl", hostile
    yield (
        f"{folder}/python-2-name.pkl",
        asm.program(asm.call(asm.named_in_text("commands", "getoutput"), ECHO_LINE), protocol=0),
    )
    yield (
        f"{folder}/python-2-eval.pkl",
        asm.program(asm.call(asm.named_in_text("__builtin__", "eval"), asm.line("1+1")), protocol=0),
    )
    yield f"{folder}/by-inst.pkl", asm.program(asm.instantiate_by_inst("os", "system", ECHO_LINE), protocol=0)
    yield (
        f"{folder}/by-obj.pkl",
        asm.program(asm.instantiate_by_obj(asm.named_in_text("os", "system"), ECHO_LINE), protocol=1),
    )
    yield (
        f"{folder}/exec.pkl",
        asm.program(asm.call(asm.named("builtins", "exec"), asm.text("print('modelwarden')"))),
    )
    yield (
        f"{folder}/popen.pkl",
        asm.program(
            asm.call(asm.named("subprocess", "Popen"), asm.items(asm.text("echo"), asm.text("modelwarden")))
        ),
    )
    yield f"{folder}/result-thrown-away.pkl", asm.program(RUN, asm.POP, asm.EMPTY_DICT)
    yield (
        f"{folder}/operands-from-memo.pkl",
        asm.program(
            asm.text("system") + asm.put(1) + asm.POP,
            asm.text("os") + asm.put(0) + asm.POP,
            asm.call(asm.get(0) + asm.get(1) + asm.STACK_GLOBAL, ECHO),
        ),
    )
    yield (
        f"{folder}/decoys-between-operands.pkl",
        asm.program(
            asm.call(
                asm.text("os") + asm.text("system") + asm.text("path") + asm.POP + asm.STACK_GLOBAL, ECHO
            )
        ),
    )
    yield f"{folder}/second-stream.pkl", HARMLESS + HOSTILE
    yield f"{folder}/after-padding.pkl", HARMLESS + b"\0" * 64 + HOSTILE
    yield f"{folder}/base-prefixed-integer.pkl", asm.program(b"I0x10\n" + asm.POP + RUN)
    yield f"{folder}/no-suffix", HOSTILE
    yield f"{folder}/in-archive.zip", archive([("weights/labels.pkl", HOSTILE)])
    nested = archive([("fold/inner.zip", archive([("a.pkl", HOSTILE)]))])
    yield f"{folder}/in-nested-archive.zip", nested


def _imports() -> Iterator[tuple[str, bytes]]:
    yield "dangerous-import/os-system.pkl", asm.program(asm.items(asm.named("os", "system")))
    yield (
        "dangerous-import/set-as-attribute.pkl",
        asm.program(
            asm.new(asm.named("collections", "OrderedDict")),
            asm.EMPTY_DICT + asm.text("hook") + asm.named("subprocess", "Popen") + asm.SETITEM + asm.BUILD,
        ),
    )
    module = asm.call(asm.named("importlib", "import_module"), asm.text("os"))
    yield "import-trampoline/import-module.pkl", asm.program(module)
    unknown = asm.call(
        asm.named("builtins", "getattr"), asm.call(asm.named("acme_nets", "load")), asm.text("system")
    )
    yield "import-trampoline/getattr-of-a-result.pkl", asm.program(unknown)
    yield (
        "import-trampoline/attrgetter.pkl",
        asm.program(asm.call(asm.named("operator", "attrgetter"), asm.text("system"))),
    )
    computed = asm.call(asm.named("acme_nets", "spell"), asm.number(7))
    yield (
        "unresolvable-import/module-from-a-call.pkl",
        asm.program(asm.call(computed + asm.text("system") + asm.STACK_GLOBAL, ECHO)),
    )
    yield (
        "unresolvable-import/name-from-a-call.pkl",
        asm.program(asm.text("os") + computed + asm.STACK_GLOBAL),
    )
    rotated = asm.call(asm.named("codecs", "decode"), asm.text("bf"), asm.text("rot13"))
    yield (
        "unresolvable-import/module-spelt-by-rot13.pkl",
        asm.program(asm.call(rotated + asm.text("system") + asm.STACK_GLOBAL, ECHO)),
    )
    yield (
        "attribute-chain/through-a-module.pkl",
        asm.program(asm.call(asm.named("pathlib", "os.system"), ECHO)),
    )
    yield (
        "attribute-chain/through-globals.pkl",
        asm.program(asm.named("argparse", "Namespace.__init__.__globals__")),
    )
    yield (
        "attribute-chain/through-subclasses.pkl",
        asm.program(asm.call(asm.named("builtins", "object.__subclasses__"))),
    )
    yield "unknown-call/acme.pkl", asm.program(asm.call(asm.named("acme_nets", "restore"), asm.text("v2")))
    yield (
        "unknown-import/acme.pkl",
        asm.program(asm.new(asm.named("acme_nets", "Net")) + asm.EMPTY_DICT + asm.BUILD),
    )
    yield "scanner-tampering/picklescan.pkl", asm.program(asm.named("picklescan.scanner", "scan_bytes"))
    yield (
        "scanner-tampering/modelwarden.pkl",
        asm.program(
            asm.named("modelwarden.policies", "POLICIES"),
        ),
    )


def _tricks() -> Iterator[tuple[str, bytes]]:
    inner = asm.program(asm.call(asm.named("os", "system"), ECHO))
    yield (
        "nested-loader/pickle-loads.pkl",
        asm.program(asm.call(asm.named("pickle", "loads"), asm.blob(inner))),
    )
    yield (
        "nested-loader/marshal-loads.pkl",
        asm.program(asm.call(asm.named("marshal", "loads"), asm.blob(b"N"))),
    )
    patch = asm.EMPTY_DICT + asm.text("format_help") + asm.named("builtins", "print") + asm.SETITEM
    yield (
        "object-patching/build-on-class.pkl",
        asm.program(asm.named("argparse", "Namespace") + asm.pack(asm.NONE, patch) + asm.BUILD),
    )
    yield (
        "object-patching/setitem-on-environ.pkl",
        asm.program(
            asm.named("os", "environ") + asm.text("MODELWARDEN_SAMPLE") + asm.text("1") + asm.SETITEM
        ),
    )
    yield "extension-code/ext1.pkl", asm.program(asm.call(asm.extension(7), ECHO))
    yield (
        "extension-code/registered-in-stream.pkl",
        asm.program(
            asm.call(asm.named("copyreg", "add_extension"), asm.text("os"), asm.text("system"), asm.number(7))
            + asm.POP,
            asm.call(asm.extension(7), ECHO),
        ),
    )
    yield "persistent-id/free-text.pkl", asm.program(asm.persistent(asm.text("file:///etc/hostname")))
    yield "persistent-id/in-text.pkl", asm.program(b"Pweights-of-layer-3\n", protocol=0)
    yield "broken-stream-after-call/unknown-opcode.pkl", b"\x80\x04" + RUN + b"\xff\xff\xff."
    yield "broken-stream-after-call/cut-off.pkl", HOSTILE[:-1] + asm.text("weights")[:-3]
    yield "broken-stream-after-call/memo-miss.pkl", asm.program(RUN, asm.get(99))
    straddled = asm.text("weights") + asm.POP
    frame = b"\x95" + struct.pack("<Q", len(straddled) - 4)
    yield "stream-confusion/opcode-across-frame-end.pkl", asm.program(frame + straddled, RUN)
    yield (
        "embedded-pickle/hostile-backup.pkl",
        asm.program(asm.EMPTY_DICT + asm.text("backup") + asm.blob(HOSTILE) + asm.SETITEM),
    )
    yield "format-mismatch/pickle.safetensors", HOSTILE
    yield "format-mismatch/pickle.json", HOSTILE


def _containers() -> Iterator[tuple[str, bytes]]:
    good = archive([("labels.pkl", HOSTILE), ("notes.txt", b"weights")])
    yield "header-disagreement/wrong-checksum.zip", _changed(good, b"PK\1\2", 16, b"\0\0\0\0")
    yield "header-disagreement/other-local-name.zip", _changed(good, b"PK\3\4", 30, b"labels.txt")
    yield "header-disagreement/encrypted-flag.zip", _changed(good, b"PK\1\2", 8, b"\1\0")
    yield "header-disagreement/other-local-size.zip", _changed(good, b"PK\3\4", 18, struct.pack("<II", 3, 3))
    yield "duplicate-member/two-contents.zip", archive([("labels.pkl", HARMLESS), ("labels.pkl", HOSTILE)])
    yield "polyglot/pickle-before-archive.pkl", HOSTILE + archive([("labels.txt", b"cat")])
    yield "polyglot/two-archives.zip", archive([("a.pkl", HOSTILE)]) + archive([("b.txt", b"cat")])


def _unreadable() -> Iterator[tuple[str, bytes]]:
    good = archive([("labels.pkl", HARMLESS)])
    other_method = _changed(_changed(good, b"PK\1\2", 10, b"\x62\0"), b"PK\3\4", 8, b"\x62\0")
    yield "not-inspected/unsupported-compression.zip", other_method
    deep = HARMLESS
    for level in range(12):
        deep = archive([(f"level-{level}.zip" if level else "labels.pkl", deep)])
    yield "limit-reached/twelve-archives-deep.zip", deep
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'4d' * 32}\nsize 123456789\n"
    yield "content-absent/git-lfs-pointer.pt", pointer.encode()
    yield "malformed/empty.pkl", b""
    yield "malformed/one-byte.pkl", b"\x80"
    yield "malformed/cut-off.pkl", HARMLESS[:-4]
    yield "malformed/cut-off.zip", good[: len(good) // 2]
    yield "malformed/member-beyond-the-end.zip", _changed(good, b"PK\1\2", 42, b"\xff\xff\xff\x7e")
    yield (
        "malformed/size-of-a-gigabyte.zip",
        _changed(good, b"PK\1\2", 20, struct.pack("<II", 1 << 30, 1 << 30)),
    )
    header = b'{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}'
    yield "malformed/offsets-beyond-the-end.safetensors", struct.pack("<Q", len(header)) + header + b"\0" * 4
    yield "malformed/header-longer-than-file.safetensors", struct.pack("<Q", 1 << 40) + header


def archive(members: list[tuple[str, bytes]]) -> bytes:
    """A ZIP file of stored members, written here so that names may repeat and nothing depends on a library's habits.

    Layout: APPNOTE.TXT 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record).
    """
    body = b""
    directory = b""
    for name, data in members:
        encoded = name.encode()
        common = struct.pack(
            "<HHHHIIIHH", 0, 0, 0, 0x5021, zlib.crc32(data), len(data), len(data), len(encoded), 0
        )
        directory += (
            b"PK\1\2"
            + struct.pack("<HH", 20, 20)
            + common
            + struct.pack("<HHHII", 0, 0, 0, 0, len(body))
            + encoded
        )
        body += b"PK\3\4" + struct.pack("<H", 20) + common + encoded + data
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end


def _changed(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """`data` with `value` written `offset` bytes after the first `signature`: one mutation, named by its file."""
    place = data.index(signature) + offset
    return data[:place] + value + data[place + len(value) :]
