"""judged questions -> measures, reports, the gate of a build.

    questions -> evaluate -> metrics, measures -> report;  messages -> confusion;  baselines, beir, trec: beside others

Imports indexing and all below it.
"""
