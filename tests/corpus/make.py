"""Makes the sample models anew: `python -m tests.corpus.make [TARGET]` from the repository's top (`make corpus`).

With `--assembled TARGET` only the hostile samples that need no library are made, below TARGET.
"""

import importlib
import shutil
import sys
from pathlib import Path

CORPUS = Path(__file__).parent
ASSEMBLED = (
    "malicious_assembled",
    "malicious_gadgets",
    "malicious_opcodes",
    "malicious_chains",
    "malicious_views",
)
"""Need no library and always write the same bytes."""
MAKERS = {
    "benign": (
        "benign_stdlib",
        "benign_libraries",
        "benign_sklearn",
        "benign_boosting",
        "benign_statistics",
        "benign_numpy",
        "benign_torch",
        "benign_training",
        "benign_values",
    ),
    "malicious": (*ASSEMBLED, "malicious_libraries", "malicious_carriers", "malicious_functions"),
}


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
    """Replace both folders, all of them or only what is assembled by hand."""
    if arguments[:1] == ["--assembled"]:
        for maker in ASSEMBLED:
            write("malicious", maker, Path(arguments[1]))
        return
    target = Path(arguments[0]) if arguments else CORPUS
    for kind, makers in MAKERS.items():
        shutil.rmtree(target / kind, ignore_errors=True)
        for maker in makers:
            print(f"{maker}: {write(kind, maker, target)} files in {target / kind}")


if __name__ == "__main__":
    main(sys.argv[1:])
