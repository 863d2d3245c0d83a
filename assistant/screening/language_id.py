"""A folded text -> the language that it is in, where that is clearly not English. Standard library only.

The search works in English alone, so a message in another language gets fixed words of ours in that language and no
passage. Texts come folded (`wording.letters`): no capitals, no accents. Libraries that tell languages apart took one
short English question in sixteen for another language; these lists take none (docs/decisions.md).
"""

from __future__ import annotations

import re

# The drug's name as other languages write it; "ketamin" is left out, for it is also a slip in English.
_NAMES = frozenset("ketamina cetamina chetamina ketaminy ketaminie ketamiini ketaminu ketamiin esketamina escetamina "
                   "eschetamina esketaminy".split())
UNKNOWN = "und"  # BCP 47 for a language that we cannot name
# BCP 47 -> everyday words that are no English words. Words such as "me", "die", "son", "no" are left out on purpose.
_COMMON = {
    "es":
        "el la los las un una unos del que es esta este esto como cuando donde cuanto cuanta cual por para con sin mas "
        "pero muy yo tu ella nosotros mi su sus se lo le les al y o si puede puedo tengo tiene hay hace ser estar soy "
        "eres estoy estan fue ayuda necesito quiero gracias hola mucho tambien sobre entre desde hasta porque quien dias "
        "anos hijo amigo efectos tratamiento dejar encontrar comprar tomar ketamina dura cuales peligrosa peligroso "
        "secundarios adiccion cuesta mis tus esa ese esos eso ya nada nadie alguien hermano hermana hija madre padre mama "
        "novio novia marido esposa amiga perro creo dice vez otra siento tome tomo pastilla pastillas drogas de en tienen "
        "hablan espanol ellos nosotras sirve contra causar mezclar largo plazo deja vejiga bajon sobredosis despierta "
        "respira respirar ayudo xq hno hna ahora hoy noche ayer casa me morir vivir muerte suicidio nos ni tan asi aun "
        "despues antes mejor estas voy era toda todos cosas algo dormido bano puerta fuera",
    "fr":
        "le la les une des du de est et ou que qui quoi quel quelle quels quelles dans pour avec sans sur ce cette ces je "
        "il elle nous vous ils elles mon ma mes ses pas ne plus au aux tres bien comment combien pourquoi quand peut puis "
        "suis etre avoir fait aide besoin veux jai cest ca en se sont effets traitement vessie longtemps secondaires "
        "dangereux dangereuse prix sa sous chez qu un moi toi lui leur mec pote copain copine soeur frere mere pere fille "
        "fils jen jpeux chui jarrive envie crois dit trop pris prise depuis hier soir jours ans mais deja encore toujours "
        "rien personne urines temps cachet lalcool dalcool bonjour salut merci francais parlez contre marche coute "
        "perfusion arreter trouver eviter lair ouvert veines respire respirer mourir vivre tout tous toute quelque comme "
        "jamais voir dire faut peux veut ont etait avait partout yeux devant porte bouche petit petite medecin seance "
        "conduire bizarre",
    "pt":
        "o os as um uma dos das do da que e ou em nas para por com sem mais mas muito eu voce ele ela nos meu minha seu "
        "sua nao sim como quando onde quanto qual quais pode posso tenho tem ha ser estar esta estou foi ajuda preciso "
        "quero obrigado cetamina ketamina tratamento perigosa colaterais vicia efeitos sobre ate porque quem dura na pra "
        "pro ta tava pq vc vcs voces mto ja faz fazer bexiga depois antes acho irmao irma mae pai filho filha amigo amiga "
        "namorado namorada marido mulher cachorro comeu tomei tomou usei usar parar parei beber dias anos tempo fica "
        "urina custa socorro tendo passando respirar respirando acorda morrer viver algo alguem ninguem mim de novo "
        "efeito sintomas ola falam portugues brasil grupo apoio isso esse essa aqui tudo nada nunca sempre bem ruim hoje "
        "ontem agora diz disse sei vai vou era porta casa banheiro gelado toda olhos boca bebe medico receita sessao "
        "dirigir pais",
    "de":
        "der das den dem ein eine einen einem einer und oder ist sind nicht kein keine ich du er sie wir ihr mein meine "
        "dein sein mit ohne fur auf aus bei nach von zu zum zur wie wann wo warum wer welche wird kann konnen habe hat "
        "haben bin bist wenn aber auch noch sehr mehr hilfe brauche ketamin therapie kosten nebenwirkungen wirkung sucht "
        "abhangig gefahrlich wirkt lange behandlung im ins uber gegen hab mich mir dich dir uns sich es wurde soll viel "
        "zuviel tun freund freundin kumpel bruder schwester mutter vater tochter hund jemand niemand etwas heute gestern "
        "seit tagen jahren luft atmet blase schlecht macht hilft darf gibt man einfach schon immer wieder leben sterben "
        "nur dass weil komisch liegt am boden anzeichen sprechen deutsch komme los fahren mischen kostet meinem meinen "
        "meiner deinen kleine kleiner ganzen augen korper wach bekomme dann jetzt alles nichts anders damit darum euch "
        "ihm ihn ihnen werden wurden waren sagt weiss geht steht trinkt seht sieht wand tur bett zittert mama hort gleich "
        "nacht arzt antwortet unterschied",
    "pl":
        "jest sie nie na za po od ze czy jak kiedy gdzie ile dlaczego kto co dla przez przed bez bardzo moj moja ja ty on "
        "ona my wy oni mam masz ma moze moge chce prosze pomoc pomocy dlugo dziala ketamina ketaminy uzaleznienie "
        "uzaleznia skutki uboczne czym jakie jaki lub oraz ale tak leczenie juz mnie mi jej jego nim ktos nic chyba wzial "
        "wziela wzialem wzielam brat siostra matka ojciec mama tata syn corka chlopak dziewczyna kumpel kolega maz zona "
        "pies dni temu lat zyc sobie soba domu usta oddycha mozna brac przestac sa do z tego alkohol pecherz niszczy "
        "objawy kosztuje pomaga mysli legalna wykrywalna moczu mowicie polsku ketamine znowu dosc trwa sesja oczami cala "
        "caly lekarz nasz nam nas mu byl byla bylo jestem bedzie twoj tylko wszystko teraz dzisiaj dzis wczoraj tam "
        "dobrze zle zimny podlodze scianie drzwiami nozem serce zaraz daje rady",
    "it":
        "il lo la gli le un una uno dei delle della del di che e o non si per con senza piu ma molto io tu lui lei noi "
        "mio mia suo sua come quando dove quanto quale quali perche chi puo posso ho ha hanno sono sei essere stato aiuto "
        "voglio ketamina effetti collaterali pericolosa dipendenza sulla sul nella nel questo questa cosa sugli dura mi "
        "ti amico amica fratello sorella figlio figlia respira preso prendere smettere",
    "nl":
        "de het een en of niet geen ik jij hij zij wij mijn jouw zijn haar met zonder voor op uit bij naar van hoe "
        "wanneer waar waarom wie welke wat kan kunnen heb heeft hebben ben bent als maar ook nog zeer meer hulp wordt "
        "gevolgen werkt lang blaas je blijft duurt dagen verslavend",
    "tr":
        "bir ve mi mu bu ne nasil neden icin ile var yok ben sen cok daha ama degil olan gibi kadar ketamin yapar midir "
        "bagimlilik nedir eder olur yardim",
    "da no sv":
        "og och er ar ikke inte jeg jag du han hun hon det den som med for til till av fra fran hvor hvordan hur hva vad "
        "hvad nar kan skal har om pa vi ni min mitt lenge lange ketamin",
    "cs ro sk":
        "je to na se si jak kdy kde proc ktery byl jsem jsi jsme neni pro pri nebo ale este alebo sa ako kedy preco cum "
        "unde cand sunt nu pentru cu din mai foarte sau ajutor ketamina",
    "id tl":
        "yang dan di ke dari untuk dengan ini itu tidak apa bagaimana berapa kapan saya kamu dia ada bisa akan ang ng sa "
        "mga ako ikaw siya ay hindi ano paano saan po ko mo ketamin",
    "vi":
        "cua la khong toi ban nguoi co cho voi nhu the nao bao lau nay duoc trong mot nhung bi ketamin",
    "fi hu":
        "az egy es nem hogy van mit mikor hol mennyi ideig meg vagy de ez hogyan ja on ei se etta mika miten kuinka kauan "
        "olen hanen ovat mutta ketamiini ketamin",
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
CODES = tuple(_COMMON)  # of the languages that are told apart
_LANGUAGES = {code: frozenset(text.split()) - _ENGLISH for code, text in _COMMON.items()}
_WEIGHTS: dict[str, float] = {}  # a word that many of these languages have says little about which one it is
for _known in _LANGUAGES.values():
    for _word in _known:
        _WEIGHTS[_word] = 1 / sum(_word in known for known in _LANGUAGES.values())
_WORD = re.compile(r"[^\W\d_]+")


def is_plain_english(folded: str) -> bool:
    """Whether ``folded`` holds no word of another language and enough English ones."""
    tokens = set(_WORD.findall(folded))
    return folded.isascii() and tokens.isdisjoint(_WEIGHTS) and len(tokens & (_ENGLISH - _SHARED)) * 3 > len(tokens)


def is_mixed(folded: str) -> bool:
    """Whether ``folded`` holds two English words or more, whatever else it is in. "i" is none: it is Polish for "and"."""
    return len(set(_WORD.findall(folded)) & (_ENGLISH - _SHARED - {"i"})) >= 2


def language(folded: str) -> str | None:
    """The BCP 47 code of the language when ``folded`` is clearly not English, ``"und"`` for one without a name here, else None.

    >>> language("como dejar la ketamina"), language("how to quit ketamina")
    ('es', None)
    """
    signs = [c for c in folded if c.isalpha()]
    other = sum(ord(c) > 0x36F for c in signs)  # beyond Latin letters; Greek in a formula is a letter or two
    if (other > 3 and other * 2 > len(signs)) or (other > 1 and other * 10 > len(signs) * 8):
        return UNKNOWN
    tokens = set(_WORD.findall(folded))
    english = len(tokens & (_ENGLISH - _SHARED))
    likest = max(_LANGUAGES, key=lambda code: sum(1 + _WEIGHTS[token] for token in tokens & _LANGUAGES[code]))
    held = len(tokens & _LANGUAGES[likest])
    # The drug's name in another tongue and no English word beside it, or two words of another tongue, more of
    # them than of English, and a fair share of the message.
    if (english == 0 and len(tokens) > 1 and tokens & _NAMES) or (held >= 2 and held > english and held * 4 >= len(tokens)):
        return likest if held and " " not in likest else UNKNOWN
    return None
