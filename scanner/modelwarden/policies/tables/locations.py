"""Where a location in a model file leads, read as any operating system would read it.

The model is written on one system and loaded on another, so a backslash separates as a slash does, and a location is judged by
the worse of its two readings. Links in the file system are the engine's to follow.
"""

import re

from modelwarden.domain.location import climbs
from modelwarden.domain.preview import shorten

_DRIVE = r"[A-Za-z]:(?!//)"
_URL = r"[A-Za-z][A-Za-z0-9+.-]*://"
_FILE_URL = r"(?i)file:"
_HOME = r"~[^/\\]*(?:[/\\]|\Z)"
_TEMPORARY = r"~[^/\\]+\Z"
"""A name like `~weights.bin`: only a shell would take it for somebody's home."""
_CREDENTIALS = r"(?<=//)[^/?#@]*@"


def escape(location: str) -> str:
    """Why `location` leads out of the directory of the file that names it, as the end of a sentence; empty when it does not."""
    if "\0" in location:
        return "holds a NUL byte, behind which some loaders do not read"
    if location.startswith(("\\\\", "//")):
        return "names another machine or a device"
    if location.startswith(("/", "\\")):
        return "is absolute"
    if re.match(_FILE_URL, location):
        return "is a URL of a local file"
    if is_url(location):
        return "is a URL"
    if re.match(_DRIVE, location):
        return "names a drive"
    if re.match(_HOME, location) and not re.match(_TEMPORARY, location):
        return "leads to a home directory"
    if climbs(location):
        return "climbs out of the directory"
    return ""


def is_url(location: str) -> bool:
    """Whether it is an address on the network: a scheme and `//`, but not `file:`."""
    return re.match(_URL, location) is not None and re.match(_FILE_URL, location) is None


def public(location: str) -> str:
    """`location` as a report that travels may show it: of a URL without user, password and query, and not long."""
    if re.match(_URL, location):
        location = re.sub(_CREDENTIALS, "", location, count=1)
        location = re.sub(r"[?#].*", "", location, count=1, flags=re.DOTALL)
    return shorten(location)


def hidden(location: str) -> str:
    """The whole of `location` where `public` leaves something out; else empty."""
    return "" if public(location) == location else location
