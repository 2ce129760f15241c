"""Archives that escape, expand, overlap or show each reader something else, assembled byte by byte.

What is deflated depends on zlib.
Nothing here is dangerous to scan; do not unpack it. What the pickles inside would run echoes a line.
"""

import struct
import zlib
from collections.abc import Iterator

from tests.corpus import assembler as asm

ECHO = asm.text("echo modelwarden sample")
HOSTILE = asm.program(asm.call(asm.named("os", "system"), ECHO))
HARMLESS = asm.program(asm.pack(asm.text("epoch"), asm.number(3)))
TEXT = b"weights are elsewhere\n"
SYMLINK = 0o120777


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    yield from _traversal()
    yield from _links()
    yield from _bombs()
    yield from _disagreements()
    yield from _polyglots()
    yield from _hidden()
    yield from _not_opened()
    yield from _handlers()


def _handlers() -> Iterator[tuple[str, bytes]]:
    handlers = {
        "system": "import os\n\ndef handle(data, context):\n    os.system('echo modelwarden sample')\n",
        "at-import": "import subprocess as worker\nworker.run(['echo', 'modelwarden sample'])\n",
        "aliased": "from os import popen as load\n\nclass Handler:\n    def initialize(self, context):\n        load('echo')\n",
        "looked-up": "run = getattr(__import__('os'), 'system')\nrun('echo modelwarden sample')\n",
        "evaluated": "import base64\nexec(base64.b64decode('MSsx'))\n",
        "native": "import ctypes\nctypes.CDLL(None)\n",
        "through-subclasses": "kinds = ().__class__.__base__.__subclasses__()\n",
        "passed-on": "import os, threading\nthreading.Thread(target=os.system, args=('echo',)).start()\n",
    }
    for technique, source in handlers.items():
        yield f"handler-code/torchserve/{technique}.mar", torchserve(source)
    helper = ZipMember("lib/helper.py", handlers["system"].encode(), method=8)
    yield "handler-code/torchserve/in-helper.mar", torchserve("from lib import helper\n", helper)


def torchserve(source: str, *others: "ZipMember") -> bytes:
    """A model archive of TorchServe with a handler."""
    manifest = (
        b'{"createdOn":"01/01/2020","runtime":"python","model":{"modelName":"m","handler":"handler.py"}}'
    )
    members = (ZipMember("handler.py", source.encode()), ZipMember("weights.bin", bytes(64)), *others)
    return zip_of(*members, ZipMember("MAR-INF/MANIFEST.json", manifest))


def _traversal() -> Iterator[tuple[str, bytes]]:
    names = {
        "climbing": "../../model.txt",
        "climbing-inside": "weights/../../model.txt",
        "absolute": "/etc/cron.d/model",
        "backslashes": "..\\..\\model.txt",
        "drive": "C:\\Users\\Public\\model.txt",
        "other-machine": "\\\\host\\share\\model.txt",
        "space-behind-dots": ".. /model.txt",
        "behind-a-nul": "model.txt\0/../../x",
    }
    folder = "archive-path-traversal"
    for technique, name in names.items():
        yield f"{folder}/zip/{technique}.zip", zip_of(ZipMember(name, TEXT))
        if "\0" not in name:
            yield f"{folder}/tar/{technique}.tar", tar_of(tar_member(name, TEXT))
            yield f"{folder}/seven-zip/{technique}.7z", seven_zip({name: TEXT})
    yield (
        f"{folder}/zip/in-local-header.zip",
        zip_of(ZipMember("model.txt.xx", TEXT, local_name="../model.txt")),
    )
    extra = b"\1" + struct.pack("<I", zlib.crc32(b"model.txt")) + b"../model.txt"
    extra = struct.pack("<HH", 0x7075, len(extra)) + extra
    yield f"{folder}/zip/in-unicode-path.zip", zip_of(ZipMember("model.txt", TEXT, extra=extra))
    climbing = "../../model.txt"
    yield f"{folder}/tar/by-pax.tar", tar_of(pax({"path": climbing}) + tar_member("model.txt", TEXT))
    yield f"{folder}/tar/by-global-pax.tar", tar_of(pax({"path": climbing}, b"g") + tar_member("m", TEXT))
    yield f"{folder}/tar/by-long-name.tar", tar_of(long_name(climbing) + tar_member("model.txt", TEXT))
    yield f"{folder}/tar/under-pax.tar", tar_of(pax({"path": "model.txt"}) + tar_member(climbing, TEXT))
    yield f"{folder}/tar/by-prefix.tar", tar_of(tar_member("model.txt", TEXT, prefix="../.."))
    packed = tar_of(tar_member(climbing, TEXT))
    yield f"{folder}/tar/compressed.tar.gz", gzip_of(packed)
    yield f"{folder}/tar/compressed.tar.zst", zstd_of(packed)


