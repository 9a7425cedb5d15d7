"""Do I get what my library gets? Outputs of a notebook, compared with what the network gives here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.messages import Message, later
from lstm_core.own.network import Network, NetworkRun
from lstm_core.own.pasted import arrays_of, content_of, the_only
from lstm_core.own.problems import OwnError

SINGLE, DOUBLE = 1e-5, 1e-9
"""How far numbers may differ, as a share of the largest (of 1, if that is smaller): in single and in
double precision, where each library adds up in another order."""


@dataclass(frozen=True)
class Outputs:
    """What a notebook gave.

    Attributes:
        array: as it came.
        coarse: half of the last digit that was printed; 0 if it came as bytes.
        double: whether it came in double precision.
        name: of the array, where the file has names.
    """

    array: Array
    coarse: float = 0.0
    double: bool = False
    name: str = ""

    def tolerance(self, network: Network) -> float:
        """How far it may differ from what this network gives."""
        exact = DOUBLE if self.double and network.dtype == np.float64 else SINGLE
        finite = self.array[np.isfinite(self.array)]
        largest = float(np.abs(finite).max(initial=0.0))
        return max(exact * max(1.0, largest), self.coarse)


@dataclass(frozen=True)
class Comparison:
    """How two outputs differ.

    Attributes:
        agrees: whether nowhere by more than the tolerance.
        largest: difference.
        at: its place: step and entry, from 0.
        first_step: from 0, the first at which they part; None if they agree or have no steps.
        tolerance: how far they may differ.
        sentence: for people.
        where: what was compared: "output", or the layer whose states they are.
        mine, theirs: both, in one shape.
    """

    agrees: bool
    largest: float
    at: tuple[int, ...]
    first_step: int | None
    tolerance: float
    sentence: Message
    where: str
    mine: Array
    theirs: Array

    @property
    def difference(self) -> Array:
        """Entry by entry, in size."""
        return np.abs(self.mine - self.theirs)


def read_outputs(source: str | bytes | IO[bytes], name: str = "") -> Outputs:
    """Read the outputs of a notebook: npy, npz with one array, csv, or numbers as Python prints them.

    Raises:
        OwnError: if there are no numbers in it.
    """
    data = content_of(source)
    arrays = arrays_of(data, name)
    key, array = the_only(arrays)
    packed = data.startswith((b"\x93NUMPY", b"PK"))
    double = b"<f8" in data[:200] if packed else False
    return Outputs(array, 0.0 if packed else printed(data), double, key)


def printed(data: bytes) -> float:
    """Half of the last decimal that numbers were printed with; 0 where that cannot be told."""
    text = data[:200_000].decode("utf-8", "ignore")
    numbers = re.findall(r"\d[.,](\d+)(?![\d.,]*[eE])", text)
    return 0.5 * 10.0 ** -max(map(len, numbers)) if numbers else 0.0


def compare_outputs(network: Network, run: NetworkRun, outputs: Outputs | Array) -> Comparison:
    """Compare outputs with the network's answer, or with the states of the layer whose shape fits.

    Args:
        network: that was opened.
        run: over the same inputs.
        outputs: of the notebook.

    Raises:
        OwnError: if their shape fits nothing that the network gives.
    """
    given = outputs if isinstance(outputs, Outputs) else Outputs(np.asarray(outputs, float))
    pairs = [
        (name, mine, theirs)
        for name, candidate in _candidates(run)
        if (pair := _aligned(candidate, given.array, run)) is not None
        for mine, theirs in (pair,)
    ]
    if not pairs:
        raise OwnError(
            later(
                "The outputs have shape {shape}; the network gives {mine} for {steps} steps. Were "
                "they computed for the same input?",
                shape=str(given.array.shape),
                mine=str(run.output.shape),
                steps=run.steps,
            )
        )
    tolerance = given.tolerance(network)
    made = [_comparison(name, mine, theirs, tolerance) for name, mine, theirs in pairs]
    return min(made, key=lambda comparison: (not comparison.agrees, comparison.largest))


def _candidates(run: NetworkRun) -> list[tuple[str, Array]]:
    answers = [run.output, run.by_step]
    handed_on = [(each.layer.name, each.output) for each in run.recurrent]
    states = [(each.layer.name, each.trace.hidden_state) for each in run.recurrent if each.trace]
    return [*(("output", answer) for answer in answers if answer is not None), *handed_on, *states]


def _aligned(mine: Array, theirs: Array, run: NetworkRun) -> tuple[Array, Array] | None:
    """Bring both into one shape; None if they have none in common."""
    own = np.squeeze(mine, 0) if mine.ndim == 3 and len(mine) == 1 else mine
    for shaped in _shapes(theirs):
        if shaped.shape == own.shape:
            return own, shaped
        if run.kept is not None and shaped.ndim == own.ndim == 2:
            read = shaped[run.kept] if len(shaped) > run.kept.max() else shaped
            if read.shape == own.shape:
                return own, read
        if own.ndim == 1 and shaped.ndim == 2 and shaped.shape[1:] == own.shape:
            return own, shaped[-1]
    return None


def _shapes(theirs: Array) -> list[Array]:
    """The shapes that outputs may be meant in: without axes of length 1, as a row, as a column."""
    squeezed = np.squeeze(theirs)
    shapes = [theirs, squeezed]
    if theirs.ndim == 3 and theirs.shape[1] == 1:
        shapes.append(theirs[:, 0])
    if theirs.ndim == 3 and theirs.shape[0] == 1:
        shapes.append(theirs[0])
    if squeezed.ndim <= 1:
        flat = squeezed.reshape(-1)
        shapes += [flat, flat[:, np.newaxis], flat[np.newaxis]]
    return shapes


def _comparison(name: str, mine: Array, theirs: Array, tolerance: float) -> Comparison:
    with np.errstate(invalid="ignore"):
        difference = np.abs(mine.astype(np.float64) - theirs)
    apart = ~(difference <= tolerance)
    sizes = np.where(np.isnan(difference), np.inf, difference)
    at = tuple(int(i) for i in np.unravel_index(int(np.argmax(sizes)), sizes.shape))
    largest = float(sizes[at])
    agrees = not apart.any()
    first = None
    if not agrees and apart.ndim >= 2:
        first = int(np.flatnonzero(apart.any(axis=-1).reshape(-1, apart.shape[-2]).any(axis=0))[0])
    where = later("the answer") if name == "output" else later("the states of “{name}”", name=name)
    return Comparison(
        agrees,
        largest,
        at,
        first,
        tolerance,
        _sentence(where, agrees, largest, first, tolerance),
        name,
        mine,
        theirs,
    )


def _sentence(
    where: Message, agrees: bool, largest: float, first: int | None, tolerance: float
) -> Message:
    if agrees:
        return later(
            "The same: {where} differs by at most {largest:.1e}; up to {tolerance:.1e} is rounding.",
            where=where,
            largest=largest,
            tolerance=tolerance,
        )
    if first is None:
        return later(
            "Not the same: {where} differs by up to {largest:.3g}; up to {tolerance:.1e} would be "
            "rounding.",
            where=where,
            largest=largest,
            tolerance=tolerance,
        )
    return later(
        "Not the same: {where} parts at step {step} and differs by up to {largest:.3g}; up to "
        "{tolerance:.1e} would be rounding.",
        where=where,
        step=first + 1,
        largest=largest,
        tolerance=tolerance,
    )


def lines_that_write_outputs(network: Network, library: str) -> str:
    """Three lines for the notebook that write its outputs for the same input.

    Args:
        network: that was opened.
        library: "keras" or "pytorch".
    """
    tokens = network.takes == "tokens"
    load = 'np.loadtxt("inputs.csv", delimiter=",", ndmin=2)'
    if tokens:
        load = 'np.loadtxt("inputs.csv", dtype=int)'
    if library == "keras":
        lines = [
            "import numpy as np",
            f"x = {load}  # what the network reads here",
            'np.save("outputs.npy", model.predict(x[np.newaxis]))',
        ]
    else:
        kind = "torch.long" if tokens else "torch.float32"
        lines = [
            "import numpy as np, torch",
            f"x = torch.tensor({load}, dtype={kind})  # what the network reads here",
            'with torch.no_grad(): np.save("outputs.npy", model(x[None]))  # with batch_first=True',
        ]
    return "\n".join(lines)
