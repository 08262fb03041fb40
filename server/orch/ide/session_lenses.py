"""The lenses of a session: on line 1 where it stands and what is next, above each part what can be done there.

Each carries a server command that works in any client. Where the client named a command of its own that does the
same with its clipboard and input boxes, the lens carries that one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from orch.ide.results import Command, Lens
from orch.ide.session_view import SessionView
from orch.model.session import PHASES, SCHEMA_VERSION, Session
from orch.text.span import Span
from orch.workflow.cost_words import cost_words
from orch.workflow.extraction_result import State
from orch.workflow.follow_up import follow_up
from orch.workflow.steps import Due, due, refusal

MOST = 3
"""Lenses above one part."""

ANSWER_KEYS = {"planning": "response", "analysis": "result", "implementation": "result"}
"""Where the model's answer to a phase's prompt stands."""


def session_lenses(
    view: SessionView,
    uri: str,
    client_commands: frozenset[str],
    runner: str | None = None,
    choice: tuple[str, str] | None = None,
    found: str | None = None,
) -> list[Lens]:
    """The lenses of the session at `uri`, in document order.

    `runner` is the one that prompts may be given to, `choice` what the person chose instead: (runner, title).
    `found` is a program that could be a runner, where none is set up.
    """
    maker = _Maker(view, uri, client_commands, runner, choice, found)
    if view.is_draft:
        return list(maker.draft())
    if not view.tree.valid or view.session.schema > SCHEMA_VERSION:
        return list(maker.unusable())
    return sorted([*maker.first_line(), *maker.parts()], key=lambda lens: lens.span.start)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the lenses of one session."""

    view: SessionView
    uri: str
    client: frozenset[str]
    runner: str | None
    choice: tuple[str, str] | None
    found: str | None

    @property
    def session(self) -> Session:
        return self.view.session

    def draft(self) -> Iterator[Lens]:
        """A file that a person began: it is planned as it stands."""
        if self.session.request.strip():
            yield self._on(_TOP, "Plan", "plan")
        elif self.view.tree.valid:
            yield self._at(_TOP, "Draft - next: write what you want", "request.text")

    def unusable(self) -> Iterator[Lens]:
        """No step can be taken: what stands here is shown, and what is to do first."""
        status = self._status()
        if self.session.schema > SCHEMA_VERSION:
            yield self._on(_TOP, f"{status} - written by a newer Orch: read only", "show")
            return
        number = len(self.view.tree.problems)
        errors = "an error in this file" if number == 1 else f"{number} errors in this file"
        yield self._on(_TOP, f"{status} - next: mend {errors}", "edit")
        for phase in PHASES:
            if self.session.phase(phase).prompt:
                yield from self._above(phase, "prompt", [self._copy_prompt(phase)])

    def first_line(self) -> Iterator[Lens]:
        """Where the session stands and what is next."""
        session = self.session
        if session.is_open:
            next_up = due(session)
            title = f"{self._status()} - next: {next_up.words}"
            yield self._due(title, next_up)
            if "orch.run" in self.client and self._run_with() and self._can_run(session.status):
                # above the prompt there is room for the one that was chosen; here it can be another one
                yield Lens(_TOP, Command("Run with ...", "orch.run", {"session": self.uri}))
        elif session.status == "completed" and (session.outcome is None or not session.outcome.result):
            yield self._on(_TOP, "Completed - next: say how it went", "show")
            yield from (self._on(_TOP, title, "complete", outcome=outcome) for title, outcome in _OUTCOMES)
        else:
            how = f": {session.outcome.result}" if session.outcome and session.outcome.result else ""
            took = cost_words(session.cost)
            yield self._on(_TOP, f"{self._status()}{how}" + (f" - {took}" if took else ""), "show")

    def parts(self) -> Iterator[Lens]:
        """The lenses above prompts, answers and bodies."""
        for phase in PHASES:
            yield from self._above(phase, "prompt", self._for_prompt(phase))
            yield from self._above(phase, ANSWER_KEYS[phase], self._for_answer(phase))
            if phase != "planning":
                yield from self._above(phase, "body", self._for_body(phase))

    def _status(self) -> str:
        return self.session.status.capitalize() or "No status"

    def _due(self, title: str, next_up: Due) -> Lens:
        match next_up.step:
            case _ if next_up.lacks:
                return self._follow_up(_TOP, title, next_up.lacks)
            case None:
                return self._at(_TOP, title, "status")
            case "complete" if "orch.complete" in self.client:
                return Lens(_TOP, Command(title, "orch.complete", {"session": self.uri}))
            case "complete":
                return self._at(_TOP, title, "implementation.result")
            case _ if next_up.waits and next_up.phase is not None:
                return self._paste(_TOP, title, next_up.phase)
            case step:
                return self._on(_TOP, title, step)

    def _for_prompt(self, phase: str) -> list[Command]:
        session = self.session
        if not session.phase(phase).prompt:
            return []
        found = [self._copy_prompt(phase)]
        if session.status != phase:
            return found
        if self._is_outdated(phase):
            found.append(self._server("Fill in the values", "fill", phase=phase, values={}))
        elif self._can_run(phase):
            found += self._run()
        if phase != "implementation":
            found.append(self._paste(_TOP, "Paste answer", phase).command)
        elif not session.implementation.result:
            found.append(self._paste(_TOP, "Paste summary", phase).command)
        return found

    def _for_answer(self, phase: str) -> list[Command]:
        session = self.session
        if session.status != phase or not session.phase(phase).answer:
            return []
        if phase == "planning":
            return self._for_response()
        if phase == "analysis":
            can = refusal("implement", session) is None and not session.implementation.body
            return [self._server("Start implementation", "implement")] if can else []
        return [self._server(title, "complete", outcome=outcome) for title, outcome in _OUTCOMES]

    def _for_response(self) -> list[Command]:
        """An answer that has parts which the session has not, and parts that it lacks."""
        extraction = self.view.extraction
        if extraction is None:
            return []
        found: list[Command] = []
        news = [
            name
            for name in ("analysis", "implementation", "notes")
            if extraction.part(name).state is not State.MISSING and not self.view.stored(name)
        ]
        if news:
            found.append(self._server("Process answer", "process"))
        lacks = tuple(part.part for part in self.view.parts if not part.doubtful and part.part != "notes")
        if lacks:
            found.append(self._follow_up(_TOP, "Copy follow-up", lacks).command)
        return found

    def _for_body(self, phase: str) -> list[Command]:
        session = self.session
        before = PHASES[PHASES.index(phase) - 1]
        if session.status not in (phase, before) or not session.phase(phase).body:
            return []
        found: list[Command] = []
        missing = len(self.view.missing(phase))
        if missing:
            title = f"Fill {missing} {'value' if missing == 1 else 'values'}"
            found.append(self._ours("orch.fill", title, phase=phase) or self._server(title, "fill", phase=phase))
        step = {"analysis": "analyze", "implementation": "implement"}[phase]
        if refusal(step, session) is None and (session.status == before or not session.phase(phase).prompt):
            found.append(self._server(f"Start {phase}", step))
        return found

    def _run(self) -> list[Command]:
        """Run with what was chosen; a client with a list to choose from shows it where nothing was."""
        chosen = self._run_with()
        if "orch.run" not in self.client:
            if self.runner is not None:
                return [self._server(f"Run with {self.runner}", "run", runner=self.runner)]
            return [Command(f"Set up {self.found}", "orch.runner.add", {"name": self.found})] if self.found else []
        if chosen is None:
            return [Command("Run with ...", "orch.run", {"session": self.uri})]
        name, title = chosen
        return [Command(f"Run with {title}", "orch.run", {"session": self.uri, "runner": name, "title": title})]

    def _run_with(self) -> tuple[str, str] | None:
        """The runner and its title; models of the editor are known to it alone."""
        if self.choice is not None:
            return self.choice
        return (self.runner, self.runner) if self.runner is not None else None

    def _can_run(self, phase: str) -> bool:
        """Whether a model's answer to the phase's prompt is waited for, and no place in the prompt is open."""
        next_up = due(self.session)
        return next_up.waits and next_up.phase == phase and (bool(next_up.lacks) or not self.view.missing(phase))

    def _is_outdated(self, phase: str) -> bool:
        """Whether places stand open in the prompt that have a value by now."""
        now = self.session.phase(phase)
        body = now.body or ""
        return any(
            now.values.get(place.key) and place.span.slice(body) in (now.prompt or "")
            for place in self.view.places(phase)
            if place.span.slice(body) not in (now.values.get(place.key) or "")
        )

    def _copy_prompt(self, phase: str) -> Command:
        return self._ours("orch.copyPrompt", "Copy prompt", phase=phase) or self._server(
            "Select prompt", "edit", key=f"{phase}.prompt"
        )

    def _paste(self, span: Span, title: str, phase: str) -> Lens:
        ours = self._ours("orch.pasteAnswer", title)
        return Lens(span, ours) if ours else self._at(span, title, f"{phase}.{ANSWER_KEYS[phase]}")

    def _follow_up(self, span: Span, title: str, lacks: tuple[str, ...]) -> Lens:
        if "orch.copyText" in self.client:
            text = follow_up(self.session.short_id, lacks)
            return Lens(span, Command(title, "orch.copyText", {"text": text}))
        return self._on(span, title, "followUp")

    def _above(self, phase: str, key: str, commands: list[Command]) -> Iterator[Lens]:
        entry = self.view.tree.entry((phase, key))
        if entry is not None:
            yield from (Lens(entry.key_span, command) for command in commands[:MOST])

    def _on(self, span: Span, title: str, command: str, **more: object) -> Lens:
        return Lens(span, self._server(title, command, **more))

    def _at(self, span: Span, title: str, key: str) -> Lens:
        """A lens that opens the file where `key` stands or belongs."""
        return self._on(span, title, "edit", key=key)

    def _server(self, title: str, command: str, **more: object) -> Command:
        return Command(title, f"orch.session.{command}", {"session": self.uri, **more})

    def _ours(self, name: str, title: str, **more: object) -> Command | None:
        return Command(title, name, {"session": self.uri, **more}) if name in self.client else None


_TOP = Span(0, 0)
_OUTCOMES = (("Worked", "success"), ("Partly", "partial"), ("Did not work", "failure"))
