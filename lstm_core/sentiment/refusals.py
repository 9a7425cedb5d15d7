"""Why a text is no review that the network can read: its language, its signs, or its words.

One rule for the page, files and the command line. A text is refused
- if it is written in another language: in other letters, or with more of the little words of
  another language than of English;
- if it is code or a record of a machine: too many signs and numbers between too few little words;
- if its words surprise the network: most are unknown to it, or rare in what it learned from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.english import is_english
from lstm_core.sentiment.tokenizer import UNKNOWN_ID, words

Ids = NDArray[np.integer[Any]]
Refusal = Literal["", "another language", "code or a record", "unknown words"]
LANGUAGE: Refusal = "another language"
RECORD: Refusal = "code or a record"
UNKNOWN: Refusal = "unknown words"

ENGLISH = frozenset(
    words("""
    the a an and or but of to in on at for with from by as is was are were be been being it its
    this that these those he she they we you i his her their my your our me him them us not no
    nor so if than then there here what which who whom whose when where how why all some any each
    more most other such own too very can could will would should may might must do does did have
    has had having just about into over after before between through because while up down out off
    again both few also even 's don't didn't doesn't isn't wasn't can't couldn't won't wouldn't
    i'm i've it'll you're aren't haven't hadn't hasn't shouldn't never ever only much many really
    """)
)
"""The little words that hold English sentences together."""
OTHERS = {
    "German": """der die das und ist nicht ein eine einen einem einer dem den des mit auf für fur ich
        sie wir zu von aber auch wie sehr noch nur haben habe wird sind bei nach aus mich mir sich
        kann keine kein über uber oder wenn dass als war hat man immer schon durch so in an am was also gar mal ganz vom zum zur es er
        wurde waren mein meine seine ihre diese dieser dieses nichts mehr leider""",
    "French": """le la les un une des du de et est pas que qui dans pour sur avec ce cette ces mais je
        nous vous ils elle il au aux en ne se par plus très tres son sa ses mon ma mes tout tous
        était etait sont été ete fait très même meme comme bien ou où qu s'est c'est j'ai
        n'est d'un d'une qu'il suis""",
    "Spanish": """el la los las un una unos de del y que es en no por para con su sus lo se me mi al
        como muy pero más mas está esta este estos son fue era ha he hay nada todo todos sin sobre
        ni le les también tambien cuando porque qué ser""",
    "Italian": """il lo la i gli le un una uno di del della dei e è che non per con su mi si ho ha
        sono era ma molto più piu questo questa come anche nel nella al alla dal dalla da in se ci
        mai tutto tutti""",
    "Portuguese": """o a os as um uma de do da dos das e é que não nao em no na por para com se eu
        me meu minha muito mas mais foi são sao ser tem como também tambem nada tudo este esta isso filme filmes
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

