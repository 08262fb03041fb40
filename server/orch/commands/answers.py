"""Which session an answer belongs to."""

import hashlib

from orch.commands.choosing import cards, named_or_able, named_or_open, open_sessions, the_only
from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.commands.session_files import SessionFile, find, heads, load
from orch.model.session import PHASES
from orch.text.clean import clean_text
from orch.workflow.follow_up import follow_up
from orch.workflow.session_line import session_line
from orch.workflow.steps import SAVING_STEPS, due, refusal, waits_for


def receive(
    project: Project, reference: str | None, text: str | None, step: str | None
) -> tuple[SessionFile, str | None] | Refusal:
    """The session that `text` is for and the text as it is stored, or why it cannot be filed.

    `step` is the saving step that is asked for, None to let the session's status decide. Without a `text`, the
    session alone is found, and what stands in it is meant.
    """
    if text is None:
        file = named_or_able(project, reference, step) if step else named_or_open(project, reference)
        return file if isinstance(file, Refusal) else _checked(project, file, None, step)
    text = clean_text(text)
    if not text.strip():
        return Refusal("The answer is empty; nothing was changed.")
    file = find(project, reference) if reference else _route(project, text, step)
    return file if isinstance(file, Refusal) else _checked(project, file, text, step)


def saving_step(file: SessionFile, step: str | None) -> str:
    """The step that files an answer in `file`: the one asked for, else the one of its status."""
    return step or SAVING_STEPS.get(file.session.status, "answer")


def _checked(
    project: Project, file: SessionFile, text: str | None, step: str | None
) -> tuple[SessionFile, str | None] | Refusal:
    """`file` if the step may be taken in it with `text`."""
    sentence = refusal(saving_step(file, step), file.session)
    if sentence is None and text is not None and _is_prompt(project, file, text):
        sentence = "That is the prompt, not the model's answer."
    return (file, text) if sentence is None else Refusal(sentence, session=file.session.short_id)


def _is_prompt(project: Project, file: SessionFile, text: str) -> bool:
    """Whether Orch made `text` as a prompt: for this session, now or before, or for the session that it names."""
    if is_own_prompt(file, text):
        return True
    # a pipe or an editor may have added or taken the last line end; the name tells without a look at what was kept
    stripped = text.rstrip("\n")
    digests = {hashlib.sha256(form.encode()).hexdigest()[:8] for form in (text, stripped, f"{stripped}\n")}
    kept = (name.rpartition(":") for entry in file.session.history for name in entry.kept)
    if any(key.endswith(".prompt") and digest[:8] in digests for key, _, digest in kept):
        return True
    named = session_line(text)
    if named is None or file.session.id.lower().startswith(named):
        return False
    other = find(project, named, to_read=True)
    return isinstance(other, SessionFile) and is_own_prompt(other, text)


def is_own_prompt(file: SessionFile, text: str) -> bool:
    """Whether `text` is a prompt that Orch made for this session; white space at line ends does not count."""
    session = file.session
    own = [session.phase(phase).prompt or "" for phase in PHASES]
    if lacks := due(session).lacks:
        own.append(follow_up(session.short_id, lacks))
    return _plain(text) in {_plain(prompt) for prompt in own if prompt}


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _route(project: Project, text: str, step: str | None) -> SessionFile | Refusal:
    """The session whose line stands in `text`, else the only one that waits for it."""
    known = heads(project)
    named = session_line(text)
    if named:
        found = [head for head in known if head.session.id.lower().startswith(named.lower())]
        if len(found) == 1:
            return load(project, found[0].path)
        how_many = "no session of this project has" if not found else f"{len(found)} sessions have"
        return Refusal(f"The answer names the session {named}, which {how_many}.", candidates=cards(found or known))
    found = open_sessions(project, known)
    waiting = [head for head in found if waits_for(step, head.session)]
    what = "an answer" if step is None else f"the step {step}"
    if waiting:
        return the_only(project, waiting, f"wait for {what}", Refusal(""))
    sentence = f"No session waits for {what}."
    first = refusal(step, found[0].session) if step and len(found) == 1 else None
    if first is None:
        return Refusal(sentence, candidates=cards(known))
    return Refusal(f"{sentence} {first}", candidates=cards(known), session=found[0].session.short_id)
