"""Small networks that real libraries saved, to be opened at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np

ASSETS = Path(__file__).parents[2] / "assets" / "own"
EXAMPLES = {
    "counts": "counts.keras",
    "gru": "wave.safetensors",
    "reviews": "reviews.keras",
    "units64": "adding.h5",
    "units1024": "untrained.safetensors",
}
"""The files by a short name; `python -m tools.own_examples` writes all of them but the last one."""
VOCABULARIES = {"reviews": "reviews.txt"}
"""The vocabularies of those that read words."""
UNITS, SEED = 1_024, 1


def example(name: str) -> bytes:
    """Return the file of an example.

    Raises:
        KeyError: if there is no such example.
    """
    file = EXAMPLES[name]
    return untrained() if name == "units1024" else (ASSETS / file).read_bytes()


def vocabulary_of(name: str) -> bytes | None:
    """Return the vocabulary of an example, a word a line; None if it reads no words."""
    file = VOCABULARIES.get(name)
    return None if file is None else (ASSETS / file).read_bytes()


def untrained() -> bytes:
    """Write an LSTM of 1,024 units, and one number that reads them, as PyTorch starts and names them.

    It is too large to be shipped.
    """
    from safetensors.numpy import save

    rng = np.random.default_rng(SEED)
    reach = 1 / np.sqrt(UNITS)
    shapes = {
        "lstm.weight_ih_l0": (4 * UNITS, 1),
        "lstm.weight_hh_l0": (4 * UNITS, UNITS),
        "lstm.bias_ih_l0": (4 * UNITS,),
        "lstm.bias_hh_l0": (4 * UNITS,),
        "fc.weight": (1, UNITS),
        "fc.bias": (1,),
    }
    drawn = {
        name: rng.uniform(-reach, reach, shape).astype(np.float32) for name, shape in shapes.items()
    }
    return bytes(save(drawn))
