"""Symbols, folding, colours and actions of a template."""

from itertools import pairwise

from orch.ide.results import Symbol
from orch.ide.template_actions import template_actions
from orch.ide.template_symbols import template_folding, template_symbols, workspace_template_symbols
from orch.ide.template_tokens import template_tokens
from orch.text.span import apply_edits
from support.jinja_fuzz import SEEDS
from support.template_desk import opened
from support.templates import findings

SOURCE = """\
+++
[inputs.depth]
description = "How deep"
+++
{% set tone = "kind" %}
{% block task %}
{% macro item(x) %}
{{ x }}
{% endmacro %}
{% if tone %}
{% block inner %}a{% endblock %}
{% else %}
b
{% endif %}
{% endblock %}
{# a long
comment #}
"""


def _names(symbols: tuple[Symbol, ...] | list[Symbol]) -> list[object]:
    return [(symbol.name, symbol.kind, _names(symbol.children)) for symbol in symbols]


def test_symbols_are_nested() -> None:
    assert _names(template_symbols(opened(SOURCE).desk.context)) == [
        ("depth", "field", []),
        ("tone", "variable", []),
        ("task", "class", [("item", "function", []), ("inner", "class", [])]),
    ]


def test_a_symbols_name_lies_in_it() -> None:
    def check(symbol: Symbol) -> None:
        assert symbol.span.start <= symbol.selection.start <= symbol.selection.end <= symbol.span.end
        for child in symbol.children:
            check(child)

    for source in (SOURCE, *SEEDS):
        for symbol in template_symbols(opened(source).desk.context):
            check(symbol)


def test_workspace_symbols() -> None:
    desk = opened(
        "//- main\nx\n//- lib/macros\n{% macro item(x) %}{% endmacro %}{% block task %}{% endblock %}\n"
    ).desk
    assert desk.around is not None
    others = desk.around.index.others(desk.around.library)
    found = workspace_template_symbols("lib it", others)
    assert [(symbol.name, symbol.container) for symbol in found] == [("item", "project:lib/macros")]
    assert len(workspace_template_symbols("", others)) == 4


def test_folding_by_branches() -> None:
    desk = opened(SOURCE).desk
    text = desk.text
    folds = template_folding(desk.context.tree)
    lines = [(text.count("\n", 0, f.span.start) + 1, text.count("\n", 0, f.span.end) + 1, f.kind) for f in folds]
    assert lines == [
        (1, 4, "region"), (6, 14, "region"), (7, 8, "region"), (10, 11, "region"), (12, 13, "region"),
        (16, 17, "comment"),
    ]  # fmt: skip


def test_colours_are_in_order_and_on_one_line() -> None:
    for source in (SOURCE, *SEEDS):
        desk = opened(source).desk
        tokens = template_tokens(desk.context.tree)
        for before, after in pairwise(tokens):
            assert before.span.end <= after.span.start
        assert not any("\n" in token.span.slice(desk.text) for token in tokens)


def test_colours() -> None:
    source = "{% for f in project.files if f.path is defined %}{{ f.path.upper() | indent(width=2) }}{% endfor %}"
    desk = opened(source).desk
    kinds = [(token.span.slice(desk.text), token.kind) for token in template_tokens(desk.context.tree)]
    assert kinds == [
        ("for", "keyword"), ("f", "variable"), ("in", "keyword"), ("project", "variable"), ("files", "property"),
        ("if", "keyword"), ("f", "variable"), ("path", "property"), ("is", "keyword"), ("defined", "function"),
        ("f", "variable"), ("path", "property"), ("upper", "method"), ("indent", "function"),
        ("width", "parameter"), ("2", "number"), ("endfor", "keyword"),
    ]  # fmt: skip


def _acted(text: str, title: str) -> str:
    (found,) = findings({"main": text})
    action = next(a for a in template_actions(opened(text).desk, [found]) if a.title == title)
    return apply_edits(text, action.edits)


def test_an_undefined_name_can_be_declared() -> None:
    assert _acted("{{ depth }}\n", "Declare the input `depth`") == (
        '+++\n[inputs.depth]\ndescription = ""\n+++\n{{ depth }}\n'
    )
    assert _acted("+++\ndescription = 'x'\n+++\n{{ depth }}\n", "Declare the input `depth`") == (
        "+++\ndescription = 'x'\n\n[inputs.depth]\ndescription = \"\"\n+++\n{{ depth }}\n"
    )


def test_what_jinja_gives_to_other_places_is_no_input() -> None:
    for name in ("loop", "caller", "super", "kwargs"):
        text = f"{{{{ {name} }}}}\n"
        assert [a.title for a in template_actions(opened(text).desk, findings({"main": text}))] == [
            "Ignore `undefined-variable` here"
        ]


def test_what_is_said_of_the_whole_template_can_be_ignored() -> None:
    text = "Plan {{ request }}.\n"
    files = {"orchestrator": text}
    (found,) = findings(files, "orchestrator")
    (action,) = template_actions(opened(f"//- orchestrator\n{text}").desk, [found])
    assert action.title == "Ignore `missing-section-request` here"
    assert findings({"orchestrator": apply_edits(text, action.edits)}, "orchestrator") == []


def test_a_finding_can_be_ignored() -> None:
    text = _acted("a\n  {{ depth }}\n", "Ignore `undefined-variable` here")
    assert text == "a\n  {# orch: ignore[undefined-variable] #}\n  {{ depth }}\n"
    assert findings({"main": text}) == []


def test_a_fix_mends_what_it_belongs_to() -> None:
    for text, mended in (
        ("{{ requst }}\n", "{{ request }}\n"),
        ("{{ request | uper }}\n", "{{ request | upper }}\n"),
        ("{{ request\n", "{{ request }}\n"),
        ("{% fro f in project.files %}{{ f }}{% endfor %}", "{% for f in project.files %}{{ f }}{% endfor %}"),
        ("{% import 'lib' as lib %}\n{{ request }}\n", "{{ request }}\n"),
        ("{{ request %}\n", "{{ request }}\n"),
        (
            "{% for f in project.files %}{% block a %}{{ f.path }}{% endblock %}{% endfor %}",
            "{% for f in project.files %}{% block a scoped %}{{ f.path }}{% endblock %}{% endfor %}",
        ),
    ):
        found = findings({"main": text, "lib": "{% macro m() %}{% endmacro %}"})
        assert len(found) == 1
        assert apply_edits(text, found[0].fixes[0].edits) == mended
        assert findings({"main": mended, "lib": ""}) == []
