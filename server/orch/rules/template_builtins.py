"""Jinja's own filters, tests and globals with their true signatures, taken from Jinja by inspection."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Undefined
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS
from jinja2.runtime import LoopContext
from jinja2.tests import TESTS
from jinja2.utils import Cycler


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of something that is called. `default` is its default as it is written, None where there is none.

    `named` when it may be given by name, `placed` when by position.
    """

    name: str
    default: str | None = None
    named: bool = True
    placed: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """How something is called. `rest` when it takes any number of values, `more` when any keywords.

    `uncertain` when nothing is known of it. `doc` is its documentation, Markdown-like text.
    """

    name: str
    parameters: tuple[Parameter, ...] = ()
    rest: bool = False
    more: bool = False
    uncertain: bool = False
    doc: str = ""

    @property
    def parts(self) -> list[str]:
        """What stands between the brackets of `label`, one by one."""
        shown = [p.name if p.default is None else f"{p.name}={p.default}" for p in self.parameters]
        return [*shown, *["*values"] * self.rest, *["**options"] * self.more]

    @property
    def label(self) -> str:
        """The signature as it is shown: `indent(width=4, first=False)`."""
        return f"{self.name}({', '.join(self.parts)})"


@cache
def filters() -> Mapping[str, Signature]:
    """Every filter by name; the value that it is applied to is no parameter."""
    return {name: _signature(name, function, 1) for name, function in FILTERS.items()}


@cache
def tests() -> Mapping[str, Signature]:
    """Every test by name, as for filters. Operators such as `==` are among them."""
    return {name: _signature(name, function, 1) for name, function in TESTS.items()}


@cache
def functions() -> Mapping[str, Signature]:
    """Every global function by name."""
    return {name: _signature(name, function, 0) for name, function in DEFAULT_NAMESPACE.items()}


@cache
def loop_attributes() -> Mapping[str, str]:
    """What `loop` has, by name, with its documentation."""
    loop = LoopContext((), Undefined)
    return {name: inspect.getdoc(getattr(LoopContext, name, None)) or "" for name in dir(loop) if name[0] != "_"}


@cache
def cycler_attributes() -> frozenset[str]:
    """What a `cycler` has."""
    return frozenset(name for name in dir(Cycler("")) if name[0] != "_")


def loop_method(name: str) -> Signature | None:
    """The signature of a method of `loop`, None for what is no method."""
    method = getattr(LoopContext, name, None)
    return _signature(name, method, 1) if inspect.isfunction(method) else None


def _signature(name: str, function: Any, skipped: int) -> Signature:
    doc = inspect.getdoc(function) or ""
    if name in ("range", "dict"):
        # Python's own types: they show no signature, or one that says less than they check
        return _of_type(name, doc)
    plain = inspect.unwrap(function)
    # a function that wants the context, the environment or such gets it as its first argument
    skipped += hasattr(plain, "jinja_pass_arg")
    try:
        found = list(inspect.signature(plain).parameters.values())
    except (ValueError, TypeError):
        return Signature(name, uncertain=True, doc=doc)
    placed = [parameter for parameter in found if parameter.kind is not parameter.VAR_KEYWORD]
    if len(placed) < skipped or any(p.kind is p.VAR_POSITIONAL for p in placed[:skipped]):
        return Signature(name, uncertain=True, doc=doc)
    return Signature(
        name,
        tuple(
            Parameter(
                parameter.name,
                None if parameter.default is parameter.empty else repr(parameter.default),
                parameter.kind is not parameter.POSITIONAL_ONLY,
                parameter.kind is not parameter.KEYWORD_ONLY,
            )
            for parameter in found[skipped:]
            if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        ),
        any(parameter.kind is parameter.VAR_POSITIONAL for parameter in found),
        any(parameter.kind is parameter.VAR_KEYWORD for parameter in found),
        doc=doc,
    )


def _of_type(name: str, doc: str) -> Signature:
    if name == "dict":
        return Signature(name, (Parameter("items", "()", named=False),), more=True, doc=doc)
    numbers = (Parameter("start", None, named=False), Parameter("stop", "None", named=False))
    return Signature(name, (*numbers, Parameter("step", "1", named=False)), doc=doc)
