"""From `FILE!member!member` to the bytes that are meant: what a report names can be looked at."""

from collections.abc import Generator
from contextlib import contextmanager

from modelwarden.domain.format import ByteSource, Child, Head, Scope
from modelwarden.domain.location import ArtifactPath
from modelwarden.engine.identify import identify
from modelwarden.errors import UserError
from modelwarden.source.file import FileSource

_SHOWN = 12


@contextmanager
def located(path: ArtifactPath) -> Generator[ByteSource]:
    """The bytes of a file or of a member inside it, as a context manager.

    Raises UserError for a file that cannot be read and for a member that is not there; it then names those that are.
    """
    try:
        source = FileSource(path.file)
    except OSError as error:
        raise UserError(f"cannot read {path.file}: {(error.strerror or '').lower()}") from error
    with source:
        found: ByteSource = source
        here = ArtifactPath(path.file)
        for member in path.members:
            found = _member(found, here, member)
            here = here.child(member)
        yield found


def _member(source: ByteSource, path: ArtifactPath, wanted: str) -> ByteSource:
    known: list[str] = []
    for form in identify(Head(source, path.suffix)):
        for fact in form.observe(source, Scope(name=path.name, inside=bool(path.members))):
            if isinstance(fact, Child):
                if fact.member == wanted:
                    return fact.source
                known.append(fact.member)
    there = (
        f"it holds {', '.join(known[:_SHOWN])}{', …' if len(known) > _SHOWN else ''}"
        if known
        else "it has none"
    )
    raise UserError(f"no member {wanted} in {path}: {there}")
