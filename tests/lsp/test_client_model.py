"""A model of the editor answers into the session: `orch/model/run`, and clients that do it badly."""

import asyncio
import threading
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from orch.lsp.client import Client
from orch.lsp.client_model import ClientModel, client_model
from orch.model.config import Runner
from orch.runners.port import Ran, RunnerJob
from support.fake_model import reply
from support.lsp_editor import WAIT, Editor
from support.projects import planning_answer
from support.unfiled import unfiled

Start = Callable[..., Awaitable[Editor]]
Behave = Callable[["Model", str, str], Awaitable[Any]]
MODEL = "vscode:fake"


class Model:
    """The client's side: does with a prompt what `behave` says."""

    def __init__(self, editor: Editor, behave: Behave) -> None:
        self.editor, self.tokens = editor, list[str]()
        self.models: list[str] = []
        self.cancelled = asyncio.Event()
        self.asked = asyncio.Event()
        self.shown: list[str] = []
        self.refreshed = asyncio.Event()

        @editor.client.feature("orch/model/run")
        async def run(params: Any) -> Any:
            self.tokens.append(params.token)
            self.models.append(params.model)
            self.asked.set()
            try:
                return await behave(self, params.token, params.prompt)
            except asyncio.CancelledError:
                self.cancelled.set()
                raise

        @editor.client.feature("orch/run/piece")
        def piece(params: Any) -> None:
            self.shown.append(params.text)

        @editor.client.feature("workspace/codeLens/refresh")
        def refresh(_: Any) -> None:
            self.refreshed.set()

    def say(self, token: Any, text: Any) -> None:
        self.editor.client.protocol.notify("orch/model/piece", {"token": token, "text": text})


async def planned(start: Start, behave: Behave, **options: Any) -> tuple[Editor, str, Model]:
    """An editor that has a model and an open session that waits for its planning answer."""
    editor = await start(options={"clientModels": True, "clientRunText": True, **options}, commands=("orch.run",))
    model = Model(editor, behave)
    made = await editor.run("plan", request="Add a login page")
    return editor, editor.open(Path(made["path"])), model


def records(editor: Editor, uri: str) -> list[dict[str, Any]]:
    found = tomllib.loads(editor.text(uri)).get("executions", [])
    assert isinstance(found, list)
    return found


async def answers(model: Model, token: str, prompt: str) -> Any:
    text = reply(prompt)
    for start in range(0, len(text), 50):
        model.say(token, text[start : start + 50])
        await asyncio.sleep(0)
    return {"status": "ok", "model": "fake-1", "inputTokens": 12, "outputTokens": 34}


@pytest.mark.asyncio
async def test_the_answer_is_filed_with_model_and_tokens(start: Start, root: Path) -> None:
    editor, uri, model = await planned(start, answers)
    asked = types.ExecuteCommandParams(
        "orch.session.run", [{"session": uri, "runner": MODEL}], work_done_token="r-1"
    )
    editor.client.progress_reports["r-1"] = []
    result = await asyncio.wait_for(editor.client.workspace_execute_command_async(asked), WAIT)
    assert result["parts"]["analysis"]["state"] == "found"
    assert model.models == ["fake"]
    assert len(editor.edits) == 1
    (record,) = records(editor, uri)
    assert (record["runner"], record["model"], record["status"]) == ("vscode", "fake-1", "ok")
    assert (record["input_tokens"], record["output_tokens"]) == (12, 34)
    assert record["prompt_chars"] > 100
    # what was shown is the whole answer, in order, and all of it before the run was answered
    answer = reply(tomllib.loads(editor.text(uri))["planning"]["prompt"])
    assert "".join(model.shown) == answer
    editor.close(uri)  # without saving it
    assert unfiled(root) == [answer]


@pytest.mark.asyncio
async def test_cancelling_keeps_what_came_until_the_last_word(start: Start, root: Path) -> None:
    async def slow(model: Model, token: str, _: str) -> Any:
        model.say(token, "First words. \ud83d")
        try:
            await asyncio.sleep(WAIT)
        except asyncio.CancelledError:
            model.say(token, "\ude00 Last words.")
            raise

    editor, uri, model = await planned(start, slow)
    asked = types.ExecuteCommandParams(
        "orch.session.run", [{"session": uri, "runner": MODEL}], work_done_token="r-1"
    )
    editor.client.progress_reports["r-1"] = []
    running = asyncio.ensure_future(editor.client.workspace_execute_command_async(asked))
    while not model.shown:
        await asyncio.sleep(0.01)
    editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams("r-1"))
    with pytest.raises(JsonRpcException, match=r"The run was cancelled after .* is kept in ") as caught:
        await asyncio.wait_for(running, WAIT)
    await asyncio.wait_for(model.cancelled.wait(), WAIT)
    assert unfiled(root) == ["First words. \U0001f600 Last words."]
    (kept,) = (root / ".orch/unfiled").glob("*.md")
    assert isinstance(caught.value.data, dict)
    assert caught.value.data["kept"] == kept.as_uri()
    assert [record["status"] for record in records(editor, uri)] == ["cancelled"]


