"""`modelscan-settings.toml` in its own terms: checked for what no ModelScan knows, not yet mapped to anything."""

from collections.abc import Collection, Mapping
from typing import NoReturn

from modelwarden.config.document import Document, find
from modelwarden.config.modelscan import defaults
from modelwarden.domain.nearest import nearest
from modelwarden.domain.record import record
from modelwarden.errors import UserError

_TOP = (
    "modelscan_version",
    "supported_zip_extensions",
    "scanners",
    "middlewares",
    "unsafe_globals",
    "reporting",
)


@record(kw_only=True)
class Scanner:
    """One of ModelScan's own. `risky`: layer or operator → severity, None when the file does not say."""

    enabled: bool = True
    suffixes: tuple[str, ...] | None = None
    risky: Mapping[str, str] | None = None


@record(kw_only=True)
class Reporting:
    """`module`: dotted name of what `-r custom` calls, with `settings`; `place`: where the file says so."""

    module: str
    settings: Mapping[str, object]
    place: str


@record(kw_only=True)
class Settings:
    """The file, key by key; None: it does not say. `others`: scanners and middlewares that are not ModelScan's own."""

    document: Document
    archives: tuple[str, ...] | None
    scanners: Mapping[str, Scanner]
    kinds: Mapping[str, tuple[str, ...]]
    globals: Mapping[str, Mapping[str, tuple[str, ...]]]
    reporting: Reporting | None
    others: tuple[str, ...]

    def place(self, *path: str) -> str:
        """`file:line` of a key, or of the nearest thing in it or around it whose line can be told."""
        inner = self.document.table
        for key in path:
            value = inner.get(key)
            inner = value if isinstance(value, dict) else {}
        if inner and self.document.place("", ".".join(path)) == self.document.file:
            first = self.document.place("", ".".join((*path, next(iter(inner)))))
            if first != self.document.file:
                return first
        for depth in range(len(path), 0, -1):
            around = ".".join(path[: depth - 1])
            for key, table in ((path[depth - 1], around), ("", ".".join(path[:depth]))):
                place = self.document.place(key, table)
                if place != self.document.file:
                    return place
        return self.document.file


def read(file: str) -> Settings:
    """The settings in a file. Raises UserError, with the line, for what cannot be read and for what no ModelScan knows."""
    return _Reader(find(file, "") or Document(file, {}, "")).settings()


class _Reader:
    def __init__(self, document: Document) -> None:
        self._root = document.table
        self._others: list[str] = []
        self._known = Settings(
            document=document, archives=None, scanners={}, kinds={}, globals={}, reporting=None, others=()
        )

    def settings(self) -> Settings:
        self._only(_TOP, self._root)
        if not isinstance(self._root.get("modelscan_version", ""), str):
            self._fail("a text is expected", "modelscan_version")
        archives = self._root.get("supported_zip_extensions")
        return Settings(
            document=self._known.document,
            archives=None if archives is None else self._suffixes(archives, "supported_zip_extensions"),
            scanners=dict(self._scanners()),
            kinds=self._kinds(),
            globals=self._globals(),
            reporting=self._reporting(),
            others=tuple(self._others),
        )

    def _scanners(self) -> list[tuple[str, Scanner]]:
        found = []
        for name in self._table("scanners"):
            table = self._table("scanners", name)
            own = name.removeprefix(defaults.PACKAGE)
            if name.startswith(defaults.PACKAGE) and own in defaults.SCANNERS:
                found.append((own, self._scanner(own, table, "scanners", name)))
            else:
                self._others.append(f'{self._known.place("scanners", name)}: scanner "{name}"')
        return found

    def _scanner(self, own: str, table: Mapping[str, object], *path: str) -> Scanner:
        rated = defaults.RISKY[own][0] if own in defaults.RISKY else ""
        self._only(("enabled", "supported_extensions", *([rated] if rated else [])), table, *path)
        enabled = table.get("enabled", True)
        if not isinstance(enabled, bool):
            self._fail("true or false is expected", *path, "enabled")
        suffixes = table.get("supported_extensions")
        return Scanner(
            enabled=enabled,
            suffixes=None if suffixes is None else self._suffixes(suffixes, *path, "supported_extensions"),
            risky=self._rated(*path, rated) if rated in table else None,
        )

    def _rated(self, *path: str) -> Mapping[str, str]:
        found = {}
        for name, severity in self._table(*path).items():
            if not isinstance(severity, str) or severity not in defaults.SEVERITIES:
                self._fail(f"one of {', '.join(defaults.SEVERITIES)} is expected", *path, name)
            found[name] = severity
        return found

    def _kinds(self) -> Mapping[str, tuple[str, ...]]:
        found = {}
        for name in self._table("middlewares"):
            path = ("middlewares", name)
            if name != defaults.MIDDLEWARE:
                self._others.append(f'{self._known.place(*path)}: middleware "{name}"')
                continue
            self._only(("formats",), self._table(*path), *path)
            kinds = self._table(*path, "formats")
            self._only((*defaults.KINDS, *map(str.upper, defaults.KINDS)), kinds, *path, "formats")
            for kind, suffixes in kinds.items():
                found[kind.lower()] = self._suffixes(suffixes, *path, "formats", kind)
        return found

    def _globals(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        self._only(defaults.SEVERITIES, self._table("unsafe_globals"), "unsafe_globals")
        return {
            severity: {
                module: self._names(names, "unsafe_globals", severity, module)
                for module, names in self._table("unsafe_globals", severity).items()
            }
            for severity in self._table("unsafe_globals")
        }

    def _names(self, value: object, *path: str) -> tuple[str, ...]:
        return (value,) if isinstance(value, str) else self._texts(value, 'a list of names or "*"', *path)

    def _reporting(self) -> Reporting | None:
        table = self._table("reporting")
        self._only(("module", "settings"), table, "reporting")
        module = table.get("module", "")
        if not isinstance(module, str):
            self._fail("a text is expected", "reporting", "module")
        settings = self._table("reporting", "settings")
        place = self._known.place("reporting", "module")
        return Reporting(module=module, settings=settings, place=place) if module else None

    def _suffixes(self, value: object, *path: str) -> tuple[str, ...]:
        suffixes = self._texts(value, "a list of suffixes", *path)
        for suffix in suffixes:
            if not suffix.startswith(".") or not suffix[1:] or "/" in suffix:
                self._fail(f"{suffix!r} is no suffix: write .ext", *path)
        return suffixes

    def _texts(self, value: object, wanted: str, *path: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self._fail(f"{wanted} is expected", *path)
        return tuple(value)

    def _table(self, *path: str) -> Mapping[str, object]:
        """The table at a path, empty where there is none."""
        found: object = self._root
        for key in path:
            found = found.get(key, {}) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            self._fail("a table is expected", *path)
        return found

    def _only(self, known: Collection[str], table: Mapping[str, object], *path: str) -> None:
        for key in table:
            if key not in known:
                place = self._known.place(*path, key)
                raise UserError(f"{place}: unknown key {key!r}; did you mean {nearest(key, known)!r}?")

    def _fail(self, fault: str, *path: str) -> NoReturn:
        raise UserError(f"{self._known.place(*path)}: {path[-1]}: {fault}")
