"""The rule files: each rule catches its own messages and spares the calm ones, and none of its words is out of reach."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assistant.screening import refused, urgent
from assistant.screening.labels import DANGERS
from assistant.screening.normalize import NormalizedText, normalize
from assistant.screening.patterns import Form, Part
from assistant.screening.rule_file import Rule, compile_rules, rule_file
from tests.support import ROOT

URGENT, REFUSED, LANGUAGES = (rule_file(f"{name}.toml") for name in ("urgent", "refused", "languages"))
RULES = [*URGENT.rules, *LANGUAGES.rules, *REFUSED.rules]
END = "\n"  # the text ends here


def name_of(rule: Rule) -> str:
    return " ".join(filter(None, (rule.language, rule.kind, rule.name, "weak" if rule.language and rule.weak else "")))


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_a_rule_catches_its_messages_and_spares_the_calm_ones_near_by(rule: Rule) -> None:
    assert rule.caught, "write a message that it must catch"
    assert rule.spared, "write a calm message with the same words"
    if rule.kind in DANGERS:
        assert not [text for text in rule.caught if rule not in urgent.fired(text)]
        assert not [text for text in rule.spared if urgent.fired(text)]
    else:
        assert not [text for text in rule.caught
                    if refused.subject(text) != rule.kind or not rule.found(NormalizedText(text))]
        assert not [text for text in rule.spared if refused.subject(text)]


def test_every_rule_has_a_name_of_its_own_and_a_kind_that_has_a_card_or_a_sentence() -> None:
    assert len(set(map(name_of, RULES))) == len(RULES)
    assert {rule.kind for rule in URGENT.rules} == set(DANGERS)
    assert {rule.kind for rule in LANGUAGES.rules} <= set(DANGERS)
    assert {rule.kind for rule in REFUSED.rules} == set(refused.SUBJECTS)


def test_the_heads_explain_every_field_that_a_rule_has() -> None:
    for name in ("urgent", "refused", "languages"):
        text = (ROOT / f"assistant/screening/rules/{name}.toml").read_text("utf-8")
        head = "".join(line for line in text.partition("\n\n")[0].splitlines() if line.startswith("#"))
        fields = {key for table in rule_file(f"{name}.toml").tables["rule"] for key in table} - {"language"}
        assert not {field for field in fields if field not in head}, name


def english_forms() -> Iterator[tuple[str, Form]]:
    """Every form over normalized words, with the name of its rule."""
    for rule in (*URGENT.rules, *REFUSED.rules):
        yield from ((name_of(rule), form) for form in (*rule.every, *rule.either, *rule.unless))
    for name, text in (*URGENT.tables["calm"].items(), *URGENT.tables["message"].items()):
        if isinstance(text, str):
            yield from ((name, form) for form in URGENT.forms([text]))
    for name, texts in REFUSED.tables["ordinary"].items():
        yield from ((f"ordinary {name}", form) for form in REFUSED.forms(texts))


def texts_of(part: Part) -> list[str]:
    """Texts that a part matches: the plainest first, then one for each choice that it leaves. "*" marks any ending."""
    if part.kind == "choice":
        texts = sorted((text for parts in part.choices for text in texts_of_all(parts)), key=lambda text: END in text)
        return ["", *texts] if part.many else texts
    if part.kind == "word":
        text = part.text.replace("#", "7")
        return [text + "*" if part.many == "*" else text, *([text[:-1]] if part.many == "?" else [])]
    return {"space": [" ", ""] if part.many else [" "], "any": ["zebra"], "end": [END]}.get(part.kind, [""])


def texts_of_all(parts: tuple[Part, ...]) -> list[str]:
    texts = [""]
    for part in parts:
        options = texts_of(part)
        texts = [text + options[0] for text in texts] + [texts[0] + option for option in options[1:]]
    return texts


def exceptions(part: Part) -> Iterator[Part]:
    """What a part says must not stand there, at any depth."""
    for parts in part.choices:
        for inner in parts:
            if inner.kind in ("not", "gap") and inner.choices:
                yield Part("choice", "", inner.choices)
            yield from exceptions(inner)


def survives(text: str, read: str) -> bool:
    """Whether every word of ``text`` stands in ``read``; ``*`` in it may be any ending, and spaces may stand elsewhere."""
    return re.fullmatch(re.escape(text.replace(" ", "")).replace(r"\*", "[a-z]*"), read.replace(" ", "")) is not None


def unreachable() -> Iterator[tuple[str, str, str]]:
    """(rule, its words, what a message that says them reads as)."""
    for rule in URGENT.rules:
        yield from ((name_of(rule), word, normalize(word)) for word in sorted(rule.signs) if normalize(word) != f" {word} ")
    for name, form in english_forms():
        for part in (form.tree, *exceptions(form.tree)):
            for text in dict.fromkeys(text.strip() for text in texts_of(part) if END not in text.rstrip(f"{END} ")):
                read = NormalizedText(text.replace("*", "")).with_fillers(form.fillers)
                if text and not (survives(text, read) and (part is not form.tree or form.compiled.search(read))):
                    yield name, text, read.strip()


def test_every_word_that_a_rule_names_reaches_the_rule() -> None:
    """Else the rule is dead without anybody noticing: "the er" was read as "the", and "breath" as "breathe"."""
    dead = sorted({f"{name}: {text!r} is read as {read!r}" for name, text, read in unreachable()})
    assert not dead, f"{len(dead)} words of rules can never match:\n" + "\n".join(dead)


def test_passing_a_form_over_for_its_stems_never_hides_a_match() -> None:
    gated = [form for _, form in english_forms() if form.needs]
    assert len(gated) > 100
    for rule in RULES:
        for text in (*rule.caught, *rule.spared):
            message = NormalizedText(text)
            hidden = [form.text for form in gated
                      if form.needs.isdisjoint(message.stems) and form.compiled.search(message.words)]
            assert not hidden, text


def test_a_server_compiles_every_rule_before_the_first_question() -> None:
    compile_rules()
    forms = [form for name in ("urgent.toml", "refused.toml", "languages.toml") for rule in rule_file(name).rules
             for form in (*rule.every, *rule.either, *rule.unless)]
    assert len(forms) > 300
    assert all("compiled" in vars(form) and "needs" in vars(form) for form in forms)
