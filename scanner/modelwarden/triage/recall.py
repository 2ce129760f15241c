"""Findings of a report that was written earlier, as far as it tells: to be explained, not judged again."""

from collections.abc import Iterator
from urllib.parse import unquote

from modelwarden.domain.record import record
from modelwarden.errors import UserError
from modelwarden.triage.previous import previous


@record(kw_only=True)
class Recalled:
    """One finding. `place`: file and members, `!` between them; `offset` in bytes of the innermost, -1 where it is not told.

    All but `rule` is text from a file that may hold anything.
    """

    rule: str
    fingerprint: str
    message: str
    place: str
    offset: int = -1
    argument: str = ""


def is_a_report(start: bytes) -> bool:
    """Whether a file that starts so may be one of our reports, rather than a model."""
    return start.lstrip(b" \t\r\n").startswith(b"{") and (b'"schema_version"' in start or b'"runs"' in start)


def recall(file: str) -> Iterator[Recalled]:
    """The findings of our SARIF or JSON report. Raises UserError when it is neither."""
    before = previous(file, file)
    if before.known:
        raise UserError(f"{file} is a baseline, which tells too little: name the report")
    found = [*map(_of_result, before.results), *map(_of_finding, before.findings)]
    return (one for one in found if one is not None)


def _of_result(result: object) -> Recalled | None:
    match result:
        case {
            "ruleId": str(rule),
            "message": {"text": str(message)},
            "partialFingerprints": {"modelwarden/v1": str(fingerprint)},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": str(uri)}}}],
        }:
            return Recalled(
                rule=rule, fingerprint=fingerprint, message=message, place=_inside(result) or unquote(uri),
                offset=_offset(result),
            )  # fmt: skip
    return None


def _inside(result: object) -> str:
    match result:
        case {"locations": [{"logicalLocations": [{"fullyQualifiedName": str(name)}, *_]}]}:
            return name
    return ""


def _offset(result: object) -> int:
    match result:
        case {"properties": {"offset": int(offset)}}:
            return offset
    return -1


def _of_finding(finding: object) -> Recalled | None:
    match finding:
        case {
            "rule": str(rule),
            "fingerprint": str(fingerprint),
            "message": str(message),
            "file": str(file),
            "members": list(members),
            "offset": int(offset),
            "argument": str(argument),
        } if fingerprint:
            return Recalled(
                rule=rule, fingerprint=fingerprint, message=message, offset=offset, argument=argument,
                place="!".join([file, *map(str, members)]),
            )  # fmt: skip
    return None
