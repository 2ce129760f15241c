"""Writes the generated tables of harmless classes in `scanner/modelwarden/policies/tables/harmless_*.py`.

Run it with an interpreter that has the libraries (scikit-learn, torch, torchvision, ultralytics ...); those that are
missing are named and their file is left alone:

    python scripts/list_harmless_classes.py scanner/modelwarden/policies/tables

A class is listed when neither it nor a base class of the same library has a method that a loader can reach which calls
something risky by name or calls one of its own parameters. When only the constructor does so, or when nobody has read the
library's constructors (`Library.callable`), the class is listed as one whose instances are harmless: a pickle makes those
without the constructor. Compiled classes have no source; they are taken where the library says so.
"""

import ast
import importlib
import inspect
import pkgutil
import re
import sys
import textwrap
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

CONSTRUCTORS = ("__init__", "__post_init__")
REACHABLE = (
    "__new__",
    "__setstate__",
    "__reduce__",
    "__del__",
    "__init_subclass__",
    "_missing_",
    "__getnewargs__",
)
RISKY = re.compile(
    r"^(open|eval|exec|compile|__import__|import_module|system|popen|Popen|run|call|check_output|load|loads|load_state_dict_from_url|"
    r"urlopen|urlretrieve|request|get_file|download\w*|remove|unlink|rmtree|mkdir|makedirs|write\w*|save\w*|from_pretrained|"
    r"save_pretrained|hf_hub_download|attempt_load\w*|parse_file|read_\w+|load_\w+|connect|listen|bind|Thread|Process|spawn|fork|"
    r"start|register_feature_hooks|_attach_methods|_ddp_init_helper|init_process_group|compile_clips|open_listener|"
    r"get_matrices|CDLL|LoadLibrary|load_library|script|trace|jit)$"
)


