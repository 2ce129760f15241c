"""Callables that build functions, classes or code objects out of data: the code is in the file itself.

Reasons complete "os.system, which …".
"""

_CODE = "builds a code object from bytecode in the file"
_FUNCTION = "builds a function from a code object"
_CLASS = "builds a class from a table of attributes"
_CELL = "builds a part of a function"
_STATE = "fills in a function or class made from the file"

_CLOUDPICKLE = {
    "_make_function": _FUNCTION,
    "_make_skel_func": _FUNCTION,
    "_fill_function": _STATE,
    "_function_setstate": _STATE,
    "_make_cell": _CELL,
    "_make_empty_cell": _CELL,
    "cell_set": _STATE,
    "_cell_set_factory": _FUNCTION,
    "_make_skeleton_class": _CLASS,
    "_make_skeleton_enum": _CLASS,
    "_rehydrate_skeleton_class": _STATE,
    "_class_setstate": _STATE,
    "_builtin_type": "looks up a type by name",
    "_make_cell_set_template_code": _CODE,
    "_load_class": _CLASS,
    "_load_namedtuple": _CLASS,
    "_restore_attr": _STATE,
    "_make_typevar": _CLASS,
    "_modules_to_main": "copies modules into the main module",
    "_find_module": "imports a module",
    "make_skel_func": _FUNCTION,
    "dynamic_subimport": "builds a module from a table of attributes",
    "_get_bases": _CLASS,
    "instance": "creates an instance of any class",
    "CodeType": _CODE,
}

_DILL = {
    "_create_function": _FUNCTION,
    "_create_code": _CODE,
    "_create_cell": _CELL,
    "_create_type": _CLASS,
    "_create_namedtuple": _CLASS,
    "_create_typemap": _CLASS,
    "_create_ftype": _CLASS,
    "_create_capsule": "builds a pointer to native code",
    "_create_dtypemeta": _CLASS,
    "_create_filehandle": "opens a file",
    "_create_stringi": "builds a text buffer",
    "_create_stringo": "builds a text buffer",
    "_create_lock": "builds a lock",
    "_create_rlock": "builds a lock",
    "_create_weakref": "builds a weak reference",
    "_create_weakproxy": "builds a weak reference",
    "_eval_repr": "evaluates an expression as Python code",
    "_get_attr": "looks up an attribute",
    "_load_type": "looks up a type by name",
    "_setattr": _STATE,
    "_delattr": _STATE,
    "CodeType": _CODE,
    "FunctionType": _FUNCTION,
    "CellType": _CELL,
}

CALLABLES: dict[str, dict[str, str]] = {
    "types": {
        "CodeType": _CODE,
        "FunctionType": _FUNCTION,
        "LambdaType": _FUNCTION,
        "CellType": _CELL,
        "ModuleType": "builds a module",
        "new_class": _CLASS,
        "prepare_class": _CLASS,
        "coroutine": "changes a code object",
    },
    "builtins": {"__build_class__": _CLASS},
    "cloudpickle.cloudpickle": _CLOUDPICKLE,
    "cloudpickle.cloudpickle_fast": _CLOUDPICKLE,
    "cloudpickle": _CLOUDPICKLE,
    "dill._dill": _DILL,
    "dill.dill": _DILL,
    "dill": _DILL,
    "dill._shims": {
        "_delattr": _STATE,
        "_setattr": _STATE,
        "Reduce": "stands for a call made by a pickle",
        "_CELL_EMPTY": _CELL,
    },
    "keras.layers": {"Lambda": "builds a layer from a function"},
    "numba.core.dispatcher": {"Dispatcher._rebuild": _FUNCTION},
    "pyspark.serializers": {"_restore": _CLASS, "_hack_namedtuple": _CLASS},
}
"""Module -> name -> reason."""
