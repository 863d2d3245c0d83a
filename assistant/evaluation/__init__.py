"""judged questions -> measures, reports, the gate of a build.

    judgments -> evaluate -> metrics -> report, trec          what our questions found
    messages  -> confusion, screens -> calibration            what was shown against what it was, and the fitted decision
    baselines, beir: beside others;  gate: before a build is published;  add_question: one more line

Imports indexing and all below it.
"""
