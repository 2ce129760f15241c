"""PyTorch since 1.6: a ZIP archive with the object in `data.pkl` and the tensors' numbers beside it.

Covers `torch.save`, TorchScript, the lite interpreter, `torch.package` and `torch.export`. The loader unpickles `data.pkl`
whatever it looks like, so it can run anything. Upstream: `torch/serialization.py`, `torch/package/`,
`torch/export/pt2_archive/constants.py`, `caffe2/serialize/inline_container.cc` (member names are found without regard to case).

The numbers ("storages") are never unpickled by a loader: floats can spell opcodes, so they are not read here, except when their
edges show beyond doubt that they are something else.

Checked: Every member: pickles as pickles, compiled code as TorchScript, the rest as whatever it is; programs, scripts and
Python source among them, and programs in place of numbers; names that occur twice or differ only in case; and the headers of the
archive as for any ZIP.

Not checked: The numbers of the tensors (with `--weights` those of stored members are), unless their edges show something else,
and the graph of an exported program.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from modelwarden.domain.budget import Budget, Limits
from modelwarden.domain.format import TAIL_BYTES, ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Place, Program, Shortfall
from modelwarden.parsing.zip.archive import (
    FURTHER_DIRECTORY,
    Archive,
    duplicates,
    has_directory,
    starts_like_an_archive,
)
from modelwarden.parsing.zip.entry import Entry
from modelwarden.parsing.zip.escape import escapes
from modelwarden.parsing.zip.member import Members

_MARK = re.compile(
    r"(?:(.*)/)?(?:data\.pkl|constants\.pkl|bytecode\.pkl|\.format_version|archive_format|\.data/extern_modules"
    r"|serialized_exported_program\.json)",
    re.IGNORECASE | re.DOTALL,
)
"""Members that only torch writes; the group is the folder that holds the archive."""

_CODE = re.compile(r"(?:.*/)?code/.*\.py", re.DOTALL)
"""TorchScript source, which `torch.jit.load` compiles."""

_STORAGE = re.compile(
    r"(?:(.*)/)?(?:(?:data|constants|tensors|bytecode)/\d+|\.data/\d+\.storage"
    r"|data/weights/[a-z_]+_\d+|data/constants/tensor_\d+)",
    re.DOTALL,
)
"""Members that hold the numbers of one tensor; the group is the folder that holds the archive."""

_PICKLE_START = re.compile(rb"\x80[\x02-\x05]")
_IMPORT = re.compile(
    rb"c[A-Za-z_][\w.]{1,99}\n[A-Za-z_][\w.]{1,99}\n"
    rb"|\x8c.[A-Za-z_][\w.]{1,99}\x94?\x8c.[A-Za-z_][\w.]{1,99}\x94?\x93",
    re.DOTALL,
)
"""GLOBAL or STACK_GLOBAL with names that Python could import: a chance of 1e-9 per page of random numbers."""


def _recognise(head: Head) -> bool:
    if not (starts_like_an_archive(head.start) or has_directory(head.source, head.tail)):
        return False
    archive = Archive(head.source, Budget(Limits(expanded_bytes=64 << 20)))
    return bool(_folders(archive.entries))


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    """A shard of torch.distributed.checkpoint is a row of archives, which its loader finds by a list of offsets: there, further
    directories are no trick. All archives are read in any case, and whatever else is odd is said.
    """
    archive = Archive(source, scope.budget)
    in_a_row = scope.name.endswith(".distcp")
    for fact in archive.facts:
        if not (in_a_row and isinstance(fact, Anomaly) and fact.subject == FURTHER_DIRECTORY):
            yield fact
    yield from duplicates(archive.entries, _as_torch_finds_it)
    yield from escapes(archive)
    folders = _folders(archive.entries)
    members = Members(archive)
    if scope.describe:
        from modelwarden.parsing.headers.pytorch import properties  # few ask

        yield from properties(source, archive.entries, members.as_it_stands, partial(_is_storage, folders))
    if scope.weights:
        from modelwarden.parsing.torch_storages import storages  # few ask

        yield from storages(archive.entries, members.as_it_stands, _is_weight_pickle)
    for entry in archive.entries:
        if _is_storage(folders, entry):
            yield from _pass_by(entry, members)
        else:
            yield from _member(entry, members)


def _is_weight_pickle(entry: Entry) -> bool:
    return entry.name.endswith("data.pkl")


def _is_storage(folders: set[str | None], entry: Entry) -> bool:
    match = _STORAGE.fullmatch(entry.name)
    return match is not None and match[1] in folders


def _member(entry: Entry, members: Members) -> Iterator[Fact]:
    """A member that is no storage; code of torch's own is stated by the operators it calls, any other as what it is."""
    from modelwarden.parsing.code_members import with_programs  # only few files are archives of torch

    expected = _expected(entry.name)
    opened = members.open(entry, expected)
    yield from opened if expected else with_programs(opened)


def _expected(name: str) -> str:
    """What torch reads a member as, whatever it looks like."""
    if name.lower().endswith(".pkl"):
        return "pickle"
    return "torchscript-code" if _CODE.fullmatch(name) else ""


def _folders(entries: Iterable[Entry]) -> set[str | None]:
    """The folders that hold a torch archive: usually one, None for the top of the ZIP."""
    matches = (_MARK.fullmatch(entry.name) for entry in entries)
    return {match[1] for match in matches if match is not None}


def _as_torch_finds_it(name: str) -> str:
    lower = name.lower()
    return lower if lower.endswith(".pkl") else name


def _pass_by(entry: Entry, members: Members) -> Iterator[Fact]:
    """A storage: nothing, unless it is cut off or surely no storage."""
    from modelwarden.parsing.native import program_at  # only few files are archives of torch

    content = members.as_it_stands(entry)
    if content is None:
        return
    if content.size < entry.extent:
        detail = f"{entry.name}: cut off after {content.size} of {entry.extent} bytes"
        yield Gap(Shortfall.MALFORMED, detail, Span(entry.offset, content.size))
    kind = program_at(content)
    if kind:
        yield Program(kind, Place.DATA, entry.name, Span(entry.data or entry.offset, content.size))
    if _is_archive(content) or _is_pickle(content) or content.read(0, 6) == b"\x93NUMPY":
        yield from members.open(entry)


def _is_archive(content: ByteSource) -> bool:
    return starts_like_an_archive(content.read(0, 64)) and has_directory(
        content, content.read(max(0, content.size - TAIL_BYTES), TAIL_BYTES)
    )


def _is_pickle(content: ByteSource) -> bool:
    """Whether it begins and ends like a pickle and imports something in its first page.

    Half-precision floats may do the first two.
    """
    return (
        _PICKLE_START.match(content.read(0, 2)) is not None
        and content.read(content.size - 1, 1) == b"."
        and _IMPORT.search(content.read(0, 4096)) is not None
    )


FORMAT = Format(
    name="pytorch",
    title="PyTorch archive (ZIP)",
    suffixes=(".pt", ".ckpt", ".pt2", ".ptl"),
    ambiguous_suffixes=(".pth", ".bin", ".model"),
    recognise=_recognise,
    observe=_observe,
    runs_code=True,
    refines=("zip",),
)
