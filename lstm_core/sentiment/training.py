"""Train the sentiment network: prepare, teach, learn, ship; stop and go on.

Everything on the way lies in a work folder, so that a training that is stopped goes on from its
last checkpoint, with the batches and dropout masks that it would have had without the stop.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.sentiment import keras_model, torch_model
from lstm_core.sentiment.calibration import Calibration
from lstm_core.sentiment.corpus import Corpus, Say, prepare
from lstm_core.sentiment.encoder_teacher import PACED, RECIPES, paced, read_pieces, teach
from lstm_core.sentiment.fitting import best_of, fit, history, load_best
from lstm_core.sentiment.lessons import Lessons, held_out_pieces
from lstm_core.sentiment.network import SentimentNetwork
from lstm_core.sentiment.pretrained_vectors import DEFAULT as DEFAULT_VECTORS
from lstm_core.sentiment.reader import Reader, which_are_read
from lstm_core.sentiment.recipes import Recipe, second_round_of
from lstm_core.sentiment.versions import versions


def train(
    archive: Path,
    work: Path,
    out: Path,
    recipe: Recipe,
    tell: Say = print,
    vectors_file: Path = DEFAULT_VECTORS,
) -> None:
    """Train the network and ship it; goes on from where an earlier call was stopped.

    Args:
        archive: the data set's archive.
        work: folder for prepared data and checkpoints; may be deleted afterwards.
        out: folder that gets ``network.keras``, ``network.npz``, ``vocabulary.txt`` and
            ``training.json``.
        recipe: every choice.
        tell: called with a line of progress now and then.
        vectors_file: pretrained word vectors to start from, if the recipe asks for them.

    Raises:
        ArchiveError: if the archive is missing or wrong.
        ImportError: if the recipe asks for the encoder and its packages are missing.
        ValueError: if the work folder was begun with another recipe, or vectors are missing.
    """
    work.mkdir(parents=True, exist_ok=True)
    _claim(work, recipe)
    corpus = prepare(archive, work, recipe, tell, vectors_file)
    sized = replace(recipe, vocabulary=len(corpus.vocabulary))
    encoder = None
    if recipe.judged:
        tell("A pretrained encoder learns from the labelled reviews, and judges the others ...")
        chosen = RECIPES[recipe.encoder]
        encoder = teach(archive, work, chosen, tell=tell)
        pieces = read_pieces(work / "encoder")
        some = [pieces.texts[row] for row in pieces.development[:PACED]]
        encoder["ms_a_review"] = paced(chosen.encoder, some, chosen.pieces)
    if recipe.unlabelled:
        lessons = Lessons.of_teachers(work, sized, corpus, tell)
    else:
        lessons = Lessons.labels_alone(corpus)
    epochs, network, learned_on = _in_rounds(work, sized, corpus, lessons, tell)
    best = keras_model.build(sized, torch_model.arrays(network))
    out.mkdir(parents=True, exist_ok=True)
    keras_model.export(best, out / "network.keras", out / "network.npz")
    corpus.vocabulary.save(out / "vocabulary.txt")
    _calibrate(out, corpus)
    record = {
        "command": "python -m lstm_core.sentiment train",
        "recipe": asdict(recipe),
        "reviews": {
            "train": len(corpus.labelled),
            "unlabelled": len(corpus.unlabelled) if recipe.unlabelled else 0,
            "judged": _judged(work, corpus) if encoder else 0,
            "short_texts": len(lessons.judged.texts),
            "development": len(corpus.development),
        },
        "parameters": best.count_params(),
        "history": epochs,
        "chosen_epoch": best_of(epochs)["epoch"],
        "learned_on": learned_on,
        "teachers": lessons.about,
        "encoder": encoder,
        "student": _beside_teachers(out, work, corpus) if encoder else None,
        "versions": versions("numpy", "keras", "tensorflow", "scikit-learn", "torch"),
    }
    (out / "training.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    tell(f"The trained network is in {out}.")


def _in_rounds(
    work: Path, recipe: Recipe, corpus: Corpus, lessons: Lessons, tell: Say
) -> tuple[list[dict[str, Any]], Any, list[dict[str, str]]]:
    """Let the network learn, and learn on from the best of the first round.

    Returns:
        A row for each epoch of both rounds; the network of the best; the device and version of
        PyTorch of each round.
    """
    epochs: list[dict[str, Any]] = []
    network, best, learned_on = None, work, []
    for one, name in ((recipe, "reader"), (second_round_of(recipe), "reader-2")):
        if not one.epochs:
            continue
        before = len(epochs)
        rows = fit(work / name, one, corpus, lessons.targets, tell, lessons.judged, network)
        epochs += [row | {"epoch": before + row["epoch"]} for row in rows]
        if best_of(epochs)["epoch"] > before:
            best = work / name
        # What a round began with is at its end by now.
        network = load_best(best, recipe)
        about = history(work / name)
        learned_on.append({of: about[of] for of in ("device", "torch")})
    return epochs, network, learned_on


def _judged(work: Path, corpus: Corpus) -> int:
    """Count the reviews of which the encoder's opinion is learned, with and without a label."""
    judgements = np.load(work / "encoder" / "judgements.npy")[corpus.to_learn]
    return int(np.isfinite(judgements[:, 0]).sum())


def _calibrate(out: Path, corpus: Corpus) -> None:
    """Fit the temperature on the development reviews, read whole as they are when served."""
    reader = Reader(corpus.vocabulary, SentimentNetwork.load(out / "network.npz"))
    held = corpus.development
    texts = [corpus.texts[row][which_are_read(len(corpus.texts[row]))] for row in held]
    logits = reader.score_ids(texts).logit
    fitted = Calibration.fit(logits, corpus.labels[held])
    fitted.save(out, "python -m lstm_core.sentiment train", len(held))


def _beside_teachers(out: Path, work: Path, corpus: Corpus) -> dict[str, float]:
    """Measure the network that ships as its teachers are measured."""
    reader = Reader(corpus.vocabulary, SentimentNetwork.load(out / "network.npz"))
    pieces, labels, _ = held_out_pieces(work / "encoder", corpus.vocabulary)
    right = (reader.score_ids(pieces).logit > 0) == (labels == 1)
    some = [corpus.texts[row] for row in corpus.development[:PACED]]
    seconds = []
    for text in some:
        # The time of the processor, which does not grow with what else the machine does.
        start = time.process_time()
        reader.score_ids([text[which_are_read(len(text))]])
        seconds.append(time.process_time() - start)
    return {
        "accuracy_on_pieces": float(right.mean()),
        "ms_a_review": 1000 * float(np.median(seconds)),
    }


def _claim(work: Path, recipe: Recipe) -> None:
    """Tie a work folder to one recipe, so that a checkpoint never goes on with another."""
    path = work / "recipe.json"
    wanted = asdict(recipe)
    if path.exists() and json.loads(path.read_text(encoding="utf-8")) != wanted:
        raise ValueError(
            f"{work} holds a training begun with other choices ({path}). "
            "Delete the folder, or name another with --work."
        )
    path.write_text(json.dumps(wanted, indent=2), encoding="utf-8")
