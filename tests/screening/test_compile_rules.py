"""Before the first visitor every rule is compiled."""

from __future__ import annotations

from assistant.screening import refused, urgent  # noqa: F401 - their rules are what is compiled
from assistant.screening.normalize import Form, compile_rules


def test_a_server_compiles_every_rule_before_the_first_question() -> None:
    compile_rules()
    assert len(Form.every) > 100
    assert all(form._compiled is not None for form in Form.every)
