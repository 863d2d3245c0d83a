"""Intervals and calibration, checked against figures worked out by hand."""

from __future__ import annotations

import pytest

from assistant.evaluation import metrics
from assistant.evaluation.report import Outcome


def outcome(key: str, confidence: float, right: bool, group: str = "answerable", by_rule: bool = False,
            status: str = "answered") -> Outcome:
    return Outcome(key, key, group, "test", status, confidence, int(right), {"hit@1": float(right)}, by_rule)


FOUR = [outcome("a", 0.9, True), outcome("b", 0.8, False), outcome("c", 0.6, True), outcome("d", 0.1, False)]


def test_the_interval_is_the_same_every_time_and_holds_the_mean() -> None:
    values = [1.0] * 70 + [0.0] * 30
    low, high = metrics.interval(values)
    assert (low, high) == metrics.interval(list(values))
    assert low == pytest.approx(0.61, abs=0.02)  # 0.7 -/+ 1.96 * sqrt(0.7 * 0.3 / 100)
    assert high == pytest.approx(0.79, abs=0.02)


def test_more_questions_make_the_interval_narrower_and_equal_ones_give_none() -> None:
    few, many = metrics.interval([1.0, 0.0] * 10), metrics.interval([1.0, 0.0] * 1000)
    assert many[1] - many[0] < (few[1] - few[0]) / 5
    assert metrics.interval([1.0, 1.0]) == (1.0, 1.0)


def test_risk_rises_as_less_sure_questions_are_answered() -> None:
    points = metrics.risk_coverage(FOUR)
    assert [(point.coverage, point.risk) for point in points] == [
        (0.25, 0.0), (0.5, 0.5), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert metrics.area(points) == pytest.approx((0 + 0.5 + 1 / 3 + 0.5) / 4)


def test_equal_confidences_are_answered_together() -> None:
    points = metrics.risk_coverage([outcome("a", 0.5, True), outcome("b", 0.5, False), outcome("c", 0.4, True)])
    assert [point.coverage for point in points] == [pytest.approx(2 / 3), 1.0]


def test_an_unanswerable_question_is_wrong_whatever_it_found() -> None:
    (point,) = metrics.risk_coverage([outcome("n", 0.9, True, group="near_miss")])
    assert point.risk == 1.0


def test_calibration_error_is_the_mean_distance_of_confidence_and_share_right() -> None:
    bins = metrics.reliability(FOUR, bins=2)
    assert [(group.questions, group.confidence, group.right) for group in bins] == [
        (2, pytest.approx(0.35), 0.5), (2, pytest.approx(0.85), 0.5)]
    assert metrics.calibration_error(bins) == pytest.approx((0.15 + 0.35) / 2)


def test_groups_are_of_equal_size_and_fewer_where_there_are_fewer_questions() -> None:
    many = [outcome(str(number), number / 25, True) for number in range(25)]
    assert sorted({group.questions for group in metrics.reliability(many)}) == [2, 3]
    assert len(metrics.reliability(many)) == 10
    assert len(metrics.reliability(FOUR)) == 4
    assert metrics.reliability([]) == ()


def test_what_a_rule_decided_has_no_confidence_and_is_left_out() -> None:
    ruled = outcome("r", 0.0, False, group="refused", by_rule=True, status="not_covered")
    assert metrics.risk_coverage([*FOUR, ruled]) == metrics.risk_coverage(FOUR)
    assert metrics.reliability([*FOUR, ruled]) == metrics.reliability(FOUR)
    assert metrics.means([*FOUR, ruled], ["hit@1"])["false answers: refused"] == 0.0
    assert "calibration error" not in metrics.means([ruled], ["hit@1"])


def test_each_mean_has_an_interval_around_it() -> None:
    outcomes = [*FOUR, outcome("n", 0.7, False, group="near_miss"), outcome("m", 0.2, False, group="near_miss", status="related")]
    means, intervals = metrics.means(outcomes, ["hit@1"]), metrics.intervals(outcomes, ["hit@1"])
    assert set(means) - set(intervals) == {"questions", "answerable", "calibration error"}
    for label, (low, high) in intervals.items():
        assert low <= means[label] <= high
        assert low >= 0
        assert high <= 1
    assert means["false answers: near_miss"] == 0.5
