"""An operator changes the page in one file, and what cannot be used is refused in one sentence with the way out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.corpus import color_contrast
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_site, read_texts
from assistant.corpus.reader import read_corpus
from assistant.corpus.site_settings import KEYS, LEAVE_TO, Site, is_https, site_from
from assistant.errors import AssistantError, CorpusError, NoticeMissing
from assistant.indexing.build import build_index
from assistant.indexing.check import check
from assistant.server.settings import read_settings
from assistant.server.web import page as web
from assistant.server.web.rendering import Renderer
from tests.browser.stand_in import HOSTILE, StandIn, built, running
from tests.support import ROOT

GREEN = """
name = "Harbour Ketamine Answers"
run_by = "Harbour Trust, charity 1234567"
funding = "Paid for by Harbour Trust."
contact = "https://www.example.org/contact"
leave_to = "https://www.example.org/news"
frame_ancestors = ["https://www.example.org", "https://*.example.net"]

[colours.light]
accent = "#1B5E20"
link = "#145A1A"

[colours.dark]
accent = "#A5D6A7"
on-accent = "#0B2A0D"
"""


def site(corpus: Path, text: str) -> Site:
    (corpus / "site.toml").write_text(text, "utf-8")
    return read_site(corpus)


def page(corpus: Path) -> web.Page:
    """The page of a corpus folder, without a model behind it."""
    made: web.Page = built(lambda: web.make_page(corpus.parent / "index", corpus))
    made.service.reloader.put(StandIn(read_texts(corpus)))  # type: ignore[arg-type]
    return made


# ---- what is refused


@pytest.mark.parametrize(("text", "said"), [
    ('colors = "x"', "the key 'colors' is unknown: did you mean 'colours'?"),
    ('logo = "x.png"', "the key 'logo' is unknown: use name, "),
    ("name = 7", "'name' must be text: put it in quotes"),
    ('name = ""', "'name' is empty"),
    (f'name = "{"x" * 61}"', "'name' has 61 characters: shorten it to 60"),
    ('name = "a\\nb"', "'name' has a line break"),
    ("funding = true", "'funding' must be text"),
    ('run_by = "a\\u0007"', "'run_by' has a line break or another control character"),
    ('leave_to = "http://www.example.org/"', "'leave_to' is 'http://www.example.org/', which is no https address"),
    ('leave_to = "javascript:alert(1)"', "is no https address: write one such as"),
    ('leave_to = "https://user@www.example.org/"', "is no https address"),
    ('leave_to = "https://"', "is no https address"),
    ('leave_to = "https://www.example.org:no/"', "is no https address"),
    ('leave_to = ""', "is no https address"),
    ('frame_ancestors = "https://a.example"', "'frame_ancestors' must be a list"),
    ('frame_ancestors = ["*"]', "'frame_ancestors' holds '*', which is no https site"),
    ('frame_ancestors = ["https://a.example/path"]', "without a path"),
    ('frame_ancestors = ["https://a.example; script-src *"]', "which is no https site"),
    ("frame_ancestors = [1]", "'frame_ancestors' holds 1"),
    ('colours = "green"', "write [colours.light] and [colours.dark]"),
    ('[colours]\ngrey = "#fff"', "in [colours] the key 'grey' is unknown: use light, dark"),
    ('[colours]\nlight = "#fff"', "'colours.light' must be a table"),
    ('[colours.light]\naccnt = "#000"', "in [colours.light] the key 'accnt' is unknown: did you mean 'accent'?"),
    ('[colours.light]\nurgent = "#000"', "in [colours.light] the key 'urgent' is unknown"),
    ('[colours.dark]\nink = "white"', "in [colours.dark] 'ink' is 'white', which is no colour: write it as six hex digits"),
    ('[colours.dark]\nink = "#fff; } body { display: none"', "which is no colour"),
    ("name = ", "is not valid TOML"),
    ('did_this_help = "yes"', "'did_this_help' is 'yes': write true or false"),
    ("did_this_help = 1", "'did_this_help' is 1"),
    ("region = 1", "'region' must be text"),
    ('contact = "Write to help@@harbour.example"', "'contact' holds 'help@@harbour.example', which is no e-mail address"),
    ('contact = "Ada Low (ada.low@harbour), room 4"', "'contact' holds 'ada.low@harbour', which is no e-mail address"),
])
def test_what_cannot_be_used_is_refused_in_one_sentence_with_file_key_and_way_out(corpus: Path, text: str, said: str) -> None:
    with pytest.raises(CorpusError) as found:
        site(corpus, text)
    message = str(found.value)
    assert message.startswith(str(corpus / "site.toml"))
    assert said in message
    assert len(message.splitlines()) == 1
    assert message[-1] in ".?"


@pytest.mark.parametrize("contact", ["Ada Low <ada.low@mail.harbour.example>, room 4", "@harbourtrust", "@help@social.example",
                                     "https://www.example.org/@harbour", "mailto:mistakes@example.org."])
def test_every_usual_way_to_be_reached_is_a_contact(corpus: Path, contact: str) -> None:
    site(corpus, f'contact = "{contact}"')
    assert read_texts(corpus).contact == contact


def test_an_unknown_region_names_the_file_that_says_it(corpus: Path) -> None:
    site(corpus, 'region = "XX"')
    with pytest.raises(NoticeMissing, match=r"site\.toml: 'region' is 'XX', and .*notice\.toml has no notice for it: set it to "
                                            r"one of '', 'AU', 'CA', 'GB', 'IE', 'NZ', 'US'\."):
        read_texts(corpus)


@pytest.mark.parametrize(("text", "said"), [
    ('[colours.light]\nmuted = "#949494"\nnotice = "#949494"', "'muted' on 'notice' has a contrast of 1.00:1, and text"),
    ('[colours.light]\naccent = "#F97316"\non-accent = "#FFFFFF"',
     "'on-accent' on 'accent' has a contrast of 2.80:1, and text needs at least 4.5:1"),
    ('[colours.dark]\nborder = "#1A2126"\nsurface = "#1A2126"',
     "'border' on 'surface' has a contrast of 1.00:1, and a mark needs at least 3.0:1"),
    ('[colours.dark]\nbar = "#ECE7DB"\non-bar = "#ECE7DB"', "'on-bar' on 'bar' has a contrast of 1.00:1"),
    ('[colours.light]\nink = "#FFFFFF"', "has a contrast of 1.00:1"),
])
def test_colours_that_are_too_faint_are_refused_with_the_measured_ratio_and_the_needed_one(
        corpus: Path, text: str, said: str) -> None:
    with pytest.raises(CorpusError, match=r"\(WCAG AA\): choose two colours that are further apart\.$") as found:
        site(corpus, text)
    assert said in str(found.value)


def test_a_ratio_just_below_the_bar_is_never_shown_as_reaching_it(corpus: Path) -> None:
    """#777777 on white has 4.478: the classic near miss."""
    with pytest.raises(CorpusError, match=r"4\.47:1"):
        site(corpus, '[colours.light]\naccent = "#777777"\non-accent = "#FFFFFF"')


