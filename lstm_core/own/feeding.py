"""What a network is fed: numbers, a table, tokens, words; or, if nobody gives any, a default."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.cell import Cell
from lstm_core.cells.gru import GRUTrace
from lstm_core.cells.lstm import LSTMTrace
from lstm_core.cells.trace import Trace
from lstm_core.messages import Message, later
from lstm_core.own.layers import Flatten
from lstm_core.own.network import MOST_STEPS, Network, NetworkRun
from lstm_core.own.pasted import content_of, matrix, nested, table_of
from lstm_core.own.problems import OwnError, readable
from lstm_core.own.vocabulary import Vocabulary
from lstm_core.series.files import Table, likeliest, numeric_columns

DEFAULT_STEPS = 40
NEAR, MOST_SATURATED = 0.02, 0.9
"""A gate within this of 0 or 1 is saturated; so is a network of whose values more than this are."""


@dataclass(frozen=True)
class Fed:
    """What a network reads.

    Attributes:
        inputs: (time, features), or token ids (time,).
        notes: how it came about.
        words: of each step, where the tokens came from words.
    """

    inputs: NDArray[Any]
    notes: tuple[Message, ...] = ()
    words: tuple[str, ...] | None = None


def fixed_steps(network: Network) -> int | None:
    """How many steps a network reads, where it was made for one number of them alone."""
    width = network.features
    for place, layer in enumerate(network.layers):
        if isinstance(layer, Flatten):
            reads = next((e.reads for e in network.layers[place:] if e.reads is not None), None)
            return None if reads is None else max(1, reads // width)
        width = layer.hands_on(width)
    return None


def default_input(network: Network, steps: int | None = None) -> Fed:
    """Make an input by a rule that its note states; the same network always gets the same.

    Args:
        network: that shall read it.
        steps: how many; 40, or as many as the network was made for, if None.
    """
    steps = steps or fixed_steps(network) or DEFAULT_STEPS
    if network.vocabulary is not None:
        most = network.vocabulary
        tokens = 1 + np.arange(steps) % max(most - 1, 1) if most > 1 else np.zeros(steps, int)
        note = later(
            "Nothing was given, so that it reads the tokens 1, 2, 3 … : {steps} steps.", steps=steps
        )
        return Fed(tokens, (note,))
    period = 8 + 4 * (np.arange(network.features) % 8)
    waves = np.sin(2 * np.pi * np.arange(steps)[:, np.newaxis] / period)
    note = later(
        "Nothing was given, so that it reads a sine in each feature, from −1 to 1: {steps} steps, "
        "with periods of 8, 12, 16 … steps.",
        steps=steps,
    )
    return Fed(waves, (note,))


def numbers_from_text(network: Network, text: str) -> Fed:
    """Read numbers that were typed or pasted: a row for each step, or a list as Python prints it.

    Raises:
        OwnError: if they do not fit the network.
    """
    if not text.strip():
        raise OwnError(later("There is no step in it: give at least one."))
    if "[" in text:
        return _fitted(network, nested(text))
    return _fitted(network, matrix(table_of(content_of(text))))


def _fitted(network: Network, numbers: NDArray[Any]) -> Fed:
    notes = []
    if numbers.ndim == 3 and len(numbers) == 1:
        numbers = numbers[0]
    if numbers.ndim == 2 and network.features == 1 and len(numbers) == 1:
        numbers = numbers.T
        notes.append(
            later("One row of {count} numbers is read as so many steps.", count=len(numbers))
        )
    return Fed(network.as_numbers(numbers), tuple(notes))


def table_columns(source: str | bytes | IO[bytes], name: str = "") -> tuple[str, ...]:
    """Name the columns of a table that hold numbers, in their order.

    Raises:
        OwnError: if it is no table.
    """
    table = table_of(content_of(source), name)
    return tuple(table.columns[place] for place in sorted(numeric_columns(table)))


def numbers_from_table(
    network: Network,
    source: str | bytes | IO[bytes],
    name: str = "",
    columns: Sequence[str] | None = None,
) -> Fed:
    """Read features from columns of a table, a row for each step.

    Args:
        network: that shall read them.
        source: of a file of any kind that ``lstm_core.tables`` reads.
        name: of the file.
        columns: names of the columns, in the order of the features; found if None.

    Raises:
        OwnError: if there are other columns than features, or a cell holds no number.
    """
    table = table_of(content_of(source), name)
    places = _places(table, columns) if columns else _columns_of_numbers(table, network.features)
    if len(places) != network.features:
        raise OwnError(
            later(
                "The network reads {features} features; {count} columns are chosen.",
                features=network.features,
                count=len(places),
            )
        )
    chosen = ", ".join(readable(table.columns[place]) for place in places[:12])
    notes = [later("It reads the columns {columns}.", columns=chosen)]
    cut = table
    if len(table.rows) > MOST_STEPS:
        cut = Table(**{**table.__dict__, "rows": table.rows[-MOST_STEPS:]})
        notes.append(
            later(
                "Of {given:,} rows the last {kept:,} are read.",
                given=len(table.rows),
                kept=MOST_STEPS,
            )
        )
    notes += [each.sentence for each in table.assumptions if not each.usual]
    return Fed(network.as_numbers(matrix(cut, places)), tuple(notes))


def _places(table: Table, names: Sequence[str]) -> list[int]:
    unknown = [name for name in names if name not in table.columns]
    if unknown:
        raise OwnError(
            later(
                "There is no column “{name}”; there are: {names}.",
                name=readable(unknown[0]),
                names=", ".join(map(readable, table.columns[:20])),
            )
        )
    return [table.columns.index(name) for name in names]


def _columns_of_numbers(table: Table, features: int) -> list[int]:
    """The columns of numbers, if there are as many as features; the likeliest of one feature."""
    numeric = numeric_columns(table)
    if features == 1 and numeric:
        return [likeliest(table)]
    if len(numeric) != features:
        raise OwnError(
            later(
                "The network reads {features} features; the table has {count} columns of numbers: "
                "{names}. Choose {features} of them.",
                features=features,
                count=len(numeric),
                names=", ".join(readable(table.columns[p]) for p in sorted(numeric)[:20]),
            )
        )
    return sorted(numeric)


def tokens_from_text(network: Network, text: str) -> Fed:
    """Read token ids that were typed or pasted.

    Raises:
        OwnError: if one is no whole number, or not in the embedding.
    """
    words = [word for word in re.split(r"[\s,;\[\]()]+", text) if word]
    wrong = next((word for word in words if not re.fullmatch(r"\d{1,9}(\.0*)?", word)), None)
    if wrong is not None:
        raise OwnError(
            later(
                "“{word}” is no token; tokens are whole numbers from 0 to {last}.",
                word=readable(wrong)[:40],
                last=(network.vocabulary or 1) - 1,
            )
        )
    return Fed(network.as_tokens([int(float(word)) for word in words]))


def words_to_tokens(network: Network, text: str, vocabulary: Vocabulary) -> Fed:
    """Read words through a vocabulary.

    Raises:
        OwnError: if no word is known, or a token is not in the embedding.
    """
    words = vocabulary.split(text)
    known = [word for word in words if word in vocabulary.ids]
    missing = list(dict.fromkeys(word for word in words if word not in vocabulary.ids))
    if not known:
        raise OwnError(later("No word of the text is in the vocabulary."))
    read = words if vocabulary.unknown is not None else known
    notes = []
    if missing:
        shown = ", ".join(readable(word) for word in missing[:12])
        left = later("Not in the vocabulary, and left out: {words}.", words=shown)
        if vocabulary.unknown is not None:
            token = vocabulary.words.get(vocabulary.unknown, "")
            left = later(
                "Not in the vocabulary, and read as “{token}”: {words}.", token=token, words=shown
            )
        notes.append(left)
    ids = [vocabulary.ids.get(word, vocabulary.unknown) for word in read]
    return Fed(network.as_tokens(np.array(ids)), tuple(notes), tuple(read))


def saturated(trace: Trace, cell: Cell) -> NDArray[np.bool_]:
    """Where a gate is within 0.02 of 0 or 1, or a candidate of −1 or 1: (gates, time, units).

    Of a plain cell its hidden state, where that is a tanh.
    """
    if isinstance(trace, LSTMTrace):
        gates = [trace.input_gate, trace.forget_gate, trace.output_gate]
        squashed = [trace.candidate]
    elif isinstance(trace, GRUTrace):
        gates, squashed = [trace.update_gate, trace.reset_gate], [trace.candidate]
    else:
        activation = getattr(cell, "activation", None)
        if activation is not None and activation.name != "tanh":
            return np.zeros((1, *trace.hidden_state.shape), bool)
        gates, squashed = [], [trace.hidden_state]
    near = [(gate < NEAR) | (gate > 1 - NEAR) for gate in gates]
    near += [np.abs(values) > 1 - NEAR for values in squashed]
    return np.stack(near)


def saturation(run: NetworkRun) -> Message | None:
    """Warn where nearly all gates of the first layer are open or shut for good; None if not."""
    first = run.recurrent[0]
    cell, trace = run.trace(0)
    share = float(saturated(trace, cell).mean())
    if share <= MOST_SATURATED:
        return None
    return later(
        "{share:.0%} of the gates and candidates of “{name}” are saturated. Its inputs go up to "
        "{largest:.4g}: was it trained on scaled ones?",
        share=share,
        name=first.layer.name,
        largest=float(np.abs(first.inputs).max()),
    )
