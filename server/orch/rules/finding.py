"""What a rule reports: plain data, in code-point offsets of the text that was checked."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from orch.text.span import Span, TextEdit


class Severity(StrEnum):
    """How much a finding matters; the values are the words of `[diagnostics]` and of `orch check`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that explains a finding. `path` is None for the text that was checked itself."""

    span: Span
    message: str
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends a finding. `preferred` when it is the one right thing to do."""

    title: str
    edits: tuple[TextEdit, ...]
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one place. `severity` None means the rule's default (or what the configuration sets)."""

    rule: str
    span: Span
    message: str
    severity: Severity | None = None
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
    unnecessary: bool = False
