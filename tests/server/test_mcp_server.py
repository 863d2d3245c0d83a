"""Two tools for other people's assistants, through the reference client of their protocol."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.assistant import Assistant
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.server.service import Service
from tests.support import ROOT

mcp = pytest.importorskip("mcp", reason="the extra `mcp` is not installed")

from assistant.server import mcp_server  # noqa: E402 - only where its extra is installed


def asked(service: Service, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    async def run() -> list[Any]:
        async with mcp.Client(mcp_server.server(mcp_server.Lender(service))) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(run())


def in_service(index: Path, assistant: Assistant | None) -> Service:
    service = Service(index, None, read_texts(SHIPPED), lambda: assistant, ())  # type: ignore[arg-type,return-value]
    service.start = lambda: None  # type: ignore[method-assign]
    if assistant:
        service.reloader.put(assistant)
    return service


def test_it_offers_two_tools_that_only_read(index: Path, assistant: Assistant) -> None:
    async def run() -> Any:
        async with mcp.Client(mcp_server.server(mcp_server.Lender(in_service(index, assistant)))) as client:
            return (await client.list_tools()).tools

    found = {tool.name: tool for tool in asyncio.run(run())}
    assert set(found) == {"search_passages", "open_source"}
    assert all(tool.annotations.read_only_hint for tool in found.values())
    assert found["search_passages"].input_schema["required"] == ["question"]


def test_a_search_gives_what_ask_json_gives(index: Path, assistant: Assistant) -> None:
    (reply,) = asked(in_service(index, assistant), ("search_passages", {"question": "ketamine bladder", "k": 2}))
    assert reply.structured_content == json.loads(json.dumps({"id": "1", **assistant.ask("ketamine bladder", 2).to_json()}))
    assert json.loads(reply.content[0].text) == reply.structured_content, "for clients without structured results"
    assert reply.structured_content["notice"]["helplines"]


def test_a_citation_can_be_opened_where_it_stands(index: Path, assistant: Assistant) -> None:
    cited = assistant.ask("ketamine bladder", ranked=1).ranked[0]
    (reply,) = asked(in_service(index, assistant), ("open_source", {
        "source_id": cited.source_id, "start": cited.start, "length": cited.end - cited.start}))
    opened = reply.structured_content
    assert opened["text"] == cited.exact
    assert opened["source"]["title"] == cited.title
    assert opened["notice"]["text"]


@pytest.mark.parametrize("arguments", [
    {"source_id": "../../etc/passwd"}, {"source_id": "bladder", "start": -5, "length": 10**9},
    {"source_id": "bladder", "start": 10**9}])
def test_whatever_is_asked_for_stays_inside_the_stored_texts(
        arguments: dict[str, Any], index: Path, assistant: Assistant) -> None:
    (reply,) = asked(in_service(index, assistant), ("open_source", arguments))
    assert reply.structured_content["notice"]["text"]
    assert len(reply.structured_content.get("text", "")) <= mcp_server.LONGEST
    assert ("error" in reply.structured_content) == (arguments["source_id"] != "bladder")


def test_danger_gets_its_card_also_without_an_index(tmp_path: Path) -> None:
    urgent, plain, bad = asked(
        in_service(tmp_path, None), ("search_passages", {"question": "my friend took too much ket and wont wake up"}),
        ("search_passages", {"question": "what is ketamine"}), ("open_source", {"source_id": "x"}))
    assert urgent.structured_content["urgent"]["kind"] == "overdose"
    assert plain.structured_content["status"] == "starting"
    assert "run `python -m assistant build`" in bad.structured_content["error"]
    assert all(reply.structured_content["notice"]["helplines"] for reply in (urgent, plain, bad))


def stdio(index: Path, call: Any) -> tuple[Any, str]:
    """The command itself, as an assistant starts it; with what it wrote to standard error."""
    async def run() -> Any:
        with (index.parent / "stderr").open("w+") as said:
            started = mcp.client.stdio.stdio_client(mcp.StdioServerParameters(
                command=sys.executable, args=["-m", "assistant", "mcp", "--index", str(index), "--corpus", str(ROOT / "corpus")],
                env={**os.environ, "PYTHONPATH": str(ROOT)}), errlog=said)
            async with mcp.Client(started) as client:
                found = await call(client)
        return found, (index.parent / "stderr").read_text()

    return asyncio.run(run())


@pytest.mark.model
def test_the_command_speaks_on_standard_output_and_tells_no_question(shipped_index: Path) -> None:
    async def call(client: Any) -> Coroutine[Any, Any, Any]:
        return await client.call_tool("search_passages", {"question": "Is ketamine addictive zebracrossing?"})

    reply, said = stdio(shipped_index, call)
    assert reply.structured_content["citations"][0]["receipt"]
    assert "zebracrossing" not in said
