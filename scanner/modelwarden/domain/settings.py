"""Everything that steers a scan, frozen before the first byte is read."""

from modelwarden.domain.budget import Limits
from modelwarden.domain.record import record
from modelwarden.domain.severity import Severity


@record(kw_only=True)
class Settings:
    """`fail_on` None: findings never fail. `exclude`: gitignore-like globs against the path relative to the scanned directory.

    `min_severity` hides findings below it from reports; the exit code follows `fail_on` alone. `hashing`: compute SHA-256 of
    every supported file (a whole read). `root`: absolute directory that report paths are relative to; empty means the current
    directory. `blacklist`: names that no file and no model may bear, or a part of them. `ratings`: rule id and the severity it
    has here. `allowed`: patterns of globals that nobody has to know; `denied`: of those that no model may use; `denied_as`:
    what those of them weigh that do not weigh what the rule does. `without`: names of formats that are not read. `strict`: a
    file named like a model that is none counts as not read. `known_bad`: SHA-256 sums, in lower-case hexadecimal. `suffixes`: a
    suffix with its dot and the format whose loader reads such files here. `cache_dir`: where results are kept from run to run,
    empty for nowhere; with `cache_trust_mtime` a file that looks the same to `stat` counts as unchanged. `describe`: collect
    what files say of themselves (`ScannedFile.properties`). `weights`: look at
    the numbers of tensors. `plugins`: names of those that are loaded.
    """

    fail_on: Severity | None = Severity.WARNING
    min_severity: Severity = Severity.INFO
    exclude: tuple[str, ...] = ()
    blacklist: tuple[str, ...] = ()
    ratings: tuple[tuple[str, Severity], ...] = ()
    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    denied_as: tuple[tuple[str, Severity], ...] = ()
    without: tuple[str, ...] = ()
    suffixes: tuple[tuple[str, str], ...] = ()
    known_bad: tuple[str, ...] = ()
    hashing: bool = False
    skip_unsupported: bool = False
    strict: bool = False
    root: str = ""
    only: frozenset[str] | None = None
    limits: Limits = Limits()
    timeout: float = 300.0
    jobs: int | None = None
    memory: int = 4 << 30
    cache_dir: str = ""
    cache_trust_mtime: bool = False
    describe: bool = False
    weights: bool = False
    plugins: tuple[str, ...] = ()
