"""Facts a format states about bytes, without opinion: no severity, no advice."""

from enum import StrEnum
from typing import TypeAlias

from modelwarden.domain.location import Span
from modelwarden.domain.record import record
from modelwarden.domain.value import Global, Value


class How(StrEnum):
    """What calls or patches something: the opcode of a pickle, or the key of a configuration."""

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
    TARGET = "_target_"
    CLASS_NAME = "class_name"
    TAG = "python tag"


CONFIGURED = frozenset({How.TARGET, How.CLASS_NAME})
"""A configuration names the class, as Hydra and Keras do; naming one of an unknown package is what they are for."""


INSTANTIATING = frozenset({How.NEWOBJ, How.NEWOBJ_EX})
"""These only make an instance with `cls.__new__`; the others call whatever they are given."""


@record
class Import:
    """A global is looked up (its module imported) and nothing was seen to call it."""

    target: Global
    span: Span


@record
class UnresolvedImport:
    """A global is looked up whose module or name is not a constant: `None` for what is not known."""

    module: str | None
    name: str | None
    span: Span


@record
class Call:
    """Something is called. `callee` is resolved through getattr, import_module and kin where their operands are constants.

    `callee` is a `Global` when known, else a `Result` or `UNKNOWN`. With `how` in `INSTANTIATING` only `__new__` runs. It happens
    so many `times`, the first of them at `span`.
    """

    callee: Value
    arguments: tuple[Value, ...]
    how: How
    span: Span
    times: int = 1


@record
class Patch:
    """BUILD, SETITEM(S), APPEND(S) or ADDITEMS works on `target`, a module, class or function instead of a fresh instance.

    Or `target` is None: BUILD gives some instance a method of its own (`method`), which loaders and libraries then call.
    """

    target: Global | None
    how: How
    span: Span
    method: str = ""


@record
class ExtensionCode:
    """EXT1/2/4: a global is looked up in the loader's own copyreg registry; its name is not in the file."""

    code: int
    span: Span


@record
class PersistentId:
    """PERSID/BINPERSID: the loader's `persistent_load` is called with `value`."""

    value: Value
    span: Span


class Origin(StrEnum):
    """Who builds a function out of a `CodeBlob`."""

    PICKLE = "pickle"
    LAMBDA = "lambda"
    SOURCE = "source"


@record
class CodeBlob:
    """Python code stands in the file as bytecode, or a class as a table of functions; it was followed, not run.

    `reaches`: what it looks up in modules; a module itself (with an empty name) where it hands one on. `attributes`: dotted names
    it looks up on objects nobody knows. `names`: every name in it, where its bytecode could not be followed; empty otherwise.
    `decoded`: whether it could be read at all. `name` is the function's or class's, or empty; of a Keras Lambda the layer's.
    """

    name: str
    reaches: tuple[Global, ...]
    attributes: tuple[str, ...]
    names: tuple[str, ...]
    decoded: bool
    span: Span
    origin: Origin = Origin.PICKLE


@record
class Operator:
    """A model's graph or compiled code calls the operator `name` of `domain` (`aten`, `tensorflow`, `tflite`, `ai.onnx`).

    `detail` shows it as it is written, or says where it stands. `argument`: the constant file or address that it is given, or
    empty.
    """

    domain: str
    name: str
    detail: str
    span: Span
    argument: str = ""


@record
class State:
    """BUILD gives an instance of `target` its state, and what stands in that state decides what runs.

    `keys`: the names it sets; `texts`: the ones among them whose value is text, shortened, by name.
    """

    target: Global
    keys: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    span: Span


class Role(StrEnum):
    """What a loader does with another file or address that the file names."""

    TENSORS = "tensors"
    """maps or reads the numbers of tensors from it, relative to the file's own directory"""
    SHARD = "shard"
    """reads a part of the checkpoint from it, relative to the file's own directory"""
    STAND_IN = "stand-in"
    """fetches it in the file's place: the file is a pointer (DVC)"""
    LINKED = "linked"
    """opens it as a continuation of the file (an HDF5 external link, a linked model)"""
    INPUT = "input"
    """reads it while building or loading the model (a vocabulary, a constant in a file)"""
    LIBRARY = "library"
    """loads it as native code"""
    DOWNLOAD = "download"
    """fetches it from the network"""
    LINK_OUT = "link-out"
    """would follow it out of the directory: beside the file it is a symbolic link to somewhere else"""


