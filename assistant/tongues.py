"""A folded text -> which language it is not English in, and crisis phrases of other languages. Standard library only.

The search works in English alone, so a message in another language gets a card that says so in two languages; the
commonest crisis phrases fire their own kind first. Texts come folded (`wording.letters`): no capitals, no accents.
"""

from __future__ import annotations

import re
from functools import cache

# The drug's name as other languages write it; "ketamin" is left out, for it is also a slip in English.
_NAMES = frozenset("ketamina cetamina chetamina ketaminy ketamiini ketaminu ketamiin ketaminum".split())
# Everyday words that are no English words. Words such as "me", "die", "son", "no" are left out on purpose.
_COMMON = {
    "Spanish":
        "el la los las un una unos del que es esta este esto como cuando donde cuanto cuanta cual por para con "
        "sin mas pero muy yo tu ella nosotros mi su sus se lo le les al y o si puede puedo tengo tiene hay hace "
        "ser estar soy eres estoy estan fue ayuda necesito quiero gracias hola mucho tambien sobre entre desde "
        "hasta porque quien dias anos hijo amigo efectos tratamiento dejar encontrar comprar tomar ketamina dura "
        "cuales peligrosa peligroso secundarios adiccion cuesta",
    "French":
        "le la les une des du de est et ou que qui quoi quel quelle quels quelles dans pour avec sans sur ce "
        "cette ces je il elle nous vous ils elles mon ma mes ses pas ne plus au aux tres bien comment combien "
        "pourquoi quand peut puis suis etre avoir fait aide besoin veux jai cest ca en se sont effets traitement "
        "la vessie ketamine longtemps secondaires dangereux depression dangereuse prix",
    "Portuguese":
        "o os as um uma dos das do da que e ou em no na nos nas para por com sem mais mas muito eu voce ele ela "
        "nos meu minha seu sua nao sim como quando onde quanto qual quais pode posso tenho tem ha ser estar esta "
        "estou foi ajuda preciso quero obrigado cetamina ketamina tratamento perigosa colaterais vicia efeitos "
        "sobre ate porque quem dura",
    "German":
        "der das den dem ein eine einen einem einer und oder ist sind nicht kein keine ich du er sie wir ihr "
        "mein meine dein sein mit ohne fur auf aus bei nach von zu zum zur wie wann wo warum wer welche wird "
        "kann konnen habe hat haben bin bist wenn aber auch noch sehr mehr hilfe brauche ketamin therapie kosten "
        "nebenwirkungen wirkung sucht abhangig gefahrlich wirkt lange behandlung im ins uber gegen",
    "Italian":
        "il lo la gli le un una uno dei delle della del di che e o non si per con senza piu ma molto io tu lui "
        "lei noi mio mia suo sua come quando dove quanto quale quali perche chi puo posso ho ha hanno sono sei "
        "essere stato aiuto voglio ketamina effetti collaterali pericolosa dipendenza sulla sul nella nel questo "
        "questa cosa sugli dura",
    "Polish":
        "jest sie nie na za po od ze czy jak kiedy gdzie ile dlaczego kto co dla przez przed bez bardzo moj moja "
        "ja ty on ona my wy oni mam masz ma moze moge chce prosze pomoc pomocy dlugo dziala ketamina ketaminy "
        "ketamine uzaleznienie uzaleznia skutki uboczne czym jakie jaki lub oraz ale tak leczenie skutki",
    "Dutch":
        "de het een en of niet geen ik jij hij zij wij mijn jouw zijn haar met zonder voor op uit bij naar van "
        "hoe wanneer waar waarom wie welke wat kan kunnen heb heeft hebben ben bent als maar ook nog zeer meer "
        "hulp ketamine wordt gevolgen werkt lang blaas je blijft duurt dagen verslavend",
    "Turkish":
        "bir ve mi mu bu ne nasil neden icin ile var yok ben sen cok daha ama degil olan gibi kadar ketamin "
        "yapar midir bagimlilik nedir eder olur yardim",
    "Nordic":
        "og och er ar ikke inte jeg jag du han hun hon det den som med for til till av fra fran hvor hvordan hur "
        "hva vad hvad nar kan skal har om pa vi ni min mitt lenge lange ketamin",
    "Czech, Slovak or Romanian":
        "je to na se si jak kdy kde proc ktery byl jsem jsi jsme neni pro pri nebo ale este alebo este este si "
        "sa ako kedy prečo este este cum unde cand este sunt nu pentru cu din mai foarte sau ajutor ketamina este",
    "Indonesian or Tagalog":
        "yang dan di ke dari untuk dengan ini itu tidak apa bagaimana berapa kapan saya kamu dia ada bisa akan "
        "ang ng sa mga ako ikaw siya ay hindi ano paano saan po ko mo ketamin",
    "Vietnamese": "cua va la khong toi ban nguoi co cho voi nhu the nao bao lau nay duoc trong mot nhung bi ketamin",
    "Hungarian or Finnish":
        "az egy es nem hogy van mit mikor hol mennyi ideig meg vagy de ez hogyan ja on ei se etta mika miten "
        "kuinka kauan olen hanen ovat mutta ketamiini ketamin",
}
_ENGLISH = frozenset("""
    the a an and or of to in is are was were be been do does did have has had i you he she it we they my your
    his her its our their this that these those what which who how why when where can could will would should
    may might not no with without for from on at by about as if than then there here so but after before am im
    me him them us any some more much many get got take took use used it's dont does cant long feel help need
    want make work mean meaning read just too into out up off ketamine die son me no on an man war hat
""".split())
# English words that other languages have too.
_SHARED = frozenset("ketamine in a an do me son die no on man war hat am was so as or us".split())
_LANGUAGES = {name: frozenset(text.split()) - _ENGLISH for name, text in _COMMON.items()}
_FOREIGN = frozenset().union(*_LANGUAGES.values())
_WORD = re.compile(r"[^\W\d_]+")

