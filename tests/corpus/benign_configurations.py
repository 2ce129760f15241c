"""Configurations as ordinary projects and models hold them: much that looks like code to call, and nothing that is."""

import json
from collections.abc import Iterator

from tests.corpus.malicious_configurations import archive

CHAT = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
VOCABULARY = {
    word: index
    for index, word in enumerate(
        ("_target_", "os.system", "eval", "auto_map", "chat_template", "trust_remote_code", "!!python/name:os.system",
         "target", "params")
    )
}  # fmt: skip
SHARD = (46).to_bytes(8, "little") + b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
SHARD = (len(SHARD) - 8).to_bytes(8, "little") + SHARD[8:] + b"1"

JSON: dict[str, object] = {
    "config.json": {
        "_name_or_path": "acme/tiny", "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 8,
        "quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True},
    },
    "local-code/config.json": {
        "model_type": "tiny",
        "auto_map": {"AutoConfig": "configuration_tiny.Config", "AutoModel": "modeling_tiny.Model"},
    },
    "tokenizer_config.json": {"chat_template": CHAT, "auto_map": {"AutoTokenizer": ["tok.Slow", None]}},
    "templates/tokenizer_config.json": {"chat_template": [{"name": "default", "template": CHAT}]},
    "chat_template.json": {"chat_template": CHAT},
    "tokenizer.json": {"version": "1.0", "model": {"type": "BPE", "vocab": VOCABULARY, "merges": []}},
    "model_index.json": {
        "_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.30.0", "feature_extractor": [None, None],
        "unet": ["diffusers", "UNet2DConditionModel"], "text_encoder": ["transformers", "CLIPTextModel"],
        "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
    },
    "modules.json": [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    ],
    "adapter_config.json": {
        "peft_type": "LORA", "base_model_name_or_path": "acme/tiny", "task_type": None,
        "auto_mapping": {"base_model_class": "BertModel", "parent_library": "transformers.models.bert.modeling_bert"},
    },
    "hydra.json": {
        "model": {"_target_": "torch.nn.Linear", "in_features": 3}, "rate": "${model.in_features}",
        "data": {"_target_": "datasets.load_dataset", "path": "imdb"},
        "act": {"_target_": "hydra.utils.get_class", "path": "acme.layers.Swish"},
        "part": {"_target_": "functools.partial", "_args_": [{"_target_": "acme.layers.Norm", "_partial_": True}]},
        "later": {"_target_": "${model_class}"},
    },
    "package.json": {"name": "os.system", "scripts": {"build": "eval $(cat x)"}, "target": "es2020", "type": "module"},
    "tsconfig.json": {"compilerOptions": {"target": "es2020", "paths": {"os.system": ["./x"]}}},
    "numbers.json": [1, 2.5, -3e9, None, True, [[]], {}],
    "xgboost.model": {"learner": {"objective": {"name": "reg:squarederror"}}, "version": [2, 1, 0]},
    "index/model.safetensors.index.json": {"metadata": {"total_size": 1}, "weight_map": {"a": "shard.safetensors"}},
}  # fmt: skip

