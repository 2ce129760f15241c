"""From a path on disk to the URI a code-scanning service matches with a committed file.

Relative to the repository's top, forward slashes, percent-encoded (RFC 3986, sections 2.1 and 4.2; SARIF 2.1.0, section 3.4).
"""

import ntpath
import os
import posixpath
from urllib.parse import quote

SRCROOT = "%SRCROOT%"
"""The conventional `uriBaseId` of a repository's top."""


def relative_uri(path: str, root: str, *, windows: bool = os.name == "nt") -> str | None:
    """The URI of `path` (absolute, or relative to the current directory) below `root`; None when it lies elsewhere.

    Links are left as they are: the path that was given is the path that is committed. Only when it seems to lie elsewhere are the
    real directories compared, for a root that was itself reached through a link (macOS's `/tmp`).
    """
    relative = relative_path(path, root, windows=windows)
    return None if relative is None else quote_path(relative)


def relative_path(path: str, root: str, *, windows: bool = os.name == "nt") -> str | None:
    """The same as plain text with forward slashes, not encoded; None when `path` is not below `root`."""
    module = ntpath if windows else posixpath
    absolute, top = module.abspath(path), module.abspath(root)
    relative = _below(absolute, top, windows)
    if relative is None and not windows:
        directory, name = posixpath.split(absolute)
        relative = _below(
            posixpath.join(posixpath.realpath(directory), name), posixpath.realpath(top), windows
        )
    return relative


def quote_path(path: str) -> str:
    """Percent-encode a relative path with forward slashes: UTF-8, and bytes no encoding explains as the bytes they are."""
    try:
        raw = os.fsencode(path)
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogatepass")
    return quote(raw, safe="/-._~")


def _below(absolute: str, top: str, windows: bool) -> str | None:
    separator = "\\" if windows else "/"
    prefix = top if top.endswith(separator) else top + separator
    start = absolute[: len(prefix)]
    same = ntpath.normcase(start) == ntpath.normcase(prefix) if windows else start == prefix
    rest = absolute[len(prefix) :]
    if not same or not rest:
        return None
    return rest.replace("\\", "/") if windows else rest