# Everyday crisis phrases. `~` stands for up to four words. Grouped by kind, then Spanish, French, Portuguese, German,
# Polish, Italian, Dutch, and a few in other scripts.
_CRISIS: dict[str, tuple[tuple[str, str], ...]] = {
    "overdose": (
        ("Spanish",
            r"sobredosis|no ~(respira|respirar|respiro|respirando|despierta|despertar|despertarl[oa]|reacciona|"
            r"se mueve|contesta)|inconsciente|desmay\w+|convulsion(?!s?\b)\w*|convulsiona\w+|ataque al corazon|"
            r"infarto|dolor ~ pecho|labios ~(morados|azules)|se ~ahog\w+|se (esta )?muri?e\w*(?! de)|me (estoy "
            r"muriendo|voy a morir)|(tom|us|met|inyect|consum)\w+ (demasiad\w+|much\w+ (pastillas|drogas|"
            r"ketamina))|se desplom\w+|llam\w+ ~ambulancia|"
            r"perdio ~conocimiento|no ~siento ~(piernas|cuerpo|brazos)|no ~puedo moverme|me ~drogaron|vomit\w+ "
            r"sangre|sangra\w* mucho"),
        ("French",
            r"surdose|(une|d) overdose|ne ~(respire|reveille|repond|bouge|reagit)( plus| pas)?|respire ~(plus|"
            r"pas|mal)|(peux|arrive) ~pas ~respirer|n ?arrive ~respirer|inconscient\w*|convulse\w*|fait une "
            r"crise|evanoui\w*|levres bleues|crise cardiaque|mal ~ poitrine|douleur ~ poitrine|(pris|prise) trop "
            r"d\w*|reveille (pas|plus)|samu|s etouffe|est en train de mourir|appel\w+ ~ambulance|tombee? dans "
            r"les pommes"),
        ("Portuguese",
            r"nao ~(respira|respirar|respirando|acorda|acordar|acordando|responde|reage|consigo respirar|mexe)|"
            r"(uma|de|teve|tomou) overdose|inconsciente|desmai\w+|convulsion\w{2,}|convulsa\w+|labios ~roxos|dor "
            r"~ peito|tom(ei|ou) ~(demais|muit\w)|ambulancia|infarto|esta morrendo|estou morrendo|enfarte"),
        ("German",
            r"uberdosis|(atmet|atme|atmen) ~(nicht|kaum|schlecht|mehr)|keine luft|bekomm\w* ~luft|(wacht|wach) "
            r"~nicht|nicht ~(aufwachen|ansprechbar|atmen|wach)|bewusstlos\w*|ohnmachtig|krampfanfall|krampft|"
            r"herzinfarkt|brustschmerzen|blaue lippen|lippen ~blau|zu viel ~(genommen|ketamin)|notarzt|"
            r"krankenwagen|reagiert ~nicht|stirbt"),
        ("Polish",
            r"nie ~(oddycha|oddychac|obudzic|budzi|reaguje|moze oddychac|moge oddychac)|przedawkow\w+|"
            r"nieprzytomn\w+|drgawki|zawal|zemdl\w+|sine usta|karetk\w|umiera|bol w klatce"),
        ("Italian",
            r"non ~(respira|respirare|riesco a respirare|si sveglia|svegliare|risponde|reagisce)|(una|in|di) "
            r"overdose|incosciente|svenut\w|convulsion[ie](?!s)\b|labbra blu|infarto|dolore al petto|ambulanza|"
            r"preso troppa"),
        ("Dutch",
            r"ademt ~(niet|slecht|nauwelijks)|niet ~(ademen|wakker|ademhal\w+)|wordt ~niet wakker|overdosis|"
            r"bewusteloos|hartaanval|ambulance bellen|stuiptrek\w+"),
        ("other scripts",
            r"не ~дышит|передоз\w*|не ~просыпается|без сознания|задыха\w+|судорог\w*|умирает|"
            r"没有?呼吸|不能呼吸|呼吸不了|叫不醒|昏迷|"
            r"服药过量|吸?毒过量|过量了|抽搐|لا يتنفس|جرعة زائدة|لا يستيقظ|"
            r"息をして(い)?ない|意識がない|숨을 안 쉬|의식이 없|"
            r"सांस नहीं|बेहोश|"
            r"не ~дихає|не ~прокидається"),
        ("Turkish", r"nefes ~(almiyor|alamiyor\w*)|asiri doz|uyanmiyor|bayildi|kriz geciriyor|bilinci kapali"),
    ),
    "ingestion": (
        ("Spanish",
            r"(hij[oa]s?|bebe|nin[oa]s?|niet[oa]|sobrin[oa]|perr[oa]s?|perrit[oa]|gat[oa]s?|gatit[oa]|"
            r"cachorr[oa]|mascota) ~(se )?(lo |la )?(ha |han )?(trag\w+|comi\w+|tom(o|ado)|beb(io|ido)|lami\w+|"
            r"chup\w+|ingiri\w+|metio|agarro|mordi\w+)"),
        ("French",
            r"(fils|fille|bebe|enfant|gamin|petit|petite|chien|chat|chiot|chaton) ~(a|ont) ~(avale|mange|bu|"
            r"lech\w|pris|suce|ingere|croque)"),
        ("Portuguese",
            r"(filh[oa]|bebe|crianca|menin[oa]|cachorr[oa]|gat[oa]|net[oa]|cao) ~(engol\w+|comeu|tomou|bebeu|"
            r"lambeu|ingeriu|mastigou)"),
        ("German",
            r"(kind|sohn|tochter|baby|kleinkind|hund|katze|welpe|enkel\w*) ~(verschluckt|geschluckt|gegessen|"
            r"gefressen|getrunken|abgeleckt|genommen|gelutscht)"),
        ("Polish", r"(dziecko|syn|corka|niemowle|pies|kot|wnuczka?|wnuk) ~(polkn\w+|zjad\w+|wypi\w+|wzi\w+|liz\w+)"),
        ("Italian",
            r"(figli[oa]|bimb[oa]|bambin[oa]|neonato|cane|gatt[oa]|cucciolo) ~(ha )?(inghiotti\w+|ingoiat\w|"
            r"mangiat\w|bevut\w|leccat\w|ingerit\w|preso)"),
        ("other scripts",
            r"(ребенок|ребёнок|сын|дочь|собака|кошка|малыш) ~(проглотил\w*|съел\w*|выпил\w*)|孩子.{0,8}(吞|误食|吃了)|"
            r"宝宝.{0,8}(吞|误食|吃了)"),
    ),
    "suicide": (
        ("Spanish",
            r"suicidio|suicid(ar|arme|arse|ando|arte|o|arnos)\b|suicida|matarme|matarse|me (quiero|"
            r"voy a) (matar|morir)|se ~(quiere|va a) "
            r"~(matar|morir)|(quiero|quisiera|gustaria|prefiero|quiere) ~(morir|morirme|morirse|estar muert[oa]|"
            r"desaparecer|acabar con todo|dormir y no despertar)|no ~(quiero|quiere) ~(vivir|seguir|estar aqui|"
            r"despertar|existir)|quitar(me|se) la vida|acabar con (mi|su) vida|me corto|me quiero cortar|"
            r"se cort(a|o|aba)\w*|cort(arme|andome|arse)|"
            r"hacerme dano|lastimarme|autolesi\w+|sin ganas de vivir|mejor ~(sin mi|muert[oa])|no vale la pena "
            r"vivir|no ~aguanto mas|para que vivir|ganas de morir|no tengo motivos|mejor si no (existiera|"
            r"estuviera)|me despido de todos|terminar con mi vida|hacerse dano"),
        ("French",
            r"suicider|(pense|penser|envie|idees|pensees) ~suicid\w+|(veux|veut|envie de|voudrais|vais|va|"
            r"prefere) ~(mourir|me tuer|se tuer|en finir|disparaitre|crever)|me tuer|se tuer|plus ~(vivre|envie "
            r"de vivre|etre la)|mettre fin a|mieux sans moi|me faire du mal|me (coupe|mutile|scarifie)|scarif\w+|"
            r"pas envie de (vivre|me reveiller)"),
        ("Portuguese",
            r"suicid(io|ar|a)\b|(quero|queria|vou|quer|vai|vontade de) ~(morrer|me matar|se matar|matar me|"
            r"desaparecer|sumir)|me matar|se matar|nao ~(quero|quer|aguento) ~(viver|mais|acordar|existir)|tirar "
            r"(a )?(minha|propria) vida|acabar com (a )?(minha vida|tudo)|me (corto|cortando|machucar)|melhor "
            r"sem mim|automutil\w+|acabar com a minha vida"),
        ("German",
            r"selbstmord\w*|suizid\w*|(will|mochte|wollte) ~(sterben|tot sein|nicht mehr leben|nicht mehr "
            r"aufwachen|mich umbringen|mich toten|sich umbringen)|(mich|sich) ~(umbring\w+|umzubringen|das "
            r"leben)|nicht mehr leben|nicht mehr da sein|ohne mich besser|besser ~ohne mich|ritze mich|mich "
            r"~(ritze|selbst verletz\w+)|leben beenden|keinen sinn mehr"),
        ("Polish",
            r"(chce|chcial\w*) ~(sie )?(umrzec|zabic|nie zyc)|zabic sie|zabije sie|samoboj\w+|nie chce ~(zyc|sie "
            r"obudzic|istniec)|odebrac sobie zycie|tne sie|okaleczam|skoncz\w+ ze soba|skrzywdzic sie"),
        ("Italian",
            r"(voglio|vorrei|vuole) ~(morire|uccidermi|ammazzarmi|uccidersi|farla finita|sparire)|uccidermi|"
            r"ammazzarmi|togliermi la vita|suicid(io|armi|arsi)|farla finita|non voglio (piu )?(vivere|"
            r"svegliarmi)|mi taglio|farmi del male|meglio senza di me"),
        ("Dutch",
            r"zelfmoord\w*|(wil|ga) ~(dood|niet meer leven|mezelf (doden|wat aandoen)|er een eind)|wil sterven|"
            r"mezelf ~(pijn|snijd\w+|van kant)|beter af zonder mij"),
        ("other scripts",
            r"хочу ~умереть|не хочу ~жить|покончить с собой|покончить ~жизнью|самоубий\w+|убить себя|суицид\w*|"
            r"режу себя|想死|不想活|自杀|自殺|自残|结束生命|死にたい|消えたい|죽고 싶|자살|"
            r"أريد أن أموت|انتحر|الانتحار|اقتل نفسي|मरना चाहत|"
            r"आत्महत्या|хочу ~померти|вбити себе"),
        ("Turkish", r"olmek istiyorum|intihar\w*|kendimi oldur\w+|yasamak istemiyorum"),
    ),
    "withdrawal": (
        ("Spanish",
            r"abstinencia ~ ?(tembl\w+|fiebre|alucin\w+|fuerte|muy|mal|convul\w+)|(deje|dejo|dejado) de ~ "
            r"~(tembl\w+|alucin\w+|fiebre|convuls\w+)|alucinando|veo cosas que no"),
        ("French", r"(arrete|sevrage) ~ ~(tremble\w*|hallucin\w+|fievre|convuls\w+)"),
        ("Portuguese", r"(parei|parou|abstinencia) ~ ~(trem\w+|alucin\w+|febre|convuls\w+)"),
        ("German", r"(entzug|aufgehort|abgesetzt) ~ ~(zitter\w+|halluzin\w+|fieber|krampf\w+)"),
    ),
    "violence": (
        ("Spanish",
            r"me ~(pega|pego|golpea|golpeo|golpe|esta pegando|esta golpeando|amenaza|amenazo|amenazan|amenazando|"
            r"va a matar|quiere matar|maltrata|violo|violaron|viola|abusa|abuso|abusaron|ataco|ahorca|encerro|"
            r"tiene encerrad[oa]|sigue|estrangul\w+|van a matar)|violacion|abuso sexual|encerrad[oa] con|"
            r"(cuchillo|pistola|navaja|arma|machete)|voces ~(dicen|matar|dano)|(quiero|voy a|ganas de) ~(matarlo|"
            r"matarla|matar a|hacerle dano|lastimar a|hacer dano a|pegarle)|matar a (alguien|mi)|(pega|golpea|"
            r"pego|golpeo|mata|amenaza) a mi|tengo miedo de (mi|el)|violencia domestica|miedo ~ ?(mi|a mi) "
            r"(marido|esposo|novio|pareja)"),
        ("French",
            r"(me|m) ~(frapp\w+|battue?|bat|menace|viole|a viole|agresse|a agresse|tape|etrangle|sequestre|va me "
            r"tuer)|veut me tuer|va me tuer|viol(ee?)\b ?(hier|par)?|couteau|pistolet|envie de (le|la|les) tuer|"
            r"tuer quelqu|violences? conjugale\w*|voix ~ ?(dis\w+|tuer)"),
        ("Portuguese",
            r"(me|esta me) ~(bate|bateu|batendo|ameac\w+|estuprou|estupraram|agredi\w+|violentou|espanc\w+|"
            r"trancou)|vai me matar|quer me matar|estupr\w+|com (uma )?(faca|arma)|quero matar (ele|ela|alguem)|"
            r"vozes ~ ?(mand\w+|diz\w+|mat\w+)|violencia domestica"),
        ("German",
            r"(schlagt|bedroht|verprugelt|wurgt|vergewaltigt) ~(mich|uns|meine|mir)|mich ~(geschlagen|schlagt|"
            r"bedroht|vergewaltigt|umbringen will|verfolgt|eingesperrt|toten will)|vergewaltig\w+|mit einem "
            r"messer|messer ~bedroht|(ihn|sie|jemanden) ~(umbringen|toten|verletzen)|stimmen ~ ?(sag\w+|"
            r"befehl\w+)|hausliche gewalt"),
        ("Polish",
            r"(bije|grozi|pobil|zgwalcil\w*|dusi) ~(mnie|mi|nas|matke)|mnie ~(bije|zabije|zgwalc\w+|pobil|dusi)|"
            r"zgwalc\w+|ma noz|z nozem|chce (go|ja|kogos) (zabic|skrzywdzic)|glosy ~ ?(mow\w+|kaz\w+)|przemoc "
            r"domowa"),
        ("Italian",
            r"mi ~(picchia|picchiando|minaccia|ha violentat\w|violenta|aggredi\w+|uccide|ammazza|ha picchiat\w|"
            r"strangola)|(vuole|sta per) uccidermi|violentat\w|stupr\w+|con un coltello|uccidere qualcuno|"
            r"violenza domestica"),
        ("other scripts",
            r"бьет меня|бьёт меня|меня (бьет|бьёт|изнасилов\w+|избил\w*|убьет|душит)|угрожает|изнасилов\w+|с "
            r"ножом|家暴|打我|强奸|要杀我|يضربني|اغتصب"),
    ),
}