def test_the_ratio_is_that_of_the_standard() -> None:
    assert color_contrast.ratio("#000", "#FFFFFF") == pytest.approx(21)
    assert color_contrast.ratio("#777777", "#FFF") == pytest.approx(4.478, abs=0.001)
    assert color_contrast.ratio("#0F5257", "#0F5257") == 1


def test_the_design_itself_can_be_read_in_every_pair() -> None:
    assert [pair for pair in color_contrast.pairs({}) if pair.ratio < pair.needed] == []


@pytest.mark.parametrize(("file", "fewest"), [("static/page.css", len(color_contrast.DESIGN)), ("templates/report.html", 6)])
def test_the_colours_that_are_measured_are_those_that_people_see(file: str, fewest: int) -> None:
    text = (ROOT / "assistant" / "server" / "web" / file).read_text("utf-8")
    light, dark = (dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-fA-F]{3,6})\b", block))
                   for block in re.findall(r":root\s*\{([^}]*)\}", text)[:2])
    drawn = {token: (light[token], (light | dark)[token]) for token in color_contrast.DESIGN if token in light}
    assert len(drawn) >= fewest
    assert drawn == {token: color_contrast.DESIGN[token] for token in drawn}


def test_a_broken_file_stops_check_and_build_in_one_sentence_and_leaves_what_is_published(
        corpus: Path, index: Path, toy: Any) -> None:
    before = sorted(path.name for path in index.iterdir())
    (corpus / "site.toml").write_text("name = 7", "utf-8")
    assert [finding.problem for finding in check(corpus, index) if "site.toml, line 1: 'name' must be text" in finding.problem]
    with pytest.raises(AssistantError, match=r"site\.toml, line 1: 'name'"):
        build_index(corpus, index, encoder=toy)
    assert sorted(path.name for path in index.iterdir()) == before


