"""Templates as people write prompts, beside Jinja: nothing found in valid ones, each defect at its place."""

import pytest
from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS

from orch.model.config import Configuration
from orch.model.template import split_template
from orch.syntax.jinja_environment import EXTENSIONS
from orch.syntax.jinja_uses import INDIFFERENT_TESTS
from support.annotations import parse_fixture
from support.template_corpus import Written, written
from support.template_values import VARIABLES
from support.templates import check

VALID = written("valid.txt")
DEFECTS = written("defects.txt")


def _source(one: Written) -> str:
    return one.source if one.source.startswith("//- ") else f"//- main\n{one.source}"


def _rendered(one: Written) -> str | Exception:
    """What Jinja makes of the first file in the contract's environment: the text, or what it raises."""
    files = {name: split_template(text).body for name, text in parse_fixture(_source(one)).files.items()}
    first = next(iter(files))
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(files), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, autoescape=False, extensions=[EXTENSIONS[name] for name in one.extensions],
    )  # fmt: skip
    later = ("body", "notes", "analysis_result") if first == "orchestrator" else ()
    try:
        return environment.get_template(first).render(
            {name: value for name, value in VARIABLES.items() if name not in later}
        )
    except Exception as error:  # whatever it raises is the answer
        return error


@pytest.mark.parametrize("one", VALID, ids=str)
def test_nothing_is_found_in_what_jinja_renders(one: Written) -> None:
    assert isinstance(_rendered(one), str), _rendered(one)
    fixture = check(_source(one), Configuration(extensions=one.extensions))
    assert not fixture.expected


@pytest.mark.parametrize("one", DEFECTS, ids=str)
def test_a_defect_is_found_at_its_place_and_nothing_else(one: Written) -> None:
    fixture = check(_source(one), Configuration(extensions=one.extensions))
    (defect,) = fixture.expected
    assert isinstance(_rendered(one), str) == (defect.severity != "error"), _rendered(one)


@pytest.mark.parametrize("name", sorted(name for name in TESTS if name.isalpha()))
def test_the_tests_that_may_be_asked_of_what_is_undefined(name: str) -> None:
    takes = {"divisibleby": (2,), "sameas": (1,), "in": ([1],)}
    compares = ("eq", "equalto", "ne", "gt", "greaterthan", "ge", "lt", "lessthan", "le")
    arguments = takes.get(name, (1,) if name in compares else ())
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    try:
        environment.call_test(name, environment.undefined(name="x"), list(arguments))
        asks = True
    except Exception:  # of several kinds: what counts is that the template stops
        asks = False
    assert asks == (name in INDIFFERENT_TESTS or name in ("defined", "undefined"))
