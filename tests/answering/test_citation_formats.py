"""Citations in the forms of the field, read back by libraries that other people wrote."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote

import bibtexparser
import httpx
import pytest
import rispy
from citeproc import Citation as Cited
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from assistant.answering.assistant import Assistant
from assistant.answering.citation_formats import (
    BIBLIOGRAPHIES,
    FORMS,
    annotation,
    bibtex,
    csl,
    date_parts,
    entries,
    entry_of,
    export,
    line,
    ris,
)
from assistant.cli import main
from assistant.schema import Citation, Note, Source
from assistant.server.web.page import Page
from tests.browser.stand_in import ROOT, SOURCES, StandIn, built, running, shipped_texts
from tests.support import ToyEncoder

HOSTILE = [
    "Ketamine {unbalanced", "100% of $5 & more_or~less ^up \\input{secret}", "Ends with a backslash \\",
    "Two\nlines\r\nER  - \r\nTY  - JOUR", "}\n@misc{other, title = {taken over}}", "<script>alert(1)</script> & <b>",
    "\u201cQuoted\u201d 'twice' \"over\"", "\u0645\u0631\u062d\u0628\u0627 \U0001f600 \u4f60\u597d", "A\x00\x1b[31m\x85\u2028B",
    "T1  - no tag", "@comment{x}", "a = b, c # d",
]
TEXT = "Before it. Ketamine can hurt the bladder \U0001f600 badly. After it."
EXACT = "Ketamine can hurt the bladder \U0001f600 badly."


def cited(title: str = "Bladder", publisher: str = "A charity", source: str = "s1", **other: Any) -> Citation:
    start = TEXT.index(EXACT)
    given: dict[str, Any] = {"url": "https://a.org/x", "published": "2024-10-05", "kind": "provider", "tier": "T4",
                             "retrieved": "2026-11-21"}
    return Citation(1, 0.5, source, start, start + len(EXACT), EXACT, (start, start + 5), "Heading", title, publisher,
                    **given | other)


def source_of(citation: Citation, text: str = TEXT) -> Source:
    return Source(citation.source_id, citation.title, text, hashlib.sha256(text.encode()).hexdigest(), "s1.md")


def plain(latex: str) -> str:
    """What TeX prints. The reader knows neither the names of the braces nor a plain circumflex."""
    for name, sign in ((r"\textbraceleft{}", "\uE000"), (r"\textbraceright{}", "\uE001"), (r"\textasciicircum{}", "\uE002")):
        latex = latex.replace(name, sign)
    printed: str = LatexNodes2Text(keep_comments=True).latex_to_text(latex)
    return printed.translate({0xE000: "{", 0xE001: "}", 0xE002: "^"})


def read_bibtex(text: str) -> list[dict[str, str]]:
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    return [{"key": entry.key} | {field.key: field.value for field in entry.fields} for entry in library.entries]


def rendered(text: str) -> str:
    """The bibliography that a CSL processor makes of CSL-JSON, as plain text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the style names fields that the processor does not know
        loaded = CiteProcJSON(json.loads(text))
        made = CitationStylesBibliography(CitationStylesStyle("harvard-cite-them-right", validate=False), loaded, formatter.plain)
        for record in json.loads(text):
            made.register(Cited([CitationItem(record["id"])]))
        return "\n".join(str(entry) for entry in made.bibliography())


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_stays_one_title_in_every_form(title: str) -> None:
    found = entries([cited(title, publisher=title)])
    wanted = line(title)
    (record,) = read_bibtex(bibtex(found))
    assert plain(record["title"]) == plain(record["author"]) == wanted
    (record,) = rispy.loads(ris(found))
    assert record["title"] == wanted
    assert (record["publisher"], record["type_of_reference"]) == (wanted, "ELEC")
    (record,) = json.loads(csl(found))
    assert record["title"] == record["publisher"] == wanted


