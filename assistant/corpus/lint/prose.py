"""words of a text -> the places where they are wrong: advertising, dangling references, marks, stigma, amounts, grade.

Each rule takes a view, or the context for strings of TOML files, and gives violations.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from assistant.corpus.lines import CONTENTS, words
from assistant.corpus.lint.context import OUR_KINDS, Level, LintContext, SourceView, Violation
from assistant.corpus.lint.readability import grade
from assistant.corpus.passages import OWN_KINDS, SALES

MAX_GRADE = 8.0  # health bodies ask for grade 6 to 8 (safety record, 5.2)
FEWEST_WORDS = 15  # a shorter string has no grade to speak of

ADVERTISING = re.compile(
    r"\bclick here\b"
    r"|\badmissions (?:specialist|team|line|counsell?or)"
    r"|\b\w+ can help\.(?=\s+(?:We|Our|Call|Click|Contact|Speak)\b)|\ba phone call away\b|\binvites you to\b"
    r"|\bspeak(?:ing)? with (?:a|one of our) (?:professional|treatment (?:provider|expert)|addiction treatment)"
    r"|\bconnect with a treatment provider|\bfind (?:a )?(?:rehab|treatment) for yourself"
    r"|\b(?:book|schedule) your\b|\bget started today\b|\bverify your insurance\b|\bsign up (?:for|now)\b"
    r"|\bpaid advertis\w+|\bsponsored (?:content|post)|\bwe receive compensation\b|\baffiliate links?\b"
    r"|\bhelps? (?:brands|businesses|clients)\b|\bcopywriter\b|\b(?:freelance|content) writer\b"
    r"|\bin the category \w+ and created by\b", re.IGNORECASE)
ADVERTISES = "advertising"
REACH = re.compile(r"(?:call|contact|email|text) (?:us|our)\b", re.IGNORECASE)
LEFT_OUT = ("There is nothing to do; if it should be shown, say in sources.toml of what 'kind' the publisher is (government, "
            "charity or study).")
INVITING = re.compile(  # from who treats or sells; a hospital or a charity tells its readers so how to reach it
    r"\b(?:call|contact|visit|speak (?:to|with)|reach out to)\b[^.!?\n]{0,60}\b(?-i:today)\b"
    r"|\bfor more information\b[^.!?\n]{0,90}\b(?:visit|contact)\b", re.IGNORECASE)
DANGLING = re.compile(
    r"\b(?:listed|mentioned|described|discussed|shown|noted|explained|outlined) (?:above|below)\b|\bsee (?:above|below)\b"
    r"|\b(?:above|below)[- ]mentioned\b|\bclick here\b|\b(?:in|see) the (?:table|figure|chart|list|image|video|link)s? "
    r"(?:above|below)\b|\bthe (?:table|figure|chart|image|video) (?:above|below)\b|\bread on to\b|\bkeep reading\b"
    r"|\b(?:this|the next|the following) (?:section|chapter|blog post|post|guide) "
    r"(?:\w+ )?(?:unpacks?|explores?|delves?|covers?|discuss(?:es)?|explains?|describes?|looks?)\b", re.IGNORECASE)
LOOSE_START = re.compile(r"(?:he|she|they|it|his|her|their|its)\b(?:['’]\w+)?|(?:this|that|these|those)\b"
                         r"(?! (?:page|project|service|site|website|article|document|sheet)\b)", re.IGNORECASE)
POINTING = re.compile(r"(?:this|that|these|those) (?!(?:is|are|was|were|can|may|has|have|does|do|will|would|should)\b)",
                      re.IGNORECASE)
EXPLETIVE = re.compile(r"it(?:['’]s| is| was| has been| may be) (?:\w+ )?\w+ (?:to|that|for)\b", re.IGNORECASE)
MARKS = {
    "bold or italic marks": re.compile(r"(\*\*|__)(?=\S)[^*_\n]+\1"),
    "an HTML tag": re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>\n]*)?/?>|&(?:[a-z]{2,8}|#\d{1,6});"),
    "a Markdown link": re.compile(r"!?\[[^\]\n]*\]\([^)\n]*\)"),
    "'#' at the end of a line": re.compile(r"^(?![ ]{0,3}#).*\S[ \t]*#+(?=[ \t]*$)", re.MULTILINE),
    "table bars": re.compile(r"^[ \t]*\|.*\|[ \t]*$|\S \| \S.* \| \S", re.MULTILINE),
}
FUNCTION_WORDS = frozenset("""
    a about after all an and any are as at be before between both but by can could did do does during each either every
    for from had has have he her here his how if in into is it its may might more most my near no nor not of off on one
    only or other our out over said says she should since so some such than that the their them then there these they
    this those through to toward under until up upon us use via was we were what when where which while who whose why
    will with within without would you your
