"""Harmless samples made by the libraries that write real models; runs in the environment of `requirements.txt`."""

import io
import pickle
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy
import pandas
import safetensors.numpy
import safetensors.torch
import scipy.sparse
import sklearn
import torch
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import make_classification
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    numpy.random.seed(7)  # what the libraries themselves draw from
    torch.manual_seed(7)
    yield from _sklearn()
    yield from _numpy()
    yield from _torch()
    yield from _safetensors()


def _sklearn() -> Iterator[tuple[str, bytes]]:
    points, labels = make_classification(n_samples=30, n_features=4, random_state=7)
    for protocol in PROTOCOLS:
        for estimator, name in [
            (LogisticRegression(), "logistic-regression"),
            (StandardScaler(), "standard-scaler"),
            (make_pipeline(StandardScaler(), LogisticRegression()), "pipeline"),
            (RandomForestClassifier(n_estimators=2, max_depth=2, random_state=7), "random-forest"),
        ]:
            yield (
                f"sklearn/{name}-protocol-{protocol}.pkl",
                pickle.dumps(estimator.fit(points, labels), protocol),
            )
    for estimator, name in [
        (DecisionTreeClassifier(max_depth=2), "decision-tree"),
        (GaussianNB(), "naive-bayes"),
        (GradientBoostingClassifier(n_estimators=2, max_depth=1), "gradient-boosting"),
        (GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2), "grid-search"),
        (KMeans(n_clusters=2, n_init=1, random_state=7), "k-means"),
        (KNeighborsClassifier(n_neighbors=2, algorithm="kd_tree"), "nearest-neighbours"),
        (LinearRegression(), "linear-regression"),
        (MLPClassifier(hidden_layer_sizes=(2,), max_iter=2), "perceptron"),
        (PCA(n_components=2), "principal-components"),
        (SVC(), "support-vectors"),
    ]:
        with warnings.catch_warnings(action="ignore", category=sklearn.exceptions.ConvergenceWarning):
            yield f"sklearn/{name}.pkl", pickle.dumps(estimator.fit(points, labels))
    texts = ["import os and eval", "subprocess or system", "rm all the weights"]
    yield "sklearn/count-vectorizer.pkl", pickle.dumps(CountVectorizer().fit(texts))
    yield "sklearn/tfidf-vectorizer.pkl", pickle.dumps(TfidfVectorizer().fit(texts))
    yield "sklearn/label-encoder.pkl", pickle.dumps(LabelEncoder().fit(["cat", "dog"]))
    columns = ColumnTransformer([("one-hot", OneHotEncoder(), [0]), ("rest", StandardScaler(), [1])])
    yield "sklearn/column-transformer.pkl", pickle.dumps(columns.fit([[0, 1.0], [1, 2.0]]))


def _numpy() -> Iterator[tuple[str, bytes]]:
    values = {
        "weights": numpy.arange(12, dtype=numpy.float32).reshape(3, 4),
        "fortran": numpy.asfortranarray(numpy.eye(3)),
        "scalars": [
            numpy.float64(1.5),
            numpy.int8(-1),
            numpy.bool_(True),
            numpy.str_("cat"),
            numpy.datetime64("2020-01-01"),
        ],
        "dtypes": [numpy.dtype("float16"), numpy.dtype([("x", "<i4"), ("y", "<f8")])],
        "objects": numpy.array(["cat", None], dtype=object),
        "strings": numpy.array(["cat", "dog"]),
        "masked": numpy.ma.masked_array([1, 2], mask=[True, False]),
        "generator": numpy.random.default_rng(7),
        "legacy-generator": numpy.random.RandomState(7),
        "sparse": scipy.sparse.csr_matrix(numpy.eye(3)),
    }
    for protocol in PROTOCOLS:
        yield f"numpy/values-protocol-{protocol}.pkl", pickle.dumps(values, protocol)
    frame = pandas.DataFrame(
        {"count": [1, 2], "kind": ["cat", "dog"]}, index=pandas.Index(["a", "b"], name="id")
    )
    yield "pandas/frame.pkl", pickle.dumps(frame)
    times = pandas.Series([1.0, 2.0], index=pandas.date_range("2020-01-01", periods=2))
    yield "pandas/series-of-times.pkl", pickle.dumps(times)
    yield "joblib/words.joblib", _saved(joblib.dump, {"vocabulary": {"os": 0, "system": 1}})


