"""Files of Keras: ``.keras``, a whole model in ``.h5``, and weights alone."""

from __future__ import annotations

import re
from typing import Any

from lstm_core.cells.cell import Cell
from lstm_core.messages import Message, later
from lstm_core.own.archives import Archive
from lstm_core.own.arranging import Pieces, arrange
from lstm_core.own.chains import Node, chains
from lstm_core.own.contents import Contents, Decisions, Given, NotOpenedError
from lstm_core.own.hdf5 import Tree, read_tree
from lstm_core.own.keras_config import Spec, read_json, specs_of
from lstm_core.own.keras_layers import build, dense, embedding, keras_cell
from lstm_core.own.keras_weights import NewStore, OldStore, Store, long_list
from lstm_core.own.layers import Recurrent
from lstm_core.own.layouts import kind_by_shape
from lstm_core.own.problems import Choice, OwnError, Source, readable

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
MOST_CONFIG = 5_000_000


def open_keras(archive: Archive, decisions: Decisions) -> tuple[str, Contents]:
    """Open a ``.keras`` file: a zip archive of two JSON files and one of weights."""
    contents = Contents()
    if archive.has(METADATA):
        version = read_json(archive.read(METADATA, MOST_CONFIG)).get("keras_version")
        contents.library = f"Keras {readable(version)}"
    if not archive.has(WEIGHTS):
        raise OwnError(later("There is no {name} in the .keras file.", name=WEIGHTS))
    tree = read_tree(archive.read(WEIGHTS))
    config = read_json(archive.read(CONFIG, MOST_CONFIG))
    specs = specs_of(config)
    if specs is None:
        contents.notes.append(
            later(
                "{kind} is a class of your own, which is not run: its layers are found by the "
                "names and shapes of their weights.",
                kind=readable(config.get("class_name")),
            )
        )
        _by_shapes(tree, decisions, contents)
    else:
        _by_config(specs, NewStore(tree), decisions, contents)
    return "keras", contents


def open_hdf5(data: bytes, decisions: Decisions) -> tuple[str, Contents]:
    """Open an HDF5 file: a whole model of Keras 2 or 3, or weights alone in either way."""
    tree = read_tree(data)
    top = tree.attributes.get("", {})
    contents = Contents()
    if "keras_version" in top:
        contents.library = f"Keras {readable(top['keras_version'])}"
    if "model_config" in top:
        specs = specs_of(read_json(str(top["model_config"])))
        if specs is not None:
            store = OldStore(tree.below("model_weights"), "model_weights/")
            _by_config(specs, store, decisions, contents)
            return "keras h5", contents
    for where in ("", "model_weights"):
        inside = tree.below(where)
        if "layer_names" in inside.attributes.get("", {}) or long_list(
            inside.attributes.get("", {}), "layer_names"
        ):
            _by_old_names(OldStore(inside, f"{where}/" if where else ""), decisions, contents)
            return "keras weights", contents
    _by_shapes(tree, decisions, contents)
    return "keras weights", contents


def _by_config(specs: list[Spec], store: Store, decisions: Decisions, contents: Contents) -> None:
    nodes = []
    for spec in specs:
        if spec.calls > 1:
            contents.notes.append(
                later(
                    "“{name}” is used at {count} places of the model; the first is shown.",
                    name=readable(spec.name),
                    count=spec.calls,
                )
            )
        try:
            layers = build(spec, store, decisions, contents) or []
        except NotOpenedError as error:
            contents.leave_out(spec.name, spec.kind, error.why)
            nodes.append(Node(spec.name, spec.kind, spec.parents, None))
        else:
            nodes.append(Node(spec.name, spec.kind, spec.parents, layers))
    contents.chains = chains(nodes, contents)


