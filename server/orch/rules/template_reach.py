"""Rules on what a template asks of others: is it there, can it be read, does it lead back, has it the name."""

from collections.abc import Iterator
from dataclasses import replace

from orch.rules.finding import Finding, Fix, Related, Severity
from orch.rules.template_chain import Chain, Link, chain_of
from orch.rules.template_context import Other, TemplateContext, Unresolved, template_rule, unknown_name
from orch.rules.template_shapes import exports
from orch.syntax.jinja_names import Imported
from orch.text.span import Span, TextEdit


@template_rule(
    name="missing-template",
    severity=Severity.ERROR,
    summary="A template that is asked for is not there, or cannot be read",
    explanation=(
        "A constant name in `extends`, `include`, `import` or `from` leads to no template in any layer, or to one "
        "with a syntax error. A name that would reach the asking template itself means the next one below it: so "
        '`{% extends "orchestrator" %}` in your own orchestrator extends the built-in one. With `ignore missing`, '
        "and for a list of names of which one exists, nothing is reported."
    ),
    bad='{% include "no/such/part" %}\n',
    good='{% include "no/such/part" ignore missing %}\n',
    slow=True,
)
def missing_template(context: TemplateContext) -> Iterator[Finding]:
    """Names that lead nowhere, and templates that are found and cannot be read."""
    by_tag: dict[int, list[Link]] = {}
    for link in chain_of(context).own():
        by_tag.setdefault(link.asking.tag, []).append(link)
    for tag, links in by_tag.items():
        wanted = links[0].wanted
        missing = [link for link in links if isinstance(link.target, Unresolved)]
        if missing and not wanted.ignore_missing and not missing[0].target.ambiguous:  # type: ignore[union-attr]
            if not wanted.choice:
                yield _missing(context, missing[0])
            elif len(missing) == len(links) and not wanted.dynamic:
                message = "None of these templates is there."
                yield Finding("missing-template", context.place(tag, wanted.span), message)
        if not wanted.choice:
            yield from _unreadable(context, links[0])


def _missing(context: TemplateContext, link: Link) -> Finding:
    assert isinstance(link.target, Unresolved)
    span = context.place(link.asking.tag, link.span)
    meant = link.target.meant
    fixes = (Fix(f"Change to `{meant}`", (TextEdit(span, meant),), preferred=True),) if meant else ()
    return Finding("missing-template", span, link.target.sentence, fixes=fixes)


def _unreadable(context: TemplateContext, link: Link) -> Iterator[Finding]:
    target = link.target
    if not isinstance(target, Other) or not target.analysis.tree.broken:
        return
    problem = next(problem for problem in target.analysis.tree.problems if not problem.accepted)
    related = (Related(problem.span, problem.message, target.path),)
    message = f"The template `{link.name}` cannot be read: {problem.message}"
    yield Finding("missing-template", context.place(link.asking.tag, link.span), message, related=related)


@template_rule(
    name="duplicate-version",
    severity=Severity.INFO,
    summary="Two versions have the same number",
    explanation=(
        "Two branches that each publish a version may give both the same number. Neither is lost, but the number "
        "alone no longer says which is meant: write the digits behind it as well, as in `name@4-5d41402a`. A bare "
        "number that two versions share is refused. The fix (`orch template publish NAME --renumber`) records all "
        "but the oldest once more, each under a number of its own; what was recorded before is found as before. "
        "Where both published the same text, git merges the two into one file; that is reported and mended alike."
    ),
    bad='{% include "lib/two@1" %}\n',
    good='{% include "lib/one@1" %}\n',
    slow=True,
)
def duplicate_version(context: TemplateContext) -> Iterator[Finding]:
    """References that could mean several versions, and the template's own versions that share a number."""
    for link in chain_of(context).own():
        if isinstance(link.target, Unresolved) and link.target.ambiguous:
            span = context.place(link.asking.tag, link.span)
            yield Finding("duplicate-version", span, link.target.sentence, Severity.ERROR)
    if context.around is None:
        return
    for number, references in context.around.shared_versions():
        named = " and ".join(f"`{reference}`" for reference in references)
        message = f"Version {number} of this template exists more than once: {named}; give each its own number."
        yield Finding("duplicate-version", first_line(context.text), message)
    for sentence in context.around.merged_versions():
        yield Finding("duplicate-version", first_line(context.text), sentence)


