# ruff: noqa: E501  # templates and strategies read better in one line
"""Templates are parsed and never rendered; names that are put together from pieces are put together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwarden.domain.location import Span
from modelwarden.domain.observation import Template
from modelwarden.parsing.jinja import LONGEST, looks_like_a_template, template
from tests.corpus.templates import CHATS, OTHERS
from tests.guard import ends

SPAN = Span(3, 5)


def read(text: str) -> Template:
    return template(text, "chat_template", SPAN)


def test_states_what_a_template_uses() -> None:
    found = read(
        "{% for m in messages if m is defined %}{{ m['role'] | upper }}{{ m.content }}{{ f(1) }}{% endfor %}"
    )
    assert (found.holder, found.span, found.parsed) == ("chat_template", SPAN, True)
    assert found.names == ("f", "m", "messages")
    assert found.attributes == ("content", "role")
    assert found.filters == ("defined", "upper")
    assert found.computed == ()


@pytest.mark.parametrize("text", list(CHATS.values()), ids=list(CHATS))
def test_chat_templates_are_parsed_and_compute_no_names(text: str) -> None:
    found = read(text)
    assert found.parsed
    assert found.computed == ()
    assert not [name for name in found.attributes if name.startswith("_")]


@pytest.mark.parametrize("text", list(OTHERS.values()), ids=list(OTHERS))
def test_other_templates_compute_no_names(text: str) -> None:
    assert read(text).computed == ()


ORDINARY_SUBSCRIPTS = [
    "messages[0]", "messages[loop.index0 + 1]", "messages[i - 1]", "tools[i]", "obj[key]", "messages[1:]", "x['a']['b']",
    "names[role | lower]", "names[key | replace('-', '_')]", "d[a ~ '-' ~ b]", "d['prefix_' ~ name]", "d[text.split('.')[0]]",
    "d[tools | map(attribute='name') | first]", "{'a': 1}[kind]", "d[(n | int) % 2]", "'ab'[i]", "d[a + b]", "d[key.strip()]",
]  # fmt: skip


@pytest.mark.parametrize("expression", ORDINARY_SUBSCRIPTS)
def test_ordinary_subscripts_are_not_computed_names(expression: str) -> None:
    assert read(f"{{{{ {expression} }}}}").computed == ()


BUILT = {
    "tilde": "x['__cla' ~ 'ss__']",
    "plus": "x['__cla' + 'ss__']",
    "adjacent": "x['__cla' 'ss__']",
    "escapes": r"x['\x5f\x5fclass\u005f\u005f']",
    "join": "x[['__', 'class', '__'] | join]",
    "join with text": "x[['', 'class', ''] | join('__')]",
    "join method": "x['__'.join(['', 'class', ''])]",
    "reverse": "x['__ssalc__' | reverse]",
    "slice": "x['__ssalc__'[::-1]]",
    "part": "x['--__class__--'[2:-2]]",
    "index": "x[['a', '__class__'][1]]",
    "percent": "x['%s%s' % ('__cla', 'ss__')]",
    "percent c": "x['%c%cclass__' % (95, 95)]",
    "format filter": "x['%s%s' | format('__cla', 'ss__')]",
    "format method": "x['{1}{0}'.format('ss__', '__cla')]",
    "format c": "x['{:c}{:c}class__'.format(95, 95)]",
    "replace": "x['..class..' | replace('.', '_')]",
    "replace method": "x['..class..'.replace('.', '_')]",
    "lower": "x['__CLASS__' | lower]",
    "upper and lower": "x['__claSS__'.upper().lower()]",
    "trim": "x[' __class__ ' | trim]",
    "times": "x['_' * 2 ~ 'class' ~ '_' * 2]",
    "default": "x[undefined | default('__class__')]",
    "condition": "x['a' if y else '__class__']",
    "or": "x[y or '__class__']",
    "attr": "x | attr('__cla' ~ 'ss__')",
    "map": "[x] | map('attr', '__class__')",
    "map attribute": "[x] | map(attribute='a.__class__')",
    "groupby": "[x] | groupby('__class__')",
    "sort": "[x] | sort(attribute='__class__')",
    "selectattr": "[x] | selectattr('__class__')",
    "format field": "'{0.__class__}'.format(x)",
    "format key": "'{a[__class__]}'.format(a=x)",
    "mapping": "x[{'k': '__cla' ~ 'ss__'}['k']]",
    "mapping by attribute": "x[dict(k='__ssalc__').k | reverse]",
    "nothing or": "x[none or '__ssalc__'[::-1]]",
    "passed on": "get(x, '__class__')",
    "in a list": "[x, '__class__']",
}


@pytest.mark.parametrize("expression", list(BUILT.values()), ids=list(BUILT))
def test_constant_pieces_become_the_attribute(expression: str) -> None:
    assert "__class__" in read(f"{{{{ {expression} }}}}").attributes


FLOWS = {
    "set": "{% set k = '__cla' ~ 'ss__' %}{{ x[k] }}",
    "set twice": "{% set a = '__cla' %}{% set b = 'ss__' %}{{ x[a ~ b] }}",
    "set a pair": "{% set a, b = '__cla', 'ss__' %}{{ x[a ~ b] }}",
    "block": "{% set k %}__class__{% endset %}{{ x[k] }}",
    "block of pieces": "{% set k %}__{{ 'class' }}__{% endset %}{{ x[k] }}",
    "loop": "{% for k in ['a', '__class__'] %}{{ x[k] }}{% endfor %}",
    "with": "{% with k = '__class__' %}{{ x[k] }}{% endwith %}",
    "macro argument": "{% macro m(k) %}{{ x['__' ~ k] }}{% endmacro %}{{ m('class__') }}",
    "macro keyword": "{% macro m(k) %}{{ x['__' ~ k] }}{% endmacro %}{{ m(k='class__') }}",
    "macro default": "{% macro m(k='class__') %}{{ x['__' ~ k] }}{% endmacro %}{{ m() }}",
    "macro result": "{% macro m() %}__class__{% endmacro %}{{ x[m()] }}",
    "namespace": "{% set n = namespace(k='__cla') %}{{ x[n.k ~ 'ss__'] }}",
    "assigned behind the use": "{% for i in y %}{{ x[k] }}{% set k = '__cla' ~ 'ss__' %}{% endfor %}",
}


@pytest.mark.parametrize("text", list(FLOWS.values()), ids=list(FLOWS))
def test_variables_carry_pieces(text: str) -> None:
    assert "__class__" in read(text).attributes


@pytest.mark.parametrize(
    ("text", "computed"),
    [
        ("{% set u = (()|select|string|list)[24] %}{{ x[u ~ u ~ 'class' ~ u ~ u] }}", "…class…"),
        ("{{ x[dict(__cla=1, ss__=2) | join] }}", "…"),
        ("{{ x | attr(name) }}", "…"),
        ("{{ x[['__CLA', 'SS__'] | map('lower') | join] }}", "…"),
        ("{{ x[(messages | select | string)[1]] }}", "…"),
        ("{{ x | attr(*names) }}", "…"),
        ("{{ x['__CLASS__'.casefold()] }}", "…"),
        ("{{ x['a'.encode().fromhex('5f5f').decode()] }}", "…"),
        (
            "{% set n = namespace(k='') %}{% for c in y %}{% set n.k = n.k ~ c %}{% endfor %}{{ x[n.k ~ '_'] }}",
            "…_",
        ),
        ("{{ x[(cycler | string)[3:8]] }}", "…"),
        ("{{ x['__' ~ name ~ '__'] }}", "__…__"),
        ("{% set k %}{% for c in y %}{{ c }}{% endfor %}{% endset %}{{ x[k ~ 's'] }}", "…s"),
    ],
)
def test_pieces_that_are_not_known_leave_a_pattern(text: str, computed: str) -> None:
    assert computed in read(text).computed


@pytest.mark.parametrize(
    "text", ["{{ n == '__init__' }}", "{{ '__init__' }}", "{{ n in ['__init__', '__new__'] }}"]
)
def test_names_of_internals_that_are_only_compared_or_printed_are_no_attributes(text: str) -> None:
    assert read(text).attributes == ()


def test_includes_are_named() -> None:
    assert read("{% include 'a' %}{% import 'b' as c %}{% extends 'd' %}").names == (
        "extends",
        "import",
        "include",
    )


@pytest.mark.parametrize(
    "text", ["{{ x.__class__ ", "{% frobnicate %}{{ x['__class__'] }}", "{{ x|attr('__class__') + }}"]
)
def test_what_is_no_jinja_is_read_by_its_words(text: str) -> None:
    found = read(text)
    assert not found.parsed
    assert "__class__" in found.attributes


def test_too_long_a_text_is_not_read() -> None:
    assert not read("{{ x.__class__ }}" + " " * LONGEST).parsed


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a' * 10 ** 9 }}", "{{ 10 ** 10 ** 10 }}", "{{ x['a' * 10 ** 9] }}", "{{ x['%999999999d' % 1] }}",
        "{{ x['{:999999999}'.format(1)] }}", "{{ x[('a' * 200) * 200 * 200] }}", "{{ range(10 ** 12) | list }}",
        "{{ x[['a' * 99] * 10 ** 9 | join] }}", "{{ 1" + "0" * 6000 + " }}",
    ],
    ids=lambda text: text[:30],
)  # fmt: skip
def test_nothing_is_evaluated(text: str) -> None:
    with ends():
        read(text)


BOMBS = {
    "parentheses": "{{ " + "(" * 100_000,
    "ifs": "{% if a %}" * 40_000,
    "attributes": "{{ a" + ".b" * 40_000 + " }}",
    "sums": "{{ x[a" + " + a" * 20_000 + "] }}",
    "subscripts": "{{ x[" * 1 + "a[" * 50_000,
    "pieces": "{{ x[" + "'a' ~ " * 20_000 + "'b'] }}",
    "a variable that grows": "{% set x = x ~ 'a' %}" * 5_000 + "{{ y[x] }}",
    "variables that double": "".join(f"{{% set a{n} = a{n - 1} ~ a{n - 1} %}}" for n in range(1, 200))
    + "{{ x[a199] }}",
    "alternatives": "{{ x[" + " ~ ".join(["(a or 'b' or 'c' or 'd')"] * 100) + "] }}",
    "quotes": "{{ '" * 20_000,
    "comments": "{#" * 50_000,
    "fields": "{{ '" + "{a.b}" * 10_000 + "'.format(x) }}",
}


@pytest.mark.parametrize("text", list(BOMBS.values()), ids=list(BOMBS))
def test_bombs_end(text: str) -> None:
    with ends():
        read(text)


def test_tells_templates_from_names() -> None:
    assert looks_like_a_template("{{ x }}")
    assert looks_like_a_template("{% x %}")
    assert not looks_like_a_template("chatml {x}")


PIECES = st.sampled_from(
    ["{{", "}}", "{%", "%}", "{#", "#}", " x ", ".", "[", "]", "(", ")", "|", "~", "+", "%", "*", "'__'", "'%s'", "'{0}'", "5", "-1",
     "attr", "join", "format", "reverse", "set ", "k", "=", "for ", " in ", "endfor", "if ", "endif", "macro ", "endmacro", ":", ",",
     "\\x5f", "'", '"', "\0", "\ue000", "raw", "namespace", "dict"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60))
def test_any_text_ends_without_an_error(text: str) -> None:
    assert isinstance(read(text), Template)


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "'__'", "'%s'", "'{}'", "2", "95", "k", "()", "none", "[1, 'a']", "lipsum"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" ~ ", " + ", " * ", " % ", " or "]), inner).map("".join).map("({})".format),
        st.tuples(inner, st.sampled_from(["join", "reverse", "lower", "list", "first", "string", "trim", "map", "int"])).map("|".join),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]}[{pair[1]}]"),
        st.tuples(inner, st.sampled_from(["[::-1]", "[1:]", "[::0]", "[x:]", ".a", ".format(k, 1)", ".join(k)", "|attr(k)"])).map("".join),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(EXPRESSIONS, min_size=1, max_size=4))
def test_any_expression_is_folded_without_an_error(expressions: list[str]) -> None:
    first, *more = expressions
    assert isinstance(
        read(f"{{% set k = {first} %}}" + "".join(f"{{{{ x[{one}] }}}}" for one in more)), Template
    )
