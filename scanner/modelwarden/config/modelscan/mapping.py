"""What a settings file of ModelScan means here: its values as options of `scan`, and what has none, in words.

Only what differs from ModelScan's defaults is wanted by somebody. A file cannot make a rule of ours blind by leaving out what its
defaults list: that would be a silent hole, and is told instead.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from modelwarden.config.configuration import Configuration, Value, holds
from modelwarden.config.modelscan import defaults
from modelwarden.config.modelscan.settings import Reporting, Settings, read
from modelwarden.domain.record import record, replace
from modelwarden.formats import INDEX

_LEVELS = {"CRITICAL": "critical", "HIGH": "critical", "MEDIUM": "warning", "LOW": "info"}
_FORMATS: Mapping[str, tuple[str, ...]] = {
    "H5LambdaDetectScan": ("hdf5",),
    "KerasLambdaDetectScan": ("keras", "keras-config"),
    defaults.LAMBDAS: ("keras-metadata",),
    defaults.OPERATORS: ("saved-model",),
    defaults.NUMPY: ("npy",),
    defaults.PICKLE: ("pickle", "joblib-zf"),
    defaults.PYTORCH: ("pytorch", "pytorch-legacy", "pytorch-tar"),
}
"""Scanner → what is not read without it."""
_PICKLES = (defaults.PICKLE, defaults.PYTORCH, defaults.NUMPY)
"""Scanners of what may hold pickles, which stay readable while one of them is on."""
_READERS = {
    "H5LambdaDetectScan": "hdf5",
    "KerasLambdaDetectScan": "keras",
    defaults.NUMPY: "npy",
    defaults.PICKLE: "pickle",
}
"""Scanner → the reader for suffixes that are its alone. Those of other scanners have several: there the content decides."""
_RULES = {"Lambda": "MW202", "WriteFile": "MW204", "ReadFile": "MW205"}
"""Layer or operator → the rule that reports it."""
_KNOWN = frozenset(suffix for entry in INDEX for suffix in (*entry.suffixes, *entry.ambiguous_suffixes))
_SHOWN = 6


@record(kw_only=True)
class Foreign:
    """A settings file of ModelScan. `named`: the user said which. `trusted`: that, or it does not belong to what is scanned.

    `options`: as in `Configuration`. `remarks`: what is not mapped, or reads less than before.
    """

    file: str
    trusted: bool
    named: bool
    options: tuple[tuple[str, Value], ...]
    remarks: tuple[str, ...]
    reporting: Reporting | None


def foreign(file: str, scanned: Iterable[str] | None = None) -> Foreign:
    """Read and map a file. Raises UserError for what is not understood.

    `scanned`: paths to be scanned, where the file was found; None: the user named it. A model must not silence its own alarms:
    of a file that lies there, nothing counts that makes a scan see less.
    """
    trusted = scanned is None or not holds(scanned, file)
    mapper = _Mapper(read(file), trusted=trusted)
    return Foreign(
        file=file,
        trusted=trusted,
        named=scanned is None,
        options=tuple(mapper.options()),
        remarks=tuple(mapper.remarks),
        reporting=mapper.settings.reporting,
    )


def joined(ours: Configuration, theirs: Foreign) -> Configuration:
    """Both: lists are put together, and for single values our own file comes first."""
    options = dict(ours.options)
    for name, value in theirs.options:
        own = options.get(name)
        if own is None:
            options[name] = value
        elif isinstance(own.value, tuple) and isinstance(value.value, tuple):
            options[name] = Value((*own.value, *value.value), f"{own.place}, {value.place}")
    return replace(ours, foreign=theirs, options=tuple(options.items()))


class _Mapper:
    def __init__(self, settings: Settings, *, trusted: bool) -> None:
        self.settings = settings
        self._trusted = trusted
        self.remarks: list[str] = []

    def options(self) -> Iterator[tuple[str, Value]]:
        """What differs from the defaults, as options; the remarks are whole when this has come to its end."""
        place = self.settings.place
        off = [name for name, scanner in self.settings.scanners.items() if not scanner.enabled]
        yield from _list("without-format", self._unread(off), self._scanner(off[0]) if off else "")
        yield from _list("suffix", self._suffixes(), place("middlewares"))
        yield from _list("severity", self._ratings(), place("scanners"))
        yield from _list("deny", self._denied(), place("unsafe_globals"))
        for other in self.settings.others:
            self.remarks.append(f"{other} is not ModelScan's own and does nothing here")

    def _unread(self, off: Collection[str]) -> Iterator[str]:
        for name in off:
            place = self._scanner(name, "enabled")
            if name == defaults.PICKLE and not all(one in off for one in _PICKLES):
                self.remarks.append(
                    f"{place}: pickles are still read: PyTorch and NumPy files are made of them"
                )
                continue
            if not self._may(place, f"{name} off"):
                continue
            yield from _FORMATS[name]
            self.remarks.append(
                f"{place}: {name} is off: no {' or '.join(_FORMATS[name])} is read, though archives still are opened"
            )

    def _suffixes(self) -> Iterator[str]:
        wanted: dict[str, set[str]] = {}
        for name, scanner in self.settings.scanners.items():
            if scanner.suffixes is not None and scanner.enabled:
                self._sort(name, scanner.suffixes, wanted, self._scanner(name, "supported_extensions"))
        for kind, suffixes in self.settings.kinds.items():
            place = self.settings.place("middlewares", defaults.MIDDLEWARE, "formats", kind)
            self._sort(defaults.KINDS[kind], suffixes, wanted, place)
        archives = self.settings.archives
        if archives is not None:
            place = self.settings.place("supported_zip_extensions")
            self._gone(set(defaults.ARCHIVES) - set(archives), place)
            for suffix in archives:
                if suffix.lower() not in _KNOWN:
                    wanted.setdefault(suffix.lower(), set()).add("zip")
        for suffix, readers in wanted.items():
            if len(readers) == 1 and "." not in suffix[1:] and "" not in readers:
                yield f"{suffix}={readers.pop()}"

    def _sort(self, scanner: str, suffixes: Iterable[str], wanted: dict[str, set[str]], place: str) -> None:
        """Notes who is to read suffixes that nobody here knows, and tells which defaults are left out."""
        self._gone(set(defaults.SCANNERS[scanner]) - set(suffixes), place)
        for suffix in suffixes:
            if suffix.lower() not in _KNOWN:
                wanted.setdefault(suffix.lower(), set()).add(_READERS.get(scanner, ""))

    def _gone(self, suffixes: Collection[str], place: str) -> None:
        if suffixes:
            self._add(f"{place}: still read, since files are read by what they hold: {_some(suffixes)}")

    def _ratings(self) -> Iterator[str]:
        for name, (key, usual) in defaults.RISKY.items():
            scanner = self.settings.scanners.get(name)
            if scanner is None or scanner.risky is None:
                continue
            for operator, severity in scanner.risky.items():
                if operator not in _RULES or usual.get(operator) in (None, severity):
                    continue
                level = _LEVELS[severity]
                if level == "critical" or self._may(
                    self._scanner(name, key, operator), f"{operator} {severity}"
                ):
                    yield f"{_RULES[operator]}={level}"
            self._kept(usual.keys() - scanner.risky.keys(), self._scanner(name, key))

    def _denied(self) -> Iterator[str]:
        for name, prefix in ((defaults.LAMBDAS, "*."), (defaults.OPERATORS, "tensorflow:")):
            scanner = self.settings.scanners.get(name)
            for operator, severity in ((scanner and scanner.risky) or {}).items():
                if operator not in _RULES:
                    yield _pattern(f"{prefix}{operator}", severity)
        place = self.settings.place("unsafe_globals")
        usual = _names(defaults.GLOBALS)
        listed = _names(self.settings.globals)
        for name, severity in listed.items():
            if not _covered(name, usual):
                yield _pattern(name, severity)
        if self.settings.globals:
            gone = {name.rpartition(".")[0] for name in usual if not _covered(name, listed)}
            self._kept(gone, place)
        milder = [
            name
            for name, severity in listed.items()
            if _covered(name, usual) and severity in ("MEDIUM", "LOW")
        ]
        if milder:
            self._add(f"{place}: not rated lower, since modelwarden's own rules judge them: {_some(milder)}")

    def _may(self, place: str, what: str) -> bool:
        """Whether the file may make a scan see less; if not, that is told."""
        if not self._trusted:
            self._add(
                f"{place}: not obeyed, since the file belongs to what is scanned (--settings-file makes it count): {what}"
            )
        return self._trusted

    def _kept(self, names: Collection[str], place: str) -> None:
        if names:
            self._add(f"{place}: still reported, since modelwarden's own rules judge them: {_some(names)}")

    def _add(self, remark: str) -> None:
        if remark not in self.remarks:
            self.remarks.append(remark)

    def _scanner(self, name: str, *keys: str) -> str:
        return self.settings.place("scanners", f"{defaults.PACKAGE}{name}", *keys)


def _list(option: str, values: Iterable[str], place: str) -> Iterator[tuple[str, Value]]:
    entries = tuple(dict.fromkeys(values))
    if entries:
        yield option, Value(entries, place)


def _pattern(name: str, severity: str) -> str:
    level = _LEVELS[severity]
    return name if level == "critical" else f"{name}={level}"


def _names(table: Mapping[str, Mapping[str, tuple[str, ...]]]) -> dict[str, str]:
    """`module.name` and `module.*` → the worst severity."""
    return {
        f"{module}.{name}": severity
        for severity in reversed(defaults.SEVERITIES)
        for module, names in table.get(severity, {}).items()
        for name in names
    }


def _covered(name: str, listed: Collection[str]) -> bool:
    return name in listed or f"{name.rpartition('.')[0]}.*" in listed


def _some(names: Iterable[str]) -> str:
    every = sorted(names)
    more = len(every) - _SHOWN
    return ", ".join(every[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
