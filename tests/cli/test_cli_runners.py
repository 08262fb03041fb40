"""`orch runner`: what is set up, what is on the PATH, and a runner added to the user's own settings by span."""

import json
import os
import re
import tomllib
from pathlib import Path

import pytest

from orch.model.config import read_configuration
from orch.runners.programs import KNOWN, known_command, needs_model
from support.command_line import CommandLine, on_terminal, plain

GUIDE = Path(__file__).parents[2] / "docs/guides/runners.md"


@pytest.fixture
def programs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH, apart from which there are only the system's own."""
    made = folder.parent / "bin"
    made.mkdir()
    monkeypatch.setenv("PATH", os.pathsep.join([str(made), "/usr/bin", "/bin"]))
    return made


def put(folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text("#!/bin/sh\ncat > /dev/null; echo hello\n")
        (folder / name).chmod(0o755)


def settings(folder: Path) -> Path:
    return folder.parent / "config/config.toml"


def test_nothing_at_all(orch: CommandLine, programs: Path) -> None:
    result = orch.do("runner", "list")
    assert result.out == ""
    assert result.err == f"No runner is set up in {settings(orch.folder)}.\n"
    assert not list(programs.iterdir())


def test_what_is_found_and_what_is_set_up(orch: CommandLine, folder: Path, programs: Path) -> None:
    put(programs, "claude", "ollama")
    listed = orch.do("runner", "list", "--json").json
    assert listed["runners"] == []
    assert listed["found"] == [
        {"name": "claude", "command": ["claude", "-p"], "needs_model": False},
        {"name": "ollama", "command": ["ollama", "run", "MODEL"], "needs_model": True},
    ]
    assert orch.do("runner", "list").err.splitlines()[1:] == [
        "claude is on this machine; to use it: orch runner add claude",
        "ollama is on this machine; to use it: orch runner add ollama --model MODEL",
    ]
    added = orch.do("runner", "add", "claude", "--json").json
    assert added == {
        "name": "claude",
        "kind": "command",
        "default": True,
        "there": True,
        "command": ["claude", "-p"],
        "path": str(settings(folder)),
    }
    (programs / "claude").unlink()
    listed = orch.do("runner", "list", "--json").json
    assert [(one["name"], one["there"]) for one in listed["runners"]] == [("claude", False)]
    assert [one["name"] for one in listed["found"]] == ["ollama"]
    assert orch.do("runner", "list").out == "claude\tcommand\tclaude -p\t\tdefault, not found\n"
    assert not (folder / ".orch").exists()


def test_a_program_of_the_project_never_counts(
    orch: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder / "bin", "claude")
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder / "bin"), "bin", "/usr/bin"]))
    assert orch.do("runner", "list", "--json").json["found"] == []
    assert orch.refused("runner", "add", "claude") == (
        "There is no program 'claude' on the PATH outside the project; install it first."
    )
    assert not settings(folder).exists()


def test_nothing_else_in_the_settings_is_touched(orch: CommandLine, folder: Path, programs: Path) -> None:
    put(programs, "claude", "llm")
    before = (
        "# mine\r\nproject = 'shop'   # as it is\r\n\r\n[runners.tern]\r\ncommand = ['tern',]\r\n\r\n"
        "[diagnostics]\r\nmissing-file = 'off'\r\n# end"
    )
    settings(folder).parent.mkdir()
    settings(folder).write_bytes(before.encode())
    result = orch.do("runner", "add", "claude", "--model", "opus")
    after = settings(folder).read_bytes().decode()
    added = '[runners.claude]\r\ncommand = ["claude", "-p", "--model", "opus"]\r\nmodel = "opus"\r\n'
    assert added in after
    assert after.replace(added, "", 1).replace("\r\n\r\n\r\n", "\r\n\r\n") == before
    assert "There are several (tern, claude)" in result.err
    assert orch.refused("runner", "add", "claude") == (
        f"There is a runner 'claude' already; change it in {settings(folder)}."
    )
    assert settings(folder).read_bytes().decode() == after


@pytest.mark.parametrize(
    ("name", "model", "command"),
    [
        ("claude", None, ["claude", "-p"]),
        ("codex", None, ["codex", "exec", "-"]),
        ("codex", "owl", ["codex", "exec", "--model", "owl", "-"]),
        ("gemini", "owl", ["gemini", "--model", "owl"]),
        ("llm", "owl", ["llm", "--model", "owl"]),
        ("ollama", "owl", ["ollama", "run", "owl"]),
    ],
)
def test_the_command_of_each(
    orch: CommandLine, folder: Path, programs: Path, name: str, model: str | None, command: list[str]
) -> None:
    put(programs, name)
    orch.do("runner", "add", name, *(["--model", model] if model else []))
    expected: dict[str, object] = {"command": command, **({"model": model} if model else {})}
    assert tomllib.loads(settings(folder).read_text("utf-8")) == {"runners": {name: expected}}


