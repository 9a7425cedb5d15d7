"""A pretrained encoder as a teacher: fine-tuned on the labelled reviews, then asked about all.

Learning from what such an encoder (``encoder``) says is what Tang et al. describe in Distilling
Task-Specific Knowledge from BERT, 2019. Beside the reviews it learns the sentences that are written
by rule (``plain_sentences``), so that it knows what "not" does to a bad word, and whose opinion
counts where two people have one.

Everything on the way lies in the folder ``encoder`` of a work folder, and a run that is stopped
goes on from there. First texts are cut into pieces of words, each file once:

- ``pieces.npz``: the reviews; row i is about review i of ``read_reviews(archive, ("train", "unsup"))``,
  as in ``Corpus``, and the SHA-1 of that review's text is row i of ``digests``;
- ``rules-pieces.npz``: sentences written by rule, and how likely each is positive;
- ``short.txt`` and ``short-pieces.npz``: texts that were cut out of the reviews, made of them
  (``made_texts``) or written (``everyday_texts``), one a line;
- ``held.jsonl`` and ``held-pieces.npz``: ``{"text", "label", "stars"}`` of pieces of the held-out
  reviews, under their review's label;
- ``transfer-pieces.npz``: texts of other people, which are for choosing only.

From here on nothing but these files is read, so that another machine can do the rest:

- ``checkpoint-1.pt`` and so on: each member, its optimizer, and how many steps were done;
- ``judgements.npy``: float16, (reviews, 2), the logit of "positive" and the stars from 1 to 10, the
  mean of the members; of each alone in ``judgements-1.npy`` and so on. The first says nothing of
  the reviews whose labels it learned, the others, which read each of them once, do;
- ``short.npy``, ``held.npy``, ``transfer.npy``: the same about each of those texts;
- ``trials.json``: what each finished run came to.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.cells.activations import sigmoid
from lstm_core.sentiment.archive import DEFAULT_ARCHIVE, Review, read_reviews
from lstm_core.sentiment.cleaning import clean
from lstm_core.sentiment.corpus import Ids, Say, save_arrays
from lstm_core.sentiment.encoder import (
    MINILM,
    MPNET,
    SHAPES,
    answer,
    build_encoder,
    filled,
    head_and_tail,
    library,
    pretrained,
    save_states,
)
from lstm_core.sentiment.everyday_texts import everyday_texts
from lstm_core.sentiment.examples import batches, crop
from lstm_core.sentiment.made_texts import cut_texts, made_texts
from lstm_core.sentiment.plain_sentences import plain_sentences

TRANSFER = Path("../shared/data/transfer_dev.jsonl")
SENTENCE_ENDS = (".", "!", "?")
CHECKPOINT_EVERY = 50
TELL_EVERY = 10
CHUNK = 2048
"""Texts that are judged between two writes of the judgements."""


@dataclass(frozen=True)
class EncoderRecipe:
    """How an encoder is fine-tuned.

    A text of more than ``pieces`` pieces, with the two around it, is read from its first third
    and last two thirds of that. Each step learns from ``batch_size`` reviews, from one to three
    sentences of every third of them, with the review's label, and from ``rules`` sentences that
    were written by rule. The rates rise over ``warm_up`` steps and then fall linearly to nothing;
    680 steps are one pass. ``members`` encoders learn one after the other; all but the first also
    learn what the one before thinks of the reviews without a label, which is self-training (Xie et
    al.: Self-training with Noisy Student, 2020), in as many steps.
    """

    encoder: str = MPNET
    members: int = 2
    pieces: int = 512
    batch_size: int = 32
    rules: int = 16
    steps: int = 1_360
    warm_up: int = 80
    body_rate: float = 3e-5
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    dropout: float = 0.1
    stars_weight: float = 0.5
    seed: int = 1


RECIPES = {
    MPNET: EncoderRecipe(),
    MINILM: EncoderRecipe(MINILM, members=1, pieces=256, steps=1_380, warm_up=60, body_rate=6e-5),
}
"""For each encoder: ten minutes of a GPU, and some hours of two cores."""

SHORT_TEXTS = 600_000
"""How many short texts are tried for; about four of five are worth asking about."""
EVERYDAY_TEXTS = 200_000
"""How many texts on other things than films are tried for."""
RULES = 60_000
"""How many sentences are written by rule."""
HELD_OUT = 8_000
"""How many pieces of held-out reviews are tried for; the teachers are weighed on them."""
PACED = 40
"""How many reviews are read one by one, to tell how long one takes."""
AT_ONCE = {"cpu": 8_192, "cuda": 65_536}
"""Pieces, with those that fill up, that are read at once."""


@dataclass(frozen=True)
class Pieces:
    """Reviews as ids of pieces of words.

    Attributes:
        texts: ids of every review, without the pieces around it.
        labels: 1 positive, 0 negative, -1 unlabelled, (reviews,).
        stars: 1 to 10, or 0 where unknown, (reviews,).
        wanted: what is learned, (reviews, 2): how likely a review is positive, and its stars from
            0 (one) to 1 (ten); NaN where nobody knows.
        is_development: whether a review is held out, (reviews,).
        sentence_ends: the ids that end a sentence.
        rules: ids of every sentence that was written by rule.
        p_rules: how likely each of those is positive, (rules,).
    """

    texts: list[Ids]
    labels: NDArray[np.int64]
    stars: NDArray[np.int64]
    wanted: NDArray[np.float64]
    is_development: NDArray[np.bool_]
    sentence_ends: Ids
    rules: list[Ids]
    p_rules: NDArray[np.float64]

    @property
    def learned(self) -> NDArray[np.intp]:
        """The rows to learn from."""
        return np.flatnonzero(np.isfinite(self.wanted[:, 0]) & ~self.is_development)

    @property
    def development(self) -> NDArray[np.intp]:
        """The labelled rows that are held out, to choose on."""
        return np.flatnonzero((self.labels >= 0) & self.is_development)

    @property
    def unlabelled(self) -> NDArray[np.intp]:
        """The rows without a label."""
        return np.flatnonzero(self.labels < 0)

    @property
    def asked(self) -> NDArray[np.intp]:
        """The rows whose label no member learns."""
        return np.concatenate([self.development, self.unlabelled])


def teach(
    archive: Path,
    work: Path,
    recipe: EncoderRecipe,
    transfer: Path = TRANSFER,
    tell: Say = print,
    short: int = SHORT_TEXTS,
) -> dict[str, Any]:
    """Fine-tune the encoder and let it judge every text; goes on where it was stopped.

    Args:
        archive: the data set's archive.
        work: the work folder, which gets the folder ``encoder``.
        recipe: every choice.
        transfer: lines of ``{"set", "label", "text"}`` to measure on; left out if missing.
        tell: called with a line of progress now and then.
        short: how many short texts to try for.

    Returns:
        The row of ``trials.json``: the recipe and the accuracy on each set.

    Raises:
        ArchiveError: if the archive is missing or wrong.
        ImportError: if the packages of ``requirements-teacher.txt`` are missing.
        ValueError: if the folder holds a training with other choices.
    """
    folder = work / "encoder"
    folder.mkdir(parents=True, exist_ok=True)
    weights, tokenizer = pretrained(recipe.encoder)
    cut_everything(archive, folder, tokenizer, transfer, short, tell)
    return learn_and_judge(folder, recipe, weights, tell)


def learn_and_judge(
    folder: Path, recipe: EncoderRecipe, weights: dict[str, Any], tell: Say = print
) -> dict[str, Any]:
    """Do what follows after the texts are cut: fine-tune every member and ask it about every text.

    Args:
        folder: holds what ``cut_everything`` wrote.
        recipe: every choice.
        weights: pretrained ones, of ``pretrained``.
        tell: called with a line of progress now and then.

    Returns:
        The row of ``trials.json``.
    """
    pieces = read_pieces(folder)
    lots = {
        name: _read_texts(folder / f"{name}-pieces.npz")
        for name in ("transfer", "held", "short")
        if (folder / f"{name}-pieces.npz").exists()
    }
    lots["judgements"] = pieces.texts
    asked = {name: np.arange(len(texts)) for name, texts in lots.items()}
    shape = SHAPES[recipe.encoder]
    for member in range(1, recipe.members + 1):
        files = {name: folder / f"{name}-{member}.npy" for name in lots}
        # What the first member learned several times over it only knows by heart.
        asked["judgements"] = pieces.asked if member == 1 else np.arange(len(pieces.texts))
        # Judgements may come from another machine, which keeps its checkpoints.
        if not all(_is_judged(path, asked[name]) for name, path in files.items()):
            library("torch").manual_seed(recipe.seed + member)
            encoder = build_encoder(shape, weights)
            checkpoint = folder / f"checkpoint-{member}.pt"
            fine_tune(encoder, checkpoint, replace(recipe, seed=recipe.seed + member), pieces, tell)
            for name, path in files.items():
                judge(encoder, path, lots[name], asked[name], recipe.pieces, tell)
        _measured(folder, recipe, pieces, f"-{member}", tell)
        thought = np.load(folder / f"judgements-{member}.npy").astype(np.float64)
        rows = pieces.unlabelled
        pieces.wanted[rows] = as_targets(thought[rows])
    for name in lots:
        each = [np.load(folder / f"{name}-{member + 1}.npy") for member in range(recipe.members)]
        save_array(folder / f"{name}.npy", mean_of_known(np.stack(each).astype(np.float64)))
    trial = _measured(folder, recipe, pieces, "", tell)
    trial["parameters"] = sum(value.numel() for value in build_encoder(shape).parameters())
    _record(folder / "trials.json", trial)
    return trial


def as_targets(judgements: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn logits and stars from 1 to 10, (texts, 2), into what is learned of them, as ``Pieces.wanted``."""
    return np.stack([sigmoid(judgements[:, 0]), (judgements[:, 1] - 1) / 9], axis=1)


