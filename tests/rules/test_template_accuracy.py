"""All known defects found, each at its place, and nothing found in what is valid."""

import pytest
from jinja2 import DictLoader, StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from orch.model.template import split_template
from orch.syntax.jinja_environment import jinja_environment
from support.annotations import parse_fixture
from support.template_cases import DEFECTS, VALID
from support.template_values import VARIABLES
from support.templates import check

_HARMLESS = ("info", "warning")
_SYNTAX = ("syntax-error", "unclosed-block", "unexpected-tag", "unclosed-delimiter", "unknown-tag")


def _main(source: str) -> str:
    return source if source.startswith("//- ") else f"//- main\n{source}"


@pytest.mark.parametrize("source", DEFECTS.values(), ids=DEFECTS.keys())
def test_a_defect_is_found_at_its_place_and_nothing_else(source: str) -> None:
    check(_main(source))


@pytest.mark.parametrize("source", VALID.values(), ids=VALID.keys())
def test_nothing_is_found_in_a_valid_template(source: str) -> None:
    fixture = check(_main(source))
    assert not fixture.expected


def test_the_cases_are_as_many_as_the_anchors_want() -> None:
    assert len(DEFECTS) >= 54
    assert len(VALID) >= 37


@pytest.mark.parametrize("source", [*DEFECTS.values(), *VALID.values()], ids=[*DEFECTS.keys(), *VALID.keys()])
def test_jinja_says_the_same_of_the_syntax(source: str) -> None:
    fixture = parse_fixture(_main(source))
    for name, text in fixture.files.items():
        expected = {finding.rule for finding in fixture.expected if finding.path == name}
        try:
            jinja_environment().parse(split_template(text).body)
            accepted = True
        except TemplateSyntaxError:
            accepted = False
        assert accepted == expected.isdisjoint(_SYNTAX), name


def _rendered(source: str) -> str | Exception:
    """What Jinja makes of the case in the contract's environment: the text, or what it raises."""
    files = {name: split_template(text).body for name, text in parse_fixture(_main(source)).files.items()}
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(files), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, autoescape=False,
    )  # fmt: skip
    try:
        return environment.get_template("main").render(VARIABLES)
    except Exception as error:  # whatever it raises is the answer
        return error


@pytest.mark.parametrize("source", VALID.values(), ids=VALID.keys())
def test_jinja_renders_what_is_valid(source: str) -> None:
    assert isinstance(_rendered(source), str), _rendered(source)


@pytest.mark.parametrize("source", DEFECTS.values(), ids=DEFECTS.keys())
def test_jinja_fails_on_what_is_an_error(source: str) -> None:
    severities = {finding.severity for finding in parse_fixture(_main(source)).expected}
    front_matter = "invalid-front-matter" in source
    assert isinstance(_rendered(source), str) == (severities <= set(_HARMLESS) or front_matter), _rendered(source)
