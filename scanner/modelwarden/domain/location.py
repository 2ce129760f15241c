"""Where something is: a span of bytes, and a path that leads into containers."""

from modelwarden.domain.record import record


@record
class Span:
    """`length` bytes from `offset`, both counted in bytes of the innermost artifact."""

    offset: int
    length: int = 0


@record
class ArtifactPath:
    """A file and the members leading inside: `model.pt!archive/data.pkl`.

    `file` is the path as it was found on disk (host separators); `members` are the names the containers give, unsanitised.
    """

    file: str
    members: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "!".join((self.file, *self.members))

    def child(self, member: str) -> "ArtifactPath":
        """The path of a member of this artifact."""
        return ArtifactPath(self.file, (*self.members, member))

    @property
    def name(self) -> str:
        """The innermost name without directories."""
        return (self.members[-1] if self.members else self.file).replace("\\", "/").rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The last suffix of the innermost name, lower case with its dot, or an empty string."""
        stem, dot, suffix = self.name.rpartition(".")
        return f".{suffix.lower()}" if dot and stem else ""


def climbs(location: str) -> bool:
    """Whether any step of a location leads above its start, as POSIX reads it or as Windows, which drops blanks behind a name."""
    return _climbs(location.split("/")) or _climbs(location.replace("\\", "/").split("/"))


def _climbs(segments: list[str]) -> bool:
    depth = 0
    for segment in segments:
        depth += {"": 0, ".": 0, "..": -1}.get(segment.rstrip(" "), 1)
        if depth < 0:
            return True
    return False
