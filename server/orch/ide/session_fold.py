"""What folds in a session: tables, and the long texts."""

from orch.ide.results import Folding
from orch.ide.session_view import SessionView
from orch.text.span import Span

LONG = 6
"""Lines from which a text counts as long; those are closed when a file opens, where the editor can."""


def session_folding(view: SessionView) -> list[Folding]:
    """The folding ranges, tables first."""
    tree = view.tree
    found = [
        Folding(Span(header.span.start, _last_line(view.text, header.body)))
        for header in tree.headers
        if header.body.end > header.body.start
    ]
    for entry in tree.entries:
        value = entry.value
        if value.kind == "array" and "\n" in value.span.slice(view.text):
            found.append(Folding(Span(entry.span.start, value.span.end)))
        elif value.is_multiline:
            lines = view.text.count("\n", value.content.start, value.content.end) + 1
            kind = "imports" if lines >= LONG else "region"
            # the line of the closing quotes stays with the text
            found.append(
                Folding(Span(entry.span.start, value.span.end), kind, _collapsed(view, value.content, lines))
            )
    return found


def _last_line(text: str, body: Span) -> int:
    return body.start + len(body.slice(text).rstrip())


def _collapsed(view: SessionView, content: Span, lines: int) -> str:
    first = content.slice(view.text[: content.start + 400]).strip().partition("\n")[0].strip()
    shown = f"{first[:57]}..." if len(first) > 60 else first
    return f"{shown} ({lines} lines)"
