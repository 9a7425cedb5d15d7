"""What the contract test needs to know of the chapter on one's own network; its state is a ``Seen``."""

from functools import cache

from lstm_core import own
from lstm_core.own import examples
from pages.own import lesson
from pages.own.lesson import Seen

_NAMES = list(lesson.EXAMPLES)
COUNTS, GRU, TWO, UNITS, LARGE = _NAMES


@cache
def opened(name):
    key = lesson.EXAMPLES[name].key
    return own.open_network(examples.example(key), examples.EXAMPLES[key])


def seen_of(network, name, text="", is_own=False, **more):
    """Feed a network as the page does, and look at it."""
    key = lesson.EXAMPLES[name].key if name in lesson.EXAMPLES else ""
    words = {}
    if not text:
        fed = own.default_input(network, lesson.DEFAULT_STEPS)
    elif network.takes == "numbers":
        fed = own.numbers_from_text(network, text)
    else:
        vocabulary = own.read_vocabulary(examples.vocabulary_of(key))
        words, fed = vocabulary.words, own.words_to_tokens(network, text, vocabulary)
    return Seen(name, is_own, network, fed, network.run(fed.inputs), words=words, **more)


@cache
def of_example(name, **more):
    return seen_of(opened(name), name, lesson.EXAMPLES[name].text, **more)


def shown(preset):
    """Return what a preset's claim, and the quests, are checked on."""
    return of_example(preset.name)


def carried(name, to):
    """Return what is seen of an example that was carried to another library and opened again."""
    file = own.write_network(opened(name), to)
    return seen_of(own.open_network(file.data, file.name), file.name, is_own=True)


def without_the_best(name, count):
    seen = of_example(name)
    return lesson.with_off(seen, [int(unit) for unit in seen.order[:count]])


FIRST = of_example(COUNTS)
REACHED = {"round-trip": carried(COUNTS, "pytorch"), "few-units": without_the_best(UNITS, 3)}
MOVES = (
    {"own_look": "gradient"},
    {"own_step": 4},
    {"own_view": lesson.MAP},
    {"own_library": "onnx"},
)
STATES = [
    of_example(TWO, layer=1, direction="backward"),
    of_example(GRU, chosen=2),
    without_the_best(UNITS, 1),
]
broken = {
    COUNTS: seen_of(opened(COUNTS), COUNTS, "0.5 0.5 0.5 0.5 0.5 1"),
    GRU: of_example(COUNTS),
    TWO: of_example(COUNTS),
    UNITS: of_example(GRU),
    LARGE: of_example(UNITS),
}


def taken_home():
    """Yield programs, and what each has to leave in ``result``."""
    for seen in (of_example(COUNTS), of_example(TWO, layer=1, direction="backward")):
        wanted = {"output": seen.run.output, "hidden_state": seen.trace.hidden_state}
        yield lesson.programs_of(seen), wanted, 1e-5
