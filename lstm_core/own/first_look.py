"""A first look at a network that was opened: five things, each a sentence with its numbers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell, GRUTrace
from lstm_core.cells.layers import BidirectionalTrace
from lstm_core.cells.lstm import LSTMCell, LSTMTrace
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import Trace
from lstm_core.gradients.flow import follow_cell
from lstm_core.messages import Message, later
from lstm_core.own.feeding import saturated
from lstm_core.own.layers import FORWARD
from lstm_core.own.network import Network, NetworkRun

LONGEST = 10_000.0
"""A half-life beyond this many steps counts as this: nothing is forgotten in practice."""
STILL = 0.01
"""A unit whose hidden state moves by less than this over the sequence is dead."""
ALWAYS = 0.95
"""A gate that is saturated at this share of the steps counts as saturated."""
SURVIVES, LOST, EXPLODES = 1e-2, 1e-6, 1e2
"""Shares of the gradient that arrive at the first step: what they are called."""
MOST_EXACT = 1_024
"""Of up to so many units the eigenvalues are computed; beyond, the largest alone, by iteration."""
ITERATIONS = 400


@dataclass(frozen=True)
class Finding:
    """One thing that a first look shows.

    Attributes:
        name: "forgetting", "saturated", "gradient", "eigenvalue" or "units".
        sentence: with its numbers.
        numbers: the same numbers by name.
        arrays: what a picture of it draws.
        layer: name of the layer.
        direction: whose cell it is.
    """

    name: str
    sentence: Message
    numbers: dict[str, float]
    arrays: dict[str, NDArray[np.generic]] = field(default_factory=dict)
    layer: str = ""
    direction: str = FORWARD


@dataclass(frozen=True)
class Importance:
    """How much each unit counts.

    Attributes:
        values: (units,).
        order: the units, the one that counts most first.
        rule: what ``values`` are.
        output: the entry of the answer that they are about, from 0.
    """

    values: Array
    order: NDArray[np.intp]
    rule: Message
    output: int


def first_look(
    network: Network, run: NetworkRun, layer: int = 0, direction: str = FORWARD
) -> tuple[Finding, ...]:
    """Say five things about one cell of a network on one sequence.

    Args:
        network: that was opened.
        run: of it; of several sequences the first is looked at.
        layer: place among the recurrent layers.
        direction: of the cell.

    Returns:
        How long it remembers, which units are dead or saturated, whether the gradient arrives at
        the first step, the largest eigenvalue, and the units that count most.
    """
    if run.batched:
        run = network.run(run.inputs[0])
    cell, trace = run.trace(layer, direction)
    findings = (
        _forgetting(cell, trace),
        _dead(cell, trace),
        _gradient(cell, trace),
        _eigenvalue(cell),
        _units(network, run, layer, direction),
    )
    name = network.recurrent[layer].name
    return tuple(replace(finding, layer=name, direction=direction) for finding in findings)


def half_life(kept: Array) -> Array:
    """Steps after which half is gone, where a share is kept at each: ln(1/2) / ln(share)."""
    with np.errstate(divide="ignore"):
        steps = np.log(0.5) / np.log(np.asarray(kept, np.float64))
    return np.asarray(np.where(kept >= 1, LONGEST, np.minimum(steps, LONGEST)))


def kept_by_step(cell: Cell, trace: Trace) -> Array:
    """The share of its memory that a unit keeps at each step, (time, units).

    An LSTM's forget gate, a GRU's update gate; of a plain cell |phi'(a_t) R_uu|, what comes back to
    a unit through its own weight.
    """
    if isinstance(trace, LSTMTrace):
        return trace.forget_gate
    if isinstance(trace, GRUTrace):
        return trace.update_gate
    if not isinstance(cell, RNNCell):
        raise TypeError(f"a {type(cell).__name__} has no trace like this")
    slope = cell.activation.derivative(trace.pre_activation)
    return np.asarray(np.abs(slope * np.diag(cell.recurrent_kernel)))


def _forgetting(cell: Cell, trace: Trace) -> Finding:
    kept = kept_by_step(cell, trace).astype(np.float64)
    tiny = np.finfo(np.float64).tiny
    # What is left after T steps is the product of the shares, so that their geometric mean counts.
    share = np.exp(np.log(np.maximum(kept, tiny)).mean(axis=0))
    lives = half_life(share)
    longest = int(np.argmax(lives))
    numbers = {
        "mean": float(kept.mean()),
        "median_half_life": float(np.median(lives)),
        "longest_half_life": float(lives[longest]),
        "unit": longest + 1,
        "steps": len(kept),
    }
    values = numbers | {
        name: float(f"{numbers[name]:.3g}") for name in ("median_half_life", "longest_half_life")
    }
    if isinstance(cell, LSTMCell):
        sentence = later(
            "The forget gates are {mean:.2f} on average. Half of a unit's cell state is gone after "
            "{median_half_life:,g} steps (median); unit {unit} holds it longest, "
            "{longest_half_life:,g} steps.",
            **values,
        )
    elif isinstance(cell, GRUCell):
        sentence = later(
            "The update gates are {mean:.2f} on average. Half of a unit's hidden state is gone after "
            "{median_half_life:,g} steps (median); unit {unit} holds it longest, "
            "{longest_half_life:,g} steps.",
            **values,
        )
    else:
        sentence = later(
            "A plain cell has no gate that keeps. Through its own weight a unit keeps {mean:.2f} of "
            "its state on average: half is gone after {median_half_life:,g} steps (median), in unit "
            "{unit} after {longest_half_life:,g}.",
            **values,
        )
    return Finding("forgetting", sentence, numbers, {"kept": share, "half_life": lives})


def _dead(cell: Cell, trace: Trace) -> Finding:
    h = trace.hidden_state.astype(np.float64)
    span = h.max(axis=0) - h.min(axis=0)
    shares = saturated(trace, cell).mean(axis=1)
    dead = span < STILL
    stuck = (shares >= ALWAYS).any(axis=0) & ~dead
    numbers = {
        "dead": int(dead.sum()),
        "saturated": int(stuck.sum()),
        "units": cell.units,
        "share": float(shares.mean()),
    }
    sentence = later(
        "Dead units, whose hidden state moves by less than 0.01: {dead} of {units}. Others with a gate "
        "or candidate that is saturated at 95 % of the steps or more: {saturated}.",
        **numbers,
    )
    return Finding(
        "saturated",
        sentence,
        numbers,
        {"span": span, "shares": shares, "dead": dead, "stuck": stuck},
    )


def _gradient(cell: Cell, trace: Trace) -> Finding:
    """Follow the gradient of the mean hidden state at the last step back to the first."""
    aim = trace.hidden_state[-1] - 1.0 / np.sqrt(cell.units)
    flow = follow_cell(cell, trace.inputs, aim)
    norms = flow.norms.astype(np.float64)
    ratio = float(flow.ratio)
    below = np.flatnonzero(norms[::-1] < SURVIVES * norms[-1])
    numbers: dict[str, float] = {"ratio": ratio, "steps": len(norms)}
    # The error is 0 only where it is lost beside a huge state.
    if flow.loss and not norms.any():
        sentence = later(
            "The gradient is 0 at the last step already: there is nothing to follow back.",
            **numbers,
        )
    elif not np.isfinite(ratio):
        sentence = later(
            "The gradient overflows on its way back over {steps} steps: it explodes.", **numbers
        )
    elif ratio > EXPLODES:
        sentence = later(
            "Over {steps} steps back the gradient grows {ratio:.3g} times: it explodes.", **numbers
        )
    elif ratio >= SURVIVES:
        sentence = later(
            "Of the gradient at the last step, {ratio:.0%} arrives at the first, {steps} steps back: it "
            "survives.",
            **numbers,
        )
    else:
        numbers["reach"] = int(below[0]) if len(below) else len(norms)
        word = later("it vanishes") if ratio < LOST else later("it fades")
        sentence = later(
            "Of the gradient at the last step, {ratio:.1e} times its length arrives at the first, {steps} "
            "steps back: {word}. After {reach} steps less than 1 % is left.",
            word=word,
            **numbers,
        )
    return Finding("gradient", sentence, numbers, {"norms": norms})


def recurrent_block(cell: Cell) -> Array:
    """The part of the recurrent kernel that makes the candidate: all of it in a plain cell."""
    gate = "candidate" if "candidate" in cell.gates else cell.gates[0]
    return cell.recurrent_kernel[:, cell.columns(gate)].astype(np.float64)


def _eigenvalue(cell: Cell) -> Finding:
    block = recurrent_block(cell)
    arrays: dict[str, NDArray[np.generic]] = {}
    if cell.units <= MOST_EXACT:
        eigenvalues = np.linalg.eigvals(block)
        arrays["eigenvalues"] = eigenvalues
        largest = float(np.abs(eigenvalues).max())
    else:
        largest = growth(block)
    numbers = {"largest": largest}
    if isinstance(cell, RNNCell):
        sentence = later(
            "The largest eigenvalue of the recurrent kernel is {largest:.3f} in size; below 1 a state "
            "that nothing feeds dies away.",
            **numbers,
        )
    else:
        sentence = later(
            "The largest eigenvalue of the candidate's recurrent kernel is {largest:.3f} in size.",
            **numbers,
        )
    return Finding("eigenvalue", sentence, numbers, arrays)


def growth(matrix: Array) -> float:
    """The rate at which powers of a matrix grow: the size of its largest eigenvalue, about.

    By iterating a vector; the mean growth is right to about three digits, for a pair of complex
    eigenvalues as well.
    """
    vector = np.random.default_rng(0).normal(size=len(matrix))
    logs = []
    for _ in range(ITERATIONS):
        vector = matrix @ vector
        length = float(np.linalg.norm(vector))
        if not length:
            return 0.0
        vector /= length
        logs.append(np.log(length))
    return float(np.exp(np.mean(logs[ITERATIONS // 4 :])))


def importance(
    network: Network,
    run: NetworkRun,
    layer: int = 0,
    direction: str = FORWARD,
    output: int | None = None,
) -> Importance:
    """Say how much each unit counts for one entry of the answer.

    sum_t |h_t dy/dh_t|, where y is an entry of the answer, at its last step if it has several; the
    largest entry in size if none is asked for. (The rule of ``WayBack.importance``.)

    Args:
        network: that was opened.
        run: of one sequence.
        layer: place among the recurrent layers.
        direction: of the cell.
        output: the entry, from 0.
    """
    answer = run.output if run.output.ndim == 1 else run.output[-1]
    chosen = int(np.argmax(np.abs(answer))) if output is None else output
    d_output = np.zeros_like(run.output)
    d_output[(..., chosen) if run.output.ndim == 1 else (-1, chosen)] = 1.0
    target = network.recurrent[layer]
    back = network.backward(run, d_output)[network.layers.index(target)]
    _, trace = run.trace(layer, direction)
    gradient = back.trace
    whole = run.recurrent[layer].trace
    if isinstance(whole, BidirectionalTrace):
        gradient = getattr(gradient, direction)
    d_hidden = gradient.hidden_state  # type: ignore[union-attr]
    values = np.abs(trace.hidden_state * d_hidden).sum(axis=0).astype(np.float64)
    values = np.nan_to_num(values)
    rule = later(
        "Counted for entry {entry} of the answer: a unit's hidden states, each times its gradient; "
        "sizes added up over time.",
        entry=chosen + 1,
    )
    return Importance(values, np.argsort(-values, kind="stable"), rule, chosen)


def _units(network: Network, run: NetworkRun, layer: int, direction: str) -> Finding:
    counts = importance(network, run, layer, direction)
    total = float(counts.values.sum())
    ordered = counts.values[counts.order]
    most = int(np.searchsorted(np.cumsum(ordered), 0.8 * total)) + 1 if total else 0
    numbers = {
        "unit": int(counts.order[0]) + 1,
        "share": float(ordered[0] / total) if total else 0.0,
        "most": min(most, len(ordered)),
        "units": len(ordered),
        "entry": counts.output + 1,
    }
    if not total:
        sentence = later(
            "No unit changes the answer's entry {entry} here: its gradient is 0 everywhere.",
            **numbers,
        )
    else:
        sentence = later(
            "Unit {unit} counts most for entry {entry} of the answer: {share:.0%}. The units that make "
            "80 % of it: {most} of {units}.",
            **numbers,
        )
    arrays: dict[str, NDArray[np.generic]] = {"importance": counts.values, "order": counts.order}
    return Finding("units", sentence, numbers, arrays)
