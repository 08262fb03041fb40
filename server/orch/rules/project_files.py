"""Rules for the other files of a project: its configuration, its experiments and the versions of its templates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from orch.model.config import read_configuration
from orch.model.experiment import read_experiment
from orch.model.reading import Problem
from orch.model.template import read_version
from orch.rules.finding import Finding, Severity
from orch.rules.registry import Registry
from orch.rules.session_rules import SESSION_RULES
from orch.rules.session_suppression import unsuppressed
from orch.rules.template_rules import TEMPLATE_RULES
from orch.syntax.toml_place import place_of
from orch.syntax.toml_tree import TomlTree, parse_toml
from orch.text.similar import closest

CONFIGURATION, USER_CONFIGURATION = "configuration", "user configuration"
EXPERIMENT, VERSION = "experiment", "version"
"""The kinds of files, with the two before."""


@dataclass(frozen=True)
class ProjectFileContext:
    """One file under check. `name` is the file's name without `.toml`.

    `more` is what only a look at other files tells, each with its place in the data; `hints` do no harm, and
    `duplicates` are sentences about a version that shares its number. A text that git `merged` from two is read by
    its sides, so it is not called broken.
    """

    kind: str
    name: str
    text: str
    more: tuple[Problem, ...] = ()
    hints: tuple[Problem, ...] = ()
    duplicates: tuple[str, ...] = ()
    merged: bool = False

    @cached_property
    def tree(self) -> TomlTree:
        """The text as TOML."""
        return parse_toml(self.text)


project_file_rule: Registry[ProjectFileContext] = Registry()
"""The rules for these files."""


@project_file_rule(
    name="invalid-configuration",
    severity=Severity.WARNING,
    summary="The configuration says something that cannot be",
    explanation=(
        "What is wrong in `config.toml` is passed over, and everything else in it counts. A layer must point at a "
        "folder of its own that has templates, inside the project unless your own `config.toml` names it; runners "
        "are defined in your own `config.toml` only."
    ),
    bad='[diagnostics]\nunused-marco = "off"\n',
    good='[diagnostics]\nunused-macro = "off"\n',
)
def invalid_configuration(context: ProjectFileContext) -> Iterator[Finding]:
    """Keys and values that are passed over."""
    if context.kind not in (CONFIGURATION, USER_CONFIGURATION):
        return
    data = context.tree.data
    _, problems = read_configuration(data, user=context.kind == USER_CONFIGURATION)
    yield from _found("invalid-configuration", context, (*problems, *context.more, *_unknown_rules(data)))


def _unknown_rules(data: Mapping[str, object]) -> Iterator[Problem]:
    wanted = data.get("diagnostics")
    known = [*SESSION_RULES, *TEMPLATE_RULES, *PROJECT_FILE_RULES]
    for name in wanted if isinstance(wanted, dict) else ():
        if name not in known:
            meant = closest(name, known)
            hint = f"; did you mean `{meant}`?" if meant else "."
            yield Problem(("diagnostics", name), f"There is no rule `{name}`{hint}")


@project_file_rule(
    name="invalid-experiment",
    severity=Severity.ERROR,
    summary="The experiment cannot be used, so it assigns no session",
    explanation=(
        "An experiment that cannot be relied on assigns nobody, since a part of its arms would be a biased split. "
        "Its arms are two or more, each with the full reference of a version that is there, and weights above 0; "
        "one experiment runs for a template and feature type; and what was promised at the start stays. "
        "`orch experiment stop` ends an experiment with something wrong in it as well."
    ),
    bad=(
        'name = "tone"\ntemplate = "orchestrator"\nstatus = "running"\nsalt = "x"\n\n'
        '[[arms]]\nname = "a"\nversion = "builtin:orchestrator@1-f4eb45ad"\nweight = 0\n\n'
        '[[arms]]\nname = "b"\nversion = "project:orchestrator@2-5d41402a"\n'
    ),
    good=(
        'name = "tone"\ntemplate = "orchestrator"\nstatus = "running"\nsalt = "x"\n\n'
        '[[arms]]\nname = "a"\nversion = "builtin:orchestrator@1-f4eb45ad"\nweight = 2\n\n'
        '[[arms]]\nname = "b"\nversion = "project:orchestrator@2-5d41402a"\n'
    ),
)
def invalid_experiment(context: ProjectFileContext) -> Iterator[Finding]:
    """What keeps an experiment from assigning sessions."""
    if context.kind == EXPERIMENT and context.tree.valid:
        _, problems = read_experiment(context.tree.data, context.name)
        yield from _found("invalid-experiment", context, (*problems, *context.more))


@project_file_rule(
    name="invalid-version",
    severity=Severity.ERROR,
    summary="The version is not what was recorded",
    explanation=(
        "A version never changes: sessions and experiments name it, and a name gives the same text for ever. "
        "Orch refuses one whose text, number or name is another than was recorded. Restore the file from git; what "
        "you wrote into it belongs into the template's working copy, and from there into the next version. A part "
        "that is gone keeps the version from being rendered; a missing parent is only told."
    ),
    bad=(
        'schema = 1\ntemplate = "lib/tone"\nversion = 1\n'
        'digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"\nparts = []\nbody = "hallo"\n'
    ),
    good=(
        'schema = 1\ntemplate = "lib/tone"\nversion = 1\n'
        'digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"\nparts = []\nbody = "hello"\n'
    ),
)
def invalid_version(context: ProjectFileContext) -> Iterator[Finding]:
    """What keeps a version from being used."""
    if context.kind != VERSION or context.merged or not context.tree.valid:
        return
    _, problems = read_version(context.tree.data)
    # what the text tells of itself has the better place
    yield from _found("invalid-version", context, problems or context.more)
    for finding in _found("invalid-version", context, context.hints):
        yield replace(finding, severity=Severity.INFO)


PROJECT_FILE_RULES = project_file_rule.rules
"""The rules by name. Beside them these files have `toml-syntax` and `merge-conflict`, as sessions do."""


def check_project_file(context: ProjectFileContext) -> list[Finding]:
    """The findings of one file, in document order, severities filled in; what a comment suppresses is left out."""
    found = [*_toml(context), *_duplicates(context)]
    for rule in PROJECT_FILE_RULES.values():
        found += (replace(one, severity=one.severity or rule.severity) for one in rule.check(context))
    return sorted(unsuppressed(context.tree, found), key=lambda finding: finding.span)


def _toml(context: ProjectFileContext) -> Iterator[Finding]:
    for problem in context.tree.problems if not context.merged else ():
        rule = "merge-conflict" if problem.kind == "conflict" else "toml-syntax"
        yield Finding(rule, problem.span, problem.message, Severity.ERROR)


def _duplicates(context: ProjectFileContext) -> Iterator[Finding]:
    for sentence in context.duplicates:
        yield Finding("duplicate-version", place_of(context.tree, ("version",)), sentence, Severity.INFO)


def _found(rule: str, context: ProjectFileContext, problems: tuple[Problem, ...]) -> Iterator[Finding]:
    for problem in dict.fromkeys(problems):
        yield Finding(rule, place_of(context.tree, problem.path), problem.sentence)
