"""Mistakes that tutorials make about recurrent networks, each with a counter-example that is run.

Each function runs one counter-example and says in one or two sentences what came out. The seeds
are fixed, so that it comes out the same every time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from lstm_core.cells.activations import ACTIVATIONS, sigmoid
from lstm_core.cells.arrays import Array
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.layers import Bidirectional
from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.pseudo_code import with_a_sum, with_exchanged_states
from lstm_core.cells.rnn import RNNCell
from lstm_core.gradients.bptt import to_a_target
from lstm_core.gradients.clipping import angle, clip_by_norm, clip_by_value, joint_norm
from lstm_core.gradients.flow import Experiment, follow
from lstm_core.gradients.jacobians import largest_singular_value, spectral_radius
from lstm_core.sentiment.reader import measured
from pages._book import chapters
from pages._book.chapters import Chapter
from pages._book.language import mark, say
from pages._book.log_axes import readable


@dataclass(frozen=True)
class Misconception:
    """One widespread mistake.

    Attributes:
        key: a short name, such as "forget-one-forgets".
        chapters: the pages whose card shows it.
        wrong: what is said, marked for translation, as is ``right``.
        right: what is true, with the source.
        evidence: runs the counter-example, and says what came out with its numbers.
        see: an address, as query parameters of the first chapter, that shows it.
    """

    key: str
    chapters: tuple[Chapter, ...]
    wrong: str
    right: str
    evidence: Callable[[], str]
    see: Mapping[str, str] = field(default_factory=dict)


BY_KEY: dict[str, Misconception] = {}
"""The mistakes by key, about in the order in which the pages meet them."""


def misconception(
    *chapters: Chapter, wrong: str, right: str, see: Mapping[str, str] | None = None
) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Enter a mistake, with the function below as its counter-example and its name as the key."""

    def enter(evidence: Callable[[], str]) -> Callable[[], str]:
        key = evidence.__name__.replace("_", "-")
        BY_KEY[key] = Misconception(key, chapters, wrong, right, evidence, see or {})
        return evidence

    return enter


INPUTS = np.array([[1.0], [0.5], [-1.0], [2.0]])


def _cell(units: int = 2) -> LSTMCell:
    return LSTMCell.initialise(1, units, seed=1)


def _numbers(values: Array) -> str:
    return ", ".join(f"{value:.3f}" for value in np.ravel(values))


def _bidirectional() -> Bidirectional:
    return Bidirectional(LSTMCell.initialise(1, 2, seed=1), LSTMCell.initialise(1, 2, seed=2))


@misconception(
    chapters.CELL,
    chapters.RECURRENCE,
    wrong=mark("Hidden state and input are added before the gates."),
    right=mark(
        "They are joined, or multiplied by a kernel each and then added: [h, x] [R; W] = h R + x W."
    ),
    see={"errata": "true"},
)
def concatenation_is_addition() -> str:
    """Run a cell that joins, and one that adds."""
    joined = _cell().run(INPUTS).hidden_state[-1]
    added = with_a_sum(_cell(), INPUTS)[-1]
    return say(
        "The same cell after four inputs: joined, h is ({joined}); added, it is ({added}). With three "
        "input features and two units the sum could not even be formed.",
        joined=_numbers(joined),
        added=_numbers(added),
    )


@misconception(
    chapters.CELL,
    wrong=mark("An LSTM returns cell state and hidden state in whatever order."),
    right=mark(
        "The order is h, then c, on both sides of the call; exchanged, each becomes the other at every step."
    ),
    see={"errata": "true"},
)
def states_exchanged() -> str:
    """Run a cell, and one whose caller exchanges the states."""
    right = _cell().run(INPUTS).hidden_state[-1]
    wrong = with_exchanged_states(_cell(), INPUTS).hidden_state[-1]
    return say(
        "After four inputs h should be ({right}); returned as `h, c` and caught as `c, h` it is ({wrong}).",
        right=_numbers(right),
        wrong=_numbers(wrong),
    )


