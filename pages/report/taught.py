"""Who taught the network: distillation in three sentences, and teachers beside student in tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lstm_core.sentiment.taught import ENCODER, Judge, asked_about, changes, probe_mean
from pages._book.language import decimal, mark, say

SAID = 0.93
"""What a teacher might say, as an example; nobody measured it."""


def three_sentences(training: Mapping[str, Any]) -> str:
    """Say in Markdown what distillation is."""
    reviews = training["reviews"]
    numbers = {"reviews": asked_about(training), "short": reviews.get("short_texts", 0)}
    asked = (
        say(
            "**Any text** can be put to the teachers: here {reviews:,} reviews and {short:,} short texts.",
            **numbers,
        )
        if numbers["short"]
        else say(
            "**Any text** can be put to the teachers: here {reviews:,} reviews.",
            **numbers,
        )
    )
    soft = say(
        "**Distillation**: the student learns soft labels, for example {said:.2f} and not “positive”.",
        said=SAID,
    )
    ships = say("**The student ships**, the teachers do not.")
    return f"1. {soft}\n2. {asked}\n3. {ships}"


def sentence(judges: Sequence[Judge]) -> str:
    """Say in Markdown how near the student comes to its teachers, and for what share of the cost."""
    *teachers, joint, student = judges
    encoder = next((one for one in teachers if one.name == ENCODER), Judge(ENCODER))
    if encoder.parameters and student.parameters and encoder.ms and student.ms:
        return say(
            "Right on held-out reviews: the student **{student:.1%}**, the encoder {encoder:.1%}. Beside it "
            "the student has **{size:.0%}** of the parameters and takes {time:.0%} of the time.",
            student=student.reviews,
            encoder=encoder.reviews,
            size=student.parameters / encoder.parameters,
            time=student.ms / encoder.ms,
        )
    return say(
        "Right on held-out reviews: the student **{student:.1%}**, its best teacher {best:.1%}, all "
        "teachers together {joint:.1%}.",
        student=student.reviews,
        best=max(one.reviews or 0 for one in teachers),
        joint=joint.reviews,
    )


def table(judges: Sequence[Judge]) -> dict[str, list[str]]:
    """Set teachers, their joint opinion and the student side by side: a column a list."""
    return {
        "": [say(one.name) for one in judges],
        mark("whole reviews"): [_or_dash(one.reviews, ".1%") for one in judges],
        mark("single pieces"): [_or_dash(one.pieces, ".1%") for one in judges],
        mark("parameters"): [_or_dash(one.parameters, ",d") for one in judges],
        mark("ms a review"): [_or_dash(one.ms, ".1f") for one in judges],
    }


def caption(training: Mapping[str, Any]) -> str:
    """Say on what was measured, and who teaches."""
    sentences = [
        say(
            "Right verdicts on the {reviews:,} development reviews, from which nobody here learned. How much "
            "each teacher counts in the joint opinion is fitted on a part of them, and measured on the rest.",
            reviews=training["reviews"]["development"],
        )
    ]
    if training["teachers"].get("teaches") == "encoder":
        sentences.append(
            say("The others add hardly anything to the encoder, so that it teaches alone.")
        )
    if pieces := training["teachers"].get("pieces"):
        sentences.append(
            say(
                "{pieces:,} pieces are sentences of those reviews, and parts of them, under the label of "
                "their review, which is not always theirs.",
                pieces=pieces,
            )
        )
    if training.get("encoder"):
        sentences.append(
            say(
                "Time of one core; the encoder reads at most {pieces} pieces of words of a review.",
                pieces=training["encoder"]["recipe"]["pieces"],
            )
        )
        if (members := training["encoder"]["recipe"].get("members", 1)) > 1:
            sentences.append(
                say(
                    "Its opinion is the mean of {members} such encoders; parameters and time are those of one.",
                    members=members,
                )
            )
    return " ".join(sentences)


def change_table(trials: Sequence[Mapping[str, Any]] | None) -> dict[str, list[str]]:
    """Set the reader before beside the one of today, a column a list; {} with fewer than two trials."""
    listed = changes(trials)
    if not listed:
        return {}
    return {
        mark("measured on"): [
            say("own sentences: {kind}", kind=say(one.name)) if one.ours else say(one.name)
            for one in listed
        ],
        mark("before"): [decimal(one.before, one.form) for one in listed],
        mark("after"): [decimal(one.after, one.form) for one in listed],
    }


TRIED = {
    mark("reviews"): "development",
    mark("turned round"): "counterfactual",
    mark("by experts"): "contrast",
    mark("sentences"): "sentence",
}
"""What the table of all trials shows of each."""


def trials_table(trials: Sequence[Mapping[str, Any]] | None) -> dict[str, list[str]]:
    """List every trial, a column a list; {} with fewer than two trials."""
    if not trials or len(trials) < 2:
        return {}
    return {
        mark("trial"): [str(row["name"]) for row in trials],
        **{name: [_or_dash(row.get(key), ".3f") for row in trials] for name, key in TRIED.items()},
        mark("own sentences"): [_or_dash(probe_mean(row), ".3f") for row in trials],
    }


def about_trials() -> str:
    """Say on what trials were measured."""
    return say(
        "Shares that are read rightly of the development reviews, of texts of other people that were for "
        "choosing only, and of our own sentences. “Turned round”: rewritten by people so that the label "
        "changes. The test had no part in it."
    )


def trials_columns(trials: Sequence[Mapping[str, Any]]) -> dict[str, list[object]]:
    """Collect the trial log for a file: a column a list, what stands inside of a row with dots."""
    rows = [_flat(row) for row in trials]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _flat(row: Mapping[str, Any], inside: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in row.items():
        is_nested = isinstance(value, Mapping)
        flat |= _flat(value, f"{inside}{name}.") if is_nested else {f"{inside}{name}": value}
    return flat


def _or_dash(value: float | None, form: str) -> str:
    return "–" if value is None else decimal(value, form)


def lines(judge: Judge) -> list[str]:
    """Say in a few short lines what is known of a teacher or the student; its name comes first."""
    facts = [say(judge.name)]
    if judge.parameters is not None:
        facts.append(say("{millions:.1f} million parameters", millions=judge.parameters / 1e6))
    if judge.reviews is not None:
        facts.append(say("reviews: {share:.1%}", share=judge.reviews))
    if judge.pieces is not None:
        facts.append(say("pieces: {share:.1%}", share=judge.pieces))
    if judge.ms is not None:
        facts.append(say("{ms:.0f} ms a review", ms=judge.ms))
    if judge.texts is not None:
        facts.append(say("{count:,} reviews", count=judge.texts[0]))
        facts.append(say("{count:,} short texts", count=judge.texts[1]))
    return facts


def alt(judges: Sequence[Judge]) -> str:
    """The picture in words."""
    return say(
        "Who teaches, what is handed on, and the student. {listed}.",
        listed="; ".join(", ".join(lines(one)) for one in judges),
    )
