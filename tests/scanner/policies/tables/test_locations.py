"""Which locations stay beside the file, and what is wrong with the others."""

import pytest

from modelwarden.policies.tables.locations import escape, is_url, public


@pytest.mark.parametrize(
    "location",
    [
        "", "weights.bin", "./weights.bin", "sub/dir/weights.bin", "part..0.bin", "..weights", "weights..", "...", ".../x",
        "a/../b", "a/./../b", "./a/../b", "a//b", "a\\b", "model.onnx:data", "weights (1).bin", "~weights.bin", "a/~/b",
        "model-00001-of-00002.safetensors", "été.bin", "a b/c d", "%2e%2e", "http:", "C", "1:2",
    ],
)  # fmt: skip
def test_what_stays_inside_is_no_escape(location: str) -> None:
    assert escape(location) == ""


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("/etc/passwd", "is absolute"),
        ("\\windows\\win.ini", "is absolute"),
        ("\\\\host\\share\\x", "names another machine or a device"),
        ("//host/share/x", "names another machine or a device"),
        ("\\\\.\\pipe\\x", "names another machine or a device"),
        ("C:\\x", "names a drive"),
        ("c:/x", "names a drive"),
        ("C:x", "names a drive"),
        ("https://host/x", "is a URL"),
        ("S3://bucket/x", "is a URL"),
        ("file:///etc/passwd", "is a URL of a local file"),
        ("FILE:/etc/passwd", "is a URL of a local file"),
        ("~/x", "leads to a home directory"),
        ("~", "leads to a home directory"),
        ("~root/x", "leads to a home directory"),
        ("~\\x", "leads to a home directory"),
        ("../x", "climbs out of the directory"),
        ("..", "climbs out of the directory"),
        ("a/../../x", "climbs out of the directory"),
        ("a/../../a/x", "climbs out of the directory"),
        ("./../x", "climbs out of the directory"),
        ("..\\x", "climbs out of the directory"),
        ("a\\..\\..\\x", "climbs out of the directory"),
        ("a\\b/../../x", "climbs out of the directory"),
        (".. /x", "climbs out of the directory"),
        ("a//../../x", "climbs out of the directory"),
    ],
)
def test_what_leads_out_is_an_escape(location: str, reason: str) -> None:
    assert escape(location) == reason


def test_a_nul_byte_is_an_escape() -> None:
    assert escape("weights.bin\0.txt").startswith("holds a NUL byte")


@pytest.mark.parametrize("location", ["http://a/b", "hf://a/b", "gs://x"])
def test_an_address_is_a_url(location: str) -> None:
    assert is_url(location)


@pytest.mark.parametrize("location", ["file:///x", "C:/x", "C://x", "a/b://c", "://x"])
def test_a_path_is_no_url(location: str) -> None:
    assert is_url(location) == (location == "C://x")


def test_what_is_shown_of_a_url_holds_no_secret() -> None:
    assert public("https://user:secret@host/path?token=secret#x") == "https://host/path"
    assert public("https://host?token=secret\nmore") == "https://host"
    assert public("weights?.bin#1@x") == "weights?.bin#1@x"
    assert len(public("a" * 10_000)) <= 200
