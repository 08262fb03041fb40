"""How the call around the cursor is written, and which of its parameters the cursor is at."""

from orch.ide.results import SignatureHelp
from orch.ide.template_scope_at import attributes, readable, tag_around
from orch.ide.template_view import Desk
from orch.ide.template_words import plain_doc
from orch.rules.template_builtins import Signature, filters, loop_method, tests
from orch.syntax.jinja_tag import Tag
from orch.text.span import Span


def template_signature(desk: Desk, offset: int) -> SignatureHelp | None:
    """The signature of the innermost call whose brackets hold `offset`; the tag need not be finished."""
    tree = desk.context.tree
    index = tag_around(tree, offset)
    if index is None:
        return None
    tag, at = tree.tags[index], offset - tree.starts[index]
    opening = call_around(tag, at)
    if opening is None:
        return None
    signature = signature_before(desk, index, opening)
    if signature is None:
        return None
    return _shown(signature, *_position(tag, opening, at))


def call_around(tag: Tag, at: int) -> int | None:
    """The opening bracket, as a token, of the innermost call that the place `at` is in."""
    open_: list[int] = []
    for index, token in enumerate(tag.tokens.tokens):
        if tag.tokens.spans[index].start >= at:
            break
        if token.type in ("lparen", "lbracket", "lbrace"):
            open_.append(index)
        elif token.type in ("rparen", "rbracket", "rbrace") and open_:
            open_.pop()
    while open_:
        index = open_.pop()
        if tag.tokens.tokens[index].type == "lparen" and index and tag.tokens.tokens[index - 1].type == "name":
            return index
        if tag.tokens.tokens[index].type == "lparen":
            return None
    return None


def signature_before(desk: Desk, index: int, opening: int) -> Signature | None:
    """The signature of what is called by the bracket that is the token `opening` of the tag number `index`."""
    tag = desk.context.tree.tags[index]
    tokens = tag.tokens.tokens
    name = str(tokens[opening - 1].value)
    before = tokens[opening - 2] if opening > 1 else None
    if (before is not None and before.type == "pipe") or (tag.name == "filter" and opening == 2):
        return filters().get(name)
    if before is not None and before.type == "name" and before.value in ("is", "not"):
        return tests().get(name)
    if before is not None and before.type == "dot" and opening > 2:
        root = str(tokens[opening - 3].value)
        if root == "loop":
            return loop_method(name)
        found = attributes(desk, index, root, "").get(name)
        return found if isinstance(found, Signature) else None
    entry = readable(desk, index).get(name)
    return entry.signature if entry is not None else None


def _position(tag: Tag, opening: int, at: int) -> tuple[int, str | None]:
    """How many commas stand between the bracket and the cursor, and the keyword that the cursor is behind."""
    depth = commas = 0
    keyword: str | None = None
    tokens = tag.tokens.tokens
    for index in range(opening + 1, len(tokens)):
        if tag.tokens.spans[index].start >= at:
            break
        kind = tokens[index].type
        if kind in ("lparen", "lbracket", "lbrace"):
            depth += 1
        elif kind in ("rparen", "rbracket", "rbrace"):
            depth -= 1
        elif kind == "comma" and not depth:
            commas, keyword = commas + 1, None
        elif kind == "assign" and not depth:
            keyword = str(tokens[index - 1].value)
    return commas, keyword


def _shown(signature: Signature, commas: int, keyword: str | None) -> SignatureHelp:
    label, spans = signature.label, []
    start = label.index("(") + 1
    for part in signature.parts:
        spans.append(Span(start, start + len(part)))
        start += len(part) + 2
    names = [parameter.name for parameter in signature.parameters]
    active = names.index(keyword) if keyword in names else min(commas, max(len(spans) - 1, 0))
    return SignatureHelp(label, tuple(spans), active, plain_doc(signature.doc))
