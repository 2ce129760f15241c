"""The one scale of severities."""

from enum import IntEnum


class Severity(IntEnum):
    """How bad a finding is; comparable, so `severity >= fail_on` decides the exit code."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    CRITICAL = 40
