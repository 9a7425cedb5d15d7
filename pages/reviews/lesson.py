"""The sentiment page: example reviews of our own, and what the page says of a reading."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np

from lstm_core.sentiment.calibration import verdict as verdict_of
from lstm_core.sentiment.lecture_models import LECTURE_MODELS
from lstm_core.sentiment.reader import LONGEST, Reading
from lstm_core.sentiment.taught import PROBE
from pages._book.exercises import END
from pages._book.language import mark, plural, say
from pages._book.markdown import plain
from pages._book.presets import Preset, by_name
from pages._book.programs import Programs, programs
from pages._book.sentences import LONGEST as LONGEST_IN_CELL
from pages._book.verdicts import FEW, MARKED_SHARE, why_refused

EXAMPLES = {
    mark("A warm one"): (
        "I went in expecting very little and came out smiling. The two leads have a wonderful ease "
        "with each other, the jokes land because they grow out of the characters, and the last "
        "twenty minutes moved me more than I would like to admit. It is not a perfect film, the "
        "middle drags a bit, but it is generous, beautifully shot and full of small surprises. "
        "I would happily watch it again tomorrow. Highly recommended!"
    ),
    mark("A cold one"): (
        "What a waste of a good idea. The script has no idea where it is going, the dialogue is "
        "painful, and the actors look as bored as I was. Every scene is explained twice, as if we "
        "could not follow a plot that a child would have guessed after five minutes. The effects "
        "are cheap, the music never stops, and the ending is simply ridiculous. I kept looking at "
        "my watch. Avoid it."
    ),
    mark("One that turns"): (
        "The first half hour is terrific: tense, funny and superbly acted, and I thought this "
        "might be the best thriller of the year. Then it falls apart. The twist makes no sense, "
        "the villain becomes a cartoon, and the director seems to lose all interest in the people "
        "he made us care about. There are still a few lovely moments, but in the end I left the "
        "cinema disappointed."
    ),
    mark("A negation"): "The film was not good, not at all.",
}
"""English in every language of the page, for the network learned English."""
FIRST = EXAMPLES["A warm one"]
WHY = (
    mark("Strongest words"),
    mark("In the text"),
    mark("Pairs of words"),
    mark("Test of the methods"),
)
"""What the panel "Why" shows, one at a time."""
CHANGE = (mark("What “not” does"), mark("Two texts"))
"""What the panel on changes shows."""
OTHERS = (mark("Their verdicts"), mark("A network of the lecture"), mark("TensorFlow's check"))
"""What the panel on other readers shows."""
START = {
    "text": FIRST,
    "word": END,
    "why_view": WHY[0],
    "why_method": "Integrated gradients",
    "why_phrase": "",
    "change_view": CHANGE[0],
    "pair_one": "good",
    "pair_other": "bad",
    "other": FIRST,
    "others_view": OTHERS[0],
    "other_reader": LECTURE_MODELS[0].title,
}
"""The page's controls by their keys, with what they stand at to begin with."""
OLD_TABS = {
    mark("Ask why"): {"panel": "why", "why_view": WHY[2]},
    mark("Edit and compare"): {"panel": "change", "change_view": CHANGE[1]},
    mark("Other readers"): {"panel": "others"},
    mark("Check it"): {"panel": "others", "others_view": OTHERS[2]},
    WHY[0]: {"panel": "why"},
}
"""What stood below the verdict, one at a time, when it was chosen by ``reviews_tab``."""
PRESETS: dict[str, Preset[Any]] = by_name(
    Preset(name, {"text": text, "word": END}) for name, text in EXAMPLES.items()
)
"""They put a text into the field; the panel that is open stays open."""
SHORT = 6
NEGATIONS = frozenset(("not", "never", "no", "without", "hardly"))
LONGEST_IN_URL = 2_500
"""Characters of a text in the address, as they are written there; proxies take some 8,000 in all."""
LONGEST_HISTORY = 1_500
"""The same for the texts of a session."""
CHARACTERS_IN_CELL = 600
"""What the field of the cell page takes."""
REMEMBERED = 12
"""So many texts of a session are kept."""


