"""MW110: innocents first, then packages nobody has vetted."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Call, How, Import, Observation
from modelwarden.domain.value import UNKNOWN, Global
from modelwarden.policies.unknown_import import POLICY

SPAN = Span(0, 1)

INNOCENT: list[Observation] = [
    Import(Global("torch", "float16"), SPAN),
    Import(Global("torch", "FloatStorage"), SPAN),
    Import(Global("numpy._core._multiarray_umath", "log1p"), SPAN),
    Import(Global("builtins", "getattr"), SPAN),
    Import(Global("os", "system"), SPAN),
    Call(Global("sklearn.ensemble.forest", "RandomForestClassifier"), (), How.NEWOBJ, SPAN),
    Call(Global("sklearn.ensemble._forest", "RandomForestClassifier"), (), How.NEWOBJ, SPAN),
    Call(Global("torch.nn.modules.container", "Sequential"), (), How.NEWOBJ, SPAN),
    Call(Global("torch.nn.quantized.modules.linear", "Linear"), (), How.NEWOBJ, SPAN),
    Call(Global("torchvision.models.resnet", "ResNet"), (), How.NEWOBJ, SPAN),
    Call(Global("ultralytics.nn.tasks", "DetectionModel"), (), How.NEWOBJ, SPAN),
    Call(Global("xgboost.core", "Booster"), (), How.NEWOBJ, SPAN),
    Call(Global("omegaconf.dictconfig", "DictConfig"), (), How.NEWOBJ, SPAN),
    Call(Global("__torch__.nets", "Model"), (), How.NEWOBJ, SPAN),
    Call(Global("acme.nets", "restore"), (), How.REDUCE, SPAN),
    Call(UNKNOWN, (), How.NEWOBJ, SPAN),
    Import(Global("logging", "critical"), SPAN),
    Import(Global("acme.compiled", "__pyx_unpickle_Node"), SPAN),
    Call(Global("scipy.stats._stats_py", "LinregressResult"), (), How.NEWOBJ, SPAN),
]


@pytest.mark.parametrize("fact", INNOCENT, ids=str)
def test_says_nothing_of_what_is_known_or_called(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("fact", "subject"),
    [
        (Import(Global("acme.nets", "Model"), SPAN), "acme"),
        (Call(Global("acme.nets.small", "Model"), (), How.NEWOBJ, SPAN), "acme"),
        (Call(Global("acme", "Model"), (), How.NEWOBJ_EX, SPAN), "acme"),
        (Call(Global("__main__", "Net"), (), How.NEWOBJ, SPAN), "__main__"),
        (Call(Global("torch.nn.modules.linear", "Fake"), (), How.NEWOBJ, SPAN), "torch"),
        (Call(Global("scipy.stats._continuous_distns", "norm_gen"), (), How.NEWOBJ, SPAN), "scipy"),
    ],
    ids=str,
)
def test_groups_by_package(fact: Observation, subject: str) -> None:
    judgement = POLICY.judge(fact)
    assert judgement is not None
    assert judgement.subject == subject
