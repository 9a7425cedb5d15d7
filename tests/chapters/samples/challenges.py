"""What the contract test needs to know of the chapter on challenges; its state is its ``Screen``."""

from dataclasses import replace
from functools import cache

from lstm_core.sentiment.probe import read_probe
from lstm_core.sentiment.reader import Reader, failures, measured
from pages.challenges import exercises, lesson
from tests.chapters.reaching import WEIGHED, reached

reader = cache(Reader.load)


@cache
def scored(name):
    """Return the sentences of a challenge, and their scores."""
    rows = lesson.of_challenge(lesson.BY_NAME[name], read_probe())
    return rows, reader().score([row["text"] for row in rows])


def screen(name, text=None):
    """Choose a challenge as on the page; without a text, its first example is read."""
    challenge = lesson.BY_NAME[name]
    rows, scores = scored(name)
    first = lesson.examples(challenge, rows, scores).first
    reading = reader().read(first if text is None else text)
    listed = (rows, scores) if challenge.probe else ([], None)
    return exercises.Screen(challenge, reading, *listed, measured(), failures()["by_words_left"])


def sides_changed():
    """Yield what is said of each sentence of a contrast, when both sides of "but" change places."""
    for row in scored("Contrast")[0]:
        before, but, after = row["text"].rstrip(".").partition(", but ")
        if but:
            yield screen("Contrast", f"{after}{but}{before}.")


def misspelt():
    """Yield what is said of sentences in which a word begins with a wrong letter."""
    for row in scored("Irony")[0][:12]:
        words = row["text"].split()
        for place, word in enumerate(words):
            if len(word) > 5:
                changed = [*words[:place], f"v{word[1:]}", *words[place + 1 :]]
                yield screen("Irony", " ".join(changed))


FIRST = screen("Irony")
REACHED = {
    "same-words": reached(exercises.QUESTS, "same-words", sides_changed()),
    "one-letter": reached(exercises.QUESTS, "one-letter", misspelt()),
    "no-side": reached(exercises.QUESTS, "no-side", (screen("Irony", text) for text in WEIGHED)),
}
MOVES = (
    {"challenge": "Negation"},
    {"challenge_text": "It was not bad."},
    {"challenge_wrong": False},
    {"challenge": "Length"},
)
STATES = [screen(name) for name in lesson.BY_NAME]


def taken_home():
    """Yield programs, and what each has to leave in ``result``."""
    for name, challenge in lesson.BY_NAME.items():
        programs = lesson.programs_of(challenge)
        if not challenge.probe:
            yield programs, [row["accuracy"] for row in failures()["by_words_left"]]
            continue
        # Keras takes seconds for each, so that it reads one kind alone.
        read = programs if name == "Negation" else replace(programs, keras="")
        yield read, scored(name)[1].probability, 1e-5
