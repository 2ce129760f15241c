"""TensorRT engines (plans): a network compiled for one GPU, in a layout that NVIDIA does not publish.

They hold machine code for the GPU by design, and can hold libraries for the host: plug-ins (`setPluginsToSerialize`) and, in
version-compatible engines, a runtime of their own. Reading the engine loads these, so that a forged plan runs its author's code:
"serialized TensorRT engines are executable artifacts" (NVIDIA, TensorRT documentation, "Security Considerations").

That engines begin with `ftrt`, or `ptrt`, is not documented either: NVIDIA only says that there is a tag (TensorRT issues 1384,
2915); the letters are what programs that handle engines test for (pytorch/TensorRT: `startswith(b"ftrt")`). The layout that
Ultralytics puts around them is of its own (`ultralytics/engine/exporter.py`): a length, JSON, the engine.

Checked: Every byte is searched for programs of the host (ELF, PE, Mach-O, their headers verified), and for names of shared
libraries other than those of CUDA, TensorRT and the operating system, where they are strings of their own.

Not checked: The network, its plug-ins' names and their data, and the code for the GPU; nobody but TensorRT can read these. What
is named like an engine and begins otherwise is searched for programs only, when it is binary and no archive.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import ByteSource, Fact, Format, Head, Scope
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Gap, Place, Program, Reference, Role, Shortfall

_MAGICS = (b"ptrt", b"ftrt")
_SUFFIXES = (".engine", ".plan", ".trt")
_METADATA_BYTES = 1 << 20
_BLOCK = 1 << 20
_MOST = 16
_MOST_ENDINGS = 1 << 20
"""So many `.so` would stand by chance in terabytes; each costs a look at what is around it."""
_BINARY = bytes(8)
"""Eight zeros: no text has them. An engine of a layout that is not known here is told from a plan of somebody's day by them."""
_OTHERS = (b"PK\3\4", b"PK\5\6", b"\x1f\x8b", b"\x7fELF", b"MZ", b"SQLite format 3\0")
"""What is no engine whatever its name: a plan of Terraform is a ZIP, a game's engine is a program."""

_OWN = frozenset(
    "nvinfer nvinfer_plugin nvinfer_vc_plugin nvinfer_lean nvinfer_dispatch nvinfer_builder_resource "
    "nvinfer_builder_resource_win nvinfer_safe nvinfer_plugin_tensorrt_llm nvonnxparser nvparsers nvcaffe_parser cuda "
    "nvcuda cudart cudla nvdla_compiler cudnn cudnn_adv cudnn_adv_infer cudnn_adv_train cudnn_cnn cudnn_cnn_infer "
    "cudnn_cnn_train cudnn_ops cudnn_ops_infer cudnn_ops_train cudnn_graph cudnn_heuristic cudnn_engines_precompiled "
    "cudnn_engines_runtime_compiled cublas cublaslt nvrtc nvrtc-builtins nvjitlink nvptxcompiler nvidia-ptxjitcompiler "
    "nvidia-ml nvtoolsext nccl cufft curand cusolver cusparse myelin myelin_compiler myelin_executor c m dl rt pthread "
    "gcc_s stdc++ ld-linux-x86-64 ld-linux-aarch64 kernel32 msvcp140 vcruntime140 ucrtbase".split()
)
"""Libraries that engines need anyway: of TensorRT, CUDA, the C and C++ runtimes; in lower case, without `lib` and versions."""
_PARTS = re.compile(
    r"(?:lib)?(.+?)(?:64)?(?:_[0-9]{1,4}){0,3}(?:\.so(?:\.[0-9]+)*|\.dll|(?:\.[0-9]+)*\.dylib)"
)
_INSTALLED = re.compile(r"/(?:usr|opt|lib|lib64)/|[a-z]:/(?:program files|windows)/")


def _recognise(head: Head) -> bool:
    if _is_engine(head.start, head.source):
        return True
    return head.suffix in _SUFFIXES and _BINARY in head.start and not head.start.startswith(_OTHERS)


def _is_engine(start: bytes, source: ByteSource) -> bool:
    if start.startswith(_MAGICS):
        return True
    length = int.from_bytes(start[:4], "little")
    return start[4:5] == b"{" and 2 <= length <= _METADATA_BYTES and source.read(4 + length, 4) in _MAGICS


def _observe(source: ByteSource, scope: Scope) -> Iterator[Fact]:
    from modelwarden.parsing.library_names import BEHIND, LONGEST, find_library_names  # few files are engines
    from modelwarden.parsing.native import OVERLAP, find_programs

    names: set[str] = set()
    programs = 0
    endings = 0 if _is_engine(source.read(0, 8), source) else -1
    end = min(source.size, scope.budget.limits.searched_bytes)
    for start in range(0, end, _BLOCK):
        before = min(start, LONGEST + 8)
        data = source.read(start - before, before + _BLOCK + max(OVERLAP, BEHIND))
        last = before + min(_BLOCK, end - start)
        if programs < _MOST:
            for place, kind in sorted(find_programs(data[before:])):
                if start + place > 0 and place < _BLOCK and programs < _MOST:
                    programs += 1
                    yield Program(kind, Place.DATA, scope.name or "the engine", Span(start + place))
        if not 0 <= endings <= _MOST_ENDINGS or len(names) >= _MOST:
            continue
        for place, name in find_library_names(data, before, last):
            endings += 1
            if name and name not in names and not _is_own(name) and len(names) < _MOST:
                names.add(name)
                yield Reference(Role.LIBRARY, name, "engine", Span(start - before + place, len(name)))
            if endings > _MOST_ENDINGS:
                detail = (
                    f"more than {_MOST_ENDINGS:,} names may be of libraries; from here they are not looked at"
                )
                yield Gap(Shortfall.LIMIT, detail, Span(start - before + place))
                break
    if source.size > end:
        detail = f"only the first {end:,} of {source.size:,} bytes were searched for programs"
        yield Gap(Shortfall.LIMIT, detail, Span(end, source.size - end))


def _is_own(name: str) -> bool:
    """Whether it is a library of `_OWN`, looked for by its bare name or where systems install it."""
    folder, separator, file = name.replace("\\", "/").lower().rpartition("/")
    folder += separator
    if folder and (".." in folder or not _INSTALLED.match(folder)):
        return False
    parts = _PARTS.fullmatch(file)
    # The shortest are of C's library, always with `lib`: `m.dll` is somebody's own.
    return parts is not None and parts[1] in _OWN and (len(parts[1]) > 2 or file.startswith("lib"))


FORMAT = Format(
    name="tensorrt",
    title="TensorRT engine",
    suffixes=(),
    recognise=_recognise,
    observe=_observe,
    ambiguous_suffixes=_SUFFIXES,
)
