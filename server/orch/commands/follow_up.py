"""followUp: the text that asks the model for the parts its planning answer lacked."""

from dataclasses import dataclass

from orch.commands.choosing import named_or_open
from orch.commands.command import Command
from orch.commands.outcome import FileWrite, Outcome, Refusal
from orch.commands.project import Project
from orch.text.span import Span
from orch.workflow.follow_up import follow_up
from orch.workflow.steps import due

PARTS = ("analysis", "implementation", "notes")


@dataclass(frozen=True, slots=True)
class FollowUpParams:
    """`part` is analysis, implementation or notes; without one, the parts that the session lacks."""

    session: str | None = None
    part: str | None = None


def follow_up_text(project: Project, params: FollowUpParams) -> Outcome | Refusal:
    """`{text}`, and a file under `.orch/unfiled/` that holds it and is opened: so it can be copied anywhere."""
    file = named_or_open(project, params.session)
    if isinstance(file, Refusal):
        return file
    if params.part is not None and params.part not in PARTS:
        return Refusal(f"There is no part {params.part!r}; it is one of {', '.join(PARTS)}.")
    lacks = (params.part,) if params.part else due(file.session).lacks
    if not lacks:
        return Refusal("The planning answer lacks no part, so there is nothing to ask for.")
    text = follow_up(file.session.short_id, lacks)
    path = project.folder / "unfiled" / f"follow-up-{file.session.short_id}.md"
    write = FileWrite(path, text, replaces=project.storage.read(path))
    return Outcome({"text": text}, writes=(write,), show=(path, Span(0, len(text))))


COMMAND = Command("orch.session.followUp", FollowUpParams, follow_up_text, "Ask the model for the missing parts")
