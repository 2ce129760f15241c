"""From paths to a report: identify, observe, judge, for every artifact, members included."""

import dataclasses
import hashlib
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from modelwarden import __version__
from modelwarden.domain.budget import Budget, LimitReached
from modelwarden.domain.finding import Finding, Note
from modelwarden.domain.format import ByteSource, Child, Format, Head, Scope
from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.observation import Gap, Name, Observation, Reference, Shortfall
from modelwarden.domain.record import replace
from modelwarden.domain.report import Coverage, Report, ScannedFile
from modelwarden.domain.settings import Settings
from modelwarden.engine.collect import Collection
from modelwarden.engine.discover import Target, discover
from modelwarden.engine.identify import claims_a_model, identify, may_be_a_model, mismatch
from modelwarden.engine.judge import Judge
from modelwarden.engine.neighbours import StandIn, consult
from modelwarden.policies import HARMLESS, STATEFUL
from modelwarden.policies.tables.known import is_notable
from modelwarden.source.file import FileSource

_HASH_WINDOW = 1 << 20


def scan(paths: Sequence[str], settings: Settings) -> Report:
    """Scan files and directories. Raises UserError for a path that does not exist; everything else is in the report."""
    judge = Judge(settings.blacklist)
    findings: list[Finding] = []
    notes: list[Note] = []
    files: list[ScannedFile] = []
    left_out = 0
    for target in discover(paths, settings.exclude):
        if settings.only is not None and os.path.realpath(target.path) not in settings.only:
            left_out += 1
            continue
        work = FileScan(target, settings, judge)
        files.append(work.run())
        findings += work.collection.findings
        notes += work.collection.notes
    return Report(
        findings=tuple(sorted(findings, key=lambda one: one.path.file)),
        notes=tuple(sorted(notes, key=lambda one: (one.path.file, one.path.members))),
        files=tuple(sorted(files, key=lambda one: one.path)),
        root=settings.root or os.getcwd(),
        version=__version__,
        left_out=left_out,
    )


