"""Checkpoints of Flax and metadata of Zarr and Orbax that carry something else. Assembled by hand; the payloads echo a line."""

import json
from collections.abc import Iterator

from tests.corpus import assembler as asm
from tests.corpus.flax_trees import array, blob, checkpoint, extension, table, text
from tests.corpus.programs import elf

PICKLE = asm.program(asm.call(asm.named("os", "system"), asm.text("echo modelwarden sample")))


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    yield from _keys()
    yield from _carried()
    yield from _metadata()


def _keys() -> Iterator[tuple[str, bytes]]:
    for technique, key in (("flax key is reduce", "__reduce__"), ("flax key is setstate", "__setstate__")):
        tree = table(**{key: text("echo modelwarden sample")})
        yield f"object-patching/{technique}/model.msgpack", checkpoint(state=tree)
    deep = table(a=table(b=table(c=table(__globals__=text("x")))))
    yield "object-patching/flax key deep inside/model.flax", checkpoint(state=deep)
    yield "dangerous-call/flax names a class/model.msgpack", checkpoint(x=table(__class__=text("os.system")))


def _carried() -> Iterator[tuple[str, bytes]]:
    numpy = table(nd=b"\xc3", kind=blob(b"O"), data=blob(PICKLE))
    for technique, name, data in (
        ("pickle as bytes in flax", "model.msgpack", checkpoint(state=blob(PICKLE))),
        ("pickle as msgpack-numpy's array of objects", "model.msgpack", checkpoint(state=numpy)),
        ("pickle as an extension in flax", "model.flax", checkpoint(state=extension(42, PICKLE))),
        ("pickle in place of a flax array's numbers", "model.msgpack", checkpoint(a=array(PICKLE))),
        ("pickle as a flax array of objects", "model.msgpack", checkpoint(a=array(PICKLE, "object"))),
        ("pickle behind a flax tree", "model.msgpack", checkpoint() + PICKLE),
        ("pickle in a flax tree without a suffix", "checkpoint_1", checkpoint(state=blob(PICKLE))),
        (
            "pickle in a flax tree that breaks off",
            "model.msgpack",
            checkpoint(state=blob(PICKLE), more=b"\xc1"),
        ),
    ):
        yield f"dangerous-call/{technique}/{name}", data
    yield "object-array/flax array of objects/model.msgpack", checkpoint(a=array(bytes(8), "object", (1,)))
    yield "trailing-data/program behind a flax tree/model.msgpack", checkpoint() + elf()
    yield "trailing-data/text behind a flax tree/model.msgpack", checkpoint() + b"echo modelwarden sample\n"
    within = checkpoint(a=array(b"1234", rest=b"#!/bin/sh\necho modelwarden sample\n"))
    yield "trailing-data/script behind a flax array/model.msgpack", within
    padded = checkpoint() + bytes(300) + PICKLE
    yield "trailing-data/behind padding/model.msgpack", padded
    manifest = bytes.fromhex("0cdb3a2a") + (64).to_bytes(8, "little") + b"\0\1" + bytes(50)
    yield "trailing-data/program behind a manifest of ocdbt/manifest.ocdbt", manifest + elf()
    yield "embedded-executable/program as a flax array/model.msgpack", checkpoint(a=array(elf()))
    yield (
        "embedded-executable/program further behind a flax tree/model.msgpack",
        checkpoint() + b"filler" * 9 + elf(),
    )
    yield "embedded-executable/program behind a flax tree/model.msgpack", checkpoint() + elf()


def _metadata() -> Iterator[tuple[str, bytes]]:
    plain = {"zarr_format": 2, "chunks": [4], "dtype": "|O", "fill_value": 0, "order": "C", "shape": [4]}
    pickled = {**plain, "compressor": None, "filters": [{"id": "pickle", "protocol": 5}]}
    shards = {"name": "sharding_indexed", "configuration": {"codecs": [{"name": "numcodecs.pickle"}]}}
    for technique, name, value in (
        ("zarr chunks are pickles", ".zarray", pickled),
        ("zarr compressor is pickle", ".zarray", {**plain, "compressor": {"id": "pickle"}, "filters": None}),
        (
            "zarr codec behind a filter",
            ".zarray",
            {**pickled, "filters": [{"id": "delta"}, {"id": "pickle"}]},
        ),
        (
            "zarr consolidated",
            ".zmetadata",
            {"zarr_consolidated_format": 1, "metadata": {"a/.zarray": pickled}},
        ),
        ("zarr of version 3", "zarr.json", {"zarr_format": 3, "codecs": [{"name": "numcodecs.pickle"}]}),
        ("zarr codec within shards", "zarr.json", {"zarr_format": 3, "codecs": [shards]}),
    ):
        yield f"nested-loader/{technique}/{name}", json.dumps(value).encode()
    handlers = {"item_handlers": {"state": "os.system"}, "metrics": {}}
    yield "dangerous-call/orbax names a handler/_CHECKPOINT_METADATA", json.dumps(handlers).encode()