@misconception(
    chapters.GRADIENTS,
    chapters.REMEDIES,
    wrong=mark("In an LSTM gradients do not vanish."),
    right=mark(
        "They vanish more slowly where the forget gates stand near 1; in an untrained one almost as in an RNN."
    ),
    see={"network": "LSTM", "kernel": "PyTorch", "forget_bias": "0", "length": "100"},
)
def lstm_never_vanishes() -> str:
    """Follow the gradient through an untrained LSTM of PyTorch's defaults."""
    flow = follow(Experiment(initialisation="PyTorch", steps=100, network="LSTM", forget_bias=0.0))
    return say(
        "An untrained LSTM with PyTorch's initialisation, 100 steps: a share of {ratio} of the gradient at "
        "the end arrives at the beginning.",
        ratio=readable(flow.ratio, 1),
    )


@misconception(
    chapters.BPTT,
    wrong=mark(
        "∂c_t/∂c_(t-1) is the forget gate, so that the product of forget gates is the gradient."
    ),
    right=mark("That is the direct path. The gradient also comes back through h and all gates."),
)
def direct_path_is_all() -> str:
    """Compare the product of forget gates with the whole gradient."""
    cell = LSTMCell.initialise(1, 32, seed=1)
    cell.recurrent_kernel[:] *= 8
    way = to_a_target(cell, np.random.default_rng(1).normal(size=(40, 1)), 1.0)
    full, direct = (
        float(np.linalg.norm(part[0])) for part in (way.gradient.cell_state, way.direct_path)
    )
    return say(
        "32 units, 40 steps, a large recurrent kernel: the product of forget gates alone says "
        "|∂L/∂c₁| = {direct}; with the routes through h and the gates it is {full}.",
        direct=readable(direct),
        full=readable(full),
    )


@misconception(
    chapters.GRADIENTS,
    chapters.REMEDIES,
    wrong=mark("An LSTM cures exploding gradients too."),
    right=mark("It does not: clip the gradient."),
    see={"network": "LSTM", "kernel": "PyTorch", "gain": "8", "length": "100"},
)
def lstm_cures_explosion() -> str:
    """Follow the gradient through an LSTM with a large recurrent kernel."""
    flow = follow(Experiment(initialisation="PyTorch", gain=8.0, steps=100, network="LSTM"))
    return say(
        "An LSTM whose recurrent kernel is eight times as large, 100 steps: the gradient arrives "
        "{ratio} times as large as it started.",
        ratio=readable(flow.ratio),
    )


@misconception(
    chapters.CELL,
    wrong=mark("A forget gate of 1 forgets."),
    right=mark("1 keeps everything, 0 forgets everything (Gers, Schmidhuber & Cummins 2000)."),
    see={"cell_change": "true", "hold_forget": "true"},
)
def forget_one_forgets() -> str:
    """Hold a forget gate at 1, and at 0."""
    start = (np.zeros(1), np.ones(1))
    cell = LSTMCell.initialise(1, 1, seed=1)
    kept, lost = (
        cell.clamped({"forget": value, "input": 0.0}).run(np.ones((20, 1)), start).cell_state[-1, 0]
        for value in (1.0, 0.0)
    )
    return say(
        "A cell state of 1, nothing written, 20 steps: with f = 1 it is {kept:.3g}, with f = 0 it is {lost:.3g}.",
        kept=float(kept),
        lost=float(lost),
    )


