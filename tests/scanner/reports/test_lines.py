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
