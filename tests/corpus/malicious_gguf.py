"""Hostile GGUF, GGML, llamafile, Jinja and safetensors, written by hand. Their templates would only echo a line."""

import io
import struct
import zipfile
from collections.abc import Iterator

from tests.corpus import assembler as asm
from tests.corpus.gguf_bytes import ARRAY, LE, NAME, STRING, TEMPLATE, ggml, ggml_tensor, model, with_template
from tests.corpus.programs import elf, pe

SHELL = "os.popen('echo modelwarden sample').read()"
CHAIN = f"{{{{ cycler.__init__.__globals__.{SHELL} }}}}"

TEMPLATES = {
    "a global's module": CHAIN,
    "from a text to every class": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "subscripts": "{{ lipsum['__globals__']['os']['popen']('echo modelwarden sample')['read']() }}",
    "escapes": r"{{ ()|attr('\x5f\x5fclass\x5f\x5f')|attr('\u005f\u005fbase\u005f\u005f') }}",
    "pieces": "{{ x['__cla' ~ 'ss__']['__ba' + 'se__'] }}",
    "backwards": "{{ x['__slabolg__'[::-1]] }}{{ x['__ssalc__'|reverse] }}",
    "joined": "{{ x[['__', 'class', '__']|join] }}",
    "formatted": "{{ x['%sglobals%s'|format('__', '__')] }}{{ x['{0}class{0}'.format('__')] }}",
    "character codes": "{{ x['%c%cclass%c%c' % (95, 95, 95, 95)] }}",
    "variables": "{% set a = '__cla' %}{% set b = 'ss__' %}{{ x[a ~ b] }}",
    "a namespace": "{% set n = namespace(k='__class') %}{% set n.k = n.k ~ '__' %}{{ x[n.k] }}",
    "a macro": "{% macro get(o, k) %}{{ o['__' ~ k ~ '__'] }}{% endmacro %}{{ get('', 'class') }}",
    "keywords": "{{ x|attr(dict(__cla=1, ss__=2)|join) }}",
    "underscores from a repr": "{% set u = (()|select|string|list)[24] %}{{ x[u ~ u ~ 'class' ~ u ~ u] }}",
    "map with attr": "{{ [x]|map('attr', '__class__')|list }}{{ [x]|map(attribute='y.__init__')|list }}",
    "format fields": "{{ '{0.__class__.__init__}'.format(x) }}",
    "a block": "{% set k %}__class__{% endset %}{{ x[k] }}",
    "the template itself": "{{ self._TemplateReference__context.cycler.__init__ }}",
    "a frame": "{{ (messages|map('upper')).gi_frame.f_builtins }}",
    "capitals": "{{ x['__CLASS__'|lower] }}",
    "a loop": "{% for k in ['__class__', '__base__'] %}{{ x[k] }}{% endfor %}",
    "an extension we do not know": "{% frobnicate %}{{ x.__class__.__mro__ }}{% endfrobnicate %}",
}
"""Technique -> template."""


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    yield from _templates()
    yield from _bounds()
    yield from _behind()
    yield from _safetensors()
    yield from _llamafiles()


def _templates() -> Iterator[tuple[str, bytes]]:
    for technique, text in TEMPLATES.items():
        folder = f"template-injection/{technique.replace(' ', '-').replace(chr(39), '')}"
        yield f"{folder}/chat_template.jinja", (TEMPLATE + text).encode()
    at = "template-injection"
    yield f"{at}/gguf-chat-template/model.gguf", with_template(TEMPLATE + CHAIN)
    yield f"{at}/gguf-named-template/model.gguf", with_template(CHAIN, "tokenizer.chat_template.tool_use")
    listed = LE.strings("tokenizer.chat_templates", [TEMPLATE, CHAIN])
    yield f"{at}/gguf-list-of-templates/model.gguf", model(listed)
    twice = LE.string("tokenizer.chat_template", TEMPLATE) + LE.string("tokenizer.chat_template", CHAIN)
    yield f"{at}/gguf-second-of-two/model.gguf", LE.file([NAME, twice], counts=(0, 3))
    yield f"{at}/gguf-then-cut-off/model.gguf", with_template(CHAIN)[:-90]
    yield f"{at}/gguf-under-another-name/weights.bin", with_template(CHAIN)


