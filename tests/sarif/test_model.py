import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from modelwarden_sarif import model
from modelwarden_sarif.encode import encode

VALIDATOR = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parent / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
)


def rule(**changes: Any) -> model.Rule:
    arguments: dict[str, Any] = {
        "rule_id": "X1",
        "name": "SomeRule",
        "summary": "A rule.",
        "description": "What the rule is about.",
        "help_text": "Do something.",
        "help_markdown": "**Do** something.",
        "help_uri": "https://example.org/rules#x1",
        "level": "warning",
        "cwe": (22, 502),
        "tags": ("security",),
        "precision": "high",
        "security_severity": 5.5,
    }
    return model.make_rule(**{**arguments, **changes})


def result(**changes: Any) -> model.Result:
    arguments: dict[str, Any] = {
        "rule_id": "X1",
        "rule_index": 0,
        "level": "warning",
        "message": "Something.",
        "location": model.make_location(
            uri="a.zip", index=0, member="x.bin", qualified_member="a.zip!d/x.bin"
        ),
        "fingerprints": {"primaryLocationLineHash": "0123456789abcdef:1"},
        "properties": {"offset": 0},
    }
    return model.make_result(**{**arguments, **changes})


def log(**changes: Any) -> dict[str, Any]:
    invocation = model.make_invocation(
        exit_code=0,
        notifications=[
            model.make_notification(
                descriptor_id="X9", descriptor_index=0, level="warning", message="Not read."
            )
        ],
    )
    driver = model.make_driver(
        name="tool",
        version="1.2.3",
        information_uri="https://example.org",
        rules=[rule()],
        notifications=[rule(rule_id="X9", cwe=(), tags=(), precision=None, security_severity=None)],
    )
    arguments: dict[str, Any] = {
        "driver": driver,
        "automation": model.make_automation(automation_id="tool/part/"),
        "invocation": invocation,
        "artifacts": [model.make_artifact(uri="a.zip", length=0, sha256="0" * 64)],
        "results": [result()],
    }
    loaded: dict[str, Any] = json.loads(encode(model.make_log(**{**arguments, **changes})))
    return loaded


def test_everything_together_is_valid_sarif() -> None:
    VALIDATOR.validate(log())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document["runs"][0]["results"][0].update(rank=None),
        lambda document: document["runs"][0]["results"][0].update(unknown=1),
        lambda document: document["runs"][0]["results"][0].pop("message"),
        lambda document: document["runs"][0]["results"][0]["partialFingerprints"].update(x=None),
        lambda document: document.update(version="2.0.0"),
    ],
    ids=["null", "unknown property", "no message", "null fingerprint", "version"],
)
def test_the_schema_check_can_fail(spoil: Callable[[dict[str, Any]], object]) -> None:
    document = log()
    spoil(document)
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(document)


def test_a_security_severity_is_a_string_with_a_number() -> None:
    assert json.loads(encode(rule(security_severity=10.0)))["properties"]["security-severity"] == "10.0"


@pytest.mark.parametrize("score", [0.0, -1.0, 10.1, float("nan")])
def test_refuses_a_security_severity_github_refuses(score: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        rule(security_severity=score)


def test_cwe_numbers_become_tags_and_relationships() -> None:
    document = json.loads(encode(rule()))
    assert document["properties"]["tags"] == [
        "security",
        "external/cwe/cwe-022",
        "cwe-22",
        "external/cwe/cwe-502",
        "cwe-502",
    ]
    assert [each["target"]["id"] for each in document["relationships"]] == ["22", "502"]
    assert {each["target"]["toolComponent"]["name"] for each in document["relationships"]} == {"CWE"}


def test_strings_and_tags_stay_within_the_limits() -> None:
    document = json.loads(
        encode(
            rule(
                name="n" * 300, summary="s" * 2_000, description="d" * 2_000, tags=[str(n) for n in range(25)]
            )
        )
    )
    assert len(document["name"]) == 255
    assert len(document["shortDescription"]["text"]) == len(document["fullDescription"]["text"]) == 1_024
    assert len(document["properties"]["tags"]) == 10
    assert len(json.loads(encode(result(message="m" * 2_000)))["message"]["text"]) == 1_024


def test_refuses_a_help_uri_over_the_limit() -> None:
    with pytest.raises(ValueError, match="help URI"):
        rule(help_uri="https://example.org/" + "x" * 2_048)


def test_a_result_always_says_its_level() -> None:
    assert log()["runs"][0]["results"][0]["level"] == "warning"
    assert log()["runs"][0]["tool"]["driver"]["rules"][0]["defaultConfiguration"] == {"level": "warning"}


def test_a_location_has_no_region_and_names_the_member() -> None:
    (location,) = log()["runs"][0]["results"][0]["locations"]
    assert location == {
        "physicalLocation": {"artifactLocation": {"uri": "a.zip", "uriBaseId": "%SRCROOT%", "index": 0}},
        "logicalLocations": [{"name": "x.bin", "fullyQualifiedName": "a.zip!d/x.bin", "kind": "member"}],
    }


def test_a_location_outside_containers_has_no_logical_one() -> None:
    assert "logicalLocations" not in json.loads(encode(model.make_location(uri="a.bin")))


def test_an_empty_file_has_length_zero_and_an_unknown_length_is_left_out() -> None:
    assert json.loads(encode(model.make_artifact(uri="a", length=0)))["length"] == 0
    assert json.loads(encode(model.make_artifact(uri="a"))).keys() == {"location", "roles"}


def test_times_are_utc_and_need_a_zone() -> None:
    time = datetime(2026, 11, 20, 23, 50, 53, 999, tzinfo=timezone(timedelta(hours=2)))
    invocation = model.make_invocation(exit_code=0, notifications=[], started=time)
    assert json.loads(encode(invocation))["startTimeUtc"] == "2026-11-20T21:50:53Z"
    with pytest.raises(ValueError, match="zone"):
        model.make_invocation(exit_code=0, notifications=[], ended=time.replace(tzinfo=None))


def test_an_invocation_is_successful_whatever_was_found() -> None:
    document = json.loads(encode(model.make_invocation(exit_code=2, notifications=[])))
    assert document == {"executionSuccessful": True, "exitCode": 2, "toolExecutionNotifications": []}


def test_counts_more_than_one_occurrence() -> None:
    assert json.loads(encode(result(count=3)))["occurrenceCount"] == 3
    assert "occurrenceCount" not in json.loads(encode(result()))


def test_the_category_ends_in_a_slash() -> None:
    assert log()["runs"][0]["automationDetails"] == {"id": "tool/part/"}


@pytest.mark.parametrize(
    ("version", "semantic"),
    [("1.2.3", "1.2.3"), ("1.2.3-rc.1", "1.2.3-rc.1"), ("1.2.3rc1", None), ("1.2", None)],
)
def test_only_a_semantic_version_is_called_one(version: str, semantic: str | None) -> None:
    driver = model.make_driver(
        name="tool", version=version, information_uri="https://example.org", rules=[], notifications=[]
    )
    document = json.loads(encode(driver))
    assert document["version"] == version
    assert document.get("semanticVersion") == semantic
    assert document["fullName"] == f"tool {version}"
