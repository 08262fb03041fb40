"""Resolution touches only the files that could win, however many templates there are."""

from pathlib import Path

import pytest

from orch.library.choice import choose
from orch.library.closure import closure_of
from orch.library.recording import record
from orch.library.resolution import find_working_copy, resolve_working_copy
from orch.library.version_files import load_version
from orch.model.reference import Reference, TemplateId
from orch.storage.memory import MemoryStorage
from support.libraries import BUILTINS, ROOT, USER, file_of, found, library_on

TEAM = ROOT / "prompts"
MANY = 200


class Counting(MemoryStorage):
    """Remembers what is asked of it."""

    def __init__(self, files: dict[Path, str]) -> None:
        super().__init__(files)
        self.read_paths: list[Path] = []
        self.listed: list[Path] = []

    def read(self, path: Path) -> str | None:
        self.read_paths.append(path)
        return super().read(path)

    def list(self, folder: Path, suffix: str, *, deep: bool = False) -> list[Path]:
        self.listed.append(folder)
        assert not deep, folder
        return super().list(folder, suffix, deep=deep)


@pytest.fixture
def storage() -> Counting:
    files = {
        file_of(f"{layer}:page_{number}"): "x" for layer in ("project", "user", "team") for number in range(MANY)
    }
    for number in range(MANY):
        files[ROOT / f".orch/versions/page_{number}/0001-aaaaaaaa.toml"] = ""
    files[file_of("builtin:orchestrator")] = "{% include 'lib/tone' %} {{ request }}"
    files[file_of("builtin:lib/tone")] = "Dry."
    return Counting(files)


def candidates_of(name: str, feature_type: str = "bugfix") -> set[Path]:
    folders = (ROOT / ".orch/templates", USER / "templates", TEAM / "templates", BUILTINS)
    paths = (f"{feature_type}/{name}", name)
    return {
        folder / f"{path}{extension}" for folder in folders for path in paths for extension in (".md.j2", ".j2")
    }


def test_a_name(storage: Counting) -> None:
    library = library_on(storage)
    resolved = resolve_working_copy(library, "orchestrator", "bugfix")
    assert getattr(resolved, "path", None) == file_of("builtin:orchestrator")
    assert set(storage.read_paths) <= candidates_of("orchestrator")
    assert len(storage.read_paths) == len(set(storage.read_paths))
    assert storage.listed == []


def test_the_nearest_one_ends_the_search(storage: Counting) -> None:
    storage.files[file_of("project:bugfix/orchestrator")] = "mine"
    assert resolve_working_copy(library_on(storage), "orchestrator", "bugfix")
    assert storage.read_paths == [file_of("project:bugfix/orchestrator")]


def test_a_layer_that_is_named(storage: Counting) -> None:
    assert find_working_copy(library_on(storage), TemplateId("builtin", "orchestrator"))
    assert storage.read_paths == [file_of("builtin:orchestrator")]


def test_which_layer_wins_and_what_it_hides(storage: Counting) -> None:
    assert choose(library_on(storage), Reference("orchestrator"), "bugfix").winner
    assert set(storage.read_paths) <= candidates_of("orchestrator")
    assert storage.listed == []


def test_a_whole_prompt_and_its_recording(storage: Counting) -> None:
    library = library_on(storage)
    closure = closure_of(library, found(library, "orchestrator", "bugfix"), "bugfix")
    record(library, closure, "bugfix")  # type: ignore[arg-type]
    kinds = set().union(*(candidates_of(name, kind) for name in ("orchestrator", "lib/tone") for kind in KINDS))
    assert set(storage.read_paths) <= kinds
    assert {folder.name for folder in storage.listed} == {"orchestrator", "tone"}


KINDS = ("feature", "bugfix", "refactor", "performance", "migration", "docs")


def test_a_version(storage: Counting) -> None:
    load_version(library_on(storage), Reference("page_1", "project", None, 1, "aaaaaaaa"), "bugfix")
    assert {folder.name for folder in storage.listed} <= {"page_1"}
    assert {path.parent.name for path in storage.read_paths} == {"page_1"}
