"""Rules on the front matter, and on what an orchestrator must ask for."""

from collections.abc import Iterator

from orch.model.reading import Problem
from orch.model.template import read_front_matter
from orch.rules.finding import Finding, Related, Severity
from orch.rules.template_chain import chain_of
from orch.rules.template_context import TemplateContext, template_rule
from orch.rules.template_reach import first_line
from orch.syntax.jinja_tag import Kind
from orch.syntax.jinja_tree import TemplateTree
from orch.syntax.toml_tree import TomlTree
from orch.text.span import Span


@template_rule(
    name="invalid-front-matter",
    severity=Severity.ERROR,
    summary="The front matter is not what it should be",
    explanation=(
        "The front matter is TOML between two lines `+++`, the first of them the first line of the file. It knows "
        "`description`, `[inputs.<name>]` with `description`, `default` and `choices`, and `[[examples]]` with "
        "`name`, `request` and `values`."
    ),
    bad='+++\n[inputs.depth]\ndefault = "deep"\nchoices = ["quick", "normal"]\n+++\n{{ depth }}\n',
    good='+++\n[inputs.depth]\ndefault = "normal"\nchoices = ["quick", "normal"]\n+++\n{{ depth }}\n',
)
def invalid_front_matter(context: TemplateContext) -> Iterator[Finding]:
    """A fence without its partner, TOML that is none, and keys and values that mean nothing."""
    front, tree = context.tree.front, context.tree.front_tree
    if front is None:
        return
    if not front.closed or tree is None:
        message = "The front matter is never closed; end it with a line that is exactly `+++`."
        yield Finding("invalid-front-matter", front.opening, message)
        return
    shift = front.body.start
    for problem in tree.problems:
        related = (Related(problem.related.shifted(shift), "It stands here already."),) if problem.related else ()
        yield Finding("invalid-front-matter", problem.span.shifted(shift), problem.message, related=related)
    for wrong in read_front_matter(tree.data)[1]:
        yield Finding("invalid-front-matter", _place(tree, wrong).shifted(shift), wrong.sentence)
    for span, message in _wrong_examples(context, tree):
        yield Finding("invalid-front-matter", span.shifted(shift), message)


def _wrong_examples(context: TemplateContext, tree: TomlTree) -> Iterator[tuple[Span, str]]:
    """Values in `[[examples]]` that are none of their input's choices: such an example makes no prompt."""
    inputs = context.analysis.front.inputs
    for entry in tree.entries:
        if len(entry.path) == 4 and entry.path[0] == "examples" and entry.path[2] == "values":
            declared = inputs.get(str(entry.path[3]))
            value = entry.value.value
            if (
                declared is not None
                and declared.choices
                and isinstance(value, str)
                and value not in declared.choices
            ):
                choices = ", ".join(declared.choices)
                yield entry.value.span, f"`{declared.name}` is {value!r}, but must be one of {choices}."


def _place(tree: TomlTree, problem: Problem) -> Span:
    """Where the key or value of a problem stands; the nearest thing around it that has a place."""
    for length in range(len(problem.path), 0, -1):
        path = problem.path[:length]
        entry = tree.entry(path)
        if entry is not None:
            return entry.value.span if length == len(problem.path) and _is_value(problem) else entry.key_span
        header = tree.header(path)
        if header is not None:
            return header.key_spans[-1]
        value = tree.find(path)
        if value is not None:
            return value.span
    return Span(0, 0)


def _is_value(problem: Problem) -> bool:
    """Whether the problem is with the value, and not with there being such a key."""
    return not problem.sentence.startswith(("There is no key", "Unknown key", "An input is named"))


_ASKED_FOR = {
    "the ANALYSIS template": [
        "analy",
        "analiz",
        "anális",
        "análise",
        "анализ",
        "аналіз",
        "분석",
        "phân",
        "分析",
        "解析",
    ],
    "the IMPLEMENTATION template": [
        "implement",
        "implément",
        "umsetzung",
        "uygulama",
        "реализ",
        "реаліз",
        "внедрен",
        "имплемент",
        "впровадж",
        "구현",
        "实现",
        "實現",
        "实施",
        "實施",
        "実装",
        "実施",
        "实作",
        "實作",
    ],
    "the EXECUTION NOTES": [
        "note",
        "nota",
        "execution",
        "ausführ",
        "durchführ",
        "exécution",
        "ejecuci",
        "execuç",
        "esecuzione",
        "uitvoer",
        "hinweis",
        "notiz",
        "выполнен",
        "исполн",
        "виконан",
        "wykona",
        "exekver",
        "yürütme",
        "заметк",
        "실행",
        "노트",
        "메모",
        "执行",
        "執行",
        "実行",
        "备注",
        "備考",
        "メモ",
    ],
}
"""The beginnings of the words for each part, in the languages whose answers Orch reads."""


@template_rule(
    name="missing-section-request",
    severity=Severity.WARNING,
    summary="An orchestrator does not ask for a part that Orch needs",
    explanation=(
        "Orch takes three parts from the model's answer: the ANALYSIS template, the IMPLEMENTATION template and "
        "the EXECUTION NOTES. An orchestrator that never speaks of one of them, nor extends or includes a template "
        "that does, will get answers without it."
    ),
    bad="Plan this: {{ request }}. Answer with an ANALYSIS PROMPT and an IMPLEMENTATION PROMPT.\n",
    good=(
        "Plan this: {{ request }}. Answer with an ANALYSIS PROMPT, an IMPLEMENTATION PROMPT and EXECUTION NOTES.\n"
    ),
    slow=True,
)
def missing_section_request(context: TemplateContext) -> Iterator[Finding]:
    """Parts that nothing in an orchestrator's static chain speaks of."""
    if context.role != "orchestrator" or context.tree.broken:
        return
    chain = chain_of(context)
    if not chain.complete:
        return
    trees = [context.tree, *(other.analysis.tree for other in chain.templates.values())]
    asked = {part for tree in trees for part in asked_for(tree)}
    missing = [part for part in _ASKED_FOR if part not in asked]
    if missing:
        listed = " and ".join([", ".join(missing[:-1]), missing[-1]] if len(missing) > 1 else missing)
        message = f"Nothing here asks the model for {listed}, which Orch takes from its answer."
        start = context.tree.body_start
        yield Finding("missing-section-request", first_line(context.text[start:]).shifted(start), message)


def asked_for(tree: TemplateTree) -> list[str]:
    """The parts of an answer that a template by itself speaks of."""
    text = _spoken(tree).lower()
    plain = text.isascii()  # which settles nearly all of the words at once
    return [
        part
        for part, words in _ASKED_FOR.items()
        if any(word in text for word in words if not plain or word.isascii())
    ]


def _spoken(tree: TemplateTree) -> str:
    """What a template may put out: its body without comments."""
    pieces, position = [], tree.body_start
    for index, tag in enumerate(tree.tags):
        if tag.kind is Kind.COMMENT:
            pieces.append(tree.text[position : tree.starts[index]])
            position = tree.span(index).end
    return "".join((*pieces, tree.text[position:]))
