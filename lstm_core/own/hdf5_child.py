"""Reads an HDF5 file in a process of its own, which may crash without harm to anybody.

The HDF5 library is written in C and was not made for files that mean harm. So this file is run by
``hdf5.read_tree`` as a script, with bounds on its memory and its time, and imports nothing of this
project. It takes the file from standard input and gives back, on standard output: the length of a
JSON head (8 bytes, little end first), the head, and the arrays' bytes one after the other.
"""

import io
import json
import struct
import sys

import numpy as np

MOST_OBJECTS = 20_000
DEEPEST = 30
LONGEST_ATTRIBUTE = 8_000_000
SKIPPED = {"optimizer", "optimizer_weights"}
MEMORY, SECONDS = 2 << 30, 5


class RefusedError(Exception):
    """The file asks for something that is not read.

    Attributes:
        word: for it.
        where: path and shape of the array that is too much; empty for all else.
    """

    def __init__(self, word: str, where: tuple[str, tuple[int, ...]] = ("", ())) -> None:
        super().__init__(word)
        self.word, self.where = word, where


def bound() -> None:
    """Bound this process' memory and time, where the system can."""
    try:
        import resource
    except ImportError:  # Windows has no such bounds; the caller's time-out is there all the same.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def tree_of(data: bytes, most: int) -> tuple[dict[str, object], list[np.ndarray]]:
    """Read every dataset of numbers and every attribute that is a text, or texts.

    Args:
        data: the file.
        most: numbers that it may hold.

    Returns:
        The head, as JSON takes it, and the arrays that it names.

    Raises:
        RefusedError: if it holds more, or points to other files.
        Exception: whatever h5py raises for a broken file.
    """
    import h5py

    arrays: list[np.ndarray] = []
    names: list[dict[str, object]] = []
    attributes: dict[str, dict[str, object]] = {}
    other: list[str] = []
    count = numbers = 0

    def visit(group: "h5py.Group", path: str, depth: int) -> None:
        nonlocal count, numbers
        if depth > DEEPEST:
            raise RefusedError("deep")
        attributes[path] = texts_of(group)
        for name in group:
            count += 1
            if count > MOST_OBJECTS:
                raise RefusedError("many")
            if not path and name in SKIPPED:
                continue
            inside = f"{path}/{name}" if path else name
            link = group.get(name, getlink=True)
            if isinstance(link, h5py.ExternalLink):
                raise RefusedError("elsewhere")
            if isinstance(link, h5py.SoftLink):
                raise RefusedError("link")
            item = group[name]
            if isinstance(item, h5py.Group):
                visit(item, inside, depth + 1)
            elif isinstance(item, h5py.Dataset):
                if item.external or item.is_virtual:
                    raise RefusedError("elsewhere")
                if item.dtype.kind not in "fiub" or item.shape is None:
                    other.append(inside)
                    continue
                numbers += item.size
                if numbers > most:
                    raise RefusedError("large", (inside, item.shape))
                array = np.ascontiguousarray(item[()])
                array = array.astype(array.dtype.newbyteorder("="))
                names.append({"path": inside, "shape": item.shape, "dtype": array.dtype.str})
                arrays.append(array)

    with h5py.File(io.BytesIO(data), "r") as file:
        visit(file, "", 0)
    return {"arrays": names, "attributes": attributes, "other": other}, arrays


def texts_of(item: object) -> dict[str, object]:
    """Return those attributes that are a text or a list of texts."""
    texts: dict[str, object] = {}
    for name in item.attrs:  # type: ignore[attr-defined]
        if len(texts) > 100:
            raise RefusedError("many")
        identifier = item.attrs.get_id(name)  # type: ignore[attr-defined]
        points = identifier.get_space().get_simple_extent_npoints()
        if points * identifier.dtype.itemsize > LONGEST_ATTRIBUTE:
            raise RefusedError("large")
        value = item.attrs[name]  # type: ignore[attr-defined]
        if isinstance(value, np.ndarray) and value.dtype.kind in "OSU":
            texts[name] = [text(each) for each in value.reshape(-1)]
        elif isinstance(value, (bytes, str)):
            texts[name] = text(value)
    return texts


def text(value: object) -> str:
    """Return an attribute as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def answer(head: dict[str, object], arrays: list[np.ndarray]) -> None:
    """Write head and arrays to standard output."""
    written = json.dumps(head).encode()
    out = sys.stdout.buffer
    out.write(struct.pack("<Q", len(written)))
    out.write(written)
    for array in arrays:
        out.write(array.tobytes())
    out.flush()


def main() -> None:
    """Read standard input; a refusal is a head with the word for it."""
    bound()
    most = int(sys.argv[1])
    try:
        head, arrays = tree_of(sys.stdin.buffer.read(), most)
    except RefusedError as error:
        answer({"refused": error.word, "where": error.where}, [])
    except MemoryError:
        answer({"refused": "large"}, [])
    except Exception:
        answer({"refused": "broken"}, [])
    else:
        answer(head, arrays)


if __name__ == "__main__":
    main()
