"""`[[ignore]]`: what the user accepts, by rule, path, subject and hash."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from modelwarden.config.document import Document
from modelwarden.errors import UserError
from modelwarden.triage.ignores import Ignore

_SUM = re.compile(r"[0-9a-fA-F]{64}")
_CONDITIONS = ("rule", "path", "subject", "sha256")
_KEYS = frozenset({*_CONDITIONS, "reason", "expires"})


def ignores(document: Document) -> Iterator[Ignore]:
    """Every entry. Raises UserError for what is not understood."""
    entries = document.table.get("ignore", [])
    if not isinstance(entries, list):
        raise UserError(f"{document.place('ignore')}: 'ignore' is no array of tables: write [[ignore]]")
    for number, entry in enumerate(entries, 1):
        yield _ignore(f"{document.place('', 'ignore', number)}: ignore {number}", entry)


def _ignore(where: str, entry: object) -> Ignore:
    if not isinstance(entry, dict):
        raise UserError(f"{where} is no table")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise UserError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
    texts = {key: _text(where, entry, key) for key in (*_CONDITIONS, "reason")}
    if not texts["reason"].strip():
        raise UserError(f"{where}: a reason is missing")
    if not any(texts[key] for key in _CONDITIONS):
        raise UserError(f"{where}: it would hide everything; give it one of {', '.join(_CONDITIONS)}")
    if texts["rule"] and not _names_a_rule(texts["rule"].lower()):
        raise UserError(f"{where}: no rule {texts['rule']!r}")
    if texts["sha256"] and not _SUM.fullmatch(texts["sha256"]):
        raise UserError(f"{where}: 'sha256' is no sum of 64 hexadecimal digits")
    expires = entry.get("expires")
    if isinstance(expires, str):
        try:
            expires = date.fromisoformat(expires)
        except ValueError:
            raise UserError(f"{where}: 'expires' is no date: write 2027-01-31") from None
    if expires is not None and (not isinstance(expires, date) or isinstance(expires, datetime)):
        raise UserError(f"{where}: 'expires' is no date: write 2027-01-31")
    return Ignore(**{**texts, "sha256": texts["sha256"].lower()}, expires=expires)


def _names_a_rule(pattern: str) -> bool:
    """Whether a rule may be meant: of ours the ids are known, but plug-ins have rules, too."""
    if not pattern.startswith("mw"):
        return True
    from fnmatch import fnmatchcase

    from modelwarden.policies import INDEX

    return any(fnmatchcase(entry.id.lower(), pattern) for entry in INDEX)


def _text(where: str, entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise UserError(f"{where}: {key!r} is no text")
    return value
