"""What the fixes make of a template: exactly the text that is wanted, without the finding that they mend."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from orch.model.template import split_template
from orch.text.span import TextEdit
from support.annotations import parse_fixture
from support.template_corpus import FOLDER
from support.template_values import VARIABLES
from support.templates import findings


class Case(NamedTuple):
    """A template before a fix and after it; `after` is empty where the fix must not be offered."""

    rule: str
    title: str
    before: str
    after: str


def _cases(file: Path) -> list[Case]:
    pattern = re.compile(r"^=== (?P<rule>[a-z-]+): (?P<title>.*)\n(?P<texts>(?:(?!===).*\n)*)", re.M)
    found = pattern.finditer(file.read_text(encoding="utf-8"))
    return [Case(one["rule"], one["title"], *one["texts"].split("---\n")) for one in found]


def _fixed(text: str, edits: tuple[TextEdit, ...]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize("case", _cases(FOLDER / "fixes.txt"), ids=lambda case: f"{case.rule}: {case.before[:40]}")
def test_a_fix_makes_the_wanted_text(case: Case) -> None:
    files = parse_fixture(case.before if case.before.startswith("//- ") else f"//- main\n{case.before}").files
    finding = next(finding for finding in findings(files) if finding.rule == case.rule)
    fix = next((fix for fix in finding.fixes if fix.title == case.title), None)
    assert (fix is not None) == bool(case.after)
    if fix is None:
        return
    main = _fixed(files["main"], fix.edits)
    assert main == case.after
    mended = {**files, "main": main}
    assert [found.rule for found in findings(mended)] == []
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader({name: split_template(text).body for name, text in mended.items()}),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.get_template("main").render({**VARIABLES, "tone": "kind"})


def test_lines_that_a_fix_adds_end_as_those_of_the_text() -> None:
    text = "{% if request %}\r\na\r\n"
    (finding,) = findings({"main": text})
    (fix,) = finding.fixes
    assert _fixed(text, fix.edits) == "{% if request %}\r\na\r\n{% endif %}\r\n"
    files = {"main": "{% extends 'base' %}\r\n", "base": "{% block a required %}{% endblock %}"}
    (finding,) = findings(files)
    assert _fixed(files["main"], finding.fixes[0].edits) == (
        "{% extends 'base' %}\r\n{% block a %}\r\n{% endblock %}\r\n"
    )
