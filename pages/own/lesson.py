"""The page on a visitor's own network: its examples, what is said of a network, and what is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core import own
from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell, GRUTrace
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.lstm import LSTMCell, LSTMTrace
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import Trace
from lstm_core.messages import Message
from lstm_core.own import examples
from lstm_core.own.gates import letters_of
from lstm_core.own.ways_back import CellsWay, way_of, windowed
from pages._book.drawings import TITLES
from pages._book.exercises import Step
from pages._book.language import decimal, mark, plural, say
from pages._book.log_axes import readable
from pages._book.markdown import plain
from pages._book.player import UNITS
from pages._book.presets import Preset, by_name
from pages._book.programs import Programs, programs
from pages._book.walks import GRU, LSTM, RESET_FIRST, RNN, Walk, with_activation
from pages.own import figures

OWN = mark("A file of your own")
LARGEST_FILE = own.MOST_BYTES // 1_000_000
"""In megabytes."""
WINDOW = 60
"""So many steps are shown at once of a long sequence."""
LISTED = 60
"""So many units can be chosen from the list, those that matter most."""
DEFAULT_STEPS = 30
BACK_STEPS = 12
"""So many steps of the way back are taken apart."""
DOUBLE = 3_000_000
"""A network of at most so many weights goes back in double precision."""
DRAWS = 5
"""So often as many other units are drawn at random."""

LOOKS = ("forgetting", "saturated", "gradient", "eigenvalue", "units")
STEP, MAP, KEPT, OFF = (
    mark("One unit"),
    mark("All units"),
    mark("Kept"),
    mark("Off"),
)
FLOW, VALUES, BACK = mark("Gradient"), mark("Eigenvalues"), mark("Back through a step")
OUTPUTS, GATES = mark("My library's answer"), mark("My own cell's gates")
LIBRARIES = {"pytorch": "PyTorch", "keras": "Keras", "onnx": "ONNX", "npz": "NumPy"}
"""What a network is written for, by the name that ``own.write_network`` takes."""
QUANTITIES = {
    "LSTM": ("forget_gate", "input_gate", "candidate", "output_gate", "cell_state", "hidden_state"),
    "GRU": ("update_gate", "reset_gate", "candidate", "hidden_state"),
    "RNN": ("hidden_state",),
}
QUANTITY_TITLES = {
    "forget_gate": mark("forget gate"),
    "input_gate": mark("input gate"),
    "candidate": mark("candidate"),
    "output_gate": mark("output gate"),
    "cell_state": mark("cell state"),
    "hidden_state": mark("hidden state"),
    "update_gate": mark("update gate"),
    "reset_gate": mark("reset gate"),
}
COLOURS = {
    "forget_gate": "forget",
    "input_gate": "input",
    "candidate": "candidate",
    "output_gate": "output",
    "cell_state": "cell_state",
    "hidden_state": "hidden_state",
    "update_gate": "forget",
    "reset_gate": "output",
}
SIGNED = {"candidate", "cell_state", "hidden_state"}


def told(message: str) -> str:
    """Say a message of the core as Markdown; a name that stands in it is no markup."""
    if not isinstance(message, Message):
        return say(message)
    values = {key: _harmless(key, value) for key, value in message.values.items()}
    return say(message.template, **values) if values else say(message.template)


def _harmless(key: str, value: object) -> object:
    """Write what stands in a message so that nothing in it is markup; a line of code stays as it is."""
    if isinstance(value, Message):
        return told(value)
    if not isinstance(value, str):
        return value
    return f"`{value}`" if key == "line" else plain(value)


@dataclass(frozen=True)
class Example:
    """A network to try at once.

    Attributes:
        key: of ``examples.EXAMPLES``.
        text: what it reads where nothing is typed; "" for the input that is made up.
        view: what the first panel shows of it, of ``LOOKS``.
    """

    key: str
    text: str
    view: str = "forgetting"


@dataclass(frozen=True, eq=False)
class Seen:
    """A network that was opened, on what it reads, and what is looked at in it.

    Attributes:
        name: of the example, or of the file.
        is_own: whether the visitor brought it.
        network: as it was opened.
        fed: what it reads.
        run: what it did with that.
        layer: place among the recurrent layers.
        direction: of that layer.
        chosen: the unit that is looked at, from 0; None is the one that matters most.
        asked_output: place in the answer that everything is about; None is the largest.
        off: units that are switched off, from 0.
        words: of the tokens, where there is a vocabulary.
    """

    name: str
    is_own: bool
    network: own.Network
    fed: own.Fed
    run: own.NetworkRun
    layer: int = 0
    direction: str = "forward"
    chosen: int | None = None
    asked_output: int | None = None
    off: tuple[int, ...] = ()
    words: Mapping[int, str] = field(default_factory=dict)

    @property
    def opened(self) -> own.Recurrent:
        """The layer that is looked at."""
        return self.network.recurrent[self.layer]

    @cached_property
    def cell(self) -> Cell:
        """The cell that is looked at."""
        return self.run.trace(self.layer, self.direction)[0]

    @cached_property
    def trace(self) -> Trace:
        """Its run, in the order in which it reads."""
        return self.run.trace(self.layer, self.direction)[1]

    @property
    def steps(self) -> int:
        """How many steps it reads."""
        return len(self.trace.hidden_state)

    @property
    def kind(self) -> str:
        """LSTM, GRU or RNN."""
        return self.opened.kind

    @cached_property
    def importance(self) -> own.Importance:
        """How much each unit matters, by the stated rule."""
        return own.importance(self.network, self.run, self.layer, self.direction, self.asked_output)

    @property
    def output(self) -> int:
        """Place in the answer that everything is about."""
        return int(self.importance.output)

    @cached_property
    def shares(self) -> Array:
        """How much each unit matters, as a share of all."""
        values = np.nan_to_num(np.abs(np.asarray(self.importance.values, float)))
        return np.asarray(values / (values.sum() or 1.0))

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """The units, the one that matters most first."""
        return np.asarray(self.importance.order)

    @property
    def unit(self) -> int:
        """The unit that is looked at, from 0."""
        if self.chosen is None or self.chosen >= self.cell.units:
            return int(self.order[0])
        return self.chosen

    @property
    def units_shown(self) -> list[int]:
        """The units that the player shows: those that matter most, the chosen one among them."""
        first = [int(unit) for unit in self.order[:UNITS]]
        return first if self.unit in first else [*first[: UNITS - 1], self.unit]

    @cached_property
    def labels(self) -> list[str]:
        """What is read at each step, in the order in which the cell reads."""
        steps = labels_of(self.network, self.fed, self.run, self.words)
        if len(steps) != self.steps:
            steps = numbered(self.steps)
        turned = (self.direction == "backward") != self.opened.from_the_end
        return steps[::-1] if turned else steps

    @cached_property
    def way(self) -> CellsWay:
        """The way back from one number of the answer."""
        network, run = self.network, self.run
        if network.parameter_count <= DOUBLE and network.dtype != np.float64:
            network = network.in_precision(np.float64)
            run = network.run(self.run.inputs)
        return way_of(network, run, self.layer, self.direction, self.output)

    @cached_property
    def silent(self) -> own.NetworkRun | None:
        """The run with units switched off; None if none is."""
        return self.without(self.off) if self.off else None

    def without(self, units: Sequence[int]) -> own.NetworkRun:
        """Run the network with units switched off."""
        twin = own.switched_off(self.network, units, self.layer, self.direction)
        return twin.run(self.run.inputs)

    @cached_property
    def others(self) -> list[Array]:
        """The answers with as many other units off, drawn at random."""
        left = np.setdiff1d(np.arange(self.cell.units), self.off)
        count = len(self.off)
        if not count or len(left) < count:
            return []
        rng = np.random.default_rng(1)
        draws = [rng.choice(left, count, replace=False).tolist() for _ in range(DRAWS)]
        return [last_answer(self.without(draw)) for draw in draws]

    def window(self, first: int) -> tuple[Trace, list[str], int]:
        """Cut out what is shown of a long sequence: trace, labels, and the step it begins at."""
        first = max(0, min(first, self.steps - WINDOW))
        last = min(first + WINDOW, self.steps)
        return windowed(self.trace, first, last), self.labels[first:last], first


def labels_of(
    network: own.Network, fed: own.Fed, run: own.NetworkRun, words: Mapping[int, str]
) -> list[str]:
    """Name what is read at each step, in the order of the text."""
    inputs = np.asarray(run.inputs)
    if fed.words is not None:
        labels = list(fed.words)
    elif words and network.takes == "tokens":
        labels = [words.get(int(token), str(int(token))) for token in inputs]
    elif network.takes == "tokens":
        labels = [str(int(token)) for token in inputs]
    elif inputs.shape[-1] == 1:
        labels = [f"{round(float(value), 2) + 0.0:g}" for value in inputs[:, 0]]
    else:
        labels = [str(t + 1) for t in range(len(inputs))]
    if run.kept is not None and len(run.kept) < len(labels):
        labels = [labels[int(place)] for place in run.kept]
    return labels


def are_ids(text: str) -> bool:
    """Whether a text is made of whole numbers alone, so that it is token ids."""
    return all(word.isdecimal() for word in text.replace(",", " ").split())


def has_words(name: str) -> bool:
    """Whether an example has a vocabulary."""
    return name in EXAMPLES and examples.vocabulary_of(EXAMPLES[name].key) is not None


def last_answer(run: own.NetworkRun) -> Array:
    """Return the answer, (outputs,): that of the last step where there is one for each."""
    return np.asarray(run.output[-1] if run.output.ndim > 1 else run.output)


def answers_by_step(run: own.NetworkRun) -> Array | None:
    """Return the answer at each step, (time, outputs); None where there is no such."""
    return run.output if run.output.ndim > 1 else run.by_step


def walk_of(cell: Cell) -> Walk:
    """Return what the player shows of a cell."""
    if isinstance(cell, LSTMCell):
        return LSTM
    if isinstance(cell, ResetFirstGRUCell):
        return RESET_FIRST
    if isinstance(cell, GRUCell):
        return GRU
    if isinstance(cell, RNNCell):
        return with_activation(RNN, cell.activation.name)
    raise TypeError(f"no walk for a {type(cell).__name__}")


def quantity(trace: Trace, name: str) -> Array:
    """Return one quantity of a run, (time, units)."""
    return np.asarray(getattr(trace, name))


def kept_and_written(trace: Trace, unit: int) -> tuple[Array, Array, Array] | None:
    """Return what each step kept and wrote, and the state, of one unit; None of a plain RNN."""
    if isinstance(trace, LSTMTrace):
        return trace.kept[:, unit], trace.written[:, unit], trace.cell_state[:, unit]
    if isinstance(trace, GRUTrace):
        z, g = trace.update_gate[:, unit], trace.candidate[:, unit]
        before = trace.previous_hidden_state[:, unit]
        return z * before, (1.0 - z) * g, trace.hidden_state[:, unit]
    return None


def keeping_gate(trace: Trace) -> Array | None:
    """Return the gate that keeps the memory, (time, units); None of a plain RNN."""
    if isinstance(trace, LSTMTrace):
        return trace.forget_gate
    return trace.update_gate if isinstance(trace, GRUTrace) else None


def half_life(gate: float) -> float:
    """After how many steps a gate that stands at a value has let go of half."""
    if gate >= 1.0:
        return float("inf")
    return 0.0 if gate <= 0.0 else float(np.log(0.5) / np.log(gate))


# ---- Examples and controls ------------------------------------------------------------------------

ADDING = "0.5 1\n0.3 0\n-0.7 0\n0.4 1\n0.9 0\n-0.2 0\n-0.8 1\n0.6 0\n0.1 0\n0.7 1\n-0.5 0\n0.2 0"
"""A number a step, and whether it is to be added."""
COUNTS = mark("An LSTM that counts")
EXAMPLES = {
    COUNTS: Example("counts", "1 1 0 1 0 1 1"),
    mark("A GRU of PyTorch"): Example("gru", "", "units"),
    mark("Two layers, two directions"): Example("reviews", "the film was not good", "units"),
    mark("64 units"): Example("units64", ADDING, "units"),
    mark("1,024 units"): Example("units1024", "", "eigenvalue"),
}
"""The networks to try at once, by name; the first one is what the page opens with."""
START: dict[str, Any] = {
    "own_network": COUNTS,
    "own_text": "",
    "own_steps": DEFAULT_STEPS,
    "own_part": 1,
    "own_layer": 1,
    "own_direction": "forward",
    "own_unit": 0,
    "own_output": 0,
    "own_look": EXAMPLES[COUNTS].view,
    "own_view": STEP,
    "own_from": 1,
    "own_quantity": "",
    "own_off": [],
    "own_step": Step(0),
    "own_flow": FLOW,
    "own_at": 0,
    "own_back": Step(0),
    "own_check": OUTPUTS,
    "own_lines": "keras",
    "own_library": "pytorch",
}
"""The page's controls by their keys, with what they stand at to begin with."""


