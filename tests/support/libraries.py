"""A library in memory for tests, its files written by the layer that they belong to."""

from collections.abc import Mapping
from pathlib import Path

from orch.library.closure import Closure, closure_of
from orch.library.layers import Library, open_library
from orch.library.recording import Recorded, record
from orch.library.resolution import Found, resolve_working_copy
from orch.library.version_files import load_version
from orch.model.config import Configuration, SharedLayer
from orch.model.reference import BadReference, Reference, parse_reference
from orch.storage.memory import MemoryStorage

ROOT = Path("/shop").absolute()
USER = Path("/home/ada/config").absolute()
BUILTINS = Path("/opt/builtins").absolute()
FOLDERS = {
    "project": ROOT / ".orch/templates",
    "user": USER / "templates",
    "team": ROOT / "prompts/templates",
    "builtin": BUILTINS,
}


def file_of(template: str, extension: str = ".md.j2") -> Path:
    """The file of `layer:[type/]name`."""
    layer, _, path = template.partition(":")
    return FOLDERS[layer] / f"{path}{extension}"


def make_library(templates: Mapping[str, str], **configuration: object) -> tuple[Library, MemoryStorage]:
    """A library of `templates` (`layer:[type/]name` -> text) in the layers project, user, team and builtin."""
    storage = MemoryStorage({file_of(template): text for template, text in templates.items()})
    return library_on(storage, **configuration), storage


def library_on(storage: MemoryStorage, **configuration: object) -> Library:
    """The library of what `storage` holds."""
    options = {"layers": (SharedLayer("team", "prompts"),), **configuration}
    return open_library(storage, ROOT, USER, BUILTINS, Configuration(**options))  # type: ignore[arg-type]


def found(library: Library, reference: str, feature_type: str = "feature") -> Found:
    """What a reference means, with or without a version; it must mean something."""
    parsed = parse_reference(reference, library.feature_types)
    assert isinstance(parsed, Reference), parsed
    if parsed.version is not None:
        made = load_version(library, parsed, feature_type)
    else:
        made = resolve_working_copy(library, reference, feature_type)
    assert isinstance(made, Found), made
    return made


def closure(library: Library, reference: str, feature_type: str = "feature") -> Closure:
    """The closure of what a reference means."""
    made = closure_of(library, found(library, reference, feature_type), feature_type)
    assert isinstance(made, Closure), made
    return made


def recorded(library: Library, storage: MemoryStorage, reference: str, feature_type: str = "feature") -> str:
    """Records what a reference means, writes it, and gives the full reference."""
    made = record(library, closure(library, reference, feature_type), feature_type)
    assert isinstance(made, Recorded), made
    for path, text in made.writes:
        storage.write(path, text, replaces=None)
    return str(made.reference)


def sentence(made: object) -> str:
    """The sentence of a BadReference."""
    assert isinstance(made, BadReference), made
    assert made.sentence.endswith((".", "?"))
    assert "\n" not in made.sentence
    return made.sentence
