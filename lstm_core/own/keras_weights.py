"""Where Keras puts a layer's weights in an HDF5 file: Keras 3's way, and the older one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

from lstm_core.own.contents import Given
from lstm_core.own.hdf5 import Tree
from lstm_core.own.keras_config import Spec


class Store(Protocol):
    """Weights by layer."""

    def weights(self, spec: Spec, parts: Sequence[str]) -> list[list[Given]]:
        """The arrays of each part of a layer, in Keras' order; an empty list where there are none.

        Args:
            spec: the layer.
            parts: paths below the layer, as Keras 3 has them: "cell" for one.
        """


class NewStore:
    """Keras 3: a path of classes and running numbers, ``layers/lstm_1/cell/vars/0``."""

    CONTAINERS = ("layers/", "_layer_checkpoint_dependencies/", "")

    def __init__(self, tree: Tree, where: str = "") -> None:
        self._tree, self._where = tree, where

    def weights(self, spec: Spec, parts: Sequence[str]) -> list[list[Given]]:
        """The arrays of each part of a layer."""
        return [self._of(spec.place, part) for part in parts]

    def _of(self, place: str, part: str) -> list[Given]:
        for container in self.CONTAINERS:
            at = place.replace("layers/", container) if container != "layers/" else place
            arrays = self.at(f"{at}/{part}" if part else at)
            if arrays:
                return arrays
        return []

    def at(self, path: str) -> list[Given]:
        """The arrays of one object, in order."""
        arrays, number = [], 0
        while (key := f"{path}/vars/{number}") in self._tree.arrays:
            arrays.append(Given(f"{self._where}{key}", self._tree.arrays[key]))
            number += 1
        return arrays


class OldStore:
    """Keras 2, and ``.h5`` of Keras 3: groups by the layers' names, and lists of weights in order."""

    def __init__(self, tree: Tree, where: str = "") -> None:
        self._tree, self._where = tree, where

    @property
    def layer_names(self) -> list[str]:
        """The layers in order."""
        return long_list(self._tree.attributes.get("", {}), "layer_names")

    def of_group(self, group: str) -> list[Given]:
        """All weights of a layer of the outermost model, in order."""
        names = long_list(self._tree.attributes.get(group, {}), "weight_names")
        paths = [f"{group}/{name}" for name in names]
        return [
            Given(f"{self._where}{path}", self._tree.arrays[path])
            for path in paths
            if path in self._tree.arrays
        ]

    def weights(self, spec: Spec, parts: Sequence[str]) -> list[list[Given]]:
        """The arrays of each part of a layer: all of its arrays, in as many equal shares."""
        contents = self.of_group(spec.group)
        inner = spec.name.rpartition("/")[2]
        if "/" in spec.name:
            contents = [given for given in contents if f"/{inner}/" in f"/{given.path}"]
        share, rest = divmod(len(contents), len(parts))
        if rest:
            return [[] for _ in parts]
        return [contents[place * share : (place + 1) * share] for place in range(len(parts))]


def long_list(attributes: dict[str, Any], name: str) -> list[str]:
    """A list of texts, which Keras cuts into several attributes where it is long."""
    if name in attributes:
        texts = attributes[name]
        return list(texts) if isinstance(texts, list) else []
    pieces = [key for key in attributes if re.fullmatch(f"{name}\\d+", key)]
    pieces.sort(key=lambda key: int(key.removeprefix(name)))
    return [each for key in pieces for each in attributes[key]]
