"""The names of other templates that a template's text holds, by Jinja's own parser."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, TemplateSyntaxError, nodes

_EXTENSIONS = {"do": "jinja2.ext.do", "loopcontrols": "jinja2.ext.loopcontrols"}
_Asking = nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport


@dataclass(frozen=True, slots=True)
class TemplateNames:
    """`constant` are the names as written, in order; `dynamic` when some name is only known while rendering."""

    constant: tuple[str, ...] = ()
    dynamic: bool = False


@lru_cache(maxsize=1024)
def template_names(jinja: str, extensions: tuple[str, ...] = ()) -> TemplateNames:
    """The names in extends, include, import and from. A text that Jinja cannot parse has none."""
    environment = Environment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_EXTENSIONS[name] for name in extensions]
    )
    try:
        tree = environment.parse(jinja)
    except (TemplateSyntaxError, RecursionError, ValueError):
        return TemplateNames()
    names: list[str | None] = []
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        assert isinstance(node, _Asking)
        names += _values(node.template)
    return TemplateNames(tuple(dict.fromkeys(name for name in names if name is not None)), None in names)


def _values(node: nodes.Expr) -> Iterator[str | None]:
    """What `node` may come to: constant names, and None for one that cannot be known."""
    match node:
        case nodes.CondExpr():
            yield from _values(node.expr1)
            if node.expr2 is not None:
                yield from _values(node.expr2)
        case nodes.List() | nodes.Tuple():
            for item in node.items:
                yield from _values(item)
        case _:
            try:
                value = node.as_const()
            except nodes.Impossible:
                value = None
            yield value if isinstance(value, str) else None
