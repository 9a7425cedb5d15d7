"""Tour, quests and questions of the page on a visitor's own network; the state is a ``lesson.Seen``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from lstm_core import own
from lstm_core.own import examples
from pages._book.exercises import Card, Quest
from pages._book.language import decimal, mark, say
from pages._book.log_axes import readable
from pages._book.questions import Question
from pages.own import lesson
from pages.own.lesson import EXAMPLES, PRESETS, START, Seen, keeping_gate, last_answer

MANY = 16
"""So many units a network of the second quest has at least."""
FEW = 3
"""So many of them may be switched off."""
HALF = 0.5
LARGE = {"units1024"}
"""Examples that take too long to be opened only to be compared."""


def _of(name: str, **more: object) -> dict[str, object]:
    return {**PRESETS[name].sets, **more}


_COUNTS, _GRU, _TWO, _UNITS, _ = EXAMPLES

TOUR = (
    Card(
        mark("Five sentences"),
        mark(
            "A file was opened and run, without the library that wrote it. Five sentences say what was found. "
            "**Choose another sentence** and see its picture."
        ),
        sets=_of(_COUNTS),
        cue="own_look",
        panel="look",
        done=lambda values: values.get("own_look") not in {None, START["own_look"]},
    ),
    Card(
        mark("Step through it"),
        mark(
            "The drawing of the cell page plays the weights of the file. **Press the right arrow until "
            "“cell state”.**"
        ),
        sets=_of(_COUNTS, own_view=lesson.STEP),
        cue="own_step_player",
        panel="step",
        done=lambda values: (values.get("own_step") or 0) >= 4,
    ),
    Card(
        mark("All units at once"),
        mark(
            "This network has 64 units. **Choose “All units”**: each has a row, the one that matters most is "
            "on top."
        ),
        sets=_of(_UNITS, own_view=lesson.STEP),
        cue="own_view",
        panel="step",
        done=lambda values: values.get("own_view") == lesson.MAP,
    ),
    Card(
        mark("Two orders of the gates"),
        mark(
            "Weights that are moved by hand give other numbers: libraries order the gates differently. "
            "**Write the network for ONNX** and see which blocks change places."
        ),
        sets=_of(_COUNTS, own_library="pytorch"),
        cue="own_library",
        panel="carry",
        done=lambda values: values.get("own_library") == "onnx",
    ),
)


@cache
def _fingerprint(key: str) -> tuple[str, tuple[float, ...]]:
    """Return the kind of file of an example, and sums by which its weights are known again."""
    network = own.open_network(examples.example(key), examples.EXAMPLES[key])
    return network.format, _sums(network)


def _sums(network: own.Network) -> tuple[float, ...]:
    """Return sums over the weights of the first recurrent layer, which no order of gates changes."""
    cell = network.recurrent[0].cell
    kernels = (cell.kernel, cell.recurrent_kernel)
    return (float(cell.units), *(float(np.sum(kernel, dtype=float)) for kernel in kernels))


def carried_back(seen: Seen) -> str:
    """Return the example whose weights came back in another library's file; "" if none did."""
    if not seen.is_own:
        return ""
    sums = _sums(seen.network)
    for name, example in EXAMPLES.items():
        if example.key not in LARGE:
            kind, known = _fingerprint(example.key)
            if kind != seen.network.format and np.allclose(sums, known, rtol=1e-4, atol=1e-4):
                return name
    return ""


def _how_it_came_back(seen: Seen) -> str:
    if not seen.is_own:
        return say("Open a file of your own: one that you downloaded here.")
    name = carried_back(seen)
    if name:
        return say("“{name}” came back as {format}.", name=say(name), format=seen.network.format)
    return say("These are not the weights of an example in another library's file.")


def moved(seen: Seen) -> float:
    """Return by what share of its size the answer moves without the units that are off."""
    if seen.silent is None:
        return 0.0
    before, after = last_answer(seen.run), last_answer(seen.silent)
    size = float(np.abs(before).max()) or 1.0
    return float(np.abs(after - before).max()) / size


def _turned(seen: Seen) -> bool:
    return seen.cell.units >= MANY and 0 < len(seen.off) <= FEW and moved(seen) >= HALF


def _how_far(seen: Seen) -> str:
    if seen.cell.units < MANY:
        return say("This layer has {count} units.", count=seen.cell.units)
    return say(
        "{count} off: the answer moves by {share:.0%}.", count=len(seen.off), share=moved(seen)
    )


QUESTS = (
    Quest[Seen](
        "round-trip",
        mark("Carry an example to another library, and open the file that you downloaded here."),
        lambda seen: bool(carried_back(seen)),
        _how_it_came_back,
        mark("The panel “Carry it” writes the file; choose “A file of your own” to bring it."),
    ),
    Quest[Seen](
        "few-units",
        mark(
            "In a network of 16 units or more, switch off at most three units so that the answer moves by "
            "half of its size."
        ),
        _turned,
        _how_far,
        mark("The rule says which units matter most; they stand first."),
    ),
)


