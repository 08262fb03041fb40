"""Which session an answer belongs to, and how a text is never lost when its step is refused."""

from pathlib import Path

from orch.commands.choosing import cards, named_or_able, named_or_open, open_files, the_only
from orch.commands.outcome import FileWrite, Refusal
from orch.commands.project import Project
from orch.commands.session_files import SessionFile, find, heads, load, relative
from orch.model.session import PHASES
from orch.text.clean import clean_text
from orch.workflow.follow_up import follow_up
from orch.workflow.session_line import session_line
from orch.workflow.steps import SAVING_STEPS, due, refusal, waits_for


def receive(
    project: Project, reference: str | None, text: str | None, step: str | None
) -> tuple[SessionFile, str | None] | Refusal:
    """The session that `text` is for and the text as it is stored, or a refusal that keeps the text.

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
    if isinstance(file, Refusal):
        return unfiled(project, file, text, None, step)
    return _checked(project, file, text, step)


def unfiled(project: Project, refused: Refusal, text: str, session: str | None, step: str | None) -> Refusal:
    """`refused`, with `text` saved under `.orch/unfiled/` and the command that would file it."""
    path = _free_path(project)
    name = relative(project, path)
    command = f"orch {step or 'answer'} --session {session or 'ID'} --file {name}"
    return Refusal(
        f"{refused.sentence} The text is kept in {name}; to file it: {command}",
        (*refused.writes, FileWrite(path, text)),
        refused.candidates,
    )


def saving_step(file: SessionFile, step: str | None) -> str:
    """The step that files an answer in `file`: the one asked for, else the one of its status."""
    return step or SAVING_STEPS.get(file.session.status, "answer")


def _checked(
    project: Project, file: SessionFile, text: str | None, step: str | None
) -> tuple[SessionFile, str | None] | Refusal:
    """`file` if the step may be taken in it with `text`; the refusal keeps the text otherwise."""
    name = saving_step(file, step)
    sentence = refusal(name, file.session)
    if sentence is None and text is not None and is_own_prompt(file, text):
        sentence = "That is the prompt, not the model's answer."
    if sentence is None:
        return file, text
    refused = Refusal(sentence)
    return refused if text is None else unfiled(project, refused, text, file.session.short_id, step)


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
    known = list(heads(project))
    named = session_line(text)
    if named:
        found = [head for head in known if head.session.id.lower().startswith(named.lower())]
        if len(found) == 1:
            return load(project, found[0].path)
        how_many = "no session of this project has" if not found else f"{len(found)} sessions have"
        return Refusal(f"The answer names the session {named}, which {how_many}.", candidates=cards(found or known))
    waiting = [file for file in open_files(project, known) if waits_for(step, file.session)]
    what = "an answer" if step is None else f"the step {step}"
    if not waiting:
        return Refusal(f"No session waits for {what}.", candidates=cards(known))
    return the_only(waiting, f"wait for {what}", "")


def _free_path(project: Project) -> Path:
    folder = project.folder / "unfiled"
    stem = f"{project.clock():%Y%m%d-%H%M%S}"
    number = 1
    path = folder / f"{stem}.md"
    while project.storage.stamp(path) is not None:
        number += 1
        path = folder / f"{stem}-{number}.md"
    return path
