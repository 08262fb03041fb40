"""What prompts are told of a project, and what they are never told."""

import os
import subprocess
from pathlib import Path

import pytest

from orch.storage import project_listing
from orch.storage.languages import languages
from orch.storage.project_files import ContextLimits, ProjectFiles, read_project
from orch.storage.project_tree import tree_text

WAYS = ["git", "patterns"]


@pytest.fixture(params=WAYS)
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    folder = tmp_path / "shop"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    if request.param == "patterns":
        monkeypatch.setattr(project_listing, "git_files", lambda _root, _limit: None)
    return folder


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def look(root: Path, include: tuple[str, ...] = ("*",), **limits: int) -> ProjectFiles:
    return read_project(root, ContextLimits(include=include, **limits))  # type: ignore[arg-type]


def paths(found: ProjectFiles) -> list[str]:
    return [file.path for file in found.files]


def test_a_small_project(root: Path) -> None:
    put(
        root,
        {
            "README.md": "# Shop\n",
            "AGENTS.md": "Run the tests.\n",
            "docs/CONTRIBUTING.md": "Be kind.\n",
            "src/shop/auth.py": "print(1)\n" * 9,
            "src/shop/web/page.ts": "let a = 1\n",
            "src/shop/empty.py": "",
        },
    )
    found = read_project(root, ContextLimits())
    assert found.tree.splitlines() == [
        "docs/",
        "  CONTRIBUTING.md",
        "src/shop/",
        "  web/",
        "    page.ts",
        "  auth.py",
        "  empty.py",
        "AGENTS.md",
        "README.md",
    ]
    assert found.languages == ("Python", "TypeScript")
    assert found.guidelines == "--- AGENTS.md ---\nRun the tests.\n\n--- docs/CONTRIBUTING.md ---\nBe kind."
    assert [(file.path, file.text) for file in found.files] == [("README.md", "# Shop\n")]


def test_never_secrets_ignored_files_binaries_or_orch(root: Path) -> None:
    put(
        root,
        {
            ".gitignore": "*.log\n/build/\nsecret/\n!keep.log\n",
            "sub/.gitignore": "local.txt\n!again.log\n",
            "a.txt": "a",
            "b.log": "b",
            "keep.log": "keep",
            "build/c.txt": "c",
            "secret/d.txt": "d",
            "sub/local.txt": "e",
            "sub/again.log": "again",
            "sub/build/f.txt": "f",
            ".env": "KEY=1",
            ".env.local": "KEY=2",
            "sub/.envrc": "KEY=3",
            ".ENV": "KEY=4",
            ".orch/config.toml": "x = 1",
            "node_modules/x/index.js": "x",
        },
    )
    (root / "picture.png").write_bytes(b"\x89PNG\0\0")
    (root / "latin.txt").write_bytes(b"\xe9t\xe9")
    found = look(root)
    assert paths(found) == [".gitignore", "a.txt", "keep.log", "sub/.gitignore", "sub/again.log", "sub/build/f.txt"]
    for word in (".env", ".ENV", ".orch", "b.log", "secret", "local.txt", "node_modules"):
        assert word not in found.tree
    assert "picture.png" in found.tree


