"""Rules that look at other templates, versions and the configuration; and comments that keep findings quiet."""

import pytest

from orch.model.config import Configuration
from orch.model.template import Input
from orch.rules.finding import Severity
from support.templates import BUILTINS, ROOT, check, findings

CASES = {
    "the next template below": (
        "//- orchestrator\n{% extends 'orchestrator' %}{% block task %}{{ super() }}{% endblock %}\n"
        "//- builtin:orchestrator\nANALYSIS, IMPLEMENTATION, EXECUTION NOTES {% block task %}{% endblock %}\n"
    ),
    "a template that asks for itself": (
        "//- main\n{% include 'main' %}\n            ^^^^ error[missing-template] cannot ask for itself\n"
    ),
    "a feature type's own template": (
        "//- bugfix/orchestrator\n{% include 'part' %}ANALYSIS, IMPLEMENTATION, NOTES\n//- bugfix/part\nx\n"
    ),
    "a layer that is not there": (
        "//- main\n{% include 'team:part' %}\n            ^^^^^^^^^ error[missing-template] no layer `team`\n"
    ),
    "an example with a value that is no choice": (
        "//- main\n+++\n[inputs.depth]\nchoices = ['quick', 'deep']\n[inputs.tone]\n[[examples]]\n"
        "values = { depth = 'dep', tone = 'any' }\n"
        "                   ^^^^^ error[invalid-front-matter] must be one of quick, deep\n"
        "[[examples]]\nvalues.depth = 'deep'\n+++\n{{ depth }}{{ tone }}\n"
    ),
    "an example that a table gives its values": (
        "//- main\n+++\n[inputs.depth]\nchoices = ['quick', 'deep']\n[[examples]]\n[examples.values]\n"
        "depth = 'no'\n        ^^^^ error[invalid-front-matter] must be one of\n+++\n{{ depth }}\n"
    ),
    "an impossible name": "//- main\n{% include '../x' %}\n            ^^^^ error[missing-template]\n",
    "inputs of a parent": (
        "//- main\n{% extends 'base' %}{% block task %}{{ depth }}{% endblock %}\n"
        "//- base\n+++\n[inputs.depth]\n+++\n{% block task %}{% endblock %}\n"
    ),
    "a part reads what its users set": (
        "//- part\n{{ tone }} {{ mood }}\n              ^^^^ error[undefined-variable]\n"
        "//- main\n{% for tone in project.languages %}{% include 'part' %}{% endfor %}\n"
    ),
    "a part that may be included by a dynamic name": (
        "//- part\n{{ tone }}\n//- main\n{% set tone = 1 %}{% include 'pa' ~ 'rt' ~ title %}\n"
    ),
    "not yet known while planning": (
        "//- orchestrator\nANALYSIS IMPLEMENTATION NOTES {{ body }}\n"
        "                                 ^^^^ error[undefined-variable] not known yet\n"
        "//- analysis\n{{ body }}{{ notes.text }}{{ analysis_result }}\n"
        "                             ^^^^^^^^^^^^^^^ error[undefined-variable]\n"
        "//- implementation\n{{ body }}{{ analysis_result }}\n"
    ),
    "an orchestrator that asks for little": (
        "//- orchestrator\nPlan {{ request }} with an ANALYSIS PROMPT.\n"
        "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[missing-section-request] the IMPLEMENTATION "
        "template and the EXECUTION NOTES\n"
    ),
    "an orchestrator that includes what asks": (
        "//- orchestrator\n{{ request }}{% include 'form' %}\n//- form\nANALYSIS, IMPLEMENTATION, EXECUTION NOTES\n"
    ),
    "an orchestrator in another language": "//- orchestrator\n"
    "Анализ, реализация, заметки к выполнению: {{ request }}\n",
    "an unused variable that a parent reads": (
        "//- main\n{% extends 'base' %}{% set tone = 1 %}\n//- base\n{{ tone | default('') }}\n"
    ),
    "a variable of a prompt's own template": (
        "//- analysis\n{% set tone = 1 %}\n       ^^^^ warning[unused-variable]\n{{ body }}\n"
    ),
    "a macro of a part is there for others": "//- lib\n"
    "{% macro item(x) %}{{ x }}{% endmacro %}{% set year = 1 %}\n",
    "a required block of a parent's parent": (
        "//- main\n{% extends 'middle' %}\n            ^^^^^^ error[required-block]\n"
        "//- middle\n{% extends 'base' %}\n"
        "            ^^^^ error[required-block]\n//- base\n{% block task required %}{% endblock %}\n"
    ),
    "wrong arguments for an imported macro": (
        "//- main\n{% import 'lib' as l %}{% from 'lib' import item as i %}{{ l.item(1, 2) }}{{ i(b=1) }}\n"
        "                                                                     ^ error[wrong-arguments]\n"
        "                                                                               ^ "
        "error[wrong-arguments]\n"
        "                                                                             ^ error[wrong-arguments] "
        "needs a value\n"
        "//- lib\n{% macro item(x) %}{{ x }}{% endmacro %}\n"
    ),
    "an attribute that an imported template has not": (
        "//- main\n{% import 'lib' as l %}{{ l.itm(1) }}\n"
        "                            ^^^ error[undefined-attribute] `item`\n"
        "//- lib\n{% macro item(x) %}{{ x }}{% endmacro %}\n"
    ),
    "a block of a child that a parent shows by self": (
        "//- main\n{% extends 'base' %}{% block extra %}x{% endblock %}\n"
        "//- base\n{% if self.extra is defined %}{{ self.extra() }}{% endif %}\n"
    ),
    "a part that a block includes reads what the parent of that block sets": (
        "//- part\n{{ tone }} {{ mood }}\n              ^^^^ error[undefined-variable]\n"
        "//- main\n{% extends 'middle' %}{% block task %}{% include 'part' %}{% endblock %}\n"
        "//- middle\n{% extends 'base' %}\n"
        "//- base\n{% set tone = 'plain' %}{% block task %}{% endblock %}\n"
    ),
    "a library that is imported without context": (
        "//- lib\n+++\n[inputs.depth]\n+++\n{% set year = 1 %}{{ year }}\n"
        "{% macro m(x) %}{{ x }}{{ range(2) | list }}{{ request }}{{ tone }}{{ depth }}{% endmacro %}\n"
        "                                               ^^^^^^^ error[undefined-variable] with context\n"
        "                                                            ^^^^ error[undefined-variable]\n"
        "                                                                      ^^^^^ error[undefined-variable]\n"
        "//- main\n{% set tone = 1 %}{% from 'lib' import m %}{{ m(tone) }}\n"
    ),
    "a part that is included without context": (
        "//- part\n{{ tone }}\n   ^^^^ error[undefined-variable]\n"
        "//- main\n{% set tone = 1 %}{{ tone }}{% include 'part' without context %}\n"
    ),
    "a library that one imports with context": (
        "//- lib\n{% macro m() %}{{ request }}{{ tone }}{% endmacro %}\n"
        "//- main\n{% import 'lib' as l %}{{ l.m is defined }}\n"
        "//- other\n{% set tone = 1 %}{% from 'lib' import m with context %}{{ m() }}\n"
    ),
    "a library that nobody imports": "//- lib\n{% macro m() %}{{ request }}{% endmacro %}\n",
    "a part of a template whose parent is not known": (
        "//- part\n{{ tone }}\n"
        "//- main\n{% extends 'ba' ~ title %}{% block task %}{% include 'part' %}{% endblock %}\n"
    ),
    "a macro for the parent reads what the parent sets": (
        "//- main\n{% extends 'base' %}{% macro item(x) %}{{ sign }}{{ x }}{% endmacro %}\n"
        "//- base\n{% set sign = '-' %}{{ item(request) }}\n"
    ),
    "a macro whose body may be left out": (
        "//- main\n{% macro m(a, caller=none) %}{{ a }}{{ caller() if caller }}{% endmacro %}{{ m(request) }}\n"
    ),
    "an inner attribute by a filter": (
        "//- main\n{{ request | attr('__class__') }}\n                   ^^^^^^^^^ error[unsafe-attribute]\n"
    ),
    "what a branch may replace": (
        "//- main\n+++\n[inputs.depth]\n+++\n{% set sign = '-' %}{% import 'lib' as l %}\n"
        "{% macro item(x) %}{{ x }}{% endmacro %}{% set ns = namespace(a=1) %}\n"
        "{% if request %}{% set depth = 1 %}{% endif %}{{ depth }}\n"
        "{% block task %}{% if title %}{% set sign = '*' %}{% import 'other' as l %}\n"
        "{% macro item(x, y) %}{{ x }}{{ y }}{% endmacro %}{% set ns = namespace(b=2) %}{{ ns.b }}{% endif %}\n"
        "{{ sign }}{{ l.two() }}{{ item(1) }}{{ ns.a if not title }}{% endblock %}\n"
        "//- lib\n{% macro two() %}2{% endmacro %}\n//- other\n{% macro one() %}1{% endmacro %}\n"
    ),
    "what both branches replace": (
        "//- analysis\n{% set sign = 1 %}{% block task %}\n       ^^^^ warning[unused-variable]\n"
        "{% if title %}{% set sign = 2 %}{% else %}{% set sign = 3 %}{% endif %}{{ sign }}{% endblock %}\n"
    ),
    "a name in a tag that cannot be read is not reported elsewhere": (
        "//- main\n{% set tone 1 %}{{ tone }}\n            ^ error[syntax-error]\n"
    ),
}


