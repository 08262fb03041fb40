"""Names as Jinja scopes them: against Jinja's own `meta`, against real renderings, and case by case."""

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError, meta

from orch.rules.template_builtins import functions
from orch.rules.template_scopes import find_scopes
from orch.syntax.jinja_environment import jinja_environment
from orch.syntax.jinja_tree import parse_template
from support.jinja_fuzz import inputs
from support.template_cases import VALID

FREE = {
    # text: the names that are not defined where they are read
    "{{ a }}{% set a = 1 %}{{ a }}": ["a"],
    "{% if x %}{% set a = 1 %}{% else %}{{ a }}{% endif %}{{ a }}": ["x", "a"],
    "{% if x %}{% set a = 1 %}{% elif a %}{% endif %}": ["x", "a"],
    "{% for a in b %}{{ a }}{{ loop.index }}{% else %}{{ a }}{{ loop }}{% endfor %}{{ a }}": [
        "b",
        "a",
        "loop",
        "a",
    ],
    "{% for a in b if a and loop %}{% endfor %}": ["b", "loop"],
    "{% for a in b %}{% set c = a %}{{ c }}{% endfor %}{{ c }}": ["b", "c"],
    "{% with a = 1, b = a %}{{ a }}{{ b }}{% endwith %}{{ b }}": ["a", "b"],
    "{% macro m(a, b=a) %}{{ a }}{{ caller() }}{{ varargs }}{{ later }}{% endmacro %}{% set later = 1 %}{{ a }}": [
        "a"
    ],
    "{% macro m() %}{{ n() }}{{ m }}{% endmacro %}{% macro n() %}{% endmacro %}": [],
    "{% call(u) f(v) %}{{ u }}{{ caller }}{% endcall %}{{ u }}": ["f", "v", "u"],
    "{% filter replace(a, b) %}{% set a = 1 %}{% endfilter %}{{ a }}": ["b", "a"],
    "{% set a %}{% set b = 1 %}{{ b }}{% endset %}{{ a }}{{ b }}": ["b"],
    "{% set a | replace(c, '') %}{{ a }}{% endset %}": ["a", "c"],
    "{% block x %}{% set a = 1 %}{{ a }}{{ self }}{{ super }}{% endblock %}{{ a }}{{ super }}": ["a", "super"],
    "{% block x %}{{ later }}{% endblock %}{% set later = 1 %}": [],
    "{% for a in b %}{% block x %}{{ a }}{{ loop }}{% endblock %}{% endfor %}": ["b", "a", "loop"],
    "{% for a in b %}{% block x scoped %}{{ a }}{{ loop }}{% endblock %}{% endfor %}": ["b"],
    "{% for a in b recursive %}{{ loop(a) }}{% endfor %}": ["b"],
    "{% import 'x' as m %}{% from 'y' import p, q as r %}{{ m }}{{ p }}{{ q }}{{ r }}": ["q"],
    "{% autoescape a %}{% set b = 1 %}{% endautoescape %}{{ b }}": ["a", "b"],
    "{% set ns = namespace() %}{% set ns.x = y %}{% set other.x = 1 %}": ["namespace", "y", "other"],
    "{% for a, (b, c) in d %}{{ a ~ b ~ c }}{% endfor %}": ["d"],
    "{% if x %}{% for a in b %}{% if y %}{% set c = 1 %}{% endif %}{{ c }}{% endfor %}{% endif %}": ["x", "b", "y"],
    "{% set a = a %}": ["a"],
}

UNRENDERABLE = ("{% import", "super", "{% block x %}{{ later", "set other.x", "{% set a | replace(c")
"""Other templates, a block before what it reads, no namespace, and an assertion that fails inside Jinja."""


@pytest.mark.parametrize(("text", "free"), FREE.items(), ids=range(len(FREE)))
def test_what_is_free(text: str, free: list[str]) -> None:
    assert [entry.read.name for entry in find_scopes(parse_template(text)).free] == free


