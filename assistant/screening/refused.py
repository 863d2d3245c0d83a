"""a question -> the subject that must not be answered from passages, or none, by rules.

Five subjects: how much to take (dose), how to take or make it (method), where to get it (buying), how to evade a drug
test (testing), and other people's prescriptions (someone-elses). Ordinary questions *about* those things pass: "how is
the first dose worked out", "do people inject it", "how long does it stay in urine". The sentences shown instead stand
in `corpus/not_covered.toml`. A sixth, decisions about one person's treatment (personal), only the network knows.

The head of `rules/refused.toml` says how to add a rule.
"""

from __future__ import annotations

from assistant.screening.normalize import NormalizedText
from assistant.screening.patterns import Form
from assistant.screening.rule_file import rule_file

_FILE = rule_file("refused.toml")
_ORDINARY: dict[str, tuple[Form, ...]] = {name: _FILE.forms(forms) for name, forms in _FILE.tables["ordinary"].items()}
SUBJECTS = tuple(_ORDINARY)  # where a question asks two, the first counts


def subject(question: str) -> str | None:
    """The id of the subject that ``question`` asks and passages must not answer, or None for an ordinary question.

    A strong rule holds whatever else the question says; a weak one not where a form of an ordinary question is found.

    >>> subject("how do i pass a drug test on monday")
    'testing'
    """
    message = NormalizedText(question)
    rules = [rule for rule in _FILE.candidates(message.stems) if rule.found(message)]
    for name in SUBJECTS:
        own = [rule for rule in rules if rule.kind == name]
        if own and (not all(rule.weak for rule in own) or not any(form.found(message) for form in _ORDINARY[name])):
            return name
    return None
