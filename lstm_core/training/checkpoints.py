"""Put a training away in one file and take it up again, to the last bit."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.training.optimizers import Optimizer

Parameters = Mapping[str, Array]


def copied(parameters: Parameters) -> dict[str, Array]:
    """Copy every array."""
    return {name: parameter.copy() for name, parameter in parameters.items()}


def write_checkpoint(
    path: Path,
    progress: Mapping[str, Any],
    parameters: Parameters,
    best: Parameters,
    optimizer: Optimizer,
    carried: Parameters,
) -> None:
    """Write a checkpoint; a write that is cut off leaves the last one whole.

    Args:
        path: of the file, a ``.npz``.
        progress: what JSON can hold: the recipe and how far the training is.
        parameters: of the network.
        best: the parameters that were best so far.
        optimizer: whose running averages are kept.
        carried: arrays that the next update starts from.
    """
    arrays: dict[str, Any] = {f"parameter/{name}": array for name, array in parameters.items()}
    arrays |= {f"best/{name}": array for name, array in best.items()}
    arrays |= {f"carried/{name}": array for name, array in carried.items()}
    for name, kept in optimizer.averages.items():
        arrays |= {f"average/{place}/{name}": array for place, array in enumerate(kept)}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part.npz")
    np.savez(beside, progress=np.array(json.dumps(progress)), **arrays)
    os.replace(beside, path)


def read_checkpoint(
    path: Path,
    recipe: Mapping[str, Any],
    parameters: Parameters,
    best: Parameters,
    optimizer: Optimizer,
) -> tuple[dict[str, Any], dict[str, Array]] | None:
    """Read a checkpoint into the arrays of a training that has just begun.

    Returns:
        The progress, and what was carried; None if there is no checkpoint of this recipe.
    """
    if not path.exists():
        return None
    with np.load(path) as kept:
        progress: dict[str, Any] = json.loads(str(kept["progress"]))
        if progress["recipe"] != recipe:
            return None
        for name, parameter in parameters.items():
            np.copyto(parameter, kept[f"parameter/{name}"])
            np.copyto(best[name], kept[f"best/{name}"])
            places = sorted(key for key in kept if key.endswith(f"/{name}") and "average/" in key)
            if places:
                optimizer.averages[name] = [kept[place] for place in places]
        carried = {
            key.removeprefix("carried/"): kept[key] for key in kept if key.startswith("carried/")
        }
    optimizer.updates = progress["updates"]
    return progress, carried
