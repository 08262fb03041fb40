"""Completion, signature help and hover in a template."""

import pytest

from orch.ide.template_completion import template_completion
from orch.ide.template_hover import template_hover
from orch.ide.template_signature import template_signature
from orch.text.span import apply_edits
from support.template_desk import opened

LIB = (
    "//- lib\n{% macro item(x, deep=2) %}{{ x }}{% endmacro %}{% set year = 1 %}{% macro _own() %}{% endmacro %}\n"
)
BASE = "//- base\n{% block role %}{% endblock %}{% block task %}{% endblock %}\n"
OFFERED = {
    "variables of Orch": ("{{ re$0 }}", {"request", "project", "range"}, {"elif", "item"}),
    "inputs": ("+++\n[inputs.depth]\ndescription = 'How deep'\n+++\n{{ $0 }}", {"depth"}, set()),
    "what is set before": ("{% set one = 1 %}{{ $0 }}{% set two = 2 %}", {"one"}, {"two"}),
    "what a loop binds": ("{% for f in project.files %}{{ $0 }}{% endfor %}", {"f", "loop"}, {"caller"}),
    "behind a loop": ("{% for f in project.files %}{% endfor %}{{ $0 }}", set(), {"f", "loop"}),
    "parameters": ("{% macro m(a, b=1) %}{{ $0 }}{% endmacro %}", {"a", "b", "caller", "m"}, set()),
    "attributes of the project": ("{{ project.$0 }}", {"name", "files", "languages"}, {"request"}),
    "attributes of a file": ("{% for f in project.files %}{{ f.$0 }}{% endfor %}", {"path", "text"}, {"name"}),
    "attributes by an index": ("{{ project.files[0].$0 }}", {"path", "text"}, set()),
    "attributes of loop": ("{% for f in project.files %}{{ loop.$0 }}{% endfor %}", {"index", "first"}, set()),
    "attributes of a namespace": ("{% set ns = namespace(a=1) %}{% set ns.b = 2 %}{{ ns.$0 }}", {"a", "b"}, set()),
    "blocks by self": ("{% block task %}{% endblock %}{{ self.$0 }}", {"task"}, set()),
    "macros of an imported template": ("{% import 'lib' as l %}{{ l.$0 }}\n" + LIB, {"item", "year"}, {"_own"}),
    "filters": ("{{ request | $0 }}", {"upper", "indent", "default"}, {"request"}),
    "filters, half written": ("{{ request | up$0 }}", {"upper"}, {"request"}),
    "filters of a block": ("{% filter $0 %}{% endfilter %}", {"upper"}, {"request"}),
    "tests": ("{% if request is not $0 %}{% endif %}", {"defined", "none"}, {"request", "=="}),
    "tags": ("{% $0 %}", {"if", "for", "block", "raw"}, {"request", "do", "else"}),
    "tags that an open block wants": ("{% if a %}{% $0 %}", {"endif", "else", "elif"}, {"endfor"}),
    "templates": ("{% include '$0' %}\n" + LIB, {"lib"}, {"main", "request"}),
    "templates of a layer": (
        "{% include 'builtin:$0' %}\n//- builtin:part\nx\n" + LIB, {"builtin:part"}, {"part", "lib", "builtin:lib"},
    ),
    "templates, unfinished": ('{% extends "li$0\n' + LIB, {"lib"}, {"request"}),
    "keywords of a filter": ("{{ request | indent($0) }}", {"width=", "first=", "request"}, set()),
    "keywords of a macro": ("{% macro m(a, b=1) %}{% endmacro %}{{ m(1, $0) }}", {"b="}, set()),
    "an unfinished expression": ("{{ proj$0\nmore", {"project"}, set()),
    "front matter": ("+++\n$0\n+++\n", {"description", "inputs", "examples"}, set()),
    "an input's keys": ("+++\n[inputs.a]\n$0\n+++\n", {"default", "choices"}, {"inputs"}),
    "an input's other keys": ("+++\n[inputs.a]\ndefault = 'x'\n$0\n+++\n", {"choices"}, {"default"}),
    "the second input's keys": (
        "+++\n[inputs.a]\ndefault = 'x'\n[inputs.b]\n$0\n+++\n", {"default", "choices"}, set(),
    ),
    "an example's other keys": ("+++\n[[examples]]\nname = 'x'\n[[examples]]\n$0\n+++\n", {"name"}, set()),
    "one description": ("+++\ndescription = 'x'\n$0\n+++\n", {"inputs"}, {"description"}),
    "front matter that is not closed": ("+++\n$0", {"description", "inputs", "examples"}, {"request"}),
    "names of an imported template": ("{% from 'lib' import $0 %}\n" + LIB, {"item", "year"}, {"_own", "request"}),
    "the second of them, unfinished": ("{% from 'lib' import item as i, y$0\n" + LIB, {"year"}, {"request"}),
    "blocks of the parent": ("{% extends 'base' %}{% block $0 %}{% endblock %}\n" + BASE, {"task"}, {"request"}),
    "those that are not given yet": (
        "{% extends 'base' %}{% block task %}{% endblock %}{% block $0 %}\n" + BASE, {"role"}, {"task"},
    ),
    "the block that ends": ("{% block task %}x{% endblock $0 %}", {"task"}, {"request"}),
    "what may follow a block's name": ("{% block task $0 %}x{% endblock %}", {"scoped", "required"}, {"request"}),
    "what may follow an include": ("{% include 'lib' $0 %}\n" + LIB, {"ignore missing", "without context"}, set()),
    "half of what may follow": ("{% include 'lib' ignore m$0 %}\n" + LIB, set(), {"ignore missing"}),
    "what may follow that": ("{% include 'lib' ignore missing w$0 %}\n" + LIB, {"without context"}, set()),
    "in": ("{% for f $0", {"in"}, {"request"}),
    "what a loop goes through": ("{% for f in $0 %}", {"project"}, {"in "}),
    "choices of an input": (
        "+++\n[inputs.depth]\nchoices = ['quick', 'normal']\n+++\n{% if depth == '$0'", {"quick", "normal"}, set(),
    ),
    "choices in a list": (
        "+++\n[inputs.depth]\nchoices = ['quick', 'normal']\n+++\n{{ depth in ['quick', '$0'", {"normal"}, set(),
    ),
    "feature types": ("{{ feature_type != \"$0\" }}", {"bugfix", "docs"}, {"planning"}),
    "statuses": ("{{ session.status == '$0' }}", {"planning", "completed"}, {"docs"}),
    "attributes as a subscript": ("{{ project['$0'] }}", {"name", "files"}, {"path"}),
    "filters by name": ("{{ project.languages | map('$0') }}", {"upper"}, {"defined"}),
    "tests by name": ("{{ project.languages | select('$0') }}", {"defined"}, {"indent", "=="}),
    "tests of an attribute": ("{{ project.files | selectattr('path', '$0') }}", {"defined"}, {"indent"}),
    "attributes of the entries": ("{{ project.files | map(attribute='$0') }}", {"path", "text"}, {"upper"}),
    "rules to keep quiet": ("{# orch: ignore[unused-input, un$0] #}", {"unused-macro"}, {"syntax-error"}),
    "plain text": ("plain $0 text", set(), {"request"}),
    "a comment": ("{# $0 #}", set(), {"request"}),
    "a string": ("{{ 'a$0' }}", set(), {"request"}),
}  # fmt: skip


