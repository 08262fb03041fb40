"""Which template asks for which: what is remembered of every template file between two looks."""

import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from orch.library.layers import Library
from orch.library.resolution import all_templates, candidates
from orch.model.reference import BadReference, TemplateId, parse_reference
from orch.model.template import normal_text
from orch.rules.template_context import Other
from orch.syntax.jinja_parse import parse_tag
from orch.syntax.jinja_uses import uses_of

_ASKING = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b(?:[^%'\"]++|'[^']*+'|\"[^\"]*+\"|%(?!\}))*%\}")
LARGEST = 2 * 1024 * 1024
"""Characters that a template may have to be looked at: a longer one is none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The names that a template asks for; `dynamic` when some are only known while it is rendered."""

    names: tuple[str, ...]
    dynamic: bool


class TemplateIndex:
    """What the templates of a project ask for. Kept until `forget` says that files may have changed.

    Threads may share it. A file whose text is the same as before is not looked at twice.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._texts: dict[Path, tuple[str, Asked]] = {}
        self._ids: dict[TemplateId, Path] = {}
        self._askers: dict[TemplateId, list[TemplateId]] | None = None
        self._dynamic: list[TemplateId] = []
        self._fresh = False
        self.looks = 0
        """How often `forget` was called: while it stays the same, so does what is remembered of the files."""

    def forget(self) -> None:
        """Files may have changed."""
        self._fresh = False
        self.looks += 1

    def note(self, path: Path, text: str) -> None:
        """Takes over what an open document holds now."""
        with self._lock:
            before = self._texts.get(path)
            if before is not None and before[0] != text:
                self._texts[path] = (text, _asked(text))
                if self._texts[path][1] != before[1]:
                    self._askers = None

    def others(self, library: Library) -> list[Other]:
        """Every template of every layer, read."""
        with self._lock:
            self._look(library)
            extensions = library.configuration.extensions
            return [
                Other(str(template), template.name, self._texts[path][0], path, extensions)
                for template, path in self._ids.items()
            ]

    def ids(self, library: Library) -> dict[TemplateId, Path]:
        """Every template of every layer and its file, nearest layer first."""
        with self._lock:
            self._look(library)
            return self._ids

    def asked(self, library: Library, template: TemplateId) -> Asked:
        """What a template asks for."""
        with self._lock:
            self._look(library)
            path = self._ids.get(template)
            return self._texts[path][1] if path in self._texts else _NOTHING

    def dependents(self, library: Library, template: TemplateId, *, dynamic: bool) -> list[TemplateId]:
        """The templates that reach `template` by constant names, and with `dynamic` those that may by others."""
        with self._lock:
            self._look(library)
            if self._askers is None:
                self._askers = self._find_askers(library)
                self._dynamic = [other for other, path in self._ids.items() if self._texts[path][1].dynamic]
            found: dict[TemplateId, None] = {}
            waiting = [template]
            if dynamic:
                waiting += self._dynamic
                found.update(dict.fromkeys(self._dynamic))
            while waiting:
                for other in self._askers.get(waiting.pop(), ()):
                    if other not in found and other != template:
                        found[other] = None
                        waiting.append(other)
            found.pop(template, None)
            return list(found)

    def _find_askers(self, library: Library) -> dict[TemplateId, list[TemplateId]]:
        """For each template those that ask for it by a constant name."""
        askers: dict[TemplateId, list[TemplateId]] = {}
        for other, path in self._ids.items():
            for name in self._texts[path][1].names:
                for meant in meanings(library, name, other, self._ids):
                    askers.setdefault(meant, []).append(other)
        return askers

    def _look(self, library: Library) -> None:
        if self._fresh:
            return
        self._ids = dict(all_templates(library))
        texts: dict[Path, tuple[str, Asked]] = {}
        for path in self._ids.values():
            text = library.files.read(path) or ""
            before = self._texts.get(path)
            texts[path] = before if before is not None and before[0] == text else (text, _asked(text))
        self._texts = texts
        self._askers = None
        self._fresh = True


_NOTHING = Asked((), False)


def _asked(text: str) -> Asked:
    """What stands in the text's tags; one in a comment counts too, which does no harm."""
    if len(text) > LARGEST:
        return _NOTHING
    names: list[str] = []
    dynamic = False
    for match in _ASKING.finditer(normal_text(text)):
        wanted = uses_of(parse_tag(match.group())).wanted
        if wanted is not None:
            names += [name for name, _ in wanted.names]
            dynamic = dynamic or wanted.dynamic
    return Asked(tuple(dict.fromkeys(names)), dynamic)


def meanings(
    library: Library, name: str, asking: TemplateId, known: Iterable[TemplateId] | dict[TemplateId, Path]
) -> Sequence[TemplateId]:
    """The templates that `name` means in `asking`: one for each feature type that makes a difference."""
    reference = parse_reference(name, library.feature_types)
    if isinstance(reference, BadReference):
        return ()
    types = (asking.feature_type,) if asking.feature_type is not None else ("", *library.feature_types)
    found: dict[TemplateId, None] = {}
    for feature_type in types:
        ids = candidates(library, reference.unversioned, feature_type)
        if asking in ids:
            ids = ids[ids.index(asking) + 1 :]
        first = next((template for template in ids if template in known), None)
        if first is not None:
            found[first] = None
    return tuple(found)
