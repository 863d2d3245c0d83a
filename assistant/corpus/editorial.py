"""notes.toml, glossary.toml, asked.toml, differ.toml -> what editors add to the sources, bound to their passages.

    notes      a correction beside a contested claim: bound to the exact quote in our own text, and by pattern to the
               claim's own sentence where an operator imports the article
    glossary   slang, brand, lay and misspelt forms -> the words of the texts; expands a question, never a quote
    asked      questions that a passage answers, in people's words; searched beside it, never shown as its text
    pairs      exact quotes of two sources that do not agree; each passage then knows where the other one stands
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from assistant.corpus import strict_toml
from assistant.errors import CorpusError
from assistant.schema import Difference, Note, Passage, PlacedNote, Source, Term

Tables = list[dict[str, Any]]
SIDES = ("a", "b")


@dataclass(frozen=True)
class EditorNote:
    """One table of notes.toml. ``quote`` binds it to our own source, ``pattern`` to others' sentences."""

    id: str
    source_id: str
    quote: str
    pattern: str
    note: Note


@dataclass(frozen=True)
class Glossary:
    """The terms, ready to expand questions."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def _by_form(self) -> dict[str, tuple[Term, bool]]:
        """Lower-case form -> its term, and whether the word may take its place."""
        return {form.casefold(): (term, term.swap or form in term.misspelt)
                for term in self.terms for form in (*term.heard, *term.also, *term.misspelt)}

    @cached_property
    def _forms(self) -> re.Pattern[str]:
        longest_first = sorted(self._by_form, key=len, reverse=True)
        return re.compile(r"(?<!\w)(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)

    def word_of(self, form: str) -> str:
        """The word of our texts that a form leads to; empty when it is none of the glossary's."""
        entry = self._by_form.get(form.casefold())
        return entry[0].word if entry else ""

    def expand(self, question: str) -> tuple[str, tuple[Term, ...]]:
        """The question as it is searched, and the terms that expanded it.

        A name or slip of spelling gives way to the word itself; for a member of a group the word is added at the end:
        "is ket like xanax" -> "is ketamine like xanax benzodiazepines".
        """
        if not self._by_form:
            return question, ()
        used: dict[str, Term] = {}
        added: list[str] = []

        def put(match: re.Match[str]) -> str:
            term, swap = self._by_form[match[0].casefold()]
            if term.word.casefold() not in question.casefold():
                used[term.word] = term
                if not swap and term.word not in added:
                    added.append(term.word)
            return term.word if swap else match[0]

        expanded = self._forms.sub(put, question)
        return " ".join([expanded, *(word for word in added if word.casefold() not in expanded.casefold())]), \
            tuple(used.values())


@dataclass(frozen=True)
class Disagreement:
    """Two sentences that do not agree, as (source id, exact quote), and in plain words what they differ on."""

    id: str
    differ: str
    a: tuple[str, str]
    b: tuple[str, str]


@dataclass(frozen=True)
class Editorial:
    """Everything editors add to the sources of a corpus."""

    notes: tuple[EditorNote, ...] = ()
    glossary: Glossary = Glossary()
    asked: tuple[tuple[str, str, tuple[str, ...]], ...] = ()  # (source id, heading, questions)
    pairs: tuple[Disagreement, ...] = ()


def notes_from(tables: Tables, where: str) -> tuple[EditorNote, ...]:
    """Notes of notes.toml. Raises CorpusError for a missing key, a wrong hash or a broken pattern."""
    notes = []
    for table in tables:
        at = strict_toml.where(where, table)
        for key in ("id", "source_id", "quote", "quote_sha256", "pattern", "text", "source", "checked"):
            if not isinstance(table.get(key), str) or not table[key].strip():
                raise CorpusError(f"{at}: the note {table.get('id', '?')!r} has no {key!r}.")
        if hashlib.sha256(table["quote"].encode()).hexdigest() != table["quote_sha256"]:
            raise CorpusError(f"{at}: the quote of note {table['id']!r} is not the one that was reviewed (its hash "
                              "differs): look at the note again, then renew quote_sha256.")
        try:
            re.compile(table["pattern"])
        except re.error as error:
            raise CorpusError(f"{at}: the pattern of note {table['id']!r} is broken ({error}).") from None
        notes.append(EditorNote(table["id"], table["source_id"], table["quote"], table["pattern"],
                                Note(table["text"], table["source"], table["checked"])))
    return tuple(notes)


def glossary_from(tables: Tables, where: str) -> Glossary:
    """The glossary. Raises CorpusError when a form belongs to two terms."""
    terms: list[Term] = []
    owner: dict[str, str] = {}
    for table in tables:
        at = strict_toml.where(where, table)
        if not table.get("word"):
            raise CorpusError(f"{at}: each [[term]] needs a 'word'.")
        term = Term(table["word"], tuple(table.get("also", ())), tuple(table.get("misspelt", ())),
                    tuple(table.get("heard", ())), bool(table.get("swap", False)))
        for form in (*term.also, *term.misspelt, *term.heard):
            if owner.setdefault(form.casefold(), term.word) != term.word:
                raise CorpusError(f"{at}: {form!r} stands under {owner[form.casefold()]!r} and {term.word!r}: "
                                  "keep it under one of them.")
        terms.append(term)
    return Glossary(tuple(terms))


