"""The commands in the guides are run, in their order, in a new project."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from support.command_line import CommandLine

GUIDES = Path(__file__).parents[2] / "docs/guides"
_STEP = re.compile(
    r"(?:^`(?P<file>[^`\n]+)`\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


def steps(guide: str) -> list[tuple[str | None, str, str]]:
    """(file, language, text) of each block of the guide; a block below the name of a file is that file."""
    text = (GUIDES / guide).read_text("utf-8")
    return [(found["file"], found["language"], found["text"]) for found in _STEP.finditer(text)]


def commands(text: str) -> list[list[str]]:
    """The words of each command of a block, comments left out."""
    lines = (shlex.split(line, comments=True) for line in text.splitlines())
    return [words for words in lines if words]


def test_templates(orch: CommandLine) -> None:
    (orch.folder / "prompts/templates/lib").mkdir(parents=True)
    (orch.folder / "prompts/templates/lib/tone.md.j2").write_text("Dry.\n")
    done = 0
    for file, language, text in steps("templates.md"):
        if file is not None:
            path = orch.folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            continue
        assert language == "sh", text
        for program, *words in commands(text):
            assert program == "orch"
            orch.do(*words)
            done += 1
    assert done > 15
    assert orch("check", "--json").json["findings"] == []
    assert "- Every prompt asks for the tests first." in orch.do("template", "show", "orchestrator").out


def test_the_commands_within_the_text(orch: CommandLine) -> None:
    """Those that stand in a sentence with names of their own."""
    orch.do("template", "add", "review", "--from", "builtin:orchestrator")
    orch.do("template", "add", "user:orchestrator", "--block", "role")
    text = (GUIDES / "templates.md").read_text("utf-8")
    for words in ("template add review --from builtin:orchestrator", "template add user:orchestrator --block role"):
        assert f"orch {words}" in text.replace("\n", " ")


def test_experiments(orch: CommandLine) -> None:
    subprocess.run(["git", "init", "-q", str(orch.folder)], check=True)
    for number in (1, 2, 3, 4):
        text = f'{{% extends "builtin:orchestrator" %}}\n{{% block role %}}\n{number}\n{{% endblock %}}\n'
        if number == 1:
            orch.do("template", "add", "orchestrator")
        orch.do("template", "update", "orchestrator", "--message", f"m{number}", piped=text)
    done = 0
    for _, language, block in steps("experiments.md"):
        assert language == ""
        for program, *words in commands(block):
            assert program == "orch"
            orch.do(*words)
            done += 1
    assert done == 3
    orch.do("experiment", "stop", "tone")
    orch.do("template", "rollback", "orchestrator", "--to", "4")


@pytest.mark.parametrize("guide", sorted(path.name for path in GUIDES.glob("*.md")))
def test_links_lead_somewhere(guide: str) -> None:
    text = (GUIDES / guide).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (GUIDES / target).exists(), target
