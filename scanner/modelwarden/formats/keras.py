"""Keras 3: a ZIP archive with the model's configuration in `config.json`, its weights and assets beside it.

Loading builds whatever the configuration names (see `keras-config`), reads the weights (HDF5 or `.npz`) and hands the assets to
the layers. An attacker puts the code into the configuration, or a second `config.json` where another reader looks. Specification:
https://keras.io/api/models/model_saving_apis/model_saving_and_loading/; upstream: `keras/src/saving/saving_lib.py`.

Checked: The archive as every reader would see it, each configuration in it, and every other member by what it holds.

Not checked: The numbers of the weights.
"""

from collections.abc import Iterator

from modelwarden.domain.budget import Budget, Limits
from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.parsing.zip.archive import Archive, duplicates, has_directory, starts_like_an_archive
from modelwarden.parsing.zip.escape import escapes
from modelwarden.parsing.zip.member import Members

_CONFIG = "config.json"
_COMPANIONS = frozenset(("metadata.json", "model.weights.h5", "model.weights.npz", "model.weights.json"))
_SUFFIX = ".keras"


def _recognise(head: Head) -> bool:
    if not (starts_like_an_archive(head.start) or has_directory(head.source, head.tail)):
        return False
    names = {entry.name for entry in Archive(head.source, Budget(Limits(expanded_bytes=64 << 20))).entries}
    return _CONFIG in names and (head.suffix == _SUFFIX or not names.isdisjoint(_COMPANIONS))


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.code_members import with_programs  # only few files are models of Keras

    archive = Archive(source, scope.budget)
    yield from archive.facts
    yield from duplicates(archive.entries)
    yield from escapes(archive)
    members = Members(archive)
    for entry in archive.entries:
        yield from with_programs(members.open(entry, "keras-config" if entry.name == _CONFIG else ""))


FORMAT = Format(
    name="keras",
    title="Keras model (ZIP)",
    suffixes=(),
    ambiguous_suffixes=(".keras",),
    recognise=_recognise,
    observe=_observe,
    runs_code=True,
    refines=("zip",),
)
