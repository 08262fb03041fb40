"""A template's tree: every tag with its place, the blocks they make, the front matter, and all that is wrong.

Reading a text again after an edit re-reads the tags that the edit touched; the rest is taken from the tree before.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from orch.syntax.jinja_blocks import Blocks, Step, find_blocks
from orch.syntax.jinja_environment import jinja_verdict
from orch.syntax.jinja_front import Front, find_front
from orch.syntax.jinja_scan import Scan, scan_tags
from orch.syntax.jinja_tag import ENDS, MIDDLES, Kind, Tag
from orch.syntax.jinja_tokens import TagProblem
from orch.syntax.toml_tree import TomlTree, parse_toml
from orch.text.difference import difference
from orch.text.span import Span


class TemplateProblem(NamedTuple):
    """What keeps Jinja, or a reader, from reading the template: a rule's name, where, and one plain sentence.

    `accepted` when Jinja takes it in silence. `related` are places that explain it. `instead` is what should stand
    there, where that is sure.
    """

    rule: str
    span: Span
    message: str
    accepted: bool = False
    related: tuple[tuple[Span, str], ...] = ()
    instead: str | None = None


@dataclass(slots=True, eq=False)
class _Parts:
    scan: Scan
    blocks: Blocks
    heaviest: int
    longest: int


class TemplateTree:
    """A template that was read. `tags[i]` begins at `starts[i]`; nothing in it is changed once it is made.

    `heaviest` is no less than the Python frames that Jinja's parser needs for any tag, `longest` no less than the
    number of tokens in any.
    """

    def __init__(self, text: str, extensions: tuple[str, ...], front: Front | None, parts: _Parts) -> None:
        self.text = text
        self.extensions = extensions
        self.front = front
        self.starts = parts.scan.starts
        self.tags = parts.scan.tags
        self.blocks = parts.blocks
        self.heaviest = parts.heaviest
        self.longest = parts.longest

    @property
    def body_start(self) -> int:
        """Where the Jinja text begins, behind the front matter."""
        return self.front.end if self.front is not None and self.front.closed else 0

    @cached_property
    def front_tree(self) -> TomlTree | None:
        """The front matter's TOML, with places in its own text: add `front.body.start`. None without one."""
        if self.front is None or not self.front.closed:
            return None
        return parse_toml(self.front.body.slice(self.text))

    @cached_property
    def problems(self) -> tuple[TemplateProblem, ...]:
        """All that is wrong with the syntax, in the order of the text."""
        found = [*self._tag_problems(), *self._block_problems(), *self._required_problems()]
        if not found and self.blocks.deepest * 4 + self.heaviest > _SUSPICIOUS:
            found += self._depth_problems()
        return tuple(sorted(found, key=lambda problem: problem.span))

    @cached_property
    def broken(self) -> bool:
        """Whether Jinja cannot read the template."""
        return any(not problem.accepted for problem in self.problems)

    def span(self, index: int) -> Span:
        """Where the tag `index` is."""
        start = self.starts[index]
        return Span(start, start + len(self.tags[index].text))

    def place(self, index: int, span: Span) -> Span:
        """Where `span`, given in the tag `index`, is in the text."""
        start = self.starts[index]
        return Span(start + span.start, start + span.end)

    def tag_at(self, offset: int) -> int | None:
        """The index of the tag that a cursor at `offset` touches; of two, the one that begins there."""
        index = bisect_right(self.starts, offset) - 1
        if index >= 0 and offset <= self.span(index).end:
            return index
        return None

    def tags_in(self, span: Span) -> range:
        """The indexes of the tags that begin within `span`."""
        return range(bisect_left(self.starts, span.start), bisect_left(self.starts, span.end))

    def data(self) -> Iterator[Span]:
        """The stretches of plain text between the tags, none of them empty."""
        position = self.body_start
        for start, tag in zip(self.starts, self.tags, strict=True):
            if start > position:
                yield Span(position, start)
            position = start + len(tag.text)
        if position < len(self.text):
            yield Span(position, len(self.text))

    @cached_property
    def owners(self) -> list[int]:
        """For each tag the innermost block that it stands in, -1 for none; a block's own tags stand outside it."""
        owners: list[int] = []
        stack = [-1]
        events = iter(self.blocks.events)
        event = next(events, None)
        for index in range(len(self.tags)):
            opened = None
            while event is not None and event.tag == index:
                if event.step is Step.OPEN:
                    opened = event.block
                elif event.step is not Step.DIVIDE:
                    stack.remove(event.block)
                event = next(events, None)
            owners.append(stack[-1])
            if opened is not None:
                stack.append(opened)
        return owners

    def enclosing(self, index: int) -> Iterator[int]:
        """The blocks around the tag `index`, innermost first."""
        block = self.owners[index]
        while block >= 0:
            yield block
            block = self.blocks.blocks[block].parent

    def block_span(self, block: int) -> Span:
        """From the start of a block's opening tag to the end of its closing one."""
        found = self.blocks.blocks[block]
        if found.closer is not None:
            end = self.span(found.closer).end
        else:
            end = self.starts[found.end] if found.end < len(self.starts) else len(self.text)
        return Span(self.starts[found.opener], end)

    def _tag_problems(self) -> Iterator[TemplateProblem]:
        unknown: set[str] = set()
        for index, tag in enumerate(self.tags):
            if tag.problem is None:
                continue
            if tag.problem.rule == "unknown-tag":
                # the end of an unknown block is no news
                if tag.name.startswith("end") and tag.name[3:] in unknown:
                    continue
                unknown.add(tag.name)
            yield self._placed(index, tag.problem)

    def _block_problems(self) -> Iterator[TemplateProblem]:
        for index, problem, related in self.blocks.problems:
            yield self._placed(index, problem, tuple((self.span(other), why) for other, why in related))

    def _placed(
        self, index: int, problem: TagProblem, related: tuple[tuple[Span, str], ...] = ()
    ) -> TemplateProblem:
        return TemplateProblem(
            problem.rule,
            self.place(index, problem.span),
            problem.message,
            problem.accepted,
            related,
            problem.instead,
        )

    def _required_problems(self) -> Iterator[TemplateProblem]:
        for number in self.blocks.required:
            block = self.blocks.blocks[number]
            if block.closer is None:
                continue
            span = self._first_content(block.opener, block.closer)
            if span is not None:
                message = (
                    "A block marked `required` holds only white space and comments; "
                    "what it shows is for the templates that extend this one."
                )
                related = ((self.span(block.opener), "the required block"),)
                yield TemplateProblem("syntax-error", span, message, False, related)

    def _first_content(self, opener: int, closer: int) -> Span | None:
        position = self.span(opener).end
        for index in range(opener + 1, closer + 1):
            data = Span(position, self.starts[index])
            text = data.slice(self.text)
            if text.strip():
                lead = len(text) - len(text.lstrip())
                return Span(data.start + lead, data.start + lead + len(text.strip()))
            tag = self.tags[index]
            position = self.span(index).end
            if index < closer and not (tag.kind is Kind.COMMENT or (tag.kind is Kind.RAW and _is_blank_raw(tag))):
                return self.span(index)
        return None

    def _depth_problems(self) -> Iterator[TemplateProblem]:
        if isinstance(jinja_verdict(self.text[self.body_start :], self.extensions), RecursionError):
            deepest = max(self.blocks.blocks, key=lambda block: block.level, default=None)
            index = (
                deepest.opener
                if deepest is not None
                else max(range(len(self.tags)), key=lambda index: self.tags[index].frames)
            )
            message = "This is nested too deeply for Jinja to read; move the inner part to a template of its own."
            yield TemplateProblem("too-complex", self.span(index), message)