@record
class Reference:
    """The file names another file, directory or URL. `location` as it is written; `holder`: what names it (a tensor, a layer)."""

    role: Role
    location: str
    holder: str
    span: Span


class Place(StrEnum):
    """Where a program stands."""

    FILE = "file"
    """it is the whole file or member, under `name`"""
    MEMBER = "member"
    """it is a member of a model's archive"""
    DATA = "data"
    """it stands within what should be numbers or text"""
    TAIL = "tail"
    """it follows the end of the format"""


@record
class Program:
    """A program stands in the file. `kind`: `ELF`, `PE`, `Mach-O` (headers verified), `Python` or `script`."""

    kind: str
    place: Place
    name: str
    span: Span


@record
class Setting:
    """A configuration sets something that decides which code is loaded, and from where.

    `key`: `auto_map`, `trust_remote_code`, `loader_module`, `requirement`…; `value` as it is written, shortened; `holder`: what
    it is set for, or empty.
    """

    key: str
    value: str
    holder: str
    span: Span


@record
class Template:
    """A Jinja template stands in the field `holder`; it was parsed, not rendered.

    `names`: free names it reads or calls; `attributes`: names it looks up on objects, subscripts with constant text included;
    `filters`: filters and tests it applies; `computed`: what it looks up under names that it computes, as it is written.
    `parsed`: whether it could be parsed at all.
    """

    holder: str
    names: tuple[str, ...]
    attributes: tuple[str, ...]
    filters: tuple[str, ...]
    computed: tuple[str, ...]
    parsed: bool
    span: Span


@record
class Name:
    """The file calls the model, or the one it comes from, `text`. `holder`: the field that says so, or `file name`."""

    text: str
    holder: str
    span: Span


@record
class Property:
    """The file says of itself: `key` (a name of ours, see docs/inventory.md) is `value`, as it is written.

    What licences it states is told always; all else only when somebody asks (`Scope.describe`).
    """

    key: str
    value: str
    span: Span


@record
class Text:
    """A stretch of text that may hold a secret or an address, as it is written; nothing else is handed out.

    `holder`: the key or the file it stands in. `code`: it is written to be run or rendered, not to be read.
    """

    text: str
    holder: str
    code: bool
    span: Span


@record
class Numbers:
    """What the numbers of a tensor are like; stated only when somebody asks (`Scope.weights`).

    `nans`, `infinities`: how many; `lowest`, `highest`: of the finite ones. `row`: of a table the row that is farthest from the
    others, `ratio`: its length to that of the middle one, `deviations`: how far it is, in median deviations of the lengths.
    """

    tensor: str
    shape: tuple[int, ...]
    count: int
    nans: int
    infinities: int
    lowest: float
    highest: float
    span: Span
    row: int = -1
    ratio: float = 0.0
    deviations: float = 0.0


@record
class Checksum:
    """The SHA-256 of a whole file on disk, in lower-case hexadecimal."""

    sha256: str
    span: Span


@record
class Remark:
    """What only a plug-in knows of: a format of somebody else states it, and a policy of somebody else judges it.

    `topic` is a word of their own. `argument` may hold a payload, which does not travel.
    """

    topic: str
    subject: str
    detail: str
    span: Span
    argument: str = ""


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
    PATH_TRAVERSAL = "path-traversal"
    LINK_ESCAPE = "link-escape"
    EXPANSION = "expansion"
    TRAILING_DATA = "trailing-data"
    OUT_OF_BOUNDS = "out-of-bounds"
    XML_ENTITY = "xml-entity"


@record
class Anomaly:
    """The bytes can be read, but readers would disagree about them. `subject` names the thing (a member, a field)."""

    quirk: Quirk
    subject: str
    detail: str
    span: Span


@record
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
    | Reference
    | Program
    | Setting
    | Template
    | Name
    | Checksum
    | Property
    | Remark
    | Text
    | Numbers
)
"""The closed union of facts that policies judge."""


class Shortfall(StrEnum):
    """Why bytes were not read or not understood; each has its 9xx rule."""

    UNSUPPORTED = "MW901"
    LIMIT = "MW902"
    ABSENT = "MW903"
    MALFORMED = "MW904"
    FAILED = "MW905"


@record
class Gap:
    """Bytes that were not read or not understood. Never judged: it makes the coverage incomplete and is always reported."""

    shortfall: Shortfall
    detail: str
    span: Span | None = None
