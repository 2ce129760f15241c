"""Configurations that have their loader call, import, fetch or render something. Written by hand; each folder names its trick."""

import io
import json
import zipfile
from collections.abc import Iterator

HYDRA = {"_target_": "os.system", "command": "echo pwned"}
TAG = "tag:yaml.org,2002:python/"
LOGGER = "[loggers]\nkeys=root\n\n[handlers]\nkeys=console\n\n"

JSON: dict[str, str | bytes] = {
    "dangerous-call/json-hydra-target/config.json": json.dumps({"model": HYDRA}),
    "dangerous-call/json-escaped-key/config.json": '{"\\u005ftarg\\u0065t_": "os.system", "command": "echo pwned"}',
    "dangerous-call/json-escaped-value/config.json": '{"_target_": "o\\u0073.syst\\u0065m", "command": "echo pwned"}',
    "dangerous-call/json-first-of-two-keys/config.json": (
        '{"_target_": "os.system", "_target_": "torch.nn.Identity", "command": "echo pwned"}'
    ),
    "dangerous-call/json-utf-16/config.json": json.dumps(HYDRA).encode("utf-16"),
    "dangerous-call/json-byte-order-mark/config.json": json.dumps(HYDRA).encode("utf-8-sig"),
    "dangerous-call/json-deep-inside/config.json": "[" * 500 + json.dumps(HYDRA) + "]" * 500,
    "dangerous-call/json-without-suffix/config": json.dumps(HYDRA),
    "dangerous-call/json-positional-arguments/config.json": json.dumps(
        {"_target_": "subprocess.check_output", "_args_": [["echo", "pwned"]]}
    ),
    "dangerous-call/json-interpolated-target/config.json": json.dumps(
        {"room": "os", "name": "${room}.system", "model": {"_target_": "${name}", "command": "echo pwned"}}
    ),
    "dangerous-call/json-relative-interpolation/config.json": json.dumps(
        {"a": {"what": "os.system", "b": {"_target_": "${..what}", "command": "echo pwned"}}}
    ),
    "dangerous-call/json-target-and-params/config.json": json.dumps(
        {"model": {"target": "os.system", "params": {"command": "echo pwned"}}}
    ),
    "dangerous-call/json-class-path/config.json": json.dumps(
        {"model": {"class_path": "subprocess.Popen", "init_args": {"args": ["echo", "pwned"]}}}
    ),
    "dangerous-call/json-component-of-a-pipeline/model_index.json": json.dumps(
        {"_class_name": "StableDiffusionPipeline", "unet": ["subprocess", "Popen"]}
    ),
    "dangerous-call/json-adapter-library/adapter_config.json": json.dumps(
        {"peft_type": "LORA", "auto_mapping": {"base_model_class": "Popen", "parent_library": "subprocess"}}
    ),
    "dangerous-call/json-sentence-module/modules.json": json.dumps(
        [{"idx": 0, "name": "0", "path": "", "type": "subprocess.Popen"}]
    ),
    "nested-loader/json-torch-load/config.json": json.dumps({"_target_": "torch.load", "f": "weights.pt"}),
    "attribute-chain/json-module-of-a-library/config.json": json.dumps(
        {"_target_": "torch.serialization.os.system", "command": "echo pwned"}
    ),
    "dangerous-import/json-lookup-of-a-method/config.json": json.dumps(
        {"callback": {"_target_": "hydra.utils.get_method", "path": "os.system"}}
    ),
    "import-trampoline/json-getattr/config.json": json.dumps(
        {"_target_": "builtins.getattr", "_args_": [{"_target_": "hydra.utils.get_object", "path": "os"}, "system"]}
    ),
    "unresolvable-import/json-resolver/config.json": json.dumps(
        {"_target_": "${oc.env:NOTHING,os.system}", "command": "echo pwned"}
    ),
    "remote-code-map/json-auto-map/config.json": json.dumps(
        {"model_type": "x", "auto_map": {"AutoModelForCausalLM": "someone/else--modeling_x.Model"}}
    ),
    "remote-code-map/json-auto-map-of-a-tokenizer/tokenizer_config.json": json.dumps(
        {"auto_map": {"AutoTokenizer": ["someone/else--tokenization_x.Tokenizer", None]}}
    ),
    "remote-code-map/json-trust-remote-code/config.json": '{"model_type": "x", "trust_remote_code": true}',
    "remote-code-map/json-custom-pipelines/config.json": json.dumps(
        {"custom_pipelines": {"pair": {"impl": "someone/else--pair.Pipeline", "pt": ["AutoModel"]}}}
    ),
    "remote-code-map/json-pipeline-of-its-own/model_index.json": json.dumps(
        {"_class_name": ["pipeline", "Mine"], "unet": ["diffusers", "UNet2DModel"]}
    ),
    "remote-code-map/json-sentence-module/modules.json": json.dumps(
        [{"idx": 0, "name": "0", "path": "", "type": "someone/else--custom_st.Transformer"}]
    ),
    "template-injection/json-chat-template/tokenizer_config.json": json.dumps(
        {"chat_template": "{{ ''.__class__.__mro__[1].__subclasses__() }}"}
    ),
    "template-injection/json-list-of-templates/tokenizer_config.json": json.dumps(
        {
            "chat_template": [
                {"name": "default", "template": "{{ messages }}"},
                {"name": "tool_use", "template": "{{ cycler.__init__.__globals__.os.popen('echo pwned') }}"},
            ]
        }
    ),
    "template-injection/json-mapping-of-templates/processor_config.json": json.dumps(
        {"chat_template": {"default": "{{ lipsum.__globals__['os'].popen('echo pwned').read() }}"}}
    ),
    "content-absent/json-missing-shard/model.safetensors.index.json": json.dumps(
        {"metadata": {}, "weight_map": {"a": "model-00001-of-00001.safetensors"}}
    ),
    "path-escape/json-shard-elsewhere/model.safetensors.index.json": json.dumps(
        {"metadata": {}, "weight_map": {"a": "../../../../etc/passwd"}}
    ),
    "malformed/json-cut-off/config.json": json.dumps({"auto_map": {"AutoModel": "a--b.C"}, "rest": "x" * 50})[:60],
}  # fmt: skip

