"""message -> what it gets without any search: the card of an urgent one, or a sentence in its own language.

Needs no index and no model, so it is what is left whatever else fails.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.errors import QuestionError
from assistant.notices import ENGLISH, FixedTexts, Urgent
from assistant.schema import Answer
from assistant.screening import urgent

log = logging.getLogger(__name__)


def screen(question: str, texts: FixedTexts, also: tuple[str, ...] = ()) -> Answer | None:
    """What needs no index and no model: the urgent card, or a sentence for a question in another language; None for others.

    ``also``: kinds that were found otherwise.
    """
    spoken = urgent.language(question)
    card = cards(urgent.joined(urgent.screen(question), also), texts, spoken)
    if card:
        return Answer(question, "urgent", texts.notice, urgent=card, language=spoken)
    if spoken is None or ENGLISH not in texts.languages:
        return None
    english, known = texts.languages[ENGLISH], texts.languages.get(spoken)
    message = f"{known.calm} {english.calm}" if known else f"{english.calm} {english.others}".strip()
    return Answer(question, "not_covered", texts.notice, message=message, language=spoken, translated=known.calm if known else "")


def cards(kinds: Sequence[str], texts: FixedTexts, spoken: str | None = None) -> Urgent | None:
    """One card for all ``kinds``, most pressing first, with its text in the language ``spoken``; the others are folded into it.
    None without kinds."""
    known = texts.languages.get(spoken or ENGLISH)
    shown = [replace(texts.cards[kind], translation=known.cards.get(kind) if known else None)
             for kind in kinds if kind in texts.cards]
    return replace(shown[0], also=tuple(shown[1:])) if shown else None


def refuse(question: str, texts: FixedTexts, sentence: str) -> Answer:
    """An answer without passages that says one sentence, for questions that cannot be searched."""
    return Answer(question, "not_covered", texts.notice, message=sentence)


def answer_or_card(question: str, texts: FixedTexts, ask: Callable[[], Answer]) -> Answer:
    """What ``ask`` gives; where it fails, the card of an urgent message. Raises what it raised when the message is calm."""
    try:
        return ask()
    except Exception as error:
        alarm = screen(question, texts)
        if alarm is None or alarm.urgent is None:
            raise
        if not isinstance(error, QuestionError):
            log.error("An urgent message got its card without fact sheets: %s.", type(error).__name__)
        return alarm
