"""What the tree says is wrong, and where: the text carries the expectation."""

import time

import pytest

from orch.model.template import split_template
from orch.syntax.jinja_front import find_front
from orch.syntax.jinja_tree import parse_template
from support.annotations import Expected, assert_findings, parse_fixture

CASES = {
    "fine": "{% if a %}{{ b }}{% else %}{% for c in d %}{{ c }}{% endfor %}{% endif %}\n",
    "several at once": """\
{{ a b }} {{ ok }}
     ^ error[syntax-error] should end here
{% if %}x{% endif %}
      ^^ error[syntax-error] A value is expected
{{ f(a=1, 2) }}
    ^ error[syntax-error]
""",
    "an unfinished expression ends at its line": """\
{{ name
^^ error[unclosed-delimiter] add `}}`
{{ other }}
""",
    "an unfinished tag ends before the next": """\
{% if x {{ other }}{% endif %}
^^ error[unclosed-delimiter]
""",
    "the wrong end": """\
{{ name %} and {{ b }}
        ^^ error[unclosed-delimiter] not `%}`
""",
    "a quote that is never closed": """\
{% set x = "abc %} {{ "fine" }}
           ^ error[syntax-error] never ends
""",
    "a string that holds an end": "{% set x = \"a %} b\" %}{{ '}}' }}{{ {'a': {'b': 1}} }}\n",
    "brackets": """\
{{ (a }} {{ a) }} {{ (a] }}
   ^ error[syntax-error] never closed
             ^ error[syntax-error] nothing opens
                       ^ error[syntax-error] must close
""",
    "characters": """\
{{ a ? b }} {{ '\\x' }}
     ^ error[syntax-error] a choice is written
               ^^^^ error[syntax-error] backslash
""",
    "empty tags": """\
{{ }} {% %}
^^^^^ error[syntax-error] empty
      ^^^^^ error[syntax-error] empty
""",
    "never closed, reported where it opens": """\
{% if a %}
^^^^^^^^^^ error[unclosed-block] add `{% endif %}`
text
""",
    "never closed inside another": """\
{% if a %}
  {% for x in y %}
  ^^^^^^^^^^^^^^^^ error[unclosed-block]
{% endif %}
""",
    "in a wrong order": """\
{% if a %}{% for x in y %}{% endif %}{% endfor %}
                          ^^^^^^^^^^^ error[unexpected-tag] `for` inside is still open
""",
    "too many ends": """\
{% endif %}{% else %}
^^^^^^^^^^^ error[unexpected-tag]
           ^^^^^^^^^^ error[unexpected-tag]
""",
    "else twice": """\
{% if a %}{% else %}{% else %}{% endif %}
                    ^^^^^^^^^^ error[unexpected-tag] wants `endif`
""",
    "the name at the end of a block": """\
{% block a %}{% endblock a %}{% block b %}{% endblock c %}
                                                      ^ error[unexpected-tag] block `b`
""",
    "unknown tags": """\
{% fro x in y %}{% endfor %}
   ^^^ error[unknown-tag] did you mean `for`
{% widget %}{% endwidget %}
   ^^^^^^ error[unknown-tag]
{% if a %}{% elseif b %}{% end if %}
             ^^^^^^ error[unknown-tag] `elif`
                           ^^^ error[unknown-tag] `endif`
""",
    "an extension that is not on": """\
{% do x.append(1) %}
   ^^ error[unknown-tag] extension `do`
""",
    "an else that is an elif": """\
{% if a %}{% else if b %}{% else %}{% endif %}
             ^^^^^^^ error[syntax-error] `elif`
""",
    "signs of other languages": """\
{{ a $ b }}
     ^ error[syntax-error] means nothing
{% if a && b %}{% elif a || b %}{% elif !a %}{% elif a = b %}{% endif %}
        ^^ error[syntax-error] write `and`
                         ^^ error[syntax-error] write `or`
                                        ^ error[syntax-error] write `not`
                                                       ^ error[syntax-error] write `==`
""",
    "a string that never ends in brackets": """\
{{ a | default('b) }}
               ^ error[syntax-error] closing '
""",
    "a required block": """\
{% block a required %} {# fine #} {% endblock %}
{% block b required %} no {% endblock %}
                       ^^ error[syntax-error] required
{% block c required %}{{ x }}{% endblock %}
                      ^^^^^^^ error[syntax-error]
""",
    "a comment that is never closed": """\
a {# b
  ^^ error[unclosed-delimiter] add `#}`
{{ c d }}
     ^ error[syntax-error]
""",
    "a raw that is never closed": """\
{% raw %}
^^^^^^^^^ error[unclosed-block] endraw
{{ x y }}
""",
    "raw": "{% raw %}{{ a b }}{% if %}{% endraw %}{%- raw -%} {{ {%- endraw +%}\n",
    "an endraw alone": """\
{% endraw %}
^^^^^^^^^^^^ error[unexpected-tag]
""",
    "code points": """\
\U0001f600\u2028{{ é ü }}
       ^ error[syntax-error]
""",
    "crlf": "{{ a\r\n   b }}\r\n   ^ error[syntax-error]\r\n{% if a %}\r\n^^^^^^^^^^ error[unclosed-block]\r\n",
    "behind front matter": """\
+++
description = "{{ a b }}"
+++
{{ a b }}
     ^ error[syntax-error]
""",
    "a colon behind a condition": "{% if a: %}x{% else: %}y{% endif %}{% for x in y: %}{% endfor %}\n",
    "a broken opening tag still opens": """\
{% for x y %}a{% endfor %}{% if a b %}{% else %}{% endif %}
         ^ error[syntax-error] `in` is expected
                                  ^ error[syntax-error]
""",
    "a number too long": "{{ " + "9" * 5000 + " }}\n   " + "^" * 5000 + " error[syntax-error] digits\n",
    "too deep": "{{ " + "(" * 300 + ")" * 300 + " }}\n  " + "^" * 602 + " error[too-complex]\n",
}


