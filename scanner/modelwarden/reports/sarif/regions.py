"""Which results get lines, and which.

A result with a line makes GitHub's uploader read the whole file as text, one step of JavaScript for each character (20 MB: 5 s,
1 GB: never), so only small texts get any: files of a format that is text, of at most `MAX_TEXT_BYTES`. There the line is named by
the hash that the uploader itself computes, for it warns of any other. Two results of one rule in one line would share that name
and be one alert, so the second goes without a line and keeps its own name. GitLab tells results apart by nothing but rule, file
and line: there everything gets one, `1 + the line feeds before it` in the file that is committed (1 for members of archives,
whose offsets count from elsewhere).

The files are read here, after the scan, and not by the formats: formats know offsets, lines matter to one report only, and most
scans find nothing. What has changed, or cannot be read any more, gets no line.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from modelwarden.domain.record import replace
from modelwarden.domain.report import ScannedFile
from modelwarden.reports.profile import Profile
from modelwarden.reports.sarif.entry import Entry
from modelwarden.source.file import FileSource
from modelwarden_sarif.fingerprints import PRIMARY
from modelwarden_sarif.lines import MAX_TEXT_BYTES, Extent, Lines

TEXTS = frozenset(
    {
        "dvc",
        "ini",
        "jinja",
        "json",
        "keras-config",
        "lightgbm",
        "openvino",
        "orbax",
        "path-configuration",
        "pmml",
        "requirements",
        "script",
        "tensorflow-checkpoint",
        "tensorflow-text",
        "toml",
        "xml",
        "yaml",
        "zarr",
    }
)
"""Formats that people read and review as text, most of the time; what is binary after all is seen by its bytes."""

MOST_TEXT = 64 << 20
"""Bytes of text that get lines in one log, in the order of their URIs: what is beyond costs the uploader more than it helps."""

_MOST_COUNTED = 1 << 30
"""Bytes in which line feeds are counted: beyond, everything stands in the last line counted."""

_WINDOW = 1 << 20
_FIRST = Extent(1, 1, 1, 2)


def with_regions(
    entries: Sequence[Entry], files: Mapping[str, ScannedFile], profile: Profile, *, always: bool
) -> list[Entry]:
    """The entries, which are in the order of their URIs, with their lines. `always`: what has none gets the first one."""
    if profile is Profile.GITLAB:
        placed = [
            entry for _, group in groupby(entries, lambda entry: entry.uri) for entry in _counted(list(group))
        ]
    else:
        placed = _in_texts(entries, files, profile)
    return [replace(entry, extent=_FIRST) if always and entry.extent is None else entry for entry in placed]


def _in_texts(entries: Sequence[Entry], files: Mapping[str, ScannedFile], profile: Profile) -> list[Entry]:
    left = MOST_TEXT
    placed: list[Entry] = []
    for _, group in groupby(entries, lambda entry: entry.uri):
        of_file = list(group)
        if any(_is_in_text(entry) for entry in of_file):
            lines = _lines(files.get(of_file[0].finding.path.file), left)
            if lines is not None:
                left -= lines.size
                of_file = _named(of_file, lines, profile)
        placed += of_file
    return placed


def _is_in_text(entry: Entry) -> bool:
    return entry.finding.format in TEXTS and not entry.finding.path.members


def _lines(file: ScannedFile | None, left: int) -> Lines | None:
    """The text of a file; None when it is none, is too long, or is no longer what was scanned."""
    if file is None or file.size > min(left, MAX_TEXT_BYTES):
        return None
    try:
        with FileSource(file.path) as source:
            return Lines(source.read(0, source.size)) if source.size == file.size else None
    except (OSError, ValueError):
        return None


def _named(entries: Sequence[Entry], lines: Lines, profile: Profile) -> list[Entry]:
    """Lines for the entries of one text, and the uploader's own name for the first one of each rule in a line."""
    extents = {
        index: lines.extent(entry.finding.span.offset, entry.finding.span.length)
        for index, entry in sorted(enumerate(entries), key=lambda pair: pair[1].finding.span.offset)
        if _is_in_text(entry)
    }
    hashes = lines.hashes({extent.start_line for extent in extents.values()})
    taken: set[tuple[str, int]] = set()
    named: list[Entry] = []
    for index, entry in enumerate(entries):
        extent = extents.get(index)
        if extent is not None:
            key = entry.finding.rule.id, extent.start_line
            if key not in taken:
                taken.add(key)
                prints = {**entry.prints, PRIMARY: hashes[extent.start_line]}
                entry = replace(entry, prints=prints, extent=extent)
            elif profile is not Profile.GITHUB:
                entry = replace(entry, extent=extent)
        named.append(entry)
    return named


# GitLab


def _counted(entries: Sequence[Entry]) -> list[Entry]:
    """The entries of one file, each with the line its offset stands in."""
    offsets = {entry.finding.span.offset for entry in entries if not entry.finding.path.members}
    numbers = _line_numbers(entries[0].finding.path.file, offsets)
    return [
        replace(entry, extent=_at(1 if entry.finding.path.members else numbers[entry.finding.span.offset]))
        for entry in entries
    ]


def _at(line: int) -> Extent:
    return Extent(line, 1, line, 2)


def _line_numbers(file: str, offsets: Iterable[int]) -> dict[int, int]:
    """For every offset 1 + the line feeds before it; where the file cannot be read on, those up to there."""
    numbers: dict[int, int] = {}
    place, line = 0, 1
    try:
        with FileSource(file) as source:
            for offset in sorted(offsets):
                while place < min(offset, _MOST_COUNTED):
                    data = source.read(place, min(_WINDOW, offset - place))
                    if not data:
                        break
                    line += data.count(b"\n")
                    place += len(data)
                numbers[offset] = line
    except OSError:
        pass
    return dict.fromkeys(offsets, line) | numbers


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """GitLab's view: of several results of one rule in one line of one file the first, which tells of the others."""
    alike: dict[tuple[str, str, int], list[Entry]] = {}
    for entry in entries:
        line = entry.extent.start_line if entry.extent is not None else 1
        alike.setdefault((entry.uri, entry.finding.rule.id, line), []).append(entry)
    return [
        replace(first, also=tuple(other.finding for other in others)) for first, *others in alike.values()
    ]
