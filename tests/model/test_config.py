"""The configuration: what counts where, and what is wrong told with its place."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.library.configuration import load_configuration, project_configuration, user_configuration
from orch.model.config import Configuration, ContextOptions, Runner, SharedLayer, read_configuration
from orch.model.template import Input
from orch.storage.memory import MemoryStorage

ROOT = Path("/shop").absolute()
USER = Path("/home/ada/config").absolute()

EVERYTHING = """
project = "shop"
layers = [{name = "team", path = "prompts/team"}]
[feature_types]
infra = "Servers and networks"
design = { description = "Screens" }
[inputs.tone]
description = "How it sounds"
default = "plain"
[jinja]
extensions = ["do"]
[context]
include = ["src/"]
exclude = ["*.csv"]
tree_depth = 2
max_chars = 1000
[diagnostics]
unused-variable = "off"
[run]
runner = "claude"
"""


def test_everything_is_read() -> None:
    configuration, problems = project_configuration(EVERYTHING, ROOT)
    assert not problems
    assert configuration == Configuration(
        project="shop",
        layers=(SharedLayer("team", "prompts/team"),),
        feature_types={"infra": "Servers and networks", "design": "Screens"},
        inputs={"tone": Input("tone", "How it sounds", "plain")},
        extensions=("do",),
        context=ContextOptions(("src/",), ("*.csv",), 2, 1000),
        diagnostics={"unused-variable": "off"},
        runner="claude",
    )


def test_runners_and_layers_outside_count_only_in_the_users_configuration() -> None:
    text = """
layers = [{name = "team", path = "../team"}, {name = "abs", path = "/srv/prompts"}, {name = "in", path = "a/../b"}]
[runners.claude]
command = ["claude", "-p"]
timeout = 60
"""
    project, problems = project_configuration(text, ROOT)
    assert [layer.name for layer in project.layers] == ["in"]
    assert not project.runners
    assert len(problems) == 3
    user, problems = user_configuration(text)
    assert not problems
    assert [layer.name for layer in user.layers] == ["team", "abs", "in"]
    assert user.runners == {"claude": Runner("claude", ("claude", "-p"), 60.0)}


def test_the_project_goes_before_the_user() -> None:
    files = MemoryStorage(
        {
            ROOT / ".orch/config.toml": EVERYTHING,
            USER / "config.toml": """
project = "other"
layers = [{name = "team", path = "elsewhere"}, {name = "mine", path = "mine"}]
[feature_types]
infra = "mine"
more = "More"
[jinja]
extensions = ["loopcontrols", "do"]
[context]
include = ["docs/"]
exclude = ["secret/"]
[diagnostics]
unused-variable = "error"
unused-macro = "hint"
[run]
runner = "llm"
""",
        }
    )
    both = load_configuration(files, ROOT, USER)
    assert both.project == "shop"
    assert [(layer.name, layer.path, layer.from_user) for layer in both.layers] == [
        ("team", "prompts/team", False),
        ("mine", "mine", True),
    ]
    assert both.feature_types == {"infra": "Servers and networks", "design": "Screens", "more": "More"}
    assert both.extensions == ("do", "loopcontrols")
    assert both.context == ContextOptions(("src/",), ("*.csv", "secret/"), 2, 1000)
    assert both.diagnostics == {"unused-variable": "off", "unused-macro": "hint"}
    assert both.runner == "claude"


def test_no_file_is_no_configuration_and_a_broken_one_keeps_what_is_certain() -> None:
    assert load_configuration(MemoryStorage(), ROOT, USER) == Configuration()
    broken = MemoryStorage({ROOT / ".orch/config.toml": 'project = "shop"\n[jinja\n[run]\nrunner = "x"\n'})
    assert load_configuration(broken, ROOT, USER).project == "shop"


def test_what_is_wrong_is_told_with_its_place() -> None:
    data = tomllib.loads("""
