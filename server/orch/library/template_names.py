"""The names of other templates that a template's text holds, by Jinja's own parser."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes

from orch.syntax.jinja_environment import jinja_environment

_Asking = nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport


@dataclass(frozen=True, slots=True)
class TemplateNames:
    """`constant` are the names as written, in order; `dynamic` when some name is only known while rendering.

    `extends` are those of them that the template extends, `blocks` the names of its own blocks.
    """

    constant: tuple[str, ...] = ()
    dynamic: bool = False
    extends: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def template_names(jinja: str, extensions: tuple[str, ...] = ()) -> TemplateNames:
    """The names in extends, include, import and from. A text that Jinja cannot parse has none."""
    names: list[str | None] = []
    extended: list[str | None] = []
    try:
        tree = jinja_environment(extensions).parse(jinja)
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            assert isinstance(node, _Asking)
            found = list(_values(node.template))
            names += found
            extended += found if isinstance(node, nodes.Extends) else []
        blocks = tuple(dict.fromkeys(block.name for block in tree.find_all(nodes.Block)))
    except (TemplateSyntaxError, RecursionError, ValueError):
        return TemplateNames()
    return TemplateNames(_known(names), None in names, _known(extended), blocks)


def _known(names: list[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _values(node: nodes.Expr) -> Iterator[str | None]:
    """What `node` may come to: constant names, and None for one that cannot be known.

    Jinja could calculate any constant expression, but not here: `"a" * 10**9` is for the renderer to refuse.
    """
    match node:
        case nodes.Const(value=str(name)):
            yield name
        case nodes.CondExpr():
            yield from _values(node.expr1)
            if node.expr2 is not None:
                yield from _values(node.expr2)
        case nodes.List() | nodes.Tuple():
            for item in node.items:
                yield from _values(item)
        case nodes.Concat():
            parts = [
                next(_values(part)) if isinstance(part, nodes.Const | nodes.Concat) else None for part in node.nodes
            ]
            yield None if None in parts else "".join(map(str, parts))
        case _:
            yield None