# ---- what is used


def test_the_shipped_file_changes_nothing_and_names_every_key() -> None:
    shipped = read_site(SHIPPED)
    assert shipped == Site(file=str(SHIPPED / "site.toml"), own=True, colours={"light": {}, "dark": {}})
    assert shipped.stylesheet == ""
    text = (SHIPPED / "site.toml").read_text("utf-8")
    documented = (ROOT / "docs" / "site.md").read_text("utf-8")
    for key in KEYS:
        assert re.search(rf"^(?:# )?(?:\[{key}\.|{key} = )", text, re.MULTILINE), key
        assert f"`{key}" in documented, key
    for token in color_contrast.TOKENS:
        assert token in text, token
        assert f"`{token}`" in documented, token


def test_an_empty_or_missing_file_is_the_page_as_shipped(tmp_path: Path) -> None:
    assert site_from({}, "site.toml") == Site(file="site.toml")
    assert read_site(tmp_path, tmp_path) == Site()


def test_one_file_changes_name_colours_addresses_and_who_runs_it(corpus: Path) -> None:
    (corpus / "site.toml").write_text(GREEN, "utf-8")
    made = page(corpus)
    with running(made.app) as (address, _), httpx.Client(base_url=address, trust_env=False) as browser:
        home, plain, about = (browser.get(path) for path in ("/", "/plain", "/about"))
        for reply in (home, plain, about):
            assert "Harbour Ketamine Answers" in reply.text
            assert ">Ketamine Answers<" not in reply.text
            assert "frame-ancestors 'self' https://www.example.org https://*.example.net" in reply.headers[
                "content-security-policy"]
        for said in ("Harbour Trust, charity 1234567", "Paid for by Harbour Trust.", "https://www.example.org/contact"):
            assert said in about.text
        assert 'data-leave="https://www.example.org/news"' in home.text
        assert '<a class="k-leave" href="https://www.example.org/news"' in plain.text, "also without JavaScript"
        assert LEAVE_TO not in home.text + plain.text
        address_of_colours = re.findall(r'href="(/ui/site\.css\?v=[0-9a-f]+)"', plain.text)
        assert address_of_colours == re.findall(r'href="(/ui/site\.css\?v=[0-9a-f]+)"', home.text)
        css = browser.get(address_of_colours[0])
        assert css.headers["content-type"].startswith("text/css")
        assert "immutable" in css.headers["cache-control"]
        assert "(prefers-color-scheme: light) { :root { --accent: #1B5E20; --link: #145A1A; } }" in css.text
        assert "(prefers-color-scheme: dark) { :root { --accent: #A5D6A7; --on-accent: #0B2A0D; } }" in css.text


