"""Which fence closes which. Models wrap a prompt that has fences of its own in a fence of the same length, where
Markdown's rule (the next bare fence closes) cuts it short; so each fence is weighed by what stands around it."""

from typing import NamedTuple

from orch.workflow.markdown import Document, Fence, fence_at

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


def opening_cost(fence: Fence, document: Document, stack: "Stack | None") -> float:
    """How unlikely it is that `fence` opens here. A bare fence before a blank line looks like the end of one."""
    cost = 0.0
    if fence.is_bare:
        cost += 0.3 + (0.8 if _is_blank(document, fence.line + 1) else 0.0)
    if stack is not None:
        top = stack.fence
        cost += 0.1 if may_wrap(top) else 1.5
        if fence.is_bare and top.mark == fence.mark and fence.length >= top.length:
            cost += 0.4
    return cost


def closing_cost(fence: Fence, document: Document, stack: "Stack") -> float | None:
    """How unlikely it is that `fence` closes the innermost open one; None when it cannot."""
    top = stack.fence
    if not fence.is_bare or fence.mark != top.mark or fence.length < top.length:
        return None
    cost = 0.0 if _is_blank(document, fence.line + 1) or _is_fence(document, fence.line + 1) else 0.4
    if _is_blank(document, fence.line - 1):
        cost += 0.3
    if top.line == fence.line - 1:
        cost += 1.2  # nothing stands between the two
    if fence.indent != top.indent:
        cost += 0.8
    if fence.length != top.length:
        cost += 0.5
    return cost


class Stack(NamedTuple):
    """The fences that are open, innermost first."""

    fence: Fence
    below: "Stack | None"
    depth: int
    left: float = 0.0  # what the names of parts seen in it cost if it never closes


def pushed(fence: Fence, stack: Stack | None) -> Stack:
    """`stack` with one more open fence."""
    return Stack(fence, stack, stack.depth + 1 if stack else 1)


def _is_fence(document: Document, line: int) -> bool:
    return fence_at(document.lines[line], line) is not None


def _is_blank(document: Document, line: int) -> bool:
    return not 0 <= line < len(document.lines) or document.is_blank(line)
