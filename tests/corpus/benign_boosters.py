"""Models of XGBoost, LightGBM and CatBoost in their own formats: assembled, and the first two also by their libraries."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import lightgbm
import numpy as np
import xgboost

from tests.corpus.boosters import LIGHTGBM, binary, catboost, text, ubjson


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    yield "boosters/words.ubj", ubjson(note=text("import os; os.system('id'); __reduce__"))
    yield "boosters/padded.ubj", ubjson() + bytes(64)
    yield "boosters/old.deprecated", binary()
    yield "boosters/words.lgb", LIGHTGBM
    yield "boosters/windows.lgb", LIGHTGBM.replace(b"\n", b"\r\n")
    yield "boosters/frame.cbm", catboost()
    yield "boosters/frame-and-parts.cbm", catboost() + b"CatBoost parts MZ PK"
    features = np.random.default_rng(0).random((40, 3))
    labels = (features[:, 0] > 0.5).astype(int)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.ubj")
        for name, parameters in (
            ("trees", {"objective": "binary:logistic", "max_depth": 2}),
            ("dart", {"booster": "dart", "max_depth": 2}),
            ("linear", {"booster": "gblinear"}),
        ):
            xgboost.train(parameters, xgboost.DMatrix(features, labels), 2).save_model(path)
            yield f"boosters/{name}.ubj", path.read_bytes()
    for name, parameters in (("binary", {"objective": "binary"}), ("dart", {"boosting": "dart"})):
        options = {**parameters, "verbose": -1, "min_data_in_leaf": 2, "num_leaves": 4}
        model = lightgbm.train(options, lightgbm.Dataset(features, labels), 3)
        yield f"boosters/{name}.txt", model.model_to_string().encode()
