"""Bytes that are already here."""


class MemorySource:
    """Random access to a bytes object."""

    __slots__ = ("_data", "size")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size: int = len(data)

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`."""
        return self._data[offset : offset + length] if length > 0 else b""
