"""Types and functions of the standard library that models contain and that are harmless whatever their arguments.

Source: the CPython documentation and sources, read for what each constructor does.
"""

from modelwarden.policies.tables.harmless_rows import Harmless

TABLE = Harmless(
    reason="data types and constructors of Python that only hold or compute values",
    names={
        "builtins": (
            "set frozenset list dict tuple bytearray bytes int float complex bool str object slice range long unicode xrange "
            "basestring memoryview enumerate reversed zip property staticmethod classmethod abs all any ascii bin chr divmod "
            "format hash hex len max min oct ord pow repr round sorted sum unichr Ellipsis NotImplemented None True False "
            "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError "
            "BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError "
            "ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError "
            "EncodingWarning EnvironmentError Exception ExceptionGroup FileExistsError FileNotFoundError "
            "FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning "
            "IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt "
            "LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError "
            "OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError "
            "RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration "
            "StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError "
            "UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError "
            "UnicodeWarning UserWarning ValueError Warning ZeroDivisionError "
            "str.capitalize str.casefold str.lower str.isdigit str.lstrip str.rstrip str.split str.strip str.title str.upper"
        ),
        "collections": "OrderedDict Counter deque ChainMap UserDict UserList UserString",
        "collections.abc": (
            "_CallableGenericAlias Mapping MutableMapping Sequence MutableSequence Set "
            "MutableSet Iterable Iterator Callable Hashable"
        ),
        "copyreg": "__newobj__ __newobj_ex__",
        "codecs": "encode",
        "datetime": "datetime date time timedelta timezone tzinfo",
        "decimal": "Decimal Context DecimalTuple",
        "fractions": "Fraction",
        "uuid": "UUID SafeUUID",
        "enum": "auto",
        "abc": "ABC",
        "types": "SimpleNamespace MappingProxyType GenericAlias NoneType EllipsisType NotImplementedType UnionType",
        "argparse": "Namespace",
        "pathlib": "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath",
        "re": "_compile Pattern RegexFlag",
        "sre_compile": "_compile",
        "array": "array _array_reconstructor",
        "zoneinfo": "ZoneInfo ZoneInfo._unpickle",
        "ipaddress": (
            "IPv4Address IPv6Address IPv4Network IPv6Network IPv4Interface IPv6Interface ip_address ip_network ip_interface"
        ),
        "string": "Template Formatter",
        "random": "Random",
        "io": "BytesIO StringIO",
        "itertools": "chain chain.from_iterable count cycle islice product permutations combinations repeat zip_longest",
        "logging": "getLogger Logger",
        "inspect": "Parameter Signature _ParameterKind _empty",
        "ast": (
            "Add And AnnAssign Assert Assign Attribute AugAssign BinOp BitAnd BitOr BitXor BoolOp Break Call ClassDef Compare "
            "Constant Continue Del Delete Dict DictComp Div Eq ExceptHandler Expr Expression FloorDiv For FormattedValue "
            "FunctionDef GeneratorExp Global Gt GtE If IfExp Import ImportFrom In Invert Is IsNot JoinedStr Lambda LShift List "
            "ListComp Load Lt LtE MatMult Mod Module Mult Name NamedExpr Nonlocal Not NotEq NotIn Or Pass Pow RShift Raise "
            "Return Set SetComp Slice Starred Store Sub Subscript Try Tuple UAdd USub UnaryOp While With Yield YieldFrom alias "
            "arg arguments comprehension keyword withitem"
        ),
        "threading": "Lock RLock local Event",
        "_thread": "allocate_lock lock RLock",
        "queue": "Queue",
        "time": "struct_time",
        "operator": (
            "abs add and_ eq floordiv ge gt index inv invert le lshift lt matmul mod mul ne neg not_ or_ pos pow rshift sub "
            "truediv truth xor is_ is_not"
        ),
        "math": "ceil cos exp expm1 fabs floor log log10 log1p log2 pow sin sqrt tan tanh",
        "statistics": "mean median mode",
        "typing": "Any Union Optional List Dict Tuple Callable Type TypeVar Generic Literal",
        "dataclasses": "Field _MISSING_TYPE _HAS_DEFAULT_FACTORY_CLASS",
        "http": "HTTPStatus",
        "weakref": "WeakKeyDictionary WeakValueDictionary WeakSet",
    },
)
