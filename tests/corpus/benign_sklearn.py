"""Harmless samples: every public estimator of scikit-learn, fitted on a handful of rows, in a protocol that goes round."""

import io
import pickle
import warnings
from collections.abc import Iterator
from itertools import count
from typing import Any

import joblib
import numpy
from sklearn import (
    base,
    calibration,
    covariance,
    decomposition,
    ensemble,
    exceptions,
    feature_extraction,
    feature_selection,
    gaussian_process,
    kernel_approximation,
    linear_model,
    metrics,
    model_selection,
    multiclass,
    multioutput,
    naive_bayes,
    neighbors,
    pipeline,
    preprocessing,
    semi_supervised,
    svm,
    tree,
    utils,
)
from sklearn.feature_extraction.text import (
    CountVectorizer,
    HashingVectorizer,
    TfidfTransformer,
    TfidfVectorizer,
)

_TEXTS = [
    "import os and eval the model",
    "subprocess or system calls exec",
    "rm -rf all the weights",
    "pickle loads builtins getattr",
]
_LEFT_OUT = {"SparseCoder", "ClassifierChain", "RegressorChain"}
"""Built by hand below, or not to be built without arguments."""


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `benign/` and the bytes of the file."""
    with warnings.catch_warnings(action="ignore"):  # so few rows converge to nothing
        numbers = count()
        named = [(f"all/{name}", estimator) for name, estimator in _alone()]
        named += [(f"composed/{name}", estimator) for name, estimator in _with_arguments()]
        for name, estimator in named:
            numpy.random.seed(7)
            _seed(estimator)
            _fit(estimator)
            protocol = next(numbers) % (pickle.HIGHEST_PROTOCOL + 1)
            yield f"sklearn/{name}.pkl", pickle.dumps(estimator, protocol)
        yield from _texts()
        yield from _parts()


def _alone() -> Iterator[tuple[str, Any]]:
    """Every estimator that needs no arguments."""
    for name, cls in utils.discovery.all_estimators():
        if name in _LEFT_OUT or "TextVectorizer" in name:
            continue
        try:
            yield name, cls(**_SMALLER.get(name, {}))
        except TypeError:  # it wants another estimator: below
            continue


_SMALLER: dict[str, dict[str, Any]] = {
    "AdaBoostClassifier": {"n_estimators": 2}, "AdaBoostRegressor": {"n_estimators": 2},
    "BaggingClassifier": {"n_estimators": 2}, "BaggingRegressor": {"n_estimators": 2},
    "ExtraTreesClassifier": {"n_estimators": 2}, "ExtraTreesRegressor": {"n_estimators": 2},
    "GradientBoostingClassifier": {"n_estimators": 2}, "GradientBoostingRegressor": {"n_estimators": 2},
    "HistGradientBoostingClassifier": {"max_iter": 2, "max_bins": 5}, "HistGradientBoostingRegressor": {"max_iter": 2,
        "max_bins": 5},
    "IsolationForest": {"n_estimators": 2}, "RandomForestClassifier": {"n_estimators": 2},
    "RandomForestRegressor": {"n_estimators": 2}, "RandomTreesEmbedding": {"n_estimators": 2},
    "MLPClassifier": {"hidden_layer_sizes": (2,), "max_iter": 2}, "MLPRegressor": {"hidden_layer_sizes": (2,), "max_iter": 2},
    "BernoulliRBM": {"n_components": 2}, "HashingVectorizer": {"n_features": 8}, "FeatureHasher": {"n_features": 8},
    "DictionaryLearning": {"n_components": 2, "max_iter": 2}, "MiniBatchDictionaryLearning": {"n_components": 2, "max_iter": 2},
    "Isomap": {"n_neighbors": 2}, "LocallyLinearEmbedding": {"n_neighbors": 2}, "TSNE": {"perplexity": 3},
    "KBinsDiscretizer": {"n_bins": 2}, "RBFSampler": {"n_components": 3}, "Nystroem": {"n_components": 3},
    "SkewedChi2Sampler": {"n_components": 3}, "QuantileTransformer": {"n_quantiles": 5},
    "SplineTransformer": {"n_knots": 3}, "BisectingKMeans": {"n_clusters": 2}, "KMeans": {"n_clusters": 2},
    "MiniBatchKMeans": {"n_clusters": 2}, "SpectralClustering": {"n_clusters": 2}, "HDBSCAN": {"min_cluster_size": 2},
    "GaussianRandomProjection": {"n_components": 2}, "SparseRandomProjection": {"n_components": 2},
}  # fmt: skip


def _with_arguments() -> list[tuple[str, Any]]:
    """Estimators made of others, and settings that bring in other classes."""
    logistic = linear_model.LogisticRegression()
    ridge = linear_model.Ridge()
    shallow = tree.DecisionTreeClassifier(max_depth=1)
    kernels = gaussian_process.kernels
    return [
        ("CalibratedSigmoid", calibration.CalibratedClassifierCV(logistic, cv=2)),
        ("CalibratedIsotonic", calibration.CalibratedClassifierCV(shallow, method="isotonic", cv=2)),
        ("ClassifierChain", multioutput.ClassifierChain(logistic)),
        ("RegressorChain", multioutput.RegressorChain(ridge)),
        ("MultiOutputClassifier", multioutput.MultiOutputClassifier(logistic)),
        ("MultiOutputRegressor", multioutput.MultiOutputRegressor(ridge)),
        ("OneVsRest", multiclass.OneVsRestClassifier(logistic)),
        ("OneVsOne", multiclass.OneVsOneClassifier(logistic)),
        ("OutputCode", multiclass.OutputCodeClassifier(logistic, random_state=7)),
        ("FixedThreshold", model_selection.FixedThresholdClassifier(logistic)),
        ("TunedThreshold", model_selection.TunedThresholdClassifierCV(logistic, cv=2)),
        ("GridSearch", model_selection.GridSearchCV(logistic, {"C": [0.1, 1.0]}, cv=2, scoring="f1")),
        ("GridSearchOfKernels", model_selection.GridSearchCV(svm.SVC(), {"kernel": ["rbf", "linear"]},
            cv=model_selection.StratifiedKFold(2))),
        ("RandomizedSearch", model_selection.RandomizedSearchCV(ridge, {"alpha": [0.1, 1.0]}, n_iter=2, cv=2, random_state=7)),
        ("SelfTraining", semi_supervised.SelfTrainingClassifier(logistic)),
        ("Voting", ensemble.VotingClassifier([("a", logistic), ("b", shallow)], voting="soft")),
        ("VotingRegressor", ensemble.VotingRegressor([("a", ridge), ("b", tree.DecisionTreeRegressor(max_depth=1))])),
        ("Stacking", ensemble.StackingClassifier([("a", logistic), ("b", shallow)], cv=2)),
        ("StackingRegressor", ensemble.StackingRegressor([("a", ridge)], cv=2)),
        ("RFE", feature_selection.RFE(logistic)),
        ("RFECV", feature_selection.RFECV(logistic, cv=2)),
        ("SelectFromModel", feature_selection.SelectFromModel(shallow)),
        ("SelectKBestChi2", feature_selection.SelectKBest(feature_selection.chi2, k=2)),
        ("SelectMutualInformation", feature_selection.SelectKBest(feature_selection.mutual_info_classif, k=1)),
        ("SequentialSelector", feature_selection.SequentialFeatureSelector(logistic, cv=2, n_features_to_select=1)),
        ("TransformedTarget", _transformed()),
        ("Pipeline", pipeline.Pipeline([("scale", preprocessing.StandardScaler()), ("pca", decomposition.PCA(2)),
            ("model", logistic)])),
        ("PipelineWithoutLast", pipeline.make_pipeline(preprocessing.MinMaxScaler(), "passthrough")),
        ("FeatureUnion", pipeline.make_union(decomposition.PCA(1), preprocessing.MinMaxScaler())),
        ("FunctionTransformer", preprocessing.FunctionTransformer(numpy.log1p, inverse_func=numpy.expm1)),
        ("GaussianProcess",
            gaussian_process.GaussianProcessRegressor(kernels.RBF() + kernels.WhiteKernel() * kernels.ConstantKernel())),
        ("GaussianProcessKernels", gaussian_process.GaussianProcessClassifier(
            kernels.Matern() + kernels.RationalQuadratic() + kernels.DotProduct() ** 2 + kernels.ExpSineSquared())),
        ("Bagging", ensemble.BaggingClassifier(svm.SVC(), n_estimators=2)),
        ("AdaBoost", ensemble.AdaBoostClassifier(shallow, n_estimators=2)),
        ("BallTreeNeighbours", neighbors.KNeighborsClassifier(2, algorithm="ball_tree")),
        ("KDTreeNeighbours", neighbors.KNeighborsRegressor(2, algorithm="kd_tree", metric="manhattan")),
        ("BruteNeighbours", neighbors.KNeighborsClassifier(2, algorithm="brute", metric="cosine")),
        ("KernelDensity", neighbors.KernelDensity(kernel="epanechnikov")),
        ("HuberBoosting", ensemble.GradientBoostingRegressor(n_estimators=2, loss="huber")),
        ("QuantileBoosting", ensemble.HistGradientBoostingRegressor(max_iter=2, max_bins=5, loss="quantile", quantile=0.5)),
        ("PoissonBoosting", ensemble.HistGradientBoostingRegressor(max_iter=2, max_bins=5, loss="poisson")),
        ("HingeSGD", linear_model.SGDClassifier(loss="modified_huber", max_iter=3)),
        ("HuberSGD", linear_model.SGDRegressor(loss="huber", max_iter=3)),
        ("EpsilonSGD", linear_model.SGDRegressor(loss="squared_epsilon_insensitive", max_iter=3)),
        ("LogisticCV", linear_model.LogisticRegressionCV(Cs=2, cv=2)),
        ("RansacOfTree", linear_model.RANSACRegressor(tree.DecisionTreeRegressor(max_depth=1), random_state=7, min_samples=3)),
        ("SVCWithProbability", svm.SVC(probability=True)),
        ("SVCPolynomial", svm.SVC(kernel="poly", class_weight="balanced")),
        ("OneClassSVM", svm.OneClassSVM()),
        ("OrdinalEncoder", preprocessing.OrdinalEncoder()),
        ("EllipticEnvelope", covariance.EllipticEnvelope(support_fraction=1.0)),
        ("SparseCoder", decomposition.SparseCoder(numpy.eye(4))),
        ("PolynomialCountSketch", kernel_approximation.PolynomialCountSketch(n_components=3)),
        ("PredefinedSplitSearch", model_selection.GridSearchCV(naive_bayes.GaussianNB(), {"var_smoothing": [1e-9]},
            cv=model_selection.KFold(2, shuffle=True, random_state=7))),
        ("MadeScorer", model_selection.GridSearchCV(ridge, {"alpha": [1.0]}, cv=2,
            scoring=metrics.make_scorer(metrics.mean_squared_error, greater_is_better=False))),
    ]  # fmt: skip


def _transformed() -> Any:
    from sklearn.compose import TransformedTargetRegressor

    return TransformedTargetRegressor(linear_model.Ridge(), func=numpy.log1p, inverse_func=numpy.expm1)


def _seed(estimator: Any) -> None:
    """Fix the seeds, so that the files stay alike."""
    settings = estimator.get_params()
    estimator.set_params(**{name: 7 for name in settings if name.endswith("random_state")})


def _fit(estimator: Any) -> None:
    """Fit on rows, on labels, on texts: on the first the estimator takes. Some take none, and stay as they are."""
    rng = numpy.random.RandomState(7)
    rows = numpy.abs(rng.rand(12, 4)) + 0.1
    classes: Any = numpy.arange(12) % 2
    targets = rows[:, 0] + 0.5
    two = numpy.column_stack([classes, 1 - classes])
    for arguments in (
        (rows, targets) if isinstance(estimator, base.RegressorMixin) else (rows, classes),
        (rows, classes),
        (rows, two),
        (classes,),
        (rows[:, 0], targets),
        ([{"a": 1, "os": 2}],),
        ([["a", "b"], ["os"]],),
        (_TEXTS, [0, 1, 0, 1]),
        (rng.rand(8, 6, 6), None),
    ):
        try:
            estimator.fit(*arguments)
        except (ValueError, TypeError, AttributeError, IndexError, exceptions.NotFittedError):
            continue
        return


def _texts() -> Iterator[tuple[str, bytes]]:
    for name, transformer in [
        ("count", CountVectorizer(ngram_range=(1, 2))),
        ("tf-idf", TfidfVectorizer(stop_words="english")),
        ("hashing", HashingVectorizer(n_features=8)),
        ("tf-idf-pipeline", pipeline.make_pipeline(CountVectorizer(), TfidfTransformer(), naive_bayes.MultinomialNB())),
        ("svd-pipeline", pipeline.make_pipeline(TfidfVectorizer(), decomposition.TruncatedSVD(2, random_state=7))),
        ("topics", pipeline.make_pipeline(CountVectorizer(), decomposition.LatentDirichletAllocation(2, random_state=7))),
        ("dictionaries", feature_extraction.DictVectorizer()),
    ]:  # fmt: skip
        rows = [{"os": 1.0, "eval": 2.0}] if name == "dictionaries" else _TEXTS
        for protocol in (0, 2, 5):
            fitted = transformer.fit(rows, [0, 1, 0, 1][: len(rows)])
            yield f"sklearn/text/{name}-protocol-{protocol}.pkl", pickle.dumps(fitted, protocol)


def _parts() -> Iterator[tuple[str, bytes]]:
    """What is neither estimator nor array: trees, splitters, scorers, bunches, and joblib's own files."""
    points = numpy.random.RandomState(7).rand(6, 2)
    parts: dict[str, Any] = {
        "kd-tree": neighbors.KDTree(points),
        "ball-tree": neighbors.BallTree(points),
        "bunch": utils.Bunch(data=points, names=["os", "system"]),
        "splitters": [
            model_selection.KFold(2), model_selection.StratifiedKFold(2), model_selection.ShuffleSplit(2, random_state=7),
            model_selection.TimeSeriesSplit(2), model_selection.GroupKFold(2), model_selection.LeaveOneOut(),
            model_selection.RepeatedKFold(n_splits=2, random_state=7), model_selection.PredefinedSplit([0, 1]),
        ],
        "scorers": [metrics.get_scorer(name) for name in ("accuracy", "f1_macro", "roc_auc", "neg_mean_squared_error", "r2")],
        "distances": [metrics.DistanceMetric.get_metric(name) for name in ("euclidean", "manhattan", "chebyshev", "haversine")],
        "metrics": [metrics.accuracy_score, metrics.f1_score, metrics.log_loss, metrics.mean_absolute_error],
        "parameter-grid": model_selection.ParameterGrid({"C": [1, 2]}),
        "label-binarizer": preprocessing.LabelBinarizer().fit(["cat", "dog", "os"]),
    }  # fmt: skip
    for name, value in parts.items():
        for protocol in (0, 3, 4):
            yield f"sklearn/parts/{name}-protocol-{protocol}.pkl", pickle.dumps(value, protocol)
        target = io.BytesIO()
        joblib.dump(value, target)
        yield f"sklearn/parts/{name}.joblib", target.getvalue()
