import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden_sarif.fingerprints import (
    MAX_LINE_HASH_BYTES,
    PRIMARY,
    Fingerprinter,
    Key,
    line_hashes,
    member_path,
)

KEY = Key(container="pickle", members="archive/data.pkl", kind="X1", subject="os.system", argument="id")


def test_the_recipe_is_a_contract() -> None:
    """A change here closes and reopens every alert of every user: it needs a new version, not a new expectation."""
    argument = hashlib.sha256(b"id").hexdigest()
    raw = b"v1\0pickle\0archive/data.pkl\0X1\0os.system\0" + argument.encode()
    prints = Fingerprinter("tool/v1").fingerprints(KEY, rule_id="X1", uri="a.pkl")
    assert prints == {
        PRIMARY: hashlib.sha256(raw).hexdigest()[:16] + ":1",
        "tool/v1": hashlib.sha256(b"X1\0" + raw + b"\0001").hexdigest(),
    }
    assert prints[PRIMARY] == "d5705f2d0d1556d5:1"


def test_equal_keys_of_one_file_and_rule_are_numbered() -> None:
    fingerprinter = Fingerprinter("tool/v1")
    prints = [fingerprinter.fingerprints(KEY, rule_id="X1", uri="a.pkl") for _ in range(4)]
    assert [each[PRIMARY].rpartition(":")[2] for each in prints] == ["1", "2", "3", "4"]
    assert len({each["tool/v1"] for each in prints}) == 4


def test_another_file_or_rule_starts_from_one() -> None:
    fingerprinter = Fingerprinter("tool/v1")
    for rule_id, uri in (("X1", "a.pkl"), ("X1", "b.pkl"), ("X2", "a.pkl")):
        assert fingerprinter.fingerprints(KEY, rule_id=rule_id, uri=uri)[PRIMARY].endswith(":1")


@pytest.mark.parametrize("field", ["container", "members", "kind", "subject", "argument"])
def test_every_part_of_the_key_counts(field: str) -> None:
    parts = {"container": "a", "members": "b", "kind": "c", "subject": "d", "argument": "e"}
    assert Key(**parts).to_bytes() != Key(**{**parts, field: "other"}).to_bytes()


def test_hashes_names_that_are_no_text() -> None:
    assert Key(container="", members="\udcff", kind="", subject="\ud800", argument="\udfff").to_bytes()


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ((), ""),
        (("./a/data.pkl",), "a/data.pkl"),
        (("././a",), "a"),
        (("a\\b\\data.pkl",), "a/b/data.pkl"),
        (("outer.zip", ".\\inner.pkl"), "outer.zip!inner.pkl"),
    ],
)
def test_member_paths_are_normal(members: tuple[str, ...], path: str) -> None:
    assert member_path(members) == path


def test_the_directory_named_after_the_archive_can_be_dropped() -> None:
    assert member_path(("epoch-1/data.pkl",), drop_top=True) == member_path(
        ("epoch-2/data.pkl",), drop_top=True
    )
    assert member_path(("data.pkl",), drop_top=True) == "data.pkl"
    assert member_path(("top/a/b", "x/y"), drop_top=True) == "a/b!x/y"
    assert member_path((), drop_top=True) == ""


# Values that github/codeql-action's own code gave (src/fingerprints.ts, run under Node 20).
GITHUB: list[tuple[bytes, list[str]]] = [
    (b"", ["c129715d7a2bc9a3:1"]),
    (
        b"a\nb\nc\n",
        ["52668e89249e7477:1", "9ed7939040abc6c0:1", "3791504be0bd17cc:1", "c129715d7a2bc9a3:1"],
    ),
    (
        b"one\r\ntwo\r\r\n three\n\n\tfour",
        [
            "c0bd059477d8c479:1",
            "7814fbe87a1b2d75:1",
            "e7dafd04fd0e040d:1",
            "8a866bb293e60377:1",
            "cad443a5ec4339:1",
            "253087c0fc0524d3:1",
        ],
    ),
    (
        "\ufeffx\né😀 y\n".encode(),
        ["3626618035fab169:1", "eacc8b6b2fda3aac:1", "c129715d7a2bc9a3:1"],
    ),
    (b"\xff\xfe\xe2\x82x\n\x80", ["b5a9262a1a7b3679:1", "8989dec65f08d110:1"]),
    (
        b"same\n" * 30,
        [
            *(f"6468d5768bad9560:{number}" for number in range(1, 12)),
            *(
                f"{each}:1"
                for each in (
                    "6468d593175bf9e7 da651a21e2c4ed2b fa654d5728d43cbf 41eedd0ee34e7ae3 b54cc712461bd6d7 "
                    "5e3328a25cb820db 814869baf0ce1e2f e228151957fc6d13 6fcfae81efcf38c7 541a672188cafd8b "
                    "e09c79f896499c9f db85c3931d740043 81bc500fad9f8fb7 f22fae5eebd7b33b fd4056a22bb0a80f "
                    "492109b62839e473 55dfc028cbd34ba7 54dd522503d971eb 930af01a65e2307f c129715d7a2bc9a3"
                ).split()
            ),
        ],
    ),
    (
        b'x = "' + b"abcdefghij" * 25 + b'"\ny\n',
        ["191d9a061a0b539a:1", "c33be7e0cf7c3ca:1", "c129715d7a2bc9a3:1"],
    ),
    (b"\0\0\n\0", ["15ec6129f2d75a45:1", "dbb503105d3f7427:1"]),
]


@pytest.mark.parametrize(("data", "hashes"), GITHUB)
def test_line_hashes_are_the_ones_github_computes(data: bytes, hashes: list[str]) -> None:
    assert line_hashes(data) == hashes


def test_a_line_hash_sees_no_blanks_and_no_kind_of_line_end() -> None:
    assert line_hashes(b"a b\tc\r\nd") == line_hashes(b"abc\nd") == line_hashes(b"abc\rd")


@given(st.binary(max_size=400))
def test_any_bytes_give_one_distinct_hash_a_line(data: bytes) -> None:
    lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    hashes = line_hashes(data)
    assert len(hashes) == len(lines)
    assert len(set(hashes)) == len(hashes)


def test_refuses_texts_that_would_take_long() -> None:
    with pytest.raises(ValueError, match="too long"):
        line_hashes(bytes(MAX_LINE_HASH_BYTES + 1))
