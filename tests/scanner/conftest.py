"""Small reports written by hand."""

from collections.abc import Iterable
from typing import ClassVar

import pytest

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.report import Coverage, Report, ScannedFile
from modelwarden.domain.rule import Rule
from modelwarden.domain.settings import Settings
from modelwarden.domain.severity import Severity
from modelwarden.reports.outcome import Outcome


def _rule(id_: str, name: str, severity: Severity) -> Rule:
    return Rule(
        id=id_, name=name, severity=severity, summary=f"summary of {name}",
        explanation=f"explanation of {name}", remedy=f"remedy of {name}", cwe=(502,), references=("CVE-2025-1716",),
    )  # fmt: skip


class Make:
    """Parts of a report; each has defaults for what a test does not care about."""

    RULES: ClassVar[dict[Severity, Rule]] = {
        Severity.CRITICAL: _rule("MW101", "dangerous-call", Severity.CRITICAL),
        Severity.WARNING: _rule("MW109", "unknown-call", Severity.WARNING),
        Severity.INFO: _rule("MW110", "unknown-import", Severity.INFO),
        Severity.DEBUG: _rule("MW307", "url-reference", Severity.DEBUG),
    }
    MALFORMED = _rule("MW904", "malformed", Severity.WARNING)

    def finding(
        self,
        severity: Severity = Severity.CRITICAL,
        file: str = "evil.pkl",
        members: tuple[str, ...] = (),
        message: str = 'Loading calls os.system("id").',
        subject: str = "os.system",
        offset: int = 2,
        count: int = 1,
    ) -> Finding:
        return Finding(
            rule=self.RULES[severity], path=ArtifactPath(file, members), subject=subject, message=message,
            span=Span(offset, 9), format="pickle", argument="id", family="process", opcode="REDUCE", count=count,
        )  # fmt: skip

    def note(
        self, file: str = "cut.pkl", members: tuple[str, ...] = (), message: str = "truncated at byte 812"
    ) -> Note:
        return Note(rule=self.MALFORMED, path=ArtifactPath(file, members), message=message)

    def file(
        self, path: str = "good.pkl", coverage: Coverage = Coverage.COMPLETE, reason: str = ""
    ) -> ScannedFile:
        formats = () if coverage is Coverage.UNSUPPORTED else ("pickle",)
        return ScannedFile(
            path=path, size=812, coverage=coverage, formats=formats, reason=reason, sha256="ab" * 32
        )

    def outcome(
        self,
        findings: Iterable[Finding] = (),
        notes: Iterable[Note] = (),
        files: Iterable[ScannedFile] = (),
        exit_code: int = 0,
        settings: Settings | None = None,
        root: str = "/repository",
    ) -> Outcome:
        report = Report(
            findings=tuple(findings), notes=tuple(notes), files=tuple(files), root=root, version="9.9.9"
        )
        return Outcome.of(report, settings or Settings(), exit_code)


@pytest.fixture(scope="session")
def make() -> Make:
    return Make()


HOSTILE = {
    "escape": "a\x1b]0;pwned\x07\x1b[31mb",
    "newline": "a\n::error::pwned\r\n##[error]pwned",
    "command": "::error file=x::pwned",
    "azure": "##vso[task.setvariable variable=x]pwned",
    "bidi": "model\u202egpj.exe\u2066",
    "separator": "a\u2028::warning::b\u2029\x85\x9b31m",
    "surrogate": "caf\udce9\ud800.pkl",
    "long": "n" * 4_096,
    "long and hostile": "\x1b\n" * 2_048,
    "markdown": "](https://evil.example) **b** `c` | d | \\| e `` ` @octocat <!-- #1",
    "html": "<img src=x onerror=alert(1)><script>&amp;</script></td></table>",
    "percent": "%0A::error::%25",
}


@pytest.fixture(params=list(HOSTILE.values()), ids=list(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> str:
    """Text as an attacker would choose it for names and strings in a model."""
    text: str = request.param
    return text
