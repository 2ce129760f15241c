"""What became of one file."""

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.record import record
from modelwarden.domain.report import ScannedFile


@record(kw_only=True)
class FileResult:
    """One file on disk: how far it was read, its findings in the order of the report, its notes in theirs.

    `beside`: what stands beside the file was looked at, too, so the result depends on more than its bytes.
    `content`: the SHA-256 of the very bytes that were scanned, where they were read once and all of them; else empty.
    """

    file: ScannedFile
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    beside: bool = False
    content: str = ""
