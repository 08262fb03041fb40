"""Findings that move along with edits, and the one edit between two texts."""

from hypothesis import given
from hypothesis import strategies as st

from orch.lsp.checking import relocated
from orch.lsp.documents import Documents, edit_between, kind_of
from orch.lsp.session_language import LANGUAGE
from orch.rules.finding import Finding, Fix, Related
from orch.text.span import Span, TextEdit, apply_edits


def spans(edits: list[TextEdit], *given_spans: tuple[int, int]) -> list[tuple[int, int]]:
    findings = [Finding("r", Span(*span), "m") for span in given_spans]
    return [tuple(finding.span) for finding in relocated(findings, edits)]


def test_what_lies_behind_an_edit_moves() -> None:
    assert spans([TextEdit(Span(5, 5), "abc")], (0, 5), (5, 8), (6, 9)) == [(0, 5), (8, 11), (9, 12)]
    assert spans([TextEdit(Span(2, 4), "")], (0, 2), (4, 6), (7, 9)) == [(0, 2), (2, 4), (5, 7)]


def test_what_was_edited_itself_is_dropped() -> None:
    assert spans([TextEdit(Span(3, 4), "x")], (2, 5), (0, 4), (3, 9)) == []


def test_edits_count_one_after_the_other() -> None:
    assert spans([TextEdit(Span(0, 0), "ab"), TextEdit(Span(0, 1), "")], (4, 5)) == [(5, 6)]


def test_fixes_go_and_related_places_move() -> None:
    fix = Fix("f", (TextEdit(Span(1, 2), "x"),))
    finding = Finding(
        "r", Span(4, 5), "m", related=(Related(Span(8, 9), "a"), Related(Span(1, 3), "b")), fixes=(fix,)
    )
    moved = relocated([finding], [TextEdit(Span(2, 2), "xx")])[0]
    assert moved.fixes == ()
    assert [tuple(entry.span) for entry in moved.related] == [(10, 11)]


@given(st.text(alphabet="ab\n", max_size=30), st.text(alphabet="ab\n", max_size=30))
def test_the_edit_between_two_texts_makes_one_of_the_other(old: str, new: str) -> None:
    assert apply_edits(old, [edit_between(old, new)]) == new


def test_what_a_document_is() -> None:
    from pathlib import Path

    assert kind_of(Path("/a/x.orch"), "", "plaintext") == "session"
    assert kind_of(None, "untitled:x", "orch") == "session"
    assert kind_of(Path("/a/.orch/templates/lib/x.md.j2"), "", "jinja") == "template"
    assert kind_of(Path("/a/x.j2"), "", "orch-template") == "template"
    assert kind_of(Path("/a/templates/x.j2"), "", "jinja") is None
    assert kind_of(Path("/a/.orch/config.toml"), "", "toml") is None


def test_the_overlay_hears_of_every_change_once() -> None:
    documents = Documents()
    path = documents.open("file:///a/x.orch", "orch", 1, "one")
    assert path is not None
    assert [text for _, text in documents.changes_since()[0]] == ["one"]
    assert documents.changes_since() == ([], [])
    documents.close("file:///a/x.orch")
    assert [str(closed) for closed in documents.changes_since()[1]] == [str(path.path)]


def test_a_view_that_is_made_anew_knows_what_the_last_one_worked_out() -> None:
    text = "[planning]\nresponse = '''\n# ANALYSIS TEMPLATE\n\nx\n'''\n"
    first = LANGUAGE.view(text, None, None)
    second = LANGUAGE.view(f"# more\n{text}", None, first)
    assert first.extraction is not None  # type: ignore[attr-defined]
    assert second.extraction is first.extraction  # type: ignore[attr-defined]
    assert LANGUAGE.slow_key(first) == LANGUAGE.slow_key(second)
