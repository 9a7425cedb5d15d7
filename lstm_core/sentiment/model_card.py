"""The model card: what the network is, how it was trained, what was measured; all from the records."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lstm_core.sentiment.pretrained_vectors import PACKAGE
from lstm_core.sentiment.reader import ASSETS
from lstm_core.sentiment.taught import (
    STUDENT,
    TEACHERS,
    Judge,
    asked_about,
    changes,
    judges,
    probe_mean,
    recorded,
)

CARD = "MODEL_CARD.md"
Record = Mapping[str, Any]


def written_card(folder: Path = ASSETS) -> str:
    """Write the model card from the records that lie beside a network.

    Raises:
        FileNotFoundError: if it was not trained and evaluated there.
    """
    results, training = recorded("results.json", folder), recorded("training.json", folder)
    if results is None or training is None:
        raise FileNotFoundError(f"{folder} needs results.json and training.json")
    trials, opened = recorded("trials.json", folder), recorded("keras_versions.json", folder)
    return model_card(results, training, trials, opened)


def model_card(
    results: Record,
    training: Record,
    trials: Sequence[Record] | None = None,
    opened: Record | None = None,
) -> str:
    """Write the model card in Markdown, every number of it from what was measured.

    Args:
        results: what ``results.json`` holds.
        training: what ``training.json`` holds.
        trials: the trial log.
        opened: in which versions of Keras the network was opened.
    """
    sections = (
        _what_it_is(results, training),
        _trained(results, training),
        _taught(results, training),
        _measured(results),
        _changed(trials),
        _tried(trials),
        _opened(opened),
        _limits(results),
        DATA,
    )
    return "\n\n".join(section for section in sections if section) + "\n"


def _what_it_is(results: Record, training: Record) -> str:
    recipe = training["recipe"]
    head = _paragraph(
        f"This file is written by `{results['command']}`, from what that command and",
        f"`{training['command']}` chose and measured.",
    )
    what = _paragraph(
        "A network that reads an English film review and gives the probability that its writer liked "
        "the film, and the stars, 1 to 10, that the writer is thought to have given.",
        f"Embedding ({recipe['vocabulary']:,} x {recipe['features']}), two bidirectional LSTM layers "
        f"of {recipe['units']} units a direction, the largest and the mean hidden state over time, "
        f"one dense layer of two outputs: {training['parameters']:,} parameters.",
        "`network.keras` opens in Keras; `network.npz` holds the same numbers, to the last bit, for "
        "`lstm_core`.",
    )
    return f"# Model card: the review reader\n\n{head}\n\n## What it is\n\n{what}"


def _trained(results: Record, training: Record) -> str:
    """Say what the network learned from, and how."""
    recipe, reviews, calibration = training["recipe"], training["reviews"], results["calibration"]
    names = ("train_accuracy", "development_accuracy", "train_loss", "development_loss")
    curves = _table(
        [
            "epoch",
            "accuracy, training",
            "accuracy, development",
            "loss, training",
            "loss, development",
        ],
        ([str(row["epoch"]), *(f"{row[of]:.4f}" for of in names)] for row in training["history"]),
    )
    data = _paragraph(
        f"On {reviews['train']:,} labelled and {reviews['unlabelled']:,} unlabelled reviews of the "
        "Large Movie Review Dataset (Maas et al., 2011), chosen on "
        f"{reviews['development']:,} others that share no film with them.",
        *_first_vectors(recipe),
    )
    way = _paragraph(
        f"Each epoch reads every review (of a longer one the first {recipe['head']} and last "
        f"{recipe['tail']} words){_read_besides(training)}.",
        f"Adam, {recipe['learning_rate']} falling linearly to 0{_again(recipe)}, batches of "
        f"{recipe['batch_size']} reviews, dropout {recipe['embedding_dropout']} / "
        f"{recipe['layer_dropout']} / {recipe['head_dropout']}, seed {recipe['seed']}; epoch "
        f"{training['chosen_epoch']} of {len(training['history'])} was best on the development "
        f"reviews{_where(training)}.",
        *_adversarial(recipe),
        "Gradients are clipped to a joint norm of 1. The weights that ship are rounded to half "
        "precision.",
        "Probabilities are calibrated: the logit is divided by "
        f"{calibration['temperature']:.3f}, and {calibration['offset']:+.3f} is added. Both were "
        "fitted on the development reviews, with the same weight in all for positive and negative "
        "ones.",
    )
    note = _paragraph(
        "Both figures are taken after the epoch, without dropout; training on a fixed part of the "
        "labelled reviews."
    )
    return f"## How it was trained\n\n{data}\n\n{way}\n\n{curves}\n\n{note}"


def _again(recipe: Record) -> str:
    """Say how the rate went in the second round, where there was one."""
    if not (more := recipe.get("more_epochs")):
        return ""
    return (
        f" in {recipe['epochs']} epochs, then from the best of them on, {recipe['more_rate']} falling "
        f"to 0 in {more} more, with products in bfloat16"
    )


def _where(training: Record) -> str:
    """Say on what it was trained, where that was written down; rounds on the same once."""
    rounds = [f"{one['device']}, PyTorch {one['torch']}" for one in training.get("learned_on", [])]
    return f". It learned on: {', then '.join(dict.fromkeys(rounds))}" if rounds else ""


def _first_vectors(recipe: Record) -> list[str]:
    """Say what word vectors start from."""
    if not recipe.get("pretrained"):
        return ["Word vectors start from the co-occurrences in all of those but the last."]
    sentences = [
        f"Of the {recipe['features']} numbers of a word vector the first {recipe['pretrained']} start "
        f"from those of the package `{PACKAGE}` (skip-gram; MIT), the others from the co-occurrences "
        "in all of those reviews but the last."
    ]
    if more := recipe.get("more_words"):
        sentences.append(
            f"{more:,} words of the vocabulary are rare in these reviews: they are those of the "
            "package that are most like the subjects and opinions of the plain sentences."
        )
    return sentences


def _read_besides(training: Record) -> str:
    """List what an epoch reads besides whole reviews."""
    recipe, short = training["recipe"], training["reviews"].get("short_texts", 0)
    listed = []
    if recipe["crops"]:
        listed.append(
            f"{recipe['crops']} pieces of one to three sentences of each under the review's label"
        )
    if drawn := min(recipe.get("judged", 0), short):
        listed.append(f"{drawn:,} short texts as the teachers judged them")
    if recipe["sentences"]:
        listed.append(
            f"{recipe['sentences']:,} plain sentences written by rule (`plain_sentences.py`): "
            "opinions, negations, comparisons, contrasts, facts, emoji"
        )
    return "".join(f", and {one}" if one is listed[-1] else f", {one}" for one in listed)


def _adversarial(recipe: Record) -> list[str]:
    if not recipe["adversarial_radius"]:
        return []
    return [
        "Each review is read twice, the second time with its word vectors moved by "
        f"{recipe['adversarial_radius']} in the direction that hurts most (adversarial training, "
        "Miyato et al., 2017)."
    ]


def _taught(results: Record, training: Record) -> str:
    """Say what distillation is and who the teachers were, and set them beside the student."""
    listed = judges(training, results)
    if not listed:
        return ""
    reviews, taught = training["reviews"], training["teachers"]
    short = reviews.get("short_texts", 0)
    asked = f"{asked_about(training):,} reviews" + (f" and {short:,} short texts" if short else "")
    distillation = _paragraph(
        'A teacher says of a text how likely it is positive, .93 for example and not "positive": such '
        "soft labels tell the student how sure to be (distillation; Hinton, Vinyals and Dean, 2015).",
        f"Teachers can be asked about any text: the student learned what they say of {asked}.",
        "The student ships; the teachers do not.",
    )
    weighed = [
        "The teachers learned from the labelled reviews. How much each counts in the joint opinion is "
        f"fitted on four fifths of the {reviews['development']:,} development reviews at a time, and "
        "measured on the rest."
    ]
    if pieces := taught.get("pieces"):
        weighed.append(
            f"The {pieces:,} pieces are sentences of those reviews and parts of them, under the label "
            "of their review, which is not always theirs."
        )
    if taught.get("teaches") == "encoder":
        weighed.append("The others add hardly anything to the encoder, so that it teaches alone.")
    if short:
        weighed.append(
            "The short texts are sentences and parts of the reviews to learn from, or made of them "
            '(`made_texts.py`): opinion words exchanged, a "not" put in or taken out, a film turned '
            "into a meal or a telephone, words left out; or written about other things "
            "(`everyday_texts.py`). What each then says is the teacher's to judge."
        )
    if any(one.ms for one in listed):
        weighed.append(
            "Time is that of one core, the median over development reviews, where it was measured."
        )
    who = "\n".join(f"- {name}: {text}" for name, text in _who(training).items())
    return (
        f"## Who taught it\n\n{distillation}\n\n{teachers_table(listed)}\n\n{_paragraph(*weighed)}"
        f"\n\n{who}"
    )


def _who(training: Record) -> dict[str, str]:
    """Say of each teacher what it is."""
    sentences = {
        "network": "of the same shape, from the labelled reviews alone.",
        "word sequences": "logistic regression on sequences of one to three words (Wang and Manning, "
        "2012).",
        "paragraph vectors": "logistic regression on vectors that were learned from all texts without "
        "any label (Le and Mikolov, 2014).",
    }
    if encoder := training.get("encoder"):
        recipe = encoder["recipe"]
        sentences["encoder"] = (
            f"{recipe['encoder']} (Apache-2.0), fine-tuned for {recipe['steps']:,} steps of "
            f"{recipe['batch_size']} reviews of at most {recipe['pieces']} pieces of words, of "
            "sentences of them, and of the plain sentences that are written by rule (as Tang et al., "
            "2019, and Mukherjee and Awadallah, 2019, taught recurrent networks by BERT)."
            + (
                f" The opinion is the mean of {recipe['members']} such encoders, each but the first "
                "taught by the one before it too (as Xie et al., 2020); parameters and time are those of one."
                if recipe["members"] > 1
                else ""
            )
        )
    asked = training["teachers"]["development_accuracy"]
    return {TEACHERS[key]: sentences[key] for key in TEACHERS if key in asked and key in sentences}


def teachers_table(listed: Iterable[Judge]) -> str:
    """Set teachers, their joint opinion and the student side by side, in Markdown."""
    return _table(
        ["", "development reviews", "single pieces", "parameters", "ms a review"],
        (
            [
                f"**{one.name}**" if one.name == STUDENT else one.name,
                _or_dash(one.reviews),
                _or_dash(one.pieces),
                _or_dash(one.parameters, ",d"),
                _or_dash(one.ms, ".1f"),
            ]
            for one in listed
        ),
    )


def _measured(results: Record) -> str:
    """Say what was measured on the development and the test reviews, and on the probe."""
    test, dev = results["test"], results["development"]
    cells, unclear = test["confusion"], test["unclear"]
    measured = _table(
        ["", "development", "official test"],
        ([label, pick(dev), pick(test)] for label, pick in CARD_ROWS.items()),
    )
    probe = _table(
        ["kind", "sentences", "right side", "right, and said so"],
        (
            [
                name,
                str(row["sentences"]),
                f"{row['rate']:.2f}",
                f"{row['rate_of_clear_verdicts']:.2f}",
            ]
            for name, row in results["probe"].items()
        ),
    )
    paragraph = _paragraph(
        f"On the test: {cells['true_positive']:,} true and {cells['false_positive']:,} false positives, "
        f"{cells['true_negative']:,} true and {cells['false_negative']:,} false negatives.",
        f"{test['reviews_also_in_train']:,} test reviews stand word for word among the official "
        "training reviews; without them the accuracy is "
        f"{test['accuracy_without_those']:.4f}.",
        "The development reviews chose the epoch and the recipe, so their figure flatters a little.",
        *_looks(results),
        "Nothing was fitted on the test.",
        f'Between {unclear["from"]:.3f} and {unclear["to"]:.3f} the verdict is "mixed or unclear".',
    )
    return (
        f"## What was measured\n\n{measured}\n\n{paragraph}\n\n"
        "On single sentences of our own (`probe.jsonl`), of which the network learned none:\n\n"
        f"{probe}\n\nA neutral sentence is right if no side is taken."
    )


def _looks(results: Record) -> list[str]:
    """Say how often the network was scored on the test."""
    looks = results.get("looks_at_test")
    if looks is None:
        return ["How often these weights were scored on the test was not counted."]
    if looks == 1:
        return ["With these weights the test was looked at once."]
    return [
        f"With these weights the test was looked at {looks} times, each time with another calibration."
    ]


def _changed(trials: Sequence[Record] | None) -> str:
    """Set the network that was there before beside the one that ships."""
    listed = changes(trials)
    if not trials or not listed:
        return ""
    table = _table(
        ["", f"before: {trials[0]['name']}", f"after: {trials[-1]['name']}"],
        (
            [
                f"own sentences: {one.name}" if one.ours else one.name,
                f"{one.before:{one.form}}",
                f"{one.after:{one.form}}",
            ]
            for one in listed
        ),
    )
    paragraph = _paragraph(
        "On what may be chosen on (`python -m lstm_core.sentiment trial`): the development reviews, "
        "texts of other people that are no part of this repository (contrast sets of Gardner et al., "
        "2020; counterfactual reviews of Kaushik et al., 2020; sentences of Socher et al., 2013), and "
        "our own sentences. Shares of texts that are read rightly, where nothing else is said."
    )
    return f"## Before and after\n\n{paragraph}\n\n{table}"


def _tried(trials: Sequence[Record] | None) -> str:
    """List every trial."""
    if not trials or len(trials) < 2:
        return ""
    keys = ("development", "contrast", "counterfactual", "sentence")
    table = _table(
        ["trial", *keys, "own sentences, mean", "parameters"],
        (
            [
                row["name"],
                *(_or_dash(row.get(key)) for key in keys),
                _or_dash(probe_mean(row)),
                _or_dash(row.get("parameters"), ",d"),
            ]
            for row in trials
        ),
    )
    return f"Every trial, in the order in which they were made (`trials.json`):\n\n{table}"


def _opened(opened: Record | None) -> str:
    """Say in which versions of Keras the network opens: rows of ``keras``, ``opens`` and ``why`` not."""
    if not opened:
        return ""
    table = _table(
        ["Keras", "opens `network.keras`"],
        (
            [row["keras"], "yes" if row["opens"] else f"no: {row['why']}"]
            for row in opened["versions"]
        ),
    )
    paragraph = _paragraph(f"Tried in an environment of its own each (`{opened['command']}`).")
    return f"## Versions of Keras\n\n{paragraph}\n\n{table}"


def _limits(results: Record) -> str:
    return f"""## What it cannot do

