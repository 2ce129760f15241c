"""Keys by which libraries that load models from a hub or a registry find code: transformers, diffusers, PEFT, MLflow and others.

Sources: `transformers/dynamic_module_utils.py` (`repository--module.Class`), `diffusers/pipelines/pipeline_loading_utils.py`,
`sentence_transformers/SentenceTransformer.py` (`modules.json`), `peft/auto.py`, `mlflow/pyfunc/__init__.py`.
"""

import re
from collections.abc import Iterator

from modelwarden.domain.format import Fact
from modelwarden.domain.observation import Call, How, Name, Observation, Reference, Role, Setting
from modelwarden.domain.preview import shorten
from modelwarden.domain.value import Global
from modelwarden.parsing.requirements import leads_elsewhere
from modelwarden.parsing.settings.targets import dotted
from modelwarden.parsing.settings.tree import Locator, Node, Pairs, Place, children

BESIDE = "transformers_modules"
"""The package under which transformers imports a module that lies beside the configuration."""

_CLASS = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_MOST_NODES = 1_000
_LONGEST_TEMPLATE = 2 << 20
_TRUE = frozenset(("true", "yes", "on", "1"))


def observe(key: str, value: Node, place: Place, locator: Locator, *, loaded: bool) -> Iterator[Fact]:
    """What `key` of the mapping at `place` states. `loaded`: a library reads this file together with a model."""
    match key:
        case "auto_map" | "custom_pipelines":
            yield from _classes(key, value, locator)
        case "auto_mapping" if isinstance(value, Pairs):
            yield from _adapter(value, locator)
        case "_class_name":
            yield from _pipeline(value, place, locator)
        case "type" if isinstance(value, str) and isinstance(place.node, Pairs) and place.node.has("idx"):
            yield from _module(value, locator)
        case "trust_remote_code" if loaded and _is_true(value):
            yield Setting(key, "true", "", locator.span(key))
        case "chat_template":
            yield from _templates(value, locator)
        case "weight_map" if place.above is None and isinstance(value, Pairs):
            yield from _shards(value, locator)
        case "loader_module" if isinstance(value, str):
            yield Setting(key, shorten(value), "python_function", locator.span(value))


def names(key: str, value: Node, locator: Locator) -> Iterator[Observation]:
    """What the model, or the one it comes from, is called."""
    for text in value if isinstance(value, list) else (value,):
        if isinstance(text, str) and text:
            yield Name(text, key, locator.span(text))


def requirements(key: str, value: Node, locator: Locator) -> Iterator[Observation]:
    """The lines that conda hands to pip: `dependencies: [{pip: [...]}]`."""
    if key == "pip" and isinstance(value, list):
        for line in value:
            if isinstance(line, str) and leads_elsewhere(line):
                yield Setting("requirement", shorten(line), "pip", locator.span(line))


def _classes(key: str, value: Node, locator: Locator) -> Iterator[Observation]:
    """Classes by name at any depth below: of modules beside this file, or of another repository."""
    pending: list[tuple[str, Node]] = [(key, value)]
    for _ in range(_MOST_NODES):
        if not pending:
            return
        holder, node = pending.pop()
        if isinstance(node, Pairs):
            pending.extend(reversed(node.items))
        elif isinstance(node, list):
            pending.extend((holder, item) for item in reversed(node))
        elif isinstance(node, str) and "--" in node:
            yield Setting(key, shorten(node), holder, locator.span(node))
        elif isinstance(node, str) and _CLASS.fullmatch(node):
            span = locator.span(node)
            yield Call(
                Global(f"{BESIDE}.{node.rpartition('.')[0]}", node.rpartition(".")[2]),
                (),
                How.CLASS_NAME,
                span,
            )


def _adapter(mapping: Pairs, locator: Locator) -> Iterator[Observation]:
    """PEFT imports `parent_library` and takes `base_model_class` from it."""
    library, name = mapping.last("parent_library"), mapping.last("base_model_class")
    if isinstance(library, str) and isinstance(name, str) and library:
        yield Call(Global(library, name), (), How.CLASS_NAME, locator.span(library))


def _pipeline(value: Node, place: Place, locator: Locator) -> Iterator[Observation]:
    """diffusers: a list names the module and the class of a pipeline of its own; components name library and class."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        written = ".".join(part for part in value[:2] if isinstance(part, str))
        yield Setting("_class_name", shorten(written), "pipeline", locator.span(value[0]))
    if not isinstance(place.node, Pairs):
        return
    for holder, component in place.node.items:
        match component:
            case [str(library), str(name)] if holder != "_class_name" and "--" in library:
                yield Setting("component", shorten(f"{library}.{name}"), holder, locator.span(library))
            case [str(library), str(name)] if holder != "_class_name" and library.isidentifier():
                yield Call(Global(library, name), (), How.CLASS_NAME, locator.span(library))


def _module(value: str, locator: Locator) -> Iterator[Observation]:
    """sentence-transformers: each step of a model is a class by its name."""
    if "--" in value:
        yield Setting("type", shorten(value), "modules.json", locator.span(value))
    elif _CLASS.fullmatch(value):
        yield Call(dotted(value), (), How.CLASS_NAME, locator.span(value))


def _templates(value: Node, locator: Locator) -> Iterator[Observation]:
    """One template; or several, as a mapping by name or as a list of mappings with `name` and `template`."""
    # The reader of templates is needed for few files.
    from modelwarden.parsing.jinja import looks_like_a_template, template
    from modelwarden.parsing.texts import texts_of

    found: list[tuple[str, Node]] = []
    if isinstance(value, Pairs):
        found = [(f"chat_template.{name}", text) for name, text in value.items]
    elif isinstance(value, list):
        for entry in value[:_MOST_NODES]:
            if isinstance(entry, Pairs):
                found += [
                    (f"chat_template.{entry.last('name')}", text)
                    for key, text in entry.items
                    if key == "template"
                ]
    else:
        found = [("chat_template", value)]
    for holder, text in found[:_MOST_NODES]:
        if isinstance(text, str) and looks_like_a_template(text):
            span = locator.span("chat_template")
            yield template(text[:_LONGEST_TEMPLATE], shorten(holder), span)
            yield from texts_of(
                text[:_LONGEST_TEMPLATE].encode("utf-8", "replace"), shorten(holder), span, code=True
            )


def _shards(mapping: Pairs, locator: Locator) -> Iterator[Observation]:
    """The files that hold the tensors of a checkpoint, each once."""
    files = dict.fromkeys(name for name in children(mapping) if isinstance(name, str))
    for name in files:
        yield Reference(Role.SHARD, name, "weight_map", locator.span(name))


def _is_true(value: Node) -> bool:
    return value is True or (isinstance(value, str) and value.lower() in _TRUE)
