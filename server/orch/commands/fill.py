"""fill: values for the inputs and placeholders of a phase; a prompt that was made is made anew with them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from orch.commands.choosing import named_or_open
from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.phase_step import prompt_sets, told
from orch.commands.project import Project
from orch.commands.prompt import missing_values
from orch.commands.prompting import make_prompt
from orch.commands.session_files import SessionFile
from orch.commands.stepping import KeyPath, Step, take
from orch.model.session import PHASES, Session
from orch.syntax.toml_tree import parse_toml
from orch.workflow.steps import unknown_status


@dataclass(frozen=True, slots=True)
class FillParams:
    """`values` by placeholder or input; without them, the file is opened where the first one is wanted."""

    session: str | None = None
    phase: str | None = None
    values: Mapping[str, str] | None = None


def fill(project: Project, params: FillParams) -> Outcome | Refusal:
    """Stores the values and makes the prompt of the phase anew where it was made already."""
    file = named_or_open(project, params.session)
    if isinstance(file, Refusal):
        return file
    if sentence := unknown_status(file.session):
        return Refusal(sentence)
    if not file.session.is_open:
        return Refusal(f"This session is {file.session.status}; reopen it first (reopen).")
    phase = params.phase or phase_to_fill(file.session)
    if phase not in PHASES:
        return Refusal(f"There is no phase {phase!r}; it is one of {', '.join(PHASES)}.")
    if params.values is None:
        missing = missing_values(file.session, phase)
        if missing:
            return _ask_in_the_file(project, file, phase, missing)
    return _store(project, file, phase, params.values or {})


COMMAND = Command("orch.session.fill", FillParams, fill, "Fill in the open places of a prompt")


def phase_to_fill(session: Session) -> str:
    """The phase that the session is in, or the analysis while it has been planned and not begun."""
    return "analysis" if session.status == "planning" and session.analysis.body else session.status


def _store(project: Project, file: SessionFile, phase: str, values: Mapping[str, str]) -> Outcome | Refusal:
    now = file.session.phase(phase)
    # the recorded version makes it again: filling in a value must not change the wording around it
    prompt = make_prompt(project, file.session, phase, template=now.template, values={**now.values, **values})
    if isinstance(prompt, Refusal):
        return prompt
    stored: dict[KeyPath, Any] = {(phase, "values", key): value for key, value in values.items()}
    if not now.prompt:
        return take(project, file, Step("fill", stored, result={"missing": list(prompt.missing)}, history=False))
    prompt = replace(prompt, experiment=now.experiment, arm=now.arm)
    sets: dict[KeyPath, Any] = {**stored, **prompt_sets(phase, prompt, values)}
    changed = prompt.text != now.prompt or any(now.values.get(key) != text for key, text in values.items())
    step = Step("fill", sets, result=told(prompt), writes=prompt.writes, history=changed)
    return take(project, file, step)


def _ask_in_the_file(project: Project, file: SessionFile, phase: str, missing: list[str]) -> Outcome | Refusal:
    """Empty values for the missing ones, and the cursor in the first: how a client without input boxes asks."""
    there = file.session.phase(phase).values
    sets: dict[KeyPath, Any] = {(phase, "values", key): "" for key in missing if key not in there}
    outcome = take(project, file, Step("fill", sets, result={"missing": missing}, history=False))
    if isinstance(outcome, Refusal):
        return outcome
    text = outcome.edits[0].after if outcome.edits else file.text
    value = parse_toml(text).find((phase, "values", missing[0]))
    span = value.content if value is not None else None
    return replace(outcome, show=(file.path, span)) if span is not None else outcome