@given(st.text(max_size=60), st.text(max_size=30))
def test_whatever_the_title_and_the_id_three_readers_find_one_record_and_the_same_title(title: str, source: str) -> None:
    found = entries([cited(title, source=source)])
    (record,) = read_bibtex(bibtex(found))
    assert record["url"] == "https://a.org/x"
    (from_ris,) = rispy.loads(ris(found))
    (from_csl,) = json.loads(csl(found))
    assert from_ris.get("title", "") == from_csl["title"] == line(title)


def test_a_csl_processor_sets_title_author_year_and_address() -> None:
    shown = rendered(csl(entries([cited("What charities say", publisher="Ketamine Answers, summing up X")])))
    for wanted in ("What charities say", "Ketamine Answers, summing up X", "2024", "https://a.org/x"):
        assert wanted in shown


def test_dates_survive_whole_in_part_and_not_at_all() -> None:
    for published, parts in (("2024-10-05", (2024, 10, 5)), ("2024-10", (2024, 10)), ("2024", (2024,)), (None, ()),
                             ("last spring", ()), ("2024-13", ()), ("0000", ())):
        assert date_parts(published) == parts
        found = entries([cited(published=published)])
        (record,) = json.loads(csl(found))
        assert record.get("issued") == ({"date-parts": [list(parts)]} if parts else {"literal": published} if published else None)
        assert record["accessed"] == {"date-parts": [[2026, 11, 21]]}
        (record,) = read_bibtex(bibtex(found))
        assert (record.get("year"), record.get("month")) == (
            str(parts[0]) if parts else None, str(parts[1]) if len(parts) > 1 else None)
        (record,) = rispy.loads(ris(found))
        assert record.get("year") == (str(parts[0]) if parts else None)


def test_a_source_is_one_record_with_a_note_for_each_quote_and_two_sources_never_share_a_key() -> None:
    other = cited(source="S 1")
    again = cited(note=Note("Others say otherwise.", "A study", "2026-11-21"), interest="They sell treatment.")
    found = entries([cited(), other, cited(source="s-1"), again, cited()])
    assert [len(entry.notes) for entry in found] == [2, 1, 1]
    assert "Editor\u2019s note: Others say otherwise." in found[0].notes[1]
    assert "Interest: They sell treatment." in found[0].notes[1]
    assert cited().receipt in found[0].notes[0]
    keys = [record["key"] for record in read_bibtex(bibtex(found))]
    assert len(set(keys)) == 3
    assert [record["id"] for record in rispy.loads(ris(found))] == keys


def test_the_pages_of_the_quotes_stand_in_every_form() -> None:
    second = cited(page=2)
    found = entries([second, cited(page=12), cited(source="s2")])
    assert [record.get("page") for record in json.loads(csl(found))] == ["2, 12", None]
    assert read_bibtex(bibtex(found))[0]["pages"] == "2, 12"
    assert rispy.loads(ris(found))[0]["start_page"] == "2, 12"
    assert "(page 2)" in found[0].notes[0]
    (item,) = json.loads(annotation([second], {"s1": source_of(second)}))["first"]["items"]
    assert item["target"]["source"]["schema:pagination"] == "2"


def test_only_a_plain_web_address_is_passed_on_and_an_unknown_publisher_is_nobody() -> None:
    for url in ("javascript:alert(1)", "https://a.org/} , title={x", None):
        found = entries([cited(publisher="Unknown", url=url)])
        (record,) = json.loads(csl(found))
        assert not {"URL", "author", "publisher"} & record.keys()
        assert not {"url", "author"} & read_bibtex(bibtex(found))[0].keys()
        assert rispy.loads(ris(found))[0]["type_of_reference"] == "GEN"
    assert read_bibtex(bibtex(entries([cited(url="https://a.org/{x}_%20")])))[0]["url"] == "https://a.org/%7Bx%7D_%20"


