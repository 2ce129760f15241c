"""What a scanner written for ModelAudit is made of. `adapter` turns one into a format and its rules."""

import os
import time
from contextvars import ContextVar
from enum import StrEnum
from typing import Any, ClassVar

from modelwarden.domain.record import record

CONFIG: ContextVar[dict[str, Any] | None] = ContextVar("configuration of scanners", default=None)
"""What scanners are configured with while `core.scan_model_directory_or_file` runs."""


class IssueSeverity(StrEnum):
    """The scale of the issues; ours by other names."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@record(kw_only=True)
class Issue:
    """One thing that a scanner has found."""

    message: str
    severity: IssueSeverity = IssueSeverity.WARNING
    location: str = ""
    details: dict[str, Any] | None = None
    why: str = ""


class ScanResult:
    """What one scanner says of one file."""

    def __init__(self, scanner_name: str = "unknown") -> None:
        self.scanner_name = scanner_name
        self.issues: list[Issue] = []
        self.metadata: dict[str, Any] = {}
        self.bytes_scanned = 0
        self.start_time = time.time()
        self.end_time: float | None = None
        self.success = True

    def add_issue(
        self,
        message: str,
        severity: IssueSeverity = IssueSeverity.WARNING,
        location: str | None = None,
        details: dict[str, Any] | None = None,
        why: str | None = None,
    ) -> None:
        """One more issue."""
        self.issues.append(
            Issue(
                message=str(message),
                severity=IssueSeverity(severity),
                location=str(location or ""),
                details=dict(details or {}),
                why=str(why or ""),
            )
        )

    def merge(self, other: "ScanResult") -> None:
        """Take over what another result holds."""
        self.issues.extend(other.issues)
        self.metadata.update(other.metadata)
        self.bytes_scanned += other.bytes_scanned
        self.success = self.success and other.success

    def finish(self, success: bool = True) -> None:
        """The scanner is done; without success the file counts as not read."""
        self.success = success
        self.end_time = time.time()

    @property
    def has_errors(self) -> bool:
        """Whether there is a critical issue."""
        return any(issue.severity is IssueSeverity.CRITICAL for issue in self.issues)

    @property
    def duration(self) -> float:
        """Seconds."""
        return (self.end_time or time.time()) - self.start_time


class BaseScanner:
    """To be subclassed: `name`, `description`, `supported_extensions`, `can_handle` and `scan`."""

    name: ClassVar[str] = ""
    description: ClassVar[str] = ""
    supported_extensions: ClassVar[list[str]] = []

    def __init__(self, config: dict[str, Any] | None = None) -> None:
        self.config = dict(config or {})
        self.timeout: float = self.config.get("timeout", 300)
        self.current_file_path = ""
        self.results: list[ScanResult] = []

    @classmethod
    def can_handle(cls, path: str) -> bool:
        """Whether the scanner wants to see a file: by default, whether it bears one of its suffixes."""
        return path.lower().endswith(tuple(cls.supported_extensions))

    def scan(self, path: str) -> ScanResult:
        """Look at a file."""
        raise NotImplementedError

    def get_file_size(self, path: str) -> int:
        """In bytes; 0 when it cannot be told."""
        try:
            return os.path.getsize(path)
        except OSError:
            return 0

    def _create_result(self) -> ScanResult:
        result = ScanResult(self.name)
        self.results.append(result)
        return result

    def _check_path(self, path: str) -> ScanResult | None:
        """A finished result that says why a file cannot be read; None when it can."""
        fault = (
            ""
            if os.access(path, os.R_OK)
            else "is not readable"
            if os.path.exists(path)
            else "does not exist"
        )
        if not fault:
            self.current_file_path = path
            return None
        result = self._create_result()
        result.add_issue(
            f"Path {fault}: {path}", severity=IssueSeverity.CRITICAL, location=path, details={"path": path}
        )
        result.finish(success=False)
        return result