def test_environment_variables_win_over_the_file(corpus: Path) -> None:
    chosen = site(corpus, GREEN)
    assert read_settings({}, chosen).ancestors == "'self' https://www.example.org https://*.example.net"
    assert read_settings({"ASSISTANT_FRAME_ANCESTORS": "'none'"}, chosen).ancestors == "'none'"
    assert read_settings({}).ancestors == "'self'"


def test_hostile_words_of_the_file_stay_text(corpus: Path) -> None:
    words = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    (corpus / "site.toml").write_text(f'name = "{words[:40]}"\nrun_by = "{words[:180]}"\ncontact = "{words[:180]}"\n', "utf-8")
    made = page(corpus)
    with running(made.app) as (address, _), httpx.Client(base_url=address, trust_env=False) as browser:
        for path in ("/", "/plain", "/about", "/nothing"):
            html = browser.get(path).text
            assert "<img src=x" not in html
            assert "<script>window.hit" not in html
            assert "&lt;img src=x" in html


# ---- what is built, and what is not


def test_region_and_contact_are_built_so_a_change_of_them_is_seen_as_stale(corpus: Path, index: Path, toy: Any) -> None:
    assert check(corpus, index) == []
    site(corpus, 'region = "GB"\ncontact = "Room 4"\n')
    assert "Samaritans" in {line.name for line in read_texts(corpus).notice.helplines}
    assert read_texts(corpus).contact == "Room 4"
    stale = [finding.problem for finding in check(corpus, index) if "changed after the index was built" in finding.problem]
    assert len(stale) == 1
    assert build_index(corpus, index, encoder=toy).published
    assert not [finding for finding in check(corpus, index) if "changed after" in finding.problem]


def test_what_is_only_shown_needs_no_build(corpus: Path, index: Path, toy: Any) -> None:
    site(corpus, GREEN.replace("contact =", "# contact ="))
    assert check(corpus, index) == []
    assert not build_index(corpus, index, encoder=toy).published


def test_a_folders_own_notice_is_not_overruled_by_the_shipped_site_file(corpus: Path, tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    for name in ("notice.toml", "helplines.toml", "not_covered.toml"):
        (shipped / name).write_bytes((SHIPPED / name).read_bytes())
        (corpus / name).write_bytes((SHIPPED / name).read_bytes())
    (shipped / "site.toml").write_text('region = "GB"\n', "utf-8")
    assert read_texts(corpus, shipped).region == "US"
    (corpus / "notice.toml").unlink()
    assert read_texts(corpus, shipped).region == "GB", "what a folder does not bring is the shipped one's"
    (corpus / "site.toml").write_text('region = "AU"\n', "utf-8")
    assert read_texts(corpus, shipped).region == "AU"


def test_the_texts_of_one_region_are_never_taken_for_those_of_another(corpus: Path) -> None:
    """A notice file with one set of texts, and a site file that asks for another region."""
    notice = (SHIPPED / "notice.toml").read_text("utf-8").split("# ---- No region")[0].replace('texts_are_for = "US"', "")
    (corpus / "notice.toml").write_text(notice, "utf-8")
    site(corpus, 'region = "GB"')
    with pytest.raises(NoticeMissing, match="has no notice for it"):
        read_texts(corpus)


def test_only_https_addresses_of_named_hosts_are_left_to() -> None:
    assert is_https(LEAVE_TO)
    assert is_https("https://www.example.org:8443/a?b=c#d")
    for bad in ("http://example.org", "https://localhost/", "https://a b.org", 'https://a.org/"', "//a.org", "https://[::1"):
        assert not is_https(bad), bad


def test_every_page_says_who_runs_it_only_where_the_operator_does() -> None:
    texts = read_corpus(SHIPPED).texts
    assert "Who runs this page" not in Renderer(texts, 1).about()
    assert "Who runs this page" in Renderer(texts, 1, Site(run_by="Harbour Trust")).about()
