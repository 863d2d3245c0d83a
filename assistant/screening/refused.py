"""A question -> the subject that must not be answered from passages, or none, by rules. Owns no dependency.

Five subjects: how much to take (dose), how to take or make it (method), where to get it (buying), how to evade a drug
test (testing), and other people's prescriptions (someone-elses). Ordinary questions *about* those things pass: "how is
the first dose worked out", "do people inject it", "how long does it stay in urine". The sentences shown instead stand
in `corpus/not_covered.toml`. A sixth, decisions about one person's treatment (personal), only the network knows.
Rules read as in `urgent`: `..` is up to four words, `*` any ending.
"""

from __future__ import annotations

from assistant.screening.normalize import Form, Reading

WORDS = {
    "drug": "ketamine|k|esketamine|spravato|keta|wonky|vitamin k|it|this|some|the (drug|stuff|powder|spray|liquid)|"
            "racemic ketamine|ketalar|kit kat|horse tran[a-z]*|troches?|lozenges?|gear",
    "named": "ketamine|k|esketamine|spravato|keta|wonky|vitamin k|ketalar|troches?|(ketamine )?lozenges?",
    "me":
        "i|you|we|one|someone|somebody|a person|a beginner|people|beginners|he|she|my (friend|mate|partner|"
        "husband|wife|son|daughter|brother|sister|mum|dad)|u|me|a man|a woman|an adult|anyone",
    "can": "should|can|could|do|does|would|may|must|shall|to|need to|is it safe to|is safe to|might|ought to|will",
    "take":
        "take|use|do|have|snort|sniff|inject|swallow|drop|bump|shoot|spray|consume|ingest|start with|start on|"
        "start|handle|get away with",
    "kin":
        "friends?|mates?|boyfriends?|girlfriends?|husbands?|wifes?|wives|partners?|brothers?|sisters?|mums?|"
        "mothers?|dads?|fathers?|sons?|daughters?|cousins?|uncles?|aunts?|flatmates?|housemates?|roommates?|"
        "neighbou?rs?|colleagues?|grans?|nans?|grandmas?|boss|someone elses?|somebody elses?|another persons?|"
        "other peoples?|another patients?|anyone else|someone|others|buddys?|exs?|coworkers?",
    "med":
        "prescription|prescriptions|spray|sprays|lozenges?|troches?|tablets?|pills?|medication|medicine|meds|"
        "spravato|ketamine|esketamine|vial|vials|doses?|supply|leftovers?|script|nasal spray|treatment kit",
    "test":
        "(drug |urine |hair |saliva |swab |blood |employment |work |pee |probation )*(tests?|testing|screen|"
        "screens|screening|swab|panel|dip ?stick|uas?|check|exam|sample|tested)",
}