def _by_old_names(store: OldStore, decisions: Decisions, contents: Contents) -> None:
    """Weights alone as Keras 2 writes them: layers in order, but without their arguments."""
    pieces = Pieces(decisions, contents, "Keras")
    for name in store.layer_names:
        given = store.of_group(name)
        if not given:
            continue
        halves = {
            part: [each for each in given if re.search(f"(^|[/_]){part}_", each.path)]
            for part in ("forward", "backward")
        }
        if all(halves.values()):
            _add(pieces, name, [halves["forward"], halves["backward"]], name)
        else:
            _add(pieces, name, [given], given[0].path)
    contents.chains = arrange(pieces, in_order=True)


def _by_shapes(tree: Tree, decisions: Decisions, contents: Contents) -> None:
    """Weights alone as Keras 3 writes them: paths of classes, in no order."""
    pieces = Pieces(decisions, contents, "Keras")
    store = NewStore(tree)
    places = sorted({path.rpartition("/vars/")[0] for path in tree.arrays}, key=_natural)
    taken: set[str] = set()
    for place in places:
        if place in taken:
            continue
        two = re.fullmatch(r"(.*?)/(forward_layer|backward_layer)(/cell)?", place)
        if two:
            ways = [f"{two[1]}/{way}{two[3] or ''}" for way in ("forward_layer", "backward_layer")]
            taken |= set(ways)
            _add(pieces, two[1], [store.at(way) for way in ways], two[1])
            continue
        owner = re.sub(r"/cell$|/layer$", "", place)
        taken.add(place)
        _add(pieces, owner, [store.at(place)], owner)
    contents.chains = arrange(pieces, in_order=False)


def _natural(path: str) -> list[Any]:
    """Sort lstm_2 before lstm_10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path)]


def _add(pieces: Pieces, name: str, given: list[list[Given]], hint: str) -> None:
    """Find out by names and shapes what a layer is, and make it."""
    short = name.rpartition("/")[2] or name
    arrays = [each.array for each in given[0]]
    shapes = [array.shape for array in arrays]
    try:
        if _looks_recurrent(shapes):
            pieces.recurrent(_recurrent(pieces, short, given))
        elif len(given) == 1 and len(shapes) == 1 and len(shapes[0]) == 2 and "embed" in hint:
            pieces.embedding(embedding(short, given[0][0], pieces.decisions))
        elif len(given) == 1 and len(shapes) in (1, 2) and len(shapes[0]) == 2:
            pieces.dense(short, dense(short, given[0], pieces.decisions, "linear"))
        elif arrays and any(array.ndim for array in arrays):
            raise NotOpenedError(later("a layer that is not known here"))
    except NotOpenedError as error:
        pieces.contents.leave_out(short, re.sub(r"_\d+$", "", short), error.why)


def _looks_recurrent(shapes: list[tuple[int, ...]]) -> bool:
    if len(shapes) not in (2, 3) or len(shapes[0]) != 2 or len(shapes[1]) != 2:
        return False
    units, columns = shapes[1]
    return shapes[0][1] == columns and kind_by_shape(columns, units) is not None


def _recurrent(pieces: Pieces, name: str, given: list[list[Given]]) -> Recurrent:
    units, columns = given[0][1].array.shape
    kind = kind_by_shape(columns, units) or "LSTM"
    config: dict[str, Any] = {}
    if kind == "RNN":
        config["activation"] = pieces.decisions.choose(
            name,
            "activation",
            "tanh",
            [Choice(each, Message(each)) for each in ("tanh", "relu", "sigmoid", "linear")],
            lambda label: later(
                "The file does not say the activation of “{name}”; assumed: {label}.",
                name=name,
                label=label,
            ),
        )
    cells: list[Cell] = []
    sources: list[Source] = []
    for direction, arrays in zip(("forward", "backward"), given, strict=False):
        way = direction if len(given) == 2 else ""
        cell, from_file = keras_cell(kind, config, arrays, pieces.decisions, name, way)
        cells.append(cell)
        sources += from_file
    back = cells[1] if len(cells) == 2 else None
    return Recurrent(name=name, cell=cells[0], backward_cell=back, sources=tuple(sources))