def _links() -> Iterator[tuple[str, bytes]]:
    folder = "archive-link-escape/tar"
    file = tar_member("model.txt", TEXT)
    out = tar_member("latest", kind=b"2", link="/home/user/.ssh")
    yield f"{folder}/symlink-absolute.tar", tar_of(file + tar_member("latest", kind=b"2", link="/etc/passwd"))
    yield (
        f"{folder}/symlink-climbing.tar",
        tar_of(file + tar_member("a/b", kind=b"2", link="../../etc/passwd")),
    )
    yield f"{folder}/symlink-backslashes.tar", tar_of(file + tar_member("a", kind=b"2", link="..\\..\\x"))
    yield f"{folder}/hard-link-absolute.tar", tar_of(file + tar_member("a", kind=b"1", link="/etc/passwd"))
    yield (
        f"{folder}/hard-link-climbing.tar",
        tar_of(file + tar_member("a/b", kind=b"1", link="../etc/passwd")),
    )
    yield (
        f"{folder}/hard-link-through-link.tar",
        tar_of(out + tar_member("a", kind=b"1", link="latest/id_rsa")),
    )
    yield f"{folder}/written-through-link.tar", tar_of(out + tar_member("latest/authorized_keys", TEXT))
    yield f"{folder}/file-over-link.tar", tar_of(out + tar_member("latest", TEXT))
    layer = tar_member(".wh.old") + tar_member("usr/share/x", kind=b"2", link="/home/user")
    yield (
        f"{folder}/written-through-link-in-layer.tar",
        tar_of(layer + tar_member("usr/share/x/.profile", TEXT)),
    )
    chain = tar_member("a/here", kind=b"2", link=".") + tar_member("a/here/here/up", kind=b"2", link="../..")
    yield f"{folder}/out-by-two-links.tar", tar_of(chain + tar_member("a/up/model.txt", TEXT))
    yield (
        f"{folder}/by-pax.tar",
        tar_of(pax({"linkpath": "/etc/passwd"}) + tar_member("a", kind=b"2", link="b")),
    )
    yield (
        f"{folder}/by-long-link.tar",
        tar_of(long_name("/etc/passwd", b"K") + tar_member("a", kind=b"2", link="b")),
    )
    yield f"{folder}/device.tar", tar_of(file + tar_member("sda", kind=b"4"))
    yield f"{folder}/fifo.tar", tar_of(file + tar_member("pipe", kind=b"6"))
    folder = "archive-link-escape"
    target = b"/etc/passwd"
    yield f"{folder}/zip/symlink.zip", zip_of(ZipMember("latest", target, mode=SYMLINK))
    yield f"{folder}/zip/symlink-deflated.zip", zip_of(ZipMember("latest", target, mode=SYMLINK, method=8))
    link = ZipMember("latest", b"../../home/user", mode=SYMLINK)
    yield f"{folder}/zip/written-through-link.zip", zip_of(link, ZipMember("latest/.profile", TEXT))
    yield f"{folder}/seven-zip/symlink.7z", seven_zip({"latest": target}, modes={"latest": SYMLINK})


