"""kind, tier, status, confidence -> the words the page says about them.

Labels alone. What is said about safety, and each sentence above an answer, is in ``corpus/*.toml``; layout in ``templates/``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.notices import Helpline
from assistant.schema import Answer, Citation, Note, Term

CLOSE = 0.8  # calibrated confidence from which the first passage is called a close match; wording only
MOST_NAMES = 6  # other names that are listed for one searched word

SPEAKERS = {  # who is speaking, before the quote is read
    "fact-sheet": "Fact sheet, our own words",
    "government": "Government text, quoted",
    "study": "Research study, quoted",
    "charity": "Charity’s text, quoted",
    "provider": "Treatment provider’s text, quoted",
    "unknown": "Text by an unknown publisher, quoted",
}
DIGESTS = {  # the same for a digest, where the tier tells whose claims they are
    "T2": "Government or research, summed up by us",
    "T3": "Charity’s claims, summed up by us",
    "T4": "Treatment provider’s claims, summed up by us",
    "T5": "Claims of unclear origin, summed up by us",
}
KIND_WORDS = {
    "fact-sheet": "fact sheet, our own words",
    "digest": "digest of another publisher’s article, our own words",
    "government": "government",
    "study": "research study",
    "charity": "charity",
    "provider": "treatment provider",
    "unknown": "publisher unknown",
}
TIER_WORDS = {
    "T1": "rests on the references it lists",
    "T2": "government or research",
    "T3": "charity",
    "T4": "rests on a provider’s own claims",
    "T5": "origin unclear",
    "unreviewed": "not reviewed by us",
}
UNREVIEWED = "Not yet reviewed by a clinician."  # in a source's interest; said once below an answer, not on every card
WHOSE = {
    "fact-sheet": "A text of our own, written from the references listed below.",
    "digest": "A digest: the words are ours, the claims are theirs.",
}
ORIGINAL = "The original text: the words and the claims are the publisher’s."

EXAMPLES = (
    "Is ketamine addictive?",
    "What can ketamine do to the bladder?",
    "Is it safe to mix ketamine with alcohol?",
    "Does ketamine help with depression?",
    "How do I find help to stop?",
)

BY_WORDS = "The full search is not running, so we only looked for your words. "
BY_WORDS_FOUND = BY_WORDS + "These passages share words with your question. They may not answer it."
BY_WORDS_NONE = BY_WORDS + ("No passage shares enough of them. Try other words, or ask a doctor, a pharmacist or one of the help "
                            "lines below.")
BY_WORDS_HEADINGS = {"related": "Found by words only", "not_covered": "No passage found by words alone"}
HEADINGS = {"related": "Near, but perhaps not an answer", "not_covered": "We have no passage for that"}
TOPICS = {"greeting": "Ask about ketamine", "service": "About this page", "other": "This page is about ketamine"}
INSTEAD, ABOVE = "Please ask someone who can help with that", "One thing we do not answer, and what the sources say"
FOREIGN = "We can only search in English"  # above the sentence for a question in another language

REGION_NAMES = {"US": "United States", "GB": "United Kingdom", "IE": "Ireland", "CA": "Canada", "AU": "Australia",
                "NZ": "New Zealand", "": "Another country"}

STATES = {
    "starting": ("Still starting", "The sources are being loaded. Please try again in a few seconds."),
    "busy": ("Many people are asking", "Please try again in a minute. "
             "If you need help now, call one of the help lines."),
    "error": ("Something went wrong", "We could not look that up. Please try again. "
              "If you need help now, call one of the help lines."),
    "question": ("Please change your question", ""),
    "forgotten": ("This answer is no longer kept", "Answers on this page are kept for ten minutes, without your words in the "
                  "address. Please ask again."),
}
ERRORS = {
    400: ("That did not arrive", "Your browser sent something that this page cannot read. Please try again."),
    404: ("Page not found", "There is no page at this address."),
    405: ("Page not found", "There is no page at this address."),
    408: ("That took too long", "Your question did not arrive whole. Please try again."),
    413: ("That is too long", "Please ask a shorter question."),
    421: ("This is another address", "This page does not answer at the address that you opened. "
          "Ask the people who run it for the right one."),
    429: ("Please wait a moment", "Too many questions came from your address. Try again in a minute. "
          "If you need help now, call one of the help lines."),
    500: ("Something went wrong", "This is our fault, not yours. Please try again. "
          "If you need help now, call one of the help lines."),
    503: STATES["busy"],
}


def heading(answer: Answer) -> str:
    """What stands above the sentence that the service says itself; empty where it says none."""
    if answer.language and answer.status != "urgent":
        return FOREIGN
    if answer.topic:
        return TOPICS[answer.topic]
    if answer.subject:
        return ABOVE if answer.citations else INSTEAD
    return (BY_WORDS_HEADINGS if answer.search == "words" else HEADINGS).get(answer.status, "")


def speaker(kind: str, tier: str) -> str:
    """Whose words and whose claims a quote is, in one line."""
    if kind == "digest":
        return DIGESTS.get(tier, "Another publisher’s claims, summed up by us")
    return SPEAKERS.get(kind, kind)


def whose(kind: str) -> str:
    return WHOSE.get(kind, ORIGINAL)


def publisher_words(publisher: str) -> str:
    return "Publisher unknown" if publisher.strip().lower() in ("", "unknown") else publisher


def published_words(published: str | None) -> str:
    return published or "no date given"


def day_words(created: str) -> str:
    """Example: "20261122T025533138790Z" and "2026-11-22T02:55:33Z" are "2026-11-22"."""
    found = re.match(r"(\d{4})-?(\d\d)-?(\d\d)", created)
    return "-".join(found.groups()) if found else created


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def number_words(line: Helpline) -> str:
    """The number as printed in ``line.contact``, or the bare digits."""
    found = re.search(r"\d[\d ()-]*\d", line.contact)
    return found.group() if found else (line.tel or line.sms or "")


def note_source(note: Note) -> str:
    """Where an editor's note comes from: "Source: A label. Checked 2026-11-21."."""
    return f"Source: {note.source.rstrip('. ')}. Checked {note.checked.rstrip('. ')}."


