"""MW107: a module, class or function of the running program is changed."""

from modelwarden.domain.observation import Observation, Patch
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import shorten
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity

RULE = Rule(
    id="MW107",
    name="object-patching",
    severity=Severity.CRITICAL,
    summary="The file changes a module, class or function.",
    explanation=(
        "Pickle fills fresh instances with their state. Here the state goes to something that the file has imported: a module, a "
        "class, a function or a table of the running program, such as os.environ or sys.modules. That replaces attributes for "
        "the whole process, for example a method that is called next, so harmless-looking names run other code afterwards. Or an "
        "instance is given a method such as __setstate__ or append, which the loader itself calls in its next step."
    ),
    remedy=(
        "Do not load the file. No library writes such pickles. Get the model from its author in a format that holds data alone, "
        "such as safetensors or ONNX."
    ),
    cwe=(915,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case Patch(None, how, method=method):
            subject = f"an object's {shorten(method)}"
            return Judgement(
                subject=subject,
                message=f"Loading this file gives an object a method of its own choice, {shorten(method)} ({how}): whoever uses "
                "the object calls it.",
            )
        case Patch(target, how):
            subject = shorten(str(target))
            return Judgement(
                subject=subject, message=f"Loading this file changes {subject} ({how}) for the whole process."
            )
    return None


POLICY = Policy(RULE, _judge)
