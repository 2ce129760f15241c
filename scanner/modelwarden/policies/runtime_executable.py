"""MW217: the model comes inside a program that runs it."""

from modelwarden.domain.observation import Observation, Place, Program
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW217",
    name="runtime-executable",
    severity=Severity.INFO,
    summary="The file is a program that carries its model, by design.",
    explanation=(
        "A llamafile is a program for six operating systems that holds llama.cpp and the weights. Using it means running its "
        "author's code with your rights. The weights and every other member have been scanned; the program itself has not been "
        "examined."
    ),
    remedy=(
        "Run it only when you trust who built it, best in a container. Or take the weights out (unzip FILE '*.gguf') and run "
        "them with a llama.cpp of your own."
    ),
    references=("https://github.com/Mozilla-Ocho/llamafile",),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Program("llamafile", Place.FILE, name):
            return Judgement(
                subject="llamafile",
                message=f"{shorten(name) or 'The file'} is a llamafile: using the model means running this program.",
                family="native",
            )
    return None


POLICY = Policy(RULE, _judge)
