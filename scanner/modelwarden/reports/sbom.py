"""The bill of materials: CycloneDX 1.6 as JSON, a component for every file that was read.

Built with cyclonedx-python-lib, which is an optional dependency. Specification: https://cyclonedx.org/docs/1.6/json/. What
CycloneDX has no field for stands in properties named `modelwarden:…`; docs/inventory.md tells what they mean. Text from files is
made visible: consumers show it, and turn it into XML, which takes no control characters.
"""

# The decorators of py-serializable hide the constructors of cyclonedx from pyright; mypy sees them.
# pyright: reportCallIssue=false

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from modelwarden import __version__
from modelwarden.domain.finding import Finding
from modelwarden.domain.report import Coverage, ScannedFile
from modelwarden.domain.severity import Severity
from modelwarden.errors import UserError
from modelwarden.reports.outcome import Outcome
from modelwarden.reports.visible import MESSAGE, visible
from modelwarden.triage.identity import place

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component
    from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression

SCORES: Final[Mapping[Severity, int]] = {
    Severity.CRITICAL: 10,
    Severity.WARNING: 5,
    Severity.INFO: 1,
    Severity.DEBUG: 0,
}
"""What the worst finding of a file scores."""
UNREAD: Final = 5
"""The least that a file scores which was not read to its end: what nobody has seen is not known to be harmless."""

MODEL, DATASET, CONFIGURATION, ARCHIVE, PROGRAM, OTHER = (
    "model",
    "dataset",
    "configuration",
    "archive",
    "program",
    "other",
)

_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        "pytorch pytorch-legacy pytorch-tar safetensors onnx tensorrt pmml openvino saved-model graph-def meta-graph "
        "tensorflow-text keras keras-config keras-metadata tensorflow-checkpoint tflite gguf ggml llamafile flax orbax xgboost "
        "lightgbm catboost skops torchserve torchscript-code joblib-zf".split(),
        MODEL,
    ),
    **dict.fromkeys("npy zarr".split(), DATASET),
    **dict.fromkeys(
        "json yaml toml ini xml jinja requirements dvc oci path-configuration".split(), CONFIGURATION
    ),
    **dict.fromkeys("zip tar gzip bzip2 xz lzma zlib lz4 zstd seven-zip rar sealed".split(), ARCHIVE),
    **dict.fromkeys("executable script".split(), PROGRAM),
}
_NO_MODELS: Final = frozenset({"numpy", "pandas", "scipy"})
"""Packages in which data is kept; with any other a pickle or an HDF5 file is a model."""
_PASSED_ON: Final = frozenset(
    "framework framework-version format-version architecture model-type name base-model dataset parameters tensors dtype "
    "quantization chat-template author licence-name licence-link producer producer-version task".split()
)
_OF_CARDS: Final = frozenset({"dataset", "base-model", "licence-name", "licence-link", "task"})
_VALUES: Final = 200
_LICENCES: Final = 20
_LONGEST_LICENCE: Final = 200


def require() -> None:
    """Raise UserError when the library is not there."""
    from importlib.util import find_spec

    if find_spec("cyclonedx") is None:
        raise UserError("a bill of materials needs one more package: pip install 'modelwarden[sbom]'")


def score(findings: Iterable[Finding], coverage: Coverage) -> int:
    """From 0 (read to its end, nothing found) to 10 (a critical finding)."""
    worst = max((SCORES[one.rule.severity] for one in findings), default=0)
    return max(worst, 0 if coverage is Coverage.COMPLETE else UNREAD)


def classification(file: ScannedFile, *, beside_dataset_card: bool = False) -> str:
    """What a file is for: a model, a dataset and so on."""
    kinds = [_KINDS[name] for name in file.formats if name in _KINDS]
    stated = {value for _, key, value in file.properties if key == "framework"}
    if beside_dataset_card and MODEL not in kinds:
        return CONFIGURATION if CONFIGURATION in kinds else DATASET
    if MODEL in kinds or stated - _NO_MODELS:
        return MODEL
    if kinds and kinds != [ARCHIVE]:
        return kinds[0]
    return DATASET if stated else kinds[0] if kinds else OTHER


def sbom(outcome: Outcome, times: tuple[datetime, datetime] | None = None) -> str:
    """The document, with a newline at its end. Without `times` the same report gives the same bytes."""
    from cyclonedx.output.json import JsonV1Dot6

    document = _Document(outcome)
    if times is not None:
        bom = document.bom(uuid4(), times[1])
    else:
        draft = JsonV1Dot6(document.bom(UUID(int=0), None)).output_as_string()
        bom = document.bom(uuid5(NAMESPACE_URL, draft), None)
    text: str = JsonV1Dot6(bom).output_as_string(indent=2)
    return f"{text}\n"


