"""Whole sessions, by a real client that drives the server through its tools alone, as a model would."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from mcp.client.session import ClientSession

from mcp import Client
from support.answers import answers
from support.fake_model import reply
from support.mcp_client import connected, connected_today, data, text_of

PLANNED = next(answer.text for answer in answers() if answer.name == "canonical-tags")


def saved(folder: Path) -> list[dict[str, Any]]:
    """The sessions on the disk."""
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted((folder / ".orch/sessions").iterdir())]


async def values_for(places: list[str]) -> dict[str, str]:
    return {name: f"the {name.lower()}" for name in places}


async def whole_session(client: ClientSession | Client) -> dict[str, Any]:
    """Plans, answers every prompt, fills every open place that is named, and completes: only by what `do` says."""
    told = await data(client, "plan", request="Add user authentication\n\nWith a password.")
    session, answer, prompts = told["id"], PLANNED, []
    for _ in range(12):
        tool, arguments = re.findall(r"\b([a-z_]+)\(([^)]*)\)", told["do"])[0]
        assert f'session="{session[:8]}"' in arguments
        match tool:
            case "answer":
                prompts.append(told["prompt"])
                told = await data(client, "answer", session=session, text=answer)
                answer = (
                    reply(prompts[-1]) if "# Build" in prompts[-1] or "# Analyse" in prompts[-1] else "It is so.\n"
                )
            case "fill" | "analyze" | "implement":
                told = await data(client, tool, session=session, values=await values_for(told["missing"]))
            case "complete":
                told = await data(client, "complete", session=session, outcome="success", rating=4, comment="Fine.")
            case "reopen":
                assert told["status"] == "completed"
                return {"id": session, "prompts": prompts}
            case _:
                assert tool == "next"
                told = await data(client, tool, session=session)
    raise AssertionError(told)


@pytest.mark.asyncio
async def test_a_session_from_plan_to_complete(folder: Path) -> None:
    async with connected(folder) as client:
        done = await whole_session(client)
        listed = await data(client, "list_sessions", status="completed")
        shown = await data(client, "show_session", session=done["id"][:8], texts=["planning.response"])
    (session,) = saved(folder)
    assert session["planning"]["response"] == PLANNED
    assert session["outcome"] == {"result": "success", "rating": 4, "comment": "Fine."}
    assert session["analysis"]["result"]
    assert session["implementation"]["result"]
    assert [session[phase]["prompt"] for phase in ("planning", "analysis", "implementation")] == done["prompts"]
    steps = [entry["step"] for entry in session["history"] if entry["step"] != "fill"]
    assert list(dict.fromkeys(steps)) == [
        "plan", "process", "analyze", "save-analysis", "implement", "save-implementation", "complete",
    ]  # fmt: skip
    assert "executions" not in session
    assert [(one["id"], one["status"]) for one in listed["sessions"]] == [(session["id"], "completed")]
    assert shown["texts"] == {"planning.response": PLANNED}
    assert shown["lengths"]["planning.response"] == len(PLANNED)
    assert "response" not in shown["planning"]


@pytest.mark.asyncio
async def test_the_same_by_a_client_of_the_protocol_of_2026(folder: Path) -> None:
    async with connected_today(folder) as client:
        await whole_session(client)
    assert saved(folder)[0]["status"] == "completed"


@pytest.mark.asyncio
async def test_two_sessions_open_at_once(folder: Path) -> None:
    async with connected(folder) as client:
        first = await data(client, "plan", request="Add user authentication")
        second = await data(client, "plan", request="Fix the logout")
        assert (first["feature_type"], second["feature_type"]) == ("feature", "bugfix")
        unnamed = await client.call_tool("next", {})
        assert unnamed.is_error
        sentence, heading, *cards = text_of(unnamed).splitlines()
        assert (sentence, heading) == (
            "2 sessions are open; say which one (`session`).",
            "Sessions that can be named:",
        )
        assert sorted(cards) == sorted(f"- {one['id'][:8]} {one['title']} (planning)" for one in (first, second))
        # the answers find their sessions by the line that the prompts ask for
        for one in (second, first):
            told = await data(client, "answer", text=reply(one["prompt"]))
            assert told["id"] == one["id"]
        told = await data(client, "next", session=second["id"])
        again = await data(client, "next", session=second["id"][:8])
        assert (told["status"], again["prompt"]) == ("analysis", told["prompt"])
        listed = await data(client, "list_sessions", status="open", limit=1)
        assert (len(listed["sessions"]), listed["more"]) == (1, True)
    assert sorted(one["status"] for one in saved(folder)) == ["analysis", "planning"]


@pytest.mark.asyncio
async def test_a_part_that_the_answer_lacks_is_asked_for(folder: Path) -> None:
    async with connected(folder) as client:
        planned = await data(client, "plan", request="Add a bell")
        whole = reply(planned["prompt"])
        lacking = re.sub(r"<implementation_template>.*</implementation_template>", "", whole, flags=re.DOTALL)
        told = await data(client, "answer", session=planned["id"], text=lacking)
        assert (told["parts"]["analysis"]["state"], told["parts"]["implementation"]["state"]) == (
            "found",
            "missing",
        )
        assert told["do"].startswith("Call next(")
        asked = await data(client, "next", session=planned["id"])
        assert "lacks the part IMPLEMENTATION TEMPLATE" in asked["prompt"]
        assert "write only the IMPLEMENTATION TEMPLATE" in asked["do"]
        told = await data(client, "answer", session=planned["id"], text=whole)
        assert "for the analysis prompt" in told["do"]


@pytest.mark.asyncio
async def test_text_and_data_say_the_same(folder: Path) -> None:
    async with connected(folder) as client:
        result = await client.call_tool("plan", {"request": "Add a bell \u2028 and 🔔"})
        told = result.structured_content
        assert told is not None
        assert text_of(result).endswith(f"Do: {told['do']}\n\n--- prompt ---\n{told['prompt']}")
        assert "bell \u2028 and 🔔" in told["prompt"]
        for tool in ("list_sessions", "show_session", "list_templates", "check"):
            result = await client.call_tool(tool, {})
            assert not result.is_error
            json.dumps(result.structured_content)
            assert text_of(result).strip()