@misconception(
    chapters.CELL,
    chapters.ACTIVATIONS,
    wrong=mark("The output is o times c; or the candidate goes through a sigmoid."),
    right=mark("h = o · tanh(c), and the candidate is a tanh."),
)
def tanh_misdrawn() -> str:
    """Compare h with and without the squash before the output gate."""
    trace = _cell().clamped({"forget": 1.0, "input": 1.0, "candidate": 1.0}).run(np.ones((5, 1)))
    o, c = float(trace.output_gate[-1, 0]), float(trace.cell_state[-1, 0])
    return say(
        "After five steps of writing 1, c is {c:.3g} and o is {o:.3g}: o · tanh(c) = {right:.3g}, "
        "o · c = {wrong:.3g}, which leaves (−1, 1).",
        c=c,
        o=o,
        right=o * np.tanh(c),
        wrong=o * c,
    )


@misconception(
    chapters.CELL,
    wrong=mark("tanh keeps the cell state between −1 and 1."),
    right=mark("It keeps h there. The cell state adds up and has no bound."),
    see={"preset": "Count"},
)
def cell_state_bounded() -> str:
    """Let gates of 0.99 add up."""
    cell = _cell(1).clamped({"forget": 0.99, "input": 0.99, "candidate": 0.99})
    c = float(cell.run(np.zeros((20, 1))).cell_state[-1, 0])
    return say("f = i = g = 0.99 for 20 steps: c is {c:.3g}.", c=c)


@misconception(
    chapters.CELL,
    chapters.VARIANTS,
    wrong=mark("Hochreiter and Schmidhuber's LSTM of 1997 has three gates."),
    right=mark(
        "It has an input and an output gate; the forget gate came in 2000, peepholes in 2000 and 2002."
    ),
)
def three_gates_of_1997() -> str:
    """Compare a cell without a forget gate with one that has it."""
    noise = np.random.default_rng(1).uniform(0, 1, size=(200, 1))
    # Both write the same; the cell of 1997 keeps all of it.
    now = _cell(1).clamped({"input": 0.5, "candidate": 0.5, "forget": 0.9}).run(noise)
    then = _cell(1).clamped({"input": 0.5, "candidate": 0.5, "forget": 1.0}).run(noise)
    return say(
        "200 steps that write 0.25 each: without a forget gate, as in 1997, c is {then:.3g}; with one "
        "at 0.9 it settles at {now:.3g}. Gers and others added it in 2000 for that reason.",
        then=float(then.cell_state[-1, 0]),
        now=float(now.cell_state[-1, 0]),
    )


@misconception(
    chapters.CELL,
    wrong=mark("A gate is one switch for the whole cell."),
    right=mark("It is a vector, one number a unit, and a function of input and hidden state."),
)
def gates_are_scalars() -> str:
    """Show that two units' gates differ at the same step."""
    gates = _cell(3).run(INPUTS).forget_gate[-1]
    return say(
        "Three units of one cell at the same step: their forget gates are {gates}.",
        gates=_numbers(gates),
    )


@misconception(
    chapters.CELL,
    chapters.MEMORY,
    wrong=mark("With f = 1 and i = 0 a cell remembers for ever."),
    right=mark("It keeps what it has; with nothing written that is nothing."),
    see={"preset": "Keep nothing for ever"},
)
def remember_with_closed_input() -> str:
    """Keep everything, write nothing, from an empty cell."""
    held = _cell(1).clamped({"forget": 1.0, "input": 0.0}).run(np.ones((20, 1)))
    return say(
        "f = 1 and i = 0 from c₀ = 0: after 20 inputs of 1, c is {c:.3g}. There is nothing to remember.",
        c=float(held.cell_state[-1, 0]),
    )


@misconception(
    chapters.REVIEWS,
    wrong=mark("A softmax on one output gives its probability."),
    right=mark(
        "A softmax over one number is always 1; one output takes a sigmoid, and a logit is cut at 0, not at 0.5."
    ),
)
def softmax_or_sigmoid() -> str:
    """Take the softmax of one logit."""
    logits = np.array([-3.0, 0.0, 3.0])
    alone = np.exp(logits) / np.exp(logits)
    return say(
        "For the logits −3, 0 and 3 a softmax over one output says {softmax}, a sigmoid {sigmoid}.",
        softmax=_numbers(alone),
        sigmoid=_numbers(sigmoid(logits)),
    )


