"""Templates under test: a library in memory, and the check of annotated texts by all rules."""

from collections.abc import Mapping
from pathlib import Path

from orch.ide.template_surroundings import LibrarySurroundings, template_id
from orch.library.layers import Library, open_library
from orch.model.config import Configuration
from orch.rules.finding import Finding
from orch.rules.template_context import Analysis, TemplateContext
from orch.rules.template_rules import check_template
from orch.storage.memory import MemoryStorage
from orch.syntax.jinja_tree import parse_template
from support.annotations import Expected, Fixture, assert_findings, parse_fixture

ROOT = Path("/shop").absolute()
USER = Path("/user").absolute()
BUILTINS = Path("/builtins").absolute()
FOLDERS = {"project": ROOT / ".orch" / "templates", "user": USER / "templates", "builtin": BUILTINS}


def place(name: str) -> Path:
    """The file of a template by a short name: `lib/base`, `user:analysis`, `bugfix/orchestrator`."""
    layer, _, path = name.rpartition(":")
    return FOLDERS[layer or "project"] / f"{path}.md.j2"


def library(files: Mapping[str, str], configuration: Configuration | None = None) -> Library:
    """A library of the templates in `files`, by their short names."""
    storage = MemoryStorage({place(name): text for name, text in files.items()})
    return open_library(storage, ROOT, USER, BUILTINS, configuration or Configuration())


def context(files: Mapping[str, str], name: str, configuration: Configuration | None = None) -> TemplateContext:
    """The template called `name` among `files`, ready to be checked."""
    made = library(files, configuration)
    own = template_id(made, place(name))
    assert own is not None
    tree = parse_template(files[name], made.configuration.extensions)
    return TemplateContext(Analysis(tree), own.name, LibrarySurroundings(made, own))


def findings(
    files: Mapping[str, str], name: str = "main", configuration: Configuration | None = None
) -> list[Finding]:
    """All findings in the template called `name`, quick and slow."""
    checked = context(files, name, configuration)
    found = [*check_template(checked, slow=False), *check_template(checked, slow=True)]
    return sorted(found, key=lambda finding: finding.span)


def check(source: str, configuration: Configuration | None = None) -> Fixture:
    """Checks every file of an annotated source and compares with what its annotations expect."""
    fixture = parse_fixture(source)
    found = [
        Expected(name, finding.span, finding.severity or "", finding.rule, finding.message)
        for name in fixture.files
        for finding in findings(fixture.files, name, configuration)
    ]
    assert_findings(fixture, found)
    return fixture
