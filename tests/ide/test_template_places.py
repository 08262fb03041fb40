"""Definition, references, highlights, links and rename, in one template and over several."""

import pytest

from orch.ide.results import FileChange
from orch.ide.template_places import (
    template_definition,
    template_highlights,
    template_links,
    template_references,
    template_rename,
    template_rename_span,
)
from orch.text.span import apply_edits
from support.template_desk import opened

LIB = "//- lib\n{% macro item(x) %}{{ x }}{% endmacro %}\n{{ item(1) }}\n"
DEFINITIONS = {
    "a variable": ("{% set a = 1 %}\n{{ $0a }}", ["main:1:a"]),
    "a loop's variable": ("{% for a in b %}{{ a$0.c }}{% endfor %}", ["main:1:a"]),
    "a parameter": ("{% macro m(a) %}{{ $0a }}{% endmacro %}", ["main:1:a"]),
    "a macro": ("{% macro m(a) %}{% endmacro %}\n{{ $0m(1) }}", ["main:1:m"]),
    "an imported macro": ("{% from 'lib' import item %}{{ it$0em(1) }}\n" + LIB, ["lib:1:item"]),
    "a macro of an imported template": ("{% import 'lib' as l %}{{ l.it$0em(1) }}\n" + LIB, ["lib:1:item"]),
    "an imported template": ("{% import 'lib' as l %}{{ $0l.item(1) }}\n" + LIB, ["lib"]),
    "a name in from": ("{% from 'lib' import it$0em as i %}{{ i(1) }}\n" + LIB, ["lib:1:item"]),
    "a template": ("{% include 'l$0ib' %}\n" + LIB, ["lib"]),
    "an input": ("+++\n[inputs.depth]\n+++\n{{ de$0pth }}", ["main:2:depth"]),
    "an input of a part": (
        "{{ de$0pth }}{% include 'part' %}\n//- part\n+++\n[inputs.depth]\n+++\n",
        ["part:2:depth"],
    ),
    "a block above": (
        "{% extends 'base' %}{% block ta$0sk %}{% endblock %}\n//- base\n{% block task %}{% endblock %}\n",
        ["base:1:task"],
    ),
    "super": (
        (
            "{% extends 'base' %}{% block task %}{{ sup$0er() }}{% endblock %}\n"
            "//- base\n{% block task %}{% endblock %}\n"
        ),
        ["base:1:task"],
    ),
    "self": ("{% block task %}{% endblock %}\n{{ self.ta$0sk() }}", ["main:1:task"]),
    "the next template below": (
        "//- orchestrator\n{% extends 'orches$0trator' %}\n//- builtin:orchestrator\nx\n",
        ["builtin:orchestrator"],
    ),
    "a keyword of a macro": ("{% macro m(width) %}{{ width }}{% endmacro %}\n{{ m(wi$0dth=1) }}", ["main:1:width"]),
    "a keyword of an imported macro": ("{% import 'lib' as l %}{{ l.item($0x=1) }}\n" + LIB, ["lib:1:x"]),
    "an attribute of a namespace": ("{% set ns = namespace(n=0) %}\n{{ ns.$0n }}", ["main:1:n"]),
    "an attribute that a namespace got later": (
        "{% set ns = namespace() %}\n{% set ns.n = 1 %}\n{{ ns.$0n }}",
        ["main:2:n"],
    ),
    "a variable of the template that includes": (
        "{% set tone = 1 %}\n{% include 'part' %}\n//- part\n{{ to$0ne }}\n",
        ["main:1:tone"],
    ),
    "nothing": ("plain $0text", []),
    "a filter": ("{{ a | up$0per }}", []),
}


@pytest.mark.parametrize(("source", "wanted"), DEFINITIONS.values(), ids=DEFINITIONS.keys())
def test_definition(source: str, wanted: list[str]) -> None:
    at = opened(source if source.startswith("//-") else f"//- main\n{source}")
    assert [at.text_at(p.path, p.span) for p in template_definition(at.desk, at.offset)] == wanted