@misconception(
    chapters.VARIANTS,
    chapters.REVIEWS,
    wrong=mark("The output at the last step holds both readings of a Bi-LSTM."),
    right=mark("The backward reading has seen one word there; it is complete at the first place."),
)
def bilstm_last_step() -> str:
    """Compare the backward half at the last place with what it has read at the first."""
    layer = _bidirectional()
    changed = INPUTS.copy()
    changed[0] = -5.0
    last, first = (
        abs(
            layer.run(changed).hidden_state[place, 2:] - layer.run(INPUTS).hidden_state[place, 2:]
        ).max()
        for place in (-1, 0)
    )
    return say(
        "Change the first input: the backward half at the last place changes by {last:.3g}, for it has "
        "read one input there; at the first place, where it has read all, by {first:.3g}.",
        last=float(last),
        first=float(first),
    )


@misconception(
    chapters.REVIEWS,
    chapters.VARIANTS,
    wrong=mark("Padding does not matter, it is only zeros."),
    right=mark("Read as text it moves the state; tell the lengths, or drop it."),
)
def padding_is_text() -> str:
    """Read a sequence bare, and with padding that is read as text."""
    bare = _cell().run(INPUTS).hidden_state[-1]
    padded = _cell().run(np.vstack([INPUTS, np.zeros((50, 1))])).hidden_state[-1]
    masked = (
        _cell()
        .run(np.vstack([INPUTS, np.zeros((50, 1))])[np.newaxis], lengths=np.array([4]))
        .hidden_state[0, -1]
    )
    return say(
        "The last h of four inputs is ({bare}); behind 50 zeros that are read as text it is ({padded}), "
        "and with the length told ({masked}).",
        bare=_numbers(bare),
        padded=_numbers(padded),
        masked=_numbers(masked),
    )


@misconception(
    chapters.REVIEWS,
    chapters.CHALLENGES,
    wrong=mark("Any tokenizer will do for the demo."),
    right=mark("It must be the one of the training, to the last index."),
)
def train_serve_mismatch() -> str:
    """Look up words by ids that are off by three, as Keras' own data set has them."""
    words = ["the", "and", "a", "of", "good", "bad", "not"]
    served = " ".join(words[words.index(word) - 3] for word in ("good", "not", "bad"))
    return say(
        "Keras' IMDB ids begin three later than its word list: whoever forgets it feeds “good not bad” "
        "as “{served}” and gets a verdict all the same.",
        served=served,
    )


@misconception(
    chapters.VARIANTS,
    wrong=mark("In a GRU z means one thing."),
    right=mark(
        "Both ways round are in use: here, and in Keras, z keeps the old state. State which."
    ),
)
def gru_z_or_one_minus_z() -> str:
    """Run a GRU, and the same weights with z the other way round."""
    gru = GRUCell.initialise(1, 2, seed=1)
    right = gru.run(INPUTS)
    # The state before the first step is 0, so that only what is written is left.
    turned = right.update_gate[0] * right.candidate[0]
    return say(
        "The same weights, the first step: with z keeping, h is ({right}); with z writing, ({turned}).",
        right=_numbers(right.hidden_state[0]),
        turned=_numbers(turned),
    )


@misconception(
    chapters.VARIANTS,
    wrong=mark("A GRU is an LSTM with two gates merged."),
    right=mark(
        "It also has no output gate and no state of its own: what it holds is what it shows, and it is bounded."
    ),
)
def gru_is_merged_lstm() -> str:
    """Compare ranges: an LSTM's cell state grows, a GRU's state cannot."""
    grown = _cell(1).clamped({"forget": 1.0, "input": 1.0, "candidate": 1.0}).run(np.ones((20, 1)))
    gru = GRUCell.initialise(1, 1, seed=1)
    # The update gate is shut, so that the candidate is written at every step.
    gru.kernel[:] = np.array([-20.0, 0.0, 20.0])
    state = gru.run(np.ones((20, 1))).hidden_state
    return say(
        "20 steps of writing: an LSTM's c counts to {c:.3g}; a GRU's state, a weighted mean of what was "
        "and what comes, stays at {h:.3g}. It has no output gate either: what it holds is what it shows.",
        c=float(grown.cell_state[-1, 0]),
        h=float(abs(state).max()),
    )


