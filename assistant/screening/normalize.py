"""A question as typed -> its plain words, for rules. Standard library only.

    "HE’S n0t breathng!!"  --> " he is not breathing "

Rules never see how a message was typed: capitals, accents, emoji, look-alike letters, digits for letters, repeated
letters, text speak, contractions, filler words, missing spaces and small spelling mistakes are undone here, once.
`pattern` turns a readable rule ("he .. not breath*") into a regular expression over such words. A rule that names a
filler ("not well") is tried on a second reading, in which just those fillers are left (see `Reading`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import zip_longest
from typing import ClassVar

MAX_CHARS = 2_000  # kept from each end of a longer text: nobody in danger writes more before saying so

# Words that carry no meaning for a rule. They are dropped, so adding one can never switch a rule off. Rules may name
# them all the same: `Form` then looks at both readings, so a filler can never hide a rule that needs it.
FILLERS = frozenset("""
    really very so just literally please pls plz actually honestly basically kinda sorta totally completely absolutely
    fucking fkn effing freaking bloody damn lol lmao omg omfg um umm uh er erm hmm oh ah hey hi hello also even
    still quite seriously genuinely suddenly currently somehow maybe perhaps apparently probably already tho though
    sadly obviously possibly definitely certainly clearly well yeah yes again always constantly truly simply sincerely
    ugh god jesus christ fuck shit dude today desperately proper pure deadass kindly
    incredibly extremely super hella mega fr ngl tbh ffs smh welp like idek anyway anyways
