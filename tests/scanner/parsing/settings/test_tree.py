"""The tree is walked once, in order, however its parts share one another; texts are found in the bytes they came from."""

from modelwarden.domain.location import Span
from modelwarden.parsing.settings.tree import Locator, Node, Pairs, places, plain


def test_places_come_in_the_order_of_the_document() -> None:
    inner = Pairs([("x", 1)])
    root = Pairs([("a", [1, [2]]), ("b", inner), ("a", Pairs([]))])
    walked = list(places(root))
    assert [place.node for place in walked[:2]] == [root, root.items[0][1]]
    assert [len(walked), walked[3].node, walked[3].above is walked[0]] == [4, inner, True]
    assert list(places("text")) == []


def test_what_is_shared_is_visited_once_and_cycles_end() -> None:
    shared: list[Node] = []
    shared.append(shared)
    root: list[Node] = [shared] * 1_000
    assert len(list(places(root))) == 2


def test_the_last_of_repeated_keys_counts() -> None:
    pairs = Pairs([("a", 1), ("a", 2)])
    assert (pairs.last("a"), pairs.last("b"), pairs.has("a"), pairs.has("b")) == (2, None, True, False)


def test_plain_dicts_become_pairs() -> None:
    made = plain({"a": [{"b": 1}], "c": object()})
    assert isinstance(made, Pairs)
    assert made.last("c") is None
    inner = made.last("a")
    assert isinstance(inner, list)
    assert isinstance(inner[0], Pairs)


def test_texts_are_found_forwards_and_then_from_the_start() -> None:
    locator = Locator("ä one two one".encode())
    assert [locator.span(text) for text in ("one", "one", "two", "ä", "three")] == [
        Span(3, 3), Span(11, 3), Span(7, 3), Span(0, 2), Span(0, 14),
    ]  # fmt: skip


def test_many_texts_that_are_not_there_cost_no_search() -> None:
    locator = Locator(b"x" * (8 << 20))
    assert {locator.span(f"no {index}") for index in range(10_000)} == {Span(0, 8 << 20)}
