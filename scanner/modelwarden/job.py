"""One run of `modelwarden scan`: what to scan, how, and which reports to leave where."""

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from modelwarden.ci import github
from modelwarden.domain.record import record
from modelwarden.domain.settings import Settings
from modelwarden.engine.interrupts import Interrupts
from modelwarden.engine.scan import scan
from modelwarden.engine.verdict import verdict
from modelwarden.reports import delivery, stdout
from modelwarden.reports.lines import Line, plain
from modelwarden.reports.log import Log
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.profile import Style
from modelwarden.reports.progress import progress
from modelwarden.reports.target import ReportFormat, Target
from modelwarden.reports.text import summary, text
from modelwarden.reports.visible import MESSAGE, visible
from modelwarden.triage.triage import Triage

if TYPE_CHECKING:
    from modelwarden.reports.reporters import ReporterFailed
    from modelwarden.triage.ignores import Ignore


@record(kw_only=True)
class Job:
    """`targets` say where each report goes (no file: stdout), `style` how SARIF is written.

    `summary` and `outputs` are files to append to, or None.
    """

    paths: tuple[str, ...]
    settings: Settings
    targets: tuple[Target, ...]
    verbose: bool = False
    quiet: bool = False
    log: Log = Log.INFO
    progress: bool = False
    show_skipped: bool = False
    style: Style = Style()
    summary: str | None = None
    outputs: str | None = None
    annotations: bool = False
    ignores: tuple["Ignore", ...] = ()
    baseline: str | None = None
    write_baseline: str | None = None

    def run(self) -> int:
        """Scan, write every report, and return the exit code. Raises UserError before scanning where it can be known then."""
        with Interrupts() as interrupts:
            return self._work(interrupts)

    def _work(self, interrupts: Interrupts) -> int:
        files = [target.file for target in self.targets if target.file]
        shared = {os.path.realpath(file) for file in (self.summary, self.outputs) if file}
        written = [self.write_baseline] if self.write_baseline else []
        delivery.check_writable([*files, *written, *sorted(shared)], self.paths)
        shows_names = any(
            not isinstance(target.format, ReportFormat) or target.format.names_findings
            for target in self.targets
        )
        triage = Triage(
            self.ignores, self.baseline, self.settings, record=bool(written), identify=shows_names
        )
        if len(files) < len(self.targets):
            stdout.check_open()
        started = datetime.now(UTC)
        with (
            progress(asked=self.progress, quiet=self._above(Log.INFO)) as watch,
            redirect_stdout(sys.stderr)
            if self.settings.plugins
            else nullcontext(),  # plug-ins print what they like
        ):
            scanned = scan(self.paths, self.settings, watch)
        report, remarks = triage.judge(scanned)
        code = interrupts.exit_code if report.interrupted else verdict(report, self.settings)
        outcome = Outcome.of(report, self.settings, code)
        times = started, datetime.now(UTC)
        rendered, failures = self._rendered(outcome, times)
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
        if failures:
            failures[0].exit_code = outcome.exit_code or failures[0].exit_code  # findings win
            raise failures[0]
        return outcome.exit_code

    def _rendered(
        self, outcome: Outcome, times: tuple[datetime, datetime]
    ) -> "tuple[list[tuple[Target, str | Sequence[Line]]], list[ReporterFailed]]":
        """The reports, and why reporters of others failed: their own reports are missing then, and no other."""
        done: list[tuple[Target, str | Sequence[Line]]] = []
        failures: list[ReporterFailed] = []
        for target in self.targets:
            if isinstance(target.format, ReportFormat):
                done.append((target, self._render(target.format, outcome, times)))
                continue
            from modelwarden.reports import reporters  # few have one

            try:
                done.append((target, reporters.rendered(target.format, outcome)))
            except reporters.ReporterFailed as error:
                failures.append(error)
        return done, failures

    def _render(
        self, format_: ReportFormat, outcome: Outcome, times: tuple[datetime, datetime]
    ) -> str | Sequence[Line]:
        told_times = None if self.style.deterministic else times
        match format_:
            case ReportFormat.TEXT:
                return text(outcome, verbose=self.verbose, show_skipped=self.show_skipped)
            case ReportFormat.GITHUB:
                return "".join(f"{command}\n" for command in github.annotations(outcome))
            case ReportFormat.JSON:
                from modelwarden.reports.json import json_text

                return json_text(outcome, told_times)
            case ReportFormat.MARKDOWN:
                from modelwarden.reports.markdown import markdown

                return markdown(outcome)
            case ReportFormat.HTML:
                from modelwarden.reports.html import html

                return html(outcome, told_times)
            case ReportFormat.JUNIT:
                from modelwarden.reports.junit import junit

                return junit(outcome, told_times)
            case ReportFormat.GITLAB_SAST:
                from modelwarden.reports.gitlab_sast import gitlab_sast

                return gitlab_sast(outcome, told_times)
            case ReportFormat.SBOM:
                from modelwarden.reports.sbom import sbom

                return sbom(outcome, told_times)
            case ReportFormat.CODE_QUALITY:
                from modelwarden.reports.code_quality import code_quality

                return code_quality(outcome)
            case ReportFormat.SARIF:
                from modelwarden.policies import CATALOGUE
                from modelwarden.reports import sarif
                from modelwarden.triage.ratings import rated

                return sarif.render(
                    outcome.report,
                    rated(CATALOGUE, dict(self.settings.ratings)),
                    self.style,
                    exit_code=outcome.exit_code,
                    started=times[0],
                    ended=times[1],
                    tell=self._remark,
                )

    def _above(self, level: Log) -> bool:
        """Whether what is of that level stays unsaid."""
        return self.quiet or self.log > level

    def _remark(self, remark: str) -> None:
        if not self._above(Log.WARNING):
            click.echo(f"modelwarden: {visible(remark, MESSAGE)}", err=True)

    def _tell(self, outcome: Outcome, remarks: Sequence[str]) -> None:
        """On stderr: remarks on the configuration, the verdict when stdout holds no text that says it, and the annotations."""
        for remark in remarks:
            self._remark(remark)
        on_stdout = {target.format for target in self.targets if not target.file}
        if self.log is Log.DEBUG and not self.quiet:
            for file in outcome.report.files:
                seen = ", ".join(file.formats) or "no format that is known"
                click.echo(visible(f"modelwarden: {file.path}: {seen}", MESSAGE), err=True)
        if not self._above(Log.INFO) and ReportFormat.TEXT not in on_stdout:
            click.echo(plain(summary(outcome)), nl=False, err=True)
        if self.annotations:
            for command in github.annotations(outcome):
                click.echo(command, err=True)


def _text(body: str | Sequence[Line]) -> str:
    return body if isinstance(body, str) else plain(body)
