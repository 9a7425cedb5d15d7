"""Mistakes that tutorials make about recurrent networks, each with a counter-example that is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lstm_core.language import mark
from lstm_core.lessons import chapters
from lstm_core.lessons import counter_examples as examples
from lstm_core.lessons.chapters import Chapter


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


MISCONCEPTIONS = (
    Misconception(
        "concatenation-is-addition", (chapters.CELL, chapters.RECURRENCE,),
        mark("Hidden state and input are added before the gates."),
        mark("They are joined, or multiplied by a kernel each and then added: [h; x] W = h R + x W."),
        examples.concatenation_is_addition, {"errata": "true"},
    ),
    Misconception(
        "states-exchanged", (chapters.CELL,),
        mark("An LSTM returns cell state and hidden state in whatever order."),
        mark("The order is h, then c, on both sides of the call; exchanged, each becomes the other at every step."),
        examples.states_exchanged, {"errata": "true"},
    ),
    Misconception(
        "lstm-never-vanishes", (chapters.GRADIENTS, chapters.REMEDIES,),
        mark("In an LSTM gradients do not vanish."),
        mark("They vanish more slowly where the forget gates stand near 1; an untrained one vanishes almost as an RNN does."),
        examples.lstm_never_vanishes, {"network": "LSTM", "kernel": "PyTorch", "forget_bias": "0", "length": "100"},
    ),
    Misconception(
        "direct-path-is-all", (chapters.BPTT,),
        mark("∂c_t/∂c_(t-1) is the forget gate, so that the product of forget gates is the gradient."),
        mark("That is the direct path. The gradient also comes back through h and all gates."),
        examples.direct_path_is_all,
    ),
    Misconception(
        "lstm-cures-explosion", (chapters.GRADIENTS, chapters.REMEDIES,),
        mark("An LSTM cures exploding gradients too."),
        mark("It does not: clip the gradient."),
        examples.lstm_cures_explosion, {"network": "LSTM", "kernel": "PyTorch", "gain": "8", "length": "100"},
    ),
    Misconception(
        "forget-one-forgets", (chapters.CELL,),
        mark("A forget gate of 1 forgets."),
        mark("1 keeps everything, 0 forgets everything (Gers, Schmidhuber & Cummins 2000)."),
        examples.forget_one_forgets, {"cell_change": "true", "hold_forget": "true"},
    ),
    Misconception(
        "tanh-misdrawn", (chapters.CELL, chapters.ACTIVATIONS,),
        mark("The output is o times c; or the candidate goes through a sigmoid."),
        mark("h = o · tanh(c), and the candidate is a tanh."),
        examples.tanh_misdrawn,
    ),
    Misconception(
        "cell-state-bounded", (chapters.CELL,),
        mark("tanh keeps the cell state between -1 and 1."),
        mark("It keeps h there. The cell state adds up and has no bound."),
        examples.cell_state_bounded, {"preset": "Count"},
    ),
    Misconception(
        "three-gates-of-1997", (chapters.CELL, chapters.VARIANTS,),
        mark("Hochreiter and Schmidhuber's LSTM of 1997 has three gates."),
        mark("It has an input and an output gate; the forget gate came in 2000, peepholes in 2000 and 2002."),
        examples.three_gates_of_1997,
    ),
    Misconception(
        "gates-are-scalars", (chapters.CELL,),
        mark("A gate is one switch for the whole cell."),
        mark("It is a vector, one number a unit, and a function of input and hidden state."),
        examples.gates_are_scalars,
    ),
    Misconception(
        "remember-with-closed-input", (chapters.CELL, chapters.MEMORY,),
        mark("With f = 1 and i = 0 a cell remembers for ever."),
        mark("It keeps what it has; with nothing written that is nothing."),
        examples.remember_with_closed_input, {"preset": "Keep nothing for ever"},
    ),
    Misconception(
        "softmax-or-sigmoid", (chapters.REVIEWS,),
        mark("A softmax on one output gives its probability."),
        mark("A softmax over one number is always 1; one output takes a sigmoid, and a logit is cut at 0, not at 0.5."),
        examples.softmax_or_sigmoid,
    ),
    Misconception(
        "bilstm-last-step", (chapters.VARIANTS, chapters.REVIEWS,),
        mark("The output at the last step holds both readings of a Bi-LSTM."),
        mark("The backward reading has seen one word there; it is complete at the first place."),
        examples.bilstm_last_step,
    ),
    Misconception(
        "padding-is-text", (chapters.REVIEWS, chapters.VARIANTS,),
        mark("Padding does not matter, it is only zeros."),
        mark("Read as text it moves the state; tell the lengths, or drop it."),
        examples.padding_is_text,
    ),
    Misconception(
        "train-serve-mismatch", (chapters.REVIEWS, chapters.CHALLENGES,),
        mark("Any tokenizer will do for the demo."),
        mark("It must be the one of the training, to the last index."),
        examples.train_serve_mismatch,
    ),
    Misconception(
        "gru-z-or-one-minus-z", (chapters.VARIANTS,),
        mark("In a GRU z means one thing."),
        mark("Both ways round are in use: here, and in Keras, z keeps the old state. State which."),
        examples.gru_z_or_one_minus_z,
    ),
    Misconception(
        "gru-is-merged-lstm", (chapters.VARIANTS,),
        mark("A GRU is an LSTM with two gates merged."),
        mark("It also has no output gate and no state of its own: what it holds is what it shows, and it is bounded."),
        examples.gru_is_merged_lstm,
    ),
    Misconception(
        "two-biases", (chapters.GRADIENTS, chapters.VARIANTS,),
        mark("Set the forget bias to 1, and it is 1."),
        mark("PyTorch and cuDNN have two biases that add."),
        examples.two_biases, {"forget_bias": "2"},
    ),
    Misconception(
        "gate-order", (chapters.CELL, chapters.BPTT,),
        mark("Weights can be loaded from anywhere."),
        mark("Keras' order is i, f, c, o; PyTorch's i, f, g, o; others have i, g, f, o."),
        examples.gate_order,
    ),
    Misconception(
        "clip-after-step", (chapters.REMEDIES, chapters.RACE,),
        mark("Clip the gradient at the end of the loop."),
        mark("Backward, clip, step: after the step it does nothing, and nothing complains."),
        examples.clip_after_step,
    ),
    Misconception(
        "clipping-cures-vanishing", (chapters.REMEDIES,),
        mark("Clipping cures vanishing gradients."),
        mark("It only ever shortens; and over all parameters together, by their joint norm."),
        examples.clipping_cures_vanishing,
    ),
    Misconception(
        "radius-or-norm", (chapters.GRADIENTS,),
        mark("A gradient explodes when W is larger than 1."),
        mark("One step is ruled by the largest singular value, many equal steps by the spectral radius, and slopes take their part."),
        examples.radius_or_norm, {"gain": "1.5"},
    ),
    Misconception(
        "sigmoid-blamed", (chapters.ACTIVATIONS, chapters.GRADIENTS,),
        mark("Gradients vanish because of the sigmoid; tanh is the cure."),
        mark("tanh is steeper, 1 against 1/4, but the chain of a tanh network fades as well."),
        examples.sigmoid_blamed, {"function": "sigmoid"},
    ),
    Misconception(
        "truncation-resets-state", (chapters.REMEDIES,),
        mark("Truncated BPTT forgets what was before the window."),
        mark("The state carries over; only the way back is cut."),
        examples.truncation_resets_state, {"remedy_truncate": "true"},
    ),
    Misconception(
        "dropout-in-one-layer", (chapters.VARIANTS, chapters.REPORT,),
        mark("Dropout in an LSTM of one layer regularises it."),
        mark("PyTorch's `dropout` acts between layers: with one layer it does nothing."),
        examples.dropout_in_one_layer,
    ),
    Misconception(
        "units-are-steps", (chapters.RECURRENCE, chapters.CELL,),
        mark("The number of units is the number of time steps."),
        mark("Every step runs the same cell with the same weights; boxes side by side are one cell."),
        examples.units_are_steps,
    ),
    Misconception(
        "wrong-function-explained", (chapters.REVIEWS,),
        mark("Any gradient of the network explains its verdict."),
        mark("Explain the function that predicts, with signs, and print the gap."),
        examples.wrong_function_explained,
    ),
    Misconception(
        "unseeded-demo", (chapters.RACE, chapters.RECURRENCE,),
        mark("A demo may draw its weights anew whenever something changes."),
        mark("Then a slider changes two things at once; a seed keeps them apart."),
        examples.unseeded_demo,
    ),
    Misconception(
        "confidence-is-correctness", (chapters.CHALLENGES, chapters.REPORT,),
        mark("90 % sure is 90 % right, on any text."),
        mark("Only on texts like those it was calibrated on; irony is none of them."),
        examples.confidence_is_correctness, {"challenge": "Irony"},
    ),
    Misconception(
        "hidden-is-output", (chapters.CELL,),
        mark("h is the output, and c is the hidden state."),
        mark("h is the hidden state and is shown; c is the cell state and is not."),
        examples.hidden_is_output,
    ),
    Misconception(
        "wrong-years", (chapters.CELL,),
        mark("The forget gate, the GRU and BPTT are all of 1997."),
        mark("The papers have their own years."),
        examples.wrong_years,
    ),
)  # fmt: skip
"""The thirty mistakes and one more, about in the order in which the pages meet them."""
BY_KEY = {one.key: one for one in MISCONCEPTIONS}


def of_chapter(chapter: Chapter) -> list[Misconception]:
    """Return the mistakes that fit a page."""
    return [one for one in MISCONCEPTIONS if chapter in one.chapters]
