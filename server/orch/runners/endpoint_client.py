"""Gives a prompt to an OpenAI-compatible endpoint. Run as a script, in a process of its own, without Orch.

Standard input: a line of JSON that says where to ask, then the prompt. Standard output: the answer, as it comes.
Standard error: at the end one line of JSON with what else is known. The exit code is 1 where there is no whole
answer; then that line has a `sentence`.
"""

import ipaddress
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from openai import OpenAI, Stream
    from openai.types.chat import ChatCompletionChunk

DEFAULT_KEY, DEFAULT_HOST = "OPENAI_API_KEY", "api.openai.com"
"""The variable that nobody need name, and the only host that it is for: no other one is ever given its key."""

SERVICE = "orch"
"""The name under which the system's key store has a runner's key."""

CONNECT = 10.0
"""Seconds that a connection may take to come about; a model may think for long, a machine does not."""

LONGEST = 300
NO_KEY = "none"
"""What the client is given where there is no key: it wants one, and a server of your own does not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Where to ask, and for what."""

    name: str
    base_url: str
    model: str
    key_env: str
    timeout: float


@dataclass(slots=True)
class Heard:
    """What came: facts for the record, how the answer ended, and half a character that waits for its rest."""

    facts: dict[str, Any] = field(default_factory=dict)
    ended: str | None = None
    any: bool = False
    half: str = ""


class UnusableError(Exception):
    """There is no whole answer; its text is one plain sentence."""


def main() -> int:
    """Asks, writes, and tells. Gives the exit code."""
    asked = Asked(**json.loads(sys.stdin.buffer.readline()))
    prompt = sys.stdin.buffer.read().decode("utf-8", "replace")
    heard = Heard()
    if not _is_openai(asked.base_url):
        _forget_openai(asked.key_env)
    key = ""
    try:
        try:
            import openai  # noqa: F401 - whether it is there at all
        except ModuleNotFoundError as error:
            raise UnusableError(_not_installed(asked)) from error
        key = _key(asked)
        answer(asked, key, prompt, heard)
    except UnusableError as refused:
        said = " ".join(str(refused).split())
        # some servers say the key back
        heard.facts["sentence"] = said.replace(key, "***") if key else said
        print(json.dumps(heard.facts), file=sys.stderr)
        return 1
    print(json.dumps(heard.facts), file=sys.stderr)
    return 0


def _not_installed(asked: Asked) -> str:
    return (
        f"{asked.name} is an endpoint, and the package openai that speaks to it is not installed; install it with: "
        f'pip install "orch-lsp[endpoint]" (for {sys.executable}).'
    )


def _key(asked: Asked) -> str:
    """The key from the environment, else from the system's key store, else none."""
    variable = key_variable(asked.base_url, asked.key_env)
    key = os.environ.get(variable, "").strip() or _stored_key(asked)
    if not key and asked.key_env:
        raise UnusableError(
            f"There is no key for {asked.name}: set {asked.key_env}, or store it with: "
            f"keyring set {SERVICE} {asked.name}"
        )
    return key


def key_variable(base_url: str, key_env: str) -> str:
    """The environment variable that holds the key for `base_url`: the one that is named, else OpenAI's for OpenAI.

    Empty for any other host, whose key must be named or stored under the runner's name.
    """
    return key_env or (DEFAULT_KEY if _is_openai(base_url) else "")


def _is_openai(base_url: str) -> bool:
    address = urlsplit(base_url)
    host = address.hostname or ""
    return address.scheme == "https" and (host == DEFAULT_HOST or host.endswith(f".{DEFAULT_HOST}"))


def _forget_openai(key_env: str) -> None:
    """Takes from this process what the environment says for OpenAI: the client would send some of it anywhere."""
    for name in [name for name in os.environ if name.startswith("OPENAI_") and name != key_env]:
        del os.environ[name]


def _stored_key(asked: Asked) -> str:
    try:
        import keyring

        return (keyring.get_password(SERVICE, asked.name) or "").strip()
    except Exception:
        return ""  # there is no store here, or it stays locked: each kind of store says so in its own way


def answer(asked: Asked, key: str, prompt: str, heard: Heard) -> None:
    """Writes the answer to standard output as it comes. Raises UnusableError where it is not whole."""
    import openai

    try:
        with _client(asked, key) as client:
            _listen(_stream(client, asked, prompt), heard)
    except openai.APIError as error:
        raise UnusableError(_api_sentence(asked, key, error)) from error
    except ValueError as error:
        raise UnusableError(f"{asked.name} sent something that is no chat completion.") from error
    except OSError:
        raise  # standard output is gone, and so is whoever wanted to hear
    except UnusableError:
        raise
    except Exception as error:
        # while the answer comes the client hands on what its transport raises
        raise UnusableError(f"The connection to {asked.name} broke off: {_short(error)}") from error
    finally:
        _write(heard.half)
    if heard.ended is None and heard.any:
        raise UnusableError(f"{asked.name} stopped in the middle of its answer.")
    if heard.ended == "length":
        raise UnusableError(f"{asked.name} stopped at its limit of tokens, so its answer is not whole.")
    if heard.ended == "content_filter":
        raise UnusableError(f"{asked.name} cut its answer off by a filter of its own.")


