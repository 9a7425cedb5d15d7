"""Teachers and student side by side, and the reader before and after, as the records have them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_core.messages import mark
from lstm_core.sentiment.reader import ASSETS

TEACHERS = {
    "encoder": mark("Pretrained encoder"),
    "network": mark("First network"),
    "word sequences": mark("Word sequences, linear"),
    "paragraph vectors": mark("Paragraph vectors"),
}
JOINT = mark("Joint opinion")
SOFT_LABELS = mark("Soft labels")
STUDENT = mark("Student: two Bi-LSTMs")
ENCODER = TEACHERS["encoder"]


@dataclass(frozen=True)
class Judge:
    """What was measured of a teacher, of all teachers together, or of the student.

    Attributes:
        name: in English, marked for translation.
        parameters: how many numbers it learned; None if they were not counted, or for the joint
            opinion.
        reviews: share of the development reviews on which it is right.
        pieces: the same of single pieces of those reviews, under their review's label.
        ms: milliseconds of one core that a review takes.
        texts: how many reviews and how many short texts it labelled; counted for what the student
            learns of a single teacher.
    """

    name: str
    parameters: int | None = None
    reviews: float | None = None
    pieces: float | None = None
    ms: float | None = None
    texts: tuple[int, int] | None = None


def recorded(name: str, folder: Path = ASSETS) -> Any:
    """Read a record that training or evaluation left; None if there is none of that name."""
    path = folder / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def judges(training: Mapping[str, Any], results: Mapping[str, Any]) -> list[Judge]:
    """List the teachers, the largest first, then their joint opinion and the student.

    Args:
        training: what ``training.json`` holds.
        results: what ``results.json`` holds.

    Returns:
        Nothing if the network had no teachers.
    """
    taught = training.get("teachers")
    if not taught:
        return []
    encoder, student = (training.get(key) or {} for key in ("encoder", "student"))
    parameters: dict[str, int] = dict(taught.get("parameters", {}))
    if "parameters" in encoder:
        parameters["encoder"] = encoder["parameters"]
    reviews: dict[str, float] = taught["development_accuracy"]
    pieces: dict[str, float] = taught.get("accuracy_on_pieces", {})
    pace = {"encoder": encoder.get("ms_a_review")}
    teachers = [
        Judge(
            TEACHERS.get(key, key),
            parameters.get(key),
            reviews[key],
            pieces.get(key),
            pace.get(key),
        )
        for key in reviews
        if key != "joint"
    ]
    teachers.sort(key=lambda one: -(one.parameters or 0))
    joint = Judge(JOINT, None, reviews.get("joint"), pieces.get("joint"))
    pupil = Judge(
        STUDENT,
        training["parameters"],
        results["development"]["accuracy"],
        student.get("accuracy_on_pieces"),
        student.get("ms_a_review"),
    )
    return [*teachers, joint, pupil]


def asked_about(training: Mapping[str, Any]) -> int:
    """Count the reviews of which the network learned what its teachers think."""
    reviews = training["reviews"]
    return int(reviews.get("judged") or reviews["unlabelled"])


def lesson_of(training: Mapping[str, Any], listed: Sequence[Judge]) -> list[Judge]:
    """List who takes part in the lesson: those who teach, what they hand on, and the student.

    Args:
        training: what ``training.json`` holds.
        listed: what ``judges`` lists.

    Returns:
        All of them, with the joint opinion before the student; of a training that followed the
        encoder alone, the encoder, the labels it gave, and the student.
    """
    if training["teachers"].get("teaches") != "encoder":
        return list(listed)
    reviews = training["reviews"]
    labels = Judge(SOFT_LABELS, texts=(asked_about(training), reviews.get("short_texts", 0)))
    encoder = next(one for one in listed if one.name == ENCODER)
    return [encoder, labels, listed[-1]]


SETS = {
    mark("whole reviews"): ("development", ".4f"),
    mark("calibration error on them"): ("development_calibration_error", ".4f"),
    mark("estimated and given stars, Pearson"): ("development_pearson", ".4f"),
    mark("reviews that experts turned round"): ("contrast", ".3f"),
    mark("reviews that other people turned round"): ("counterfactual", ".3f"),
    mark("single sentences on films"): ("sentence", ".3f"),
    mark("calibration error on the sentences"): ("sentence_calibration_error", ".4f"),
    mark("parameters"): ("parameters", ",d"),
}
"""What a row of the trial log holds, and how it is written."""
PROBE = {
    "negation": mark("negation"),
    "contrast": mark("contrast"),
    "irony": mark("irony"),
    "comparison": mark("comparison"),
    "temporal": mark("then and now"),
    "neutral": mark("neutral"),
    "emoji": mark("emoji"),
    "misspelling": mark("misspelling"),
    "sarcasm": mark("sarcasm"),
    "domain": mark("other domains"),
    "language": mark("other languages"),
}
"""The kinds of sentences of our own, by the name that the probe has for them."""


@dataclass(frozen=True)
class Change:
    """One measure of the first and of the last network of the trial log.

    Attributes:
        name: what was measured, in English, marked for translation.
        before: of the first one; a count is whole.
        after: of the last one.
        form: how both are written, as ``format`` has it.
        ours: whether it is measured on sentences of our own.
    """

    name: str
    before: float
    after: float
    form: str
    ours: bool = False


def changes(trials: Sequence[Mapping[str, Any]] | None) -> list[Change]:
    """Set the last network of the trial log beside the first one, by what was measured of both.

    Returns:
        Nothing if the log has fewer than two rows.
    """
    if not trials or len(trials) < 2:
        return []
    first, last = trials[0], trials[-1]
    found = [
        Change(name, first[key], last[key], form)
        for name, (key, form) in SETS.items()
        if key in first and key in last
    ]
    before, after = first.get("probe", {}), last.get("probe", {})
    kinds = [key for key in before if key in after]
    return found + [Change(PROBE.get(k, k), before[k], after[k], ".2f", True) for k in kinds]


def probe_mean(trial: Mapping[str, Any]) -> float | None:
    """Return the mean over the kinds of sentences of our own of the share that is read rightly."""
    rates = trial.get("probe", {}).values()
    return sum(rates) / len(rates) if rates else None
