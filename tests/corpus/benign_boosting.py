"""Harmless samples of gradient boosting: XGBoost, LightGBM and CatBoost models, their native boosters and data."""

import io
import pickle
import warnings
from collections.abc import Iterator
from typing import Any

import catboost
import joblib
import lightgbm
import numpy
import xgboost
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    rng = numpy.random.RandomState(7)
    rows = rng.rand(24, 3)
    labels: Any = numpy.arange(24) % 2
    values = rows[:, 0] * 2
    with warnings.catch_warnings(action="ignore"):  # so few rows split nowhere
        for name, model in [*_xgboost(rows, labels, values), *_lightgbm(rows, labels, values)]:
            yield from _each(name, model)
        for name, model in _catboost(rows, labels, values):
            yield from _each(name, model)


def _each(name: str, model: Any) -> Iterator[tuple[str, bytes]]:
    """The model in some protocols, and as joblib writes it."""
    for protocol in PROTOCOLS if name.endswith("classifier") else (2, 5):
        yield f"{name}-protocol-{protocol}.pkl", pickle.dumps(model, protocol)
    target = io.BytesIO()
    joblib.dump(model, target, compress=("zlib", 3))
    yield f"{name}.joblib", target.getvalue()


def _xgboost(rows: Any, labels: Any, values: Any) -> list[tuple[str, Any]]:
    small = {"n_estimators": 2, "max_depth": 2, "random_state": 7, "n_jobs": 1}
    stopping = xgboost.callback.EarlyStopping(rounds=1)
    groups = [12, 12]
    data = xgboost.DMatrix(rows, label=labels)
    early = xgboost.XGBClassifier(**small, callbacks=[stopping], eval_metric="logloss")
    return [
        ("xgboost/classifier", xgboost.XGBClassifier(**small).fit(rows, labels)),
        ("xgboost/regressor", xgboost.XGBRegressor(**small).fit(rows, values)),
        ("xgboost/ranker", xgboost.XGBRanker(**small).fit(rows, labels, group=groups)),
        ("xgboost/forest", xgboost.XGBRFClassifier(**small).fit(rows, labels)),
        ("xgboost/forest-regressor", xgboost.XGBRFRegressor(**small).fit(rows, values)),
        ("xgboost/linear", xgboost.XGBRegressor(**small | {"booster": "gblinear"}).fit(rows, values)),
        ("xgboost/early-stopping", early.fit(rows, labels, eval_set=[(rows, labels)], verbose=False)),
        ("xgboost/booster", xgboost.train({"max_depth": 2, "nthread": 1}, data, 2)),
        ("xgboost/pipeline", make_pipeline(StandardScaler(), xgboost.XGBClassifier(**small)).fit(rows, labels)),
        ("xgboost/not-fitted", xgboost.XGBClassifier()),
    ]  # fmt: skip


def _lightgbm(rows: Any, labels: Any, values: Any) -> list[tuple[str, Any]]:
    small = {"n_estimators": 2, "num_leaves": 3, "min_child_samples": 1, "verbose": -1, "n_jobs": 1}
    booster = lightgbm.train(
        {"objective": "binary", "verbose": -1, "num_threads": 1}, lightgbm.Dataset(rows, labels), 2
    )
    early = lightgbm.LGBMClassifier(**small)
    early.fit(rows, labels, eval_set=[(rows, labels)], callbacks=[lightgbm.early_stopping(1, verbose=False)])
    return [
        ("lightgbm/classifier", lightgbm.LGBMClassifier(**small).fit(rows, labels)),
        ("lightgbm/regressor", lightgbm.LGBMRegressor(**small).fit(rows, values)),
        ("lightgbm/ranker", lightgbm.LGBMRanker(**small).fit(rows, labels, group=[12, 12])),
        ("lightgbm/early-stopping", early),
        ("lightgbm/booster", booster),
        ("lightgbm/pipeline", make_pipeline(StandardScaler(), lightgbm.LGBMRegressor(**small)).fit(rows, values)),
        ("lightgbm/not-fitted", lightgbm.LGBMClassifier()),
    ]  # fmt: skip


def _catboost(rows: Any, labels: Any, values: Any) -> list[tuple[str, Any]]:
    small = {
        "iterations": 2,
        "depth": 2,
        "random_seed": 7,
        "verbose": False,
        "allow_writing_files": False,
        "thread_count": 1,
    }
    return [
        ("catboost/classifier", catboost.CatBoostClassifier(**small).fit(rows, labels)),
        ("catboost/regressor", catboost.CatBoostRegressor(**small).fit(rows, values)),
        ("catboost/ranker", catboost.CatBoostRanker(**small).fit(rows, labels, group_id=[0] * 12 + [1] * 12)),
        ("catboost/plain", catboost.CatBoost(small).fit(rows, values)),
        ("catboost/not-fitted", catboost.CatBoostClassifier(**small)),
    ]  # fmt: skip
