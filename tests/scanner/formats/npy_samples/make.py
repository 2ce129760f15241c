"""Makes the samples beside this file with numpy; run by hand: `python make.py`.

`numbers-*` hold no object, `objects-*` do. `echo.npz` would run `echo` if it were loaded with allow_pickle=True: nothing does.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
from numpy.lib import format as npy

HERE = Path(__file__).parent


class Echo:
    """Pickles as a call of os.system."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("echo modelwarden sample",)


def objects(*values: object) -> Any:
    """An array of Python objects."""
    array: Any = numpy.empty(len(values), dtype=object)
    array[:] = values
    return array


NUMBERS: dict[str, numpy.ndarray[Any, Any]] = {
    "float32": numpy.arange(6, dtype=numpy.float32).reshape(2, 3),
    "float16": numpy.arange(6, dtype=numpy.float16),
    "big-endian": numpy.arange(3, dtype=">i8"),
    "bool": numpy.array([True, False]),
    "complex": numpy.array([1 + 2j]),
    "long-double": numpy.array([1.5], dtype=numpy.longdouble),
    "fortran": numpy.asfortranarray(numpy.ones((2, 3))),
    "scalar": numpy.array(1.5),
    "empty": numpy.empty((0, 3)),
    "text": numpy.array(["cat", "horse"]),
    "bytes": numpy.array([b"cat", b"horse"]),
    "no-characters": numpy.array(["", ""], dtype="<U0"),
    "times": numpy.array(["2020-01-01", "2021-01-01"], dtype="datetime64[ns]"),
    "void": numpy.array([b"abc"], dtype="V3"),
    "fields": numpy.zeros(3, dtype=[("x", "<i4"), ("y", "<f8")]),
    "aligned-fields": numpy.zeros(3, dtype=numpy.dtype([("x", "i1"), ("y", "f8")], align=True)),
    "field-named-O": numpy.zeros(3, dtype=[("O", "<i4"), ("object", "<U3")]),
    "titled-fields": numpy.zeros(3, dtype=[(("O", "x"), "<i4")]),
    "nested-fields": numpy.zeros(3, dtype=[("x", [("y", "<i2", (2, 2)), ("z", "i1")]), ("n", "<f4", 3)]),
}
OBJECTS: dict[str, numpy.ndarray[Any, Any]] = {
    "plain": objects("cat", None, {"a": 1}),
    "field": numpy.zeros(2, dtype=[("x", "<i4"), ("y", "O")]),
    "nested-field": numpy.zeros(2, dtype=[("x", [("y", "<i4"), ("z", "O")])]),
    "subarray": numpy.zeros(2, dtype=[("x", "O", (2, 2))]),
    "variable-text": numpy.array(["cat", "horse"], dtype=numpy.dtypes.StringDType()),
}


def main() -> None:
    """Write every array, and three forms of archive."""
    for name, array in NUMBERS.items():
        numpy.save(HERE / f"numbers-{name}.npy", array)
    for name, array in OBJECTS.items():
        numpy.save(HERE / f"objects-{name}.npy", array)
    for version in ((1, 0), (2, 0), (3, 0)):
        with (HERE / f"numbers-version-{version[0]}.npy").open("wb") as file:
            npy.write_array(file, NUMBERS["fields"], version=version)
    with (HERE / "numbers-unicode-field.npy").open("wb") as file:
        npy.write_array(file, numpy.zeros(2, dtype=[("größe", "<i4"), ("猫", "<f8")]), version=(3, 0))
    numpy.savez(HERE / "numbers.npz", a=NUMBERS["float32"], b=NUMBERS["text"])
    numpy.savez_compressed(HERE / "numbers-compressed.npz", a=numpy.zeros(5000))
    numpy.savez(HERE / "echo.npz", a=NUMBERS["float32"], b=objects(Echo()))


if __name__ == "__main__":
    main()