@pytest.mark.parametrize(("source", "wanted", "unwanted"), OFFERED.values(), ids=OFFERED.keys())
def test_completion(source: str, wanted: set[str], unwanted: set[str]) -> None:
    at = opened(f"//- main\n{source}")
    labels = {entry.label for entry in template_completion(at.desk, at.offset)}
    assert wanted <= labels, wanted - labels
    assert not unwanted & labels


def _taken(source: str, label: str) -> str:
    at = opened(source)
    entry = next(entry for entry in template_completion(at.desk, at.offset) if entry.label == label)
    return apply_edits(at.desk.text, [entry.edit])


def test_what_is_typed_is_replaced() -> None:
    assert _taken("a {{ req$0 }} b", "request") == "a {{ request }} b"
    assert _taken("{{ request | up$0 }}", "upper") == "{{ request | upper }}"
    assert _taken("{% include 'li$0' %}\n//- lib\nx\n", "lib") == "{% include 'lib' %}\n"
    assert _taken("{% include 'l$0ib/m' %}\n//- lib\nx\n", "lib") == "{% include 'lib' %}\n"
    assert _taken("{% include 'l$0\n'\n//- lib\nx\n", "lib") == "{% include 'lib\n'\n"
    assert _taken("{{ project['na$0me'] }}", "tree") == "{{ project['tree'] }}"


def test_what_is_called_comes_with_brackets_where_there_are_none() -> None:
    assert _taken("{{ request | rep$0 }}", "replace") == "{{ request | replace($1) }}"
    assert _taken("{{ request | rep$0('a', 'b') }}", "replace") == "{{ request | replace('a', 'b') }}"
    assert (
        _taken("{% block task %}{{ su$0 }}{% endblock %}", "super") == "{% block task %}{{ super() }}{% endblock %}"
    )
    assert (
        _taken("{% block task %}{{ su$0() }}{% endblock %}", "super")
        == "{% block task %}{{ super() }}{% endblock %}"
    )
    assert _taken("{% block task %}{% endblock %}{{ self.$0 }}", "task").endswith("{{ self.task() }}")


def test_a_tag_brings_its_end() -> None:
    assert _taken("{% fo$0", "for") == "{% for ${1:item} in ${2:items} %}\n$0\n{% endfor %}"
    assert _taken("{% fo$0 %} x", "for") == "{% for ${1:item} in ${2:items} %}\n$0\n{% endfor %} x"
    assert _taken("{% if a %}{% en$0 %}", "endif") == "{% if a %}{% endif %}"