def _torch() -> Iterator[tuple[str, bytes]]:
    model = torch.nn.Sequential(
        torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3), torch.nn.ReLU(), torch.nn.Linear(3, 2)
    )
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(2, 4)).sum().backward()
    optimizer.step()
    checkpoint = {"epoch": 3, "loss": 0.5, "model": model.state_dict(), "optimizer": optimizer.state_dict()}
    yield "torch/state-dict.pt", _saved(torch.save, model.state_dict())
    yield "torch/state-dict-no-suffix", _saved(torch.save, model.state_dict())
    yield (
        "torch/state-dict-legacy.pt",
        _saved(torch.save, model.state_dict(), _use_new_zipfile_serialization=False),
    )
    for protocol in PROTOCOLS[2:]:
        yield (
            f"torch/state-dict-protocol-{protocol}.bin",
            _saved(torch.save, model.state_dict(), pickle_protocol=protocol),
        )
    yield "torch/checkpoint.ckpt", _saved(torch.save, checkpoint)
    yield "torch/checkpoint-legacy.pth", _saved(torch.save, checkpoint, _use_new_zipfile_serialization=False)
    yield "torch/optimizer.pt", _saved(torch.save, optimizer.state_dict())
    yield "torch/optimizer-object.pt", _saved(torch.save, optimizer)
    yield "torch/scheduler.pt", _saved(torch.save, torch.optim.lr_scheduler.StepLR(optimizer, 2).state_dict())
    yield "torch/module.pt", _saved(torch.save, model)
    yield (
        "torch/module-legacy.pt",
        _anonymous(_saved(torch.save, model, _use_new_zipfile_serialization=False)),
    )
    layers = torch.nn.ModuleDict(
        {
            "attention": torch.nn.TransformerEncoderLayer(4, 2, 4, batch_first=True),
            "convolution": torch.nn.Sequential(
                torch.nn.Conv2d(1, 2, 3), torch.nn.MaxPool2d(2), torch.nn.Flatten()
            ),
            "embedding": torch.nn.Embedding(5, 4),
            "memory": torch.nn.LSTM(2, 2),
            "norm": torch.nn.LayerNorm(4),
        }
    )
    yield "torch/layers.pt", _saved(torch.save, layers)
    yield "torch/dtypes.pt", _saved(torch.save, _tensors())
    yield "torch/quantised.pt", _saved(torch.save, _quantised().state_dict())
    yield (
        "torch/torchscript.pt",
        _saved(torch.jit.save, _scripted(model)),
    )
    yield "torch/plain-pickle.pkl", pickle.dumps({"weight": torch.ones(2)})


def _anonymous(data: bytes) -> bytes:
    """The old format names the source file of every class: where this machine keeps them is replaced, length kept."""
    here = str(Path(torch.__file__).parents[1])
    return data.replace(here.encode(), b"/venv".ljust(len(here.encode()), b"_"))


def _tensors() -> dict[str, Any]:
    """One tensor of each kind."""
    kinds = [
        torch.float64,
        torch.float16,
        torch.bfloat16,
        torch.int64,
        torch.int8,
        torch.uint8,
        torch.bool,
        torch.complex64,
    ]
    return {
        **{str(kind): torch.ones(3).to(kind) for kind in kinds},
        "parameter": torch.nn.Parameter(torch.ones(2)),
        "view": torch.arange(6)[1:4],
        "sparse": torch.eye(3).to_sparse(),
        "size": torch.Size([1, 2]),
        "device": torch.device("cpu"),
        "dtype": torch.float32,
    }


def _quantised() -> Any:
    """A dynamically quantised layer (its state holds packed parameters)."""
    with warnings.catch_warnings(
        action="ignore"
    ):  # this way of quantising is deprecated, and what files in the wild hold
        return torch.ao.quantization.quantize_dynamic(
            torch.nn.Sequential(torch.nn.Linear(4, 2)), dtype=torch.qint8
        )


def _scripted(model: Any) -> Any:
    """The model compiled to TorchScript."""
    with warnings.catch_warnings(action="ignore"):  # deprecated, and what files in the wild hold
        return torch.jit.script(model.eval())


def _safetensors() -> Iterator[tuple[str, bytes]]:
    weights: dict[str, Any] = {
        "a": numpy.ones((2, 3), dtype=numpy.float32),
        "b": numpy.zeros(1, dtype=numpy.int64),
    }
    yield "safetensors/numpy.safetensors", safetensors.numpy.save(weights, metadata={"format": "np"})
    yield (
        "safetensors/torch.safetensors",
        safetensors.torch.save({"half": torch.ones(3, dtype=torch.bfloat16)}),
    )
    yield "safetensors/empty.safetensors", safetensors.numpy.save({})


def _saved(save: Callable[..., object], value: object, **options: object) -> bytes:
    """What `save(value, file)` writes."""
    target = io.BytesIO()
    save(value, target, **options)
    return target.getvalue()