def first_line(text: str) -> Span:
    """The first line of a text, without its end."""
    end = text.find("\n")
    return Span(0, len(text) if end < 0 else end)


@template_rule(
    name="circular-template",
    severity=Severity.ERROR,
    summary="A template includes itself by way of others",
    explanation=(
        "Each template of the circle includes, imports or extends the next one in any case, so rendering would "
        "never end. An include under a condition or in a loop may end, and is not reported."
    ),
    bad='{% include "lib/round" %}\n',
    good='{% if request %}{% include "lib/round" %}{% endif %}\n',
    slow=True,
)
def circular_template(context: TemplateContext) -> Iterator[Finding]:
    """Links of this template that surely lead back to it."""
    if context.around is None:
        return
    chain, own_key = chain_of(context), context.around.key
    for link in chain.own():
        way = _way_back(chain, link, own_key)
        if way:
            names = " → ".join(f"`{step.name}`" for step in way)
            related = tuple(
                Related(
                    step.by.analysis.tree.place(step.asking.tag, step.span), f"asks for `{step.name}`", step.by.path
                )
                for step in way[1:]
                if step.by is not None
            )
            message = f"This leads back here and never ends: {names}."
            span = context.place(link.asking.tag, link.span)
            yield Finding("circular-template", span, message, related=related)


def _way_back(chain: Chain, first: Link, own_key: str) -> list[Link]:
    """The links from `first` back to the template itself, each of which runs in any case; empty for none."""
    ways: list[list[Link]] = [[first]] if _is_certain(first) else []
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        target = way[-1].target
        assert isinstance(target, Other)
        if target.key == own_key:
            return way
        if target.key not in seen:
            seen.add(target.key)
            ways += [[*way, link] for link in chain.of(target.key) if _is_certain(link)]
    return []


def _is_certain(link: Link) -> bool:
    return (
        link.asking.certain
        and not link.wanted.choice
        and not link.wanted.dynamic
        and isinstance(link.target, Other)
    )


@template_rule(
    name="unknown-import",
    severity=Severity.ERROR,
    summary="A name is imported that the other template does not offer",
    explanation=(
        "A template offers its macros and what it sets on its top level, except for names that begin with `_` and "
        "names that it imports itself."
    ),
    bad='{% from "lib/macros" import lst %}\n{{ lst(project.languages) }}\n',
    good='{% from "lib/macros" import list %}\n{{ list(project.languages) }}\n',
    slow=True,
)
def unknown_import(context: TemplateContext) -> Iterator[Finding]:
    """Names in `from ... import` that the template has not."""
    for link in chain_of(context).own():
        target = link.target
        if link.wanted.statement != "from" or link.wanted.choice or not isinstance(target, Other):
            continue
        scopes = target.analysis.scopes
        if target.analysis.tree.broken or any(asking.wanted.statement == "extends" for asking in scopes.asking):
            continue
        offered = exports(target)
        for entry in context.imported(link.asking.tag):
            if entry.name not in offered:
                span = context.place(link.asking.tag, entry.span)
                what = f"`{link.name}` offers no `{entry.name}`"
                finding = unknown_name("unknown-import", span, what, entry.name, offered)
                fixes = (_with_reads(context, link.asking.tag, entry, fix) for fix in finding.fixes)
                yield replace(finding, fixes=tuple(fixes))


def _with_reads(context: TemplateContext, tag: int, entry: Imported, fix: Fix) -> Fix:
    """The fix that changes the imported name, changing it where it is used as well."""
    (edit,) = fix.edits
    made = (
        v
        for v in context.scopes.named(entry.alias)
        if (tag, entry.alias_span) == (v.binds[0][0], v.binds[0][1].span)
    )
    variable = next(made, None)
    if entry.alias_span != entry.span or variable is None or not variable.is_one_thing:
        return fix
    reads = (TextEdit(context.place(at, read.span), edit.text) for at, read in variable.reads)
    return replace(fix, edits=(edit, *sorted(reads, key=lambda read: read.span)))