class FileScan:
    """The work on one file on disk: its budget, its findings, how far it was read."""

    def __init__(self, target: Target, settings: Settings, judge: Judge) -> None:
        self.collection = Collection()
        self._target = target
        self._settings = settings
        self._judge = judge
        self._budget = Budget(settings.limits)
        self._scope = Scope(self._budget, HARMLESS, STATEFUL, is_notable, names=bool(settings.blacklist))
        self._shortfalls: set[Shortfall] = set()

    def run(self) -> ScannedFile:
        """Scan the file. Never raises for anything a file may hold."""
        path = ArtifactPath(self._target.path)
        if self._target.obstacle:
            model = claims_a_model(path.suffix) or may_be_a_model(path.suffix)
            return self._obstructed(
                path, self._target.obstacle, unread=self._target.unread or self._target.named or model
            )
        try:
            with FileSource(self._target.path) as source:
                formats = self._artifact(source, path)
                return self._outcome(source, formats)
        except OSError as error:
            reason = f"it could not be read: {(error.strerror or str(error)).lower()}"
            return self._obstructed(path, reason, unread=True)

    def _artifact(self, source: ByteSource, path: ArtifactPath, expected: str = "") -> tuple[Format, ...]:
        """Scan one artifact and everything inside it; returns the formats it is."""
        suffix = path.suffix
        formats = self._identify(source, path, expected)
        if self._settings.blacklist:
            self._observed(Name(path.name, "file name", Span(0, 0)), path, formats[0] if formats else None)
        if formats is None:
            return ()
        if not formats and claims_a_model(suffix):
            found = "it is empty" if source.size == 0 else "its content is no format that is known here"
            self._gap(Gap(Shortfall.MALFORMED, f"it is named {suffix}, but {found}"), path)
        for form in formats:
            fact = mismatch(form, suffix, source.size)
            if fact is not None:
                self._observed(fact, path, form)
            with self._fence(f"the {form.name} reader", path):
                self._read(form, source, path)
        return formats

    def _identify(self, source: ByteSource, path: ArtifactPath, expected: str) -> tuple[Format, ...] | None:
        """The formats an artifact is; None when finding out failed, which is then a gap."""
        with self._fence("recognising its format", path):
            return identify(Head(source, path.suffix), expected)
        return None  # the fence lets nothing through

    def _read(self, form: Format, source: ByteSource, path: ArtifactPath) -> None:
        for fact in form.observe(
            source, dataclasses.replace(self._scope, name=path.name, inside=bool(path.members))
        ):
            if isinstance(fact, Child):
                self._child(fact, path)
            elif isinstance(fact, Gap):
                self._gap(fact, path)
            else:
                self._observed(fact, path, form)
                if isinstance(fact, Reference) and not path.members:
                    self._follow(fact, path, form)

    def _observed(self, fact: Observation, path: ArtifactPath, form: Format | None) -> None:
        for rule, judgement in self._judge.judge(fact):
            self.collection.add_finding(rule, judgement, fact, path, form.name if form is not None else "")

    def _follow(self, reference: Reference, path: ArtifactPath, form: Format) -> None:
        """Look beside the file for what it needs, and scan what it is a pointer to."""
        for found in consult(path.file, reference, named=self._target.named):
            if isinstance(found, StandIn):
                self._budget.spend_members()
                with FileSource(found.path) as source:
                    self._child(Child(found.name, source), path)
            elif isinstance(found, Gap):
                self._gap(found, path)
            else:
                self._observed(found, path, form)

    @contextmanager
    def _fence(self, work: str, path: ArtifactPath) -> Generator[None]:
        """Around the recognising of one artifact, and each format's work on it: the fence of the whole program."""
        try:
            yield
        except LimitReached as limit:
            self._gap(Gap(Shortfall.LIMIT, str(limit)), path)
        except OSError as error:
            self._gap(
                Gap(Shortfall.FAILED, f"reading stopped: {(error.strerror or str(error)).lower()}"), path
            )
        except Exception as error:  # noqa: BLE001  # a reader's bug costs this artifact and is reported as ours
            self._gap(
                Gap(Shortfall.FAILED, f"{work} failed ({_where(error)}): please report this"),
                path,
            )

    def _child(self, child: Child, path: ArtifactPath) -> None:
        inner = path.child(child.member)
        if len(inner.members) > self._settings.limits.depth:
            self._gap(
                Gap(Shortfall.LIMIT, f"it is nested more than {self._settings.limits.depth} levels deep"),
                inner,
            )
            return
        self._artifact(child.source, inner, child.expected)

    def _gap(self, gap: Gap, path: ArtifactPath) -> None:
        self._shortfalls.add(gap.shortfall)
        self.collection.add_gap(gap, path)

    def _obstructed(self, path: ArtifactPath, reason: str, *, unread: bool) -> ScannedFile:
        """A file that must not or cannot be opened: a gap when it may be a model, else merely skipped."""
        if unread:
            self._gap(Gap(Shortfall.UNSUPPORTED, reason), path)
        coverage = Coverage.FAILED if unread else Coverage.UNSUPPORTED
        return ScannedFile(path=path.file, size=0, coverage=coverage, reason=reason)

    def _outcome(self, source: ByteSource, formats: tuple[Format, ...]) -> ScannedFile:
        path = self._target.path
        reason = self.collection.notes[0].message if self.collection.notes else ""
        if Shortfall.ABSENT in self._shortfalls:
            coverage = Coverage.ABSENT
        elif self._shortfalls:
            coverage = Coverage.PARTIAL if formats else Coverage.FAILED
        elif formats:
            coverage = Coverage.COMPLETE
        else:
            coverage, reason = Coverage.UNSUPPORTED, "no format that is known here"
            if self._target.named and not self._settings.skip_unsupported:
                self._gap(Gap(Shortfall.UNSUPPORTED, reason), ArtifactPath(path))
        scanned = ScannedFile(
            path=path,
            size=source.size,
            coverage=coverage,
            formats=tuple(form.name for form in formats),
            reason=reason,
        )
        if self._settings.hashing and coverage is not Coverage.UNSUPPORTED:
            scanned = replace(scanned, sha256=_sha256(source))
        return scanned


def _sha256(source: ByteSource) -> str:
    digest = hashlib.sha256()
    offset = 0
    while data := source.read(offset, _HASH_WINDOW):
        digest.update(data)
        offset += len(data)
    return digest.hexdigest()


def _where(error: Exception) -> str:
    """The kind of an error and where it came up: file names of ours, never text from the scanned file."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    line = (
        f" in {os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}"
        if place is not None
        else ""
    )
    return f"{type(error).__name__}{line}, Python {sys.version_info.major}.{sys.version_info.minor}"
