"""Callables that are harmless by themselves and reach whatever their operand names."""

from enum import StrEnum


class Shape(StrEnum):
    """Where the operand stands and what is done with it."""

    ATTRIBUTE = "second argument names an attribute of the first"
    NAMES = "every argument names an attribute"
    KEYS = "every argument is a key"
    ITEM = "second argument is a key into the first, or the parameter of a generic type"
    METHOD = "the first argument names a method"
    MODULE = "the first argument names a module"
    QUALIFIED = "the first argument names a module and an attribute"
    PAIR = "the first two arguments name a module and an attribute"
    BINDS = "the first argument is kept, to be called later"
    CALLS = "the first argument is called"
    CALLS_SECOND = "the second argument is called, when there is one"
    ITERATES = "the first argument is called when there is a second"
    CHANGES = "an attribute or item of the first argument is changed"
    CLASS = "with more than one argument a class is built"
    FACTORY = "the first argument, if there is one, is called later without arguments"
    MAKER = "the first argument, unless it is a name, is called"
    CALLBACK = "the second argument, if there is one, is called later"


CALLABLES: dict[str, dict[str, Shape]] = {
    "builtins": {
        "getattr": Shape.ATTRIBUTE,
        "hasattr": Shape.ATTRIBUTE,
        "setattr": Shape.CHANGES,
        "delattr": Shape.CHANGES,
        "__import__": Shape.MODULE,
        "reload": Shape.MODULE,
        "map": Shape.CALLS,
        "filter": Shape.CALLS,
        "apply": Shape.CALLS,
        "reduce": Shape.CALLS,
        "iter": Shape.ITERATES,
        "type": Shape.CLASS,
        "object.__getattribute__": Shape.ATTRIBUTE,
        "type.__getattribute__": Shape.ATTRIBUTE,
        "object.__setattr__": Shape.CHANGES,
        "type.__setattr__": Shape.CHANGES,
    },
    "operator": {
        "attrgetter": Shape.NAMES,
        "itemgetter": Shape.KEYS,
        "methodcaller": Shape.METHOD,
        "getitem": Shape.ITEM,
        "__getitem__": Shape.ITEM,
        "setitem": Shape.CHANGES,
        "__setitem__": Shape.CHANGES,
        "delitem": Shape.CHANGES,
        "__delitem__": Shape.CHANGES,
        "call": Shape.CALLS,
        "__call__": Shape.CALLS,
    },
    "functools": {
        "partial": Shape.BINDS,
        "partialmethod": Shape.BINDS,
        "reduce": Shape.CALLS,
        "cmp_to_key": Shape.BINDS,
        "lru_cache": Shape.BINDS,
        "cached_property": Shape.BINDS,
        "wraps": Shape.BINDS,
    },
    "types": {"MethodType": Shape.BINDS, "DynamicClassAttribute": Shape.BINDS},
    "itertools": {
        "starmap": Shape.CALLS,
        "takewhile": Shape.CALLS,
        "dropwhile": Shape.CALLS,
        "filterfalse": Shape.CALLS,
        "accumulate": Shape.CALLS_SECOND,
        "groupby": Shape.CALLS_SECOND,
        "imap": Shape.CALLS,
        "ifilter": Shape.CALLS,
    },
    "inspect": {"getattr_static": Shape.ATTRIBUTE},
    "weakref": {"ref": Shape.CALLBACK, "proxy": Shape.CALLBACK, "WeakMethod": Shape.CALLBACK},
    "abc": {"ABCMeta": Shape.CLASS},
    "_py_abc": {"ABCMeta": Shape.CLASS},
    "enum": {
        "EnumMeta": Shape.CLASS,
        "EnumType": Shape.CLASS,
        "Enum": Shape.CLASS,
        "IntEnum": Shape.CLASS,
        "StrEnum": Shape.CLASS,
        "ReprEnum": Shape.CLASS,
        "Flag": Shape.CLASS,
        "IntFlag": Shape.CLASS,
    },
    "typing": {
        "_ProtocolMeta": Shape.CLASS,
        "_AnyMeta": Shape.CLASS,
        "_TypedDictMeta": Shape.CLASS,
        "NamedTupleMeta": Shape.CLASS,
        "GenericMeta": Shape.CLASS,
        "TypingMeta": Shape.CLASS,
    },
    "string": {"_TemplateMetaclass": Shape.CLASS},
    "collections": {"defaultdict": Shape.FACTORY},
    "copyreg": {"_reconstructor": Shape.CALLS_SECOND},
    "importlib": {"import_module": Shape.MODULE, "__import__": Shape.MODULE, "reload": Shape.MODULE},
    "importlib._bootstrap": {
        "__import__": Shape.MODULE,
        "_gcd_import": Shape.MODULE,
        "_find_and_load": Shape.MODULE,
        "_find_and_load_unlocked": Shape.MODULE,
    },
    "pkgutil": {"resolve_name": Shape.QUALIFIED},
    "pydoc": {"locate": Shape.QUALIFIED, "safeimport": Shape.MODULE, "resolve": Shape.QUALIFIED},
    "logging.config": {
        "_resolve": Shape.QUALIFIED,
        "BaseConfigurator.resolve": Shape.QUALIFIED,
        "dictConfig": Shape.QUALIFIED,
        "DictConfigurator": Shape.QUALIFIED,
        "BaseConfigurator": Shape.QUALIFIED,
    },
    "warnings": {"_getcategory": Shape.QUALIFIED},
    "encodings": {"search_function": Shape.MODULE},
    "numpy.core": {"_ufunc_reconstruct": Shape.PAIR},
    "numpy": {"vectorize": Shape.BINDS, "apply_along_axis": Shape.CALLS, "frompyfunc": Shape.BINDS},
    "numpy.lib.function_base": {"vectorize": Shape.BINDS},
    "numpy.lib._function_base_impl": {"vectorize": Shape.BINDS},
    "numpy.random._pickle": {
        "__bit_generator_ctor": Shape.MAKER,
        "__generator_ctor": Shape.CALLS_SECOND,
        "__randomstate_ctor": Shape.CALLS_SECOND,
    },
    "torch._tensor": {"_rebuild_from_type_v2": Shape.CALLS, "_rebuild_from_type": Shape.CALLS},
    "torch.tensor": {"_rebuild_from_type": Shape.CALLS},
    "torch._utils": {"_import_dotted_name": Shape.QUALIFIED, "try_import": Shape.MODULE},
    "torch.package._importlib": {"_resolve_name": Shape.MODULE},
    "cloudpickle": {"subimport": Shape.MODULE},
    "cloudpickle.cloudpickle": {"subimport": Shape.MODULE},
    "cloudpickle.cloudpickle_fast": {"subimport": Shape.MODULE},
    "dill._dill": {
        "_import_module": Shape.QUALIFIED,
        "_getattribute": Shape.ATTRIBUTE,
        "_create_array": Shape.CALLS,
    },
    "dill.dill": {"_import_module": Shape.QUALIFIED, "_create_array": Shape.CALLS},
    "dill": {"_import_module": Shape.QUALIFIED, "_create_array": Shape.CALLS},
    "hydra.utils": {
        "instantiate": Shape.QUALIFIED,
        "call": Shape.QUALIFIED,
        "get_class": Shape.QUALIFIED,
        "get_method": Shape.QUALIFIED,
        "get_object": Shape.QUALIFIED,
        "_locate": Shape.QUALIFIED,
    },
    "hydra._internal.utils": {"_locate": Shape.QUALIFIED},
    "hydra._internal.instantiate._instantiate2": {
        "instantiate": Shape.QUALIFIED,
        "_resolve_target": Shape.QUALIFIED,
    },
    "django.utils.module_loading": {"import_string": Shape.QUALIFIED, "cached_import": Shape.PAIR},
    "werkzeug.utils": {"import_string": Shape.QUALIFIED},
    "celery.utils.imports": {"symbol_by_name": Shape.QUALIFIED, "import_from_cwd": Shape.MODULE},
    "kombu.utils.imports": {"symbol_by_name": Shape.QUALIFIED},
    "traitlets": {"import_item": Shape.QUALIFIED},
    "traitlets.utils.importstring": {"import_item": Shape.QUALIFIED},
    "tensorflow.python.util.lazy_loader": {"LazyLoader": Shape.MODULE},
    "transformers.utils.import_utils": {
        "_LazyModule": Shape.MODULE,
        "direct_transformers_import": Shape.MODULE,
    },
    "toolz.functoolz": {"curry": Shape.BINDS, "apply": Shape.CALLS, "pipe": Shape.CALLS_SECOND},
}
"""Module -> name -> how its operand is judged."""

