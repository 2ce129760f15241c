"""Facts a format states about bytes, without opinion: no severity, no advice."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from modelwarden.domain.location import Span
from modelwarden.domain.value import Global, Value


class How(StrEnum):
    """The opcode by which a pickle calls or patches something."""

    REDUCE = "REDUCE"
    OBJ = "OBJ"
    INST = "INST"
    NEWOBJ = "NEWOBJ"
    NEWOBJ_EX = "NEWOBJ_EX"
    BUILD = "BUILD"
    SETITEM = "SETITEM"
    SETITEMS = "SETITEMS"
    APPEND = "APPEND"
    APPENDS = "APPENDS"
    ADDITEMS = "ADDITEMS"


INSTANTIATING = frozenset({How.NEWOBJ, How.NEWOBJ_EX})
"""These only make an instance with `cls.__new__`; the others call whatever they are given."""


@dataclass(frozen=True, slots=True)
class Import:
    """A global is looked up (its module imported) and nothing was seen to call it."""

    target: Global
    span: Span


@dataclass(frozen=True, slots=True)
class UnresolvedImport:
    """A global is looked up whose module or name is not a constant: `None` for what is not known."""

    module: str | None
    name: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """Something is called. `callee` is resolved through getattr, import_module and kin where their operands are constants.

    `callee` is a `Global` when known, else a `Result` or `UNKNOWN`. With `how` in `INSTANTIATING` only `__new__` runs.
    """

    callee: Value
    arguments: tuple[Value, ...]
    how: How
    span: Span


@dataclass(frozen=True, slots=True)
class Patch:
    """BUILD, SETITEM(S), APPEND(S) or ADDITEMS works on `target`, a module, class or function instead of a fresh instance.

    Or `target` is None: BUILD gives some instance a method of its own (`method`), which loaders and libraries then call.
    """

    target: Global | None
    how: How
    span: Span
    method: str = ""


@dataclass(frozen=True, slots=True)
class ExtensionCode:
    """EXT1/2/4: a global is looked up in the loader's own copyreg registry; its name is not in the file."""

    code: int
    span: Span


@dataclass(frozen=True, slots=True)
class PersistentId:
    """PERSID/BINPERSID: the loader's `persistent_load` is called with `value`."""

    value: Value
    span: Span


@dataclass(frozen=True, slots=True)
class CodeBlob:
    """Python code stands in the file as bytecode, or a class as a table of functions; it was followed, not run.

    `reaches`: what it looks up in modules; a module itself (with an empty name) where it hands one on. `attributes`: dotted names
    it looks up on objects nobody knows. `names`: every name in it, where its bytecode could not be followed; empty otherwise.
    `decoded`: whether it could be read at all. `name` is the function's or class's, or empty.
    """

    name: str
    reaches: tuple[Global, ...]
    attributes: tuple[str, ...]
    names: tuple[str, ...]
    decoded: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Operator:
    """A model's graph or compiled code calls the operator `name` of `domain` (`aten`, `ai.onnx`; empty for a framework's own).

    `detail` shows it as it is written.
    """

    domain: str
    name: str
    detail: str
    span: Span


@dataclass(frozen=True, slots=True)
class State:
    """BUILD gives an instance of `target` its state, and what stands in that state decides what runs.

    `keys`: the names it sets; `texts`: the ones among them whose value is text, shortened, by name.
    """

    target: Global
    keys: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    span: Span


class Quirk(StrEnum):
    """What is odd about the bytes, though they can be read."""

    HEADER_DISAGREEMENT = "header-disagreement"
    DUPLICATE_MEMBER = "duplicate-member"
    POLYGLOT = "polyglot"
    BROKEN_AFTER_CALL = "broken-after-call"
    HEADER_EXPRESSION = "header-expression"
    LEGACY_LOADER = "legacy-loader"
    OBJECT_ARRAY = "object-array"
    STREAM_CONFUSION = "stream-confusion"
    WRAPPER_ABUSE = "wrapper-abuse"
    EMBEDDED_PICKLE = "embedded-pickle"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """The bytes can be read, but readers would disagree about them. `subject` names the thing (a member, a field)."""

    quirk: Quirk
    subject: str
    detail: str
    span: Span


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The content runs code when loaded (`found`: title of the format) and the suffix belongs to something else."""

    found: str
    suffix: str
    span: Span


Observation: TypeAlias = (
    Import
    | UnresolvedImport
    | Call
    | Patch
    | ExtensionCode
    | PersistentId
    | CodeBlob
    | Operator
    | Anomaly
    | Mismatch
    | State
)
"""The closed union of facts that policies judge."""


class Shortfall(StrEnum):
    """Why bytes were not read or not understood; each has its 9xx rule."""

    UNSUPPORTED = "MW901"
    LIMIT = "MW902"
    ABSENT = "MW903"
    MALFORMED = "MW904"
    FAILED = "MW905"


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes that were not read or not understood. Never judged: it makes the coverage incomplete and is always reported."""

    shortfall: Shortfall
    detail: str
    span: Span | None = None
