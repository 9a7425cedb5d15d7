"""What the contract test needs to know of the chapter; its state is ``Shown``."""

from pages.example.lesson import Shown

FIRST = Shown(0.5)
REACHED = {"kept": Shown(2.0)}
MOVES = ({"example_weight": 2.0},)
STATES = [Shown(0.0), Shown(1.0), Shown(3.0)]


def shown(preset):
    """Return what a preset's claim, and the quests, are checked on."""
    return Shown(preset.sets["example_weight"])


def taken_home():
    """Yield programs, and what each has to leave in ``result``."""
    for weight in (0.5, 2.0):
        yield Shown(weight).programs, Shown(weight).state
