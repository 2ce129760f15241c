"""A list of SHA-256 sums, as `sha256sum` prints them: a sum, then whatever one likes; `#` starts a comment."""

import re

from modelwarden.errors import UserError

_SUM = re.compile(r"\\?([0-9a-fA-F]{64})(?:\s.*)?")
_MOST_BYTES = 256 << 20


def read_sums(file: str) -> frozenset[str]:
    """The sums in a file, in lower case. Raises UserError for a file that cannot be read and for a line that is no sum."""
    try:
        with open(file, "rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"cannot read {file}: {(error.strerror or '').lower()}") from error
    if len(data) > _MOST_BYTES:
        raise UserError(f"{file} is larger than a list of sums can be ({_MOST_BYTES:,} bytes)")
    found: set[str] = set()
    for number, row in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        text = row.strip()
        if not text or text.startswith("#"):
            continue
        match = _SUM.fullmatch(text)
        if match is None:
            raise UserError(f"{file}:{number}: no SHA-256 sum (64 hexadecimal digits)")
        found.add(match[1].lower())
    if not found:
        raise UserError(f"{file} holds no SHA-256 sum")
    return frozenset(found)