@dataclass(frozen=True)
class Library:
    """One generated file: which modules are walked, which names in them are wanted, and old paths of the same modules."""

    file: str
    distribution: str
    what: str
    roots: tuple[str, ...]
    skip: str
    wanted: Callable[[type], bool]
    callable: Callable[[type], bool]
    compiled: bool = False
    former: dict[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    functions: str = ""


def walk(root: str, skip: re.Pattern[str]) -> Iterator[ModuleType]:
    """`root` and every module below it that can be imported and whose name does not match `skip`."""
    module = importlib.import_module(root)
    yield module
    for found in pkgutil.iter_modules(getattr(module, "__path__", ()), root + "."):
        if skip.search(found.name):
            continue
        try:
            yield from walk(found.name, skip)
        except (ImportError, AttributeError, RuntimeError, OSError, TypeError, ValueError) as error:
            print(f"  not importable: {found.name}: {error}", file=sys.stderr)


def risk(cls: type, methods: tuple[str, ...]) -> str:
    """Why one of `methods` of `cls` could make it do something, or an empty string."""
    library = cls.__module__.partition(".")[0]
    for base in cls.__mro__:
        if base.__module__.partition(".")[0] != library:
            continue
        for name in methods:
            method = base.__dict__.get(name)
            if isinstance(method, (staticmethod, classmethod)):
                method = method.__func__
            if inspect.isfunction(method) and (why := risk_of_function(method)):
                return f"{base.__name__}.{name} {why}"
    return ""


def risk_of_function(function: Callable[..., object]) -> str:
    """Which risky thing the source of `function` calls, or an empty string."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return ""
    parameters = set(inspect.signature(function).parameters) - {"self", "cls"}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in parameters:
            return f"calls its parameter {called.id}"
        name = (
            called.attr
            if isinstance(called, ast.Attribute)
            else called.id
            if isinstance(called, ast.Name)
            else ""
        )
        if RISKY.match(name):
            return f"calls {name}"
    return ""


def collect(library: Library) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Module -> names that may be called, and module -> classes whose instances alone are harmless; former paths included."""
    names: dict[str, set[str]] = defaultdict(set)
    instances: dict[str, set[str]] = defaultdict(set)
    skip = re.compile(library.skip)
    for root in library.roots:
        for module in walk(root, skip):
            for name, value in sorted(vars(module).items()):
                if (
                    getattr(value, "__module__", None) != module.__name__
                    or getattr(value, "__name__", name) != name
                ):
                    continue
                if inspect.isclass(value):
                    compiled = not isinstance(getattr(module, "__file__", None), str) or not str(
                        module.__file__
                    ).endswith(".py")
                    if not library.wanted(value) and not (compiled and library.compiled):
                        continue
                    if f"{module.__name__}.{name}" in library.without:
                        continue
                    if why := risk(value, REACHABLE):
                        print(f"  left out: {module.__name__}.{name}: {why}", file=sys.stderr)
                    elif not library.callable(value) or risk(value, CONSTRUCTORS):
                        instances[module.__name__].add(value.__qualname__)
                    else:
                        names[module.__name__].add(value.__qualname__)
                elif (
                    library.functions
                    and re.search(library.functions, f"{module.__name__}.{name}")
                    and callable(value)
                ):
                    if inspect.isfunction(value) and (why := risk_of_function(value)):
                        print(f"  left out: {module.__name__}.{name}(): {why}", file=sys.stderr)
                        continue
                    names[module.__name__].add(name)
    for old, new in library.former.items():
        names[old] |= names.get(new, set())
        instances[old] |= instances.get(new, set())
    return names, instances


def render_rows(names: dict[str, set[str]]) -> str:
    """The lines of one table, sorted; modules without names are left out."""
    rows = []
    for module in sorted(module for module in names if names[module]):
        text = " ".join(sorted(names[module]))
        if len(module) + len(text) < 90:
            rows.append(f'        "{module}": "{text}",')
            continue
        lines = textwrap.wrap(text, 92, break_on_hyphens=False)
        body = "\n".join(f'            "{line} "' for line in lines[:-1]) + f'\n            "{lines[-1]}"'
        rows.append(f'        "{module}": (\n{body.lstrip(chr(10))}\n        ),')
    return "\n".join(rows)


def render(library: Library, names: dict[str, set[str]], instances: dict[str, set[str]]) -> str:
    """The text of the table's file."""
    found = version(library.distribution)
    count = sum(map(len, [*names.values(), *instances.values()]))
    body = f"    names={{\n{render_rows(names)}\n    }},\n"
    if rows := render_rows(instances):
        body += f"    instances={{\n{rows}\n    }},\n"
    return (
        f'"""{library.what}\n\n'
        f'Generated by `scripts/list_harmless_classes.py` from {library.distribution} {found}: {count} names.\n"""\n\n'
        "from modelwarden.policies.tables.harmless_rows import Harmless\n\n"
        f'TABLE = Harmless(\n    reason="{library.what.rstrip(".")}",\n{body})\n'
    )


def former_sklearn_paths() -> dict[str, str]:
    """Module paths of scikit-learn before 0.22 -> today's. Source: its `_build_utils/deprecated_modules.py` of 0.22."""
    pairs = """
    ensemble.bagging _bagging, ensemble.base _base, ensemble.forest _forest, ensemble.gradient_boosting _gb,
    ensemble.iforest _iforest, ensemble.voting _voting, ensemble.voting_classifier _voting,
    ensemble.weight_boosting _weight_boosting, tree.tree _classes, neural_network.rbm _rbm,
    neural_network.multilayer_perceptron _multilayer_perceptron, cluster.affinity_propagation_
    _affinity_propagation, cluster.bicluster _bicluster, cluster.birch _birch, cluster.dbscan_ _dbscan,
    cluster.hierarchical _agglomerative, cluster.k_means_ _kmeans, cluster.mean_shift_ _mean_shift,
    cluster.optics_ _optics, cluster.spectral _spectral, mixture.base _base, mixture.gaussian_mixture
    _gaussian_mixture, mixture.bayesian_mixture _bayesian_mixture, covariance.empirical_covariance_
    _empirical_covariance, covariance.shrunk_covariance_ _shrunk_covariance, covariance.robust_covariance
    _robust_covariance, covariance.graph_lasso_ _graph_lasso, covariance.elliptic_envelope
    _elliptic_envelope, cross_decomposition.cca_ _pls, cross_decomposition.pls_ _pls, svm.base _base,
    svm.classes _classes, decomposition.base _base, decomposition.dict_learning _dict_learning,
    decomposition.factor_analysis _factor_analysis, decomposition.fastica_ _fastica,
    decomposition.incremental_pca _incremental_pca, decomposition.kernel_pca _kernel_pca, decomposition.nmf
    _nmf, decomposition.online_lda _lda, decomposition.pca _pca, decomposition.sparse_pca _sparse_pca,
    decomposition.truncated_svd _truncated_svd, gaussian_process.gpr _gpr, gaussian_process.gpc _gpc,
    feature_extraction.dict_vectorizer _dict_vectorizer, feature_extraction.hashing _hash, linear_model.base
    _base, linear_model.bayes _bayes, linear_model.coordinate_descent _coordinate_descent,
    linear_model.huber _huber, linear_model.least_angle _least_angle, linear_model.logistic _logistic,
    linear_model.omp _omp, linear_model.passive_aggressive _passive_aggressive, linear_model.perceptron
    _perceptron, linear_model.ransac _ransac, linear_model.ridge _ridge, linear_model.sgd_fast _sgd_fast,
    linear_model.stochastic_gradient _stochastic_gradient, linear_model.theil_sen _theil_sen,
    metrics.classification _classification, metrics.regression _regression, metrics.ranking _ranking,
    metrics.scorer _scorer, metrics.cluster.supervised _supervised, metrics.cluster.unsupervised
    _unsupervised, metrics.cluster.bicluster _bicluster, neighbors.ball_tree _ball_tree, neighbors.base
    _base, neighbors.classification _classification, neighbors.graph _graph, neighbors.kd_tree _kd_tree,
    neighbors.kde _kde, neighbors.lof _lof, neighbors.nca _nca, neighbors.nearest_centroid
    _nearest_centroid, neighbors.quad_tree _quad_tree, neighbors.regression _regression,
    neighbors.unsupervised _unsupervised, manifold.isomap _isomap, manifold.locally_linear _locally_linear,
    manifold.mds _mds, manifold.spectral_embedding_ _spectral_embedding, manifold.t_sne _t_sne,
    semi_supervised.label_propagation _label_propagation, preprocessing.data _data, preprocessing.label
    _label, feature_selection.base _base, feature_selection.from_model _from_model,
    feature_selection.mutual_info _mutual_info, feature_selection.rfe _rfe,
    feature_selection.univariate_selection _univariate_selection, feature_selection.variance_threshold
    _variance_threshold
    """
    former = {}
    for pair in pairs.replace("\n", " ").split(","):
        old, new = pair.split()
        former[f"sklearn.{old}"] = f"sklearn.{old.rpartition('.')[0]}.{new}"
    former["sklearn.neighbors._dist_metrics"] = "sklearn.metrics._dist_metrics"
    former["sklearn.neighbors.dist_metrics"] = "sklearn.metrics._dist_metrics"
    former["sklearn.utils"] = "sklearn.utils._bunch"
    return former


def is_enum(cls: type) -> bool:
    return issubclass(cls, Enum)


def is_data(cls: type) -> bool:
    return issubclass(cls, (Enum, tuple))


def is_module(cls: type) -> bool:
    torch = importlib.import_module("torch")
    return issubclass(cls, torch.nn.Module)


def is_torch(cls: type) -> bool:
    torch = importlib.import_module("torch")
    return issubclass(
        cls, (torch.nn.Module, torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler, Enum)
    ) or (cls.__module__.startswith(("torch.optim", "torch.nn.utils", "torch.ao.quantization.observer")))


LIBRARIES = (
    Library(
        file="harmless_sklearn",
        distribution="scikit-learn",
        what="Classes and numeric functions of scikit-learn that only store parameters or compute on arrays.",
        roots=("sklearn",),
        skip=r"\.(tests|externals|datasets|experimental|conftest|callback|_build_utils|_min_dependencies)\b|"
        r"_pairwise_distances_reduction|utils\.(estimator_checks|_testing|_mocking|_test|_repr|_show|_array_api|parallel|discovery)|_plot\b|inspection|doc_link",
        wanted=lambda cls: not issubclass(cls, BaseException),
        callable=lambda cls: True,
        compiled=True,
        former=former_sklearn_paths(),
        without=frozenset(
            {
                "sklearn.metrics._dist_metrics.PyFuncDistance",
                "sklearn.metrics._dist_metrics.PyFuncDistance32",
                "sklearn.metrics._dist_metrics.PyFuncDistance64",
            }
        ),
        functions=r"__pyx_unpickle_|^sklearn\.cluster\._kmeans\._kmeans_single_|\.newObj$|^sklearn\.metrics\.(_classification|_regression|_ranking|cluster\._supervised)\.[a-z]|"
        r"^sklearn\.feature_selection\._(univariate_selection|mutual_info)\.[a-z]|^sklearn\.metrics\.pairwise\.(?!pairwise)\w+_(kernel|distances)$|"
        r"^sklearn\.feature_extraction\.text\.(strip|_ana|_pre)|^sklearn\.neural_network\._base\.",
    ),
    Library(
        file="harmless_torch_classes",
        distribution="torch",
        what="Layers, optimizers and schedulers of PyTorch that only store parameters and tensors.",
        roots=(
            "torch.nn.modules",
            "torch.nn.parameter",
            "torch.nn.utils.parametrizations",
            "torch.nn.utils.weight_norm",
            "torch.nn.utils.spectral_norm",
            "torch.nn.utils.rnn",
            "torch.nn.qat",
            "torch.nn.quantized",
            "torch.nn.intrinsic",
            "torch.ao.nn",
            "torch.ao.quantization.observer",
            "torch.ao.quantization.fake_quantize",
            "torch.ao.quantization.stubs",
            "torch.ao.quantization.qconfig",
            "torch.ao.quantization.quant_type",
            "torch.optim",
        ),
        skip=r"\.(tests?|_multi_tensor|swa_utils)\b",
        wanted=is_torch,
        callable=is_data,
        functions=r"^torch\.nn\.utils\.rnn\.(PackedSequence|_packed_sequence_init)",
    ),
    Library(
        file="harmless_torchvision",
        distribution="torchvision",
        what="Model classes and transforms of torchvision that only store parameters and tensors.",
        roots=("torchvision.models", "torchvision.ops", "torchvision.transforms"),
        skip=r"\.(_api|_utils_download|feature_extraction)\b",
        wanted=lambda cls: (
            is_module(cls) or is_enum(cls) or cls.__module__.startswith("torchvision.transforms")
        ),
        callable=is_data,
    ),
    Library(
        file="harmless_ultralytics",
        distribution="ultralytics",
        what="Layers, losses and models of Ultralytics YOLO that only store parameters and tensors.",
        roots=(
            "ultralytics.nn.modules",
            "ultralytics.nn.tasks",
            "ultralytics.utils.loss",
            "ultralytics.utils.tal",
        ),
        skip=r"\.tests\b",
        wanted=lambda cls: is_module(cls) or cls.__module__.startswith("ultralytics.utils"),
        callable=is_data,
    ),
    Library(
        file="harmless_timm",
        distribution="timm",
        what="Layers and models of timm that only store parameters and tensors.",
        roots=("timm.layers", "timm.models"),
        skip=r"\.(_hub|_registry|_builder|_factory|layers)\b",
        wanted=is_module,
        callable=is_data,
    ),
    Library(
        file="harmless_transformers",
        distribution="transformers",
        what="Enumerations and settings that transformers writes into its training files.",
        roots=(
            "transformers.trainer_utils",
            "transformers.training_args",
            "transformers.trainer_pt_utils",
            "transformers.debug_utils",
        ),
        skip=r".",
        wanted=lambda cls: is_data(cls) or cls.__name__ in {"EvalPrediction", "AcceleratorConfig"},
        callable=is_data,
    ),
)


def main() -> int:
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    for library in LIBRARIES:
        try:
            names, instances = collect(library)
        except (ImportError, RuntimeError) as error:
            print(f"{library.file}: {error}: left alone", file=sys.stderr)
            continue
        (folder / f"{library.file}.py").write_text(render(library, names, instances), encoding="utf-8")
        print(
            f"{library.file}: {sum(map(len, names.values()))} names, {sum(map(len, instances.values()))} instances"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
