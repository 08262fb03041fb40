"""The layers explained: which one wins, and what it hides."""

import pytest

from orch.library.choice import choice_sentence, choose, known_templates, standing, standing_sentence
from orch.model.reference import Reference, TemplateId
from support.libraries import make_library

ALL = ["project:x", "user:x", "team:x", "builtin:bugfix/x", "builtin:x"]


@pytest.mark.parametrize(
    ("there", "reference", "feature_type", "existing"),
    [
        (ALL, Reference("x"), "feature", ["project:x", "user:x", "team:x", "builtin:x"]),
        (ALL, Reference("x"), "bugfix", ["project:x", "user:x", "team:x", "builtin:bugfix/x", "builtin:x"]),
        (ALL, Reference("x", "builtin"), "bugfix", ["builtin:bugfix/x", "builtin:x"]),
        (ALL, Reference("x", version=3, digest="0" * 8), "docs", ["project:x", "user:x", "team:x", "builtin:x"]),
        (ALL, Reference("x", feature_type="bugfix"), "docs", ["builtin:bugfix/x"]),
        (ALL, Reference("y"), "docs", []),
    ],
)
def test_what_a_name_may_mean_nearest_first(
    there: list[str], reference: Reference, feature_type: str, existing: list[str]
) -> None:
    library, _ = make_library(dict.fromkeys(there, "text"))
    choice = choose(library, reference, feature_type)
    assert [str(template) for template in choice.existing] == existing
    assert choose(library, reference, feature_type, known_templates(library)) == choice
    assert str(choice.winner) == (existing[0] if existing else "None")
    assert [str(template) for template in choice.hidden] == existing[1:]


def test_to_a_template_its_own_name_means_what_is_below_it() -> None:
    library, _ = make_library(dict.fromkeys(ALL, "text"))
    choice = choose(library, Reference("x"), "bugfix", asking=TemplateId("team", "x"))
    assert [str(template) for template in choice.existing] == ["builtin:bugfix/x", "builtin:x"]


def test_only_the_files_that_could_win_are_looked_for() -> None:
    library, storage = make_library(dict.fromkeys(ALL, "text"))
    looked: list[str] = []
    read = storage.read
    storage.read = lambda path: (looked.append(path.stem), read(path))[1]  # type: ignore[method-assign]
    storage.list = lambda *_, **__: pytest.fail("it listed a folder")  # type: ignore[method-assign]
    choose(library, Reference("x"), "bugfix")
    assert set(looked) <= {"x.md", "x"}


def test_how_a_template_stands() -> None:
    library, _ = make_library(dict.fromkeys(ALL, "text"))
    words = {str(template): standing_sentence(standing(library, template)) for template in known_templates(library)}
    assert words == {
        "project:x": "`project:x` is used; it hides `user:x`, `team:x` and `builtin:x`.",
        "user:x": "`user:x` is hidden by `project:x`, which also hides `team:x` and `builtin:x`.",
        "team:x": "`team:x` is hidden by `project:x`, which also hides `builtin:x`.",
        "builtin:bugfix/x": "`builtin:bugfix/x` is hidden by `project:x`, which also hides `builtin:x`.",
        "builtin:x": "`builtin:x` is hidden by `project:x`.",
    }


def test_one_alone_hides_nothing_and_one_that_is_gone_does_not_stand() -> None:
    library, _ = make_library({"builtin:x": "text"})
    assert standing_sentence(standing(library, TemplateId("builtin", "x"))) == (
        "`builtin:x` is used; it hides no other."
    )
    gone = standing(library, TemplateId("user", "x"))
    assert (gone.hidden_by, gone.hides) == (None, ())
    assert choice_sentence(choose(library, Reference("y"), "feature")) == ""
    assert choice_sentence(choose(library, Reference("x"), "feature")).startswith("`builtin:x` is used")
