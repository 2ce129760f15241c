"""TensorRT engines that carry or name libraries for the host. Assembled by hand; the programs do nothing."""

from collections.abc import Iterator

from tests.corpus.engines import counted, engine, numbers, ultralytics
from tests.corpus.programs import elf, macho, pe


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    library = elf(kind=3)
    for technique, name, data in (
        ("plug-in within an engine", "model.engine", engine(numbers(500), library)),
        ("plug-in for windows within an engine", "model.plan", engine(numbers(500), pe())),
        ("plug-in for arm within an engine of ultralytics", "model.engine", ultralytics(engine(elf(183, 3)))),
        ("plug-in for macos within an earlier engine", "model.trt", engine(macho(), magic=b"ptrt")),
        ("plug-in behind a changed tag", "model.trt", engine(numbers(50), library, magic=b"ftrx")),
        ("engine named as a checkpoint", "pytorch_model.bin", engine(elf(190), library)),
    ):
        yield f"embedded-executable/{technique}/{name}", data
    for technique, name, data in (
        ("tensorrt path that ends with nul", "model.engine", engine(b"/tmp/plugins/libecho.so\0")),
        ("tensorrt name behind its length", "model.engine", engine(counted(b"plugin.so.1") + b"next")),
        (
            "tensorrt name behind eight bytes of length",
            "model.plan",
            engine(counted(b"libecho.so", 8) + b"\1"),
        ),
        (
            "tensorrt name behind one byte of length",
            "model.plan",
            engine(counted(b"../plugins/nowhere/at/all/libecho.so", 1) + b"\x12"),
        ),
        ("tensorrt library for windows", "model.trt", engine(b"C:\\Users\\Public\\Echo Layer.DLL\0")),
        ("tensorrt library on another machine", "model.trt", engine(b"\\\\host.example\\share\\echo.dll\0")),
        (
            "tensorrt name of nvidia in another folder",
            "model.engine",
            engine(b"/tmp/libnvinfer_plugin.so.8\0"),
        ),
        ("tensorrt name that begins like one of nvidia", "model.engine", engine(b"libcudnn_echo.so.8\0")),
        (
            "tensorrt library beside the engine of ultralytics",
            "model.engine",
            ultralytics(engine(b"./echo.so\0")),
        ),
    ):
        yield f"native-library/{technique}/{name}", data