def cautions(reading: Reading) -> list[str]:
    """Say, in Markdown, what a reader of the verdict should know about this text."""
    sentences = []
    unread = int((~reading.read).sum())
    words = len(reading.tokens)
    if unread:
        sentences.append(
            say(
                "The text has {words:,} words and marks; the network reads at most {most:,}. The "
                "{unread:,} in the middle, greyed, were **not read**.",
                words=words,
                most=LONGEST,
                unread=unread,
            )
        )
    unknown = unknown_words(reading)
    if reading.verdict == "not a review":
        sentences.append(
            say(
                "**This does not read like a review in English**, so that there is no verdict: {why}.",
                why=why_refused(reading),
            )
        )
    if reading.read_as:
        listed = plain(read_as_listed(reading.read_as, 8))
        sentences.append(
            say(
                "Unknown to the network, and read as the nearest word that it knows: {listed}",
                listed=listed,
            )
        )
    if unknown:
        listed = ", ".join(map(plain, unknown[:8])) + (" ..." if len(unknown) > 8 else "")
        sentences.append(say("Unknown to the network, and struck through: {listed}", listed=listed))
    return sentences


def panel_of_old_tab(tab: str) -> dict[str, str]:
    """Return what opens in place of an old tab, by control; tabs had names in every language."""
    return next((sets for name, sets in OLD_TABS.items() if tab in {name, say(name)}), {})


def unknown_words(reading: Reading) -> list[str]:
    """List the words that the network read and does not know, once each, in order."""
    marked = zip(reading.tokens, reading.known, reading.read, strict=True)
    words = (reading.text[t.start : t.end][:40] for t, known, read in marked if read and not known)
    return list(dict.fromkeys(words))


def why_sentence(reading: Reading) -> str:
    """Say in one sentence, in Markdown, which words decided, and which pulled the other way."""
    if reading.verdict == "not a review":
        return say("No verdict is given: {why}.", why=why_refused(reading))
    side = 1.0 if reading.probability >= 0.5 else -1.0
    on_it, against = _strongest(reading, side), _strongest(reading, -side)
    if reading.verdict == "mixed or unclear":
        return _why_neither(on_it, against)
    if not on_it:
        return say("No single word decides; all of them together do.")
    if negation := _negation_before_the_strongest(reading, side):
        return say(
            "**“{words}”** counts most for it: here it stands behind “{negation}”.",
            words=on_it,
            negation=negation,
        )
    if not against:
        return say(
            "**“{words}”** counts most for it; no word clearly pulls the other way.", words=on_it
        )
    return say(
        "**“{words}”** counts most for it; **“{others}”** pulls the other way.",
        words=on_it,
        others=against,
    )


def _why_neither(word: str, other: str) -> str:
    """Say why no side is taken, with the strongest words of both sides."""
    if not word and not other:
        return say("No word speaks clearly for one side.")
    if not word or not other:
        return say("**“{words}”** counts most, but not enough to take a side.", words=word or other)
    return say(
        "**“{words}”** and **“{others}”** pull in opposite directions, and neither wins.",
        words=word,
        others=other,
    )


def _strongest(reading: Reading, side: float) -> str:
    """Return the word that speaks most for a side, with its like neighbours; "" if none does."""
    tokens, spoken = reading.tokens_read, _spoken_for(reading, side)
    # A word is named only where it is marked in the text as well.
    least = MARKED_SHARE * float(abs(reading.contributions.words).max())
    first = last = max(range(len(spoken)), key=spoken.__getitem__)
    if spoken[first] <= max(least, 0.0):
        return ""
    enough = 0.5 * spoken[first]
    while first and spoken[first - 1] >= enough and last - first < 3:
        first -= 1
    while last + 1 < len(spoken) and spoken[last + 1] >= enough and last - first < 3:
        last += 1
    return label(reading.text[tokens[first].start : tokens[last].end], 40)


def _spoken_for(reading: Reading, side: float) -> list[float]:
    """Return how far each word speaks for a side; marks do not."""
    values = side * reading.contributions.words
    return [
        value if token.word[:1].isalnum() else 0.0
        for value, token in zip(values.tolist(), reading.tokens_read, strict=True)
    ]


def _negation_before_the_strongest(reading: Reading, side: float) -> str:
    """Return the negation right before the word that speaks most for a side; "" if there is none."""
    spoken = _spoken_for(reading, side)
    place = max(range(len(spoken)), key=spoken.__getitem__)
    if place not in negated_places(reading):
        return ""
    return label(reading.tokens_read[place - 1].word, 40)


HARD = ("irony", "sarcasm", "negation")
"""Kinds of sentences that anybody may write, and of which a verdict warns."""
RELIABLE = 90
"""Of a kind of which so many of 100 sentences are read rightly it does not warn."""


