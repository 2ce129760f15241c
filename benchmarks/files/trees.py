"""A tree as repositories have it: 10,000 files, a third of them models, and a compressed archive of such."""

import io
import json
import pickle
import random
import tarfile
import zipfile
from pathlib import Path

import numpy as np

from benchmarks.files import models

_WORDS = "data train model loss batch layer import from return def class self value index range path open close".split()


def mixed(directory: Path, files: int = 10_000) -> None:
    """Sources, texts, configurations and pictures; pickles, arrays, safetensors, ONNX, HDF5 and archives among them."""
    directory.mkdir()
    seed = random.Random(7)
    for number in range(files):
        name, data = _file(number, seed)
        path = directory / f"package{number % 40:02}" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    for number in range(files // 200):
        models.keras_h5(directory / "package00" / f"{number}.h5", layers=3, units=16)
        models.safetensors(directory / "package01" / f"{number}.safetensors", size=40_000, tensors=5)


def compressed(path: Path, members: int = 3_000) -> None:
    """A `.tar.gz` of what such a tree holds."""
    seed = random.Random(8)
    with tarfile.open(path, "w:gz") as out:
        for number in range(members):
            name, data = _file(number, seed)
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            out.addfile(entry, io.BytesIO(data))


def _file(number: int, seed: random.Random) -> tuple[str, bytes]:
    match number % 20:
        case 0 | 1 | 2 | 3 | 4 | 5:
            return f"module{number}.py", _text(seed, 120)
        case 6 | 7 | 8:
            return f"notes{number}.md", _text(seed, 40)
        case 9 | 10:
            return f"picture{number}.png", b"\x89PNG\r\n\x1a\n" + seed.randbytes(
                seed.randrange(1_000, 20_000)
            )
        case 11 | 12:
            return f"config{number}.json", json.dumps(
                {"model_type": "bert", "layers": number, "x": [1] * 50}
            ).encode()
        case 13:
            return f"settings{number}.yaml", b"train:\n  rate: 0.1\n  steps: [1, 2, 3]\nname: run\n" * 5
        case 14 | 15 | 16:
            return f"model{number}.pkl", pickle.dumps(
                {"id": number, "weights": [seed.random() for _ in range(99)]}
            )
        case 17:
            out = io.BytesIO()
            np.save(out, np.arange(seed.randrange(100, 4_000)))
            return f"array{number}.npy", out.getvalue()
        case 18:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("a.pkl", pickle.dumps(list(range(number % 300))))
                archive.writestr("readme.txt", _text(seed, 20))
            return f"bundle{number}.zip", out.getvalue()
        case _:
            return f"table{number}.csv", b"\n".join(b"%d,%d,%d" % (i, i * 7, i * 13) for i in range(300))


def _text(seed: random.Random, lines: int) -> bytes:
    return "\n".join(" ".join(seed.choices(_WORDS, k=9)) for _ in range(lines)).encode()