MOST_ENGLISH = 0.4
"""A text of which so many words are little English ones is English, whatever else is in it."""
SOME_ENGLISH = 0.3
FEW_ENGLISH = 0.1
"""Shares of little English words below which code, and unknown words, are looked for. Half of the
words of a review are such; fewer, in a short one."""
SOME_UNKNOWN, MANY_LITTLE = 0.1, 0.3
"""Shares of unknown words, and of the little words of another language, that make a text suspect."""
MOST_STRANGE = 0.4
"""So many words may be unknown in a short text whose others are plain English."""
MOST_FOREIGN = 0.75
"""A text of which so many words are another language's little ones, or unknown, is not English."""
LONG = 12
"""In a text of so many words some are little ones, if it is English."""
MOST_SURPRISE = 7.5
LITTLE = {language: frozenset(words(text)) for language, text in OTHERS.items()}
ALL_LITTLE = frozenset().union(*LITTLE.values())
NAMES_TOO = frozenset(
    words("die war man hat men den also de la le el der van du del das i a o e film ben")
)
"""Of these, words and parts of names that English texts are full of: alone they tell nothing."""
SIGNS = re.compile(
    r"[][{}=<>_#\\|@+~^]+|\$(?!\d)|;(?:\S|[ \t]*$)|\w\(|://|\w\.\w+[.(]|\)[;{]", re.MULTILINE
)
"""Signs that stand in code and in records, seldom in a review."""
CALLS = re.compile(
    r"\w\(\S*\)|&&|\|\||(?<![=!<>])[=!<>]=(?!=)|[=-]>|\)\s*[;{:]|\s--?\w|\b(?:SELECT|FROM|WHERE|ORDER BY)\b|\bdef \w+\("
)
"""What only code has; twice in a line is enough."""
LOG = re.compile(
    r"^\W*(?:[\d:.T/+-]+Z?\s+)*\[?(?:ERROR|WARN|INFO|DEBUG|FATAL)\b|^\W*[\w.-]+\[\d+\]:", re.M
)
"""The beginning of a line of a log."""
TIMED = re.compile(r"^[ \t]*\[?(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?[ \t])?\d\d?:\d\d", re.MULTILINE)
SPEAKER = re.compile(r"^[ \t]*<?(\w{1,20}(?:[ ]\w{1,20}){0,2})[:>](?:[ \t]|$)", re.MULTILINE)
"""A time or a name in front of a line, as in a chat."""
STATEMENT = re.compile(
    r"^\s*(?:select\b[^.!?]{1,400}\bfrom\b[^.!?]{1,400}[=<>;(*]|select[ ]\*[ ]from\b|insert[ ]into\b"
    r"[^.!?]{1,400}\(|update[ ]\w+[ ]set\b[^.!?]{1,400}=|delete[ ]from\b[^.!?]{1,400}[=;]"
    r"|(?:create|drop|alter)[ ]table\b)|\{\s*[\w-]+\s*:[^{};]{1,200};[^{}]{0,800}\}",
    re.IGNORECASE,
)
"""A statement to a database, or a rule of a style sheet."""
PROSE = re.compile(
    r"(?<![\w#@])[#@][A-Za-z]\w*(?!\w|\s*[({<=])|^[ \t]*(?:#{1,6}|>{1,3})[ \t]|^[ \t]*\|.*\|[ \t]*$"
    r"|(?<!\w)_{1,2}(?=\w)[^_\n]{1,200}_{1,2}(?![\w(])|~~|(?<!\w)\[[A-Za-z][A-Za-z ,.']{1,80}\]",
    re.MULTILINE,
)
"""Signs of people: #tags, @names, and what makes headings, tables and stress in Markdown."""
MARK = re.compile(r"\W+|\d+(?:\.\d+)?(?:/\d+)?|\W.*")
"""A mark, a number, a rating, an emoticon: all but a code of digits and letters."""
ACCENTED = re.compile("[\u00c0-\u024f]")
NOT_LATIN = re.compile("[^\\W\\d_\u0000-\u024f\u1e00-\u1eff]")
"""A letter of another script."""


def other_language(text: str, tokens: Sequence[str], ids: Ids) -> bool:
    """Tell whether a text is written in another language than English.

    Args:
        text: mended.
        tokens: the words of it, none of them read as another one yet.
        ids: of the words, (words,).
    """
    if not text.isascii() and 2 * len(NOT_LATIN.findall(text)) > sum(map(len, tokens)):
        return True
    count = sum(map(_has_letter, tokens))
    english = [token for token in tokens if token in ENGLISH]
    found = [token for token in tokens if token in ALL_LITTLE and token not in ENGLISH]
    if not found or len(english) >= MOST_ENGLISH * count:
        return False
    unknown = [
        token
        for token, row in zip(tokens, ids.tolist(), strict=True)
        if row == UNKNOWN_ID and _has_letter(token)
    ]
    for little in LITTLE.values():
        theirs = [token for token in found if token in little]
        ours = sum(token not in little for token in english)
        telling = sum(token not in NAMES_TOO for token in theirs)
        if len(unknown) >= SOME_UNKNOWN * count and (telling > ours or not ours):
            # One alone may be a name's, a dish's or slang; then more has to be foreign.
            others = sum(token not in little for token in unknown)
            several = telling > 1 or len(set(theirs)) > 1
            most_strange = 2 * others > count - len(theirs) or ACCENTED.search(text)
            if telling and (several or most_strange):
                return True
            # El laberinto del fauno is a name, if a few more words are plain.
            if several and len(theirs) + others >= MOST_FOREIGN * count:
                return True
        if len(set(theirs)) >= 3 and len(theirs) > max(ours, MANY_LITTLE * count):
            return True
    return False


