"""Models of XGBoost, LightGBM and CatBoost that carry something else. Assembled by hand; the payloads echo a line."""

from collections.abc import Iterator

from tests.corpus import assembler as asm
from tests.corpus.boosters import LIGHTGBM, catboost, text, ubjson
from tests.corpus.programs import elf, pe

PICKLE = asm.program(asm.call(asm.named("os", "system"), asm.text("echo modelwarden sample")))
SHELL = b"#!/bin/sh\necho modelwarden sample\n"


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    for technique, name, data in (
        ("pickle behind a model of xgboost", "model.ubj", ubjson() + PICKLE),
        ("pickle behind a model of xgboost and padding", "model.ubj", ubjson() + bytes(5000) + PICKLE),
        ("pickle named as a model of xgboost", "model.ubj", PICKLE),
        ("pickle named as a model of lightgbm", "model.lgb", PICKLE),
        ("pickle named as a model of catboost", "model.cbm", PICKLE),
        ("pickle behind a model of lightgbm", "model.txt", LIGHTGBM + PICKLE),
    ):
        yield f"dangerous-call/{technique}/{name}", data
    for technique, name, data in (
        ("program behind a model of xgboost", "model.ubj", ubjson() + elf()),
        ("program behind a model of lightgbm", "model.lgb", LIGHTGBM + pe()),
        ("program named as a model of catboost", "model.cbm", elf()),
        ("program named as a model of xgboost", "model.ubj", pe()),
    ):
        yield f"embedded-executable/{technique}/{name}", data
    yield "trailing-data/script behind a model of xgboost/model.ubj", ubjson() + SHELL
    yield "trailing-data/script behind a model of lightgbm/model.txt", LIGHTGBM + SHELL
    for technique, name, data in (
        ("xgboost count beyond the end", "model.ubj", ubjson(x=b"[#L\x7f" + b"\xff" * 7)),
        ("xgboost nested too deeply", "model.ubj", ubjson(x=b"[" * 600)),
        ("xgboost cut", "model.ubj", ubjson(note=text("x"))[:-4]),
        ("catboost longer than the file", "model.cbm", catboost(1 << 30)),
        ("catboost root outside", "model.cbm", catboost(root=1 << 20)),
    ):
        yield f"malformed/{technique}/{name}", data
