"""MW102: innocents first, then dangerous names that nothing was seen to call."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation
from modelwarden.domain.value import Global
from modelwarden.policies.dangerous_import import POLICY

SPAN = Span(0, 1)

INNOCENT: list[Observation] = [
    Import(Global("builtins", "getattr"), SPAN),
    Import(Global("functools", "partial"), SPAN),
    Import(Global("operator", "itemgetter"), SPAN),
    Import(Global("builtins", "type"), SPAN),
    Import(Global("numpy", "memmap"), SPAN),
    Import(Global("ast", "FunctionType"), SPAN),
    Import(Global("json", "loads"), SPAN),
    Import(Global("__main__", "Net"), SPAN),
    Import(Global("test.models", "Net"), SPAN),
    Import(Global("torch", "float32"), SPAN),
    Import(Global("torch.nn.modules.linear", "Linear"), SPAN),
    Import(Global("numpy", "log1p"), SPAN),
    Import(Global("acme.nets", "system"), SPAN),
    Import(Global("uuid", "UUID"), SPAN),
    Call(Global("os", "system"), ("id",), How.REDUCE, SPAN),
    Call(Global("collections", "OrderedDict"), (), How.NEWOBJ, SPAN),
    Call(Global("types", "CodeType"), (), How.NEWOBJ, SPAN),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_says_nothing_of_innocent_imports(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("module", "name", "subject", "family"),
    [
        ("posix", "system", "os.system", "process"),
        ("os", "environ", "os.environ", "interpreter"),
        ("sys", "modules", "sys.modules", "interpreter"),
        ("builtins", "eval", "builtins.eval", "code"),
        ("cPickle", "loads", "pickle.loads", "loader"),
        ("torch", "load", "torch.load", "loader"),
        ("types", "CodeType", "types.CodeType", "code"),
        ("torch.storage", "_load_from_bytes", "torch.storage._load_from_bytes", "loader"),
        ("importlib", "import_module", "importlib.import_module", "trampoline"),
        ("unittest.mock", "CodeType", "types.CodeType", "code"),
        ("pickle", "FunctionType", "types.FunctionType", "code"),
        ("joblib.numpy_pickle", "Unpickler", "pickle.Unpickler", "loader"),
        ("joblib._memmapping_reducer", "loads", "pickle.loads", "loader"),
        ("tarfile", "bltn_open", "builtins.open", "file-write"),
        ("unittest.__main__", "main", "unittest.__main__.main", "code"),
        ("numpy.f2py.__main__", "main", "numpy.f2py.__main__.main", "code"),
        ("__phello__", "main", "__phello__.main", "code"),
        ("test.test_os", "os", "test.test_os.os", "code"),
    ],
)
def test_reports_the_import(module: str, name: str, subject: str, family: str) -> None:
    judgement = POLICY.judge(Import(Global(module, name), SPAN))
    assert judgement is not None
    assert (judgement.subject, judgement.family) == (subject, family)
    assert subject in judgement.message


def test_an_instance_without_its_constructor_is_an_import() -> None:
    judgement = POLICY.judge(Call(Global("subprocess", "Popen"), ("id",), How.NEWOBJ, SPAN))
    assert judgement is not None
    assert judgement.subject == "subprocess.Popen"


def test_a_memory_map_that_is_made_is_no_mere_name() -> None:
    judgement = POLICY.judge(Call(Global("numpy", "memmap"), ("x",), How.NEWOBJ, SPAN))
    assert judgement is not None
