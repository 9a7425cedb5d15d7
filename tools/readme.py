"""Write measured numbers into README.md and the model card: `make readme`.

Text of the README between ``<!-- NAME -->`` and ``<!-- /NAME -->`` is replaced by what the results
files say; the model card is written whole.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from lstm_core.sentiment.model_card import CARD, teachers_table, written_card
from lstm_core.sentiment.reader import ASSETS
from lstm_core.sentiment.taught import asked_about, changes, judges, recorded

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def _read(name: str) -> Any:
    return json.loads((ROOT / "assets" / name).read_text(encoding="utf-8"))


def reader_table() -> str:
    """Say how good the review reader is."""
    results, training = _read("sentiment/results.json"), _read("sentiment/training.json")
    baselines = _read("sentiment/baselines/results.json")
    test, development = results["test"], results["development"]
    rows = [
        ("accuracy", "accuracy", ".2%"),
        ("F1 of positive", "f1", ".4f"),
        ("area under the ROC curve", "roc_auc", ".4f"),
        ("expected calibration error", "calibration_error", ".4f"),
    ]
    stars = ("pearson", "spearman")
    lines = [
        f"| | development, {development['reviews']:,} reviews | test, {test['reviews']:,} reviews |",
        "| --- | --- | --- |",
        *(
            f"| {name} | {development[key]:{form}} | {test[key]:{form}} |"
            for name, key, form in rows
        ),
        *(
            f"| estimated and given stars, {name.capitalize()} | "
            f"{development['stars'][name]:.4f} | {test['stars'][name]:.4f} |"
            for name in stars
        ),
        *(
            f"| {row['title']} (the lecture's, trained again) | "
            f"{row['development']['accuracy']:.2%} | {row['test']['accuracy']:.2%} |"
            for row in results["lecture_models"]
        ),
        *(
            f"| {title} | {baselines[name]['development']['accuracy']:.2%} | "
            f"{baselines[name]['test']['accuracy']:.2%} |"
            for name, title in (
                ("linear", "a linear model of words and word pairs"),
                ("vader", "VADER, a list of rated words"),
            )
        ),
    ]
    probe = ", ".join(f"{name} {row['rate']:.0%}" for name, row in results["probe"].items())
    size = results["network"]["bytes_keras"] / 2**20
    return "\n".join(lines) + (
        f"\n\n{training['parameters']:,} parameters, {size:.1f} MB as `.keras`, seed "
        f"{results['seed']}, epoch {training['chosen_epoch']} of {len(training['history'])}.\n\n"
        f"On single sentences of our own, right in: {probe}."
        f"{_taught(results, training)}{_changed()}"
    )


def _taught(results: dict[str, Any], training: dict[str, Any]) -> str:
    """Set the network beside its teachers, if it had any."""
    listed = judges(training, results)
    if not listed:
        return ""
    reviews = training["reviews"]
    short = f" and {reviews['short_texts']:,} short texts" if reviews.get("short_texts") else ""
    return (
        "\n\nIt learned from labels, and from what teachers, which do not ship, said of "
        f"{asked_about(training):,} reviews{short} (distillation). Accuracy on the "
        f"development reviews, and on pieces of them:\n\n{teachers_table(listed)}"
    )


def _changed() -> str:
    """Set the reader that was there before beside this one, if the trial log has both."""
    listed = changes(recorded("trials.json"))
    if not listed:
        return ""
    pairs = "; ".join(
        f"{one.name} {one.before:{one.form}}, now {one.after:{one.form}}"
        for one in listed
        if not one.ours
    )
    return f"\n\nThe reader before it, by the trial log, and this one: {pairs}."


def speed_table() -> str:
    """Say how fast it is, as ratios."""
    bench = _read("benchmarks.json")
    forward, start, pages = bench["forward"], bench["start_up"], bench["pages"]
    scoring, memory = bench["scoring"], bench["memory"]
    training, race = bench["training"], bench["race"]
    rows = [
        (
            f"one review of {forward['tokens']} words against Keras' `predict`",
            forward["ratio_to_predict"],
            f"{forward['lstm_core_ms']:.3g} ms to {forward['predict_ms']:.3g} ms",
        ),
        (
            "the same against `predict_on_batch`",
            forward["ratio_to_predict_on_batch"],
            f"{forward['lstm_core_ms']:.3g} ms to {forward['predict_on_batch_ms']:.3g} ms",
        ),
        (
            f"a file of {scoring['reviews']:,} reviews against Keras' `predict` on ready batches",
            scoring["ratio"],
            f"{scoring['score_per_second']:,.0f} to {scoring['predict_per_second']:,.0f} a second",
        ),
        (
            f"peak memory of {memory['rows']:,} rows against 10,000",
            memory["ratio"],
            f"{memory['peak_mb']:.0f} MB to {memory['peak_mb_of_10000']:.0f} MB",
        ),
        *(
            (
                f"one training update, LSTM of 32 units, 32 sequences of 30 steps, against {theirs}",
                training[f"ratio_to_{key}"],
                f"{training['lstm_core_ms']:.3g} ms to {training[f'{key}_ms']:.3g} ms",
            )
            for theirs, key in (("Keras' `train_on_batch`", "keras"), ("PyTorch", "pytorch"))
            if f"ratio_to_{key}" in training
        ),
        (
            "import and load against importing TensorFlow",
            start["ratio"],
            f"{start['serving_s']:.2g} s to {start['tensorflow_s']:.2g} s",
        ),
        *(
            (
                f"slider to repaint, {name} page against a bare page with its chart",
                row["ratio"],
                f"{row['page_ms']:.0f} ms to {row['bare_ms']:.0f} ms",
            )
            for name, row in pages.items()
            if "ratio" in row
        ),
    ]
    player, opening = pages["player"], bench["opening"]
    rows.append(
        (
            "a click in the player to Python and back against a plain button",
            player["ratio_to_button"],
            f"{player['component_ms']:.0f} ms to {player['button_ms']:.0f} ms",
        )
    )
    lines = ["| | ratio | measured |", "| --- | --- | --- |"]
    lines += [f"| {name} | {ratio:.2f} | {measured} |" for name, ratio, measured in rows]
    clicks = "; ".join(
        f"of {row['words']:,} words to the verdict {row['verdict_ms']:.0f} ms, to its coloured words "
        f"{row['words_ms']:.0f} ms"
        for row in pages["reviews"].values()
    )
    return "\n".join(lines) + (
        f"\n\nFrom the click on a review {clicks}. Opening the trained "
        f"network on {opening['words']} words, all that the cell page computes: {opening['ms']:.0f} ms. An LSTM of 32 units "
        f"learns adding over 30 steps to {race['share_of_baseline']:.0%} of the baseline in "
        f"{race['seconds']:.2g} s, {race['updates']} updates."
    )


BLOCKS = {"reader": reader_table, "speed": speed_table}


def filled(text: str) -> str:
    """Return a README with every block as the results files say."""
    for name, block in BLOCKS.items():
        pattern = rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)"
        text, count = re.subn(pattern, lambda m, b=block: m[1] + b() + m[2], text, flags=re.DOTALL)
        if count != 1:
            raise ValueError(f"README.md needs one block called {name}")
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
    (ASSETS / CARD).write_text(written_card(), encoding="utf-8")
