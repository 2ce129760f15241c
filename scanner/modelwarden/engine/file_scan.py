"""The work on one file on disk: identify, observe, judge, for the file and everything inside it."""

import os
import re
import sys
from collections.abc import Container, Generator
from contextlib import contextmanager

from modelwarden.domain.budget import Budget, LimitReached
from modelwarden.domain.format import ByteSource, Child, Format, Head, Scope
from modelwarden.domain.location import ArtifactPath, Span
from modelwarden.domain.observation import Checksum, Gap, Name, Observation, Property, Reference, Shortfall
from modelwarden.domain.record import replace
from modelwarden.domain.report import Coverage, ScannedFile
from modelwarden.domain.settings import Settings
from modelwarden.engine.collect import Collection
from modelwarden.engine.deadline import Clock, DeadlineReached
from modelwarden.engine.discover import Target
from modelwarden.engine.hashing import Digest, sha256
from modelwarden.engine.identify import claims_a_model, identify, may_be_a_model, mismatch
from modelwarden.engine.judge import Judge
from modelwarden.engine.memory import release
from modelwarden.engine.result import FileResult
from modelwarden.formats import ADDED as FORMATS_ADDED
from modelwarden.policies import ADDED as POLICIES_ADDED
from modelwarden.policies import HARMLESS, STATEFUL
from modelwarden.policies.tables.known import is_notable
from modelwarden.source.file import FileSource
from modelwarden.source.memory import MemorySource

_READ_ME = re.compile(
    r"readme(?:\.md|\.markdown)?$"
    r"|(?!.*\.(?:c|css|go|h|html?|java|js|json|py|toml|ts|xml|ya?ml)$)(?:(?:un)?licen[cs]e(?:[-_.]|$)|copying(?:\.|$))",
    re.IGNORECASE,
)
"""How documents are called that tell of licences."""
HELD = 16 << 20
"""Files up to this size are read into memory at once for the result cache."""
_OUT_OF_MEMORY = "it needs more memory than it may have: the rest was not read"


def _harmless(settings: Settings) -> Container[tuple[str, str]]:
    if not settings.denied:
        return HARMLESS
    from modelwarden.engine.spared import Spared  # few deny globals

    return Spared(HARMLESS, settings.denied)