def _bounds() -> Iterator[tuple[str, bytes]]:
    at = "out-of-bounds"
    huge = (1 << 64) - 1
    yield f"{at}/gguf-count-of-keys/model.gguf", LE.file([NAME], counts=(0, 1 << 61))
    yield f"{at}/gguf-count-of-tensors/model.gguf", LE.file([NAME], counts=(huge, 1))
    text = LE.text("general.name") + LE.u32(STRING) + LE.u64(huge) + b"x"
    yield f"{at}/gguf-length-of-a-text/model.gguf", LE.file([text])
    listed = LE.text("a.b") + LE.u32(ARRAY) + LE.u32(STRING) + LE.u64(1 << 60)
    yield f"{at}/gguf-length-of-a-list/model.gguf", LE.file([listed])
    yield f"{at}/gguf-length-of-a-key/model.gguf", LE.file([LE.u64(1 << 63) + b"x"])
    yield f"{at}/gguf-dimensions/model.gguf", LE.file([NAME], [LE.tensor("a", [1] * 5, 0, 0)], bytes(32))
    wrapped = LE.tensor("a", [1 << 32, 1 << 32, 4], 0, 0)
    yield f"{at}/gguf-product-overflows/model.gguf", LE.file([NAME], [wrapped], bytes(32))
    yield f"{at}/gguf-negative-size/model.gguf", LE.file([NAME], [LE.tensor("a", [huge, 1], 0, 0)], bytes(32))
    beyond = [LE.tensor("a", [8], 0, 0), LE.tensor("b", [8], 0, 1 << 40)]
    yield f"{at}/gguf-offset-beyond-the-end/model.gguf", LE.file([NAME], beyond, bytes(64))
    over = [LE.tensor("a", [1 << 20], 0, 0), LE.tensor("b", [8], 0, 32)]
    yield f"{at}/gguf-reads-over-its-neighbours/model.gguf", LE.file([NAME], over, bytes(64))
    yield (
        f"{at}/gguf-offset-overflows/model.gguf",
        LE.file([NAME], [LE.tensor("a", [8], 0, huge - 31)], bytes(32)),
    )
    yield f"{at}/gguf-unaligned/model.gguf", LE.file([NAME], [LE.tensor("a", [8], 0, 1)], bytes(64))
    for value in (0, 3):
        yield f"{at}/gguf-alignment/{value}.gguf", LE.file([LE.number("general.alignment", value)])
    yield f"{at}/gguf-half-a-block/model.gguf", LE.file([NAME], [LE.tensor("a", [31], 2, 0)], bytes(32))
    words = [b"a", b"b"]
    yield (
        f"{at}/ggml-dimensions/model.bin",
        ggml(b"lmgg", None, words, ggml_tensor(b"t", [1] * 9, 0, b"1234")),
    )
    wide = ggml_tensor(b"t", [0xFFFFFFFF, 0xFFFFFFFF, 4], 0, b"1234")
    yield f"{at}/ggmf-product-overflows/model.bin", ggml(b"fmgg", 1, words, wide)
    head = ggml(b"tjgg", 3, words, b"")
    block = ggml_tensor(b"t", [31], 2, bytes(20), len(head))
    yield f"{at}/ggjt-half-a-block/model.bin", head + block
    first = ggml_tensor(b"t", [2], 0, bytes(8))
    named = struct.pack("<4I", 1, 0xFFFFFFFF, 0, 2)
    yield f"{at}/ggml-length-of-a-name/model.bin", ggml(b"lmgg", None, words, first + named)
    adapter = b"algg" + struct.pack("<3I", 1, 8, 16) + struct.pack("<4I", 0x7FFFFFFF, 1, 0, 2)
    yield f"{at}/ggla-dimensions/adapter.bin", adapter


def _behind() -> Iterator[tuple[str, bytes]]:
    """Another file behind or within the tensors."""
    hidden = asm.program(asm.call(asm.named_in_text("os", "system"), asm.text("echo modelwarden sample")))
    padded = hidden + bytes(-len(hidden) % 32)
    yield "dangerous-call/gguf-behind-the-tensors/model.gguf", model(tail=hidden)
    tensors = [LE.tensor("a", [8], 0, 0), LE.tensor("b", [8], 0, 32 + len(padded))]
    held = LE.file([NAME], tensors, bytes(32) + padded + bytes(32))
    yield "dangerous-call/gguf-between-the-tensors/model.gguf", held
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(zipfile.ZipInfo("archive/data.pkl"), hidden)
    yield "dangerous-call/gguf-with-an-archive-behind/model.gguf", model(tail=archive.getvalue())
    first = ggml(b"lmgg", None, [b"a"], ggml_tensor(b"t", [2], 0, bytes(8)))
    yield "dangerous-call/ggml-behind-the-tensors/model.bin", first + hidden
    twice = model(LE.string("general.architecture", "llama"), LE.string("general.architecture", "bert"))
    yield "header-disagreement/gguf-key-twice/model.gguf", twice
    shared = [LE.tensor("a", [16], 0, 0), LE.tensor("b", [8], 0, 32)]
    yield "header-disagreement/gguf-shared-bytes/model.gguf", LE.file([NAME], shared, bytes(64))
    same = [LE.tensor("a", [8], 0, 0), LE.tensor("a", [8], 0, 32)]
    yield "header-disagreement/gguf-tensor-twice/model.gguf", LE.file([NAME], same, bytes(64))


def _safetensors() -> Iterator[tuple[str, bytes]]:
    def packed(header: str, data: bytes) -> bytes:
        return len(header).to_bytes(8, "little") + header.encode() + data

    one = '"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}'
    far = '"b": {"dtype": "U8", "shape": [4], "data_offsets": [1099511627776, 1099511627780]}'
    yield (
        "out-of-bounds/safetensors-offset-beyond-the-end/model.safetensors",
        packed(f"{{{one}, {far}}}", b"1234"),
    )
    wide = '{"a": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 4]}}'
    yield "out-of-bounds/safetensors-product-overflows/model.safetensors", packed(wide, b"1234")
    back = '{"a": {"dtype": "U8", "shape": [4], "data_offsets": [4, 0]}}'
    yield "out-of-bounds/safetensors-end-before-begin/model.safetensors", packed(back, b"1234")
    template = '{"__metadata__": {"chat_template": "' + CHAIN.replace('"', "'") + '"}, ' + one + "}"
    yield "template-injection/safetensors-metadata/model.safetensors", packed(template, b"1234")


def llamafile(program: bytes, weights: bytes) -> bytes:
    """A program with an archive behind it."""
    archive = io.BytesIO()
    archive.write(program)
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr(zipfile.ZipInfo("model.gguf"), weights)
        packed.writestr(zipfile.ZipInfo(".args"), "-m\nmodel.gguf\n")
    return archive.getvalue()


def _llamafiles() -> Iterator[tuple[str, bytes]]:
    yield "runtime-executable/pe/model.llamafile", llamafile(pe(), with_template(CHAIN))
    yield "runtime-executable/elf/model.llamafile", llamafile(elf(), with_template(CHAIN))
    yield "template-injection/llamafile/model.llamafile", llamafile(pe(), with_template(CHAIN))
