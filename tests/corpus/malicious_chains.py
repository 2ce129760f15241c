"""Hostile pickles that reach their goal in several steps: lookups, computed names, dotted names, second payloads."""

import base64
import codecs
import zlib
from collections.abc import Iterator

from tests.corpus import assembler as asm

ECHO = asm.text("echo modelwarden sample")
RUN = asm.call(asm.named("os", "system"), ECHO)
HOSTILE = asm.program(RUN)
HOSTILE_IN_TEXT = asm.program(
    asm.call(asm.named_in_text("os", "system"), asm.line("echo modelwarden sample")), protocol=0
)
CALLED = "dangerous-call"


def samples() -> Iterator[tuple[str, bytes]]:
    """Pairs of a path below `malicious/` and the bytes of the file."""
    yield from _lookups()
    yield from _operands()
    yield from _computed_names()
    yield from _dotted_names()
    yield from _nested()
    yield from _decoded()


def _call(module: str, name: str, *arguments: bytes) -> bytes:
    return asm.call(asm.named(module, name), *arguments)


def _lookups() -> Iterator[tuple[str, bytes]]:
    """What the lookup finds is known, and called."""
    os, system = asm.text("os"), asm.text("system")
    module = _call("importlib", "import_module", os)
    modules = {
        "import-module": module,
        "import-function": _call("builtins", "__import__", os),
        "gcd-import": _call("importlib._bootstrap", "_gcd_import", os),
        "resolve-name": _call("pkgutil", "resolve_name", os),
        "locate": _call("pydoc", "locate", os),
        "subimport": _call("cloudpickle.cloudpickle", "subimport", os),
    }
    for label, found in modules.items():
        function = _call("builtins", "getattr", found, system)
        yield f"import-trampoline/chain/{label}-getattr.pkl", asm.program(asm.call(function, ECHO))
        method = _call("operator", "methodcaller", system, ECHO)
        yield f"import-trampoline/chain/{label}-methodcaller.pkl", asm.program(asm.call(method, found))
        getter = _call("operator", "attrgetter", system)
        yield (
            f"import-trampoline/chain/{label}-attrgetter.pkl",
            asm.program(asm.call(asm.call(getter, found), ECHO)),
        )
    functions = {
        "getattr": _call("builtins", "getattr", module, system),
        "getattr-static": _call("inspect", "getattr_static", module, system),
        "attrgetter": asm.call(_call("operator", "attrgetter", system), module),
        "resolve-name": _call("pkgutil", "resolve_name", asm.text("os:system")),
        "resolve-dotted-name": _call("pkgutil", "resolve_name", asm.text("os.system")),
        "locate": _call("pydoc", "locate", asm.text("os.system")),
    }
    for label, function in functions.items():
        yield f"{CALLED}/chain/{label}.pkl", asm.program(asm.call(function, ECHO))
        yield (
            f"{CALLED}/chain/{label}-partial.pkl",
            asm.program(asm.call(_call("functools", "partial", function), ECHO)),
        )
        obj = asm.instantiate_by_obj(function, ECHO)
        yield f"{CALLED}/chain/{label}-obj.pkl", asm.program(obj)
    direct = asm.named("os", "system")
    partial = _call("functools", "partial", direct, ECHO)
    yield f"{CALLED}/chain/partial.pkl", asm.program(asm.call(partial))
    yield (
        f"{CALLED}/chain/partial-of-partial.pkl",
        asm.program(asm.call(_call("functools", "partial", partial))),
    )
    yield (
        f"{CALLED}/chain/methodcaller.pkl",
        asm.program(asm.call(_call("operator", "methodcaller", system, ECHO), module)),
    )