""".split())

# One written form -> words. Text speak, contractions without apostrophe, common misspellings of short words.
ALIASES = {
    "u": "you", "r": "are", "ur": "your", "n": "and", "b": "be", "c": "see", "y": "why", "wat": "what", "wot": "what",
    "wen": "when", "da": "the", "dis": "this", "dat": "that", "thru": "through", "abt": "about", "bc": "because",
    "cuz": "because", "coz": "because", "cos": "because", "w": "with", "wiv": "with", "m8": "mate",
    "gf": "girlfriend", "bf": "boyfriend", "hubby": "husband", "missus": "wife", "ppl": "people", "sum1": "someone",
    "some1": "someone", "any1": "anyone", "every1": "everyone", "no1": "no one", "smth": "something",
    "sth": "something", "rn": "right now", "atm": "right now", "2nite": "tonight", "tonite": "tonight", "2day": "now",
    "2moro": "tomorrow", "tmrw": "tomorrow", "2": "to", "4": "for", "b4": "before", "l8r": "later", "gr8": "great",
    "hav": "have", "hv": "have", "av": "have", "frm": "from", "jus": "just", "jst": "just", "wnt": "will not",
    "shud": "should", "shld": "should", "wud": "would", "cud": "could", "dunno": "do not know",
    "idk": "i do not know", "gonna": "going to", "gunna": "going to", "gona": "going to", "gna": "going to",
    "gonnae": "going to", "nemore": "anymore", "nomor": "anymore", "evry1": "everyone", "sumone": "someone",
    "smone": "someone", "nebody": "no one", "y'all": "", "neva": "never", "ova": "over", "lifes": "life is",
    "tb": "to be", "hospi": "hospital", "wha": "what", "hw": "how", "brb": "", "wanna": "want to", "wana": "want to",
    "wonna": "want to", "gotta": "have to", "tryna": "trying to", "finna": "going to", "imma": "i am going to",
    "ima": "i am going to", "im": "i am", "ive": "i have", "hes": "he is", "shes": "she is", "theyre": "they are",
    "theyve": "they have", "youre": "you are", "weve": "we have", "whats": "what is", "thats": "that is",
    "theres": "there is", "wheres": "where is", "hows": "how is", "id": "i would", "hed": "he would",
    "cannot": "can not", "cant": "can not", "carnt": "can not", "cnt": "can not", "cnat": "can not",
    "wont": "will not", "wnot": "will not", "dont": "do not", "dnt": "do not", "dosnt": "does not",
    "doesnt": "does not", "dosent": "does not", "doesent": "does not", "didnt": "did not", "isnt": "is not",
    "isint": "is not", "arent": "are not", "aint": "is not", "wasnt": "was not", "werent": "were not",
    "hasnt": "has not", "havent": "have not", "havnt": "have not", "hadnt": "had not", "couldnt": "could not",
    "wouldnt": "would not", "shouldnt": "should not", "innit": "", "nt": "not", "unable": "can not",
    "nomore": "anymore", "noone": "no one", "lyfe": "life", "lyf": "life", "liv": "live", "dye": "die",
    "dieing": "dying", "dyin": "dying", "ded": "dead", "kil": "kill", "wnat": "want", "watn": "want", "wan": "want",
    "lif": "life", "lfie": "life", "dei": "die", "dide": "die", "hlep": "help", "smoeone": "someone",
    "freinds": "friends", "teh": "the", "kll": "kill", "kilt": "kill", "slef": "self", "wak": "wake", "wke": "wake",
    "blu": "blue", "gray": "grey", "mam": "mum", "mom": "mum", "mommy": "mum", "mummy": "mum", "daddy": "dad",
    "kms": "kill myself", "kys": "kill yourself", "unalive": "kill", "unaliving": "killing", "unalived": "killed",
    "unaliv": "kill", "sewerslide": "suicide", "sh": "self harm", "selfharm": "self harm",
    "selfharming": "self harming", "sui": "suicide", "suicidle": "suicidal", "sewerslidal": "suicidal",
    "suicidul": "suicidal",
    "ods": "overdoses", "od": "overdose",
    "oding": "overdosing", "oded": "overdosed", "ods'd": "overdosed", "plsss": "", "hlp": "help", "halp": "help",
    "frend": "friend", "freind": "friend", "fren": "friend", "bestie": "friend", "bestfriend": "friend",
    "bro": "brother", "bruv": "brother", "sis": "sister", "rly": "", "relly": "", "reallly": "", "v": "",
    "bby": "baby", "ambo": "ambulance", "thx": "thanks", "tho": "", "juss": "", "luv": "love", "ketty": "ketamine",
    "kett": "ketamine", "ket": "ketamine", "brething": "breathing", "breathin": "breathing", "wakeup": "wake up",
    "wakin": "waking", "movin": "moving", "shakin": "shaking", "havin": "having", "goin": "going", "takin": "taking",
    "nothin": "nothing", "cuttin": "cutting", "hurtin": "hurting", "cudnt": "could not", "wouldn": "would not",
    "couldn": "could not", "alot": "a lot", "everythin": "everything", "nobody": "no one",
}

_COUNTABLE = frozenset("""
    year years yr yrs month months mths week weeks wks day days night nights hour hours hrs minute minutes mins g mg ml
    gram grams kg kilos line lines bump bumps bag bags pill pills tablet tablets tabs lozenge lozenges troche troches
    spray sprays dose doses drops vial vials bottle bottles times sessions infusions or of more kids people children
""".split())
_BEFORE = frozenset("aged age was day in".split())
# Text speak that is meant as typed after a word of the first set or before one of the second: "aged 2", "4 pills".
_AS_TYPED = {
    "2": (_BEFORE, _COUNTABLE), "4": (_BEFORE, _COUNTABLE),
    "id": (frozenset("not no without need an photo fake my for".split()), frozenset[str]()),
    "im": (frozenset("i you we to by via vein muscle needle site".split()),  # into a muscle
           frozenset("injection injections shot shots route needle dose doses dosage".split())),
}

# Words whose spelling mistakes are repaired: missing one kills a rule.
KEYWORDS = tuple("""
    breathe breathing breathes overdose overdosed overdosing unconscious unresponsive responding respond
    response suicide suicidal seizure seizures convulsing convulsions swallowed swallow collapsed vomiting choking
    hallucinating hallucinations shaking trembling threatening threatened myself himself herself themselves
    goodbye toddler ambulance emergency bleeding withdrawal withdrawals ketamine killing hurting cutting strangled
    raped assaulted attacked stabbed stabbing drowning hanging medication tablets overheating paralysed
    unconsciousness consciousness gurgling snoring passed fainted floppy drooping confused agony pregnant
    boyfriend girlfriend husband daughter brother sister friend partner anymore living alive waking pulse heart
    chest someone worthless hopeless burden without everyone better pointless tonight planning thinking spiked
    drugged prescription inject snort poisoned poison trapped knife violent helpless paranoid psychotic wobbling
    slurring twitching disappear hospital paramedics pointless terrified frightened responsive