def _bombs() -> Iterator[tuple[str, bytes]]:
    folder = "decompression-bomb"
    kernel = zip_of(ZipMember("0", bytes(200_000), method=8))
    start, end = kernel.index(b"PK\1\2"), kernel.index(b"PK\5\6")
    record = kernel[start:end]
    records = b"".join(_named(record, b"%02d" % number) for number in range(60))
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 60, 60, len(records), start, 0)
    yield f"{folder}/one-kernel-for-sixty-members.zip", kernel[:start] + records + tail
    yield f"{folder}/quoted-headers.zip", _quoting(40)
    member = gzip_of(HARMLESS + bytes(range(60)))
    inner = member * (1_200_000 // len(member))
    yield f"{folder}/compressed-again.pkl.gz", gzip_of(inner, 9)
    yield f"{folder}/compressed-again.zip", zip_of(ZipMember("model.pkl.gz", inner, method=8))
    yield f"{folder}/compressed-again.pkl.gz.zlib", zlib.compress(inner, 9)


def _named(record: bytes, name: bytes) -> bytes:
    """A central record under another name."""
    return record[:28] + struct.pack("<H", len(name)) + record[30:46] + name


def _quoting(count: int) -> bytes:
    """Each member begins with a stored block that quotes the headers of all that follow: Fifield's second construction."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(bytes(2_000_000)) + kernel.flush()
    body = b""
    directory: list[tuple[bytes, bytes, int]] = []
    for number in reversed(range(count)):
        quote = b"\0" + struct.pack("<HH", len(body), len(body) ^ 0xFFFF) if body else b""
        data = quote + body if body else packed
        inflater = zlib.decompressobj(-15)
        content = inflater.decompress(data if not body else quote + body)
        if len(body) > 60_000:
            break
        name = b"%02d" % number
        common = struct.pack(
            "<HHHHIIIHH", 0, 8, 0, 0x5021, zlib.crc32(content), len(data), len(content), 2, 0
        )
        header = b"PK\3\4" + struct.pack("<H", 20) + common + name
        directory.append((common, name, len(header) + len(data)))
        body = header + data
    records = b"".join(
        b"PK\1\2"
        + struct.pack("<HH", 20, 20)
        + common
        + struct.pack("<HHHII", 0, 0, 0, 0, len(body) - behind)
        + name
        for common, name, behind in directory
    )
    total = len(directory)
    return (
        body + records + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, total, total, len(records), len(body), 0)
    )


def _disagreements() -> Iterator[tuple[str, bytes]]:
    folder = "header-disagreement/tar"
    hidden = tar_member("model.pkl", HOSTILE)
    smuggled = pax({"size": str(512 + len(hidden))}) + tar_member(
        "notes.txt", TEXT.ljust(512) + hidden, size=512
    )
    yield f"{folder}/pax-size-and-header-size.tar", tar_of(smuggled)
    link = tar_member("latest", kind=b"2", link="model.txt", size=512)
    cover = tar_member("notes.txt", hidden)
    yield f"{folder}/link-with-a-size.tar", tar_of(link + cover)
    member = ZipMember("model.pkl", HOSTILE, method=8, flags=8)
    streamed = zip_of(member)
    place = streamed.index(b"PK\1\2") + 16
    empty = streamed[:14] + bytes(12) + streamed[26:place] + bytes(12) + streamed[place + 12 :]
    yield "header-disagreement/zip/directory-says-empty.zip", empty


def _polyglots() -> Iterator[tuple[str, bytes]]:
    folder = "polyglot/containers"
    plain_tar = tar_of(tar_member("model.txt", TEXT))
    plain_zip = zip_of(ZipMember("model.txt", TEXT))
    evil_tar = tar_of(tar_member("model.pkl", HOSTILE))
    evil_zip = zip_of(ZipMember("model.pkl", HOSTILE))
    yield f"{folder}/zip-behind-gzip.gz", gzip_of(TEXT) + evil_zip
    yield f"{folder}/zip-behind-tar.tar", plain_tar + evil_zip
    yield f"{folder}/tar-behind-tar.tar", plain_tar + evil_tar
    yield f"{folder}/tar-behind-zip.zip", plain_zip + evil_tar
    yield f"{folder}/seven-zip-behind-zip.zip", plain_zip + seven_zip({"model.pkl": HOSTILE})
    yield f"{folder}/seven-zip-behind-tar.tar", plain_tar + seven_zip({"model.pkl": HOSTILE})
    yield f"{folder}/pickle-behind-seven-zip.7z", seven_zip({"model.txt": TEXT}) + HOSTILE
    yield f"{folder}/pickle-behind-zstd.zst", zstd_of(TEXT) + HOSTILE
    yield f"{folder}/gzip-behind-rubbish.gz", gzip_of(TEXT) + b"rubbish" + gzip_of(HOSTILE)
    yield f"{folder}/zip-in-comment-of-zip.zip", zip_of(ZipMember("a.txt", TEXT), comment=evil_zip)


def _hidden() -> Iterator[tuple[str, bytes]]:
    folder = "dangerous-call/hidden-in-archives"
    yield f"{folder}/tar.tar.zst", zstd_of(tar_of(tar_member("model.pkl", HOSTILE)))
    yield f"{folder}/named-pickle-zst.pkl", zstd_of(HOSTILE)
    yield f"{folder}/behind-skippable-frame.zst", b"\x50\x2a\x4d\x18\4\0\0\0skip" + zstd_of(HOSTILE)
    yield f"{folder}/two-frames.zst", zstd_of(HOSTILE[:9]) + zstd_of(HOSTILE[9:])
    yield (
        f"{folder}/zip-zstandard.zip",
        zip_of(ZipMember("labels.pkl", HOSTILE, method=93, packed=zstd_of(HOSTILE))),
    )
    yield f"{folder}/stored.7z", seven_zip({"notes.txt": HOSTILE})
    yield f"{folder}/second-member.7z", seven_zip({"a.txt": TEXT, "b": HOSTILE})
    yield f"{folder}/seven-zip-in-zip.zip", zip_of(ZipMember("x", seven_zip({"b": HOSTILE})))
    yield f"{folder}/named-like-a-directory.zip", zip_of(ZipMember("weights/", HOSTILE))
    yield (
        f"{folder}/between-members.zip",
        zip_of(ZipMember("a.txt", TEXT), ZipMember("b.txt", TEXT), between=HOSTILE),
    )
    fields = gzip_of(HOSTILE)
    fields = (
        fields[:3] + b"\x1e" + fields[4:10] + b"\4\0ABCD" + b"name\0" + b"comment\0" + b"\0\0" + fields[10:]
    )
    yield f"{folder}/gzip-with-every-field.gz", fields
    yield f"{folder}/gzip-cut-off.gz", gzip_of(HOSTILE)[:-9]
    layer = gzip_of(tar_of(tar_member("opt/model.pkl", HOSTILE)))
    digest = "4d" * 32
    manifest = (
        f'{{"schemaVersion":2,"layers":[{{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip",'
        f'"digest":"sha256:{digest}","size":{len(layer)}}}]}}'
    ).encode()
    image = tar_member("index.json", manifest) + tar_member(f"blobs/sha256/{digest}", layer)
    yield f"{folder}/image.tar", tar_of(image)
    legacy = tar_of(tar_member("app/model.pkl", HOSTILE) + tar_member("app/.wh.old.pkl"))
    listing = b'[{"Config":"c.json","RepoTags":["a:b"],"Layers":["4d/layer.tar"]}]'
    yield (
        f"{folder}/docker-save.tar",
        tar_of(tar_member("manifest.json", listing) + tar_member("4d/layer.tar", legacy)),
    )
    yield f"{folder}/image-zstandard.tar", tar_of(tar_member(f"blobs/sha256/{digest}", zstd_of(legacy)))
    yield f"{folder}/sun-checksum.tar", tar_of(tar_member("modèle.pkl", HOSTILE, signed=True))
    wrong = bytearray(tar_member("a.txt", TEXT))
    wrong[0] ^= 1
    yield (
        f"{folder}/behind-wrong-checksum.tar",
        tar_of(tar_member("b.txt", TEXT) + bytes(wrong) + tar_member("m", HOSTILE)),
    )
    yield f"{folder}/behind-wrong-first-checksum.tar", tar_of(bytes(wrong) + tar_member("m", HOSTILE))
    cut = ZipMember("labels.pkl", HOSTILE, method=8)
    yield f"{folder}/end-record-with-disks.zip", _with_disks(zip_of(cut))


def _with_disks(data: bytes) -> bytes:
    """The end record claims to be on the second of two disks."""
    at = data.rindex(b"PK\5\6")
    return data[: at + 4] + struct.pack("<HH", 1, 1) + data[at + 8 :]


def _not_opened() -> Iterator[tuple[str, bytes]]:
    folder = "not-inspected/archives"
    yield f"{folder}/version-4.rar", b"Rar!\x1a\x07\0" + bytes(40)
    yield f"{folder}/version-5.rar", b"Rar!\x1a\x07\1\0" + bytes(40)
    yield f"{folder}/compress.pkl.Z", b"\x1f\x9d\x90" + bytes(range(40))
    yield f"{folder}/legacy.pkl.lz4", b"\x02\x21\x4c\x18\x20\0\0\0" + bytes(40)
    yield f"{folder}/lzip.pkl.lz", b"LZIP\1\x0c" + bytes(40)
    yield f"{folder}/cabinet.cab", b"MSCF\0\0\0\0" + struct.pack("<I", 80) + bytes(68)
    yield f"{folder}/newc.cpio", b"070701" + b"0" * 104 + b"TRAILER!!!\0\0\0\0"
    yield f"{folder}/encrypted.7z", seven_zip({"model.pkl": HOSTILE}, method=b"\6\xf1\7\1")
    yield f"{folder}/ppmd.7z", seven_zip({"model.pkl": HOSTILE}, method=b"\3\4\1")
    yield f"{folder}/deflate64.zip", zip_of(ZipMember("model.pkl", HOSTILE, method=9, packed=b"\3\0"))
    yield f"{folder}/imploded.zip", zip_of(ZipMember("model.pkl", HOSTILE, method=6, packed=b"\3\0"))
    sparse = tar_member("model.pkl", HOSTILE, kind=b"S")
    yield f"{folder}/sparse.tar", tar_of(sparse)


class ZipMember:
    """A member as both of its headers describe it. `packed` stands in the place of what `method` would make of `data`."""

    def __init__(
        self,
        name: str,
        data: bytes,
        *,
        method: int = 0,
        mode: int = 0,
        flags: int = 0,
        extra: bytes = b"",
        local_name: str = "",
        packed: bytes | None = None,
    ) -> None:
        self.name = name.encode()
        self.local_name = local_name.encode() or self.name
        self.mode = mode
        self.extra = extra
        if packed is None and method == 8:
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = packer.compress(data) + packer.flush()
        self.packed = data if packed is None else packed
        sizes = (zlib.crc32(data), len(self.packed), len(data))
        self.common = struct.pack("<HHHHIII", flags, method, 0, 0x5021, *sizes)


def zip_of(*members: ZipMember, comment: bytes = b"", between: bytes = b"") -> bytes:
    """A ZIP archive; `between` stands behind the first member."""
    body = directory = b""
    for number, member in enumerate(members):
        lengths = struct.pack("<HH", len(member.name), len(member.extra))
        directory += b"PK\1\2" + struct.pack("<HH", 0x314, 20) + member.common + lengths
        directory += struct.pack("<HHHII", 0, 0, 0, member.mode << 16, len(body)) + member.name + member.extra
        body += (
            b"PK\3\4" + struct.pack("<H", 20) + member.common + struct.pack("<HH", len(member.local_name), 0)
        )
        body += member.local_name + member.packed + (between if not number else b"")
    count = len(members)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), len(comment))
    return body + directory + b"PK\5\6" + end + comment


def tar_member(
    name: str,
    data: bytes = b"",
    *,
    kind: bytes = b"0",
    link: str = "",
    prefix: str = "",
    size: int = -1,
    signed: bool = False,
) -> bytes:
    """Header and content of one member; `size` is stated instead of the true one."""
    stated = (len(data) if size < 0 else size) if kind in b"0Sxg LK" or size >= 0 else 0
    header = (
        name.encode().ljust(100, b"\0")
        + b"0000644\0"
        + b"0000000\0" * 2
        + b"%011o\0" % stated
        + b"00000000000\0"
    )
    header += b" " * 8 + kind + link.encode().ljust(100, b"\0") + b"ustar\x0000" + bytes(80)
    header += prefix.encode().ljust(155, b"\0") + bytes(12)
    total = sum(byte - 256 if signed and byte > 127 else byte for byte in header)
    header = header[:148] + b"%06o\0 " % total + header[156:]
    return header + data + bytes(-len(data) % 512)


def pax(records: dict[str, str], kind: bytes = b"x") -> bytes:
    """A describing member with pax records."""
    body = b""
    for key, value in records.items():
        line = f" {key}={value}\n".encode()
        length = len(line) + len(str(len(line)))
        length = len(line) + len(str(length))
        body += str(length).encode() + line
    return tar_member("pax", body, kind=kind)


def long_name(name: str, kind: bytes = b"L") -> bytes:
    """A describing member of GNU tar: a long name, or with `K` a long link."""
    return tar_member("././@LongLink", name.encode() + b"\0", kind=kind)


def tar_of(members: bytes) -> bytes:
    """A TAR archive."""
    return members + bytes(1024)


def gzip_of(data: bytes, level: int = 6) -> bytes:
    """One gzip member without a name or a time."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + packed + struct.pack("<II", zlib.crc32(data), len(data))


def zstd_of(data: bytes) -> bytes:
    """A frame of Zstandard in one stored block (RFC 8878, 3.1.1)."""
    assert len(data) < 128 << 10
    header = b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data))
    return header + (len(data) << 3 | 1).to_bytes(3, "little") + data


