"""Files as a log names them, and the places within: relative to the repository's top, no machine's directories."""

import os
from functools import cache
from pathlib import Path

from modelwarden.domain.location import ArtifactPath
from modelwarden.domain.record import record
from modelwarden_sarif import model
from modelwarden_sarif.lines import Extent
from modelwarden_sarif.sanitise import visible
from modelwarden_sarif.uris import quote_path, relative_path

NAME = 200
QUALIFIED_NAME = 1_000


@record
class Place:
    """A file as the log names it: `uri` is None where it has none, `text` is what people read."""

    uri: str | None
    text: str


class Places:
    """Every file's place relative to one directory. Files outside have a URI only if `absolute` ones are wanted."""

    def __init__(self, root: str, *, absolute: bool) -> None:
        self._root = root
        self._absolute = absolute
        self._of_file = cache(self._find)

    def of(self, path: ArtifactPath) -> Place:
        """Where the file is that holds `path`."""
        return self._of_file(path.file)

    def name(self, path: ArtifactPath, limit: int = QUALIFIED_NAME) -> str:
        """The file and the members that lead inside, unsanitised."""
        return "!".join((self.of(path).text, *path.members))[: limit + 1]

    def location(self, path: ArtifactPath, index: int | None, extent: Extent | None = None) -> model.Location:
        """As SARIF has it; `index`: the file's place among the artifacts."""
        last = path.members[-1] if path.members else ""
        return model.make_location(
            uri=self.of(path).uri or "",
            index=index,
            member=visible(last.replace("\\", "/").rpartition("/")[2] or last, NAME),
            qualified_member=visible(self.name(path), QUALIFIED_NAME),
            extent=extent,
        )

    def _find(self, file: str) -> Place:
        relative = relative_path(file, self._root)
        if relative is None:
            # Not the whole path: a log travels, and a machine's directories are nobody's business.
            uri = Path(os.path.abspath(file)).as_uri() if self._absolute else None
            return Place(uri, os.path.basename(file))
        return Place(quote_path(relative), relative)