""".split())

# Real words within one or two edits of a keyword (found by comparing with 44,000 English word forms, plus everyday
# ones): never "repaired", so that "walking" stays walking and "painless" painless.
REAL_WORDS = frozenset("""
    agonies alice alike alively anyone assault assaults attached attacker bathing batter beater beating betters
    bitter blending borden bother braking breaches breaching breading breaking breathed breaths breathy breeding
    brewing brothel brothers browning burdened burdens buren butter cheat chess chests chocking choosing chosen
    collapse collapses collated confiding confuse confuses confusing conning cooking crest cuffing cupping
    curing daughters downing dragged dragger drawing drooled drooling dropping drowsing drugging emergence
    emergent fainter fiend fitting fried friended friends girlfriends gutting haart handing harking hazard heard
    hears hearst hearth hearts hearty hinging homeless hunting hurling hurtful hurtling husbands infect injected
    injecting injects insect jerking killers killings knifed knipe liking lining loving mediation medicating
    medications meditation nurturing olive overdone overdoses overdue overeating overuse overusing paced
    painless painted panning paralyses paralyze paralyzed paranoia pardner parsed partners passes pasted paused
    pauses pilling pissed planing plannings planting plunging poisoning poisons poisson prescriptions prison
    prostrate psychic pulsar pulsed pulses purse raced raged raked ramped rapid rapped rasped rated raved reaped
    respondent responds response responses roped scarring scoring seizing shacking shading shallots shallow
    shanking shaping sharing sharking shaving sheathing shoring short sisters skating skilling slaking sleeping
    snacked snoozing snore snores snorted snorting snout soaking spiced spike spikes spoked sport stacked
    staking stalking starring storing stranded strange stranger strangle strangler strangles stubbed suicides
    swabbed swabbing swallower swallows tables tablet tablets tapped thanking thickening thinning threaten
    threatens toddlers trampling trapping tricking tripped tumbling twitches twitchy violence violet wading
    wailing walking wallowed waning waving waxing withdraw withdrawn withdraws wobbles wobbly wreathing
    boyfriends breath goodbyes hospitals paramedic
