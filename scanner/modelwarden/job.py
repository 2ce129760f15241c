"""One run of `modelwarden scan`: what to scan, how, and which reports to leave where."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from modelwarden.ci import github
from modelwarden.domain.settings import Settings
from modelwarden.engine.scan import scan
from modelwarden.engine.verdict import verdict
from modelwarden.reports import delivery, stdout
from modelwarden.reports.lines import Line, plain
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.target import ReportFormat, Target
from modelwarden.reports.text import summary, text
from modelwarden.reports.visible import MESSAGE, visible
from modelwarden.triage.triage import Triage

if TYPE_CHECKING:
    from modelwarden.triage.ignores import Ignore


_WITH_FINGERPRINTS = frozenset({ReportFormat.JSON, ReportFormat.SARIF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`targets` say where each report goes (no file: stdout). `summary` and `outputs` are files to append to, or None."""

    paths: tuple[str, ...]
    settings: Settings
    targets: tuple[Target, ...]
    verbose: bool = False
    quiet: bool = False
    show_skipped: bool = False
    category: str = ""
    deterministic: bool = False
    summary: str | None = None
    outputs: str | None = None
    annotations: bool = False
    ignores: tuple["Ignore", ...] = ()
    baseline: str | None = None
    write_baseline: str | None = None

    def run(self) -> int:
        """Scan, write every report, and return the exit code. Raises UserError before scanning where it can be known then."""
        files = [target.file for target in self.targets if target.file]
        shared = {os.path.realpath(file) for file in (self.summary, self.outputs) if file}
        written = [self.write_baseline] if self.write_baseline else []
        delivery.check_writable([*files, *written, *sorted(shared)], self.paths)
        shows_names = any(target.format in _WITH_FINGERPRINTS for target in self.targets)
        triage = Triage(self.ignores, self.baseline, record=bool(written), identify=shows_names)
        if len(files) < len(self.targets):
            stdout.check_open()
        started = datetime.now(UTC)
        report, remarks = triage.judge(scan(self.paths, self.settings))
        outcome = Outcome.of(report, self.settings, verdict(report, self.settings))
        times = started, datetime.now(UTC)
        rendered = [(target, self._render(target.format, outcome, times)) for target in self.targets]
        appended = self._render(ReportFormat.MARKDOWN, outcome, times) if self.summary else ()

        texts = [(target.file, _text(body)) for target, body in rendered if target.file]
        texts += [(file, triage.baseline(report)) for file in written]
        delivery.write_files(texts)
        if self.summary:
            delivery.append(self.summary, _text(appended))
        if self.outputs:
            delivery.append(self.outputs, github.outputs(outcome, self.targets))
        for target, body in rendered:
            if target.file:
                continue
            if isinstance(body, str):
                stdout.write(body)
            else:
                stdout.show(body)
        self._tell(outcome, remarks)
        return outcome.exit_code

    def _render(
        self, format_: ReportFormat, outcome: Outcome, times: tuple[datetime, datetime]
    ) -> str | Sequence[Line]:
        match format_:
            case ReportFormat.TEXT:
                return text(outcome, verbose=self.verbose, show_skipped=self.show_skipped)
            case ReportFormat.JSON:
                from modelwarden.reports.json import json_text

                return json_text(outcome)
            case ReportFormat.MARKDOWN:
                from modelwarden.reports.markdown import markdown

                return markdown(outcome)
            case ReportFormat.SARIF:
                from modelwarden.policies import CATALOGUE
                from modelwarden.reports import sarif

                return sarif.render(
                    outcome.report,
                    CATALOGUE,
                    exit_code=outcome.exit_code,
                    category=self.category,
                    deterministic=self.deterministic,
                    started=times[0],
                    ended=times[1],
                )

    def _tell(self, outcome: Outcome, remarks: Sequence[str]) -> None:
        """On stderr: remarks on the configuration, the verdict when stdout holds no text that says it, and the annotations."""
        if not self.quiet:
            for remark in remarks:
                click.echo(f"modelwarden: {visible(remark, MESSAGE)}", err=True)
        on_stdout = {target.format for target in self.targets if not target.file}
        if not self.quiet and ReportFormat.TEXT not in on_stdout:
            click.echo(plain(summary(outcome)), nl=False, err=True)
        if self.annotations:
            for command in github.annotations(outcome):
                click.echo(command, err=True)


def _text(body: str | Sequence[Line]) -> str:
    return body if isinstance(body, str) else plain(body)