class FileScan:
    """The work on one file on disk: its budget, its findings, how far it was read."""

    def __init__(
        self,
        target: Target,
        settings: Settings,
        judge: Judge,
        collection: Collection | None = None,
        clock: Clock | None = None,
        *,
        exact: bool = False,
    ) -> None:
        self._collection = collection or Collection(settings.limits.findings)
        self._target = target
        self._settings = settings
        self._judge = judge
        self._clock = clock or Clock()
        self._budget = Budget(settings.limits)
        self._suffixes = dict(settings.suffixes)
        self._added = FORMATS_ADDED.of(settings.plugins)
        self._policies = POLICIES_ADDED.of(settings.plugins)
        self._scope = Scope(
            self._budget,
            _harmless(settings),
            STATEFUL,
            is_notable,
            names=bool(settings.blacklist),
            describe=settings.describe,
            weights=settings.weights,
        )
        self._shortfalls: set[Shortfall] = set()
        self._formats: tuple[Format, ...] = ()
        self._size = target.size
        self._beside = False
        self._properties: dict[tuple[str, str, str], None] = {}
        self._exact = exact and not settings.plugins  # these may open the file themselves
        self._content = ""

    def run(self) -> FileResult:
        """Scan the file. Never raises for anything a file may hold, nor for the time and memory it may take."""
        return self._result(self._clock.within(self._settings.timeout, self._scan, self._late))

    def stopped(self, shortfall: Shortfall, reason: str) -> FileResult:
        """What there is when the work on the file was broken off."""
        return self._result(self._broken_off(shortfall, reason))

    def _result(self, file: ScannedFile) -> FileResult:
        return FileResult(
            file=file,
            findings=tuple(self._collection.findings),
            notes=tuple(self._collection.notes),
            beside=self._beside,
            content=self._content,
        )

    def _late(self, error: DeadlineReached) -> ScannedFile:
        return self._broken_off(Shortfall.LIMIT, str(error))

    def _broken_off(self, shortfall: Shortfall, reason: str) -> ScannedFile:
        self._gap(Gap(shortfall, reason), ArtifactPath(self._target.path))
        return ScannedFile(
            path=self._target.path,
            size=self._size,
            coverage=Coverage.PARTIAL if self._formats else Coverage.FAILED,
            formats=tuple(form.name for form in self._formats),
            reason=reason,
            properties=tuple(self._properties),
        )

    def _scan(self) -> ScannedFile:
        path = ArtifactPath(self._target.path)
        if self._target.obstacle:
            model = self._claims(path.suffix) or may_be_a_model(path.suffix)
            return self._obstructed(
                path, self._target.obstacle, unread=self._target.unread or self._target.named or model
            )
        try:
            with FileSource(self._target.path) as file:
                source = self._held(file)
                with Digest(source, wanted=self._settings.hashing) as digest:
                    self._size = source.size
                    formats = self._artifact(source, path)
                    return self._outcome(source, formats, digest)
        except OSError as error:
            reason = f"it could not be read: {(error.strerror or str(error)).lower()}"
            return self._obstructed(path, reason, unread=True)
        except MemoryError as error:
            release(error)
            return self._broken_off(Shortfall.LIMIT, _OUT_OF_MEMORY)

    def _held(self, file: FileSource) -> ByteSource:
        """The file; or, where it must be known of which bytes the result is, the bytes: nobody can change these meanwhile."""
        if not self._exact or file.size > HELD:
            return file
        held = MemorySource(file.read(0, file.size))
        self._content = sha256(held)
        return held

    def _artifact(self, source: ByteSource, path: ArtifactPath, expected: str = "") -> tuple[Format, ...]:
        """Scan one artifact and everything inside it; returns the formats it is."""
        suffix = path.suffix
        formats = self._identify(source, path, expected)
        if expected in self._settings.without:
            self._gap(
                Gap(Shortfall.UNSUPPORTED, f"its loader reads it as {expected}, which is turned off"), path
            )
        if self._settings.blacklist:
            self._observed(Name(path.name, "file name", Span(0, 0)), path, formats[0] if formats else None)
        if formats is None:
            return ()
        if _READ_ME.match(path.name):
            self._document(source, path)
        if not path.members:
            self._formats = formats
        if not formats and self._claims(suffix):
            found = "it is empty" if source.size == 0 else "its content is no format that is known here"
            self._gap(Gap(Shortfall.MALFORMED, f"it is named {suffix}, but {found}"), path)
        for form in formats:
            fact = mismatch(form, suffix, source.size)
            if fact is not None:
                self._observed(fact, path, form)
            with self._fence(f"the {form.name} reader", path, added=form in self._added):
                self._read(form, source, path)
        return formats

    def _identify(self, source: ByteSource, path: ArtifactPath, expected: str) -> tuple[Format, ...] | None:
        """The formats an artifact is; None when finding out failed, which is then a gap."""
        with self._fence("recognising its format", path):
            named = expected or self._suffixes.get(path.suffix, "")
            head = Head(source, path.suffix)
            added = self._recognised(head, named, path) if self._added else ()
            return identify(head, named, self._settings.without, added)
        return None  # the fence lets nothing through

    def _recognised(self, head: Head, expected: str, path: ArtifactPath) -> list[Format]:
        """The formats of plug-ins that the bytes are."""
        found = []
        for form in self._added:
            if form.name not in self._settings.without:
                with self._fence(f"the plug-in {form.name}", path, added=True):
                    if form.name == expected or form.recognise(head):
                        found.append(form)
        return found

    def _claims(self, suffix: str) -> bool:
        """Whether a suffix belongs to a format that is read, and to nothing else."""
        without = self._settings.without
        return claims_a_model(suffix, without) or any(
            suffix in form.suffixes for form in self._added if form.name not in without
        )

    def _read(self, form: Format, source: ByteSource, path: ArtifactPath) -> None:
        for fact in form.observe(source, self._scope.of(path.name, inside=bool(path.members))):
            self._clock.check()
            if isinstance(fact, Child):
                self._child(fact, path)
            elif isinstance(fact, Gap):
                self._gap(fact, path)
            else:
                self._observed(fact, path, form)
                if isinstance(fact, Reference) and not path.members:
                    self._follow(fact, path, form)

    def _document(self, source: ByteSource, path: ArtifactPath) -> None:
        """A model card or a licence: no model, but what is said of one."""
        from modelwarden.engine.documents import document  # few files are called so

        with self._fence("the reader of model cards", path):
            found = document(source, path, self._settings.without)
            self._beside = self._beside or found.beside
            for fact in found.facts:
                self._observed(fact, path, None)
            for fact in found.unjudged:
                self._keep(fact, path)

    def _keep(self, fact: Observation, path: ArtifactPath) -> None:
        """Note what the file says of itself."""
        from modelwarden.engine.properties import MOST, stated  # for files that say something

        if len(self._properties) < MOST:
            self._properties.update(dict.fromkeys(stated(fact, path)))

    def _observed(self, fact: Observation, path: ArtifactPath, form: Format | None) -> None:
        if self._settings.describe or isinstance(fact, Property):
            self._keep(fact, path)
        for rule, judgement in self._judge.judge(fact):
            self._collection.add_finding(rule, judgement, fact, path, form.name if form is not None else "")
        for policy in self._policies:
            with self._fence(f"the plug-in {policy.rule.id} {policy.rule.name}", path, added=True):
                answer = policy.judge(fact)
                if answer is not None:
                    self._collection.add_finding(
                        policy.rule, answer, fact, path, form.name if form is not None else ""
                    )

    def _follow(self, reference: Reference, path: ArtifactPath, form: Format) -> None:
        """Look beside the file for what it needs, and scan what it is a pointer to."""
        from modelwarden.engine.neighbours import StandIn, consult  # most files name no other

        self._beside = True
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
    def _fence(self, work: str, path: ArtifactPath, *, added: bool = False) -> Generator[None]:
        """Around the recognising of one artifact, and each format's work on it: the fence of the whole program.

        `added`: it is the work of a plug-in.
        """
        try:
            yield
            self._clock.check()
        except DeadlineReached:
            raise
        except LimitReached as limit:
            self._gap(Gap(Shortfall.LIMIT, str(limit)), path)
        except OSError as error:
            who = f"{work}: " if added else ""
            self._gap(
                Gap(Shortfall.FAILED, f"{who}reading stopped: {(error.strerror or str(error)).lower()}"), path
            )
        except MemoryError as error:
            release(error)
            self._gap(Gap(Shortfall.LIMIT, _OUT_OF_MEMORY), path)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # a reader's bug costs this artifact only
            whom = " to whoever wrote it" if added else ""
            self._gap(
                Gap(Shortfall.FAILED, f"{work} failed ({_where(error)}): please report this{whom}"),
                path,
            )

    def _child(self, child: Child, path: ArtifactPath) -> None:
        inner = path.child(child.member)
        if len(inner.members) > self._settings.limits.depth:
            self._gap(
                Gap(
                    Shortfall.LIMIT,
                    f"it is nested more than {self._settings.limits.depth} levels deep: it was not read",
                ),
                inner,
            )
            return
        self._artifact(child.source, inner, child.expected)

    def _gap(self, gap: Gap, path: ArtifactPath) -> None:
        self._shortfalls.add(gap.shortfall)
        self._collection.add_gap(gap, path)

    def _obstructed(self, path: ArtifactPath, reason: str, *, unread: bool) -> ScannedFile:
        """A file that must not or cannot be opened: a gap when it may be a model, else merely skipped."""
        if unread:
            shortfall = Shortfall.LIMIT if self._target.too_large else Shortfall.UNSUPPORTED
            self._gap(Gap(shortfall, reason), path)
        coverage = Coverage.FAILED if unread else Coverage.UNSUPPORTED
        return ScannedFile(path=path.file, size=self._target.size, coverage=coverage, reason=reason)

    def _outcome(self, source: ByteSource, formats: tuple[Format, ...], digest: Digest) -> ScannedFile:
        path = self._target.path
        reason = self._collection.notes[0].message if self._collection.notes else ""
        if Shortfall.ABSENT in self._shortfalls:
            coverage = Coverage.ABSENT
        elif self._shortfalls:
            coverage = Coverage.PARTIAL if formats else Coverage.FAILED
        elif formats:
            coverage = Coverage.COMPLETE
        else:
            coverage, reason = Coverage.UNSUPPORTED, "no format that is known here"
            doubtful = self._settings.strict and may_be_a_model(ArtifactPath(path).suffix)
            if doubtful or (self._target.named and not self._settings.skip_unsupported):
                self._gap(Gap(Shortfall.UNSUPPORTED, reason), ArtifactPath(path))
        scanned = ScannedFile(
            path=path,
            size=source.size,
            coverage=coverage,
            formats=tuple(form.name for form in formats),
            reason=reason,
            properties=tuple(self._properties),
        )
        known_bad = self._settings.known_bad
        if self._settings.hashing and (known_bad or coverage is not Coverage.UNSUPPORTED):
            scanned = replace(scanned, sha256=digest.result())
            if known_bad:
                self._observed(Checksum(scanned.sha256, Span(0, source.size)), ArtifactPath(path), None)
        return scanned


def _where(error: BaseException) -> str:
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
