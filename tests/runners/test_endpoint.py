"""Endpoints: a real HTTP server on this machine, well and badly behaved, and the client in its own process."""

import threading
import time
from pathlib import Path

import pytest

from orch.model.config import Runner
from orch.runners.any_runner import run_any
from orch.runners.endpoint_client import NO_KEY, key_variable
from orch.runners.launching import MOST
from orch.runners.port import Ran, RunnerJob
from support.chat_server import MODEL, Server, chat_server
from support.fake_model import reply

PROMPT = "# Analyse this ä\u2028 🦉\nOrch-Session: 0123abcd\n"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key and no store of keys of whoever runs the tests; a proxy that leads nowhere."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")


def endpoint(server: Server, timeout: float | None = 60.0, key_env: str = "") -> Runner:
    return Runner("local", (), timeout, "owl", server.url, key_env)


def ran(root: Path, behaviour: str, timeout: float | None = 60.0, prompt: str = PROMPT) -> tuple[Ran, Server]:
    pieces: list[str] = []
    with chat_server(behaviour) as server:
        job = RunnerJob(endpoint(server, timeout), prompt, root)
        done = run_any(job, pieces.append, threading.Event())
    assert "".join(pieces) == done.text
    return done, server


@pytest.mark.parametrize("behaviour", ["answer", "slowly"])
def test_the_answer_streams_and_tells_its_model_and_tokens(tmp_path: Path, behaviour: str) -> None:
    done, server = ran(tmp_path, behaviour)
    text = reply(PROMPT)
    assert done == Ran("ok", text, done.seconds, "", MODEL, len(PROMPT), len(text))
    assert server.bodies == [
        {
            "model": "owl",
            "messages": [{"role": "user", "content": PROMPT}],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
    ]


def test_half_a_character_at_a_time(tmp_path: Path) -> None:
    assert ran(tmp_path, "by-bytes")[0].text == "🦉café \u2028 🦉"
    assert ran(tmp_path, "half-a-character")[0].text == "owl \ufffd"


def test_a_long_prompt_arrives_whole(tmp_path: Path) -> None:
    prompt = "ä🦉\n" * 100_000
    done, _ = ran(tmp_path, "echo", prompt=prompt)
    assert (done.status, done.text) == ("ok", prompt)


@pytest.mark.parametrize(
    ("behaviour", "text", "sentence"),
    [
        (
            "breaks-off",
            reply(PROMPT)[:28],
            "The connection to local broke off: peer closed connection without sending complete message body",
        ),
        ("stops-early", reply(PROMPT)[:28], "local stopped in the middle of its answer."),
        ("resets", reply(PROMPT)[:7], ""),
        ("error-inside", reply(PROMPT)[:7], "local broke its answer off: The model was unloaded."),
        ("cut-off", reply(PROMPT)[:50], "local stopped at its limit of tokens, so its answer is not whole."),
        ("no-json", "So far", "local sent something that is no chat completion."),
        ("other-json", "", "local sent something that is no chat completion."),
        ("page", "", "local sent something that is no chat completion."),
        ("nothing", "", "local wrote nothing."),
        ("no-piece", "", "local wrote nothing."),
        ("flood", "a" * MOST, "local wrote more than 8 MiB and was stopped."),
        ("no-model", "", "local answered with an error: HTTP 404, model 'owl' not found"),
        ("no-more", "", "local takes no more for now: HTTP 429, You exceeded your quota."),
        ("broken", "", "local answered with an error: <html> [31mIt fell over.</html>"),
    ],
)
def test_what_goes_wrong_is_one_plain_sentence(tmp_path: Path, behaviour: str, text: str, sentence: str) -> None:
    done, server = ran(tmp_path, behaviour)
    assert (done.status, done.text) == ("failed", text)
    assert done.sentence.startswith(sentence)
    assert done.sentence.isprintable()
    assert len(server.bodies) == (3 if behaviour in ("no-more", "broken") else 1)


@pytest.mark.parametrize("behaviour", ["patience", "recovers"])
def test_the_client_tries_again(tmp_path: Path, behaviour: str) -> None:
    done, server = ran(tmp_path, behaviour)
    assert (done.status, done.text, len(server.bodies)) == ("ok", reply(PROMPT), 2)


@pytest.mark.parametrize("behaviour", ["at-once", "older"])
def test_servers_that_do_less(tmp_path: Path, behaviour: str) -> None:
    done, _ = ran(tmp_path, behaviour)
    assert (done.status, done.text, done.model) == ("ok", reply(PROMPT), MODEL)
    assert (done.input_tokens, done.output_tokens) == ((3, 4) if behaviour == "at-once" else (None, None))


@pytest.mark.parametrize(("behaviour", "text"), [("silent", ""), ("for-ever", "Thinking … ä")])
def test_one_that_never_ends_is_stopped_at_its_limit(tmp_path: Path, behaviour: str, text: str) -> None:
    done, _ = ran(tmp_path, behaviour, 4.0)
    assert (done.status, done.sentence) == ("timeout", "local took longer than 4 s and was stopped.")
    assert done.text in (text, "")
    assert done.model in ("owl", MODEL)


def test_cancelling_does_not_wait_for_the_endpoint(tmp_path: Path) -> None:
    stop = threading.Event()
    with chat_server("silent") as server:

        def cancel() -> None:
            while not server.bodies:
                time.sleep(0.005)
            stop.set()

        waiting = threading.Thread(target=cancel)
        waiting.start()
        done = run_any(RunnerJob(endpoint(server, None), PROMPT, tmp_path), lambda _: None, stop)
        waiting.join()
    assert done.status == "cancelled"
    assert done.sentence.startswith("The run was cancelled after ")


def test_nobody_there(tmp_path: Path) -> None:
    with chat_server("answer") as server:
        gone = endpoint(server)
    done = run_any(RunnerJob(gone, PROMPT, tmp_path), lambda _: None, threading.Event())
    assert done.status == "failed"
    assert done.sentence.startswith(f"local cannot be reached at {gone.base_url}: ")


class TestKeys:
    """The key comes from the environment or the key store, and is never said."""

    def keys(self, root: Path, key_env: str, behaviour: str = "answer") -> tuple[Ran, list[str | None]]:
        with chat_server(behaviour) as server:
            job = RunnerJob(endpoint(server, key_env=key_env), PROMPT, root)
            return run_any(job, lambda _: None, threading.Event()), server.keys

    def test_from_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OWL_KEY", "sk-owl")
        assert self.keys(tmp_path, "OWL_KEY")[1] == ["Bearer sk-owl"]

    def test_that_of_openai_is_for_openai_alone(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-general")
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer sk-of-a-header")
        assert self.keys(tmp_path, "")[1] == [f"Bearer {NO_KEY}"]
        assert self.keys(tmp_path, "OPENAI_API_KEY")[1] == ["Bearer sk-general"]

    @pytest.mark.parametrize(
        ("base_url", "variable"),
        [
            ("https://api.openai.com/v1", "OPENAI_API_KEY"),
            ("https://eu.API.openai.com:443/v1", "OPENAI_API_KEY"),
            ("http://api.openai.com/v1", ""),
            ("https://api.openai.com.example.org/v1", ""),
            ("https://notapi.openai.com/v1", ""),
            ("https://api.openai.com@example.org/v1", ""),
            ("https://example.org/api.openai.com", ""),
        ],
    )
    def test_which_hosts_are_openais(self, base_url: str, variable: str) -> None:
        assert key_variable(base_url, "") == variable
        assert key_variable(base_url, "OWL_KEY") == "OWL_KEY"

    def test_from_the_key_store(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        store = tmp_path / "store"
        store.mkdir()
        (store / "owl_store.py").write_text(
            "from keyring.backend import KeyringBackend\n"
            "class Store(KeyringBackend):\n"
            "    priority = 1\n"
            "    def get_password(self, service, name):\n"
            "        return f'sk-of-{service}-{name}'\n"
            "    def set_password(self, service, name, password):\n"
            "        raise NotImplementedError\n"
        )
        monkeypatch.setenv("PYTHONPATH", str(store))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "owl_store.Store")
        assert self.keys(tmp_path, "OWL_KEY")[1] == ["Bearer sk-of-orch-local"]
        assert self.keys(tmp_path, "")[1] == ["Bearer sk-of-orch-local"]
        done, _ = self.keys(tmp_path, "", "no-entry")
        assert done.sentence.startswith("local does not take the key of the system's key store: HTTP 401, ")

    def test_one_that_is_named_and_not_there(self, tmp_path: Path) -> None:
        done, keys = self.keys(tmp_path, "OWL_KEY")
        assert (done.status, keys) == ("failed", [])
        assert done.sentence == ("There is no key for local: set OWL_KEY, or store it with: keyring set orch local")

    def test_one_that_is_not_taken_is_not_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OWL_KEY", "sk-secret")
        done, _ = self.keys(tmp_path, "OWL_KEY", "no-entry")
        assert done.sentence == (
            "local does not take the key of OWL_KEY: HTTP 401, Incorrect API key provided: ***."
        )

    def test_none_at_all(self, tmp_path: Path) -> None:
        done, _ = self.keys(tmp_path, "", "no-entry")
        assert done.sentence.startswith(
            "local wants a key: name its variable as key_env, or store it with: keyring"
        )


def test_without_the_extra_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "openai.py").write_text("raise ModuleNotFoundError('no openai', name='openai')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done, server = ran(tmp_path, "answer")
    assert (done.status, server.bodies) == ("failed", [])
    assert done.sentence.startswith(
        "local is an endpoint, and the package openai that speaks to it is not installed; install it with: "
        'pip install "orch-lsp[endpoint]" (for '
    )


def test_no_module_of_the_project_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("openai", "keyring", "json", "httpx"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('evil')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", ".")
    assert ran(tmp_path, "answer")[0].status == "ok"
