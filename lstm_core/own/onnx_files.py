"""ONNX files: the recurrent operators, what leads to them and what reads them.

A graph of operators is gone through once, in order. Of every value is known whether it is a number
of the file, or what layers led to it and what its axes are: T time, B batch, D directions, H the
hidden state. So a slice at the end of T is "the last state", one of D is one direction, and
transposing and reshaping are seen for what they are. What does not fit ends a line of layers, and is
named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.cell import Cell
from lstm_core.messages import Message, later
from lstm_core.own.contents import AS_IT_STANDS, Contents, Decisions, Given, NotOpenedError
from lstm_core.own.keras_layers import dense, embedding
from lstm_core.own.layers import (
    Activation,
    Dense,
    Flatten,
    Layer,
    Pool,
    Recurrent,
    Repeat,
    Scale,
)
from lstm_core.own.layouts import GATES, ORDERS, OURS, make_cell, reordered
from lstm_core.own.onnx_tensors import Numbers, array_of, attributes_of, folded, read_model
from lstm_core.own.problems import MOST_NUMBERS, OwnError, Source, readable, too_many

if TYPE_CHECKING:
    import onnx

MOST_NODES = 20_000
SQUASHES = {
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Relu": "relu",
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "Softplus": "softplus",
    "Elu": "elu",
    "Exp": "exponential",
}
MERGES = {"Add": "sum", "Sum": "sum", "Mul": "mul"}
REDUCTIONS = {"ReduceSum": "sum", "ReduceMean": "ave", "ReduceProd": "mul", "ReduceMax": "max"}
USUAL = {"LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"]}
PASSED = {"Identity", "Cast", "Dropout"}
SILENT = {"Shape", "Constant", "ConstantOfShape", "Expand", "Range", "Size"}
"""Operators that only make states of zeros and shapes."""
LAST, FIRST, ALL, END = "last", "first", "all", "end"


@dataclass(frozen=True)
class Part:
    """One direction of a recurrent layer in a value.

    Attributes:
        key: of the operator.
        direction: 0 forward, 1 backward.
        time: which of its states: "all" in the order of the inputs, the "last" or "first" of these,
            or the "end" of its own reading.
    """

    key: str
    direction: int
    time: str


@dataclass(frozen=True)
class Data:
    """A value that depends on the network's input.

    Attributes:
        line: the layers that led to it, each with the name of its operator.
        axes: letters of its axes; "?" where it is not known.
        parts: directions of a recurrent layer that are not merged yet.
        merge: how they were.
        flipped: whether time runs backward.
    """

    line: tuple[tuple[str, Layer], ...] = ()
    axes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    merge: str = ""
    flipped: bool = False


class _StopError(Exception):
    """A line of layers ends at an operator; the argument says why."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


def open_onnx(data: bytes, decisions: Decisions) -> Contents:
    """Open an ONNX file.

    Raises:
        OwnError: if it is broken, or there is nothing recurrent in it.
    """
    model = read_model(data)
    version = "" if model.producer_version == "None" else readable(model.producer_version)
    producer = f"{readable(model.producer_name)} {version}".strip()
    contents = Contents(library=f"ONNX ({producer})" if producer else "ONNX")
    if len(model.graph.node) > MOST_NODES:
        raise OwnError(later("The graph has {count:,} operators.", count=len(model.graph.node)))
    walk = Walk(model.graph, decisions, contents)
    walk.go()
    contents.chains = walk.lines()
    return contents


