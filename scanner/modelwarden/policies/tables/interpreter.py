"""Callables that change the running interpreter: its modules, import path, settings, environment."""

from modelwarden.policies.tables.danger import Danger

_NAMESPACE = "hands out a namespace, from which everything can be reached"
_IMPORT = "steers how modules are imported"
_ENVIRONMENT = "reads or changes the environment"
_INTERPRETER = "starts another interpreter"

TABLE = Danger(
    family="interpreter",
    callables={
        "builtins": {
            "globals": _NAMESPACE,
            "locals": _NAMESPACE,
            "vars": _NAMESPACE,
            "help": "runs the interactive help, a pager included",
            "exit": "ends the process",
            "quit": "ends the process",
            "license": "reads from the terminal",
        },
        "_sitebuiltins": {"Quitter": "ends the process", "_Helper": "runs the interactive help"},
        "os": {
            "environ": _ENVIRONMENT,
            "environb": _ENVIRONMENT,
            "getenv": _ENVIRONMENT,
            "getenvb": _ENVIRONMENT,
            "putenv": _ENVIRONMENT,
            "unsetenv": _ENVIRONMENT,
            "chdir": "changes the working directory",
            "fchdir": "changes the working directory",
            "chroot": "changes the root directory",
            "setuid": "changes the user",
            "setgid": "changes the group",
            "umask": "changes the rights of new files",
        },
        "copyreg": {
            "pickle": "registers a function that later pickling calls",
            "constructor": "registers a constructor",
        },
        "types": {"_calculate_meta": "calls a metaclass"},
        "inspect": {
            "currentframe": _NAMESPACE,
            "stack": _NAMESPACE,
            "trace": _NAMESPACE,
            "getmodule": "reaches a module",
            "getmembers": _NAMESPACE,
            "getmembers_static": _NAMESPACE,
            "unwrap": "follows attributes",
        },
        "importlib._bootstrap": {"_call_with_frames_removed": "calls a function"},
        "torch.serialization": {
            "add_safe_globals": "widens what weights_only loading accepts",
            "clear_safe_globals": "changes what weights_only loading accepts",
            "safe_globals": "widens what weights_only loading accepts",
            "register_package": "registers functions that later loading calls",
            "set_default_load_endianness": "changes a global setting",
        },
        "torch._weights_only_unpickler": {"_add_safe_globals": "widens what weights_only loading accepts"},
        "keras.config": {"enable_unsafe_deserialization": "turns safe loading off"},
        "keras.src.saving.serialization_lib": {"enable_unsafe_deserialization": "turns safe loading off"},
        "keras.src.config": {"enable_unsafe_deserialization": "turns safe loading off"},
    },
    modules={
        "sys": "reaches the interpreter's own state",
        "gc": "hands out every object of the process",
        "site": "changes the import path and runs path files",
        "sitecustomize": "runs at start-up",
        "usercustomize": "runs at start-up",
        "_xxsubinterpreters": _INTERPRETER,
        "_thread": "starts threads that run functions",
        "_imp": _IMPORT,
        "zipimport": "imports from an archive",
        "pkgutil": _IMPORT,
        "ihooks": _IMPORT,
        "imputil": _IMPORT,
        "builtins.__dict__": _NAMESPACE,
        "faulthandler": "writes to file descriptors and can crash the process",
        "tracemalloc": "watches memory",
        "resource": "changes limits of the process",
        "readline": "reads and writes history files",
        "gettext": "reads catalogues and evaluates their plural forms",
        "locale": "changes a global setting",
    },
    packages={"importlib": _IMPORT},
)
