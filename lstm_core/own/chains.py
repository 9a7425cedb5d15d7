"""Which layers follow each other: chains that can be run, out of the graph of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lstm_core.messages import later
from lstm_core.own.contents import Contents
from lstm_core.own.layers import Layer, Recurrent
from lstm_core.own.problems import readable


@dataclass
class Node:
    """A layer of a model.

    Attributes:
        name: unique.
        kind: as the file has it.
        parents: the nodes that it reads, its sequence first.
        layers: what it was opened as: none if it only passes on; None if it is not opened.
    """

    name: str
    kind: str
    parents: list[str]
    layers: list[Layer] | None


def chains(nodes: Sequence[Node], contents: Contents) -> list[list[Layer]]:
    """Lay the opened layers out in chains, each with a recurrent layer in it.

    What is opened and stands in no such chain is named among what is left out.
    """
    by_name = {node.name: node for node in nodes}
    before = {node.name: _before(node, by_name, contents) for node in nodes if node.layers}
    after = _after(before, by_name)
    made, used = [], set()
    for node in nodes:
        if not node.layers or after.get(before[node.name] or "") == node.name:
            continue
        names = _walk(node.name, after)
        layers = [layer for name in names for layer in by_name[name].layers or []]
        if any(isinstance(layer, Recurrent) for layer in layers):
            made.append(layers)
            used |= set(names)
    for node in nodes:
        if node.layers and node.name not in used:
            contents.leave_out(
                node.name, node.kind, later("it stands in no line with a recurrent layer")
            )
    return made


def _before(node: Node, by_name: Mapping[str, Node], contents: Contents) -> str | None:
    """The opened node that a node reads, through those that only pass on; None if there is none."""
    parents = node.parents
    for _ in range(len(by_name) + 1):
        if not parents:
            return None
        recurrent = any(isinstance(layer, Recurrent) for layer in node.layers or [])
        if len(set(parents)) > 1:
            if not recurrent:
                return None
            contents.notes.append(
                later(
                    "“{name}” starts from states of another layer; here it starts from zeros.",
                    name=readable(node.name),
                )
            )
        parent = by_name.get(parents[0])
        if parent is None or parent.layers is None:
            return None
        if parent.layers:
            return parent.name
        node, parents = parent, parent.parents
    return None


def _after(before: Mapping[str, str | None], by_name: Mapping[str, Node]) -> dict[str, str]:
    """The node that goes on from each: the first recurrent one of those that read it, else the first."""
    after: dict[str, str] = {}
    for name, parent in before.items():
        if parent is None:
            continue
        if parent not in after or (
            not _recurrent(by_name[after[parent]]) and _recurrent(by_name[name])
        ):
            after[parent] = name
    return after


def _recurrent(node: Node) -> bool:
    return any(isinstance(layer, Recurrent) for layer in node.layers or [])


def _walk(name: str, after: Mapping[str, str]) -> list[str]:
    names = [name]
    while (following := after.get(names[-1])) and following not in names:
        names.append(following)
    return names
