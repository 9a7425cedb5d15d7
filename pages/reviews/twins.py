"""Twins of a text: one small change, made by rule, that ought to turn or bend the verdict."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lstm_core.sentiment.reader import Reading
from lstm_core.sentiment.tokenizer import Token, tokenize
from pages._book.language import mark, say

_PAIRS = """
good bad; great terrible; excellent awful; wonderful dreadful; brilliant stupid; superb lousy;
beautiful ugly; funny boring; interesting dull; best worst; better worse; perfect flawed;
lovely horrible; amazing appalling; fantastic atrocious; moving cold; warm icy; fresh stale;
clever silly; smart dumb; original predictable; convincing unconvincing; believable ridiculous;
strong weak; rich poor; fine bad; enjoyable tedious; entertaining tiresome; charming annoying;
delightful painful; gripping tedious; tense slack; terrific terrible; outstanding abysmal;
memorable forgettable; impressive disappointing; happy sad; loved hated; love hate; liked disliked;
enjoyed endured; recommended discouraged; generous mean; tender harsh; success failure;
masterpiece disaster; gem mess; joy bore; worth wasting; delicious disgusting; friendly rude;
clean dirty; easy hard; fast slow; cheap overpriced; reliable unreliable; useful useless
"""
OPPOSITES: dict[str, str] = {}
for _pair in _PAIRS.replace("\n", " ").split(";"):
    _one, _other = _pair.split()
    OPPOSITES.setdefault(_one, _other)
    OPPOSITES.setdefault(_other, _one)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


AUXILIARIES = _words(
    "is are was were am has have had do does did can could will would should must may might "
    "'s 're 'm it's that's he's she's there's i'm they're we're you're"
)
PRONOUNS = _words("i you he she it we they this that there what who")
SUBJECTS = _words("i you he she it we they")
"""A sentence that begins with one is nearly always a whole clause, which can be denied as it is."""
DETERMINERS = _words("a an the no some any my your his her its our their this that these")
NEW_CLAUSE = _words("but because although though while which who when where if as yet than that so")
"""A verb in front of one of these says nothing of what comes behind it."""
TURNING = _words("but yet although though while")
"""A sentence with one has two halves, and to deny it whole denies neither."""
OWNING = {
    "has": "does not have",
    "have": "do not have",
    "had": "did not have",
    "does": "does not do",
    "do": "do not do",
    "did": "did not do",
}
"""Verbs that are no auxiliaries where a noun follows, denied."""
PARTICIPLES = _words("been made seen had done gone got come become felt kept left lost")
DEGREES = _words("very so really quite pretty truly simply just utterly too far a an")
IMPERATIVES = _words(
    "avoid skip see watch rent buy miss go stay run waste give take save enjoy read try"
)
MASS = _words(
    "joy sense fun humour humor suspense tension charm love heart wit chemistry depth emotion "
    "life energy magic originality imagination passion drama action logic warmth hope time "
    "money talent acting music soul style subtlety interest trust plot character"
)
"""Nouns that need no article: "no joy" becomes "joy", where "no reason" becomes "some reason"."""
NOT_COUNTED = _words(
    "better worse more less matter doubt such different other good bad way end sooner further "
    "thanks and or but"
)
"""Behind "no" they make a set phrase, or something that no rule here turns."""
NEGATE, SWAP, ADD_BUT = mark("Negate"), mark("Swap the decisive word"), mark("Add “but …”")
"""The names of the rules."""
HARDLY = _words("hardly barely scarcely")
NEGATIONS = _words("not never no cannot nothing nobody nowhere none neither nor without") | HARDLY
UNDONE = {"can't": "can", "won't": "will", "shan't": "shall", "ain't": "is", "cannot": "can"}
NOT_BEHIND = {
    "not": _words("only just even least to so"),
    "never": _words("again ever mind"),
    "nothing": _words("but more less short"),
}
"""Words with which a negation makes a set phrase, which stays."""
LEANING = _words("until either anymore yet nor neither rather")
"""Words that make little sense once the negation that they lean on is gone."""
EVERY = {"nothing": "everything", "nobody": "everybody", "nowhere": "everywhere"}
HARDLY_ANY = {
    "anyone": "everyone",
    "anybody": "everybody",
    "anything": "everything",
    "ever": "often",
}
WITHOUT_A_NEGATION = {
    "any": "some",
    "anything": "something",
    "anyone": "someone",
    "anybody": "somebody",
}
SHORT = 3
BUT = {
    True: " But in the end it left me cold, and I cannot recommend it.",
    False: " But in the end I loved it, and I would see it again.",
}
"""What is added to a text whose verdict is positive, and to one whose verdict is negative."""


@dataclass(frozen=True)
class Twin:
    """A changed text, and what was changed in it; without a text, why there is none.

    Attributes:
        name: of the rule, marked for translation.
        text: changed.
        change: in words, in the language that is spoken.
    """

    name: str
    text: str
    change: str


def twins(reading: Reading) -> list[Twin]:
    """Make every twin of a text."""
    return [negated(reading), swapped(reading), with_a_but(reading)]


Edit = tuple[int, int, str]
"""From which character to which one, and what is put there."""


@dataclass(frozen=True)
class _Sentence:
    """The words of one sentence, without its end, and the one of them that decides."""

    text: str
    tokens: Sequence[Token]
    place: int

    def word(self, at: int) -> str:
        return self.tokens[at].word if 0 <= at < len(self.tokens) else ""

    def joined(self, at: int) -> str:
        """Return the word behind one, if nothing but a space or a hyphen stands between."""
        if at + 1 >= len(self.tokens):
            return ""
        between = self.text[self.tokens[at].end : self.tokens[at + 1].start]
        return self.word(at + 1) if between in {" ", "-"} else ""

    def said(self, at: int) -> str:
        return self.text[self.tokens[at].start : self.tokens[at].end]

    def put(self, at: int, new: str, last: int | None = None) -> Edit:
        """Put something in the place of a word, or of all up to ``last``."""
        return self.tokens[at].start, self.tokens[at if last is None else last].end, new

    def cut(self, at: int) -> Edit:
        """Take a word away, and the space behind it."""
        end = self.tokens[at].end
        return self.tokens[at].start, end + self.text[end:].startswith(" "), ""


def negated(reading: Reading) -> Twin:
    """Say the opposite of the sentence with the most decisive word for which a rule is good English.

    A negation in it is taken away; otherwise "not" goes behind the nearest auxiliary verb before
    the word, in front of a short exclamation, or the whole clause is denied.
    """
    tokens, done = reading.tokens_read, set()
    for place in _decisive(reading):
        start = end = place
        while start and not _ends(tokens[start - 1]):
            start -= 1
        while end < len(tokens) and not _ends(tokens[end]):
            end += 1
        if start == end or start in done:
            continue
        done.add(start)
        sentence = _Sentence(reading.text, tokens[start:end], place - start)
        undoes = any(_negates(token.word) for token in sentence.tokens)
        if edits := _undone(sentence) if undoes else _denied(sentence):
            return _edited(NEGATE, reading.text, edits)
    return Twin(NEGATE, "", say("No rule turns a sentence of this text into its opposite."))


def _undone(sentence: _Sentence) -> list[Edit]:
    """Take the negation that is nearest to the decisive word away."""
    words = [token.word for token in sentence.tokens]
    if LEANING & set(words) or ("at", "all") in pairwise(words):
        return []
    places = [at for at, word in enumerate(words) if _negates(word)]
    for at in sorted(places, key=lambda at: abs(at - sentence.place)):
        if edit := _without(sentence, at):
            behind = range(at + 1, len(sentence.tokens))
            # "I do not like any of it" becomes "I do like some of it".
            others = [
                sentence.put(k, WITHOUT_A_NEGATION[sentence.word(k)])
                for k in behind
                if sentence.word(k) in WITHOUT_A_NEGATION and sentence.tokens[k].start >= edit[1]
            ]
            return [edit, *others]
    return []


def _without(sentence: _Sentence, at: int) -> Edit | None:
    """Say how one negation is taken away, if a rule is good English there."""
    word, behind = sentence.word(at), sentence.joined(at)
    if behind in NOT_BEHIND.get(word, ()):
        return None
    if word.endswith("n't") or word == "cannot":
        return _without_not(sentence, at, behind)
    if word == "no":
        return _without_no(sentence, at, behind)
    if word in EVERY:
        begins = not at or sentence.word(at - 1) in NEW_CLAUSE | {"and"}
        every = EVERY[word]
        return sentence.put(at, every if begins else every.replace("every", "some"))
    if word in HARDLY and behind in HARDLY_ANY:
        return sentence.put(at, HARDLY_ANY[behind], at + 1)
    cuts = (word in HARDLY and behind not in {"", "any"}) or (
        word in {"not", "never"} and (behind or at)
    )
    return sentence.cut(at) if cuts else None


def _without_not(sentence: _Sentence, at: int, behind: str) -> Edit | None:
    word = sentence.word(at)
    if not at and word == "don't":
        return sentence.cut(at) if behind and behind not in SUBJECTS else None
    if not at and behind not in SUBJECTS:
        # "Couldn't put it down": who could not is left out, and the verb alone is no sentence.
        return None
    return sentence.put(at, UNDONE.get(word, word[:-3]))


def _without_no(sentence: _Sentence, at: int, noun: str) -> Edit | None:
    if not noun or noun in NOT_COUNTED:
        return None
    if noun == "longer":
        return sentence.put(at, "still", at + 1)
    if noun == "one":
        return sentence.put(at, "everyone" if not at else "someone", at + 1)
    several = noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
    return sentence.cut(at) if several or noun in MASS else sentence.put(at, "some")


def _denied(sentence: _Sentence) -> list[Edit]:
    """Put a negation into a sentence without one, if a rule is good English there."""
    for at in range(sentence.place - 1, -1, -1):
        if sentence.word(at) in NEW_CLAUSE and at:
            break
        if sentence.word(at) in AUXILIARIES and (edit := _with_not(sentence, at)):
            return [edit]
    first, count = sentence.word(0), len(sentence.tokens)
    word = sentence.said(0)
    small = word if first == "i" or first.startswith("i'") else word[:1].lower() + word[1:]
    if first in IMPERATIVES:
        return [sentence.put(0, f"do not {small}")]
    exclaims = count == 1 or (count <= SHORT and (first in DEGREES or first.endswith("ly")))
    if exclaims and first.isalpha() and first not in PRONOUNS | AUXILIARIES:
        return [sentence.put(0, f"not {small}")]
    turns = TURNING & {token.word for token in sentence.tokens}
    if first in SUBJECTS and count > 1 and not turns:
        return [sentence.put(0, f"it is not true that {small}")]
    return []


def _with_not(sentence: _Sentence, at: int) -> Edit | None:
    """Say how an auxiliary verb is denied; nothing where it may be none."""
    word, before, behind = sentence.word(at), sentence.word(at - 1), sentence.word(at + 1)
    if word in OWNING and (behind in DETERMINERS or behind == "to"):
        return sentence.put(at, OWNING[word])
    owns = word in {"has", "have", "had"} and not (
        behind in PARTICIPLES or behind.endswith(("ed", "en", "ly"))
    )
    if owns or not behind or (word == "'s" and before not in PRONOUNS):
        return None
    if word == "there's" or before == "there":
        return _with_no(sentence, at)
    if not at and "'" not in word:
        # A question: "Is it good?" becomes "Is it not good?".
        return sentence.put(1, f"{sentence.said(1)} not") if behind in SUBJECTS else None
    return sentence.put(at, f"{sentence.said(at)} not")


def _with_no(sentence: _Sentence, at: int) -> Edit:
    """Deny what "there is" says is there."""
    behind = sentence.word(at + 1)
    if behind in {"a", "an", "some"}:
        return sentence.put(at + 1, "no")
    if behind in DETERMINERS | DEGREES | {"many", "much", "enough", "more"}:
        return sentence.put(at, f"{sentence.said(at)} not")
    return sentence.put(at + 1, f"no {sentence.said(at + 1)}")


def swapped(reading: Reading) -> Twin:
    """Put the opposite in the place of the word that moved the verdict most and has one."""
    values = abs(reading.contributions.words)
    tokens = reading.tokens_read
    for place in (-values).argsort(kind="stable").tolist():
        if tokens[place].word in OPPOSITES:
            new = _like(reading.text, tokens[place], OPPOSITES[tokens[place].word])
            edits = [(tokens[place].start, tokens[place].end, new)]
            before = tokens[place - 1] if place else None
            if before and before.word in {"a", "an"}:
                article = "an" if new[:1].lower() in "aeiou" and new[:3].lower() != "use" else "a"
                article = _like(reading.text, before, article)
                # The change that is named comes first.
                edits.append((before.start, before.end, article))
            return _edited(SWAP, reading.text, edits)
    return Twin(SWAP, "", say("No word of this text is in the list of opposites."))


def with_a_but(reading: Reading) -> Twin:
    """Add a sentence that turns round."""
    added = BUT[reading.probability >= 0.5]
    return Twin(ADD_BUT, reading.text.rstrip() + added, say("added: “{text}”", text=added.strip()))


def _decisive(reading: Reading) -> list[int]:
    """Rank the words by how far they moved the verdict, negations and marks behind all others."""
    values = abs(reading.contributions.words)
    tokens = reading.tokens_read
    order: list[int] = (-values).argsort(kind="stable").tolist()
    return sorted(
        order, key=lambda at: not tokens[at].word[:1].isalnum() or _negates(tokens[at].word)
    )


def _negates(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


def _ends(token: Token) -> bool:
    return token.word[0] in ".!?"


def _like(text: str, token: Token, new: str) -> str:
    """Write a word with a capital if the one in whose place it comes has one."""
    return new[:1].upper() + new[1:] if text[token.start : token.start + 1].isupper() else new


def _edited(name: str, text: str, edits: Sequence[Edit]) -> Twin:
    """Change a text; what is said of it is the first change."""
    start, end, new = edits[0]
    old = text[start:end]
    if old[:1].isupper():
        new = new[:1].upper() + new[1:]
    if new:
        change = f"“{old.strip()}” → “{new.strip()}”"
    else:
        change = say("“{old}” taken away", old=old.strip())
    changed = text
    for first, last, put in sorted([(start, end, new), *edits[1:]], reverse=True):
        rest = changed[last:]
        if not put and changed[first : first + 1].isupper() and _begins(text, first):
            rest = rest[:1].upper() + rest[1:]
        changed = changed[:first] + put + rest
    return Twin(name, changed, change)


def _begins(text: str, place: int) -> bool:
    """Tell whether a sentence begins at this place."""
    return text[:place].rstrip()[-1:] in set(".!?…") | {""}


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """List what was changed between two texts, word by word: (old words, new words) each."""
    one, other = tokenize(before), tokenize(after)

    def said(text: str, tokens: Sequence[Token]) -> str:
        return text[tokens[0].start : tokens[-1].end] if tokens else ""

    blocks = difflib.SequenceMatcher(
        None, [token.word for token in one], [token.word for token in other], autojunk=False
    ).get_opcodes()
    return [
        (said(before, one[i:j]), said(after, other[k:m]))
        for kind, i, j, k, m in blocks
        if kind != "equal"
    ]
