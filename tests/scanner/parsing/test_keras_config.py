"""What a Keras configuration names, at any depth and in any spelling; and that any bytes end."""

import base64
import json
import marshal
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.format import Child, Fact
from modelwarden.domain.location import Span
from modelwarden.domain.observation import (
    Anomaly,
    Call,
    CodeBlob,
    Gap,
    How,
    Operator,
    Origin,
    Quirk,
    Reference,
    Role,
    Setting,
    Shortfall,
)
from modelwarden.domain.value import Global
from modelwarden.parsing.keras_config import observe_config

Config = dict[str, Any]


def facts(config: Config | str | bytes) -> list[Fact]:
    text = (
        config
        if isinstance(config, bytes)
        else (config if isinstance(config, str) else json.dumps(config)).encode()
    )
    return list(observe_config(text, Span(0, len(text))))


def called(config: Config | str | bytes) -> list[str]:
    return [str(fact.callee) for fact in facts(config) if isinstance(fact, Call)]


def node(module: str | None, name: str, config: Any = None, **more: Any) -> Config:
    return {"module": module, "class_name": name, "config": config if config is not None else {}, **more}


def function(module: str, name: str) -> Config:
    return node(module, "function", name, registered_name=name)


def code(value: Callable[..., object]) -> str:
    return base64.b64encode(marshal.dumps(value.__code__)).decode()


HOSTILE = code(lambda x: __import__("os").system(x))
HARMLESS = code(lambda x: x * 2)


@pytest.mark.parametrize(
    ("config", "target"),
    [
        (node("keras.layers", "Dense"), "keras.layers.Dense"),
        (node(None, "Dense"), "keras.Dense"),
        ({"class_name": "Dense", "config": {}}, "keras.Dense"),
        (node("acme.layers", "Scaled", registered_name="acme>Scaled"), "acme.layers.Scaled"),
        (node(None, "acme>Scaled"), "acme.Scaled"),
        (node(None, "Custom>Adam"), "keras.Adam"),
        (function("os", "system"), "os.system"),
        (function("builtins", "relu"), "keras.relu"),
        (function("builtins", "exec"), "builtins.exec"),
        (function("builtins", "acme>shifted"), "acme.shifted"),
        (node("acme", "__typespec__", [], spec_name="Spec"), "acme.Spec"),
    ],
)
def test_names_what_keras_would_look_up(config: Config, target: str) -> None:
    assert called(config) == [target]
    assert {fact.how for fact in facts(config) if isinstance(fact, Call)} == {How.CLASS_NAME}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda inner: {"config": {"layers": [inner]}},
        lambda inner: node("keras.layers", "TimeDistributed", {"layer": inner}),
        lambda inner: node(
            "keras", "Sequential", {"layers": [node("keras", "Sequential", {"layers": [inner]})]}
        ),
        lambda inner: {"compile_config": {"loss": inner}},
        lambda inner: {"training_config": {"metrics": [[inner]]}},
        lambda inner: node("keras.layers", "Dense", {"activation": inner}),
        lambda inner: node("keras.layers", "Dense", {}, build_config={"shape": inner}),
        lambda inner: node("keras.layers", "Add", {}, inbound_nodes=[{"args": [inner], "kwargs": {}}]),
        lambda inner: [[[{"a": {"b": [inner]}}]]],
    ],
)
def test_finds_it_at_any_depth(wrap: Callable[[Config], Any]) -> None:
    assert "os.system" in called(json.dumps(wrap(function("os", "system"))))


def test_a_registered_name_is_looked_up_in_the_module_too() -> None:
    assert called(node("os", "function", "harmless", registered_name="system")) == [
        "os.harmless",
        "os.system",
    ]


def test_arguments_are_told() -> None:
    popen = node("subprocess", "Popen", {"args": ["echo", "hello"], "shell": True, "size": 3})
    assert [fact.arguments[:1] for fact in facts(popen) if isinstance(fact, Call)] == [(("echo", "hello"),)]
    layer = {**function("os", "system"), "inbound_nodes": [{"args": ["echo"], "kwargs": {}}]}
    assert [fact.arguments for fact in facts(layer) if isinstance(fact, Call)] == [("echo",)]


def layer(function: Any, **more: Any) -> Config:
    return node("keras.layers", "Lambda", {"name": "scale", "function": function, **more})


def keras3(text: str) -> Config:
    return {"class_name": "__lambda__", "config": {"code": text, "defaults": None, "closure": None}}


