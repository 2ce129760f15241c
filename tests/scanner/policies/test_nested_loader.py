"""MW104: innocents first, then loaders inside the file."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation, State
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


TEMPLATE = """
def _parse_args(self, a,  loc=0, scale=1):
    return (a, ), loc, scale

def _parse_args_rvs(self, a,  loc=0, scale=1, size=None):
    return self._argcheck_rvs(a,  loc, scale, size=size)

def _parse_args_stats(self, a,  loc=0, scale=1, moments='mv'):
    return (a, ), loc, scale, moments
"""
GAMMA = Global("scipy.stats._continuous_distns", "gamma_gen")
DATA = Global("statsmodels.base.data", "PandasData")


@pytest.mark.parametrize(
    ("target", "key", "text"),
    [
        (GAMMA, "_parse_arg_template", TEMPLATE),
        (GAMMA, "name", "import os"),
        (DATA, "formula", "y ~ x + np.log(z) + C(kind):age**2"),
        (DATA, "formula", "y ~ Q('a b') * (x + w) - 1"),
    ],
)
def test_a_state_that_the_library_writes_itself_is_silent(target: Global, key: str, text: str) -> None:
    assert POLICY.judge(State(target, (key,), ((key, text),), SPAN)) is None


@pytest.mark.parametrize(
    ("target", "keys", "texts"),
    [
        (GAMMA, ("_parse_arg_template",), (("_parse_arg_template", "import os"),)),
        (GAMMA, ("_parse_arg_template",), (("_parse_arg_template", TEMPLATE + "import os"),)),
        (GAMMA, ("_parse_arg_template",), (("_parse_arg_template", TEMPLATE.replace("(a, )", "f(a)")),)),
        (GAMMA, ("_parse_arg_template",), ()),
        (GAMMA, (), ()),
        (GAMMA, tuple(map(str, range(64))), ()),
        (DATA, ("formula",), (("formula", "y ~ __import__('os').system('id')"),)),
        (DATA, ("formula",), (("formula", "y ~ eval('1')"),)),
        (DATA, ("formula",), (("formula", "y ~ x.tofile('f')"),)),
        (DATA, ("formula",), (("formula", "y ~ np.save('f', x)"),)),
        (DATA, ("formula",), (("formula", "y ~ (eval)('1')"),)),
        (Global("torch.utils.data.datapipes.datapipe", "_IterDataPipeSerializationWrapper"), (), ()),
    ],
)
def test_a_state_that_runs_code_is_a_loader(
    target: Global, keys: tuple[str, ...], texts: tuple[tuple[str, str], ...]
) -> None:
    judgement = POLICY.judge(State(target, keys, texts, SPAN))
    assert judgement is not None
    assert judgement.subject == str(target)
    assert judgement.family == "loader"


def test_the_wrappers_of_old_joblib_need_no_call() -> None:
    for module in ("joblib.numpy_pickle_compat", "sklearn.externals.joblib.numpy_pickle_compat"):
        judgement = POLICY.judge(Call(Global(module, "NDArrayWrapper"), (), How.NEWOBJ, SPAN))
        assert judgement is not None
