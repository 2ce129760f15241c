"""CPython's marshal format, read without the `marshal` module: code objects inside, nothing built or run.

The format is undocumented on purpose; it is what `Python/marshal.c` of each version reads and writes.
"""