def test_links_count_only_where_they_lead_to_what_may_be_told(root: Path, tmp_path: Path) -> None:
    put(tmp_path, {"outside/secret.txt": "secret"})
    put(root, {"a.txt": "a", ".env": "KEY=1", "deep/b.txt": "b", ".gitignore": "hidden.txt\n", "hidden.txt": "x"})
    links = {
        "fine.txt": "a.txt",
        "out.txt": tmp_path / "outside/secret.txt",
        "env.txt": ".env",
        "hides.txt": "hidden.txt",
        "folder": tmp_path / "outside",
        "inner": "deep",
        "none": "nowhere",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    found = look(root, ("*.txt",))
    assert paths(found) == ["a.txt", "deep/b.txt"]
    assert {line.strip() for line in found.tree.splitlines()} == {
        "deep/", "b.txt", ".gitignore", "a.txt", "fine.txt",
    }  # fmt: skip


def test_a_folder_that_git_knows_and_that_became_a_link(root: Path, tmp_path: Path) -> None:
    put(tmp_path, {"outside/a.txt": "secret"})
    put(root, {"f/a.txt": "mine", "b.txt": "b"})
    subprocess.run(["git", "-C", str(root), "add", "."], check=True)
    (root / "f/a.txt").unlink()
    (root / "f").rmdir()
    (root / "f").symlink_to(tmp_path / "outside")
    found = look(root)
    assert paths(found) == ["b.txt"]
    assert found.tree == "b.txt"


def test_a_project_inside_a_repository_obeys_the_rules_above(root: Path) -> None:
    put(root, {".gitignore": "*.log\n/app/dist/\n", "app/a.py": "a", "app/b.log": "b", "app/dist/c.py": "c"})
    assert paths(look(root / "app")) == ["a.py"]


def test_exclude(root: Path) -> None:
    put(root, {"a.py": "a", "gen/b.py": "b", "AGENTS.md": "x"})
    found = read_project(root, ContextLimits(include=("*.py",), exclude=("/gen/", "AGENTS.md")))
    assert (found.tree, paths(found), found.guidelines) == ("a.py", ["a.py"], "")


def test_limits_hold_and_say_so(root: Path) -> None:
    put(root, {f"f/{number:03}.txt": f"{number}\n" * 500 for number in range(60)})
    put(root, {"AGENTS.md": "rule\n" * 5000, "CLAUDE.md": "more\n"})
    found = look(root, max_chars=8000)
    assert len(found.tree) + len(found.guidelines) + sum(len(file.text) for file in found.files) <= 8000 + 200
    assert "[cut here; the file has 25000 bytes]" in found.guidelines
    assert "rul\n" not in found.guidelines
    few = look(root, max_entries=5)
    assert "(the first 5 files; there are more)" in few.tree
    # what is near the root is told first
    assert "AGENTS.md" in few.tree


def test_the_same_guidelines_are_not_told_twice(root: Path) -> None:
    put(root, {"AGENTS.md": "Run the tests.\n"})
    (root / "CLAUDE.md").symlink_to("AGENTS.md")
    assert read_project(root, ContextLimits()).guidelines == "--- AGENTS.md ---\nRun the tests."


def test_strange_names(root: Path) -> None:
    put(root, {"line\nend.txt": "a", "ü ö.txt": "b", "🦊.txt": "c", "tab\t.txt": "d"})
    (root / os.fsdecode(b"latin\xe9.txt")).write_text("e")
    assert paths(look(root)) == ["ü ö.txt", "🦊.txt"]


def test_a_missing_or_empty_folder_is_an_empty_project(root: Path) -> None:
    for folder in (root, root / "missing"):
        found = look(folder)
        assert (found.tree, found.languages, found.guidelines, found.files) == ("", (), "", ())


def test_a_deep_tree_is_shown_as_far_as_there_is_room() -> None:
    names = [f"a/b{number}/c/d/e{number}.py" for number in range(30)]
    assert tree_text(names, 1, 999, complete=True) == "a/ (30 files)"
    wide = tree_text(names, 9, 500, complete=True)
    assert wide.splitlines()[:2] == ["a/", "  b0/c/d/ (1 file)"] or wide == "a/ (30 files)"
    assert len(wide) <= 500
    assert tree_text([f"{n:04}" for n in range(100)], 3, 9999, complete=True).endswith("\n... and 60 files more")
    assert tree_text([f"{n:04}" for n in range(100)], 3, 60, complete=True).splitlines()[-1].endswith("more lines")
    assert tree_text([], 3, 60, complete=True) == ""


def test_languages_by_size_without_strays() -> None:
    files = [("a.py", 5000), ("b.PY", 5000), ("c.sh", 10), ("d.go", 4000), ("e.md", 99999), ("Makefile", 500)]
    assert languages(files) == ("Python", "Go", "Makefile")
    assert languages([]) == ()


@pytest.mark.parametrize("line", ["!", "\\", "/"])
def test_a_pattern_that_says_nothing_costs_no_other(root: Path, line: str) -> None:
    put(root, {".gitignore": f"{line}\n*.key\n", "a.txt": "a", "b.key": "b", "c.txt": "c"})
    found = read_project(root, ContextLimits(include=(line, "*.txt"), exclude=(line, "c.txt")))
    assert paths(found) == ["a.txt"]
    assert found.tree.splitlines() == [".gitignore", "a.txt"]


@pytest.mark.parametrize("most", [0, 1, 20, 50, 90, 200, 400, 1000])
def test_all_parts_together_keep_to_the_limit(root: Path, most: int) -> None:
    put(root, {"AGENTS.md": "rule\n" * 300, "CLAUDE.md": "\n\nother rule\n", "README.md": "text\n" * 300})
    put(root, {f"src/{name}/x.py": "x = 1\n" * 9 for name in "abcdefgh"})
    found = look(root, max_chars=most)
    assert len(found.tree) + len(found.guidelines) + sum(len(file.text) for file in found.files) <= most


@pytest.mark.parametrize("most", [2**63 - 1, 10**30])
def test_a_limit_may_be_any_number(root: Path, most: int) -> None:
    put(root, {"AGENTS.md": "rule\n", "README.md": "text\n"})
    found = look(root, max_chars=most)
    assert (found.guidelines, paths(found)) == ("--- AGENTS.md ---\nrule", ["README.md"])
