"""What the contract test needs to know of the chapter on activations; its state is a ``Chain``."""

from lstm_core.gradients.chain import chain
from pages._book.programs import programs

FIRST = chain(0.0, 1.0, 20)
REACHED = {"sigmoid-lives": chain(0.0, 4.0, 20), "tanh-explodes": chain(0.0, 2.0, 20)}
MOVES = ({"x": 3.0}, {"function": "sigmoid"}, {"w": 4.0})
STATES = [chain(0, 1, 20), chain(2, 3.5, 5), chain(0, 4, 9), chain(-8, 0, 60)]


def shown(preset):
    """Return what a preset's claim, and the quests, are checked on."""
    return chain(preset.sets["x"], preset.sets["w"], preset.sets["steps"])


def taken_home():
    """Yield programs, and what each has to leave in ``result``."""
    yield programs("activations", point=1.5, weight=1.2, steps=7), chain(1.5, 1.2, 7).left
