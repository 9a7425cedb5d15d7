"""Open the trained network in several versions of Keras, each in an environment of its own.

    python -m tools.keras_versions            # writes assets/sentiment/keras_versions.json

An environment takes about 600 MB while it lives, which is a few minutes; JAX computes in it, the
smallest back end that pip brings. The model card and the report say what came of it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.sentiment.reader import ASSETS, Reader

COMMAND = "python -m tools.keras_versions"
VERSIONS: dict[str, tuple[str, ...]] = {
    "keras==3.3.3": ("jax[cpu]==0.4.30", "numpy<2", "packaging"),
    "keras==3.6.0": ("jax[cpu]==0.4.38",),
    "keras==3.10.0": ("jax[cpu]==0.6.2",),
    "keras==3.12.4": ("jax[cpu]==0.8.3",),
    "keras": ("jax[cpu]",),
}
"""What is installed together: a version of Keras, the newest last, with JAX of its time."""
TEXTS = (
    "A wonderful film that I would see again.",
    "The film was not good, not at all.",
    "The plot drags, but the two leads are a joy to watch.",
)
SAME = 1e-4
"""Logits that differ by less are the same, but for rounding."""
ASKING = """
import json, sys
import numpy as np
import keras
network, rows = sys.argv[1:]
model = keras.models.load_model(network)
logits = [float(model.predict(np.array([row], "int32"), verbose=0)[0, 0]) for row in json.loads(rows)]
print(json.dumps({"keras": keras.__version__, "logits": logits}))
"""
LONGEST_REASON = 300


def tried(
    package: str, more: Sequence[str], network: Path, rows: list[list[int]]
) -> dict[str, Any]:
    """Open the network with one version of Keras and read texts with it.

    Args:
        package: with the version, as pip takes it.
        more: what is installed beside it.
        network: the ``.keras`` file.
        rows: ids of the words of each text.

    Returns:
        ``keras``, the version; ``opens``; ``why`` it does not; the ``logits`` where it does.
    """
    with tempfile.TemporaryDirectory(prefix="keras-") as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        install = [str(python), "-m", "pip", "install", "--quiet", package, *more]
        subprocess.run(install, check=True, stderr=subprocess.DEVNULL)
        named = subprocess.run(
            [str(python), "-m", "pip", "show", "keras"], check=True, capture_output=True, text=True
        )
        version = next(
            line.split(": ")[1] for line in named.stdout.splitlines() if line[:8] == "Version:"
        )
        asked = subprocess.run(
            [str(python), "-c", ASKING, str(network), json.dumps(rows)],
            check=False,
            capture_output=True,
            text=True,
            env=os.environ | {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        )
    if asked.returncode:
        reason = (asked.stderr.strip().splitlines() or ["no reason given"])[-1]
        return {"keras": version, "opens": False, "why": reason[:LONGEST_REASON]}
    return {"keras": version, "opens": True, "why": "", **json.loads(asked.stdout.splitlines()[-1])}


def compared(row: dict[str, Any], ours: Sequence[float]) -> dict[str, Any]:
    """Put the largest difference from our own logits in the place of a version's logits."""
    logits = row.pop("logits", None)
    if logits is None:
        return row
    row["largest_difference"] = float(np.abs(np.subtract(logits, ours)).max())
    if row["largest_difference"] > SAME:
        row |= {"opens": False, "why": "it answers otherwise than it was trained to"}
    return row


def main(arguments: list[str] | None = None) -> int:
    """Try every version and write what came of it; 0 if the network opens in all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=ASSETS, help="the trained network")
    folder = parser.parse_args(arguments).folder.resolve()
    reader = Reader.load(folder)
    ids = [reader.ids(text) for text in TEXTS]
    ours = reader.score_ids(ids).logit.tolist()
    rows = []
    for package, more in VERSIONS.items():
        row = tried(package, more, folder / "network.keras", [one.tolist() for one in ids])
        rows.append(compared(row, ours))
        print(f"Keras {row['keras']}: {'opens' if row['opens'] else row['why']}", flush=True)
    record = {"command": COMMAND, "texts": len(TEXTS), "versions": rows}
    (folder / "keras_versions.json").write_text(
        json.dumps(record, indent=2) + "\n", encoding="utf-8"
    )
    return 0 if all(row["opens"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
