"""One name for each callable: aliases, private implementations, Python 2 names and vendored copies."""

ALIASES: dict[str, str] = {
    "posix": "os",
    "nt": "os",
    "__builtin__": "builtins",
    "__builtins__": "builtins",
    "bltns": "builtins",
    "exceptions": "builtins",
    "_io": "io",
    "StringIO": "io",
    "cStringIO": "io",
    "_operator": "operator",
    "_ast": "ast",
    "_queue": "queue",
    "_csv": "csv",
    "_heapq": "heapq",
    "_bisect": "bisect",
    "_struct": "struct",
    "_functools": "functools",
    "_collections": "collections",
    "_collections_abc": "collections.abc",
    "_socket": "socket",
    "_pickle": "pickle",
    "cPickle": "pickle",
    "_codecs": "codecs",
    "_ctypes": "ctypes",
    "_sqlite3": "sqlite3",
    "sqlite3.dbapi2": "sqlite3",
    "_tkinter": "tkinter",
    "Tkinter": "tkinter",
    "_signal": "signal",
    "_asyncio": "asyncio",
    "_bz2": "bz2",
    "_lzma": "lzma",
    "_weakref": "weakref",
    "_warnings": "warnings",
    "_pydatetime": "datetime",
    "_datetime": "datetime",
    "_decimal": "decimal",
    "_pydecimal": "decimal",
    "_random": "random",
    "_interpreters": "_xxsubinterpreters",
    "_frozen_importlib": "importlib._bootstrap",
    "_frozen_importlib_external": "importlib._bootstrap_external",
    "commands": "subprocess",
    "copy_reg": "copyreg",
    "thread": "_thread",
    "Queue": "queue",
    "SocketServer": "socketserver",
    "ConfigParser": "configparser",
    "UserDict": "collections",
    "UserList": "collections",
    "UserString": "collections",
    "urllib": "urllib.request",
    "urllib2": "urllib.request",
    "robotparser": "urllib.robotparser",
    "httplib": "http.client",
    "BaseHTTPServer": "http.server",
    "SimpleHTTPServer": "http.server",
    "CGIHTTPServer": "http.server",
    "xmlrpclib": "xmlrpc.client",
    "SimpleXMLRPCServer": "xmlrpc.server",
    "DocXMLRPCServer": "xmlrpc.server",
    "anydbm": "dbm",
    "gdbm": "dbm.gnu",
    "dumbdbm": "dbm.dumb",
    "whichdb": "dbm",
    "dbhash": "dbm",
    "_multiprocessing": "multiprocessing.connection",
    "six.moves.builtins": "builtins",
    "six.moves.cPickle": "pickle",
    "six.moves.copyreg": "copyreg",
    "six.moves.urllib.request": "urllib.request",
    "six.moves.socketserver": "socketserver",
    "past.builtins": "builtins",
    "future.builtins": "builtins",
    "pathlib._local": "pathlib",
    "pathlib._abc": "pathlib",
    "setuptools._distutils": "distutils",
    "sklearn.externals.joblib": "joblib",
    "numpy._core": "numpy.core",
    "tf_keras": "keras",
    "tensorflow.keras": "keras",
}
"""Module -> the module its callables are listed under. Python 2 names follow `_compat_pickle`."""

_VENDORED = frozenset(
    {"_vendor", "vendor", "vendored", "_vendored", "_vendored_packages", "externals", "extern"}
)
_COPIED = frozenset({"cloudpickle", "dill"})
_PREFIXES = (
    ("setuptools._distutils.", "distutils."),
    ("six.moves.", ""),
    ("numpy._core.", "numpy.core."),
    ("tf_keras.", "keras."),
    ("tensorflow.keras.", "keras."),
    ("tensorflow.python.keras.", "keras."),
    ("keras_core.", "keras."),
    ("torch.nn.quantized.", "torch.ao.nn.quantized."),
    ("torch.nn.intrinsic.", "torch.ao.nn.intrinsic."),
    ("torch.nn.qat.", "torch.ao.nn.qat."),
    ("torch.quantization.", "torch.ao.quantization."),
    ("sklearn.externals.joblib.", "joblib."),
)


def canonical(module: str) -> str:
    """The module under which `module`'s callables are listed: `posix` -> `os`, `numpy._core.numeric` -> `numpy.core.numeric`."""
    for prefix, replacement in _PREFIXES:
        if module.startswith(prefix):
            module = replacement + module[len(prefix) :]
    return ALIASES.get(module, module)


def original(module: str) -> str:
    """What `module` is a copy of by its name, in canonical form: `acme._vendor.requests` -> `requests`; else itself."""
    steps = module.split(".")
    for index in range(1, len(steps)):
        if steps[index - 1] in _VENDORED or (steps[index] in _COPIED and steps[0] not in _COPIED):
            return canonical(".".join(steps[index:]))
    return canonical(module)
