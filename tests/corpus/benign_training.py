"""Harmless samples of training frameworks: transformers' arguments and configurations, accelerate, skorch, omegaconf."""

import io
import pickle
import warnings
from collections.abc import Iterator
from typing import Any

import numpy
import omegaconf
import skorch
import torch
import transformers
from torch import nn
from transformers.trainer_callback import TrainerState

PROTOCOLS = (2, 4, 5)


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    torch.manual_seed(7)
    with warnings.catch_warnings(action="ignore"):  # so little data converges to nothing
        for name, value in {**_transformers(), **_omegaconf()}.items():
            for protocol in PROTOCOLS:
                yield f"{name}-protocol-{protocol}.pkl", pickle.dumps(value, protocol)
            yield f"{name}.bin", _saved(value)
        net = skorch.NeuralNetRegressor(
            nn.Linear,
            module__in_features=2,
            module__out_features=1,
            max_epochs=1,
            train_split=None,
            verbose=0,
        )
        net.fit(numpy.ones((4, 2), dtype=numpy.float32), numpy.ones((4, 1), dtype=numpy.float32))
        for protocol in PROTOCOLS:
            yield f"skorch/net-protocol-{protocol}.pkl", pickle.dumps(net, protocol)
            yield f"skorch/history-protocol-{protocol}.pkl", pickle.dumps(net.history, protocol)


def _transformers() -> dict[str, Any]:
    arguments = transformers.TrainingArguments(
        output_dir="out",
        report_to=[],
        use_cpu=True,
        num_train_epochs=1,
        learning_rate=0.1,
        run_name="os.system",
    )
    sequences = transformers.Seq2SeqTrainingArguments(output_dir="out", report_to=[], use_cpu=True)
    return {
        "transformers/training-arguments": arguments,
        "transformers/sequence-arguments": sequences,
        "transformers/trainer-state": TrainerState(epoch=1.0, global_step=3, log_history=[{"loss": 0.5}]),
        "transformers/bert-configuration": transformers.BertConfig(hidden_size=4, num_hidden_layers=1, num_attention_heads=1),
        "transformers/gpt2-configuration": transformers.GPT2Config(n_embd=4, n_layer=1, n_head=1),
        "transformers/generation": transformers.GenerationConfig(max_length=5),
    }  # fmt: skip


def _omegaconf() -> dict[str, Any]:
    made = omegaconf.OmegaConf.create(
        {"model": {"lr": 0.1, "layers": [1, 2]}, "name": "os.system", "path": "${model.lr}"}
    )
    return {"omegaconf/configuration": made, "omegaconf/list": omegaconf.OmegaConf.create([1, {"a": None}])}


def _saved(value: object) -> bytes:
    target = io.BytesIO()
    torch.save(value, target)
    return target.getvalue()