@misconception(
    chapters.GRADIENTS,
    chapters.VARIANTS,
    wrong=mark("Set the forget bias to 1, and it is 1."),
    right=mark("PyTorch and cuDNN have two biases that add."),
    see={"forget_bias": "2"},
)
def two_biases() -> str:
    """Add both of PyTorch's biases."""
    once, twice = sigmoid(np.array([1.0, 2.0]))
    return say(
        "A forget bias of 1 gives a gate of {once:.3f}; PyTorch adds two biases, so that setting both to "
        "1 gives {twice:.3f}.",
        once=float(once),
        twice=float(twice),
    )


@misconception(
    chapters.CELL,
    chapters.BPTT,
    wrong=mark("Weights can be loaded from anywhere."),
    right=mark("Keras' order is i, f, c, o; PyTorch's i, f, g, o; others have i, g, f, o."),
)
def gate_order() -> str:
    """Load weights in PyTorch's order into a cell of Keras' order."""
    cell = _cell()
    i, f, g, o = np.split(np.arange(8), 4)
    # PyTorch: i, f, g, o; another public implementation: i, g, f, o.
    order = np.concatenate([i, g, f, o])
    mixed = LSTMCell(cell.kernel[:, order], cell.recurrent_kernel[:, order], cell.bias[order])
    return say(
        "The same weights with forget gate and candidate exchanged: h after four inputs is ({mixed}) "
        "instead of ({right}), and nothing complains.",
        mixed=_numbers(mixed.run(INPUTS).hidden_state[-1]),
        right=_numbers(cell.run(INPUTS).hidden_state[-1]),
    )


@misconception(
    chapters.REMEDIES,
    chapters.RACE,
    wrong=mark("Clip the gradient at the end of the loop."),
    right=mark("Backward, clip, step: after the step it does nothing, and nothing complains."),
)
def clip_after_step() -> str:
    """Make a step, then clip; and the other way round."""
    gradient = {"w": np.array([30.0, 40.0])}
    weight, rate = np.zeros(2), 0.1
    late = weight - rate * gradient["w"]
    clip_by_norm(gradient, 1.0)
    early = weight - rate * clip_by_norm(gradient, 1.0)["w"]
    return say(
        "A gradient of length 50, limit 1, rate 0.1: clipped before the step the weight moves by "
        "{early:.3g}, clipped after it by {late:.3g}.",
        early=float(np.linalg.norm(early)),
        late=float(np.linalg.norm(late)),
    )


@misconception(
    chapters.REMEDIES,
    wrong=mark("Clipping cures vanishing gradients."),
    right=mark("It only ever shortens; and over all parameters together, by their joint norm."),
)
def clipping_cures_vanishing() -> str:
    """Clip a vanished gradient."""
    gradient, long = {"w": np.array([3e-9, 4e-9])}, np.array([3.0, 0.1])
    return say(
        "A gradient of length {before}, clipped at 1, has length {after}. (By value, (3, 0.1) clipped at 1 "
        "also turns by {turn:.1f}°.)",
        before=readable(joint_norm(gradient), 1),
        after=readable(joint_norm(clip_by_norm(gradient, 1.0)), 1),
        turn=angle(long, clip_by_value({"w": long}, 1.0)["w"]),
    )


