"""Files that begin like a TensorRT engine. The layout behind the beginning is made up: NVIDIA does not publish the real one."""

import hashlib
import json
import struct


def engine(*parts: bytes, magic: bytes = b"ftrt") -> bytes:
    """An engine: tag, version, length of what follows, then `parts`, apart from one another by zeros."""
    body = b"".join(part + bytes(24) for part in parts)
    return magic + struct.pack("<IQQ", 0, 239, len(body)) + body


def counted(name: bytes, width: int = 4) -> bytes:
    """A string behind its length."""
    return len(name).to_bytes(width, "little") + name


def ultralytics(plan: bytes) -> bytes:
    """An engine as Ultralytics saves it: metadata in front."""
    text = json.dumps({"description": "Ultralytics YOLO11n model", "stride": 32, "task": "detect"}).encode()
    return counted(text) + plan


def numbers(count: int, seed: bytes = b"") -> bytes:
    """Bytes that look like quantised weights, always the same."""
    return b"".join(
        hashlib.sha256(seed + bytes((index % 256, index // 256))).digest() for index in range(count // 32 + 1)
    )[:count]