""".split())
# Too important to lose even when the first letter is the wrong one.
_ANY_FIRST = frozenset("overdose overdosed overdosing breathing unconscious unresponsive suicidal".split())

_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4`\u2032\uff07\u201b\u02b9\ua78c]")
_SUFFIXES = (  # with an apostrophe a contraction is certain, so these come before the aliases
    (re.compile(r"\bo\.? ?d'? ?(?:'d|ed)\b"), "overdosed"), (re.compile(r"\bod'?ing\b"), "overdosing"),
    (re.compile(r"\bo\.d\.?(?![a-z])"), "overdose"), (re.compile(r"\b(?:can't|ca n't|can[;,. ]t)\b"), "can not"),
    (re.compile(r"\bwon['; ]t\b"), "will not"), (re.compile(r"n['; ]t\b"), " not"), (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ll\b"), " will"), (re.compile(r"'ve\b"), " have"), (re.compile(r"'d\b"), " would"),
    (re.compile(r"'m\b"), " am"), (re.compile(r"\b(i) m\b"), r"\1 am"),
    (re.compile(r"\b(he|she|it|that|what|who|there|here|how|where|nobody|everything)'s\b"), r"\1 is"),
    (re.compile(r"'s\b"), "s"), (re.compile("'"), ""),
)
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i",
                       "|": "l", "+": "t", "*": "", "€": "e", "£": "l"})
# Letters of other scripts that look Latin, used to dodge filters.
_LOOKALIKES = str.maketrans("аеіорсухкмнтвԁѕјαοιεκνρτυ", "aeiopcyxkmhtbdsjaoieknptu")
_TOKEN = re.compile(r"[^\W_]+(?:[@$!|+*€£](?=[^\W_])[^\W_]+|[$])*|[@$][^\W_]+")
_REPEATS = re.compile(r"(\D)\1{2,}")  # not of digits: 2000 is not 20
_SPELLED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*]{1,2}){3,}[^\W\d_](?![^\W_])")
_PHRASES = re.compile(r"\b(?:(?<!would )(?<!do )(?<!did )(?<!can )(?<!could )(?<!if )you know(?! (?:if|what|how|when|about|of))|"
                      r"i mean|kind of|sort of|to be honest|for real|a bit(?: of)?|at the moment|in fact|oh my god|i swear|"
                      r"i guess|if im honest|i think that|as i said)\b")

_COUNTED = re.compile(r"(\d+)(yo|yrs?|years?|months?|mths?|mos?|weeks?|wks?|days?|hrs?|hours?|h|mins?|mg|g|kg|mls?|"
                      r"milligrams?|grams?|lines?|bumps?|sprays?|lozenges?|troches?|points?|k|am|pm|st|nd|rd|th|x|s)$")

# Words a message without spaces may be made of.
_PIECES = frozenset("""
    i im ive cant wont dont my he she hes shes is isnt not me want wanna to die dying kill killing myself himself
    herself self wake up waking breathe breathing breath help please overdose overdosed overdosing suicide suicidal
    friend mum dad brother sister wife husband boyfriend girlfriend baby she'd took taken too much end it life all
    be here anymore alive dead live living hurt hurting feel like going gonna go on need her him the his has have had
    unconscious seizure having passed out responding respond ketamine ket move stop no and am a tired of hate wish was
    were threatening hit hitting hear voices call ambulance emergency now someone
""".split())
_ANCHORS = frozenset("""
    die dying kill killing wake waking breathe breathing overdose overdosed overdosing suicide suicidal unconscious
    seizure anymore alive dead myself responding respond ambulance emergency help life hurt much
""".split())


def _deletes(word: str, depth: int) -> set[str]:
    """``word`` and all forms with up to ``depth`` letters missing."""
    found = {word}
    for _ in range(depth):
        found |= {w[:i] + w[i + 1:] for w in found for i in range(len(w))}
    return found


def _depth(word: str) -> int:
    return 1 if len(word) < 9 else 2


_NEAR: dict[str, str] = {}
for _word in KEYWORDS:
    for _form in _deletes(_word, _depth(_word)):
        _NEAR.setdefault(_form, _word)
for _word in KEYWORDS:
    _NEAR[_word] = _word


def _distance(a: str, b: str, most: int) -> int:
    """Edits between two short words (a swap of neighbours counts one), or ``most + 1`` when more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _repair(word: str) -> str:
    """The keyword that ``word`` misspells, or ``word`` itself."""
    if len(word) < 5 or len(word) > 16 or word in REAL_WORDS:
        return word
    if word in _NEAR and _NEAR[word] == word:
        return word
    for form in (word, *sorted(_deletes(word, 1), key=len, reverse=True)):
        key = _NEAR.get(form)
        if key and (key[0] == word[0] or key in _ANY_FIRST):
            most = _depth(key) if key[0] == word[0] else 1
            if _distance(word, key, most) <= most:
                return key
    return word


