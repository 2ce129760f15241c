"""Harmless samples of torch: whole modules of many layers, optimisers, schedulers, tensors of each kind, in all its layouts."""

import io
import pickle
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import torch
import torch.distributed.checkpoint
from torch import nn

KINDS: dict[str, dict[str, Any]] = {
    "zip": {},
    "legacy": {"_use_new_zipfile_serialization": False},
    "protocol-4": {"pickle_protocol": 4},
}


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    torch.manual_seed(7)
    with warnings.catch_warnings(
        action="ignore"
    ):  # quantising and TorchScript are deprecated, and in files in the wild
        modules = _modules()
        for name, value in {**modules, **_states(), **_tensors()}.items():
            for kind, options in KINDS.items():
                if (
                    kind != "legacy" or name not in modules or name == "frozen"
                ):  # it ships the source of every class
                    yield f"torch/{kind}/{name}.pt", _saved(value, **options)
        for name, value in _plain().items():
            for protocol in (2, 3, 5):
                yield f"torch/pickled/{name}-protocol-{protocol}.pkl", pickle.dumps(value, protocol)
        yield from _scripted()
        yield from _noise()
        yield from _distributed()


def _distributed() -> Iterator[tuple[str, bytes]]:
    """A checkpoint in shards: each is a row of archives."""
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    with tempfile.TemporaryDirectory() as folder:
        torch.distributed.checkpoint.save({"model": model.state_dict()}, checkpoint_id=folder, no_dist=True)
        for path in sorted(Path(folder).iterdir()):
            name = path.name.removeprefix(".")
            yield f"torch/distributed/{name}", path.read_bytes()


