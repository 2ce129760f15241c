"""What a torch pickle would make is told with names, types and sizes, and nothing is made."""

import pickle
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.location import Span
from modelwarden.parsing.headers.torch_tensors import torch_tensors
from modelwarden.source.memory import MemorySource

SAMPLE = Path(__file__).parents[2] / "corpus" / "benign" / "torch" / "state-dict.pt"


def told(data: bytes) -> list[tuple[str, str]]:
    return [(one.key, one.value) for one in torch_tensors(MemorySource(data)).properties(Span(0))]


def test_a_state_dictionary_saved_by_torch() -> None:
    with zipfile.ZipFile(SAMPLE) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        found = told(archive.read(name))
    assert found[:4] == [("tensors", "9"), ("parameters", "36"), ("dtype", "F32"), ("dtype", "I64")]
    assert ("tensor", "F32 3x4 0.weight") in found
    assert ("tensor", "I64 1 1.num_batches_tracked") in found


def test_a_pickle_without_tensors_tells_none() -> None:
    assert told(pickle.dumps({"a": [1, 2]})) == []


@given(st.binary(max_size=300))
def test_any_bytes_end(data: bytes) -> None:
    told(data)
