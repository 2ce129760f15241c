"""Makes the samples beside it with PyTorch 2.13: `python make.py`. Each is one way in which torch writes an archive."""

import warnings
from pathlib import Path

import torch
from torch.package import PackageExporter

HERE = Path(__file__).parent


def main() -> None:
    warnings.simplefilter("ignore")
    layer = torch.nn.Linear(2, 2)
    torch.save({"weight": torch.ones(3)}, HERE / "saved.pt")
    torch.serialization.set_crc32_options(False)
    torch.save({"weight": torch.ones(3)}, HERE / "without-checksums.pt")
    torch.serialization.set_crc32_options(True)
    script = torch.jit.script(layer)
    torch.jit.save(script, str(HERE / "script.pt"))
    script._save_for_lite_interpreter(str(HERE / "lite.ptl"))
    torch.export.save(torch.export.export(layer, (torch.ones(1, 2),)), HERE / "exported.pt2")
    with PackageExporter(HERE / "package.pt") as exporter:
        exporter.extern("**")
        exporter.save_pickle("models", "layer.pkl", layer)


if __name__ == "__main__":
    main()
