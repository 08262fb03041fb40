"""Built-in templates that were upgraded below a project's own ones."""

from datetime import UTC, datetime

import pytest

from orch.library.layers import Library
from orch.library.publishing import publish
from orch.library.recording import Recorded
from orch.library.upgrades import Upgrade, upgrades
from orch.model.reference import TemplateId
from orch.storage.memory import MemoryStorage
from support.libraries import file_of, found, make_library, recorded

NOW = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)
OWN = '{% extends "x" %}{% block a %}mine{% endblock %}'


def ship(library: Library, storage: MemoryStorage, template: str, text: str) -> None:
    """A new release of a built-in."""
    storage.files[file_of(template)] = text
    made = publish(library, found(library, template, "bugfix"), message="release", author="Orch", created=NOW)
    assert isinstance(made, Recorded), made
    storage.files |= dict(made.writes)


def shop(layer: str = "project", text: str = OWN) -> tuple[Library, MemoryStorage]:
    library, storage = make_library({f"{layer}:x": text})
    ship(library, storage, "builtin:x", "{% block a %}1{% endblock %}")
    return library, storage


def test_an_upgrade_is_told_until_a_prompt_is_made_on_it() -> None:
    library, storage = shop()
    assert upgrades(library) == []
    old = recorded(library, storage, "x")
    assert upgrades(library) == []
    ship(library, storage, "builtin:x", "{% block a %}2{% endblock %}")
    (found_one,) = upgrades(library)
    assert found_one.sentence == "Built-in x 1 -> 2; your project's template `x` extends it."
    assert str(found_one.recorded) == old
    assert upgrades(library, TemplateId("project", "x")) == [found_one]
    assert upgrades(library, TemplateId("project", "gone")) == []
    new = recorded(library, storage, "x")
    assert new != old
    assert upgrades(library) == []
    ship(library, storage, "builtin:x", "{% block a %}3{% endblock %}")
    assert [(one.old, one.new, str(one.recorded)) for one in upgrades(library)] == [(2, 3, new)]


def test_nothing_is_told_of_what_was_never_used() -> None:
    library, storage = shop()
    ship(library, storage, "builtin:x", "{% block a %}2{% endblock %}")
    assert upgrades(library) == []


@pytest.mark.parametrize(
    ("layer", "text", "words"),
    [
        ("user", OWN, "your own template `x` extends it."),
        ("team", OWN, "the template `team:x` extends it."),
        ("project", '{% include "builtin:x" %}', "your project's template `x` uses it."),
    ],
)
def test_whose_template_it_is_and_how_it_stands_on_it(layer: str, text: str, words: str) -> None:
    library, storage = shop(layer, text)
    recorded(library, storage, "x")
    ship(library, storage, "builtin:x", "{% block a %}2{% endblock %}")
    assert [one.sentence for one in upgrades(library)] == [f"Built-in x 1 -> 2; {words}"]


def test_only_the_part_that_was_upgraded_is_told() -> None:
    library, storage = shop()
    ship(library, storage, "builtin:bugfix/x", '{% extends "x" %}')
    recorded(library, storage, "x")
    ship(library, storage, "builtin:bugfix/x", '{% extends "x" %} ')
    told: list[Upgrade] = upgrades(library)
    assert [str(one.part) for one in told] == ["builtin:bugfix/x"]


def test_a_template_that_pins_a_version_stands_on_it() -> None:
    library, storage = shop("project", '{% extends "builtin:x@1" %}')
    recorded(library, storage, "x")
    ship(library, storage, "builtin:x", "{% block a %}2{% endblock %}")
    assert upgrades(library) == []
