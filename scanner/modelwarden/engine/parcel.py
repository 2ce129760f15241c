"""What became of one file, as bytes and back: how workers tell the scan, and how the cache keeps it.

JSON, of which nothing can be run, and checked on its way in: a worker that hostile bytes have taken over can lie about the one
file it was given and do nothing else. Rules travel by their id. The text is not ASCII: two lone surrogates that stand together,
escaped, would come back as one character.
"""

import json
from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

from modelwarden.domain.finding import Finding, Grounds, Note, Suppression
from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.report import Coverage, ScannedFile
from modelwarden.domain.rule import Rule
from modelwarden.engine.result import FileResult
from modelwarden.policies import CATALOGUE

__all__ = ["FileResult", "pack", "pack_finding", "pack_note", "unpack", "unpack_finding", "unpack_note"]

LONGEST: Final = 256 << 20
"""Bytes of one parcel. Ten thousand findings with all their texts are a tenth of it."""

_LARGEST: Final = (1 << 63) - 1

Json: TypeAlias = "str | int | bool | list[Json] | None"
T = TypeVar("T")


def pack(result: FileResult) -> bytes:
    """One line, without its end. Raises ValueError for findings or notes of another file than `result.file`."""
    path = result.file.path
    return _written(
        [
            _file(result.file),
            [_finding(finding, path) for finding in result.findings],
            [_note(note, path) for note in result.notes],
            result.beside,
            result.content,
        ]
    )


def pack_finding(finding: Finding) -> bytes:
    """One finding by itself; of which file, the other side must know."""
    return _written(_finding(finding, finding.path.file))


def pack_note(note: Note) -> bytes:
    """One note by itself; of which file, the other side must know."""
    return _written(_note(note, note.path.file))


def unpack(data: bytes) -> FileResult:
    """What `pack` was given. Raises ValueError for anything that it does not write."""
    file, findings, notes, beside, content = _parts(_read(data), 5)
    scanned = _as_file(file)
    return FileResult(
        file=scanned,
        findings=tuple(_as_finding(each, scanned.path) for each in _list(findings)),
        notes=tuple(_as_note(each, scanned.path) for each in _list(notes)),
        beside=_truth(beside),
        content=_text(content),
    )


def unpack_finding(data: bytes, path: str) -> Finding:
    """What `pack_finding` was given, of the file `path`. Raises ValueError."""
    return _as_finding(_read(data), path)


def unpack_note(data: bytes, path: str) -> Note:
    """What `pack_note` was given, of the file `path`. Raises ValueError."""
    return _as_note(_read(data), path)


def _written(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _read(data: bytes) -> Json:
    if len(data) > LONGEST:
        raise ValueError("longer than a parcel may be")
    try:
        value: Json = json.loads(data.decode("utf-8", "surrogatepass"))
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return value


def _file(file: ScannedFile) -> Json:
    properties: list[Json] = [list(each) for each in file.properties]
    return [
        file.path,
        file.size,
        file.coverage.value,
        list(file.formats),
        file.reason,
        file.sha256,
        properties,
    ]


def _finding(one: Finding, file: str) -> Json:
    grounds = one.suppression
    return [
        one.rule.id,
        _members(one.path, file),
        [one.subject, one.message, one.format, one.argument, one.family, one.opcode, one.fingerprint],
        [one.span.offset, one.span.length, one.count],
        one.variants,
        [grounds.grounds.value, grounds.justification] if grounds is not None else None,
    ]


def _note(note: Note, file: str) -> Json:
    return [note.rule.id, _members(note.path, file), note.message]


def _members(path: ArtifactPath, file: str) -> list[Json]:
    if path.file != file:
        raise ValueError("it speaks of another file")
    return list(path.members)


def _as_file(value: Json) -> ScannedFile:
    path, size, coverage, formats, reason, sha256, properties = _parts(value, 7)
    return ScannedFile(
        path=_text(path),
        size=_number(size),
        coverage=Coverage(_text(coverage)),
        formats=_texts(formats),
        reason=_text(reason),
        sha256=_text(sha256),
        properties=tuple(_as_property(each) for each in _list(properties)),
    )


def _as_property(value: Json) -> tuple[str, str, str]:
    member, key, stated = map(_text, _parts(value, 3))
    return member, key, stated


def _as_finding(value: Json, file: str) -> Finding:
    rule, members, texts, numbers, variants, suppression = _parts(value, 6)
    subject, message, form, argument, family, opcode, fingerprint = map(_text, _parts(texts, 7))
    offset, length, count = map(_number, _parts(numbers, 3))
    return Finding(
        rule=_rule(rule, coverage=False),
        path=ArtifactPath(file, _texts(members)),
        subject=subject,
        message=message,
        span=Span(offset, length),
        format=form,
        argument=argument,
        family=family,
        opcode=opcode,
        count=count,
        variants=_text(variants),
        fingerprint=fingerprint,
        suppression=_optional(_as_suppression, suppression),
    )


def _as_suppression(value: Json) -> Suppression:
    grounds, justification = map(_text, _parts(value, 2))
    return Suppression(grounds=Grounds(grounds), justification=justification)


def _as_note(value: Json, file: str) -> Note:
    rule, members, message = _parts(value, 3)
    return Note(
        rule=_rule(rule, coverage=True), path=ArtifactPath(file, _texts(members)), message=_text(message)
    )


def _rule(value: Json, *, coverage: bool) -> Rule:
    rule = CATALOGUE.get(_text(value))
    if rule is None or rule.is_coverage is not coverage:
        raise ValueError("no such rule")
    return rule


def _parts(value: Json, count: int) -> list[Json]:
    parts = _list(value)
    if len(parts) != count:
        raise ValueError("a part is missing or too many")
    return parts


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ValueError("not text")
    return value


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(map(_text, _list(value)))


def _truth(value: Json) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not a truth value")
    return value


def _number(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise ValueError("not a number")
    return value


def _optional(read: Callable[[Json], T], value: Json) -> T | None:
    return None if value is None else read(value)
