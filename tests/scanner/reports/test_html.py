import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.reports import html as module
from modelwarden.reports.html import html
from modelwarden.reports.outcome import Outcome

if TYPE_CHECKING:
    from tests.scanner.conftest import Make
    from tests.scanner.reports.conftest import Real

VOID = {"meta", "input", "br"}
FETCHING = {
    "src",
    "srcset",
    "data",
    "poster",
    "background",
    "action",
    "formaction",
    "style",
    "ping",
    "manifest",
}


class Page(HTMLParser):
    """Elements in their order, their attributes, and the text of each kind of element; complains about broken nesting."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.source = html(outcome, None)
        self.feed(self.source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in dict.fromkeys(self._open):
            self.texts.setdefault(tag, []).append(data)

    def text(self, tag: str) -> str:
        return " ".join("".join(self.texts.get(tag, [])).split())

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and wanted.items() <= attributes.items()
        ]


def test_shows_real_findings_by_file_worst_first(real: "Real") -> None:
    outcome = real.outcome()
    page = Page(outcome)
    shown = Counter(each["data-severity"] for each in page.all("details") if "data-severity" in each)
    assert shown == {severity.name.lower(): count for severity, count in outcome.counts.items() if count}
    files = [each["data-file"].rpartition("/")[2] for each in page.all("article")]
    assert sorted(files) == sorted({finding.path.file.rpartition("/")[2] for finding in outcome.findings})
    assert page.text("h1") == "Critical findings"
    for told in ("fold/inner.zip!a.pkl", "MW101 dangerous-call", "CWE-502", "Why it matters", "What to do"):
        assert told in page.text("body")


def test_tells_what_was_and_was_not_read(real: "Real") -> None:
    page = Page(real.outcome())
    assert "cut-off.pkl the pickle breaks at byte 10" in page.text("section")
    assert "7 read whole" in page.text("ul")
    assert "2 not fully read" in page.text("ul")
    assert "1 skipped, no model format" in page.text("ul")
    assert "notes.txt" in page.text("table")
    assert "lean" not in page.text("h1")


def test_the_payload_stays_at_home(real: "Real") -> None:
    assert "echo" not in Page(real.outcome()).source


def test_clean_is_said_of_what_was_read_whole_alone(real: "Real", make: "Make") -> None:
    assert Page(real.clean()).text("h1") == "Clean"
    assert Page(real.clean(interrupted=True)).text("h1") == "Interrupted"
    assert Page(real.clean(left_out=3)).text("h1") == "Nothing found"
    assert Page(make.outcome(exit_code=3)).text("h1") == "Nothing was scanned"
    cut = make.outcome(notes=[make.note()], files=[make.file()], exit_code=2)
    assert Page(cut).text("h1") == "Not everything was read"
    hidden = make.outcome(
        [make.finding(Severity.WARNING)],
        files=[make.file()],
        exit_code=1,
        settings=Settings(min_severity=Severity.CRITICAL),
    )
    assert Page(hidden).text("h1") == "Nothing at or above critical"
    assert "1 below critical, not shown" in Page(hidden).text("ul")


def test_suppressed_findings_are_listed_apart_with_their_reason(real: "Real") -> None:
    page = Page(real.suppressed(lambda finding: finding.path.file.endswith("nested.zip")))
    assert "1 known or ignored, not counted" in page.text("ul")
    assert "known: it stands in the baseline" in page.text("i")
    assert not any(each["data-file"].endswith("nested.zip") for each in page.all("article"))


def test_nothing_is_fetched_and_nothing_but_our_script_may_run(real: "Real") -> None:
    page = Page(real.outcome())
    (policy,) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", page.source, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}';" in policy["content"]
        assert not re.search(r"url\(|@import|https?:", text)
    assert not page.all("link")
    for tag, attributes in page.elements:
        assert not FETCHING & attributes.keys(), tag
        assert not any(name.startswith("on") for name in attributes)
        assert "href" not in attributes or (tag == "a" and attributes["href"].startswith("https://"))
    first = page.source.index("Content-Security-Policy")
    assert first < page.source.index("<style") < page.source.index("<script"), (
        "a policy rules what stands behind it"
    )


def test_hostile_names_are_text(make: "Make", hostile: str) -> None:
    def page(text: str) -> Page:
        finding = make.finding(file=text, members=(text,), message=text, subject=text)
        return Page(make.outcome([finding], [make.note(text, (text,), text)], [make.file(text)], exit_code=1))

    def skeleton(of: Page) -> list[tuple[str, list[str]]]:
        return [(tag, sorted(attributes)) for tag, attributes in of.elements]

    shown = page(hostile)
    assert skeleton(shown) == skeleton(page("m.pkl"))
    assert all(line.isprintable() for line in shown.source.split("\n"))
    (file,) = shown.all("article")
    assert file["data-file"].isprintable()


def test_the_worst_are_shown_and_the_rest_is_counted(make: "Make", monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FINDINGS", "NOTES", "FILES"):
        monkeypatch.setattr(module, name, 3)
    findings = [make.finding(Severity.INFO, f"{number}.pkl") for number in range(5)] + [make.finding()]
    notes = [make.note(f"{number}.pkl") for number in range(7)]
    page = Page(
        make.outcome(findings, notes, [make.file(f"{number}.pkl") for number in range(8)], exit_code=1)
    )
    assert [each["data-severity"] for each in page.all("details") if "data-severity" in each] == [
        "critical", "info", "info",
    ]  # fmt: skip
    text = page.text("body")
    assert "The 3 worst findings are on this page; 3 more are in the other reports." in text
    assert "and 4 more places" in text
    assert "and 5 more" in text


def test_the_same_report_gives_the_same_bytes_and_times_are_told_when_given(real: "Real") -> None:
    assert html(real.outcome(), None) == html(real.outcome(), None)
    assert "2026-07-01 12:00 UTC" in html(real.outcome(), real.times)
