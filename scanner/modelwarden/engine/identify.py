"""Which formats bytes are, and what their suffix claims they are."""

from collections.abc import Sequence

from modelwarden.domain.format import Format, Head
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Mismatch
from modelwarden.formats import INDEX, candidates

_CLAIMS = frozenset(suffix for entry in INDEX for suffix in entry.suffixes)
_EVERYDAY = frozenset(
    ".cfg .conf .css .gz .html .ini .jar .js .json .md .py .sh .svg .template .toml .txt .whl .xhtml .xml .yaml .yml".split()
)
"""Suffixes under which next to nothing is a model, though one may be: a link of such a name that leads nowhere hides none."""
_AMBIGUOUS = frozenset(suffix for entry in INDEX for suffix in entry.ambiguous_suffixes) - _CLAIMS - _EVERYDAY
_PASSIVE = frozenset(
    suffix for entry in INDEX if not entry.runs_code for suffix in entry.suffixes
) | frozenset(
    ".bmp .csv .doc .docx .gguf .gif .h5 .hdf5 .html .ini .jpeg .jpg .json .jsonl .log .md .mp3 .mp4 .npy .onnx .parquet .pdf "
    ".png .rst .svg .tflite .tiff .toml .tsv .txt .wav .webp .xls .xlsx .xml .yaml .yml".split()
)
"""Suffixes of data that nobody expects to run anything."""


def identify(
    head: Head, expected: str = "", without: Sequence[str] = (), added: Sequence[Format] = ()
) -> tuple[Format, ...]:
    """Every format that recognises the bytes, the `expected` one in any case; general ones step back behind what refines them.

    `without`: formats that are not to be read; `added`: those of plug-ins that recognise the bytes.
    """
    found = [
        form
        for form in candidates(head, expected)
        if form.name not in without and (form.name == expected or form.recognise(head))
    ] + list(added)
    refined = {name for form in found for name in form.refines}
    return tuple(form for form in found if form.name not in refined)


def claims_a_model(suffix: str, without: Sequence[str] = ()) -> bool:
    """Whether a suffix belongs to a format of ours, other than those in `without`, and to nothing else."""
    if not without:
        return suffix in _CLAIMS
    return any(suffix in entry.suffixes for entry in INDEX if entry.name not in without)


def may_be_a_model(suffix: str) -> bool:
    """Whether models bear this suffix among other kinds of file."""
    return suffix in _AMBIGUOUS


def mismatch(form: Format, suffix: str, size: int) -> Mismatch | None:
    """The fact that content which runs code bears the suffix of passive data."""
    if form.runs_code and suffix in _PASSIVE and suffix not in form.suffixes:
        return Mismatch(form.title, suffix, Span(0, size))
    return None
