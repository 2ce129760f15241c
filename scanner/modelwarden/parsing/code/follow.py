"""What bytecode reaches: names of modules and what is taken from them, found by following values, not by running anything.

The whole tree of code objects is followed at once. Variables are known by name alone, whichever function they are in, and hold
everything that is ever stored in them. A value that goes where it cannot be followed (an argument, a container, an attribute)
has *escaped*: everything that is looked up on an unknown object might be looked up on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from modelwarden.domain.value import Global
from modelwarden.parsing.code.code import Code, Constant, Version
from modelwarden.parsing.code.effects import counts
from modelwarden.parsing.code.instructions import Instruction
from modelwarden.parsing.code.listing import DOUBLE, Listing, Table, listings, operand, partial_listings
from modelwarden.parsing.code.opcodes import BUILTINS


class _Null:
    """What PUSH_NULL puts on the stack, beside a callable that is no method."""


_NULL: Final = _Null()
Atom: TypeAlias = Global | str | _Null
Value: TypeAlias = frozenset[Atom]
"""What a value may be. A `Global` without a module is an attribute of something unknown, or that thing itself. Empty: `None`."""

_ANYTHING: Final = Global("", "")
UNKNOWN: Final[Value] = frozenset((_ANYTHING,))
NONE: Final[Value] = frozenset()
NULL: Final[Value] = frozenset((_NULL,))

_PASSES: Final = 4
_PAIRS: Final = 50_000
_PARTS: Final = 16
_NAME: Final = 1024
_HELD: Final = 32
_STACK: Final = 4096
_PUSHED: Final = 1000
_JUMPED: Final = 64
_NB_SUBSCR: Final = 26
_INTRINSIC_IMPORT_STAR: Final = 2

_GETATTR: Final = frozenset(
    {Global("builtins", "getattr"), Global("inspect", "getattr_static")}
    | {Global("builtins", "object.__getattribute__"), Global("builtins", "type.__getattribute__")}
)
_IMPORT: Final = frozenset({Global("builtins", "__import__"), Global("importlib", "__import__")})
_IMPORT_MODULE: Final = frozenset(
    {Global("importlib", "import_module"), Global("importlib._bootstrap", "_gcd_import")}
)
_MODULES: Final = Global("sys", "modules")
_RESOLVED: Final = _GETATTR | _IMPORT | _IMPORT_MODULE
"""These are reached only where what they look up is not known."""

_HARMLESS: Final = frozenset(
    Global("builtins", name)
    for name in "bool callable hasattr hash id isinstance issubclass len print repr str".split()
)
"""These neither keep nor hand back what they are given."""

_CUSTOMARY: Final = {"np": "numpy", "pd": "pandas", "tf": "tensorflow"}
"""Names that everybody gives these modules."""

_TESTS: Final = frozenset(
    "IS_OP COMPARE_OP CONTAINS_OP TO_BOOL UNARY_NOT CHECK_EXC_MATCH JUMP_IF_NOT_EXC_MATCH POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE "
    "POP_JUMP_IF_NONE POP_JUMP_IF_NOT_NONE POP_JUMP_FORWARD_IF_FALSE POP_JUMP_FORWARD_IF_TRUE POP_JUMP_FORWARD_IF_NONE "
    "POP_JUMP_FORWARD_IF_NOT_NONE POP_JUMP_BACKWARD_IF_FALSE POP_JUMP_BACKWARD_IF_TRUE POP_JUMP_BACKWARD_IF_NONE "
    "POP_JUMP_BACKWARD_IF_NOT_NONE".split()
)
"""These look at a value and let it go."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What code may reach.

    `globals`: modules' attributes that are looked up, and modules (with an empty name) that are handed on. `attributes`: dotted
    names looked up on unknown objects. `followed`: whether all of it could be; if not, anything the code objects name may
    be reached.
    """

    globals: tuple[Global, ...]
    attributes: tuple[str, ...]
    followed: bool


def follow(codes: Sequence[Code]) -> Reach:
    """What `codes`, a whole tree of them, reach under any CPython version that could run all of them. Never raises."""
    globals_: dict[Global, None] = {}
    attributes: dict[str, None] = {}
    followed = True
    found = listings(codes)
    if not found:
        followed = False
        found = partial_listings(codes)
    for version, listing in found:
        follower = _Follower(listing, version)
        followed = follower.run() and followed
        globals_.update(follower.reached)
        attributes.update(follower.attributes)
    return Reach(tuple(globals_), tuple(attributes), followed)


class _Follower:
    """One tree of code objects, read as one version of CPython would."""

    def __init__(self, listing: Listing, version: Version) -> None:
        self.reached: dict[Global, None] = {}
        self.attributes: dict[str, None] = {}
        self._listing = listing
        self._version = version
        self._variables: dict[str, set[Atom]] = {}
        for code, _ in listing:
            for name in code.variables[: code.parameters]:
                self._variables[name] = {_ANYTHING}
        self._starred: list[str] = []
        self._escaped: dict[Global, None] = {}
        self._imported: set[Atom] = set()
        self._changed = False
        self._stack: list[Value] = []

    def run(self) -> bool:
        """Follow everything until nothing new is stored. Returns whether nothing had to be given up."""
        for _ in range(_PASSES):
            self._changed = False
            for code, steps in self._listing:
                self._walk(code, steps)
            if not self._changed:
                break
        else:
            for held in list(self._variables.values()):
                self._consume(frozenset(held))
        return self._cross()

    def _cross(self) -> bool:
        """Look up on everything that escaped what is looked up on anything unknown. Returns whether that could be done."""
        paths = list(self.attributes)
        ends = {path[at:] for path in paths for at in _starts(path)}
        if len(self._escaped) * len(ends) > _PAIRS:
            return False
        for owner in list(self._escaped):
            for path in sorted(ends):
                found: Value = frozenset((owner,))
                for name in path.split("."):
                    found = self._attribute(found, name)
        for path in paths:
            parts = path.split(".")
            for index, variable in enumerate(parts[:-1]):  # a class's variables are its attributes too
                found = frozenset(self._variables.get(variable, ())) - UNKNOWN
                for name in parts[index + 1 :]:
                    found = self._attribute(found, name) - UNKNOWN
        return True

    def _walk(self, code: Code, steps: list[Instruction]) -> None:
        targets = {step.target for step in steps}
        self._stack.clear()
        expected = 0
        for step in steps:
            if step.offset in targets or step.offset != expected or len(self._stack) > _STACK:
                self._flush()
            self._step(code, step)
            if step.target >= 0:  # what lies on the stack goes there too, and may be taken off it here
                self._flush(keep=len(self._stack) <= _JUMPED)
            expected = -1 if step.is_final else step.end

    def _step(self, code: Code, step: Instruction) -> None:
        name = step.name
        counted_into = operand(step, self._version)
        if counted_into is not None:
            self._named(code, name, *counted_into, step.argument)
            return
        counted = counts(name, step.argument, self._version)
        if counted is None:
            self._special(name, step.argument)
        elif name == "BINARY_SUBSCR" or (
            name == "BINARY_OP" and step.argument == _NB_SUBSCR and self._version >= (3, 14)
        ):
            key = self._pop()
            self._push(self._item(self._pop(), key))
        else:
            taken, given = counted
            for value in self._take(taken):
                if name not in _TESTS:
                    self._consume(value)
            for _ in range(min(given, _PUSHED)):
                self._push(UNKNOWN)

    def _special(self, name: str, argument: int) -> None:
        """An instruction that moves values, calls something, or imports a module's names."""
        places = 1 if self._version < (3, 11) else 2
        match name:
            case "POP_TOP":
                self._pop()
            case "PUSH_NULL":
                self._push(NULL)
            case "DUP_TOP" | "COPY":
                self._copy(argument if name == "COPY" else 1)
            case "DUP_TOP_TWO":
                self._deepen(2)
                self._stack.extend(self._stack[-2:])
            case "SWAP":
                self._swap(argument)
            case "ROT_TWO" | "ROT_THREE" | "ROT_FOUR" | "ROT_N":
                self._rotate({"ROT_TWO": 2, "ROT_THREE": 3, "ROT_FOUR": 4}.get(name, argument))
            case "CALL_FUNCTION":
                self._call(argument, 1)
            case "CALL" | "CALL_METHOD":
                self._call(argument, 2)
            case "CALL_KW" | "CALL_FUNCTION_KW":
                self._pop()
                self._call(argument, places)
            case "CALL_FUNCTION_EX":
                self._call(2 if argument & 1 or self._version >= (3, 14) else 1, places)
            case "IMPORT_STAR":
                self._import_star()
            case "CALL_INTRINSIC_1":
                self._intrinsic(argument)

    # -- instructions with an operand ------------------------------------------------------------------------------

    def _named(self, code: Code, name: str, kind: Table, index: int, argument: int) -> None:
        """An instruction that counts into a table of the code object."""
        if name in DOUBLE:
            self._two_variables(name, code.variables[argument >> 4], code.variables[argument & 15])
            return
        if kind == "constant":
            constant = code.constants[index]
            if name == "LOAD_CONST":
                self._push(_constant(constant))
            return
        if kind == "cell" and self._version < (3, 11):
            word = code.cells[index]
        else:
            word = (code.names if kind == "name" else code.variables)[index]
        if name.startswith("STORE_") and name != "STORE_ATTR":
            self._store(word, self._pop())
        elif kind == "variable":
            self._push(self._variable(word))
        elif name in ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_CLASSDEREF"):
            null = name == "LOAD_GLOBAL" and argument & 1 and self._version >= (3, 11)
            self._push_callable(self._lookup(word), bool(null))
        elif name in ("LOAD_FROM_DICT_OR_GLOBALS", "LOAD_FROM_DICT_OR_DEREF"):
            self._pop()
            self._push(self._lookup(word))
        elif name == "LOAD_ATTR":
            method = argument & 1 and self._version >= (3, 12)
            self._push_callable(self._attribute(self._pop(), word), bool(method))
        elif name == "LOAD_METHOD":
            self._push_callable(self._attribute(self._pop(), word), True)
        elif name == "LOAD_SUPER_ATTR":
            self._take(3)
            self._push_callable(self._attribute(UNKNOWN, word), bool(argument & 1))
        elif name == "STORE_ATTR":
            self._pop()
            self._consume(self._pop())
        elif name == "IMPORT_NAME":
            top = Global(word.partition(".")[0], "")
            names = self._pop()  # `import a.b` binds a, `from a.b import c` looks at a.b
            self._pop()
            self._push(frozenset((top,) if names == NONE else (top, Global(word, ""))))
        elif name == "IMPORT_FROM":
            found = self._attribute(self._stack[-1] if self._stack else UNKNOWN, word)
            if word[:1].islower():
                self._imported |= found  # it may be a module
            self._push(found)

    def _two_variables(self, name: str, first: str, second: str) -> None:
        if name == "STORE_FAST_LOAD_FAST":
            self._store(first, self._pop())
            self._push(self._variable(second))
        elif name == "STORE_FAST_STORE_FAST":
            self._store(first, self._pop())
            self._store(second, self._pop())
        else:
            self._push(self._variable(first))
            self._push(self._variable(second))

    def _push_callable(self, value: Value, null: bool) -> None:
        """Push a value with the empty place beside it that a call expects: below it before CPython 3.13, above it since."""
        if null and self._version < (3, 13):
            self._push(NULL)
        self._push(value)
        if null and self._version >= (3, 13):
            self._push(NULL)

    # -- variables and attributes ----------------------------------------------------------------------------------

    def _variable(self, name: str) -> Value:
        return frozenset(self._variables.get(name, (_ANYTHING,)))

    def _lookup(self, name: str) -> Value:
        """What a name outside a function's own variables may be: something stored, a builtin, or a module by its usual name."""
        found: set[Atom] = set(self._variables.get(name, ()))
        if name == "__builtins__":
            found.add(Global("builtins", ""))
        elif name in BUILTINS:
            self._reach(Global("builtins", name), found)
        elif name not in self._variables:
            found.add(Global(_CUSTOMARY.get(name, name), ""))
        for module in self._starred:
            self._reach(Global(module, name), found)
        return frozenset(found)

    def _store(self, name: str, value: Value) -> None:
        held = self._variables.setdefault(name, set())
        for stored in value:
            atom = _ANYTHING if isinstance(stored, Global) and not stored.module else stored
            if atom in held or isinstance(atom, _Null):
                continue
            if len(held) >= _HELD:
                self._consume(frozenset((atom,)))
                continue
            held.add(atom)
            self._changed = True

    def _attribute(self, value: Value, name: str) -> Value:
        """What `value.name` may be."""
        found: set[Atom] = set()
        for owner in value:
            if not isinstance(owner, Global) or _is_way(owner, name, value):
                continue
            path = f"{owner.name}.{name}" if owner.name else name
            if path.count(".") >= _PARTS or len(path) > _NAME:
                self._consume(frozenset((owner,)))
                self.attributes[name[:_NAME]] = None
                found.add(_ANYTHING)
            elif owner.module:
                self._reach(Global(owner.module, path), found)
            else:
                self.attributes[path] = None
                found.add(Global("", path))
        return frozenset(found) or UNKNOWN

    def _item(self, container: Value, key: Value) -> Value:
        """What `container[key]` may be: an attribute, where the container is a module's table of them."""
        found: set[Atom] = set()
        words = [word for word in key if isinstance(word, str)]
        for atom in container:
            if not isinstance(atom, Global) or not atom.module:
                continue
            if atom == _MODULES and _words(key) is None:
                self.reached[Global("importlib", "import_module")] = None
            for word in words:
                if atom == _MODULES:
                    found.add(Global(word, ""))
                elif not atom.name:
                    found |= self._attribute(frozenset((atom,)), word)
                elif atom.name.rpartition(".")[2] == "__dict__":
                    owner = Global(atom.module, atom.name.removesuffix("__dict__").rstrip("."))
                    found |= self._attribute(frozenset((owner,)), word)
        return frozenset(found) or UNKNOWN

    def _reach(self, target: Global, found: set[Atom]) -> None:
        found.add(target)
        if target not in _RESOLVED:
            self.reached[target] = None

    def _consume(self, value: Value) -> None:
        """A value goes where it is not followed."""
        for atom in value:
            if isinstance(atom, Global) and atom.module:
                self.reached[atom] = None
                if not atom.name or atom in self._imported:
                    self._escaped[atom] = None

    # -- calls -----------------------------------------------------------------------------------------------------

    def _call(self, count: int, places: int) -> None:
        """Pop `count` arguments and, below them, `places` places that hold what is called."""
        arguments = self._take(count)
        called = [value for value in self._take(places) if value is not NULL]
        callee = called[0] if called else UNKNOWN
        for own in called[1:]:
            self._consume(own)
        self._push(self._result(callee, arguments))

    def _result(self, callee: Value, arguments: Sequence[Value]) -> Value:
        found: set[Atom] = set()
        handed_on = False
        for atom in callee:
            if not isinstance(atom, Global) or not atom.module:
                handed_on = True
                continue
            looked_up = self._looked_up(atom, arguments)
            if atom in _HARMLESS:
                found.add(_ANYTHING)
            elif looked_up is None:
                handed_on = True
                self.reached[atom] = None
                found.add(_ANYTHING)
                if atom.name.rpartition(".")[2][:1].isupper():
                    found.add(atom)  # an instance, on which methods are looked up as on its class
            else:
                found |= looked_up
        if handed_on:
            for argument in arguments:
                self._consume(argument)
        return frozenset(found) or UNKNOWN

    def _looked_up(self, callee: Global, arguments: Sequence[Value]) -> Value | None:
        """What a call finds that only looks something up; None when it does more or what it looks up is not known."""
        if callee in _GETATTR and len(arguments) > 1:
            names = _words(arguments[1])
            if names is None:
                return None
            return frozenset().union(*(self._attribute(arguments[0], name) for name in names))
        if (callee in _IMPORT or callee in _IMPORT_MODULE) and arguments:
            names = _words(arguments[0])
            if names is None:
                return None
            found = {Global(name, "") for name in names}
            if callee in _IMPORT:
                found |= {Global(name.partition(".")[0], "") for name in names}
            return frozenset(found)
        return None

    def _import_star(self) -> None:
        for atom in self._pop():
            if isinstance(atom, Global) and atom.module not in self._starred:
                if len(self._starred) < _HELD:
                    self._starred.append(atom.module)
                    self._changed = True
                else:
                    self._consume(frozenset((Global(atom.module, ""),)))

    def _intrinsic(self, argument: int) -> None:
        if argument == _INTRINSIC_IMPORT_STAR:
            self._import_star()
        else:
            self._consume(self._pop())
        self._push(UNKNOWN)

    # -- the stack -------------------------------------------------------------------------------------------------

    def _push(self, value: Value) -> None:
        self._stack.append(value)

    def _pop(self) -> Value:
        return self._stack.pop() if self._stack else UNKNOWN

    def _take(self, count: int) -> list[Value]:
        """The topmost `count` values, the lowest first; where the stack is not known that deep, unknown ones."""
        there = min(count, len(self._stack))
        taken = self._stack[len(self._stack) - there :]
        del self._stack[len(self._stack) - there :]
        return [UNKNOWN] * min(count - there, _PUSHED) + taken

    def _flush(self, *, keep: bool = False) -> None:
        """Paths meet or part here: what lies on the stack is not followed on, and no longer known where they meet."""
        for value in self._stack:
            self._consume(value)
        if not keep:
            self._stack.clear()

    def _copy(self, depth: int) -> None:
        self._push(self._stack[-depth] if 0 < depth <= len(self._stack) else UNKNOWN)

    def _swap(self, depth: int) -> None:
        self._deepen(depth)
        if 0 < depth <= len(self._stack):
            self._stack[-1], self._stack[-depth] = self._stack[-depth], self._stack[-1]

    def _rotate(self, depth: int) -> None:
        """Put the topmost value below `depth - 1` others."""
        self._deepen(depth)
        if 0 < depth <= len(self._stack):
            self._stack.insert(len(self._stack) - depth, self._stack.pop())

    def _deepen(self, depth: int) -> None:
        missing = depth - len(self._stack)
        if 0 < missing <= _PUSHED:
            self._stack[:0] = [UNKNOWN] * missing


def _is_way(owner: Global, name: str, value: Value) -> bool:
    """Whether `import a.b` made a value that may be `a.b` as well as `a`, and `.b` shows that it is `a`."""
    top, _, rest = owner.module.partition(".")
    return not owner.name and rest.partition(".")[0] == name and Global(top, "") in value


def _starts(path: str) -> Iterator[int]:
    """Where the names of a dotted name start."""
    yield 0
    for at, character in enumerate(path):
        if character == ".":
            yield at + 1


def _constant(constant: Constant) -> Value:
    if constant is None:
        return NONE
    return frozenset((constant,)) if isinstance(constant, str) else UNKNOWN


def _words(value: Value) -> list[str] | None:
    """The texts that a value may be; None when it may be anything else."""
    words = [atom for atom in value if isinstance(atom, str)]
    return words if words and len(words) == len(value) else None
