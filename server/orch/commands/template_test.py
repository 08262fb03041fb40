"""template test: every template rendered for samples, its examples among them, and what would not work told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.rendering import Occasion, render_closure
from orch.commands.settings import project_library
from orch.commands.template_list import confusing
from orch.commands.templates import id_json, named, phase_of
from orch.library.choice import known_templates
from orch.library.closure import Closure, closure_of, declared_inputs, front_matter
from orch.library.customizing import same_but_for_case
from orch.library.layers import Library
from orch.library.resolution import Found, find_working_copy
from orch.model.reference import Reference, TemplateId
from orch.model.session import Session
from orch.model.template import Input
from orch.render.port import RenderFailure
from orch.storage.port import StorageError
from orch.text.similar import closest
from orch.workflow.prompt_context import ProjectFacts
from orch.workflow.sample_answer import PART_WORDS, not_extracted
from orch.workflow.samples import EMPTY_PROJECT, FULL_PROJECT, bare_session, sample_session


@dataclass(frozen=True, slots=True)
class SamplesParams:
    """`name` is one template, in whatever layers it is; without it every template of every layer is tested."""

    name: str | None = None
    feature_type: str | None = None


def try_templates(project: Project, params: SamplesParams) -> Outcome | Refusal:
    """`{"ok", "templates": [{name, feature_type, layer, path, ok, renders, problems, skipped}]}`.

    A problem is `{sample, sentence, template, line}`. `skipped` says why a partial cannot be tested by itself.
    """
    library = project_library(project)
    wanted = _wanted(library, params)
    if isinstance(wanted, Refusal):
        return wanted
    results = [_tested(project, library, template) for template in wanted]
    told = [
        {
            **id_json(one.template),
            "path": one.path,
            "ok": not one.problems,
            "renders": one.renders,
            "problems": one.problems,
            "skipped": one.skipped,
        }
        for one in results
    ]
    ok = all(entry["ok"] for entry in told)
    alike = [confusing(*pair) for pair in same_but_for_case(library)]
    failed = sum(not entry["ok"] for entry in told)
    renders = sum(one.renders for one in results)
    words = f"{len(told)} {'template' if len(told) == 1 else 'templates'}, {renders} prompts"
    summary = f"{words}: all work." if ok else f"{words}: {failed} with problems."
    return Outcome({"ok": ok, "templates": told}, notices=(*alike, summary), complete=ok)


COMMAND = Command("orch.template.test", SamplesParams, try_templates, "Test the templates", changes=False)


@dataclass(slots=True)
class _Tested:
    """What came of one template."""

    template: TemplateId
    path: str
    renders: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    skipped: str | None = None

    def problem(self, sample: str, sentence: str, template: str | None = None, line: int | None = None) -> None:
        """Notes a problem; the same one in another sample is not told again."""
        told = {"sentence": sentence, "template": template, "line": line}
        if not any({key: one[key] for key in told} == told for one in self.problems):
            self.problems.append({"sample": sample, **told})


@dataclass(frozen=True, slots=True)
class _Sample:
    """Something to render a template for."""

    name: str
    session: Session
    facts: ProjectFacts = FULL_PROJECT
    values: Mapping[str, str] = field(default_factory=dict)


def _wanted(library: Library, params: SamplesParams) -> list[TemplateId] | Refusal:
    known = known_templates(library)
    if params.name is None:
        return [one for one in known if params.feature_type in (None, one.feature_type)]
    reference = named(library, params.name, params.feature_type)
    if isinstance(reference, Refusal):
        return reference
    found = [one for one in known if _is_meant(reference, one)]
    if found:
        return found
    meant = closest(reference.name, [one.name for one in known])
    return Refusal(f"There is no template `{reference}`" + (f"; did you mean `{meant}`?" if meant else "."))


def _is_meant(reference: Reference, template: TemplateId) -> bool:
    return (
        template.name == reference.name
        and reference.layer in (None, template.layer)
        and reference.feature_type in (None, template.feature_type)
    )


def _tested(project: Project, library: Library, template: TemplateId) -> _Tested:
    try:
        found = find_working_copy(library, template)
    except StorageError as error:
        tested = _Tested(template, "")
        tested.problem("file", str(error))
        return tested
    if found is None:
        return _Tested(template, "", skipped="It has been removed meanwhile.")
    tested = _Tested(template, str(found.path))
    kinds = (template.feature_type,) if template.feature_type else library.feature_types
    for kind in kinds:
        closure = closure_of(library, found, kind)
        if not isinstance(closure, Closure):
            tested.problem(kind, closure.sentence)
            continue
        inputs = declared_inputs(library, closure)
        for sample in _samples(found, kind, inputs, first=kind == kinds[0]):
            if tested.skipped is None:
                _render(project, library, closure, sample, tested)
    return tested


def _samples(found: Found, kind: str, inputs: Mapping[str, Input], *, first: bool) -> Iterator[_Sample]:
    """The samples of one feature type; what does not depend on the type comes with the `first` one only."""
    usual = {name: _usual(asked) for name, asked in inputs.items() if asked.default is None}
    yield _Sample(kind, sample_session(kind), values=usual)
    if not first:
        return
    yield _Sample("an empty project", bare_session(kind), EMPTY_PROJECT, usual)
    for name, asked in inputs.items():
        for choice in asked.choices:
            if choice != asked.default:
                yield _Sample(f"{name} = {choice}", sample_session(kind), values={**usual, name: choice})
    for example in front_matter(found.text).examples:
        session = replace(sample_session(kind), request=example.request, title=example.name)
        yield _Sample(f"example {example.name}", session, values={**usual, **example.values})


def _usual(asked: Input) -> str:
    return asked.choices[0] if asked.choices else asked.name.replace("_", " ")


def _render(project: Project, library: Library, closure: Closure, sample: _Sample, tested: _Tested) -> None:
    phase = phase_of(closure.entry.id)
    declared = declared_inputs(library, closure)
    for name in sample.values:
        if name not in declared:
            meant = closest(name, declared)
            hint = f"; did you mean `{meant}`?" if meant else "."
            tested.problem(sample.name, f"The template has no input `{name}`{hint}", closure.entry.key)
    # a partial may be included anywhere, so it gets the variables of the phase that has all of them
    occasion = Occasion(sample.session, phase or "implementation", sample.facts, sample.values)
    made = render_closure(project, library, closure, occasion)
    if isinstance(made, RenderFailure):
        if phase is None and made.undefined is not None and not front_matter(closure.entry.text).examples:
            tested.skipped = f"It is a partial: `{made.undefined}` comes from what includes it."
            tested.problems.clear()
            return
        tested.problem(sample.name, made.sentence, made.template, made.line)
        return
    tested.renders += 1
    if phase is not None and not made.text.strip():
        tested.problem(sample.name, "The prompt is empty.", closure.entry.key)
    elif phase == "planning":
        for part in not_extracted(made.text):
            sentence = f"Nothing in the prompt asks for {PART_WORDS[part]} by a name that Orch finds in the answer."
            tested.problem(sample.name, sentence, closure.entry.key)
