"""A report of ours that was written earlier: what its entries are, as they stand there."""

import json
from typing import TypeAlias

from modelwarden.domain.record import record
from modelwarden.errors import UserError

Entries: TypeAlias = list[object]
_MOST_BYTES = 256 << 20


@record
class Previous:
    """`results` of a SARIF log, `findings` of a JSON report, `known` of a baseline: one of them, the others empty."""

    results: Entries
    findings: Entries
    known: Entries


def previous(file: str, called: str) -> Previous:
    """The entries of a file. Raises UserError, in which it is `called` so, when it cannot be read or is no report of ours."""
    try:
        with open(file, "rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
        document: object = json.loads(data) if len(data) <= _MOST_BYTES else None
    except OSError as error:
        raise UserError(f"cannot read {called}: {(error.strerror or '').lower()}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{called} is no JSON") from error
    match document:
        case {"runs": [{"tool": {"driver": {"name": "modelwarden"}}, "results": list(entries)}]}:
            return Previous(entries, [], [])
        case {"schema_version": int(), "findings": list(entries)}:
            return Previous([], entries, [])
        case {"schema_version": int(), "baseline": list(entries)}:
            return Previous([], [], entries)
    raise UserError(f"{called} is no report of modelwarden (SARIF or JSON)")
