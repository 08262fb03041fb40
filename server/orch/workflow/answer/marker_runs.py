"""Names that stand together: tables of contents, and lines that name the same part one after the other."""

from orch.workflow.answer.markdown import Document, Fence, is_rule
from orch.workflow.answer.marker import Marker
from orch.workflow.answer.part_names import STRONG

LIST_KINDS = frozenset({"list item", "numbered line"})


def without_contents(markers: list[Marker], document: Document) -> list[Marker]:
    """Leaves out tables of contents: runs of names with nothing between them whose parts come later, and list items
    where other lines name the same parts."""
    fenced = {id(marker) for marker in inside_fences(markers, document)}
    full = {
        marker.part
        for marker in markers
        if marker.kind not in LIST_KINDS and marker.strength == STRONG and id(marker) not in fenced
    }
    if {marker.part for marker in markers if marker.kind in LIST_KINDS} <= full:
        markers = [marker for marker in markers if marker.kind not in LIST_KINDS]
    result: list[Marker] = []
    at = 0
    while at < len(markers):
        end = at + 1
        parts = {markers[at].part}
        while (
            end < len(markers)
            and markers[end].part not in parts
            and _announces(markers[end - 1], markers[end], document)
        ):
            parts.add(markers[end].part)
            end += 1
        run = markers[at:end]
        if len(run) > 2 or (len(run) == 2 and run[0].kind in LIST_KINDS):
            # the last of a run may be the part itself; the others are empty in any case
            again = any(m.part in parts and m.strength >= run[0].strength for m in markers[end:])
            run = [] if again else run[-1:]
        result.extend(run)
        at = end
    return result


def _announces(marker: Marker, following: Marker, document: Document) -> bool:
    return (
        following.part != marker.part
        and not (marker.ends or following.ends)
        and following.strength >= marker.strength
        and bool(following.styles & marker.styles)
        and _is_empty(document, marker, following)
    )


def _is_empty(document: Document, marker: Marker, following: Marker) -> bool:
    return all(
        document.is_blank(line) or is_rule(document.lines[line]) for line in range(marker.body, following.first)
    )


def merged(markers: list[Marker], document: Document) -> list[Marker]:
    """Lines that name the same part one after the other are one marker."""
    result: list[Marker] = []
    for marker in markers:
        last = result[-1] if result else None
        if (
            last
            and last.part == marker.part
            and (last.strength < marker.strength or last.kind == "sentence")  # else it is the part's own title
            and not (last.ends or marker.ends or (marker.extra and not last.extra))
            and marker.body > marker.first
            and _is_empty(document, last, marker)
        ):
            result[-1] = last._replace(
                strength=max(last.strength, marker.strength),
                body=marker.body,
                styles=last.styles | marker.styles,
                numbered=last.numbered or marker.numbered,
                corrected=last.corrected or marker.corrected,
            )
        elif last and last.part == marker.part and marker.kind == "fence" and _is_empty(document, last, marker):
            continue
        else:
            result.append(marker)
    return result


def inside_fences(markers: list[Marker], document: Document) -> list[Marker]:
    """The markers that stand in a fence when a bare fence always closes the innermost one.

    A fence that never closes holds nothing for sure.
    """
    stack: list[int] = []  # indices of the open fences
    closed: set[int] = set()
    around: list[tuple[Marker, tuple[int, ...]]] = []
    fences = document.fences
    at = 0
    for marker in markers:
        at = _read_to(marker.first, fences, at, stack, closed)
        around.append((marker, tuple(stack[:4])))
    _read_to(len(document.lines), fences, at, stack, closed)
    return [marker for marker, open_ones in around if any(fence in closed for fence in open_ones)]


def _read_to(line: int, fences: list[Fence], at: int, stack: list[int], closed: set[int]) -> int:
    while at < len(fences) and fences[at].line < line:
        fence, top = fences[at], fences[stack[-1]] if stack else None
        if fence.is_bare and top and top.mark == fence.mark and top.length <= fence.length:
            closed.add(stack.pop())
        elif top is None or top.length <= fence.length or top.mark != fence.mark:
            stack.append(at)
        at += 1
    return at
