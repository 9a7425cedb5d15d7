"""What the contract test needs to know of the chapter on the way back; its state is a ``State``."""

from lstm_core.gradients.bptt import GROUPS
from lstm_core.sentiment.reader import Reader
from pages._book.programs import programs
from pages._book.sentences import SENTENCE
from pages.bptt import exercises, lesson
from pages.bptt.lesson import PRESETS, START, TRAINED, reading_of


def reading(preset="A short look back", **changed):
    """Make what the page reads with a preset and other controls."""
    return reading_of({**START, **PRESETS[preset].sets, **changed})


def state_of(preset="A short look back", group="W_f", **changed):
    """Make what stands on the screen, with the first unit in front."""
    return exercises.State(reading(preset, **changed).way, group, 0)


FIRST = state_of()
REACHED = {
    "silent-state": state_of(bptt_sequence="0 1 -1 2"),
    "overrated": state_of(bptt_sequence=" ".join(["0.1"] * 60), bptt_seed=4),
    "carried-far": state_of("One bit, kept", bptt_sequence="1" + " 0" * 19),
}
MOVES = (
    {"bptt_step": 3},
    {"bptt_step": 6},
    {"bptt_step": 15},
    {"bptt_group": "R_f"},
    {"bptt_preset": "The direct path is not all"},
    {"bptt_source": TRAINED},
)
STATES = [
    *(state_of(preset, group="R_o") for preset in PRESETS),
    *REACHED.values(),
    state_of(bptt_sequence="1"),
]


def shown(preset):
    """Return what a preset's claim is checked on."""
    return reading(preset.name).way


def state(preset):
    """Return what the quests are checked on after a preset."""
    return state_of(preset.name)


_PLAIN = reading(bptt_sequence="1 0.5 -1 2 0 1 -0.5 1").way
broken = dict.fromkeys(list(PRESETS)[1:], _PLAIN)


def gradients(way):
    """Name the gradients of a way back as the programs do."""
    groups = {group: way.total(group) for group in GROUPS}
    return groups | {"cell_state": way.gradient.cell_state, "direct_path": way.direct_path}


def taken_home():
    """Yield programs, and what each has to leave in ``result``."""
    for preset, changed in (
        ("A short look back", {"bptt_every": True}),
        ("A short look back", {"bptt_sequence": "1"}),
        ("One bit, kept", {}),
        ("A shut forget gate", {}),
    ):
        small = reading(preset, **changed)
        yield small.programs(), gradients(small.way), 1e-5, 1e-18
    network = Reader.load().network.in_double()
    vectors = network.embed(Reader.load().ids(SENTENCE)).astype(float)
    yield programs("bptt", "trained"), gradients(network.way_back(vectors, 0, "forward"))
    way = network.way_back(vectors, 1, "backward")
    yield lesson.trained_programs(SENTENCE, "second", "backward"), gradients(way)
