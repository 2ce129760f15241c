import hashlib

import pytest

from modelwarden_sarif.fingerprints import PRIMARY, Fingerprinter, Key, member_path

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
