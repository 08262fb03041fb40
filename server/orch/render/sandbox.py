"""The Jinja environment that prompts are rendered in. Used by the worker process only.

Nothing here can stop every bomb: time and memory are limited from outside (see `worker.py`). What can be refused
cheaply and with a clear sentence is refused here.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound
from jinja2.exceptions import SecurityError
from jinja2.filters import do_attr
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing, pass_environment

from orch.syntax.jinja_environment import EXTENSIONS

LONGEST_REPEAT = 4 * 1024 * 1024
"""Elements that `sequence * number` may have: as many as the longest prompt has bytes."""

LARGEST_NUMBER = 100_000
"""Bits of a number that `*` or `**` may make."""

LONGEST_RANGE = 100_000

_UNRESOLVED = "\0"
_FILE_ENDINGS = (".md.j2", ".j2")


class TooMuchError(Exception):
    """A template asks for more than it may have. Its text goes on after "<template>, line <n>, "."""


class Record(dict[str, Any]):
    """A mapping that was given to the template: an attribute of it reads a key, never a method.

    `path` is how the template reaches it: `project`, `notes.risks[0]`.
    """

    path = ""


def as_record(value: Any, path: str) -> Any:
    """`value` with every mapping in it as a Record."""
    if isinstance(value, Mapping):
        record = Record((key, as_record(entry, f"{path}.{key}" if path else key)) for key, entry in value.items())
        record.path = path
        return record
    if isinstance(value, list):
        return [as_record(entry, f"{path}[{index}]") for index, entry in enumerate(value)]
    return value


class PlainUndefined(StrictUndefined):
    """StrictUndefined that can tell what was looked for, and where."""

    __slots__ = ()

    @property
    def wanted(self) -> tuple[str | None, Any]:
        """(the name that is not there, what lacks it or `missing` for a variable); no name: see str()."""
        if self._undefined_hint or self._undefined_name is None:
            return None, missing
        return str(self._undefined_name), self._undefined_obj


class PromptEnvironment(ImmutableSandboxedEnvironment):
    """The contract's environment; `routes` and `names` say what a template's name means (see `RenderJob`)."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(
        self,
        extensions: tuple[str, ...],
        loader: BaseLoader | None = None,
        routes: Mapping[str, Mapping[str, str]] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            undefined=PlainUndefined,
            extensions=[EXTENSIONS[name] for name in extensions],
            loader=loader,
            auto_reload=False,
        )
        self.globals["range"] = limited_range
        self.filters["attr"] = attribute
        self._routes = routes or {}
        self._names = names or {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute`. A mapping that the template makes has methods, but its keys go before them."""
        if isinstance(obj, Record):
            return self._key(obj, attribute)
        if isinstance(obj, dict) and attribute in obj and not attribute.startswith("_"):
            return obj[attribute]
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`obj[argument]`, and what the filters `map`, `sort`, `selectattr` ... read by name."""
        if not isinstance(obj, Record):
            return super().getitem(obj, argument)
        if isinstance(argument, str) and argument in obj:
            return obj[argument]
        return self.undefined(obj=obj, name=argument)

    def unsafe_undefined(self, obj: Any, attribute: str) -> PlainUndefined:
        """What an attribute gives that may not be read: using it raises SecurityError."""
        return PlainUndefined(f"it reads `{attribute}`", obj, attribute, SecurityError)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """`*` and `**`, unless what they make is far too large."""
        if _too_large(operator, left, right):
            raise TooMuchError(f"makes a value that is too large (with `{operator}`).")
        return super().call_binop(context, operator, left, right)

    def join_path(self, template: str, parent: str) -> str:
        """The key of the template that `parent` means by `template`."""
        for name in (template, *(template.removesuffix(end) for end in _FILE_ENDINGS if template.endswith(end))):
            routes = self._routes.get(parent, {})
            if name in routes or name in self._names:
                return routes.get(name, self._names.get(name)) or _UNRESOLVED + template
        return _UNRESOLVED + template

    def _key(self, record: Record, attribute: str) -> Any:
        if attribute.startswith("_"):
            return self.unsafe_undefined(record, attribute)
        return record[attribute] if attribute in record else self.undefined(obj=record, name=attribute)


class CompiledTemplates(BaseLoader):
    """Loads templates by key. What was compiled once, in this job or another one, is not compiled again."""

    def __init__(self, templates: Mapping[str, str], extensions: tuple[str, ...]) -> None:
        self._templates = templates
        self._extensions = extensions

    def load(self, environment: Environment, name: str, globals: Any = None) -> Template:
        """The template with the key `name`. Raises TemplateNotFound, TemplateSyntaxError."""
        if name not in self._templates:
            raise TemplateNotFound(name.removeprefix(_UNRESOLVED))
        code = compiled(self._templates[name], name, self._extensions)
        return environment.template_class.from_code(environment, code, globals or {})


@lru_cache(maxsize=256)
def compiled(text: str, key: str, extensions: tuple[str, ...]) -> CodeType:
    """The Python code of a template. It holds no state, so it may be run in any environment of these extensions."""
    return _compiler(extensions).compile(text, name=key, filename=key)


@lru_cache(maxsize=8)
def _compiler(extensions: tuple[str, ...]) -> PromptEnvironment:
    return PromptEnvironment(extensions)


def limited_range(*numbers: int) -> range:
    """Jinja's `range`, refusing what would never end."""
    made = range(*numbers)
    try:
        longer = len(made) > LONGEST_RANGE
    except OverflowError:
        longer = True
    if longer:
        raise TooMuchError(f"counts through a range of more than {LONGEST_RANGE:,} numbers.")
    return made


@pass_environment
def attribute(environment: PromptEnvironment, obj: Any, name: str) -> Any:
    """Jinja's filter `attr`; of a Record it reads a key, as a dot does."""
    if isinstance(obj, Record):
        return environment.getattr(obj, str(name))
    reading: Callable[[Environment, Any, str], Any] = do_attr
    return reading(environment, obj, name)


def _too_large(operator: str, left: Any, right: Any) -> bool:
    if isinstance(left, int) and isinstance(right, int):
        if operator == "*":
            return left.bit_length() + right.bit_length() > LARGEST_NUMBER
        return abs(left) > 1 and right > 0 and left.bit_length() * right > LARGEST_NUMBER
    if operator == "*":
        if isinstance(left, int):
            left, right = right, left
        if isinstance(right, int) and isinstance(left, str | bytes | list | tuple):
            return len(left) * right > LONGEST_REPEAT
    return False
