"""MW113: a persistent id that is not one of PyTorch's."""

from modelwarden.domain.observation import Observation, PersistentId
from modelwarden.domain.policy import Judgement, Policy
from modelwarden.domain.preview import preview
from modelwarden.domain.rule import Rule
from modelwarden.domain.severity import Severity
from modelwarden.domain.value import Global, Value
from modelwarden.policies.tables.known import Kind, classify

RULE = Rule(
    id="MW113",
    name="persistent-id",
    severity=Severity.WARNING,
    summary="The file hands its loader an id that is not one of PyTorch's.",
    explanation=(
        "A persistent id is passed to a function of the loading program, which returns the object it stands for. PyTorch uses "
        "ids for its storages, and those are known. Any other id fails in a plain pickle.load, and in another program it "
        "reaches code that may take the file's word for what to open."
    ),
    remedy="Load the file only with the program it was made for, after checking what that program does with its ids.",
    cwe=(502,),
)


def _judge(fact: Observation) -> Judgement | None:
    match fact:
        case PersistentId(value) if not _is_torch_storage(value) and not _is_torch_module(value):
            shown = preview(value)
            return Judgement(
                subject=shown,
                message=f"Loading this file hands the persistent id {shown} to the loading program.",
            )
    return None


def _is_torch_storage(value: Value) -> bool:
    """`("storage", storage class, key, location, number of elements)`, and a sixth for views.

    Source: `persistent_id` in torch/serialization.py; the legacy format adds the view's metadata.
    """
    match value:
        case ("storage", Global(module, name) as storage, key, location, *numbers) if len(numbers) in (1, 2):
            return (
                module.partition(".")[0] == "torch"
                and name.endswith("Storage")
                and classify(storage).kind is Kind.HARMLESS
                and not isinstance(key, Global)
                and not isinstance(location, Global)
            )
    return False


def _is_torch_module(value: Value) -> bool:
    """`("module", class, source file, source)` of the legacy format, whose loader only compares the source."""
    match value:
        case ("module", Global(), *texts):
            return len(texts) == 2 and not any(isinstance(text, Global) for text in texts)
    return False


POLICY = Policy(RULE, _judge)