def _compile(form: str) -> re.Pattern[str]:
    form = form.replace("~ ", r"(?:\w+[\s',]+){0,3}").replace("~", r"(?:\w+[\s',]+){0,4}").replace(" ", r"[\s',]+")
    # Languages without spaces between words have no word edges to ask for.
    return re.compile(form if re.search(r"[\u3040-\u9fff\uac00-\ud7af]", form) else rf"\b(?:{form})\b")


@cache
def _forms() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Compiled at the first message that is not plain English, so that importing stays cheap."""
    return tuple((kind, f"{tongue} phrase", _compile(form)) for kind, rows in _CRISIS.items() for tongue, form in rows)


# Danger that is long past or in a lesson, in Spanish as letters() folds it.
_LESSON_ES = re.compile(
    r"(?:senales|sintomas) de sobredosis|puede (?:la ketamina )?(?:causar|provocar)|prevencion del suicidio|curso para|"
    r"hace (?:\w+ )?anos|deberian conocer|clase de")


def phrases(folded: str) -> list[tuple[str, str]]:
    """``(kind, "Spanish phrase")`` for every crisis phrase of another language in ``folded``."""
    tokens = set(_WORD.findall(folded))
    if folded.isascii() and not tokens & _FOREIGN and len(tokens & (_ENGLISH - _SHARED)) * 3 > len(tokens):
        return []  # plain English
    found = [(kind, name) for kind, name, form in _forms() if form.search(folded)]
    return [] if found and _LESSON_ES.search(folded) else found


def foreign(folded: str) -> str | None:
    """The name of the language or ``"another script"`` when ``folded`` is clearly not English, else None."""
    signs = [c for c in folded if c.isalpha()]
    other = sum(ord(c) > 0x36F for c in signs)  # beyond Latin letters; Greek in a formula is a letter or two
    if (other > 3 and other * 2 > len(signs)) or (other > 1 and other * 10 > len(signs) * 8):
        return "another script"
    tokens = set(_WORD.findall(folded))
    if not tokens:
        return None
    english = len(tokens & (_ENGLISH - _SHARED))
    name, score = max(((name, sum(token in known for token in tokens)) for name, known in _LANGUAGES.items()),
                      key=lambda pair: pair[1])
    # The drug's name in another tongue and no English word beside it, or two words of another tongue, more of
    # them than of English, and a fair share of the message.
    if english == 0 and len(tokens) > 1 and tokens & _NAMES:
        return name if score else "another language"
    if score >= 2 and score > english and score * 4 >= len(tokens):
        return name
    return None