def _counted(seen: Seen) -> tuple[float, int]:
    """Return the cell state at the end of the example that counts, and the ones that it read."""
    trace = seen.trace
    ones = int((np.asarray(seen.run.inputs)[..., 0] > 0.5).sum())
    return float(quantity(trace, "cell_state")[-1, 0]), ones


def _concentrated(seen: Seen) -> float:
    """Return the share of the quarter of the units that matter most."""
    most = max(1, seen.cell.units // 4)
    return float(seen.shares[seen.order[:most]].sum())


def _quarter(seen: Seen) -> str:
    return say(
        "{count} of {units} units: {share:.0%} of all",
        count=max(1, seen.cell.units // 4),
        units=seen.cell.units,
        share=_concentrated(seen),
    )


def _preset(
    name: str, claim: str, holds: Callable[[Seen], bool], evidence: Callable[[Seen], str]
) -> Preset[Seen]:
    example = EXAMPLES[name]
    sets = START | {"own_network": name, "own_look": example.view}
    return Preset(name, sets, claim, holds, evidence)


_NAMES = list(EXAMPLES)
PRESETS = by_name(
    (
        _preset(
            _NAMES[0],
            mark("One unit counts the ones: its cell state grows by about 1 with each."),
            lambda seen: abs(_counted(seen)[0] - _counted(seen)[1]) < 0.5,
            lambda seen: plural(
                "{count} one; c = {c:.3f}",
                "{count} ones; c = {c:.3f}",
                _counted(seen)[1],
                c=_counted(seen)[0],
            ),
        ),
        _preset(
            _NAMES[1],
            mark("A GRU trained with PyTorch opens here without PyTorch."),
            lambda seen: seen.kind == "GRU" and bool(np.isfinite(seen.run.output).all()),
            lambda seen: say(
                "{units} units, {steps} steps", units=seen.cell.units, steps=seen.steps
            ),
        ),
        _preset(
            _NAMES[2],
            mark("Two layers read from both ends: four cells, each of which can be opened."),
            lambda seen: sum(len(each.cells) for each in seen.network.recurrent) == 4,
            lambda seen: ", ".join(plain(each.name) for each in seen.network.recurrent),
        ),
        _preset(
            _NAMES[3],
            mark("Of 64 units a quarter does more than half of the work."),
            lambda seen: _concentrated(seen) > 0.5,
            _quarter,
        ),
        _preset(
            _NAMES[4],
            mark("In an untrained network the work is spread: no unit has a tenth of it."),
            lambda seen: float(seen.shares.max()) < 0.1,
            _quarter,
        ),
    )
)


# ---- What is said ---------------------------------------------------------------------------------

LOOK_NAMES = {
    "forgetting": mark("How long it keeps"),
    "saturated": mark("Saturated gates"),
    "gradient": mark("The gradient"),
    "eigenvalue": mark("Eigenvalues"),
    "units": mark("Units that matter"),
}
ABOUT = {
    "forgetting": mark(
        "A point is a unit: after so many steps half of its memory is gone. The dashed line is the length of "
        "the sequence."
    ),
    "saturated": mark(
        "A gate is saturated within 0.02 of 0 or 1, a candidate within 0.02 of ±1: hardly any gradient passes "
        "there."
    ),
    "gradient": mark("Length of the gradient at each step, on its way back."),
    "eigenvalue": mark(
        "Eigenvalues of the weights from h to the candidate. A direction outside of the circle grows."
    ),
    "units": mark("How much each unit counts for the answer, by the rule behind “More”."),
}
"""How each picture of the first look is read."""


def found_sentence(network: own.Network) -> str:
    """Say in one line what was opened."""
    layers = " → ".join(f"{plain(layer.kind)} {_size(layer)}".strip() for layer in network.layers)
    library = plain(network.library or network.format)
    return f"**{library}** · {layers} · {weights(network.parameter_count)}"


def _size(layer: own.Layer) -> str:
    if isinstance(layer, own.Recurrent):
        return f"{layer.units}{' ⇄' if layer.backward_cell is not None else ''}"
    if isinstance(layer, own.Embedding):
        return f"{decimal(layer.vocabulary, ',d')} × {layer.table.shape[1]}"
    return str(layer.kernel.shape[1]) if isinstance(layer, own.Dense) else ""


def weights(count: int) -> str:
    """Say how many weights there are."""
    return plural("{count:,} weight", "{count:,} weights", count)


def unit_sentence(seen: Seen) -> str:
    """Say what the unit in front does with this sequence."""
    share = float(seen.shares[seen.unit])
    first = (
        ""
        if seen.cell.units == 1
        else say(
            "**Unit {unit}** has {share:.1%} of what all {units} units count for the answer.",
            unit=seen.unit + 1,
            share=share,
            units=seen.cell.units,
        )
    )
    gate = keeping_gate(seen.trace)
    if gate is None:
        return first
    mean = float(gate[:, seen.unit].mean())
    life = half_life(mean)
    name = say("forget gate") if seen.kind == "LSTM" else say("update gate")
    if not np.isfinite(life) or life > 1e6:
        kept = say("Its {gate} averages {mean:.3f}: nothing is let go.", gate=name, mean=mean)
    else:
        kept = say(
            "Its {gate} averages {mean:.3f}: half is gone after **{life}** steps.",
            gate=name,
            mean=mean,
            life=readable(life, 3),
        )
    return f"{first} {kept}".strip()


def map_sentence(seen: Seen, name: str, shown: int) -> str:
    """Say what is shown of all units, and the extremes in it."""
    values = quantity(seen.trace, name)
    mean = values.mean(axis=0)
    high, low = int(mean.argmax()), int(mean.argmin())
    what = say(QUANTITY_TITLES[name])
    rows = (
        say("All {units} units.", units=seen.cell.units)
        if seen.cell.units <= shown
        else say(
            "{shown} of {units} units: those that matter most.",
            shown=shown,
            units=f"{decimal(seen.cell.units, ',d')}",
        )
    )
    return say(
        "**{rows}** On average the {what} is highest in unit {high}, {most:.3f}, and lowest in unit {low}, "
        "{least:.3f}.",
        rows=rows,
        what=what,
        high=high + 1,
        most=float(mean[high]),
        low=low + 1,
        least=float(mean[low]),
    )


def kept_sentence(seen: Seen, trace: Trace, labels: Sequence[str]) -> str:
    """Say at which step the state of the unit changes most, and what was kept and written there."""
    parts = kept_and_written(trace, seen.unit)
    if parts is None:
        return say("A plain RNN keeps nothing by itself: every step computes h anew.")
    kept, written, state = parts
    moves = np.abs(np.diff(state, prepend=state[:1]))
    t = int(moves.argmax())
    return say(
        "At “{label}” the state moves most: kept **{kept:.3f}**, written **{written:.3f}**, together "
        "**{state:.3f}**.",
        label=plain(labels[t][:30]),
        kept=float(kept[t]) + 0.0,
        written=float(written[t]) + 0.0,
        state=float(state[t]) + 0.0,
    )


def off_sentence(seen: Seen) -> str:
    """Say how the answer moves where units are switched off."""
    before = float(last_answer(seen.run)[seen.output])
    if seen.silent is None:
        return say(
            "The answer is **{before}**. Switch units off and see how it moves.",
            before=readable(before, 3),
        )
    after = float(last_answer(seen.silent)[seen.output])
    sentence = plural(
        "Without this unit the answer goes from **{before}** to **{after}**.",
        "Without these {count} units the answer goes from **{before}** to **{after}**.",
        len(seen.off),
        before=readable(before, 3),
        after=readable(after, 3),
    )
    if not seen.others:
        return sentence
    values = [float(other[seen.output]) for other in seen.others]
    more = say(
        "With as many others off, drawn {draws} times at random: {low} to {high}.",
        draws=len(values),
        low=readable(min(values), 3),
        high=readable(max(values), 3),
    )
    return f"{sentence} {more}"


def flow_sentence(norms: Array) -> str:
    """Say what is left of the gradient at the first step."""
    steps = len(norms)
    if steps == 1:
        return say("There is one step only.")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = float(norms[0] / norms[-1])
    if not np.isfinite(ratio):
        largest = int(np.nanargmax(norms))
        return say(
            "At the last step the gradient is {last}; it is largest at step {step}.",
            last=readable(float(norms[-1])),
            step=largest + 1,
        )
    word = (
        say("It **vanishes**.")
        if ratio < 1e-3
        else say("It **explodes**.")
        if ratio > 1e3
        else say("It **survives**.")
    )
    return say(
        "Over {steps} steps back the gradient is multiplied by **{ratio}**. {word}",
        steps=steps - 1,
        ratio=readable(ratio),
        word=word,
    )


def flow_alt(norms: Array) -> str:
    """The curve in words."""
    return say(
        "Length of the gradient over {steps} steps on a log axis: {last} at the last, {first} at the first.",
        steps=len(norms),
        last=readable(float(norms[-1])),
        first=readable(float(norms[0])),
    )


def values_sentence(values: NDArray[Any], step: int) -> str:
    """Say what the eigenvalues of one step back mean."""
    sizes = np.abs(values)
    return say(
        "One step back, at step {step}: **{outside}** of {count} eigenvalues lie outside of the circle; the "
        "largest is **{largest:.3f}**.",
        step=step + 1,
        outside=int((sizes > 1 + 1e-6).sum()),
        count=len(values),
        largest=float(sizes.max()),
    )


def values_alt(values: NDArray[Any]) -> str:
    """The eigenvalues in words."""
    sizes = np.abs(values)
    return say(
        "{count} eigenvalues in the complex plane with the unit circle; the largest is {largest:.3f}, {outside} "
        "lie outside.",
        count=len(values),
        largest=float(sizes.max(initial=0.0)),
        outside=int((sizes > 1 + 1e-6).sum()),
    )


def map_alt(name: str, values: Array) -> str:
    """A map of one quantity in words."""
    return say(
        "{what} of {units} units over {steps} steps: from {low:.3f} to {high:.3f}, {mean:.3f} on average.",
        what=say(QUANTITY_TITLES[name]),
        units=values.shape[1],
        steps=len(values),
        low=float(values.min()),
        high=float(values.max()),
        mean=float(values.mean()),
    )


def runs_alt(runs: Mapping[str, Array], what: str) -> str:
    """Numbers over time, or side by side, in words."""
    ends = ", ".join(f"{name}: {readable(float(values[-1]), 3)}" for name, values in runs.items())
    return say("{what}; at the end {ends}.", what=what, ends=ends)


def sources_table(network: own.Network) -> dict[str, list[str]]:
    """Tabulate where each weight came from."""
    rows = network.sources
    return {
        say("weight"): [row.weight for row in rows],
        say("in the file"): [", ".join(row.paths) for row in rows],
        say("shape there"): [", ".join(map(_shape, row.shapes)) for row in rows],
        say("how it was laid out"): [say(row.how) for row in rows],
    }


def _shape(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape))


# ---- The check ------------------------------------------------------------------------------------


Order = tuple[int, ...]
MISREAD: dict[str, dict[str, Order]] = {
    "LSTM": {
        mark("gates in the order of ONNX, i o f c, read as Keras' i f c o"): (0, 3, 1, 2),
        mark("gates read in the order f i c o"): (1, 0, 2, 3),
    },
    "GRU": {mark("gates in the order of PyTorch, r z n, read as Keras' z r h"): (1, 0, 2)},
}
"""Orders in which gates are read by mistake, as places in the right one."""
TRANSPOSED = mark("the recurrent kernel transposed")


def misread(cell: Cell, kind: str) -> dict[str, Cell]:
    """Make the cells that come of common mistakes, by what was done wrong."""
    made = {}
    for mistake, order in MISREAD.get(kind, {}).items():
        blocks = {
            name: np.concatenate(
                [np.split(array, len(order), axis=-1)[place] for place in order], axis=-1
            )
            for name, array in cell.parameters.items()
        }
        made[mistake] = cell.with_parameters(blocks)
    if kind == "RNN":
        turned = {"recurrent_kernel": cell.recurrent_kernel.T.copy()}
        made[TRANSPOSED] = cell.with_parameters({**cell.parameters, **turned})
    return made


def with_cell(network: own.Network, layer: int, direction: str, cell: Cell) -> own.Network:
    """Return a twin of a network with another cell in one place."""
    opened = network.recurrent[layer]
    is_forward = direction == "forward"
    changed = replace(opened, cell=cell) if is_forward else replace(opened, backward_cell=cell)
    layers = tuple(changed if each is opened else each for each in network.layers)
    return replace(network, layers=layers)


def demonstrated(seen: Seen) -> tuple[Array, Array, str]:
    """Return the answer, that of the common mistake that moves it most, and which mistake it is.

    The answers are those at every step where there are such.
    """
    runs = {
        mistake: with_cell(seen.network, seen.layer, seen.direction, wrong).run(seen.run.inputs)
        for mistake, wrong in misread(seen.cell, seen.kind).items()
    }
    right = _by_step_or_at_the_end(seen.run)
    answers = {mistake: _by_step_or_at_the_end(run) for mistake, run in runs.items()}
    most = max(answers, key=lambda mistake: float(np.abs(answers[mistake] - right).max()))
    return right, answers[most], say(most)


def _by_step_or_at_the_end(run: own.NetworkRun) -> Array:
    by_step = answers_by_step(run)
    return np.asarray(run.output if by_step is None else by_step)


def numbered(steps: int) -> list[str]:
    """Name steps by their numbers."""
    return [str(t + 1) for t in range(steps)]


def shown_answers(mine: Array, theirs: Array, output: int) -> tuple[dict[str, Array], bool]:
    """Return both answers for a picture, and whether they are over time."""
    mine, theirs = np.asarray(mine, float), np.asarray(theirs, float)
    names = (say("here"), say("your library"))
    if mine.ndim > 1:
        place = min(output, mine.shape[-1] - 1)
        return dict(
            zip(names, (mine[..., place].ravel(), theirs[..., place].ravel()), strict=True)
        ), True
    return dict(zip(names, (mine, theirs), strict=True)), False


def gate_titles() -> dict[str, str]:
    """Name the gates in the language that is spoken."""
    return {gate: say(title) for gate, title in TITLES.items()}


# ---- What is taken home ---------------------------------------------------------------------------


def columns_of(seen: Seen) -> dict[str, object]:
    """Name every number of the units that are shown, for a table."""
    return {"step": range(1, seen.steps + 1), "input": seen.labels} | {
        f"{name}_{unit + 1}": quantity(seen.trace, name)[:, unit]
        for name in QUANTITIES[seen.kind]
        for unit in seen.units_shown
    }


def programs_of(seen: Seen) -> Programs:
    """Return the program that opens the network and runs it."""
    example = EXAMPLES.get(seen.name)
    return programs(
        "own",
        file="" if example else seen.name,
        example=example.key if example else "",
        inputs=np.asarray(seen.run.inputs),
        layer=seen.layer,
        direction=seen.direction,
    )


def with_off(seen: Seen, off: Sequence[int]) -> Seen:
    """Return what is seen with units switched off."""
    return replace(seen, off=tuple(unit for unit in off if 0 <= unit < seen.cell.units))


# ---- The pictures of the first look ---------------------------------------------------------------


GATE_LETTERS = {"LSTM": "f", "GRU": "z", "RNN": "|φ′ R|"}
"""What keeps the memory of a unit from step to step."""
SATURATED = {
    "LSTM": ("input_gate", "forget_gate", "output_gate", "candidate"),
    "GRU": ("update_gate", "reset_gate", "candidate"),
    "RNN": ("hidden_state",),
}
"""The rows of what the first look finds saturated."""


def saturated_of(seen: Seen, finding: own.Finding) -> dict[str, Array]:
    """Return by gate at what share of the steps each unit is saturated."""
    rows = zip(SATURATED[seen.kind], np.asarray(finding.arrays["shares"], float), strict=True)
    return {say(QUANTITY_TITLES[name]): shares for name, shares in rows}


def half_lives_of(finding: own.Finding) -> tuple[Array, Array]:
    """Return of each unit its half-life and the share that it keeps at a step."""
    arrays = finding.arrays
    return np.asarray(arrays["half_life"], float), np.asarray(arrays["kept"], float)


def norms_of(finding: own.Finding) -> Array:
    """Return the length of the gradient at each step."""
    return np.asarray(finding.arrays["norms"], float)


def eigenvalues_of(finding: own.Finding) -> dict[str, NDArray[Any]]:
    """Name the eigenvalues of the recurrent weights; none of a layer that is too large."""
    values = finding.arrays.get("eigenvalues")
    return {} if values is None else {say("recurrent weights"): np.asarray(values)}


def eigen_notes(values: NDArray[Any]) -> list[str]:
    """Write what stands beside the circle."""
    sizes = np.abs(np.asarray(values))
    return [
        say("largest: <b>{radius:.3f}</b>", radius=float(sizes.max(initial=0.0))),
        say("outside of the circle: <b>{count}</b>", count=int((sizes > 1 + 1e-6).sum())),
        "",
    ]


def too_large(seen: Seen) -> str:
    """Say why the eigenvalues of one step back are not computed."""
    return say(
        "With {units:,} units one step back is a matrix of {rows:,} rows: too large for a page. Shown are the "
        "recurrent weights.",
        units=seen.cell.units,
        rows=seen.cell.units * (2 if seen.kind == "LSTM" else 1),
    )


# ---- What is compared -----------------------------------------------------------------------------


def demonstration(mine: Array, theirs: Array, mistake: str) -> str:
    """Say what a picture without outputs of the visitor's shows: the commonest mistake."""
    difference = float(np.abs(np.asarray(mine, float) - np.asarray(theirs, float)).max())
    return say(
        "An example, until your outputs are here: **{mistake}**. The largest difference is **{difference}**.",
        mistake=mistake,
        difference=readable(difference, 3),
    )


def misread_gates(seen: Seen) -> tuple[own.Gates, str]:
    """Return the gates that come of the first common mistake, and say which one it is."""
    mistake, wrong = next(iter(misread(seen.cell, seen.kind).items()))
    return own.Gates(letters_of(wrong.run(seen.trace.inputs))), say(mistake)


LETTER_TITLES = {
    "i": mark("input gate"),
    "f": mark("forget gate"),
    "g": mark("candidate"),
    "o": mark("output gate"),
    "c": mark("cell state"),
    "h": mark("hidden state"),
    "z": mark("update gate"),
    "r": mark("reset gate"),
}
"""What the columns of a table of gates stand for."""


def letter_titles() -> dict[str, str]:
    """Name the columns of a table of gates in the language that is spoken."""
    return {letter: f"{letter}: {say(title)}" for letter, title in LETTER_TITLES.items()}


def gate_columns(seen: Seen) -> str:
    """Write the head of the table that is compared."""
    return ",".join(f"{letter}_1" for letter in letters_of(seen.trace)) + ", …"


def gate_rows(compared: own.GateComparison) -> dict[str, list[str]]:
    """Tabulate how far each gate is apart."""
    titles = letter_titles()
    return {
        say("gate"): [titles.get(row.gate, row.gate) for row in compared.rows],
        say("largest difference"): [
            f"{'✔' if row.agrees else '✘'} {readable(row.largest, 2)}" for row in compared.rows
        ],
    }


def gate_differences(seen: Seen, gates: own.Gates) -> dict[str, Array]:
    """Return the largest difference of each gate at each step, (time,)."""
    mine = letters_of(seen.trace)
    return {
        letter: np.abs(np.asarray(mine[letter], float) - values).max(axis=-1)
        for letter, values in gates.values.items()
        if letter in mine and mine[letter].shape == values.shape
    }


def gates_sentence(compared: own.GateComparison, mistake: str) -> str:
    """Say whether the gates agree, and which mistake explains it where they do not."""
    if mistake:
        first = say("An example, until your gates are here: **{mistake}**.", mistake=mistake)
        return f"{first} {say('What was found:')} {told(compared.sentence)}"
    return f"{'✔' if compared.agrees else '✘'} {told(compared.sentence)}"


def inputs_csv(seen: Seen) -> str:
    """Write what the network reads, as the three lines load it."""
    inputs = np.asarray(seen.run.inputs)
    rows = inputs[:, np.newaxis] if inputs.ndim == 1 else inputs
    form = "%d" if seen.network.takes == "tokens" else "%.9g"
    return "\n".join(",".join(form % value for value in row) for row in rows) + "\n"


# ---- What is carried ------------------------------------------------------------------------------

ORDERS = {
    "Keras": {"LSTM": "ifco", "GRU": "zrh", "RNN": "h"},
    "PyTorch": {"LSTM": "ifgo", "GRU": "rzn", "RNN": "h"},
    "ONNX": {"LSTM": "iofc", "GRU": "zrh", "RNN": "h"},
    "NumPy": {"LSTM": "ifco", "GRU": "zrh", "RNN": "h"},
}
"""How each library orders the gates, in its own letters."""


def library_of(network: own.Network) -> str:
    """Return whose order of gates a file is in."""
    if network.format == "onnx":
        return "ONNX"
    is_torch = network.format == "safetensors" or network.library.startswith("PyTorch")
    return "PyTorch" if is_torch else "Keras"


def orders_of(seen: Seen, target: str) -> list[figures.Order]:
    """Return the order of the gates in the file and in what it is written for."""
    orders = {order.library: order for order in own.gate_orders(seen.network, seen.layer)}
    here = library_of(seen.network)
    keys = {name: key for key, name in LIBRARIES.items()} | {"NumPy": "keras"}
    return [_order(name, orders[keys[name]]) for name in (here, LIBRARIES[target])]


def _order(library: str, order: own.GateOrder) -> figures.Order:
    shapes = ", ".join(
        f"{name} {_shape(shape)}"
        for name, shape in order.weights.items()
        if "b" not in name.lower()
    )
    first = {
        letter: ", ".join(decimal(value, ".2f") for value in values)
        for letter, values in order.first.items()
    }
    return figures.Order(library, tuple(order.gates.split()), shapes, first)


def biases_of(library: str, kind: str) -> int:
    """Return how many biases a library keeps for each gate."""
    if library in {"PyTorch", "ONNX"}:
        return 2
    return 2 if kind == "GRU" else 1


def carry_sentence(seen: Seen, target: str) -> str:
    """Say what changes between the two libraries."""
    here, there = library_of(seen.network), LIBRARIES[target]
    same = ORDERS[here][seen.kind] == ORDERS[there][seen.kind]
    order = (
        say("Both keep the gates in one order.")
        if same
        else say("The gates change places.")
        if sorted(ORDERS[here][seen.kind]) == sorted(ORDERS[there][seen.kind]) or seen.kind == "GRU"
        else say("The order stays; one letter is another: c is g.")
    )
    if biases_of(here, seen.kind) == biases_of(there, seen.kind):
        biases = plural("one bias", "{count} biases", biases_of(here, seen.kind))
        return say("{order} Both have {biases} for each gate.", order=order, biases=biases)
    return say(
        "{order} {here} has {biases} for each gate, {there} {others}.",
        order=order,
        here=here,
        there=there,
        biases=plural("one bias", "{count} biases", biases_of(here, seen.kind)),
        others=plural("one bias", "{count} biases", biases_of(there, seen.kind)),
    )