LAYOUTS: dict[str, Callable[[str], Config]] = {
    "keras 2": lambda text: {
        "class_name": "Lambda",
        "config": {"name": "scale", "function": [text, None, None], "function_type": "lambda"},
    },
    "keras 2 without a type": lambda text: layer([text, None, None]),
    "keras 2, text alone": lambda text: layer(text, function_type="lambda"),
    "keras 2, mask": lambda text: layer(function("keras.ops", "abs"), mask=[text, None, None], mask_type="lambda"),
    "keras 2, shape": lambda text: layer(
        function("keras.ops", "abs"), output_shape=[text, None, None], output_shape_type="lambda"
    ),
    "keras 3": lambda text: layer(keras3(text)),
    "keras 3, mask": lambda text: layer(function("keras.ops", "abs"), mask=keras3(text)),
    "keras 3, shape": lambda text: layer(function("keras.ops", "abs"), output_shape=keras3(text)),
    "keras 2.13": lambda text: layer({"class_name": "__lambda__", "config": {"value": [text, None, None]}}),
    "anywhere": lambda text: node("keras.layers", "Dense", {"name": "scale", "activation": keras3(text)}),
    "line breaks": lambda text: layer([text[:40] + "\n" + text[40:] + "\n", None, None]),
    "defined elsewhere": lambda text: {**layer(keras3(text)), "module": "keras.src.layers.core.lambda_layer"},
    "tf_keras": lambda text: {**layer(keras3(text)), "module": "tf_keras.layers"},
}  # fmt: skip


@pytest.mark.parametrize("layout", list(LAYOUTS.values()), ids=list(LAYOUTS))
def test_code_is_followed_in_every_layout(layout: Callable[[str], Config]) -> None:
    blobs = [fact for fact in facts(layout(HOSTILE)) if isinstance(fact, CodeBlob)]
    assert [(blob.name, blob.origin, blob.decoded) for blob in blobs] == [("scale", Origin.LAMBDA, True)]
    assert Global("os", "system") in blobs[0].reaches
    assert [blob.reaches for blob in facts(layout(HARMLESS)) if isinstance(blob, CodeBlob)] == [()]


@pytest.mark.parametrize("broken", ["", "%%%", "aGVsbG8=", "ä", None, 3, [], {}, [None]], ids=repr)
def test_code_that_cannot_be_read_is_stated_too(broken: Any) -> None:
    assert [
        (fact.name, fact.decoded)
        for fact in facts(layer(broken, function_type="lambda"))
        if isinstance(fact, CodeBlob)
    ] == [("scale", False)]


def test_the_module_of_a_keras_2_lambda_lends_its_names() -> None:
    borrowed = code(lambda x: system(x + "."))  # type: ignore[name-defined]  # noqa: F821
    blobs = [
        fact
        for fact in facts(layer([borrowed, None, None], function_type="lambda", module="os"))
        if isinstance(fact, CodeBlob)
    ]
    assert Global("os", "system") in blobs[0].reaches


def test_a_lambda_may_name_its_function() -> None:
    found = facts(layer(function("os", "system"), arguments={"command": "echo"}))
    assert [(str(fact.callee), fact.arguments) for fact in found if isinstance(fact, Call)] == [
        ("os.system", ("echo",))
    ]
    assert not [fact for fact in found if isinstance(fact, CodeBlob)]
    assert called(layer("twice", function_type="function", module="acme")) == ["acme.twice"]


def test_shapes_and_numbers_of_a_lambda_are_no_code() -> None:
    found = facts(
        layer(function("keras.ops", "abs"), output_shape=[None, 3], mask=None, arguments={"axis": 1})
    )
    assert called(layer(function("keras.ops", "abs"), output_shape=[2])) == ["keras.ops.abs"]
    assert not [fact for fact in found if isinstance(fact, CodeBlob)]


def test_files_and_addresses_are_told() -> None:
    for location in ("/etc/passwd", "http://169.254.169.254/", "vocabulary.txt"):
        lookup = node("keras.layers", "StringLookup", {"name": "words", "vocabulary": location})
        references = [fact for fact in facts(lookup) if isinstance(fact, Reference)]
        assert [(one.role, one.location, one.holder) for one in references] == [
            (Role.INPUT, location, "words")
        ]
    fetch = layer(
        function("keras.utils", "get_file"), arguments={"fname": "a", "origin": "https://example.org/a"}
    )
    assert [(one.role, one.location) for one in facts(fetch) if isinstance(one, Reference)] == [
        (Role.DOWNLOAD, "https://example.org/a")
    ]


def test_a_torch_module_is_handed_out() -> None:
    data = base64.b64encode(b"\x80\x04N.").decode()
    for value in (data, {"class_name": "__bytes__", "config": {"value": data}}):
        wrapper = node("keras.layers", "TorchModuleWrapper", {"name": "torch", "module": value})
        children = [fact for fact in facts(wrapper) if isinstance(fact, Child)]
        assert [(one.member, one.expected, one.source.read(0, 9)) for one in children] == [
            ("torch.module", "pickle", b"\x80\x04N.")
        ]
    broken = node("keras.layers", "TorchModuleWrapper", {"module": "a"})
    assert [fact.shortfall for fact in facts(broken) if isinstance(fact, Gap)] == [Shortfall.MALFORMED]


