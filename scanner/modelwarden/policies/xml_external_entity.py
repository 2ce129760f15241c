"""MW304: an XML document declares entities or brings a document type."""

from modelwarden.domain.observation import Anomaly, Observation, Quirk
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW304",
    name="xml-external-entity",
    severity=Severity.CRITICAL,
    summary="An XML document declares entities, or brings a document type where none belongs.",
    explanation=(
        "XML parsers replace entities by what the document type says: the content of a local file, the answer of an address, or "
        "text that doubles with every level until memory is full. Models in XML (PMML, OpenVINO) have no use for a document "
        "type, so one in them is there for the parser. Nothing was expanded or fetched here."
    ),
    remedy=(
        "Do not load the file. Remove the document type (everything from <!DOCTYPE to its closing >) and see whether the model "
        "is still whole, and use a parser that refuses document types."
    ),
    cwe=(611, 776),
    references=("https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Anomaly(Quirk.XML_ENTITY, subject, detail):
            return Judgement(shorten(subject), f"The document {shorten(detail)}.")
    return None


POLICY = Policy(RULE, _judge)