YAML = {
    "dangerous-call/yaml-hydra-target/model_config.yaml": "model:\n  _target_: os.system\n  command: echo pwned\n",
    "dangerous-call/yaml-anchored-target/config.yaml": (
        "name: &it os.system\nmodel:\n  _target_: *it\n  command: echo pwned\n"
    ),
    "dangerous-call/yaml-merged-target/config.yaml": (
        "base: &it {_target_: os.system, command: echo pwned}\nmodel:\n  <<: *it\n"
    ),
    "dangerous-call/yaml-escaped-key/config.yaml": '"\\x5ftarget\\x5f": os.system\ncommand: echo pwned\n',
    "dangerous-call/yaml-flow/config.yaml": '{"_target_":"subprocess.run",args: [echo, pwned]}\n',
    "dangerous-call/yaml-second-document/config.yaml": (
        "a: 1\n---\nmodel: {_target_: os.system, command: echo pwned}\n"
    ),
    "dangerous-call/yaml-nemo-target/model_config.yaml": "target: os.system\nnemo_version: 1.23.0\n",
    "dangerous-call/yaml-apply/hparams.yaml": "model: !!python/object/apply:os.system ['echo pwned']\n",
    "dangerous-call/yaml-apply-mapping/hparams.yaml": (
        "!!python/object/apply:subprocess.check_output\nargs: [[echo, pwned]]\nkwds: {shell: false}\n"
    ),
    "dangerous-call/yaml-verbatim-tag/hparams.yaml": f"a: !<{TAG}object/apply:os.system> ['echo pwned']\n",
    "dangerous-call/yaml-tag-handle/hparams.yaml": (
        "%TAG !x! tag:yaml.org,2002:pyth\n---\na: !x!on/object/apply:os.system ['echo pwned']\n"
    ),
    "dangerous-call/yaml-percent-escape/hparams.yaml": "a: !!pyth%6fn/object/apply:o%73.system ['echo pwned']\n",
    "dangerous-call/yaml-before-the-break/model.yaml": (
        "a: !!python/object/apply:os.system ['echo pwned']\n---\nb: [1, 2\n"
    ),
    "dangerous-call/yaml-as-a-key/hparams.yaml": "? !!python/object/apply:os.system ['echo pwned']\n: 1\n",
    "dangerous-call/yaml-without-suffix/hparams": "a: 1\nb: !!python/object/apply:os.system ['echo pwned']\n",
    "dangerous-import/yaml-name/hparams.yaml": "loss: !!python/name:os.system ''\n",
    "dangerous-import/yaml-builtin/hparams.yaml": "loss: !!python/name:eval\n",
    "dangerous-import/yaml-new/hparams.yaml": "a: !!python/object/new:subprocess.Popen [[echo, pwned]]\n",
    "dangerous-import/yaml-object/hparams.yaml": "a: !!python/object:subprocess.Popen {args: echo}\n",
    "dangerous-import/yaml-as-a-value-of-map/hparams.yaml": (
        "a: !!python/object/new:tuple [!!python/object/new:map [!!python/name:eval , ['print(1)']]]\n"
    ),
    "import-trampoline/yaml-import/config.yaml": "_target_: importlib.import_module\nname: os\n",
    "attribute-chain/yaml-module-of-a-library/config.yaml": (
        "_target_: numpy.testing._private.utils.os.system\ncommand: echo pwned\n"
    ),
    "unresolvable-import/yaml-decoded/config.yaml": "_target_: ${oc.decode:${x}}\nx: os.system\n",
    "malformed/yaml-cut-off/model_config.yaml": "model: {_target_: torch.nn.Linear, in: [1\n",
    "loader-module/mlflow-module-of-its-own/MLmodel": (
        "artifact_path: model\nflavors:\n  python_function:\n    code: code\n    loader_module: mine.loader\n"
        "mlflow_version: 2.9.2\n"
    ),
    "loader-module/mlflow-name-alike/MLmodel": (
        "flavors:\n  python_function:\n    loader_module: mlflow.sklearn_\n    data: model.pkl\nrun_id: 0\n"
    ),
    "loader-module/mlflow-quoted/MLmodel": (
        "flavors:\n  'python_function': {\"loader_module\": \"my\\x5floader\", data: x}\nmlflow_version: 2.0.0\n"
    ),
    "loader-module/mlflow-standard-library/MLmodel": (
        "flavors:\n  python_function:\n    loader_module: antigravity\nmlflow_version: 2.0.0\n"
    ),
    "loader-module/mlflow-anchored/MLmodel": (
        "run_id: &it mine\nflavors:\n  python_function:\n    loader_module: *it\nmlflow_version: 2.0.0\n"
    ),
}  # fmt: skip

