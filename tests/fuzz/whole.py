"""Coverage-guided fuzzing of the whole program: bytes in a file, one run of the command line, and every report there is.

    python -m tests.fuzz.whole -max_total_time=300 .cache/fuzz/whole tests/corpus/malicious/polyglot

Nothing may fail: no reader (MW905), no report, not the program; and a report is what it is called, or its parser says so. The
file's suffix follows from its first bytes, so that a small change of the rest does not change it. Arguments are libFuzzer's.
"""

import contextlib
import importlib
import json
import pkgutil
import sys
import tempfile
import unicodedata
import zlib
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import atheris

with atheris.instrument_imports(include=["modelwarden", "modelwarden_sarif"]):
    import modelwarden
    import modelwarden_sarif
    from modelwarden.cli import run
    from modelwarden.formats import FORMATS
    from modelwarden.parsing.hdf5.apart import apart
    from modelwarden.reports.target import ReportFormat

    for package in (modelwarden, modelwarden_sarif):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)

importlib.import_module("h5py")  # or every process that reads HDF5 imports it anew
apart.__defaults__ = (2.0,)  # seconds: its library often does not return, which is known and costs a gap

FORMS = [form for form in ReportFormat if form is not ReportFormat.SBOM or find_spec("cyclonedx")]
CODES = frozenset({0, 1, 2, 3})
SUFFIXES = sorted({suffix for form in FORMATS for suffix in (*form.suffixes, *form.ambiguous_suffixes)})
_OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, bidirectional and other format characters, surrogates, separators of lines: what is obeyed instead of shown."""
_STABLE = 8
"""Bytes at the start that decide on the suffix."""


class Unsound(AssertionError):
    """The program failed, or one of its reports is not what it is called."""


def scan(path: Path, folder: Path) -> None:
    """Run the command line on `path` and write every report to `folder`. Raises Unsound."""
    files = {form: folder / f"report.{form.value}" for form in FORMS}
    arguments = [
        "scan", str(path), "--no-config", "--verbose", "--show-skipped", "--annotations", "--deterministic",
        "--summary", str(folder / "summary.md"), "--outputs", str(folder / "outputs"),
    ]  # fmt: skip
    for form, file in files.items():
        arguments += ["-f", f"{form.value}:{file}"]
    with (folder / "said").open(
        "w+", encoding="utf-8"
    ) as stream:  # a real file: libFuzzer asks for its number
        with contextlib.redirect_stderr(stream), contextlib.redirect_stdout(stream):
            code = run(arguments)
        stream.seek(0)
        said = stream.read()
    if code not in CODES:
        raise Unsound(f"exit code {code}: {said}")
    if "this is a bug in modelwarden" in said:
        raise Unsound(said)
    for form, file in files.items():
        _check(form.value, file.read_text("utf-8"))
        file.unlink()
    for name in ("summary.md", "outputs", "said"):
        (folder / name).unlink()


def _check(form: str, text: str) -> None:
    """Parse a report as what it is called; JSON tells of readers that failed."""
    obeyed = {character for character in set(text) if unicodedata.category(character) in _OBEYED} - set(
        "\n\t"
    )
    if obeyed:
        raise Unsound(f"the {form} report holds {sorted(obeyed)!a}")
    if form in {"json", "sarif", "gitlab-sast", "codequality", "sbom"}:
        document = json.loads(text)
        if form == "json" and any(note["rule"] == "MW905" for note in document["notes"]):
            raise Unsound(document["notes"])
    elif form == "junit":
        ElementTree.fromstring(text)


def main(arguments: list[str]) -> None:
    """Fuzz. Does not return."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def one_input(data: bytes) -> None:
            path = folder / f"model{SUFFIXES[zlib.crc32(data[:_STABLE]) % len(SUFFIXES)]}"
            path.write_bytes(data)
            try:
                scan(path, folder)
            finally:
                path.unlink()

        atheris.Setup(arguments, one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
