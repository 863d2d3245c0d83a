"""message -> labels: what the network tells apart in it, and the groups of these."""

from __future__ import annotations

DANGERS = ("overdose", "ingestion", "suicide", "withdrawal", "violence")  # most pressing first
PERSONAL = "personal"  # a decision about one person's own treatment: what is said of it in general may be read all the same
REFUSALS = ("dose", "method", "buying", "testing", "someone-elses", PERSONAL)
ANSWERABLE, NEAR_MISS, OTHER_HEALTH, OFF_TOPIC, SERVICE, GREETING = MATTERS = (
    "answerable", "near_miss", "other_health", "off_topic", "service", "greeting")
UNANSWERABLE = (NEAR_MISS, OTHER_HEALTH, OFF_TOPIC)  # what a question is about that nothing in the corpus answers
LABELS = (*DANGERS, *REFUSALS, *MATTERS)  # what the network tells apart, in its order
