"""What the command line shows: lists, sessions, help, and how it looks on a terminal."""

import signal
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
import typer

from orch import __version__
from orch.cli.app import GROUPS
from orch.cli.completion import complete_session
from orch.cli.session_markdown import session_markdown
from support.command_line import ORCH, CommandLine, on_terminal, plain, run_real
from support.projects import planning_answer


def test_a_folder_without_sessions_says_how_to_begin(orch: CommandLine, folder: Path) -> None:
    result = orch.do()
    assert result.out == ""
    assert result.err.startswith('No sessions here yet. Start one with: orch plan "Add a login page"\n')
    assert len(result.err.splitlines()) <= 3
    assert orch.do("list-sessions").err == result.err.splitlines()[0] + "\n"
    assert orch.do("list-sessions", "--json").json == {"sessions": []}
    for command in ("next", "process", "analyze", "implement", "complete", "abandon", "show"):
        assert orch.refused(command).startswith("No sessions here yet.")
    assert not (folder / ".orch").exists()


def test_the_lists(orch: CommandLine) -> None:
    first = orch.do("plan", "Add one", "--json").json["id"]
    orch.do("process", piped=planning_answer())
    second = orch.do("plan", "Fix\tthe two", "--json").json["id"]
    orch.do("abandon", "-s", second)
    rows = [line.split("\t") for line in orch.do().out.splitlines()]
    assert [(row[0], row[1], row[3], row[5]) for row in rows] == [
        (first[:8], "planning", "Add one", "start the analysis")
    ]
    everything = orch.do("list-sessions").out.splitlines()
    assert {line.split("\t")[0] for line in everything} == {first[:8], second[:8]}
    assert all(line.count("\t") == 5 for line in everything)
    assert len(orch.do("list-sessions", "--limit", "1").out.splitlines()) == 1
    assert orch.do("list-sessions", "--status", "abandoned", "--type", "bugfix").out.startswith(second[:8])
    assert orch.do("list-sessions", "--project", "other").err == "No session is like that.\n"
    listed = orch.do("list-sessions", "--json").json["sessions"]
    assert all("prompt" not in session.get("planning", {}) for session in listed)
    orch.do("abandon", "-s", first)
    assert orch.do().err.startswith("No session is open. Start one")


def test_files_that_cannot_be_read_are_told_beside_the_lists(orch: CommandLine, folder: Path) -> None:
    session = orch.do("plan", "Add one", "--json").json["id"]
    sessions = folder / ".orch/sessions"
    (sessions / "latin.orch").write_bytes('schema = 1\ntitle = "Büro"\n'.encode("latin-1"))
    (sessions / "merged.orch").write_text('<<<<<<< HEAD\nstatus = "planning"\n=======\nstatus = "analysis"\n')
    (sessions / "draft.orch").write_text('[request]\ntext = "Soon"\n')
    said = [
        ".orch/sessions/latin.orch is not a text file in UTF-8.",
        ".orch/sessions/merged.orch is not valid TOML, and no session's id can be read from it; mend the file.",
    ]
    for words in ((), ("list-sessions",)):
        done = orch.do(*words)
        assert done.out.startswith(session[:8])
        assert done.err.splitlines() == said
        told = orch.do(*words, "--json").json
        assert ([one["id"] for one in told["sessions"]], told["problems"]) == ([session], said)


def test_show(orch: CommandLine, folder: Path) -> None:
    session = orch.do("plan", "Add it", "--json").json
    (path,) = (folder / ".orch/sessions").iterdir()
    assert orch.do("show", session["id"][:8]).out == path.read_text()
    assert orch.do("show", "--format", "json").json == orch.do("show", "--json").json
    assert orch.do("show", "--prompt", "planning").out == session["prompt"].removesuffix("\n") + "\n"
    assert "There is no analysis prompt yet" in orch.refused("show", "--prompt", "analysis")
    assert "There is no session 'none'" in orch.refused("show", "none")


def test_show_as_markdown(orch: CommandLine) -> None:
    orch.do("plan", "Add it")
    orch.do("process", piped=planning_answer(analysis="# Analyse\n\n```sh\nls\n```\n"))
    text = orch.do("show", "--format", "md").out
    assert text.startswith("# Add it\n\n- id: ")
    assert "\n- complexity: medium-high\n" in text
    assert "\n### Template from the planning answer\n\n````markdown\n# Analyse\n" in text
    assert "- risk: Sessions break (Keep the old ones for a week)\n" in text