class Walk:
    """One way through a graph."""

    def __init__(self, graph: onnx.GraphProto, decisions: Decisions, contents: Contents) -> None:
        self._graph, self._decisions, self._contents = graph, decisions, contents
        self._numbers: dict[str, Numbers] = {}
        self._data: dict[str, Data] = {}
        self._layers: dict[str, Recurrent] = {}
        self._before: dict[str, tuple[tuple[str, Layer], ...]] = {}
        self._given: dict[str, Given] = {}
        self._count = 0
        for tensor in graph.initializer:
            self._keep(tensor.name, array_of(tensor))
        for value in graph.input:
            if value.name not in self._numbers:
                rank = len(value.type.tensor_type.shape.dim)
                self._data[value.name] = Data(axes=("?",) * rank)

    def _keep(self, name: str, array: Any) -> None:
        if not isinstance(array, np.ndarray):
            return
        self._count += array.size
        if self._count > 2 * MOST_NUMBERS:
            raise too_many(self._count)
        self._numbers[name] = array

    def go(self) -> None:
        """Go through all operators."""
        for place, node in enumerate(self._graph.node):
            attributes = attributes_of(node)
            operator = node.op_type
            if operator == "Constant":
                value = attributes.get("value")
                if value is None and "value_ints" in attributes:
                    value = np.array(attributes["value_ints"], np.int64)
                if value is None and "value_int" in attributes:
                    value = np.array(attributes["value_int"], np.int64)
                if value is None and "value_float" in attributes:
                    value = np.array(attributes["value_float"], np.float32)
                self._keep(node.output[0] if node.output else "", value)
                continue
            inputs = list(node.input)
            if inputs and all(name in self._numbers for name in inputs if name):
                given = [self._numbers[name] for name in inputs if name]
                value = folded(operator, given, attributes)
                if value is not None and node.output:
                    self._keep(node.output[0], value)
                continue
            if any(name in self._data for name in inputs):
                self._step(node, place, attributes)

    def _step(self, node: onnx.NodeProto, place: int, attributes: dict[str, Any]) -> None:
        """Follow one operator that reads the network's input."""
        key = readable(node.name) or f"{node.op_type} {place}"
        try:
            if node.op_type in GATES:
                self._recurrent(node, key, attributes)
            elif node.op_type not in SILENT:
                self._other(node, key, attributes)
        except _StopError as error:
            self._leave_out(node, key, error.why)
        except NotOpenedError as error:
            self._leave_out(node, key, error.why)
        except (IndexError, TypeError, ValueError, KeyError) as error:
            if isinstance(error, OwnError):
                raise
            self._leave_out(node, key, later("an operator that is not understood here"))

    def _leave_out(self, node: onnx.NodeProto, key: str, why: Message) -> None:
        """Name an operator; what reads it begins a new line."""
        self._contents.leave_out(key, node.op_type, why)
        for name in node.output:
            self._data[name] = Data(axes=())

    def _other(self, node: onnx.NodeProto, key: str, attributes: dict[str, Any]) -> None:
        """Follow any operator but a recurrent one.

        Raises:
            _StopError: if a line ends at it.
        """
        operator = node.op_type
        data = [self._data[name] for name in node.input if name in self._data]
        first = data[0]
        numbers = [self._numbers.get(name) for name in node.input]
        if operator in PASSED:
            made = [first]
        elif operator in ("Transpose", "Squeeze", "Unsqueeze", "Reshape", "Flatten"):
            made = [self._moved(operator, first, numbers, attributes, key)]
        elif operator in ("Slice", "Gather", "Split"):
            made = self._taken(operator, node, first, numbers, attributes, key)
        elif operator in ("Concat", *MERGES) and len(data) > 1:
            made = [self._joined(operator, data, attributes)]
        elif operator in REDUCTIONS:
            made = [self._reduced(operator, first, numbers, attributes, key)]
        elif operator == "Concat":
            raise _StopError(later("several inputs side by side"))
        else:
            made = [self._computed(operator, node, first, numbers, attributes, key)]
        for name, value in zip(node.output, made, strict=False):
            self._data[name] = value

    # What moves axes about.

    def _moved(
        self,
        operator: str,
        data: Data,
        numbers: Sequence[Numbers | None],
        attributes: dict[str, Any],
        key: str,
    ) -> Data:
        axes = list(data.axes)
        if operator == "Transpose":
            order = attributes.get("perm") or list(reversed(range(len(axes))))
            return replace(data, axes=tuple(axes[place] for place in order)) if axes else data
        if operator == "Flatten":
            return self._flattened(data, key)
        wanted = _axes_given(attributes, numbers)
        if operator == "Squeeze":
            places = {axis % len(axes) for axis in wanted or []} if axes else set()
            if any(axes[place] == "T" for place in places):
                raise _StopError(later("a sequence of one step alone"))
            left = tuple(a for place, a in enumerate(axes) if place not in places)
            return replace(data, axes=left)
        if operator == "Unsqueeze":
            for axis in sorted(wanted or []):
                axes.insert(axis % (len(axes) + 1), "1")
            return replace(data, axes=tuple(axes))
        return self._reshaped(data, wanted, key)

    def _reshaped(self, data: Data, shape: list[int] | None, key: str) -> Data:
        """Drop the axis of directions into the hidden state, or lay all steps side by side."""
        if "D" in data.axes:
            place = data.axes.index("D")
            behind = data.axes[place + 1 : place + 2] == ("H",)
            if len(data.parts) > 1 and not behind:
                raise _StopError(later("both directions in an order that is not known here"))
            axes = tuple(axis for axis in data.axes if axis != "D")
            return replace(data, axes=axes, merge=data.merge or "concat")
        if shape is not None and "T" in data.axes and len(shape) == 2:
            width = self._width(data)
            if shape[1] != width:
                return self._flattened(data, key)
        return data

    def _width(self, data: Data) -> int | None:
        line = self._finished(data).line
        reads = next((layer.reads for _, layer in line if layer.reads), None)
        width = reads or 0
        for _, layer in line:
            width = layer.hands_on(width)
        return width or None

    def _flattened(self, data: Data, key: str) -> Data:
        done = self._finished(data)
        if "T" not in data.axes:
            return done
        if data.axes[-1:] != ("H",) or data.axes[-2:-1] != ("T",):
            raise _StopError(later("all steps side by side, in an order that is not known here"))
        return Data(line=(*done.line, (key, Flatten(name=key))), axes=("B", "H"))

    # What takes a part.

    def _taken(
        self,
        operator: str,
        node: onnx.NodeProto,
        data: Data,
        numbers: Sequence[Numbers | None],
        attributes: dict[str, Any],
        key: str,
    ) -> list[Data]:
        if operator == "Gather" and node.input[0] in self._numbers:
            return [self._embedded(node, data, key)]
        if operator == "Split":
            return self._split(node, data, attributes)
        axis, where = _place_taken(operator, numbers, attributes)
        letter = data.axes[axis] if -len(data.axes) <= axis < len(data.axes) else "?"
        gone = operator == "Gather" and (numbers[1] is not None and numbers[1].ndim == 0)
        axes = tuple(
            a for p, a in enumerate(data.axes) if not (gone and p == axis % len(data.axes))
        )
        if letter == "D" and data.parts:
            return [replace(data, parts=_picked(data.parts, where), axes=axes)]
        if letter == "T":
            return [self._step_taken(replace(data, axes=axes), where, gone, key)]
        if letter in ("?", "B", "1") and where in ((0, 1, 1), (0, None, 1)):
            return [replace(data, axes=axes)]
        raise _StopError(later("a part of its input"))

    def _step_taken(
        self, data: Data, where: tuple[int, int | None, int], gone: bool, key: str
    ) -> Data:
        """Take the last step, the first one, or all of them turned round."""
        start, end, step = where
        if step == -1 and start == -1:
            return replace(data, flipped=not data.flipped)
        if (start, end, step) == (0, None, 1):
            return data
        last = start == -1 and step == 1
        if not last and not (start == 0 and end == 1):
            raise _StopError(later("a part of the steps"))
        axes = data.axes if gone else tuple("1" if axis == "T" else axis for axis in data.axes)
        if data.parts:
            parts = tuple(replace(part, time=LAST if last else FIRST) for part in data.parts)
            return replace(data, parts=parts, axes=axes)
        if not last:
            raise _StopError(later("the first step alone"))
        return Data(line=(*data.line, (key, Pool(name=key, how="last"))), axes=axes)

    def _split(self, node: onnx.NodeProto, data: Data, attributes: dict[str, Any]) -> list[Data]:
        axis = attributes.get("axis", 0)
        if data.axes[axis] != "D" or len(node.output) != len(data.parts):
            raise _StopError(later("a part of its input"))
        return [replace(data, parts=(part,)) for part in data.parts]

    def _embedded(self, node: onnx.NodeProto, data: Data, key: str) -> Data:
        table = self._numbers[node.input[0]]
        if table.ndim != 2 or data.line or table.dtype.kind != "f":
            raise _StopError(later("a look-up in a table"))
        layer = embedding(key, Given(node.input[0], table), self._decisions)
        return Data(line=((key, layer),), axes=(*data.axes, "H"))

    # What joins directions.

    def _joined(self, operator: str, data: Sequence[Data], attributes: dict[str, Any]) -> Data:
        """Join two directions, or the states of several layers, which later are taken apart."""
        if not all(each.parts for each in data):
            raise _StopError(later("several inputs at once"))
        parts = tuple(part for each in data for part in each.parts)
        first = data[0]
        if operator == "Concat":
            axis = attributes.get("axis", 0)
            if first.axes[axis] == "D":
                return replace(first, parts=parts)
            if first.axes[axis] != "H":
                raise _StopError(later("several inputs side by side"))
            merge = "concat"
        else:
            merge = MERGES[operator]
        if [part.direction for part in parts] != [0, 1] or len({p.key for p in parts}) != 1:
            raise _StopError(later("several inputs at once"))
        axes = tuple(axis for axis in first.axes if axis != "D")
        return replace(first, parts=parts, merge=merge, axes=axes)

    def _reduced(
        self,
        operator: str,
        data: Data,
        numbers: Sequence[Numbers | None],
        attributes: dict[str, Any],
        key: str,
    ) -> Data:
        axes = _axes_given(attributes, numbers)
        if not axes or len(axes) != 1 or not data.axes:
            raise _StopError(later("a sum or mean over several axes"))
        letter = data.axes[axes[0]]
        keeps = attributes.get("keepdims", 1)
        place = axes[0] % len(data.axes)
        left = tuple(
            "1" if p == place else a for p, a in enumerate(data.axes) if keeps or p != place
        )
        how = REDUCTIONS[operator]
        if letter == "D" and how != "max":
            return replace(data, merge=how, axes=left)
        if letter == "T" and how in ("ave", "max"):
            pool = Pool(name=key, how="mean" if how == "ave" else "max")
            return Data(line=(*self._finished(data).line, (key, pool)), axes=left)
        raise _StopError(later("a sum or mean over several axes"))

    # What computes.

    def _computed(
        self,
        operator: str,
        node: onnx.NodeProto,
        data: Data,
        numbers: Sequence[Numbers | None],
        attributes: dict[str, Any],
        key: str,
    ) -> Data:
        done = self._finished(data)
        if operator in ("MatMul", "Gemm"):
            return self._dense(operator, node, done, numbers, attributes, key)
        if operator in SQUASHES:
            if operator == "Elu" and attributes.get("alpha", 1.0) != 1.0:
                raise _StopError(later("its activation is {name}", name="Elu"))
            return _squashed(done, SQUASHES[operator], key)
        if operator in ("Add", "Sub", "Mul", "Div"):
            return self._shifted(operator, node, done, numbers, key)
        if operator == "BatchNormalization":
            return self._normalised(done, numbers, attributes, key)
        if operator == "Tile" and "T" not in done.axes and numbers[1] is not None:
            times = int(numbers[1].reshape(-1)[0])
            if 1 <= times <= 10_000:
                repeat = Repeat(name=key, times=times)
                axes = ("T", *done.axes[1:])
                return Data(line=(*done.line, (key, repeat)), axes=axes)
        raise _StopError(_why(operator))

    def _dense(
        self,
        operator: str,
        node: onnx.NodeProto,
        data: Data,
        numbers: Sequence[Numbers | None],
        attributes: dict[str, Any],
        key: str,
    ) -> Data:
        kernel = numbers[1]
        if kernel is None or kernel.ndim != 2 or attributes.get("transA"):
            raise _StopError(later("a product of two inputs"))
        if attributes.get("alpha", 1.0) != 1.0 or attributes.get("beta", 1.0) != 1.0:
            raise _StopError(later("a product with factors"))
        given = [Given(node.input[1], kernel)]
        if operator == "Gemm" and len(numbers) > 2 and numbers[2] is not None:
            given.append(Given(node.input[2], numbers[2].reshape(-1)))
        transposed = bool(attributes.get("transB"))
        layer = dense(key, given, self._decisions, "linear", transposed)
        return replace(data, line=(*data.line, (key, layer)))

    def _shifted(
        self,
        operator: str,
        node: onnx.NodeProto,
        data: Data,
        numbers: Sequence[Numbers | None],
        key: str,
    ) -> Data:
        """Add a bias to a dense layer; any other sum or product with numbers is a scale."""
        place = next((p for p, array in enumerate(numbers) if array is not None), None)
        if place is None or (operator in ("Sub", "Div") and place == 0):
            raise _StopError(later("several inputs at once"))
        array = np.asarray(numbers[place])
        values = array.reshape(-1).astype(np.float64)
        last = data.line[-1][1] if data.line else None
        if (
            operator == "Add"
            and isinstance(last, Dense)
            and last.activation == "linear"
            and len(last.sources) == 1
            and values.shape == last.bias.shape
        ):
            source = Source(f"{last.name}/bias", (node.input[place],), (array.shape,), AS_IT_STANDS)
            whole = replace(
                last, bias=values.astype(last.bias.dtype), sources=(*last.sources, source)
            )
            return replace(data, line=(*data.line[:-1], (data.line[-1][0], whole)))
        width = self._width(data)
        if width is None or values.size not in (1, width):
            raise _StopError(later("several inputs at once"))
        values = np.broadcast_to(values, (width,))
        ones = np.ones(width)
        factor, shift = {
            "Add": (ones, values),
            "Sub": (ones, -values),
            "Mul": (values, 0 * ones),
            "Div": (1 / np.where(values == 0, np.nan, values), 0 * ones),
        }[operator]
        dtype = self._decisions.precision(array)
        if isinstance(last, Scale):
            whole_scale = replace(
                last,
                factor=(last.factor * factor).astype(dtype),
                shift=(last.shift * factor + shift).astype(dtype),
            )
            return replace(data, line=(*data.line[:-1], (data.line[-1][0], whole_scale)))
        scale = Scale(name=key, factor=factor.astype(dtype), shift=shift.astype(dtype))
        return replace(data, line=(*data.line, (key, scale)))

    def _normalised(
        self,
        data: Data,
        numbers: Sequence[Numbers | None],
        attributes: dict[str, Any],
        key: str,
    ) -> Data:
        given = [array for array in numbers[1:5] if array is not None]
        if len(given) != 4 or (len(data.axes) > 2 and data.axes[1] != "H"):
            raise _StopError(later("a batch normalisation over another axis"))
        gamma, beta, mean, variance = (array.astype(np.float64) for array in given)
        factor = gamma / np.sqrt(np.abs(variance) + attributes.get("epsilon", 1e-5))
        dtype = self._decisions.precision(*given)
        scale = Scale(
            name=key,
            factor=factor.astype(dtype),
            shift=(beta - mean * factor).astype(dtype),
        )
        return replace(data, line=(*data.line, (key, scale)))

    # The recurrent operators.

    def _recurrent(self, node: onnx.NodeProto, key: str, attributes: dict[str, Any]) -> None:
        source = self._data.get(node.input[0])
        if source is None:
            raise _StopError(later("it does not read the network's input"))
        kind = node.op_type
        names = [*node.input, *[""] * 8][:8]
        layer = self._layer(kind, key, names, attributes)
        self._note_states(key, names)
        while key in self._layers:
            key += "′"
            layer = replace(layer, name=key)
        self._layers[key] = layer
        before = () if not source.axes else self._finished(source).line
        self._before[key] = before
        count = len(layer.cells)
        rows = [1] if attributes.get("direction") == "reverse" else list(range(count))
        batch_first = bool(attributes.get("layout"))
        axes = ("B", "T", "D", "H") if batch_first else ("T", "D", "B", "H")
        whole = tuple(Part(key, row, ALL) for row in rows)
        ends = tuple(Part(key, row, END) for row in rows)
        made = [
            Data(axes=axes, parts=whole),
            Data(axes=("B", "D", "H") if batch_first else ("D", "B", "H"), parts=ends),
        ]
        for name, value in zip(node.output, made, strict=False):
            if name:
                self._data[name] = value
        if len(node.output) > 2 and node.output[2]:
            self._data[node.output[2]] = Data(axes=())

    def _note_states(self, key: str, names: Sequence[str]) -> None:
        if names[4]:
            self._contents.notes.append(
                later(
                    "“{name}” takes the lengths of its sequences; here all are read whole.",
                    name=key,
                )
            )
        for name in names[5:7]:
            start = self._numbers.get(name)
            learned = start is not None and bool(np.any(start))
            if learned or (name in self._data and self._data[name].parts):
                self._contents.notes.append(
                    later(
                        "“{name}” starts from states of another layer; here it starts from zeros.",
                        name=key,
                    )
                )
                break

    def _layer(
        self, kind: str, key: str, names: Sequence[str], attributes: dict[str, Any]
    ) -> Recurrent:
        """Make the cells of a recurrent operator.

        Raises:
            _StopError: if no cell here computes like it.
        """
        activation = _checked(kind, attributes, bool(names[7]))
        W, R = self._numbers.get(names[1]), self._numbers.get(names[2])
        B = self._numbers.get(names[3]) if names[3] else None
        if W is None or R is None or (names[3] and B is None):
            raise _StopError(later("its weights are computed, not stored"))
        directions = W.shape[0] if W.ndim == 3 else 0
        units = R.shape[-1] if R.ndim == 3 else 0
        rows = GATES[kind] * units
        fits = (
            directions in (1, 2)
            and W.shape[1] == rows
            and R.shape == (directions, rows, units)
            and (B is None or B.shape == (directions, 2 * rows))
        )
        if not fits or not units:
            raise _StopError(
                later(
                    "its weights have shapes {kernel} and {recurrent}, which no LSTM, GRU or RNN has",
                    kernel=str(W.shape),
                    recurrent=str(R.shape),
                )
            )
        dtype = self._decisions.precision(W, R)
        cells: list[Cell] = []
        two: list[tuple[Array, Array]] = []
        order = ORDERS["onnx"][kind]
        for row in range(directions):
            biases = [] if B is None else np.split(B[row], 2)
            cells.append(
                make_cell(
                    W[row].T,
                    R[row].T,
                    biases,
                    kind,
                    order,
                    dtype=dtype,
                    reset_after=bool(attributes.get("linear_before_reset", 0)),
                    activation=activation,
                )
            )
            if biases and biases[1].any() and kind != "GRU":
                first, second = (reordered(b.astype(dtype), order, OURS[kind]) for b in biases)
                two.append((first, second))
        return Recurrent(
            name=key,
            cell=cells[0],
            backward_cell=cells[1] if directions == 2 else None,
            from_the_end=attributes.get("direction") == "reverse",
            two_biases=tuple(two) if len(two) == directions else (),
            sources=self._sources(kind, key, names, directions),
        )

    def _sources(
        self, kind: str, key: str, names: Sequence[str], directions: int
    ) -> tuple[Source, ...]:
        how = later("transposed")
        if kind == "LSTM":
            how = later("transposed; gates put from i o f c into the order i f c o")
        both = later("the two biases added") if kind != "GRU" else later("one row each")
        titles = ("kernel", "recurrent_kernel", "bias")
        sources = []
        for row in range(directions):
            way = ("forward/", "backward/")[row] if directions == 2 else ""
            for title, name in zip(titles, names[1:4], strict=True):
                if name:
                    sources.append(
                        Source(
                            f"{key}/{way}{title}",
                            (f"{name}[{row}]",),
                            (self._numbers[name].shape[1:],),
                            both if title == "bias" else how,
                        )
                    )
        return tuple(sources)

    # What was found.

    def _finished(self, data: Data) -> Data:
        """Make a value whose directions are merged: the recurrent layer behind those before it.

        Raises:
            _StopError: if that is not what one recurrent layer hands on.
        """
        if not data.parts:
            return data
        key = data.parts[0].key
        layer = self._layers[key]
        line = self._before[key]
        rows = [part.direction for part in data.parts]
        whole = [1] if layer.from_the_end else list(range(len(layer.cells)))
        if any(part.key != key for part in data.parts) or rows != whole:
            raise _StopError(later("one of several directions or layers alone"))
        times = [part.time for part in data.parts]
        ends = [
            part.time == END
            or (part.time == LAST and part.direction == 0)
            or (part.time == FIRST and part.direction == 1)
            for part in data.parts
        ]
        merge = data.merge or "concat"
        axes = tuple(axis for axis in data.axes if axis != "D")
        if all(ends):
            made: Layer = replace(layer, sequences=False, merge=merge)
            return Data(line=(*line, (key, made)), axes=axes)
        if layer.from_the_end and (set(times) != {ALL} or not data.flipped):
            raise _StopError(later("it reads from the end alone"))
        if data.flipped and not layer.from_the_end:
            raise _StopError(later("the steps are turned round"))
        made = replace(layer, sequences=True, merge=merge)
        if set(times) == {ALL}:
            return Data(line=(*line, (key, made)), axes=axes)
        if set(times) == {LAST}:
            last = Pool(name=f"{key} last", how="last")
            return Data(line=(*line, (key, made), (last.name, last)), axes=axes)
        raise _StopError(later("the states of different steps"))

    def lines(self) -> list[list[Layer]]:
        """The lines of layers that have a recurrent one and are no beginning of another."""
        chains: dict[tuple[str, ...], list[Layer]] = {}
        outputs = {value.name for value in self._graph.output}
        ordered = sorted(self._data.items(), key=lambda item: item[0] not in outputs)
        for _, data in ordered:
            try:
                line = self._finished(data).line
            except _StopError:
                line = ()
                for key in dict.fromkeys(part.key for part in data.parts):
                    line = (*self._before[key], (key, self._layers[key]))
                    self._add(chains, line)
                continue
            self._add(chains, line)
        keys = list(chains)
        return [
            chains[key]
            for key in keys
            if not any(other != key and other[: len(key)] == key for other in keys)
        ]

    @staticmethod
    def _add(
        chains: dict[tuple[str, ...], list[Layer]], line: tuple[tuple[str, Layer], ...]
    ) -> None:
        if any(isinstance(layer, Recurrent) for _, layer in line):
            chains.setdefault(tuple(key for key, _ in line), [layer for _, layer in line])


