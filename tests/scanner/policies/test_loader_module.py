"""MW309: the loaders of MLflow, then others."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Setting
from modelwarden.policies.loader_module import POLICY


@pytest.mark.parametrize(
    "module",
    ["mlflow.sklearn", "mlflow.pyfunc.model", "mlflow.spark", "mlflow.keras", "sktime.utils.mlflow_sktime"],
)
def test_says_nothing_of_known_loaders(module: str) -> None:
    assert POLICY.judge(Setting("loader_module", module, "python_function", Span(0))) is None
    assert POLICY.judge(Setting("auto_map", "mine", "", Span(0))) is None


@pytest.mark.parametrize(
    "module", ["mine.loader", "mlflow", "mlflow.sklearn_", "os", "mlflow.evil", "MLFLOW.sklearn"]
)
def test_reports_others(module: str) -> None:
    judgement = POLICY.judge(Setting("loader_module", module, "python_function", Span(0)))
    assert judgement is not None
    assert judgement.subject == module
