"""stay: a prompt is to stay as it is, though there is a newer version of its template; the session says so."""

from dataclasses import dataclass

from orch.commands.choosing import named_or_open
from orch.commands.command import Command
from orch.commands.outcome import FileEdit, Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_json import head_json
from orch.ide.session_template import NEWER
from orch.model.session import PHASES
from orch.rules.session_suppression import suppressions
from orch.syntax.toml_tree import parse_toml
from orch.text.span import Span, TextEdit, apply_edits


@dataclass(frozen=True, slots=True)
class StayParams:
    """`phase` is the one whose prompt stays; without it, the phase that the session is in."""

    session: str | None = None
    phase: str | None = None


def stay(project: Project, params: StayParams) -> Outcome | Refusal:
    """Puts `# orch: ignore[newer-template]` behind the reference; taking it away brings the offer back."""
    file = named_or_open(project, params.session)
    if isinstance(file, Refusal):
        return file
    phase = params.phase or file.session.status
    tree = parse_toml(file.text)
    entry = tree.entry((phase, "template"))
    if phase not in PHASES or entry is None:
        return Refusal(f"There is no template in [{phase}] that could stay.")
    told = Outcome(head_json(file.path, file.session))
    if any(
        NEWER in one.rules and one.span.start <= entry.key_span.start < one.span.end for one in suppressions(tree)
    ):
        return told
    end = entry.value.span.end
    edit = TextEdit(Span(end, end), f" # orch: ignore[{NEWER}]")
    rest = file.text[end:].partition("\n")[0].strip()
    if rest:
        # another comment, or the rest of an inline table, stands there already; a line of its own goes above
        start = file.text.rfind("\n", 0, entry.span.start) + 1
        edit = TextEdit(Span(start, start), f"# orch: ignore[{NEWER}]\n")
    after = apply_edits(file.text, (edit,))
    if parse_toml(after).data != file.data:
        return Refusal(f"The comment `# orch: ignore[{NEWER}]` has no place here; write it by hand.")
    return Outcome(told.result, edits=(FileEdit(file.path, file.text, after, (edit,)),))


COMMAND = Command("orch.session.stay", StayParams, stay, "Keep a prompt as it is")
