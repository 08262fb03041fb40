"""A template's text divided, its front matter read, and versions written and read back."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from orch.library.version_files import version_text
from orch.model.reference import Reference, TemplateId
from orch.model.template import (
    Example,
    Input,
    digest_of,
    jinja_text,
    normal_text,
    read_front_matter,
    read_version,
    split_template,
)
from orch.model.toml import toml_data


@pytest.mark.parametrize(
    ("text", "front", "body"),
    [
        ("", None, ""),
        ("plain\n", None, "plain\n"),
        ("+++\na = 1\n+++\nbody\n", "a = 1\n", "body\n"),
        ("+++\n+++\n", "", ""),
        ("+++\n+++", "", ""),
        ("+++\r\na = 1\r\n+++\r\nbody", "a = 1\r\n", "body"),
        ("+++\na = 1\n++++\nb\n+++\nx", "a = 1\n++++\nb\n", "x"),
        ("\n+++\na\n+++\n", None, "\n+++\na\n+++\n"),
        (" +++\n+++\n", None, " +++\n+++\n"),
        ("+++ \n+++\n", None, "+++ \n+++\n"),
    ],
)
def test_front_matter_is_divided_from_the_body(text: str, front: str | None, body: str) -> None:
    parts = split_template(text)
    assert (parts.front, parts.body) == (front, body)
    assert text[parts.body_start :] == body
    if front is not None:
        assert text[parts.front_start :].startswith(front)


def test_a_front_matter_that_nothing_closes_is_body() -> None:
    parts = split_template("+++\na = 1\n")
    assert parts.unclosed
    assert parts.front is None
    assert parts.body == "+++\na = 1\n"


@given(
    st.lists(st.sampled_from(["a = 1", "", "# {# #} {{", "x", "++++"]), max_size=5),
    st.sampled_from(["", "x", "\n y\n", "{{ 1 }}"]),
)
def test_taking_the_front_matter_out_leaves_no_trace_but_the_line_numbers(front: list[str], body: str) -> None:
    text = "\n".join(["+++", *front, "+++", body])
    plain = jinja_text(text)
    environment = Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    rest = split_template(text).body
    if split_template(text).front is not None:
        assert environment.from_string(plain).render() == environment.from_string(rest).render()
        assert plain.count("\n") == text.count("\n")


def test_what_a_template_says_of_itself() -> None:
    front, problems = read_front_matter(
        tomllib.loads("""
description = "Asks for three prompts"
[inputs.depth]
description = "How deep"
default = "normal"
choices = ["quick", "normal"]
[inputs.number]
default = 3
[inputs.free]
[[examples]]
name = "small"
request = "Add a button"
values = { depth = "quick", number = 4, on = true }
[[examples]]
""")
    )
    assert not problems
    assert front.description == "Asks for three prompts"
    assert list(front.inputs.values()) == [
        Input("depth", "How deep", "normal", ("quick", "normal")),
        Input("number", "", 3),
        Input("free"),
    ]
    assert front.examples == (
        Example("small", "Add a button", {"depth": "quick", "number": "4", "on": "true"}),
        Example("example 2"),
    )


def test_what_is_wrong_is_told_with_its_place_and_the_rest_is_taken() -> None:
    front, problems = read_front_matter(
        {
            "description": 1,
            "inputs": {"a b": {}, "ok": {"default": "x", "choices": ["y"], "extra": 1}, "no": 3},
            "examples": [1, {"name": "n", "values": []}],
            "nope": 1,
        }
    )
    assert set(front.inputs) == {"ok", "no"}
    assert front.inputs["ok"] == Input("ok", "", None, ("y",))
    assert [example.name for example in front.examples] == ["n"]
    assert {problem.path for problem in problems} == {
        ("description",),
        ("inputs", "a b"),
        ("inputs", "ok", "default"),
        ("inputs", "ok", "extra"),
        ("inputs", "no"),
        ("examples", 0),
        ("examples", 1, "values"),
        ("nope",),
    }


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | st.text(
    "\"'\\\n\r\t\x00 '''\"\"\"", max_size=40
)


@given(_TEXTS)
def test_a_version_gives_its_text_back(text: str) -> None:
    body = normal_text(text)
    written = version_text(
        TemplateId("project", "x", "bugfix"), 3, body, [Reference("y", "builtin", None, 1, "5d41402a")]
    )
    version, problems = read_version(toml_data(written))
    assert not problems
    assert (version.body, version.digest, version.number) == (body, digest_of(body), 3)
    assert (version.template, version.feature_type) == ("x", "bugfix")
    assert version.parts == ("builtin:y@1-5d41402a",)


@pytest.mark.parametrize("data", [{}, {"template": "x", "body": "y", "digest": "0"}, {"body": 1}, {"parts": "x"}])
def test_a_version_that_was_changed_is_noticed(data: dict[str, object]) -> None:
    assert read_version(data)[1]
