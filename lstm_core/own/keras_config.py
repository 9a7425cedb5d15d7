"""The configuration that Keras saves beside the weights: its layers, and which reads which.

Keras 2 and 3 write different JSON; both are read here without Keras. Models within models are laid
out flat.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lstm_core.messages import later
from lstm_core.own.problems import OwnError

MODELS = {"Sequential", "Functional", "Model"}
MOST_LAYERS = 2_000
BROKEN = later("The model's configuration cannot be read: the file is damaged.")


@dataclass
class Spec:
    """One layer as the configuration has it.

    Attributes:
        kind: its class.
        name: unique in the whole file.
        config: its arguments.
        place: where Keras 3 keeps its weights, below the models' own place.
        group: the layer of the outermost model that it is, or is in; Keras 2 files weights by it.
        parents: names of the layers that it reads, its sequence first.
        calls: how often it is called.
    """

    kind: str
    name: str
    config: dict[str, Any]
    place: str
    group: str
    parents: list[str] = field(default_factory=list)
    calls: int = 1


def read_json(text: str | bytes) -> dict[str, Any]:
    """Read JSON that should be an object.

    Raises:
        OwnError: if it is none.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise OwnError(BROKEN) from error
    if not isinstance(value, dict):
        raise OwnError(BROKEN)
    return value


def snake_case(name: str) -> str:
    """Write a class' name as Keras does in paths: SimpleRNN is simple_rnn."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def specs_of(model: dict[str, Any]) -> list[Spec] | None:
    """List the layers of a model, the first to read first.

    Returns:
        None if the model is a class of somebody's own, of which the file holds no layers.

    Raises:
        OwnError: if the configuration is damaged.
    """
    if str(model.get("class_name")) not in MODELS:
        return None
    specs: list[Spec] = []
    try:
        _expand(model, "", "", "", [], specs, 0)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, RecursionError) as error:
        raise OwnError(BROKEN) from error
    return specs


def _expand(
    model: dict[str, Any],
    prefix: str,
    place: str,
    group: str,
    sources: list[str],
    specs: list[Spec],
    depth: int,
) -> list[str]:
    """Add a model's layers to ``specs``; returns the names of those that give its answer."""
    if depth > 20:
        raise ValueError("models within models without end")
    config = model["config"]
    entries = config if isinstance(config, list) else config["layers"]
    linear = model["class_name"] == "Sequential"
    used: Counter[str] = Counter()
    aliases: dict[str, list[str]] = {}
    before = sources
    for entry in entries:
        if len(specs) > MOST_LAYERS:
            raise ValueError("too many layers")
        kind, inside = str(entry["class_name"]), entry["config"]
        own_name = str(entry.get("name") or inside.get("name") or kind)
        name = f"{prefix}{own_name}"
        # A sequential model does not count its input among its layers, a functional one does.
        at = "" if linear and kind == "InputLayer" else _place(place, kind, used)
        parents = before if linear else _parents(entry, aliases)
        if kind == "InputLayer" and sources:
            aliases[own_name] = sources
            continue
        if kind in MODELS:
            answers = _expand(
                entry, f"{name}/", at, group or own_name, list(parents), specs, depth + 1
            )
        else:
            calls = 1 if linear else max(len(entry.get("inbound_nodes") or [1]), 1)
            specs.append(
                Spec(kind, name, dict(inside), at, group or own_name, list(parents), calls)
            )
            answers = [name]
        aliases[own_name] = answers
        before = answers
    if linear:
        return before
    outputs = [name for name in _names(config.get("output_layers")) if name in aliases]
    return aliases[outputs[0]] if outputs else before


def _place(place: str, kind: str, used: Counter[str]) -> str:
    """Where Keras 3 keeps a layer: its class and a running number, within its model."""
    short = snake_case(kind)
    number = used[short]
    used[short] += 1
    own = f"layers/{short}_{number}" if number else f"layers/{short}"
    return f"{place}/{own}" if place else own


def _parents(entry: dict[str, Any], aliases: dict[str, list[str]]) -> list[str]:
    """Names of the layers that a layer of a functional model reads at its first call."""
    nodes = entry.get("inbound_nodes") or []
    names = _names(nodes[0]) if nodes else []
    return [real for name in dict.fromkeys(names) for real in aliases.get(name, [name])]


def _names(node: Any, depth: int = 0) -> Iterator[str]:
    """Names of layers in a node of Keras 2 or 3, in order."""
    if depth > 20:
        return
    if isinstance(node, dict):
        history = node.get("config", {}).get("keras_history") if "config" in node else None
        if node.get("class_name") == "__keras_tensor__" and history:
            yield str(history[0])
            return
        for value in node.values():
            yield from _names(value, depth + 1)
    elif isinstance(node, list):
        # Keras 2 writes ["lstm", 0, 0, {"initial_state": ["other", 0, 0]}].
        if len(node) >= 3 and isinstance(node[0], str) and isinstance(node[1], int):
            yield node[0]
            node = node[3:]
        for value in node:
            yield from _names(value, depth + 1)