def when_not_to_trust(reading: Reading, results: dict[str, Any]) -> str:
    """Say in one sentence, in plain text, when this verdict is not to be trusted."""
    rate = {name: round(100 * row["rate"]) for name, row in results["probe"].items()}
    unknown = unknown_words(reading)
    if reading.verdict == "not a review":
        return say("It can read only film reviews in English.")
    if (unread := int((~reading.read).sum())) > 0:
        return say(
            "Careful: the text is too long, and {unread:,} words in its middle were not read.",
            unread=unread,
        )
    is_negated = len(reading.tokens) <= FEW and negated_places(reading)
    if is_negated and rate["negation"] < RELIABLE:
        return say(
            "Careful, a negation: of 100 single sentences with one it reads {count} rightly.",
            count=rate["negation"],
        )
    if unknown:
        return say(
            "Careful: it does not know {listed}, and cannot tell such words apart.",
            listed=", ".join(f"“{word}”" for word in unknown[:3])
            + (" ..." if len(unknown) > 3 else ""),
        )
    if reading.read_as:
        return say(
            "Not every word was read as it is written: {listed}.",
            listed=read_as_listed(reading.read_as, 3),
        )
    worst, next_worst = sorted(HARD, key=rate.__getitem__)[:2]
    return say(
        "Do not trust it with {worst} (of 100 sentences it reads {rightly} rightly), {next_worst} "
        "({more}) or another language.",
        worst=say(PROBE[worst]),
        rightly=rate[worst],
        next_worst=say(PROBE[next_worst]),
        more=rate[next_worst],
    )


def negated_places(reading: Reading) -> list[int]:
    """Return the places of words that stand right behind a negation."""
    words = [token.word for token in reading.tokens_read]
    return [
        place
        for place in range(1, len(words))
        if (words[place - 1] in NEGATIONS or words[place - 1].endswith("n't"))
        and words[place][:1].isalnum()
    ]


def numbers_behind(
    reading: Reading, results: dict[str, Any], failures: dict[str, Any]
) -> list[str]:
    """Say, in Markdown, what stands behind a verdict: its probability, its stars, what was measured.

    Nothing is said of what does not read like a review, for none of the measured texts was such.
    """
    if reading.verdict == "not a review":
        return []
    sentences = [
        say(
            "The probability of positive is **{p:.1%}**; the writer gave about **{stars:.1f} of 10 stars**.",
            p=reading.probability,
            stars=reading.stars,
        )
    ]
    rows = {int(10 * row["mean_probability"]): row for row in results["test"]["reliability"]}
    if row := rows.get(min(int(10 * reading.probability), 9)):
        low = 10 * int(10 * row["mean_probability"])
        positive = round(row["share_positive"] * row["reviews"])
        negative = reading.probability < 0.5
        sentences.append(
            say(
                "“Such cases” are the {reviews:,} test reviews with a probability of {low} to {high}%: "
                "**{count:,}** of them were {side}.",
                reviews=row["reviews"],
                low=low,
                high=low + 10,
                count=row["reviews"] - positive if negative else positive,
                side=say("negative") if negative else say("positive"),
            )
        )
    words = int(reading.read.sum())
    shorter = [r for r in failures["by_words_left"] if r["which"] == "last" and r["words"] >= words]
    if shorter and words <= FEW:
        sentences.append(
            say(
                "With few words it is right less often. Test reviews were cut to their last {words} words; "
                "where it took a side on those, **{accuracy:.0%}** were right.",
                words=shorter[0]["words"],
                accuracy=shorter[0]["accuracy_elsewhere"],
            )
        )
    if reading.verdict == "mixed or unclear":
        sentences.append(
            say(
                "It takes a side only where the odds are two to one or more. Here the text may praise and "
                "blame, be neutral, or say its opinion in a way that the network does not read."
            )
        )
    return sentences


def fits_address(text: str) -> bool:
    """Tell whether a text is short enough for the address."""
    return len(text) <= LONGEST_IN_URL and len(quote(text)) <= LONGEST_IN_URL


def fitting(texts: Sequence[str]) -> list[str]:
    """Keep the newest texts that fit into an address together."""
    kept, left = [], LONGEST_HISTORY
    for text in texts:
        left -= len(quote(text))
        if left < 0:
            break
        kept.append(text)
    return kept


def history_label(text: str, probability: float) -> str:
    """Write a text of the session on a button, with its verdict."""
    no_word = math.isnan(probability)
    verdict = say("no word") if no_word else say(verdict_of(probability))
    return f"{verdict}: {label(text, 70)}"


def label(text: str, longest: int = 30) -> str:
    """Write a visitor's text into a label of a widget, in one line and without any markup."""
    line = " ".join(text.split())
    return plain(line if len(line) <= longest else f"{line[:longest]} ...")