def _operands() -> Iterator[tuple[str, bytes]]:
    """Harmless by itself; the operand tells."""
    folder = "import-trampoline/operand"
    system = asm.named("os", "system")
    evaluate = asm.named("builtins", "eval")
    arguments = asm.items(ECHO)
    for label, called in {
        "partial-of-eval": _call("functools", "partial", evaluate, asm.text("1+1")),
        "partialmethod": _call("functools", "partialmethod", system, ECHO),
        "map": _call("builtins", "map", system, arguments),
        "map-in-list": _call("builtins", "list", _call("builtins", "map", system, arguments)),
        "map-in-bytes": asm.new(asm.named("builtins", "bytes"), _call("builtins", "map", system, arguments)),
        "map-in-frozenset": _call("builtins", "frozenset", _call("builtins", "map", evaluate, asm.items(asm.text("1+1")))),
        "filter": _call("builtins", "tuple", _call("builtins", "filter", system, arguments)),
        "iter-with-sentinel": _call("builtins", "iter", _call("functools", "partial", system, ECHO), asm.number(0)),
        "starmap": _call("itertools", "starmap", system, asm.items(asm.pack(ECHO))),
        "accumulate": _call("itertools", "accumulate", asm.items(ECHO, ECHO), asm.named("os", "execl")),
        "takewhile": _call("itertools", "takewhile", system, arguments),
        "reduce": _call("functools", "reduce", asm.named("os", "execl"), asm.items(ECHO, ECHO)),
        "operator-call": _call("operator", "call", system, ECHO),
        "bound-method": _call("types", "MethodType", system, ECHO),
        "lru-cache": _call("functools", "lru_cache", system),
        "vectorize": _call("numpy", "vectorize", system),
        "getattr-subclasses": _call("builtins", "getattr", asm.named("builtins", "object"), asm.text("__subclasses__")),
        "getattr-globals": _call("builtins", "getattr", asm.named("json", "loads"), asm.text("__globals__")),
        "getattr-dotted-by-attrgetter": _call("operator", "attrgetter", asm.text("load.__globals__")),
        "itemgetter-of-builtins": _call("operator", "itemgetter", asm.text("__builtins__")),
        "methodcaller-load-library": _call("operator", "methodcaller", asm.text("load_library"), ECHO),
        "attrgetter-several": _call("operator", "attrgetter", asm.text("shape"), asm.text("__class__.__base__")),
        "setattr-on-class": _call("builtins", "setattr", asm.named("collections", "OrderedDict"), asm.text("a"), system),
        "setitem-on-environ": _call("operator", "setitem", asm.named("os", "environ"), asm.text("A"), asm.text("1")),
        "type-getattribute": _call("builtins", "type.__getattribute__", asm.named("builtins", "object"),
            asm.text("__subclasses__")),
        "copyreg-reconstructor-base": _call("copyreg", "_reconstructor", asm.named("builtins", "object"), asm.named("os",
            "system"), ECHO),
        "import-of-a-loader": _call("importlib", "import_module", asm.text("pickle")),
        "import-of-an-unknown": _call("importlib", "import_module", asm.text("acme_nets_backdoor")),
        "import-of-antigravity": _call("importlib", "import_module", asm.text("antigravity")),
    }.items():  # fmt: skip
        yield f"{folder}/{label}.pkl", asm.program(called)
    defaults = _call("collections", "defaultdict", _call("functools", "partial", system, ECHO))
    yield f"{folder}/default-factory.pkl", asm.program(defaults)
    yield (
        "dangerous-import/operand/default-factory.pkl",
        asm.program(_call("collections", "defaultdict", system)),
    )
    looked_up = _call(
        "functools", "partial", asm.named("builtins", "getattr"), asm.named("os", "path"), asm.text("os")
    )
    yield "dangerous-import/operand/partial-of-getattr.pkl", asm.program(looked_up)
    by_key = _call("functools", "partial", asm.named("builtins", "sorted"), arguments, system)
    yield "dangerous-import/operand/partial-of-sorted.pkl", asm.program(by_key)
    yield (
        "dangerous-import/operand/sort-key.pkl",
        asm.program(asm.EMPTY_DICT + asm.text("key") + system + asm.SETITEM),
    )