TEXTS = {
    "json/with-comments/tsconfig.json": '{\n  // "_target_": "os.system"\n  "a": 1, /* more */\n}\n',
    "json/lines/records.json": '{"a": 1}\n{"a": 2}\n',
    "json/two-of-a-key.json": '{"a": 1, "a": 2, "chat_template": "plain", "chat_template": null}',
    "yaml/hydra/config.yaml": (
        "defaults:\n- _self_\n- model: small\nmodel:\n  _target_: acme.models.Net\n  width: ${width}\n"
        "optimizer:\n  _target_: torch.optim.AdamW\n  _partial_: true\nout:\n  _target_: os.path.join\n  _args_: [a, b]\n"
    ),
    "yaml/lightning/hparams.yaml": (
        "lr: 0.1\nargs: !!python/object:argparse.Namespace\n  batch: 2\npath: !!python/object/apply:pathlib.PosixPath [a, b]\n"
        "betas: !!python/tuple [0.9, 0.99]\nname: !!python/unicode 'x'\nact: !!python/name:torch.nn.modules.activation.ReLU ''\n"
    ),
    "yaml/lightning/config.yaml": "model:\n  class_path: acme.Net\n  init_args: {width: 3}\ntrainer: {devices: 1}\n",
    "yaml/latent-diffusion.yaml": (
        "model:\n  target: ldm.models.diffusion.ddpm.LatentDiffusion\n  params:\n    unet_config:\n"
        "      target: ldm.modules.diffusionmodules.openaimodel.UNetModel\n      params: {image_size: 32}\n"
    ),
    "yaml/nemo/model_config.yaml": (
        "target: nemo.collections.asr.models.EncDecCTCModel\nnemo_version: 1.23.0\npreprocessor:\n"
        "  _target_: nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor\n  sample_rate: 16000\n"
    ),
    "yaml/workflow.yml": (
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
        "    - run: |\n        eval \"$X\" \\\n          os.system\n"
    ),
    "yaml/compose.yaml": "services:\n  web:\n    image: x\n    build: {target: dev}\n    environment: {A: '${A:-os.system}'}\n",
    "yaml/cloudformation.yaml": "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Name: !Sub '${B}-x'\n    Other: !Ref C\n",
    "yaml/helm/templates/config.yaml": "{{- if .Values.a }}\na: {{ .Values._target_ }}\n{{- end }}\n",
    "yaml/documents.yaml": "%YAML 1.1\n---\na: 1\n---\nb: *c\n",
    "yaml/aliases.yaml": "a: &a [1]\nb: &b [*a, *a]\nc: &c [*b, *b]\n_target_: acme.x\nd: [*c, *c]\n",
    "yaml/mkdocs.yml": (
        "site_name: x\nmarkdown_extensions:\n- pymdownx.emoji:\n"
        "    emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
        "- toc:\n    slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}\n"
    ),
    "yaml/training/axolotl.yaml": "base_model: acme/tiny\ntrust_remote_code: true\nchat_template: chatml\n",
    "mlflow/sklearn/MLmodel": (
        "artifact_path: model\nflavors:\n  python_function:\n    env: conda.yaml\n    loader_module: mlflow.sklearn\n"
        "    model_path: model.pkl\n  sklearn:\n    pickled_model: model.pkl\nmlflow_version: 2.9.2\nrun_id: '0'\n"
    ),
    "mlflow/pyfunc/MLmodel": (
        "flavors:\n  python_function:\n    cloudpickle_version: 3.0.0\n    loader_module: mlflow.pyfunc.model\n"
        "    python_model: python_model.pkl\nmlflow_version: 2.9.2\n"
    ),
    "toml/pyproject.toml": '[project]\nname = "os.system"\n[tool.x]\ntarget = "py311"\nparams = ["a"]\n',
    "toml/hydra.toml": '[model]\n_target_ = "acme.Net"\n',
    "toml/Cargo.toml": '[package]\nname = "x"\n[target.x86_64]\nrustflags = ["-C"]\n',
    "toml/escapes.toml": 'a = "\\u0041\\n"\n"b" = 1979-05-27T07:32:00Z\n',
    "toml/broken.toml": "a = \nb = \\u0041\n",
    "ini/alembic.ini": (
        "[alembic]\nscript_location = a\n[handler_console]\nclass = StreamHandler\nargs = (sys.stderr,)\n"
        "[formatter_generic]\nformat = %(levelname)-5.5s [%(name)s] %(message)s\n"
    ),
    "ini/rotating.conf": (
        "[handler_file]\nclass=handlers.RotatingFileHandler\nargs=(os.path.join('a', os.getenv('B', 'c')), 'a', 10)\n"
    ),
    "ini/setup.cfg": "[metadata]\nname = x\n[options]\ninstall_requires =\n    torch\n[flake8]\nignore = E1\n",
    "ini/spacy.cfg": '[nlp]\nlang = "en"\n[components.tagger]\n@architectures = "spacy.Tagger.v2"\nfactory = "tagger"\n',
    "ini/duplicates.ini": "[a]\nx = 1\nx = 2\n[a]\ny = _target_\n",
    "requirements/requirements.txt": "torch>=2.0,<3  # of the project\nacme @ git+https://example.invalid/acme.git\n-e .\n",
    "requirements/requirements-dev.txt": "-r requirements.txt\npytest==8.0\nblack ; python_version > '3.8'\n",
    "requirements/hashes.txt": "torch==2.0 \\\n    --hash=sha256:" + "0" * 64 + "\n",
    "requirements/constraints.txt": "numpy<2\n",
    "requirements/index.txt": "--index-url https://example.invalid/simple\ntorch\n",
    "dvc/plain/weights.json.dvc": (
        "outs:\n- md5: 0123456789abcdef0123456789abcdef\n  size: 9\n  hash: md5\n  path: weights.json\n"
    ),
    "dvc/plain/weights.json": '{"a": []}',
    "dvc/imported/weights.json.dvc": (
        "md5: 0123456789abcdef0123456789abcdef\nframe: true\ndeps:\n- path: x\n  repo: {url: 'https://example.invalid'}\n"
        "outs:\n- md5: 0123456789abcdef0123456789abcdef\n  path: weights.json\n"
    ),
    "dvc/imported/weights.json": "[1]",
    "dvc/two/both.dvc": (
        "outs:\n- md5: 0123456789abcdef0123456789abcdef\n  path: a.json\n"
        "- etag: 0123456789abcdef0123456789abcdef\n  path: b.json\n"
    ),
    "dvc/two/a.json": "[1]",
    "dvc/two/b.json": "[2]",
    "dvc/commented/weights.json.dvc": (
        "# the model of May\nouts:\n- path: weights.json\n  md5: 0123456789abcdef0123456789abcdef\nmeta: {note: os.system}\n"
    ),
    "dvc/commented/weights.json": "[1]",
    "dvc/annotated/weights.json.dvc": (
        "outs:\n"
        "- {path: ./weights.json, md5: 0123456789abcdef0123456789abcdef, type: model, labels: [eval, exec]}\n"
        "# path: x\n- path: weights.json\n  md5: 0123456789abcdef0123456789abcdef\n"
    ),
    "dvc/annotated/weights.json": "[1]",
}  # fmt: skip


def samples() -> Iterator[tuple[str, bytes]]:
    """Paths below `benign/`, with their bytes."""
    for path, content in JSON.items():
        yield f"json/{path}", json.dumps(content, indent=2).encode()
    yield "json/index/shard.safetensors", SHARD
    yield "json/utf-16.json", json.dumps({"a": "ü"}).encode("utf-16")
    for path, text in TEXTS.items():
        yield path, text.encode()
    yield (
        "requirements/packed.zip",
        archive({"requirements.txt": "torch==2.4.0\nnumpy>=1.20,<2\n# git+https://x\n"}),
    )
    conda = "channels: [defaults]\ndependencies:\n- python=3.11\n- pip:\n  - mlflow==2.9\n  - scikit-learn\n"
    yield "requirements/conda.zip", archive({"conda.yaml": conda})
