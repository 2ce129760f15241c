"""Lines of a pip requirements file. Syntax: https://pip.pypa.io/en/stable/reference/requirements-file-format/."""

import re

_ELSEWHERE = re.compile(
    r"\s*(?:(?:-i|--index-url|--pypi-url|--extra-index-url|-f|--find-links|-e|--editable|--trusted-host)(?![\w-])"
    r"|(?:git|hg|svn|bzr)\+|(?:https?|ftp|file)://|[\w.-]+\s*(?:\[[^\]]*\])?\s*@\s*\S+|\.{0,2}/)"
)


def leads_elsewhere(line: str) -> bool:
    """Whether pip installs from an address, a repository or a local path for this line, or asks another index."""
    return _ELSEWHERE.match(line[:2_000]) is not None
