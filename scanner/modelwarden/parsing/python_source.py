"""What Python source reaches in modules, read from its syntax tree: names are followed through imports, aliases and `getattr`.

Nothing is compiled or run. Whether code is reached at all is not asked: a handler's functions are there to be called.
Grammar: https://docs.python.org/3/library/ast.html
"""

import ast
import warnings

from modelwarden.domain.location import Span
from modelwarden.domain.observation import CodeBlob, Origin
from modelwarden.domain.value import Global

LARGEST = 512 << 10
"""Longer source is not parsed: a tree takes some hundred times as much memory."""
_LEADS_OUT = frozenset(
    "__globals__ __builtins__ __subclasses__ __import__ __loader__ f_globals f_builtins".split()
)
_LOOKUPS = frozenset(("getattr", "builtins.getattr"))
_IMPORTERS = frozenset(
    ("__import__", "builtins.__import__", "importlib.import_module", "importlib.__import__")
)
_BUILTINS = frozenset("eval exec compile __import__ breakpoint open input globals vars getattr".split())
_PASSES = 4
"""How often aliases of aliases are followed."""
_MOST = 1000
_LONGEST = 50
_DEEPEST = 20
"""Parts of one dotted path, and lookups within lookups."""


class Unparsable(Exception):
    """The source is none, or none that this Python knows; `str()` says why."""


def reached(source: bytes, name: str) -> CodeBlob:
    """What the code in `source` (a file called `name`) reaches. Raises `Unparsable`."""
    tree = _parse(source)
    names = _Names(tree)
    targets: dict[Global, None] = {}
    chains: dict[str, None] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute | ast.Name | ast.Call) or isinstance(
            getattr(node, "ctx", None), ast.Store | ast.Del
        ):
            continue
        path = names.path(node)
        if path and "." in path:
            targets.setdefault(_split(path, names.modules))
        elif isinstance(node, ast.Attribute) and node.attr in _LEADS_OUT:
            chains.setdefault(node.attr)
        if len(targets) >= _MOST:
            break
    return CodeBlob(
        name=name,
        reaches=tuple(targets),
        attributes=tuple(chains),
        names=(),
        decoded=True,
        span=Span(0, len(source)),
        origin=Origin.SOURCE,
    )


def _parse(source: bytes) -> ast.Module:
    if len(source) > LARGEST:
        raise Unparsable(f"{len(source)} bytes of source are too many to be parsed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except SyntaxError as error:
            raise Unparsable(f"it is no Python that is known here (line {error.lineno})") from error
        except (ValueError, RecursionError, MemoryError) as error:
            raise Unparsable("it is nested too deeply or holds NULs") from error


class _Names:
    """What the names of a module stand for, wherever they are bound: dotted paths that begin with a module.

    `modules`: every module that is imported, so that a path can be cut where the module ends.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._bound: dict[str, str] = {name: f"builtins.{name}" for name in _BUILTINS}
        self.modules: set[str] = {"builtins"}
        assigned: list[tuple[str, ast.expr]] = []
        for node in ast.walk(tree):
            self._import(node)
            match node:
                case ast.Assign(targets=targets, value=value):
                    assigned += [(target.id, value) for target in targets if isinstance(target, ast.Name)]
                case (
                    ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                    | ast.NamedExpr(target=ast.Name(id=name), value=value)
                ):
                    assigned.append((name, value))
        for _ in range(_PASSES):
            before = len(self._bound)
            for name, value in assigned:
                path = self.path(value)
                if path:
                    self._bound.setdefault(name, path)
            if len(self._bound) == before:
                break

    def _import(self, node: ast.AST) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    self.modules.add(alias.name)
                    bound = alias.name if alias.asname else alias.name.partition(".")[0]
                    self._bound[alias.asname or bound] = bound
            case ast.ImportFrom(module=str(module), names=names, level=0):
                self.modules.add(module)
                for alias in names:
                    self._bound[alias.asname or alias.name] = f"{module}.{alias.name}"

    def path(self, node: ast.AST, depth: int = 0) -> str:
        """The dotted path that an expression stands for; empty when it is not one."""
        parts: list[str] = []
        start = ""
        for _ in range(_LONGEST):
            match node:
                case ast.Attribute(value=value, attr=attr):
                    parts.append(attr)
                    node = value
                    continue
                case ast.Name(id=name):
                    start = self._bound.get(name, "")
                case ast.Call(func=function, args=arguments) if depth < _DEEPEST:
                    start = self._called(function, arguments, depth + 1)
                case ast.Subscript(value=value, slice=ast.Constant(value=str(key))) if depth < _DEEPEST:
                    start = key if self.path(value, depth + 1) == "sys.modules" else ""
                    self.modules.update((key,) if start else ())
            break
        return ".".join((start, *reversed(parts))) if start else ""

    def _called(self, function: ast.expr, arguments: list[ast.expr], depth: int) -> str:
        """What `getattr(module, "name")` and `import_module("name")` give."""
        called = self.path(function, depth)
        match arguments:
            case [ast.Constant(value=str(module)), *_] if called in _IMPORTERS:
                self.modules.add(module)
                return module
            case [holder, ast.Constant(value=str(attribute)), *_] if called == "builtins.getattr":
                path = self.path(holder, depth)
                return f"{path}.{attribute}" if path else ""
        return ""


def _split(path: str, modules: set[str]) -> Global:
    """A path cut into module and name, at the end of the longest module that is imported."""
    parts = path.split(".")
    for count in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:count])
        if module in modules:
            return Global(module, ".".join(parts[count:]))
    return Global(parts[0], ".".join(parts[1:]))
