"""What a template reaches, and which inputs it asks for."""

import pytest

from orch.library.closure import declared_inputs
from orch.library.template_names import TemplateNames, template_names
from orch.model.template import Input
from orch.render.port import Rendered, RenderJob
from orch.render.worker_renderer import WorkerRenderer
from support.libraries import closure, make_library


@pytest.mark.parametrize(
    ("text", "constant", "dynamic"),
    [
        ("nothing", (), False),
        (
            '{% extends "a" %}{% include "b" %}{% import "c" as c %}{% from "d" import e %}',
            ("a", "b", "c", "d"),
            False,
        ),
        ('{% include ["a", "b"] ignore missing %}{% include ("c", "a") %}', ("a", "b", "c"), False),
        ('{% extends "a" if x else "b" %}', ("a", "b"), False),
        ('{% extends "a" if x %}', ("a",), False),
        ('{% include "a" ~ "b" %}', ("ab",), False),
        ("{% include x %}", (), True),
        ('{% include ["a", x] %}', ("a",), True),
        ('{% include "a" ~ x %}', (), True),
        ('{# {% include "a" %} #}{% raw %}{% include "b" %}{% endraw %}', (), False),
        ('{% if x %}{% include "a" %}{% endif %}{% macro m() %}{% include "b" %}{% endmacro %}', ("a", "b"), False),
        ("{% broken", (), False),
        ("{{ " + "(" * 5000, (), False),
        ("{% include 1 %}", (), True),
        ('{% include "a" * 10**9 %}', (), True),
        ("{% include 9**9**9 ~ 'x' %}", (), True),
        ("{{ 1" + " + 1" * 20000 + ' }}{% include "a" %}', (), False),
    ],
)
def test_names_are_those_that_jinja_sees(text: str, constant: tuple[str, ...], dynamic: bool) -> None:
    found = template_names(text)
    assert sorted(found.constant) == sorted(constant)
    assert found.dynamic == dynamic


def test_extensions_of_the_configuration_are_understood() -> None:
    text = '{% do x %}{% include "a" %}'
    assert template_names(text) == TemplateNames()
    assert template_names(text, ("do",)) == TemplateNames(("a",))


def test_circles_of_other_names_end() -> None:
    library, _ = make_library({"project:a": '{% include "b" %}', "project:b": '{% include "a" %}'})
    made = closure(library, "a")
    assert made.routes == {"project:a": {"b": "project:b"}, "project:b": {"a": "project:a"}}


def test_what_is_not_there_or_no_name_is_left_to_the_renderer() -> None:
    library, _ = make_library({"project:a": '{% include "no" ignore missing %}{% include "../x" ignore missing %}'})
    assert closure(library, "a").routes == {"project:a": {}}


def test_the_nearest_declaration_of_an_input_wins() -> None:
    def declare(defaults: dict[str, str], rest: str = "") -> str:
        inputs = "".join(f'[inputs.{name}]\ndefault = "{default}"\n' for name, default in defaults.items())
        return f"+++\n{inputs}+++\n{rest}"

    library, _ = make_library(
        {
            "project:x": declare({"a": "project"}, '{% extends "x" %}{% include "part" %}'),
            "builtin:x": declare({"a": "builtin", "b": "builtin"}),
            "project:part": declare({"c": "part"}),
            "project:unreached": declare({"d": "no"}),
        },
        inputs={"c": Input("c", "", "configuration"), "e": Input("e", "", "configuration")},
    )
    inputs = declared_inputs(library, closure(library, "x"))
    assert {name: asked.default for name, asked in inputs.items()} == {
        "a": "project",
        "b": "builtin",
        "c": "part",
        "e": "configuration",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("part", "near"),
        ("part.md.j2", "near"),
        ("builtin:part", "far"),
        ("docs/part", "docs"),
        ("user:lib/m", "macro"),
        ("self", "[near]"),
    ],
)
def test_a_name_known_only_while_rendering_reaches_every_template(name: str, expected: str) -> None:
    library, _ = make_library(
        {
            "project:main": "{% include name %}",
            "project:part": "near",
            "builtin:part": "far",
            "builtin:docs/part": "docs",
            "user:lib/m": "macro",
            # its own name means the next one below, here as well
            "project:self": '[{% include "self" %}]',
            "builtin:self": '{% include "part" %}',
        }
    )
    made = closure(library, "main")
    assert list(made.templates) == ["project:main"]
    renderer = WorkerRenderer()
    try:
        job = RenderJob(made.entry.key, made.texts(), made.all_routes(), {"name": name}, (), made.names)
        assert renderer.render(job) == Rendered(expected)
    finally:
        renderer.close()


def test_without_such_a_name_nothing_else_is_read() -> None:
    library, _ = make_library({"project:main": "x", "project:part": "y"})
    made = closure(library, "main")
    assert not made.others
    assert not made.names
    assert made.all_routes() == {"project:main": {}}