_MOST_PROBLEMS = 100
"""With more, a text is read anew each time: how far a scan looks ahead depends on how much is broken before."""

_SUSPICIOUS = 700
"""Python frames that Jinja's parser may need before it is asked itself whether it can read the text."""


def parse_template(
    text: str, extensions: tuple[str, ...] = (), previous: TemplateTree | None = None
) -> TemplateTree:
    """Reads a template. Never raises and needs time in proportion to the text.

    `extensions` are the Jinja extensions of the configuration (`do`, `loopcontrols`). `previous` is a tree of an
    earlier state of the text: what the edit did not touch is taken from it.
    """
    front = find_front(text)
    start = front.end if front is not None and front.closed else 0
    if previous is None or previous.extensions != extensions or len(previous.problems) > _MOST_PROBLEMS:
        scan = scan_tags(text, start, extensions)
        return TemplateTree(
            text, extensions, front, _Parts(scan, find_blocks(scan.tags), _heaviest(scan.tags), _longest(scan.tags))
        )
    if previous.text == text:
        return previous
    return TemplateTree(text, extensions, front, _reread(text, start, extensions, previous))


def _heaviest(tags: Sequence[Tag]) -> int:
    return max((tag.frames for tag in tags), default=0)


def _longest(tags: Sequence[Tag]) -> int:
    return max((len(tag.tokens.tokens) for tag in tags), default=0)


def _reread(text: str, start: int, extensions: tuple[str, ...], previous: TemplateTree) -> _Parts:
    """Scans from the last tag before the edit to the first one behind it that the tree before has as well."""
    edit, old_end, new_end = difference(previous.text, text)
    moved = new_end - old_end
    kept = _kept_before(previous, edit) if start == previous.body_start else 0
    position = max(start, previous.span(kept - 1).end) if kept else start
    old_starts = previous.starts
    rest = len(old_starts)

    def meets(begin: int) -> bool:
        nonlocal rest
        if begin < new_end:
            return False
        found = bisect_left(old_starts, begin - moved)
        if found < len(old_starts) and old_starts[found] == begin - moved and found >= kept:
            rest = found
            return True
        return False

    middle = scan_tags(text, position, extensions, meets)
    later = old_starts[rest:] if moved == 0 else [begin + moved for begin in old_starts[rest:]]
    starts = [*old_starts[:kept], *middle.starts, *later]
    tags = [*previous.tags[:kept], *middle.tags, *previous.tags[rest:]]
    same = _same_structure(previous.tags[kept:rest], middle.tags)
    blocks = previous.blocks if same else find_blocks(tags)
    heaviest = max(previous.heaviest, _heaviest(middle.tags))
    return _Parts(Scan(starts, tags), blocks, heaviest, max(previous.longest, _longest(middle.tags)))


def _kept_before(previous: TemplateTree, edit: int) -> int:
    """How many tags stand before the edit for certain: whole, and found without a look beyond them."""
    kept = bisect_right(previous.starts, edit)
    while kept and previous.span(kept - 1).end >= edit:
        kept -= 1
    broken = _first_broken(previous)
    return min(kept, broken)


def _first_broken(previous: TemplateTree) -> int:
    for index, tag in enumerate(previous.tags):
        if tag.problem is not None:
            return index
    return len(previous.tags)


def _same_structure(before: Sequence[Tag], after: Sequence[Tag]) -> bool:
    return len(before) == len(after) and all(
        old is new or (_is_simple(old) and _is_simple(new)) for old, new in zip(before, after, strict=True)
    )


def _is_simple(tag: Tag) -> bool:
    return not tag.wants and tag.problem is None and tag.name not in ENDS and tag.name not in MIDDLES


def _is_blank_raw(tag: Tag) -> bool:
    text = tag.text
    return not text[text.index("%}") + 2 : text.rindex("{%")].strip()
