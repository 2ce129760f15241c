"""The finished result of a scan; everything after it is a pure function of it."""

from enum import StrEnum

from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.record import record


class Coverage(StrEnum):
    """How much of a file was read, in the order of a summary."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"
    ABSENT = "absent"
    FAILED = "failed"


@record(kw_only=True)
class ScannedFile:
    """One file on disk that was looked at.

    `path` as given or found (host separators). `formats` are the names of the formats that recognised it. `reason` says why
    the coverage is not complete. `size` in bytes. `sha256` in hex, empty when hashing is off. `properties`: what it says of
    itself, as (member, key, value), the member empty for the file; licences always, the rest when it is asked for.
    """

    path: str
    size: int
    coverage: Coverage
    formats: tuple[str, ...] = ()
    reason: str = ""
    sha256: str = ""
    properties: tuple[tuple[str, str, str], ...] = ()


@record(kw_only=True)
class Report:
    """What a scan found and what it could not read.

    `findings` sorted by file, severity (worst first), members, rule, offset; `notes` and `files` by path. `files` holds every
    file that was looked at; those no format knows have `Coverage.UNSUPPORTED` and count as skipped. `root` is the absolute
    directory that report URIs are relative to (the repository's top, else the current directory). `left_out`: how many files were
    not looked at because they have not changed. `interrupted`: the scan was stopped before it had come to every file;
    `unreached`: how many files are known that it had not come to.
    """

    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    files: tuple[ScannedFile, ...] = ()
    root: str = ""
    version: str = ""
    left_out: int = 0
    interrupted: bool = False
    unreached: int = 0

    @property
    def complete(self) -> bool:
        """Whether every byte that was selected has been read and understood."""
        return not self.notes and not self.interrupted
