"""Names of libraries are found where they are strings of their own, whatever the block they are searched in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.library_names import BEHIND, LONGEST, find_library_names


def names(data: bytes) -> list[tuple[int, str]]:
    return [(place, name) for place, name in find_library_names(data, 0, len(data)) if name]


@pytest.mark.parametrize(
    "name",
    [
        "libecho.so", "plugin.so.1", "libecho.so.1.2.3", "/tmp/a.so", "/opt/my plug-ins/echo.so", "./x.so", "$ORIGIN/echo.so",
        "echo.dll", "Echo.DLL", "C:\\Program Files (x86)\\Echo\\echo.dll", "\\\\host\\share\\e.dll", "libecho.dylib",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""),
        (b"\0", b"\0"),
        (b"\1\xff", b"\0text"),
        ("four", b"next"),
        ("four", b"\1"),
        ("eight", b"next"),
        ("one", b"\xff"),
        ("one", b"next"),
    ],
)  # fmt: skip
def test_a_name_is_found(name: str, before: bytes | str, after: bytes) -> None:
    if isinstance(before, str):
        before = len(name).to_bytes({"one": 1, "four": 4, "eight": 8}[before], "little")
    assert names(before + name.encode() + after) == [(len(before), name)]


@pytest.mark.parametrize(
    "data",
    [
        b"", b".so\0", b"a.so\0", b"\xffabc.so\0", b".dll\0", b"sm80_xmma_gemm\0", b"libecho.sound\0", b"libecho.so and more\0",
        b"see libecho.so\0", b'{"plugin": "libecho.so"}\0', b"\x0b\0\0\0libecho.so!",
        b"\xfflibecho.so\xff", b"x" * (LONGEST + 1) + b".so\0",
    ],
)  # fmt: skip
def test_other_text_is_no_name(data: bytes) -> None:
    assert names(data) == []


def test_a_printable_length_is_no_part_of_the_name() -> None:
    name = b"/opt/plugins/of/somebody/else/lib/libecho.so"
    assert names(b"\0" + bytes([len(name)]) + name + b"\0") == [(2, name.decode())]
    name = b"/" + b"a" * 44 + b".so"  # the slash is also the length of what follows it
    assert name[0] == len(name) - 1
    assert names(b"\0" + name + b"\0") == [(1, name.decode())]


def test_every_ending_of_one_text_is_judged() -> None:
    assert names(b"/a.so/b.so\0/c.so\0") == [(0, "/a.so/b.so"), (11, "/c.so")]


@given(st.binary(max_size=200), st.integers(0, 250), st.integers(0, 250))
def test_any_bytes_in_any_window_end(data: bytes, first: int, last: int) -> None:
    for place, name in find_library_names(data + b".so\0" + data + b".dll", first, last):
        assert place >= 0
        assert (data + b".so\0" + data + b".dll")[place : place + len(name)] == name.encode()


@given(
    st.lists(
        st.sampled_from([b"/a.so\0", b"\1", b"libecho.so.2\0", b"text", b"\xff\0", b"b.DLL\0"]), max_size=30
    ),
    st.integers(1, 90),
)
def test_windows_see_what_one_window_sees(parts: list[bytes], size: int) -> None:
    data = b"".join(parts)
    found = []
    for start in range(0, len(data), size):
        before = min(start, LONGEST + 8)
        window = data[start - before : start + size + BEHIND]
        for place, name in find_library_names(window, before, before + min(size, len(data) - start)):
            if name:
                found.append((start - before + place, name))
    assert found == names(data)
