"""MW213: what handlers do, then what they need not."""

import pytest

from modelwarden.domain.location import Span
from modelwarden.domain.observation import CodeBlob, Import, Observation, Origin
from modelwarden.domain.value import Global
from modelwarden.parsing.python_source import reached
from modelwarden.policies.handler_code import POLICY

ORDINARY = {
    "paths": "import os\nos.path.join('a', 'b')\nos.environ.get('X')\nos.makedirs('x', exist_ok=True)\nos.cpu_count()",
    "weights": "import torch\nclass H:\n  def initialize(self, c):\n    self.m = torch.load('w.pt')\n"
    "    self.m.eval()\n    torch.jit.load('x')",
    "unused": "import subprocess, os, ctypes\nfrom os import system",
    "files": "import json, zipfile\nwith open('x') as f: json.load(f)\nzipfile.ZipFile('a').extractall('b')",
    "modules": "import importlib\ndef load(name): return importlib.import_module(name.split('.')[0])",
    "images": "import base64, io\nfrom PIL import Image\ndef pre(d): return Image.open(io.BytesIO(base64.b64decode(d)))",
    "network": "import requests\nrequests.get('https://example.org/labels.json').json()",
    "workers": (
        "import threading, asyncio, multiprocessing as mp\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "from joblib import Parallel, delayed\nimport torch, pandas as pd\n"
        "threading.Thread(target=print).start(); asyncio.run(f()); mp.Process(target=f); ThreadPoolExecutor(4)\n"
        "Parallel(n_jobs=2)(delayed(f)(x) for x in y); torch.jit.script(m); torch._export.aot_load('m.so'); pd.eval('a+b')"
    ),
    "base handler": (
        "import abc, inspect, logging, os, time, importlib.util\nimport torch\n"
        "from ts.utils.util import list_classes_from_module, load_label_mapping\n"
        "if os.environ.get('TS_IPEX_ENABLE', 'false') == 'true':\n  import intel_extension_for_pytorch as ipex\n"
        "class BaseHandler(abc.ABC):\n  def initialize(self, context):\n"
        "    module = importlib.import_module('model'.split('.')[0])\n    self.model = torch.compile(self.model)\n"
        "    self.device = torch.device('cuda')\n    logging.getLogger(__name__).info('%s', time.time())\n"
    ),
}


@pytest.mark.parametrize("source", list(ORDINARY.values()), ids=list(ORDINARY))
def test_says_nothing_of_what_handlers_do(source: str) -> None:
    assert POLICY.judge(reached(source.encode(), "handler.py")) is None


@pytest.mark.parametrize(
    "fact",
    [
        CodeBlob("f", (Global("os", "system"),), (), (), True, Span(0), Origin.PICKLE),
        CodeBlob("f", (Global("os", "system"),), (), (), True, Span(0), Origin.LAMBDA),
        Import(Global("os", "system"), Span(0)),
    ],
    ids=str,
)
def test_says_nothing_of_other_code(fact: Observation) -> None:
    assert POLICY.judge(fact) is None


@pytest.mark.parametrize(
    ("source", "subject", "family"),
    [
        ("import os\nos.system('ls')", "os.system", "process"),
        ("import subprocess\ndef handle(d, c): subprocess.run(d, shell=True)", "subprocess.run", "process"),
        ("exec(__import__('base64').b64decode('eA=='))", "builtins.exec", "code"),
        ("import ctypes\nctypes.CDLL('./x.so')", "ctypes.CDLL", "native"),
        (
            "import asyncio\nasyncio.create_subprocess_shell('ls')",
            "asyncio.create_subprocess_shell",
            "process",
        ),
        ("import torch\ntorch.ops.load_library('x.so')", "torch.ops.load_library", "native"),
        ("().__class__.__base__.__subclasses__()", "__subclasses__", "code"),
    ],
)
def test_reports_what_no_handler_needs(source: str, subject: str, family: str) -> None:
    judgement = POLICY.judge(reached(source.encode(), "handler.py"))
    assert judgement is not None
    assert (judgement.subject, judgement.family, judgement.argument) == (subject, family, "handler.py")
    assert "handler.py" in judgement.message