def _client(asked: Asked, key: str) -> "OpenAI":
    from openai import DefaultHttpxClient, OpenAI, Timeout

    # a proxy that stands in the environment cannot reach this machine's own address
    own = DefaultHttpxClient(trust_env=False) if _is_this_machine(asked.base_url) else None
    patience = Timeout(asked.timeout, connect=min(CONNECT, asked.timeout))
    return OpenAI(base_url=asked.base_url, api_key=key or NO_KEY, timeout=patience, http_client=own)


def _is_this_machine(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _stream(client: "OpenAI", asked: Asked, prompt: str) -> "Stream[ChatCompletionChunk]":
    from openai import BadRequestError, UnprocessableEntityError

    try:
        return client.chat.completions.create(
            model=asked.model,
            messages=[{"role": "user", "content": prompt}],
            stream=True,
            stream_options={"include_usage": True},
        )
    except (BadRequestError, UnprocessableEntityError) as error:
        # older servers know nothing of it
        if "stream_options" not in str(error):
            raise
    return client.chat.completions.create(
        model=asked.model, messages=[{"role": "user", "content": prompt}], stream=True
    )


def _listen(stream: "Stream[ChatCompletionChunk]", heard: Heard) -> None:
    kind = stream.response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        _take(json.loads(stream.response.read()), heard)
        return
    for chunk in stream:
        whole = getattr(chunk, "model_dump", None)  # what is no object at all comes as it is
        _take(whole() if whole else chunk, heard)
    if not heard.any and kind != "text/event-stream":
        raise ValueError(kind)


def _take(piece: object, heard: Heard) -> None:
    """One piece of a stream, or a whole answer of a server that does not stream. Raises ValueError."""
    if not isinstance(piece, Mapping):
        raise ValueError(piece)
    heard.any = True
    if isinstance(model := piece.get("model"), str) and model:
        heard.facts["model"] = model
    if isinstance(usage := piece.get("usage"), Mapping):
        for ours, theirs in (("input_tokens", "prompt_tokens"), ("output_tokens", "completion_tokens")):
            if isinstance(count := usage.get(theirs), int):
                heard.facts[ours] = count
    choices = piece.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if not isinstance(choice, Mapping):
            raise ValueError(choice)
        said = choice.get("delta") or choice.get("message") or {}
        text = said.get("content") if isinstance(said, Mapping) else None
        if isinstance(text, str) and text:
            _write_text(text, heard)
        heard.ended = choice.get("finish_reason") or heard.ended


def _write_text(text: str, heard: Heard) -> None:
    """Writes a piece; the first half of a surrogate pair waits for the second."""
    text, heard.half = heard.half + text, ""
    if "\ud800" <= text[-1] <= "\udbff":
        text, heard.half = text[:-1], text[-1]
    _write(text)


def _write(text: str) -> None:
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    rest = memoryview(joined.encode())
    while rest:
        rest = rest[os.write(1, rest) :]


def _api_sentence(asked: Asked, key: str, error: Exception) -> str:
    import openai

    variable = key_variable(asked.base_url, asked.key_env)
    match error:
        case openai.APITimeoutError():
            return f"{asked.name} did not answer in time."
        case openai.APIConnectionError():
            return f"{asked.name} cannot be reached at {asked.base_url}: {_short(error.__cause__ or error)}"
        case openai.AuthenticationError() | openai.PermissionDeniedError() if key:
            source = variable if os.environ.get(variable, "").strip() else "the system's key store"
            return f"{asked.name} does not take the key of {source}: {_short(error)}"
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            how = f"set {variable}" if variable else "name its variable as key_env"
            return (
                f"{asked.name} wants a key: {how}, or store it with: keyring set {SERVICE} {asked.name} "
                f"({_short(error)})"
            )
        case openai.RateLimitError():
            return f"{asked.name} takes no more for now: {_short(error)}"
        case openai.APIStatusError():
            return f"{asked.name} answered with an error: {_short(error)}"
        case _:
            return f"{asked.name} broke its answer off: {_short(error)}"


def _short(error: BaseException) -> str:
    """What an error says, on one line: of an answer with an error its code and message."""
    body, code = getattr(error, "body", None), getattr(error, "status_code", None)
    message = body.get("message") if isinstance(body, Mapping) else None
    said = message if isinstance(message, str) and message else str(error) or type(error).__name__
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())
    short = line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
    return f"HTTP {code}, {short}" if code and message else short


if __name__ == "__main__":
    sys.exit(main())
