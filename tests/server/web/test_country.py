"""A country's help lines on the running page: whose they are is chosen by the reader, request by request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.answering.lexical_search import LexicalAssistant
from assistant.errors import CorpusError
from assistant.server.service import Service
from tests.browser.stand_in import QUESTIONS, ROOT, StandIn, running, shipped_regions
from tests.server.web.test_page import TEXTS, client, has_notice, page, wait_until, words

REGIONS = shipped_regions()


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    with running(page(burst=10_000, read_regions=shipped_regions).app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200)
        yield found


@pytest.mark.parametrize("region", REGIONS)
def test_each_country_has_its_own_lines_notice_and_card(site: httpx.Client, region: str) -> None:
    texts, country = REGIONS[region], region or "none"
    lines = site.get(f"/lines/{country}")
    assert texts.notice.text in words(lines.text)
    assert lines.headers["cache-control"] == "no-store"
    card = site.post("/ask", data={"q": QUESTIONS["urgent"], "country": country}).text
    assert texts.cards["overdose"].text in words(card)
    plain = site.post("/plain", data={"q": QUESTIONS["not_covered"], "country": country}).text
    assert texts.notice.text in words(plain)
    assert (TEXTS.notice.text in words(plain)) is (region == TEXTS.region)


@pytest.mark.parametrize("country", ["", "XX", "us", "<b>"])
def test_a_country_that_there_is_not_gets_the_lines_of_the_page(site: httpx.Client, country: str) -> None:
    assert has_notice(site.post("/plain", data={"q": QUESTIONS["answered"], "country": country}).text)
    if country:
        assert site.get(f"/lines/{country}").status_code == 404


def test_a_country_alone_is_kept_at_a_random_address_like_an_answer(site: httpx.Client) -> None:
    sent = site.post("/plain", data={"q": "", "country": "IE", "lines": "1", "keep": "1"})
    assert sent.status_code == 303
    assert "IE" not in sent.headers["location"].rpartition("/")[0]
    assert REGIONS["IE"].notice.text in words(site.get(sent.headers["location"]).text)


def test_a_passage_with_a_number_of_another_country_is_withheld_where_the_reader_is(tmp_path: Path) -> None:
    (tmp_path / "first-aid.md").write_text("# A fit\n\nIf a fit does not end within five minutes, call 911 at once.\n", "utf-8")
    assistant = LexicalAssistant.open(tmp_path / "index", tmp_path)
    abroad = assistant.with_texts(assistant.texts.in_region(REGIONS["NZ"]))
    assert assistant.ask("does a fit end within minutes").citations
    assert not abroad.ask("does a fit end within minutes").citations
    assert assistant.texts.region == "US", "who chose nothing sees the page's own"


def test_what_is_withheld_under_a_chosen_country_turns_readyz_red_too() -> None:
    assistant = LexicalAssistant.open(ROOT / "nowhere", ROOT / "corpus")
    assistant.with_texts(REGIONS["GB"])._unlike["a source"] += 1
    assert assistant.withheld == 1


def test_a_corpus_that_somebody_is_writing_to_keeps_the_regions_that_were_read(tmp_path: Path) -> None:
    read = iter([REGIONS])

    def regions() -> dict[str, object]:
        for found in read:
            return dict(found)
        raise CorpusError("half a file")

    service = Service(tmp_path, None, TEXTS, lambda: StandIn(TEXTS), (), read_regions=regions)  # type: ignore[arg-type,return-value]
    service._adopt(StandIn(TEXTS))  # type: ignore[arg-type]
    assert set(service.regions) == set(REGIONS)
