"""message -> how dangerous it is and what it must not be answered, before anything is searched.

    message -> normalize -> urgent, refused, foreign_phrases (rules)   -> card, refusal
            -> vector     -> classifier (a small network)              -> probabilities of the labels

Rules need no model. Imports nothing but the nouns at the top.
"""
