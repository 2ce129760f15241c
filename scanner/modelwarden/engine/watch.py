"""Who looks on while a scan goes: the progress display is told what is ahead and what is done."""

from modelwarden.domain.report import ScannedFile


class Watch:
    """Is told, in the main thread; looks away. `reports.progress` looks."""

    def begin(self, files: int, size: int) -> None:
        """So many files are to be scanned, of so many bytes together."""

    def done(self, file: ScannedFile) -> None:
        """One of them has been."""