REFUSALS: dict[str, tuple[Any, str]] = {
    "a refusal": (
        {"status": "failed", "sentence": "I won't help\nwith that"},
        "I won't help with that. What vscode",
    ),
    "no reason": (
        {"status": "failed"},
        "The editor's model could not be run, and the editor does not say why. What",
    ),
    "a number": (7, "The editor did not say how the model ended. What vscode"),
    "null": (None, "The editor did not say how the model ended. What vscode"),
    "a list": ([{"status": "ok"}], "The editor did not say how the model ended. What vscode"),
    "a status of its own": ({"status": "fine"}, "The editor did not say how the model ended. What vscode"),
    "a status that is no word": ({"status": ["ok"]}, "The editor did not say how the model ended. What vscode"),
    "it was cancelled there": ({"status": "cancelled"}, "The model's run was cancelled. What vscode"),
}


@pytest.mark.asyncio
@pytest.mark.parametrize(("given", "sentence"), REFUSALS.values(), ids=REFUSALS)
async def test_a_model_that_does_not_end_well_is_an_error_and_nothing_is_lost(
    start: Start, root: Path, given: Any, sentence: str
) -> None:
    async def refuse(model: Model, token: str, _: str) -> Any:
        model.say(token, "I begin, but")
        return given

    editor, uri, _ = await planned(start, refuse)
    error = await editor.refused("run", session=uri, runner=MODEL)
    assert error.message.startswith(sentence)
    assert unfiled(root) == ["I begin, but"]
    (record,) = records(editor, uri)
    assert (record["status"], record["model"]) == (
        "cancelled" if "cancelled" in sentence else "failed",
        "fake",
    )


@pytest.mark.asyncio
async def test_an_error_of_the_client_is_told_in_its_words(start: Start, root: Path) -> None:
    async def fail(_model: Model, _token: str, _prompt: str) -> Any:
        raise JsonRpcException("You exceeded your quota.", -32000)

    editor, uri, _ = await planned(start, fail)
    error = await editor.refused("run", session=uri, runner=MODEL)
    assert "You exceeded your quota" in error.message
    assert unfiled(root) == []
    assert [record["status"] for record in records(editor, uri)] == ["failed"]


@pytest.mark.asyncio
async def test_pieces_that_nobody_waits_for_and_wrong_ones_are_passed_over(start: Start, root: Path) -> None:
    async def confused(model: Model, token: str, prompt: str) -> Any:
        for other, text in [("unknown", "lost"), (token, 7), (token, None), (7, "x"), (None, "x"), ({"a": 1}, "x")]:
            model.say(other, text)
        for params in ("text", 7, [token, "text"], None):
            model.editor.client.protocol.notify("orch/model/piece", params)
        model.say(token, reply(prompt))
        # two answers to one request: the second is one to a request that nobody knows any more
        body = {
            "jsonrpc": "2.0",
            "id": token,
            "result": {"status": "ok", "inputTokens": -1, "outputTokens": "many"},
        }
        model.editor.client.protocol._send_data(body)
        return {"status": "failed", "sentence": "too late"}

    editor, uri, model = await planned(start, confused)
    assert (await editor.run("run", session=uri, runner=MODEL))["parts"]["analysis"]["state"] == "found"
    model.say(model.tokens[0], "after the end")
    (record,) = records(editor, uri)
    assert (record["status"], "input_tokens" in record, "output_tokens" in record) == ("ok", False, False)
    assert "lost" not in tomllib.loads(editor.text(uri))["planning"]["response"]
    # the server is well
    assert (await editor.run("standing", session=uri))["status"] == "planning"
    assert all("lost" not in text for text in unfiled(root))


@pytest.mark.asyncio
async def test_a_client_that_goes_away_leaves_what_came_in_the_file(root: Path) -> None:
    editor = Editor()
    ended = asyncio.Event()
    await editor.start(root, options={"clientModels": True})

    async def never(model: Model, token: str, _: str) -> Any:
        model.say(token, "Half an ans")
        # pygls' client would trip over a handler that is still at work when the server has gone
        del editor.client.protocol._request_futures[token]
        await ended.wait()

    Model(editor, never)
    made = await editor.run("plan", request="Add a login page")
    running = asyncio.create_task(editor.run("run", session=made["id"], runner=MODEL))
    while unfiled(root) != ["Half an ans"]:
        await asyncio.sleep(0.01)
    await editor.stop()
    ended.set()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert unfiled(root) == ["Half an ans"]
    tomllib.loads(Path(made["path"]).read_text("utf-8"))


@pytest.mark.asyncio
async def test_a_client_without_models_has_no_such_runner(start: Start) -> None:
    editor = await start()
    made = await editor.run("plan", request="Add a login page")
    error = await editor.refused("run", session=made["id"], runner=MODEL)
    assert error.message.startswith("There is no runner 'vscode:fake'")


