"""No ability fails on any text at any place, and no rule does with other templates around."""

import random

import pytest

from orch.ide.results import FileChange
from orch.ide.template_actions import template_actions
from orch.ide.template_completion import template_completion
from orch.ide.template_findings import quick_findings, slow_findings
from orch.ide.template_hover import template_hover
from orch.ide.template_places import (
    template_definition,
    template_highlights,
    template_links,
    template_references,
    template_rename,
    template_rename_span,
)
from orch.ide.template_signature import template_signature
from orch.ide.template_surroundings import LibrarySurroundings, template_id
from orch.ide.template_symbols import template_folding, template_symbols
from orch.ide.template_tokens import template_tokens
from orch.ide.template_view import Desk, TemplateView, desk_of
from orch.text.span import Span, apply_edits
from support.annotations import parse_fixture
from support.jinja_fuzz import SEEDS, inputs
from support.template_cases import DEFECTS, VALID
from support.templates import library, place

CASES = tuple(parse_fixture(source).text for source in (*DEFECTS.values(), *VALID.values()) if "a20" not in source)
AROUND = {
    "base": "{% set shared = 1 %}{% block a required %}{% endblock %}{% block b %}{{ main }}{% endblock %}",
    "m": "{% macro a(x, y=1) %}{{ x }}{{ caller() }}{% endmacro %}{% include 'main' %}",
    "a": "{% extends 'main' %}{% block a %}{{ super() }}{% endblock %}",
    "b": "{{ a b }}",
}


@pytest.mark.parametrize("seed", range(4))
def test_nothing_fails(seed: int) -> None:
    random_ = random.Random(seed)
    view: TemplateView | None = None
    for text in inputs(seed + 300, 250, (*SEEDS, *CASES)):
        made = library({**AROUND, "main": text})
        own = template_id(made, place("main"))
        assert own is not None
        view = TemplateView(text, place("main"), view)
        desk = desk_of(view, LibrarySurroundings(made, own))
        findings = [*quick_findings(view), *slow_findings(view, desk)]
        assert all(0 <= f.span.start <= f.span.end <= len(text) for f in findings)
        for finding in findings:
            for fix in finding.fixes:
                apply_edits(text, fix.edits)
        for action in template_actions(desk, findings):
            apply_edits(text, action.edits)
        spans = [
            *(link.span for link in template_links(desk)),
            *(fold.span for fold in template_folding(view.tree)),
        ]
        spans += [token.span for token in template_tokens(view.tree)]
        assert all(0 <= span.start <= span.end <= len(text) for span in spans)
        template_symbols(desk.context)
        for _ in range(4):
            _ask(desk, random_.randrange(len(text) + 1), text)


def _ask(desk: Desk, offset: int, text: str) -> None:
    hover = template_hover(desk, offset)
    assert hover is None or hover.span.contains(offset)
    for entry in template_completion(desk, offset):
        assert entry.edit.span.start <= offset <= entry.edit.span.end
        apply_edits(text, [entry.edit])
    template_signature(desk, offset)
    template_definition(desk, offset)
    template_references(desk, offset)
    assert all(span.end <= len(text) for span in template_highlights(desk, offset))
    span = template_rename_span(desk, offset)
    assert span is None or isinstance(span, Span)
    changes = template_rename(desk, offset, "other")
    for change in () if isinstance(changes, str) else changes:
        assert isinstance(change, FileChange)
        if change.path is None:
            apply_edits(text, change.edits)