@pytest.mark.parametrize("seed", range(3))
def test_jinja_calls_undeclared_all_that_is_free_here(seed: int) -> None:
    compared = 0
    for text in inputs(seed + 50, 1500):
        tree = parse_template(text)
        if tree.broken:
            continue
        free = {entry.read.name for entry in find_scopes(tree).free} - set(functions())
        try:
            undeclared = meta.find_undeclared_variables(jinja_environment().parse(text[tree.body_start :]))
        except Exception:  # what only the compiler refuses has no undeclared names
            continue
        assert free <= undeclared, text
        compared += 1
    assert compared > 200


@pytest.mark.parametrize("text", FREE, ids=range(len(FREE)))
def test_what_is_free_fails_when_it_is_rendered(text: str) -> None:
    """A value for every free name, and nothing else, is enough: Jinja then finds nothing undefined."""
    if any(part in text for part in UNRENDERABLE):
        return
    free = {entry.read.name for entry in find_scopes(parse_template(text)).free} - set(functions())
    environment = Environment(undefined=StrictUndefined)
    values = {name: _Anything() for name in free}
    try:
        environment.from_string(text).render(values)
    except UndefinedError as error:
        pytest.fail(f"{text}: {error}")
    except TypeError:
        pass  # the value does not suit; that it is there is all that counts


class _Anything(list[object]):
    """A value that can be called, gone through and read."""

    def __init__(self) -> None:
        super().__init__()

    def __call__(self, *values: object, **options: object) -> str:  # noqa: ARG002 - it takes whatever comes
        return ""

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return ""


@pytest.mark.parametrize("text", VALID.values(), ids=VALID.keys())
def test_every_read_belongs_to_one_variable_or_is_free(text: str) -> None:
    scopes = find_scopes(parse_template(text))
    places = [(tag, read.span) for variable in scopes.variables for tag, read in variable.reads]
    places += [(entry.tag, entry.read.span) for entry in scopes.free]
    assert len(places) == len(set(places))


UNSURE = {
    # text: for each read that may mean several things, on which lines those are set; 0 for none of them
    "{% set a = 1 %}\n{% for b in c %}{% if b %}{% set a = 2 %}{% endif %}{{ a }}{% endfor %}": [[2, 1]],
    "{% set a = 1 %}\n{% block b %}{% if c %}{% set a = 2 %}{% endif %}{{ a }}{% endblock %}": [[2, 1]],
    "{% macro m() %}{% if c %}{% set a = 2 %}{% endif %}{{ a }}{% endmacro %}\n{% set a = 1 %}": [[1, 2]],
    "{% if b %}{% set a = 1 %}{% endif %}\n{% macro m() %}{{ a }}{% endmacro %}": [[1, 0]],
    "{% if b %}{% set a = 1 %}{% elif c %}{% set a = 2 %}{% endif %}{{ a }}": [[1, 0]],
    "{% if b %}{% set a = 1 %}{% elif c %}{% else %}{% set a = 2 %}{% endif %}{{ a }}": [[1, 0]],
    "{% if b %}{% set a = 1 %}{% elif c %}{% set a = 2 %}{% else %}{% set a = 3 %}{% endif %}{{ a }}": [],
    "{% if b %}{% set a = 1 %}{% if c %}{{ a }}{% endif %}{% endif %}": [],
    "{% set a = 1 %}{% if b %}{% set a = 2 %}{% endif %}{{ a }}": [],
    "{% for a in b %}{% if a %}{% set a = 2 %}{% endif %}{{ a }}{% endfor %}": [],
}


@pytest.mark.parametrize(("text", "wanted"), UNSURE.items(), ids=range(len(UNSURE)))
def test_what_only_some_branches_set_may_be_the_one_outside(text: str, wanted: list[list[int]]) -> None:
    tree = parse_template(text)
    found = []
    for entry in find_scopes(tree).unsure:
        lines = [text.count("\n", 0, tree.starts[variable.binds[0][0]]) + 1 for variable in entry.variables]
        found.append(lines + [0] * entry.free)
    assert found == wanted


def test_a_block_whose_tag_cannot_be_read_may_be_scoped() -> None:
    scopes = find_scopes(parse_template("{% for a in b %}{% block {{c scoped %}{{ a }}{% endblock %}{% endfor %}"))
    assert [entry.read.name for entry in scopes.free] == ["b"]
