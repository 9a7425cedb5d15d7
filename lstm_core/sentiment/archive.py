"""The Large Movie Review Dataset, read straight from its archive.

Maas, Daly, Pham, Huang, Ng and Potts: Learning Word Vectors for Sentiment Analysis, ACL 2011.
The archive holds ``aclImdb/{train,test}/{pos,neg}/ID_STARS.txt``, ``aclImdb/train/unsup/ID_0.txt``
and ``urls_*.txt``, whose line ID names the movie of review ID.
"""

from __future__ import annotations

import hashlib
import lzma
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DEFAULT_ARCHIVE = Path("../shared/data/aclImdb_v1.tar.xz")
WHERE_TO_GET_IT = (
    "The reviews are the Large Movie Review Dataset v1.0 of Maas et al. (2011): get "
    "aclImdb_v1.tar.gz from https://ai.stanford.edu/~amaas/data/sentiment/ and name it with "
    "--data (make: DATA=path/to/aclImdb_v1.tar.gz). The official file works as it is."
)

REVIEW = re.compile(r"aclImdb/(train|test)/(pos|neg|unsup)/(\d+)_(\d+)\.txt$")
URLS = re.compile(r"aclImdb/(train|test)/urls_(pos|neg|unsup)\.txt$")


class ArchiveError(Exception):
    """The archive is missing or is not the data set; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Review:
    """One review of the data set.

    ``label`` is 1 (positive), 0 (negative) or None (unlabelled); ``stars`` is 0 where unknown.
    """

    part: str
    label: int | None
    stars: int
    movie: str
    text: str

    @property
    def is_development(self) -> bool:
        """Tell whether a training review is held out for choosing, by movie and not by row.

        Reviews of one movie share names and plot words, so a split by row would leak them.
        About one movie in ten is held out; the choice depends on its address alone.
        """
        return hashlib.sha256(self.movie.encode()).digest()[0] % 10 == 0


def read_reviews(path: Path, parts: tuple[str, ...] = ("train",)) -> Iterator[Review]:
    """Read reviews out of the archive, without unpacking it to disk.

    Args:
        path: the archive, compressed in any way that ``tarfile`` reads.
        parts: which to read: "train" (labelled), "unsup" (unlabelled), "test".

    Yields:
        The reviews, sorted by part, label and number, whatever the archive's own order.

    Raises:
        ArchiveError: if the file is missing, is no archive, or holds none of the parts.
    """
    if not path.is_file():
        raise ArchiveError(f"No data at {path}. {WHERE_TO_GET_IT}")
    texts: dict[tuple[str, str, int], tuple[int, str]] = {}
    movies: dict[tuple[str, str], list[str]] = {}
    try:
        with tarfile.open(path, "r:*") as archive:
            for member in archive:
                if match := REVIEW.search(member.name):
                    folder, kind, number, stars = match.groups()
                    part = "unsup" if kind == "unsup" else folder
                    if part in parts:
                        text = _text(archive, member)
                        texts[part, kind, int(number)] = (int(stars), text)
                elif match := URLS.search(member.name):
                    part = "unsup" if match[2] == "unsup" else match[1]
                    movies[part, match[2]] = _text(archive, member).splitlines()
    except (tarfile.TarError, EOFError, OSError, lzma.LZMAError, zlib.error) as error:
        message = f"{path} cannot be read as an archive ({error}). {WHERE_TO_GET_IT}"
        raise ArchiveError(message) from None
    missing = [part for part in parts if not any(key[0] == part for key in texts)]
    if missing:
        raise ArchiveError(f"{path} holds no {' and no '.join(missing)} reviews. {WHERE_TO_GET_IT}")
    for (part, kind, number), (stars, text) in sorted(texts.items()):
        pages = movies.get((part, kind), [])
        movie = pages[number] if number < len(pages) else f"{part}/{kind}/{number}"
        label = {"pos": 1, "neg": 0}.get(kind)
        yield Review(part, label, stars, movie, text)


def _text(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    file = archive.extractfile(member)
    return file.read().decode("utf-8", errors="replace") if file else ""