def _modules() -> dict[str, nn.Module]:
    layers: dict[str, list[nn.Module]] = {
        "convolutions": [nn.Conv1d(1, 1, 1), nn.Conv2d(1, 2, 3, padding="same"), nn.Conv3d(1, 1, 1), nn.ConvTranspose2d(1,
            1, 2),
                         nn.LazyConv2d(1, 1), nn.Unfold(2), nn.Fold((2, 2), 2)],
        "pooling": [nn.MaxPool1d(2), nn.MaxPool2d(2), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool1d(1),
                    nn.LPPool2d(2, 2), nn.MaxUnpool2d(2), nn.FractionalMaxPool2d(2, output_size=1)],
        "activations": [nn.ReLU(), nn.ReLU6(), nn.GELU(), nn.SiLU(), nn.Mish(), nn.ELU(), nn.SELU(), nn.CELU(), nn.LeakyReLU(),
                        nn.PReLU(), nn.Tanh(), nn.Sigmoid(), nn.Hardswish(), nn.Hardsigmoid(), nn.Softmax(1), nn.LogSoftmax(1),
                        nn.Softplus(), nn.Softsign(), nn.GLU(), nn.Threshold(0, 0), nn.Hardtanh(), nn.Tanhshrink()],
        "normalisation": [nn.BatchNorm1d(2), nn.BatchNorm2d(2), nn.BatchNorm3d(2), nn.LayerNorm(2), nn.GroupNorm(1, 2),
                          nn.InstanceNorm2d(2), nn.LocalResponseNorm(2), nn.RMSNorm(2), nn.SyncBatchNorm(2)],
        "recurrent": [nn.RNN(2, 2), nn.LSTM(2, 2, bidirectional=True), nn.GRU(2, 2), nn.LSTMCell(2, 2), nn.GRUCell(2, 2)],
        "attention": [nn.MultiheadAttention(2, 1), nn.TransformerEncoder(nn.TransformerEncoderLayer(2, 1, 2), 1),
                      nn.TransformerDecoderLayer(2, 1, 2)],
        "shape": [nn.Flatten(), nn.Unflatten(1, (1, 2)), nn.Identity(), nn.PixelShuffle(2), nn.Upsample(scale_factor=2),
                  nn.ZeroPad2d(1), nn.ReflectionPad2d(1), nn.ChannelShuffle(1)],
        "dropout": [nn.Dropout(0.1), nn.Dropout2d(0.1), nn.AlphaDropout(0.1), nn.FeatureAlphaDropout(0.1)],
        "embeddings": [nn.Embedding(3, 2, padding_idx=0), nn.EmbeddingBag(3, 2), nn.Bilinear(2, 2, 1), nn.LazyLinear(2)],
        "losses": [nn.CrossEntropyLoss(weight=torch.ones(2)), nn.MSELoss(), nn.BCEWithLogitsLoss(), nn.L1Loss(), nn.NLLLoss(),
                   nn.KLDivLoss(), nn.SmoothL1Loss(), nn.HuberLoss(), nn.CTCLoss(), nn.TripletMarginLoss(),
                       nn.CosineSimilarity()],
    }  # fmt: skip
    made: dict[str, nn.Module] = {name: nn.ModuleList(parts) for name, parts in layers.items()}
    made["parameters"] = nn.ParameterDict(
        {"a": nn.Parameter(torch.ones(2)), "b": nn.Parameter(torch.zeros(1))}
    )
    made["parameter-list"] = nn.ParameterList([nn.Parameter(torch.ones(2))])
    made["containers"] = nn.ModuleDict(
        {"os": nn.Linear(1, 1), "system": nn.Sequential(nn.ReLU(), nn.Linear(1, 1))}
    )
    made["transformer"] = nn.Transformer(2, 1, 1, 1, 2)
    made["weight-norm"] = nn.utils.weight_norm(nn.Linear(2, 2))
    made["spectral-norm"] = nn.utils.spectral_norm(nn.Linear(2, 2))
    made["data-parallel"] = nn.DataParallel(nn.Linear(2, 1))
    frozen = nn.Linear(2, 1)
    frozen.weight.requires_grad_(False)
    made["frozen"] = frozen
    quantised = torch.ao.quantization
    made["quantised-dynamic"] = quantised.quantize_dynamic(
        nn.Sequential(nn.Linear(2, 2), nn.ReLU()), dtype=torch.qint8
    )
    static = nn.Sequential(quantised.QuantStub(), nn.Linear(2, 2), nn.ReLU(), quantised.DeQuantStub()).eval()
    static.qconfig = quantised.get_default_qconfig("fbgemm")
    prepared = quantised.prepare(static)
    prepared(torch.ones(1, 2))
    made["quantised-static"] = quantised.convert(prepared)
    return made


def _states() -> dict[str, Any]:
    model = nn.Linear(3, 2)
    made: dict[str, Any] = {"state-dict": model.state_dict()}
    names = "SGD Adam AdamW RMSprop Adagrad Adadelta Adamax NAdam RAdam ASGD Rprop LBFGS".split()
    for cls in (getattr(torch.optim, name) for name in names):
        optimizer: Any = cls(model.parameters(), lr=0.1)
        if cls is not torch.optim.LBFGS:
            model(torch.ones(1, 3)).sum().backward()
            optimizer.step()
        made[f"optimiser-{cls.__name__}"] = {"state": optimizer.state_dict(), "object": optimizer}
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    schedulers = torch.optim.lr_scheduler
    for scheduler in (
        schedulers.StepLR(sgd, 1), schedulers.MultiStepLR(sgd, [1]), schedulers.ExponentialLR(sgd, 0.9),
        schedulers.CosineAnnealingLR(sgd, 2), schedulers.ReduceLROnPlateau(sgd), schedulers.OneCycleLR(sgd, 0.1, total_steps=3),
        schedulers.CyclicLR(sgd, 0.1, 0.2), schedulers.LinearLR(sgd), schedulers.CosineAnnealingWarmRestarts(sgd, 1),
    ):  # fmt: skip
        made[f"scheduler-{type(scheduler).__name__}"] = scheduler.state_dict()
    made["scaler"] = torch.amp.GradScaler("cpu").state_dict()
    made["checkpoint"] = {
        "epoch": 3, "global_step": 12, "model": model.state_dict(), "optimizer": sgd.state_dict(), "rng": torch.get_rng_state(),
        "numpy_rng": numpy.random.RandomState(7).get_state(), "history": {"loss": [0.5, numpy.float64(0.25)]},
        "prompt": "import os; os.system('ls')", "args": {"lr": 0.1, "exec": "eval"},
    }  # fmt: skip
    return made


