"""a generation -> its passages and candidates, wherever they lie: one protocol (``base``), three stores.

    memory                everything read when it is opened: up to 100,000 passages
    mapped   --\\-- verified (what both share) -- proofs (each passage verified when it is read)
    postgres/ --/
"""