@misconception(
    chapters.GRADIENTS,
    wrong=mark("A gradient explodes when R is larger than 1."),
    right=mark(
        "The largest singular value bounds one step, the spectral radius rules many equal steps, and each step also multiplies by the slopes of the activation."
    ),
    see={"gain": "1.5"},
)
def radius_or_norm() -> str:
    """Raise a matrix with a small spectral radius to powers."""
    matrix = np.array([[0.5, 10.0], [0.0, 0.5]])
    powers = [float(np.linalg.norm(np.linalg.matrix_power(matrix, k), 2)) for k in (1, 4, 16)]
    return say(
        "A = ((0.5, 10), (0, 0.5)) has a spectral radius of {radius:.3g} and a largest singular value of "
        "{norm:.3g}: |A|, |A⁴|, |A¹⁶| are {first:.3g}, {fourth:.3g}, {last:.1g}. It grows before it fades.",
        radius=spectral_radius(matrix),
        norm=largest_singular_value(matrix),
        first=powers[0],
        fourth=powers[1],
        last=powers[2],
    )


@misconception(
    chapters.ACTIVATIONS,
    chapters.GRADIENTS,
    wrong=mark("Gradients vanish because of the sigmoid; tanh is the cure."),
    right=mark("tanh is steeper, 1 against 1/4, but the chain of a tanh network fades as well."),
    see={"function": "sigmoid"},
)
def sigmoid_blamed() -> str:
    """Compare the steepest slopes."""
    slopes = [float(ACTIVATIONS[name].derivative(np.zeros(1))[0]) for name in ("tanh", "sigmoid")]
    flow = follow(Experiment(gain=0.9, steps=60))
    return say(
        "At its steepest tanh has a slope of {tanh:g}, sigmoid {sigmoid:g}. Yet in a tanh network with a "
        "gain of 0.9 the gradient vanishes too: {ratio} of it is left after 60 steps.",
        tanh=slopes[0],
        sigmoid=slopes[1],
        ratio=readable(flow.ratio, 1),
    )


@misconception(
    chapters.REMEDIES,
    wrong=mark("Truncated BPTT forgets what was before the window."),
    right=mark("The state carries over; only the way back is cut."),
    see={"remedy_truncate": "true"},
)
def truncation_resets_state() -> str:
    """Carry the state over a cut, and drop it."""
    cell = _cell()
    first = cell.run(INPUTS[:2])
    carried = cell.run(INPUTS[2:], first.final_state).hidden_state[-1]
    reset = cell.run(INPUTS[2:]).hidden_state[-1]
    whole = cell.run(INPUTS).hidden_state[-1]
    return say(
        "Cut after two of four inputs: with the state carried over, h ends at ({carried}), as without a "
        "cut ({whole}); with the state reset, at ({reset}).",
        carried=_numbers(carried),
        whole=_numbers(whole),
        reset=_numbers(reset),
    )


@misconception(
    chapters.VARIANTS,
    chapters.REPORT,
    wrong=mark("Dropout in an LSTM of one layer regularises it."),
    right=mark("PyTorch's `dropout` acts between layers: with one layer it does nothing."),
)
def dropout_in_one_layer() -> str:
    """Count the places where dropout between layers acts."""
    places = [len(tuple(pairwise(range(layers)))) for layers in (1, 3)]
    return say(
        "PyTorch's `dropout` acts between stacked layers: in 1 layer there are {one} such places, in 3 "
        "layers {three}. With one layer it only warns.",
        one=places[0],
        three=places[1],
    )


@misconception(
    chapters.RECURRENCE,
    chapters.CELL,
    wrong=mark("The number of units is the number of time steps."),
    right=mark(
        "Every step runs the same cell with the same weights; boxes side by side are one cell."
    ),
)
def units_are_steps() -> str:
    """Run one cell over sequences of several lengths."""
    cell = RNNCell.initialise(1, 3, seed=1)
    count = sum(array.size for array in cell.parameters.values())
    lengths = ", ".join(str(len(cell.run(np.ones((n, 1))).hidden_state)) for n in (1, 7, 50))
    return say(
        "One cell of 3 units with {count} weights reads sequences of {lengths} steps; neither number "
        "changes the other.",
        count=count,
        lengths=lengths,
    )