def asked_from(tables: Tables, where: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Asked-as questions. Raises CorpusError for a table without source, heading or questions."""
    asked = []
    for table in tables:
        if not (table.get("source_id") and isinstance(table.get("heading"), str) and table.get("questions")):
            raise CorpusError(f"{strict_toml.where(where, table)}: each [[asked]] needs 'source_id', 'heading' and 'questions'.")
        asked.append((table["source_id"], table["heading"], tuple(map(str, table["questions"]))))
    return tuple(asked)


def annotate(passages: Sequence[Passage], sources: Sequence[Source], editorial: Editorial) -> list[Passage]:
    """Passages with their asked-as questions and notes.

    Raises CorpusError when a note's quote or an asked heading no longer exists: a contested claim must not lose its
    correction unseen.
    """
    notes = {source.id: _placed(source, editorial.notes) for source in sources}
    asked: dict[tuple[str, str], tuple[str, ...]] = {}
    for source_id, heading, questions in editorial.asked:
        asked[source_id, heading] = asked.get((source_id, heading), ()) + questions
    known = {(passage.source_id, passage.heading) for passage in passages}
    paths = {(passage.source_id, passage.heading.rpartition(": ")[2]): passage.heading for passage in passages}
    asked = {(source_id, heading if (source_id, heading) in known else paths.get((source_id, heading), heading)): questions
             for (source_id, heading), questions in asked.items()}  # an editor may name the last heading of a path
    annotated = [replace(passage, asked=asked.get((passage.source_id, passage.heading), ()),
                    notes=tuple(placed for placed in notes[passage.source_id]
                                if placed.start < passage.end and passage.start < placed.end))
            for passage in passages]
    for source_id, heading in asked:
        if (source_id, heading) not in known:
            raise CorpusError(f"asked.toml: {source_id!r} has no passage under the heading {heading!r}: correct it.")
    return annotated


def _placed(source: Source, notes: Sequence[EditorNote]) -> list[PlacedNote]:
    placed_notes: list[PlacedNote] = []
    for note in notes:
        if note.source_id == source.id:
            start = source.text.find(note.quote)
            if start < 0:
                raise CorpusError(f"{source.file}: the quote of editor's note {note.id!r} no longer occurs "
                                  f"({note.quote[:50]!r}): correct notes.toml, so that the claim keeps its note.")
            placed_notes.append(PlacedNote(start, start + len(note.quote), note.note))
        elif source.kind not in ("digest", "fact-sheet"):
            placed_notes += [PlacedNote(match.start(), match.end(), note.note)
                      for match in re.finditer(note.pattern, source.text, re.IGNORECASE | re.DOTALL)]
    return sorted(placed_notes, key=lambda placed: (placed.start, placed.end))


def merged_note(notes: Sequence[PlacedNote]) -> Note | None:
    """All notes of a passage as one, in order, without repeats; None when there are none."""
    single = list(dict.fromkeys(placed.note for placed in notes))
    if not single:
        return None
    return Note(" ".join(dict.fromkeys(note.text for note in single)),
                "; ".join(dict.fromkeys(note.source for note in single)), min(note.checked for note in single))


def disagreements_from(tables: list[dict[str, Any]], where: str) -> tuple[Disagreement, ...]:
    """Pairs of differ.toml. Raises CorpusError for a missing key, a repeated id or two sides of one source."""
    pairs: dict[str, Disagreement] = {}
    for table in tables:
        at = strict_toml.where(where, table)
        name = str(table.get("id", "?"))
        sides = [table.get(side) for side in SIDES]
        if not _filled(table, "id", "differ") or not all(_filled(side, "source_id", "quote") for side in sides):
            raise CorpusError(f"{at}: the pair {name!r} needs 'id', 'differ' and two sides, a and b, each "
                              "{ source_id = ..., quote = ... }.")
        first, second = ((side["source_id"], side["quote"]) for side in sides if side)
        if name in pairs or first[0] == second[0]:
            raise CorpusError(f"{at}: the pair {name!r} " + ("stands there twice." if name in pairs else
                              "has one source on both sides: name two."))
        pairs[name] = Disagreement(name, table["differ"], first, second)
    return tuple(pairs.values())


def _filled(table: Any, *keys: str) -> bool:
    return isinstance(table, dict) and all(isinstance(table.get(key), str) and table[key].strip() for key in keys)


def annotate_disagreements(passages: Sequence[Passage], sources: Sequence[Source],
                           pairs: Sequence[Disagreement]) -> list[Passage]:
    """Passages that know which others they differ from. A pair whose source is not in the corpus is left out.

    Raises CorpusError when a quote no longer stands in a passage: a disputed claim must not lose its other side unseen.
    """
    texts = {source.id: source.text for source in sources}
    annotated = list(passages)
    for pair in pairs:
        if pair.a[0] in texts and pair.b[0] in texts:
            here, there = (_holding(annotated, texts[side[0]], pair.id, *side) for side in (pair.a, pair.b))
            for (number, _), (_, (start, end)), other in ((here, there, pair.b[0]), (there, here, pair.a[0])):
                difference = Difference(pair.id, pair.differ, other, start, end)
                annotated[number] = replace(annotated[number], differs=(*annotated[number].differs, difference))
    return annotated


def _holding(passages: Sequence[Passage], text: str, name: str, source_id: str, quote: str) -> tuple[int, tuple[int, int]]:
    """Number of the passage that holds the quote, and the quote's span in the source."""
    start = text.find(quote)
    while start >= 0:
        end = start + len(quote)
        for number, passage in enumerate(passages):
            if passage.source_id == source_id and passage.start <= start and end <= passage.end:
                return number, (start, end)
        start = text.find(quote, end)
    raise CorpusError(f"differ.toml: the quote of pair {name!r} no longer stands in a passage of {source_id} ({quote[:50]!r}): "
                      "look at both sides again, then quote the text as it stands.")