def _axes_given(attributes: dict[str, Any], numbers: Sequence[Numbers | None]) -> list[int] | None:
    """Return the axes, or the shape, of an operator: an attribute of old files, an input of new ones."""
    axes: list[int] | None = attributes.get("axes")
    if axes is None and len(numbers) > 1 and numbers[1] is not None:
        axes = [int(axis) for axis in numbers[1].reshape(-1)]
    return axes


def _place_taken(
    operator: str, numbers: Sequence[Numbers | None], attributes: dict[str, Any]
) -> tuple[int, tuple[int, int | None, int]]:
    """The axis of which a part is taken, and the part: start, end (None for all the rest), step.

    Raises:
        _StopError: if the place is computed, or there are several.
    """
    if operator == "Gather":
        index = numbers[1]
        if index is None or index.size != 1:
            raise _StopError(later("a part of its input"))
        start = int(index.reshape(-1)[0])
        return int(attributes.get("axis", 0)), (start, None if start == -1 else start + 1, 1)
    starts = attributes.get("starts", numbers[1] if len(numbers) > 1 else None)
    ends = attributes.get("ends", numbers[2] if len(numbers) > 2 else None)
    axes = attributes.get("axes", numbers[3] if len(numbers) > 3 else None)
    steps = numbers[4] if len(numbers) > 4 else None
    if starts is None or ends is None:
        raise _StopError(later("a part of its input"))
    several = [np.asarray(each).reshape(-1) for each in (starts, ends)]
    if len(several[0]) != 1 or len(several[1]) != 1:
        raise _StopError(later("a part of its input"))
    axis = int(np.asarray(axes).reshape(-1)[0]) if axes is not None else 0
    step = int(np.asarray(steps).reshape(-1)[0]) if steps is not None else 1
    start, end = int(several[0][0]), int(several[1][0])
    far = abs(end) >= 2**31 - 1 or (start == -1 and step == 1 and end == 0)
    return axis, (start, None if far else end, step)