def test_an_endpoint(orch: CommandLine, folder: Path) -> None:
    url = "http://127.0.0.1:11434/v1"
    orch.do("runner", "add", "local", "--url", url, "--model", "owl", "--key-env", "OWL_KEY")
    assert tomllib.loads(settings(folder).read_text("utf-8")) == {
        "runners": {"local": {"base_url": url, "model": "owl", "key_env": "OWL_KEY"}}
    }
    assert orch.do("runner", "list").out == f"local\tendpoint\t{url}\towl\tdefault\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["ollama"], "ollama wants the name of a model (--model); ollama list shows those on this machine."),
        (["owl"], "Orch does not know how 'owl' takes a prompt, it knows claude, codex, gemini, llm, ollama; "),
        (["x", "--url", "ftp://a", "--model", "m"], "The address of an endpoint begins with http:// or https://"),
        (["x", "--url", "http://a/v1"], "An endpoint wants the name of a model (--model)."),
        (["vscode:x", "--url", "http://a/v1", "--model", "m"], "'vscode:x' cannot be a runner's name; "),
        (["ollama", "--key-env", "X", "--model", "m"], "A key is for an endpoint; a program has its own."),
    ],
)
def test_what_cannot_be_added(orch: CommandLine, programs: Path, words: list[str], sentence: str) -> None:
    put(programs, "ollama")
    assert orch.refused("runner", "add", *words).startswith(sentence)
    assert not settings(orch.folder).exists()


def test_settings_that_are_broken_stay_as_they_are(orch: CommandLine, folder: Path, programs: Path) -> None:
    put(programs, "llm")
    settings(folder).parent.mkdir()
    settings(folder).write_text("project = \n")
    assert orch.refused("runner", "add", "llm").startswith(
        f"{settings(folder)} cannot be changed: The file is not valid TOML in line 1"
    )
    assert settings(folder).read_text() == "project = \n"


@pytest.mark.parametrize(
    ("text", "name", "line", "sentence"),
    [
        ("[runners.owl]\ncommand = 'owl -p'\n", "owl", 2, "`command` wants a list of texts."),
        ("[runners.owl]\ncommand = []\n", "owl", 2, "The runner `owl` wants a command, as a list of texts, or a "),
        (
            "\n[runners.owl]\nbase_url = 'https://x'\n",
            "owl",
            2,
            "The runner `owl` is an endpoint",
        ),
        ("a = 1\n[runners\n", "owl", 2, ""),
    ],
)
def test_settings_that_do_not_count_say_why(
    orch: CommandLine, programs: Path, text: str, name: str, line: int, sentence: str
) -> None:
    orch.do("plan", "Add a login page")
    put(programs, "claude")
    settings(orch.folder).parent.mkdir()
    settings(orch.folder).write_text(text)
    wrong = f"{settings(orch.folder)}:{line}: {sentence}"
    assert orch.refused("run").startswith(f"No runner can be used. {wrong}")
    assert orch.refused("run", "--runner", name).startswith(f"The runner {name!r} cannot be used. {wrong}")
    assert wrong in orch.do("runner", "list").err
    if sentence:
        assert orch.refused("run", "--runner", "claude").startswith(
            "There is no runner 'claude'; claude is on this "
        )


def test_one_that_counts_though_something_in_it_does_not(orch: CommandLine, programs: Path) -> None:
    put(programs, "owl")
    settings(orch.folder).parent.mkdir()
    settings(orch.folder).write_text("[runners.owl]\ncommand = ['owl']\ntimeout = -1\n")
    listed = orch.do("runner", "list")
    assert listed.out.startswith("owl\t")
    assert "config.toml:3: The timeout of the runner `owl` is a number of seconds above 0.\n" in listed.err
    orch.do("plan", "Add a login page")
    assert orch("run").code == 1  # its answer has no parts


def test_bare_orch_offers_one_on_a_terminal(orch: CommandLine, folder: Path, programs: Path) -> None:
    put(programs, "llm")
    orch.do("plan", "Add a login page")
    offer = "llm is on this machine: after orch runner add llm, orch run does both."
    assert offer in plain(on_terminal(folder))
    assert offer not in orch.do().err
    orch.do("runner", "add", "llm")
    assert offer not in plain(on_terminal(folder))


def test_the_guide_has_the_commands_that_are_written() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert [name for name, _, _ in rows] == list(KNOWN)
    for name, plain_command, with_model in rows:
        assert plain_command == ("a model is needed" if needs_model(name) else f"`{json.dumps(list(KNOWN[name]))}`")
        assert with_model == f"`{json.dumps(list(known_command(name, 'M')))}`"


def test_the_guides_settings_are_taken_as_they_stand() -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    wholes = [tomllib.loads(block) for block in blocks]
    assert len(wholes) == 4
    assert [read_configuration(data, user=True)[1] for data in wholes if "executions" not in data] == [()] * 3
