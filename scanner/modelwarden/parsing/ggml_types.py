"""How many bytes a tensor of ggml takes.

Source: `ggml.h` (enum ggml_type), `ggml-common.h` (the blocks), `gguf-py/gguf/constants.py`.
"""

SIZES: dict[int, tuple[int, int]] = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 4: (16, 10), 5: (16, 12), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 40),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136),
    24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2),
    31: (32, 18), 32: (32, 18), 33: (32, 18), 34: (256, 54), 35: (256, 66), 36: (32, 18), 37: (32, 18), 38: (32, 18),
    39: (32, 17), 40: (64, 36), 41: (128, 18),
}  # fmt: skip
"""Type -> (values in a block, bytes of a block). 31 to 33 and 36 to 38 are withdrawn rearrangements of Q4_0 and IQ4_NL."""

OLD_SIZES: dict[int, tuple[int, int]] = {**SIZES, 2: (32, 20), 3: (32, 24), 8: (32, 36)}
"""The same before version 3 of GGJT, when scales had four bytes."""

LARGEST = 1 << 62
"""No tensor takes more bytes: ggml counts in 64 signed bits."""


def size_of(kind: int, dimensions: tuple[int, ...], sizes: dict[int, tuple[int, int]] = SIZES) -> int | str:
    """Bytes of a tensor of a known type, exact however large; or what is wrong with its dimensions."""
    per_block, block_bytes = sizes[kind]
    row = dimensions[0] if dimensions else 1
    if row % per_block:
        return f"a row of {row} values is no whole number of blocks of {per_block}"
    count = 1
    for dimension in dimensions:
        count *= dimension
    return count // per_block * block_bytes
