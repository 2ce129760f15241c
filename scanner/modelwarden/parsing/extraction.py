"""Where the members of an archive would land if somebody extracted them: nothing is extracted here, paths are followed on paper.

Tools that unpack models (`tarfile` before Python 3.14, `shutil.unpack_archive`, Java's ZipInputStream, 7-Zip, container runtimes)
trust the names and links of an archive to different degrees. CWE-22, CWE-59; CVE-2007-4559 (`tarfile`), CVE-2018-1002200 ("zip
slip"), CVE-2024-12718 and CVE-2025-4517 (links that lead out only together), CVE-2023-48299 (TorchServe).
"""

import re
from collections.abc import Iterator

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Anomaly, Gap, Quirk, Shortfall
from modelwarden.domain.preview import shorten

_SUSPICIOUS = re.compile(r"\.\.|\A[\\/]|\A[A-Za-z]:")
_DRIVE = re.compile(r"[A-Za-z]:(?=[\\/]|\.\.)")
"""Not every letter with a colon: TensorFlow calls its variables `w:0`, and `.npz` files have members of these names."""
_LONGEST = 4096
"""PATH_MAX of Linux: no longer name or target makes a link there."""
_LINKS = 40
"""How many links Linux follows in one path before it gives up."""
_STEPS = 4_000_000
"""Parts of paths that are followed through links, in one archive."""
_NODES = 200_000
"""Directories that links stand in, in one archive."""
_SYSTEM = frozenset(
    "bin boot dev etc home lib lib32 lib64 libx32 media mnt opt proc root run sbin srv sys tmp usr var".split()
)
"""The directories of a root file system (Filesystem Hierarchy Standard 3.0)."""
_CONVINCING = 3


def way_out(path: str) -> str:
    """How a name leads out of the directory it is extracted to, as any of the usual readers takes it; empty when it does not.

    `path` is read with `/` and with both slashes, whole and up to its first NUL: tools differ.
    """
    if _SUSPICIOUS.search(path) is None:
        return ""
    for text in dict.fromkeys((path, path.partition("\0")[0])):
        if text.startswith(("/", "\\")):
            return (
                "starts at the root of the file system"
                if text[1:2] not in ("/", "\\")
                else "names another machine"
            )
        drive = _DRIVE.match(text)
        if drive is not None:
            return f"starts at drive {drive[0]}"
        for parts in (text.split("/"), text.replace("\\", "/").split("/")):
            if _climbs(parts):
                return "climbs out by `..`"
    return ""


def _climbs(parts: list[str]) -> bool:
    """Whether a path leaves its directory at any step. Windows drops spaces at the end of a name."""
    depth = 0
    for part in parts:
        if part.rstrip(" ") == "..":
            depth -= 1
            if depth < 0:
                return True
        elif part.strip(" ") not in ("", "."):
            depth += 1
    return False


class _Node:
    """A place in the tree that links stand in; `target` is set where one does."""

    __slots__ = ("below", "parent", "target")

    def __init__(self, parent: "_Node | None") -> None:
        self.parent = parent
        self.below: dict[str, _Node] = {}
        self.target: str | None = None


class _LeadsOut(Exception):
    """A path leaves the tree; `str()` says where: the link that did it, or nothing."""