# Each subject: forms that ask it, and forms that show the question is an ordinary one after all.
SUBJECTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "testing": ((
        "(pass|passing|beat|beating|cheat|cheating|trick|fool|evade|evading|avoid failing|fake|faking|dodge|"
            "dodging|get around|getting around|get past|get through|get away with|defeat|bypass|outsmart|ace|"
            "game|sneak past|fudge|tamper with|clear|survive|not fail|without failing|stop .. failing) .. <test>",
        "(flush|cleanse|purge|sweat|wash|detox|clean|get|clear|speed|remove|rid|strip|push) .. (out of|from|"
            "through) (my|your|the|his|her|our)? ?(system|body|urine|pee|wee|hair|blood|piss)",
        "(flush|cleanse|purge|clean|detox) (out )?(my|your|his|her) (system|body|urine|pee|wee|hair|kidneys?|blood)",
        "(hide|mask|conceal|cover up|disguise|cover) .. (test|screen|employer|probation|boss|urine|drug test|"
            "workplace|sample|hair)",
        "(not|never|stop|stops|without|avoid|keep|prevent|so) .. (show|showing|shows|come|coming|appear|"
            "detected|detect|be found|caught|getting caught|flag*|picked) .. (up )?.. <test>",
        "(synthetic|fake|clean|someone elses|friends|borrowed|powdered|another persons) (urine|pee|wee|sample|piss)",
        "(dilute|diluting|dilution|water down|watering|adulterat*|swap|swapping|substitut*) .. (urine|sample|"
            "test|pee|wee)",
        "(what|which|anything|something|how|does|do|will|can|tips|tricks|hacks|ways?) .. (drink|drinking|"
            "take|taking|use|detox|vinegar|bleach|cranberry|water|niacin|shampoo|kit|masking|exercise|sauna) .. "
            "(pass|beat|test|flush|screen|faster|quicker|negative|clear)",
        "(test|tests|testing) negative .. (after|even|though|if|despite|when|for (ketamine|k|my))|(make|get|"
            "turn|ensure|guarantee) .. (test|screen|result|sample) .. negative",
        "(faster|quicker|quickly|fast|sooner|speed up|overnight|by (monday|tomorrow|friday|morning)) .. (out "
            "of|leave|leaves|clear|clears|gone from|eliminat*|flush*) .. (system|body|urine|test)",
        "(leave|get|out of|clear|flush|eliminat*|metaboli[sz]e) .. (system|body|urine|pee|blood) .. (faster|"
            "quicker|quickly|fast|sooner|in (a|one|two) days?|before (my|a|the)|in time|asap|overnight)",
        "(clean|negative|good) (result|sample|screen|test) .. <test>|(clean|negative) (result|sample|screen|"
            "test)|(flush|flushing|wash|sweat|clear|get) (it|ketamine|k|everything|this) (all )?out( of me| "
            "before| by| fast| quick*|$)|(drink|pill|product|kit|anything|something|way|trick) .. (hides?|masks?|"
            "covers?|beats?) .. (it|ketamine|k|urine|test|pee|drugs)",
        "(detox|masking|cleansing) (drinks?|kits?|agents?|shampoo|products?|pills?|tea)|<test> .. (tomorrow|"
            "monday|next week|coming up|this week|in (two|three|a few|[0-9]+) days?) .. (how|what|help|can i|"
            "anything|pass|clean|do)",
        "(how|ways?|tips|trick*) .. (not|avoid) .. (get|getting|be|being) caught .. (test|drug|work|probation)",
        "(get|gets|getting|got|rid|clear|clears|remove|removes|push|take|takes|shift|shifts) .. (out of|from|of) "
            ".. (system|body|urine|pee|wee|hair|blood|piss)",
        "(rid of|clear|clearing|purge|lose|shift) .. (in|from) (my|your|his|her) (system|body|urine|pee|wee|hair|blood)",
        "(come|comes|came|coming|be|show|test|testing|turn) (up |out |back )?(negative|clean|clear)( .. (after|"
            "even|though|when|for|on|by|despite))?",
        "(stop|stops|prevent|keep|beat|avoid|trick|fool|so|sure|ensure) .. <test> .. (find|finding|finds|catch|"
            "catching|detect|detecting|show|pick|see|work)",
        "(nothing|anything|not) .. (shows?|found|appears?|detected|picked up|comes up) .. (my|a|the|work|hair|"
            "urine|drug|mouth) .. <test>",
        "(bleach|vinegar|salt|soap|water|visine|additive|powder|shaving|bleaching|dyeing|shampoo|cranberry|"
            "niacin) .. (sample|<test>|lab|urine|hair) .. (fool|stop|beat|pass|hide|find|trick|work|clear|mask)?",
        "(swap|fake|faking|borrow|use|switch|hand in|substitute) .. (sample|urine|pee|wee)",
        "(have|has|got|is|facing) .. <test> .. (used|took|did|sniffed|snorted|smoked|had) .. (what|how|help|pass|"
            "can)|(used|took|did|sniffed|snorted) .. <test> .. (pass|what (can|do|should)|how)",
        "(clear|clears|clearing|leave|leaves|flush|flushing|flushes|sweat|sweating) .. (<named>|it|drugs) .. "
            "(<test>|work|medical|tomorrow|system|body|quick*|fast*)",
        "(best|quickest|fastest|easiest|good|any|a) (way|method|trick|product|drink|thing) .. (flush|clear|"
            "cleanse|detox|purge|mask|hide)",
        "(not|avoid|fail to|without|dodge|escape|never) (be |being |get |getting )*caught .. (<test>|work|"
            "workplace|employer|probation|random)|caught (by|in|on|out by) (a|the|my) .. <test>",
        "<test> (is|on|comes|coming|due|booked|happens) .. (used|took|did|sniffed|snorted|had a)",
        "<test> (does|will|can|would|do|is|could|can) not (find|show|pick|detect|catch|see|know|spot)",
    ), (
        "how long (does|do|will|would|is|until|before|can|after) (it|ketamine|k|this|the drug|esketamine|"
            "traces)",
            "kidney|liver (function|tests?)",
            "blood pressure",
        "pass (urine|water)", "(recover|rehab|treatment programme|detox (clinic|centre|center|unit|programme|ward))",
    )),
    "someone-elses": ((
        "(use|take|try|borrow|have|using|taking|trying|borrowing|finish|share|sharing|having|used|took|tried|"
            "given|gave|get|nick|steal|pinch|snort|on|with|inject) .. (my|his|her|a|their|our|the)? ?<kin> .. "
            "(old |spare |left over |leftover |unused |esketamine |ketamine |nasal )*<med>",
        "(give|share|sell|lend|pass|giving|sharing|selling|lending|passing|offer|donate|swap|split|gave|hand|"
            "post|send|let .. (use|try|have|take|borrow)) .. (my|of my|some of my|one of my|the rest of my|spare|"
            "leftover|unused|extra|remaining|old|our) .. <med>",
        "(not|was not|never) prescribed (to|for) (me|him|her|them|us)|prescribed (to|for) (my (?!condition|"
            "depression|pain|doctor)[a-z]+|someone|somebody|another|a friend|him|her|anyone else)|(in|under) (my|"
            "his|her|someone elses?) (<kin>|name) .. (name|prescription)",
        "(someone|somebody|another person|other people|anyone|other person|friend|mate|partner|husband|wife|"
            "brother|sister|mum|dad|<kin>) .. (use|take|try|have|borrow|share|finish|takes|uses|using|taking) .. "
            "(my|mine|some of mine) (<med>|own|left|spare|unused|ketamine|nasal|old|$)( <med>)?",
        "(my|his|her|a|their) .. <kin> (has|have|had|got) .. (leftover|left over|spare|extra|unused|old|some) .. <med>",
        "(offered|offering|offers|gave|giving|lent|wants to (give|share|lend)|has spare|has (some )?left "
            "over|letting me|let me|said i (can|could)) .. (me|i|us)? ?.. (his|her|their|spare|leftover|left "
            "over|unused|some of (his|her|their)) .. <med>",
        "(spray|lozenges?|troches?|tablets?|pills?|meds|medication|ketamine|spravato|prescription) .. (my|a|"
            "his|her) <kin> (was|were|is|got|gets|had|has) (been )?(given|prescribed|not using|left|leftover|on)|"
            "(has|have|had) <med> .. (does|do|did|is|are) not (need|want|use|using|finish)",
        "(share|sharing|split|borrow|borrowing|swap|swapping|lend) .. (a |the |our |my |one |someone |her |"
            "his )*(prescription|prescriptions|prescribed|nasal spray|spravato|lozenges|troches|meds|medication|"
            "script|device|vial)",
        "(leftover|left over|unused|spare) (<med>|ketamine <med>|nasal spray) .. (from|of|belong*) .. (<kin>|"
            "someone|died|mother|relative)|(someone elses?|somebody elses?|another persons?|other peoples?) .. "
            "<med>",
        "<kin> (has|have|had|got|gets|is on|is prescribed|was prescribed) .. (<med>|<named>) .. (can|could|may|"
            "should|would|is it ok|is it okay) (i|we) .. (have|try|take|borrow|use|share|go)",
        "(found|took|taken|take|taking|try|trying|tried|use|using|used|have|borrow|want|wants|finish|nick) .. (my|"
            "his|her|a|an|another|the|someone|our) (late |old |other |<kin> )*<kin> .. (<med>|<named>)",
        "(sell|flog|swap|give away|pass on|hand on|hand over|donate|gift) (the|any|some|my|our|spare|leftover|"
            "unused) .. <med>",
        "(<kin>|someone|somebody|people) (wants?|needs?|asked for|would like|is asking for|begs?|fancies) .. "
            "(some|one|a few|any|a couple|half|two)? ?(of )?(my|mine|our) .. (<med>|<named>)",
        "(says|said|offered|offers|offering) .. (i|me|we|us) .. (can|could|may|to) (have|try|take|use) .. (some|"
            "one|a few|it|hers|his|theirs|them)",
    ), (
        "(someone|friend|partner|mum|dad|wife|husband|mate) .. (drive|driving|stay with|sit with|come with|"
        "support)",
        "share .. (room|information|experience|story|experiences|notes|records|concerns|details|news|results|"
        "bathroom)",
        "how many people|what share|insurance|shared decision")),
    "buying": ((
        "(where|who|how|which|what|can|is there|best|any|anyone|cheapest|easiest|reliable|know) .. (buy|"
            "buying|order|ordering|purchase|purchasing|score|scoring|cop|copping|source|sourcing|obtain|"
            "obtaining|acquire|get hold of|getting hold of|get my hands on|pick up|import|importing|sells?|"
            "selling|sold|hook me up|supply|ship|shipped|deliver|delivers|find a (plug|dealer|seller|vendor|"
            "supplier)) .. <drug>",
        "(where|how|who|which website|can|easiest way|best place|best way|ways?) .. (get|find|obtain) (some |"
            "any |cheap |good |pure |real |more |a gram of |a bag of |hold of |your hands on |my hands on |"
            "street |pharma |me |pharmaceutical |recreational |liquid )*(<named>|some|drugs|any|gear|powder)( "
            "(from|without|online|off|near|in|on|round|around|for|tonight|delivered|cheap|at|fast|quickly|here|"
            "now|without|legally)|$)",
        "(buy|buying|order|ordering|purchase|sourcing|get|getting|obtain|for sale|available|sold|sell) .. "
            "(online|on the internet|darknet|dark web|dark net|telegram|snapchat|instagram|off the street|on the "
            "street|craigslist|over the counter|without (a |any )?(prescription|script|doctor|seeing)|no "
            "prescription|from (a )?(dealer|vet|mexico|india|china|abroad|website|vets)|under the counter|by "
            "post|in bulk)",
        "(without|no|skip|fake|forged|forge|avoid) (a |any |the |needing a |having a )*(prescription|script) "
            ".. (ketamine|k|it|spravato|online|get|lozenges|spray|buy|order|pharmacy)|(ketamine|k|spravato|it|"
            "lozenges|spray) .. (without|no) (a |any |needing a |having a )*(prescription|script)|(fake|forge|"
            "forged|forging|alter) .. (prescription|script)",
        "(street|going|black market|current) (price|rate|value|cost)s? .. (<named>|gram|it|bag)?|(price|cost|"
            "worth|pay|how much|charge|charges|charging|going rate) .. (gram|g|bag|baggie|ounce|oz|kilo|point|half "
            "gram|on the street|street|dealer|wrap|vial of <named>|8 ball|bump)|(<named>) (street )?price (per|a|"
            "of) .. (gram|g|bag|street)",
        "(what|how much) .. (go|goes|going|sell|sells) for .. (street|gram|bag|these days|now|round here|$)|"
            "(bag|gram|ounce) .. (go|goes|going|sell) for|(someone|anyone|guy|person|somebody) (who|that) (deals|"
            "sells|has got|can get)|(post|deliver|mail|send|ship) (it|ketamine|k|some) to (my|me|the|your)",
        "(anywhere|somewhere|site|sites|website|websites|place|places|shop|pharmacy|pharmacies|app) .. "
            "(sells?|ships?|delivers?|stocks?|that (has|have|does)|selling|supplies) .. <drug>",
        "(find|know|contact|meet|trust|pay|need|want|looking for|recommend|what is|get|text|any|message|new|"
            "good|reliable|local) (a |an |any |my |the |some |me )*(good |reliable |local |trusted |legit |new |"
            "cheap )*(dealers?|plug|plugs|vendors?|seller|sellers|supplier|suppliers|hookup|connect)",
        "(dark ?web|dark ?net|onion site|telegram|wickr|silk road|crypto market*|signal group|snapchat "
            "dealer*) .. (<named>|drugs|vendor*|buy|market*|order|dealer)|(<named>|drugs) .. (dark ?web|dark "
            "?net|telegram|onion|wickr)",
        "(trick|fool|lie to|convince|persuade|con|get) .. (doctor|vet|gp|psychiatrist|pharmacist|clinic) .. "
            "(to give|into|prescrib*) .. (<drug>|prescrib*|prescription|me)",
        "(steal|stealing|nick|rob) .. (<named>|drugs) .. (from|at|hospital|vet|vets|pharmacy|clinic|work)",
        "^ (buy|order|purchase|cheap|get) .. <named>|<named> (for sale|dealers?|plug|vendors?|suppliers?|"
            "online pharmacy|near me)$|(anyone|someone|who|people) .. (selling|sells|got|dealing|deals) (any |"
            "some |me )*<named>",
        "(sort|hook) (me|us|someone|you) (out|up)( with| for)?|get sorted",
        "(gram|bag|ounce|g|half|eighth|wrap|vial|point|baggie) .. (set me back|cost|dealer|from a|go for|worth|"
            "price)|(set me back|charge|charges|pay|cost|price) .. (gram|bag|dealer|ounce|wrap|vial)",
        "(telegram|snapchat|discord|whatsapp|signal|instagram|reddit|facebook|dark ?web|dark ?net) (channels?|"
            "groups?|servers?|pages?|sellers?|accounts?|markets?|shops?|vendors?|links?)",
        "(pharmacy|pharmacies|chemist|shop|clinic|doctor|vet|site) .. (will not|does not|not|never|without) .. "
            "(ask|asks|asking|need|needs|check|checks|require|prescription|id|script)",
        "(which|any|where|know|who|what|are there|local|trusted|good|need|find|want) .. (dealers?|plugs?|sellers?|"
            "vendors?|suppliers?) .. (near|have|has|got|around|round|in|with|for|of|sell|sells|stock|please|can|is|"
            "are|<named>)",
        "(need|want|looking for|after|find|get|know) (a |an |some |any |my )*(plug|dealer|hookup|supplier|vendor|"
            "seller)( for| of| with| in| near| who|$)",
        "(get|getting|got|find|finding|lay) (hold of|hands on|my hands on) (a |an |the |some |any |more |my |pure "
            "|cheap )*(vial|vials|bottle|ketamine|k|lozenges?|troches?|spray|bag|powder|it|gram|prescription)",
        "(ketamine|k|spravato|esketamine|lozenges|troches|vials?) (for sale|for cheap|delivery|delivered|online|"
            "by post|vendor|shop|seller|dealer)|^ (buy|order|purchase|score|selling|sell) (some |any |cheap |pure |me "
            ")*(<named>)",
        "(get|score|obtain|buy|fake|forge|convince|say|pretend|lie) .. (prescription|script|prescribe|prescribed) "
            ".. (without|fake|really|pretend|lying|easily|not ill|no doctor|it)|(fake|forged|dodgy) (prescription|"
            "script)",
        "(buy|score|purchase|source|smuggle|bring|pick up) .. (<named>) .. (mexico|abroad|india|thailand|spain|"
            "overseas|back|home|country|border|campus|uni|club)|(student|clubbers?|people|someone) .. (get|pick up|"
            "score|find|buy) (<named>) .. (on campus|in [a-z]+|from|near)",
    ), (
        "(where|how|who|which) .. (treatment|treatments|therapy|infusions?|clinics?|help|support|advice|"
            "counsel*|referr*|referral|tested|info*|nhs|appointment|provider|insurance|covered|trial|information|"
            "leaflet|psychiatrist|specialist|rehab)",
        "how (do|can|would|to) .. (referral|prescribed by|nhs|appointment|assessed|diagnosed|accepted|"
            "approved)|(on|from|through|via) (the )?(nhs|prescription|insurance|clinic|my (doctor|gp|"
            "psychiatrist))|at a clinic .. (different|better|safer)|different from",
        "(treatment|therapy|infusions?|clinic|help|support|information|insurance|nhs|referral) (near|cost|"
            "price|from|in|on|for|with|to|without insurance)",
        "who (should|can|could|may|must|would|will) not .. (get|have|take|be given|use)",
        "why (is|are|do|does|can|did|was)",
            "how (do|does|did|are|is) (people|teenagers|users|young people|clubbers|dealers|criminals|it get|"
            "drug gangs|customs)",
            "^ (is|was|are|has) (it|ketamine|k) .. (legal|illegal|easy|sold|available|hard)",
        "how much (does|do|is|are|would|will) (a |an |one |the |my |each |spravato |ketamine |esketamine "
            ")*(treatment|session|infusion|course|spray session|clinic|therapy|appointment|consultation)",
    )),
    "method": ((
        "(how|ways?|best way|right way|proper way|safest way|way|correct way|safely|guide|steps?|"
            "instructions?|tutorial|technique|tips|advice|easiest way|which way|explain how|show me how|tell me "
            "how|teach me) (do |to |can |would |should |could |i |you |we |people |one |safely |best |properly |"
            "for |on |about |of |is |does |go |someone |actually |they |users |set |correctly |go about |the |a |"
            "it |how |any |are |exactly )*(inject|injecting|snort|snorting|sniff|sniffing|smoke|smoking|plug|"
            "plugging|boof|boofing|shoot up|shooting|shoot|iv|slam|slamming|cook|cooking|prepare|preparing|prep|"
            "crush|crushing|dissolve|dissolving|bump|rail|vape|vaping|cut|convert|converting|extract|extracting|"
            "synthesi[sz]e|synthesi[sz]ing|dry|drying|evaporate|freebase|make|making|produce|manufactur*|brew|"
            "crystalli[sz]e|rack up|chop|line up|insufflate|administer|self administer|inhale|ingest|redose|"
            "muscle) (a |my |the |your |some |up |out |own |of |liquid |pure |home ?made |powdered |more |"
            "half |line |lines |vial |vials |bump |bumps |nasal |myself |crystal |into |off |from |with |down |"
            "lots |big |shot |gram |rails? |bottle )*(<drug>|spray|powder|crystals?|at home|rectally|needle|vein|"
            "muscle|myself|$)",
        "(how|best way|ways?|right way|safest way) (do |to |can |should |would |could |i |you |we |people |"
            "one |someone |for |a beginner |best |safely )*(take|use|do|consume|get high (on|off)|trip on|get a "
            "high|try|microdose|dose) (some |my |the |recreational |liquid |powdered |street |pure |at home |"
            "proper )*(ketamine|k|keta|wonky)",
        "(how|ways?|best way) .. (get|go|fall|reach|achieve|enter|be|stay|trip) (high|in|into|a|stronger|"
            "deeper|more high|to) .. (ketamine|k|hole|k hole|khole|high|longer|stronger)|(line|lines|rail|rails) "
            ".. (set up|racked|racking|chopped|laid out|prepared|cut)|how (to|do i|do you|can i) (k hole|khole|"
            "hole)",
        "(which|what|where|best|good) (vein|veins|muscle|needle|needles|gauge|syringe|syringes|site|"
            "injection site|nostril|route|place|size|spot|body part) .. (inject*|use|shoot*|ketamine|k|snort*|"
            "best|needle|hit|im|intramuscular*)|needle (size|gauge)|(find|hit|hitting|finding) a vein",
        "(where|how deep|what angle|how far) .. (inject|stick the needle|put the needle|shoot it|inject it)|"
            "recipe .. (ketamine|k|spray)|(ketamine|k) .. (recipe|synthesis|cooking instructions|manufacturing "
            "(steps|process at home)|extraction (guide|method|steps))",
        "(make|making|made|cook|produce|brew|manufacture|mix|mixing) (my |your |some |a |the |own |home "
            "?made |diy )*(ketamine|k|nasal spray|ketamine spray|powder|lozenges?|troches?|crystals?)( .. (at "
            "home|home ?made|myself|powder|from|out of|scratch|kitchen|liquid|diy)|$)",
        "(turn|turning|convert|converting|change|cook|dry|drying|make|evaporat*|reduce|reducing) .. (liquid|"
            "vial|vials|injectable|veterinary|solution|vet) .. (powder|crystal*|snort*|smok*|into|ketamine|k)",
        "(can|could|should|is it (ok|safe|possible|better)( for me)? to|do|would) (i |you |we |me |it be "
            ")?(also |just )?(inject|snort|smoke|plug|boof|vape|crush|shoot|sniff|iv|dissolve|freebase|chew and "
            "snort) .. (<drug>|my <named>|them|pills?|tablets?|my|at home|myself)",
        "(inject|snort|smok*|plug|boof|shoot|crush*|insufflat*|vap*) .. (properly|correctly|safely|technique|"
            "instructions|step by step|without (burning|pain|hurting|damaging|bleeding|blood)|like a pro|the "
            "right way|guide|tutorial|for beginners|first time|better|less burn)",
        "(best|strongest|quickest|fastest|most effective|safest|better|cleanest|easiest|correct|right) (way|"
            "route|method|technique|means|form) .. (inject*|snort*|tak(e|ing)|us(e|ing)|do(ing)?|get(ting)? high|"
            "smok*|administ*|consum*|plug*|boof*|ingest*|bump*|enjoy*|try*) .. (<named>|recreational*|drug|it|at "
            "home|stuff)",
        "(snort|inject|swallow|smoke|plug|sniff) (it|ketamine|k|them) or (snort|inject|swallow|smoke|plug|"
            "sniff|eat|take)|(better|stronger|best) (to )?(snort|inject|swallow|smoke|plug|sniff) .. or",
        "(trick|knack|secret|art|hack|tips?|technique|way|method|step by step|guide|instructions|tutorial|walk me "
            "through|teach me|show me|talk me through|explain|proper way|correct way|right way) .. (inject*|snort*|"
            "sniff*|smok*|cook*|dry*|boof*|plug*|rail*|vap*|chop*|crush*|dissolv*|extract*|do (a )?lines?|do bumps?)( |$)?",
        "(do|should|can|could|must|may|would) (i|you|we) (chop|crush|grind|heat|warm|cook|melt|dissolve|dry|bake|"
            "boil|snort|sniff|squirt|inject|plug|boof|smoke|vape|shoot|iv|im) .. (it|<named>|finer|crystals|powder|"
            "first|water|nose|lozenges?|spray|them|this)",
        "(need|needed|equipment|kit|tools|stuff) .. to (cook|make|inject|snort|smoke|plug|prepare|vape|dry|boof)( up)?",
        "(make|making|get) .. (lozenges?|troches?|spray|it|<named>) .. (stronger|hit harder|kick harder|hit "
            "faster|work faster|more potent|hit quicker)",
        "(how|way|ways|best way) .. (take|taking|use|using|do|doing|have) .. (<named>) .. (high|buzz|trip|fun|"
            "maximum|recreational*|properly|hole)",
        "(which|what|where) (bit|part|spot|place|area|side|angle|size|gauge|type|sort|kind) (of )?.. (arm|leg|"
            "thigh|body|muscle|needle|syringe|shot|inject*|nostril|glute|vein)",
        "(dissolve|mix|dilute|crush) .. (crystals?|powder|lozenges?|<named>) .. (squirt|spray|snort|inject|nose|"
            "water and|nasal)|(smoke|vape) .. (foil|pipe|bong|pen|cart|joint)",
        "^ (can|could|do|does|would) (you|people|i|one) (boof|plug|smoke|vape|inject|iv|shoot|eat|rail|bump|"
            "freebase|skin pop) (it|<named>|this|that)$",
        "(best|right|correct|proper|safest|easiest|good) (way|technique|method|spot|place|angle|position) .. (to|"
            "for|of) (iv|inject*|shoot|plug*|boof*|snort*|sniff*|smok*|vap*)",
    ), (
        "how (is|are|was|were|does|did|do) .. (doctors?|nurses?|vets?|paramedics?|anaesthe[a-z]*|"
            "anesth[a-z]*|hospitals?|clinics?|clinicians?|pharmacists?|manufacturers?|drug companies|companies|"
            "scientists|chemists|staff|they give|paramedic)",
        "^ (how|is|was|are) (is|was|are|were|ketamine|it|snorting|injecting) .. (made|given|administered|"
            "manufactured|produced|injected|snorted|taken|prepared|riskier|safer|worse|dangerous|harmful|"
            "addictive|more|used|discovered|different|stored)",
        "^ (do|does|did|why|can|has|have|what happens|is it true|are there) (people|users|some|anyone|many|"
            "snorting|injecting|ketamine|sniffing|it|if)",
            "make (sense|sure|an appointment|a complaint|the most|it easier|me|you|my (?!lozenges?|spray|troches?|"
            "ketamine|own)[a-z]+|a difference|it stop|it "
            "work|friends|up|people)",
        "(risks?|dangers?|harms?|damage|effects|harm) of (injecting|snorting|smoking|sniffing|plugging)",
            "how (much|long|often|many|likely|risky|dangerous|bad|safe|harmful|fast|quickly)",
            "how (do|does) (it|ketamine|k|snorting|injecting|esketamine|spravato|that|this)",
        "how (can|do|should|to) (i|we|you)? ?(stop|quit|avoid|help|cut down|reduce)",
            "how (do|does|can|could|will|would|might) (snorting|injecting|smoking|sniffing|taking|using)",
            "(referral|clinic|nhs|which (chemist|company|drug company)|who (first )?(made|discovered|invented))",
            "how (do|does) (people|users) .. (feel|become|get addicted|stop|recover)",
            "cut (down|back|out)",
            "prepare (myself|for|my (body|mind)|(a |the )?room)|mix .. alcohol",
    )),
    "dose": ((
        "how (much|many|big|large|little|strong|high|small|often|far apart|long between)( more| of)?( a| "
            "an)?( (<named>|powder|line|lines|bump|bumps|it|mg|mgs|milligrams?|grams?|g|ml|sprays?|lozenges?|"
            "troches?|pumps?|puffs?|drops?|units?|hits?|doses?|dose|pills?|tablets?|amount|of|k|squirts?|points?|"
            "the|a|my|that|this|liquid|pure|keta|infusion))* (<can>|is|are|would|does it take|will it take|it "
            "takes|for|per|did|counts|until|before|gets|constitutes|makes|kills?|i|you|equals) .. (<take>|lethal|"
            "fatal|deadly|safe|safely|unsafe|dangerous|kill|die|overdose|too much|too many|k hole|khole|hole|"
            "high|enough|trip|beginner|first time|first timer|redose|weight|kg|microdose|knock .. out|feel|reach|"
            "get|safest|toxic|death|stone|pounds|kilos?|lbs|sleep|depression|a day|per day|a week|in one go|a "
            "night|at once|recommended|myself|buzz|my size)",
        "how (much|many) .. (mg|milligrams?|grams?|g|lines?|bumps?|sprays?|ml|lozenges?|troches?) .. (take|"
            "use|do|snort|safe|kill|lethal|inject|high|hole|kg|weight|weigh|too (much|many)|night|person|"
            "beginner|first|trip|have|should|can|depression|pain|dose|overdose|enough|sleep)",
        "how much (is|would be|counts as|should be|be) (too much|enough|safe|a lot|lethal|fatal|dangerous|a "
            "(safe|good|lethal|fatal|normal|standard|strong|typical|beginner|high|low|big|light|common|starting|"
            "heavy|fun|recreational|single|micro)*)",
        "(lethal|fatal|deadly|toxic|ld50|maximum|max|safest?|recreational|starting|beginner|beginners|"
            "threshold|safe|correct|right|ideal|best|good|optimal|perfect|proper|highest|minimum|recommended|"
            "first|strong|k hole|khole|party|heavy|light|common|tolerated|usual|normal|typical|average|standard|"
            "big|low|microdose|micro|sub anaesthetic|biggest|smallest|effective|therapeutic|daily|oral|nasal|im|"
            "iv|intramuscular|intravenous) (<named> |single |daily |starting |home |nasal |recreational |oral |"
            "and safe |safe |first |iv |im |maximum |for a |of )*(dose|doses|amount|amounts|dosage|dosages|"
            "quantity|dosing|mg|line|level|limit)( (of|for|to|per|in|if|at|on|with|when|without|by|before|is|"
            "would|should|that|a|i|someone|my|an|you)|$)",
        "(what|which|tell me|give me|need|know|suggest|recommend|calculate|advise|work out|figure out|"
            "what is the) (is |are |the |a |my |would be |should be |about |me |an |of |size |"
            "exact |what |would |should |safe |i )*(dose|dosage|doses|amount|quantity|mg|milligrams|"
            "measurement)( (should|do|can|to|for|of|would|is (safe|right|best|lethal|fatal|needed|enough|too|ok|"
            "recommended|good|dangerous|used for|given for|normal|usual)|per|will|could|if|i|gets|kills|makes|"
            "puts|causes|with|when|at|in mg|by)|$)",
        "(mg|milligrams?|mgs|micrograms?|grams?|g) (per|a|for each|for every|to) ?(kg|kilo*|pound|lb|lbs|"
            "stone|day|weight|body)|mg kg|milligrams? .. (kilogram|kilo|kg|body ?weight)|(dose|dosage|dosing|"
            "amount) .. (my|body|by|per|for (a|my|someone)) .. (weight|kg|kilos?|pounds|lbs|stone|size|height|"
            "body)|i weigh .. (how|what|dose|much)|weighs? .. (kg|pounds|lbs|stone|kilos) .. (much|dose|take)",
        "(dose|dosage|dosing) (chart|calculator|guide|table|schedule|calculation|chart|recommendation|"
            "recommendations|advice|range|guidelines?|info*|instructions?|limits?)|(ketamine|k|esketamine|"
            "spravato) (dose|dosage|doses)$|dosage (for|of|to)|calculat* .. (dose|dosage|amount)|dose for (a|an|"
            "my|someone|depression|pain|anxiety|ptsd|kids|children|adult*|me)",
        "(can|could|should|may|is it (ok|okay|safe|alright|fine|dangerous|bad) (for me )?(if i|to)|what if i|"
            "would it be (ok|safe) (if i|to)|am i (ok|safe|allowed) to|safe to) (i |we |you |just |also )*(take|"
            "taking|have|do|use|try|up|increase|double|add|skip|split|lower|raise|reduce|halve|go|snort|redose|"
            "top up|change|adjust) .. (more|double|extra|another (dose|line|bump|lozenge|spray|one|hit|go|gram)|"
            "second (dose|line|lozenge|spray)|two (lozenges|sprays|doses|at once|tablets|lines|troches|grams|"
            "bumps)|three|my dose|the dose|dosage|higher|[0-9]+ ?(mg|milligrams?|g|grams?|lines?|sprays?|ml)|(a "
            ")?(whole|full|half|quarter) .. (gram|lozenge|bag|troche|vial|tablet|ml|g)|a gram|grams|a bigger|too "
            "much|twice|missed dose)",
        "(redose|redosing|re dose|top up|double (up )?(my|the) (dose|lozenge|next)|double dose|take (my "
            ")?next dose|catch up) .. (when|how|safe|ok|after|soon|wait|can|should|is|$)|(when|how (long|soon|"
            "often)|how many (hours|times|days)) .. (should|can|do|could|to|must|is it safe to|before|until) .. "
            "(re ?dose|redose|(take|taking|use|using|have|having|do|doing) (some more|more|another|it again|"
            "ketamine again|k again|the next)|do (more|another|it again|ketamine|k)|have (more|another)|use "
            "(again|it|ketamine|k)|take (it|ketamine|k)|next dose|do (line|bump)s?|snort)",
        "(is|are|would|will|was|can|could|does|do) (it |a |an |about |around |my |half |one |two |three |"
            "that |this |single |the |[a-z]+ )?([0-9]+|a|half a|two|three|one|quarter|ten|five|fifty|hundred) "
            "?(mg|milligrams?|g|gram|grams|lines?|bumps?|ml|mls|lozenges?|troches?|sprays?|points?)( of)? .. "
            "(safe|too much|too many|enough|lethal|ok|okay|kill|fatal|dangerous|a lot|strong|high|alright|"
            "overdose|dose|deadly|hole|fine|much|hurt|do|get me|me)",
        "(enough|amount|much|dose|many) .. (kill|lethal|fatal|overdose|die|deadly|knock (me|someone|him|her|"
            "a person) out|black out|k hole|khole|stop (your|my|the|someone) (heart|breathing)) (a person|you|"
            "me|someone|somebody|an adult|on|a human|a man|him|her|them|from|with|in|people|$)?",
        "at what (dose|point|amount|level|quantity) .. (kill|die|lethal|fatal|dangerous|deadly|overdose|safe|"
            "toxic|hole|become|too much|unsafe|risky)|(safe|right|good) .. (amount|dose|quantity|limit|level) .. "
            "(take|use|snort|inject|do|start|have|consume|try|handle)|how (far|high) .. (push|go) .. (dose|mg)|"
            "(where|when|what) .. (line|limit|threshold|cutoff) .. (safe|lethal|overdose|too much)",
        "(microdose|microdosing|micro dose) .. (how much|amount|mg|protocol|schedule|start)|(taper|tapering) "
            ".. (how|dose|schedule|mg)|dose .. (should|do|can|to) (i|you|he|she|we|my|someone|people|one|a|take|"
            "use|start|begin)",
        "(usual|normal|typical|average|right|safe|good|best|common|standard|smallest|largest|biggest|lowest|"
            "minimum|maximum|ideal) (amount|quantity|number|size) .. (line|bump|take|use|put|start|does|feel|works?|"
            "night|<named>)",
        "(should|do|can|could|must) (i|you|we|one) (weigh out|measure out|weigh|measure|portion)",
        "(may|can|could|should|shall) (i|we|you|he|she) (just |also )*(have|take|use|do|try|add) (a |an |one |my |"
            "the )*(second|another|third|extra|more|two|three|double|next)",
        "(up|raise|bump up|increase|double|halve|lower|push|change|adjust|go over|exceed) (my|the|our|his|her) "
            "(own )?(spray|lozenges?|dose|dosage|troches?|amount|prescription)",
        "(<named>|k|lozenge|spray|troche) (amounts?|quantit(y|ies)|doses?|dosages?|dosing|measurements?) (for|at|"
            "by|per|in|of|to|with|when)",
        "(amounts?|quantit(y|ies)) (of|for) (<named>|it|powder|drug) .. (home|pain|depression|high|trip|sleep|"
            "beginner|safe|take|use|person|body)",
        "how (far|high|close|hard) .. (push|go|take) .. (it|dose|before|until) .. (breathing|die|pass out|"
            "overdose|black out|dangerous|stop)",
        "(mils|mls|ml|milligrams?|mg|grams?|lines?|bumps?|squirts?|sprays?|lozenges?|drops?|puffs?) .. (is|are|"
            "equals?|makes?|for|in|per|would|counts?) .. (one |a |an |too |the )*(hit|dose|high|many|much|buzz|hole|"
            "finish|kill|end|first|person|day|night|go|limit|session|beginner)",
        "(upper|safe|daily|weekly|max|maximum|top|highest|lower|absolute) (limit|amount|number|dose|ceiling) .. "
            "(lozenges?|sprays?|<named>|day|week|night|take|use|person|human|body|in)",
        "(suggest|recommend|give me|tell me|name|pick|list|what is) .. (starter|starting|first|beginner|"
            "safe|light|lethal|trip|good|microdose|heavy|small|strong|recreational) (dose|amount|quantity|line|number|"
            "mg)",
        "(could|would|can|will|might|does|do) (a |an |about |around )?([0-9]+|one|two|three|four|five|ten|half|a|"
            "fifty|hundred|two hundred|three hundred|several|a whole|one whole) (of )?(a )?(hundred |thousand )?(mg|"
            "milligrams?|grams?|g|lines?|bumps?|bags?|lozenges?|sprays?|ml|vials?)( of)? .. (kill|harm|hurt|be|put|"
            "knock|finish|do|overdose)",
        "(ld50|ld 50|lethal dose|fatal dose)",
        "how (soon|quickly|fast|many times|often|long after|frequently) .. (can|should|may|could|must|is it safe "
            "to) (i|you|we|one|people) .. (top up|redose|re dose|use (<named>|again|more)|take (<named>|again|more|"
            "another)|do (<named>|again|more|another|a line)|have (more|another))",
    ), (
        "how (do|does|did|would|will) (clinicians?|doctors?|clinics?|nurses?|they|psychiatrists?|anaesthetists?|"
            "hospitals?|researchers?|prescribers?|pharmacists?|vets?) .. (dose|dosage|amount|dosing)",
        "how many (people|patients|users|deaths|young people|adults|teenagers|men|women|children|[a-z]+ people)",
        "does (it|ketamine|k|the dose|dose|a dose|esketamine) .. (differ|change|go up|depend|matter)|"
            "(does|do|can|will|would) (the|my) (clinic|doctor|nurse|hospital|psychiatrist|team|clinics)",
        "how much of (it|the|this|my|their|that)",
        "how much (does|do|is|are|will|would|did|should) (it |a |an |the |one |each |my |spravato |ketamine |"
            "esketamine |treatment |therapy |infusions? |sessions? |course |nasal |spray |clinics? |insurance |"
            "iv |typical |single |course of )*(cost|price|charge|pay|covered|cover|to pay|per session|cost me)",
        "how (much|many|often) .. (sessions?|infusions?|visits?|appointments?|times .. (clinic|week)|"
            "treatments?|patients?|deaths|deaths|died|people (?!(take|do|use|snort))|studies|trials?|weeks|"
            "months|years|money|time|evidence|research|risk|improvement|better|difference|help|sleep|insurance|"
            "water)",
        "(dose|doses|dosage|dosing|dosed|amount) .. (worked out|decided|chosen|set by|determined|monitored|"
            "adjusted by|recorded|precise*|calculated by|controlled|measured|studied|tested|matter|individual*|"
            "differ|vary|varies|reduced by|missed)",
            "how (is|are|was|were) .. (doses?|dosed|dosing|dosage|amount)",
            "(control|controls|controlled) .. how much",
            "after (a|the|my|your|one|each) dose",
        "(study|studies|trials?|research|researchers|scientists|participants|experiment|mice|rats|animals?|"
            "dogs?|cats?|horses?|vets?) .. (dose|amount|given|used|mg|use)|(dose|amount|mg) .. (study|studies|"
            "trials?|mice|rats|in the (trial|study))",
        "(after|before|during|between|with|since|following|from) (the |my |a |an |each |every |one |first |"
            "second |your |last |single )*(first|single|dose|doses|second|last)",
            "(which|who|why|does|do|is|are) .. (dosed|dosing)",
            "(low|high|higher|lower|large|larger|small|repeated|anaesthetic|single|sub anaesthetic|first|bigger|"
            "heavy|strong) doses? .. (do|does|cause|causes|affect|work|works|feel|lead|damage|make|harm|help|"
            "enough to (help|work)|last|lasts|worse|more|less|safer|effective)",
        "how (long|quickly|fast|soon|well) (does|do|will|is|until|after|before) .. (last|lasts|work|works|"
            "take effect|kick in|wear off|stay|help|effect|effects|see|notice|feel|results|start)",
            "(blood|detect*|label|strengths?) .. (level|levels|limit)",
            "typical (treatment )?course",
            "first dose (at|in) (home|clinic|hospital)",
    )),
}

