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
    Import(Global("torch.storage", "_load_from_bytes"), SPAN),
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
