"""message -> how dangerous it is and what it must not be answered, before anything is searched.

    message -> normalize -> urgent, refused, languages (rules/*.toml)  -> card, refusal
            -> vector     -> classifier (a small network)              -> probabilities of the labels

Rules need no model: `rule_file` reads them, `patterns` matches their forms. Imports nothing but the nouns at the top.
"""
