"""Whatever stands in a session, every ability answers, and with places inside the text."""

from collections.abc import Iterable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from orch.ide.results import Symbol
from orch.ide.session_actions import session_actions
from orch.ide.session_completion import Names, session_completion
from orch.ide.session_fold import session_folding
from orch.ide.session_hover import session_hover
from orch.ide.session_lenses import session_lenses
from orch.ide.session_places import session_highlights, session_references
from orch.ide.session_symbols import session_symbols
from orch.ide.session_tokens import session_tokens
from orch.ide.session_view import SessionView
from orch.rules.finding import Finding
from orch.text.span import Span, apply_edits
from support.session_checks import Neighbours, findings_of, head

PIECES = st.sampled_from(
    [
        head(),
        head("analysis"),
        "status = 'planning'\n",
        "[planning]\n",
        "response = '''\n# ANALYSIS TEMPLATE\n\nLook at [MODULE NAME].\n'''\n",
        "response = raw [text]\nand 'more'\n",
        "template = 'builtin:orchestrator@1-5d41402a'\n",
        "prompt = 'p'\n",
        "[analysis]\n",
        "body = '''\nSee [MODULE NAME] and {{ owner }}.\n'''\n",
        'body = "a\\tb \\u00e9 [MODULE NAME]"\n',
        "[analysis.values]\n",
        '"MODULE NAME" = ""\n',
        "analysis = { body = '[A B]', values = { 'A B' = 3 } }\n",
        "[[history]]\n",
        "kept = ['a:9c1185a5', 3]\n",
        "notes.key_files = ['a.py', 'b.py']\n",
        "[notes]\n",
        "[[notes.risks]]\nrisk = 3\n",
        "[notes.risks]\n",
        "schema = 9\n",
        "outcome.rating = 99\n",
        "# orch: ignore[unknown-key]\n",
        "zzz.y = 1\n",
        "<<<<<<< a\n",
        "=======\n",
        ">>>>>>> b\n",
        "'''\n",
        '"',
        "[",
        "\r\n",
        "\r",
        "\u2028",
        "😀",
        "\x00",
        "\ufeff",
        " = ",
    ]
)


def _flat(symbols: Iterable[Symbol]) -> Iterable[Symbol]:
    for symbol in symbols:
        yield symbol
        yield from _flat(symbol.children)


def _spans(view: SessionView, at: int, findings: list[Finding]) -> Iterable[Span]:
    hover = session_hover(view, at)
    yield from [hover.span] if hover else []
    yield from (lens.span for lens in session_lenses(view, "file:///s.orch", frozenset()))
    yield from (folding.span for folding in session_folding(view))
    yield from (token.span for token in session_tokens(view))
    yield from (symbol.span for symbol in _flat(session_symbols(view)))
    yield from session_highlights(view, at)
    yield from (place.span for place in session_references(view, at, None) if place.span)
    yield from (entry.edit.span for entry in session_completion(view, at, Names()))
    for finding in findings:
        yield finding.span
        yield from (entry.span for entry in finding.related if entry.path is None)


@settings(max_examples=250, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join), st.integers(0, 400))
@example("", 0)
@example("response = '''", 3)
def test_every_ability_answers(text: str, at: int) -> None:
    at = min(at, len(text))
    view = SessionView(text, None)
    findings = findings_of(text, Neighbours())
    for span in _spans(view, at, findings):
        assert 0 <= span.start <= span.end <= len(text)
    for finding in findings:
        for fix in finding.fixes:
            apply_edits(text, fix.edits)
    touched = [finding for finding in findings if finding.span.contains(at)]
    for action in session_actions(view, "file:///s.orch", Span(at, at), touched, frozenset(), lambda: "an-id-0001"):
        apply_edits(text, action.edits)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join), st.data())
def test_a_view_of_an_edited_text_is_that_of_a_new_one(text: str, data: st.DataObject) -> None:
    view = SessionView(text, None)
    for _ in range(3):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 5)))
        text = text[:start] + data.draw(PIECES) + text[end:]
        view = SessionView(text, None, view)
        fresh = SessionView(text, None)
        assert view.session == fresh.session
        assert view.tree.problems == fresh.tree.problems
        assert view.parts == fresh.parts
        assert view.open_places == fresh.open_places
