"""Files, members, classes and arguments named by an attacker, through every report: each is what it is called, and complete.

The files are real: names of files as long as the system takes them, names of members beyond.
"""

import csv
import io
import json
import os
import re
import struct
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import jsonschema
import pytest
from markdown_it import MarkdownIt

from modelwarden.cli import run
from modelwarden.reports.profile import Profile
from modelwarden.reports.target import ReportFormat

pytestmark = pytest.mark.skipif(os.name == "nt", reason="most of these names cannot be given to files there")

NAMES = {
    "escape": b"a\x1b]0;pwned\x07\x1b[31mred",
    "newlines": b"a\n::error::pwned\r\n##[error]pwned\n##vso[task.complete result=Succeeded;]",
    "command": b"::error file=x,line=1::pwned",
    "stop": b"::stop-commands::pwned",
    "azure": b"##vso[task.setvariable variable=x]pwned",
    "bidi": "model\u202egpj.exe\u2066\u2069".encode(),
    "separators": "a\u2028::warning::b\u2029\x85c\x0b\x0c".encode(),
    "undecodable": b"caf\xe9\xff\xfe\x80",
    "surrogate": b"a\xed\xa0\x80b\xed\xbf\xbf",
    "4,096 bytes": b"n" * 4_096,
    "4,096 bytes of controls": b"\x1b\n" * 2_048,
    "markdown": b"](javascript:alert(1)) [a](https://evil.example) **b** `c` ``d`` | e \\| f @octocat #1 <!--",
    "row": b"` | ` | ` |\n|---|---|---|---|---|\n| a | b | c | d | e |",
    "script": b"<script>alert(1)<",
    "html": b"\"'><img src=x onerror=alert(1)><svg onload=alert(1)></td></table>&lt;&#0;",
    "closing": b"]]>--></pre></style></title></script><script>alert(1)",
    "template": b"${{ github.token }} {{7*7}} $(id) %n%s `id`",
    "percent": b"%0A::error::%25%0D%00",
    "formula": b'=cmd("x"),\'+1-2@A1\t"',
    "dots": b"..\\..\\C:file://x?#y",
    "blank": b"  ",
    "option": b"--output=x",
    "wide": ("\U0001f600" * 300 + "\u0301" * 300 + "\u200b\u00ad\ufeff\ue000\U000e0041").encode(),
    "newest": "\u05cc\ufdd0\uffff\U0010ffff".encode(),
}
_NAME_MAX = 250
FORMS = [form for form in ReportFormat if form is not ReportFormat.SBOM or find_spec("cyclonedx")]
"""The bill of materials needs a package that not everybody has."""
FILES = 6
"""The hostile files that `plant` makes, whose findings every report has to tell."""