@pytest.mark.asyncio
async def test_open_places_stop_a_run_and_are_named_for_the_client(start: Start) -> None:
    editor, uri, model = await planned(start, answers)
    await editor.run(
        "process", session=uri, text=planning_answer(analysis="# Analyse\n\nLook at [DATABASE URL].\n")
    )
    error = await editor.refused("run", session=uri, runner=MODEL)
    assert isinstance(error.data, dict)
    assert error.data["missing"] == ["DATABASE URL"]
    assert model.models == []
    await editor.run("run", session=uri, runner=MODEL, force=True)
    assert tomllib.loads(editor.text(uri))["analysis"]["result"].endswith("see src/auth.py.\n")


@pytest.mark.asyncio
async def test_the_lenses_name_what_was_chosen(start: Start) -> None:
    editor, uri, model = await planned(start, answers)

    async def runs() -> list[tuple[str, Any]]:
        return [
            (lens.command.title, (lens.command.arguments or [None])[0])
            for lens in await editor.lenses(uri)
            if lens.command is not None and lens.command.command == "orch.run"
        ]

    assert await runs() == [("Run with ...", {"session": uri})]
    editor.client.protocol.notify("orch/run/chosen", {"runner": MODEL, "title": "Fake Model"})
    await asyncio.wait_for(model.refreshed.wait(), WAIT)
    named = {"session": uri, "runner": MODEL, "title": "Fake Model"}
    assert await runs() == [("Run with ...", {"session": uri}), ("Run with Fake Model", named)]
    for wrong in (None, [], {"runner": 7}, {"title": "x"}):
        model.refreshed.clear()
        editor.client.protocol.notify("orch/run/chosen", wrong)
        await asyncio.wait_for(model.refreshed.wait(), WAIT)
        assert await runs() == [("Run with ...", {"session": uri})]


@pytest.mark.asyncio
async def test_a_choice_of_last_time_is_named_at_once(start: Start) -> None:
    editor, uri, _ = await planned(start, answers, clientRunChoice={"runner": "claude"})
    titles = [lens.command.title for lens in await editor.lenses(uri) if lens.command]
    assert "Run with claude" in titles


class Silent:
    """A server whose client never answers: what it would send is kept."""

    def __init__(self) -> None:
        self.client = Client(models=True)
        self.model_pieces: dict[str, Callable[[str], None]] = {}
        self.sent: list[tuple[str, Any]] = []
        self.protocol = self

    def later(self, function: Callable[[], None]) -> None:
        function()

    def notify(self, method: str, params: Any) -> None:
        self.sent.append((method, params))

    def send_request(self, method: str, params: Any, msg_id: str) -> Any:
        assert params["token"] == msg_id
        self.sent.append((method, msg_id))
        return self

    def add_done_callback(self, callback: Any) -> None:
        self.callback = callback


def run(ls: Any, told: Callable[[str], None], stop: threading.Event, root: Path) -> Ran:
    return ClientModel(ls, "fake", silence=0.2)(RunnerJob(Runner("vscode"), "Hello", root), told, stop)


def test_a_client_that_never_answers_is_given_up_and_told_so(tmp_path: Path) -> None:
    ls = Silent()
    ran = run(ls, lambda _: None, threading.Event(), tmp_path)
    assert (ran.status, ran.sentence, ran.text) == (
        "timeout",
        "Nothing came for 0.2 s, so the run was stopped.",
        "",
    )
    assert [method for method, _ in ls.sent] == ["orch/model/run", "$/cancelRequest"]
    assert ls.sent[1][1].id == ls.sent[0][1]
    assert ls.model_pieces == {}


def test_a_client_that_does_not_listen_to_cancelling_is_left(tmp_path: Path) -> None:
    ls, stop = Silent(), threading.Event()
    stop.set()
    ran = run(ls, lambda _: None, stop, tmp_path)
    assert (ran.status, ran.sentence) == ("cancelled", "The run was cancelled after 0 s.")


def test_a_flood_is_stopped_and_what_came_is_kept(tmp_path: Path) -> None:
    told = list[str]()

    class Flooding(Silent):
        def send_request(self, method: str, params: Any, msg_id: str) -> Any:
            for _ in range(9):
                self.model_pieces[msg_id]("a" * 2**20)
            return super().send_request(method, params, msg_id)

    ls = Flooding()
    ran = run(ls, told.append, threading.Event(), tmp_path)
    assert (ran.status, ran.sentence) == ("failed", "The model wrote more than 8 MiB and was stopped.")
    assert len(ran.text) == len("".join(told)) == 8 * 2**20


def test_only_a_client_with_models_has_runners_of_its_own() -> None:
    ls: Any = Silent()
    found = client_model(ls, "vscode:copilot/gpt")
    assert found is not None
    assert (found[0].name, found[1].model) == ("vscode", "copilot/gpt")
    assert client_model(ls, "claude") is None
    assert client_model(ls, None) is None
    ls.client = Client()
    assert client_model(ls, "vscode:copilot/gpt") is None