def _split(word: str) -> str:
    """``"cantbreathe"`` -> ``"cant breathe"`` when known words cover it and one of them matters; else ``word``."""
    if len(word) < 6 or len(word) > 60 or word in REAL_WORDS or word in _NEAR:
        return word
    best: dict[int, list[str]] = {0: []}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 12), end):
            shorter = start in best and (end not in best or len(best[start]) + 1 < len(best[end]))
            if shorter and word[start:end] in _PIECES:
                best[end] = [*best[start], word[start:end]]
    pieces = best.get(len(word), [])
    return " ".join(pieces) if len(pieces) > 1 and _ANCHORS & set(pieces) else word


def _plain(token: str) -> list[str]:
    """One token -> the words it stands for."""
    if token in ALIASES:
        return ALIASES[token].split()
    if not token.isalpha() and not token.isdigit():
        counted = _COUNTED.match(token)  # "3yo" and "6hrs" are numbers with a unit, "3nd" is a word
        if counted:
            return [counted[1], counted[2]]
        if sum(c.isdigit() for c in token) < len(token) / 2:
            token = token.translate(_LEET)
    token = ALIASES.get(token, token)
    if len(token) >= 5:
        parts = _split(token)
        if parts != token:
            return [word for part in parts.split() for word in ALIASES.get(part, part).split()]
        token = _repair(token)
    return ALIASES.get(token, token).split()


def letters(question: str) -> str:
    """``question`` cut, folded and stripped of accents, zero-width characters and look-alike letters."""
    if len(question) > 2 * MAX_CHARS:
        question = f"{question[:MAX_CHARS]} {question[-MAX_CHARS:]}"
    if question.isascii():
        return question.lower().replace("`", "'")
    text = _APOSTROPHES.sub("'", unicodedata.normalize("NFKD", question).casefold())
    text = _APOSTROPHES.sub("'", text.replace("ł", "l").replace("ı", "i").replace("ø", "o"))
    text = "".join(c for c in text if c.isascii() or unicodedata.category(c) not in ("Mn", "Cf", "Me", "Cc"))
    if sum(c.isascii() and c.isalpha() for c in text) * 2 > sum(c.isalpha() for c in text):
        text = text.translate(_LOOKALIKES)
    return text


class Reading:
    """A question as rules read it. ``plain``: its words without fillers; ``have``: `stems` of all of them.

    >>> Reading("He is not very well").plain, Reading("He is not very well").keeping(frozenset({"well"}))
    (' he is not ', ' he is not well ')
    """

    def __init__(self, question: str, *before: str) -> None:
        self._words = [*before, *_spelled_out(question)]
        self.plain = _joined(word for word in self._words if word not in FILLERS)
        self.have = stems(f"{self.plain}{' '.join(self._words)}")
        self._fillers = FILLERS.intersection(self._words)
        self._kept: dict[frozenset[str], str] = {}

    def keeping(self, fillers: frozenset[str]) -> str:
        """The words with those of ``fillers`` that the question holds; `plain` when it holds none of them."""
        named = fillers & self._fillers
        if not named:
            return self.plain
        if named not in self._kept:
            self._kept[named] = _joined(word for word in self._words if word not in FILLERS or word in named)
        return self._kept[named]

    def after(self, word: str) -> Reading:
        """The same, as if it began with ``word``."""
        return Reading("", word, *self._words)


def words(question: str) -> str:
    """The plain words of ``question``, one space around each: ``" i can not breathe "``."""
    return Reading(question).plain


