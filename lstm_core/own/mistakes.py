"""The known mistakes of a cell that somebody wrote: each is made on purpose and compared.

A mistake is named only if it makes the very numbers that were given, up to rounding, so that no
other explanation is as good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np

from lstm_core.cells.activations import sigmoid
from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUCell
from lstm_core.cells.gru_reset_first import ResetFirstGRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import Trace
from lstm_core.messages import Message, later

MOST_STEPS, FEW_STEPS, MANY_UNITS = 60, 12, 256
"""So many steps are computed with each mistake; fewer with more units than this."""
Squash = Callable[[Array], Array]


@dataclass(frozen=True)
class Mistake:
    """A known mistake.

    Attributes:
        name: of its kind: "gates swapped", "bias left out" and so on.
        sentence: a clause that ends the sentence "These numbers come out if …".
    """

    name: str
    sentence: Message


@dataclass(frozen=True)
class Recipe:
    """How a cell computes: its weights, and what can go wrong with the equations.

    Attributes:
        kernel, recurrent: (features, g u) and (units, g u).
        bias, recurrent_bias: (g u,) each.
        gate, candidate, shown: activations of the gates, of the candidate and of the shown state.
        summed: input and hidden state are added, instead of put side by side.
        exchanged: hidden and cell state change places at every step.
        forgetful: the state is zeros again at every step.
        turned: of a GRU, z and 1 − z change places.
        reset_after: of a GRU.
    """

    kernel: Array
    recurrent: Array
    bias: Array
    recurrent_bias: Array
    gate: Squash = sigmoid
    candidate: Squash = np.tanh
    shown: Squash = np.tanh
    summed: bool = False
    exchanged: bool = False
    forgetful: bool = False
    turned: bool = False
    reset_after: bool = True


def hard_sigmoid(x: Array) -> Array:
    """Keras 2's: 0.2 x + 0.5, cut off at 0 and 1."""
    return np.asarray(np.clip(0.2 * x + 0.5, 0.0, 1.0))


def _relu(x: Array) -> Array:
    return np.asarray(np.maximum(x, 0.0))


def _as_it_is(x: Array) -> Array:
    return x


def run_lstm(recipe: Recipe, inputs: Array) -> dict[str, Array]:
    """Run an LSTM as a recipe says; gates and states by letter, (time, units)."""
    units = len(recipe.recurrent)
    h = c = np.zeros(units)
    rows: list[tuple[Array, ...]] = []
    for x in inputs:
        if recipe.forgetful:
            h = c = np.zeros(units)
        into = (x + h) @ recipe.recurrent if recipe.summed else x @ recipe.kernel
        if not recipe.summed:
            into = into + h @ recipe.recurrent
        z_i, z_f, z_g, z_o = np.split(into + recipe.bias + recipe.recurrent_bias, 4)
        i, f, o = recipe.gate(z_i), recipe.gate(z_f), recipe.gate(z_o)
        g = recipe.candidate(z_g)
        c = f * c + i * g
        h = o * recipe.shown(c)
        if recipe.exchanged:
            h, c = c, h
        rows.append((i, f, g, c, o, h))
    return _columns("ifgcoh", rows)


def run_gru(recipe: Recipe, inputs: Array) -> dict[str, Array]:
    """Run a GRU as a recipe says; gates and states by letter, (time, units)."""
    units = len(recipe.recurrent)
    h = np.zeros(units)
    R_z, R_r, R_g = np.split(recipe.recurrent, 3, axis=1)
    q_z, q_r, q_g = np.split(recipe.recurrent_bias, 3)
    rows: list[tuple[Array, ...]] = []
    for x in inputs:
        if recipe.forgetful:
            h = np.zeros(units)
        into = (x + h) @ recipe.recurrent if recipe.summed else x @ recipe.kernel
        u_z, u_r, u_g = np.split(into + recipe.bias, 3)
        back = 0.0 if recipe.summed else 1.0
        r = recipe.gate(u_r + back * (h @ R_r) + q_r)
        z = recipe.gate(u_z + back * (h @ R_z) + q_z)
        recurrent = r * (h @ R_g + q_g) if recipe.reset_after else (r * h) @ R_g + q_g
        g = recipe.candidate(u_g + back * recurrent)
        h = (1 - z) * h + z * g if recipe.turned else z * h + (1 - z) * g
        rows.append((r, z, g, h))
    return _columns("rzgh", rows)


def run_rnn(recipe: Recipe, inputs: Array) -> dict[str, Array]:
    """Run a plain cell as a recipe says; its hidden state, (time, units)."""
    h: Array = np.zeros(len(recipe.recurrent))
    rows: list[tuple[Array, ...]] = []
    for x in inputs:
        if recipe.forgetful:
            h = np.zeros_like(h)
        into = (x + h) @ recipe.recurrent if recipe.summed else x @ recipe.kernel
        if not recipe.summed:
            into = into + h @ recipe.recurrent
        h = recipe.candidate(into + recipe.bias + recipe.recurrent_bias)
        rows.append((h,))
    return _columns("h", rows)