_SHAPES: dict[str, Shape] = {
    f"{module}.{name}": shape for module, row in CALLABLES.items() for name, shape in row.items()
}

LOOKUPS: frozenset[str] = frozenset(
    name for name, shape in _SHAPES.items() if shape in (Shape.NAMES, Shape.KEYS)
)
"""What these return only looks attributes or keys up when it is called."""


def shape_of(subject: str) -> Shape:
    """How the operand of the trampoline `subject` (`functools.partial`) is judged. Raises KeyError for anything else."""
    return _SHAPES[subject]


GATEWAYS: frozenset[str] = frozenset(
    "builtins io pickle types codecs operator functools inspect pathlib logging.config dill cloudpickle copyreg yaml "
    "marshal shelve jsonpickle cffi asyncio ssl threading multiprocessing platform pydoc profile cProfile".split()
)
"""Modules that are not dangerous as a whole, and of which nothing harmless is ever needed as a module object."""

STRONG_MODULES: frozenset[str] = frozenset(
    "os posix nt sys subprocess builtins __builtin__ __builtins__ bltns importlib pickle cPickle marshal shutil socket ctypes "
    "runpy pty _posixsubprocess".split()
)
"""Names that mean these modules wherever they turn up: as an attribute, or as a step in a dotted name."""

