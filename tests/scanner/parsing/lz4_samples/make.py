"""Makes the samples beside this file with the lz4 library; run by hand: `python make.py`. What they hold: `sample`."""

from pathlib import Path

import lz4.frame

HERE = Path(__file__).parent
FRAMES = {
    "plain": {},
    "linked-64k": {"block_size": lz4.frame.BLOCKSIZE_MAX64KB, "block_linked": True},
    "independent-64k": {"block_size": lz4.frame.BLOCKSIZE_MAX64KB, "block_linked": False},
    "4m": {"block_size": lz4.frame.BLOCKSIZE_MAX4MB},
    "checksums": {"content_checksum": True, "block_checksum": True},
    "no-content-size": {"store_size": False},
    "hard": {"compression_level": 12},
}


def sample() -> bytes:
    """200,000 bytes that compress well, with a stretch in the middle that does not."""
    words = b"".join(b"layer.%d.weight " % (number * number % 97) for number in range(6000))
    state = 12345
    noise = bytearray()
    for _ in range(3000):
        state = (state * 1103515245 + 12345) % (1 << 31)
        noise.append(state >> 16 & 255)
    return (words + bytes(noise) + words + bytes(40_000))[:200_000]


def main() -> None:
    """Write every kind of frame."""
    for name, options in FRAMES.items():
        (HERE / f"{name}.lz4").write_bytes(lz4.frame.compress(sample(), **options))
    (HERE / "noise.lz4").write_bytes(lz4.frame.compress(sample()[97_000:99_000]))
    (HERE / "empty.lz4").write_bytes(lz4.frame.compress(b""))


if __name__ == "__main__":
    main()
