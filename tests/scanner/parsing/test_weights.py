"""Numbers of tensors: real arrays, trained ones among them, and the same with one thing wrong."""

import io
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from modelwarden.domain.settings import Settings
from modelwarden.engine.scan import scan
from modelwarden.parsing.weights import numbers
from modelwarden.source.memory import MemorySource

ASKED = Settings(weights=True)
_CHANCE = np.random.default_rng(507)
Floats = npt.NDArray[np.float32]


def trained(rows: int = 100, columns: int = 64) -> Floats:
    """The weights of a softmax regression after some steps of gradient descent."""
    inputs = _CHANCE.standard_normal((500, columns))
    labels = np.eye(rows)[_CHANCE.integers(0, rows, 500)]
    weights = _CHANCE.standard_normal((rows, columns)) * 0.02
    for _ in range(20):
        scores = np.exp(inputs @ weights.T)
        weights -= 0.1 * (scores / scores.sum(axis=1, keepdims=True) - labels).T @ inputs / 500
    return weights.astype("f4")


def safetensors(tensors: dict[str, Floats]) -> bytes:
    header, data = {}, b""
    for name, tensor in tensors.items():
        place = [len(data), len(data) + tensor.nbytes]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": place}
        data += tensor.tobytes()
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def found(path: Path, settings: Settings = ASKED) -> list[str]:
    report = scan([str(path)], settings)
    assert report.complete
    return [one.subject for one in report.findings if one.rule.id == "MW507"]


def test_trained_weights_are_silent(tmp_path: Path) -> None:
    path = tmp_path / "good.safetensors"
    path.write_bytes(safetensors({"lm_head.weight": trained(), "bias": np.zeros(8192, "f4")}))
    assert found(path) == []


@pytest.mark.parametrize("wrong", ["nan", "infinity", "zero", "row"])
def test_one_thing_wrong_is_found_when_asked_for(wrong: str, tmp_path: Path) -> None:
    weights = trained()
    match wrong:
        case "nan":
            weights[3, 4] = np.nan
        case "infinity":
            weights[3, 4] = -np.inf
        case "zero":
            weights[:] = 0
        case "row":
            weights[7] *= 200
    path = tmp_path / "bad.safetensors"
    path.write_bytes(safetensors({"lm_head.weight": weights}))
    assert found(path) == ["lm_head.weight"]
    assert found(path, Settings()) == []


def test_members_of_npz_and_either_order_of_bytes(tmp_path: Path) -> None:
    weights = trained()
    weights[0, 0] = np.nan
    np.savez(tmp_path / "w.npz", good=trained(), bad=weights.astype(">f4"))
    assert found(tmp_path / "w.npz") == ["bad.npy"]


def test_a_torch_archive(tmp_path: Path) -> None:
    weights = trained(64, 64)
    weights[0, 0] = np.inf
    pickled = b"\x80\x02(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0" + b"0X\x03\0\0\0cpuM\0\x10tQ."
    with zipfile.ZipFile(tmp_path / "w.pt", "w") as archive:
        archive.writestr("w/data.pkl", pickled)
        archive.writestr("w/data/0", weights.tobytes())
        archive.writestr("w/version", "3\n")
    assert found(tmp_path / "w.pt") == ["data/0"]


@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8", ">f4"])
def test_a_tensor_of_several_blocks_is_read_like_one(dtype: str) -> None:
    many = _CHANCE.standard_normal(3_000_000).astype(dtype)
    many[2_999_999] = np.nan
    (fact,) = numbers(MemorySource(b"xy" + many.tobytes()), "w", dtype, (3, 1_000_000), 2)
    assert (fact.nans, fact.infinities, fact.count) == (1, 0, 3_000_000)
    assert fact.highest == pytest.approx(float(np.nanmax(many)))


def test_bfloat16() -> None:
    halves = np.array([0x3F80, 0x7FC0, 0xFF80, 0xC000], "<u2")
    (fact,) = numbers(MemorySource(halves.tobytes()), "w", "bf16", (4,), 0)
    assert (fact.nans, fact.infinities, fact.lowest, fact.highest) == (1, 1, -2.0, 1.0)


def test_masks_are_infinite_on_purpose_and_what_is_not_there_is_not_read() -> None:
    data = np.array([-np.inf, 0], "<f4").tobytes()
    (fact,) = numbers(MemorySource(data), "attn.mask", "<f4", (2,), 0)
    assert fact.infinities == 0
    assert list(numbers(MemorySource(data), "w", "<f4", (3,), 0)) == []
    assert list(numbers(MemorySource(data), "w", "<f4", (0, 5), 0)) == []


def test_a_npy_header_that_lies_is_none_of_its_business(tmp_path: Path) -> None:
    out = io.BytesIO()
    np.save(out, trained())
    path = tmp_path / "cut.npy"
    path.write_bytes(out.getvalue()[:-100])
    assert [one.rule.id for one in scan([str(path)], ASKED).findings] == []