class _Document:
    """Components of one report."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._findings: dict[str, list[Finding]] = {}
        for one in outcome.findings:
            self._findings.setdefault(one.path.file, []).append(one)
        self._beside: dict[str, list[tuple[str, str]]] = {}
        for file in outcome.report.files:
            if file.coverage is Coverage.UNSUPPORTED:
                stated = [(key, value) for _, key, value in file.properties]
                self._beside.setdefault(os.path.dirname(file.path), []).extend(stated)

    def bom(self, serial: UUID, when: datetime | None) -> "Bom":
        from cyclonedx.model import Property
        from cyclonedx.model.bom import Bom, BomMetaData
        from cyclonedx.model.component import Component, ComponentType
        from cyclonedx.model.tool import ToolRepository

        tool = Component(
            name="modelwarden",
            version=self._outcome.report.version or __version__,
            type=ComponentType.APPLICATION,
        )
        files = [file for file in self._outcome.report.files if file.coverage is not Coverage.UNSUPPORTED]
        worst = max((score(self._findings.get(file.path, []), file.coverage) for file in files), default=0)
        metadata = BomMetaData(
            tools=ToolRepository(components=[tool]),
            timestamp=when,
            properties=[
                Property(name="modelwarden:risk:score", value=str(worst)),
                Property(name="modelwarden:complete", value=str(self._outcome.report.complete).lower()),
            ],
        )
        metadata.timestamp = when  # type: ignore[assignment]  # the library fills in its own clock where none is given
        return Bom(
            serial_number=serial, metadata=metadata, components=[self._component(file) for file in files]
        )

    def _component(self, file: ScannedFile) -> "Component":
        from cyclonedx.model import HashAlgorithm, HashType, Property
        from cyclonedx.model.component import Component, ComponentType

        beside = self._stated_beside(file)
        kind = classification(file, beside_dataset_card=("card", "dataset") in beside)
        types = {MODEL: ComponentType.MACHINE_LEARNING_MODEL, DATASET: ComponentType.DATA}
        own = [value for _, key, value in file.properties if key == "licence"]
        licences = own or [value for key, value in beside if key == "licence"]
        copyrights = [value for key, value in beside if key == "copyright"]
        return Component(
            name=visible(os.path.basename(file.path)) or "?",
            type=types.get(kind, ComponentType.FILE),
            bom_ref=f"file:{self._reference(file.path)}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=file.sha256)] if file.sha256 else (),
            licenses=_licences(licences),
            copyright=visible(copyrights[0], MESSAGE) if copyrights else None,
            properties=[
                Property(name=name, value=value) for name, value in self._properties(file, kind, beside)
            ],
        )

    def _reference(self, path: str) -> str:
        """The file in this document: its URI below the root, or for one elsewhere its whole path, escaped."""
        from urllib.parse import quote

        return place(path, self._outcome.report.root) or quote(os.path.abspath(path), errors="surrogatepass")

    def _properties(
        self, file: ScannedFile, kind: str, beside: Iterable[tuple[str, str]]
    ) -> Iterator[tuple[str, str]]:
        findings = self._findings.get(file.path, [])
        yield "modelwarden:path", visible(file.path.replace(os.sep, "/"), MESSAGE)
        yield "modelwarden:size", str(file.size)
        yield "modelwarden:classification", kind
        yield "modelwarden:coverage", file.coverage.value
        yield "modelwarden:risk:score", str(score(findings, file.coverage))
        for name in file.formats:
            yield "modelwarden:format", name
        counts: dict[str, int] = {}
        for one in findings:
            counts[one.rule.id] = counts.get(one.rule.id, 0) + 1
        for rule, count in sorted(counts.items()):
            yield f"modelwarden:finding:{rule}", str(count)
        stated = [(key, value) for _, key, value in file.properties if key in _PASSED_ON]
        stated += [(key, value) for key, value in beside if key in _OF_CARDS]
        for key, value in list(dict.fromkeys(stated))[:_VALUES]:
            yield f"modelwarden:{key}", visible(value)

    def _stated_beside(self, file: ScannedFile) -> list[tuple[str, str]]:
        """What the model card and the licence say that lie in the file's directory, or in the nearest one above that has any."""
        directory = os.path.dirname(file.path)
        while True:
            if directory in self._beside:
                return self._beside[directory]
            above = os.path.dirname(directory)
            if above == directory:
                return []
            directory = above


def _licences(stated: list[str]) -> "Sequence[DisjunctiveLicense | LicenseExpression]":
    """By their SPDX ids where they have one; an expression of SPDX must stand alone."""
    from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
    from cyclonedx.spdx import fixup_id, is_expression

    names = list(dict.fromkeys(value.strip()[:_LONGEST_LICENCE] for value in stated if value.strip()))[
        :_LICENCES
    ]
    if len(names) == 1 and fixup_id(names[0]) is None and _is_compound(names[0]) and is_expression(names[0]):
        return [LicenseExpression(names[0])]
    known = dict.fromkeys((fixup_id(name), "" if fixup_id(name) else visible(name)) for name in names)
    return [DisjunctiveLicense(id=id_) if id_ else DisjunctiveLicense(name=name) for id_, name in known]


def _is_compound(name: str) -> bool:
    return any(f" {word} " in name for word in ("AND", "OR", "WITH"))