def test_operations_of_tensorflow_are_told() -> None:
    assert "tensorflow.io.write_file" in called(node(None, "TFOpLambda", {"function": "io.write_file"}))
    assert "tensorflow.reshape" in called(node(None, "TFOpLambda", {"function": "reshape"}))
    graph = node(None, "TensorFlowOpLayer", {"name": "op", "node_def": ["op", '{"op": "WriteFile"}']})
    assert [(fact.domain, fact.name) for fact in facts(graph) if isinstance(fact, Operator)] == [
        ("tensorflow", "WriteFile")
    ]


def test_safe_mode_turned_off_is_told() -> None:
    load = layer(function("keras.models", "load_model"), arguments={"filepath": "a", "safe_mode": False})
    assert [(fact.key, fact.value, fact.holder) for fact in facts(load) if isinstance(fact, Setting)] == [
        ("safe_mode", "false", "scale")
    ]
    assert not [
        fact for fact in facts(layer("x", arguments={"safe_mode": True})) if isinstance(fact, Setting)
    ]


WORDS = [
    "os.system",
    "eval(",
    "__import__('os')",
    "Lambda",
    "__lambda__",
    "class_name",
    '{"class_name": "Lambda"}',
]


@pytest.mark.parametrize(
    "config",
    [
        node("keras.layers", "Dense", {"name": "lambda"}),
        node("keras.layers", "StringLookup", {"vocabulary": WORDS}),
        node("keras.layers", "TextVectorization", {"vocabulary": WORDS, "name": "Lambda"}),
        node("keras.layers", "StringLookup", {"vocabulary": None}),
        node("keras", "Sequential", {"name": "os.system", "description": "exec(open('/etc/passwd'))"}),
    ],
)
def test_words_are_no_code(config: Config) -> None:
    assert all(isinstance(fact, Call) and str(fact.callee).startswith("keras.") for fact in facts(config))


@pytest.mark.parametrize(
    "name", ["__keras_tensor__", "__tensor__", "__numpy__", "__bytes__", "__slice__", "__ellipsis__"]
)
def test_values_that_keras_writes_as_objects_are_silent(name: str) -> None:
    assert facts({"class_name": name, "config": {"shape": [1], "dtype": "float32"}}) == []


def test_escapes_and_other_encodings_are_read() -> None:
    plain = json.dumps(function("os", "system"))
    escaped = "".join(f"\\u{ord(one):04x}" if one.isalpha() else one for one in plain)
    assert called(escaped) == ["os.system"]
    assert (
        called(plain.encode("utf-16"))
        == called(plain.encode("utf-32"))
        == called(plain.encode("utf-8-sig"))
        == ["os.system"]
    )


def test_repeated_keys_are_told_and_every_value_is_looked_at() -> None:
    text = '{"module": "os", "class_name": "function", "config": "system", "module": "keras.ops", "config": "abs"}'
    found = facts(text)
    assert [(fact.quirk, fact.subject) for fact in found if isinstance(fact, Anomaly)] == [
        (Quirk.HEADER_DISAGREEMENT, "module"),
        (Quirk.HEADER_DISAGREEMENT, "config"),
    ]
    assert called(text)[:1] == ["keras.ops.abs"]
    assert "os.system" in called(text)


@pytest.mark.parametrize(
    ("text", "shortfall"),
    [
        (b"", Shortfall.MALFORMED),
        (b"{", Shortfall.MALFORMED),
        (b"\xff\xfe\xfd", Shortfall.MALFORMED),
        (b'{"a": 1} {}', Shortfall.MALFORMED),
        (b'{"a": ' + b"1" * 5000 + b"}", Shortfall.MALFORMED),
        (b'{"a": ' * 200_000, Shortfall.LIMIT),
        (b" " * (17 << 20), Shortfall.LIMIT),
        (b"[" + b"{}," * 1_000_000 + b"{}]", Shortfall.LIMIT),
    ],
    ids=[
        "empty",
        "cut off",
        "no text",
        "two documents",
        "endless number",
        "nested too deeply",
        "too long",
        "too many",
    ],
)
def test_what_cannot_be_read_is_a_gap(text: bytes, shortfall: Shortfall) -> None:
    assert [fact.shortfall for fact in facts(text) if isinstance(fact, Gap)] == [shortfall]


def test_repeated_keys_at_every_level_take_no_longer() -> None:
    text = '{"a": 1, "a": ' * 400 + "1" + "}" * 400
    assert len(facts(text)) == 1


KEYS = st.sampled_from(["class_name", "config", "module", "registered_name", "function", "name", "arguments",
    "safe_mode", "inbound_nodes", "vocabulary", "function_type", "node_def", "spec_name", "mask", "output_shape",
    "value", "code"])  # fmt: skip
TEXTS = st.sampled_from(["Lambda", "function", "__lambda__", "TorchModuleWrapper", "StringLookup", "TFOpLambda", "get_file",
    "a>b", ">", "TensorFlowOpLayer", "__typespec__", HARMLESS, "keras", "{}", ""]) | st.text(max_size=5)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_configuration_ends_without_an_exception(config: Any) -> None:
    facts(json.dumps(config))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end_without_an_exception(data: bytes) -> None:
    facts(data)
