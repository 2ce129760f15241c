"""What an HDF5 file holds that a loader would act upon, without reading a dataset of numbers or opening another file.

Only h5py's low-level interface is used: its high-level one follows links and converts types by itself. Links are looked at, and
only hard ones opened; each object is visited once, so cycles end.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, TypeAlias

import h5py
import numpy

from modelwarden.domain.budget import Budget
from modelwarden.domain.format import ByteSource, Child, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Property, Reference, Role, Shortfall
from modelwarden.domain.preview import shorten
from modelwarden.parsing.hdf5.stream import Stream
from modelwarden.parsing.headers.tensors import Tensors
from modelwarden.parsing.pickle.streams import looks_like_a_pickle
from modelwarden.source.memory import MemorySource

_ERRORS: Final = (
    OSError,
    RuntimeError,
    KeyError,
    ValueError,
    TypeError,
    OverflowError,
    AttributeError,
    MemoryError,
)
"""What h5py raises for a file that it cannot make sense of; RuntimeError covers NotImplementedError."""
_CONFIGS: Final = (b"model_config", b"training_config")
_TOLD: Final = {b"keras_version": "framework-version", b"backend": "backend"}
_ATTRIBUTE: Final = 16 << 20
_ATTRIBUTES: Final = 10_000
_ROWS: Final = 1000
_READABLE: Final = 256 << 20
"""PyTables objects have no size that could be asked for before they are read; they are no larger than their file."""
_OBJECT: Final = b"object"
_STOP: Final = b"."


def contents(source: ByteSource, budget: Budget, *, describe: bool = False) -> Iterator[Fact]:
    """The facts of an HDF5 file, with `describe` what it says of itself.

    Raises LimitReached when it has more objects than allowed.
    """
    whole = Span(0, source.size)
    try:
        file = h5py.File(Stream(source), "r")
    except _ERRORS as error:
        yield Gap(Shortfall.MALFORMED, f"it cannot be opened: {_said(error)}", whole)
        return
    try:
        yield from _Walk(file, source, budget, describe=describe).facts()
    except _ERRORS as error:
        yield Gap(Shortfall.MALFORMED, f"reading stopped: {_said(error)}", whole)
    finally:
        _close(file)


_Opened: TypeAlias = h5py.h5g.GroupID | h5py.h5d.DatasetID | h5py.h5t.TypeID


class _Walk:
    """The way through one file, breadth first."""

    def __init__(self, file: h5py.File, source: ByteSource, budget: Budget, *, describe: bool) -> None:
        self._source = source
        self._budget = budget
        self._span = Span(0, source.size)
        self._queue: deque[tuple[h5py.h5g.GroupID, str]] = deque()
        self._seen: set[object] = set()
        self._root = file.id
        self._tensors = Tensors() if describe else None

    def facts(self) -> Iterator[Fact]:
        root = h5py.h5g.open(self._root, b"/")
        yield from self._object(root, "")
        while self._queue:
            group, path = self._queue.popleft()
            for name in self._names(group):
                yield from self._guarded(group, name, f"{path}/{_text(name)}")
        if self._tensors is not None:
            yield from self._tensors.properties(self._span)

    def _names(self, group: h5py.h5g.GroupID) -> list[bytes]:
        names: list[bytes] = []
        left = self._budget.limits.members - self._budget.members + 1

        def keep(name: bytes) -> bool | None:
            names.append(name)
            return True if len(names) >= left else None

        group.links.iterate(keep)
        return names

    def _guarded(self, group: h5py.h5g.GroupID, name: bytes, path: str) -> Iterator[Fact]:
        """One link; what is wrong with it does not keep the others from being read."""
        self._budget.spend_members()
        try:
            yield from self._link(group, name, path)
        except _ERRORS as error:
            yield Gap(Shortfall.MALFORMED, f"{shorten(path)}: {_said(error)}", self._span)

    def _link(self, group: h5py.h5g.GroupID, name: bytes, path: str) -> Iterator[Fact]:
        kind = group.links.get_info(name).type
        if kind == h5py.h5l.TYPE_EXTERNAL:
            target, inside = group.links.get_val(name)
            yield Reference(Role.LINKED, _text(target), f"{path} ({_text(inside)})", self._span)
        elif kind == h5py.h5l.TYPE_HARD:
            yield from self._object(h5py.h5o.open(group, name), path)

    def _object(self, opened: _Opened, path: str) -> Iterator[Fact]:
        info = h5py.h5o.get_info(opened)
        if info.addr in self._seen:
            return
        self._seen.add(info.addr)
        marks: dict[bytes, bytes] = {}
        yield from self._attributes(opened, path, marks)
        if isinstance(opened, h5py.h5g.GroupID):
            self._queue.append((opened, path))
        elif isinstance(opened, h5py.h5d.DatasetID):
            yield from self._dataset(opened, path, marks)

    def _attributes(self, opened: _Opened, path: str, marks: dict[bytes, bytes]) -> Iterator[Fact]:
        """Configurations and pickles among the attributes; `marks` takes what PyTables notes about a dataset."""
        names: list[bytes] = []

        def keep(name: bytes, *_: object) -> bool | None:
            names.append(name)
            return True if len(names) >= _ATTRIBUTES else None

        h5py.h5a.iterate(opened, keep)
        if len(names) >= _ATTRIBUTES:
            yield Gap(
                Shortfall.LIMIT,
                f"{shorten(path) or '/'} has more than {_ATTRIBUTES:,} attributes: the rest was not read",
                self._span,
            )
        configs: dict[bytes, list[tuple[bytes, bytes]]] = {}
        for name in names:
            stem = name.rstrip(b"0123456789")
            where = f"{path}@{_text(name)}".lstrip("/")
            try:
                data = _attribute(opened, name, wanted=stem in _CONFIGS or self._asked(name, path))
            except _ERRORS as error:
                yield Gap(Shortfall.MALFORMED, f"{shorten(where)}: {_said(error)}", self._span)
                continue
            if data is None:
                continue
            if isinstance(data, int):
                yield Gap(
                    Shortfall.LIMIT,
                    f"{shorten(where)}: {data:,} bytes are too many: none of them was read",
                    self._span,
                )
            elif self._asked(name, path):
                yield from self._told(name, data)
            elif stem in _CONFIGS:
                configs.setdefault(stem, []).append((name, data))
            elif name == b"PSEUDOATOM":
                marks[name] = data
            elif data.endswith(_STOP) and looks_like_a_pickle(MemorySource(data), claimed=True):
                self._budget.spend_members()
                yield Child(where, MemorySource(data), "pickle")
        for stem, parts in configs.items():
            yield from self._config(f"{path}@{_text(stem)}".lstrip("/"), stem, parts)

    def _asked(self, name: bytes, path: str) -> bool:
        """Whether somebody asks for the attribute: the version of Keras and the like stand at the top, or by the weights."""
        return self._tensors is not None and name in _TOLD and path in ("", "/model_weights")

    def _told(self, name: bytes, data: bytes) -> Iterator[Fact]:
        if name == b"keras_version":
            yield Property("framework", "keras", self._span)
        yield Property(_TOLD[name], shorten(_text(data.rstrip(b"\0"))), self._span)

    def _config(self, where: str, stem: bytes, parts: list[tuple[bytes, bytes]]) -> Iterator[Fact]:
        """A configuration, whole or in numbered pieces as Keras stores what is too long for one attribute."""
        pieces = sorted((part for part in parts if part[0] != stem), key=_number)
        for data in [data for name, data in parts if name == stem] + [b"".join(data for _, data in pieces)]:
            if data:
                self._budget.spend_members()
                yield Child(where, MemorySource(data), "keras-config")

    def _dataset(self, dataset: h5py.h5d.DatasetID, path: str, marks: dict[bytes, bytes]) -> Iterator[Fact]:
        if self._tensors is not None:
            self._count(h5py.Dataset(dataset), path, self._tensors)
        properties = dataset.get_create_plist()
        if properties.get_layout() == h5py.h5d.VIRTUAL:
            for index in range(min(properties.get_virtual_count(), _ROWS)):
                location = _text(properties.get_virtual_filename(index))
                if location not in ("", "."):
                    yield Reference(Role.LINKED, location, path, self._span)
            return
        for index in range(min(properties.get_external_count(), _ROWS)):
            yield Reference(Role.LINKED, _text(properties.get_external(index)[0]), path, self._span)
        if not properties.get_external_count() and marks.get(b"PSEUDOATOM") == _OBJECT:
            yield from self._objects(dataset, path)

    def _count(self, numbers: h5py.Dataset, path: str, tensors: Tensors) -> None:
        with suppress(*_ERRORS):  # a type that numpy has not is no reason to call the file broken
            tensors.add(path.lstrip("/"), str(numbers.dtype), numbers.shape or (), numbers.nbytes)

    def _objects(self, dataset: h5py.h5d.DatasetID, path: str) -> Iterator[Fact]:
        """The rows of a PyTables VLArray of objects: a pickle each."""
        if self._source.size > _READABLE:
            yield Gap(
                Shortfall.LIMIT,
                f"{shorten(path)}: pickled objects in a file of more than {_READABLE:,} bytes were not read",
                self._span,
            )
            return
        shape = dataset.shape
        if len(shape) != 1 or dataset.get_type().get_class() != h5py.h5t.VLEN:
            return
        if shape[0] > _ROWS:
            detail = f"{shorten(path)}: of {shape[0]:,} pickled objects the first {_ROWS:,} were read"
            yield Gap(Shortfall.LIMIT, detail, self._span)
        high = h5py.Dataset(dataset)
        for index in range(min(shape[0], _ROWS)):
            row = high[index]
            if isinstance(row, numpy.ndarray) and row.dtype.kind in "iu" and row.size:
                self._budget.spend_members()
                data = row.astype(numpy.uint8).tobytes()
                yield Child(f"{path.lstrip('/')}[{index}]", MemorySource(data), "pickle")


def _attribute(opened: _Opened, name: bytes, *, wanted: bool) -> bytes | int | None:
    """The bytes of an attribute that is one piece of text or bytes; None for any other, its size when that is too large.

    Text of variable length is read only when it is `wanted`: its length is not known before.
    """
    attribute = h5py.h5a.open(opened, name)
    kind = attribute.get_type()
    text = kind if isinstance(kind, h5py.h5t.TypeStringID) else None
    is_text, flexible = text is not None, text is not None and bool(text.is_variable_str())
    if not (is_text or isinstance(kind, h5py.h5t.TypeOpaqueID) or _is_bytes(kind)) or (
        flexible and not wanted
    ):
        return None
    space = attribute.get_space()
    count = space.get_simple_extent_npoints() if space.get_simple_extent_type() != h5py.h5s.NULL else 0
    if not count or (is_text and count > (_ROWS if wanted else 1)):
        return None
    size = kind.get_size() * count
    if size > _ATTRIBUTE:
        return int(size)
    if text is not None and flexible:
        value = numpy.empty(attribute.shape, dtype=object)
        attribute.read(value, mtype=_flexible(text))
        return b"".join(_encoded(one) for one in value.ravel().tolist())
    fixed = numpy.empty(attribute.shape, dtype=f"S{kind.get_size()}" if is_text else f"V{kind.get_size()}")
    attribute.read(fixed, mtype=kind)
    return b"".join(fixed.ravel().tolist()) if is_text else fixed.tobytes()


def _is_bytes(kind: h5py.h5t.TypeID) -> bool:
    return isinstance(kind, h5py.h5t.TypeIntegerID) and kind.get_size() == 1


def _flexible(kind: h5py.h5t.TypeStringID) -> h5py.h5t.TypeID:
    """The memory type for text of variable length in the encoding of `kind`."""
    encoding = "utf-8" if kind.get_cset() == h5py.h5t.CSET_UTF8 else "ascii"
    return h5py.h5t.py_create(h5py.string_dtype(encoding))


def _encoded(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else b""


def _number(part: tuple[bytes, bytes]) -> tuple[int, bytes]:
    name = part[0]
    digits = name[len(name.rstrip(b"0123456789")) :]
    return len(digits.lstrip(b"0")), digits.lstrip(b"0")


def _close(file: h5py.File) -> None:
    try:
        file.close()
    except _ERRORS:  # nothing is written; a file that cannot be closed has been reported while it was read
        return


def _text(name: object) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)


def _said(error: BaseException) -> str:
    return shorten(str(error).strip("'\"")) or type(error).__name__