def refusal(text: str, tokens: Sequence[str], ids: Ids, size: int) -> Refusal:
    """Tell why a text that is not in another language is still no review that can be read.

    Args:
        text: mended.
        tokens: the words of it, as they are read.
        ids: of them, (words,).
        size: of the vocabulary.

    Returns:
        The reason; "" if it may be a review.
    """
    lettered = np.array([_has_letter(token) for token in tokens], dtype=np.bool_)
    count = int(lettered.sum())
    if not count:
        coded = [row for token, row in zip(tokens, ids, strict=True) if not MARK.fullmatch(token)]
        return UNKNOWN if coded and all(row == UNKNOWN_ID for row in coded) else ""
    english = sum(token in ENGLISH for token in tokens) / count
    if _is_record(text, tokens, count, english):
        return RECORD
    rows = ids[lettered]
    unknown = np.flatnonzero((ids == UNKNOWN_ID) & lettered).tolist()
    if len(unknown) == count:
        return UNKNOWN
    # A rare English word tells nothing against a text; a name may, but there are few in a review.
    strange = sum(not is_english(tokens[place]) for place in unknown) / count
    if strange > 1 / 2:
        return UNKNOWN
    if strange >= 1 / 3 and english < FEW_ENGLISH:
        rest = (tokens[place] for place in np.flatnonzero((ids != UNKNOWN_ID) & lettered).tolist())
        if strange > MOST_STRANGE or not _is_plain_english(rest):
            return UNKNOWN
    long_and_strange = count >= LONG and english < 2 * FEW_ENGLISH
    return UNKNOWN if long_and_strange and surprise(rows, size) > MOST_SURPRISE else ""


def _is_plain_english(tokens: Iterable[str]) -> bool:
    """Tell whether all of some words are in the dictionary and none is another language's."""
    return all(
        is_english(token) and (token in ENGLISH or token not in ALL_LITTLE) for token in tokens
    )


def surprise(ids: Ids, size: int) -> float:
    """Return how much words surprise a network: the mean of -log p(word), but for a constant.

    The rows of a vocabulary follow the words' frequency, and by Zipf's law the probability of a
    word is about one over its rank. An unknown word counts as if it stood behind all others.

    Args:
        ids: of words, (words,).
        size: of the vocabulary.
    """
    return float(np.log(np.where(ids == UNKNOWN_ID, 2.0 * size, ids)).mean())


def _is_record(text: str, tokens: Sequence[str], count: int, english: float) -> bool:
    """Tell whether a text is code, or what a machine writes down, or a chat line by line."""
    share = 0.02 if english < SOME_ENGLISH else 0.04 if english < MOST_ENGLISH else 0.06
    most = max(2.0, share * len(text))
    if len(SIGNS.findall(text)) > most and len(SIGNS.findall(PROSE.sub(" ", text))) > most:
        return True
    calls = len(CALLS.findall(text))
    if (calls >= 2 and 40 * calls > len(text)) or LOG.search(text) or STATEMENT.search(text):
        return True
    numbers = sum(map(str.isdigit, tokens))
    if numbers >= 3 and numbers > 0.4 * count and english < SOME_ENGLISH:
        return True
    lines = text.count("\n") + 1
    if lines < 3:
        return False
    # Who talks, talks again; what a review judges point by point (Plot: thin) it names once.
    speakers = SPEAKER.findall(text)
    talk = len(speakers) > 0.6 * lines and len(set(speakers)) < len(speakers)
    return talk or len(TIMED.findall(text)) > 0.6 * lines


def _has_letter(token: str) -> bool:
    """Tell a word from a mark, a number and an emoticon."""
    return token[0].isalpha() or token[0] == "'"
