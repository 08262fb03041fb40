"""What the light bulb offers in a session, besides the fixes that come with the findings."""

from collections.abc import Callable, Iterator, Sequence
from textwrap import dedent

from orch.ide.results import Action, Command
from orch.ide.session_mend import mend_pasted_text
from orch.ide.session_view import SessionView
from orch.model.schema import LONG_KEYS, TABLE_ORDER
from orch.model.session import PHASES
from orch.rules.finding import Finding
from orch.rules.session_context import PartFinding
from orch.syntax.toml_edit import Edited, Set, edit_toml
from orch.syntax.toml_format import format_value
from orch.text.span import Span, TextEdit
from orch.workflow.extraction_result import Block

_TEMPLATES = {
    "analysis": "analysis template",
    "implementation": "implementation template",
    "notes": "execution notes",
}


def session_actions(
    view: SessionView,
    uri: str,
    span: Span,
    findings: Sequence[Finding],
    client_commands: frozenset[str],
    new_id: Callable[[], str] | None,
) -> list[Action]:
    """The actions at `span`, where `findings` are. `new_id` gives a fresh id, None where none can be made."""
    rules = {finding.rule for finding in findings}
    found: list[Action] = []
    if "toml-syntax" in rules:
        found += _mend(view)
    if view.tree.valid and view.session.is_open:
        found += _use_block(view, span, rules)
        found += _follow_up(view, uri, findings, client_commands)
        found += _keep_place(view, span, findings)
        if "unfilled-placeholder" in rules:
            found += _fill(view, uri, span, client_commands)
    if new_id is not None:
        found += _give_id(view, findings, new_id)
    return found


def _mend(view: SessionView) -> Iterator[Action]:
    mended = mend_pasted_text(view.tree)
    if mended is not None:
        yield Action(
            "Make the pasted text a valid string",
            "quickfix",
            (mended.edit,),
            preferred=True,
            rules=("toml-syntax",),
        )


def _use_block(view: SessionView, span: Span, rules: set[str]) -> Iterator[Action]:
    """A block that nothing claimed, as the part that is missing or doubtful."""
    value = view.tree.find(("planning", "response"))
    if (
        value is None
        or value.kind != "string"
        or not (value.span.contains(span.start) or "missing-section" in rules)
    ):
        return
    wanted = [part for part in view.parts if part.part != "notes" or not view.stored("notes")]
    blocks = view.extraction.unclaimed if view.extraction is not None and wanted else ()
    at = [
        block
        for block in blocks
        if Span(value.offset_of(block.start), value.offset_of(block.end)).contains(span.start)
    ]
    for block in at or (blocks if "missing-section" in rules else ()):
        for part in wanted:
            yield from _as_part(view, value.value, block, part, at_cursor=bool(at), alone=len(wanted) == 1)


def _as_part(
    view: SessionView, response: str, block: Block, part: PartFinding, *, at_cursor: bool, alone: bool
) -> Iterator[Action]:
    key = ("notes", "text") if part.part == "notes" else (part.part, "body")
    edited = edit_toml(view.text, [Set(key, block_text(response, block))], TABLE_ORDER, long_keys=LONG_KEYS)
    if not isinstance(edited, Edited):
        return
    which = "this block" if at_cursor else f'"{block.title}"'
    rule = "doubtful-section" if part.doubtful else "missing-section"
    title = f"Use {which} as the {_TEMPLATES[part.part]}"
    yield Action(title, "quickfix", edited.edits, preferred=at_cursor and alone, rules=(rule,))


def block_text(response: str, block: Block) -> str:
    """The text of a block without what its lines have in common before them, as extraction takes a part."""
    lines = response[block.start : block.end].replace("\r\n", "\n").split("\n")
    # the span begins behind the first line's own indentation or before it; the line itself is what counts
    first = response.rfind("\n", 0, block.start) + 1
    lines[0] = response[first : block.start] + lines[0] if not response[first : block.start].strip() else lines[0]
    return dedent("\n".join(lines)).strip("\n")


def _follow_up(
    view: SessionView, uri: str, findings: Sequence[Finding], client_commands: frozenset[str]
) -> Iterator[Action]:
    """The text that asks for a part that is missing: to the clipboard where the client can, else in a file."""
    from orch.workflow.follow_up import follow_up

    missing = [part.part for part in view.parts if not part.doubtful]
    if not any(finding.rule == "missing-section" for finding in findings):
        return
    for part in missing:
        title = f"Copy a follow-up for the missing part ({_TEMPLATES[part]})"
        if "orch.copyText" in client_commands:
            text = follow_up(view.session.short_id, (part,))
            command = Command(title, "orch.copyText", {"text": text})
        else:
            command = Command(title, "orch.session.followUp", {"session": uri, "part": part})
        yield Action(title, "quickfix", command=command, rules=("missing-section",))


def _keep_place(view: SessionView, span: Span, findings: Sequence[Finding]) -> Iterator[Action]:
    """The placeholder under the cursor, kept as it is written."""
    from orch.ide.session_targets import target_at

    target = target_at(view, span.start)
    if target is None or target.kind != "placeholder" or not findings:
        return
    body = view.tree.find((target.phase, "body"))
    if body is None or not body.span.contains(target.span.start):
        return
    written = target.span.slice(view.text)
    if target.name in view.missing(target.phase) and view.tree.find((target.phase, "values", target.name)) is None:
        edited = edit_toml(view.text, [Set((target.phase, "values", target.name), written)], TABLE_ORDER)
        if isinstance(edited, Edited):
            yield Action(f"Keep {written} as written", "quickfix", edited.edits, rules=("unfilled-placeholder",))


def _fill(view: SessionView, uri: str, span: Span, client_commands: frozenset[str]) -> Iterator[Action]:
    names = [part for part in view.tree.path_at(span.start) if isinstance(part, str)]
    wanted = next((phase for phase in PHASES[1:] if view.missing(phase)), view.session.status)
    phase = names[0] if names and names[0] in PHASES[1:] else wanted
    name = "orch.fill" if "orch.fill" in client_commands else "orch.session.fill"
    command = Command("Fill in the values", name, {"session": uri, "phase": phase})
    yield Action(command.title, "quickfix", command=command, rules=("unfilled-placeholder",))


def _give_id(view: SessionView, findings: Sequence[Finding], new_id: Callable[[], str]) -> Iterator[Action]:
    value = view.tree.find(("id",))
    for finding in findings:
        if (
            value is not None
            and finding.rule in ("duplicate-id", "invalid-value")
            and finding.span.start >= value.span.start
        ):
            if finding.span.end <= value.span.end:
                edit = TextEdit(value.span, format_value(new_id()))
                yield Action("Give this session a new id", "quickfix", (edit,), rules=(finding.rule,))
        elif value is None and finding.rule == "missing-key" and "`id`" in finding.message and view.tree.valid:
            edited = edit_toml(view.text, [Set(("id",), new_id())], TABLE_ORDER)
            if isinstance(edited, Edited):
                yield Action(
                    "Give this session an id", "quickfix", edited.edits, preferred=True, rules=("missing-key",)
                )
