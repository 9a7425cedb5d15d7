"""Files as lines of text: what kind they are, unpacked, and in which encoding they are written."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, cast

from lstm_core.messages import Message, later, mark
from lstm_core.tables.assumptions import Assumption, TableError

KINDS = ("csv", "tsv", "txt", "jsonl", "json", "xlsx")
NAMES = {"ndjson": "jsonl", "xlsm": "xlsx", "tab": "tsv"}
"""Other endings of files, and the kind that they are."""
ARCHIVES = {
    b"PK\x03\x04": mark("a zip archive or a spreadsheet (.xlsx)"),
    b"\x1f\x8b": mark("a gzip archive"),
    b"BZh": mark("a bzip2 archive"),
    b"\xfd7zXZ": mark("an xz archive"),
    b"7z\xbc\xaf": mark("a 7z archive"),
    b"%PDF": mark("a PDF"),
    b"\xd0\xcf\x11\xe0": mark("an old spreadsheet (.xls)"),
    b"PAR1": mark("a Parquet file"),
}
LIKELY = (
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "koi8_r",
    "mac_roman",
    "cp850",
    "gb18030",
    "euc_kr",
    "big5",
    "euc_jp",
    "shift_jis",
)
"""Encodings that are weighed against each other where a file is not UTF-8, the most usual first."""
CHUNK = 1 << 20
HEAD = 256
"""So many bytes tell whether a file without a byte order mark is UTF-16."""
LONGEST_LINE = 64 << 20
MOST_SAMPLED = 16_384
ROOM, MOST_PACKED = 50_000_000, 200
"""Beyond so many bytes, what unpacks to more than so many times its size is a bomb, no table."""
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NOT_UTF8 = later("not valid UTF-8")
NO_LETTERS = re.compile(
    "(?<=[^\\W\\d_])[\x80-©«-´¶-¹»-¿×÷\u201a-\u2022\u2030-\u203a\u2500-\u259f“”]+(?=[^\\W\\d_])"
    "|(?<=[A-Za-z])[Ͱ-ϿЀ-ӿ]|[Ͱ-ϿЀ-ӿ](?=[A-Za-z])|(?<!\\w)[Ͱ-ΫЀ-Я](?!\\w)"
)
"""Signs between two letters, two alphabets in a word, a capital alone: the marks of a wrong encoding."""


@dataclass(frozen=True)
class Survey:
    """What one pass over all bytes of a file shows.

    Attributes:
        encoding: in which it is read.
        zeros: whether it has zero bytes, and is no UTF-16.
        empty: whether it has nothing but white space.
        assumption: the encoding, to be told.
    """

    encoding: str
    zeros: bool
    empty: bool
    assumption: Assumption


def what_it_is(content: bytes) -> str:
    """Name what a file is that is no text at all; empty if it may be text."""
    return next((name for start, name in ARCHIVES.items() if content.startswith(start)), "")


def kind_of(name: str) -> str | None:
    """Tell the kind of a file by its name, packed or not; None if the name does not tell."""
    endings = [ending.lstrip(".").lower() for ending in PurePath(name).suffixes]
    if endings and endings[-1] in {"gz", "gzip"}:
        endings.pop()
    kind = endings[-1] if endings else ""
    kind = NAMES.get(kind, kind)
    return kind if kind in KINDS else None


def unpacked(stream: IO[bytes]) -> tuple[IO[bytes], int]:
    """Return a stream of what is in a gzip file, or the stream itself, and its size as it is kept."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    head = stream.read(2)
    stream.seek(0)
    if head == b"\x1f\x8b":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream, mode="rb")), size
    return stream, size


def survey(stream: IO[bytes], size: int, encoding: str | None, most: int | None = None) -> Survey:
    """Go over all bytes of a file once, in chunks, and find its encoding.

    Args:
        stream: of the unpacked file; it is at its start before and after.
        size: of the file as it is kept, to see how small it was packed.
        encoding: that somebody gave.
        most: bytes that may be in it.

    Raises:
        TableError: if it is packed and broken, a bomb, too large, or no such encoding is known.
    """
    try:
        stream.seek(0)
        marked = _marked(stream.read(HEAD))
        stream.seek(0)
        lines = _Lines(utf8=not marked)
        while chunk := stream.read(CHUNK):
            lines.add(chunk)
            _refuse_bomb(lines.read, size, most)
    except (EOFError, OSError, zlib.error) as error:
        if not hasattr(stream, "mtime"):
            # It is no gzip file: the disk failed.
            raise
        raise TableError(
            later("The gzip file is broken or cut off: {why}.", why=str(error))
        ) from None
    lines.end()
    stream.seek(0)
    chosen = _known(encoding) if encoding else marked or lines.encoding()
    usual = encoding is not None or chosen.startswith("utf-")
    note = Assumption(
        "encoding",
        chosen,
        later("The text is read as {encoding}.", encoding=chosen),
        "--encoding",
        usual=usual,
    )
    zeros = lines.zeros and not chosen.startswith(("utf-16", "utf-32"))
    return Survey(chosen, zeros, lines.blank, note)


def _refuse_bomb(read: int, size: int, most: int | None) -> None:
    if most is not None and read > most:
        raise TableError(later("The file is larger than {most:.0f} MB.", most=most / 1_000_000))
    if read > ROOM and read > MOST_PACKED * size:
        raise TableError(
            later("The archive unpacks to more than {times} times its size.", times=MOST_PACKED)
        )


