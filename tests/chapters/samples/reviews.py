"""What the contract test needs to know of the chapter on sentiment; its state is its ``Screen``."""

from dataclasses import replace
from functools import cache

from lstm_core.sentiment import explanations
from lstm_core.sentiment.prefixes import read_prefixes
from lstm_core.sentiment.reader import Reader, measured
from lstm_core.sentiment.tokenizer import tokenize
from pages.reviews import exercises, lesson, why

WARM, COLD, TURNS, _ = lesson.EXAMPLES.values()
NOT_GOOD = "The film was not good."
WON_OVER = (
    "I was bored by the first half hour. Then it becomes wonderful: funny, moving and superbly played. "
    "I loved it and recommend it to everyone."
)
QUOTED = "A 'text' with \\ and \"quotes\"\nand {braces}, but a good one."
reader = cache(Reader.load)


def screen(text, step=None, changed=None, phrase=None):
    """Read a text as the page does; by default it is shown from its end, and nothing is changed."""
    reading = reader().read(text)
    prefixes = read_prefixes(reader().network, reading.ids)
    probabilities = reading.calibration.probability(prefixes.logit).tolist()
    weighed = None
    if phrase is not None:
        words = [token.word for token in reading.tokens_read]
        place, problem = why.find_phrase(words, phrase)
        assert not problem
        weighed = explanations.phrase(reader().network, reading.ids, *place)
    return exercises.Screen(
        reading,
        prefixes.lengths.tolist(),
        probabilities,
        len(probabilities) - 1 if step is None else step,
        None if changed is None else reader().read(changed),
        weighed,
        measured(),
    )


def at_its_lowest(text):
    """Stop the reading where the probability of positive is lowest."""
    whole = screen(text)
    return replace(whole, step=whole.probabilities.index(min(whole.probabilities)))


FIRST = screen(WARM)
REACHED = {
    "on-the-way": at_its_lowest(WON_OVER),
    "one-word": screen("A wonderful film.", changed="A dreadful film."),
    "only-together": screen(NOT_GOOD, phrase="not good"),
}
MOVES = (
    {"text": TURNS},
    {"word": [token.word for token in tokenize(TURNS)].index("terrific")},
    {"why_method": "Occlusion"},
    {"other": TURNS.replace("terrific", "terrible")},
    {"text": "Der Film war wunderbar."},
)
STATES = [screen(text) for text in ("Great", "A dull film.", "zzyzx blorf", "...a", "good " * 400)]


def shown(preset):
    """Return the screen with a preset's text."""
    return screen(preset.sets["text"], changed=preset.sets["text"])


def taken_home():
    """Yield programs, and what each has to leave in ``result``."""
    for text in (TURNS, QUOTED):
        reading = reader().read(text)
        wanted = {
            "probability": reading.probability,
            "contributions": reading.contributions.words,
        }
        yield lesson.taken_home(reading), wanted, 1e-4
