import json
import math
from collections.abc import Mapping
from enum import Enum
from pathlib import PurePath
from typing import Any

import pytest
import sarif_om
from hypothesis import given
from hypothesis import strategies as st
from jschema_to_python.to_json import to_json

from modelwarden_sarif import model
from modelwarden_sarif.encode import encode
from tests.guard import ends

NAMES = st.text(st.characters(codec="utf-8"), max_size=20)
JSON = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)


def make_log(results: int, level: model.Level = "error") -> sarif_om.SarifLog:
    rule = model.make_rule(
        rule_id="X1",
        name="SomeRule",
        summary="A rule.",
        description="What it is about.",
        help_text="Help.",
        help_markdown="**Help.**",
        help_uri="https://example.org/#x1",
        level=level,
        cwe=(502,),
        tags=("security",),
        precision="very-high",
        security_severity=9.8,
    )
    driver = model.make_driver(
        name="tool", version="1.0.0", information_uri="https://example.org", rules=[rule], notifications=[]
    )
    made = [
        model.make_result(
            rule_id="X1",
            rule_index=0,
            level=level,
            message=f"Loading calls os.system, number {number}.",
            location=model.make_location(
                uri="models/my%20model.pt", index=0, member="data.pkl", qualified_member="m!archive/data.pkl"
            ),
            fingerprints={"primaryLocationLineHash": f"{number:016x}:1", "tool/v1": f"{number:064x}"},
            properties={"offset": number, "member": "archive/data.pkl", "subject": "os.system"},
        )
        for number in range(results)
    ]
    return model.make_log(
        driver=driver,
        automation=model.make_automation(automation_id="tool/"),
        invocation=model.make_invocation(exit_code=1, notifications=[]),
        artifacts=[model.make_artifact(uri="models/my%20model.pt", length=1234, sha256="ab" * 32)],
        results=made,
        properties={"files": 1},
    )


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def test_says_what_the_reference_serializer_says_for_levels_that_are_no_default() -> None:
    log = make_log(3, "error")
    assert json.loads(encode(log)) == without_nulls(json.loads(to_json(log)))


def test_says_the_level_that_the_reference_serializer_loses() -> None:
    log = make_log(1, "warning")
    assert "level" not in json.loads(to_json(log))["runs"][0]["results"][0]
    assert json.loads(encode(log))["runs"][0]["results"][0]["level"] == "warning"


def test_the_version_comes_first_and_the_text_ends_with_a_newline() -> None:
    text = encode(make_log(1))
    assert text.startswith('{"version":"2.1.0","$schema":"https://')
    assert text.endswith("}\n")
    assert text.count("\n") == 1


def test_the_same_log_gives_the_same_bytes() -> None:
    assert encode(make_log(20)) == encode(make_log(20))


def test_leaves_out_none_everywhere_but_keeps_zero_false_and_empty() -> None:
    assert encode({"a": None, "b": 0, "c": False, "d": "", "e": [], "f": {"g": None}}) == (
        '{"b":0,"c":false,"d":"","e":[],"f":{}}\n'
    )


def test_a_level_that_was_set_to_none_is_left_out() -> None:
    result = model.make_result(
        rule_id="X1",
        rule_index=0,
        level="error",
        message="m",
        location=model.make_location(uri="a"),
        fingerprints={},
    )
    vars(result)["level"] = None
    assert "level" not in json.loads(encode(result))


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_refuses_numbers_json_does_not_have(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON"):
        encode({"properties": {"x": [number]}})


def test_refuses_none_in_an_array() -> None:
    with pytest.raises(ValueError, match="None"):
        encode([1, None])


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    "value", [b"abc", {1, 2}, PurePath("a"), object(), Colour.RED, 1j], ids=lambda value: type(value).__name__
)
def test_refuses_what_the_reference_serializer_would_turn_into_some_text(value: object) -> None:
    with pytest.raises(TypeError, match="not JSON"):
        encode({"x": value})


def test_refuses_names_that_are_no_text() -> None:
    with pytest.raises(TypeError, match="not a name"):
        encode({1: "x"})


def test_refuses_an_attribute_the_class_does_not_have() -> None:
    location = model.make_location(uri="a")
    vars(location)["colour"] = "red"
    with pytest.raises(TypeError, match="Location has no colour"):
        encode(location)


def test_lone_surrogates_never_reach_the_file() -> None:
    assert encode({"a\udcff": "b\ud800"}) == '{"a?":"b?"}\n'


@given(st.dictionaries(NAMES, JSON, max_size=4))
def test_any_json_comes_back_the_same(value: Mapping[str, object]) -> None:
    text = encode(value)
    text.encode("utf-8")
    assert json.loads(text) == value


def test_a_large_log_ends() -> None:
    log = make_log(5_000)
    with ends():
        encode(log)