def test_references_of_a_macro_lie_in_all_templates_that_import_it() -> None:
    at = opened(
        "//- main\n{% from 'lib' import item %}{{ item(1) }}\n//- other\n{% import 'lib' as l %}\n{{ l.item(2) }}\n"
        "//- lib\n{% macro it$0em(x) %}{% endmacro %}\n{{ item(3) }}\n"
    )
    assert [at.text_at(p.path, p.span) for p in template_references(at.desk, at.offset)] == [
        "lib:1:item", "lib:2:item", "main:1:item", "main:1:item", "other:2:item",
    ]  # fmt: skip


def test_references_of_a_block_lie_in_the_whole_family() -> None:
    at = opened(
        "//- base\n{% block ta$0sk %}{% endblock task %}{{ self.task() }}\n"
        "//- one\n{% extends 'base' %}{% block task %}{% endblock %}\n"
        "//- other\n{% block task %}{% endblock %}\n"
    )
    found = [at.text_at(p.path, p.span) for p in template_references(at.desk, at.offset)]
    assert found == ["base:1:task", "base:1:task", "base:1:task", "one:1:task"]


def test_highlights() -> None:
    at = opened("//- main\n{% set a = 1 %}{{ $0a }}{% macro m(a) %}{{ a }}{% endmacro %}\n//- lib\n{{ a }}\n")
    assert [span.start for span in template_highlights(at.desk, at.offset)] == [7, 18]
    at = opened("{% i$0f a %}{% elif b %}{% else %}{% endif %}")
    assert [s.slice(at.fixture.text) for s in template_highlights(at.desk, at.offset)] == [
        "if",
        "elif",
        "else",
        "endif",
    ]


def test_links() -> None:
    at = opened("//- main\n{% include 'lib' %}{% include 'no' ignore missing %}\n" + LIB)
    assert [(link.span.slice(at.desk.text), at.name_of(link.path)) for link in template_links(at.desk)] == [
        ("lib", "lib")
    ]


def _renamed(source: str, name: str) -> dict[str, str]:
    at = opened(source)
    changes = template_rename(at.desk, at.offset, name)
    assert not isinstance(changes, str), changes
    texts = dict(at.fixture.files)
    for change in changes:
        assert isinstance(change, FileChange)
        key = at.name_of(change.path)
        texts[key] = apply_edits(texts[key], change.edits)
    return texts


def test_rename_an_input_over_files() -> None:
    texts = _renamed(
        "//- main\n+++\n[inputs.de$0pth]\n+++\n{{ depth }}{% include 'part' %}\n//- part\n{{ depth | upper }}\n",
        "level",
    )
    assert texts == {
        "main": "+++\n[inputs.level]\n+++\n{{ level }}{% include 'part' %}\n",
        "part": "{{ level | upper }}\n",
    }


def test_rename_a_macro_over_files() -> None:
    texts = _renamed("//- main\n{% from 'lib' import item %}{{ it$0em(1) }}\n" + LIB, "entry")
    assert texts == {
        "main": "{% from 'lib' import entry %}{{ entry(1) }}\n",
        "lib": "{% macro entry(x) %}{{ x }}{% endmacro %}\n{{ entry(1) }}\n",
    }


def test_rename_a_parameter_with_its_keywords() -> None:
    texts = _renamed("//- main\n{% macro m(a$0) %}{{ a }}{% endmacro %}{{ m(a=1) }}\n", "b")
    assert texts == {"main": "{% macro m(b) %}{{ b }}{% endmacro %}{{ m(b=1) }}\n"}


