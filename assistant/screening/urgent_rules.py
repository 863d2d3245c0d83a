"""The rule tables of the urgent screen: kind -> named rules, and the calm frames that keep weak rules quiet.

How to add a rule: one entry in the table of its kind, ``strong("name", "words .. words*")``. ``..`` is up to four
words, ``*`` any ending, ``<name>`` an entry of WORDS, a leading ``!`` a form that must not be found (see
`wording.pattern`); all other forms of one rule must be found. A *strong* rule always fires, whatever stands around
it ("for my essay: I want to die" fires). A *weak* rule needs a person in the message and no calm frame (a study,
long ago, a novel, a course). Rules read plain words, so `can't` is "can not", fillers such as "really" are gone and
slips of spelling are repaired. Then run ``pytest tests/screening/test_urgent.py``: it says what was won and lost on
``eval/urgent.jsonl``.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.screening.normalize import Form, Reading, Tally

WORDS = {
    # People a message may be about. Plural because "friend's" reads "friends" here.
    "kin": "friends?|mates?|boyfriends?|girlfriends?|husbands?|wifes?|wife|partners?|brothers?|sisters?|mums?|mother|"
           "mothers|dads?|father|fathers|sons?|daughters?|cousins?|uncles?|aunts?|auntie|nans?|grans?|grandma|grandad|"
           "flatmates?|housemates?|roommates?|ex|child|childs|kids?|baby|babys|toddlers?|boys?|girls?|lads?|guys?|"
           "bloke|woman|womans|man|mans|person|persons|stranger|colleague|coworker|nephew|niece|neighbou?r|student|"
           "teenager|teen|parents|family|fiance|fiancee|lodger|patients?|client|buddy|pal|roomie|stepdad|stepson|"
           "stepmum|stepdaughter|grandson|granddaughter|lady|bairn|sibling|twin|loved one|teammate|classmate",
    "they": "he|she|they|him|her|his|them|someone|somebody|<kin>",
    "one": "i|we|<they>",
    "us": "me|us|him|her|them|someone|my|our|his|their|<kin>",
    "be": "is|are|am|was|were|be|being|been|has|have|had|gone|going|went|looks?|looking|seems?|keeps?|got|getting|just|"
          "became|becoming|turned|turning|feel|feeling|sounds?|started|lying|laying",
    "not": "not|never|no longer|barely|hardly|scarcely|no one|nothing|stopped|struggling to|failing to",
    "took":
        "took|taken|take|taking|did|done|doing|had|having|used|using|snorted|injected|railed|sniffed|swallowed|"
        "drank|eaten|ate|given|gave|smoked|on|after|necked|dropped|mixed|bumped",
    "drug": "ketamine|k|esketamine|spravato|drugs?|stuff|pills?|tablets?|meds|medication|medicine|lozenges?|spray|line|"
            "lines|bump|powder|coke|cocaine|opioids?|heroin|fentanyl|ghb|g|mdma|ecstasy|molly|xanax|benzos?|valium|"
            "alcohol|vodka|drink|drinks|booze|dose|gear|infusion|session|tramadol|oxy|oxycodone|morphine|paracetamol|"
            "methadone|acid|something|troches?|wonky|a bag|the bag",
    "intend":
        "want|wants|wanted|wanting|wish|wishes|wishing|going|plan|plans|planning|planned|decided|ready|"
        "about|trying|try|might|may|will|would|could|should|thinking|think|thoughts?|tempted|intend|intends|"
        "intending|threatening|threatened|threatens|need|needs|urge|urges|feel|feeling|hope|hoping|says|said|"
        "saying|prefer|rather|ways?|how|told|considering|consider|contemplating|talking|talks|talked|keep|keeps|"
        "let|afraid|scared|worried|worry|ideas?|easiest|best",
    "human":
        "someone|somebody|people|everyone|everybody|others|another person|anyone|you|him|her|them|my <kin>|a "
        "<kin>|the <kin>|our <kin>|his <kin>|her <kin>|<kin>|me|us|my kids|my children|my family|children",
    "harm":
        "kill|killing|hurt|hurting|stab|stabbing|shoot|shooting|attack|attacking|harm|harming|murder|murdering|"
        "strangle|strangling|beat up|beating up|poison|poisoning|smash|punch|hit|bash|suffocate|rape",
    "small":
        "toddlers?|baby|babys|babies|infant|newborn|child|childs|children|kids?|kiddo|little (one|boy|girl|lad)|"
        "son|daughter|nephew|niece|grandson|granddaughter|grandchild|grandkid|boy|girl|bairn|stepson|(year|yr|"
        "month|mth)s? (old|olds)|yo|[1-9]yo|aged (one|two|three|four|five|[1-9])|dogs?|doggo|cats?|pupp(y|ies)|"
        "pup|kittens?|kitty|pet|pets|rabbit|bunny|hamster|parrot|ferret|labrador|spaniel|terrier|lab",
    "pill":
        "pills?|tablets?|meds|medication|medicine|paracetamol|tylenol|insulin|opioids?|benzos?|sleeping pills|"
        "ketamine|antidepressants|dose|supply|prescription",
}


@dataclass(frozen=True)
class Rule:
    """One named rule: all of ``patterns``, none of ``unless``; a weak one also needs a person and no calm frame."""

    name: str
    patterns: tuple[Form | Tally, ...]
    unless: tuple[Form, ...]
    weak: bool = False

    def found(self, reading: Reading) -> bool:
        for form in self.patterns:
            if form.needs and form.needs.isdisjoint(reading.have):
                return False
        return (all(form.found(reading) for form in self.patterns)
                and not any(form.found(reading) for form in self.unless))


def _rule(name: str, forms: tuple[str, ...], weak: bool) -> Rule:
    return Rule(name, tuple(Form(form, WORDS) for form in forms if form[0] != "!"),
                tuple(Form(form[1:], WORDS) for form in forms if form[0] == "!"), weak)


def strong(name: str, *forms: str) -> Rule:
    """A rule that always fires when every form is found and none of the forms that begin with ``!``."""
    return _rule(name, forms, weak=False)


def weak(name: str, *forms: str) -> Rule:
    """A rule that also needs a person and no calm frame."""
    return _rule(name, forms, weak=True)


def net(name: str, least: int, tally: str, *forms: str) -> Rule:
    """A weak rule that also needs ``least`` different words of ``tally``: for wordings that no rule foresaw."""
    rule = _rule(name, forms, weak=True)
    return Rule(name, (*rule.patterns, Tally(tally, least)), rule.unless, weak=True)


# ---- Medical emergency. Signs come from first-aid teaching: waking, breathing, colour, fits, chest, bleeding.
OVERDOSE = (
    weak("cannot be brought back",
        "(can not|could not|will not|not) .. (bring|get|coming|come|snap|getting|pull) .. (back( up| round)?|"
        "round|any sense|a word|through to|out of it|sense out|an answer)",
        "<they>",
        "(ketamine|k|hole|drugs?|took|under|now|pills?|mates?|friends?)",
        "! (referral|appointment|the clinic|phone calls?|to work|together)"),
    weak("quiet or absent after it",
        "<they> .. (quiet|gone under|under|barely alive|not with it|vacant|blank|spaced|lifeless|not there|gone|"
        "floppy|lost)",
        "(after|took|ketamine|k|drugs?|is barely|not coming|will not)",
        "(worried|scared|help|what do|not|will not|barely|and we|and i)",
        "! (infusions?|sessions?|treatment|clinic|relationship|last (week|year|month))"),
    strong("barely alive", "(barely|hardly|only just|still) alive", "<they>",
        "! (dinosaur|grandparents|parents still|is (my|his|her) (dad|mum|nan|gran) still)"),
    weak("cannot feel anything",
        "(he|she|they|friend|mate|my <kin>) .. can not .. (feel|see|hear|move|talk|speak|stand|walk|swallow|"
        "breathe?|stop|hold)",
        "(passing|passed|ketamine|k|took|drugs?|help|now|keeps|scared|high|sick|hours)",
        "! (infusions?|treatment|clinic|difference|afford|about|anymore pain|rehab|mental health team|stop taking)"),
    weak("leave to sleep", "(leave|let|leaving|letting|left|put) .. (asleep|sleep|sleep it off|alone|to sleep|to bed)",
        "(took|taken|ketamine|k|drugs?|high|pills?|passed out|sick)",
        "(him|her|them|my|friend|he|she)",
        "! (infusions?|treatment|clinic|session|appointment|spravato)"),
    weak("throat", "throat .. (tight|closing|closed|swollen|swelling|numb and|blocked|constrict*)",
        "(swallow|breath*|help|scared|after|can not)"),
    weak("lost in it",
        "(not know (where|who) i am|leaving my body|can not get back|not come back|out of my body|lost my mind|"
        "losing my mind|going mad|going insane|can not calm( myself| him| her)? down|never coming back|stuck "
        "like this|make it stop)",
        "(i|my|help)",
        "(took|taken|ketamine|k|drugs?|high|help|scared|can not|not real|terrified)",
        "! (will (i|my head)|during (the|my) (session|infusion)|is it normal|appointments?|infusions?|therapy|course|"
        "before (my|the|each))"),
    net("several signs in someone", 2,
        "floor ground pale sweaty sweating confused cold clammy limp floppy stiff rigid shaking twitching "
            "vomiting vomit puking drooling staring unresponsive unconscious slurring bleeding blood blue grey "
            "purple lips breathing breath breaths gasping pulse heartbeat chest seizure fitting collapsed fell "
            "moving wake waking awake respond dead dying numb fever overdose overdosed ambulance cpr empty "
            "bottle violently inhaled slumped",
        "<they>",
        "(is|are|was|keeps|has|not|found|will|can|now|help|started|fell|took|had|after|on)",
        "! (infusions?|session|clinic|appointment|surgery|vet|vets|operation|treatment|recovered|fine now|"
            "scan|will (my|it|ketamine)|therapy|trauma|last (week|month|year))",
        "! (can|does|could|will|would|might|is|how does) (ketamine|it|esketamine|they|the drug) (cause|make|"
            "stop|affect|help|raise|lower)"),
    weak("seems dead",
        "<they> .. (seems?|looks?|might be|may be|think .. is|is he|is she|could be|appears) (to be )?dead"),
    strong("eyes will not open", "(he|she|they|<kin>) .. not (open|opening) (his|her|their) eyes",
        "! (newborn|during the (session|infusion))"),
    weak("cpr", "! (do i have to|when doing)",
        "((do|should|start|give|doing|how) .. cpr|(chest compressions|mouth to mouth) .. (him|her|now|on|do))",
        "(i|we|he|she|him|her|my|help|now)",
        "! (course|train*|learn|class|certif*)"),
    weak("days without sleep", "(awake|been up|up all|not slept|no sleep|without sleep) .. (days|nights)",
        "(seeing|hearing|demons|shadows|paranoid|voices|people|scared|hallucinat*|shaking|losing)",
        "(i|he|she|my|<they>|^ been)"),
    strong("body stopped working",
        "(my|his|her) (legs?|arms?|body|hands?|face) .. (stopped working|not work|not working|gone dead|"
        "paralysed|given out|not respond|not move)",
        "! (again after|years|for months|first (infusion|session))"),
    weak("driving off high",
        "(drove|driving|drive|jumped in|got in|getting in|behind the wheel) .. (car|off|home|motorway|van|bike|"
        "wheel|high|now)",
        "(high|on ketamine|on k|wasted|off (his|her|my) (face|head)|just (took|did|had)|mashed|messed up|drunk)",
        "(i|he|she|friend|my|<kin>)",
        "! (can i|how long|arrested|years|infusion|clinic|appointment|treatment)"),
    strong("not waking, breathing, moving",
        "! (emails?|my calls|handbook|at night anymore)",
        "not (waking|breathing|responding)(?! (to (treatment|ketamine|infusions?|meds|antidepressants|ssris?|"
        "therapy|drugs)|exercises?|well))",
        "(<they>|help|now|still|^ not)",
        "! (is it normal|will i|patients|years ago|during anaesthe*)"),
    weak("eyes rolling back", "eyes .. (roll*|rolled|back in|gone white|pinned|fixed|wide open|not focus*)", "<they>"),
    weak("in water",
        "(drowning|underwater|under water|(asleep|passed out|unconscious|out) .. (in|under) .. (bath|pool|water|"
        "shower|sea|river|hot tub|lake|jacuzzi))",
        "<they>",
        "! drowning in (leaflets|work|paper*|debt|emails|information|bills|sorrow|deaths)"),
    weak("sick while asleep",
        "(vomit*|being sick|been sick|throwing up|puking|sick) .. (asleep|sleep|on (his|her|their) back|"
        "unconscious|not wak*|passed out|out cold|in (his|her) sleep)",
        "<they>"),
    weak("many tablets",
        "(took|taken|swallowed|had|necked|downed) .. ([1-9][0-9]+|ten|twelve|fifteen|twenty|thirty|forty|fifty|a "
        "hundred|dozens of|lots of|loads of|several|a load of|a bunch of|a handful of|so many|too many|all my|"
        "all the|all of (my|the)|all (his|her)|every) .. <pill>",
        "(i|he|she|<they>)",
        "! (over the years|prescribed|every (morning|day)|[1-9][0-9]+ ?mg|in my life|times|sessions?)"),
    strong("save someone now",
        "(save|help|rescue|revive|bring (back|round)) (someone|him|her|them|a friend|my) .. (is|are|who is) "
        "(overdosing|not breathing|dying|unconscious|unresponsive)"),
    weak("dropped",
        "^ (he|she|they|<kin>) (dropped|collapsed|went down|stopped|fell over|is gone|passed out|fainted|is out|"
        "blacked out)( help| now)*$"),
    weak("heart giving out",
        "(feel|feels|think|like|thought|felt) .. heart .. (stopping|stopped|stop|giving (out|up)|(going to "
        ")?give (out|up)|failing|slowing|burst|exploding)"),
    strong("number for an ambulance",
        "(number|phone|how do (i|we)|how to|where do (i|we)) .. (call|ring|get|for|of|phone|dial)? ?(an |the |a )?(ambulance|"
        "paramedics?|emergency services|999|911|112)",
        "! (cost|price|bill|essay|work as|become|course|training|how long|quiz)"),
    strong("hospital after taking it",
        "(do|does|should|shall|must|need|needs|is it time) .. (go|going|take|get|bring|drive|rush|call|need) .. (hospital|er|"
        "emergency room|a e|ambulance)",
        "(he|she|they|i|we|friend|mate|<kin>) .. (had|took|taken|did|done|swallowed|snorted|sniffed|drank|on) .. (ketamine|k|"
        "drugs?|pills?|lines?|bag|too much|a lot|loads|something)",
        "! (infusions?|appointment|treatment|clinic|spray|surgery|operation|scheduled|outpatient|programme|session|years? ago|"
        "last (week|month|year)|essay|film|study)"),
    weak("hospital now",
        "(should|do|need|take|get|shall|must|rush*|going) .. (hospital|(the|an|nearest|local) er|to er(?= "
        "(now|or|and|for|if|because|asap|after|she|he|we|they)|$)|emergency room|a e|urgent care|emergency)",
        "(he|she|i|we|him|her|my|them)",
        "(took|taken|ketamine|k|drugs?|pills?|breath*|collapsed|passed|sick|chest|scared|lost|wake|wait|now|"
        "overdose*|swallowed|blood|hurt|pain|unconscious|head|seizure|fit)",
         "! (appointment|infusions?|treatment|job|work|training|scheduled|referr*|parking|pack|programme|"
             "outpatient|surgery|(by|in) (a|the) hospital)"),
    weak("lost feeling",
        "(lost|losing|no) (all )?(the )?(feeling|sensation|control|use|movement) (in|of) (my|his|her|both) "
        "(legs?|arms?|body|face|hands?|feet|limbs|left|right|side)",
        "! (will i|during (the|my) (session|infusion))"),
    weak("went too far",
        "(overdone it|over done it|gone too (deep|far)|went too (deep|far|hard)|too deep|in too deep|too far "
        "gone|too high|way too (high|fucked|gone)|bad trip|greened|can not handle|bitten off)",
        "(i|he|she|we|friend|my)",
        "(scared|frightened|terrified|help|can not|will not|panick*|stuck|wake|die|dying|heart|sick|awake|hole|"
        "breathe?|what do|not moving)"),
    # Waking and answering. Not "I do not want to wake up": that is suicide.
    strong("will not wake",
        "! (before (noon|midday|lunch*)|up to the fact|hero|welfare policy|short story|writing a (scene|story|novel|book))",
        "(will|can|could|does|do|is|are|would|did|has|have) not ((?!want)[^ ]+ ){0,4}(wake|waking|woke|woken|"
        "rouse|rousing|rousable|come (round|around|to(?! (a|an|the|terms|any)))|coming (round|around|to))(?! (me|"
        "up without|up early|up in the morning))"),
    strong("nobody can wake", "(no one|nothing) .. (wake|wakes|waking|rouse)"),
    strong("stopped responding",
        "<they> .. (stopped|not|barely|hardly|no longer|is) (really )?(responding|responsive|respond|conscious|"
        "awake|alert)(?! to (?!me|us|pain|voice|my voice|shaking|touch|anything|his name|her name|noise|light))",
        "! (years ago|asleep yet|during the (session|infusion)|anaesthe*)"),
    weak("barely conscious", "(barely|hardly|semi|half|not fully|not) (responsive|conscious|awake|alert|there)",
        "<they>"),
    strong("cannot be shaken awake",
        "not .. (shake|shaken|get|slap|shout) .. (awake|up|to wake|to respond|to talk|to move|to open)(?! "
        "(appointment|early|to date))",
        "<they>"),
    strong("no answer when shaken",
        "(will|can|could|does|do|is|are|would|did|has|have) not .. (respond|responding|respon*|reacting|"
        "react|answering)(?! (to (treatment|ketamine|the|any|it|infusions?|meds|antidepressants|ssris?|therapy|"
        "medication|drugs|medicine|my (meds|medication|treatment|infusions?))|well|my (calls|texts?|emails?)))",
           "(he|she|they|him|her|them|<kin>|i|eyes|body)"),
    weak("does not answer after drugs",
        "(will|can|does|is|are) not .. (answer|reply|talking|speaking|talk|speak|stay awake)",
         "<they>", "(<drug>|took|taken|breath*|floor|bed|stare|staring|shake|shook)",
             "! (about|listen|antidepressants|treatment|anymore since|speaking to me)"),
    strong("no response",
        "(no|get a|any|get (him|her|them) to|zero) (response|reaction|reply|respond|react|responding)",
           "<they>", "(no|not|nothing|zero)"),
    strong("shook and nothing",
        "(shook|shake|shaking|shaken|slapped|pinched|shouted|shouting|poked) .. (him|her|them|his|<kin>) .. "
        "(nothing|not|no|still)"),
    strong("nothing when shaken", "(not|nothing) .. when (i|we) (shake|shook|touch|pinch|call|shout*)"),
    strong("unconscious now",
        "! ((in|of) the (film|movie|series|book|show)|assembly|last summer)",
        "<one> .. (is|am|are|was|gone|lying|found|looks?|has gone|just went|went|been) .. "
                              "(unconscious|unresponsive|comatose|lifeless|out cold)(?! (bias|mind))",
        "! (first aid|how (should|do|does|would|can) (a|an|you|one|people|doctors?|paramedics?|staff))"),
    weak("unconscious",
        "! (website|emails?|app|last summer)",
        "(unconscious|unresponsive|comatose|lifeless|out cold|knocked out|blacked out|blacking out)"),
    strong("in and out", "(in and out|drifting in|slipping in*) .. consciousness"),
    weak("collapsed",
        "<one> .. (collapsed|collapsing|passed out|passing out|passes out|pass out|fainted|fainting|keeled over|"
        "blacked out|dropped to the floor|gone down|went down hard)"),
    weak("limp",
        "(gone|went|is|looks|are|completely|all|go|going|he|she|looking) .. (limp|floppy|slumped|slumped over|a "
        "rag doll|stiff|rigid|cold to (the )?touch|ice cold|clammy|freezing cold)", "<they>"),
    strong("not moving",
        "(he|she|they|body|<kin>) .. (not|stopped) (been )?(moving|moved|move)(?! (out|in (with|together|to)|"
        "house|on|back|away|to))"),
    weak("nodding off hard", "(nodding (off|out)|not stay awake|falling asleep mid*|drifting off|too sleepy|sleepy)",
        "<they>",
         "(opioids?|heroin|fentanyl|together|mixed|oxy*|methadone|not stay|not keep|drugs)"),
    weak("out of it",
        "(out of it|eyes (have )?(rolled|rolling|open|gone|glazed)|staring into space|glassy eyed|not (making|"
        "make) (any )?sense|talking nonsense|does not know (where|who)|not know where (he|she|they))", "<they>",
         "(ketamine|k|drugs?|took|taken|sick|spray|infusion|floor|club|right|burning|high|pills?|sleep|what "
             "do|help|now|festival|party|something)"),
    # Breathing.
    strong("not breathing",
        "! (handbook|laugh*|giggl*|nose|emergency drugs)",
        "! (laugh*|giggl*)",
        "(not|stopped|stops|barely|hardly|scarcely|no longer|forgetting to|forgets to) (to )?((?!want|need|"
        "have)[^ ]+ ){0,3}(breathe?|breathing|breathes)(?! (exercises?|techniques?))",
           "! (does|can|could|will|would|might) (ketamine|it|esketamine|the drug|spravato|anaesthe[a-z]*)"),
    strong("cannot breathe", "! (laugh*|giggl*)",
        "(i|he|she|they|we|<kin>) .. (can|could) not .. (breathe?|get (my|his|her|a|any|enough) (breathe?|air)|"
        "catch (my|his|her) breathe?|get air)"),
    strong("cannot breathe, no subject",
        "can not breathe? $|can not breathe? (help|after|took|need|properly|right)"),
    strong("can hardly get air",
        "! (laugh*|giggl*|through (my )?nose)",
        "can not .. (breathe?|get air)", "(i|he|she|my|help|me|took)"),
    strong("breathing is wrong",
        "(his|her|their|my|<kin>) .. (breathing|breaths?|breathe) .. (slow|slowly|slower|slowed|shallow|stopped|"
        "stopping|stops|weird|funny|strange|odd|noisy|irregular|not right|far apart|gurgl*|snor*|rattl*|faint|"
        "weak|wrong|laboured|labored|heavy|fast|ragged|loud|bad|worse|off|rasp*|gasp*|every)"),
    strong("breathing badly",
        "(<they>|i am|who is) (is |are |was |has been |keeps |seems to be )?([^ ]+ ){0,2}(breathing|breathes) .. "
        "(slow|slowly|shallow|shallowly|weird*|funny|strange*|badly|wrong|noisily|irregular*|heavily|heavy|fast|"
        "hard|every|too|faintly|oddly)"),
    weak("short of breath",
        "(short(ness)? of breath|out of breath|breathless*|fight(ing)? for breath|gasp* for (breath|air))",
        "(after|took|taken|taking|ketamine|k|line|bump|drugs?|help|now|right now|can not|scared|chest|getting worse|"
        "he is|she is|i am)",
        "! (stairs|running|exercise|copd|pregnan*|years|months|infusions?|treatment|clinic|session|quit*|stopped)"),
    weak("afraid to stop breathing", "(stop|stopped|stopping|forget) breathing",
        "(scared|frightened|afraid|he|she|friend|keep|keeps|feel|going to)"),
    strong("gurgling", "(gurgl*|death rattle|rattling|rasping)", "<they>"),
    # Colour.
    weak("blue or grey",
        "(lips?|face|fingers?|fingertips|fingernails|nails|skin|hands?|mouth|toes|he|she|they|<kin>) .. (blue|"
        "grey|purple|bluish|greyish|ashen|deathly|death|pale|white)", "(my|<one>)",
         "(blue|grey|purple|bluish|greyish|ashen|deathly|death|(went|gone|going|turned|turning|looks|looking|"
             "is) (pale|white))(?! (pill|tablet|area))"),
    weak("colour first", "(gone|going|went|turned|turning|look|looks|looking) .. (blue|grey|purple|ashen)"),
    strong("lips or nails have gone blue",
        "(lips?|fingers?|fingertips|fingernails|nails|mouth) .. (is|are|look|looks|looking|gone|going|go|turned|"
        "turning|went|getting|getting) .. (blue|grey|purple|bluish)",
           "! (raynauds?|varnish|polish|lipstick)"),
    # Fits.
    weak("seizure",
        "! (laptop|computer|phone|giggles|customs|tonnes?|of laughter)",
        "(<one>|here|is|am|are|just|having|had|has|started|into) .. (seizures?|seizing|convuls*|fitting|(a|some) "
        "fit|fits)(?! (in|into|with my|the|me|this|my|you))", "(i|he|she|they|someone|here|my|me|her|him|<kin>)"),
    weak("foaming, twitching", "(foaming|frothing|foam|froth|twitching|jerking|eyes (rolled|rolling))", "<one>"),
    # Chest, heart, stroke.
    weak("chest pain, no person", "(now|and|having|got) .. (chest|heart) (pains?|tightness)",
        "(now|after|ketamine|k|took)",
        "! (is|are|does|do|can|side effects?|common)"),
    weak("chest pain",
        "(chest|heart) .. (pain|pains|hurt|hurts|hurting|tight|tightness|crushing|pressure|agony|killing|heavy|"
        "stabbing)",
        "(i|my|<they>)"),
    weak("pain in the chest", "(pain|pains|tightness|pressure|tight) .. chest", "(i|my|<they>)"),
    weak("heart stopped",
        "((no|barely|hardly|not|find|got) .. pulse|pulse .. (weak|faint|slow|gone|stopped|thready)|(weak|faint) "
        "pulse|not (find|feel|have|got) (a|any|his|her) (pulse|heartbeat)|no heartbeat|heart (has )?stopped|"
        "cardiac arrest|(having|had) a heart attack|heart attack now)"),
    weak("stroke signs",
        "(face|mouth|eye|smile|side|arm|leg) .. (droop*|dropped|numb|sagging|lopsided|weak|gone dead|wonky|slack)",
         "(one side|arm|face|side|droop*|slurr*|stroke)", "! (in|during) (the|my) (session|infusion)"),
    weak("one side numb",
        "(left|right|one|half) (side|half|arm|leg)( of (my|his|her) (body|face))? .. (numb|weak|dead|droop*|"
        "paralys*|tingling|not work*)|(numb|weak|tingling) .. (one|left|right) (side|arm)",
        "(i|my|<they>)"),
    weak("slurring", "slurring", "(<they>|i am)"),
    # Took too much, and frightened.
    strong("took far too much",
        "! (too (much|many) (on at|notes|cake|homework|work|screen|photos?)|how would you know)",
        "(i|we|he|she|they|<kin>) .. (took|taken|did|done|had|snorted|injected|swallowed|drank|used|given|"
        "sniffed|necked|eaten|ate) ((?!up|part|time|off)[^ ]+ ){0,3}(too (much|many)|way more|far more|a lot "
        "more|more than|loads|tons|heaps|masses|load of|lots|whole (lot|bag|bottle|box|pack|packet|thing|gram|"
        "strip)|huge|massive|double|twice|triple|a ton|handful|stupid amount|crazy amount|dangerous amount|"
        "entire|by accident|by mistake|accidental*)(?! (time|work|of my time|than one clinic|people|wine|coffee|"
        "caffeine|food|money|trouble|sugar|fun|hope|beer|of (questions?|people|friends|fun|time|trouble|therapy|"
        "sessions|tests|different)))",
           "! (once|years ago|used to|anymore|if (i|a|someone|my|you)|last year|what (would|will) happen|how would (you|one)|"
           "(what|how) (do|does|would|can|should) (the )?(hospitals?|doctors?|nurses?|paramedics?|staff|clinics?))"),
    strong("took to much",
        "(i|he|she|<kin>|just) (have )?(took|taken|did|had|done) (to|too) much (<drug>|and|help|i|can|what|now|"
        "am)"),
    weak("accident with medicine",
        "(accidentally|by accident|by mistake|wrong) .. (swallowed|took|taken|injected|drank|double|twice|dose|"
        "pill|tablet|medicine|had)",
        "(i|he|she|my|<kin>)"),
    weak("swallowed poison",
        "(swallowed|drank|drunk|ate|inhaled|injected) .. (bleach|poison|antifreeze|weedkiller|rat poison|acid|"
        "battery|cleaner|detergent|whole)"),
    weak("overdosed",
        "(<one>) .. (overdosed|overdosing|overdose|overdoses)(?! (training|awareness|policy|risk|deaths|course|"
        "kit|prevention))"),
    strong("overdosing now",
        "! (university|chocolate|netflix)",
        "(i|he|she|we|they|<kin>) (think |am |might |may |have |has |is |are |be |just |could |"
        "thinks |must )*(overdosing|overdosed|taken an overdose|having an overdose|overdose|(have|has) "
        "overdosed)(?!.* (years ago|year ago|once|in my (teens|twenties|thirties)|in (19|20)[0-9][0-9]|last year|"
        "when i was|months ago|as a teenager))"),
    strong("am I overdosing", "(am i|is (he|she)|are (we|they)) .. (overdosing|dying|going to die|going to be ok)"),
    strong("bare overdose",
        "^ (help |i |think |ketamine |k )*(overdose|overdosing|overdosed)( on <drug>| on)?( what do (i|we) "
            "do| help| now| what now| help me| help him| help her)*$"),
    weak("a sign in someone who took it",
        "! ((new|tv) series|film|movie|laugh*|giggl*|last summer)",
        "<they>",
        "(took|taken|taking|did|snorted|injected|swallowed|mixed|mixing|k hole|khole|ketamine|k|drugs|pills?|"
        "spiked|on something|a line|high|party|club|festival|can not|will not|baggie|powder|overdose*)",
         "(staring|drooling|not blinking|blinking|clammy|sweating buckets|vomiting|being sick|throwing up|"
             "puking|puked|thrown up|slurr*|choking|hold (his|her|their) head|ice cold|cold|stiff|limp|floppy|"
             "(not|can not|will not) (talk|speak|walk|stand|see|focus)|talking|speaking|speech|pale|grey|"
             "screaming|burning|overheating|twitching|shaking|jerking|fell|passed out|blacked out|collapsed|"
             "confused|delirious|hallucinating|freaking out|not right|not ok|not okay|not well|bad way|(looks?|"
             "looking|acting|behaving|going|gone) (strange|weird|funny|awful|rough|dead|ill|terrible|wrong|mad|"
             "crazy)|wrong|slumped|gasping|heart|chest|pulse|eyes|foam*|bleeding|blood|dying|dead|unwell|really "
             "ill|in trouble|emergency|breath*)",
         "(is|are|was|now|keeps|keep|will|can|looks?|has|started|what do|help|going|went|gone|and|in)",
             "! (every (weekend|day|night|week)|residents?|regulators?|telehealth|supervised|do patients|problem with|"
             "addicted|addiction|treatment|infusions?|clinic|"
             "appointment|therapy|worried about side|side effects|starting|next week|his ketamine use|her "
             "ketamine use|scared of|cut down|stop using|quit|died|lets|insists)"),
    weak("a sign in me after taking it",
        "(i|i have) .. (took|taken|did|done|snorted|injected|swallowed|mixed|had|used|am on)",
        "(slipping away|heart .. (stop*|explo*|pound*|rac*|crazy|weird|burst*)|chest|numb all|vision|blacking "
        "out|black out|pass out|passing out|faint|fainting|dying|going to die|can not (breathe?|see|move|feel my|"
        "stand|swallow|stop (shaking|being sick|vomiting|throwing|sweating)|think straight)|legs .. (not work|"
        "gone|jelly)|terrified|scared|frightened|panicking|freaking out|losing my mind|going mad|feel(ing)? "
        "(really )?(weird|terrible|awful|wrong)|throwing up|vomiting|sweating|shaking .. not stop|help|what do i "
        "do|not right|seeing things|stomach .. (agony|killing)|not (feel|feeling) (right|well|good|ok|okay)|very "
        "ill|really ill|so ill|tingling)",
         "! (session|infusion|clinic|appointment|treatment|therapy|prescribed|needles|(yesterday|last night) "
             "(can|when|should)|what if|months?|used to|years?|lost (my|our)|work|addict*)"),
    weak("too much, cry", "too much .. <drug>", "(help|scared|can not|what do|please|emergency|dying|sick)"),
    strong("going black", "(everything|vision|sight|eyes) .. (going|gone|goes|went) (black|dark|blurry|white)"),
    strong("about to pass out",
        "(i am|i feel|feel|feels|going|about|think i) .. (going to|about to) (pass out|faint|black out|"
        "collapse|stop breathing|have a (seizure|fit|heart attack|stroke))"),
    strong("cannot move or feel",
        "(i|he|she|they|<kin>) .. (can|could|will) not (feel|move|lift) (half |most of |one side of |parts of "
        ")?(my|his|her|their|any|either) (own )?(legs?|arms?|body|face|hands?|feet|limbs|fingers|head|neck|"
        "tongue|mouth|toes|side|muscles)",
           "! (first|last|during|week|year|years|ago)"),
    strong("cannot move, drugged",
        "(i|he|she|they|<kin>) .. can not (move|stand|stand up|get up|walk|speak|talk|see|swallow|sit up)( "
        "properly| straight| at all| anything)?( $| (and|help|please|took|after|what|i am|he|she|anymore|on my "
        "own|now|right now|because i))",
           "(help|took|taken|ketamine|k|scared|alone|on my own|now|what do|spray|dose|high|drug*|high|sick|"
               "breath*|after|right now|floor)"),
    strong("cannot move at all", "^ (help )*(i )?can not (move|feel my legs)( help| at all)*$"),
    # "Dying", but not "dying to know" and not an illness with a name.
    strong("feels like dying",
        "(i|he|she|they|we|<kin>) .. (feel|feels|think|thinks|am|is|are|going to|about to|might|felt|looks|"
        "start*|be) ((?!from|if|of|what|to know|not)[^ ]+ ){0,3}(dying|die)(?! (to|for|of (cancer|boredom|"
        "curiosity|laughing|old|laughter|embarrassment|shame|hunger|cold|cute)|laughing|from (cancer|"
        "embarrassment|boredom)|down|inside|hard))(?!.* (years ago|years time|one day|trial|studies|statistics))",
           "! (want|wants|wanting|wish|people|patients|does|battery|car|dog|cat|plant|during my|first "
               "(infusion|session|time)|afterwards|but i was fine|wore off|turned out)"),
    # Vomiting, choking, bleeding, allergy.
    strong("choking",
        "! ((new|tv) series|film|biscuit|coffee)",
        "(choking|choked|chokes) (on|to death|and|his|her|now|help|in)(?! (my words|words|up|the (cost|price|"
            "smoke|fumes|bill)))"),
    weak("choking now", "<one> (is|am|are|was|keeps|just|started) .. choking(?! on the (cost|price|bill))"),
    weak("cannot stop vomiting",
        "(can not|will not|not|keeps|keep|non) .. (stop|stopped)? ?(being sick|vomiting|throwing up|puking|"
        "retching|keep water down|keep anything down)",
        "(took|taken|ketamine|k|drugs?|blood|hours|all|after|unconscious|out|passing)"),
    weak("vomit and blood", "blood", "(being sick|vomit*|throwing up|coughing|puking)"),
    weak("allergic",
        "(throat|tongue|face|airway|lips) .. (clos*|swell*|swollen|shutting|tightening|blocked|puffing|puffed)",
        "(my|his|her|i|is|are)"),
    weak("anaphylaxis", "(anaphyla*|allergic reaction|epipen)", "(having|having|has|is|i am|think|now|need)"),
    weak("cannot pass urine",
        "(can not|not (been able to|able to)|have not|has not|not|nothing comes out|will not) .. (pee|"
        "wee|piss|urinate|pass (urine|water|anything)|peed|weed|urinated)",
         "(agony|severe|pain|painful|hours|hour|all day|since|yesterday|swollen|bursting|at all|help|days|"
             "hurts|killing|screaming|unbearable|excruciating|blood|clots|fever|stuck)"),
    weak("agony",
        "(in agony|excruciating|unbearable (pain|cramps)|worst pain|doubled (up|over) in|screaming (in|with) "
        "pain|screaming in)",
        "(i|i am|he|she|my|his|her|<kin>)"),
    # Heat, fever, infection.
    weak("overheating",
        "(burning up|overheat*|boiling hot|boiling|(raging|high|bad|dangerous|very high|spiking a) (fever|"
        "temperature)|temperature (of|is|over) (39|4[0-9]|10[2-9])|heat ?stroke|so hot to touch|red hot)",
         "(i|i have|my|he|she|his|her|they|<kin>)"),
    weak("fever and shaking", "(fever|feverish|temperature)",
        "(shaking|shivering|shake|confus*|inject*|stiff|rash|delirious)",
        "(i|my|<they>)"),
    # Spiked, pregnant, driving.
    weak("spiked",
        "! (true crime|podcast|pod|licence|door staff)",
        "(i|my|me|our|her|his|she|he|we|<kin>) .. (spiked|roofied|drugged|dosed without)(?! drinks? leaflet)"),
    weak("something in the drink",
        "(something|anything|pill|powder|k|drug|drugs|ketamine) .. (in|into) (my|her|his|our|your) (drink|glass|"
        "cup|water|vape|food)"),
    weak("baby not moving", "(baby|bump) .. (not|stopped|less) .. (moving|moved|kicking|kicked|move|much)"),
    weak("pregnant and bleeding", "(pregnant|pregnancy|weeks gone)",
        "(bleeding|blood|cramps|cramping|contractions|waters|not moving|agony|passed out|overdose*)"),
    strong("driving after using",
        "(i am|he is|she is|about to|going to|just got in|we are|getting|they are|<kin> is|they are) .. (driving|"
        "drive|behind the wheel|at the wheel|in the car|on the motorway|riding)",
           "(just (done|did|took|taken|had)|done a|did a|had a (line|bump)|after .. (line|bump|lines|"
               "ketamine)|high|off (my|his|her|their) (face|head)|wobbl*|on ketamine|on k|seeing double|swerv*|"
               "took|taken|wasted|out of it)",
           "! (clinic|infusion|appointment|treatment|session|spravato|arrange|insurance)"),
    # Help is being called.
    strong("call an ambulance",
        "(should|do|shall|must|need|can|please) (i|we|someone|to|you|anyone)? ?.. (call|ring|phone|dial|get) .. "
        "(ambulance|911|999|112|000|paramedics?|emergency services|poison (control|help))(?!.* (policy|leaflet|"
        "course|training))",
           "(i|we|he|she|him|her|my)", "! (when|what happens if|why) (should|do|would|must) (you|people|i|one)"),
    strong("bare cry for help",
        "^ (please |someone |somebody |can |need |i |we |me |urgent )*(help|sos|911|999|112|emergency|urgent|"
        "ambulance)( me| us| now| right now| please| someone| him| her| urgent| emergency| help| asap| quick| "
        "quickly| i am scared)*$"),
)

# ---- A child or a pet may have taken some.
INGESTION = (
    strong("a child speaks",
        "i am (a kid|a child|(only )?(8|9|10|11|12|13|14|15|16|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
        "fifteen|sixteen)) .. (took|taken|swallowed|tried|ate|had|sniffed|snorted|given|did) .. (ketamine|k|"
        "pills?|tablets?|drugs|my (mums|dads|parents|brothers|sisters)|spray|lozenges?|something)"),
    weak("small one and swallowing", "<small>",
        "(swallow(ed|ing)|licked|licking|chewed|chewing|ingested|ate|eaten|drank|gulped|tasted|sucked|sucking|in "
        "(his|her|its|their) mouth|to (his|her|its) (lips|mouth))",
         "(ketamine|k|drugs?|stash|pills?|tablets?|lozenges?|troches?|spray|meds|medicine|medication|vial|"
             "powder|syringe|prescription|patch|methadone|paracetamol|ibuprofen|opioids?|cannabis|edibles?|"
             "cocaine|heroin|battery|bleach)",
             "! (vets?|doctor|hospital|surgeon|before (the|her|his) (operation|surgery|anaesthetic)|breakfast|if "
             "a|prescribed for)"),
    weak("small one swallowed",
        "! ((new|tv) series|eating (fine|grand|well|now)|kids get into|lockbox)",
        "! (could it be|at school|what is it|how do i (know|tell))",
        "<small> .. (swallow*|ate|eat|eaten|eating|lick*|chew*|suck*|drank|drunk|drinking|ingest*|consumed|"
        "tasted|tasting|gulped|nibbled|munched|gobbled|bit|bitten|(got|gotten|get|getting|gets) (hold|into|in to|"
        "at|his|her|hands|their)|has got|sniffed|sniffing|inhaled|snorted|wolfed|scoffed|downed|put|sprayed|"
        "hoovered|found|picked up|playing with|holding|opened|been at|took|taken|stole|stepped in|rolled in|"
        "popped|grabbed|choking|breathed in|sucked|tried|had (some|of|a (little|taste|bite|whole|lick)|one|my|"
        "two))",
         "(ketamine|k|drugs?|stash|pills?|tablets?|lozenges?|troches?|spray|meds|medicine|medication|vial|"
             "bottle|powder|bag|baggie|line|dose|packet|patch|syringe|blister|liquid|capsule|methadone|"
             "paracetamol|ibuprofen|bleach|alcohol|vodka|weed|edibles?|cannabis|cocaine|heroin|opioids?|stuff|it|"
             "mouth|something|one|wrap|prescription|gear|sweets|gummies|gummy|syrup|drops)",
         "! (vets?|doctor|hospital|surgeon|anaesthetist) (gave|give|given|uses?|used|said)"),
    weak("in a small mouth", "(in|into|round|around|near) (his|her|its|their|the) mouth", "<small>"),
    strong("small one, wrong after drugs",
        "<small> .. (ate|eaten|swallowed|licked|got into|got hold) .. (my|our|some|the|a|of) .. (ketamine|k|"
        "drugs|stash|pills?|tablets?|lozenges?|spray|meds)",
           "! (what happens if a|if a|vets?)"),
    weak("pet acts strangely",
        "(dog|cat|puppy|kitten|pup|pet|toddler|baby) .. (wobbl*|floppy|seizure|fitting|staggering|drooling|"
        "unsteady|collapsed|limp|strange|weird)",
         "(ketamine|k|drugs?|stash|pills?|getting at|got|ate|eaten|licked)",
             "! (vets?|operation|surgery|spay|neuter*|teeth)"),
)

# ---- Suicide and self-harm: plain words, wishes, goodbyes, plans, other people's words.
_NOT_PAST = (
    "! (years ago|year ago|months ago|decades? ago|when i was (a|young|younger|in|at|little|[0-9]*)|as a (teen|"
    "teenager|child|kid|student)|used to|in my (teens|twenties|thirties|youth)|in (19|20)[0-9][0-9]|recovered|"
    "long time ago|back then|in the past|for ([a-z]+|[0-9]+) years|am safe now|nightmares for|is well now)"
)
SUICIDE = (
    strong("why go on",
        "(why (should|do|would|bother|am)) (i |even |to |keep )*(keep going|go on|carry on|live|living|bother "
        "living|stay alive|be here|exist|stay|trying|try)$",
        "! (treatment|sessions?|course)"),
    strong("finally do it",
        "(tonight|today|finally|this time|ready|going|about) .. (finally |really |actually )?do it$|(finally|"
        "tonight) .. do it( |$)",
        "(i|he|she)",
        "(tonight|finally|this time)",
        "! (infusion|treatment|exercise|homework|injection|book|appointment)"),
    strong("not going to be around",
        "! (moving to|off to|abroad|flights?|tenerife|spain|drive me|on holiday|transfer)",
        "not (going to )?be (around|here|alive) (much longer|for long|anymore|after|long|next|tomorrow|to "
        "see|for (my|christmas))",
        "(i|he|she|mum|dad|friend)",
        "! (appointment|holiday|clinic|office|work|pain|symptoms)"),
    strong("if I took everything",
        "(if|when|once) i (took|take|swallow|swallowed|used|use|do|did) (everything(?! (by|from))|all of (it|them)|the lot|the "
        "whole (lot|bottle|box|bag)|them all|it all|every (last|pill|tablet|single)|everyone of (them|these|those|my))",
        "! (as prescribed|with food)"),
    strong("off not existing",
        "(better|easier|happier|best) .. (not existing|not being here|not here|gone|dead|not alive|if i did not "
        "exist|under the ground|six feet)",
        "(i|me|everyone|they|it|he|she)",
        "! (pain|symptoms|cravings|bladder)"),
    strong("worth nothing",
        "i (am|feel) .. (waste of (space|air|oxygen|life)|worthless and|nothing to (anyone|anybody|no one)|"
        "unwanted|unlovable|too broken|beyond (help|saving|repair)|better dead|a mistake|in the way)|(nothing|no "
        "thing) is worth (it|living)|do not (belong|fit) (in this world|here on earth|on this (earth|planet))"),
    strong("so that I can die",
        "(pills|tablets|lozenges|meds|medication|ketamine|it|them|enough|overdose|all) .. (so i|i) can (die|end|"
        "sleep forever|go|finish)|so (that )?i (can|will) (die|end it|not wake)|(saving|save|saved|hoard*|"
        "stockpil*|stash*) .. (pills|tablets|lozenges|meds|medication|ketamine|spray|doses) .. (die|end|overdose|"
        "kill|not wake|one go|for when)",
        "(i|my|she|he)"),
    strong("crashing on purpose",
        "(driving|drive|crash|crashing|run|swerve|swerving|walk|walking|steer*) .. (into|off|under|in front of) "
        "(a |the |my |oncoming |that |moving )*(wall|tree|bridge|cliff|traffic|lorry|truck|train|river|sea|road|"
        "motorway|barrier|bus|car)",
        "(thinking|thought|want|going|urge|plan*|nearly|almost|could|think|feel|imagin*|tempted|so i)",
        "! (test|lesson|accident|insurance|film|news)"),
    strong("at the edge",
        "(stood|standing|stand|sat|sitting|looking|staring|went|going|walked|been|walking|am) .. (on|at|over|"
        "down|off|to|near) (a |the |this |that |my )*(bridge|platform|ledge|cliff|edge|roof|rooftop|railway|"
        "tracks|train tracks|overpass|train station)",
        "(nearly|almost|jump*|want|think*|die|dead|alone|edge|end|looking|staring|tonight|roof|ledge|cry*)",
        "(i|he|she|been|my)",
        "! (photo|scenic|view of|holiday|picnic|waiting for (my|the) train|commut*|between therapy)"),
    strong("let me die", "(let|leave|make) me (to )?(die|go|end it|sleep forever)( |$)",
        "! (home|to (work|the|my)|back|out|for a|in|on (holiday|my)|with|through)"),
    strong("struggling to stay alive",
        "(struggling|fighting|trying|hard|difficult|tired of (trying|fighting)|how do i|reason|no reason|not "
        "want|help me|can not|can barely) .. (stay|staying|keep myself|be|remain|keep) alive",
        "! (on a ventilator|in (surgery|the icu)|patients?)"),
    strong("urge to cut",
        "(urges?|want|need|going|wanting|craving|desperate|tempted|itching|wanted) (to )?(just )?(cut|bleed|burn|"
        "harm|slice|self harm|hurt)( $|$| (myself|again|so (bad|much)|tonight|right now|my (skin|arm|arms|"
        "wrists?|legs?|thighs?)|deep|because|and))",
        "(i|he|she|my)",
        "! (costs?|ties|down|calories|hair|grass|fat|carbs|back|meds)"),
    strong("hurt on purpose",
        "(burned|burnt|cut|hurt|scratched|hit|starved|bruised|injured|poisoned|overdosed|bit|stabbed|scalded) "
        "(myself|himself|herself|my (arm|arms|wrist|leg|legs|hand|thigh)|his (arm|wrist)|her (arm|arms|wrist)) "
        ".. (on purpose|deliberately|intentionally|again|because|to feel|last night|tonight|today)",
        "! (cooking|shaving|by (accident|mistake)|accidentally|kitchen|at work)"),
    strong("danger to myself",
        "(danger|risk|harm|threat) .. (to|from) (myself|himself|herself|themselves|my own safety)",
        "(i|he|she|my)",
        "! (is (ketamine|it)|does|what is the|assessment|form|policy)"),
    strong("things are bad and a plan", "have (a|got a|made a) plan$",
        "(down|worse|dark|bad|alone|hopeless|not help*|failed|low|die|depress*|end|sad|anymore|nothing)",
        "! (to (stop|quit|recover|cut|get|talk|start|move)|treatment plan|care plan)"),
    strong("talks of not being here",
        "(talks?|talking|says|saying|going on|speaks|speaking|mentions?|jokes?|joking|hints?|hinting|keeps on|"
        "asks|mentioned|wrote|posts?|posting) .. (about|of|that|on about|he|she|they) .. (not being (here|around|"
        "alive)|ending (it|things|everything)|dying|death|suicide|wanting to (die|go|end)|going to sleep forever|"
        "being (dead|gone)|disappearing|joining|wants it (all )?to (end|stop|be over)|not (wake|waking) up|"
        "giving up)",
        "<they>",
        "! (in class|documentary|film|podcast|studies|news|lecture|treatment|smoking|ketamine|the trial|drinking|"
        "near death|therapist)", _NOT_PAST),
    strong("might try something",
        "(going|might|will|about|planning|plans|could|tried|trying|try) (to )?(try|do|have done|attempt) "
        "(something|anything)( |$)(tonight|stupid|silly|to (himself|herself|themselves|end|hurt)|again|soon|"
        "drastic|bad|$)",
        "(i|worried|scared|think|afraid|she|he|my)",
        "! (new|different|for (the|my) pain|else)"),
    strong("missing with a letter",
        "(missing|disappeared|run (away|off)|ran away|vanished|left home|not been seen|can not find (him|her)|"
        "gone) .. (left|phone|letter|note|goodbye|pills|car|message|suicid*)",
        "(left|letter|note|goodbye|message|pills|suicid*)",
        "<they>",
        "! (lozenges? (are|is) missing|vomit*|pain|symptoms|the (clinic|practice))"),
    strong("it is over and thanks",
        "(it is|this is|i am|it is all) (over|the end|finished|done)( now)? .. (thank|thanks|sorry|love|goodbye|"
        "forgive|take care|for everything)|(thank|thanks|sorry) (you )?for everything .. (goodbye|bye|over|done|"
        "love|take care|can not|tonight|gone)|sorry (mum|dad|everyone|guys|to my|my love|babe|kids) .. (can not|"
        "do it|anymore|have to|goodbye|must|love you)",
        "! (treatment|session|clinic|course|appointment)"),
    strong("keeps saying it should end",
        "<they> .. (keeps|says|said|saying|wants|told) .. (wants|wish*|want) (it|everything|life|all|it all) .. "
        "(to )?(end|stop|be over)",
        "! (session|treatment|infusions?|trip|pain clinic)"),
    strong("suicidal, said first",
        "^ (so |feel |feeling |feels |very |actively |am |been |still |getting |i )*suicidal (and|but|with|again|"
        "tonight|since|after|because|now|right|help|all|thoughts (again|right|all|every|tonight|since|and|help|"
        "will))",
           "! (ideation|patients|depression (and|treatment)|people|risk)"),
    strong("suicide is the answer",
        "suicide (is|seems|feels|looks) .. (only|answer|option|way|best|easier|solution|left|an option|right)",
        "! (is suicide prevention|a leading|common|illegal|covered)"),
    strong("wants life to end",
        "(want|wish|need|like|ready|waiting|beg*|hoping|pray*) .. (life|existence|misery|suffering|days|torture|"
        "nightmare|it all|agony) .. (end|stop|be over|over|finish|finished|done|cease)"),
    strong("living is too painful",
        "(living|life|existing|being alive|waking up|staying alive|being here|each day|every day) (is|has become|"
        "feels|has got|gets|just) .. (too (painful|hard|much|difficult|exhausting)|unbearable|torture|agony|hell|"
        "pointless|a nightmare|not worth)",
        "! (with (bladder|chronic)|in (london|pain clinics)|cost of living)"),
    strong("kill me painlessly",
        "(kill|end|finish|take) me .. (painless*|quick*|peaceful*|in my sleep|gently|tonight|fast)",
        "! (he|she|they|ex|husband|boyfriend) .. kill me"),
    strong("cut too deep", "(cut|cuts|cutting) .. (too deep|so deep|really deep|to the bone|not stop bleeding)",
        "(i|my|she|he|arm|wrist|leg)",
        "! (budget|cost|funding|knife slipped|cooking)"),
    strong("no hope for me",
        "no (hope|help|saving|fixing|cure|point|future|place|happiness|happy ending) .. (for me|left for|in "
        "(this|my) life|anymore|in me)( $|$)",
        "(me|my|i)",
        "! (reason .. (not|apply)|is there no hope)"),
    strong("they would be better off",
        "(they|everyone|everybody|family|kids|children|people|mum|wife|husband|world|all) .. (be|is|are|were) .. "
        "(better off|happier|relieved|free of me)( $|$| (without|if i|when i|dead))",
        "(me|i|my)",
        "! (with (ketamine|treatment|help|me sober)|financially|stopped|sober|(if|when) i (got|get|am) (better|"
        "well|help|clean))"),
    strong("bought the means",
        "(bought|buying|got|found|loaded|holding|has|have|cleaning) .. (a|the|his|her|my) (gun|rope|razor|"
        "blades?|pistol|shotgun|rifle|noose)",
        "(life|over|end|goodbye|die|dead|suicid*|kill (my|him|her)self|tonight|sad|depress*|note|head|no point|"
        "cry*)"),
    strong("life is over",
        "(life|everything|it|all) is (over|finished|done|ruined)( for (me|him|her))?( $|$| (and|i|anyway|now))",
        "(life|i want|dead|die|gun|rope|pills|goodbye|tonight|no point|kill)",
        "(i|my|he|she|says|<kin>)"),
    strong("said he was done and left",
        "<they> .. (said|says|texted|messaged|wrote|posted) .. (done|finished|had enough|sorry|love you|over|"
        "goodbye|bye|no more) .. (drove off|walked out|ran off|left|disappeared|phone (is )?off|not answering|"
        "not picking up|not replying|gone missing|hung up|locked|will not answer|switched off)"),
    strong("missing after sad words",
        "(gone missing|phone (is )?off|not answering|not picking up|not replying|not come home|will not answer|"
        "has not answered|can not reach|can not find|not opened the door)",
        "(suicid*|note|goodbye|kill|die|depress*|pills|dead|end it|end his|end her|hurt (him|her)self|disappear|"
        "life is not worth)",
        "<they>"),
    strong("going to jump",
        "(going|want|about|ready|will|thinking of|threatening|threatens|says (he|she) (will|is going)) (to "
        ")?(jump|hang|step off|let go|drown|pull the trigger|slit)( $| (off|from|tonight|now|in front|and|if|"
        "because|myself|myself)|$)",
        "! (to conclusions|in the (pool|shower|car)|rope|ship|queue|parachut*|the queue|on a call|for joy|"
        "puddle*|out with)"),
    strong("a rope or noose",
        "(got|have|bought|found|made|tied|tying|holding|with) .. (a|the|my|some) (rope|noose|ligature|razor|"
        "blade)(s)?( $|$| (and|ready|around|round|in|tonight|now|because|next|on|to (end|use|cut|hang)))",
        "! (skipping|tow|climbing|jump rope|shav*|blunt)"),
    strong("topping oneself",
        "(top|topping|off|offing|neck|necking|do|doing|finish|finishing) (himself|herself|themself|myself|"
        "themselves) ?(in|off)?(?! (a favou?r|no|justice|good|any|the|well|some))",
        "(he|she|they|i|my|<kin>)",
        "(top*|off*|neck*|in|finish*)",
        "! (cleaned|help(ing)?|dried|dust|by doing)"),
    strong("nobody loves me",
        "(no one|everyone|everybody|they all) (would |really |in the world |even |on earth )*(needs|need|"
        "loves|love|wants|want|likes|like|hates|hate|cares about|care about|misses|miss|left for) (me|if i)( $|$|"
        " (anymore|here|so|and|around|alive))",
        "! (to (try|have|take|go|stop|start|do))"),
    strong("pointless and finished",
        "(life|everything|living|existence|it all|it) .. (pointless|meaningless|hopeless|worthless|not worth (it|"
        "living|anything)|unbearable|too much (to bear|for me)|over for me)",
        "(i|my|me|he|she|anymore|done|finished|end|life)",
        "! (tests?|course|session|appointment|the wait|treatment is|paperwork|(is|was) the (treatment|clinic|"
        "trial)|will it be|do people|or is it)"),
    strong("wants to join the dead",
        "(want|wants|going|ready|wish|like|need|rather|soon) .. (be with|join|see|go to) (my|her|his|their|dad|"
        "mum|nan|grandad|grandma|god|heaven|him|her)( late| dead)? ?(dad|mum|mother|father|nan|grandad|grandma|"
        "wife|husband|brother|sister|son|daughter|baby)? ?(again |up )?(in heaven|in the sky|who died|who passed|"
        "again soon|on the other side|and (has|she has|he has) saved)"),
    strong("wants to go and be with", "wants? to (go|die) and be with"),
    strong("will not be missed",
        "(not|never) .. (be missed|miss me|notice (me|i am|i was) gone)|(world|family|kids|everyone|they|people) "
        ".. (better|happier|fine) (off )?(place )?(without|if i)",
        "(me|i)"),
    strong("it stops tonight",
        "(i|just|want|need) .. (it|everything|this|the pain|all of it|my mind|my head) (to )?(just )?(all "
        ")?(stop|end|be over) ?(now|tonight|forever|for good|already)?$",
        "(want|need|wish)",
        "! (side effects?|cramps?|bleeding|nausea|dizziness|headaches?|bladder|peeing|cravings?|using|trip|"
        "spinning|itching|shaking|infusion)",
        "(nothing|anymore|life|tonight|everything|pain|i|forever|hopeless|point)"),
    strong("afraid to be alone with it",
        "(not|do not) (trust|feel safe with) (myself|himself|herself)|not safe (on my own|by myself|alone|with "
        "myself|from myself)|do not leave me alone|scared (to be|of being) alone (tonight|with my)",
        "(i|my|me|he|she)"),
    strong("last words",
        "tell (my|the) .. (i|that i) (love|loved|am sorry|am so sorry)|(it|this) is (goodbye|farewell)|see you "
        "(on|in) the other (side|life)|i will be gone (by|soon|tomorrow|tonight|when)|(when|by the time) you "
        "(read|get|find|see) this",
        "! (clinic|appointment|holiday|when (i|you|we) (call|text|ring|message))"),
    strong("kill myself",
        "<intend> .. (kill|killing|hang|hanging|shoot|shooting|drown|drowning|poison|poisoning|overdose|stab|gas|"
        "suffocate|starve|top|off|neck|end|finish|delete|bury) (of )?(myself|me and)"),
    strong("killing oneself, third person",
        "(he|she|they|<kin>|someone) .. <intend> .. (kill|killing|hang|hanging|shoot|shooting|drown|poison|"
        "overdose|stab|cut|top|off|end|harm|hurt) (himself|herself|themselves|themself|their self)"),
    strong("third person speaks of it",
        "(wants|going|threatening|threatened|trying|plans|planning|tried|about|says|said|might|will) .. (kill|"
        "hang|shoot|drown|harm|hurt|cut|killing|hurting|harming) (himself|herself|themself)", _NOT_PAST),
    weak("killed oneself",
        "! (shaving|group project|second half|chopping|cooking)",
        "(kill|killed|killing|hang|hanged|hung|shoot|shot|drown|drowned|poison|cut|stab) (myself|himself|herself|"
        "themself)"),
    strong("kill me",
        "^ (please |just |someone |god )*kill me( now| please| already| quick*| tonight)*$|(want|wish|hope|let|"
        "please|enough|someone|going|so|would|will it|will this|can it|just) .. (kill|end|finish) me( now| "
        "please| already| off)?( $|(?= $)| (tonight|now|because i want|painless*))",
           "! (he|she|they|ex|husband|boyfriend|dealer|dad|wife|essay|homework)"),
    strong("end my life",
        "(end|ending|take|taking|finish) (my|his|her|their|my own|his own|her own|your|our) (own )?(life|"
        "lives)(?! (sentence|support))", _NOT_PAST),
    strong("end it all",
        "! (politely|traffic|drama queen|with a therapist)",
        "<intend> .. (end|ending|finish|be done with) (it all|it|things|everything|all of (it|this)|this all|"
        "this life|the suffering|my suffering|the pain)(?! (with (him|her|my)|early|soon|by text|between))"),
    strong("end it all, bare", "(end|ending) it all"),
    strong("wish to be dead",
        "! (die (my|her|his|our) hair|than (do|miss|watch|wear|sing|sit|eat|drink)|cup final|interview)",
        "(i|<they>|me|us) .. (want|wants|wanted|wanting|wish|wishing|wishes|ready|rather|hope|hoping|going|"
        "trying|decided|tempted|prefer|prefers|plan|planning|intend*|need) ((?!know|see|hear|learn|not|"
        "leave|find)[^ ]+ ){0,4}(die|dying|dead|death)(?! (to|for|inside|of (curiosity|laughter|laughing|"
        "boredom)|laughing|with dignity law))", _NOT_PAST,
           "! (want|wants|like|need) to (know|ask|understand|read|talk|find|learn|see)"),
    weak("want to die, nobody named",
        "! hair",
        "(want|wanting|wants|going) to (die|be dead)( now| tonight| anymore)?"),
    strong("said he wants to die",
        "! (moving to|off to|abroad|flights?|tenerife|spain|drive me|on holiday|transfer)",
        "<they> .. (says|said|saying|told|tells|telling|texted|messaged|keeps|wrote|posted|announced) .. (die|"
        "dead|suicid*|end it|kill* (himself|herself|themselves)|better off|no point|not wake|not be here|not "
        "want)", _NOT_PAST),
    strong("better dead",
        "((better|easier|happier|fine|relieved|best) (off )?.. (dead|without (me|him|her)|if (i|he|she|they) "
        "(was|were|am|is|died)|not (here|around|alive)|(was|were) not (around|here|alive|born)|gone|never born)|"
        "dead than)", _NOT_PAST),
    strong("never been born", "(never|not) (been |have been |was |be )?born", "(i|wish|me|he|she)"),
    strong("not want to be here",
        "(do|does|did|can|not|really) ?(not|never) .. (want|wish|care|deserve|plan|like|need|desire|see "
        "myself|expect) (to )?.. (be here|be alive|live|exist|existing|living|wake up|waking up|be around|go on|"
        "carry on|keep going|live anymore|be on this (earth|planet)|see tomorrow|be in this world)(?! (groggy|"
        "sick|in pain|feeling|with (pain|a hangover)|(in|near|at) (?!this (world|life|body|pain))|with (my|him|"
        "her|parents)|all day|for (this|the) appointment|during|from anaesth*|too (early|late)))", _NOT_PAST),
    strong("go to sleep forever",
        "(sleep|asleep|bed|close my eyes) .. (forever|never wake|not wake|for good|never wakes|for ever|and "
        "not)( up)?"),
    strong("never wake up", "(never|not) (wake|waking|woke) up (again|tomorrow|ever|in the morning)?",
        "(i|me|my|he|she|want*|hope|wish|plan*)",
        "(want|wants|wish|hope|hoping|just|praying|pray|plan|planning|would|could|like|taking|love)", ),
    strong("will not be here",
        "! (moving to|off to|abroad|flights?|tenerife|spain|drive me|on holiday|transfer)",
        "(will not|not) be (here|around|alive) (next|tomorrow|much|for|when|anymore|by|to see|in the "
        "morning|after|long|soon|on)",
        "(i|she|he|they|we)",
        "! (appointment|holiday|clinic|away|meeting|in the office|work)"),
    strong("if I was gone",
        "(if|when) (i|he|she) (was|were|am|is|just|died|disappear*|had|wasn|went)? ?(not )?(gone|dead|here|"
        "around|disappear*|vanish*|died|die|exist*)",
        "(no one|anyone|everyone|they|family|would|will|people|better|happier|care|notice|miss|who|look "
        "after|take care|funeral)",
           "! (tested|legacy|will and testament|insurance|trial)"),
    strong("nobody would notice",
        "(no one|would anyone|would anybody|does anyone|who) .. (notice|miss|care|cares|remember|cry) .. "
        "(me|if i|gone|dead|died|disappear*|left|anyway|was not)"),
    strong("disappear",
        "(want|wish|could|like|going) (to |i could |i )?(just )?(disappear|vanish|stop existing|cease to "
        "exist|not exist|fade away|be gone|be erased|be no more)"),
    strong("tired of living",
        "(tired|sick|done|exhausted|fed up|weary|over|finished|bored|had enough|enough) (of|with|from) (living|"
        "being alive|life|existing|this life|my life|existence|trying to (live|stay alive)|everything|being here|"
        "it all|waking up)(?! (with (someone|my|a|pain|him|her)|in|at|hacks?|magazine))"),
    strong("no reason to live",
        "! (stay off work|going on about|on hold|stay off)",
        "(no|not|any|what is the|what the|lost (the|my|all)|see no|little|without|without any|zero|"
        "nothing|see the) .. (point|reason|reasons|purpose|meaning|will|worth|use) .. (living|live|life|to live|"
        "going on|go on|carrying on|carry on|being here|be here|be alive|being alive|anything|anymore|existing|"
        "stay|keep going|trying|me being|continuing|tomorrow|waking)",
           "! (meaning of life|insurance|trials?|policy|test|appointment|treatment if|paying|sessions?|"
               "course|clinic|infusions?|wait|tablets|vitamins|in (taking|having|using|stopping|paying|asking))"),
    strong("nothing to live for",
        "(nothing|no one|not (got )?anything|nothing left|little|something|reason|no life) .. (to live for|worth "
        "living|to stay for|to live|left for me|keeping me (here|alive|going))"),
    strong("life not worth",
        "(life|living|i am|me|it|tomorrow|this) .. not (worth (living|it anymore|living for|it here|being)|"
        "deserve to (live|be here|exist)|meant to be (here|alive))"),
    strong("not deserve to live",
        "not deserve (to|life|living|this life|being) ?(live|be alive|be here|exist|breathe?|a life|anything)?"),
    strong("deserve to die",
        "(deserve|deserves|should|supposed|meant|ought|better) .. (die|be dead|have died|not exist)",
        "(i|he says|she says|me)", _NOT_PAST),
    strong("cannot go on",
        "! ((go on|log) (monday|tuesday|wednesday|thursday|friday|saturday|sunday|in|the)|log in|logging in|the login)",
        "(can|could) not .. (go on|carry on|keep going|do this anymore|take (it|this|much more|anymore|life)|"
        "cope anymore|live (like this|with (it|this|myself)|anymore|without)|face (another|tomorrow|life|living|"
        "it)|do (life|it) anymore|stand (it|this|life) anymore|bear (it|this|to live|another)|keep (living|"
        "fighting|doing this)|hold on|hang on|stay alive|handle (it|this|life) anymore|be here anymore|do (it|"
        "this|another day))",
           "! (waiting list|work|job|appointment|noise|holiday|with my course|treatment anymore|infusions? "
               "anymore|coffee|phone|music|chocolate|tea)"),
    strong("no way out",
        "(no|not|any|see a|without a) (other )?(way|escape|exit|future)( out| forward| left| through| ahead| for "
        "me)( of this| of it)?",
        "(i|me|my|he|she|see|there is|this|death|suicide|feel*)",
        "! (maze|building|contract|lease|trial)"),
    strong("only way out",
        "(only|one|easy|quick|best|painless) (way|exit|answer|option|escape|thing left) .. (out|stop the pain|"
        "death|die|suicide|escape|to stop|end)",
        "(i|me|my|us|he|she|feel*|is|suicid*|die|painless)",
        "! (study|course|pain clinic|stop using|stop taking|drug|addiction|is rehab|ketamine)"),
    strong("no future",
        "(no|not|any) (see |have |got |see a |see any )?(a |any )?(future|hope left|hope anymore|tomorrow for me)",
        "(i|me|my|he|she)",
        "(anymore|for me|left|myself|see|hope|have)"),
    weak("given up",
        "(given up|giving up|gave up|give up) .. (on (life|living|everything|myself|it all)|life|hope|everything)",
        "(i|he|she|my|am)"),
    strong("last hope gone",
        "(last|only) (hope|chance|resort|option) .. (failed|gone|not work*|did not|does not|over|nothing)",
        "(nothing|live|anymore|end|die|point|i am done|done|left|over|now what)"),
    strong("burden", "(i am|i feel|feel|being|am|a) .. burden",
        "(i|me|my|to everyone|everyone|family|them|him|her)",
        "! (caregiver|carer|disease|economic|tax|health service|nhs|treatment burden|pill burden|evidence)"),
    strong("hate being alive",
        "(hate|hating|despise|regret) (being alive|living|being here|my (life|existence)|waking up|existing|that "
        "i (am alive|woke up))",
        "(i|he|she|so|my)"),
    strong("regret surviving",
        "(wish|should|sorry|gutted|disappointed|why) .. (not survived|had not survived|not woken up|never woken|"
        "worked|did not work|died|had died|die)",
        "(i wish i|i should have|overdose|attempt|i had|i am still|did i survive|let me die)", _NOT_PAST),
    strong("hurting oneself",
        "(hurt|hurting|harm|harming|cut|cutting|burn|burning|starve|starving|scratch|scratching|punch|punching|"
        "injure|injuring|damage|punish|punishing|bite|biting|hitting|hit|slash|slit|slice|slicing|mutilat*) "
        "(myself|my (own )?(arms?|wrists?|thighs?|legs?|skin|veins?))(?! (while (cooking|shaving)|"
        "shaving|by accident|accidentally|at the gym|in the|on (a|the)|playing|cooking|chopping))", _NOT_PAST),
    strong("another hurts themselves",
        "<they> .. (hurting|harming|cutting|burning|cuts|hurts|harms|hurt|harm|starving|cut|harmed) (himself|"
        "herself|themself|themselves|his (arms?|wrists?)|her (arms?|wrists?|legs?|thighs?))", _NOT_PAST,
        "(my|her|his|she|he|class|friend|now|again|worried|says|found|help|tonight|will)"),
    weak("self-harm", "self (harm|harming|harmed|injury|injuring|mutilat*)", "(i|me|my|he|she|<kin>)"),
    strong("urge to self-harm",
        "(i|urge*|want|want to|going to|relapsed|relapse|start*|back|feel|need) .. self (harm|harming|injure)",
        _NOT_PAST),
    strong("slit wrists", "(slit|slitting|slash|cut|cutting|open) (my |his |her |your )?(wrists?|veins?|throat)",
        _NOT_PAST),
    strong("suicidal now",
        "! (not|never|no longer|do not feel|without being|are not|was not|stopped being|less)( been| feel| "
        "feeling| currently| actually| being| at all| actively)* suicidal",
        "! (will|can|could|does|would|might|may) (ketamine|it|esketamine|spravato|they|the|treatment|infusions?|"
        "this) .. make (me|you|people|him|her|someone) .. suicidal",
        "! if i .. suicidal",
        "(i am|i feel|i have been|feel|feeling|feels|am|been|me|makes? me|making me|getting|become|becoming|i "
        "get|being|made me|i) ((?!was|were|had|not|never|used)[^ ]+ ){0,3}(suicidal|actively suicidal)(?! "
        "(ideation in|patients|thoughts in|rate))", _NOT_PAST,
           "(i|me|my|am|feel*)"),
    strong("another is suicidal",
        "(<kin>|he|she|they) (is|are|has been|feels|feeling|seems|sounds|has become|might be|may be|becoming|"
        "being|says (he|she) (is|feels)|keeps being) .. suicidal", _NOT_PAST,
        "(my|our|his|her|he|she|a friend|someone)"),
    strong("suicidal thoughts now",
        "(i|me|he|she|they|<kin>|my|been|still|get|getting|having) .. (have|having|get|getting|has|am|with|my|"
        "been|keep|these|by|feel|experiencing|fighting|started|stop|getting|such) .. (suicidal|suicide|dark) "
        "(thoughts?|thinking|ideation|urges?|feelings?|plans?|ideas?|tendencies)",
           "! (had|history|before|gone|years|year|ago|studies|trials?|patients|people|used to|teenager|since "
               "gone|went away)"),
    strong("thinking about suicide",
        "(i|me|i am|been|my <kin>|he|she|keep|am|is) .. (think*|thoughts|considering|contemplating|planning|plan|"
        "obsess*|attempt*|researching|about to|googling|dreaming|talking|talks|talk|commit*|want*|going to) .. "
        "(suicide|ending (it|my life|things)|death|killing myself|dying by|not (being|existing))", _NOT_PAST,
           "! (someone who|people who|course|report|studies|statistics|research|article|novel|near death|"
               "death (penalty|rates?|valley)|documentary)"),
    weak("suicide and a person now",
        "! (in general|lesson|exaggerate)",
        "! (not|never|no longer)( been| feel| feeling| currently| being| actively)* suicidal",
        "(suicide|suicidal)",
        "(i am|i want|i feel|me|my <kin> (is|has|says|said|keeps)|tonight|right now|help me|attempt|note|she is|"
        "he is)",
        "! (does|patients?|hospital|trial|risk|died by|lost|rates?|history|prevent*)"),
    strong("bare suicide",
        "^ (i am |feel |feeling |feels |help |me |am |so |thinking |about |of |commit |committing |how to |want |"
        "to |i |my |helpline |a )*(suicide|suicidal|kill myself|self harm|wanting to die)( help| helpline| "
        "hotline| now| right now| line| tonight| thoughts| methods?| attempt| me)*$"),
    # Goodbyes and last messages.
    strong("goodbye message", "! (goodbye sessions?|from the clinic|last session)",
        "(texted|text|sent|sends|sending|wrote|written|left|leaving|posted|posting|said|saying|messaged|rang|"
        "called|message|messages|voicemail|email|emailed|snap|snapchat|letter|phoned|got|given) .. (goodbye|"
        "final goodbyes?|goodbyes|(last|final|farewell) (message|text|words|letter|post|note)|sorry for "
        "everything|suicide note|farewell|not see me again|look after (my|the|her|his))",
           "! (redundan*|leaving party|school|work leaving|retire*|netflix|film|movie|after (the|my) "
               "(infusion|appointment|session))",
               "(i|me|my|he|she|her|his|<kin>)"),
    strong("last message",
        "((this|it) is|my|be my|here is|writing|her|his) .. (last|final|goodbye) (message|post|goodbye|night|"
        "note|letter|words|text|day (alive|on earth|here)|tweet|week alive)(?! (at work|of (treatment|term|"
        "school)|shift|from the clinic))",
        "(this|thank|goodbye|sorry|love|my|i)"),
    strong("goodbye all",
        "(goodbye|farewell|bye)( to)? (everyone|everybody|world|all|forever|for ever|cruel|my friends|my family|"
        "mum|dad|life|guys)|goodbye forever|said my goodbyes|saying (my )?goodbyes?|(said|saying) (his|her) "
        "goodbyes?"),
    strong("a note",
        "(written|wrote|writing|found|left|leaving|write|finished|leave) .. (suicide|goodbye|farewell|my) (note|"
        "letters?|notes)|(i have|have) (written|wrote|left) (a|the|my) (note|letters?)( $|(?= $)| (for|to) (my|"
        "them|everyone|the (family|kids)))|(found|left) (a|his|her) note"),
    strong("given away things",
        "(given|giving|gave|give) .. (away|away all) .. (things|stuff|possessions|belongings|pets?|dog|cat|"
        "clothes|everything)|(given|giving|gave) (away|all) .. (things|stuff|possessions|belongings|everything)( "
        "away)?",
        "(goodbye*|sorted|ready|funeral|odd|weird*|worried|note|not|live|will|die|i have|she|he|my)"),
    strong("sorry for everything",
        "sorry for everything|forgive me for what i am about|by the time you read this|i love you all goodbye|"
        "tell (my|the) (mum|dad|kids|family|children|wife|husband) (i|that i) (love|loved|am sorry)"),
    # Plans and means.
    strong("painless way",
        "(painless|easiest|quickest|quick|peaceful|gentle|least painful|fastest|surest|simplest|nicest|best|easy|"
        "reliable) (and [^ ]* )?(way|ways|method|methods|death|exit|means|drug|option) .. (to (die|go|kill "
        "(myself|yourself|me)|end (it|my|things)|leave this|not wake)|suicide|out(?! of (addiction|using|debt|"
        "this (course|contract)|rehab|the|a|my|work))|of dying|of ending|of killing|for dying|death)(?! (food|to "
        "the|addiction|to pain|of the))(?!.* (cat|dog|horse|pet|animal|process|python|weeds?))"),
    strong("painless death", "(painless|peaceful) (death|suicide|way (to )?(go|out|die|end))",
        "! (cat|dog|horse|pet|assisted dying law)"),
    strong("how to die",
        "how (to|do i|can i|could i|would i|many .. to|much .. to) .. (die|kill myself|end (it|my life|it all)|"
        "commit suicide|overdose on purpose|hang myself|take my (own )?life|never wake|not wake up|fatally)",
        "! (how many people|do people|how likely|how much risk)"),
    strong("want it to be lethal",
        "(want|hope|hoping|need|enough) (it |this |to be |pills |ketamine |of it |tablets |meds |that )*.. (to "
        "(kill me|die|end it|be lethal|be fatal|finish me|do it|not wake up|stop my heart)|lethal|fatal)( $|(?= "
        "$)| (for me|to me|so|tonight|because|and|now))",
        "(i|me|my)"),
    strong("because I want to",
        "(die|dying|kill|dead|lethal|fatal|suicide|overdose) .. (because|cause|since|as|and) i (want|need|would "
        "like|am going|plan|have|deserve) (to (?!(know|understand|learn|ask|talk|see|read|find))|it( now)?)?",
        "! (years ago|died by|what is|why do)"),
    strong("hoping not to survive",
        "(overdose|overdosing) (on purpose|deliberately|intentionally)|(deliberately|intentionally|purposely|"
        "on purpose) .. (overdos*|took|taken|take|taking|swallow*|inject*)", _NOT_PAST),
    strong("pills on purpose",
        "(took|taken|take|taking|swallowed|swallow) .. <pill> .. (on purpose|deliberately|intentionally|to die|"
        "to end|so i|and (never|not))"),
    strong("all the pills",
        "(take|taking|took|taken|swallow|swallowing|swallowed|down|downing) (all|every|the whole|the rest|a "
        "whole|a bottle|the bottle|whole|all of|the entire|a bunch|a load|loads|a handful|an overdose|a lot|too "
        "many)( of)?( of)?( (my|his|her|the|these|them|those|their))* ?<pill>", _NOT_PAST,
        "! (do i (need|have) to|prescribed|breakfast|with food|every day|course of|as directed)",
        "(i|he|she|my|they|<kin>)"),
    strong("threatens an overdose",
        "(threatening|threatened|threatens|going|wants|want|planning|plans|thinking|think|considering|about|"
        "tempted|might|will) .. (take|taking|have|having|to|of) .. (an |a massive |a |big )?overdos(e|ing)", _NOT_PAST,
        "(i|he|she|they|my|<kin>)",
        "! (what|how) (would|will|does) .. (overdose feel|training)"),
    strong("stockpile",
        "(saving|saved|stockpil*|hoard*|collect*|storing|stash*|counting|lined|counted|got) .. (up )?.. (pills|"
        "tablets|meds|medication|paracetamol|insulin)( up| ready| lined up)?( $|(?= $)| (and|for|to|in case|so|"
        "tonight|so i))",
        "(i|my|she|he|for when|enough|ready|to die|tonight|plan*)",
        "(saving|stockpil*|hoard*|collect*|lined|counting|ready|plan*|enough|saved)"),
    strong("plan and means", "(have|has|made|got|know) .. (a )?(plan|date|method|means|day)",
        "(pills|tablets|rope|gun|bridge|die|end|tonight|dead|suicid*|kill|life|ready|next to me|knife|razor|"
        "goodbye|train)",
        "(i|he|she|my|<kin>)",
        "! (payment plan|care plan|treatment plan|insurance|wedding|birthday|lesson|meal plan)"),
    strong("pills within reach",
        "(pills|tablets|rope|noose|razor|blade|gun|knife|meds|medication) .. (next to me|in front of me|beside "
        "me|in my hand|in my hands|in my mouth|ready|lined up|by my side|by the bed|against my|to my (head|wrist|"
        "throat|neck|skin))"),
    strong("rope and heights",
        "(noose|tie a rope|tying a rope|rope round|rope around|belt (round|around) (my|his|her) neck|(on|off|"
        "over|from) (a|the|this) (bridge|ledge|roof|cliff|railway|tracks?|train tracks?|multi ?storey|balcony|"
        "edge|top floor)|edge of (a|the) (bridge|roof|cliff|platform|building|tracks)|(jump|jumping|jumped|step|"
        "stepping|walk|walking|throw|throwing|lie|lying|drive|driving) .. (off|in front of|under|into|onto|out "
        "of|from) (a|the|my|this|that|oncoming) .. (bridge|train|bus|lorry|truck|car|traffic|building|roof|cliff|"
        "window|balcony|tracks?|platform|river|sea|wall|tree|pylon))",
           "(i|he|she|my|they|am|him|her|want|going)",
               "(jump*|standing|stood|sitting|sat|step*|walk*|throw*|noose|rope|belt|going|lying|lie|drive|edge|"
               "over|want|staring|am on|is on)",
               "! (chaos|cycling|scenic|view|nice walk|picture|photo)"),
    strong("locked in to do it",
        "(says?|said|saying|going|about|will|threatening) .. (going to )?do (it|something stupid|something "
        "silly|something bad)( $|(?= $)| (tonight|now|to (himself|herself|myself)|this time|today|soon|and))",
        "(locked|bathroom|pills|bridge|goodbye|knife|rope|scared|worried|he|she|i am|not answering|something)",
           "! (homework|exercise|dishes|treatment)"),
    strong("do something stupid",
        "(do|doing|did) something (stupid|silly|drastic|bad|terrible|awful|permanent)( to (myself|himself|"
        "herself))?( $|(?= $)| (tonight|to|if|soon|now))",
        "(i|he|she|my|scared|worried|going|might|afraid)"),
    strong("not safe with myself",
        "(not|never|do not feel|am not|unsafe) .. (safe|trust (myself|himself|herself))( with| from| around| on| "
        "by| being| to be)? ?(myself|my own|alone|my thoughts|own|tonight|himself|herself|be alone|here alone|"
        "left alone)?( $|(?= $)| (tonight|right now|with|anymore|alone|to be alone))",
        "(i|me|myself|he|she|my)",
        "(myself|alone|tonight|thoughts|own|himself|herself|anymore|right now)"),
    strong("dying is a comfort",
        "(wish|hope|hoping|praying|pray|want|like|if only|wishing|would|begging) (that )?.. (god|someone|"
        "something|i|cancer|car|bus|it|a|the|could|would|just|death|heart|this|ketamine|infusion|take) .. "
        "(kill(s|ed)? me|take(s|n)? me( away| out| now)?|hit(s)? me|run me over|ends? me|would come|stopped (my "
        "heart|beating)|stop beating|not make it|finish me|finishes me)",
           "! (he|she|husband|boyfriend) (would|will|might) kill"),
    strong("pain to stop for good",
        "(want|need|make|wish|like|only) .. (pain|hurting|suffering|voices|noise|it|everything|all|thoughts|"
        "this) .. (stop|end|be over|over|go away|gone|cease)( all)? (for good|forever|for ever|permanently|once "
        "and for all|tonight)"),
    strong("want it to be over",
        "(want|wish|need|hope|ready) (it|this|everything|it all|all of this|life|my life|for it|things|the "
        "world) (all )?(to )?(be over|end|be finished|stop|be done|was over|to end|would end|would stop|were "
        "over)( now| tonight| already)?(?! (session|treatment|before|by))",
        "(i|he|she|my|just|me|we)",
        "! (trip|infusion|session|hole|withdrawal|cravings?|appointment|cramps?|exam|headache|pandemic)"),
    strong("what is the point of me",
        "(what|where|no|not|any|see the|see any) .. (point|use|purpose) (of|in|to|with|for) (me|life|"
        "living|anything|any of (it|this)|going on|carrying on|being alive|being here|existing|even trying|it "
        "all|trying|tomorrow|staying|my life)",
        "! (trial|course|session)"),
    strong("mourn me",
        "(funeral|obituary|grave|coffin|ashes|headstone) .. (i|my|me)|my (own )?funeral|when i am (gone|dead)|"
        "after i am (gone|dead)|once i am (gone|dead)",
        "! (insurance|will and|attend|went to)"),
    strong("wants out",
        "^ (i |just |want |to )*(want|need) out( of (here|this life|life|this world))?$|^ (i )?(have )?(got "
        ")?nothing left( for me| to give| to live for| to lose)?$|^ (i am )?(done|i give up|finished)( now| with "
        "it all| with everything)?$"),
    strong("wanted to disappear", "(wants?|wanted|wanting|going|wish*|would) .. (disappear|vanish|end it|not exist)",
        "(i|me|my|<they>)",
        "! (symptoms?|pain|cravings?|spots?|side effects?|scars?|it to)"),
    strong("thinking of the act",
        "(thinking|think|thoughts?|fantasi*|dream|dreaming|obsess*|imagin*|picturing|planning|tempted|urge|"
        "urges) .. (jumping|jump off|hanging|dying|death|being dead|my own death|my funeral|ending it|end it|"
        "overdosing|not existing|crashing (my|the) car|stepping in front|not being here|slitting|drowning)(?! "
        "(rates?|penalty|toll|certificate|doula|star))",
           "(i|me|my|he|she|<kin>|keep|keeps|am)",
               "! (course|report|novel|essay|film|near death|job|interview|bungee|parachut*|studies|article|ship|"
               "in at|into (work|treatment)|of (others|my (mum|dad|nan|gran|friend|grandma|cat|dog)))", _NOT_PAST),
    strong("tonight is the night",
        "(tonight|today|tomorrow) is (the|my last) (night|day)( |$)(i (die|go|end|leave|do it|finish|jump|"
        "stop)|$|it (ends|stops|is over)|for it|goodbye)|^ (tonight|"
        "today) is the (night|day)$"),
    strong("ways to die",
        "(ways?|methods?|how) .. to (die|end (it|things|everything|my life)|kill (myself|yourself)|go peacefully|"
        "not wake up)(?! (of|from|out))",
        "(i|my|me|research*|looking|googl*|search*|best|easiest|painless|quick*|found|know|many pills|pills|tell|"
        "there)",
        "! (how (common|likely)|people die|patients|argument|relationship|conversation|treatment|therapy|"
        "contract)"),
    strong("through the night",
        "(not|how|if|whether) .. (make it|get|last|survive|live|be alive) (through|till|until|to|past|another|"
        "for|tonight|the|tomorrow|this) .. (night|tonight|tomorrow|morning|week|weekend|day|birthday|christmas|"
        "year|next)(?! (shift|appointment|flight))",
        "(i|me|he|she)",
        "! (appointment|without (coffee|eating|food|sleep*)|work|school|shift|clinic|waiting|fast|hungry)"),
    strong("afraid of myself",
        "(scared|afraid|frightened|worried|terrified|do not trust|dread) .. (of )?(what|myself|that|i) .. (do|"
        "might do|capable|will do|going to do|do to) .. (to myself|myself|something|to me|if|next|it|tonight)( |"
        "$)",
        "(i|my|myself|he|she)",
        "! (homework|exam|procedure|at work|my job|nurse|doctor|drip|needle|interview|ask)"),
    strong("cutting again",
        "(been|is|started|starts|keeps|am|keep|stop|back to|i|she|he|was) cutting( again| herself| himself| "
        "lately| a lot| at night| my| her| his| because| and| since| to cope|$)",
        "(my|i|she|he|me|arms?|wrists?|legs?|again|daughter|son|friend)",
        "! (grass|hair|wood|bread|costs|calories|down|out|back|corners|teeth|with (talc|sugar|baking)|it with|"
        "the)", _NOT_PAST),
    strong("catch the bus",
        "(ctb|catch the bus tonight|kermit sewer*|commit sui*|commit (suicide|die)|game end (myself)?|yeet "
        "myself|rope myself)",
        "(i|want|going|my|me|tonight|how|wish|feel*|am)"),
    strong("rather be dead",
        "! (than (do|miss|watch|wear|sing|sit|eat|drink|use|attend|listen)|interview|which entrance)",
        "(rather|sooner|better|prefer) (to )?(be |off )?(dead|die)|(better|easier) (off )?dead|wish (i|he|she|"
        "we) (was|were|am|could be|had been) (dead|gone|never|not)|why am i (still )?(alive|here|living|not "
        "dead)|sick of (living|life|existing)|done with (life|living|it all|everything|this life|this world)|"
        "ready to (die|go|leave this world|end|be done)",
        "! (home from|procedure|when can i|leave hospital)"),
)

# ---- Stopping a drug and becoming very ill.
_STOPPED = (
    "(stopped|quit|quitting|came off|come off|coming off|ran out|run out|running out|cold turkey|withdraw*|"
    "withdrawing|detox*|without (my|any|alcohol|a drink|valium|benzos|xanax)|(have|has) not (had|used|drunk|"
    "taken|drank)|no (alcohol|drink|benzos|xanax|valium|ketamine) (for|since)|not had (any|a)|last (drink|dose|"
    "used|drank|pill)|gave up|given up|giving up|off (the )?(ketamine|k|drink|booze|alcohol|benzos|valium|xanax|"
    "pregabalin|ghb|g|opioids?|heroin|meds|tramadol|drugs)|kicked|days? sober|day ([0-9]+|two|three|four|"
    "one) (off|of|without)|(sudden|suddenly) stop*|abrupt*|days? (clean|off|without|after)|hours (since|without)|"
    "comedown|rattling|weaned|tapering|missed (my|a few|several)|stopping)")
_SEVERE = (
    "(shaking|shakes|trembl*|tremors?|hallucinat*|seeing (things|stuff|people|spiders|bugs|rats|insects|shadows|"
    "faces)|hearing (things|voices)|(people|things|someone) (who|that|which)? ?(is|are) not (there|real)|fits?|"
    "fitting|seizures?|seizing|convuls*|fever*|temperature|confus*|delirious|delirium|not know (where|who)|chest|"
    "dying|die|burning up|heart .. (pounding|racing|fast)|twitch*|dts|bugs|crawling|spiders|collapsed|passed out|"
    "(not|can not) (keep|stop) .. (down|vomiting|being sick|shaking)|vomiting|throwing up|drenched|rigid|"
    "paranoid|out of (my|his|her) mind|see things|blood pressure|jerking|not sleep* for|can not breathe?)")
WITHDRAWAL = (
    weak("stopped and very ill", _STOPPED, _SEVERE, "(i|i am|my|he|she|his|her|me|<kin>|am|help|now|what do)"),
    strong("withdrawal is bad", "! (scared|afraid|nervous) of (the idea|it|going)|what (goes on|happens) in",
        "(going through|having|in|bad|awful|severe|terrible|worst|withdrawing|these|horrible|acute|my|his|her) "
        ".. (withdrawals?|withdrawing|dts|rattling|cold turkey|detox)",
        "(bad*|really|awful|terrible|horrible|severe|worst|help|scared|can not|seeing|shaking|dying|unbearable|"
        "sick|hell|keep .. down|keep)",
        "(i|i am|my|he|she|me|<kin>|am|help)", _NOT_PAST),
    strong("stopped drinking and sees things",
        "(stopped|quit|gave up|given up|without|came off|off|not had|last) .. (drink|drinking|alcohol|booze|"
        "benzos?|valium|xanax|diazepam|vodka|ghb|pregabalin|ketamine|k|tramadol|everything) .. .. .. (shaking|"
        "hallucinat*|seeing things|seizure|fits|fitting|trembling)", _NOT_PAST,
        "! (does|why do people|patients|can stopping)"),
)

# ---- Violence: done to someone, or feared by the person who might do it.
VIOLENCE = (
    weak("seeing or believing things",
        "(seeing|sees|see|hearing|hears) (things|people|demons|shadows|voices|faces|stuff)|(tv|radio|phone|"
        "internet|people|neighbours|neighbors|police|government|they|someone|everyone) .. (talking to me|spying|"
        "watching (me|him|her)|following (me|him|her)|after (me|him|her)|coming (for|to get) (me|him|her)|"
        "plotting|reading (my|his|her) (mind|thoughts)|talking to (me|him|her)|controlling (me|my|him|her)|"
        "poisoning (me|him|her))|(chip|bugs|insects|device|tracker|cameras?|microphones?|worms) .. (in|inside|"
        "under) (me|my|his|her|the walls?)",
         "(i am|i think|he is|she is|think|thinks|convinced|my <kin> is|keeps|is|not slept|believes|i have)",
             "! (during|in) (the|my|his|her|an?) (infusion|session|treatment|trip)|(infusions?|session|first "
             "time|is it normal|will i|used to)"),
    strong("believes and is armed or at risk",
        "(thinks|believes|convinced|sure|says) .. (god|jesus|spies|cameras|fly|immortal|demons?|possessed|chip|"
        "watching|out to get|poisoned|invincible|chosen|devil|satan)",
        "(knife|scissors|gun|weapon|roof|jump|hurt|kill|window|balcony|cut|road|naked|fire|violent|blade|"
        "aggressive|attack*|got a|axe|hammer)",
        "<one>", _NOT_PAST),
    weak("acting psychotic",
        "(acting|being|gone|going|is|getting|seems|become|becoming) .. (psychotic|psycho|manic|delusional|mental|"
        "paranoid|aggressive|violent|out of control|deranged|crazy and|unhinged)",
        "<they>",
        "(seeing|calm down|will not|scared|now|help|knife|hearing|shouting|screaming|throwing|not slept|high|"
        "running|thinks)",
        "! (comes down|on comedowns|infusions?|treatment|used to)"),
    weak("stabbed or shot",
        "(been|was|is|got|getting|just|being) (stabbed|shot|beaten up|knifed|run over|glassed|attacked|jumped|"
        "mugged|hit by)",
        "(someone|somebody|he|she|friend|i|my|a man|woman|boy|girl|kid|they|help|there is)"),
    weak("exploited",
        "(pimp|trafficker|groomer|older (man|men|guy|boy)|sugar dad|my dealer|gang) .. (gives|give|gave|makes|"
        "make|made|forces|sells|sell|threatens|keeps|uses|wants|drugs)",
        "(me|us|her|my)",
        "! (gave me (advice|a leaflet))"),
    weak("someone means harm",
        "(trying|tried|wants|want|going|about|try|threatens|threatened|threatening|planning) .. (hurt|kill|"
        "attack|rape|stab|beat|shoot|harm|drug|poison|strangle|get) (me|us|my <kin>|my (kids|family|mum|dad))(?! "
        "(a|the|an|some|to|into|off|help|better|home|in))",
        "! (ketamine|it|treatment|the drug|clinic) .. (trying|going)"),
    strong("going to beat someone",
        "(going|want|will|might|about|feel like|urge) (to )?.. (beat|smash|bash|batter|kick|knock|punch|"
        "slap) (him|her|them|someone|my <kin>|his|her)( .. )?(up|out|in|head|face|down|hard|senseless|now)?",
        "(i|i am)",
        "! (at (chess|pool)|record|game|odds|habit)"),
    weak("forced",
        "(forces|forced|forcing|makes|making|made|pressures|pressuring|pressured|coerc*) (me|her|him|us|them|my "
        "<kin>) .. (take|have|do|sell|drink|inject|snort|sex|touch|carry|use|swallow|sleep with)",
        "! (want to|laugh|feel|take (time|stock|notes)|take (it|my time) (slow|easy)|sick)"),
    strong("hands on the neck",
        "(hand|hands|arm|fingers|belt|pillow|cord) .. (neck|throat|mouth|over my face|on my face)|by (the|my|"
        "her) (throat|neck|hair)",
        "(he|she|his|they|someone|<kin>|her)",
        "(me|my|her|grabbed|put|strang*|squeez*|round|around|by the)",
        "! (massage|scan|lump|rash|numb|spray)", _NOT_PAST),
    weak("someone in the house",
        "(someone|somebody|a man|men|stranger|intruder|people|burglar|ex) .. (in|inside|outside|around|breaking "
        "into|at) (my|the|our) (house|flat|home|room|door|window|garden|bedroom|apartment)",
        "(i|my|me|help|hide|hiding|scared|now|is)",
        "! (stay with me|after (the|my)|care for|nurse|hallucinat* is|sit with|to look after)"),
    strong("held against one's will",
        "against (my|her|his|our) will|(held|kept|being held) (captive|hostage|prisoner)|kidnap*|traffick*|"
        "(taken|snatched|took) (me|her|him) (hostage|away by force)",
        "(i|me|my|she|he|her|him|we|us|<kin>)", _NOT_PAST,
        "! (film|novel|news|sectioned|article|gang cases)"),
    strong("has my child and will not give back",
        "(got|has|have|took|taken|with|holding) .. (my|the|our) (baby|kid|kids|son|daughter|child|children|"
        "toddler) .. (will not|refus*|not) .. (give|let|back|return)"),
    strong("going to hurt someone",
        "(i|i am|am|he|she|they|<kin>|me|we) .. (going to|want to|wants to|will|might|about to|feel like|urge* "
        "to|thinking (about|of)|plan* to|could|scared i|afraid i|worried i|threatening to|threatened to|"
        "threatens to|says|said|trying to|tried to|need to|feel|thoughts (about|of)|planning|tempted "
        "to) ([^ ]+ ){0,3}(<harm>) <human>(?! (feelings|kidneys?|bladder|liver|chances?|job|head|back|nose|alarm|"
        "if i (ask|stop)|to death laughing|with (bills|paperwork)))",
           "! (hurt|harm) (my|the|a|our) (unborn|baby|babys|child if|kidney*|bladder|liver|brain)",
               "! (will|can|could|does|would) (it|ketamine|this|treatment|the infusion|the drug|esketamine) "
               "(hurt|harm|kill)"),
    strong("thoughts of killing",
        "(feel like|feels like|want to|thoughts? of|thoughts? about|urge to|thinking about|thinking of|fantasi*) "
        "(<harm>) (him|her|them|someone|somebody|people|everyone|my|others|the)(?! (kidney*|bladder|liver|pain|"
        "time|process|feelings))"),
    strong("he will kill",
        "(he|she|they|<kin>) .. (going to|will|wants to|want to|threatens to|threatening to|might|said|"
        "says|trying to|tried to|would) .. (kill|hurt|stab|shoot|beat|strangle|murder|hit|harm|rape|burn|break "
        "(my|his|her|our)) (me|us|her|him|my|the|our|them|legs|kids|someone|everyone)", _NOT_PAST),
    weak("being threatened",
        "(is|being|am|are|been|keeps|just|was|gets|get|getting) .. (threatened|attacked|beaten|beating|stalked|"
        "followed|blackmailed|abused|strangled|groomed|trafficked|molested|stabbed|shot|mugged|hit|punched|"
        "kicked|choked)(?! (by the rain|for six))",
         "(me|i|i am|my|her|him|us|she|he|they|<kin>)", "! (target|market|record)"),
    weak("hit me",
        "! (poker|chess|cards|budget|spreadsheet|(beat|beating|kicked|kicking) (her|his|my|the|their) (addiction|habit))",
        "<they> .. (hit|hits|hitting|beat|beats|beating|punched|punches|punching|kicked|kicking|slapped|slaps|"
        "strangled|strangling|choked|stabbed|pushed|grabbed|attacked|attacking|hurting|hurts|abusing|abuses|"
        "burned|bit|shoved|battered|battering|thumped|raped|molested|forced|forcing|molesting|touches|touch|held|"
        "holding|pinned|pinning|injected|injecting|chokes|grabs|grabbing|pushes|shoves|shaking|threw|throws|"
        "throwing|chasing|chased|kicks|slapping|shaken|smacks|smacked|whips|bites|spat at|swung at|pulled a|hits "
        "out at|lunged at|ties|tied|drags|dragged|drugged|drugging|touched|touching|assaulted) (me|us|him|her|"
        "them|my|our|his|the (kids|children|baby)|mum|dad|someone|<kin>|herself)(?! (like a ton|hard emotionally|"
        "deeply|soul|record|heart|with the|target))",
                       "(me|us|my|her|him|mum|dad|kids|kin|i|<kin>|baby|someone)"),
    strong("rape or assault",
        "(i|me|my|she|he|was|been|being|got|my <kin>|someone|they|him) .. (raped|sexually (assaulted|abused)|"
        "molested|gang raped|date raped|assaulted|raping|sexual assault|taken advantage of)", _NOT_PAST),
    strong("drugged and hurt", "! heart attack",
        "(drugged|spiked|dosed|gave|given|roofied|slipped) .. (me|her|him|my <kin>) .. .. (assault*|raped|"
        "touched|hurt|attack*|sex|robbed|forced|advantage|naked|undressed)"),
    strong("woke up undressed",
        "(woke|wake|waking|came to|come to|came round|found (myself|her)) .. .. (no clothes|naked|undressed|"
        "without (my )?(clothes|underwear|knickers|pants)|clothes off|trousers (down|off)|underwear|bruises|in "
        "(a|his) strange bed|strangers bed|next to a stranger)"),
    strong("without consent",
        "(sex|slept with|on top of me|touched|touching|inside me|forced (himself|herself)|had his way) .. "
        "(without|while i (was|slept)|while she|not (consent|say yes|want)|could not move|asleep|passed out|"
        "unconscious|against my will|did not want)|forced (himself|herself) on|forced (me|her|him) to (have|do)",
        _NOT_PAST),
    strong("voices",
        "(voices?|demons?|they|god|tv|radio|head|someone in my head) .. (tell|tells|telling|say|says|saying|told|"
        "tell me|want|wants|wanting|order*|command*|screaming|urging|shouting) .. (me|him|her|us|<kin>)? ?(to "
        ")?.. (hurt*|kill*|harm*|stab*|do bad|attack*|jump|cut|end|die|burn|things)",
           "(voices?|demons?|god|tv|radio|head)"),
    weak("weapon",
        "(knife|gun|weapon|machete|axe|hammer|bat|blade|shotgun|pistol|sword|crossbow|screwdriver|bottle at|acid "
        "at|petrol)",
        "(he|she|they|has|have|got|holding|with|pulled|waving|outside|bringing|pointing|threat*|i am|me|him|her|"
        "<kin>)",
         "(has (a|got|an)|have a|got (a|an)|holding|with (a|an)|pulled|waving|outside|pointing|threat*|at me|"
             "to my|to her|me|grabbed|brought|carrying|swinging|chasing|going to|want to)",
             "! (bat|hammer|axe|knife) (my|the) (eyelid|nail|surgery)|(knife|blade) (skills|edge|block)"),
    strong("locked in",
        "(locked|lock|locking|trapped|holding|held|keeping|keeps|kept|imprisoned|stuck|tied|barricaded) .. (me|"
        "us|her|him|my <kin>|i am|in|up) .. (in|inside|hostage|against|captive|prisoner|room|house|flat|up|with "
        "(him|her|a man|my ex|them|someone))(?! (the hole|a k|my (head|body|mind)|a loop|a waiting|traffic|life|"
        "a k ?hole))",
           "(locked (me|us|her|him|in|my)|trapped (in|with|by|me|inside)|hostage|captive|against|prisoner|"
               "locked|tied|keeping (me|us|her)|barricaded|not let|holding (me|us|her|him))", _NOT_PAST,
               "! (bathroom and says|k hole|ketamine hole|my (own )?(body|head|mind|thoughts)|fund|lost my keys|"
               "locked out)"),
    strong("not allowed to leave",
        "(will|would|does|do) not let (me|us|her|him|my <kin>|them) .. (leave|go|out|go home|see anyone|phone|"
        "use (my|the) phone|call)",
        "! (clinic|nurse|nurses|doctor|doctors|hospital|staff|ward|insurance|drive|forget)"),
    strong("afraid to go home",
        "(scared|afraid|frightened|terrified|not safe|unsafe|fear) .. (go home|at home|of him|of her|to leave "
        "him|in my own|of (my|the) (husband|partner|boyfriend|ex|dad|father|wife|stepdad|girlfriend|son|dealer|"
        "mum|flatmate|brother)|for my (life|safety)|with him|here with|he will|she will|to be alone with)", _NOT_PAST,
        "! (wedding|of (my|the) (doctor|psychiatrist))"),
    strong("hiding from danger",
        "(i am|we are|am|hiding|hid) .. (hiding|hidden|hid|barricaded|locked) .. ((in|under|from|behind|myself "
        "in) .. (bathroom|closet|cupboard|wardrobe|room|toilet|him|her|bed|shed|car|house|them))|(i am|and i am|"
        "we are) hiding( $|(?= $))",
        "! (feelings|use from|using from|my ketamine use)"),
    strong("violent now",
        "(<they>) .. (is|has|gets|getting|got|being|becoming|turned|keeps|gone|went|become|becomes|going) .. "
        "(violent|aggressive and|smashing|raging|throwing (things|furniture)|attacking|out of control|kicking "
        "the door|breaking (the|down)|berserk|physically abusive|punching (walls|the)|tearing|wrecking|lashing "
        "out|dangerous)", _NOT_PAST),
    strong("psychosis and danger",
        "(thinks|believes|convinced|says|saying|sure) .. (out to get|after (him|her|me|us)|following (him|her|"
        "me)|watching (him|her|me|us)|spies|demons?|possessed|poison(ing|ed) (him|her|me)|trying to kill|is god|"
        "is jesus|can fly|everyone is against|plotting|chasing)",
        "(<they>|i am)",
        "! (article|film|novel)"),
    strong("might hurt my children",
        "(might|going to|could|will|want to|scared i|afraid i|about to) .. (<harm>|shake|snap at) (my|the|our) "
        "(kids|children|baby|son|daughter|toddler|family|newborn|little)(?! (if i (take|use|have)|with breast|"
        "through|by (taking|using)|chances))",
        "! (ketamine|it|treatment|breastfeed*|spray) (harm|hurt|might|will|could)"),
    strong("breaking in",
        "(trying|tried|trying hard|about|going) .. (break|get|kick|smash) (in|into|down|through) .. (house|home|"
        "door|flat|room|window|in)|(kicking|breaking|banging|smashing|hammering) .. (down|in|on) (my|the|our) "
        "(front )?(door|window)|(is|someone) breaking in",
        "(he|she|they|someone|man|men|ex|dealer|people|<kin>)", _NOT_PAST),
    strong("mass violence",
        "(shoot up|blow up|bomb|burn down|shooting up|attack|stab (people|everyone|kids)|run over (people|a "
        "crowd)|massacre) .. (school|college|work|office|clinic|church|mosque|building|house|hospital|place|mall|"
        "shop|people|everyone|university|class|synagogue)",
        "(i|am|he|she|going|want|<kin>|will|plan*|they)",
        "! (article|news|bath bomb|price|history|in [0-9]+|film|podcast)", _NOT_PAST),
    strong("someone is hurting",
        "(someone|somebody|he|she|they|<kin>|man|men|people|guy|guys) (is|are|keeps|outside|wants|was|has been|"
        "have been) .. (hurting|attacking|threatening|following|chasing|beating|stalking|abusing|strangling|"
        "hitting|trying to (get in|break in|hurt|kill|rape|force|grab)|breaking in|at (my|the) door|outside)( me|"
        " us| her| him| my| with| them| and| to| now| mum| dad| someone| the| people| a| his| $)", _NOT_PAST,
        "! (blog|account|news|trend|clinic|queue)"),
)

RULES: dict[str, tuple[Rule, ...]] = {
    "overdose": OVERDOSE, "ingestion": INGESTION, "suicide": SUICIDE, "withdrawal": WITHDRAWAL, "violence": VIOLENCE,
}

# ---- What makes a weak rule keep quiet.
CALM = {
    "research or press": Form(
        "(study|studies|trials?|research|researchers?|evidence|statistics?|stats|figures|percentage|proportion|"
        "percent|rates?|deaths|data|literature|journalist|article|coroner|inquest|report on|according to|label|"
        "risk of|risks?|likelihood|how (common|likely|many|often)|admissions|epidemiology|survey)"),
    "fiction or teaching": Form(
        "(novel|film|movie|character|screenplay|episode of|plot|policy|leaflet|poster|(a|volunteer|aid|training|"
        "online) course|training|train (staff|night|the)|i train|teach|teaching|presentation|lecture|exam|essay|"
        "dissertation|thesis|homework|assignment|workshop|lyrics|song|quiz|first aid|documentary|podcast|history "
        "of)"),
    "long ago": Form(
        "(years? ago|months ago|decades? ago|when i was (a|young|younger|in|at|little|[0-9]+)|as a (teen|"
        "teenager|child|kid|student|baby)|used to|(?<!at )once|in (my|his|her) (teens|twenties|thirties|forties|"
        "youth|past)|in (19|20)[0-9][0-9]|long time ago|back then|in the past|recovered|in recovery|last year|"
        "childhood|(thoughts|they|it|feelings|and) (had|have|has) (all )?gone|history of|previous|previously|"
        "before my (treatment|first)|sober for|died (by|of|from|in)|lost (my|a|our) .. to)"),
    "about people at large": Form(
        "^ (and |but |so |out of curiosity |curious )*(what|which|how|why|when|where|do|does|did|can|could|"
        "should|would|will|is|are|were|was|has|have|if)( is| are| do| does| can| could| some| most| many| other| "
        "certain| should| would| will| to| the| if| long| often| much| might| there| did| was| were)* (you|"
        "people|someone|somebody|anyone|anybody|patients?|ketamine|k|it|esketamine|spravato|a person|the drug|"
        "drugs|treatment|doctors?|nurses?|vets?|paramedics?|hospitals?|clinics?|users?|an? (overdose|seizure|"
        "child|patient|adult|k|friend|dog|cat|toddler|baby|person|pet)|signs|symptoms|difference|dangers|"
        "effects?|warning|overdoses?|children|suicid*|seizures?|withdrawal|alcohol|mixing|infusions?|the (signs|"
        "symptoms|dangers|effects|difference|warning|risk|treatment|spray|medicine|chances|best way to help "
        "someone)|antidepressants|opioids?|link|evidence|horses|dogs|cats|any)"),
    "may I be treated": Form(
        "(can|could|should|may) (i|he|she|my <kin>) (still |also |safely |even )?(have|take|get|start|restart|"
        "try|be given) .. (ketamine|it|treatment|infusions?|esketamine|spravato|the spray|therapy)|(is|would|"
        "will) (ketamine|it|spravato|treatment|esketamine|this) .. (ok|okay|safe|suitable|right|an option|"
        "allowed|possible|be next|next|riskier|riskier for me|help|work|for me|affect)$|(ok|okay|safe|suitable|"
        "eligible|an option) for (me|him|her|us)$|am i eligible", WORDS),
    "how to spot it": Form(
        "how (do|can|would|should|to) ?(i|we|you|one|staff|parents)? (recogni[sz]e|spot|tell|prevent|avoid|"
        "identify|reduce|lower)|signs of|symptoms of"),
    "if someone": Form(
        "(if|when|whether|case|how) (someone|somebody|a person|people|anyone|you|one|a child|a friend|a patient|"
        "patients|users|a toddler|a dog|a pet|an adult|person)|what (happens|would happen) (if|when)|someone who"),
    "under a vet or doctor": Form(
        "(the|our|my|a) (vets?|doctor|surgeon|anaesthetist|nurse|consultant)|vets|veterinary|anaesthetic|"
        "anaesthesia|anesthesia|surgery|operation|blood test"),
    "figure of speech": Form(
        "(essay|homework|suspense|feet|waiting|queue|shoes|heels|joke|jokes|boredom|bill|price|phone|laptop|car|"
        "battery|traffic|deadline|exam|coffee|paperwork|curiosity|wifi|internet|script|python|linux|process|"
        "server|leaflets?) .. (killing|died|dead|suicide|murder|dying)|(nearly|almost) (died|choked|passed out|"
        "had a (heart attack|stroke)) (laughing|of|when|with|at)|when i saw the|choked up|knocked out of the "
        "park|dying (to|for)|would kill for|kill for a|murder a"),
}
# A weak rule needs somebody in it: a speaker, a person spoken of, or a cry.
PERSON = Form(
    "(i|me|my|myself|we|us|our|he|him|his|she|her|they|them|help|now|tonight|someone here|here|emergency|<kin>|"
    "<small>)", WORDS)
QUESTION = Form("^ (what|which|how|why|when|where|who|do|does|did|can|could|is|are|was|were|will|would|should)")
# People in trouble leave "I" out: "having chest pains", "cant breathe". Such a message is read as if it began with "i".
NO_SUBJECT = Form(
    "^ (having|going|feeling|took|taken|been|got|had|have|think|thinking|stopped|quit|withdrawing|want|wanting|"
    "need|feel|can not|could not|tried|trying|planning|shaking|seeing|hearing|bleeding|relapsed|cutting|mixed|"
    "overdosed|overdosing|scared|am|might|swallowed|came|coming|do not|hate|wish|struggling|pregnant|ran|"
    "sweating|choking|vomiting|throwing|dying|getting|losing|passed|woke|so|about|decided|ready|just|detoxing)")
SHORT = 5  # words: messages this short need no person in them
