"""What a reader of one kind of file hands over, and how it decides what the file does not say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.messages import Message, later
from lstm_core.own.layers import Layer
from lstm_core.own.problems import Assumption, Choice, LeftOut, OwnError, readable

AS_IT_STANDS = later("as it stands")
EVERY_STEP = Choice("every step", later("the state of every step"))
LAST_STATES = Choice("last states", later("the last state of each direction"))


class NotOpenedError(Exception):
    """A layer cannot be opened; the argument is the sentence that says why."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Given:
    """An array of a file and where it lies there."""

    path: str
    array: NDArray[Any]


@dataclass
class Contents:
    """What a reader of one kind of file hands over: its layers, and what is to be said of them.

    Attributes:
        library: that wrote it, and its version.
        chains: layers that follow each other, the first to read first; each has a recurrent one.
        left_out: what is not opened.
        notes: what was passed over or changed.
        warnings: what looks wrong.
    """

    library: str = ""
    chains: list[list[Layer]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)

    def leave_out(self, name: object, kind: object, why: Message) -> None:
        """Name a layer that is not opened."""
        self.left_out.append(LeftOut(readable(name), readable(kind), why))


class Decisions:
    """What the file does not say: as somebody decided it, or as is likeliest.

    Attributes:
        made: all decisions so far.
        dtype: of the cells; None leaves it to the file.
    """

    def __init__(self, layout: Mapping[str, Any] | None = None, dtype: Any = None) -> None:
        self._layout = dict(layout or {})
        self._used: set[str] = set()
        self.made: list[Assumption] = []
        self.dtype: np.dtype[Any] | None = None if dtype is None else np.dtype(dtype)

    def choose(
        self,
        layer: str,
        what: str,
        likeliest: Any,
        choices: Sequence[Choice],
        sentence: Callable[[Message], Message],
        asked: bool = True,
    ) -> Any:
        """Decide one thing.

        Args:
            layer: that it is about; empty for the whole file.
            what: the thing: "gates".
            likeliest: the value if nobody decided.
            choices: the readings that there are.
            sentence: makes the sentence, from the label of the choice.
            asked: whether others are as likely.

        Raises:
            OwnError: if somebody decided what cannot be.
        """
        name = f"{layer}.{what}" if layer else what
        decided = next((key for key in (name, what) if key in self._layout), None)
        value = likeliest
        if decided is not None:
            self._used.add(decided)
            value = self._layout[decided]
        choice = next((each for each in choices if _same(each.value, value)), None)
        if choice is None:
            raise OwnError(
                later(
                    "{name} cannot be {value}; it can be {choices}.",
                    name=name,
                    value=readable(value),
                    choices=" | ".join(str(each.value) for each in choices),
                )
            )
        made = Assumption(
            name, choice.value, sentence(choice.label), tuple(choices), asked, decided is not None
        )
        if all(each.name != name for each in self.made):
            self.made.append(made)
        return choice.value

    def asked_for(self, what: str) -> Any:
        """What somebody decided about the whole file; None if nobody did."""
        return self._layout.get(what)

    def check_all_used(self) -> None:
        """Refuse a layout that decides what is not open.

        Raises:
            OwnError: naming it.
        """
        unused = sorted(set(self._layout) - self._used)
        if unused:
            raise OwnError(
                later(
                    "The file leaves nothing open that is called {name}; it leaves open: {open}.",
                    name=readable(unused[0]),
                    open=", ".join(each.name for each in self.made) or "–",
                )
            )

    def precision(self, *arrays: NDArray[Any]) -> np.dtype[Any]:
        """The precision of a layer: as asked for, or double if its arrays are, else single."""
        if self.dtype is not None:
            return self.dtype
        double = any(array.dtype == np.float64 for array in arrays)
        return np.dtype(np.float64 if double else np.float32)


def _same(choice: Any, value: Any) -> bool:
    """Whether a value means a choice; from a command line everything comes as text."""
    if type(choice) is type(value):
        return bool(choice == value)
    return str(choice).lower() == str(value).lower()