def _columns(letters: str, rows: list[tuple[Array, ...]]) -> dict[str, Array]:
    return {
        letter: np.stack(values)
        for letter, values in zip(letters, zip(*rows, strict=True), strict=True)
    }


def recipe_of(cell: Cell, two_biases: tuple[Array, Array] | None = None) -> Recipe:
    """How a cell computes when nothing is wrong, in double precision."""
    first, second = two_biases or (cell.bias, np.zeros_like(cell.bias))
    if cell.bias.ndim == 2:
        first, second = cell.bias
    kernel, recurrent, bias, recurrent_bias = (
        np.asarray(array, float) for array in (cell.kernel, cell.recurrent_kernel, first, second)
    )
    recipe = Recipe(kernel, recurrent, bias, recurrent_bias)
    if isinstance(cell, GRUCell):
        return replace(recipe, reset_after=not isinstance(cell, ResetFirstGRUCell))
    if isinstance(cell, RNNCell):
        return replace(recipe, candidate=cell.activation.function)
    return recipe


def runner_of(cell: Cell) -> Callable[[Recipe, Array], dict[str, Array]]:
    """What runs a recipe of this kind of cell."""
    if isinstance(cell, LSTMCell):
        return run_lstm
    return run_gru if isinstance(cell, GRUCell) else run_rnn


def known_mistakes(
    cell: Cell, two_biases: tuple[Array, Array] | None = None
) -> Iterator[tuple[Mistake, Recipe]]:
    """Every known mistake of a kind of cell, the likeliest first, as a recipe that makes it."""
    right = recipe_of(cell, two_biases)
    if len(cell.gates) > 1:
        yield from _orders(cell, right)
    yield from _biases(right)
    yield from _kernels(cell, right)
    if cell.features in (1, cell.units):
        yield (
            Mistake(
                "sum for concatenation",
                later("input and hidden state are added instead of put side by side."),
            ),
            replace(right, summed=True),
        )
    yield (
        Mistake("state not carried", later("the state is set to zeros again at every step.")),
        replace(right, forgetful=True),
    )
    yield from _of_kind(cell, right)


def _orders(cell: Cell, right: Recipe) -> Iterator[tuple[Mistake, Recipe]]:
    """The gates' blocks taken in every other order: two swapped first, then the rest."""
    letters = "ifgo" if len(cell.gates) == 4 else "zrg"
    usual = tuple(range(len(letters)))
    others = [order for order in permutations(usual) if order != usual]
    others.sort(key=lambda order: sum(a != b for a, b in zip(order, usual, strict=True)))

    def taken(array: Array, order: tuple[int, ...]) -> Array:
        blocks = np.split(array, len(letters), axis=-1)
        return np.concatenate([blocks[place] for place in order], axis=-1)

    for order in others:
        moved = [letters[place] for place in usual if order[place] != place]
        if len(moved) == 2:
            sentence = later(
                "the weights of the gates {first} and {second} are swapped.",
                first=moved[0],
                second=moved[1],
            )
        else:
            sentence = later(
                "the gates' weights are taken in the order {taken} instead of {right}.",
                taken=" ".join(letters[order.index(place)] for place in usual),
                right=" ".join(letters),
            )
        yield (
            Mistake("gates swapped", sentence),
            replace(
                right,
                kernel=taken(right.kernel, order),
                recurrent=taken(right.recurrent, order),
                bias=taken(right.bias, order),
                recurrent_bias=taken(right.recurrent_bias, order),
            ),
        )


def _biases(right: Recipe) -> Iterator[tuple[Mistake, Recipe]]:
    nothing = np.zeros_like(right.bias)
    if not right.bias.any() and not right.recurrent_bias.any():
        return
    yield (
        Mistake("bias left out", later("the bias is left out.")),
        replace(right, bias=nothing, recurrent_bias=nothing),
    )
    if right.bias.any() and right.recurrent_bias.any():
        yield (
            Mistake(
                "one of two biases left out",
                later("the bias of the inputs is left out (bias_ih; the first row in Keras' GRU)."),
            ),
            replace(right, bias=nothing),
        )
        yield (
            Mistake(
                "one of two biases left out",
                later(
                    "the bias of the recurrence is left out (bias_hh; the second row in Keras' GRU)."
                ),
            ),
            replace(right, recurrent_bias=nothing),
        )


def _kernels(cell: Cell, right: Recipe) -> Iterator[tuple[Mistake, Recipe]]:
    gates = len(cell.gates)
    turned = np.hstack([block.T for block in np.hsplit(right.recurrent, gates)])
    yield (
        Mistake(
            "transposed kernel",
            later("the recurrent kernel of each gate is transposed."),
        ),
        replace(right, recurrent=turned),
    )
    if cell.features == cell.units:
        both = np.hstack([block.T for block in np.hsplit(right.kernel, gates)])
        yield (
            Mistake("transposed kernel", later("the kernel of each gate is transposed.")),
            replace(right, kernel=both),
        )
        yield (
            Mistake("transposed kernel", later("both kernels of each gate are transposed.")),
            replace(right, kernel=both, recurrent=turned),
        )
    if right.kernel.size > 1:
        rows, columns = right.kernel.shape
        shuffled = right.kernel.T.reshape(rows, columns)
        recurrent = right.recurrent.T.reshape(right.recurrent.shape)
        yield (
            Mistake(
                "transposed kernel",
                later("the kernels are reshaped from (gates × units, …) instead of transposed."),
            ),
            replace(right, kernel=shuffled, recurrent=recurrent),
        )