@pytest.mark.parametrize("source", CASES.values(), ids=CASES.keys())
def test_other_templates(source: str) -> None:
    check(source)


def test_inputs_of_the_configuration_are_known() -> None:
    configuration = Configuration(inputs={"tone": Input("tone")})
    assert findings({"main": "{{ tone }}"}, configuration=configuration) == []


def test_extensions_of_the_configuration_count() -> None:
    text = "{% for f in project.files %}{% do f.path.upper() %}{% break %}{% endfor %}{% continue %}"
    assert {finding.rule for finding in findings({"main": text})} == {"unknown-tag"}
    configuration = Configuration(extensions=("do", "loopcontrols"))
    (found,) = findings({"main": text}, configuration=configuration)
    assert (found.rule, found.span.slice(text)) == ("misplaced-tag", "{% continue %}")


def test_related_places_name_the_circle() -> None:
    files = {"main": "{% include 'b' %}", "b": "{% include 'c' %}", "c": "{% include 'main' %}"}
    (found,) = findings(files)
    assert [(entry.path.name if entry.path else None) for entry in found.related] == ["b.md.j2", "c.md.j2"]


def test_versions_that_share_a_number() -> None:
    from orch.ide.template_surroundings import LibrarySurroundings, template_id
    from orch.library.layers import open_library
    from orch.rules.template_context import Analysis, TemplateContext
    from orch.rules.template_rules import check_template
    from orch.storage.memory import MemoryStorage
    from orch.syntax.jinja_tree import parse_template
    from support.templates import USER, place

    texts = {"main": "{% include 'part@1' %}\n", "part": "x\n"}
    files = {place(name): text for name, text in texts.items()}
    for digest in ("5d41402a", "7d793037"):
        files[ROOT / ".orch" / "versions" / "part" / f"0001-{digest}.toml"] = ""
    library = open_library(MemoryStorage(files), ROOT, USER, BUILTINS, Configuration())
    found = {}
    for name, text in texts.items():
        own = template_id(library, place(name))
        assert own is not None
        context = TemplateContext(Analysis(parse_template(text)), own.name, LibrarySurroundings(library, own))
        found[name] = [(f.rule, f.severity) for f in check_template(context, slow=True)]
    assert found == {
        "main": [("duplicate-version", Severity.ERROR)],
        "part": [("duplicate-version", Severity.INFO)],
    }


QUIET = {
    "on its line": "{{ requst }} {# orch: ignore[undefined-variable] #}\n",
    "alone before": "  {#- orch: ignore[unknown-filter, undefined-variable] why -#}\n{{ requst | upcase }}\n",
    "of windows": "{# orch: ignore[undefined-variable] #}\r\n{{ requst }}\r\n",
}
LOUD = {
    "another rule": "{# orch: ignore[unknown-filter] #}\n{{ requst }}\n",
    "two lines before": "{# orch: ignore[undefined-variable] #}\n\n{{ requst }}\n",
    "not alone": "x {# orch: ignore[undefined-variable] #}\n{{ requst }}\n",
    "syntax is never quiet": "{# orch: ignore[syntax-error] #}\n{{ a b }}\n",
}


@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET.keys())
def test_a_comment_keeps_findings_quiet(text: str) -> None:
    assert findings({"main": text}) == []


@pytest.mark.parametrize("text", LOUD.values(), ids=LOUD.keys())
def test_a_comment_says_which_and_where(text: str) -> None:
    assert len(findings({"main": text})) == 1
