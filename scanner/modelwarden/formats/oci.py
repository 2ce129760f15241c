"""Manifests of OCI and Docker images and artifacts, which name their layers by digest: models travel in registries as well.

A manifest holds no content, but whoever pulls it gets what it names: the layers are files beside it, in `blobs/sha256/` of an
image layout, next to it in the directories that `skopeo` writes, or wherever `docker save` put them. Layers themselves are
recognised by their content (tar, gzip, Zstandard, GGUF…), whatever their media type says, in an image's archive as on disk.
Specifications: OCI image specification 1.1, "Image Manifest", "Image Index", "Image Layout"; Docker image specification 1.2,
`manifest.json`.

Checked: that every layer and manifest that is named is there; layers of a manifest that is scanned by itself.

Not checked: digests are not computed, and nothing is fetched from a registry. What whiteouts in one layer hide of another is
scanned all the same.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Reference, Role, Shortfall
from modelwarden.domain.preview import shorten

_DIGEST = re.compile(r"([a-z0-9]+)[:-]([0-9a-f]{32,128})")
_HEX = re.compile(r"[0-9a-f]{32,128}")
_CEILING = 4 << 20
"""Registries refuse longer manifests (OCI distribution specification, "Pushing Manifests")."""
_MOST = 10_000


def _recognise(head: Head) -> bool:
    if head.start.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] not in (b"{", b"[", b""):
        return False
    from modelwarden.parsing.json_search import Key, beginning, holds  # only for what may be JSON

    start = beginning(head.source, 2)
    if start == b"[{":
        return holds(head.source, ((Key("Config", rb'"'),), (Key("Layers", rb"\["),)))
    if start[:1] not in (b"{", b""):
        return False
    listed = Key("layers", rb"\["), Key("manifests", rb"\[")
    return holds(head.source, ((Key("schemaVersion", rb"[0-9]"),), listed, (Key("digest", rb'"'),)))


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    import json

    span = Span(0, source.size)
    if source.size > _CEILING:
        yield Gap(
            Shortfall.LIMIT, f"a manifest of {source.size:,} bytes is too long: nothing of it was read", span
        )
        return
    try:
        manifest = json.loads(source.read(0, source.size).decode("utf-8"))
    except RecursionError:
        yield Gap(Shortfall.MALFORMED, "the manifest is nested too deeply", span)
        return
    except ValueError as error:
        yield Gap(Shortfall.MALFORMED, f"the manifest cannot be understood: {shorten(str(error))}", span)
        return
    if scope.inside:  # its layers are members of the same archive, and scanned as such
        return
    known: set[str] = set()
    for holder, location in _named(manifest, scope.name):
        if location in known:
            continue
        if len(known) == _MOST:
            yield Gap(
                Shortfall.LIMIT, f"more than {_MOST:,} layers are named: the rest was not looked at", span
            )
            return
        known.add(location)
        yield Reference(Role.STAND_IN, location, shorten(holder), span)


def _named(manifest: object, name: str) -> Iterator[tuple[str, str]]:
    """What is named, and where it lies from the manifest's own directory."""
    if isinstance(manifest, list):  # docker save: paths
        for image in manifest:
            layers = image.get("Layers") if isinstance(image, dict) else None
            for layer in layers if isinstance(layers, list) else ():
                if isinstance(layer, str):
                    yield "Layers", layer
    elif isinstance(manifest, dict):
        beside = _HEX.fullmatch(name) is not None or name == "manifest.json"
        for key in ("layers", "manifests"):
            entries = manifest.get(key)
            for entry in entries if isinstance(entries, list) else ():
                location = _location(entry, beside=beside)
                if location:
                    yield key, location


def _location(entry: object, *, beside: bool) -> str:
    """Where a descriptor's content lies; empty when it is not meant to be here (`urls`: fetched from elsewhere)."""
    if not isinstance(entry, dict) or entry.get("urls"):
        return ""
    digest = entry.get("digest")
    match = _DIGEST.fullmatch(digest) if isinstance(digest, str) else None
    if match is None:
        return ""
    return match[2] if beside else f"blobs/{match[1]}/{match[2]}"


FORMAT = Format(
    name="oci",
    title="OCI or Docker image manifest",
    suffixes=(),
    ambiguous_suffixes=(".manifest",),
    recognise=_recognise,
    observe=_observe,
)