def test_markdown_of_hardly_anything() -> None:
    assert session_markdown({"title": "x"}).startswith("# x\n")


def test_version_and_help(orch: CommandLine) -> None:
    assert orch.do("--version").out == f"orch {__version__}\n"
    text = orch.do("--help").out
    assert [line for line in text.splitlines() if line.startswith(("Steps", "Without", "Looking"))] == [
        "Steps of a session:",
        "Without thinking:",
        "Looking:",
    ]
    assert 'orch plan "Add user authentication" | MODEL | orch process' in text
    for command in ("plan", "process", "answer", "show"):
        assert "--json" in orch.do(command, "--help").out


def test_the_shell_completes_sessions(orch: CommandLine) -> None:
    assert complete_session("") == []
    first = orch.do("plan", "Add one", "--json").json["id"]
    orch.do("abandon")
    second = orch.do("plan", "Add two", "--json").json["id"]
    assert complete_session("") == [(second[:8], "Add two"), (first[:8], "Add one")]
    assert complete_session(second[:8]) == [(second[:8], "Add two")]


def test_on_a_terminal_it_has_colours_and_nothing_is_changed_by_them(orch: CommandLine, folder: Path) -> None:
    prompt = orch.do("plan", "Add it").out
    seen = on_terminal(folder, "show", "--prompt", "planning")
    assert "\x1b[" in seen
    # lines are not wrapped or filled, so that what is copied from the terminal is the prompt
    assert plain(seen) == prompt
    table = plain(on_terminal(folder))
    assert "next" in table.splitlines()[0] + table.splitlines()[1]
    assert "paste the answer" in table
    assert "Add it" in plain(on_terminal(folder, "show", "--format", "md"))
    assert '"title": "Add it"' in plain(on_terminal(folder, "show", "--json"))


def test_a_terminal_is_not_told_what_to_do_by_a_text(orch: CommandLine, folder: Path) -> None:
    orch.do("plan", "Add \x1b]0;owned\x07 it")
    for argv in ((), ("show",), ("show", "--prompt", "planning"), ("list-sessions",)):
        seen = on_terminal(folder, *argv)
        assert "owned" in seen
        assert "\x1b]" not in seen
        assert "\x07" not in seen


def test_a_reader_who_leaves_early_is_no_trouble(orch: CommandLine, folder: Path) -> None:
    orch.do("plan", "Add it\n" + "and more of it\n" * 20_000)
    with subprocess.Popen([*ORCH, "show"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_an_interrupt_ends_with_130_and_changes_nothing(orch: CommandLine, folder: Path) -> None:
    orch.do("plan", "Add it")
    before = orch.do("show").out
    process = subprocess.Popen(
        [*ORCH, "process"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a job in the background of a shell is born with the interrupt ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdin
    # more than a pipe holds: when it is written, the command is there and reads
    process.stdin.write(b"half an answer" * 20_000)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, b"")
    assert orch.do("show").out == before


def test_an_unexpected_error_is_one_plain_sentence(orch: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    orch.do("plan", "Add it")

    def fail(*_args: object) -> None:
        raise RuntimeError("the moon is full")

    monkeypatch.setattr("orch.cli.work.perform", fail)
    result = orch("process", piped="an answer")
    assert (result.code, result.out) == (1, "")
    assert "The command broke off. The text is kept in .orch/unfiled/" in result.err
    assert "Orch met an error that it did not expect: RuntimeError: the moon is full" in result.err
    assert "Traceback" not in result.err
    monkeypatch.setenv("ORCH_DEBUG", "1")
    assert "Traceback" in orch("next").err
    assert list(orch.unfiled().values()) == [b"an answer"]


def test_what_is_not_needed_is_not_imported(folder: Path) -> None:
    code = (
        "import sys; from orch.cli.app import main; main(['list-sessions']);"
        "print([name for name in ('pygls', 'lsprotocol', 'rich', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([ORCH[0], "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_module_and_script_are_the_same(orch: CommandLine, folder: Path) -> None:
    assert run_real(folder, "--version").stdout.decode() == orch.do("--version").out


def test_every_group_has_the_commands_that_it_is_loaded_for() -> None:
    for group, names in GROUPS.items():
        app = typer.Typer()
        import_module(f"orch.cli.{group}").register(app)
        found = [one.name for one in (*app.registered_commands, *app.registered_groups)]
        assert sorted(names) == sorted(str(name) for name in found if name)
