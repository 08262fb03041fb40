"""Which tags open, divide and close which blocks. A plain walk over the tags; everything is by a tag's index."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from orch.syntax.jinja_messages import closes, default_wants
from orch.syntax.jinja_tag import ENDS, MIDDLES, Tag
from orch.syntax.jinja_tokens import TagProblem
from orch.text.span import Span


class Step(IntEnum):
    """What happens to a block at a tag. `LEAVE` is the end of one that is never closed: before that tag."""

    OPEN = 0
    DIVIDE = 1
    CLOSE = 2
    LEAVE = 3


class Event(NamedTuple):
    """At the tag number `tag`, this happens to `block` (an index in `Blocks.blocks`)."""

    tag: int
    step: Step
    block: int


@dataclass(slots=True)
class Block:
    """From the tag at `opener` to the tag at `closer`; without a closer the block ends before the tag `end`.

    `dividers` are the tags `elif` and `else`; `parent` is the block around it, -1 for none.
    """

    opener: int
    parent: int
    wants: tuple[str, ...]
    level: int
    dividers: list[int] = field(default_factory=list)
    closer: int | None = None
    end: int = 0


class BlockProblem(NamedTuple):
    """A problem of the tag number `tag`. `related` are the numbers of tags that explain it, and how."""

    tag: int
    problem: TagProblem
    related: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Blocks:
    """The blocks in the order in which they open, what happens to them tag by tag, and what is wrong with them.

    `required` are the blocks that are marked so.
    """

    blocks: list[Block]
    events: list[Event]
    problems: list[BlockProblem]
    required: list[int] = field(default_factory=list)
    deepest: int = 0


def find_blocks(tags: Sequence[Tag]) -> Blocks:
    """The blocks that `tags` make."""
    walk = _Walk(tags)
    for index, tag in enumerate(tags):
        name = tag.name
        if not name:
            continue
        if name in MIDDLES or name in ENDS:
            walk.end_or_divide(index, tag, name if tag.problem is None else closes(tag) or name)
        elif tag.wants:
            walk.open(index, tag.wants)
        elif tag.problem is not None:
            walk.broken(index, tag)
    walk.leave(0, len(tags), report=True)
    walk.result.problems.sort()
    return walk.result


class _Walk:
    def __init__(self, tags: Sequence[Tag]) -> None:
        self.tags = tags
        self.result = Blocks([], [], [])
        self.stack: list[int] = []
        self._places: dict[str, list[int]] | None = None

    def open(self, index: int, wants: tuple[str, ...]) -> None:
        blocks = self.result.blocks
        parent = self.stack[-1] if self.stack else -1
        block = Block(index, parent, wants, len(self.stack))
        self.stack.append(len(blocks))
        self.result.events.append(Event(index, Step.OPEN, len(blocks)))
        if self.tags[index].name == "block" and getattr(self.tags[index].node, "required", False):
            self.result.required.append(len(blocks))
        blocks.append(block)
        if len(self.stack) > self.result.deepest:
            self.result.deepest = len(self.stack)

    def broken(self, index: int, tag: Tag) -> None:
        """A tag that cannot be read may still open, divide or close a block, by what its name is or is like."""
        wants = default_wants(tag)
        if wants:
            self.open(index, wants)
            return
        end = closes(tag)
        if end is not None and self._depth_wanting(end) is not None:
            self.end_or_divide(index, tag, end)

    def end_or_divide(self, index: int, tag: Tag, name: str) -> None:
        depth = self._depth_wanting(name)
        if depth is None:
            self._stray(index, tag, name)
            return
        if depth < len(self.stack) - 1:
            if self._comes_later(index, depth):
                self._crossed(index, name, depth)
                return
            self.leave(depth + 1, index, report=True)
        number = self.stack[-1]
        block = self.result.blocks[number]
        if name in MIDDLES:
            block.dividers.append(index)
            self.result.events.append(Event(index, Step.DIVIDE, number))
            if name == "else":
                block.wants = tuple(want for want in block.wants if want in ENDS)
            return
        self.stack.pop()
        block.closer, block.end = index, index
        self.result.events.append(Event(index, Step.CLOSE, number))
        if tag.end_name is not None:
            self._check_end_name(index, tag, block)

    def leave(self, depth: int, index: int, *, report: bool) -> None:
        """Ends, before the tag `index`, all blocks above `depth` of the stack: nothing closes them."""
        for number in reversed(self.stack[depth:]):
            block = self.result.blocks[number]
            block.end = index
            self.result.events.append(Event(index, Step.LEAVE, number))
            tag = self.tags[block.opener]
            if report and tag.problem is None:
                self._report(
                    block.opener,
                    "unclosed-block",
                    f"This `{tag.name}` is never closed; add `{{% {_end(block)} %}}`.",
                )
        del self.stack[depth:]

    def _depth_wanting(self, name: str) -> int | None:
        if self.stack and name in self.result.blocks[self.stack[-1]].wants:
            return len(self.stack) - 1
        for depth in range(len(self.stack) - 1, -1, -1):
            if name in self.result.blocks[self.stack[depth]].wants:
                return depth
        return None

    def _comes_later(self, index: int, depth: int) -> bool:
        """Whether the ends of all blocks above `depth` come later: then the ends are only in a wrong order."""
        wanted: dict[str, int] = defaultdict(int)
        for number in self.stack[depth + 1 :]:
            wanted[_end(self.result.blocks[number])] += 1
        return all(self._left(end, index) >= count for end, count in wanted.items())

    def _left(self, end: str, index: int) -> int:
        """How many tags named `end` come after `index` that no later opening tag needs."""
        if self._places is None:
            self._places = defaultdict(list)
            for place, tag in enumerate(self.tags):
                if tag.name in ENDS:
                    self._places[tag.name].append(place)
                elif tag.wants:
                    self._places["open " + next(want for want in tag.wants if want in ENDS)].append(place)
        ends, opens = self._places[end], self._places["open " + end]
        return len(ends) - bisect_right(ends, index) - (len(opens) - bisect_right(opens, index))

    def _crossed(self, index: int, name: str, depth: int) -> None:
        top = self.result.blocks[self.stack[-1]]
        opener = self.tags[top.opener]
        sentence = (
            f"`{name}` cannot stand here: the `{opener.name}` inside is still open; "
            f"close it first with `{{% {_end(top)} %}}`."
        )
        related = ((top.opener, f"the `{opener.name}` that is still open"),)
        self._report(index, "unexpected-tag", sentence, related)
        if name not in MIDDLES:
            number = self.stack.pop(depth)
            self.result.blocks[number].closer = self.result.blocks[number].end = index

    def _stray(self, index: int, tag: Tag, name: str) -> None:
        if tag.problem is not None and name == tag.name:
            # it is reported already, and whether a block waits for it cannot be said
            return
        if self.stack:
            top = self.result.blocks[self.stack[-1]]
            opener = self.tags[top.opener]
            wanted = " or ".join(f"`{want}`" for want in top.wants)
            sentence = f"`{name}` has nothing to {_verb(name)} here: the open `{opener.name}` wants {wanted}."
            self._report(index, "unexpected-tag", sentence, ((top.opener, f"the `{opener.name}` that is open"),))
        else:
            self._report(index, "unexpected-tag", f"`{name}` has nothing to {_verb(name)}: no block is open here.")

    def _check_end_name(self, index: int, tag: Tag, block: Block) -> None:
        opener = self.tags[block.opener]
        assert tag.end_name is not None
        name = tag.tokens.tokens[tag.end_name].value
        wanted = getattr(opener.node, "name", name)
        if name != wanted:
            sentence = f"This ends the block `{wanted}`, not `{name}`."
            problem = TagProblem("unexpected-tag", tag.tokens.spans[tag.end_name], sentence, instead=wanted)
            related = ((block.opener, f"the block `{wanted}` opens here"),)
            self.result.problems.append(BlockProblem(index, problem, related))

    def _report(self, index: int, rule: str, sentence: str, related: tuple[tuple[int, str], ...] = ()) -> None:
        span = Span(0, len(self.tags[index].text))
        self.result.problems.append(BlockProblem(index, TagProblem(rule, span, sentence), related))


def _end(block: Block) -> str:
    return next(want for want in block.wants if want in ENDS)


def _verb(name: str) -> str:
    return "divide" if name in MIDDLES else "close"