_COMPILED: dict[str, tuple[tuple[Form, ...], tuple[Form, ...]]] = {
    name: (tuple(Form(form, WORDS) for form in asks), tuple(Form(form, WORDS) for form in ordinary))
    for name, (asks, ordinary) in SUBJECTS.items()
}
# An answer to these would be a danger whatever else the question says, so no ordinary frame excuses them.
_ALWAYS = {
    "dose": Form(
        "(lethal|fatal|deadly) (ketamine )?(dose|amount|dosage|quantity)|(dose|amount|much|many) .. (to (kill|"
        "die|overdose))|(ld50|ld 50)|(mg|milligrams?|mgs) (per|a|for each) ?(kg|kilo*|pound|lb)"),
    "testing": Form(
        "(pass|beat|cheat|trick|fool|evade) (a |my |the |his |her )*(drug|urine|hair|saliva|pee|workplace|work|"
        "probation) (test|screen)*"),
}


def subject(question: str) -> str | None:
    """The id of the subject that ``question`` asks and passages must not answer, or None for an ordinary question.

    >>> subject("how do i pass a drug test on monday")
    'testing'
    """
    reading = Reading(question)
    for name, (asks, ordinary) in _COMPILED.items():
        if name in _ALWAYS and _ALWAYS[name].found(reading):
            return name
        if any(form.found(reading) for form in asks) and not any(form.found(reading) for form in ordinary):
            return name
    return None
