"""What may stand at a place where only certain words can: in a string, behind `import`, `block` and the like."""

import re
from collections.abc import Iterable, Iterator

from orch.ide.results import Completion
from orch.ide.template_scope_at import attributes
from orch.ide.template_view import Desk
from orch.model.session import FEATURE_TYPES, STATUSES
from orch.rules.template_builtins import filters, tests
from orch.rules.template_chain import parents_of
from orch.rules.template_context import Other
from orch.rules.template_known import visible_inputs
from orch.rules.template_macros import exported_macro
from orch.rules.template_rules import TEMPLATE_RULES
from orch.rules.template_shapes import Shapes, exports
from orch.rules.template_suppression import NEVER
from orch.text.span import Span, TextEdit

_PATH = r"(?P<root>[^\W\d]\w*)(?P<rest>(?:\s*\.\s*\w+|\[[^\[\]]*\])*)\s*"
_COMPARED = re.compile(rf"{_PATH}(?:[=!]=|(?:not\s+)?in\s*\[(?:\s*(?:'[^']*'|\"[^\"]*\")\s*,)*)\s*\Z")
_SUBSCRIPT = re.compile(rf"{_PATH}\[\s*\Z")
_APPLIED = re.compile(r"\|\s*(?P<filter>map|select|reject)\s*\(\s*\Z")
_TESTED = re.compile(r"\|\s*(?:select|reject)attr\s*\(\s*(?:'[^']*'|\"[^\"]*\")\s*,\s*\Z")
_FIELD = re.compile(
    rf"{_PATH}\|\s*(?:(?:select|reject)attr\s*\(|groupby\s*\(|(?:map|sort|unique|sum|min|max|groupby)\s*"
    r"\((?:[^()|]*,)?\s*attribute\s*=)\s*\Z"
)
_SUPPRESSION = re.compile(r"\{#[-+]?\s*orch: ignore\[(?:[\w-]+\s*,\s*)*(?P<word>[\w-]*)\Z")
_IMPORTED = re.compile(r"\{%[-+]?\s*from\b.*\bimport\s+(?:\w+(?:\s+as\s+\w+)?\s*,\s*)*\w*\Z", re.S)
_BLOCK = re.compile(r"\{%[-+]?\s*block\s+\w*\Z")
_END_OF_BLOCK = re.compile(r"\{%[-+]?\s*endblock\s+\w*\Z")
_CLAUSES = {
    "for": (re.compile(r"\{%[-+]?\s*for\s+(?:\w+\s*,\s*)*\w+\s+\w*\Z"), ("in",)),
    "include": (
        re.compile(r"\{%[-+]?\s*include\b.*['\"\])]\s+(?:ignore\s+missing\s+)?\w*\Z", re.S),
        ("ignore missing", "with context", "without context"),
    ),
    "import": (re.compile(r"\{%[-+]?\s*import\b.*['\"]\s+\w*\Z", re.S), ("as",)),
    "from": (re.compile(r"\{%[-+]?\s*from\b[^%]*['\"]\s+\w*\Z", re.S), ("import",)),
    "block": (re.compile(r"\{%[-+]?\s*block\s+\w+\s+(?:scoped\s+)?\w*\Z"), ("scoped", "required")),
}


def in_string(desk: Desk, index: int, before: str, span: Span) -> Iterator[Completion]:
    """What may stand in a string of the tag number `index`; `before` is what stands before its quote."""
    compared, field, subscript = _COMPARED.search(before), _FIELD.search(before), _SUBSCRIPT.search(before)
    applied = _APPLIED.search(before)
    if compared is not None:
        yield from _words(_values(desk, compared["root"], compared["rest"]), span, "value")
    elif field is not None:
        yield from _words(attributes(desk, index, field["root"], f"{field['rest']}[0]"), span, "property")
    elif subscript is not None:
        yield from _words(attributes(desk, index, subscript["root"], subscript["rest"]), span, "property")
    elif applied is not None:
        yield from _words(filters() if applied["filter"] == "map" else _named_tests(), span, "function")
    elif _TESTED.search(before):
        yield from _words(_named_tests(), span, "function")


def in_comment(before: str, offset: int) -> Iterator[Completion]:
    """The rules that a comment can keep quiet; `before` is the comment up to the cursor."""
    match = _SUPPRESSION.fullmatch(before)
    if match is not None:
        span = Span(offset - len(match["word"]), offset)
        for name, rule in TEMPLATE_RULES.items():
            if name not in NEVER:
                yield Completion(name, "constant", TextEdit(span, name), rule.summary)


def in_statement(desk: Desk, index: int, before: str, word: Span) -> list[Completion] | None:
    """What may stand in a statement where no value can, None where one can; `before` is the tag to the cursor."""
    tag = desk.context.tree.tags[index]
    if _IMPORTED.fullmatch(before):
        return list(_offered(desk, index, word))
    if _BLOCK.fullmatch(before):
        given = {block.bind.name for block in desk.context.scopes.blocks if block.tag != index}
        others = (name for other in parents_of(desk.context).templates for name in _blocks_of(other))
        return list(_words(dict.fromkeys(name for name in others if name not in given), word, "class"))
    if _END_OF_BLOCK.fullmatch(before):
        return list(_words(_open_block(desk, index), word, "class"))
    pattern, words = _CLAUSES.get(tag.name, (None, ()))
    if pattern is not None and pattern.fullmatch(before):
        return list(_words(words, word, "keyword"))
    return None


def _words(names: Iterable[str], span: Span, kind: str) -> Iterator[Completion]:
    return (Completion(name, kind, TextEdit(span, name)) for name in names)


def _named_tests() -> list[str]:
    return [name for name in tests() if name[0].isalpha()]


def _values(desk: Desk, root: str, rest: str) -> Iterable[str]:
    """The values that a variable can have, where they are known."""
    path = root + "".join(rest.split())
    if path == "feature_type":
        return desk.around.library.feature_types if desk.around is not None else FEATURE_TYPES
    if path == "session.status":
        return STATUSES
    declared = visible_inputs(desk.context).get(path)
    return declared.choices if declared is not None else ()


def _offered(desk: Desk, index: int, word: Span) -> Iterator[Completion]:
    """What the template of a `from` tag offers; the tag need not be finished."""
    target = Shapes(desk.context).link(index) or _target_of_text(desk, index)
    for name in exports(target) if target is not None else ():
        macro = exported_macro(target, name) if target is not None else None
        detail = macro.signature.label if macro is not None else ""
        yield Completion(name, "function" if macro is not None else "variable", TextEdit(word, name), detail)


def _target_of_text(desk: Desk, index: int) -> Other | None:
    tokens = desk.context.tree.tags[index].tokens.tokens
    if desk.around is None or len(tokens) < 2 or tokens[1].type != "string":
        return None
    found = desk.around.resolve(str(tokens[1].value), desk.around.key)
    return found if isinstance(found, Other) else None


def _blocks_of(other: Other) -> Iterator[str]:
    return (block.bind.name for block in other.analysis.scopes.blocks)


def _open_block(desk: Desk, index: int) -> list[str]:
    """The name of the innermost block around the tag, or that the tag closes."""
    tree = desk.context.tree
    around = [
        block
        for block in tree.blocks.blocks
        if block.opener < index
        and (block.closer is None or block.closer >= index)
        and tree.tags[block.opener].name == "block"
    ]
    if not around:
        return []
    name = getattr(tree.tags[max(around, key=lambda block: block.opener).opener].node, "name", None)
    return [str(name)] if name else []
