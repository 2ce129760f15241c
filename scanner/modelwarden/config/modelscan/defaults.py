"""What ModelScan 0.8.8 has in its settings when nobody has changed them, as `modelscan.settings.DEFAULT_SETTINGS` says it.

A settings file is a whole copy of these. What it says beyond them is what its user wants.
"""

from collections.abc import Mapping

VERSION = "0.8.8"
FILE = "modelscan-settings.toml"
"""Its name in the current directory."""

ARCHIVES = (".zip", ".npz")

PACKAGE = "modelscan.scanners."
PICKLE = "PickleUnsafeOpScan"
PYTORCH = "PyTorchUnsafeOpScan"
NUMPY = "NumpyUnsafeOpScan"
LAMBDAS = "SavedModelLambdaDetectScan"
OPERATORS = "SavedModelTensorflowOpScan"
SCANNERS: Mapping[str, tuple[str, ...]] = {
    "H5LambdaDetectScan": (".h5",),
    "KerasLambdaDetectScan": (".keras",),
    LAMBDAS: (".pb",),
    OPERATORS: (".pb",),
    NUMPY: (".npy",),
    PICKLE: (".pkl", ".pickle", ".joblib", ".dill", ".dat", ".data"),
    PYTORCH: (".bin", ".pt", ".pth", ".ckpt"),
}
"""Scanner → the suffixes it is for."""
RISKY: Mapping[str, tuple[str, Mapping[str, str]]] = {
    LAMBDAS: ("unsafe_keras_operators", {"Lambda": "MEDIUM"}),
    OPERATORS: ("unsafe_tf_operators", {"ReadFile": "HIGH", "WriteFile": "HIGH"}),
}
"""Scanner → the key that rates layers or operators, and how."""

MIDDLEWARE = "modelscan.middlewares.FormatViaExtensionMiddleware"
KINDS: Mapping[str, str] = {
    "tensorflow": OPERATORS,
    "keras_h5": "H5LambdaDetectScan",
    "keras": "KerasLambdaDetectScan",
    "numpy": NUMPY,
    "pytorch": PYTORCH,
    "pickle": PICKLE,
}
"""What the middleware calls a format, and a scanner of it."""

SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
_BUILTINS = ("eval", "compile", "getattr", "apply", "exec", "open", "breakpoint", "__import__")
GLOBALS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "CRITICAL": {
        "__builtin__": _BUILTINS,
        "builtins": _BUILTINS,
        "operator": ("attrgetter",),
        **dict.fromkeys(
            "runpy os nt posix socket subprocess sys pty pickle _pickle bdb pdb shutil asyncio".split(),
            ("*",),
        ),
    },
    "HIGH": dict.fromkeys(("webbrowser", "httplib", "requests.api", "aiohttp.client"), ("*",)),
    "MEDIUM": {},
    "LOW": {},
}
"""Severity → module → its names, or `*`."""

CONSOLE = "modelscan.reports.ConsoleReport"
JSON = "modelscan.reports.JSONReport"
