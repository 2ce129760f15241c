"""A list of SHA-256 sums, as `sha256sum` prints them: a sum, then whatever one likes; `#` starts a comment."""

import re

from modelwarden.errors import UserError

_SUM = re.compile(r"\\?([0-9a-fA-F]{64})(?:\s.*)?")


def read_sums(file: str) -> frozenset[str]:
    """The sums in a file, in lower case. Raises UserError for a file that cannot be read and for a line that is no sum."""
    found: set[str] = set()
    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            for number, row in enumerate(stream, 1):
                text = row.strip()
                if not text or text.startswith("#"):
                    continue
                match = _SUM.fullmatch(text)
                if match is None:
                    raise UserError(f"{file}:{number}: no SHA-256 sum (64 hexadecimal digits)")
                found.add(match[1].lower())
    except OSError as error:
        raise UserError(f"cannot read {file}: {(error.strerror or '').lower()}") from error
    if not found:
        raise UserError(f"{file} holds no SHA-256 sum")
    return frozenset(found)
