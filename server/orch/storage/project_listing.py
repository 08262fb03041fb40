"""Which files of a project a prompt may tell of: known to git or not ignored, real, inside, and nobody's secret."""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from orch.storage.git import git_files, git_root

_MOST_NAMES = 200_000
_PRIVATE = (".env",)
_OTHERS = frozenset(
    (
        ".git", ".hg", ".svn", ".jj", ".orch", "node_modules", "bower_components", "__pycache__", ".venv", "venv",
        ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".gradle", ".idea", ".vs",
        ".next", ".nuxt", ".terraform", ".DS_Store",
    )
)  # fmt: skip
Verdict = Callable[[str], bool | None]
"""Whether patterns name a path: yes, expressly not (`!name`), or None when they say nothing of it."""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file: its path from the root with `/`, where it really is, and its size in bytes."""

    path: str
    real: Path
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The files, those near the root first. `complete` is False when there were more than was asked for."""

    files: tuple[ListedFile, ...]
    complete: bool


def list_project(root: Path, exclude: Iterable[str], limit: int) -> Listing:
    """At most `limit` files below `root`. `exclude` are patterns as in `.gitignore`. A missing folder is empty."""
    found = git_files(root, _MOST_NAMES)
    names, complete = found if found else _walk(root, limit)
    excluded = path_patterns(exclude)
    allowed = {name for name in names if _is_open(name) and not excluded(name)}
    ordered = sorted(allowed, key=lambda name: (name.count("/"), name))
    real_root = Path(os.path.realpath(root))
    plain_folders: dict[str, bool] = {}
    files: list[ListedFile] = []
    for name in ordered:
        if len(files) == limit:
            return Listing(tuple(files), False)
        file = _look_at(real_root, name, allowed, plain_folders)
        if file:
            files.append(file)
    return Listing(tuple(files), complete)


def _is_open(name: str) -> bool:
    """Not `.env*`, not made by tools, not Orch's own, and a name that a person can read."""
    return name.isprintable() and not any(
        part in _OTHERS or part.lower().startswith(_PRIVATE) for part in name.split("/")
    )


def _look_at(real_root: Path, name: str, allowed: set[str], plain: dict[str, bool]) -> ListedFile | None:
    path = real_root / name
    folder = name.rpartition("/")[0]
    try:
        if folder not in plain:
            # what lies behind a linked folder is listed under its own name, if it is inside at all
            plain[folder] = os.path.realpath(real_root / folder) == str(real_root / folder)
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            path = Path(os.path.realpath(path))
            if not path.is_relative_to(real_root) or path.relative_to(real_root).as_posix() not in allowed:
                return None
            found = path.lstat()
    except (OSError, ValueError):
        return None
    return ListedFile(name, path, found.st_size) if plain[folder] and stat.S_ISREG(found.st_mode) else None


def path_patterns(lines: Iterable[str]) -> Verdict:
    """What the patterns of `lines`, as in `.gitignore`, say of a path (with `/`; a folder's ends in one)."""
    lines = tuple(lines)
    if not lines:
        return lambda _name: None
    # only here: most projects need it for nothing
    from pathspec import GitIgnoreSpec

    try:
        spec = GitIgnoreSpec.from_lines(lines)
    except ValueError:
        spec = GitIgnoreSpec.from_lines(filter(_is_pattern, lines))
    return lambda name: spec.check_file(name).include


def _is_pattern(line: str) -> bool:
    """Whether `line` says something; git passes over one such as a lone `!`, and goes by the others."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines((line,))
    except ValueError:
        return False
    return True


def _walk(root: Path, limit: int) -> tuple[list[str], bool]:
    """The files below `root` where git cannot say: `.gitignore` files as git reads them, folder by folder."""
    rules = _rules_above(root)
    names: list[str] = []
    seen = 0
    # the folders near the root first, so that what is left out of a huge tree is deep down
    waiting: deque[tuple[str, tuple[tuple[str, Verdict], ...]]] = deque([("", rules)])
    while waiting:
        folder, above = waiting.popleft()
        here = (*above, *_rules_in(root / folder, folder))
        for name, is_folder in _entries(root, folder):
            seen += 1
            if seen > limit * 4 or len(names) > limit:
                return names, False
            if not _is_open(name) or _is_ignored(name, is_folder, here):
                continue
            if is_folder:
                waiting.append((name, here))
            else:
                names.append(name)
    return names, True


def _entries(root: Path, folder: str) -> Iterator[tuple[str, bool]]:
    try:
        with os.scandir(root / folder) as entries:
            found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError:
        return
    for name, is_folder in found:
        yield (f"{folder}/{name}" if folder else name), is_folder


def _is_ignored(name: str, is_folder: bool, rules: tuple[tuple[str, Verdict], ...]) -> bool:
    for base, verdict in reversed(rules):
        said = verdict(_below(name, base) + ("/" if is_folder else ""))
        if said is not None:
            return said
    return False


def _below(name: str, base: str) -> str:
    """`name` (from the root) as it reads from the folder `base` below it or, where that begins with `/`, above."""
    if base.startswith("/"):
        return f"{base[1:]}/{name}"
    return name[len(base) + 1 :] if base else name


def _rules_in(folder: Path, base: str) -> tuple[tuple[str, Verdict], ...]:
    try:
        lines = (folder / ".gitignore").read_text("utf-8", "replace").splitlines()
        return ((base, path_patterns(lines)),)
    except (OSError, ValueError):
        return ()


def _rules_above(root: Path) -> tuple[tuple[str, Verdict], ...]:
    """The `.gitignore` files of the repository above `root`; their base begins with `/` and leads down to it."""
    top = git_root(root)
    if top is None or top == root.absolute():
        return ()
    way = PurePosixPath(root.absolute().relative_to(top).as_posix())
    steps = [top.joinpath(*way.parts[:depth]) for depth in range(len(way.parts))]
    return tuple(
        (f"/{'/'.join(way.parts[depth:])}", ignored)
        for depth, folder in enumerate(steps)
        for _base, ignored in _rules_in(folder, "")
    )
