"""The trial log: what each network that was tried came to, on what may be chosen on.

That is the development reviews, a file of other people's texts (never learned from, and no part of
this repository), and our own sentences. The official test is not looked at here.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.archive import DEFAULT_ARCHIVE, read_reviews
from lstm_core.sentiment.encoder_teacher import TRANSFER, read_transfer
from lstm_core.sentiment.probe import probe_rates, read_probe
from lstm_core.sentiment.reader import ASSETS, Reader

LOG = ASSETS / "trials.json"


def trial(name: str, folder: Path, archive: Path, transfer: Path) -> dict[str, Any]:
    """Measure a network on everything that may be chosen on.

    Args:
        name: what was tried, in a few words.
        folder: where training wrote the network.
        archive: the data set's archive.
        transfer: lines of ``{"set", "label", "text"}``; left out if missing.

    Returns:
        A row of the trial log.

    Raises:
        ArchiveError: if the archive is missing or wrong.
        OSError: if there is no network in the folder.
    """
    from lstm_core.sentiment.metrics import calibration_error

    reader = Reader.load(folder)
    held = [one for one in read_reviews(archive) if one.is_development]
    scores = reader.score([one.text for one in held])
    positive = np.array([one.label == 1 for one in held])
    stars = np.array([one.stars for one in held])
    with np.load(folder / "network.npz") as weights:
        parameters = sum(weights[one].size for one in weights.files)
    row: dict[str, Any] = {
        "name": name,
        "parameters": parameters,
        "bytes": {kind: (folder / f"network.{kind}").stat().st_size for kind in ("npz", "keras")},
        "calibration": asdict(reader.calibration),
        "development": _right(scores.probability, positive),
        "development_calibration_error": calibration_error(scores.probability, positive),
        "development_pearson": float(np.corrcoef(scores.stars, stars)[0, 1]),
    }
    if transfer.exists():
        texts, labels, sets = read_transfer(transfer)
        p = reader.score(texts).probability
        for one in np.unique(sets).tolist():
            its_p, its_positive = p[sets == one], labels[sets == one] == 1
            row[one] = _right(its_p, its_positive)
            row[f"{one}_calibration_error"] = calibration_error(its_p, its_positive)
    rates = probe_rates(reader, read_probe())
    row["probe"] = {name: rate["rate"] for name, rate in rates.items()}
    return row


def _right(probability: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    return float(((np.nan_to_num(probability, nan=0.5) >= 0.5) == positive).mean())


def record(row: dict[str, Any], path: Path = LOG) -> None:
    """Add a row to the trial log, in the place of an earlier one of the same name."""
    log = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    kept = [one for one in log if one["name"] != row["name"]]
    path.write_text(json.dumps([*kept, row], indent=2) + "\n", encoding="utf-8")


def add_command(commands: Any) -> None:
    """Add ``trial`` to a command line."""
    parser = commands.add_parser("trial", help="measure a network on what may be chosen on")
    parser.add_argument("name", help="what was tried, in a few words")
    parser.add_argument("--folder", type=Path, default=ASSETS, help="where training wrote it")
    parser.add_argument("--data", type=Path, default=DEFAULT_ARCHIVE, help="the archive")
    parser.add_argument("--transfer", type=Path, default=TRANSFER, help="other people's texts")
    parser.add_argument("--log", type=Path, default=LOG, help="file that gets the row")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    row = trial(options.name, options.folder, options.data, options.transfer)
    record(row, options.log)
    sys.stdout.write(json.dumps(row, indent=2) + "\n")
    return 0
