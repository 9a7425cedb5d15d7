"""Nothing on any page is English alone: every text passes through the catalogue of a language.

A made-up language puts each message between ⟦ and ⟧. What stands outside of them was never asked for.
"""

import gettext
import json
import re

import pytest
from google.protobuf.json_format import MessageToDict

from pages._app import caches
from pages._book import language
from pages._book.slides import PANELS

SHOWN = {
    "body",
    "label",
    "help",
    "placeholder",
    "options",
    "title",
    "text",
    "alt",
    "caption",
    "pageLabel",
}
APART = re.compile(
    # What a visitor or a reviewer wrote, and names of files, are the same in every language.
    r"<td lang='en'>.*?</td>|^[\w ]+<br><b>[\d.,%\s]+</b>$|\bexample\\?\.csv\b|[↑↓] not:|"
    r"<div class=\"coloured-words\".*?</div>|\blstm_core\b|⟦(?:[^⟦⟧]|⟦(?:[^⟦⟧]|⟦[^⟦⟧]*⟧)*⟧)*⟧|```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|<style.*?</style>|<[^>]*>|\]\([^)]*\)|:material/\w+:|https?://\S+",
    re.S,
)
WORD = re.compile(r"[^\W\d_]{3,}")
SAME_EVERYWHERE = {
    "tanh",
    "sigmoid",
    "relu",
    "linear",
    "lstm",
    "gru",
    "rnn",
    "bptt",
    "lstm_core",
    "keras",
    "pytorch",
    "tensorflow",
    "csv",
    "png",
    "svg",
    "html",
    "nan",
    "inf",
    "english",
    "deutsch",
    "json",
    "jsonl",
    "txt",
    "vader",
    "roc",
    "imdb",
    "sgd",
    "adam",
}
"""Names that are the same in every language."""


class Bracketed(gettext.NullTranslations):
    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, one, many, count):
        return f"⟦{one if count == 1 else many}⟧"


def visible(node):
    """Yield every text that an element shows, whatever kind of element it is."""
    for child in getattr(node, "children", {}).values():
        yield from visible(child)
    proto = getattr(node, "proto", None)
    if proto is not None and hasattr(proto, "DESCRIPTOR"):
        kind = getattr(node, "type", "")
        if kind == "plotly_chart":
            yield proto.alt
            yield from of_figure(json.loads(proto.spec))
        elif kind not in {"code", "latex", "json"}:
            yield from of_message(MessageToDict(proto))


def of_message(value, name=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from of_message(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from of_message(inner, name)
    elif isinstance(value, str) and name in SHOWN:
        yield value


def of_figure(spec):
    for trace in spec.get("data", []):
        for key in ("name", "hovertemplate"):
            yield str(trace.get(key) or "")
    for key, part in spec.get("layout", {}).items():
        if key.startswith(("xaxis", "yaxis")):
            yield str((part.get("title") or {}).get("text") or "")
        if key == "annotations":
            yield from (str(one.get("text") or "") for one in part)


def left_in_english(text):
    """Return the words of a text that no catalogue was asked for."""
    apart = APART.sub(" ", re.sub(r"%\{[^}]*\}", " ", text))
    return [word for word in WORD.findall(apart) if word.lower() not in SAME_EVERYWHERE]


PLACES = [
    (None, ""),
    ("present", ""),
    *((chapter.path, panel) for chapter, names in PANELS.items() for panel in names),
]


@pytest.mark.parametrize(("file", "panel"), PLACES)
def test_every_text_asks_the_catalogue(open_page, monkeypatch, file, panel):
    monkeypatch.setattr(language, "_catalogue", lambda _: Bracketed())
    # What was made for all visitors before is in German, and what is made here must not stay.
    monkeypatch.setattr(caches, "_shared", caches.Shared)
    app = open_page(file, lang="de", **({"panel": panel} if panel else {}))
    found = {text: words for text in visible(app._tree) if (words := left_in_english(text))}
    assert not found, "\n".join(f"{words}  in  {text[:160]!r}" for text, words in found.items())