STRONG_NAMES: frozenset[str] = frozenset(
    "system popen Popen eval exec execfile execv execve execvp execl execlp spawnl spawnv spawnlp spawnvp posix_spawn "
    "check_output check_call getoutput getstatusoutput startfile import_module __import__ load_library dlopen "
    "func_globals func_code f_globals f_locals f_builtins f_back gi_frame cr_frame tb_frame im_func im_self".split()
)
"""Attribute names that lead straight to code or commands, on whatever object."""

WALKS: frozenset[str] = frozenset(
    "__globals__ __builtins__ __builtin__ __subclasses__ __dict__ __class__ __bases__ __base__ __mro__ __self__ "
    "__func__ __code__ __closure__ __getattribute__ __getattr__ __setattr__ __delattr__ __import__ __loader__ __spec__ "
    "__reduce__ __reduce_ex__ __init_subclass__ __wrapped__ __build_class__ __objclass__".split()
)
"""Special attributes that lead from an object to its module, class or code."""

ACTING: frozenset[str] = frozenset(
    "write write_text write_bytes writelines touch unlink rmdir rmtree mkdir makedirs rename symlink_to hardlink_to link_to "
    "chmod lchmod chown removedirs truncate tofile to_pickle to_csv to_hdf to_sql savetxt extract extractall "
    "run call start spawn fork kill terminate communicate send_signal submit apply_async starmap callback register "
    "open load loads loadTestsFromName execute executescript executemany load_module exec_module find_class find_spec "
    "compile resolve resolve_name read_text read_bytes send sendall sendto connect bind urlopen urlretrieve "
    "LoadLibrary CDLL load_extension enable_load_extension runcode runsource runcall runeval runctx".split()
)
"""Methods that act on files, processes, code or the network, on whatever object."""

QUIET_SPECIALS: frozenset[str] = frozenset(
    "__name__ __qualname__ __module__ __doc__ __len__ __getitem__ __contains__ __iter__ __next__ __str__ __repr__ __hash__ "
    "__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __add__ __sub__ __mul__ __truediv__ __floordiv__ __mod__ __neg__ __abs__ "
    "__float__ __int__ __bool__ __and__ __or__ __xor__ __matmul__".split()
)
"""Special attributes that lead nowhere."""