def seven_zip(
    files: dict[str, bytes], *, modes: dict[str, int] | None = None, method: bytes = b"\0"
) -> bytes:
    """A 7z archive in one folder that is stored, or claims another method."""
    data = b"".join(files.values())
    names = b"".join(name.encode("utf-16-le") + b"\0\0" for name in files)
    sizes = list(map(len, files.values()))
    number = _number
    header = b"\1\4\6" + number(0) + number(1) + b"\x09" + number(len(data)) + b"\0"
    header += (
        b"\7\x0b"
        + number(1)
        + b"\0"
        + number(1)
        + bytes([len(method)])
        + method
        + b"\x0c"
        + number(len(data))
        + b"\0"
    )
    header += b"\x08\x0d" + number(len(files))
    if len(files) > 1:
        header += b"\x09" + b"".join(map(number, sizes[:-1]))
    header += (
        b"\x0a\1" + b"".join(struct.pack("<I", zlib.crc32(content)) for content in files.values()) + b"\0\0"
    )
    header += b"\5" + number(len(files)) + b"\x11" + number(len(names) + 1) + b"\0" + names
    if modes:
        attributes = b"".join(struct.pack("<I", modes.get(name, 0o100644) << 16 | 0x8020) for name in files)
        header += b"\x15" + number(len(attributes) + 2) + b"\1\0" + attributes
    header += b"\0\0"
    start = struct.pack("<QQI", len(data), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + data + header


def _number(value: int) -> bytes:
    return (
        bytes([value])
        if value < 128
        else bytes([0x80 | value >> 8, value & 255])
        if value < 1 << 14
        else _long(value)
    )


def _long(value: int) -> bytes:
    return b"\xf0" + struct.pack("<I", value)
