"""MW104: innocents first, then loaders inside the file."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation
from modelwarden.domain.value import UNKNOWN, Blob, Global, Value
from modelwarden.policies.nested_loader import POLICY

SPAN = Span(0, 1)
BLOB = Blob(12, 900, b"\x80\x02")


def call(module: str, name: str, *arguments: Value) -> Call:
    return Call(Global(module, name), arguments, How.REDUCE, SPAN)


INNOCENT: list[Observation] = [
    call("torch.storage", "_load_from_bytes", BLOB),
    call("_codecs", "encode", "\x80\x02", "latin1"),
    call("numpy.core.multiarray", "_reconstruct", Global("numpy", "ndarray"), (0,), BLOB),
    call("io", "BytesIO", BLOB),
    call("json", "loads", "{}"),
    Import(Global("pickle", "loads"), SPAN),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_says_nothing_of_innocent_calls(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "subject"),
    [
        (call("pickle", "loads", BLOB), "pickle.loads"),
        (call("_pickle", "Unpickler", UNKNOWN), "pickle.Unpickler"),
        (call("cPickle", "loads", BLOB), "pickle.loads"),
        (call("marshal", "loads", BLOB), "marshal.loads"),
        (call("torch", "load", "other.pt"), "torch.load"),
        (call("torch", "serialization.load", "other.pt"), "torch.serialization.load"),
        (call("joblib", "load", "x"), "joblib.load"),
        (call("sklearn.externals.joblib", "load", "x"), "joblib.load"),
        (call("ray.cloudpickle", "loads", BLOB), "cloudpickle.loads"),
        (call("numpy._core.numeric", "loads", BLOB), "numpy.core.numeric.loads"),
        (call("yaml", "unsafe_load", "!!python/x"), "yaml.unsafe_load"),
        (call("torch.storage", "_load_from_bytes", UNKNOWN), "torch.storage._load_from_bytes"),
        (call("torch.storage", "_load_from_bytes"), "torch.storage._load_from_bytes"),
    ],
    ids=str,
)
def test_reports_the_loader(fact: Call, subject: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == subject
    assert judgement.message.startswith(f"Loading this file runs {subject}(")