def _of_kind(cell: Cell, right: Recipe) -> Iterator[tuple[Mistake, Recipe]]:
    def wrong(sentence: Message, recipe: Recipe) -> tuple[Mistake, Recipe]:
        return Mistake("wrong activation", sentence), recipe

    if isinstance(cell, RNNCell):
        own = cell.activation.name
        others: dict[str, Squash] = {
            "tanh": np.tanh,
            "relu": _relu,
            "sigmoid": sigmoid,
            "linear": _as_it_is,
        }
        for name, squash in others.items():
            if name != own:
                yield wrong(
                    later("its activation is {name} instead of {own}.", name=name, own=own),
                    replace(right, candidate=squash),
                )
        return
    yield wrong(
        later("the gates use the hard sigmoid instead of the sigmoid."),
        replace(right, gate=hard_sigmoid),
    )
    yield wrong(later("the gates use tanh instead of the sigmoid."), replace(right, gate=np.tanh))
    yield wrong(
        later("the candidate uses the sigmoid instead of tanh."), replace(right, candidate=sigmoid)
    )
    yield wrong(
        later("the candidate uses relu instead of tanh."),
        replace(right, candidate=_relu),
    )
    if isinstance(cell, GRUCell):
        yield (
            Mistake(
                "reset_after",
                later("the reset gate acts before the matrix product instead of after it.")
                if right.reset_after
                else later("the reset gate acts after the matrix product instead of before it."),
            ),
            replace(right, reset_after=not right.reset_after),
        )
        yield (
            Mistake("z and 1 − z exchanged", later("z and 1 − z are exchanged.")),
            replace(right, turned=True),
        )
        return
    yield (
        Mistake("h and c exchanged", later("h and c are exchanged from step to step.")),
        replace(right, exchanged=True),
    )
    yield wrong(
        later("the cell state is shown without its tanh: h = o c."), replace(right, shown=_as_it_is)
    )
    yield wrong(
        later("candidate and shown cell state use relu instead of tanh."),
        replace(right, candidate=_relu, shown=_relu),
    )
    more = right.bias.copy()
    more[cell.columns("forget")] += 1.0
    yield (
        Mistake(
            "forget bias added again",
            later("1 is added to the forget gate's bias, which the trained bias holds already."),
        ),
        replace(right, bias=more),
    )


def find_mistake(
    cell: Cell,
    trace: Trace,
    mine: Mapping[str, Array],
    theirs: Mapping[str, Array],
    tolerance: float,
    two_biases: tuple[Array, Array] | None = None,
) -> tuple[Mistake | None, int]:
    """Find the known mistake that makes these gates.

    Args:
        cell: that is right.
        trace: of it.
        mine: its gates and states by letter, (time, units).
        theirs: gates by letter, (time, units).
        tolerance: how far numbers may differ.
        two_biases: of a cell whose file has two that only add.

    Returns:
        The mistake, None if none makes them, and how many were tried.
    """
    steps = min(len(trace.inputs), MOST_STEPS if cell.units <= MANY_UNITS else FEW_STEPS)
    inputs = np.asarray(trace.inputs[:steps], float)
    given = {gate: np.asarray(values[:steps], float) for gate, values in theirs.items()}
    run = runner_of(cell)
    tried = 0
    for mistake, values in _renamed(mine, theirs):
        tried += 1
        if _same(values, theirs, tolerance):
            return mistake, tried
    for mistake, recipe in known_mistakes(cell, two_biases):
        tried += 1
        with np.errstate(over="ignore", invalid="ignore"):
            made = run(recipe, inputs)
        if _same(made, given, tolerance):
            return mistake, tried
    return None, tried


def _same(mine: Mapping[str, Array], theirs: Mapping[str, Array], tolerance: float) -> bool:
    return all(
        bool((np.abs(mine[gate] - values) <= tolerance).all()) for gate, values in theirs.items()
    )


def _renamed(
    right: Mapping[str, Array], given: Mapping[str, Array]
) -> Iterator[tuple[Mistake, dict[str, Array]]]:
    """The right numbers under other names, a step late, or from the end."""
    for first, second in permutations(given, 2):
        if first < second:
            swapped = dict(right) | {first: right[second], second: right[first]}
            sentence = later(
                "the columns {first} and {second} are exchanged; the cell itself is right.",
                first=first,
                second=second,
            )
            name = "h and c exchanged" if {first, second} == {"h", "c"} else "columns exchanged"
            yield Mistake(name, sentence), swapped
    late = {gate: np.concatenate([np.zeros_like(v[:1]), v[:-1]]) for gate, v in right.items()}
    yield Mistake("a step late", later("every row is written a step late.")), late
    turned = {gate: values[::-1] for gate, values in right.items()}
    yield Mistake("from the end", later("the rows are in the order from the end.")), turned
