"""What tags do, by name and place, and the places of expressions: checked against the tags' own text and Jinja."""

import pytest
from jinja2 import nodes

from orch.syntax.jinja_environment import jinja_environment
from orch.syntax.jinja_names import Uses
from orch.syntax.jinja_parse import parse_tag
from orch.syntax.jinja_spans import expression_at, expressions
from orch.syntax.jinja_tag import Tag
from orch.syntax.jinja_tree import parse_template
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span
from support.jinja_fuzz import inputs

EXPRESSIONS = (
    "a if b else c", "(a).b", "((a)+(b))*(c)", "f((a),(b))", "-(a)|b", "(a,b)[0]", "(a,)", "()", "a[(1):]",
    "not (a)", "(a) is b (c)", "a is b c.d", "x|f|g((1))|h.i.j", "{'a':(1),(b):c}", "[(a),(b)]", "(((a)))",
    "(a) if (b) else (c)", "f(x=(1),*(a),**(b))", "a ~ (b) ~ c", "(a) < (b) <= c in (d) not in (e)",
    "'a' 'b' ~ 'c'", "a.0.b", "-a.b|c", "(not a) is b", "f()()", "(f)(a)", "((a,b),c)", "(a,b),(c)", "- - a",
    "a is b and c", "not not (a)", "a**(b)**c", "é . ü [ 'x' ]", "a\n.\r\nb",
)  # fmt: skip


def _tags(seed: int, count: int) -> list[Tag]:
    found = {tag.text: tag for text in inputs(seed, count) for tag in parse_template(text, ("do",)).tags}
    return [tag for tag in found.values() if tag.node is not None]


def _same(one: nodes.Node, other: nodes.Node) -> bool:
    def plain(node: nodes.Node) -> str:
        return repr(node).replace("ctx='store'", "ctx='load'").replace("ctx='param'", "ctx='load'")

    return plain(one) == plain(other)


@pytest.mark.parametrize("source", EXPRESSIONS)
def test_the_text_of_an_expression_is_that_expression(source: str) -> None:
    tag = parse_tag("{{ " + source + " }}")
    assert expressions(tag)
    _check_expressions(tag)


def test_the_text_of_an_expression_is_that_expression_in_any_tag() -> None:
    for tag in _tags(11, 400):
        if tag.name not in ("filter", "set"):
            _check_expressions(tag)


def _check_expressions(tag: Tag) -> None:
    found = expressions(tag)
    negated = {id(node.node) for node, _ in found if isinstance(node, nodes.Not)}
    for node, span in found:
        odd = isinstance(node, nodes.Slice | nodes.NSRef) or "Slice" in repr(node) or "NSRef" in repr(node)
        if odd or id(node) in negated:  # `is not` is one expression of two nodes
            continue
        (output,) = jinja_environment().parse("{{ " + span.slice(tag.text) + " }}").body
        assert isinstance(output, nodes.Output)
        assert _same(output.nodes[0], node), (tag.text, span.slice(tag.text))


def test_the_innermost_expression_at_a_place() -> None:
    tag = parse_tag("{{ a.b(c|d) }}")
    found = expression_at(tag, 7)
    assert found is not None
    assert found[1].slice(tag.text) == "c"
    assert expression_at(tag, 1) is None


def test_every_name_stands_where_it_is_said_to() -> None:
    for tag in _tags(12, 1500):
        uses, text = uses_of(tag), tag.text
        for entry in (*uses.reads, *uses.inner_reads, *uses.binds):
            assert entry.span.slice(text) == entry.name
        for path in uses.paths:
            for step in path.steps:
                assert step.name is None or step.subscript or step.span.slice(text) == step.name
        for call in (*uses.filters, *uses.tests):
            assert call.span.slice(text).split()[0].startswith(call.name.split(".")[0])
        for entry in uses.imported:
            assert (entry.span.slice(text), entry.alias_span.slice(text)) == (entry.name, entry.alias)


def _uses(text: str) -> Uses:
    tag = parse_tag(text)
    assert tag.problem is None
    return uses_of(tag)


def test_guards() -> None:
    uses = _uses("{{ a | default(b) ~ c.d | d('') ~ (e is defined) ~ f is not undefined }}")
    assert {read.name: read.guarded for read in uses.reads} == {
        "a": True, "b": False, "c": False, "e": True, "f": True,
    }  # fmt: skip
    assert uses.tested == {"e", "f"}
    assert [path.guarded for path in uses.paths] == [True]


def test_scopes_of_a_for_tag() -> None:
    uses = _uses("{% for k, (v, w) in d.items() if v > limit %}")
    assert [read.name for read in uses.reads] == ["d"]
    assert [bind.name for bind in uses.binds] == ["k", "v", "w"]
    assert sorted(read.name for read in uses.inner_reads) == ["limit", "v"]


def test_templates_that_are_asked_for() -> None:
    text = "{% include ['a', b, 'c'] ignore missing without context %}"
    wanted = _uses(text).wanted
    assert wanted is not None
    assert [(name, span.slice(text)) for name, span in wanted.names] == [("a", "a"), ("c", "c")]
    assert (wanted.dynamic, wanted.choice, wanted.ignore_missing, wanted.with_context) == (True, True, True, False)
    assert wanted.span.slice(text) == "['a', b, 'c']"


def test_arguments() -> None:
    text = "{{ m.f(1, (2, 3), k = [4], *rest, **more) }}"
    (call,) = _uses(text).calls
    assert call.path == ("m", "f")
    assert call.brackets.slice(text) == "(1, (2, 3), k = [4], *rest, **more)"
    assert [argument.span.slice(text) for argument in call.arguments] == [
        "1", "(2, 3)", "k = [4]", "*rest", "**more",
    ]  # fmt: skip
    assert [argument.keyword for argument in call.arguments] == [None, None, "k", None, None]


def test_a_namespace_is_read_when_its_attribute_is_set() -> None:
    uses = _uses("{% set ns.x = 1 %}")
    assert [read.name for read in uses.reads] == ["ns"]
    assert uses.binds == []
    assert uses.paths[0].stored


def test_weird_names_do_not_confuse() -> None:
    uses = _uses("{% import as as as %}")
    assert uses.binds[0].span == Span(16, 18)
    uses = _uses("{% from import import import as as, b %}")
    assert [(entry.name, entry.alias) for entry in uses.imported] == [("import", "as"), ("b", "b")]
