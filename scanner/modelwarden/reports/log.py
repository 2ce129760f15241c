"""How much is said on stderr beside the reports."""

from enum import IntEnum


class Log(IntEnum):
    """Everything below the chosen level stays unsaid.

    An error always ends the run, and is always told. A warning is about the configuration, or about what was left out of a
    report. Information is the verdict, where stdout holds no text that says it, and which settings file was read. Debug names
    every file with what it was read as.
    """

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40
    CRITICAL = 50
