"""References to templates: what is one, what is none, and that writing and reading agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.model.reference import BadReference, Reference, is_layer_name, name_problem, parse_reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("orchestrator", Reference("orchestrator")),
        (" orchestrator.md.j2 ", Reference("orchestrator")),
        ("lib/macros.j2", Reference("lib/macros")),
        ("bugfix/orchestrator", Reference("orchestrator", feature_type="bugfix")),
        ("bugfix/lib/macros", Reference("lib/macros", feature_type="bugfix")),
        ("bugfix", Reference("bugfix")),
        ("user:orchestrator", Reference("orchestrator", layer="user")),
        ("builtin:orchestrator@1-5d41402a", Reference("orchestrator", "builtin", None, 1, "5d41402a")),
        ("team.eu:docs/a.b-c_d@12", Reference("a.b-c_d", "team.eu", "docs", 12)),
        ("orchestrator.md.j2@0-00000000", Reference("orchestrator", version=0, digest="00000000")),
        ("prüfung/größe", Reference("prüfung/größe")),
    ],
)
def test_references(text: str, expected: Reference) -> None:
    assert parse_reference(text) == expected


def test_feature_types_of_the_configuration_are_folders_too() -> None:
    assert parse_reference("infra/x", ("infra",)) == Reference("x", feature_type="infra")
    assert parse_reference("infra/x") == Reference("infra/x")


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "/", "..", "../x", "a/../b", "a//b", "/etc/passwd", "a/", "./a", "a/.", "C:/x", "C:\\x", "a\\b",
        "a b", "a@", "a@b", "a@1-", "a@1-xyz", "a@1-5D41402A", "a@-1", "a:b:c", ":a", "a:", "~/x", "a\0b", "a\nb",
        "con", "x/NUL.txt", "com1", "lib/aux.md.j2", "name.", "a*", "<a>", "a?", "bugfix/", "x" * 201, "{{ x }}",
        "a@99999999999",
    ],
)  # fmt: skip
def test_what_is_no_reference_is_one_plain_sentence(text: str) -> None:
    bad = parse_reference(text)
    assert isinstance(bad, BadReference), bad
    assert bad.sentence.endswith(".")
    assert "\n" not in bad.sentence


_segments = st.from_regex(r"[\w.-]{1,12}", fullmatch=True)
_names = st.lists(_segments, min_size=1, max_size=3).map("/".join).filter(lambda name: name_problem(name) is None)


@given(
    name=_names.filter(lambda name: not name.endswith(".j2")),
    layer=st.none() | _segments.filter(is_layer_name),
    version=st.none() | st.integers(0, 99999),
    digest=st.none() | st.from_regex(r"[0-9a-f]{8}", fullmatch=True),
)
def test_what_is_written_is_read_again(
    name: str, layer: str | None, version: int | None, digest: str | None
) -> None:
    reference = Reference(name, layer, None, version, digest if version is not None else None)
    if "/" in name and name.split("/")[0] in ("feature", "bugfix", "refactor", "performance", "migration", "docs"):
        return
    assert parse_reference(str(reference)) == reference


@given(st.text(max_size=40))
def test_parsing_never_raises_and_no_name_leaves_its_folder(text: str) -> None:
    reference = parse_reference(text)
    if isinstance(reference, Reference):
        assert not reference.name.startswith("/")
        assert not {"", ".", ".."} & set(reference.name.split("/"))
        assert not set(reference.name) & set('\\:*?"<>|\0')