class _Lines:
    """Lines of bytes as they come in chunks, sorted by whether they are UTF-8."""

    def __init__(self, utf8: bool) -> None:
        self.utf8 = utf8
        self.rest = b""
        self.read = self.since_line_end = 0
        self.good = self.bad = self.kept = 0
        self.sample: list[bytes] = []
        self.zeros = False
        self.blank = True

    def add(self, chunk: bytes) -> None:
        self.read += len(chunk)
        self.zeros = self.zeros or b"\x00" in chunk
        self.blank = self.blank and not chunk.removeprefix(codecs.BOM_UTF8).strip()
        self._refuse_endless_line(chunk)
        if not self.utf8 or (not self.rest and chunk.isascii()):
            return
        *whole, self.rest = (self.rest + chunk.replace(b"\r", b"\n")).split(b"\n")
        for line in whole:
            self._weigh(line)
        if self.rest.isascii():
            self.rest = b""

    def _refuse_endless_line(self, chunk: bytes) -> None:
        end = chunk.rfind(b"\n")
        self.since_line_end = len(chunk) - end - 1 if end >= 0 else self.since_line_end + len(chunk)
        if self.since_line_end > LONGEST_LINE:
            raise TableError(
                later("A line is longer than {most} MB; this is no table.", most=LONGEST_LINE >> 20)
            )

    def end(self) -> None:
        self._weigh(self.rest)

    def _weigh(self, line: bytes) -> None:
        if line.isascii():
            return
        try:
            line.decode()
            self.good += 1
        except UnicodeDecodeError:
            self.bad += 1
            if self.kept < MOST_SAMPLED:
                self.kept += len(line)
                self.sample.append(line[:MOST_SAMPLED])

    def encoding(self) -> str:
        """Name the encoding; a few lines that are no UTF-8 among many that are stay marked."""
        if self.bad <= self.good:
            return "utf-8"
        return legacy_encoding(b"\n".join(self.sample))


def legacy_encoding(content: bytes) -> str:
    """Name the likeliest encoding of text that is not UTF-8.

    charset-normalizer weighs how much of a mess each makes; among those that make as little, the
    most usual one is taken that puts no sign between two letters.
    """
    usual = content.decode(LIKELY[0], errors="replace")
    letters = any(sign.isalpha() for sign in usual if not sign.isascii() and sign not in "µªº")
    if not letters and "\ufffd" not in usual and not NO_LETTERS.search(usual):
        # Signs alone, such as those of currencies and degrees, tell no language.
        return LIKELY[0]
    from charset_normalizer import from_bytes

    weighed = from_bytes(content, cp_isolation=list(LIKELY))
    mess: dict[str, float] = {}
    for match in weighed:
        for name in (match.encoding, *match.could_be_from_charset):
            if name in LIKELY:
                mess[name] = min(mess.get(name, 1.0), match.chaos)
    if "cp1252" not in mess and (not mess or mess.get("cp1250", 1.0) <= min(mess.values())):
        # Short texts are read alike in both, and one of them is left out then.
        mess["cp1252"] = mess.get("cp1250", 0.5)

    def badness(name: str) -> tuple[float, int]:
        text = content.decode(name, errors="replace")
        torn = len(NO_LETTERS.findall(text)) + text.count("\ufffd")
        foreign = sum(not sign.isascii() for sign in text)
        return mess[name] + torn / max(foreign, 1), LIKELY.index(name)

    best = min(mess, key=badness)
    near = [name for name in mess if badness(name)[0] <= badness(best)[0] + 0.002]
    return min(near, key=LIKELY.index)


def _known(encoding: str) -> str:
    """Return Python's name of an encoding.

    Raises:
        TableError: if it has none, or if it is none of text.
    """
    try:
        io.TextIOWrapper(io.BytesIO(b""), encoding).read()
        return codecs.lookup(encoding).name
    except (LookupError, ValueError, OSError):
        raise TableError(
            later("There is no encoding {name}; utf-8 and cp1252 are two.", name=repr(encoding))
        ) from None


def _marked(head: bytes) -> str:
    """Name the UTF-16 or UTF-32 that a file begins in; empty if it is neither.

    Without a byte order mark, Latin letters tell: the one byte of each is 0, the other is not.
    """
    for start, name in MARKS:
        if head.startswith(start):
            return name
    if len(head) < 4:
        return ""
    even, odd = (half.count(0) / len(half) for half in (head[0::2], head[1::2]))
    if even < 0.1 and odd > 0.5:
        return "utf-16-le"
    if odd < 0.1 and even > 0.5:
        return "utf-16-be"
    return ""


def decoded_lines(stream: IO[bytes], encoding: str) -> Generator[str]:
    """Decode line by line from the start; bytes that are no text become lone surrogates."""
    stream.seek(0)
    wide = encoding.startswith(("utf-16", "utf-32"))
    text = io.TextIOWrapper(
        stream,
        "utf-8-sig" if encoding == "utf-8" else encoding,
        errors="replace" if wide else "surrogateescape",
        newline="",
    )
    try:
        while line := text.readline():
            yield line
    finally:
        if not stream.closed:
            text.detach()


def not_valid(encoding: str) -> Message:
    """Say that a row was not text in its encoding."""
    if encoding == "utf-8":
        return NOT_UTF8
    return later("not valid {encoding}", encoding=encoding)


def is_text(value: str) -> bool:
    """Tell whether a value was valid in its encoding; what was not left lone surrogates."""
    if value.isascii():
        return True
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    """Replace lone surrogates, so that a text can be written and shown."""
    return text if is_text(text) else text.encode("utf-8", "replace").decode("utf-8")
