"""The registry of rules: a record and a function each, one file per family.

A rule is added by decorating its function in its family's file:

    @session_rule(
        name="status-mismatch",
        severity=Severity.WARNING,
        summary="The status says more than the session holds",
        explanation="...",
        bad="...", good="...",
    )
    def status_mismatch(context: SessionContext) -> Iterator[Finding]: ...

Its page in `docs/rules/` is made from the record, and the examples run as tests.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from orch.rules.finding import Finding, Severity

Context = TypeVar("Context")
Check = Callable[[Context], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule(Generic[Context]):
    """A rule: what it is called, how much it matters, what it means, and how it is checked.

    `bad` is the shortest text that breaks the rule and `good` the same text mended; both are checked by tests.
    A `slow` rule needs time or other files, so it is not checked at every keystroke.
    """

    name: str
    severity: Severity
    summary: str
    explanation: str
    bad: str
    good: str
    check: Check[Context]
    slow: bool = False


class Registry(Generic[Context]):
    """The rules for one kind of document, in the order in which they were registered."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule[Context]] = {}

    def __call__(
        self,
        *,
        name: str,
        severity: Severity,
        summary: str,
        explanation: str,
        bad: str,
        good: str,
        slow: bool = False,
    ) -> Callable[[Check[Context]], Check[Context]]:
        """Registers the decorated function as a rule. Raises ValueError when the name is taken."""

        def register(check: Check[Context]) -> Check[Context]:
            if name in self._rules:
                raise ValueError(f"there are two rules named {name}")
            self._rules[name] = Rule(name, severity, summary, explanation, bad, good, check, slow)
            return check

        return register

    @property
    def rules(self) -> dict[str, Rule[Context]]:
        """The rules by name."""
        return dict(self._rules)