def quiz(seen: Seen) -> tuple[Question, ...]:
    """Ask about the order of the gates, a half-life, the unit that matters most, and the biases.

    What is plain to see is not asked: of a plain RNN no order, of one unit not which matters most.
    """
    questions = [_order(seen), _half_life(seen), _which_unit(seen), _biases(seen)]
    return tuple(question for question in questions if question is not None)


def _order(seen: Seen) -> Question | None:
    """Ask in which order a library keeps the gates of this kind of cell."""
    if seen.kind == "RNN":
        return None
    orders: Mapping[str, str] = {
        library: " ".join(of[seen.kind])
        for library, of in lesson.ORDERS.items()
        if library != "NumPy"
    }
    asked = "PyTorch" if lesson.library_of(seen.network) != "PyTorch" else "Keras"
    if seen.kind == "LSTM":
        asked = "ONNX"
    right = orders[asked]
    choices = list(dict.fromkeys([*orders.values(), "f i c o" if seen.kind == "LSTM" else "z n r"]))
    owners: dict[str, list[str]] = {}
    for library, order in orders.items():
        owners.setdefault(order, []).append(library)
    feedback = [
        say("{order} is the order of {library}.", order=order, library=", ".join(owners[order]))
        if order in owners
        else say("None of the three orders them so.")
        for order in choices
    ]
    text = say(
        "This layer is of the kind {kind}. In which order does {library} keep its gates?",
        kind=seen.kind,
        library=asked,
    )
    return Question(text, tuple(choices), (choices.index(right),), tuple(feedback))


def _half_life(seen: Seen) -> Question | None:
    """Ask after how many steps the unit in front has let go of half."""
    gate = keeping_gate(seen.trace)
    if gate is None:
        return None
    mean = float(gate[:, seen.unit].mean())
    if not 0.2 < mean < 0.9995:
        return None
    life = lesson.half_life(mean)
    options = {
        life: say("0.5 = {mean:.3f} to the power of {life}.", mean=mean, life=readable(life, 3)),
        1 / (1 - mean): say("That is 1 / (1 − gate): after so many steps about 1/e is left."),
        0.5 / (1 - mean): say(
            "That takes the same amount away at each step. A gate takes away a share of what is left."
        ),
        2 * life: say("After so many steps a quarter is left."),
    }
    return _numbers(
        say(
            "The gate that keeps averages {mean:.3f} in unit {unit}. After how many steps is half of the "
            "memory gone?",
            mean=mean,
            unit=seen.unit + 1,
        ),
        options,
    )


def _numbers(text: str, options: Mapping[float, str]) -> Question | None:
    """Make a question of numbers; the first one is right."""
    written = {readable(value, 3): why for value, why in reversed(list(options.items()))}
    if len(written) < 3:
        return None
    right = readable(next(iter(options)), 3)
    values = {readable(value, 3): value for value in options}
    choices = sorted(written, key=values.__getitem__)
    return Question(
        text, tuple(choices), (choices.index(right),), tuple(written[one] for one in choices)
    )


def _which_unit(seen: Seen) -> Question | None:
    """Ask which of four units matters most for the answer."""
    units = seen.cell.units
    if units < 4:
        return None
    places = sorted({0, units // 3, 2 * units // 3, units - 1})
    asked = sorted(int(seen.order[place]) for place in places)
    shares = [float(seen.shares[unit]) for unit in asked]
    right = tuple(k for k, share in enumerate(shares) if share == max(shares))
    if len(right) == len(asked):
        return None
    choices = tuple(say("Unit {unit}", unit=unit + 1) for unit in asked)
    feedback = tuple(
        say("It has {share} of what all units count.", share=f"{decimal(100 * share, '.2g')} %")
        for share in shares
    )
    return Question(
        say("Which of these units matters most for the answer to this input?"),
        choices,
        right,
        feedback,
    )


def _biases(seen: Seen) -> Question | None:
    """Ask how many numbers PyTorch keeps as the biases of this layer, in one direction."""
    columns = len(seen.cell.gates) * seen.cell.units
    text = say(
        "How many numbers are the biases of this layer in PyTorch, in one direction (gates: {gates}, units: "
        "{units})?",
        gates=len(seen.cell.gates),
        units=seen.cell.units,
    )
    options = {
        2 * columns: say(
            "PyTorch keeps two: bias_ih and bias_hh, each with gates × units numbers."
        ),
        columns: say(
            "That is one bias. PyTorch keeps one for the inputs and one for the recurrence."
        ),
        2 * seen.cell.units: say("That is two for each unit; each gate has biases of its own."),
        4 * columns: say("That has four biases for each gate."),
    }
    values = list(dict.fromkeys(options))
    if len(values) < 3:
        return None
    choices = sorted(values)
    written: dict[int, Any] = {one: options[one] for one in choices}
    return Question(
        text,
        tuple(decimal(one, ",d") for one in choices),
        (choices.index(2 * columns),),
        tuple(written.values()),
    )
