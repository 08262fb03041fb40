"""The coloured places of a session: what a grammar by patterns cannot tell."""

from orch.ide.results import Token
from orch.ide.session_view import SessionView
from orch.model.session import PHASES
from orch.rules.session_paths import names_of, spot
from orch.text.span import Span


def session_tokens(view: SessionView) -> list[Token]:
    """Keys and tables that the schema knows, words to choose from, template references, and placeholders."""
    found: list[Token] = []
    for header in view.tree.headers:
        if spot(header.path).unknown < 0:
            found += (Token(span, "namespace") for span in header.key_spans)
    for entry in view.tree.entries:
        known = spot(entry.path)
        if known.unknown >= 0:
            continue
        is_own = known.key is None and known.table.free
        found += (Token(span, "variable" if is_own else "property") for span in entry.key_spans)
        value = entry.value
        if value.kind == "string" and known.key is not None and names_of(entry.path)[-1] == known.key.name:
            if known.key.choices and value.value in known.key.choices:
                found.append(Token(value.content, "enumMember"))
            elif known.key.name == "template":
                found.append(Token(value.content, "type"))
    return [*found, *_placeholders(view)]


def _placeholders(view: SessionView) -> list[Token]:
    """Those without a value stand out from those that have one."""
    found: list[Token] = []
    open_places = {(place.phase, place.key) for place in view.open_places}
    for phase in PHASES[1:]:
        body = view.tree.find((phase, "body"))
        if body is None or body.kind != "string":
            continue
        for place in view.places(phase):
            span = Span(body.offset_of(place.span.start), body.offset_of(place.span.end))
            filled = (phase, place.key) not in open_places
            found.append(Token(span, "parameter", ("readonly",) if filled else ()))
    return found
