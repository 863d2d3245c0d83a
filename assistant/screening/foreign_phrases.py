"""A folded text -> crisis phrases of languages other than English. Standard library only.

    text --slang--> danger ----------------------------> kind
              \\---> a mention, unless lesson or past ---> kind

Danger in plain words ("no respira") always counts. A word that names a danger ("sobredosis") is left out where it is
asked about, told of as long past, or taught, unless the message is about now. When in doubt, it counts. `~` stands for up
to four words, `~~` for up to twelve, a space for any gap between two words, and a space with "?" for a gap that may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from assistant.screening.language_id import is_plain_english, language


@dataclass(frozen=True)
class Tongue:
    """What people in danger write in one language; forms are regular expressions over folded text."""

    code: str  # BCP 47
    name: str
    danger: Mapping[str, str]  # kind -> form
    mention: Mapping[str, str] = field(default_factory=dict)
    lesson: str = ""
    past: str = ""
    now: str = ""
    slang: str = ""  # typed form, plain form, typed form, ...; "_" is a space


TONGUES = (
    Tongue(
        "es", "Spanish",
        {
            "overdose":
                r"no (se |me |le |la |lo |nos )?~(respira\w*|despiert\w+|despertar\w*|reaccion\w+|se mueve|abre los ojos)|"
                r"no hay (manera|forma) de ~(despert\w*|levant\w*|reaccion\w*|mover\w*)|imposible ~(despertar\w*|"
                r"levantar\w*)|no (se |lo |la )(levanta|logro (despertar|levantar))|no da senales|en coma\b|ojos ~(blanco|"
                r"virados|volteados|idos|para atras)|voltea\w* ~ojos|tiembla ~(todo|toda|cuerpo|entero|entera)|temblando "
                r"~(todo|toda|cuerpo)|(esta|estan|muy|todo|toda) (helad[oa]|frio y no|fria y no)|ronca\w* ~(rar\w+|fuerte|"
                r"feo)|gorgote\w+|pulso ~(debil|no )|no ~pulso|sin (despertar\w*|reaccionar|respirar|pulso|conocimiento)|"
                r"casi no (respira\w*|se mueve)|apenas (respira\w*|reaccion\w+)|respir\w+ ~(rar[oa]|mal|poco|lent[oa]|"
                r"despacio|fuerte|raro|agitad[oa])|cuesta ~respirar|falta(ndo)? ~aire|ronc\w+ ~rar\w+|inconsciente(?! "
                r"colectivo)|desmay(?!os? comun)\w+|convulsiona\w+|(tiene|tuvo|teniendo|le di[oe]ron|le dan|le dio|con) "
                r"~convulsion\w*|ataque al corazon|(dolor|duele|aprieta|presion|opresion) ~ ?pecho|pecho ~(duele|aprieta|"
                r"cierra)|(labios|cara|dedos|unas) ~(morad\w+|azul\w*)|(esta|estan|puesto|pone|poniendo|quedo) ~(morad[oa]|"
                r"azul)|espuma ~boca|echa\w* espuma|se ~ahog\w+|se (esta )?(muriendo|muere)(?! de)|me (estoy muriendo|voy a "
                r"morir)|(tom|us|met|inyect|consum|esnif|trag)\w+ ~ ?(demasiad\w+|de mas|much\w+ (pastillas|drogas|ketamina|"
                r"keta)|todas (sus|las|mis) pastillas)|(me|se) (he |ha )?(pase|paso|pasado) (con|de) ~(keta\w*|k|dosis|"
                r"drogas?|pastillas?|coca|rayas?|polvo)|se me fue la mano|corazon ~(parar|para|explotar|a mil|reventar|"
                r"salir|sale)|(parar|explotar|salir) ~ ?corazon|(desplom\w+|desvanec\w+|colaps(o|ado))|tirad[oa] ~(piso|"
                r"suelo)|perdi\w* ~conocimiento|(llam\w+|pid\w+) ~ambulancia|no (puede|puedo) ~(moverme|moverse|mover|"
                r"hablar|ponerse de pie|levantarse)|no siento ~(piernas|cuerpo|brazos?|manos)|no ~puedo moverme|(me|la|lo) "
                r"~drogaron|(echaron|echo|pusieron|puso|metieron|metio|han echado|han puesto) ~ ?algo ~(bebida|copa|vaso|"
                r"trago)|vomit\w+ ~sangre|sangra\w* mucho|vomit\w+ ~ ?(dormid\w|sin parar)|(cara|boca) ~(torcida|caida|"
                r"dormida)|habla\w* ~(raro|enredado|arrastrando)|no sabe ~(donde|quien) ~?(esta|es)|(todas|caja|frasco|"
                r"blister|bote) ~pastillas|(4[0-2]) ~fiebre|ardiendo ~fiebre|no se ~(tiene|sostiene|mantiene|para) ~?pie|"
                r"babe(a|ando)\b|(esta|quedo|quedado) ~(ido|ida|ausente)|ojos ~abre|(pus\w+|ech\w+|met\w+) ~(droga|pastilla|"
                r"polvo) ~(bebida|copa|vaso|trago)|convulsion[oa]\w*|^(ayuda |creo que (es |tuvo )?)?(una )?sobredosis( "
                r"ayuda| que hago)?$",
            "ingestion":
                r"(hij[oa]s?|hijit[oa]|bebe|nin[oa]s?|nen[ea]s?|niet[oa]|sobrin[oa]|perr[oa]s?|perrit[oa]|gat[oa]s?|"
                r"gatit[oa]|cachorr[oa]|mascota|peque) ~(se )?(lo |la )?(ha |han )?(trag\w+|comi(o|do|eron)|tom(o|ado|aron)|"
                r"beb(io|ido)|lami\w+|chup\w+|ingiri\w+|meti(o|do)|agarr(o|ado)|mordi\w+)",
            "suicide":
                r"(quier\w+|quisier\w+|voy a|va a|van a|vamos a|pensando|pensado|pense|penso|pienso|piensa|ganas de|dese\w+|"
                r"amenaz\w+|planea\w*|decidi\w*|hora de|forma de|manera de) ~ ?(suicid\w+|matar(me|se)\b|quitar(me|se) la "
                r"vida)|me (quiero|voy a|quisiera) (matar|morir|colgar|ahorcar|tirar|lanzar|ir de este mundo)|se ~(quiere|"
                r"va a|quiso) ~(matar|morir|suicidar|tirar|lanzar|colgar|ahorcar|quitar la vida)|(quiero|quisiera|gustaria|"
                r"prefiero|quiere|ganas de) ~(morir|morirme|morirse|estar muert[oa]|desaparecer|acabar con todo|dormir y no "
                r"despertar|no despertar)|no ~(quiero|quiere) ~(vivir|seguir viv\w+|seguir asi|seguir adelante|estar aqui|"
                r"despertar|existir)|(acabar|terminar) con (mi|su) vida|me (corto|cort[eo]|quiero cortar|sigo cortando)|"
                r"cort(arme|andome|arse|andose)|se cort(a|o|aba)\b ~ ?(brazos?|munecas?|venas|piernas)?|me estoy cortando|"
                r"se esta cortando|hacer(me|se) dano|lastimar(me|se)|autolesi\w+|sin ganas de vivir|mejor ~sin (mi|el|ella)|"
                r"mejor ~muert[oa]|no vale la pena vivir|no ~aguanto mas|no puedo mas(?! con (el|la|los|las) (papel|trabajo|"
                r"calor|trafico|tarea|ruido|examen)\w*)|para que (vivir|seguir)|(mensaje|nota|palabras) de (adios|"
                r"despedida)|no vale la pena (seguir|vivir|nada)|se acab[ae] (mi vida|todo)|(harto|harta|cansad[oa]|canse) "
                r"de (todo|vivir|la vida|mi vida|existir)|ser una carga|soy una carga|no tengo motivos|mejor si no "
                r"(existiera|estuviera)|(me |se )(despido|despidio|despide)|despidiendo(se|me)|(termin|acab)\w+ con todo|se "
                r"acaba todo|carta ~(despedida|para mis|a mis)|nadie ~(extran\w+|echar\w* de menos|notar\w*|importo)|perdon "
                r"por todo|cuid(en|a|ad|e) (a|de) (mi|mis|los ninos|su)\b|pensando en (el suicidio|morir|quitarme)|(tengo|"
                r"tiene|tenia) ~(pensamientos|ideas) ~(suicidas|muerte|morir|suicidio)|(tengo|tiene|lista|preparad\w+) "
                r"~(pastillas|soga|cuerda|cuchilla) ~(mano|list\w+|preparad\w+|delante)|cortar\w* las venas|(vida|nada) "
                r"~?(no )?tiene sentido|se (mata|mato) si|nadie ~(falta|llor\w+)|(hoy|esta noche) me despido|miedo de "
                r"~(hacerme|pueda hacer|puedo hacer|mi mism[oa])",
            "withdrawal":
                r"(dej\w+|sin tomar|sin beber|quede sin|corte|quito|par[eo] de) ~~(tembl\w+|alucin\w+|fiebre|convuls\w+|ve "
                r"(cosas|bichos|animales|gente)|veo (cosas|bichos|sombras|gente)|delira\w*|no sabe donde)|(temblores|"
                r"alucin\w+|convuls\w+|delir\w+|veo cosas|ve bichos) ~~(dej\w+|sin beber|sin tomar|abstinencia)|(ve|veo|"
                r"viendo|vio) ~(aranas|bichos|sombras|cucarachas|insectos|animales ~pared)|abstinencia ~ ?(tembl\w+|fiebre|"
                r"alucin\w+|fuerte|muy|mal|convul\w+)|alucinando|veo cosas que no|ve bichos|\bel mono ~~(tiembl\w+|vomit\w+)",
            "violence":
                r"me ~(pega|pego|golpea|golpeo|esta pegando|esta golpeando|amenaza|amenazo|amenazan|amenazando|va a matar|"
                r"quiere matar|maltrata|violo|violaron|viola|abusa|abuso|abusaron|ataco|ahorca|encerro|tiene encerrad[oa]|"
                r"persigue|estrangul\w+|van a matar|quema\w* la casa)|(abus(o|aron)|violar?on?) ~ ?de (mi|ella|el)\b|"
                r"encerrad[oa] (con|en)|escondid[oa] ~(bano|cuarto|casa|closet|armario|el|mi)|(esta|estan) (golpeando|"
                r"pegando|pegandole|apunalando|estrangulando)|con (un|una) (cuchillo|pistola|navaja|machete|arma)|tiene (un|"
                r"una) (cuchillo|pistola|navaja|machete|arma)|voces ~(dicen|matar|dano)|(quiero|voy a|ganas de) ~(matarlo|"
                r"matarla|matar a|hacerle dano|lastimar a|hacer dano a|pegarle)|matar a (alguien|mi)|(pega|golpea|pego|"
                r"golpeo|mata|amenaza) a (mi|su|la|los)|tengo miedo de (mi|el)|miedo ~ ?(mi|a mi) (marido|esposo|novio|"
                r"pareja)|no me ~(deja|suelta)( salir| ir| en paz)?|quiere matarnos|nos ~(matar|quemar|pega)|la suelte|me "
                r"(obliga|fuerza) a|me (esta|estan) siguiendo|(me|la|lo) ~(agarr\w+|apret\w+|tiene) ~cuello|cuello "
                r"~(agarr\w+|apret\w+)",
        },
        {
            "overdose": r"sobredosis|overdose|convulsion\w*|infarto|se me paso la mano|no ~(me |nos )?(responde|contesta)(?! "
                r"~(telefono|celular|movil|llamadas?|mensajes?|whatsapp|correo))",
            "suicide": r"suicid\w+|matar(me|se)|quitar(me|se|nos) la vida|autolesion\w*",
            "violence": r"violacion|abuso sexual|violencia (domestica|de genero)|maltrato",
            "withdrawal": r"delirium tremens",
        },
        lesson=r"que es|que son|cual\w* (es|son)|sintomas|signos|senales|pued\w+ ~(causar|provocar|producir|dar|haber|morir|"
            r"tener|sufrir)|se puede|prevenir|prevencion|evitar|riesgo|trabajo (de|del|para)|de clase|cursos?|estudi\w+|"
            r"tesis|instituto|universidad|articulos?|pelicula|novela|muertes|ideas suicidas|pensamientos suicidas|"
            r"diferencia|primeros auxilios|si alguien|medic[oa]|doctora?|psiquiatra|terapeuta|clinica|seguro|autoridades|"
            r"charla|cartel",
        past=r"hace (\w+ )?(anos|meses|decadas)|murio (de|por)|fallecio|cuando era (nin[oa]|joven)|anos atras",
        now=r"ahora|ayuda|socorro|urgente|esta noche|tengo|me acabo|acab(a|o) de|creo que|mi \w+ (tiene|esta|le dio)|le "
            r"(dio|esta dando)|hoy no|no se que hacer|que hago",
        slang=r"q que xq porque pq porque x por toy estoy ta esta tan estan tas estas hno hermano hna hermana bb bebe xfa "
            r"por_favor porfa por_favor aki aqui kiero quiero kiere quiere komo como",
    ),
    Tongue(
        "fr", "French",
        {
            "overdose":
                r"(ne |n ?)~(respire|reveille|bouge|reagit|arrive ~respirer)\w*( plus| pas)?|(respire|reveille|bouge|"
                r"reagit) ~(plus|pas)\b|respire ~(mal|bizarre\w*|lentement|a peine|difficilement|fort)|(peux|peut|arrive|"
                r"arrives|arriv\w+) ~(pas|plus) ~(respirer|reveiller|bouger|parler)|mal a respirer|du mal a respirer|manque "
                r"d ?air|inconscient\w*|convuls(e|ent|er|ait|ions)\b|fait une crise|fait un malaise|evanoui\w*|(levres|"
                r"visage|doigts) ~ ?bleu\w*|(est|devient|devenue?) ~(toute? |tout )?bleue?|tombee? dans les pommes|s "
                r"?ecroule\w*|ecroulee?|crise cardiaque|(mal|douleur) ~ ?poitrine|c(oe|œ)ur ~(lache|exploser|s ?arrete|"
                r"arrive|bat trop)|(pris|prise|prend) ~trop( d\w*)?|trop (pris|tape|sniffe)|samu|s ?etouffe|impossible de "
                r"~(reveiller|bouger|faire bouger|lever)|yeux ~(revulses|blancs|retournes|exorbites)|tremble ~partout|"
                r"ronfle ~(bizarre\w*|fort|drole\w*)|rale\b|(est|toute?|tout) (glacee?|froide? et)|pouls ~(faible|plus|pas)|"
                r"plus de pouls|vomi\w* ~ dort|dort ~ vomi\w*|(est en train de|va|vais) (mourir|crever|y passer)(?! (de|d) "
                r"?(rire|faim|soif|honte|chaud|froid|envie|curiosite|ennui))|appel\w+ ~ambulance|par terre ~(plus|pas)|"
                r"bave\w* ~ ?(mousse|bouche)|mousse ~ ?bouche|sens ~(plus|pas) ~(jambes|bras|mains|corps)|(drogue|droguee?) "
                r"~ ?(insu|verre)|mis ~(quelque chose|truc|qqch) ~ ?(verre|boisson)|vomi\w* ~ ?(sang|s ?arrete|arrete pas)|"
                r"visage ~(paralyse|tombe|deforme)|sait plus (ou|qui) (il|elle) est|(toute la boite|boite entiere|tous (ses|"
                r"mes|les) (medocs|medicaments|cachets|comprimes))|(4[0-2]) ~fievre|brulante?s? de fievre|tient plus "
                r"(debout|sur)|\bbave\b|completement (ailleurs|partie?)|(ouvre|ouvr\w+) (plus|pas) (les|ses) yeux|(mis|met|"
                r"verse) ~(truc|drogue|cachet|chose) ~(verre|boisson)|(4[0-2]) ~degres",
            "ingestion":
                r"(fils|fille|bebe|enfant|gamine?|petite?|loulou|nourrisson|neveu|niece|chien(ne)?|chat(te)?|chiot|chaton) "
                r"~((a|ont|vient d) )?~?(avale|mange|bu|lech\w+|suce|ingere|croque|bouffe|gobe|mis ~ ?(dans|a) (sa|la) "
                r"bouche|pris (un|une|mon|ma|mes|le|la|les|de))\b",
            "suicide":
                r"suicider|(pense|penser|envie|ai des|a des|mes) ~ ?(idees|pensees|suicide|suicidaires?|noires)|(veux|veut|"
                r"envie de|envie d ?|voudrais|vais|va|prefere|prefererais) ~(mourir|me tuer|se tuer|en finir|disparaitre|"
                r"crever|plus vivre|me pendre|sauter)|(penser?|idee|besoin) ~ ?(a |de )?(me|se) tuer|se tuer|raison de "
                r"(vivre|continuer)|vais (sauter|me jeter|le faire)|lettre d ?adieu|message d ?adieu|dit adieu|(marre|"
                r"fatiguee?|lasse?) de (vivre|la vie|tout)|suis un poids|plus ~(vivre|envie de vivre|etre la|envie de rien)|"
                r"mettre fin a|(mieux|mieux) ~sans (moi|lui|elle)|me faire du mal|se faire du mal|me (coupe|mutile|scarifie|"
                r"taillade)|se (coupe|mutile|scarifie|taillade)\b|scarif\w+|pas envie de (vivre|me reveiller)|(foutre|"
                r"mettre) en l ?air|ouvert? les veines|couper les veines|en peux plus|peux plus continuer|adieu a tous|"
                r"lettre d ?adieu|personne ~(remarqu\w+|manquer\w*)|a quoi bon (vivre|continuer)|(medocs|medicaments|"
                r"cachets|corde) ~ ?(devant moi|dans la main|prets?)|mieux morte?|idees? noires|plus (de|aucun) sens|sert "
                r"plus a rien de vivre|dis adieu|manquer\w* (a|de) personne|manque a personne|peur de ce que je ~faire|peur "
                r"de moi meme",
            "withdrawal":
                r"voi[ts] ~ ?(ombres|araignees|betes|insectes|cafards)|plus de (valium|xanax|alcool) ~~(tremble\w*|sueur|"
                r"ombres|convuls\w*)|(arrete\w*|sevrage|sans alcool|sans boire|manque) ~~(tremble\w*|hallucin\w+|fievre|"
                r"convuls\w+|delir\w+|voi[ts] des (trucs|choses|betes))|(tremble\w*|hallucin\w+|convuls\w+|delir\w+) "
                r"~~(arrete|sevrage|manque)",
            "violence":
                r"(me|m) ~(frapp\w+|battue?|bat|menace\w*|viole\w*|a viole\w*|agresse\w*|a agresse\w*|tape\w*|etrangle\w*|"
                r"sequestre\w*|enferme\w*|va me tuer|a drogue\w*|cogne)|(veut|va|vont|menace) ~(de )?me (tuer|frapper|"
                r"buter)|violee?s?\b ~ ?(hier|par|moi|elle)|(a|est|ete|etre) violee?|(a|avec|sort) (un|son|le) (couteau|"
                r"pistolet|flingue|arme|fusil)|envie de (le|la|les) tuer|tuer quelqu|(frappe|tape|bat|menace) (ma|mon|sa|"
                r"mes|ses|les) |voix ~ ?(disent|dis|tuer)|(cachee?|enfermee?|planquee?) ~ ?(salle de bain|toilettes|chambre|"
                r"placard|de lui)|me laisse (pas|plus) (sortir|partir)|m ?oblige a|me force a|me suit(?! bien)\b|(m ?a|me|l "
                r"?a|ma) ~(attrap\w+|serr\w+|pris\w*) ~(gorge|cou)\b",
        },
        {
            "overdose": r"overdose|surdose|convulsions?|infarctus|coma\b|(repond|reponds) ~(plus|pas)(?! (au telephone|a mes "
                r"messages))",
            "suicide": r"suicid\w+|automutilation",
            "violence": r"violences? conjugale\w*|un viol\b|couteau",
            "withdrawal": r"delirium tremens",
        },
        lesson=r"qu ?est ce|c ?est quoi|quels? sont|quelles? (sont|est)|signes?|symptomes?|peut on|peut (il|elle)|est ce qu\w*|"
            r"pe(ut|uvent) (provoquer|causer|donner|faire)|prevenir|prevention|eviter|risques?|cours|expose|memoire|these|"
            r"etudes?|article|film|roman|idees suicidaires|pensees suicidaires|difference|premiers secours|formation|contre "
            r"les|si quelqu un|medecin|docteur|psychiatre|psy|clinique",
        past=r"il y a (\w+ )?(\w+ )?(ans|mois|annees)|mort(e|s)? (d ?|d une |par )|decede\w*|quand j ?etais|annees? derniere",
        now=r"aidez|a l aide|besoin d aide|aide moi|secours|maintenant|urgence|ce soir|vite|je crois|fait une od|il fait|"
            r"elle fait|mon \w+ (fait|a|est)|ma \w+ (fait|a|est)|je fais quoi|que faire|en train",
        slang=r"jai j_ai jarrive j_arrive jen j_en jsuis je_suis chui je_suis chuis je_suis jveux je_veux jpeux je_peux jvais "
            r"je_vais jme je_me jte je_te ya il_y_a qqn quelqu_un mnt maintenant ke que pa pas plu plus cest c_est quelle "
            r"qu_elle lair l_air ma m_a ta t_a dune d_une lalcool l_alcool dalcool d_alcool quon qu_on od overdose mec "
            r"copain",
    ),
    Tongue(
        "pt", "Portuguese",
        {
            "overdose":
                r"nao ~(respira|respirar|respirando|acorda|acordar|acordando|reage|consigo respirar|mexe|se mexe|abre os "
                r"olhos)|nao (se )?(levanta|acorda)|nao tem como acordar|sem reacao|(revir|vir)\w+ ~olhos|olhos "
                r"~(revirad\w+|virad\w+|branc\w+)|trem\w+ ~ ?tod[oa]\b|tod[oa] tremendo|ronca\w* ~(estranho|alto|esquisito)|"
                r"(esta|todo|toda|muito) gelad[oa]|em coma\b|sem pulso|pulso ~frac\w|vomit\w+ ~ ?dormindo|respira\w* ~(mal|"
                r"estranho|devagar|fraco|pouco|dificuldade)|mal (respira|consegue respirar)|falta de ar|sem (ar|respirar|"
                r"pulso)\b|sufoc\w+|(teve|tomou|tendo|tive|sofreu) ~ ?overdose|inconsciente|desmai\w+|desacordad\w+|"
                r"convulsionando|(esta|tendo|teve|tem|entrou em|com) ~ ?(convuls\w+)|(labios?|boca|rosto|dedos) ~rox\w+|"
                r"(esta|ficou|ficando) ~(rox[oa]|azul)|dor ~ ?peito|peito ~(doendo|doi|apertad\w+)|(tomei|tomou|cheirei|"
                r"cheirou|usei|usou|injetei|engoli|engoliu) ~(demais|muit[oa]s?|tudo|todos)|exager(ei|ou)|passei (mal|do "
                r"ponto)|passando mal|ambulancia|samu|infarto|enfart\w+|(esta|estou|vai|vou) ~morre(ndo|r)(?! de (?!dor|"
                r"overdose))|espuma\w* ~ ?boca|espumando|coracao ~(disparad\w+|acelerad\w+|parando|parar|explodir)|caiu "
                r"~(chao|duro) ~ ?nao|nao responde ~ ?(chao|caid\w)|nao sinto ~(pernas|bracos|corpo|maos)|nao consigo (me "
                r"mexer|falar|mexer)|(colocaram|botaram|puseram) ~ ?algo ~(bebida|copo)|me doparam|vomitando sangue|(rosto|"
                r"boca) ~?tort[oa]|fala\w* ~enrolad\w|nao sabe ~(onde|quem) ~?(esta|e)|(cartela|caixa|todos os) ~(remedios?|"
                r"comprimidos?)|(4[0-2]) ~febre|queimando de febre|babando|fora do ar|nao (para|fica|consegue ficar) em pe|"
                r"nao abre ~olhos?|(colocaram|botaram|puseram|jogaram) ~ ?(algo|droga|remedio|coisa) ~(bebida|copo|drink)",
            "ingestion":
                r"(filh[oa]s?|filhinh[oa]|bebe|crianca|menin[oa]|cachorr[oa]s?|cachorrinh[oa]|gat[oa]s?|net[oa]|sobrinh[oa]|"
                r"cao|cadela|nenem) ~(engol\w+|comeu|tomou|bebeu|lambeu|ingeriu|mastigou|chupou|(colocou|botou|pos) ~ ?na "
                r"boca|pegou)",
            "suicide":
                r"suicidar|(quero|queria|vou|quer|vai|vontade de|pensando em|penso em) ~(morrer|me matar|se matar|matar me|"
                r"desaparecer|sumir|me jogar|se jogar|me enforcar|nao existir)|me matar|se matar|nao ~(quero|quer|aguento|"
                r"aguenta) ~(viver|mais|acordar|existir|estar aqui)|tirar (a )?(minha|propria|sua) (propria )?vida|acabar "
                r"com (a )?(minha vida|tudo|vida)|me (corto|cortando|cortei|machucar|machuco|mutil\w+)|se (cortando|corta|"
                r"cortou|mutila\w*)|melhor ~sem mim|automutil\w+ ~ ?(me|minha|meu)|ninguem ~(sentir\w* (a )?(minha )?falta|"
                r"notar)|carta de despedida|despedindo|se despediu|(cansei|cansad[oa]) de (viver|tudo|existir)|hoje (tudo "
                r")?acaba|acaba hoje|nao vale a pena (viver|continuar)|(sou|ser) um peso|(tenho|tem) ~(pensamentos|ideias|"
                r"ideacao) suicida\w*|nao tenho ~(motivo|razao) ~viver|(pra|para) que (viver|continuar)|(comprimidos|"
                r"remedios|corda) ~ ?(na mao|na minha frente|prontos?)|cortar os pulsos|vou (acabar|terminar) com|(vida|"
                r"nada) ~?(nao )?(tem|faz) ~?sentido|(hoje )?me despeco|ninguem ~(falta|chorar)|medo ~ ?(fazer|faca) comigo",
            "withdrawal":
                r"(ve|vendo|vejo) ~(bichos?|aranhas?|sombras?|vultos?|insetos?)|(parei|parou|abstinencia|sem beber|sem o "
                r"remedio|largou|larguei) ~~(trem\w+|alucin\w+|febre|convuls\w+|vendo (coisas|bichos|gente)|delir\w+)|"
                r"(trem\w+|alucin\w+|convuls\w+) ~~(abstinencia|parei|parou)",
            "violence":
                r"me ~(bate|bateu|batendo|ameac\w+|estuprou|estupraram|agred\w+|violentou|espanc\w+|trancou|enforc\w+|"
                r"abusou|abusaram|persegue)|(vai|quer|disse que vai) me matar|estuprad\w+|(fui|foi) (violentad\w+|"
                r"abusad\w+)|com (uma )?(faca|arma)|tem (uma )?(faca|arma)\b|quero matar (ele|ela|alguem)|(bate|bateu|"
                r"batendo) (em mim|na minha|na mae|nos)|vozes ~ ?(mand\w+|diz\w+|mat\w+)|nao me deixa (sair|ir)|(trancad\w+|"
                r"escondid\w+) ~ ?(banheiro|quarto|casa)|medo (do meu|de voltar|dele)|me (obriga|forca) a|me seguindo|"
                r"(segurou|agarrou|apertou|pegou) ~pescoco",
        },
        {
            "overdose": r"overdose|convuls\w+|nao (me )?responde(?! ~(mensagens?|telefone|zap|whatsapp))",
            "suicide": r"suicid\w+|automutil\w+",
            "violence": r"violencia domestica|estupro\w*|abuso sexual",
            "withdrawal": r"delirium tremens|abstinencia grave",
        },
        lesson=r"o que e|o que sao|quais? (e|sao|os|as)|sintomas|sinais|pode(m)? ~(causar|dar|provocar|ter|morrer|levar|haver)|"
            r"da overdose|prevenir|prevencao|evitar|riscos?|trabalho (de|da|para)|aula|curso|estudos?|tcc|faculdade|escola|"
            r"artigos?|filme|livro|pensamentos suicidas|ideacao suicida|diferenca|primeiros socorros|se alguem|mortes|"
            r"contra|medic[oa]|doutora?|psiquiatra|terapeuta|clinica|receita|convenio",
        past=r"(ha|faz) (\w+ )?(anos|meses)|anos atras|morreu (de|por)|faleceu|quando eu era|decadas",
        now=r"ajuda(?!r? com)|socorro|agora|urgente|hoje|acho que|acabei|acabou de|meu \w+ (esta|teve)|minha \w+ (esta|"
            r"teve)|estou|o que (eu )?faco|rapido",
        slang=r"q que pq porque vc voce vcs voces ta esta tao estao to estou tou estou tava estava tavam estavam n nao naum "
            r"nao num nao mto muito mt muito ñ nao pra para pro para_o hj hoje agr agora tbm tambem td tudo",
    ),
    Tongue(
        "de", "German",
        {
            "overdose":
                r"(atmet|atme|atmen|atmung) ~(nicht|kaum|schlecht|mehr|komisch|flach|seltsam|schwer|langsam|rochelnd)|nicht "
                r"~(aufwachen|ansprechbar|atmen|wach|wecken|aufzuwecken|bewegen|wachkriegen)|keine luft|bekomm\w* ~ ?luft|"
                r"schlecht luft|(wacht|wache|kriegen?|bekomm\w*) ~ ?~nicht ~ ?(auf|wach)\b|(wacht|reagiert|bewegt) ~nicht|"
                r"kaum ~(ansprechbar|atmung|wach)|(bekomm\w*|kriege?n?|krieg\w*) ~ nicht (wach|munter)|nicht wach "
                r"(bekomm\w*|krieg\w*)|verdreht ~augen|augen ~(verdreht|nach hinten|weiss)|zittert am ganzen|(rochelt|"
                r"rocheln\w*)|schnarcht ~(komisch|seltsam)|eiskalt|leblos|im koma\b|(kein|keinen) puls|puls ~(schwach|weg)|"
                r"bewegt sich ~nicht|schlaft ~ ?erbrochen|erbricht ~ ?(schlaf|blut)|bewusstlos\w*|ohnmacht\w*|krampfanfall|"
                r"krampfanfalle|krampft|krampfe(?!n lindern)|herzinfarkt|herzstillstand|brustschmerz\w*|schmerzen ~brust|"
                r"blaue? lippen|lippen ~ ?blau|(ist|wird|ganz) ~blau\b|schaum ~mund|umgekippt|zusammengebrochen|kollabiert|"
                r"umgefallen|zusammengeklappt|zu ?viel ~(genommen|ketamin|keta|gezogen|geschluckt|gespritzt|getrunken|"
                r"geschnupft|erwischt|eingeworfen)|notarzt|krankenwagen|rettungswagen|(ich sterbe|stirbt)(?! (vor|fast vor|"
                r"man))|herz ~(rast|bleibt|stolpert|explodiert|hort ~auf|setzt aus|stehen)|puls ~ ?nicht|kein(en)? puls|"
                r"blutet stark|(spure|fuhle) ~(beine|arme|hande|korper) ~nicht|kann mich nicht bewegen|(ins|in mein|in ihr) "
                r"(glas|getrank|drink) ~(getan|gemischt|gekippt|geschuttet)|ko tropfen ~(bekommen|gegeben)|erstick\w+|"
                r"uberdosiert|eine uberdosis (genommen|gehabt)|gesicht ~hangt|redet ~(wirr|lallend)|gelahmt|weiss nicht "
                r"mehr wo (er|sie|ich)|(alle|ganze) ~(tabletten|pillen|packung|schachtel) ~?(genommen|geschluckt|intus)|"
                r"(4[0-2]) ~fieber|sabber\w+|weggetreten|kann ~nicht ~stehen|nicht auf den beinen|(macht|bekommt|kriegt) "
                r"~augen nicht ~auf|augen nicht ~auf|(drink|glas|getrank) ~(gekippt|getan|gemischt|geschuttet|geworfen)|"
                r"^(hilfe |was tun bei )?(eine )?uberdosis( hilfe| was tun)?$",
            "ingestion":
                r"(kind|sohn|tochter|baby|kleinkind|kleine[rn]?|saugling|hund|katze|kater|welpe|hundin|enkel\w*|neffe|"
                r"nichte) ~(verschluckt|geschluckt|gegessen|gefressen|getrunken|abgeleckt|abgeschleckt|geschlabbert|"
                r"genommen|gelutscht|in den mund|aufgeleckt|geleckt|geschleckt|runtergeschluckt)",
            "suicide":
                r"(will|mochte|wollte|wurde gern|wunsche mir) ~(sterben|tot sein|nicht mehr leben|nicht mehr aufwachen|"
                r"nicht mehr da sein|mich umbringen|mich toten|sich umbringen|weg sein)|(mich|sich) ~(umbring\w+|"
                r"umzubringen|das leben|erhang\w+|aufhang\w+|vor den zug)|(bringe|bringt) ~(mich|sich) ~um\b|nicht mehr "
                r"leben|nicht mehr da sein|ohne mich ~ ?besser|besser ~ohne mich|(ritze|ritzt|schneide|schneidet) (mich|"
                r"sich)|mich ~(ritze|selbst verletz\w+)|sich (was|etwas) ~ ?an ?tun|(mir|mich|sich) (was|etwas) an(zu)?tun|"
                r"leben beenden|leben nehmen|keinen sinn mehr|kein ausweg|kann nicht mehr(?! (laufen|schlafen|pinkeln|"
                r"arbeiten|warten))|zur last fall\w*|(heute|heut|nacht|jetzt) ~ist schluss|ich will nicht mehr$|^will nicht "
                r"mehr\b(?! (konsumieren|nehmen|ketamin|keta))|lebensmude|mude vom leben|satt (zu )?leben|verabschiedet "
                r"~(von|sich)|bin eine last|(schluss|ende) machen ~ ?(mit allem|leben)|mit allem schluss|abschiedsbrief|"
                r"niemand ~(vermissen|merken)|(tabletten|pillen|strick|seil|messer) ~ ?(vor mir|in der hand|bereit)|(von|"
                r"vor) (der|die|einer|den|einen) (brucke|dach|zug|hochhaus) ~ ?(springen|werfen)|suizidgedanken ~ ?(habe|"
                r"hab|hat)|(habe|hat) ~suizidgedanken|(bin|ist) (suizidal|lebensmude)|droht ~(umzubringen|selbstmord|"
                r"suizid)|(alles|leben) ~(keinen sinn|sinnlos)|(sag|sage|sagt) ~(tschuss|lebewohl)|vermisst ~(keiner|"
                r"niemand|eh)|angst ~ ?mir ~(antue|antun|tue)|angst vor mir selbst",
            "withdrawal":
                r"(sieht|sehe|seht) ~(kafer|spinnen|tiere|schatten|insekten|leute die nicht)|(entzug|aufgehort|abgesetzt|"
                r"kein(en)? alkohol|ohne alkohol|nichts getrunken|kalter entzug) ~~(zitter\w+|halluzin\w+|fieber|krampf\w+|"
                r"seh\w* (dinge|sachen|tiere|leute|kafer)|delir\w+)|(zitter\w+|halluzin\w+|krampf\w+) ~~(entzug|abgesetzt|"
                r"aufgehort)",
            "violence":
                r"(schlagt|bedroht|verprugelt|wurgt|vergewaltigt|schlug|bedrohte) ~(mich|uns|meine|mir|sie|ihn)\b|mich "
                r"~(geschlagen|schlagt|bedroht|vergewaltigt|umbringen will|verfolgt|eingesperrt|toten will|verprugelt)|"
                r"vergewaltigt worden|(wurde|wurd) ~vergewaltigt|mit (einem|dem|nem) messer|hat (ein|nen) messer|messer "
                r"~bedroht|(mit|hat) ~ ?(messer|pistole|waffe) ~ ?(vor|tur|haus|wohnung|zimmer)|(ihn|sie|jemanden) "
                r"~(umbringen|toten|abstechen)|stimmen ~ ?(sag\w+|befehl\w+)|lasst mich nicht (raus|gehen|weg|weggehen)|"
                r"(will|wird) mich (umbringen|toten|schlagen)|verstecke mich|(im bad|zimmer|keller) ~(eingesperrt|"
                r"versteckt)|angst vor (meinem|ihm|meiner) ~?(mann|freund|ex|vater|frau)?|zwingt mich|verfolgt mich|stalkt "
                r"mich|(packt|greift|druckt) ~(mich|mir) ~hals|am hals ~(gepackt|gewurgt)",
        },
        {
            "overdose": r"uberdosis|overdose|antwortet ~nicht",
            "suicide": r"selbstmord\w*|suizid\w*|selbstverletz\w*",
            "violence": r"vergewaltig\w+|hausliche gewalt|ko tropfen",
            "withdrawal": r"delirium tremens",
        },
        lesson=r"was ist|was sind|wie erkenn\w*|woran erkenn\w*|anzeichen|symptome|kann (man|es|ketamin)|konnen ~(fuhren|"
            r"auslosen)|kann ~(fuhren|auslosen|verursachen)|vorbeug\w*|verhindern|vermeiden|risiko|risiken|referat|seminar|"
            r"kurs|studien?|hausarbeit|schule|film|roman|buch|artikel|suizidgedanken|unterschied|erste hilfe kurs|gegen "
            r"(suizid|selbstmord)\w*|wenn jemand|tote durch|statistik|pravention|arzt|arztin|psychiater\w*|klinik|praxis|"
            r"therapeut\w*",
        past=r"vor (\w+ )?(jahren|monaten|langer zeit)|starb|gestorben an|ist an ~gestorben|damals|als (kind|jugendliche\w*)|"
            r"fruher",
        now=r"hilfe(?!gruppe)|jetzt|notfall|heute|gerade|glaube|ich hab\w*|er hat|sie hat|mein \w+ hat|meine \w+ hat|"
            r"schnell|bitte",
        slang=r"hab habe krieg kriege bring bringe ritz ritze nimmer nicht_mehr net nicht ned nicht nich nicht ueberdosis "
            r"uberdosis sone so_eine nem einem ner einer fuer fur",
    ),
    Tongue(
        "pl", "Polish",
        {
            "overdose":
                r"nie ~(oddycha|oddychac|obudzic|dobudzic|budzi|reaguje|rusza sie|ruszac)|sie nie (rusza|budzi)|nie da sie "
                r"~(obudzic|dobudzic)|wywra\w+ ~ocz\w+|oczy ~(bial\w+|wywrocon\w+|uciekaja|do gory)|cal[aye]?\w* sie "
                r"trzes\w+|trzes\w+ sie cal\w+|chrapie ~(dziwnie|glosno)|rzezi|charczy|jest (zimn[yae]|lodowat[yae])|w "
                r"spiaczce|brak pulsu|nie ma pulsu|slaby puls|nie (ma|mam) z (nim|nia) kontaktu|brak kontaktu z|ledwo "
                r"oddycha|(zle|dziwnie|plytko|wolno|ciezko|slabo) oddycha|oddycha ~(zle|dziwnie|plytko|wolno|ciezko|slabo|"
                r"ledwo)|brakuje ~(tchu|powietrza)|dusi sie|dusze sie|przedawkowal\w+|nieprzytomn\w+|(ma|mam|dostal\w*|"
                r"dostaje) ~ ?(drgawki|drgawek|atak padaczki)|zemdl\w+|stracil\w* przytomnosc|sin[eay] ~ ?(usta|wargi|twarz|"
                r"palce)|(usta|wargi|twarz) ~sin\w+|zsinial\w*|piana ~ust|upadl\w* i nie|karetk[ei]|pogotowie|umiera(?! "
                r"(sie|z|ze)\b)|umieram(?! (z|ze)\b)|zawal (ma|mam)|(ma|mam) zawal|bol w klatce|boli ~klatce|(wzial|wziela|"
                r"wzialem|wzielam|wzieli|zazyl\w*|wciagn\w+) ~za duzo|za duzo ~(ketaminy|wzial\w*|wziel\w*|wciagn\w+|"
                r"tabletek|kety)|serce ~(staje|stanie|wali|wyskoczy|peka|zatrzym\w+)|nie czuje ~(nog|rak|ciala)|nie moge "
                r"sie ruszyc|(dosypal|dosypali|wrzucil)\w* ~ ?(cos|mi|jej)|cos ~ ?do (drinka|szklanki)|wykrzywion\w+ "
                r"~(twarz|usta)|belkocze|nie wie ~(gdzie|kim) jest|(wszystkie|cale opakowanie|garsc|cala paczke) "
                r"~?(tabletek|tabletki|leki|lekow)|(4[0-2]) (stopni|goraczki)|slini sie|sie slini|nie kontaktuje|nie trzyma "
                r"sie|nie (ustoi|stoi) na|nie otwiera ocz\w+|(wrzuc|dosyp|wla)\w+ ~ ?(drinka|drinku|szklanki|napoju)|"
                r"^(pomocy )?przedawkowanie( pomocy| co robic)?$",
            "ingestion":
                r"(dziecko|syn|synek|corka|coreczka|niemowle|maly|mala|pies|psiak|piesek|suka|kot|kotka|kotek|szczeniak|"
                r"wnuczka?|wnuk) ~(polkn\w+|zjad\w+|wypi\w+|wzial|wziela|liz\w+|zliz\w+|wyliz\w+|(wlozyl\w*|wziela|wzial) "
                r"do (buzi|ust)|pogryzl?\w*|nalykal\w*)",
            "suicide":
                r"(chce|chcial\w*|wole|wolal\w*) ~(sie )?(umrzec|zabic|nie zyc|zniknac|nie istniec|sie nie obudzic)|zabic "
                r"sie|zabij(e|ze|i) sie|sie zabi(je|ja|c|jac)|samoboj(stwo|stwa|stwie) ~ ?(chce|mysle|popeln\w+)|(chce|"
                r"mysle|popeln\w+|planuje) ~ ?samobojstw\w+|nie chc(e|e mi sie) ~(zyc|sie obudzic|istniec|tu byc)|odebrac "
                r"sobie zycie|(tne|ciela|tnie|ciac|pocial\w*|pociela) sie|sie (tne|tnie|ciac|pociel\w+|pocial\w+)|"
                r"okalecza(m|c|) ~ ?sie|sie okalecza\w*|skoncz\w+ ~ze soba|ze soba skoncz\w+|skrzywdzic sie|zrobi\w* ~ "
                r"?sobie cos|cos sobie zrobi\w*|(mam|ma) ~(mysli samobojcze|tabletki w rece|dosc zycia)|beze mnie ~lepiej|"
                r"lepiej ~beze mnie|nie mam ~(po co|sily) zyc|zyc mi sie nie chce|(skoczyc|skocze|skoczy) ~ ?(z mostu|z "
                r"dachu|z okna|pod pociag)|list pozegnalny|pozegna\w+ sie|sie pozegna\w+|nie daje (juz )?rady|(z tym|ze "
                r"wszystkim) koncz\w+|koncz\w+ (z tym|ze wszystkim)|dosc (zycia|wszystkiego)|jestem ciezarem|nie bed\w+ "
                r"~(przeszkadzal\w*|ciezarem)|zmeczon\w+ zyciem|zegna(jcie|m sie)|nie wytrzymam (juz|dluzej)|powies(ze|ic) "
                r"sie|sie powies\w+|(zycie|nic) ~?nie ma sensu|bez sensu zyc|sie zegna\w*|zegna\w* sie|nikt ~(teskni\w*|"
                r"zauwazy|placze\w*)|boje sie ~ ?sobie zrob\w+",
            "withdrawal":
                r"widz\w+ ~(pajaki|robaki|cienie|karaluchy|rzeczy ktorych)|(odstaw\w+|odstawien\w+|przestal\w* pic|bez "
                r"alkoholu|nie pije|detoks) ~~(trzes\w+|halucyn\w+|omam\w+|drgawk\w+|goraczk\w+|widz\w+ (robaki|rzeczy|"
                r"ludzi|pajaki)|majacz\w+|delir\w+)|(drgawk\w+|halucyn\w+|trzes\w+) ~~(odstaw\w+|po odstawieniu)|zespol "
                r"odstawien\w+ ~~(drgawk\w+|halucyn\w+|ma)",
            "violence":
                r"(bije|grozi|pobil\w*|zgwalcil\w*|dusi|gwalci|katuje) ~(mnie|mi|nas|matke|mame|dzieci|ja)\b|(mnie|mi|nas) "
                r"~(bije|zabije|zgwalc\w+|pobil\w*|dusi|grozi|zabic|uderzyl|wykorzystal\w*)|zgwalcon\w+|ma noz|z nozem|ma "
                r"bron|chce (go|ja|kogos|mnie) ~ ?(zabic|skrzywdzic)|glosy ~ ?(mow\w+|kaz\w+)|nie (wypuszcza|puszcza) ~ "
                r"?(mnie|z domu)|boje sie (meza|jego|chlopaka|ojca|wrocic)|(chowam sie|zamknal\w* mnie|uwiezil\w*)|zmusza "
                r"mnie|sledzi mnie|przesladuje mnie|(zlapal|chwycil|sciska|scisnal)\w* ~ ?(gardlo|szyje)",
        },
        {
            "overdose": r"przedawkow\w+|overdose|drgawki|zawal\w*|nie odpowiada(?! na (wiadomosci|telefony|smsy))",
            "suicide": r"samoboj\w+",
            "violence": r"przemoc domowa|gwalt\w*|pigulka gwaltu",
            "withdrawal": r"delirium tremens|majaczenie",
        },
        lesson=r"co to jest|czym jest|objawy|oznaki|jak rozpoznac|czy mozna|czy ~(moze|powoduje|wywoluje|pomaga)|moze "
            r"(powodowac|wywolac)|mozna (umrzec|przedawkowac)|zapobieg\w+|profilaktyk\w+|unikn\w+|ryzyko|badani\w+|praca "
            r"(zaliczeniowa|magisterska|licencjacka)|referat|kurs\w*|szkol\w+|film\w*|ksiazk\w*|artykul\w*|mysli samobojcze|"
            r"roznica|pierwszej pomocy|jesli ktos|statystyki|zgony|leczeni\w+|lekarz\w*|psychiatr\w*|terapeut\w*|recept\w*",
        past=r"(\w+ )?lat temu|miesi\w+ temu|zmarl\w* (z|od|na|po)|umarl\w* (z|od|na|po)|dawno temu|kiedy bylem|kiedy bylam|"
            r"w dziecinstwie",
        now=r"pomocy|pomozcie|teraz|szybko|ratunku|dzisiaj|dzis|chyba|mam|moj \w+ ma|moja \w+ ma|ma drgawki|co robic|wlasnie",
        slang=r"niemoge nie_moge niewiem nie_wiem wziol wzial wziolem wzialem wzielem wzialem",
    ),
    Tongue(
        "it", "Italian",
        {
            "overdose":
                r"non ~(respira|respirare|riesco a respirare|si sveglia|svegliare|risponde|reagisce)|incosciente|svenut\w|"
                r"labbra blu|dolore al petto|ambulanza|preso troppa",
            "ingestion":
                r"(figli[oa]|bimb[oa]|bambin[oa]|neonato|cane|gatt[oa]|cucciolo) ~(ha )?(inghiotti\w+|ingoiat\w|mangiat\w|"
                r"bevut\w|leccat\w|ingerit\w|preso)",
            "suicide":
                r"(voglio|vorrei|vuole) ~(morire|uccidermi|ammazzarmi|uccidersi|farla finita|sparire)|uccidermi|ammazzarmi|"
                r"togliermi la vita|farla finita|non voglio (piu )?(vivere|svegliarmi)|mi taglio|farmi del male|meglio "
                r"senza di me|suicid(armi|arsi)\b",
            "violence":
                r"mi ~(picchia|picchiando|minaccia|ha violentat\w|violenta|aggredi\w+|uccide|ammazza|ha picchiat\w|"
                r"strangola)|(vuole|sta per) uccidermi|violentat\w|stupr\w+|con un coltello|uccidere qualcuno",
        },
        {
            "overdose": r"overdose|infarto|convulsioni",
            "suicide": r"suicidio",
            "violence": r"violenza domestica",
        },
    ),
    Tongue(
        "nl", "Dutch",
        {
            "overdose":
                r"ademt ~(niet|slecht|nauwelijks)|niet ~(ademen|wakker|ademhal\w+)|wordt ~niet wakker|bewusteloos|ambulance "
                r"bellen|stuiptrek\w+",
            "suicide":
                r"(wil|ga) ~(dood|niet meer leven|mezelf (doden|wat aandoen)|er een eind)|wil sterven|mezelf ~(pijn|"
                r"snijd\w+|van kant)|beter af zonder mij",
        },
        {
            "overdose": r"overdosis|hartaanval",
            "suicide": r"zelfmoord\w*",
        },
    ),
    Tongue(
        "tr", "Turkish",
        {
            "overdose":
                r"nefes ~(almiyor|alamiyor\w*)|asiri doz|uyanmiyor|bayildi|kriz geciriyor|bilinci kapali",
            "suicide":
                r"olmek istiyorum|intihar\w*|kendimi oldur\w+|yasamak istemiyorum",
        },
    ),
    Tongue(
        "und", "other scripts",
        {
            "overdose":
                r"не ~дышит|передоз\w*|не ~просыпается|без сознания|задыха\w+|"
                r"судорог\w*|умирает|没有?呼吸|不能呼吸|呼吸不了|叫不醒|昏迷|服药过量|吸?毒过量|过量了|抽搐|لا يتنفس|"
                r"جرعة زائدة|لا يستيقظ|息をして(い)?ない|意識がない|숨을 안 쉬|의식이 없|सांस नहीं|बेहोश|не "
                r"~дихає|не ~прокидається",
            "ingestion":
                r"(ребенок|ребёнок|сын|дочь|собака|кошка|малыш) ~(проглотил\w*|съел\w*|"
                r"выпил\w*)|孩子.{0,8}(吞|误食|吃了)|宝宝.{0,8}(吞|误食|吃了)",
            "suicide":
                r"хочу ~умереть|не хочу ~жить|покончить с собой|покончить ~жизнью|"
                r"самоубий\w+|убить себя|суицид\w*|режу себя|想死|不想活|自杀|自殺|自残|结束生命|死にたい|"
                r"消えたい|죽고 싶|자살|أريد أن أموت|انتحر|الانتحار|اقتل نفسي|मरना चाहत|"
                r"आत्महत्या|хочу ~померти|вбити себе",
            "violence":
                r"бьет меня|бьёт меня|меня (бьет|бьёт|изнасилов\w+|избил\w*|убьет|"
                r"душит)|угрожает|изнасилов\w+|с ножом|家暴|打我|强奸|要杀我|يضربني|اغتصب",
        },
    ),
)


def _compile(form: str) -> re.Pattern[str]:
    form = form.replace("~~", r"(?:\w+_){0,12}").replace("~ ", r"(?:\w+_){0,3}").replace("~", r"(?:\w+_){0,4}")
    form = form.replace(" ", "_").replace("_?", r"\W*").replace("_", r"\W+")
    # Languages without spaces between words have no word edges to ask for.
    return re.compile(form if re.search(r"[\u3040-\u9fff\uac00-\ud7af]", form) else rf"\b(?:{form})\b")


class _Heard:
    """The compiled forms of one language."""

    def __init__(self, tongue: Tongue) -> None:
        self.tongue = tongue
        self._danger = {kind: _compile(form) for kind, form in tongue.danger.items()}
        self._mention = {kind: _compile(form) for kind, form in tongue.mention.items()}
        self._frames = {name: _compile(form) for name, form in
                        (("lesson", tongue.lesson), ("past", tongue.past), ("now", tongue.now)) if form}
        typed = tongue.slang.split()
        self._slang = {short: plain.replace("_", " ") for short, plain in zip(typed[::2], typed[1::2], strict=True)}

    def kinds(self, folded: str, mentions: bool) -> list[str]:
        text = re.sub(r"\w+", lambda word: self._slang.get(word[0], word[0]), folded)
        found = [kind for kind, form in self._danger.items() if form.search(text)]
        if mentions:
            found += [kind for kind, form in self._mention.items() if kind not in found and form.search(text)
                      and not self._calm(text)]
        return found

    def _calm(self, text: str) -> bool:
        framed = {name for name, form in self._frames.items() if form.search(text)}
        return "past" in framed or ("lesson" in framed and "now" not in framed)


@cache
def _heard() -> tuple[_Heard, ...]:
    """Compiled at the first message that is not plain English, so that importing stays cheap."""
    return tuple(_Heard(tongue) for tongue in TONGUES)


def phrases(folded: str) -> list[tuple[str, Tongue]]:
    """``(kind, language)`` for every crisis phrase of another language in ``folded``."""
    if is_plain_english(folded):
        return []
    spoken = language(folded)  # "overdose" is a word of several languages, so a mention counts in its own alone
    return [(kind, heard.tongue) for heard in _heard() for kind in heard.kinds(folded, heard.tongue.code == spoken)]
