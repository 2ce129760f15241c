"""From the decoded tree of a configuration to the facts in it."""

from collections.abc import Iterator

from modelwarden.domain.format import Fact, Scope
from modelwarden.parsing.settings import hub
from modelwarden.parsing.settings.marks import NAMING, Marks
from modelwarden.parsing.settings.targets import Targets
from modelwarden.parsing.settings.tree import Locator, Node, Pairs, places

_NAMING = frozenset(word.decode() for word in NAMING)
_LOADED = frozenset(
    "config.json configuration.json generation_config.json tokenizer_config.json processor_config.json preprocessor_config.json "
    "model_index.json adapter_config.json modules.json sentence_bert_config.json config_sentence_transformers.json "
    "chat_template.json special_tokens_map.json quantize_config.json model_config.yaml hparams.yaml mlmodel".split()
)
"""What libraries load together with the weights, under these very names."""


def is_loaded(scope: Scope) -> bool:
    """Whether a library reads a file of this name, or in this place, together with a model."""
    return scope.inside or scope.name.lower() in _LOADED or scope.name.lower().endswith(".index.json")


def must_be_read(marks: Marks, scope: Scope) -> bool:
    """Whether what was found makes it a gap when the document is too long to be parsed."""
    return marks.strong or (marks.weak and scope.name.lower() in _LOADED)


def observe_settings(root: Node, data: bytes, scope: Scope) -> Iterator[Fact]:
    """What the tree `root`, decoded from `data`, makes a loader call, import, fetch or render. Raises LimitReached."""
    locator = Locator(data)
    targets = Targets(root, locator)
    loaded = is_loaded(scope)
    for place in places(root):
        if not isinstance(place.node, Pairs):
            continue
        for key, value in place.node.items:
            if value is None:
                continue
            for fact in targets.observe(key, value, place):
                scope.budget.spend_members()
                yield fact
            for stated in hub.observe(key, value, place, locator, loaded=loaded):
                scope.budget.spend_members()
                yield stated
            if scope.inside:
                yield from hub.requirements(key, value, locator)
            if scope.names and key in _NAMING:
                yield from hub.names(key, value, locator)
