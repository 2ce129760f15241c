"""Checkpoints of Flax and Orbax, as their libraries write them."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax
import orbax.checkpoint as ocp
from flax import serialization
from flax.training import train_state


class Small(nn.Module):
    """Two layers."""

    @nn.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        return nn.Dense(3)(nn.relu(nn.Dense(4)(x)))


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    model = Small()
    params = model.init(jax.random.PRNGKey(0), jnp.ones((1, 5)))
    state = train_state.TrainState.create(apply_fn=model.apply, params=params["params"], tx=optax.adam(1e-3))
    kinds = {
        "integers": np.arange(6, dtype=np.int32).reshape(2, 3),
        "half": jnp.ones((2,), jnp.bfloat16),
        "complex": 1 + 2j,
        "scalar": np.float32(3.5),
        "list": [1, 2, {"text": 'os.system("id"), __reduce__, eval('}],
        "none": None,
        "bytes": bytes(range(64)),
        "flags": [True, False],
        "negative": -5,
        "text": "long " * 100,
        "empty": np.zeros((0, 3)),
    }
    yield "flax/params.msgpack", serialization.to_bytes(params)
    yield "flax/train_state.msgpack", serialization.to_bytes(state)
    yield "flax/kinds.msgpack", serialization.msgpack_serialize(kinds)
    yield "flax/checkpoint_1", serialization.to_bytes(state)
    yield (
        "flax/numbers-like-pickles.msgpack",
        serialization.msgpack_serialize(
            {
                "w": np.frombuffer(b"\x80\4" + b"cos\0" * 20 + b"R.", np.uint8),
                "v": np.frombuffer(b"MZ" * 40, np.uint8),
            }
        ),
    )
    serialization.MAX_CHUNK_SIZE = 64
    yield "flax/chunked.msgpack", serialization.msgpack_serialize({"w": np.arange(100, dtype=np.float32)})
    with tempfile.TemporaryDirectory() as folder:
        for name, ocdbt in (("ocdbt", True), ("zarr", False)):
            with ocp.Checkpointer(ocp.PyTreeCheckpointHandler(use_ocdbt=ocdbt)) as checkpointer:
                checkpointer.save(Path(folder, name), params)
            yield from _files(Path(folder), name)


def _files(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """Metadata, manifests and nodes (which bear random names); not the chunks, which are numbers under Zstandard."""
    nodes = 0
    for path in sorted(Path(folder, name).rglob("*")):
        inner = path.relative_to(folder).as_posix()
        if path.parent.name == "d":
            nodes += 1
            inner = f"{name}/d/node-{nodes}"
        elif not path.is_file() or path.suffix == ".txt" or path.name[0] in "0123456789":
            continue
        yield f"orbax/{inner}", path.read_bytes()