- The data hold reviews of 1 to 4 and of 7 to 10 stars. The network never saw a neutral review.
- Irony, comparisons, and what only knowledge of the world would tell are where the table above is low.
- It learned English. A text in another language, code, and one of whose words it knows too few are said to be
  no review, and get no verdict.
- A word outside its vocabulary is read as the nearest word that it knows where that is plain, otherwise as one
  shared "unknown" vector. Of a text longer than {results["network"]["longest_text_read"]:,} tokens the middle is not read. The app shows all of it.
- It repeats what correlates in its data: names of people, genres and countries move the verdict."""


DATA = """## Data and licence

The data set carries no licence; no review text of it is in this repository. The vocabulary is a list of
words by frequency. Cite: Andrew L. Maas, Raymond E. Daly, Peter T. Pham, Dan Huang, Andrew Y. Ng, and
Christopher Potts. 2011. Learning Word Vectors for Sentiment Analysis. ACL 2011."""

CARD_ROWS: dict[str, Callable[[Record], str]] = {
    "reviews": lambda row: f"{row['reviews']:,}",
    "accuracy": lambda row: f"{row['accuracy']:.4f}",
    "F1 of positive": lambda row: f"{row['f1']:.4f}",
    "area under the ROC curve": lambda row: f"{row['roc_auc']:.4f}",
    "log loss": lambda row: f"{row['log_loss']:.4f}",
    "expected calibration error": lambda row: f"{row['calibration_error']:.4f}",
    "accuracy before calibration": lambda row: f"{row['accuracy_before']:.4f}",
    "calibration error before it": lambda row: f"{row['calibration_error_before']:.4f}",
    "share called mixed or unclear": lambda row: f"{row['unclear']['share']:.4f}",
    "accuracy on the others": lambda row: _or_dash(row["unclear"]["accuracy_elsewhere"]),
    "stars: Pearson": lambda row: f"{row['stars']['pearson']:.4f}",
    "stars: Spearman": lambda row: f"{row['stars']['spearman']:.4f}",
    "stars: mean distance": lambda row: f"{row['stars']['mean_error']:.2f}",
}


def _or_dash(value: float | None, form: str = ".4f") -> str:
    return "–" if value is None else f"{value:{form}}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)


def _paragraph(*sentences: str) -> str:
    return textwrap.fill(" ".join(sentences), 110, break_long_words=False, break_on_hyphens=False)