project = 1
unknown = true
layers = [{name = "user", path = "x"}, {name = "a/b", path = "x"}, {path = "x"}, {name = "ok", path = "x", z = 1}]
[feature_types]
"a b" = ""
[jinja]
extensions = ["do", "i18n"]
[context]
tree_depth = -1
max_chars = "many"
[diagnostics]
x = "loud"
[runners.empty]
command = []
""")
    configuration, problems = read_configuration(data, user=True)
    assert {problem.path for problem in problems} == {
        ("project",),
        ("unknown",),
        ("layers", 0, "name"),
        ("layers", 1, "name"),
        ("layers", 2),
        ("layers", 3, "z"),
        ("feature_types", "a b"),
        ("jinja", "extensions"),
        ("context", "tree_depth"),
        ("context", "max_chars"),
        ("diagnostics", "x"),
        ("runners", "empty", "command"),
    }
    assert [layer.name for layer in configuration.layers] == ["ok"]
    assert configuration.extensions == ("do",)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    ["project", "layers", "feature_types", "inputs", "jinja", "context", "diagnostics", "run", "runners"]
)


@given(st.dictionaries(_KEYS, _JSON), st.booleans())
def test_reading_never_raises(data: dict[str, object], user: bool) -> None:
    read_configuration(data, user=user)


def test_a_timeout_is_a_number_above_zero() -> None:
    for written in ("0", "-3", "nan"):
        data = tomllib.loads(f"[runners.llm]\ncommand = ['llm']\ntimeout = {written}\n")
        configuration, problems = read_configuration(data, user=True)
        assert configuration.runners == {"llm": Runner("llm", ("llm",), None)}
        assert [problem.sentence for problem in problems] == [
            "The timeout of the runner `llm` is a number of seconds above 0."
        ]


def test_an_endpoint_is_a_runner_with_an_address_and_a_model() -> None:
    data = tomllib.loads(
        "[runners.local]\nbase_url = 'http://127.0.0.1:11434/v1'\nmodel = 'owl'\nkey_env = 'OWL_KEY'\ntimeout = 9\n"
        "[runners.llm]\ncommand = ['llm']\nmodel = 'tern'\n"
    )
    configuration, problems = read_configuration(data, user=True)
    assert configuration.runners == {
        "local": Runner("local", (), 9.0, "owl", "http://127.0.0.1:11434/v1", "OWL_KEY"),
        "llm": Runner("llm", ("llm",), None, "tern"),
    }
    assert [runner.kind for runner in configuration.runners.values()] == ["endpoint", "command"]
    assert problems == ()
    assert not read_configuration(data, user=False)[0].runners


@pytest.mark.parametrize(
    ("written", "path", "sentence"),
    [
        (
            "base_url = 'x'\nmodel = 'owl'",
            "base_url",
            "The base_url of the runner `x` begins with http:// or https://.",
        ),
        (
            "base_url = 'http://['\nmodel = 'owl'",
            "base_url",
            "The base_url of the runner `x` begins with http:// or",
        ),
        ("base_url = 'http://a/v1'", "model", "The runner `x` is an endpoint, so it wants the name of a model."),
        (
            "base_url = 'http://a/v1'\nmodel = 'owl'\ncommand = ['x']",
            "command",
            "The runner `x` has a command and a base_url; it is one or the other.",
        ),
        ("base_url = 'http://a/v1'\nmodel = 'owl'\nkey = 'sk-1'", "key", "There is no key `key` here; there are "),
        ("model = 'owl'", "command", "The runner `x` wants a command, as a list of texts, or a base_url."),
        ("command = ['x']\nkey_env = 'X'", "key_env", "The runner `x` is a program, which is given no key."),
    ],
)
def test_what_a_runner_cannot_be(written: str, path: str, sentence: str) -> None:
    configuration, problems = read_configuration(tomllib.loads(f"[runners.x]\n{written}\n"), user=True)
    ((found, said),) = [(problem.path, problem.sentence) for problem in problems]
    assert found == ("runners", "x", path)
    assert said.startswith(sentence)
    assert bool(configuration.runners) == (path in ("key", "key_env"))


def test_an_unknown_key_of_the_context_names_all_that_there_are() -> None:
    _, problems = project_configuration("[context]\nbogus = 1\n", ROOT)
    assert [problem.sentence for problem in problems] == [
        "There is no key `bogus` here; there are `exclude`, `include`, `max_chars`, `tree_depth`."
    ]
