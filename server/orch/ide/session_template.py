"""The template of a session's prompt as the project has it today: which layer would win, is there a newer one."""

from collections.abc import Iterator

from orch.ide.results import Command, Lens
from orch.ide.session_view import SessionView
from orch.library.choice import choice_sentence, choose
from orch.library.layers import Library
from orch.library.resolution import Found, find_working_copy, resolve_working_copy
from orch.library.version_files import list_versions, load_version
from orch.model.reference import BadReference, Reference, parse_reference
from orch.model.session import ROLES
from orch.model.template import digest_of
from orch.rules.session_suppression import suppressions
from orch.text.span import Span

NEWER = "newer-template"
"""What `# orch: ignore[...]` behind a template's reference names when the prompt is to stay as it is."""

STEPS = {"planning": "plan", "analysis": "analyze", "implementation": "implement"}


def newer_template_lenses(
    view: SessionView, uri: str, client_commands: frozenset[str], library: Library
) -> Iterator[Lens]:
    """compare, re-render, stay: above the template of the prompt that waits for an answer, where one is newer.

    A prompt that an experiment chose keeps its arm, and one that was answered has done its work.
    """
    session = view.session
    phase = session.status if session.is_open else ""
    entry = view.tree.entry((phase, "template"))
    now = session.phase(phase) if phase in ROLES else None
    if now is None or entry is None or not now.template or not now.prompt or now.experiment or now.answer:
        return
    if any(NEWER in one.rules and _covers(one.span, entry.key_span) for one in suppressions(view.tree)):
        return
    newer = newer_template(library, now.template, ROLES[phase], session.feature_type)
    if newer is None:
        return
    reference, words = newer
    sides = {"left": now.template, "right": reference, "session": uri, "rendered": True}
    if "orch.compareTemplates" in client_commands:
        compare = Command(f"{words}: compare", "orch.compareTemplates", sides)
    else:
        compare = Command(f"{words}: compare", "orch.template.diff", {**sides, "open": True})
    yield Lens(entry.key_span, compare)
    again: dict[str, object] = {"session": uri}
    explicit = parse_reference(reference, library.feature_types)
    if phase == "planning" and isinstance(explicit, Reference) and explicit.name != ROLES[phase]:
        again["template"] = reference
    yield Lens(entry.key_span, Command("Re-render", f"orch.session.{STEPS[phase]}", again))
    yield Lens(entry.key_span, Command("Stay", "orch.session.stay", {"session": uri, "phase": phase}))


def newer_template(library: Library, recorded: str, role: str, feature_type: str) -> tuple[str, str] | None:
    """(name, words) of the working copy that would make the prompt today, where its text is not that `recorded`.

    A template of another name than the role was chosen by a person, so it is compared with itself.
    """
    reference = parse_reference(recorded, library.feature_types)
    if isinstance(reference, BadReference) or reference.version is None:
        return None
    then = load_version(library, reference, feature_type)
    if isinstance(then, BadReference):
        return None
    if then.id.name == role:
        now = resolve_working_copy(library, role, feature_type)
    else:
        now = find_working_copy(library, then.id) or BadReference("It is gone.")
    if isinstance(now, BadReference) or (now.id, now.text) == (then.id, then.text):
        return None
    return str(now.id), _words(library, now, then)


def layers_line(library: Library, recorded: str, feature_type: str) -> str:
    """What the name of a recorded reference means in the project today; empty where it means nothing."""
    reference = parse_reference(recorded, library.feature_types)
    if isinstance(reference, BadReference):
        return ""
    told = choice_sentence(choose(library, Reference(reference.name), feature_type))
    return f"Today: {told}" if told else ""


def _words(library: Library, now: Found, then: Found) -> str:
    """`Newer version 4`, or which template it is now."""
    if now.id != then.id:
        return f"Now {now.id}"
    digest8 = digest_of(now.text)[:8]
    numbers = [file.number for file in list_versions(library, now.id) if file.digest8 == digest8 and file.number]
    if not numbers:
        return "Template edited since"
    was = then.version.number if then.version is not None else 0
    return f"{'Newer version' if max(numbers) > was else 'Now version'} {max(numbers)}"


def _covers(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
