"""Reports that were written earlier are told apart; what is none of ours is refused under the name it was given."""

import json
from pathlib import Path

import pytest

from modelwarden.errors import UserError
from modelwarden.triage.previous import Previous, previous

LOG = {"runs": [{"tool": {"driver": {"name": "modelwarden"}}, "results": [1]}]}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (LOG, Previous([1], [], [])),
        ({"schema_version": 1, "findings": [2]}, Previous([], [2], [])),
        ({"schema_version": 1, "baseline": [3]}, Previous([], [], [3])),
    ],
)
def test_each_kind_has_its_entries(tmp_path: Path, document: object, expected: Previous) -> None:
    file = tmp_path / "r.json"
    file.write_text(json.dumps(document))
    assert previous(str(file), "it") == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "the log is no JSON"),
        ("[" * 100_000, "the log is no JSON"),
        ("{}", "the log is no report of modelwarden"),
    ],
)
def test_what_is_none_of_ours_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "r.json"
    file.write_text(text)
    with pytest.raises(UserError, match=reason):
        previous(str(file), "the log")
    with pytest.raises(UserError, match="cannot read the log: no such file"):
        previous(str(tmp_path / "nowhere"), "the log")