def _spelled_out(question: str) -> list[str]:
    """Every word that ``question`` stands for, fillers included."""
    text = letters(question)
    for form, plain in _SUFFIXES:
        text = form.sub(plain, text)
    text = _SPELLED.sub(lambda m: " " + re.sub(r"[ .\-_*]", "", m[0]) + " ", text)
    text = _PHRASES.sub(" ", text)
    tokens = [match[0] for match in _TOKEN.finditer(text)]
    found: list[str] = []
    for token, following in zip_longest(tokens, tokens[1:], fillvalue=""):
        if token[-1:] == "$":
            token = token[:-1] + "s"
        if len(token) > 3:
            short = _REPEATS.sub(r"\1\1", token)
            token = short if short == token or _known(short) else _REPEATS.sub(r"\1", token)
        before, after = _AS_TYPED.get(token, ((), ()))
        found += [token] if following in after or (found and found[-1] in before) else _plain(token)
    return found


def _joined(spelled: Iterable[str]) -> str:
    """Words with one space around each; those that belong together in one, and none more than twice in a row."""
    found: list[str] = []
    for word in spelled:
        if found and f"{found[-1]} {word}" in _JOINED:
            found[-1] = _JOINED[f"{found[-1]} {word}"]
        elif not (len(found) > 1 and found[-1] == found[-2] == word):  # "help help help help" says no more
            found.append(word)
    return f" {' '.join(found)} "


def _known(word: str) -> bool:
    return word in ALIASES or word in FILLERS or _NEAR.get(word) == word or word in _DOUBLED


_DOUBLED = frozenset("kill will need feel see too took seeing all bleed bleeding collapsed swallowed feet well sleep "
                     "keeps keep call kitten puppy pills off spoon feeling been breathing goodbye passed boss".split())
_JOINED = {"over dose": "overdose", "over dosed": "overdosed", "over dosing": "overdosing", "my self": "myself",
           "him self": "himself", "her self": "herself", "un conscious": "unconscious", "suicid al": "suicidal",
           "any more": "anymore", "un responsive": "unresponsive", "good bye": "goodbye", "no body": "no one",
           "special k": "ketamine", "o d": "overdose", "some one": "someone", "every one": "everyone",
           "them selves": "themselves", "grand ma": "grandma", "house mate": "housemate", "room mate": "roommate"}


def expand(rule: str, names: dict[str, str] | None = None) -> str:
    """``rule`` with every ``<name>`` replaced by its choice, names within names included."""
    for _ in range(3):
        rule = re.sub(r"<(\w+)>", lambda m: f"({(names or {})[m[1]]})", rule)
    return rule.strip()


def pattern(rule: str, names: dict[str, str] | None = None) -> re.Pattern[str]:
    """A rule over plain words as a regular expression.

    ``..`` is up to four words, ``*`` any word ending, ``<name>`` an entry of ``names``, ``(a|b)`` a choice, ``^`` and
    ``$`` the ends of the text: ``pattern("(he|she) .. not breath*")`` finds ``" he is not now breathing "``.
    Gaps are bounded, so the work per word is bounded too: time grows with the length of the text, never faster.
    """
    rule = expand(rule, names).replace(".. ", "(?:[^ ]+ ){0,4}")
    rule = re.sub(r"(?<=[a-z])\*", "[a-z]*", rule)
    rule = re.sub(r"\((?!\?)", "(?:", rule)
    rule = re.sub(r"(?<!\[)\^ ", "(?<=^ )", rule).replace("$", "(?= ?$)")
    return re.compile(f"(?<= )(?:{rule})(?= |$)")


STEM = 4  # letters of a word that are enough to rule most rules out


def stems(plain: str) -> frozenset[str]:
    """The first letters of every word: ``" he is breathing "`` -> ``{"he", "is", "brea"}``."""
    return frozenset(word[:STEM] for word in plain.split())


# Words found in nearly every message: needing one of them rules nothing out.
_EVERYWHERE = frozenset("i he she they him her his them my me is are am was the a an to of not do have has had "
                        "it in on "
                        "and with for you will can be we what how no this that if feel want take took use go got "
                        "get".split())


