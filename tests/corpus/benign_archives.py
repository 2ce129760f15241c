"""Archives that look odd and are not: what container tools, conda, numpy, 7-Zip and Zstandard write, and people's own tars.

The 7z and Zstandard files are made by the libraries; everything else by the standard library and by hand.
"""

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator

import numpy as np
import py7zr
import zstandard

from tests.corpus import assembler as asm
from tests.corpus.malicious_archives import (
    SYMLINK,
    ZipMember,
    gzip_of,
    tar_member,
    tar_of,
    torchserve,
    zip_of,
)

MODEL = asm.program(asm.pack(asm.text("epoch"), asm.number(3)))
TEXT = b"label\n" * 40
WEIGHTS = bytes(range(256)) * 8


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    yield from _tars()
    yield from _zips()
    yield from _wrapped()
    yield from _seven_zips()
    yield from _images()
    yield from _handlers()


def _handlers() -> Iterator[tuple[str, bytes]]:
    folder = "torchserve"
    base = "import os, json, logging\nimport torch\n\nclass Handler:\n    def initialize(self, context):\n"
    sources = {
        "weights": base
        + "        self.model = torch.jit.load(os.path.join('.', 'model.pt'))\n        self.model.eval()\n",
        "unused-import": "import subprocess, ctypes\nfrom os import system\n" + base + "        pass\n",
        "modules": base
        + "        import importlib\n        self.model = importlib.import_module(context.name).Model()\n",
        "workers": base + "        import threading\n        threading.Thread(target=self.warm_up).start()\n",
        "compiled": base + "        self.model = torch.compile(context.model)\n",
        "words-in-texts": base
        + '        """Never calls os.system(), exec() or eval()."""\n        self.help = "exec(code)"\n',
    }
    for name, source in sources.items():
        yield f"{folder}/{name}.mar", torchserve(source)


def _tars() -> Iterator[tuple[str, bytes]]:
    folder = "archive-tar"
    file = tar_member("run/model.pkl", MODEL)
    yield (
        f"{folder}/dots.tar",
        tar_of(
            tar_member("./", kind=b"5") + tar_member("./model.pkl", MODEL) + tar_member("..model.txt", TEXT)
        ),
    )
    yield (
        f"{folder}/climbs-and-comes-back.tar",
        tar_of(tar_member("run/../model.pkl", MODEL) + tar_member("a..b/c...d", TEXT)),
    )
    yield (
        f"{folder}/links-inside.tar",
        tar_of(
            file
            + tar_member("latest", kind=b"2", link="run/model.pkl")
            + tar_member("run/best", kind=b"2", link="../run/./model.pkl")
            + tar_member("copy.pkl", kind=b"1", link="run/model.pkl")
            + tar_member("dir", kind=b"2", link="run")
            + tar_member("dir/notes.txt", TEXT)
        ),
    )
    yield (
        f"{folder}/backslash-in-name.tar",
        tar_of(tar_member("epoch\\3.pkl", MODEL) + tar_member("a:b", TEXT)),
    )
    root = [
        tar_member("usr/bin/python", kind=b"2", link="/etc/alternatives/python"),
        tar_member("etc/alternatives/python", kind=b"2", link="/usr/bin/python3.11"),
        tar_member("lib64/ld.so", kind=b"2", link="../../../lib/ld.so"),
        tar_member("dev/null", kind=b"3"),
        tar_member("opt/model.pkl", MODEL),
    ]
    yield f"{folder}/root-file-system.tar", tar_of(b"".join(root))
    layer = (
        tar_member("app/.wh.old")
        + tar_member("app/current", kind=b"2", link="/app/v1")
        + tar_member("app/v1/m.pkl", MODEL)
    )
    yield f"{folder}/whiteouts.tar", tar_of(layer)
    for name, form in (
        ("ustar", tarfile.USTAR_FORMAT),
        ("gnu", tarfile.GNU_FORMAT),
        ("pax", tarfile.PAX_FORMAT),
    ):
        yield f"{folder}/{name}.tar", _by_tarfile(form)
    yield (
        f"{folder}/tar-in-tar.tar",
        tar_of(tar_member("inner.tar", tar_of(file)) + tar_member("labels.txt", TEXT)),
    )