def note_words(note: Note | None) -> str:
    """The whole note in one line, for a copied quotation; empty without a note."""
    return f"Editor’s note: {note.text} {note_source(note)}" if note else ""


def reference_words(citation: Citation, original: str | None) -> str:
    """The citation in words, for a copied quotation."""
    about = (citation.title, publisher_words(citation.publisher), speaker(citation.kind, citation.tier),
             f"section “{citation.heading}”" if citation.heading else "", published_words(citation.published))
    return ". ".join([*(sentence_case(part) for part in about if part), *([original] if original else [])])


def also_searched(terms: Sequence[Term]) -> str:
    """Example: "bladder (also called waterworks, wee); benzodiazepines (also called Xanax)"."""
    described = []
    for term in terms:
        names = ", ".join(term.also[:MOST_NAMES]) + (" and others" if len(term.also) > MOST_NAMES else "")
        described.append(f"{term.word} (also called {names})" if names else term.word)
    return "; ".join(described)


def searched_for(corrected: Sequence[tuple[str, str]]) -> str:
    """The words that were searched in the place of slips. Example: "addictive, ketamine"."""
    return ", ".join(dict.fromkeys(used for _, used in corrected))


def summary(citations: tuple[Citation, ...], confidence: float) -> str:
    """What stands above the passages. A close match is one that is right in nine of ten."""
    count, sources = len(citations), len({citation.source_id for citation in citations})
    found = f"{count} passage{'' if count == 1 else 's'} from {'one source' if sources == 1 else f'{sources} sources'}."
    first = f" {'It' if count == 1 else 'The first'} is a close match." if confidence >= CLOSE else ""
    return f"{found}{first} {'It is' if count == 1 else 'All are'} quoted word for word."
