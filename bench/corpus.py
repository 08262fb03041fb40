"""Orch beside Jinja on the templates of public projects: `python -m bench.corpus FOLDER [--all]`.

FOLDER holds wheels (see `corpus-packages.txt`); their templates are read as data. For each template:

- Jinja's parser accepts it exactly when Orch reports no syntax error;
- the names that Jinja's `meta` calls undeclared are a superset of those that Orch does;
- what Orch reports of a template that Jinja accepts is listed, and `corpus-judged.txt` says which were looked at by
  hand and are right. What a project's own program defines cannot be known here: its variables count as declared,
  and its filters, tests, templates and attributes of its variables are left out of the count.

Exit code 0 when the two agree on everything and every finding was judged right, else 1.
"""

import argparse
import ast
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from jinja2 import meta

from orch.ide.template_surroundings import LibrarySurroundings, template_id
from orch.library.layers import open_library
from orch.model.config import JINJA_EXTENSIONS, Configuration
from orch.model.template import Input
from orch.rules.finding import Finding, Severity
from orch.rules.template_context import Analysis, TemplateContext
from orch.rules.template_rules import check_template
from orch.rules.template_variables import RESERVED
from orch.storage.memory import MemoryStorage
from orch.syntax.jinja_environment import in_shallow_stack, jinja_environment, jinja_verdict
from orch.syntax.jinja_tree import parse_template

SYNTAX = frozenset(("syntax-error", "unclosed-block", "unexpected-tag", "unclosed-delimiter", "unknown-tag"))
"""The rules that say what Jinja's parser says."""
UNKNOWABLE = frozenset(("unknown-filter", "unknown-test", "missing-template"))
"""The rules that need to know what a project's own program adds to Jinja."""
JUDGED = Path(__file__).with_name("corpus-judged.txt")
_TEMPLATES = (".j2", ".jinja", ".jinja2")
_TEXTS = (".html", ".md", ".sql", ".txt", ".yaml", ".yml", ".rst", ".tpl", ".xml", ".prompty")
_SIGNS = ("{%", "{{")
_TAG = re.compile(r"\{%-? ")
_LARGEST = 500_000
_ROOT = Path("/corpus").absolute()


@dataclass(frozen=True, slots=True)
class Sample:
    """A template of a package. `name` is its file, and for a string in a program its line."""

    package: str
    name: str
    text: str


def samples(wheel: Path) -> Iterator[Sample]:
    """The templates in a wheel: by their endings, by what stands in them, and strings in its programs."""
    package = wheel.name.partition("-")[0]
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            path = PurePosixPath(entry.filename)
            if entry.file_size > _LARGEST or path.suffix not in (*_TEMPLATES, *_TEXTS, ".py"):
                continue
            text = archive.read(entry).decode("utf-8", "replace")
            if path.suffix == ".py":
                yield from _strings(package, str(path), text)
            elif path.suffix in _TEMPLATES or any(sign in text for sign in _SIGNS):
                yield Sample(package, str(path), text)


