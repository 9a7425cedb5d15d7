"""A verdict and a text as HTML: every text stays text, and nothing of it is lost."""

from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.sentiment.reader import LONGEST, Reader
from pages._book.style import DARK, LIGHT
from pages._book.verdicts import clean, coloured_words, how_sure, verdict_bar

reader = cache(Reader.load)


class Plain(HTMLParser):
    """Collects the text and the tags of a page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.tags = "", set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert all(name in {"style", "title", "class", "role", "aria-label"} for name, _ in attrs)

    def handle_data(self, data):
        self.text += data


@given(text=st.text(st.characters(exclude_categories=()), min_size=1, max_size=120))
@settings(deadline=None, max_examples=60)
def test_any_text_is_shown_as_text(text):
    reading = reader().read(text)
    if reading is None:
        return
    page = Plain()
    page.feed(coloured_words(reading.marks(), LIGHT) + verdict_bar(reading, "sure", LIGHT))
    assert page.tags <= {"div", "span", "s"}


def test_markup_is_escaped_and_nothing_of_the_text_is_lost():
    text = "A <script>alert('x')</script> & <b>great</b> \"film\""
    page = Plain()
    page.feed(coloured_words(reader().read(text).marks(), LIGHT))
    assert page.text == text


def test_unknown_words_are_struck_through():
    marks = reader().read("The blorftastic film was gnarfle, blorftastic, but I liked it.").marks()
    assert coloured_words(marks, LIGHT).count("<s ") == 3


def test_what_was_not_read_is_counted_where_it_stands():
    marks = reader().read("good " * (LONGEST + 500)).marks()
    assert "[500 words and marks not read]" in coloured_words(marks, DARK)


@pytest.mark.parametrize(
    "text",
    ["x" * 1_000_000, "good " * 200_000, f"!{' ' * 1_000_000}good"],
    ids=["x", "good", "gap"],
)
def test_a_million_characters_stay_small_on_the_page(text):
    assert len(coloured_words(reader().read(text).marks(), LIGHT)) < 1_000_000


def test_words_of_certainty_follow_the_probability():
    words = [how_sure(p) for p in (0.5, 0.65, 0.85, 0.99, 0.01)]
    assert words == ["undecided", "leaning", "fairly sure", "very sure", "very sure"]


def test_lone_surrogates_are_replaced():
    assert clean("good \udfff") == "good ?"