def _computed_names() -> Iterator[tuple[str, bytes]]:
    """The module or the name is put together while the file is loaded."""
    letters = [asm.text(letter) for letter in "os"]
    spelt = {
        "join": asm.call(asm.named("builtins", "str.join"), asm.text(""), asm.items(*letters)),
        "rot13": _call("codecs", "decode", asm.text("bf"), asm.text("rot13")),
        "private-codecs": _call("_codecs", "decode", asm.blob(b"os"), asm.text("utf-8")),
        "bytes-decode": asm.call(asm.named("builtins", "bytes.decode"), asm.blob(b"os")),
        "format": asm.call(asm.named("builtins", "str.format"), asm.text("{}s"), asm.text("o")),
        "replace": asm.call(asm.named("builtins", "str.replace"), asm.text("oXs"), asm.text("X"), asm.text("")),
        "lower": asm.call(asm.named("builtins", "str.lower"), asm.text("OS")),
        "str-of-bytes": _call("builtins", "str", asm.blob(b"os"), asm.text("ascii")),
        "base64": asm.call(asm.named("builtins", "bytes.decode"), _call("base64", "b64decode", asm.text("b3M="))),
        "hexadecimal": asm.call(asm.named("builtins", "bytes.decode"), asm.call(asm.named("builtins", "bytes.fromhex"),
            asm.text("6f73"))),
        "concat": _call("operator", "concat", asm.text("o"), asm.text("s")),
        "add": _call("operator", "add", asm.text("o"), asm.text("s")),
        "slice": _call("operator", "getitem", asm.text("xosx"), _call("builtins", "slice", asm.number(1), asm.number(3))),
        "chr": asm.call(asm.named("builtins", "str.join"), asm.text(""), _call("builtins", "map", asm.named("builtins",
            "chr"), asm.items(asm.number(111), asm.number(115)))),
        "reduce": _call("functools", "reduce", asm.named("operator", "add"), asm.items(*letters)),
        "zlib": asm.call(asm.named("builtins", "bytes.decode"), _call("zlib", "decompress", asm.blob(zlib.compress(b"os", 0)))),
        "subclass-of-str": asm.new(asm.named("builtins", "str"), asm.text("os")),
    }  # fmt: skip
    for label, module in spelt.items():
        found = module + asm.text("system") + asm.STACK_GLOBAL
        yield f"unresolvable-import/computed-module/{label}.pkl", asm.program(asm.call(found, ECHO))
    name = asm.call(
        asm.named("builtins", "str.join"), asm.text(""), asm.items(*[asm.text(char) for char in "system"])
    )
    yield (
        "unresolvable-import/computed-name/join.pkl",
        asm.program(asm.call(asm.text("os") + name + asm.STACK_GLOBAL, ECHO)),
    )
    yield (
        "unresolvable-import/computed-name/both.pkl",
        asm.program(asm.call(spelt["join"] + name + asm.STACK_GLOBAL, ECHO)),
    )
    kept = spelt["join"] + asm.put(1) + asm.POP + asm.get(1) + asm.text("system") + asm.STACK_GLOBAL
    yield "unresolvable-import/computed-module/from-memo.pkl", asm.program(asm.call(kept, ECHO))
    yield (
        "unresolvable-import/computed-module/instance.pkl",
        asm.program(asm.new(spelt["join"] + asm.text("system") + asm.STACK_GLOBAL)),
    )
    persistent = asm.persistent(asm.text("0")) + asm.text("system") + asm.STACK_GLOBAL
    yield "unresolvable-import/computed-module/persistent-id.pkl", asm.program(asm.call(persistent, ECHO))
    extension = asm.extension(7) + asm.text("system") + asm.STACK_GLOBAL
    yield "unresolvable-import/computed-module/extension.pkl", asm.program(asm.call(extension, ECHO))
    module = _call("importlib", "import_module", spelt["join"])
    yield "import-trampoline/computed/import-module.pkl", asm.program(module)
    looked_up = _call("builtins", "getattr", asm.named("pathlib", "Path"), name)
    yield "import-trampoline/computed/getattr.pkl", asm.program(looked_up)
    yield (
        "import-trampoline/computed/methodcaller.pkl",
        asm.program(_call("operator", "methodcaller", name, ECHO)),
    )
    yield "import-trampoline/computed/attrgetter.pkl", asm.program(_call("operator", "attrgetter", name))


