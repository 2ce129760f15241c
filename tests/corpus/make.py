"""Makes sample models: `python -m tests.corpus.make REQUIREMENTS [TARGET]` from the repository's top (`make corpus`).

REQUIREMENTS is the file whose environment this runs in, a key of `MAKERS`; with `--assembled` in its place only the hostile
samples are made that need no library.
"""

import importlib
import sys
from pathlib import Path

CORPUS = Path(__file__).parent
ASSEMBLED = (
    "malicious_assembled",
    "malicious_gadgets",
    "malicious_opcodes",
    "malicious_chains",
    "malicious_views",
    "malicious_configurations",
    "malicious_gguf",
    "malicious_programs",
    "malicious_flax",
    "malicious_boosters",
    "malicious_onnx",
    "malicious_xml",
    "malicious_skops",
    "malicious_tensorrt",
    "malicious_secrets",
    "malicious_licences",
)
"""Need no library and always write the same bytes."""
MAKERS: dict[str, tuple[str, ...]] = {
    "requirements.txt": (
        "benign_stdlib",
        "benign_libraries",
        "benign_sklearn",
        "benign_boosting",
        "benign_statistics",
        "benign_numpy",
        "benign_torch",
        "benign_training",
        "benign_values",
        "benign_configurations",
        "benign_programs",
        "benign_xml",
        "benign_tensorrt",
        *ASSEMBLED,
        "malicious_libraries",
        "malicious_carriers",
        "malicious_archives",
        "malicious_functions",
    ),
    "requirements-frameworks.txt": (
        "benign_gguf",
        "benign_archives",
        "benign_flax",
        "benign_boosters",
        "benign_onnx",
        "benign_skops",
        "benign_tensorflow",
        "malicious_tensorflow",
        "benign_keras",
        "malicious_keras",
    ),
}
"""Who runs in the environment of which requirements; one for TensorFlow and torch would be too large, and their pins disagree."""


def write(kind: str, maker: str, target: Path) -> int:
    """Write what `maker` yields below `target/kind`; returns how many files. Raises FileExistsError for a repeated name."""
    count = 0
    for name, data in importlib.import_module(f"tests.corpus.{maker}").samples():
        path = target / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
        count += 1
    return count


def main(arguments: list[str]) -> None:
    """Write what the makers of one environment make, or only what is assembled by hand. Existing files are not overwritten."""
    makers = ASSEMBLED if arguments[0] == "--assembled" else MAKERS[arguments[0]]
    target = Path(arguments[1]) if arguments[1:] else CORPUS
    for maker in makers:
        kind = maker.partition("_")[0]
        print(f"{maker}: {write(kind, maker, target)} files in {target / kind}")


if __name__ == "__main__":
    main(sys.argv[1:])
