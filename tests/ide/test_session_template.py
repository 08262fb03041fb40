"""A session's template as the project has it today: newer versions, and which layer would win."""

from datetime import UTC, datetime

import pytest

from orch.ide.session_hover import session_hover
from orch.ide.session_template import layers_line, newer_template_lenses
from orch.ide.session_view import SessionView
from orch.library.layers import Library
from orch.library.publishing import publish
from orch.library.recording import Recorded
from orch.storage.memory import MemoryStorage
from support.libraries import file_of, found, make_library, recorded

NOW = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)
URI = "file:///shop/.orch/sessions/a.orch"
SESSION = """\
schema = 1
id = "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21"
status = "{status}"
feature_type = "feature"

[{status}]
template = "{template}"{more}
prompt = '''
Do it.
'''
"""


def session(template: str, more: str = "", status: str = "planning") -> SessionView:
    return SessionView(SESSION.format(template=template, more=more, status=status), None)


def lenses(library: Library, view: SessionView, *ours: str) -> list[tuple[str, str, dict[str, object]]]:
    found = list(newer_template_lenses(view, URI, frozenset(ours), library))
    entry = view.tree.entry((view.session.status, "template"))
    assert all(entry is not None and lens.span == entry.key_span for lens in found)
    return [(lens.command.title, lens.command.name, dict(lens.command.arguments)) for lens in found]


def put(library: Library, storage: MemoryStorage, template: str, text: str) -> str:
    storage.files[file_of(template)] = text
    made = publish(library, found(library, template), message="m", author=None, created=NOW)
    assert isinstance(made, Recorded)
    storage.files |= dict(made.writes)
    return str(made.reference)


def test_a_newer_version_is_offered() -> None:
    library, storage = make_library({})
    first = put(library, storage, "project:orchestrator", "one")
    assert lenses(library, session(first)) == []
    put(library, storage, "project:orchestrator", "two")
    sides = {"left": first, "right": "project:orchestrator", "session": URI, "rendered": True}
    assert lenses(library, session(first)) == [
        ("Newer version 2: compare", "orch.template.diff", {**sides, "open": True}),
        ("Re-render", "orch.session.plan", {"session": URI}),
        ("Stay", "orch.session.stay", {"session": URI, "phase": "planning"}),
    ]
    assert lenses(library, session(first), "orch.compareTemplates")[0][1:] == ("orch.compareTemplates", sides)


def test_what_it_is_called() -> None:
    library, storage = make_library({})
    first = put(library, storage, "builtin:analysis", "one")
    second = put(library, storage, "builtin:analysis", "two")
    old = session(second, status="analysis")
    storage.files[file_of("builtin:analysis")] = "three"
    assert next(title for title, _, _ in lenses(library, old)) == "Template edited since: compare"
    storage.files[file_of("builtin:analysis")] = "one"
    assert next(title for title, _, _ in lenses(library, old)) == "Now version 1: compare"
    assert lenses(library, session(first, status="analysis")) == []
    storage.files[file_of("project:analysis")] = "mine"
    told = lenses(library, old)
    assert told[0][0] == "Now project:analysis: compare"
    assert told[1] == ("Re-render", "orch.session.analyze", {"session": URI})


def test_a_template_that_a_person_chose_is_compared_with_itself() -> None:
    library, storage = make_library({"project:strict": "one", "builtin:orchestrator": "base"})
    chosen = recorded(library, storage, "strict")
    assert lenses(library, session(chosen)) == []
    storage.files[file_of("project:strict")] = "two"
    told = lenses(library, session(chosen))
    assert told[0][2]["right"] == "project:strict"
    assert told[1][2] == {"session": URI, "template": "project:strict"}
    del storage.files[file_of("project:strict")]
    assert lenses(library, session(chosen)) == []


@pytest.mark.parametrize(
    "more",
    [
        " # orch: ignore[newer-template]",
        "\nexperiment = 'tone'\narm = 'b'",
        "\nresponse = '''\nHere it is.\n'''",
    ],
)
def test_where_nothing_is_offered(more: str) -> None:
    library, storage = make_library({})
    first = put(library, storage, "project:orchestrator", "one")
    put(library, storage, "project:orchestrator", "two")
    assert lenses(library, session(first, more)) == []


@pytest.mark.parametrize("template", ["", "orchestrator", "project:orchestrator@9-00000000", "../x"])
def test_a_reference_that_cannot_be_had_is_left_alone(template: str) -> None:
    library, storage = make_library({})
    put(library, storage, "project:orchestrator", "one")
    assert lenses(library, session(template)) == []


def test_an_ended_session_has_no_offer() -> None:
    library, storage = make_library({})
    first = put(library, storage, "project:orchestrator", "one")
    put(library, storage, "project:orchestrator", "two")
    text = SESSION.format(template=first, more="", status="planning").replace('"planning"', '"completed"')
    assert list(newer_template_lenses(SessionView(text, None), URI, frozenset(), library)) == []


def test_hover_tells_which_layer_wins_today() -> None:
    library, storage = make_library({"project:orchestrator": "mine", "builtin:orchestrator": "base"})
    reference = recorded(library, storage, "builtin:orchestrator")
    assert layers_line(library, reference, "feature") == (
        "Today: `project:orchestrator` is used; it hides `builtin:orchestrator`."
    )
    assert layers_line(library, "nothing@1", "feature") == layers_line(library, "..", "feature") == ""
    view = session(reference)
    hover = session_hover(view, view.text.index(reference) + 3, lambda name: layers_line(library, name, "feature"))
    assert hover is not None
    assert hover.markdown.endswith("it hides `builtin:orchestrator`.")