def _dotted_names() -> Iterator[tuple[str, bytes]]:
    """Names that walk out of the module they start in; from protocol 4 on, for text GLOBAL too."""
    chains = {
        "pathlib-os": ("pathlib", "os.system"),
        "random-os": ("random", "_os.system"),
        "argparse-os": ("argparse", "_os.popen"),
        "glob-os": ("glob", "os.system"),
        "logging-os": ("logging", "os.system"),
        "collections-sys": ("collections", "_sys.modules"),
        "json-codecs-builtins": ("json", "codecs.builtins.eval"),
        "dataclasses-builtins": ("dataclasses", "builtins.exec"),
        "numpy-os": ("numpy", "os.system"),
        "numpy-ctypeslib-ctypes": ("numpy", "ctypeslib.ctypes.CDLL"),
        "torch-os": ("torch", "os.system"),
        "torch-utils-sys": ("torch._utils", "sys.modules"),
        "torch-serialization-pickle": ("torch.serialization", "pickle.loads"),
        "sklearn-base-platform": ("sklearn.base", "platform.os.system"),
        "sklearn-os": ("sklearn.utils", "os.system"),
        "pandas-subprocess": ("pandas.io.clipboard", "subprocess.Popen"),
        "function-globals": ("json", "loads.__globals__"),
        "method-globals": ("collections", "Counter.update.__globals__"),
        "init-globals": ("collections", "OrderedDict.__init__.__globals__"),
        "class-subclasses": ("builtins", "object.__subclasses__"),
        "class-of-class": ("builtins", "int.__class__.__subclasses__"),
        "base-of-base": ("collections", "OrderedDict.__base__.__base__.__subclasses__"),
        "mro": ("builtins", "int.__mro__"),
        "module-dictionary": ("json", "__dict__"),
        "module-builtins": ("json", "__builtins__"),
        "module-loader": ("json", "__loader__.load_module"),
        "module-spec": ("json", "__spec__.loader"),
        "reduce": ("builtins", "object.__reduce_ex__"),
        "init-subclass": ("builtins", "object.__init_subclass__"),
        "code": ("json", "loads.__code__"),
        "wrapped": ("json", "loads.__wrapped__"),
        "nineteen-steps": ("json", ".".join(["decoder"] * 19)),
    }
    for label, (module, name) in chains.items():
        yield f"attribute-chain/dotted/{label}.pkl", asm.program(asm.call(asm.named(module, name), ECHO))
    for label in ("pathlib-os", "function-globals", "torch-os"):
        module, name = chains[label]
        in_text = asm.call(asm.named_in_text(module, name), ECHO)
        yield f"attribute-chain/dotted/{label}-global.pkl", asm.program(in_text)
        yield f"attribute-chain/dotted/{label}-kept.pkl", asm.program(asm.named(module, name))
        popped = asm.named(module, name) + asm.POP + asm.NONE
        yield f"attribute-chain/dotted/{label}-popped.pkl", asm.program(popped)


