"""Rules on how far a session has come: its status, and the open places of its templates."""

from collections.abc import Iterator

from orch.model.session import PHASES, Session
from orch.rules.finding import Finding, Fix, Related, Severity
from orch.rules.session_context import OpenPlace, SessionContext, session_rule
from orch.syntax.toml_format import format_value
from orch.text.span import Span, TextEdit


@session_rule(
    name="status-mismatch",
    severity=Severity.WARNING,
    summary="The status says more than the session holds",
    explanation=(
        "A session is in analysis once it has an analysis template, and in implementation once it has an "
        "implementation template or a prompt for it. When the status was changed by hand, the next step has "
        "nothing to work with. To go back to a phase there is the command *Reopen*; texts stay."
    ),
    bad='schema = 1\nid = "8f14e45f"\nstatus = "analysis"\n[planning]\nprompt = "Plan this"\n',
    good='schema = 1\nid = "8f14e45f"\nstatus = "planning"\n[planning]\nprompt = "Plan this"\n',
)
def status_mismatch(context: SessionContext) -> Iterator[Finding]:
    """Silent in a broken file, where the texts may stand in what cannot be read."""
    session = context.session
    value = context.tree.find(("status",))
    if value is None or context.is_newer or not context.tree.valid or session.status not in PHASES[1:]:
        return
    phase = session.phase(session.status)
    if phase.body or phase.prompt or phase.result:
        return
    held = _held(session)
    message = f"The status is {session.status}, but there is no `{session.status}.body` to work with."
    fix = Fix(f"Set the status to {held}", (TextEdit(value.span, format_value(held)),), preferred=True)
    yield Finding("status-mismatch", value.span, message, fixes=(fix,))


def _held(session: Session) -> str:
    """The last phase before the status that has something to work with."""
    return "analysis" if session.status == "implementation" and session.analysis.body else "planning"


@session_rule(
    name="unfilled-placeholder",
    severity=Severity.INFO,
    summary="A place in a template has no value yet",
    explanation=(
        "The templates that a model writes have places to fill in: `{{ name }}`, `[UPPER CASE WORDS]`, "
        "`<UPPER_CASE>`. What Orch knows, such as the request or the analysis result, fills by itself. Give "
        "the others a value under `[analysis.values]` or `[implementation.values]`, with the lens *Fill 3 "
        "values*, or by hand. A value that is the place as written keeps it."
    ),
    bad='[analysis]\nbody = "Review [MODULE NAME] first."\n',
    good='[analysis]\nbody = "Review [MODULE NAME] first."\n[analysis.values]\n"MODULE NAME" = "auth"\n',
    slow=True,
)
def unfilled_placeholder(context: SessionContext) -> Iterator[Finding]:
    """In the body; where an empty value stands already, at that value instead, once."""
    wanted = _phases_at_hand(context.session)
    seen: set[tuple[str, str]] = set()
    for place in context.places or ():
        if place.phase not in wanted:
            continue
        body = context.tree.find((place.phase, "body"))
        if body is None or body.kind != "string":
            continue
        span = Span(body.offset_of(place.start), body.offset_of(place.end))
        empty = context.tree.find((place.phase, "values", place.key))
        if empty is None:
            yield Finding("unfilled-placeholder", span, f"`{place.key}` has no value yet.")
        elif (place.phase, place.key) not in seen:
            seen.add((place.phase, place.key))
            yield _empty_value(context, place, span, empty.span)


def _phases_at_hand(session: Session) -> tuple[str, ...]:
    """The phases whose places are worth filling now: the one at hand and the one that comes next."""
    match session.status:
        case "planning":
            return ("analysis",)
        case "analysis":
            return ("analysis", "implementation")
        case _:
            return ("implementation",)


def _empty_value(context: SessionContext, place: OpenPlace, body: Span, value: Span) -> Finding:
    written = body.slice(context.text)
    keep = Fix(f"Keep {written} as written", (TextEdit(value, format_value(written)),))
    return Finding(
        "unfilled-placeholder",
        value,
        f"`{place.key}` has no value yet: write it between the quotes.",
        related=(Related(body, "The place that it fills."),),
        fixes=(keep,),
    )