def _picked(parts: tuple[Part, ...], where: tuple[int, int | None, int]) -> tuple[Part, ...]:
    start, end, step = where
    picked = parts[slice(start, end, step)] if end is not None else parts[start::step]
    if not picked:
        raise _StopError(later("a part of its input"))
    return picked


def _squashed(data: Data, activation: str, key: str) -> Data:
    """Give a dense layer its activation; behind anything else it is a layer of its own."""
    last = data.line[-1] if data.line else None
    if last and isinstance(last[1], Dense) and last[1].activation == "linear":
        layer: Layer = replace(last[1], activation=activation)
        return replace(data, line=(*data.line[:-1], (last[0], layer)))
    return replace(data, line=(*data.line, (key, Activation(name=key, activation=activation))))


def _checked(kind: str, attributes: dict[str, Any], peepholes: bool) -> str:
    """The activation of a recurrent operator.

    Raises:
        _StopError: if it computes otherwise than a cell here.
    """
    if peepholes:
        raise _StopError(later("its gates look at the cell state (peepholes)"))
    if attributes.get("clip"):
        raise _StopError(later("its pre-activations are clipped"))
    if attributes.get("input_forget"):
        raise _StopError(later("its input gate is 1 − its forget gate"))
    names = [str(name).capitalize() for name in attributes.get("activations", [])]
    if kind == "RNN":
        first = (names or ["Tanh"])[0]
        known = {"Tanh": "tanh", "Relu": "relu", "Sigmoid": "sigmoid", "Affine": "linear"}
        if first not in known or len(set(names or [first])) != 1:
            raise _StopError(later("its activation is {name}", name=readable(first)))
        if first == "Affine" and (
            set(attributes.get("activation_alpha", [1.0])) != {1.0}
            or set(attributes.get("activation_beta", [0.0])) != {0.0}
        ):
            raise _StopError(later("its activation is {name}", name="Affine"))
        return known[first]
    usual = USUAL[kind]
    if names and names not in (usual, usual * 2):
        raise _StopError(later("its activations are {names}", names=readable(", ".join(names))))
    return "tanh"


def _why(operator: str) -> Message:
    reasons: dict[str, Message] = {
        "Conv": later("a convolution"),
        "Loop": later("a loop, which may be a recurrent layer that was not exported as one"),
        "Scan": later("a loop, which may be a recurrent layer that was not exported as one"),
        "If": later("a choice"),
        "LayerNormalization": later("a layer normalisation"),
        "Attention": later("attention"),
        "MultiHeadAttention": later("attention"),
    }
    return reasons.get(operator, later("an operator that is not understood here"))