def _nested() -> Iterator[tuple[str, bytes]]:
    """A second pickle stands in a constant of the first; found whether or not something loads it."""
    folder = f"{CALLED}/nested"
    latin_1 = HOSTILE_IN_TEXT.decode("latin-1")
    constants = {
        "binbytes": asm.blob(HOSTILE),
        "short-binbytes": b"C" + bytes([len(HOSTILE)]) + HOSTILE,
        "binbytes8": b"\x8e" + len(HOSTILE).to_bytes(8, "little") + HOSTILE,
        "bytearray8": b"\x96" + len(HOSTILE).to_bytes(8, "little") + HOSTILE,
        "protocol-0": asm.blob(HOSTILE_IN_TEXT),
        "short-binstring": b"U" + bytes([len(HOSTILE)]) + HOSTILE,
        "latin-1": asm.call(asm.named("_codecs", "encode"), asm.binunicode(latin_1), asm.text("latin1")),
        "latin-1-high-bytes": asm.call(asm.named("_codecs", "encode"), asm.binunicode(HOSTILE.decode("latin-1")),
            asm.text("latin1")),
    }  # fmt: skip
    for label, constant in constants.items():
        yield f"{folder}/{label}-loaded.pkl", asm.program(asm.call(asm.named("pickle", "loads"), constant))
        yield (
            f"nested-loader/nested/{label}.pkl",
            asm.program(asm.call(asm.named("pickle", "loads"), constant)),
        )
        kept = asm.EMPTY_DICT + asm.text("backup") + constant + asm.SETITEM
        yield f"{folder}/{label}-kept.pkl", asm.program(kept)
    loaded = asm.call(asm.named("torch.storage", "_load_from_bytes"), asm.blob(HOSTILE))
    yield f"{folder}/torch-storage.pkl", asm.program(loaded)
    twice = asm.program(asm.call(asm.named("pickle", "loads"), asm.blob(HOSTILE)))
    thrice = asm.program(asm.call(asm.named("torch.storage", "_load_from_bytes"), asm.blob(twice)))
    yield f"{folder}/twice.pkl", asm.program(asm.call(asm.named("pickle", "loads"), asm.blob(twice)))
    yield f"{folder}/thrice.pkl", asm.program(asm.call(asm.named("dill", "loads"), asm.blob(thrice)))
    text = base64.b64encode(HOSTILE).decode()
    decoders = {
        "b64decode": ("base64", "b64decode"),
        "urlsafe-b64decode": ("base64", "urlsafe_b64decode"),
        "a2b-base64": ("binascii", "a2b_base64"),
    }
    for label, (module, name) in decoders.items():
        decoded = asm.call(asm.named(module, name), asm.text(text))
        yield f"{folder}/{label}.pkl", asm.program(asm.call(asm.named("pickle", "loads"), decoded))
    codec = asm.call(asm.named("codecs", "decode"), asm.blob(text.encode()), asm.text("base64"))
    yield f"{folder}/codecs-base64.pkl", asm.program(asm.call(asm.named("pickle", "loads"), codec))
    for loader in ("dill.loads", "cloudpickle.loads", "pandas.io.pickle.read_pickle", "joblib.load"):
        module, _, name = loader.rpartition(".")
        buffer = asm.call(asm.named("io", "BytesIO"), asm.blob(HOSTILE))
        yield f"{folder}/{loader}.pkl", asm.program(asm.call(asm.named(module, name), buffer))


def _decoded() -> Iterator[tuple[str, bytes]]:
    """The outer call is plain; what it runs comes out of a decoder."""
    code = "print('modelwarden sample')"
    packed = base64.b64encode(zlib.compress(code.encode(), 0)).decode()
    payloads = {
        "base64": _call("base64", "b64decode", asm.text(base64.b64encode(code.encode()).decode())),
        "base85": _call("base64", "b85decode", asm.text(base64.b85encode(code.encode()).decode())),
        "zlib": _call("zlib", "decompress", asm.blob(zlib.compress(code.encode(), 0))),
        "zlib-base64": _call("zlib", "decompress", _call("base64", "b64decode", asm.text(packed))),
        "rot13": _call("codecs", "decode", asm.text(codecs.encode(code, "rot13")), asm.text("rot13")),
        "hexadecimal": asm.call(asm.named("builtins", "bytes.fromhex"), asm.text(code.encode().hex())),
        "unhexlify": _call("binascii", "unhexlify", asm.text(code.encode().hex())),
        "bytes": asm.new(asm.named("builtins", "bytes"), asm.items(*(asm.number(byte) for byte in code.encode()))),
        "compiled": _call("builtins", "compile", asm.text(code), asm.text("m"), asm.text("exec")),
        "marshalled": _call("marshal", "loads", asm.blob(b"N")),
    }  # fmt: skip
    for label, payload in payloads.items():
        for callee in ("exec", "eval"):
            yield f"{CALLED}/decoded/{callee}-{label}.pkl", asm.program(_call("builtins", callee, payload))
