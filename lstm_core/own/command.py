"""The command line: what is in a file, as JSON, and the same network for another library."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lstm_core.own.opening import open_network
from lstm_core.own.problems import OwnError
from lstm_core.own.writing import LIBRARIES, write_network


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status: 0, or 1 with a sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        network = open_network(
            options.file, layout=_layout(options.layout), part=options.part, dtype=options.dtype
        )
        if options.to:
            carried = write_network(network, options.to)
            out = Path(options.out or carried.name)
            out.write_bytes(carried.data)
            report: dict[str, Any] = {
                "written": str(out),
                "bytes": len(carried.data),
                "notes": [str(note) for note in carried.notes],
                "lines": carried.code.splitlines(),
            }
        else:
            report = network.describe()
    except OwnError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.strerror}: {error.filename}\n")
        return 1
    sys.stdout.write(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lstm_core.open",
        description="Say as JSON what network is in a file; with --to, write it for another library.",
    )
    parser.add_argument("file", help=".keras, .h5, .weights.h5, .safetensors, .npz or .onnx")
    parser.add_argument("--to", choices=LIBRARIES, help="the library to write it for")
    parser.add_argument(
        "--out", help="the file to write; by default it is called after the network"
    )
    parser.add_argument(
        "--part", type=int, help="which line of layers, if there are several, from 0"
    )
    parser.add_argument("--dtype", choices=("float32", "float64"), help="precision of the weights")
    parser.add_argument(
        "--layout",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="decide what the file does not say; names and values are among its assumptions",
    )
    return parser


def _layout(pairs: Sequence[str]) -> dict[str, str]:
    """Read NAME=VALUE."""
    return dict(pair.partition("=")[::2] for pair in pairs)
