"""XML documents that look odd and are not: document types of standards, entities of plain text, attacks as text."""

from collections.abc import Iterator

_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SVG = (
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"{}>\n'
)
_ILLUSTRATOR = (
    ' [\n<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n<!ENTITY ns_xlink "http://www.w3.org/1999/xlink">\n]'
)
_XHTML = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n'
_PLIST = (
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'
)
_OWL = '<!DOCTYPE rdf:RDF [\n<!ENTITY owl "http://www.w3.org/2002/07/owl#">\n<!ENTITY xsd "http://www.w3.org/2001/XMLSchema#">\n]>\n'
_BOOK = "<!DOCTYPE book [\n<!ENTITY product 'Sample'>\n<!ENTITY title '&product; by hand'>\n]>\n<book>&title;</book>\n"
_QUOTES = "&lt;!DOCTYPE x [&lt;!ENTITY y SYSTEM 'file:///etc/passwd'>]> libsample.so"

_TREE = """<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
  <Header description="{}"><Application name="sample" version="1.0"/></Header>
  <DataDictionary numberOfFields="2">
    <DataField name="x" optype="continuous" dataType="double"/><DataField name="y" optype="categorical" dataType="string"/>
  </DataDictionary>
  <TreeModel functionName="classification"><MiningSchema><MiningField name="x"/></MiningSchema>
    <Node score="a"><True/><Node score="b"><SimplePredicate field="x" operator="greaterThan" value="0.5"/></Node></Node>
  </TreeModel>
</PMML>
"""
_NET = """<net name="sample" version="{}">
  <layers>
    <layer id="0" name="input" type="Parameter"{}><data shape="1,3" element_type="f32"/></layer>
    <layer id="1" name="weights" type="Const"{}><data offset="0" size="12" shape="3" element_type="f32"/></layer>
    <layer id="2" name="output/libsample.so" type="Result"{}/>
  </layers>
  <edges><edge from-layer="0" from-port="0" to-layer="2" to-port="0"/></edges>
  <rt_info><conversion_parameters><extension value="/opt/sample/libextension.so"/></conversion_parameters></rt_info>
</net>
"""


def samples() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample."""
    tree = _DECLARED + _TREE.format("a tree")
    yield "pmml/tree.pmml", tree.encode()
    yield "pmml/tree-quotes-an-attack.pmml", (_DECLARED + _TREE.format(_QUOTES)).encode()
    yield "pmml/tree-in-utf-16.pmml", ("\ufeff" + tree.replace("UTF-8", "UTF-16")).encode("utf-16-le")
    yield "pmml/tree-with-mark.pmml", ("\ufeff" + tree).encode()
    prefixed = tree.replace("<PMML", "<p:PMML").replace("</PMML", "</p:PMML").replace("xmlns=", "xmlns:p=")
    yield "pmml/prefix.xml", prefixed.encode()
    yield (
        "pmml/comment-and-instruction.pmml",
        tree.replace("<PMML", "<!-- <!DOCTYPE x> --><?style x?><PMML").encode(),
    )
    for version, name in (("10", "opset"), ("11", "opset-11")):
        layer = ' version="opset1"'
        yield f"openvino/{name}.xml", (_DECLARED + _NET.format(version, layer, layer, layer)).encode()
    yield "openvino/before-opsets.xml", _NET.format("7", "", "", "").encode()
    layer = ' version="opset1"'
    yield (
        "openvino/named-by-words.xml",
        _NET.replace("sample", "ENTITY SYSTEM").format("11", layer, layer, layer).encode(),
    )
    described = _NET.replace(
        "<edges>",
        "<meta_data><cli_parameters><extensions value='x.dll'/></cli_parameters></meta_data><edges>",
    )
    yield "openvino/told-by-the-converter.xml", described.format("10", layer, layer, layer).encode()
    for name, text in (
        ("illustrator.xml", f"{_SVG.format(_ILLUSTRATOR)}<svg xmlns='&ns_svg;'/>\n"),
        ("xhtml.xml", f"{_XHTML}<html xmlns='http://www.w3.org/1999/xhtml'/>\n"),
        ("property-list.xml", f"{_PLIST}<plist version='1.0'><dict/></plist>\n"),
        ("ontology.xml", f"{_OWL}<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>\n"),
        ("maven.xml", "<project xmlns='http://maven.apache.org/POM/4.0.0'><modelVersion>4.0.0</modelVersion></project>\n"),
        ("quotes-an-attack.xml", f"<tutorial>{_QUOTES}</tutorial>\n"),
        ("character-data.xml", "<tutorial><![CDATA[<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>]]></tutorial>\n"),
        ("text-entities.xml", _BOOK),
    ):  # fmt: skip
        yield f"xml/{name}", (_DECLARED + text).encode()
