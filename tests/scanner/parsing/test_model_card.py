"""Front matter of cards: read where it is one, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwarden.parsing.model_card import card
from modelwarden.source.memory import MemorySource


def properties(text: str | bytes) -> list[tuple[str, str]]:
    data = text.encode() if isinstance(text, str) else text
    return [(one.key, one.value) for one in card(MemorySource(data))]


def test_a_model_card() -> None:
    text = "---\nlicense: apache-2.0\nlibrary_name: transformers\ndatasets:\n- a/b\n- c\nbase_model: x/y\n---\n# Title\n"
    assert properties(text) == [
        ("card", "model"), ("licence", "apache-2.0"), ("dataset", "a/b"), ("dataset", "c"), ("base-model", "x/y"),
        ("framework", "transformers"),
    ]  # fmt: skip


def test_a_licence_of_another_name() -> None:
    found = properties("---\nlicense: other\nlicense_name: mrl\nlicense_link: https://x\n---\n")
    assert ("licence", "mrl") in found
    assert ("licence-name", "mrl") in found


def test_several_licences() -> None:
    assert [
        value for key, value in properties("---\nlicense:\n- mit\n- gpl-3.0\n---\n") if key == "licence"
    ] == ["mit", "gpl-3.0"]


def test_a_dataset_card_without_a_licence() -> None:
    assert properties("---\ntask_categories:\n- text-generation\n---\n") == [
        ("card", "dataset"),
        ("licence-missing", "dataset"),
    ]
    assert ("licence-missing", "dataset") not in properties("---\nsize_categories: n<1K\nlicense: mit\n---\n")


@pytest.mark.parametrize(
    "text",
    [
        "", "# Title\n\nlicense: agpl-3.0\n", "---\ntitle: A post\ntags: [a]\n---\nText", "---\nlicense: mit\n", "---\n---\n",
        "text\n---\nlicense: gpl-3.0\n---\n", "---\n- license: mit\n---\n",
    ],
)  # fmt: skip
def test_other_texts_state_nothing(text: str) -> None:
    assert properties(text) == []


def test_what_stands_before_a_break_is_read() -> None:
    assert ("licence", "gpl-3.0") in properties("---\nlicense: gpl-3.0\ntags: [\n---\n")


@pytest.mark.parametrize(
    "text",
    [
        "---\nlicense: &a [*a]\n---\n", "---\nlicense: " + "[" * 5000 + "\n---\n", "---\nlicense: " + "x" * 100_000 + "\n---\n",
        "---\nlicense: !!python/object/apply:os.system [id]\n---\n", "---\nlicense: {a: b}\n---\n", "---\nlicense: 3\n---\n",
    ],
)  # fmt: skip
def test_hostile_cards_end(text: str) -> None:
    assert all(len(value) <= 200 for _, value in properties(text))


@given(st.binary(max_size=500))
def test_any_bytes(data: bytes) -> None:
    properties(b"---\nlicense: " + data + b"\n---\n")