TOML = {
    "dangerous-call/toml-table/config.toml": '[model]\n_target_ = "os.system"\ncommand = "echo pwned"\n',
    "dangerous-call/toml-inline-table/config.toml": 'model = {_target_ = "os.system", command = "echo pwned"}\n',
    "dangerous-call/toml-array-of-tables/config.toml": (
        '[[callbacks]]\nname = "a"\n[[callbacks]]\n_target_ = "os.system"\ncommand = "echo pwned"\n'
    ),
    "dangerous-call/toml-escaped-key/config.toml": '"\\u005ftarget_" = "os.system"\ncommand = "echo pwned"\n',
    "dangerous-call/toml-dotted-key/config.toml": 'a.b._target_ = "os.system"\na.b.command = "echo pwned"\n',
}
INI = {
    "dangerous-call/ini-logging-arguments/logging.ini": (
        f"{LOGGER}[handler_console]\nclass=StreamHandler\nargs=(__import__('os').system('echo pwned'),)\n"
    ),
    "dangerous-call/ini-logging-class/logging.cfg": (
        f"{LOGGER}[handler_console]\nclass=os.system('echo pwned')\nargs=()\n"
    ),
    "dangerous-call/ini-logging-continued/logging.conf": (
        f"{LOGGER}[handler_console]\nclass=StreamHandler\nargs=(sys.stdout,\n  eval('print(1)'))\n"
    ),
    "dangerous-call/ini-logging-keywords/logging.ini": (
        f"{LOGGER}[handler_console]\nclass=StreamHandler\nkwargs={{'stream': os.popen('echo pwned')}}\n"
    ),
    "dangerous-call/ini-target/model.ini": "[model]\n_target_ = os.system\ncommand = echo pwned\n",
}
REQUIREMENTS = {
    "address": "torch==2.4.0\nhttps://example.invalid/models/extra.whl\n",
    "repository": "torch==2.4.0\ngit+https://example.invalid/someone/extra.git@main#egg=extra\n",
    "named-address": "torch==2.4.0\nextra @ https://example.invalid/extra.zip\n",
    "other-index": "--extra-index-url https://example.invalid/simple\ntorch==2.4.0\n",
    "links": "-f https://example.invalid/wheels\ntorch==2.4.0\n",
    "local-code": "-e ./code\ntorch==2.4.0\n",
}
DVC = {
    "not-inspected/dvc-climbs-out/model.dvc": "outs:\n- md5: 0123456789abcdef0123456789abcdef\n  path: ../../../../etc/passwd\n",
    "not-inspected/dvc-absolute/model.dvc": "outs:\n- md5: 0123456789abcdef0123456789abcdef\n  path: /etc/passwd\n",
    "not-inspected/dvc-quoted/model.dvc": (
        'outs:\n- md5: 0123456789abcdef0123456789abcdef\n  path: "..\\x2f..\\x2fmodel.pkl"\n'
    ),
    "content-absent/dvc-never-pulled/model.pkl.dvc": (
        "outs:\n- md5: 0123456789abcdef0123456789abcdef\n  size: 12\n  hash: md5\n  path: model.pkl\n"
    ),
    "content-absent/dvc-directory/data.dvc": (
        "outs:\n- md5: 0123456789abcdef0123456789abcdef.dir\n  nfiles: 2\n  path: data\n"
    ),
    "malformed/dvc-cut-off/model.dvc": "outs:\n- md5: 0123456789abcdef0123456789abcdef\n  path: 'model.pkl\n",
}  # fmt: skip


