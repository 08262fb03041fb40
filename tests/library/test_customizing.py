"""Working copies that stand above another template: what they hold, and where they may lie."""

import pytest

from orch.library.blocks import blocks_of, extended
from orch.library.customizing import copied_text, extending_text, free_place, same_but_for_case
from orch.model.reference import TemplateId
from support.libraries import closure, file_of, found, make_library, recorded, sentence

BASE = "{% block role %}\nYou plan.\n{% endblock %}\n{% block task %}\n{{ request }}\n{% endblock %}\n"
BUG = '{% extends "x" %}\n{% block task %}{{ super() }}{% block cause %}why{% endblock %}{% endblock %}\n'


def test_the_blocks_of_a_template_and_of_what_it_extends() -> None:
    library, _ = make_library({"builtin:x": BASE, "builtin:bugfix/x": BUG, "project:x": '{% extends "x" %}'})
    whole = closure(library, "x", "bugfix")
    assert [str(one.id) for one in extended(library, whole)] == ["project:x", "builtin:bugfix/x", "builtin:x"]
    assert {block: str(id_) for block, id_ in blocks_of(library, whole).items()} == {
        "role": "builtin:x",
        "task": "builtin:bugfix/x",
        "cause": "builtin:bugfix/x",
    }
    assert list(blocks_of(library, closure(library, "x"))) == ["role", "task"]


def test_the_text_that_overrides_one_block() -> None:
    text, at = extending_text("x", "task", ())
    assert text == '{% extends "x" %}\n{% block task %}\n{{ super() }}{# Yours goes below. -#}\n\n{% endblock %}\n'
    assert text[at:] == "\n{% endblock %}\n"


def test_the_text_that_overrides_none_names_them() -> None:
    text, at = extending_text("x", None, ["role", "task"])
    assert text == '{% extends "x" %}\n{# Its blocks, to be overridden here: role, task #}\n'
    assert at == len(text)
    assert extending_text("x", None, ())[0] == '{% extends "x" %}\n'


def test_a_copy_asks_for_the_same_templates_as_before() -> None:
    library, storage = make_library({"builtin:x": BASE, "builtin:bugfix/x": BUG, "builtin:p": "", "user:p": ""})
    original = found(library, "builtin:bugfix/x", "bugfix")
    copy = TemplateId("project", "x", "bugfix")
    # in a session for a bug fix `builtin:x` means the template that was copied, so only a version will do
    assert "no name in a copy of it could mean; publish `builtin:x` first" in sentence(
        copied_text(library, original, copy)
    )
    reference = recorded(library, storage, "builtin:x")
    assert copied_text(library, original, copy) == BUG.replace('"x"', f'"{reference}"')
    assert copied_text(library, original, TemplateId("project", "y", "bugfix")) == BUG.replace(
        '"x"', f'"{reference}"'
    )
    assert copied_text(library, found(library, "builtin:x"), TemplateId("project", "x")) == BASE


def test_a_copy_of_a_version_asks_for_what_the_version_was_made_of() -> None:
    library, _ = make_library(
        {
            "user:x": "+++\ndescription = 'ünï'\n+++\n{% include ['p', \"no\"] %}"
            "{% import 'user:q' as q %}{% include n %}",
            "user:p": "",
            "project:p": "",
            "user:q": "",
        }
    )
    copy = copied_text(library, found(library, "user:x"), TemplateId("project", "x"))
    # the name means the project's own `p` for both, so it stays as it is
    assert copy == found(library, "user:x").text


def test_where_a_working_copy_may_lie() -> None:
    library, _ = make_library({"project:x": "", "project:lib/Macros": "", "builtin:y": ""})
    assert free_place(library, TemplateId("project", "y")) == file_of("project:y")
    assert free_place(library, TemplateId("project", "x", "bugfix")) == file_of("project:bugfix/x")
    assert "already; nothing was changed" in sentence(free_place(library, TemplateId("project", "x")))
    for name, words in (
        ("X", "`X` differs from it only in case"),
        ("lib/macros", "There is a template `project:lib/Macros` already"),
        ("../x", "cannot be absolute"),
        ("/x", "cannot be absolute"),
        ("a b", "letters, digits"),
        ("C:x", "letters, digits"),
        ("con", "on Windows"),
        ("", "is missing"),
    ):
        assert words in sentence(free_place(library, TemplateId("project", name)))
    assert "no layer `nope`" in sentence(free_place(library, TemplateId("nope", "x")))


@pytest.mark.parametrize("extension", [".j2", ".md.j2"])
def test_a_name_is_taken_whatever_the_extension(extension: str) -> None:
    library, storage = make_library({})
    storage.files[file_of("project:x", extension)] = ""
    assert "already" in sentence(free_place(library, TemplateId("project", "x")))


def test_names_that_differ_only_in_case() -> None:
    library, _ = make_library({"project:x": "", "project:X": "", "user:x": "", "project:É": "", "project:é": ""})
    assert same_but_for_case(library) == [("project:X", "project:x"), ("project:É", "project:é")]
