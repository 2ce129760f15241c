"""Texts of licences are recognised by their own sentences; other texts are none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.licence_text import identified, licence_text
from modelwarden.source.memory import MemorySource

MIT = """MIT License

Copyright (c) 2024 Someone

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction."""
BSD = """Copyright (c) 2020, The Authors

Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:"""


def properties(text: str) -> dict[str, str]:
    return {one.key: one.value for one in licence_text(MemorySource(text.encode()))}


def test_our_own_licence() -> None:
    text = (Path(__file__).parents[3] / "LICENSE").read_text(encoding="utf-8")
    assert identified(text) == "Apache-2.0"


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        (MIT, "MIT"),
        (BSD, "BSD-2-Clause"),
        (f"{BSD}\n* Neither the name of X nor the names of its\ncontributors may be used to endorse", "BSD-3-Clause"),
        ("                    GNU AFFERO GENERAL PUBLIC LICENSE\n                       Version 3, 19 November 2007", "AGPL-3.0"),
        ("GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007", "GPL-3.0"),
        ("GNU GENERAL PUBLIC LICENSE\n   Version 2, June 1991", "GPL-2.0"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\n Version 2.1, February 1999", "LGPL-2.1"),
        ("Attribution-NonCommercial 4.0 International\n===", "CC-BY-NC-4.0"),
        ("Attribution-NonCommercial-ShareAlike 4.0 International", "CC-BY-NC-SA-4.0"),
        ("Creative Commons Attribution 4.0 International", "CC-BY-4.0"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("LLAMA 2 COMMUNITY LICENSE AGREEMENT", "llama2"),
        ("META LLAMA 3 COMMUNITY LICENSE AGREEMENT", "llama3"),
        ("CreativeML Open RAIL-M\ndated August 22, 2022", "creativeml-openrail-m"),
        ("Gemma Terms of Use", "gemma"),
        ("Mozilla Public License Version 2.0", "MPL-2.0"),
    ],
)  # fmt: skip
def test_common_licences(text: str, licence: str) -> None:
    assert properties(text)["licence"] == licence


def test_the_holder_of_the_copyright() -> None:
    assert properties(MIT)["copyright"] == "Copyright (c) 2024 Someone"
    assert "copyright" not in properties(
        "GNU ...\nCopyright (C) 2007 Free Software Foundation, Inc.\nCopyright (C) <year> <name>"
    )


@pytest.mark.parametrize("text", ["", "Read the licence.", "See https://www.gnu.org/licenses/", "\0" * 5000])
def test_other_texts_are_none(text: str) -> None:
    assert properties(text) == {}


@given(st.binary(max_size=2000))
def test_any_bytes(data: bytes) -> None:
    list(licence_text(MemorySource(data)))
