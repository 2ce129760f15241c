"""Files as a repository names them, for services that match a report with what is committed."""

import os
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from urllib.parse import unquote

from modelwarden.domain.finding import Finding
from modelwarden.domain.report import Report
from modelwarden.reports.profile import Profile
from modelwarden.reports.sarif.entry import Entry
from modelwarden.reports.sarif.regions import with_regions
from modelwarden.reports.visible import visible
from modelwarden.triage.identity import place

LONGEST = 1_000
"""Characters left of a path: services link it, so that a shortened one is worth little."""


class Places:
    """Where the findings of one report are."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._uri = cache(self._find)
        self.path = cache(self._path)

    def _find(self, file: str) -> str:
        return place(file, self._report.root)

    def _path(self, file: str) -> str:
        """The file from the repository's top with forward slashes, harmless to print; the bare name of one that lies elsewhere.

        Never a whole path: a report travels, and a machine's directories are nobody's business.
        """
        inside = unquote(self._uri(file), errors="backslashreplace")
        return visible(inside or os.path.basename(file) or file, LONGEST)

    def name(self, finding: Finding) -> str:
        """64 hex digits for the finding in its file: a fingerprint is the same for the same thing in two files."""
        file = self._uri(finding.path.file) or visible(finding.path.file, LONGEST)
        return sha256(f"{file}\0{finding.fingerprint}".encode()).hexdigest()

    def lines(self, findings: Sequence[Finding]) -> list[int]:
        """The line each finding stands in, from 1. Only texts have lines; for everything else the first one leads to the file."""
        order = sorted(range(len(findings)), key=lambda index: findings[index].path.file)
        entries = [
            Entry(finding=findings[index], uri=findings[index].path.file, prints={}) for index in order
        ]
        files = {file.path: file for file in self._report.files}
        placed = with_regions(entries, files, Profile.GENERIC, always=False)
        lines = [1] * len(findings)
        for index, entry in zip(order, placed, strict=True):
            if entry.extent is not None:
                lines[index] = entry.extent.start_line
        return lines
