"""What programs get: the documented examples run, our routes do what their description says, all clients get one citation."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.answering.assistant import Assistant
from assistant.cli import main
from assistant.corpus.fixed_texts import read_texts
from assistant.server.web import page as web
from tests.server.test_mcp_server import stdio
from tests.server.web.test_page import ROOT, TEXTS, StandIn, built, call_api, client, page, running, wait_until

DOCUMENTED = (ROOT / "docs" / "api.md").read_text("utf-8")
DESCRIBED = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
ADDRESS = "http://127.0.0.1:7860"
QUESTION = "Is ketamine addictive?"


@pytest.fixture(scope="module")
def site(shipped_index: Path) -> Iterator[str]:
    """The real page over the shipped corpus."""
    texts = read_texts(ROOT / "corpus")
    made = built(lambda: web.Page(shipped_index, texts, lambda: Assistant.open(shipped_index), burst=10_000))
    with running(made.app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200, 60)
        yield address


def from_http(address: str) -> dict[str, Any]:
    with client(address) as session:
        return dict(call_api(session, QUESTION, 3))


def from_plain(address: str) -> tuple[str, str]:
    """(the first quote, its place in its source)."""
    html = httpx.post(f"{address}/plain", data={"q": QUESTION}, trust_env=False).text
    quote = re.search(r"<blockquote[^>]*>(.*?)</blockquote>", html, re.DOTALL)
    place = re.search(r'href="/source/([\w-]+)\?at=(\d+-\d+)', html)
    assert quote
    assert place
    return unescape(re.sub(r"<[^>]+>", "", quote[1])), f"{place[1]}#{place[2]}"


@pytest.mark.model
def test_every_client_gets_the_same_citation(site: str, shipped_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from gradio_client import Client

    main.main(["ask", QUESTION, "--json", "--index", str(shipped_index)])
    printed = json.loads(capsys.readouterr().out)

    async def call(session: Any) -> Any:
        return await session.call_tool("search_passages", {"question": QUESTION})

    replies = {
        "HTTP": from_http(site),
        "gradio_client": Client(site, verbose=False, analytics_enabled=False).predict(QUESTION, 3, api_name="/ask"),
        "MCP": stdio(shipped_index, call)[0].structured_content,
        "Python": json.loads(json.dumps({"id": "1", **Assistant.open(shipped_index).ask(QUESTION).to_json()})),
    }
    for name, reply in replies.items():
        assert reply == printed, name
    first = printed["citations"][0]
    quote, place = from_plain(site)
    assert " ".join(quote.split()) == " ".join(first["exact"].split())
    assert first["receipt"].startswith(place + "@")


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENTED, re.DOTALL)


@pytest.mark.model
def test_the_python_examples_run(site: str, shipped_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = examples("python")
    assert len(found) == 2
    for code in found:
        exec(code.replace(ADDRESS, site).replace('"index"', repr(str(shipped_index))), {})
    said = capsys.readouterr().out
    assert read_texts(ROOT / "corpus").notice.text in said
    assert "@" in said.splitlines()[-1], "a receipt"


@pytest.mark.model
@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl on this machine")
def test_the_curl_examples_run(site: str) -> None:
    for code in examples("bash"):
        done = subprocess.run(["bash", "-euc", code.replace(ADDRESS, site)], capture_output=True, text=True, check=True)
        assert from_http(site)["citations"][0]["exact"].split(".")[0] in " ".join(unescape(done.stdout).split())


def test_the_example_for_assistants_is_a_command() -> None:
    (example,) = examples("json")
    (server,) = json.loads(example)["mcpServers"].values()
    assert main.parser().parse_args(server["args"][2:]).command == "mcp"


def test_every_route_of_ours_is_described() -> None:
    made = page()
    ours = {(route.path, method.lower()) for route in made.app._app._app.routes if getattr(route, "methods", None)
            for method in route.methods if method != "HEAD"}
    closed = {("/favicon.ico", "get"), ("/ui/site.css", "get"), ("/ui/suggestions.json", "get"),  # parts of the page
              ("/editor", "get"), ("/editor", "post")}  # not there until opened
    described = {(path, method) for path, item in DESCRIBED["paths"].items() for method in item}
    assert {entry for entry in ours if not entry[0].startswith("/gradio")} - closed == described




@pytest.fixture(scope="module")
def stand_in() -> Iterator[str]:
    with running(page(lambda: StandIn(TEXTS), burst=1_000_000).app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200)
        yield address


@pytest.mark.parametrize("operation", [
    f"{method.upper()} {path}" for path, item in DESCRIBED["paths"].items() for method in item])
def test_our_routes_do_what_their_description_says(operation: str, stand_in: str) -> None:
    """Whatever fits the description, and what does not: no reply that is not described, none without its headers."""
    from hypothesis import HealthCheck, Phase, given, settings

    method, path = operation.split()
    schemathesis = pytest.importorskip("schemathesis", reason="the extra `test` is not installed whole")
    schema = schemathesis.openapi.from_dict(DESCRIBED)
    schema.config.update(base_url=stand_in)

    @given(case=schema[path][method].as_strategy())
    @settings(max_examples=15, deadline=None, phases=[Phase.generate], derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        reply = case.call()
        case.validate_response(reply, checks=conformance())
        assert reply.headers["x-content-type-options"] == ["nosniff"]

    check()


def conformance() -> list[Any]:
    from schemathesis.specs.openapi import checks

    return [checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance]