def mean_of_known(judgements: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over the first axis of what is no NaN; NaN where there is nothing else."""
    known = np.isfinite(judgements)
    total = np.where(known, judgements, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)


def _is_judged(path: Path, rows: NDArray[np.intp]) -> bool:
    return path.exists() and bool(np.isfinite(np.load(path)[rows, 0]).all())


def _measured(
    folder: Path, recipe: EncoderRecipe, pieces: Pieces, suffix: str, tell: Say
) -> dict[str, Any]:
    """Measure the judgements of one member, or of all, on what has a label and was not learned."""
    held = pieces.development
    logits, stars = np.load(folder / f"judgements{suffix}.npy")[held].T.astype(np.float64)
    trial: dict[str, Any] = {
        "recipe": asdict(recipe),
        "development": _accuracy(logits, pieces.labels[held]),
        "development_pearson": float(np.corrcoef(stars, pieces.stars[held])[0, 1]),
    }
    cut_transfer = folder / "transfer-pieces.npz"
    if cut_transfer.exists():
        with np.load(cut_transfer) as arrays:
            labels, sets = arrays["labels"], arrays["sets"]
        logits = np.load(folder / f"transfer{suffix}.npy")[:, 0]
        for name in np.unique(sets).tolist():
            trial[name] = _accuracy(logits[sets == name], labels[sets == name])
    told = ", ".join(f"{name} {value:.4f}" for name, value in list(trial.items())[1:])
    tell(f"{suffix or ' all'}: {told}")
    return trial


def read_transfer(path: Path) -> tuple[list[str], NDArray[np.int64], NDArray[np.str_]]:
    """Read other people's texts: the texts, their labels (0 or 1), and the set that each is of."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    labels, sets = (np.array([row[of] for row in rows]) for of in ("label", "set"))
    return [row["text"] for row in rows], labels, sets


def cut(tokenizer: Any, texts: Sequence[str]) -> list[Ids]:
    """Cut texts into ids of pieces of words, without the pieces that open and close a text."""
    encoded = tokenizer.encode_batch([clean(text) for text in texts], add_special_tokens=False)
    return [np.array(text.ids, dtype=np.int32) for text in encoded]


def cut_everything(
    archive: Path, folder: Path, tokenizer: Any, transfer: Path, short: int, tell: Say
) -> None:
    """Cut every text into pieces, each file once.

    No review of a held-out film is used for the short texts, and no other for the held-out ones.
    """
    read = cache(lambda: list(read_reviews(archive, ("train", "unsup"))))
    if not (folder / "pieces.npz").exists():
        tell("Cutting the reviews into pieces ...")
        reviews = read()
        save_arrays(
            folder / "pieces.npz",
            **_packed(cut(tokenizer, [review.text for review in reviews])),
            labels=np.array([-1 if r.label is None else r.label for r in reviews]),
            stars=np.array([review.stars for review in reviews]),
            is_development=np.array([review.is_development for review in reviews]),
            sentence_ends=np.array([tokenizer.token_to_id(end) for end in SENTENCE_ENDS]),
            digests=np.array([_digest(review) for review in reviews]),
        )
    if not (folder / "rules-pieces.npz").exists():
        sentences = plain_sentences(RULES, (3,))
        save_arrays(
            folder / "rules-pieces.npz",
            **_packed(cut(tokenizer, [sentence.text for sentence in sentences])),
            p=np.array([sentence.p_positive for sentence in sentences]),
        )
    if not (folder / "short-pieces.npz").exists():
        tell("Cutting, changing and writing sentences ...")
        reviews = read()
        texts = made_texts([one.text for one in reviews if not one.is_development], short, (1,))
        texts += everyday_texts(min(short, EVERYDAY_TEXTS), (4,))
        _write_lines(folder / "short.txt", texts)
        save_arrays(folder / "short-pieces.npz", **_packed(cut(tokenizer, texts)))
        held = [one for one in reviews if one.is_development and one.label is not None]
        pieces = cut_texts([one.text for one in held], HELD_OUT, (2,))
        _write_lines(
            folder / "held.jsonl",
            (
                json.dumps({"text": text, "label": held[row].label, "stars": held[row].stars})
                for row, text in pieces
            ),
        )
        save_arrays(
            folder / "held-pieces.npz", **_packed(cut(tokenizer, [text for _, text in pieces]))
        )
    if transfer.exists():
        others, labels, sets = read_transfer(transfer)
        save_arrays(
            folder / "transfer-pieces.npz",
            **_packed(cut(tokenizer, others)),
            labels=labels,
            sets=sets,
        )


def _packed(texts: Sequence[Ids]) -> dict[str, NDArray[Any]]:
    lengths = np.array([len(text) for text in texts])
    return {"ids": np.concatenate(texts).astype(np.uint16), "lengths": lengths}


def _read_texts(path: Path) -> list[Ids]:
    with np.load(path) as arrays:
        return np.split(arrays["ids"].astype(np.int32), np.cumsum(arrays["lengths"])[:-1])


def read_pieces(folder: Path) -> Pieces:
    """Read the reviews and the sentences by rule as ``cut_everything`` left them."""
    with np.load(folder / "pieces.npz") as arrays, np.load(folder / "rules-pieces.npz") as rules:
        names = ("labels", "stars", "is_development", "sentence_ends")
        columns = {name: arrays[name] for name in names}
        is_labelled = columns["labels"] >= 0
        known = np.stack([columns["labels"], (columns["stars"] - 1) / 9], axis=1)
        return Pieces(
            texts=_read_texts(folder / "pieces.npz"),
            wanted=np.where(is_labelled[:, None], known, np.nan),
            **columns,
            rules=_read_texts(folder / "rules-pieces.npz"),
            p_rules=rules["p"],
        )


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    fresh.replace(path)


def read_short_texts(folder: Path) -> list[str]:
    """Read the short texts of the encoder's folder, in the order of their judgements."""
    return (folder / "short.txt").read_text(encoding="utf-8").split("\n")[:-1]


def read_held_out(folder: Path) -> list[dict[str, Any]]:
    """Read the pieces of held-out reviews: ``text``, ``label`` and ``stars`` of each."""
    lines = (folder / "held.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line) for line in lines]


def _digest(review: Review) -> str:
    return hashlib.sha1(review.text.encode(), usedforsecurity=False).hexdigest()


def fine_tune(
    encoder: Any,
    path: Path,
    recipe: EncoderRecipe,
    pieces: Pieces,
    tell: Say,
    stop_after: int | None = None,
) -> None:
    """Train the encoder in place, from its last checkpoint to the end.

    Args:
        encoder: from ``build_encoder``; stays on a GPU if there is one.
        path: of the checkpoint.
        recipe: every choice.
        pieces: the reviews, of which only those to learn from are read.
        tell: called with a line of progress every ten steps.
        stop_after: how many steps are done when a trial stops; None for all.

    Raises:
        ValueError: if the checkpoint is of another recipe.
    """
    torch = library("torch")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    encoder.to(device)
    groups = [
        {"params": encoder["body"].parameters(), "initial_rate": recipe.body_rate},
        {"params": encoder["head"].parameters(), "initial_rate": recipe.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, fused=True)
    done = 0
    if path.exists():
        kept = torch.load(path, map_location=device)
        if kept["recipe"] != asdict(recipe):
            raise ValueError(
                f"{path} was begun with other choices. Delete it, or name another folder."
            )
        encoder.load_state_dict(kept["encoder"])
        optimizer.load_state_dict(kept["optimizer"])
        done = kept["step"]
        tell(f"Going on from step {done}.")
    began, seen, losses = time.monotonic(), 0, []
    last = recipe.steps if stop_after is None else stop_after
    for step, rows in enumerate(_steps(pieces, recipe, done, last), done):
        # Every step's chance has its own seed, so that a checkpoint need not hold any.
        torch.manual_seed(recipe.seed * 1_000_003 + step)
        rng = np.random.default_rng((recipe.seed, step, 1))
        rate = rate_at(step, recipe)
        for group in optimizer.param_groups:
            group["lr"] = group["initial_rate"] * rate
        losses.append(_learn(encoder, optimizer, recipe, pieces, rows, rng))
        seen += len(rows)
        if (step + 1) % TELL_EVERY == 0:
            pace = (time.monotonic() - began) / (step + 1 - done)
            tell(
                f"Step {step + 1}/{recipe.steps}: loss {np.mean(losses):.4f}, "
                f"{seen / (time.monotonic() - began):.1f} examples/s, "
                f"{pace * (recipe.steps - step - 1) / 60:.0f} min left"
            )
            losses = []
        if (step + 1) % CHECKPOINT_EVERY == 0 or step + 1 == recipe.steps:
            states = {"encoder": encoder.state_dict(), "optimizer": optimizer.state_dict()}
            save_states(path, {"recipe": asdict(recipe), "step": step + 1, **states})


def rate_at(step: int, recipe: EncoderRecipe) -> float:
    """Return the share of its highest value that the learning rate has at a step, from 0."""
    rising = (step + 1) / recipe.warm_up
    return min(rising, (recipe.steps - step) / max(1, recipe.steps - recipe.warm_up))


def _steps(
    pieces: Pieces, recipe: EncoderRecipe, first: int, last: int
) -> Iterator[NDArray[np.intp]]:
    """List the rows that each step from ``first`` to before ``last`` learns from."""
    rows = pieces.learned
    lengths = np.array([min(len(pieces.texts[row]), recipe.pieces) for row in rows])
    each = -(-len(rows) // recipe.batch_size)
    order: list[NDArray[np.int64]] = []
    for step in range(first, last):
        if not order or step % each == 0:
            order = batches(lengths, len(rows), recipe.batch_size, (recipe.seed, step // each))
        yield rows[order[step % each]]


def _learn(
    encoder: Any,
    optimizer: Any,
    recipe: EncoderRecipe,
    pieces: Pieces,
    rows: NDArray[np.intp],
    rng: np.random.Generator,
) -> float:
    """Take one step down the loss on reviews and on sentences of them; returns the loss."""
    torch = library("torch")
    device = encoder["head"].weight.device.type
    sentences = [crop(pieces.texts[row], pieces.sentence_ends, rng) for row in rows[::3]]
    ruled = rng.integers(len(pieces.rules), size=recipe.rules)
    short = sentences + [pieces.rules[row] for row in ruled]
    p_short = np.concatenate([pieces.wanted[rows[::3], 0], pieces.p_rules[ruled]])
    total = len(rows) + len(short)
    optimizer.zero_grad()
    sum_of_losses = 0.0
    # The stars of a review say little of its single sentences, so these learn the label alone.
    for texts, p, stars, stars_weight in (
        (
            [pieces.texts[row] for row in rows],
            *pieces.wanted[rows].T,
            recipe.stars_weight,
        ),
        (short, p_short, p_short, 0.0),
    ):
        wanted = np.stack([p, stars], axis=1)
        ids = filled([head_and_tail(text, recipe.pieces) for text in texts], device)
        with _fast(device):
            answers = answer(encoder, ids, recipe.dropout)
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            answers, torch.tensor(wanted, dtype=torch.float32, device=device), reduction="none"
        )
        loss = (losses[:, 0] + stars_weight * losses[:, 1]).sum() / total
        loss.backward()
        sum_of_losses += float(loss.detach())
    torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
    optimizer.step()
    return sum_of_losses


def _fast(device: str) -> AbstractContextManager[Any]:
    """Compute in bfloat16 where the processor does so itself."""
    torch = library("torch")
    able = device != "cpu" or torch.cpu._is_avx512_bf16_supported()
    context: AbstractContextManager[Any] = torch.autocast(device, torch.bfloat16, enabled=able)
    return context


def judge(
    encoder: Any,
    path: Path,
    texts: Sequence[Ids],
    rows: NDArray[np.intp],
    pieces: int,
    tell: Say,
) -> NDArray[np.float16]:
    """Ask the encoder about some of the texts, but not about those that were judged before.

    Args:
        encoder: from ``build_encoder``.
        path: the ``.npy`` of judgements, which is begun or filled in, NaN where nobody asked.
        texts: ids of every text that the file is about.
        rows: which of them to ask about.
        pieces: how many of a text are read, as ``head_and_tail`` has it.
        tell: called with a line of progress after each chunk.

    Returns:
        The logit of "positive" and the stars from 1 to 10 of every text, (texts, 2).
    """
    torch = library("torch")
    device = encoder["head"].weight.device.type
    judgements: NDArray[np.float16] = np.full((len(texts), 2), np.nan, dtype=np.float16)
    if path.exists():
        judgements = np.load(path)
    left = rows[np.isnan(judgements[rows, 0])]
    left = left[np.argsort([len(texts[row]) for row in left], kind="stable")]
    for start in range(0, len(left), CHUNK):
        chunk = left[start : start + CHUNK]
        longest = min(pieces, len(texts[chunk[-1]]) + 2)
        batch_size = max(1, AT_ONCE[device] // longest)
        for first in range(0, len(chunk), batch_size):
            batch = chunk[first : first + batch_size]
            ids = filled([head_and_tail(texts[row], pieces) for row in batch], device)
            with torch.inference_mode(), _fast(device):
                logits, stars = answer(encoder, ids).T
                judged = torch.stack([logits, 1 + 9 * torch.sigmoid(stars)], dim=1)
            judgements[batch] = judged.cpu().numpy()
        save_array(path, judgements)
        tell(f"{path.name}: {start + len(chunk)} of {len(left)} texts judged")
    return judgements


def save_array(path: Path, array: NDArray[Any]) -> None:
    """Write judgements whole or not at all, in half precision."""
    fresh = path.with_suffix(".new.npy")
    np.save(fresh, array.astype(np.float16))
    fresh.replace(path)


def paced(name: str, texts: Sequence[Ids], pieces: int) -> float:
    """Return the median time in ms of the processor, of one thread, that reading a text takes.

    Args:
        name: of the encoder, as it comes pretrained.
        texts: ids of pieces.
        pieces: of a text that are read.
    """
    torch = library("torch")
    encoder = build_encoder(SHAPES[name])
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    seconds = []
    for text in texts:
        start = time.process_time()
        with torch.inference_mode(), _fast("cpu"):
            answer(encoder, filled([head_and_tail(text, pieces)]))
        seconds.append(time.process_time() - start)
    torch.set_num_threads(threads)
    return 1000 * float(np.median(seconds))


def _accuracy(logits: NDArray[Any], labels: NDArray[np.int64]) -> float:
    return float(((logits > 0) == (labels == 1)).mean())


def _record(path: Path, trial: dict[str, Any]) -> None:
    """Add a trial to the log, in the place of an earlier one of the same recipe."""
    trials = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    others = [other for other in trials if other["recipe"] != trial["recipe"]]
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps([*others, trial], indent=2) + "\n", encoding="utf-8")
    fresh.replace(path)


def add_command(commands: Any) -> None:
    """Add ``teach-encoder`` to a command line."""
    parser = commands.add_parser(
        "teach-encoder", help="fine-tune a pretrained encoder as a teacher; goes on where stopped"
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_ARCHIVE, help="the archive")
    parser.add_argument("--work", type=Path, default=Path("build/sentiment"), help="checkpoints")
    parser.add_argument("--transfer", type=Path, default=TRANSFER, help="other texts to measure on")
    parser.add_argument("--encoder", choices=RECIPES, default=MPNET, help="to fine-tune")
    parser.add_argument("--steps", type=int, help="to train for")
    parser.add_argument("--short", type=int, default=SHORT_TEXTS, help="short texts to try for")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of the processor")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    library("torch").set_num_threads(options.threads)
    recipe = RECIPES[options.encoder]
    recipe = replace(recipe, steps=options.steps or recipe.steps)
    teach(options.data, options.work, recipe, options.transfer, short=options.short)
    return 0
