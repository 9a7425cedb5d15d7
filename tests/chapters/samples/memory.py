"""What the contract test needs to know of the chapter on memory; its state is its ``Screen``."""

from functools import cache

from lstm_core.sentiment.memory import move_words, remember
from lstm_core.sentiment.opened import LAYERS
from lstm_core.sentiment.reader import Reader
from pages._book.sentences import sentence_ids
from pages.memory import exercises, lesson
from tests.chapters.reaching import reached

CEREAL = lesson.START["memory_text"]
TRAIN = "The train leaves at three and the letter is in the box on the table by the door."
MARKET = "The bus leaves at seven from the market and stops at the bridge and at the school."
HIDDEN = (
    "Two hours in a small town with a man who finds a letter, wonderful as it is, and then takes the "
    "train to the sea, and so on and so on"
)
reader = cache(Reader.load)


@cache
def screen(text=CEREAL, layer="first", direction="forward"):
    """Read a text as the page does."""
    words, ids, _ = sentence_ids(reader(), text)
    place = LAYERS.index(layer)
    directions = ("forward", "backward")
    memories = {way: remember(reader(), ids, place, way) for way in directions}
    moved = {way: move_words(reader(), ids, place, way) for way in directions}
    return lesson.Screen(words, memories, direction, moved)


def several(key, *texts):
    """Read texts with each of the four LSTMs, until a quest is fulfilled."""
    ways = [(layer, way) for layer in LAYERS for way in ("forward", "backward")]
    states = (screen(text, *way) for text in texts for way in ways)
    return reached(exercises.QUESTS, key, states)


FIRST = screen()
REACHED = {
    "held-in-vain": several("held-in-vain", TRAIN, MARKET),
    "half-is-left": several(
        "half-is-left", *(f"Amazing!{f' {word}' * 11}" for word in ("the", "of", "with", "film"))
    ),
    "decisive-and-gone": several("decisive-and-gone", TRAIN, HIDDEN, MARKET),
}
MOVES = (
    {"memory_text": CEREAL.replace("Amazing!", "")},
    {"memory_direction": "backward"},
    {"memory_layer": "second"},
    {"memory_text": lesson.EXAMPLES["Mostly plot"]},
    None,
    {"memory_text": lesson.EXAMPLES["A negation"]},
)
BUTTONS = ("start_from",)
STATES = [
    screen(text, layer, direction)
    for text in (CEREAL, TRAIN, "Good", "Good film", "a a a")
    for layer, direction in (("first", "forward"), ("second", "backward"))
]


def shown(preset):
    """Return the screen with a preset's text."""
    return screen(preset.sets["memory_text"])


def taken_home():
    """Yield programs, and what each has to leave in ``result``."""
    text = "Terrific start, then a “dull\\” blorfastic film!"
    for layer, direction in (("first", "forward"), ("second", "backward")):
        memory = remember(reader(), reader().ids(text), LAYERS.index(layer), direction)
        wanted = {"held": memory.at_the_end, "matters": memory.matters}
        # The page reads in single precision: a change of the logit is known to its last digits.
        yield lesson.taken_home(text, layer, direction), wanted, 1e-5, 1e-6
