"""Models answer into the session in the real VS Code: its own language models, runners, the chat and the tools."""

import json
import re
import shlex
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

import vscode_web
from support.runners import command, configure
from support.unfiled import unfiled
from support.vscode import WAIT, Editor, install_extension

expect.set_options(timeout=WAIT)

Until = Callable[[Callable[[], bool]], None]
ROOT = Path(__file__).absolute().parents[2]
MODELS = Path(__file__).parent / "model_extension"


@pytest.fixture(scope="module")
def extensions(vscode: vscode_web.VSCode, vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Orch, and an extension that has language models."""
    home = tmp_path_factory.mktemp("extensions-with-models")
    packed = home / "model.vsix"
    vsce = ROOT / "vscode-extension/node_modules/@vscode/vsce/vsce"
    options = ["--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", str(packed)]
    subprocess.run(
        [str(vscode.node), str(vsce), "package", *options], cwd=MODELS, check=True, capture_output=True, timeout=120
    )
    for extension in (vsix, packed):
        install_extension(vscode, extension, home, home / "extensions")
    return home / "extensions"


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Any]:
    """VS Code with its models and its chat, for a person who has a `claude` on the PATH."""
    programs, home = tmp_path / "bin", tmp_path / "home"
    programs.mkdir()
    home.mkdir()
    claude = programs / "claude"
    claude.write_text(f"#!/bin/sh\nexec {shlex.join(command('slowly'))}\n", "utf-8")
    claude.chmod(0o755)
    # VS Code takes its PATH from a login shell
    (home / ".profile").write_text(f"PATH={shlex.quote(str(programs))}:$PATH\n", "utf-8")
    return {"chat.disableAIFeatures": False}


def the_session(shop: Path) -> dict[str, Any]:
    """The only session of the project."""
    (path,) = (shop / ".orch" / "sessions").glob("*.orch")
    return tomllib.loads(path.read_text("utf-8"))


def records(shop: Path) -> list[tuple[str, str, str, str]]:
    """The runs of the session: step, runner, model and how they ended."""
    found = the_session(shop)["executions"]
    return [(one["step"], one["runner"], one.get("model", ""), one["status"]) for one in found]


def plan(editor: Editor) -> None:
    """A new session, its planning prompt made."""
    editor.command("Orch: Plan Feature")
    editor.answer_box(re.compile("What do you want"), "Add a login page")
    editor.page.locator(".quick-input-widget .monaco-list-row", has_text="from the words of the request").wait_for()
    editor.page.keyboard.press("Enter")
    editor.lens("Planning - next: paste the answer").wait_for()
    editor.dismiss()


def run_with(editor: Editor, model: str) -> None:
    """Run the prompt that is due from the palette."""
    editor.command("Orch: Run Prompt")
    editor.pick(model)


def line_of(shop: Path, start: str, after: str) -> int:
    """The number, from 1, of the first line that begins with `start` after the line `after`."""
    (path,) = (shop / ".orch" / "sessions").glob("*.orch")
    lines = path.read_text("utf-8").splitlines()
    first = lines.index(after)
    return next(number for number, line in enumerate(lines, 1) if number > first and line.startswith(start))


def streamed(editor: Editor) -> Any:
    """The document in which an answer grows."""
    return editor.tab(re.compile("answer\\.md"))


def test_a_model_of_vscode_answers_from_plan_to_report(editor: Editor, shop: Path, until: Until) -> None:
    plan(editor)
    editor.command("Orch: Run Prompt")
    editor.page.locator(".quick-input-widget .monaco-list-row", has_text="Add claude to your settings").wait_for()
    editor.shot("which-model")
    editor.pick("Calm Model")
    streamed(editor).wait_for()
    editor.message(re.compile(r"Calm Model: Add a login page")).wait_for()
    editor.line("Find out how customers log in.").wait_for()
    editor.shot("streams")
    editor.message("its parts are found").get_by_role("button", name="Next Step").click()
    editor.status("Analysis - next: paste the analysis").wait_for()
    editor.message("The prompt is on the clipboard.").get_by_role("button", name="Run with Calm Model").wait_for()
    editor.dismiss()

    # the lens takes what was chosen last time without a question
    editor.click_lens("Run with Calm Model", line_of(shop, "prompt", "[analysis]"))
    editor.message("The answer is stored.").get_by_role("button", name="Next Step").click()
    editor.status("Implementation - next: paste what was built").wait_for()
    editor.dismiss()
    editor.shot("implementation")

    # and in the list it is the first
    editor.command("Orch: Run Prompt")
    editor.page.locator(".quick-input-widget .monaco-list-row", has_text="last time").wait_for()
    editor.shot("last-time-first")
    editor.page.keyboard.press("Enter")
    editor.message("The answer is stored.").get_by_role("button", name="Complete").wait_for()
    editor.shot("filed")
    session = the_session(shop)
    assert session["implementation"]["result"].strip().endswith("The login page is built and tested.")
    assert records(shop) == [(step, "vscode", "calm", "ok") for step in ("plan", "analyze", "implement")]
    assert all(one["input_tokens"] > 10 and one["output_tokens"] > 3 for one in session["executions"])
    until(lambda: unfiled(shop) == [])


def test_a_run_is_cancelled_and_what_came_is_kept(editor: Editor, shop: Path, until: Until) -> None:
    plan(editor)
    run_with(editor, "Endless Model")
    editor.line("Thought number 3.").wait_for()
    going = editor.message(re.compile("Endless Model: Add a login page"))
    editor.shot("streams")
    going.get_by_role("button", name="Cancel").click()
    said = editor.message("The run was cancelled after")
    said.get_by_role("button", name="Open What Came").wait_for()
    editor.shot("cancelled")
    assert "Thought number 3." in unfiled(shop)[0]
    until(lambda: records(shop) == [("plan", "vscode", "endless", "cancelled")])
    said.get_by_role("button", name="Open What Came").click()
    (kept,) = (shop / ".orch/unfiled").glob("*.md")
    editor.tab(kept.name).wait_for()
    editor.shot("what-came")


def test_refusal_quota_and_consent_are_in_the_models_own_words(editor: Editor, shop: Path, until: Until) -> None:
    plan(editor)
    for model, words in (
        ("Strict Model", "I cannot help with login pages, says my filter."),
        ("Private Model", "You have not allowed Orch to use Private Model."),
        ("Spent Model", "You have used up your 50 premium requests of this month."),
    ):
        run_with(editor, model)
        editor.message(f"{model}: {words}").wait_for()
        editor.shot(model)
        editor.dismiss()
    until(
        lambda: (
            [record[2:] for record in records(shop)]
            == [("strict", "failed"), ("private", "failed"), ("empty-handed", "failed")]
        )
    )
    assert unfiled(shop) == ["I begin with the analysis, and"]
    assert "response" not in the_session(shop)["planning"]


def test_a_runner_answers_from_the_lens_and_is_cancelled_from_the_palette(
    editor: Editor, shop: Path, tmp_path: Path, until: Until
) -> None:
    config = tmp_path / "home" / "config"
    configure(config, "slowly", name="owl")
    plan(editor)
    editor.click_lens("Run with owl", line_of(shop, "prompt", "[planning]"))
    streamed(editor).wait_for()
    editor.shot("streams")
    editor.message("its parts are found").wait_for()
    until(lambda: records(shop) == [("plan", "owl", "", "ok")])
    until(lambda: unfiled(shop) == [])
    editor.dismiss()

    configure(config, "for-ever", name="owl")
    run_with(editor, "owl")
    editor.line("Thinking").wait_for()
    editor.message(re.compile("owl: Add a login page")).get_by_role("button", name="Cancel").click()
    editor.message("The run was cancelled after").wait_for()
    editor.shot("cancelled")
    until(lambda: records(shop)[1:] == [("analyze", "owl", "", "cancelled")])
    assert unfiled(shop) == ["Thinking \u2026 ä"]


def test_a_program_that_is_found_is_added_and_open_places_are_asked_about(
    editor: Editor, shop: Path, tmp_path: Path
) -> None:
    plan(editor)
    editor.copy(PLAN_WITH_A_PLACE)
    editor.command("Orch: Paste Answer")
    editor.pick("Clipboard")
    editor.message("its parts are found").wait_for()
    editor.dismiss()
    run_with(editor, "Add claude to your settings")
    dialog = editor.page.locator(".monaco-dialog-box")
    dialog.get_by_text("The prompt has an open place: DATABASE URL.").wait_for()
    editor.shot("all-the-same")
    assert the_session(shop)["status"] == "planning"
    dialog.get_by_role("button", name="Send It All the Same").click()
    editor.message("The answer is stored.").wait_for()
    settings = tomllib.loads((tmp_path / "home" / "config" / "config.toml").read_text("utf-8"))
    assert settings["runners"]["claude"]["command"] == ["claude", "-p"]
    assert records(shop) == [("analyze", "claude", "", "ok")]
    # the answer holds U+2028, which is text like any other: no question about it
    editor.line("It uses cookies").wait_for()
    editor.shot("added")
    expect(dialog).to_have_count(0)


PLAN_WITH_A_PLACE = """\
<analysis_template>
# Analyse
Look at [DATABASE URL].
</analysis_template>
<implementation_template>
# Build it
</implementation_template>
<execution_notes>
Complexity: Low
</execution_notes>
"""


def call_tool(editor: Editor, name: str, **given: Any) -> dict[str, str]:
    """What a tool answers when it is called as an agent calls it."""
    editor.copy(json.dumps({"name": name, "input": given}))
    editor.command("Test: Call Tool")
    if name != "orch_list":
        # what changes files is asked about first
        editor.page.locator(".monaco-dialog-box").get_by_role("button", name="Yes").click()
    editor.message(f"Tool {name} has answered.").wait_for()
    editor.dismiss()
    said = json.loads(editor.clipboard())
    assert isinstance(said, dict)
    return said


def test_an_agent_takes_a_session_through_with_the_tools(editor: Editor, shop: Path) -> None:
    assert "Add" not in call_tool(editor, "orch_list")["text"]
    planned = call_tool(editor, "orch_plan", request="Add a login page")["text"]
    session = the_session(shop)["id"][:8]
    assert planned.startswith(f"Session {session} (Add a login page) is in planning.")
    assert the_session(shop)["planning"]["prompt"] in planned
    assert session in call_tool(editor, "orch_list")["text"]

    filed = call_tool(editor, "orch_answer", session=session, text=PLAN_WITH_A_PLACE)["text"]
    assert "Found in the answer: analysis: found, implementation: found" in filed
    assert "Places without a value: DATABASE URL." in call_tool(editor, "orch_next", session=session)["text"]
    filled = call_tool(editor, "orch_fill", session=session, values={"DATABASE URL": "sqlite:shop.db"})["text"]
    assert "sqlite:shop.db" in filled
    call_tool(editor, "orch_answer", session=session, text="It is a cookie.")
    assert "It is a cookie." in call_tool(editor, "orch_next", session=session)["text"]
    call_tool(editor, "orch_answer", session=session, text="Built in src/auth.py.")
    refused = call_tool(editor, "orch_next", session="ffffffff")
    assert "ffffffff" in refused["error"]
    ended = call_tool(editor, "orch_complete", session=session, outcome="success", rating=5)["text"]
    assert "is in completed." in ended
    assert the_session(shop)["outcome"] == {"result": "success", "rating": 5}


def say(editor: Editor, words: str) -> None:
    """Type into the chat and send it."""
    box = editor.page.locator(".interactive-input-part .monaco-editor").first
    box.click()
    editor.page.keyboard.press("Control+A")
    editor.page.keyboard.type(words)
    # the list of participants and commands is in the way of Enter
    editor.page.wait_for_timeout(500)
    editor.page.keyboard.press("Escape")
    editor.page.keyboard.press("Enter")


def reply(editor: Editor) -> Any:
    """The last reply in the chat."""
    return editor.page.locator(".interactive-session .interactive-response").last


def test_the_chat_takes_steps_and_files_answers(editor: Editor, shop: Path, until: Until) -> None:
    editor.command("Test: Show Offers")
    editor.message("The offers are on the clipboard.").wait_for()
    editor.dismiss()
    editor.command("Chat: Open Chat")
    editor.page.locator(".interactive-input-part").get_by_text("Calm Model").wait_for()
    editor.shot("chat")
    say(editor, "@orch Add a login page")
    reply(editor).get_by_text("Next: start the analysis.").wait_for()
    editor.shot("planned")
    assert records(shop) == [("plan", "vscode", "calm", "ok")]
    reply(editor).get_by_role("button", name="Next").click()
    reply(editor).get_by_text("Next: start the implementation.").wait_for()
    assert "cookie" in the_session(shop)["analysis"]["result"]
    editor.shot("analysed")

    editor.command("Orch: Show Sessions")
    editor.pick("Add a login page")
    editor.lens("Analysis - next: start the implementation").wait_for()
    editor.command("Orch: Send to Chat")
    editor.page.locator(".interactive-input-part .view-line", has_text=re.compile("login")).first.wait_for()
    editor.shot("sent-to-chat")
    say(editor, "@orch /answer I built it in src/auth.py.")
    reply(editor).get_by_text("Next: say how it went.").wait_for()
    until(lambda: the_session(shop)["implementation"]["result"].strip() == "I built it in src/auth.py.")
    editor.shot("answered")
