"""Makes `<version>.json` beside this file: `python make.py` with cloudpickle and dill, once under each CPython from 3.8 on.

By library, case and protocol: a function or class that cannot be imported, as the library ships it. Nothing here is called, and
`shell` would only echo.
"""

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

import cloudpickle
import dill

SCALE = 3


def outer(x: Any, y: int = 2, *rest: Any, key: Any = None, **more: Any) -> Any:
    import json as reader

    def inner(z: Any) -> Any:
        return z + y + SCALE

    return [inner(i) for i in reader.loads(x)]


def shell(x: Any) -> int:
    return os.system("echo modelwarden sample")


def nested(x: Any) -> Any:
    def run() -> bytes:
        import subprocess as s

        return s.check_output(["echo", "modelwarden sample"])

    return run()


class Net:
    rate = 0.5

    def forward(self, x: Any) -> Any:
        return x * self.rate

    @property
    def size(self) -> int:
        return 1


CASES = {
    "outer": outer,
    "shell": shell,
    "nested": nested,
    "class": Net,
    "instance": Net(),
    "lambda": lambda x: x + 1,
    "code": shell.__code__,
}


def main() -> None:
    """Pickle every case with both libraries, in an old and in a new protocol."""
    made = {}
    for library, options in ((cloudpickle, {}), (dill, {"recurse": True})):
        for case, value in CASES.items():
            for protocol in (2, 4):
                data = library.dumps(value, protocol=protocol, **options)
                made[f"{library.__name__}-{case}-{protocol}"] = base64.b64encode(data).decode()
    path = Path(__file__).parent / "{}.{}.json".format(*sys.version_info)
    path.write_text(json.dumps(made, sort_keys=True, indent=0) + "\n")


if __name__ == "__main__":
    main()
