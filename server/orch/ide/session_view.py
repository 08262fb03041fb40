"""What is known of one session text: its tree at once, and what takes longer when it is asked for.

A view never changes, so a thread may look at it while the next one is made. What was worked out for a long text is
handed on to the next view, which most often has the same one.
"""

import re
import threading
from functools import cached_property
from pathlib import Path
from typing import Any

from orch.model.session import PHASES, Session, session_from_data
from orch.rules.session_context import OpenPlace, PartFinding, is_draft
from orch.syntax.toml_tree import TomlTree, parse_toml
from orch.workflow.extraction_result import Extraction, State
from orch.workflow.placeholders import Placeholder

LONGEST = 2_000_000
"""Code points of a text from which it is not looked into while it is open: no answer and no template is so long."""


class SessionView:
    """One text of a session file. `path` is None for a document that is no file."""

    def __init__(self, text: str, path: Path | None, previous: "SessionView | None" = None) -> None:
        self.text = text
        self.path = path
        self.tree: TomlTree = parse_toml(text, previous.tree if previous is not None else None)
        self._memo: _Memo = previous._memo if previous is not None else _Memo()

    @cached_property
    def session(self) -> Session:
        """The session that the file tells of, as far as it is certain."""
        return session_from_data(self.tree.data)

    @property
    def is_draft(self) -> bool:
        """Whether the file is yet to be planned."""
        return is_draft(self.tree)

    @property
    def extraction(self) -> Extraction | None:
        """The parts of the planning answer; None where there is no answer. Takes its time for a new answer."""
        response = self.session.planning.response
        if not response or len(response) > LONGEST or not response.strip():
            return None
        return self._memo.extraction(response)

    def places(self, phase: str) -> list[Placeholder]:
        """The placeholders of the phase's body, in offsets of the body. Takes its time for a new body."""
        body = self.session.phase(phase).body
        return self._memo.places(phase, body) if body and len(body) <= LONGEST else []

    @cached_property
    def open_places(self) -> tuple[OpenPlace, ...]:
        """The placeholders without a value, of all bodies."""
        from orch.workflow.prompt_context import open_keys

        found: list[OpenPlace] = []
        for phase in PHASES[1:]:
            places = self.places(phase)
            if not places:
                continue
            missing = set(open_keys(self.session, phase))
            found += (OpenPlace(phase, place.key, *place.span) for place in places if place.key in missing)
        return tuple(found)

    def missing(self, phase: str) -> list[str]:
        """The names of the phase's placeholders without a value, each once."""
        return list(dict.fromkeys(place.key for place in self.open_places if place.phase == phase))

    @cached_property
    def parts(self) -> tuple[PartFinding, ...]:
        """The parts of the planning answer that are missing or doubtful and that nobody has settled.

        A missing part is settled when the session has it from another answer, a doubtful one when the session has
        another text in its place.
        """
        extraction = self.extraction
        if extraction is None:
            return ()
        blocks = tuple((block.title, block.start) for block in extraction.unclaimed)
        found: list[PartFinding] = []
        for name in ("analysis", "implementation", "notes"):
            part = extraction.part(name)
            stored = self.stored(name)
            if part.state is State.MISSING and not stored:
                found.append(PartFinding(name, False, part.why, part.start, part.end, blocks))
            elif part.state is State.DOUBTFUL and stored in ("", part.text):
                found.append(PartFinding(name, True, part.why, part.start, part.end))
        return tuple(found)

    def stored(self, part: str) -> str:
        """What the session holds of a part of the answer: a body, or the text of the notes."""
        if part == "notes":
            return self.session.notes.text if self.session.notes is not None else ""
        return self.session.phase(part).body or ""

    @property
    def slow_key(self) -> tuple[Any, ...]:
        """Equal keys mean that what takes longer comes out the same, apart from other files."""
        session = self.session
        return (
            *(getattr(session, name) for name in ("id", "status", "title", "project", "feature_type", "request")),
            session.planning.response,
            session.notes,
            session.analysis.result,
            *((session.phase(name).body, session.phase(name).values) for name in PHASES[1:]),
            *(session.phase(name).template for name in PHASES),
            _SUPPRESSION.findall(self.text),
        )


_SUPPRESSION = re.compile(r"orch: ignore\[[^\]\n]*\]?")


class _Memo:
    """What was worked out for the last texts. Threads that want the same wait for the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._extraction: tuple[str, Extraction] | None = None
        self._places: dict[str, tuple[str, list[Placeholder]]] = {}

    def extraction(self, response: str) -> Extraction:
        from orch.workflow.extraction import extract

        with self._lock:
            if self._extraction is None or self._extraction[0] != response:
                self._extraction = (response, extract(response))
            return self._extraction[1]

    def places(self, phase: str, body: str) -> list[Placeholder]:
        from orch.workflow.placeholders import find_placeholders

        with self._lock:
            known = self._places.get(phase)
            if known is None or known[0] != body:
                known = self._places[phase] = (body, find_placeholders(body))
            return known[1]
