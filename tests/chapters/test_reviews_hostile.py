"""Any text at all, through everything that the sentiment page does with it."""

import json
import math
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_core.sentiment.deciding import deciding_units
from lstm_core.sentiment.prefixes import read_prefixes
from lstm_core.sentiment.reader import failures, measured
from lstm_core.sentiment.tokenizer import tokenize
from pages._book.style import LIGHT
from pages._book.verdicts import certainty, clean, picture, verdict_part
from pages.reviews import lesson, why
from pages.reviews.figures import strongest_words_alt
from pages.reviews.reading import reading_data
from pages.reviews.twins import changes, twins
from tests.chapters.samples.reviews import reader

RESULTS, FAILURES = measured(), failures()
PIECES = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</div>",
        "&lt;b&gt;",
        "javascript:",
        "\x00",
        "\u200b",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u0301" * 9,
        "🙂",
        "👩‍👩‍👧‍👦",
        "¯\\_(ツ)_/¯",
        ":D",
        "=1+1",
        "{{7*7}}",
        "${x}",
        "%s%n",
        "'; DROP TABLE",
        "../../etc/passwd",
        "$\\frac{1}{0}$",
        "wonderful",
        "not",
        "bad",
        "7/10",
        "n't",
        "wasn't",
        ".",
        "!!!",
        "\n",
        "\t",
        "<br />",
        "שלום",
        "مرحبا",
        "好",
        "ª",
        "ﬃ",
        "İ",
        "ẞ",
        "x" * 300,
    ]
)
ANY = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.lists(PIECES, max_size=8).map(" ".join),
    st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=8).map("".join),
)


class Tags(HTMLParser):
    """Collects the tags and the attributes of a page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes = set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.slow
@settings(deadline=None, max_examples=2000)
@given(typed=ANY)
@example(typed="\ud800 good")
@example(typed="good \udfff")
def test_any_text_is_read_or_refused(typed):
    text = clean(typed)
    text.encode("utf-8")
    reading = reader().read(text)
    if reading is None:
        return
    assert 0 <= reading.probability <= 1
    assert math.isfinite(reading.contributions.gap)
    prefixes = read_prefixes(reader().network, reading.ids)
    assert prefixes.logit[-1] == pytest.approx(float(reading.trace.logit), abs=1e-3)
    units = deciding_units(reader().network, reading.trace)
    data = json.loads(json.dumps(reading_data(reading, prefixes, units, LIGHT), allow_nan=False))
    shown = "".join(word["unread"] + word["gap"] + word["text"] for word in data["words"])
    assert shown + data["end"] == text or len(text) > 60
    sure = certainty(reading, RESULTS, FAILURES)
    caution = lesson.when_not_to_trust(reading, RESULTS)
    html = picture([verdict_part(reading, sure, LIGHT)], LIGHT, caution)
    page = Tags()
    page.feed(html)
    assert page.tags <= {"div", "span", "s", "b"}
    ours = {"style", "title", "class", "role", "aria-label", "aria-busy", "data-picture", "dir"}
    assert page.attributes <= ours
    assert strongest_words_alt(reading.marks())
    # What was measured on reviews says nothing of a text that is none.
    behind = lesson.numbers_behind(reading, RESULTS, FAILURES)
    assert bool(behind) == (reading.verdict != "not a review")
    assert lesson.why_sentence(reading)
    assert why.strongest_sentence(reading, reading.contributions.words)
    for caution in lesson.cautions(reading):
        assert "<" not in caution.replace("\\<", "")
    for twin in twins(reading):
        if twin.text:
            assert changes(text, twin.text) or reader().read(twin.text)
    link = lesson.in_the_cell(reading, len(reading.ids) - 1, 7)
    assert len(link.parameters["cell_text"]) <= lesson.CHARACTERS_IN_CELL
    label = lesson.label(text)
    assert "\n" not in label
    words = [token.word for token in reading.tokens_read]
    phrase = why.first_phrase(reading)
    (start, end), problem = why.find_phrase(words, phrase)
    assert problem or words[start:end] == [token.word for token in tokenize(phrase)]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "good " * 200_000,
        "🙂" * 500_000 + "good",
        "\x00" * 1_000_000 + "good",
        "<x>" * 300_000,
    ],
    ids=["one word", "many words", "emoji", "null bytes", "tags"],
)
def test_a_million_characters_stay_small_and_quick_to_show(text):
    reading = reader().read(text)
    prefixes = read_prefixes(reader().network, reading.ids)
    units = deciding_units(reader().network, reading.trace)
    data = json.dumps(reading_data(reading, prefixes, units, LIGHT))
    assert len(data) < 1_500_000
    assert len(lesson.label(text)) < 300
    assert lesson.fitting([text]) == []