def test_rename_a_block_with_its_family() -> None:
    texts = _renamed(
        "//- one\n{% extends 'base' %}{% block ta$0sk %}{% endblock task %}\n"
        "//- base\n{% block task %}{% endblock %}\n",
        "work",
    )
    assert texts == {
        "one": "{% extends 'base' %}{% block work %}{% endblock work %}\n",
        "base": "{% block work %}{% endblock %}\n",
    }


@pytest.mark.parametrize(
    "source", ["{{ re$0quest }}", "{{ a | up$0per }}", "{% for a in b %}{{ lo$0op.index }}{% endfor %}"]
)
def test_what_no_template_makes_cannot_be_renamed(source: str) -> None:
    at = opened(source)
    assert template_rename_span(at.desk, at.offset) is None
    assert isinstance(template_rename(at.desk, at.offset, "x"), str)


@pytest.mark.parametrize("name", ["a b", "1a", "", "loop", "true"])
def test_a_new_name_must_be_one(name: str) -> None:
    at = opened("{% set $0a = 1 %}{{ a }}")
    assert template_rename_span(at.desk, at.offset) is not None
    assert isinstance(template_rename(at.desk, at.offset, name), str)


RENAMED = {
    "a parameter and its keywords, in every template": (
        (
            "//- lib\n{% macro item(wi$0dth) %}{{ width }}{% endmacro %}{{ item(width=1) }}\n"
            "//- one\n{% from 'lib' import item as i %}{{ i(width=2) }}\n"
            "//- other\n{% import 'lib' as l %}{{ l.item(width=3) }}{{ range(width) }}\n"
        ),
        {
            "lib": "{% macro item(size) %}{{ size }}{% endmacro %}{{ item(size=1) }}\n",
            "one": "{% from 'lib' import item as i %}{{ i(size=2) }}\n",
            "other": "{% import 'lib' as l %}{{ l.item(size=3) }}{{ range(width) }}\n",
        },
    ),
    "the same from a keyword": (
        (
            "//- one\n{% from 'lib' import item %}{{ item(wi$0dth=2) }}\n"
            "//- lib\n{% macro item(width) %}{{ width }}{% endmacro %}\n"
        ),
        {
            "one": "{% from 'lib' import item %}{{ item(size=2) }}\n",
            "lib": "{% macro item(size) %}{{ size }}{% endmacro %}\n",
        },
    ),
    "an attribute of a namespace": (
        "//- main\n{% set ns = namespace(width=0, n=1) %}{% set ns.width = ns.wi$0dth + ns.n %}{{ ns.width }}\n",
        {"main": "{% set ns = namespace(size=0, n=1) %}{% set ns.size = ns.size + ns.n %}{{ ns.size }}\n"},
    ),
    "a variable that included templates see": (
        (
            "//- main\n{% set wi$0dth = 1 %}{% include 'part' %}\n"
            "//- part\n{{ width }}{% include 'inner' %}\n//- inner\n{{ width }}\n//- apart\n{{ width }}\n"
        ),
        {
            "main": "{% set size = 1 %}{% include 'part' %}\n",
            "part": "{{ size }}{% include 'inner' %}\n",
            "inner": "{{ size }}\n",
        },
    ),
    "not what is included without context": (
        "//- main\n{% set wi$0dth = 1 %}{{ width }}{% include 'part' without context %}\n//- part\n{{ width }}\n",
        {"main": "{% set size = 1 %}{{ size }}{% include 'part' without context %}\n"},
    ),
    "a variable that blocks below read": (
        (
            "//- base\n{% set wi$0dth = 1 %}{% block task %}{% endblock %}\n"
            "//- main\n{% extends 'middle' %}{% block task %}{{ width }}{% endblock %}\n"
            "//- middle\n{% extends 'base' %}\n"
            "//- apart\n{% set width = 2 %}{{ width }}\n"
        ),
        {
            "base": "{% set size = 1 %}{% block task %}{% endblock %}\n",
            "main": "{% extends 'middle' %}{% block task %}{{ size }}{% endblock %}\n",
        },
    ),
    "the same from such a block": (
        (
            "//- main\n{% extends 'base' %}{% block task %}{{ wi$0dth }}{% endblock %}\n"
            "//- base\n{% set width = 1 %}{% block task %}{% endblock %}\n"
        ),
        {
            "main": "{% extends 'base' %}{% block task %}{{ size }}{% endblock %}\n",
            "base": "{% set size = 1 %}{% block task %}{% endblock %}\n",
        },
    ),
    "what every child of a template gives it": (
        (
            "//- main\n{% extends 'base' %}{% set wi$0dth = 1 %}\n"
            "//- other\n{% extends 'base' %}{% set width = 2 %}\n"
            "//- base\n{{ width }}\n"
        ),
        {
            "main": "{% extends 'base' %}{% set size = 1 %}\n",
            "other": "{% extends 'base' %}{% set size = 2 %}\n",
            "base": "{{ size }}\n",
        },
    ),
    "not what a child has for itself": (
        (
            "//- main\n{% extends 'base' %}{% set wi$0dth = 1 %}{% block task %}{{ width }}{% endblock %}\n"
            "//- other\n{% extends 'base' %}{% set width = 2 %}{% block task %}{{ width }}{% endblock %}\n"
            "//- base\n{% block task %}{% endblock %}\n"
        ),
        {"main": "{% extends 'base' %}{% set size = 1 %}{% block task %}{{ size }}{% endblock %}\n"},
    ),
    "what a branch may set anew": (
        (
            "//- main\n{% set wi$0dth = 1 %}{% block b %}{% if request %}{% set width = 2 %}{% endif %}{{ width }}"
            "{% endblock %}\n"
        ),
        {
            "main": (
                "{% set size = 1 %}{% block b %}{% if request %}{% set size = 2 %}{% endif %}{{ size }}"
                "{% endblock %}\n"
            )
        },
    ),
    "an input that a branch may set anew, from there": (
        (
            "//- main\n{% if request %}{% set wi$0dth = 2 %}{% endif %}{% include 'part' %}{{ width }}\n"
            "//- part\n+++\n[inputs.width]\n+++\n{{ width }}\n"
        ),
        {
            "main": "{% if request %}{% set size = 2 %}{% endif %}{% include 'part' %}{{ size }}\n",
            "part": "+++\n[inputs.size]\n+++\n{{ size }}\n",
        },
    ),
    "and from its declaration": (
        "//- main\n+++\n[inputs.wi$0dth]\n+++\n{% if request %}{% set width = 2 %}{% endif %}{{ width }}\n",
        {"main": "+++\n[inputs.size]\n+++\n{% if request %}{% set size = 2 %}{% endif %}{{ size }}\n"},
    ),
}


@pytest.mark.parametrize(("source", "wanted"), RENAMED.values(), ids=RENAMED.keys())
def test_rename_reaches_every_place(source: str, wanted: dict[str, str]) -> None:
    at = opened(source)
    changes = template_rename(at.desk, at.offset, "size")
    assert not isinstance(changes, str)
    names = {at.name_of(change.path): change for change in changes}
    assert {name: apply_edits(at.fixture.files[name], change.edits) for name, change in names.items()} == wanted


def test_a_name_that_several_templates_give_is_not_renamed_from_one_of_them() -> None:
    at = opened(
        "//- part\n{{ wi$0dth }}\n//- one\n{% set width = 1 %}{% include 'part' %}\n"
        "//- two\n{% set width = 2 %}{% include 'part' %}\n"
    )
    assert "several templates" in str(template_rename(at.desk, at.offset, "size"))
    at = opened(
        "//- one\n{% set wi$0dth = 1 %}{% include 'part' %}\n//- part\n{{ width }}\n"
        "//- two\n{% set width = 2 %}{% include 'part' %}\n"
    )
    assert "from others as well" in str(template_rename(at.desk, at.offset, "size"))