def test_inputs_come_with_their_description() -> None:
    at = opened("+++\n[inputs.depth]\ndescription = 'How deep'\ndefault = 'quick'\n+++\n{{ $0 }}")
    entry = next(entry for entry in template_completion(at.desk, at.offset) if entry.label == "depth")
    assert entry.documentation == "How deep\n\nFor example: `quick`"


SIGNATURES = {
    "a filter": ("{{ request | indent($0) }}", "indent(width=4, first=False, blank=False)", 0),
    "the second value": ("{{ request | replace('a', $0) }}", "replace(old, new, count=None)", 1),
    "a keyword": ("{{ request | indent(blank=$0) }}", "indent(width=4, first=False, blank=False)", 2),
    "a test": ("{{ 4 is divisibleby($0) }}", "divisibleby(num)", 0),
    "a macro": ("{% macro m(a, b='x, y') %}{% endmacro %}{{ m(1, $0) }}", "m(a, b='x, y')", 1),
    "an imported macro": ("{% import 'lib' as l %}{{ l.item($0) }}\n" + LIB, "item(x, deep=2)", 0),
    "a function": ("{{ range(1, $0) }}", "range(start, stop=None, step=1)", 1),
    "unfinished": ("{{ request | truncate(3, $0\nx", None, 1),
}


@pytest.mark.parametrize(("source", "label", "active"), SIGNATURES.values(), ids=SIGNATURES.keys())
def test_signature_help(source: str, label: str | None, active: int) -> None:
    at = opened(f"//- main\n{source}")
    found = template_signature(at.desk, at.offset)
    assert found is not None
    assert label is None or found.label == label
    assert found.active == active


def test_each_parameter_is_marked_whole() -> None:
    at = opened("//- main\n{% macro m(a, b='x, y', c=[1, 2]) %}{% endmacro %}{{ m($0) }}")
    found = template_signature(at.desk, at.offset)
    assert found is not None
    assert [span.slice(found.label) for span in found.parameters] == ["a", "b='x, y'", "c=[1, 2]"]


def test_no_signature_outside_of_a_call() -> None:
    for source in ("{{ request$0 }}", "{{ (1 + $0) }}", "{{ f(1)$0 }}", "$0"):
        at = opened(source)
        assert template_signature(at.desk, at.offset) is None


HOVERS = {
    "a variable of Orch": ("{{ re$0quest }}", "The feature request"),
    "an attribute": ("{{ project.na$0me }}", "The project's name"),
    "an attribute of a loop's variable": (
        "{% for f in project.files %}{{ f.pa$0th }}{% endfor %}",
        "relative to the project",
    ),
    "an input": ("+++\n[inputs.depth]\ndescription = 'How deep'\n+++\n{{ dep$0th }}", "How deep"),
    "an input where it is declared": ("+++\n[inputs.de$0pth]\ndescription = 'How deep'\n+++\n", "How deep"),
    "a filter": ("{{ request | ind$0ent }}", "indent(width=4"),
    "a test": ("{{ 4 is divis$0ibleby(2) }}", "divisibleby(num)"),
    "a tag": ("{% f$0or a in b %}{% endfor %}", "Repeats its body"),
    "an end tag": ("{% for a in b %}{% end$0for %}", "Ends the `for` block"),
    "a template": ("{% include 'l$0ib' %}\n" + LIB, "project:lib"),
    "a macro": ("{% macro m(a) %}{% endmacro %}{{ $0m(1) }}", "m(a)"),
    "an imported macro": ("{% import 'lib' as l %}{{ l.it$0em(1) }}\n" + LIB, "item(x, deep=2)"),
    "a variable that is set": ("{% set tone = 'kind' %}{{ to$0ne }}", "{% set tone = 'kind' %}"),
    "a keyword of a macro": ("{% macro m(width) %}{{ width }}{% endmacro %}{{ m(wi$0dth=1) }}", "macro m(width)"),
    "a keyword of a filter": ("{{ request | indent(wi$0dth=2) }}", "indent(width=4"),
    "an attribute of a namespace": ("{% set ns = namespace(n=0) %}{{ ns.$0n }}", "namespace(n=0)"),
    "where a namespace gets it": ("{% set ns = namespace($0n=0) %}{{ ns.n }}", "namespace(n=0)"),
    "a block": ("{% block ta$0sk %}{% endblock %}", "can replace it"),
    "loop": ("{% for a in b %}{{ lo$0op.index }}{% endfor %}", "turn of the loop"),
}


@pytest.mark.parametrize(("source", "part"), HOVERS.values(), ids=HOVERS.keys())
def test_hover(source: str, part: str) -> None:
    at = opened(f"//- main\n{source}")
    found = template_hover(at.desk, at.offset)
    assert found is not None
    assert part in found.markdown