def _parts(text: str, sign: str) -> list[str]:
    """``text`` cut at ``sign``, "|" or " ", where no bracket is open."""
    if "(" not in text and ")" not in text:
        return text.split(sign)
    found, depth, start = [], 0, 0
    for mark in _MARKS[sign].finditer(text):  # not letter by letter: every command reads all rules when it starts
        letter = mark[0]
        depth += (letter == "(") - (letter == ")")
        if letter == sign and depth == 0:
            found.append(text[start:mark.start()])
            start = mark.end()
    return [*found, text[start:]]


_MARKS = {sign: re.compile(rf"[(){sign}]") for sign in "| "}
_WORD_FORM = re.compile(r"([a-z]+)(\*|\?)?(?= |$)")


def _choices(group: str) -> set[str] | None:
    """The stems of which a text needs one for the choice ``a|b|(c|d) e``; None when that cannot be told."""
    found: set[str] = set()
    for part in _parts(group, "|"):
        best: set[str] | None = None
        for piece in _parts(part.strip(), " "):
            some: set[str] | None = None
            if head := _WORD_FORM.fullmatch(piece):
                word, mark = head[1], head[2]
                if mark != "*" or len(word) >= STEM:
                    some = {word[:STEM]} | ({word[:-1][:STEM]} if mark == "?" else set())
            elif piece.startswith("(") and not piece.startswith("(?") and _closes(piece):
                some = _choices(piece[1:-1])
            if some and not some & _EVERYWHERE and (best is None or len(some) < len(best)):
                best = some
        if best is None:
            return None
        found |= best
    return found


def _closes(piece: str) -> bool:
    """Whether the bracket that opens ``piece`` closes at its very end: not so in ``(a)(b)``."""
    depth = 0
    for mark in _MARKS["|"].finditer(piece):
        depth += (mark[0] == "(") - (mark[0] == ")")
        if depth == 0:
            return mark.end() == len(piece)
    return False


def _needs(rule: str) -> frozenset[str]:
    """Stems of which a text must have at least one for ``rule`` (expanded) to match; empty when unknown."""
    simple = re.sub(r"\(\?[^()]*(\([^()]*(\([^()]*\)[^()]*)*\)[^()]*)*\)", "", rule)  # look-aheads need nothing
    simple = re.sub(r"\((\?:)?\[\^ \]\+ \)\{[^}]*\}", "(?) ", simple).replace("){0,3}", ")? ").replace("){0,4}", ")? ")
    simple = re.sub(r"([?*])\(", r"\1 (", simple)  # "(a )?(b)" is two pieces
    return frozenset(_choices(simple) or ())


class Tally:
    """Words of which a text must hold at least ``least`` different ones: a net for wordings no rule foresaw."""

    needs: frozenset[str] = frozenset()

    def __init__(self, text: str, least: int) -> None:
        self.words = frozenset(text.split())
        self.least = least

    def found(self, reading: Reading) -> bool:
        """Whether ``reading`` holds enough of the words."""
        return len(self.words.intersection(reading.plain.split())) >= self.least


class Form:
    """A rule that is compiled when first needed, and passed over when no word it needs is there."""

    every: ClassVar[list[Form]] = []

    def __init__(self, rule: str, names: dict[str, str] | None = None) -> None:
        self.every.append(self)
        self.rule = expand(rule, names)
        self.needs = _needs(self.rule)
        self.fillers = FILLERS.intersection(re.findall("[a-z]+", self.rule))  # that it names
        self._compiled: re.Pattern[str] | None = None

    def found(self, reading: Reading) -> bool:
        """Whether the rule matches ``reading``, without fillers or with those that it names."""
        if self.needs and self.needs.isdisjoint(reading.have):
            return False
        compiled = self.compiled()
        if compiled.search(reading.plain):
            return True
        kept = reading.keeping(self.fillers)
        return kept is not reading.plain and compiled.search(kept) is not None

    def compiled(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = pattern(self.rule)
        return self._compiled


def compile_rules() -> None:
    """Compile every rule now, so that no visitor waits for it."""
    for form in Form.every:
        form.compiled()
