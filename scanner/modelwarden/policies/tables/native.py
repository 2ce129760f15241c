"""Callables that load or build native code, or reach memory directly."""

from modelwarden.policies.tables.danger import Danger

_LIBRARY = "loads a native library"
_BUILD = "compiles and loads native code"

TABLE = Danger(
    family="native",
    callables={
        "cffi": {"FFI": _LIBRARY, "FFI.dlopen": _LIBRARY, "FFI.verify": _BUILD},
        "cffi.api": {"FFI": _LIBRARY, "FFI.dlopen": _LIBRARY, "FFI.verify": _BUILD},
        "_cffi_backend": {"load_library": _LIBRARY},
        "numpy.ctypeslib": {"load_library": _LIBRARY},
        "numpy.ctypeslib._ctypeslib": {"load_library": _LIBRARY},
        "torch.ops": {"load_library": _LIBRARY},
        "torch._ops": {"_Ops.load_library": _LIBRARY, "ops.load_library": _LIBRARY},
        "torch.classes": {"load_library": _LIBRARY},
        "torch._classes": {"_Classes.load_library": _LIBRARY, "classes.load_library": _LIBRARY},
        "torch": {"compile": "compiles a function", "_preload_cuda_deps": _LIBRARY},
        "torch._export": {"aot_load": _LIBRARY},
        "torch._inductor": {"aoti_load_package": _LIBRARY, "aot_compile": _BUILD},
        "torch._inductor.package": {"load_package": _LIBRARY},
        "torch.cuda": {"CUDAPluggableAllocator": _LIBRARY},
        "torch.cuda.memory": {"CUDAPluggableAllocator": _LIBRARY},
        "tensorflow": {"load_op_library": _LIBRARY, "load_library": _LIBRARY},
        "tensorflow.python.framework.load_library": {"load_op_library": _LIBRARY, "load_library": _LIBRARY},
        "sqlite3": {"Connection.load_extension": _LIBRARY, "enable_load_extension": _LIBRARY},
        "onnxruntime": {"SessionOptions.register_custom_ops_library": _LIBRARY},
        "tensorflow.lite.python.interpreter": {"load_delegate": _LIBRARY, "Delegate": _LIBRARY},
        "xgboost.core": {"_load_lib": _LIBRARY},
        "xgboost.libpath": {"find_lib_path": "looks for a native library"},
        "lightgbm.libpath": {"find_lib_path": "looks for a native library"},
        "llvmlite.binding.dylib": {"load_library_permanently": _LIBRARY},
    },
    modules={
        "imp": "loads a module from a file",
        "torch.utils.cpp_extension": _BUILD,
        "torch.utils._cpp_extension_versioner": _BUILD,
        "mmap": "maps a file into memory",
        "fcntl": "controls file descriptors and devices",
        "msvcrt": "reaches the Windows runtime",
        "winreg": "reads and writes the Windows registry",
        "_scproxy": "reads the system's network settings",
    },
    packages={
        "ctypes": "reaches native code and raw memory",
        "llvmlite": _BUILD,
        "pyximport": _BUILD,
        "Cython": _BUILD,
        "cppyy": _BUILD,
        "win32com": "controls other programs (COM)",
        "win32api": "calls the Windows API",
        "comtypes": "controls other programs (COM)",
    },
)