def _tensors() -> dict[str, Any]:
    kinds = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16,
        torch.int8, torch.uint8,
             torch.bool, torch.complex64, torch.complex128]  # fmt: skip
    return {
        "kinds": {str(kind): torch.ones(3).to(kind) for kind in kinds},
        "views": [torch.arange(6)[1:4], torch.eye(2).t(), torch.ones(1).expand(3)],
        "sparse": [torch.eye(2).to_sparse(), torch.eye(2).to_sparse_csr(), torch.eye(2).to_sparse_csc()],
        "quantised": [torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
                      torch.quantize_per_channel(torch.ones(2, 2), torch.ones(2), torch.zeros(2), 0, torch.quint8)],
        "nested": torch.nested.nested_tensor([torch.ones(1), torch.ones(2)]),
        "parameters": [nn.Parameter(torch.ones(1)), nn.UninitializedParameter(), nn.Buffer(torch.ones(1))],
        "values": [torch.Size([1]), torch.device("cpu"), torch.float32],
        "generator": torch.Generator().get_state(),
        "storage": torch.ones(2).untyped_storage(),
        "gradients": torch.ones(2, requires_grad=True),
        "meta": torch.ones(2, device="meta"),
    }  # fmt: skip


def _plain() -> dict[str, Any]:
    tensors = _tensors()
    return {
        "linear": nn.Linear(2, 1), "tensor": torch.ones(2), "state-dict": nn.Linear(2, 1).state_dict(),
            "kinds": tensors["kinds"],
        "values": tensors["values"], "sparse": tensors["sparse"], "lstm": nn.LSTM(2, 2),
    }  # fmt: skip


class _Net(nn.Module):
    """Compiled by TorchScript; its class is stored as code of its own kind."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 2)
        self.names: list[str] = ["os", "system"]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.sum() > 0:
            return torch.relu(self.layer(x))
        return self.layer(x)


def _scripted() -> Iterator[tuple[str, bytes]]:
    example = torch.ones(1, 2)
    for name, module in {
        "scripted": torch.jit.script(_Net()),
        "traced": torch.jit.trace(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), example),
        "frozen": torch.jit.freeze(torch.jit.script(_Net().eval())),
        "function": torch.jit.script(_double),
    }.items():
        target = io.BytesIO()
        torch.jit.save(module, target)
        yield f"torch/torchscript/{name}.pt", target.getvalue()
    target = io.BytesIO()
    torch.jit.save(torch.jit.script(_Net()), target, _extra_files={"labels.txt": b"os system eval"})
    yield "torch/torchscript/extra-files.pt", target.getvalue()


def _double(x: torch.Tensor) -> torch.Tensor:
    return x * 2


def _noise() -> Iterator[tuple[str, bytes]]:
    """Storages whose bytes spell opcodes."""
    words = b"\x80\x02cos\nsystem\nX\x04\0\0\0echo\x85R." * 8
    for name, tensor in {
        "words": torch.frombuffer(bytearray(words), dtype=torch.uint8),
        "half": torch.frombuffer(bytearray(b"\x80\x02" * 64), dtype=torch.float16),
        "stops": torch.frombuffer(bytearray(b"." * 64), dtype=torch.float32),
        "random": torch.rand(200, generator=torch.Generator().manual_seed(7)).to(torch.float16),
    }.items():
        if name != "words":
            yield f"noise/torch-{name}.pt", _saved({"weight": tensor})
        yield (
            f"noise/torch-{name}-legacy.pt",
            _saved({"weight": tensor}, _use_new_zipfile_serialization=False),
        )


def _saved(value: object, **options: object) -> bytes:
    target = io.BytesIO()
    torch.save(value, target, **options)
    return target.getvalue()
