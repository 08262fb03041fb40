"""Which fence closes which. Models wrap a prompt that has fences of its own in a fence of the same length, where
Markdown's rule (the next bare fence closes) cuts it short; so each fence is weighed by what stands around it."""

from typing import NamedTuple

from orch.workflow.answer.markdown import Document, Fence, heading_at, is_rule

WRAPPING = frozenset(
    [
        "",
        "markdown",
        "md",
        "text",
        "txt",
        "plaintext",
        "plain",
        "prompt",
        "xml",
        "html",
        "jinja",
        "jinja2",
        "mdx",
        "llm",
    ]
)
"""The languages of a fence that holds a prompt rather than code."""

UNCLOSED = 2.0
STRAY = 2.6


def language(info: str) -> str:
    """The first word of a fence's info string, in lower case."""
    return info.split()[0].lower().strip("{}.:,") if info.split() else ""


def may_wrap(fence: Fence) -> bool:
    """Whether a fence may hold a prompt with fences of its own."""
    word = language(fence.info)
    return word in WRAPPING or not word.isalpha() or "=" in fence.info


class WeighedFence(NamedTuple):
    """A fence with how unlikely it is, by the lines around it, that it opens something, or that it closes it."""

    fence: Fence
    opens: float
    closes: float
    wraps: bool


def weighed(fences: list[Fence], document: Document) -> list[WeighedFence]:
    """Each fence with its costs. A bare one before a blank line looks like an end, one behind a blank line less."""
    lines = {fence.line for fence in fences}
    return [
        WeighedFence(fence, _opening_cost(fence, document), _closing_cost(fence, lines, document), may_wrap(fence))
        for fence in fences
    ]


def _opening_cost(fence: Fence, document: Document) -> float:
    if not fence.is_bare:
        return 0.0
    cost = 1.1 if _is_blank(document, fence.line + 1) else 0.3
    return cost - 0.2 if _is_announced(document, fence.line) else cost


def _closing_cost(fence: Fence, lines: set[int], document: Document) -> float:
    cost = 0.0 if fence.line + 1 in lines or _pauses(document, fence.line + 1) else 0.4
    if _is_announced(document, fence.line):
        cost += 0.6
    return cost + 0.3 if _is_blank(document, fence.line - 1) else cost


def _is_announced(document: Document, line: int) -> bool:
    """Whether the line above ends in a colon: something begins here."""
    return line > 0 and document.lines[line - 1].rstrip().endswith((":", "："))


class Stack(NamedTuple):
    """The fences that are open, innermost first."""

    top: WeighedFence
    below: "Stack | None"
    depth: int
    left: float = 0.0  # what the names of parts seen in it cost if it never closes


def opening_cost(fence: WeighedFence, stack: Stack | None) -> float:
    """How unlikely it is that `fence` opens inside what is open: code rarely holds fences, a prompt often does."""
    if stack is None:
        return fence.opens
    top = stack.top.fence
    cost = fence.opens + (0.1 if stack.top.wraps else 1.5)
    if not fence.fence.info and top.mark == fence.fence.mark and fence.fence.length >= top.length:
        cost += 0.4
    return cost


def closing_cost(fence: WeighedFence, stack: Stack) -> float | None:
    """How unlikely it is that `fence` closes the innermost open one; None when it cannot."""
    top, closer = stack.top.fence, fence.fence
    if closer.info or closer.mark != top.mark or closer.length < top.length:
        return None
    cost = fence.closes
    if top.line == closer.line - 1:
        cost += 1.2  # nothing stands between the two
    if closer.indent != top.indent:
        cost += 0.8
    if closer.length != top.length:
        cost += 0.5
    return cost


def pushed(fence: WeighedFence, stack: Stack | None) -> Stack:
    """`stack` with one more open fence."""
    return Stack(fence, stack, stack.depth + 1 if stack else 1)


def _pauses(document: Document, line: int) -> bool:
    """Whether something new begins at `line` in any case: it is blank, a heading or a rule."""
    if _is_blank(document, line):
        return True
    text = document.lines[line]
    return heading_at(text) is not None or is_rule(text) or text.lstrip()[:3] == "==="


def _is_blank(document: Document, line: int) -> bool:
    return not 0 <= line < len(document.lines) or document.is_blank(line)
