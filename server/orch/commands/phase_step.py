"""What the steps that make a prompt have in common: the keys they set and what they tell."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.prompting import Prompt, make_prompt
from orch.commands.session_files import SessionFile
from orch.commands.stepping import Step, take
from orch.syntax.toml_tree import parse_toml
from orch.text.span import Span
from orch.workflow.placeholders import find_placeholders
from orch.workflow.steps import refusal


def take_phase(
    project: Project, file: SessionFile, step: str, values: Mapping[str, str], *, force: bool = False
) -> Outcome | Refusal:
    """Takes `analyze` or `implement`: the status moves on, and the phase's prompt is made anew."""
    phase = {"analyze": "analysis", "implement": "implementation"}[step]
    sentence = refusal(step, file.session, force=force)
    if sentence:
        return Refusal(sentence)
    session = replace(file.session, status=phase)
    # the session is given without the new values, so that a misspelt one is told from one that is recorded
    merged = {**session.phase(phase).values, **values}
    prompt = make_prompt(project, session, phase, template=None, values=merged)
    if isinstance(prompt, Refusal):
        return prompt
    done = take(
        project,
        file,
        Step(
            step,
            {("status",): phase, **prompt_sets(phase, prompt, values)},
            result=told(prompt),
            writes=prompt.writes,
            notices=(*prompt.notices, _notice(phase, prompt)),
        ),
    )
    if isinstance(done, Refusal) or values or not prompt.missing:
        return done
    text = done.edits[0].after if done.edits else file.text
    place = _place_of(text, phase, prompt.missing[0])
    return replace(done, show=(file.path, place)) if place is not None else done


def _place_of(text: str, phase: str, key: str) -> Span | None:
    """Where the session's `text` has the placeholder `key`: its empty value, else its first place in the body."""
    tree = parse_toml(text)
    value = tree.find((phase, "values", key))
    if value is not None:
        return value.content
    body = tree.find((phase, "body"))
    if body is None or not isinstance(body.value, str):
        return None
    found = next((place.span for place in find_placeholders(body.value) if place.key == key), None)
    return Span(body.offset_of(found.start), body.offset_of(found.end)) if found is not None else None


def prompt_sets(phase: str, prompt: Prompt, values: Mapping[str, str]) -> dict[tuple[str, ...], Any]:
    """The keys of `[<phase>]` that a new prompt sets. An arm that no longer applies is taken away."""
    sets: dict[tuple[str, ...], Any] = {(phase, "template"): prompt.reference}
    sets[(phase, "experiment")] = prompt.experiment
    sets[(phase, "arm")] = prompt.arm
    sets[(phase, "prompt")] = prompt.text
    sets |= {(phase, "values", key): value for key, value in values.items()}
    return sets


def told(prompt: Prompt) -> dict[str, Any]:
    """What a step that made a prompt adds to the JSON answer."""
    return {"prompt": prompt.text, "missing": list(prompt.missing)}


def _notice(phase: str, prompt: Prompt) -> str:
    if not prompt.missing:
        return f"The {phase} prompt is ready. Give it to a model, then save its answer."
    names = ", ".join(prompt.missing)
    number = len(prompt.missing)
    return f"The {phase} prompt has {number} open {'place' if number == 1 else 'places'}: {names}."
