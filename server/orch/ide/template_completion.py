"""What may stand at the cursor in a template."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from orch.ide.results import Completion
from orch.ide.template_choices import in_comment, in_statement, in_string
from orch.ide.template_scope_at import Readable, attributes, readable, tag_around
from orch.ide.template_signature import call_around, signature_before
from orch.ide.template_view import Desk
from orch.ide.template_words import TAGS, TagWords, plain_doc
from orch.rules.template_builtins import Signature, filters, tests
from orch.rules.template_variables import Known
from orch.syntax.jinja_environment import EXTENSION_TAGS
from orch.syntax.jinja_tag import ENDS, Kind
from orch.text.span import Span, TextEdit

_LONGEST = 10_000
"""Characters of a tag before the cursor: nobody types in a longer one."""
_WORD = re.compile(r"\w*\Z")
_IN_STRING = re.compile(
    r"(?:'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"|[^'\"])*(?P<open>['\"](?P<text>[^'\"]*))?\Z", re.S
)
_ASKING = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b")
_TAG_NAME = re.compile(r"\{%[-+]?\s*\w*\Z")
_FILTER = re.compile(r"\|\s*\w*\Z|\{%[-+]?\s*filter\s+\w*\Z")
_TEST = re.compile(r"\bis\s+(?:not\s+)?\w*\Z")
_ATTRIBUTE = re.compile(r"(?P<root>[^\W\d]\w*)(?P<rest>(?:\s*\.\s*\w+|\[[^\[\]]*\])*)\s*\.\s*\w*\Z")
_KEYWORDS = ("and", "or", "not", "in", "is", "if", "else", "true", "false", "none")


def template_completion(desk: Desk, offset: int) -> list[Completion]:
    """What may be written at `offset`: the names, attributes, filters, tests, tags or templates that fit there."""
    tree = desk.context.tree
    if tree.front is not None and (offset < tree.front.end or not tree.front.closed):
        return list(_front(desk, offset))
    index = tag_around(tree, offset)
    if index is None:
        return []
    if tree.tags[index].kind is Kind.COMMENT:
        return list(in_comment(desk.text[tree.starts[index] : offset], offset))
    if tree.tags[index].kind not in (Kind.OUTPUT, Kind.STATEMENT):
        return []
    tag, start = tree.tags[index], tree.starts[index]
    before = desk.text[start:offset]
    if not 2 <= len(before) <= _LONGEST or (tag.problem is None and offset >= start + len(tag.text)):
        return []
    word = Span(offset - len(_found(_WORD, before)), offset)
    quoted = _IN_STRING.match(before)
    if quoted is not None and quoted["open"] is not None:
        behind = re.match(r"[^'\"\r\n]*(?=['\"])", tag.text[len(before) :])
        inside = Span(offset - len(quoted["text"]), offset + (behind.end() if behind is not None else 0))
        found = (
            _templates(desk, inside, quoted["text"])
            if _ASKING.match(before)
            else in_string(desk, index, before[: quoted.start("open")], inside)
        )
        return list(found)
    if tag.kind is Kind.STATEMENT and _TAG_NAME.fullmatch(before):
        return list(_tags(desk, index, word))
    certain = in_statement(desk, index, before, word) if tag.kind is Kind.STATEMENT else None
    if certain is not None:
        return certain
    return _in_expression(desk, index, offset, word)


def _in_expression(desk: Desk, index: int, offset: int, word: Span) -> list[Completion]:
    start, tag = desk.context.tree.starts[index], desk.context.tree.tags[index]
    before = desk.text[start:offset]
    called = re.match(r"\w*\(", tag.text[len(before) :]) is not None
    found = [*_values(desk, index, before, word)]
    return [_uncalled(entry) for entry in found] if called else found


def _uncalled(entry: Completion) -> Completion:
    """The entry without brackets, for a call that has them."""
    name = re.sub(r"\(\$?1?\)\Z", "", entry.edit.text)
    return replace(entry, edit=TextEdit(entry.edit.span, name), snippet=entry.snippet and "$" in name)


def _values(desk: Desk, index: int, before: str, word: Span) -> Iterable[Completion]:
    if _FILTER.search(before):
        return [_callable(s, "function", word) for s in filters().values()]
    if _TEST.search(before):
        return [_callable(s, "function", word) for s in tests().values() if s.name[0].isalpha()]
    path = _ATTRIBUTE.search(before)
    if path is not None:
        known = attributes(desk, index, path["root"], path["rest"])
        if path["root"] == "self":
            return [Completion(name, "function", TextEdit(word, f"{name}()"), "block") for name in known]
        return _attributes(known, word)
    return [*_arguments(desk, index, len(before), word), *_names(desk, index, word), *_keywords(word)]


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group() if match else ""


def _templates(desk: Desk, span: Span, typed: str) -> Iterator[Completion]:
    """The templates by name; behind `layer:`, those of that layer with it before them."""
    if desk.around is None:
        return
    layer, colon, _ = typed.partition(":")
    own = desk.around.own.path
    for number, (template, _) in enumerate(desk.around.index.ids(desk.around.library).items()):
        if template != desk.around.own and (not colon or template.layer == layer):
            name = f"{layer}:{template.path}" if colon else template.path
            below = " (below this one)" if template.path == own else ""
            yield Completion(
                name,
                "file",
                TextEdit(span, name),
                f"{template.layer}{below}",
                sort=f"{number:05}",
            )


def _callable(signature: Signature, kind: str, word: Span, what: str = "") -> Completion:
    needs = any(parameter.default is None for parameter in signature.parameters)
    text = f"{signature.name}($1)" if needs else signature.name
    detail = signature.label + (f" - {what}" if what else "")
    doc = plain_doc(signature.doc)
    return Completion(signature.name, kind, TextEdit(word, text), detail, doc, snippet=needs)


def _attributes(found: Mapping[str, Known | Signature | None], word: Span) -> Iterator[Completion]:
    for name, known in found.items():
        if isinstance(known, Signature):
            yield _callable(known, "function", word, "macro")
        elif known is None:
            yield Completion(name, "property", TextEdit(word, name))
        else:
            detail = known.shape.words if known.shape.kind != "any" else ""
            yield Completion(name, "property", TextEdit(word, name), detail, _about(known))


def _about(known: Known) -> str:
    return known.doc + (f"\n\nFor example: `{known.sample.splitlines()[0]}`" if known.sample else "")


def _names(desk: Desk, index: int, word: Span) -> Iterator[Completion]:
    order = {"variable of Orch": "4", "function": "5", "Jinja": "6"}
    for entry in readable(desk, index).values():
        yield _name(entry, word, order.get(entry.what, "1" if entry.what == "input" else "2"))


def _name(entry: Readable, word: Span, order: str) -> Completion:
    sort = order + entry.name
    if entry.signature is not None:
        made = _callable(entry.signature, "function", word, entry.what)
        return Completion(
            entry.name, "function", TextEdit(word, f"{entry.name}($1)"), made.detail, made.documentation, True, sort
        )
    if entry.what == "Jinja" and entry.name in ("super", "caller"):
        return Completion(entry.name, "function", TextEdit(word, f"{entry.name}()"), entry.what, sort=sort)
    doc = _about(entry.known) if entry.known is not None else ""
    return Completion(entry.name, "variable", TextEdit(word, entry.name), entry.what, doc, sort=sort)


def _keywords(word: Span) -> Iterator[Completion]:
    return (Completion(name, "keyword", TextEdit(word, name), sort=f"8{name}") for name in _KEYWORDS)


def _arguments(desk: Desk, index: int, at: int, word: Span) -> Iterator[Completion]:
    """The parameters of the call around the cursor, by name."""
    tag = desk.context.tree.tags[index]
    opening = call_around(tag, at)
    signature = signature_before(desk, index, opening) if opening is not None else None
    for parameter in signature.parameters if signature is not None else ():
        if parameter.named:
            detail = f"default {parameter.default}" if parameter.default is not None else "parameter"
            yield Completion(
                f"{parameter.name}=",
                "property",
                TextEdit(word, f"{parameter.name}="),
                detail,
                sort=f"0{parameter.name}",
            )


def _tags(desk: Desk, index: int, word: Span) -> Iterator[Completion]:
    """The tags, each with what belongs to it; the end of the block that is open comes first."""
    tree = desk.context.tree
    tag, start = tree.tags[index], tree.starts[index]
    rest = tag.text[word.end - start :]
    closed = re.fullmatch(r"\w*\s*[-+]?%\}", rest) is not None
    replaced = Span(word.start, start + len(tag.text)) if closed else word
    end = " %}"
    for order, name in enumerate(_expected(desk, index)):
        yield Completion(
            name, "keyword", TextEdit(replaced, name + end), "ends or divides the open block", sort=f"0{order}"
        )
    for name, words in TAGS.items():
        extension = EXTENSION_TAGS.get(name)
        if name in ("elif", "else") or (extension is not None and extension not in tree.extensions):
            continue
        yield Completion(
            name, "keyword", TextEdit(replaced, _snippet(name, words, end)), "tag", words.doc, True, f"1{name}"
        )


def _snippet(name: str, words: TagWords, end: str) -> str:
    text = f"{name}{words.rest}{end}"
    return f"{text}\n$0\n{{% {words.closing} %}}" if words.closing else f"{text}$0"


def _expected(desk: Desk, index: int) -> list[str]:
    """What closes or divides the innermost block that is open before the tag number `index`."""
    blocks = [
        block
        for block in desk.context.tree.blocks.blocks
        if block.opener < index and (block.closer is None or block.closer >= index)
    ]
    if not blocks:
        return []
    wants = max(blocks, key=lambda block: block.opener).wants
    return [*(want for want in wants if want in ENDS), *(want for want in wants if want not in ENDS)]


_FRONT_KEYS = {
    (): {
        "description": 'description = "$1"',
        "inputs": '[inputs.${1:name}]\ndescription = "$2"',
        "examples": '[[examples]]\nname = "$1"\nrequest = "$2"',
    },
    ("inputs",): {"description": 'description = "$1"', "default": 'default = "$1"', "choices": 'choices = ["$1"]'},
    ("examples",): {"name": 'name = "$1"', "request": 'request = "$1"', "values": "values = { $1 }"},
}


def _front(desk: Desk, offset: int) -> Iterator[Completion]:
    """The keys of the front matter, at the beginning of a line."""
    tree, front = desk.context.tree.front_tree, desk.context.tree.front
    line = desk.text.rfind("\n", 0, offset) + 1
    before = desk.text[line:offset]
    if front is None or offset < front.body.start or not re.fullmatch(r"\w*", before):
        return
    # while it is not closed, where it ends and what is in it is not known
    place = tree.place_at(line - front.body.start) if tree is not None else None
    table = tuple(str(part) for part in place.path[:1]) if place is not None and place.path else ()
    known = tree.data.get(table[0]) if tree is not None and table else None
    inside = table in _FRONT_KEYS and known is not None
    keys = _FRONT_KEYS[table] if inside else _FRONT_KEYS[()]
    path = place.path if place is not None and inside else ()
    given = {entry.path[-1] for entry in tree.entries if entry.path[:-1] == path} if tree is not None else set()
    for name, text in keys.items():
        if name not in given:
            yield Completion(name, "property", TextEdit(Span(line, offset), text), snippet=True)
