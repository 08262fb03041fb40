"""The rules for a project's other files: their own examples, and where each finding stands."""

import pytest

from orch.model.reading import Problem
from orch.rules.finding import Finding, Severity
from orch.rules.project_files import (
    CONFIGURATION,
    EXPERIMENT,
    PROJECT_FILE_RULES,
    USER_CONFIGURATION,
    VERSION,
    ProjectFileContext,
    check_project_file,
)
from orch.rules.registry import Rule
from orch.rules.session_rules import SESSION_RULES
from orch.rules.template_rules import TEMPLATE_RULES

KINDS = {"invalid-configuration": CONFIGURATION, "invalid-experiment": EXPERIMENT, "invalid-version": VERSION}
RULES = list(PROJECT_FILE_RULES.values())


def findings(kind: str, text: str, name: str = "tone") -> list[Finding]:
    return check_project_file(ProjectFileContext(kind, name, text))


def told(kind: str, text: str) -> list[tuple[str, str, str]]:
    """(rule, what is underlined, message) of each finding."""
    return [(one.rule, text[one.span.start : one.span.end], one.message) for one in findings(kind, text)]


def test_no_name_is_that_of_another_rule() -> None:
    assert not PROJECT_FILE_RULES.keys() & {*SESSION_RULES, *TEMPLATE_RULES}
    assert PROJECT_FILE_RULES.keys() == KINDS.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_examples(rule: Rule[ProjectFileContext]) -> None:
    kind = KINDS[rule.name]
    found = findings(kind, rule.bad)
    assert {(one.rule, one.severity) for one in found} == {(rule.name, rule.severity)}
    assert all(one.message.endswith((".", "?")) for one in found)
    assert findings(kind, rule.good) == []
    assert not rule.summary.endswith(".")
    assert rule.explanation.endswith(".")


@pytest.mark.parametrize(
    ("text", "wrong", "words"),
    [
        ("project = 3\n", "project", "`project` wants a text."),
        ("a.b = 1\n", "a.b", "There is no key `a` here"),
        ("[run]\nruner = 'x'\n", "runer", "There is no key `runer` here; there are `runner`."),
        ("[diagnostics]\nunused-macro = 'loud'\n", "unused-macro", "is one of error, warning"),
        ("[diagnostics]\nunused-marco = 'off'\n", "unused-marco", "did you mean `unused-macro`?"),
        ("[jinja]\nextensions = ['d']\n", "extensions", "There is no `d` among extensions"),
        ("[[layers]]\nname = 'a b'\npath = 'x'\n", "name", "cannot be a layer's name"),
        ("layers = [{name = 'user', path = 'x'}]\n", "name", "There is a layer called `user` already"),
        ("[runners.x]\ncommand = ['x']\n", "[runners.x]", "A project cannot define a runner"),
        ("[context]\ntree_depth = -1\n", "tree_depth", "cannot be negative"),
        ("[inputs.depth]\ndefault = 'x'\nchoices = ['y']\n", "default", "is not one of its choices"),
    ],
)
def test_the_configuration(text: str, wrong: str, words: str) -> None:
    ((rule, underlined, message),) = told(CONFIGURATION, text)
    assert (rule, underlined) == ("invalid-configuration", wrong)
    assert words in message


def test_the_users_own_configuration_defines_runners() -> None:
    assert told(USER_CONFIGURATION, "[runners.x]\ncommand = ['x']\n") == []
    ((_, underlined, message),) = told(USER_CONFIGURATION, "[runners.x]\ncommand = ['x']\ntimeout = 0\n")
    assert (underlined, message[:11]) == ("timeout", "The timeout")


START = 'name = "tone"\ntemplate = "orchestrator"\nstatus = "running"\nsalt = "x"\n'
A = '[[arms]]\nname = "a"\nversion = "builtin:orchestrator@1-f4eb45ad"\n'
B = '[[arms]]\nname = "b"\nversion = "project:orchestrator@2-5d41402a"\n'


@pytest.mark.parametrize("weight", ["0", "-1", "nan", "inf", "-inf", "-0.0"])
def test_a_weight_that_is_none(weight: str) -> None:
    ((rule, underlined, message),) = told(EXPERIMENT, f"{START}{A}{B}weight = {weight}\n")
    assert (rule, underlined) == ("invalid-experiment", "weight")
    assert message.startswith("A weight is a number above zero")


@pytest.mark.parametrize(
    ("text", "wrong", "words"),
    [
        (START + A, "[[arms]]", "wants two arms"),
        (START.replace("running", "runing") + A + B, "status", "`status` is one of running, stopped."),
        (START.replace("tone", "tune") + A + B, "name", "The file is called tone.toml"),
        (START.replace('salt = "x"\n', "") + A + B, 'name = "tone"', "An experiment wants a salt"),
        (START.replace("orchestrator", "lib/x") + A + B, "template", "An experiment is about one of"),
        (START + A + B.replace('"b"', '"a"'), "name", "There is an arm `a` already"),
        (START + A + B.replace("@2-5d41402a", "@2"), "version", "is no full reference"),
        (START + A + B.replace("orchestrator", "../x"), "version", "cannot be absolute"),
        (START + A + B + 'weight = "2"\n', "weight", "`weight` wants a number."),
        (START + "min_per_arm = 0\n" + A + B, "min_per_arm", "from 1 on"),
        ("schema = 9\n" + START + A + B, "schema", "written by a newer Orch"),
    ],
)
def test_an_experiment(text: str, wrong: str, words: str) -> None:
    found = told(EXPERIMENT, text)
    assert found
    assert (found[0][0], found[0][1]) == ("invalid-experiment", wrong)
    assert words in found[0][2]


def test_what_toml_itself_refuses_is_told_once() -> None:
    for kind in (CONFIGURATION, EXPERIMENT, VERSION):
        assert {rule for rule, _, _ in told(kind, "a = \n")} >= {"toml-syntax"}
    assert {rule for rule, _, _ in told(EXPERIMENT, f"<<<<<<< a\n{START}=======\n>>>>>>> b\n{A}{B}")} == {
        "merge-conflict"
    }


def test_a_comment_keeps_a_finding_quiet() -> None:
    assert told(CONFIGURATION, "project = 3 # orch: ignore[invalid-configuration]\n") == []
    assert told(CONFIGURATION, "project = 3 # orch: ignore[invalid-version]\n") != []


def test_a_hint_does_no_harm() -> None:
    text = PROJECT_FILE_RULES["invalid-version"].good
    (one,) = check_project_file(ProjectFileContext(VERSION, "x", text, hints=(Problem(("parent",), "Gone."),)))
    assert (one.rule, one.severity) == ("invalid-version", Severity.INFO)
