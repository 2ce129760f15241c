"""Scripts are known by their first line, unless they bear the name of a script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.format import Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Place, Program
from modelwarden.formats.script import FORMAT
from modelwarden.source.memory import MemorySource


@pytest.mark.parametrize(
    "line",
    [b"#!/bin/sh\n", b"#! /bin/sh -e\n", b"#!\t/usr/bin/env python3\n", b"#!/bin/sh\r\n", b"#!/bin/sh"],
)
@pytest.mark.parametrize("suffix", [".bin", ".pkl", ".json", ".png", ""])
def test_a_script_is_stated(line: bytes, suffix: str) -> None:
    source = MemorySource(line)
    assert FORMAT.recognise(Head(source, suffix))
    assert list(FORMAT.observe(source, Scope(name=f"x{suffix}"))) == [
        Program("script", Place.FILE, f"x{suffix}", Span(0, len(line)))
    ]


@pytest.mark.parametrize("suffix", [".sh", ".py", ".pl", ".run"])
def test_source_named_as_source_is_left_alone(suffix: str) -> None:
    assert not FORMAT.recognise(Head(MemorySource(b"#!/bin/sh\n"), suffix))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"#!",
        b"#!\n",
        b"#!python\n",
        b"#!/bin/\xff\xfe\n",
        b"# /bin/sh\n",
        b" #!/bin/sh\n",
        b"#!\0/bin/sh\n",
    ],
)
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert not FORMAT.recognise(Head(MemorySource(data), ".bin"))
    assert list(FORMAT.observe(MemorySource(data), Scope())) == []


@given(st.binary(max_size=100))
def test_any_bytes_end(data: bytes) -> None:
    source = MemorySource(b"#!/" + data)
    assert FORMAT.recognise(Head(source)) is bool(list(FORMAT.observe(source, Scope())))
