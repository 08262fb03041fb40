"""The list of templates: read once, and again only where a file changed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orch.commands.outcome import Outcome
from orch.commands.project import Project
from orch.commands.registry import command, run
from orch.storage.memory import MemoryStorage
from support.projects import ROOT, Desk

TEMPLATES = ROOT / ".orch/templates"
NAME = "orch.template.list"


class Reading(MemoryStorage):
    """Remembers which files were read."""

    def __init__(self, files: dict[Path, str]) -> None:
        super().__init__(files)
        self.read_paths: list[Path] = []

    def read(self, path: Path) -> str | None:
        self.read_paths.append(path)
        return super().read(path)


class Shelf:
    """A project with twenty templates."""

    def __init__(self, desk: Desk) -> None:
        self.storage = Reading(dict(desk.storage.files))
        for number in range(20):
            self.storage.files[TEMPLATES / f"lib/t{number}.md.j2"] = f"text {number}"
        self.project: Project = replace(desk.project, storage=self.storage)

    def list(self) -> dict[str, dict[str, Any]]:
        """The entries by `layer:[type/]name`; `read_paths` is what was read for them."""
        self.storage.read_paths.clear()
        done = run(self.project, NAME, command(NAME).params())
        assert isinstance(done, Outcome)
        self.storage.read_paths[:] = [path for path in self.storage.read_paths if path.name != "config.toml"]
        return {_key(one): dict(one) for one in done.result["templates"]}


def _key(one: dict[str, Any]) -> str:
    return f"{one['layer']}:{one['feature_type']}/{one['name']}".replace("None/", "")


@pytest.fixture
def shelf(desk: Desk) -> Shelf:
    return Shelf(desk)


def test_nothing_is_read_again(shelf: Shelf) -> None:
    first = shelf.list()
    assert len(shelf.storage.read_paths) == len(first)
    assert shelf.list() == first
    assert shelf.storage.read_paths == []


def test_only_what_changed_is_read_again(shelf: Shelf) -> None:
    shelf.list()
    path = TEMPLATES / "lib/t3.md.j2"
    shelf.storage.files[path] = '+++\ndescription = "new"\n+++\n'
    assert shelf.list()["project:lib/t3"]["description"] == "new"
    assert shelf.storage.read_paths == [path]
    del shelf.storage.files[path]
    assert "project:lib/t3" not in shelf.list()
    assert shelf.storage.read_paths == []


def test_a_version_and_what_hides_a_template_are_seen(shelf: Shelf) -> None:
    assert shelf.list()["project:lib/t1"]["version"] == 0
    params = command("orch.template.publish").params(name="lib/t1", message="m")
    done = run(shelf.project, "orch.template.publish", params)
    assert isinstance(done, Outcome)
    for write in done.writes:
        shelf.storage.write(write.path, write.text, replaces=write.replaces)
    assert shelf.list()["project:lib/t1"]["version"] == 1
    shelf.storage.files[TEMPLATES / "orchestrator.md.j2"] = "mine"
    assert shelf.list()["builtin:bugfix/orchestrator"]["hidden_by"] == "project:orchestrator"


def test_the_configuration_counts_too(shelf: Shelf) -> None:
    shelf.storage.files[ROOT / "prompts/templates/lib/x.md.j2"] = "x"
    shelf.storage.files[TEMPLATES / "spike/y.md.j2"] = "y"
    assert shelf.list()["project:spike/y"]["feature_type"] is None
    shelf.storage.files[ROOT / ".orch/config.toml"] = (
        'layers = [{ name = "team", path = "prompts" }]\n[feature_types]\nspike = "A try"\n'
    )
    listed = shelf.list()
    assert listed["team:lib/x"]["path"].endswith("x.md.j2")
    assert listed["project:spike/y"]["feature_type"] == "spike"


def test_the_preferred_extension_wins(shelf: Shelf) -> None:
    shelf.storage.files[TEMPLATES / "lib/t1.j2"] = "other"
    assert shelf.list()["project:lib/t1"]["path"].endswith("t1.md.j2")
    del shelf.storage.files[TEMPLATES / "lib/t1.md.j2"]
    assert shelf.list()["project:lib/t1"]["path"].endswith("t1.j2")