def how_it_is_read(lengths: Sequence[int]) -> str:
    """Say in one sentence what the curve of the verdicts shows."""
    stride = lengths[-1] - lengths[-2] if len(lengths) > 1 else 1
    return plural(
        "After every word the text so far is read anew, from both ends, as if it ended there.",
        "After every {count} words the text so far is read anew, from both ends, as if it ended there.",
        stride,
    )


def what_the_reading_shows(reading: float, along: float) -> list[str]:
    """Say what curves and bars of the reading show, and what it took, in seconds each."""
    return [
        say(
            "**Verdict**: the probability of positive on the text so far. Between the grey edges it "
            "takes no side."
        ),
        say(
            "**What each half adds**: the two curves are exact parts of the logit, counted from a text "
            "of as many unknown words."
        ),
        say(
            "**Cell states**: a bar is tanh of a unit's cell state in the second layer, on the whole text. "
            "Shown are the three units of each direction with the largest sum over the words of "
            "|hidden state × its gradient|."
        ),
        say(
            "Read and explained in {reading:.0f} ms, word by word in {along:.0f} more, by "
            "lstm_core, the code of the cell page.",
            reading=1000 * reading,
            along=1000 * along,
        ),
    ]


@dataclass(frozen=True)
class CellLink:
    """An address of the cell page: the word to open it at, and its parameters."""

    word: str
    parameters: dict[str, str]


def in_the_cell(reading: Reading, place: int, stages: int) -> CellLink:
    """Say where the cell page opens at a word of a review.

    Args:
        reading: the review.
        place: of the word, among those that were read.
        stages: steps of the player for each word.

    Returns:
        An address that holds the whole text, or of a long one as much round the word as the cell
        page steps through.
    """
    at = int(np.flatnonzero(reading.read)[place])
    tokens = reading.tokens
    first, last = 0, len(tokens) - 1
    if len(tokens) > LONGEST_IN_CELL:
        first = min(max(0, at - LONGEST_IN_CELL // 2), len(tokens) - LONGEST_IN_CELL)
        last = first + LONGEST_IN_CELL - 1
    while tokens[last].end - tokens[first].start > CHARACTERS_IN_CELL and first < last:
        first, last = (first + 1, last) if at - first > last - at else (first, last - 1)
    text = reading.text[tokens[first].start : tokens[last].end][:CHARACTERS_IN_CELL]
    parameters = {"panel": "trained", "cell_text": text}
    if step := (at - first) * stages:
        parameters["step"] = str(step)
    return CellLink(reading.text[tokens[at].start : tokens[at].end], parameters)


def difference(before: Reading, after: Reading, changed: Sequence[tuple[str, str]]) -> str:
    """Say in Markdown what was changed between two texts, and what it did."""
    if not changed:
        return say("Both texts are the same, word for word. Change one, or let a rule do it.")
    named = "; ".join(_change(old, new) for old, new in changed[:4])
    if len(changed) > 4:
        named = say("{named}; and {count} more", named=named, count=len(changed) - 4)
    values = {
        "named": named,
        "before": say(before.verdict),
        "after": say(after.verdict),
        "moved": float(after.trace.logit) - float(before.trace.logit),
    }
    if before.verdict != after.verdict:
        return say(
            "Changed: {named}. The verdict turns, from **{before}** to **{after}**; the logit moves by "
            "{moved:+.2f}.",
            **values,
        )
    return say(
        "Changed: {named}. The verdict stays **{after}**; the logit moves by {moved:+.2f}.",
        **values,
    )


def _change(old: str, new: str) -> str:
    if not new:
        return say("taken away “{text}”", text=label(old, 60))
    if not old:
        return say("added “{text}”", text=label(new, 60))
    return f"“{label(old, 60)}” → “{label(new, 60)}”"


def read_as_listed(read_as: Mapping[str, str], most: int) -> str:
    """List what was read as what, as plain text."""
    listed = ", ".join(f"{word[:40]} → {other}" for word, other in list(read_as.items())[:most])
    return listed + (" ..." if len(read_as) > most else "")


def read_as_label(word: str, read_as: str) -> str:
    """Write what is read as what on a button."""
    return f"{label(word)} → {label(read_as)}"


def taken_home(reading: Reading) -> Programs:
    """Return the programs that read a text as the page does; a long one they read from a file."""
    text = reading.text if len(reading.text) <= LONGEST_IN_URL else None
    return programs(
        "reviews", text=text, as_written=reading.kept, steps=reading.contributions.steps
    )