@pytest.mark.parametrize("source", CASES.values(), ids=CASES.keys())
def test_problems(source: str) -> None:
    fixture = parse_fixture(source)
    found = [
        Expected("main", p.span, "warning" if p.accepted else "error", p.rule, p.message)
        for p in parse_template(fixture.text).problems
    ]
    assert_findings(fixture, found)


@pytest.mark.parametrize("text", ["a {#", "{#-", "{% raw %}", "{% raw -%} \n"])
def test_what_jinja_swallows_in_silence_is_a_warning(text: str) -> None:
    tree = parse_template(text)
    assert [problem.accepted for problem in tree.problems] == [True]
    assert not tree.broken


def test_related_places_explain() -> None:
    text = "{% if a %}{% else %}{% else %}{% endif %}"
    (problem,) = parse_template(text).problems
    assert [span.slice(text) for span, _ in problem.related] == ["{% if a %}"]


def test_tags_and_data_cover_the_body() -> None:
    text = "+++\nx = 1\n+++\na{{ b }}{# c #}\n{% raw %}{{{% endraw %}z"
    tree = parse_template(text)
    spans = sorted([*tree.data(), *(tree.span(index) for index in range(len(tree.tags)))])
    assert "".join(span.slice(text) for span in spans) == text[tree.body_start :]
    assert tree.tag_at(text.index("b }}")) == 0
    assert tree.tag_at(text.index("z") + 1) is None


def test_a_block_reaches_to_its_end() -> None:
    text = "{% if a %}{% for b in c %}{% endfor %}{% endif %}x{% with %}y"
    tree = parse_template(text)
    assert [tree.block_span(n).slice(text) for n in range(3)] == [
        "{% if a %}{% for b in c %}{% endfor %}{% endif %}",
        "{% for b in c %}{% endfor %}",
        "{% with %}y",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "+++", "+++\n", "+++\n+++", "+++\r\na = 1\r\n+++\r\nb", "+++\na\n+++\n", "++++\n", "a\n+++\n", "+++\nb"],
)
def test_front_matter_is_divided_as_everywhere_else(text: str) -> None:
    front, parts = find_front(text), split_template(text)
    if front is None:
        assert parts.front is None
        assert not parts.unclosed
    elif not front.closed:
        assert parts.unclosed
    else:
        assert (front.body.slice(text), front.end) == (parts.front, parts.body_start)


def test_front_matter_has_a_tree_of_its_own() -> None:
    tree = parse_template("+++\ndescription = 'x'\n[inputs.depth]\n+++\nbody")
    assert tree.front_tree is not None
    assert tree.front_tree.data == {"description": "x", "inputs": {"depth": {}}}
    assert parse_template("body").front_tree is None


@pytest.mark.parametrize(
    "text",
    [
        "{{" * 500_000,
        "{{ ' " * 200_000,
        '{% " ' * 200_000 + "'",
        "{# a\n" * 200_000,
        "{{ a\n" * 200_000,
        "{" * 1_000_000,
        "{{ {" * 100_000,
        "{% if a %}" * 20_000,
        "{% raw %}" * 100_000,
        "{{" + "(" * 200_000,
        "{% " + "% " * 300_000,
        "{{ x" + "\n" * 1_000_000,
        "\x00\ud800\u2028{{ a }}" * 50_000,
    ],
    ids=range(13),
)
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    parse_template(text)
    assert time.process_time() - began < 30
