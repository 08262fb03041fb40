"""What a prompt tells of the project: its tree, languages, guidelines and the texts of chosen files."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from orch.storage.languages import languages
from orch.storage.project_listing import ListedFile, list_project, path_patterns
from orch.storage.project_tree import tree_text
from orch.storage.texts import decode_head

GUIDELINES = (
    "agents.md", "claude.md", "gemini.md", "conventions.md", ".github/copilot-instructions.md", ".cursorrules",
    "contributing.md", "contributing.rst", "contributing.txt", "contributing", ".github/contributing.md",
    "docs/contributing.md",
)  # fmt: skip
"""Where projects say how to work on them, in the order in which they are told, in lower case."""

INCLUDED = (
    "/README.md", "/README.rst", "/README.txt", "/README", "/pyproject.toml", "/package.json", "/Cargo.toml",
    "/go.mod", "/pom.xml", "/build.gradle", "/build.gradle.kts", "/Gemfile", "/composer.json", "/mix.exs",
)  # fmt: skip
"""The files whose text goes along unless the configuration says which."""

_TREE_SHARE, _GUIDELINES_SHARE = 4, 2


@dataclass(frozen=True, slots=True)
class ContextLimits:
    """How much of the project goes into a prompt: `[context]` of the configuration.

    `include` and `exclude` are patterns as in `.gitignore`: the files whose text goes along (None: `INCLUDED`), and
    what is not told of at all. `max_chars` counts code points of all parts together: at most a quarter of it is the
    tree, half the guidelines, the rest files. `max_entries` is how many files of a huge project are looked at.
    """

    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    tree_depth: int = 4
    max_chars: int = 40_000
    max_entries: int = 20_000


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A file's path from the project's root, with `/`, and its text, cut where there is no room for all of it."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """What a prompt may tell of the project. `guidelines` holds each file under a line with its path."""

    tree: str
    languages: tuple[str, ...]
    guidelines: str
    files: tuple[ProjectFile, ...]


def read_project(root: Path, limits: ContextLimits) -> ProjectFiles:
    """Looks at the project at `root`. What cannot be read is left out; never raises for what it finds there.

    Told of are only files that git tracks or would track (without git: that no `.gitignore` ignores), that really
    are inside, and that are text. Never `.env*`, and nothing of `.orch`.
    """
    listing = list_project(root, limits.exclude, limits.max_entries)
    tree = tree_text(
        (file.path for file in listing.files),
        limits.tree_depth,
        limits.max_chars // _TREE_SHARE,
        complete=listing.complete,
    )
    guides = _guides(listing.files)
    guides_told = _texts(guides, limits.max_chars // _GUIDELINES_SHARE, lambda file: len(_guide(file.path, "")) + 2)
    guidelines = "\n\n".join(_guide(file.path, file.text.strip()) for file in guides_told)
    told = {file.path for file in guides_told}
    included = path_patterns(INCLUDED if limits.include is None else limits.include)
    wanted = [file for file in listing.files if included(file.path) and file.path not in told]
    room = limits.max_chars - len(tree) - len(guidelines)
    return ProjectFiles(
        tree=tree,
        languages=languages((file.path, file.size) for file in listing.files),
        guidelines=guidelines,
        files=_texts(wanted, room),
    )


def _guides(files: Iterable[ListedFile]) -> list[ListedFile]:
    found = {file.path.lower(): file for file in files if file.path.lower() in GUIDELINES}
    return [found[name] for name in GUIDELINES if name in found]


def _guide(path: str, text: str) -> str:
    return f"--- {path} ---\n{text}"


def _texts(
    files: Sequence[ListedFile], room: int, heading: Callable[[ListedFile], int] = lambda _file: 0
) -> tuple[ProjectFile, ...]:
    """The texts of `files`, in order, within `room` code points together; the same text is not told twice.

    `heading` is how many code points stand above a text.
    """
    texts: list[ProjectFile] = []
    seen: set[str] = set()
    for file in files:
        below = room - heading(file)
        text = _text(file, below) if below > 0 else None
        if text is None or text in seen:
            continue
        seen.add(text)
        shown = _cut(text, below, file.size)
        if shown:
            room = below - len(shown)
            texts.append(ProjectFile(file.path, shown))
    return tuple(texts)


def _text(file: ListedFile, room: int) -> str | None:
    """The beginning of a file, enough to fill `room`; None for a binary and for an empty file."""
    try:
        with file.real.open("rb") as opened:
            # never more than the file has: `room` may be any number that a person writes
            text = decode_head(opened.read(min(room * 4 + 4, file.size + 1)))
    except (OSError, ValueError):
        return None
    return text if text.strip() and "\0" not in text else None


def _cut(text: str, room: int, size: int) -> str:
    if len(text) <= room:
        return text
    notice = f"\n[cut here; the file has {size} bytes]\n"
    kept = text[: max(0, room - len(notice))]
    if not kept:
        return ""
    return (kept[: kept.rfind("\n")] if "\n" in kept else kept) + notice
