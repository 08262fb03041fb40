"""Names of templates and references to them: `[layer:][type/]name[@N[-digest8]]`, as the contract's "Template"."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from orch.model.session import FEATURE_TYPES

PROJECT, USER, BUILTIN = "project", "user", "builtin"
OWN_LAYERS = (PROJECT, USER, BUILTIN)
"""The layers that always exist; the configuration's `layers` stand between user and builtin."""

EXTENSIONS = (".md.j2", ".j2")
"""How a template's file may end, the preferred one first."""

_SEGMENT = re.compile(r"[\w.-]{1,100}")
_LAYER = re.compile(r"[\w.-]{1,60}")
_REFERENCE = re.compile(
    r"(?:(?P<layer>[^:@/]*):)?(?P<path>[^:@]*)(?:@(?P<version>\d{1,9})(?:-(?P<digest>[0-9a-f]{8}))?)?"
)
# Windows opens these as devices, whatever stands behind the first dot
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}


@dataclass(frozen=True, slots=True)
class TemplateId:
    """One template of one layer. As text: `layer:[type/]name`."""

    layer: str
    name: str
    feature_type: str | None = None

    @property
    def path(self) -> str:
        """The path below a layer's `templates/`, without an extension."""
        return f"{self.feature_type}/{self.name}" if self.feature_type else self.name

    def __str__(self) -> str:
        return f"{self.layer}:{self.path}"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference says. What it leaves out (None) is for the resolution to find."""

    name: str
    layer: str | None = None
    feature_type: str | None = None
    version: int | None = None
    digest: str | None = None

    def __str__(self) -> str:
        text = f"{self.feature_type}/{self.name}" if self.feature_type else self.name
        if self.layer is not None:
            text = f"{self.layer}:{text}"
        if self.version is not None:
            text += f"@{self.version}" + (f"-{self.digest}" if self.digest else "")
        return text

    @property
    def unversioned(self) -> "Reference":
        """The same without version and digest."""
        return replace(self, version=None, digest=None)


@dataclass(frozen=True, slots=True)
class BadReference:
    """Why a text is no reference, or refers to nothing: one plain sentence."""

    sentence: str


def parse_reference(text: str, feature_types: Collection[str] = FEATURE_TYPES) -> Reference | BadReference:
    """The reference that `text` writes. A first folder that is one of `feature_types` is the type, not the name.

    The extension `.md.j2` or `.j2` may stand behind the name and means nothing.
    """
    match = _REFERENCE.fullmatch(text.strip())
    if match is None:
        return BadReference(
            f"{text!r} is no reference to a template; write it as name, bugfix/name, user:name or name@3-5d41402a."
        )
    layer, path, version, digest = match.group("layer", "path", "version", "digest")
    if layer is not None and not is_layer_name(layer):
        return BadReference(
            f"{text!r} names no layer before the colon; write project:, user:, builtin: or a shared layer's name."
        )
    feature_type, name = split_path(without_extension(path), feature_types)
    problem = name_problem(name)
    if problem:
        return BadReference(f"{text!r} is not a reference to a template: {problem}.")
    return Reference(name, layer, feature_type, int(version) if version else None, digest)


def id_reference(template: TemplateId, version: int | None = None, digest: str | None = None) -> Reference:
    """The reference to `template`, with layer and type in full."""
    return Reference(template.name, template.layer, template.feature_type, version, digest)


def without_extension(path: str) -> str:
    """`path` without the extension of a template file, if it has one."""
    return next((path[: -len(end)] for end in EXTENSIONS if path.endswith(end) and len(path) > len(end)), path)


def split_path(path: str, feature_types: Collection[str] = FEATURE_TYPES) -> tuple[str | None, str]:
    """(feature type, name) of a path below `templates/`: `bugfix/orchestrator`, but `lib/macros` is all name."""
    first, slash, rest = path.partition("/")
    return (first, rest) if slash and first in feature_types else (None, path)


def is_layer_name(text: str) -> bool:
    """Whether a layer may be called so."""
    return _LAYER.fullmatch(text) is not None and _is_safe(text)


def name_problem(name: str) -> str | None:
    """Why a template cannot have this name, in words that go on after a colon; None for a good name."""
    if not name:
        return "the name is missing"
    if len(name) > 200:
        return "the name is too long"
    for segment in name.split("/"):
        if segment in ("", ".", ".."):
            return "a name is a path below templates/ and cannot be absolute or hold `.`, `..` or an empty folder"
        if not _SEGMENT.fullmatch(segment):
            return "a name holds letters, digits, `.`, `_`, `-` and `/` only"
        if not _is_safe(segment):
            return f"`{segment}` cannot be a file name on Windows"
    return None


def _is_safe(segment: str) -> bool:
    return not segment.endswith(".") and segment.split(".")[0].lower() not in _DEVICES
