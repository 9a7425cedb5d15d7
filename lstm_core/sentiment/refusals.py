"""Why a text is no review that the network can read: its language, its signs, or its words.

One rule for the page, files and the command line. A text is refused
- if it is written in another language: in other letters, or with more of the little words of
  another language than of English;
- if it is code or a record of a machine: too many signs and numbers between too few little words;
- if its words surprise the network: most are unknown to it, or are rare in what it learned from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.messages import mark
from lstm_core.sentiment.tokenizer import UNKNOWN_ID, words

LANGUAGE = mark("another language")
RECORD = mark("code or a record")
SURPRISE = mark("words that it does not know")

ENGLISH = frozenset(
    """
    the a an and or but of to in on at for with from by as is was are were be been being it its
    this that these those he she they we you i his her their my your our me him them us not no
    nor so if than then there here what which who whom whose when where how why all some any each
    more most other such own too very can could will would should may might must do does did have
    has had having just about into over after before between through because while up down out off
    again both few also even 's don't didn't doesn't isn't wasn't can't couldn't won't wouldn't
    i'm i've it'll you're aren't haven't hadn't hasn't shouldn't never ever only much many really
    """.split()
)
"""The little words that hold English sentences together."""

OTHERS = {
    "German": """der die das und ist nicht ein eine einen einem einer dem den des mit auf für fur ich
        sie wir zu von aber auch wie sehr noch nur haben habe wird sind bei nach aus mich mir sich
        kann keine kein über uber oder wenn dass als war hat man immer schon durch so in an am was also gar mal ganz vom zum zur es er
        wurde waren mein meine seine ihre diese dieser dieses nichts mehr leider""",
    "French": """le la les un une des du de et est pas que qui dans pour sur avec ce cette ces mais je
        nous vous ils elle il au aux en ne se par plus très tres son sa ses mon ma mes tout tous
        était etait sont été ete fait très même meme comme bien ou où d l j n c qu s'est c'est j'ai
        n'est d'un d'une qu'il l'histoire""",
    "Spanish": """el la los las un una unos de del y que es en no por para con su sus lo se me mi al
        como muy pero más mas está esta este estos son fue era ha he hay nada todo todos sin sobre
        ni le les también tambien cuando porque qué ser""",
    "Italian": """il lo la i gli le un una uno di del della dei e è che non per con su mi si ho ha
        sono era ma molto più piu questo questa come anche nel nella al alla dal dalla da in se ci
        mai tutto tutti""",
    "Portuguese": """o a os as um uma de do da dos das e é que não nao em no na por para com se eu
        me meu minha muito mas mais foi são sao ser tem como também tambem nada tudo este esta isso
        ao pelo pela""",
    "Dutch": """de het een en is niet van ik je dat die in op te met voor er maar zijn was heel erg
        ook naar om aan bij dit wat nog als ze hij wij uit geen veel meer deze heb heeft werd""",
    "Swedish": """och att det som en ett är ar för inte jag på den med av till om var mycket men har
        de så sa han hon vi från fran eller när nar också ocksa alla detta""",
    "Danish": """og at det som en et er for ikke jeg på den med af til om var meget men har de så
        han hun vi fra eller når også alle dette""",
    "Polish": """i w na nie z że ze się sie to jest do jak ale o co bardzo był była bylo było są sa
        dla po od tak tylko już juz mnie mi ten ta te tego przez gdy czy za""",
    "Turkish": """bir bu çok cok ve ile için icin ama da de ne gibi daha en o ben değil degil var
        yok kadar sonra mi mı her şey sey film filmi hiç hic çünkü""",
    "Latin": """et in ut sed non ad est cum qui quae quod ex ab per atque dolor sit amet ipsum lorem
        sunt esse enim""",
}
"""The little words of other languages."""

LITTLE = {language: frozenset(words(text)) for language, text in OTHERS.items()}
ALL_LITTLE = frozenset().union(*LITTLE.values())
NAMES_TOO = frozenset("die war man hat men den also de la le el der van du del das i a o e y".split())
"""Of these, words and parts of names that English texts are full of; alone they tell nothing."""
SIGNS = re.compile(r"[][{}=<>_#\\|$@+~^;]|\w\(|://")
STRANGE = re.compile("[^\\W\\d_\u0000-\u024f\u1e00-\u1eff]")
"""A letter that is not Latin."""


def refusal(
    text: str,
    tokens: Sequence[str],
    raw: NDArray[np.integer[Any]],
    ids: NDArray[np.integer[Any]],
    size: int,
) -> str:
    lettered = [place for place, word in enumerate(tokens) if word.upper() != word]
    count = len(lettered)
    if not count:
        return LANGUAGE if STRANGE.search(text) else ""
    english = sum(word in ENGLISH for word in tokens) / count
    rows = ids[lettered]
    unknown = float((rows == UNKNOWN_ID).mean())
    before = float((raw[lettered] == UNKNOWN_ID).mean())
    letters = sum(map(len, tokens))
    if len(STRANGE.findall(text)) > 0.5 * letters:
        return LANGUAGE
    if english < 0.4 and foreign(tokens, count, before):
        return LANGUAGE
    signs = len(SIGNS.findall(text))
    numbers = sum(word.isdigit() for word in tokens)
    if english < 0.3 and (signs >= 3 and signs > 0.02 * len(text) or numbers >= 3 and numbers > .4 * count):
        return RECORD
    rare = np.log(np.where(rows == UNKNOWN_ID, 2 * size, rows + 1.0)).mean()
    if unknown > 0.5 or (unknown > 0.34 and english < 0.1) or (count >= 12 and rare > 7.5 and english < 0.2):
        return SURPRISE
    return ""


def foreign(tokens, count, before):
    found = [word for word in tokens if word in ALL_LITTLE]
    for little in LITTLE.values():
        theirs = [w for w in found if w in little and w not in ENGLISH]
        ours = sum(w in ENGLISH and w not in little for w in tokens)
        if before >= 0.15 and sum(w not in NAMES_TOO for w in theirs) > ours:
            return True
        if len(set(theirs)) >= 3 and len(theirs) > max(ours, 0.3 * count):
            return True
    return False
