"""about.toml, question -> what the service says about itself, or that a message is only a greeting."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.corpus import strict_toml
from assistant.errors import CorpusError
from assistant.notices import About, FixedTexts
from assistant.screening.normalize import NormalizedText
from assistant.screening.patterns import Form, PatternError, parse

ABOUT_FILE = "about.toml"
OF_KETAMINE = frozenset({"keta", "eske", "spra"})  # stems: ketamine, esketamine, Spravato, spray
GREETINGS = Form(  # what is left of a message when fillers such as "hi", "yes" and "please" are gone
    "^ (good (morning|evening|afternoon|night|day)|morning|evening|night|there|again|all|everyone|ok|okay|k|thanks|thank you|ta|"
    "cheers|bye|goodbye|test|testing|yo|sup|no|nope|sorry|nice|cool|great|and|so|the|a|how are you|are you there|anyone there|"
    "is anyone there|that helped|very much|you|lot|a lot|x|xx|for|your help|helped|one two( three)?)"
    "( (good (morning|evening|night)|there|again|all|you|very much|a lot|lot|for|the|your|help|that|helped|now|x|xx|thanks|"
    "cheers|night|goodnight|kind|was|were|are|everyone|mate|testing|ok|bye|one two( three)?))*$")


def about_from(table: dict[str, Any], path: Path) -> tuple[str, str, tuple[About, ...]]:
    """Greeting, the sentence for other matters, and what is said about the service. Raises CorpusError."""
    greeting, other, entries = table.get("greeting"), table.get("other"), table.get("service")
    if not (greeting and other and entries):
        raise CorpusError(f"{path} needs 'greeting', 'other' and at least one [[service]]: take them from the file that ships.")
    found: dict[str, About] = {}
    for entry in entries:
        at, name = strict_toml.where(path, entry), entry.get("id", "")
        if not name.strip() or not entry.get("text", "").strip():
            raise CorpusError(f"{at}: each [[service]] needs an 'id' and a 'text'.")
        if name in found:
            raise CorpusError(f"{at}: the id {name!r} stands there twice: join the two.")
        if not entry.get("asks"):
            raise CorpusError(f"{at}: {name!r} has no 'asks', so nothing would ever lead to it: add the forms that ask it.")
        for form in entry["asks"]:
            try:
                parse(form)
            except PatternError as error:
                raise CorpusError(f"{strict_toml.where(path, entry, 'asks')}: of {name!r}, {error}: close every bracket that "
                                  "is opened.") from None
        found[name] = About(name, entry["text"], tuple(entry["asks"]))
    return greeting, other, tuple(found.values())


def asked_about(question: str, texts: FixedTexts) -> About | None:
    """What of the service itself a question asks by its words; None for any other question.

    A message that says what it is about ("is ketamine treatment private") asks about that.
    """
    message = NormalizedText(question)
    if message.stems & OF_KETAMINE:
        return None
    return next((entry for entry, forms in _forms(texts.about) if any(form.found(message) for form in forms)), None)


def is_greeting(question: str) -> bool:
    """Whether a message is a greeting, thanks or a word that says nothing."""
    message = NormalizedText(question)
    return not message.words.strip() or GREETINGS.found(message)


@lru_cache(maxsize=4)
def _forms(about: tuple[About, ...]) -> tuple[tuple[About, tuple[Form, ...]], ...]:
    return tuple((entry, tuple(Form(form) for form in entry.asks)) for entry in about)
