"""Stretches of documents: what is handed out, what is not, and that it ends."""

from hypothesis import given
from hypothesis import strategies as st

from modelwarden.domain.observation import Text
from modelwarden.parsing.texts import texts, texts_of
from modelwarden.source.memory import MemorySource

KEY = b"AK" + b"IA" + b"Q3EGTZ7NV5WLB2RD"


def read(data: bytes, name: str = "config.json", *, code: bool = False) -> list[Text]:
    return list(texts(MemorySource(data), 1 << 30, name, code=code))


def test_a_key_is_handed_out_with_what_holds_it() -> None:
    (found,) = read(b'{"a": 1, "access_key": "' + KEY + b'", "b": 2}')
    assert (found.text, found.holder, found.code) == (KEY.decode(), "access_key", False)
    assert found.span.length == len(KEY)


def test_words_of_vocabularies_are_no_text() -> None:
    assert read(b'{"' + KEY + b'": 17, "x": [["' + KEY + b'", -3.5]]}') == []
    assert read(b'{"a": "' + KEY + b'"}', "tokenizer.json") == []


def test_of_a_configuration_each_host_once_and_of_code_every_place() -> None:
    data = b'"https://a.acme-models.net/1" "https://a.acme-models.net/2" "45.1.2.3:80"'
    assert len(read(data)) == 1
    assert len(read(data, code=True)) == 3


def test_it_goes_on_over_the_edges_of_windows() -> None:
    for before in ((1 << 20) - 30, (1 << 20) - 10, (1 << 20) - 1, 1 << 20):
        (found,) = read(b" " * before + KEY + b" ")
        assert (found.text, found.span.offset) == (KEY.decode(), before)


def test_only_so_many_of_one_document() -> None:
    assert len(read((KEY + b"\n") * 2_000)) == 500
    hosts = b"\n".join(b"https://h%d.acme-models.net" % number for number in range(300))
    assert len(read(hosts)) == 30
    assert len(read(hosts + b"\nhttps://u:kV9rT2mQ4x@acme-models.net")) == 31


@given(
    st.lists(
        st.sampled_from([b"://", KEY, b'"', b"\n", b"a", b": 1", b"@", b"PRIVATE KEY", b"\\n", b"1.2.3.4:5"])
    )
)
def test_any_text_ends_in_order(parts: list[bytes]) -> None:
    data = b"".join(parts)
    for code in (False, True):
        places = [found.span.offset for found in texts_of(data, "x", code=code)]
        assert places == sorted(places)
        assert all(0 <= place <= len(data) for place in places)