def test_an_annotation_leads_back_to_the_very_words_by_place_and_by_quote() -> None:
    twice = cited(note=Note("Others say otherwise.", "A study", "2026-11-21"))
    record = json.loads(annotation([cited(), twice], {"s1": source_of(twice)}))
    assert (record["@context"], record["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationCollection")
    (item,) = record["first"]["items"]  # the same quote is one annotation
    assert record["total"] == 1
    words, place = item["target"]["selector"]
    assert (words["type"], place["type"]) == ("TextQuoteSelector", "TextPositionSelector")
    assert TEXT[place["start"]:place["end"]] == words["exact"] == EXACT
    assert TEXT.index(words["prefix"] + words["exact"] + words["suffix"]) + len(words["prefix"]) == place["start"]
    assert item["body"][0]["value"].startswith("Editor\u2019s note: Others say otherwise.")
    ids = [record["id"], record["first"]["id"], item["id"]]
    assert len(set(ids)) == 3


def test_an_annotation_names_the_stored_text_by_the_hash_of_its_bytes(assistant: Assistant, corpus: Path) -> None:
    answer = assistant.ask("Does ketamine hurt the bladder?")
    record = json.loads(export("annotation", answer.citations, assistant.sources))
    named = record["first"]["items"][0]["target"]["source"]
    digest = hashlib.sha256((corpus / "bladder.txt").read_bytes()).digest()
    assert named["id"] == "ni:///sha-256;" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


@pytest.mark.parametrize("form", FORMS)
def test_ask_prints_the_citations_alone_and_the_notice_beside_them(
        form: str, index: Path, toy: ToyEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    opened = Assistant.open(index, encoder=toy)
    monkeypatch.setattr(Assistant, "open", lambda *_: opened)
    questions = tmp_path / "q.jsonl"
    questions.write_text("".join(json.dumps({"question": text}) + "\n" for text in (
        "Does ketamine hurt the bladder?", "ketamine bladder", "he took ketamine and is not breathing", "")), "utf-8")
    for arguments in (["Does ketamine hurt the bladder?"], ["--from", str(questions)]):
        assert main.main(["ask", *arguments, "--cite", form, "--index", str(index)]) == 0
        said = capsys.readouterr()
        assert opened.texts.notice.text in said.err
        assert opened.texts.notice.text not in said.out
        if form == "bibtex":
            assert [record["key"] for record in read_bibtex(said.out)].count("bladder") == 1
        elif form == "ris":
            assert [record["id"] for record in rispy.loads(said.out)].count("bladder") == 1
        else:
            assert "bladder" in json.dumps(json.loads(said.out))
    assert "!! " in said.err  # the urgent card


def test_a_form_of_citation_beside_json_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for other in ("--json", "--ranked"):
        assert main.main(["ask", "q", "--cite", "csl", other]) == 2
        assert capsys.readouterr().err == "--cite prints a form of its own: leave out --json and --ranked.\n"


def test_no_citation_at_all_is_an_empty_document_in_every_form() -> None:
    assert [export(form, [], []) for form in ("bibtex", "ris")] == ["", ""]
    assert json.loads(export("csl", [], [])) == []
    assert json.loads(export("annotation", [], []))["total"] == 0


def test_a_source_page_offers_its_citation_to_reference_managers() -> None:
    made = built(lambda: Page(ROOT / "index", shipped_texts(), lambda: StandIn(shipped_texts())))
    with running(made.app) as (address, _), httpx.Client(base_url=address, trust_env=False, timeout=20) as client:
        end = time.monotonic() + 10
        while client.get("/readyz").status_code != 200 and time.monotonic() < end:
            time.sleep(0.02)
        path = "/source/" + quote(SOURCES[0].id, safe="")
        page = client.get(path).text
        for form, kind in (("bibtex", "application/x-bibtex"), ("ris", "application/x-research-info-systems"),
                           ("csl", "application/vnd.citationstyles.csl+json")):
            assert f'href="{path}?cite={form}"' in page
            reply = client.get(f"{path}?cite={form}")
            assert reply.headers["content-type"].startswith(kind)
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.text == BIBLIOGRAPHIES[form][0]([entry_of(SOURCES[0])])
        other = client.get(f"{path}?cite=other").text  # the same page, but for the nonce of its one script
        assert re.sub(r'nonce="[^"]+"', "", other) == re.sub(r'nonce="[^"]+"', "", page)
        assert client.get("/source/none?cite=csl").status_code == 404
