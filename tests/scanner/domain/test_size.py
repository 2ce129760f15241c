"""Sizes are read as people write them, and printed so that they can be read back."""

import pytest

from modelwarden.domain.size import LARGEST, parse_size, show_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0), ("17", 17), ("17B", 17), ("1_000", 1000), ("500MB", 500_000_000), ("500 mb", 500_000_000), ("1kB", 1000),
        ("1KiB", 1024), ("1K", 1024), ("2m", 2 << 20), ("1.5GiB", 3 << 29), ("0.5k", 512), ("1.25MB", 1_250_000),
        ("3TiB", 3 << 40), (" 1GiB ", 1 << 30),
    ],
)  # fmt: skip
def test_sizes_are_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "MB", "-1", "1..5", "1.5.2GB", "5 elephants", "1e9", "0x10", "1iB", "nan", "9999999999PiB"]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no size|more than any file"):
        parse_size(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"), (1, "1 byte"), (1000, "1,000 bytes"), (1024, "1 KiB"), (8 << 20, "8 MiB"), (3 << 29, "1,536 MiB"),
        ((1 << 30) + 1, "1,073,741,825 bytes"), (LARGEST, "unlimited"),
    ],
)  # fmt: skip
def test_sizes_are_shown_exactly(size: int, text: str) -> None:
    assert show_size(size) == text
