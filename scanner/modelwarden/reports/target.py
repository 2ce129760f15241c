"""What was asked for: which report goes where."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from modelwarden.domain.record import record
from modelwarden.errors import UserError
from modelwarden.reports.visible import visible

if TYPE_CHECKING:
    from modelwarden.reports.reporters import Reporter


class ReportFormat(StrEnum):
    """The reports there are."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    MARKDOWN = "markdown"
    HTML = "html"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB_SAST = "gitlab-sast"
    CODE_QUALITY = "codequality"
    SBOM = "sbom"

    @property
    def hashes(self) -> bool:
        """Whether it tells the SHA-256 of files."""
        return self in (ReportFormat.JSON, ReportFormat.SARIF, ReportFormat.HTML, ReportFormat.SBOM)

    @property
    def names_findings(self) -> bool:
        """Whether it tells the fingerprints of findings."""
        return self in (
            ReportFormat.JSON,
            ReportFormat.SARIF,
            ReportFormat.HTML,
            ReportFormat.GITLAB_SAST,
            ReportFormat.CODE_QUALITY,
        )

    @classmethod
    def _missing_(cls, value: object) -> "ReportFormat | None":
        return cls.SBOM if value == "cyclonedx" else None


@record
class Target:
    """One report, ours or somebody else's, and its file as the user named it; None: it goes to `--output` or stdout."""

    format: "ReportFormat | Reporter"
    file: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Read `FORMAT[:FILE]`; the FILE may hold colons (`sarif:C:\\x.sarif`). Raises ValueError with the reason."""
        name, colon, file = text.partition(":")
        try:
            format_ = ReportFormat(name.lower())
        except ValueError:
            known = ", ".join(ReportFormat)
            raise ValueError(f"'{visible(name)}' is not one of {known}") from None
        if colon and not file:
            raise ValueError(f"a file name is missing after '{name}:'")
        return cls(format_, file if colon and file != "-" else None)


def targets(asked: Sequence[Target], output: str | None, quiet: bool) -> tuple[Target, ...]:
    """Where each report goes, `file` None now meaning stdout.

    What has no FILE goes to `output`. Text goes to stdout when nothing else does, unless `quiet` or it is written to a file.
    Raises UserError when two reports would go to one place, or none to `output`.
    """
    chosen = list(asked)
    if output is not None and all(target.file for target in chosen):
        chosen.append(Target(ReportFormat.TEXT))
    main = None if output == "-" else output
    placed = [Target(target.format, target.file or main) for target in chosen]
    if not quiet and all(target.file and target.format is not ReportFormat.TEXT for target in placed):
        placed.append(Target(ReportFormat.TEXT))
    files = [target.file for target in placed]
    for file in files:
        if files.count(file) > 1:
            place = visible(file) if file else "stdout"
            raise UserError(
                f"two reports would go to {place}: give each its own, as in -f sarif:report.sarif"
            )
    return tuple(placed)
