"""MW309: an MLflow model names a module of its own that loads it."""

from modelwarden.domain.observation import Observation, Setting
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW309",
    name="loader-module",
    severity=Severity.WARNING,
    summary="The MLmodel file names a loader that is not one of MLflow's.",
    explanation=(
        "MLflow imports the module that loader_module names and calls its _load_pyfunc with the path of the model; what the "
        "model brings in its code directory can be imported as well. This one is none of the loaders that come with MLflow or "
        "with the integrations that are known here, so loading the model runs code that nobody has vetted."
    ),
    remedy=(
        "Look at the module that is named and where it would be imported from. Ask for a model that was logged with one of "
        "MLflow's own flavours, or load it where it can do no harm."
    ),
    cwe=(829,),
)

_FLAVOURS = frozenset(
    f"mlflow.{name}"
    for name in (
        "catboost diviner dspy fastai gluon h2o haystack johnsnowlabs keras langchain "
        "langchain.model lightgbm llama_index llama_index.model mleap mxnet.gluon onnx openai "
        "openai.model paddle pmdarima promptflow prophet pyfunc.loaders.chat_agent "
        "pyfunc.loaders.chat_model pyfunc.loaders.code_model pyfunc.loaders.responses_agent "
        "pyfunc.model pytorch sentence_transformers shap sklearn spacy spark statsmodels tensorflow "
        "transformers xgboost"
    ).split()
)
"""Loaders that come with MLflow. Source: `mlflow/<name>/__init__.py`, calls of `pyfunc.add_to_model`."""
_INTEGRATIONS = frozenset(
    (
        "databricks.automl_runtime.forecast.prophet.model",
        "databricks.feature_store.mlflow_model",
        "databricks.ml_features.mlflow_model",
        "sktime.utils.mlflow_sktime",
        "sktime.utils.mlflow_sktime.pyfunc",
    )
)
"""Loaders of other packages. Source: the packages' own `mlflow_model` and `save_model`."""


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Setting("loader_module", value) if value not in _FLAVOURS | _INTEGRATIONS:
            return Judgement(
                subject=shorten(value),
                message=f"Loading this model imports {shorten(value)} and calls its _load_pyfunc.",
                family="loader",
            )
    return None


POLICY = Policy(RULE, _judge)