@misconception(
    chapters.REVIEWS,
    wrong=mark("Any gradient of the network explains its verdict."),
    right=mark("Explain the function that predicts, with signs, and print the gap."),
)
def wrong_function_explained() -> str:
    """Explain the last state of a network that predicts by its mean."""
    cell = LSTMCell.initialise(1, 4, seed=1)
    trace = cell.run(INPUTS)
    by_mean, by_last = np.zeros((2, *trace.hidden_state.shape))
    by_mean[:] = 1 / len(INPUTS)
    by_last[-1] = 1.0
    used, explanation = (
        (cell.backward(trace, upstream).inputs * INPUTS)[:, 0] for upstream in (by_mean, by_last)
    )
    return say(
        "A network that pools by the mean gives its four inputs the shares ({used}); an explanation of "
        "its last state alone says ({told}).",
        used=_numbers(used),
        told=_numbers(explanation),
    )


@misconception(
    chapters.RACE,
    chapters.RECURRENCE,
    wrong=mark("A demo may draw its weights anew whenever something changes."),
    right=mark("Then a slider changes two things at once; a seed keeps them apart."),
)
def unseeded_demo() -> str:
    """Build a network twice with a seed, and once with another."""
    same = [LSTMCell.initialise(1, 2, seed=1).run(INPUTS).hidden_state[-1, 0] for _ in range(2)]
    other = LSTMCell.initialise(1, 2, seed=2).run(INPUTS).hidden_state[-1, 0]
    return say(
        "Seed 1 twice: h is {first:.6f} and {second:.6f}. Another seed: {other:.6f}. A page that draws "
        "weights anew at each move of a slider shows three networks and calls them one.",
        first=float(same[0]),
        second=float(same[1]),
        other=float(other),
    )


@misconception(
    chapters.CHALLENGES,
    chapters.REPORT,
    wrong=mark("90% sure is 90% right, on any text."),
    right=mark("Only on texts like those it was calibrated on; irony is none of them."),
    see={"challenge": "Irony"},
)
def confidence_is_correctness() -> str:
    """Read from the measured results how often the surest class of sentences is wrong."""
    irony = measured()["probe"]["irony"]
    return say(
        "On {count} ironic sentences of our own the network that ships is right in {accuracy:.0%}, sure or "
        "not.",
        count=irony["sentences"],
        accuracy=irony["rate"],
    )


@misconception(
    chapters.CELL,
    wrong=mark("h is the output, and c is the hidden state."),
    right=mark("h is the hidden state and is shown; c is the cell state and is not."),
)
def hidden_is_output() -> str:
    """Show both states at one step."""
    trace = _cell().run(INPUTS)
    return say(
        "After four inputs c is ({c}) and h is ({h}): what the cell holds, and what it shows.",
        c=_numbers(trace.cell_state[-1]),
        h=_numbers(trace.hidden_state[-1]),
    )


@misconception(
    chapters.CELL,
    wrong=mark("The forget gate, the GRU and BPTT are all of 1997."),
    right=mark("Each of them has a year of its own."),
)
def wrong_years() -> str:
    """Say who published what, and when."""
    years = {
        "Elman": 1990,
        "BPTT (Werbos)": 1990,
        "Hochreiter (Diplom)": 1991,
        "LSTM": 1997,
        f"{say('forget gate')} (Gers)": 2000,
        "GRU (Cho)": 2014,
    }
    return ", ".join(f"{who} {year}" for who, year in sorted(years.items(), key=lambda one: one[1]))


MISCONCEPTIONS = tuple(BY_KEY.values())


def of_chapter(chapter: Chapter) -> list[Misconception]:
    """Return the mistakes that fit a page."""
    return [one for one in MISCONCEPTIONS if chapter in one.chapters]
