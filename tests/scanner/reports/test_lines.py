import textwrap

from hypothesis import given
from hypothesis import strategies as st

from modelwarden.reports.lines import BLANK, Part, Style, line, plain


def test_writes_parts_without_their_style() -> None:
    assert (
        plain([line(Part("CRITICAL", Style.CRITICAL), "  MW101", indent=2), BLANK]) == "  CRITICAL  MW101\n\n"
    )


def test_wraps_prose_beside_its_label() -> None:
    text = plain([line("one two three four five", indent=2, label="Why  ")], width=20)
    assert text == "  Why  one two three\n       four five\n"


def test_never_breaks_a_path() -> None:
    path = "models/" + "long-name" * 20 + "/evil.pkl"
    assert plain([line(path, indent=4)], width=40) == f"    {path}\n"


@given(
    st.text(alphabet="ab \t\n-\u2003\u00a0", max_size=80),
    st.integers(1, 30),
    st.integers(0, 5),
    st.sampled_from(["", "Fix  "]),
)
def test_wraps_as_the_standard_library_does(text: str, width: int, indent: int, label: str) -> None:
    rows = textwrap.wrap(
        text,
        width,
        initial_indent=" " * indent + label,
        subsequent_indent=" " * (indent + len(label)),
        break_long_words=False,
        break_on_hyphens=False,
    )
    written = plain([line(text, indent=indent, label=label)], width)
    assert written == ("\n".join(rows) or " " * indent + label.rstrip()) + "\n"
