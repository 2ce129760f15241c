"""CPython code objects, read and followed without building or running one.

Sources: `Python/ceval.c` and `Python/bytecodes.c` of CPython 3.6 to 3.14; the numbers of instructions stand in `opcodes`.
"""
