"""How often texts are refused: those that are no reviews, and, by mistake, those that are."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from lstm_core.sentiment.archive import DEFAULT_ARCHIVE, read_reviews
from lstm_core.sentiment.preprocessing import Preprocessor
from lstm_core.sentiment.probe import read_probe
from lstm_core.sentiment.reader import ASSETS
from lstm_core.sentiment.tokenizer import Vocabulary

NOT_REVIEWS = ASSETS / "not_reviews.jsonl"
TRANSFER = Path("../shared/data/transfer_dev.jsonl")
LANGUAGE = "language"
"""The class of our probe whose sentences are not in English."""


def not_reviews(path: Path = NOT_REVIEWS) -> dict[str, list[str]]:
    """Read texts of our own that are no reviews in English, by kind."""
    texts: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        texts.setdefault(row["class"], []).append(row["text"])
    return texts


def opinions() -> list[str]:
    """Return our own short opinions in English, of all kinds, misspelt ones and emoji among them."""
    return [row["text"] for row in read_probe() if row["class"] != LANGUAGE]


def refused(preprocess: Preprocessor, texts: list[str]) -> list[str]:
    """Return those of some texts that are refused."""
    return [text for text in texts if preprocess(text).refused]


def measured_on(archive: Path, transfer: Path) -> Iterator[tuple[str, bool, list[str]]]:
    """Yield the sets of texts: a name, whether they are to be refused, and the texts."""
    for name, texts in not_reviews().items():
        yield name, True, texts
    yield "our own opinions", False, opinions()
    if transfer.is_file():
        rows = [json.loads(line) for line in transfer.read_text(encoding="utf-8").splitlines()]
        for name in dict.fromkeys(row["set"] for row in rows):
            yield name, False, [row["text"] for row in rows if row["set"] == name]
    if archive.is_file():
        held = [one.text for one in read_reviews(archive) if one.is_development]
        yield "development reviews", False, held


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``refusals``, which measures how often texts are refused."""
    parser = commands.add_parser(
        "refusals", help="measure how often texts are said to be no review"
    )
    parser.add_argument("--data", type=Path, default=DEFAULT_ARCHIVE, help="the reviews' archive")
    parser.add_argument("--transfer", type=Path, default=TRANSFER, help="short texts to choose by")
    parser.add_argument("--folder", type=Path, default=ASSETS, help="the trained network")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    preprocess = Preprocessor(Vocabulary.load(options.folder / "vocabulary.txt"))
    for name, rightly, texts in measured_on(options.data, options.transfer):
        count = len(refused(preprocess, texts))
        kind = "rightly" if rightly else "wrongly"
        print(f"{name}: {kind} refused {count:,} of {len(texts):,} ({count / len(texts):.2%})")
    return 0
