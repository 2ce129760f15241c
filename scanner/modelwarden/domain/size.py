"""Sizes in bytes, as people write them: `500MB`, `1.5GiB`, plain bytes."""

import re

_WRITTEN = r"(?i)([0-9]+(?:[._][0-9]+)*) ?(?:([kmgtp])(i?)(b?)|b)?"
_POWERS = " kmgtp"
_UNITS = ("", "KiB", "MiB", "GiB", "TiB", "PiB")

LARGEST = (1 << 63) - 1
"""What no file on any disk exceeds: the ceiling that is none."""


def parse_size(text: str) -> int:
    """The size that `text` states. `kB` is 1,000 bytes, `KiB` and plain `K` are 1,024. Raises ValueError."""
    match = re.fullmatch(_WRITTEN, text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no size: write 500MB, 1.5GiB or a number of bytes")
    number, unit, binary, byte = match.groups()
    base = 1000 if byte and not binary else 1024
    whole, _, fraction = number.replace("_", "").partition(".")
    power = _POWERS.index(unit.lower()) if unit else 0
    factor = int(base**power)
    if not fraction.isdigit() and fraction:
        raise ValueError(f"{text!r} is no size: it has two points")
    size = int(whole) * factor + int(fraction or "0") * factor // int(10 ** len(fraction))
    if size > LARGEST:
        raise ValueError(f"{text!r} is more than any file can hold")
    return size


def show_size(size: int) -> str:
    """`size` in words, exact: in the largest binary unit that divides it, else in bytes."""
    if size >= LARGEST:
        return "unlimited"
    power = 0
    whole = size
    while whole and whole % 1024 == 0 and power < len(_UNITS) - 1:
        whole //= 1024
        power += 1
    return f"{whole:,} {_UNITS[power]}" if power else f"{size:,} byte{'' if size == 1 else 's'}"