class Extraction:
    """Follows the members of one archive in their order, and states which of them would land or lead outside.

    A root file system (the layer of a container image, a chroot) is unpacked to be a root: there links to `/…`, and devices, are
    as they should be. What is said of them is held back until `finish`, which knows. Writing *through* such a link is stated in
    any case: no file system that was packed up has files below a link.
    """

    def __init__(self, *, is_root: bool = False) -> None:
        self._is_root = is_root
        self._root = _Node(None)
        self._has_links = False
        self._steps = 0
        self._nodes = 0
        self._held_back: list[Anomaly] = []
        self._devices: list[Anomaly] = []
        self._tops: set[str] = set()
        self._has_whiteouts = False

    def member(self, name: str, span: Span, *, is_link: bool = False) -> Iterator[Anomaly]:
        """A member of any kind is written under `name`; what is no link itself also through a link of this name."""
        self._note(name)
        reason = way_out(name)
        if reason:
            yield Anomaly(Quirk.PATH_TRAVERSAL, name, f"its name {reason}", span)
        elif self._has_links:
            try:
                self._walk(name, follow_last=not is_link)
            except _LeadsOut as out:
                detail = f"it would be written through the link {shorten(str(out))}, which leads outside"
                yield Anomaly(Quirk.LINK_ESCAPE, name, detail, span)

    def symlink(self, name: str, target: str, span: Span) -> None:
        """A symbolic link: `target` counts from the directory it stands in. To be told after `member`."""
        target = target.partition("\0")[0]
        is_absolute = target.startswith(("/", "\\")) or _DRIVE.match(target) is not None
        if is_absolute or self._leads_out(name, target):
            detail = f"it is a symbolic link to {shorten(target)}, outside the archive"
            self._held_back.append(Anomaly(Quirk.LINK_ESCAPE, shorten(name), detail, span))
        if len(name) <= _LONGEST and len(target) <= _LONGEST:
            self._plant(name, target)

    def hard_link(self, name: str, target: str, span: Span) -> Iterator[Anomaly]:
        """A hard link: `target` counts from the top of the archive. To be told after `member`."""
        detail = f"it is a hard link to {shorten(target)}, outside the archive"
        if target.startswith("/") and not _climbs(target.split("/")):
            self._held_back.append(Anomaly(Quirk.LINK_ESCAPE, shorten(name), detail, span))
        elif way_out(target):
            yield Anomaly(Quirk.LINK_ESCAPE, name, detail, span)
        elif self._has_links:
            try:
                self._walk(target, follow_last=False)
            except _LeadsOut:
                yield Anomaly(Quirk.LINK_ESCAPE, name, detail, span)

    def device(self, name: str, kind: str, span: Span) -> None:
        """A device or FIFO. Whoever opens it reaches the machine, not the archive: so it counts as a link that leads out."""
        detail = f"it is a {kind}: opening it reaches the machine it is extracted on"
        self._devices.append(Anomaly(Quirk.LINK_ESCAPE, shorten(name), detail, span))

    def finish(self) -> Iterator[Anomaly | Gap]:
        """What had to wait until all names were known."""
        if not self.is_root:
            yield from self._held_back
        if not self._is_surely_root:
            yield from self._devices
        if self._steps > _STEPS or self._nodes > _NODES:
            yield Gap(
                Shortfall.LIMIT,
                "its links lead through more directories than are followed: where the last of them lead is not known",
            )

    @property
    def is_root(self) -> bool:
        """Whether what was seen so far is a root file system or a layer of one (OCI image specification, "Image Layer")."""
        return self._is_surely_root or (bool(self._tops) and self._tops <= _SYSTEM)

    @property
    def _is_surely_root(self) -> bool:
        """The same beyond doubt: one folder called `dev` does not excuse a device."""
        return self._is_root or self._has_whiteouts or len(self._tops & _SYSTEM) >= _CONVINCING

    def _note(self, name: str) -> None:
        first = next((part for part in name.split("/", 8) if part not in ("", ".")), "")
        if first:
            if len(self._tops) < 1000:
                self._tops.add(first)
            self._has_whiteouts = self._has_whiteouts or name.rpartition("/")[2].startswith(".wh.")

    def _leads_out(self, name: str, target: str) -> bool:
        folder = name.rstrip("/").rpartition("/")[0]
        if _climbs(f"{folder}/{target}".replace("\\", "/").split("/")) or _climbs(
            f"{folder}/{target}".split("/")
        ):
            return True
        if not self._has_links:
            return False
        try:
            self._walk(f"{folder}/{target}", follow_last=True)
        except _LeadsOut:
            return True
        return False

    def _plant(self, name: str, target: str) -> None:
        node = self._root
        self._nodes += name.count("/") + 1
        if self._nodes > _NODES:
            return
        for part in name.split("/"):
            if part == "..":
                node = node.parent or self._root
            elif part not in ("", "."):
                node = node.below.setdefault(part, _Node(node))
        if node is not self._root:
            node.target = target
            self._has_links = True

    def _walk(self, path: str, *, follow_last: bool) -> None:
        """Follow a path as an operating system would. Raises `_LeadsOut`; loops and what has no end lead nowhere.

        `outside` counts directories below the last known node, which hold no link.
        """
        parts = path.rstrip("/").split("/")
        parts.reverse()
        node, beyond = self._root, 0
        links = 0
        last_link = ""
        while parts:
            self._steps += 1
            if self._steps > _STEPS:
                return
            part = parts.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if beyond:
                    beyond -= 1
                elif node.parent is None:
                    raise _LeadsOut(last_link)
                else:
                    node = node.parent
                continue
            following = node.below.get(part) if not beyond else None
            if following is None:
                beyond += 1
                continue
            if following.target is None or (not parts and not follow_last):
                node = following
                continue
            links += 1
            if links > _LINKS:
                return
            last_link = part
            if following.target.startswith(("/", "\\")) or _DRIVE.match(following.target):
                raise _LeadsOut(last_link)
            parts.extend(reversed(following.target.split("/")))
