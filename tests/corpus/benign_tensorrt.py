"""Files that begin like TensorRT engines, and others that are named like one. Put together by hand: real ones need a GPU."""

import io
import zipfile
from collections.abc import Iterator

from tests.corpus.engines import counted, engine, numbers, ultralytics
from tests.corpus.programs import elf

CUBIN = elf(190)
"""Code for the GPU is ELF as well; 190 is EM_CUDA."""
KERNELS = (
    b"sm80_xmma_fprop_implicit_gemm_f16f16_f16f16_f16_nhwckrsc_nhwc\0",
    b"/model.0/conv/Conv + PWN(/model.0/act/Sigmoid)\0",
)
OWN = (
    b"libnvinfer_plugin.so.8",
    b"/usr/lib/x86_64-linux-gnu/libcudnn_ops_infer.so.8.9.0",
    b"libcublasLt.so.12",
    b"libcudart.so.11.0",
    b"cudnn_ops_infer64_8.dll",
    b"C:\\Program Files\\NVIDIA\\nvinfer_10.dll",
    b"libnvrtc-builtins.so.11.8",
    b"libstdc++.so.6",
)


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    yield "tensorrt/kernels.engine", engine(CUBIN, *KERNELS, numbers(2000))
    yield "tensorrt/earlier.plan", engine(numbers(3000), magic=b"ptrt")
    yield "tensorrt/ultralytics.engine", ultralytics(engine(*KERNELS, CUBIN))
    yield "tensorrt/own-libraries.trt", engine(*(name + b"\0" for name in OWN), *map(counted, OWN))
    message = b"Could not load /opt/plugins/libcustom.so: no such file\0"
    yield (
        "tensorrt/message-about-a-library.engine",
        engine(message, b"plug-ins end with .so or .dll, for example\0"),
    )
    yield "tensorrt/another-layout.trt", bytes(16) + numbers(500) + b"libgame.so\0"
    yield "tensorrt/terraform.plan", _terraform()


def _terraform() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("tfplan", "tfstate", "tfconfig/modules.json"):
            archive.writestr(zipfile.ZipInfo(name, (2024, 5, 17, 12, 0, 0)), b"{}" + bytes(16))
    return buffer.getvalue()
