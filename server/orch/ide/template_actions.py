"""What the light bulb offers in a template, besides the fixes that come with the findings."""

import re
from collections.abc import Iterator, Sequence

from orch.ide.results import Action, Command
from orch.ide.template_view import Desk
from orch.rules.finding import Finding
from orch.rules.template_scope import IMPLICIT
from orch.rules.template_suppression import NEVER
from orch.text.span import Span, TextEdit
from orch.text.words import newline_of

_JINJAS = frozenset(name for names in IMPLICIT.values() for name in names)
"""What Jinja itself gives to some places: an input of that name is not what was meant."""


def template_actions(desk: Desk, findings: Sequence[Finding]) -> list[Action]:
    """The actions for the findings at the cursor."""
    return [
        action
        for finding in findings
        for action in (*_declare(desk, finding), *_renumber(desk, finding), *_ignore(desk, finding))
    ]


def _declare(desk: Desk, finding: Finding) -> Iterator[Action]:
    """An undefined variable may be meant as an input."""
    name = finding.span.slice(desk.text)
    if finding.rule != "undefined-variable" or not name.isidentifier() or finding.related or name in _JINJAS:
        return
    tree = desk.context.tree
    table = f'[inputs.{name}]\ndescription = ""\n'
    if tree.front is not None and tree.front.closed:
        end = tree.front.body.end
        text = ("" if end == tree.front.body.start else "\n") + table
        edit = TextEdit(Span(end, end), text)
    elif tree.front is None:
        edit = TextEdit(Span(0, 0), f"+++\n{table}+++\n")
    else:
        return
    edit = TextEdit(edit.span, edit.text.replace("\n", newline_of(desk.text)))
    yield Action(f"Declare the input `{name}`", "quickfix", (edit,), rules=("undefined-variable",))


def _renumber(desk: Desk, finding: Finding) -> Iterator[Action]:
    """Versions of this template that share a number: that is told on its first line."""
    if finding.rule != "duplicate-version" or finding.span.start != 0 or desk.around is None:
        return
    title = "Give each version a number of its own"
    name = desk.path.as_uri() if desk.path is not None else desk.around.key
    command = Command(title, "orch.template.publish", {"name": name, "renumber": True})
    yield Action(title, "quickfix", command=command, preferred=True, rules=("duplicate-version",))


def _ignore(desk: Desk, finding: Finding) -> Iterator[Action]:
    """A comment on the line before that keeps the finding quiet."""
    if finding.rule in NEVER:
        return
    line = max(desk.text.rfind("\n", 0, finding.span.start), desk.text.rfind("\r", 0, finding.span.start)) + 1
    if line < desk.context.tree.body_start or _inside_tag(desk, line):
        return
    indent = re.match(r"[ \t]*", desk.text[line:])
    text = f"{indent.group() if indent else ''}{{# orch: ignore[{finding.rule}] #}}{newline_of(desk.text)}"
    yield Action(
        f"Ignore `{finding.rule}` here", "quickfix", (TextEdit(Span(line, line), text),), rules=(finding.rule,)
    )


def _inside_tag(desk: Desk, offset: int) -> bool:
    tree = desk.context.tree
    index = tree.tag_at(offset)
    return index is not None and tree.span(index).start < offset < tree.span(index).end
