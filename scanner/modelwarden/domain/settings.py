"""Everything that steers a scan, frozen before the first byte is read."""

from modelwarden.domain.budget import Limits
from modelwarden.domain.record import record
from modelwarden.domain.severity import Severity


@record(kw_only=True)
class Settings:
    """`fail_on` None: findings never fail. `exclude`: gitignore-like globs against the path relative to the scanned directory.

    `min_severity` hides findings below it from reports; the exit code follows `fail_on` alone. `hashing`: compute SHA-256 of
    every supported file (a whole read). `root`: absolute directory that report paths are relative to; empty means the
    current directory. `blacklist`: names that no file and no model may bear, or a part of them.
    """

    fail_on: Severity | None = Severity.WARNING
    min_severity: Severity = Severity.INFO
    exclude: tuple[str, ...] = ()
    blacklist: tuple[str, ...] = ()
    hashing: bool = False
    skip_unsupported: bool = False
    root: str = ""
    only: frozenset[str] | None = None
    limits: Limits = Limits()