""".split())
SPLICE = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]his|[Tt]heir) ([a-z]{3,}) ((?:[A-Z][a-z]+ )+[A-Z][a-z]+) "
                    r"(?:of|to|for|in|is|are|was|that|which|with|on)\b")
PROPER_NAMES = re.compile(r"alcoholics anonymous|(?:national )?institute on drug abuse|substance abuse and mental health"
                          r"|(?:national programme on )?substance abuse deaths|https?://\S+", re.IGNORECASE)
DRUG = r"(?:drug|substance|alcohol|ketamine|opioid|cocaine|medication|prescription)s?"
STIGMA = re.compile(
    r"\babusers?\b|\baddicts?\b|\balcoholics?\b|\bjunkies?\b|\bdruggies?\b|\bcrackheads?\b|\bdrunks\b|\bhabits?\b"
    rf"|\b{DRUG} abuse\b|\babus(?:e|es|ed|ing)(?: of)? {DRUG}\b"
    r"|\b(?:get|gets|getting|got|stay|stays|stayed|staying|come|came|been|be|is|are|was|were) (?:clean|dirty)\b"
    r"(?! (?:water|air|up)\b)|\b(?:clean|dirty) (?:urine|(?:drug )?(?:tests?|screens?|results?)|samples?|needles?)"
    r"|\bcommit(?:s|ted|ting)? suicide\b|\b(?:failed|successful|unsuccessful|completed) (?:suicide |attempts?\b)",
    re.IGNORECASE)
NUMBER_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|half a|a few|several"
AMOUNT = re.compile(r"(?<![\w.])\d[\d.,]*(?:\s?(?:-|–|to)\s?\d[\d.,]*)?\s?(?:mg|mcg|µg|g|ml|cc|milligrams?|micrograms?|grams?"
                    r"|millilit(?:re|er)s?)(?:/kg)?\b|\b(?:\d+|" + NUMBER_WORDS + r")\s(?:grams?|milligrams?|lines|bumps?)\b",
                    re.IGNORECASE)
TRIAL = re.compile(r"\b(?:trials?|stud(?:y|ies))\b", re.IGNORECASE)
IN_BLOOD = re.compile(r"\b(?:blood|urine|plasma)\b", re.IGNORECASE)  # a legal limit or a test's threshold is no dose
HELP_LINES = re.compile(r"\b(?:help|calls?|phone)\b", re.IGNORECASE)  # "four lines" of help is no amount


def sales(view: SourceView) -> Iterator[Violation]:
    """One violation a line. Sentences that the splitter drops by itself only warn: nobody will see them."""
    found = [match.span() for match in ADVERTISING.finditer(view.seen)]
    if view.own or view.source.kind not in OWN_KINDS:
        found += [match.span() for match in INVITING.finditer(view.seen)]
    if view.source.kind not in OWN_KINDS:
        found += [match.span() for match in SALES.finditer(view.seen)]
    for number, group in itertools.groupby(sorted(found), lambda span: view.line(span[0])):
        spans = list(group)
        shown = any(view.quoted(*span) for span in spans)
        pitch = list(dict.fromkeys(view.seen[start:end].strip() for start, end in spans))
        sorts = list(dict.fromkeys(map(_pitch, pitch)))
        what = ADVERTISES if ADVERTISES in sorts else " and ".join(sorts)
        left_out = "There is nothing to do." if what == ADVERTISES else LEFT_OUT
        yield Violation(view.file, number, what + ("" if shown else ", which no answer shows"), "; ".join(pitch),
                        *((None, "") if shown else ("warning", left_out)))


def _pitch(words: str) -> str:
    """What words that stand for an offer are: how to reach somebody is no advertising."""
    if ADVERTISING.fullmatch(words) or INVITING.fullmatch(words):
        return ADVERTISES
    return ("an e-mail address" if "@" in words else "a phone number" if words[-1:].isdigit()
            else "an invitation to get in touch" if REACH.match(words) else ADVERTISES)


def dangling(view: SourceView) -> Iterator[Violation]:
    for match in DANGLING.finditer(view.seen):
        yield view.violation(match.start(), "these words point to something that an answer does not show", match[0])
    for number, block in enumerate(view.blocks):
        # A list item leans on its lead-in, and a later paragraph of ours on its section, whose first names the subject.
        leans = view.own and (POINTING.match(view.seen, block.start)
                              or (number > 0 and view.blocks[number - 1].section == block.section))
        if (block.kind == "text" and not leans and LOOSE_START.match(view.seen, block.start, block.end)
                and not EXPLETIVE.match(view.seen, block.start)):
            yield view.violation(block.start, "a paragraph begins with a word that means something said before",
                                 view.seen[block.start:block.end], "warning")


def markup(view: SourceView) -> Iterator[Violation]:
    """One violation for each sort of mark: a text that has one has many."""
    for what, pattern in MARKS.items():
        marks = list(pattern.finditer(view.seen))
        if marks:
            numbers = {view.line(match.start()) for match in marks}
            more = f", as on {len(numbers) - 1} more lines" if len(numbers) > 1 else ""
            yield view.violation(marks[0].start(), what + more, marks[0][0], None if view.own else "warning")
    for match in SPLICE.finditer(view.seen):
        if match[1] not in FUNCTION_WORDS:
            yield view.violation(match.start(1), "perhaps a name spliced into a sentence", match[0], "warning")


def contents(view: SourceView) -> Iterator[Violation]:
    """Tables of contents, titles said twice, and headings that nothing stands under."""
    real = [line for line in view.lines if line.kind != "blank" and line.end > line.start]
    for line, below in itertools.zip_longest(real, real[1:]):
        heading = view.source.text[line.start:line.end]
        if not view.seen[line.start:line.end].strip():
            continue
        if CONTENTS.match(heading.strip("#* ")):
            yield view.violation(line.start, "a table of contents", heading)
        elif line.kind == "heading":
            following = view.source.text[below.start:below.end] if below and below.kind == "heading" else ""
            if heading.strip() == following.strip():
                yield view.violation(line.start, "a heading that is said twice", heading)
            elif below is None or 0 < _depth(following) <= _depth(heading):
                yield view.violation(line.start, "a heading with nothing under it", heading)


def _depth(heading: str) -> int:
    return len(heading) - len(heading.lstrip("#"))


def stigma(view: SourceView) -> Iterator[Violation]:
    """One violation a line. In others' texts: the words are the source's own."""
    clean = PROPER_NAMES.sub(lambda match: " " * len(match[0]), view.seen)
    matches = list(STIGMA.finditer(clean))
    for number, group in itertools.groupby(matches, lambda match: view.line(match.start())):
        found_words = "; ".join(dict.fromkeys(match[0] for match in group))
        if view.own:
            yield Violation(view.file, number, "words that hurt people", found_words)
        else:
            yield Violation(view.file, number, "words that hurt people; the words are the source's own", found_words, "warning",
                            "Say so beside the quote (notes.toml), or name it under 'exclude' in sources.toml.")


def stigma_in(text: str) -> list[str]:
    """The words of the stigma list in a text of ours, names of bodies left aside."""
    return list(dict.fromkeys(match[0] for match in STIGMA.finditer(PROPER_NAMES.sub(" ", text))))


def stigma_in_strings(context: LintContext) -> Iterator[Violation]:
    """Our own words in the corpus's TOML files. Questions, slang and patterns are other people's words."""
    own = [(str(context.corpus.folder / "sources.toml"), line, str(table.get(field, "")))
           for line, table in context.tables("sources.toml", "source", own=True)
           for field in ("title", "interest", "rights") if table.get("kind") in OUR_KINDS]
    for file, line, text in [*context.strings, *own]:
        if stigma_words := stigma_in(text):
            yield Violation(file, line, "words that hurt people", "; ".join(stigma_words))


def amounts(view: SourceView) -> Iterator[Violation]:
    """Amounts in our own sentences that are not about a trial."""
    for start, end in view.sentences if view.own else ():
        sentence = view.source.text[start:end]
        if TRIAL.search(sentence) or IN_BLOOD.search(sentence):
            continue
        for match in AMOUNT.finditer(sentence):
            if not (match[0].lower().endswith("lines") and HELP_LINES.search(sentence)):
                yield view.violation(start + match.start(), "an amount outside a sentence about a trial or study", match[0])


def hard_to_read(view: SourceView) -> Iterator[Violation]:
    """The grade of the whole text, on the line where its longest sentence begins."""
    school_grade = grade(view.source.text, view.markdown, view.excluded)
    if school_grade is not None and school_grade > MAX_GRADE:
        longest = max(view.sentences, key=lambda span: len(view.seen[span[0]:span[1]].split()))
        yield view.violation(longest[0], f"hard to read, school grade {school_grade:.1f} where {MAX_GRADE:.0f} is the "
                             "aim; the longest sentence is", view.seen[longest[0]:longest[1]],
                             *(() if view.own else ("warning", "Put an easier text beside it.")))


def grade_of_strings(context: LintContext) -> Iterator[Violation]:
    """The notice and cards must be easy to read. A note of two sentences is too short for a sure measure: it warns."""
    for file, line, text in context.strings:
        school_grade = grade(text) if words(text) >= FEWEST_WORDS else None
        if school_grade is not None and school_grade > MAX_GRADE:
            level: Level = "error" if Path(file).name == "notice.toml" else "warning"
            yield Violation(file, line, f"hard to read, school grade {school_grade:.1f} where {MAX_GRADE:.0f} is the aim", text,
                            level)
