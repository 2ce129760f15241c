"""Makes `saved.pt`, in the oldest layout of torch, and proves that torch still reads it; run by hand, with torch.

No torch that writes this layout can be installed any more. Layout: `torch/serialization.py`, `legacy_load` in `_legacy_load`.
"""

import io
import pickle
import struct
import tarfile
from pathlib import Path

import torch

HERE = Path(__file__).parent
FLOATS = [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]
LONGS = [7, 8]


class _Keyed(pickle.Pickler):
    """Writes the tensors of the object as their keys."""

    def persistent_id(self, value: object) -> str | None:
        return value.key if isinstance(value, Key) else None


class Key:
    """Stands for the tensor of this key."""

    def __init__(self, key: str) -> None:
        self.key = key


def storages() -> bytes:
    """A count; per storage a pickle, the count of numbers in 8 bytes, the numbers; then the views."""
    out = pickle.dumps(2, 2)
    out += pickle.dumps((10, "cpu", torch.FloatStorage), 2)
    out += struct.pack("<q", len(FLOATS)) + struct.pack(f"<{len(FLOATS)}f", *FLOATS)
    out += pickle.dumps((11, "cpu", torch.LongStorage), 2)
    out += struct.pack("<q", len(LONGS)) + struct.pack(f"<{len(LONGS)}q", *LONGS)
    return out + pickle.dumps([(12, 10, 2, 4)], 2)


def tensors() -> bytes:
    """A count; per tensor a pickle, its dimensions in 8 bytes, sizes, strides, the offset in its storage."""
    out = pickle.dumps(2, 2)
    out += pickle.dumps((1, 10, torch.FloatTensor), 2)
    out += struct.pack("<ii2q2qq", 2, 0, 2, 3, 3, 1, 0)
    out += pickle.dumps((2, 11, torch.LongTensor), 2)
    return out + struct.pack("<ii1q1qq", 1, 0, 2, 1, 0)


def main() -> None:
    """Write the archive and load it."""
    target = io.BytesIO()
    _Keyed(target, 2).dump({"weight": Key("1"), "steps": Key("2")})
    parts = {
        "sys_info": pickle.dumps({"protocol_version": 1000, "little_endian": True}, 2),
        "pickle": target.getvalue(),
        "tensors": tensors(),
        "storages": storages(),
    }
    with tarfile.open(HERE / "saved.pt", "w:", format=tarfile.PAX_FORMAT) as archive:
        for name, data in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    loaded = torch.load(HERE / "saved.pt", weights_only=False)
    assert loaded["weight"].flatten().tolist() == FLOATS
    assert loaded["steps"].tolist() == LONGS


if __name__ == "__main__":
    main()