def _by_tarfile(form: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as packed:
        long = "a/" * 40 if form == tarfile.USTAR_FORMAT else "a/" * 120
        for name, data in ((f"{long}model.pkl", MODEL), ("labels.txt", TEXT)):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
        link = tarfile.TarInfo("latest")
        link.type = tarfile.SYMTYPE
        link.linkname = f"{long}model.pkl"
        packed.addfile(link)
    return out.getvalue()


def _zips() -> Iterator[tuple[str, bytes]]:
    folder = "archive-zip"
    yield (
        f"{folder}/links-inside.zip",
        zip_of(ZipMember("Versions/A/model.pkl", MODEL), ZipMember("Versions/Current", b"A", mode=SYMLINK)),
    )
    yield (
        f"{folder}/dots.zip",
        zip_of(
            ZipMember("./model.pkl", MODEL), ZipMember("..labels.txt", TEXT), ZipMember("a/../b.txt", TEXT)
        ),
    )
    out = io.BytesIO()
    arrays = {"/conv1/kernel": np.arange(9.0), "w:0": np.ones(3), "..hidden": np.zeros(2)}
    np.savez(out, **arrays)  # type: ignore[arg-type]  # numpy types a keyword of its own as if it might be among them
    yield f"{folder}/keys-like-paths.npz", out.getvalue()
    out = io.BytesIO()
    np.savez_compressed(out, zeros=np.zeros(5_000_000), eye=np.eye(300))
    yield f"{folder}/zeros.npz", out.getvalue()
    signed = zip_of(ZipMember("model.pkl", MODEL))
    directory = signed.index(b"PK\1\2")
    block = (40).to_bytes(8, "little") + bytes(range(100, 116)) + b"APK Sig Block 42"
    end = signed.rindex(b"PK\5\6") + 16
    moved = (directory + len(block)).to_bytes(4, "little")
    yield (
        f"{folder}/signing-block.apk",
        signed[:directory] + block + signed[directory:end] + moved + signed[end + 4 :],
    )
    yield f"{folder}/padded.zip", zip_of(ZipMember("model.pkl", MODEL)) + bytes(4096)
    yield f"{folder}/xz.zip", _by_zipfile(zipfile.ZIP_LZMA)
    yield f"{folder}/bzip2.zip", _by_zipfile(zipfile.ZIP_BZIP2)
    packed = zstandard.ZstdCompressor().compress(MODEL)
    yield f"{folder}/zstandard.zip", zip_of(ZipMember("model.pkl", MODEL, method=93, packed=packed))


def _by_zipfile(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        packed.writestr(zipfile.ZipInfo("model.pkl"), MODEL, method)
        packed.writestr(zipfile.ZipInfo("labels.txt"), TEXT, method)
    return out.getvalue()


def _wrapped() -> Iterator[tuple[str, bytes]]:
    folder = "archive-wrapped"
    for level in (1, 3, 19):
        packer = zstandard.ZstdCompressor(level=level, write_checksum=level == 3)
        yield f"{folder}/level-{level}.pkl.zst", packer.compress(asm.program(asm.blob(WEIGHTS)))
    yield f"{folder}/stream.pkl.zst", _streamed(MODEL)
    yield f"{folder}/two-frames.zst", zstandard.compress(MODEL[:9]) + zstandard.compress(MODEL[9:])
    yield f"{folder}/skippable-first.zst", b"\x50\x2a\x4d\x18\4\0\0\0\x40\0\0\0" + zstandard.compress(MODEL)
    yield f"{folder}/tar.tar.zst", zstandard.compress(tar_of(tar_member("model.pkl", MODEL)))
    yield f"{folder}/twice.pkl.gz", gzip_of(gzip_of(MODEL))
    yield f"{folder}/zeros.npy.gz", gzip_of(_zeros())
    yield f"{folder}/padded.pkl.gz", gzip_of(MODEL) + bytes(512)
    yield f"{folder}/zeros-archive.pt.gz", gzip_of(zip_of(ZipMember("labels.txt", bytes(2_000_000))))


def _streamed(data: bytes) -> bytes:
    """What the command writes of a pipe: without the size of the content."""
    packer = zstandard.ZstdCompressor(level=5).compressobj()
    return packer.compress(data) + packer.flush()


def _zeros() -> bytes:
    out = io.BytesIO()
    np.save(out, np.zeros(2_000_000))
    return out.getvalue()


def _seven_zips() -> Iterator[tuple[str, bytes]]:
    folder = "seven-zip"
    lzma2 = {"id": py7zr.FILTER_LZMA2, "preset": 6}
    chains = {
        "lzma2": [lzma2],
        "lzma": [{"id": py7zr.FILTER_LZMA}],
        "x86-and-lzma2": [{"id": py7zr.FILTER_X86}, lzma2],
        "delta-and-lzma2": [{"id": py7zr.FILTER_DELTA}, lzma2],
        "copy": [{"id": py7zr.FILTER_COPY}],
        "bzip2": [{"id": py7zr.FILTER_BZIP2}],
        "deflate": [{"id": py7zr.FILTER_DEFLATE}],
        "zstandard": [{"id": py7zr.FILTER_ZSTD}],
    }
    files = {"model.pkl": MODEL, "data/weights.bin": WEIGHTS, "empty": b"", "..labels.txt": TEXT}
    for name, chain in chains.items():
        out = io.BytesIO()
        with py7zr.SevenZipFile(out, "w", filters=chain) as packed:
            for member, data in files.items():
                packed.writestr(data, member)
        yield f"{folder}/{name}.7z", out.getvalue()
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w"):
        pass
    yield f"{folder}/nothing.7z", out.getvalue()


def _images() -> Iterator[tuple[str, bytes]]:
    """Images as `skopeo copy … oci-archive:` and `docker save` lay them out (OCI image layout 1.0; Docker images 1.2)."""
    base = tar_member("usr/bin/python", kind=b"2", link="/etc/alternatives/python") + tar_member(
        "etc/hostname", TEXT
    )
    app = (
        tar_member("srv/model.pkl", MODEL)
        + tar_member("srv/.wh.old.pkl")
        + tar_member("model", kind=b"2", link="/srv")
    )
    layers = [tar_of(base), tar_of(app)]
    yield "oci/layout-gzip.tar", _layout([gzip_of(layer) for layer in layers], "tar+gzip")
    yield "oci/layout-zstandard.tar", _layout([zstandard.compress(layer) for layer in layers], "tar+zstd")
    yield "oci/layout-plain.tar", _layout(layers, "tar")
    yield "oci/artifact.tar", _layout([MODEL, TEXT], "octet-stream")
    names = [f"{hashlib.sha256(layer).hexdigest()}/layer.tar" for layer in layers]
    listing = json.dumps([{"Config": "config.json", "RepoTags": ["model:1"], "Layers": names}]).encode()
    members = [tar_member(name, layer) for name, layer in zip(names, layers, strict=True)]
    config = tar_member(
        "config.json", b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}'
    )
    yield "oci/docker-save.tar", tar_of(b"".join(members) + config + tar_member("manifest.json", listing))


def _layout(blobs: list[bytes], kind: str) -> bytes:
    config = b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{}}'
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "config": _descriptor(config, "application/vnd.oci.image.config.v1+json"),
            "layers": [_descriptor(blob, f"application/vnd.oci.image.layer.v1.{kind}") for blob in blobs],
        }
    ).encode()
    index = json.dumps(
        {
            "schemaVersion": 2,
            "manifests": [_descriptor(manifest, "application/vnd.oci.image.manifest.v1+json")],
        }
    ).encode()
    held = [
        tar_member(f"blobs/sha256/{hashlib.sha256(blob).hexdigest()}", blob)
        for blob in (config, manifest, *blobs)
    ]
    return tar_of(
        tar_member("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
        + tar_member("index.json", index)
        + b"".join(held)
    )


def _descriptor(blob: bytes, kind: str) -> dict[str, object]:
    return {"mediaType": kind, "digest": f"sha256:{hashlib.sha256(blob).hexdigest()}", "size": len(blob)}
