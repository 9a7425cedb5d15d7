"""Command line: python -m lstm_core.sentiment COMMAND; --help lists the commands."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from lstm_core.sentiment.archive import DEFAULT_ARCHIVE, ArchiveError
from lstm_core.sentiment.cluster import add_command
from lstm_core.sentiment.encoder import SHAPES
from lstm_core.sentiment.encoder_teacher import add_command as add_encoder_command
from lstm_core.sentiment.lecture_models import LECTURE_MODELS
from lstm_core.sentiment.pretrained_vectors import DEFAULT as DEFAULT_VECTORS
from lstm_core.sentiment.pretrained_vectors import PACKAGE
from lstm_core.sentiment.reader import ASSETS, Reader
from lstm_core.sentiment.refusal_rates import add_command as add_refusals_command
from lstm_core.sentiment.scoring import KINDS, InputError, score_file
from lstm_core.sentiment.trials import add_command as add_trial_command
from lstm_core.tables.arguments import add_table_options, table_options

LECTURE = ASSETS / "lecture"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status, 0 only if every row or step succeeded."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        # Whoever read the output has enough; that is no failure of ours to report.
        sys.stderr.close()
    except (ArchiveError, InputError, ValueError, OSError, KeyError, ImportError) as error:
        print(f"{options.command}: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        hint = " Run the same command again to go on." if options.command == "train" else ""
        print(f"\n{options.command}: stopped.{hint}", file=sys.stderr)
        return 130
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lstm_core.sentiment", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    train = commands.add_parser("train", help="train the network; goes on where it was stopped")
    _with_data(train)
    train.add_argument("--work", type=Path, default=Path("build/sentiment"), help="checkpoints")
    train.add_argument("--out", type=Path, default=ASSETS, help="where the trained network goes")
    train.add_argument(
        "--vectors", type=Path, default=DEFAULT_VECTORS, help=f"the package {PACKAGE}"
    )
    train.add_argument("--encoder", choices=SHAPES, help="the pretrained teacher")
    train.add_argument("--epochs", type=int, help="passes over the reviews")
    train.add_argument("--seed", type=int, help="of every random choice")
    train.add_argument("--smoke", action="store_true", help="tiny, to see whether it all works")
    train.set_defaults(run=_train)

    lecture = commands.add_parser("train-lecture", help="train the lecture's own networks")
    _with_data(lecture)
    names = [model.slug for model in LECTURE_MODELS]
    lecture.add_argument("models", nargs="*", metavar="MODEL", help=f"of {names}; all if none")
    lecture.add_argument("--work", type=Path, default=Path("build/lecture"), help="checkpoints")
    lecture.add_argument("--out", type=Path, default=LECTURE, help="where the networks go")
    lecture.add_argument("--smoke", action="store_true", help="tiny, to see whether it all works")
    lecture.set_defaults(run=_train_lecture)

    evaluate = commands.add_parser("evaluate", help="measure the network on the official test")
    _with_data(evaluate)
    evaluate.add_argument("--folder", type=Path, default=ASSETS, help="the trained network")
    evaluate.set_defaults(run=_evaluate)

    baselines = commands.add_parser("baselines", help="measure what people would otherwise use")
    _with_data(baselines)
    baselines.set_defaults(run=_baselines)

    vouch = commands.add_parser("vouch", help="read standard input with TensorFlow, as a check")
    vouch.add_argument("--folder", type=Path, default=ASSETS, help="the trained network")
    vouch.set_defaults(run=_vouch)

    score = commands.add_parser("score", help="score a file of reviews")
    score.add_argument(
        "file",
        help="a .csv, .tsv, .txt, .jsonl, .json or .xlsx file, packed with gzip or not, or - for "
        "standard input",
    )
    score.add_argument("--out", required=True, help="CSV file to write, or - for standard output")
    score.add_argument("--column", help="column or key that holds the review (likeliest)")
    score.add_argument("--format", choices=KINDS, help="if the file's name does not tell")
    score.add_argument("--folder", type=Path, default=ASSETS, help="the trained network")
    score.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processes (one a core)"
    )
    add_table_options(score)
    score.set_defaults(run=_score)
    add_command(commands)
    add_encoder_command(commands)
    add_refusals_command(commands)
    add_trial_command(commands)
    return parser


def _with_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, default=DEFAULT_ARCHIVE, help="the archive aclImdb_v1.tar.gz"
    )


def _train(options: argparse.Namespace) -> int:
    from lstm_core.sentiment.recipes import SMOKE, Recipe
    from lstm_core.sentiment.training import train

    recipe = SMOKE if options.smoke else Recipe()
    chosen = {name: getattr(options, name) for name in ("encoder", "epochs", "seed")}
    recipe = replace(recipe, **{name: value for name, value in chosen.items() if value is not None})
    train(options.data, options.work, options.out, recipe, vectors_file=options.vectors)
    return 0


def _train_lecture(options: argparse.Namespace) -> int:
    from lstm_core.sentiment.lecture_training import train_lecture_model

    unknown = set(options.models) - {model.slug for model in LECTURE_MODELS}
    if unknown:
        raise ValueError(f"there is no network called {', '.join(sorted(unknown))}")
    for model in LECTURE_MODELS:
        if not options.models or model.slug in options.models:
            limit = 300 if options.smoke else 0
            train_lecture_model(model, options.data, options.work, options.out, print, limit)
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from lstm_core.sentiment.evaluation import evaluate

    results = evaluate(options.data, options.folder)
    for part in ("development", "test"):
        print(f"{part}: accuracy {results[part]['accuracy']:.4f}")
    return 0


def _baselines(options: argparse.Namespace) -> int:
    from lstm_core.sentiment.baseline_training import compare

    results = compare(options.data)
    for name in ("linear", "vader"):
        print(f"{name}: accuracy {results[name]['test']['accuracy']:.4f} on the test")
    return 0


def _vouch(options: argparse.Namespace) -> int:
    from lstm_core.sentiment.vouching import answer

    print(answer(sys.stdin.buffer.read().decode("utf-8", "replace"), options.folder))
    return 0


def _score(options: argparse.Namespace) -> int:
    reader = Reader.load(options.folder)
    outcome = score_file(
        options.file,
        options.out,
        reader,
        options.column,
        options.format,
        max(1, options.workers),
        table_options(options),
    )
    target = "standard output" if options.out == "-" else options.out
    for line in outcome.assumed():
        print(line, file=sys.stderr)
    print(outcome.summary(target), file=sys.stderr)
    return 1 if outcome.failed else 0


if __name__ == "__main__":
    sys.exit(main())
