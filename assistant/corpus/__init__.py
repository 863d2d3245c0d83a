"""what editors write -> sources, passages and fixed texts.

    texts/*.md, sources.toml -> reader -> Source -> blocks -> passages -> Passage
    notice, cards, help lines -> fixed_texts -> FixedTexts
    glossary, notes, differ   -> editorial -> what is added beside a passage
    lint/                     -> what an editor should look at

Imports screening, for its labels and its reading of words.
"""
