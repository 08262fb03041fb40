"""Whether Jinja's compiler and Python can take a template that is deeply nested: they are asked themselves.

What is compiled is a skeleton: the same nesting with nothing in it that a compiler could be tempted to work out.
"""

from collections.abc import Iterator
from functools import lru_cache

from jinja2 import Environment

from orch.syntax.jinja_environment import EXTENSIONS, in_shallow_stack
from orch.syntax.jinja_tag import Kind, Tag
from orch.syntax.jinja_tree import TemplateTree

_DEEP_BLOCKS = 16
_LONG_TAG = 200
"""Fewer blocks, or fewer tokens, cannot be too many."""


def too_deep(tree: TemplateTree) -> Iterator[int]:
    """The tags that open too deep a block or hold too deep an expression; at most one for each way down."""
    if tree.blocks.deepest > _DEEP_BLOCKS:
        yield from _deep_blocks(tree)
    if tree.longest > _LONG_TAG:
        for index, tag in enumerate(tree.tags):
            if len(tag.tokens.tokens) > _LONG_TAG and not _compiles(_alone(tag)):
                yield index


def _deep_blocks(tree: TemplateTree) -> Iterator[int]:
    blocks = tree.blocks.blocks
    parents = {block.parent for block in blocks}
    refused: set[int] = set()
    for number, block in enumerate(blocks):
        if block.level < _DEEP_BLOCKS or number in parents:
            continue
        path = [number]
        while blocks[path[-1]].parent >= 0:
            path.append(blocks[path[-1]].parent)
        path.reverse()
        kinds = tuple(_kind(tree.tags[blocks[part].opener]) for part in path)
        if not _compiles(_skeleton(kinds)):
            first = next(depth for depth in range(1, len(kinds) + 1) if not _compiles(_skeleton(kinds[:depth])))
            if path[first - 1] not in refused:
                refused.add(path[first - 1])
                yield blocks[path[first - 1]].opener


def _kind(tag: Tag) -> str:
    return "recursive" if getattr(tag.node, "recursive", False) else tag.name


_SKELETONS = {
    "if": ("{% if a %}", "{% endif %}"),
    "for": ("{% for a in b %}", "{% endfor %}"),
    "recursive": ("{% for a in b recursive %}", "{% endfor %}"),
    "with": ("{% with a = b %}", "{% endwith %}"),
    "macro": ("{% macro m() %}", "{% endmacro %}"),
    "call": ("{% call m() %}", "{% endcall %}"),
    "filter": ("{% filter upper %}", "{% endfilter %}"),
    "set": ("{% set a %}", "{% endset %}"),
    "autoescape": ("{% autoescape a %}", "{% endautoescape %}"),
}


def _skeleton(kinds: tuple[str, ...]) -> str:
    opening, closing = [], []
    for number, kind in enumerate(kinds):
        opener, closer = _SKELETONS.get(kind, (f"{{% block b{number} %}}", "{% endblock %}"))
        opening.append(opener)
        closing.append(closer)
    return "".join(opening) + "{{ a }}" + "".join(reversed(closing))


def _alone(tag: Tag) -> str:
    """The tag as a template of its own, its value not shown: a compiler works out in advance what is shown."""
    if tag.kind is Kind.OUTPUT:
        return "{% if " + tag.inner.slice(tag.text) + " %}{% endif %}"
    if tag.name == "elif":
        return "{% if" + tag.text[tag.name_span.end :] + "{% endif %}"
    closer = next((want for want in tag.wants if want.startswith("end")), None)
    return tag.text + (f"{{% {closer} %}}" if closer else "")


@lru_cache(maxsize=256)
def _compiles(text: str) -> bool:
    environment = Environment(optimized=False, extensions=list(EXTENSIONS.values()))
    try:
        source = in_shallow_stack(lambda: environment.compile(text, raw=True))
        in_shallow_stack(lambda: compile(source, "template", "exec"))
    except (RecursionError, MemoryError):
        return False
    except SyntaxError as error:
        return not str(error).startswith(("too many", "parser stack"))
    except Exception:  # it is refused for another reason, which another rule tells
        return True
    return True