def plant(directory: Path, name: bytes) -> None:
    """Files whose names, members, classes, arguments and damage are all called `name`."""
    text = name.decode("utf-8", "surrogateescape")
    within = name[: _NAME_MAX - 4].replace(b"/", b"_").replace(b"\0", b"_")
    long = name * (70_000 // len(name) if len(name) < 100 else 1)
    evil = called(b"posix", b"system", name)
    write(directory, within + b".pkl", evil)
    write(directory, within + b".pt", b"\x80\x02" + evil[2:-9])  # cut off
    write(directory, b"class.pkl", called(name, name, b"x"))
    write(directory, b"argument.pkl", called(b"posix", b"system", long))
    with zipfile.ZipFile(directory / "members.zip", "w") as archive:
        for member in (text + ".pkl", text[: len(text) // 2] + "/" + text + ".pkl"):
            # `zipfile` cannot write what no encoding has: CP437 takes any byte.
            entry = zipfile.ZipInfo(member.encode("utf-8", "surrogateescape").decode("cp437"))
            archive.writestr(entry, evil)
    with tarfile.open(directory / "members.tar", "w", format=tarfile.PAX_FORMAT) as tape:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "../../" + text
        tape.addfile(link)
        packed = tarfile.TarInfo(text + ".pkl")
        packed.size = len(evil)
        tape.addfile(packed, io.BytesIO(evil))


def called(module: bytes, name: bytes, argument: bytes) -> bytes:
    """A pickle that calls module.name(argument), whatever bytes these are."""
    strings = (b"X" + struct.pack("<I", len(text)) + text for text in (module, name, argument))
    return b"\x80\x04%b%b\x93%b\x85R." % tuple(strings)


def write(directory: Path, name: bytes, data: bytes) -> None:
    path = os.path.join(os.fsencode(directory), name)
    try:
        with open(path, "wb") as file:
            file.write(data)
    except OSError:  # a file system that wants text for names
        pytest.skip("the file system does not take this name")


@pytest.fixture(scope="module", params=list(NAMES.values()), ids=list(NAMES))
def reports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every report on such files, as text; `stdout`, `stderr`, `summary` and `outputs` beside them."""
    folder = tmp_path_factory.mktemp("names")
    (folder / "tree").mkdir()
    (folder / "out").mkdir()
    plant(folder / "tree", request.param)
    wanted = [part for form in FORMS for part in ("-f", f"{form.value}:out/{form.value}")]
    arguments = [
        "scan", "tree", "--no-config", "--verbose", "--show-skipped", "--annotations", "--summary", "out/summary",
        "--outputs", "out/outputs", *wanted,
    ]  # fmt: skip
    said, told = io.StringIO(), io.StringIO()
    with chdir(folder), redirect_stdout(said), redirect_stderr(told):
        code = run(arguments)
    assert code == 1, told.getvalue()
    # Strict decoding: no byte that is not UTF-8, and no line ending is translated.
    texts = {path.name: path.read_bytes().decode("utf-8") for path in (folder / "out").iterdir()}
    return {**texts, "stdout": said.getvalue(), "stderr": told.getvalue()}


def findings(reports: dict[str, str]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(reports["json"])["findings"]
    return found


OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def test_no_report_holds_a_character_that_is_obeyed_instead_of_shown(reports: dict[str, str]) -> None:
    for name, text in reports.items():
        held = {character for character in set(text) - {"\n"} if unicodedata.category(character) in OBEYED}
        assert not held, name


def test_no_line_is_taken_for_a_command_of_a_runner(reports: dict[str, str]) -> None:
    for name, text in reports.items():
        if name in {
            "json",
            "sarif",
            "codequality",
            "gitlab-sast",
        }:  # files for machines, which nobody prints to a log
            continue
        for line in text.split("\n"):
            assert "##[" not in line, name
            assert "##vso[" not in line, name
            ours = name in {"stderr", "github"} and COMMAND.fullmatch(line)
            assert ours or not line.strip().startswith("::"), name


def test_every_finding_of_every_file_is_there(reports: dict[str, str]) -> None:
    found = findings(reports)
    assert len({finding["file"] for finding in found}) == FILES
    assert {"MW101", "MW904"} <= {str(one["rule"]) for one in found} | {
        note["rule"] for note in json.loads(reports["json"])["notes"]
    }


def json_(text: str, count: int) -> None:
    document = json.loads(text)
    assert len(document["findings"]) == count
    json.dumps(document, ensure_ascii=False).encode("utf-8")  # no lone surrogate, which strict readers refuse


SCHEMA = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parents[1] / "sarif" / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
)
URI = re.compile(r"(?:[A-Za-z0-9\-._~/!$&'()*+,;=:@]|%[0-9A-F]{2})*")


def sarif(text: str, count: int) -> None:
    document = json.loads(text)
    SCHEMA.validate(document)
    [one] = document["runs"]
    assert len(one["results"]) >= 1
    for result in one["results"]:
        for location in result["locations"]:
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert URI.fullmatch(uri)
            assert not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", uri), "not relative"
            assert unquote_to_bytes(uri).startswith(b"tree/")
    assert count >= 1
    json.dumps(document, ensure_ascii=False).encode("utf-8")


def markdown(text: str, count: int) -> None:
    """One table of so many rows and five cells each; nothing in it is markup of theirs."""
    tokens = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").parse(text)
    everything = [*tokens, *(child for token in tokens for child in token.children or ())]
    kinds = {token.type for token in everything}
    assert not kinds & {
        "html_block",
        "html_inline",
        "link_open",
        "image",
        "fence",
        "code_block",
        "blockquote_open",
        "hr",
    }
    rows = [index for index, token in enumerate(tokens) if token.type == "tr_open"]
    assert len(rows) == 1 + min(count, 50)
    assert sum(token.type in {"td_open", "th_open"} for token in tokens) == 5 * len(rows)
    assert sum(token.type == "table_open" for token in tokens) == 1
    prose = "".join(token.content for token in everything if token.type == "text")
    for word in ("pwned", "octocat", "alert", "evil.example", "github.token"):
        assert word not in prose


class Page(HTMLParser):
    """Collects what a browser would make of a page."""

    VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"a stray </{tag}>"
        while self.open[-1] != tag:
            assert self.open[-1] in {"li", "p", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead"}, (
                f"{self.open} before </{tag}>"
            )
            self.open.pop()
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"script", "style"}:
            self.scripts.append(data)


def html(text: str, count: int) -> None:
    page = Page()
    page.feed(text)
    page.close()
    assert set(page.open) <= {"html", "body"}
    assert not page.tags & {"img", "iframe", "object", "embed", "base", "math"}
    for _, name, value in page.attributes:
        assert not name.startswith("on")
        assert not (value or "").strip().lower().startswith(("javascript:", "data:text"))
        if name in {"src", "action", "formaction", "srcdoc"}:
            assert not value
    for script in page.scripts:
        assert "alert(1)" not in script
        assert "pwned" not in script
    assert count >= 1


def junit(text: str, count: int) -> None:
    root = ElementTree.fromstring(text)
    cases = root.findall(".//testcase")
    assert len(cases) == FILES
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "properties", "property", "failure", "error", "skipped", "system-out",
        "system-err",
    }  # fmt: skip
    assert count >= 1


COMMAND = re.compile(r"::(error|warning|notice) (?:file=[^:,]*,)?title=[^:,]*::[^\r\n]*")


def annotations(text: str, count: int) -> None:
    lines = text.splitlines()
    assert 1 <= len(lines) <= count + 10
    for line in lines:
        assert COMMAND.fullmatch(line), line
        assert not re.search(r"%(?!25|0A|0D|3A|2C)", line)


def objects(text: str, count: int) -> None:
    """A JSON document without a lone surrogate, and of as many parts as there are findings at least."""
    document = json.loads(text)
    parts = document if isinstance(document, list) else document["vulnerabilities"]
    assert len(parts) >= 1
    assert len({json.dumps(part, sort_keys=True) for part in parts}) == len(parts)
    json.dumps(document, ensure_ascii=False).encode("utf-8")
    assert count >= 1


def bill(text: str, count: int) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    document = json.loads(text)
    assert JsonStrictValidator(SchemaVersion.from_version(document["specVersion"])).validate_str(text) is None
    assert len(document["components"]) == FILES
    json.dumps(document, ensure_ascii=False).encode("utf-8")
    assert count >= 1


def lines(text: str, count: int) -> None:
    assert text.endswith("\n")
    assert count >= 1


def table(text: str, count: int) -> None:
    rows = list(csv.reader(io.StringIO(text), strict=True))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == count + 1


CHECKS: dict[str, Callable[[str, int], None]] = {
    "text": lines,
    "json": json_,
    "sarif": sarif,
    "markdown": markdown,
    "html": html,
    "junit": junit,
    "github": annotations,
    "gitlab-sast": objects,
    "codequality": objects,
    "sbom": bill,
    "csv": table,
}


@pytest.mark.parametrize("form", [form.value for form in FORMS])
def test_every_report_is_what_it_is_called(reports: dict[str, str], form: str) -> None:
    CHECKS[form](reports[form], len(findings(reports)))


def test_summary_annotations_and_outputs_are_what_the_runner_expects(reports: dict[str, str]) -> None:
    count = len(findings(reports))
    markdown(reports["summary"], count)
    commands = [line for line in reports["stderr"].splitlines() if line.startswith("::")]
    annotations("\n".join(commands), count)
    for line in reports["outputs"].splitlines():
        assert re.fullmatch(r"[a-z-]+=[\w./-]*", line)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One tree with all of these names, a folder each."""
    folder = tmp_path_factory.mktemp("everything")
    for number, name in enumerate(NAMES.values()):
        (folder / "tree" / str(number)).mkdir(parents=True)
        plant(folder / "tree" / str(number), name)
    return folder


def scanned(folder: Path, *options: str) -> int:
    with chdir(folder), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return run(["scan", "tree", "--no-config", "-q", *options])


@pytest.mark.parametrize("profile", [profile.value for profile in Profile])
def test_every_profile_of_sarif_is_valid_with_all_names_at_once(everything: Path, profile: str) -> None:
    report = everything / f"{profile}.sarif"
    assert scanned(everything, "-f", f"sarif:{report}", "--sarif-profile", profile) == 1
    sarif(report.read_bytes().decode("utf-8"), len(NAMES))
    [one] = json.loads(report.read_text("utf-8"))["runs"]
    identities = {
        (
            result["ruleId"],
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            *sorted(result["partialFingerprints"].values()),
        )
        for result in one["results"]
    }
    assert len(identities) == len(one["results"]) >= FILES * len(NAMES)


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_baseline_knows_every_name_again(everything: Path, form: str) -> None:
    report, baseline = everything / "again.json", everything / f"baseline.{form}"
    profile = ("--sarif-profile", "generic") if form == "sarif" else ()
    assert scanned(everything, "-f", f"{form}:{baseline}", *profile) == 1
    assert scanned(everything, "-f", f"json:{report}", "--baseline", str(baseline)) in {0, 2}
    found = json.loads(report.read_text("utf-8"))["findings"]
    assert found
    assert all(finding["suppression"] for finding in found)


def test_a_path_longer_than_the_system_takes_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Folders in folders, 20 of 240 characters: nobody can name the file, and nobody may call it clean."""
    here = os.getcwd()
    (tmp_path / "tree").mkdir()
    os.chdir(tmp_path / "tree")
    try:
        for _ in range(20):
            os.mkdir("d" * 240)
            os.chdir("d" * 240)
        Path("evil.pkl").write_bytes(called(b"posix", b"system", b"id"))
    finally:
        os.chdir(here)
    monkeypatch.chdir(tmp_path)
    assert run(["scan", "tree", "--no-config", "-f", "json:report.json"]) in {1, 2}
    document = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert document["findings"] or document["notes"]
    assert all(len(line) < 2_000 for line in capfd.readouterr().err.splitlines())
