"""Ranking joins passage, best sentence and keywords; its figures can be checked by hand."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import numpy as np
import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.ranking import _standard, rank
from assistant.index.bm25 import Keywords, tokens
from tests.support import ROOT, ToyEncoder


def test_standard_scores_have_mean_zero_and_no_score_where_nothing_differs() -> None:
    assert _standard(np.array([1.0, 2.0, 3.0])) == pytest.approx([-math.sqrt(1.5), 0, math.sqrt(1.5)])
    assert _standard(np.array([2.0, 2.0])) == pytest.approx([0, 0])
    assert len(_standard(np.zeros(0))) == 0


def test_the_cosine_of_a_hit_is_the_better_of_passage_and_sentence(assistant: Assistant) -> None:
    hits, _ = assistant.hits("bladder", 2)
    assert [hit.passage.source_id for hit in hits] == ["bladder", "alcohol"]
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].cosine == pytest.approx(1.0)  # "A doctor can check the bladder." counts only "bladder"
    assert hits[1].cosine == pytest.approx(0.0)
    assert hits[0].score > hits[1].score


def test_rows_beyond_the_nearest_are_scored_all_the_same(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    vector = ToyEncoder().encode_fine(["ketamine alcohol"])[0]
    full = rank(assistant._index, "ketamine alcohol", vector, 5)
    monkeypatch.setattr("assistant.index.stores.memory.POOL_ROWS", 1)
    few = rank(assistant._index, "ketamine alcohol", vector, 5)
    assert [hit.cosine for hit in few[0]] == pytest.approx([hit.cosine for hit in full[0]])


def test_keywords_stem_and_drop_stop_words() -> None:
    assert tokens(["The bladders are hurting"]) == [["bladder", "hurt"]]


def test_keyword_scores_are_bm25_in_lucenes_form() -> None:
    keywords = Keywords(["bladder pain", "kidney pain", "alcohol"])
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    length = 2 / (5 / 3)
    expected = idf * 1 / (1 + 1.2 * (1 - 0.75 + 0.75 * length))
    assert keywords.scores(["bladder"]) == pytest.approx([expected, 0, 0])
    assert keywords.scores(["unheard"]) == pytest.approx([0, 0, 0])
    assert keywords.covered({word: keywords.idf(word) for word in ("bladder", "pain")}, 1) == pytest.approx(
        math.log(1 + 1.5 / 2.5) / (math.log(1 + 1.5 / 2.5) + idf))


def test_sums_over_words_are_the_same_in_every_process() -> None:
    """Python orders sets of words anew in each: a sum must not follow that order."""
    code = """
from assistant.index.bm25 import covered
words = [f"word{number}" for number in range(20)]
print(covered({word: 1 / (number + 3) for number, word in enumerate(words)}, words[::3]))
"""
    sums = {subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT, text=True,
                           capture_output=True, check=True).stdout for seed in "12345"}
    assert len(sums) == 1


def test_evidence_says_how_much_of_a_question_the_passages_know(assistant: Assistant) -> None:
    known, unknown = assistant.hits("bladder")[1], assistant.hits("unicorn")[1]
    assert (known.unknown, known.first) == pytest.approx((0, 1))
    assert (unknown.unknown, unknown.first) == pytest.approx((1, 0))
    assert (known.cosine, known.fine, known.length) == pytest.approx((1, 1, 1 / 12))
    assert known.asked is None


def test_words_are_those_that_the_keyword_library_would_find() -> None:
    import bm25s
    import Stemmer

    texts = ["The bladders are hurting, aren't they?", "Über 3 mg I.V. x naïve Ärzte", "", "of the and"]
    assert tokens(texts) == bm25s.tokenize(texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), return_ids=False,
                                           show_progress=False)
