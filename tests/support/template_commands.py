"""The template commands on a project in memory, as their tests ask for them."""

from typing import Any

from orch.commands.outcome import Outcome, Refusal
from orch.model.template import digest_of
from support.projects import ROOT, Desk

TEMPLATES, VERSIONS = ROOT / ".orch/templates", ROOT / ".orch/versions"
OWN = TEMPLATES / "orchestrator.md.j2"
EXTENDS = '{% extends "orchestrator" %}\n{% block role %}\n{{ super() -}}\nYou are Ada.\n{% endblock %}\n'


def do(desk: Desk, name: str, /, **params: Any) -> dict[str, Any]:
    """The JSON answer of `orch.template.<name>`, which must not be refused."""
    done = desk.attempt(f"orch.template.{name}", **params)
    assert isinstance(done, Outcome), done
    desk.said = list(done.notices)
    return dict(done.result)


def refused(desk: Desk, name: str, /, **params: Any) -> str:
    """The sentence of `orch.template.<name>`, which must be refused and write nothing."""
    before = dict(desk.storage.files)
    done = desk.attempt(f"orch.template.{name}", **params)
    assert isinstance(done, Refusal), done
    assert "\n" not in done.in_terminal
    assert "orch template " not in done.sentence, "an editor has commands of its own"
    kept = {path: text for path, text in desk.storage.files.items() if path.parent.name != "unfiled"}
    assert kept == before
    return done.in_terminal


def digest8(text: str) -> str:
    """The first eight digits of a text's digest."""
    return digest_of(text)[:8]


def entry(desk: Desk, name: str) -> dict[str, Any]:
    """The entry of `layer:[type/]name` in `template list`."""
    found = [one for one in do(desk, "list")["templates"] if _key(one) == name]
    assert len(found) == 1, found
    return dict(found[0])


def _key(one: dict[str, Any]) -> str:
    kind = f"{one['feature_type']}/" if one["feature_type"] else ""
    return f"{one['layer']}:{kind}{one['name']}"
