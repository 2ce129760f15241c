"""Makes the TorchScript archives beside this file with torch: `python make.py`. The hostile ones are compiled, never called."""

import warnings
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).parent


class Perceptron(nn.Module):  # type: ignore[misc]  # Any without torch
    """Harmless: with a branch, a loop and a message full of dangerous words."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 3)
        self.second = nn.Linear(3, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Two layers."""
        x = torch.relu(self.first(x))
        for i in range(2):
            if x.shape[0] > i and x.sum() > 0:
                x = x + i
        assert x.dim() == 2, "torch.save('x'), os.system, ops.evil.run: \"no\"\n"
        return self.second(x)


class Saves(nn.Module):  # type: ignore[misc]  # Any without torch
    """Writes a file when it is called."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Nobody calls it."""
        torch.save(x, "/tmp/modelwarden-sample")
        return x


class Maps(nn.Module):  # type: ignore[misc]  # Any without torch
    """Maps a file when it is called."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Nobody calls it."""
        return x + torch.from_file("/tmp/modelwarden-sample", False, 4, dtype=torch.uint8)


def main() -> None:
    """Write every archive."""
    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    model = Perceptron().eval()
    scripted = torch.jit.script(model)
    torch.jit.save(scripted, HERE / "scripted.pt")
    torch.jit.save(torch.jit.freeze(scripted), HERE / "frozen.pt")
    torch.jit.save(torch.jit.trace(model, torch.rand(2, 4)), HERE / "traced.pt")
    quantised = torch.ao.quantization.quantize_dynamic(model, {nn.Linear})
    torch.jit.save(torch.jit.script(quantised), HERE / "quantised.pt")
    torch.jit.save(torch.jit.script(Saves()), HERE / "saves.pt")
    torch.jit.save(torch.jit.script(Maps()), HERE / "maps.pt")


if __name__ == "__main__":
    main()