def archive(members: dict[str, str]) -> bytes:
    """A ZIP that is the same every time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, text in members.items():
            packed.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text)
    return made.getvalue()


def samples() -> Iterator[tuple[str, bytes]]:
    """Paths below `malicious/`, with their bytes."""
    for group in (JSON, YAML, TOML, INI, DVC):
        for path, text in group.items():
            yield path, text if isinstance(text, bytes) else text.encode()
    for trick, text in REQUIREMENTS.items():
        members = {"MAR-INF/MANIFEST.json": '{"model": {"modelName": "m"}}', "requirements.txt": text}
        yield f"untrusted-requirement/archive-{trick}/model.mar", archive(members)
    conda = "channels: [conda-forge]\ndependencies:\n- python=3.11\n- pip:\n  - git+https://example.invalid/extra.git\n"
    yield "untrusted-requirement/archive-conda/model.zip", archive({"conda.yaml": conda})
    yield (
        "remote-code-map/yaml-inside-an-archive/model.zip",
        archive({"conf/model.yaml": "name: x\ntrust_remote_code: yes\n"}),
    )
    yield (
        "dangerous-call/dvc-stands-for-a-pickle/model.bin.dvc",
        DVC["content-absent/dvc-never-pulled/model.pkl.dvc"].replace("model.pkl", "model.bin").encode(),
    )
    yield "dangerous-call/dvc-stands-for-a-pickle/model.bin", b"cposix\nsystem\n(S'echo pwned'\ntR."
