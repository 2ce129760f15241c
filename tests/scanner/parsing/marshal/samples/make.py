"""Makes the samples beside this file: `python make.py PYTHON...`, one JSON file for each interpreter. Nothing here is run.

Each holds, by case, the marshal data that interpreter writes for the source in `SOURCES` (in every version of the format for one
of them) and its own word on every code object inside: name, names, variables, bytecode, texts among the constants.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

SOURCES = {
    "call": "import os\nos.system('echo')",
    "from": "from os import system as run\nrun('echo')",
    "inside-a-function": "import os\ndef f(x, *a, y=1, **k):\n    return os.system(x)\n",
    "import-function": "__import__('os').system('echo')",
    "import-module": "from importlib import import_module\nimport_module('subprocess').Popen(['echo'])",
    "builtin": "eval('1+1')",
    "getattr": "import os\nget = getattr\nget(os, 'sys' + 'tem')('echo')",
    "getattr-of-a-variable": "import os\nname = 'system'\ngetattr(os, name)('echo')",
    "getattr-computed": "import os\ngetattr(os, 'sys' + str('tem'))('echo')",
    "handed-on": "(lambda o: o.system('echo'))(__import__('os'))",
    "modules": "import sys\nsys.modules['os'].popen('echo')",
    "dictionary": "import os\nos.__dict__['system']('echo')",
    "builtins": "__builtins__['eval']('1+1')",
    "star": "from os import *\nsystem('echo')",
    "class": "class A:\n    import os as o\n    def f(self):\n        return self.o.system('echo')\n",
    "closure": "def f():\n    import os as o\n    def g():\n        return o.system('echo')\n    return g\n",
    "conditional": "import os\n(os if os.name else None).system('echo')",
    "instance": "from pathlib import Path\nPath('x').write_text('y')",
    "subclasses": "[c for c in ().__class__.__base__.__subclasses__()]",
    "try": "try:\n    import os\nfinally:\n    x = 1\nfor i in range(3):\n    with x as y:\n        os.system(*[1], **{})\n",
    "keywords": "import subprocess\nsubprocess.run(['echo'], shell=True, check=False)\n",
    "generator": "import os\nasync def f():\n    async with x as y:\n        await y\n    yield os.popen('echo')\n",
    "many-names": "\n".join(f"n{i} = 0" for i in range(257)) + "\nimport os\nos.system('echo')",
    "harmless-path": "import os.path\ndef f(x):\n    return os.path.join(x.replace('a', 'b'), x.system)\n",
    "harmless-lambda": "import math\nf = lambda x, scale=0.5: math.tanh(x * scale) if x else -x[1:2]\n",
    "harmless-class": "class A(dict):\n    w = {}\n    def f(self, x):\n        return [self.w[i] for i in x if i in self.w]\n",
    "constants": "a = (1, -5, 2**70, -2**70, 1.5, 2j, None, True, ..., b'b', '\\ud800', (1, ('x', b'y')))\nx in {1, 'z'}\n",
}

WRITER = """
import base64, json, marshal, sys
sources = json.load(sys.stdin)
top = type(compile("", "", "exec"))
old = sys.version_info[0] == 2
def told(code):
    words = [c for c in code.co_consts if isinstance(c, str) and "\\ud800" not in c]
    yield [code.co_name, list(code.co_names), list(code.co_varnames), base64.b64encode(code.co_code).decode(), words]
    for constant in code.co_consts:
        if isinstance(constant, top):
            for one in told(constant):
                yield one
made = {}
for case, source in sources.items():
    try:
        code = compile(str(source) if old else source, "sample.py", "exec")
    except SyntaxError:
        continue
    first = 0 if case == "inside-a-function" else marshal.version
    data = [base64.b64encode(marshal.dumps(code, v)).decode() for v in range(first, marshal.version + 1)]
    made[case] = {"data": data, "codes": list(told(code))}
json.dump(made, sys.stdout, sort_keys=True)
"""


def main(pythons: list[str]) -> None:
    """Ask each interpreter; write `<major>.<minor>.json`."""
    for python in pythons:
        ask = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        version = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()
        sources = json.dumps(SOURCES)
        made = subprocess.run(
            [python, "-c", WRITER], input=sources, check=True, capture_output=True, text=True
        )
        (HERE / f"{version}.json").write_text(made.stdout + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