def _strings(package: str, name: str, program: str) -> Iterator[Sample]:
    """The strings in a program that hold tags of Jinja, apart from its documentation."""
    if _SIGNS[0] not in program:
        return
    try:
        tree = ast.parse(program)
    except SyntaxError:
        return  # for another Python, or a template of a program itself
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) and id(node) not in told else None
        if isinstance(value, str) and isinstance(node, ast.Constant) and _TAG.search(value):
            yield Sample(package, f"{name}:{node.lineno}", value)


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one template: whether Jinja accepts it, where Orch disagrees, and what Orch reports beyond."""

    sample: Sample
    accepted: bool
    disagreements: tuple[str, ...]
    findings: tuple[Finding, ...]


def look(sample: Sample) -> Looked:
    """Orch and Jinja on one template."""
    error = jinja_verdict(sample.text, JINJA_EXTENSIONS)
    undeclared = _undeclared(sample.text) if error is None else frozenset()
    alone = _findings(sample.text, frozenset())
    wrong = [finding for finding in alone if finding.rule in SYNTAX and finding.severity is Severity.ERROR]
    disagreements: list[str] = []
    if (error is None) != (not wrong):
        told = wrong[0].message if wrong else f"Jinja says: {error}"
        disagreements.append(f"the syntax: {told}")
    if error is not None:
        return Looked(sample, False, tuple(disagreements), ())
    ours = {finding.span.slice(sample.text) for finding in alone if finding.rule == "undefined-variable"}
    if more := ours - undeclared:
        disagreements.append(f"names that Jinja does not call undeclared: {', '.join(sorted(more))}")
    found = [
        finding
        for finding in _findings(sample.text, undeclared)
        if finding.rule not in UNKNOWABLE and not _of_the_project(finding, undeclared)
    ]
    return Looked(sample, True, tuple(disagreements), tuple(found))


def _undeclared(text: str) -> frozenset[str]:
    environment = jinja_environment(JINJA_EXTENSIONS)
    try:
        return frozenset(in_shallow_stack(lambda: meta.find_undeclared_variables(environment.parse(text))))
    except Exception:  # it compiles the template, which fails where the project's own filters are missing
        return frozenset(_names(text))


def _names(text: str) -> Iterator[str]:
    """Every name that is read: what is left where `meta` gives nothing."""
    from jinja2 import nodes

    for name in jinja_environment(JINJA_EXTENSIONS).parse(text).find_all(nodes.Name):
        yield name.name


def _findings(text: str, declared: Iterable[str]) -> list[Finding]:
    """What Orch reports of a partial whose project declares those names as its inputs."""
    inputs = {name: Input(name) for name in declared}
    configuration = Configuration(extensions=JINJA_EXTENSIONS, inputs=inputs)
    path = _ROOT / ".orch/templates/sample.md.j2"
    library = open_library(MemoryStorage({path: text}), _ROOT, _ROOT / "user", _ROOT / "builtin", configuration)
    own = template_id(library, path)
    assert own is not None
    analysis = Analysis(parse_template(text, JINJA_EXTENSIONS))
    context = TemplateContext(analysis, own.name, LibrarySurroundings(library, own))
    return [*check_template(context, slow=False), *check_template(context, slow=True)]


def _of_the_project(finding: Finding, undeclared: frozenset[str]) -> bool:
    """Whether it is about an attribute, while the project has variables that are called like some of Orch's."""
    return finding.rule == "undefined-attribute" and not undeclared.isdisjoint(RESERVED)


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding that a person looked at: it tells of what is really so."""

    package: str
    name: str
    rule: str
    words: str

    def is_about(self, sample: Sample, finding: Finding) -> bool:
        """Whether `finding` is the one."""
        same = (self.package, self.rule) == (sample.package, finding.rule) and fnmatchcase(sample.name, self.name)
        return same and finding.message.startswith(self.words)


def main(arguments: Sequence[str]) -> int:
    """Looks at every template, prints what came of it, and gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.corpus", description="Orch beside Jinja.")
    parser.add_argument("folder", type=Path, help="the folder with the wheels")
    parser.add_argument("--all", action="store_true", help="list the findings that were judged right as well")
    options = parser.parse_args(arguments)
    wheels = sorted(options.folder.glob("*.whl"))
    judged = read_judged(JUDGED.read_text(encoding="utf-8"))
    totals: Counter[str] = Counter()
    for wheel in wheels:
        looked = [look(sample) for sample in samples(wheel)]
        if not looked:
            continue
        totals["packages"] += 1
        print(f"{wheel.name.split('-py')[0]}: {len(looked)} templates", flush=True)
        for one in looked:
            _tell(one, judged, totals, everything=options.all)
    print(
        f"{totals['templates']} templates of {totals['packages']} packages, "
        f"{totals['accepted']} of which Jinja accepts: "
        f"{totals['disagreements']} disagreements, {totals['right']} findings that are right, "
        f"{totals['open']} that are false or that nobody has judged"
    )
    if not wheels:
        print(f"There are no wheels in {options.folder}.", file=sys.stderr)
    return 1 if not wheels or totals["disagreements"] or totals["open"] else 0


def read_judged(text: str) -> list[Judged]:
    """The lines of the list: package, file, rule and words of the message, between bars; `#` begins a comment."""
    lines = (line.strip() for line in text.splitlines())
    fields = (line.split(" | ") for line in lines if line and not line.startswith("#"))
    return [Judged(package, name, rule, words) for package, name, rule, words in fields]


def _tell(one: Looked, judged: Sequence[Judged], totals: Counter[str], *, everything: bool) -> None:
    totals["templates"] += 1
    totals["accepted"] += one.accepted
    totals["disagreements"] += len(one.disagreements)
    for told in one.disagreements:
        print(f"  {one.sample.name}: DISAGREE on {told}")
    for finding in one.findings:
        right = any(entry.is_about(one.sample, finding) for entry in judged)
        totals["right" if right else "open"] += 1
        if everything or not right:
            line = one.sample.text.count("\n", 0, finding.span.start) + 1
            word = "right" if right else "OPEN"
            print(f"  {one.sample.name}:{line}: {word} {finding.severity} {finding.rule} {finding.message}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
