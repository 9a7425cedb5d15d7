"""A verdict and a text as HTML: every text stays text, and nothing of it is lost."""

from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.sentiment.reader import LONGEST, Reader, failures, measured
from pages._book.style import DARK, LIGHT
from pages._book.verdicts import (
    certainty,
    clean,
    coloured_words,
    how_sure,
    picture,
    verdict_part,
)
from tests.chapters.reaching import unclear

reader = cache(Reader.load)


class Plain(HTMLParser):
    """Collects the text and the tags of a page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.tags = "", set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert all(
            name
            in {"style", "title", "class", "role", "aria-label", "aria-busy", "data-picture", "dir"}
            for name, _ in attrs
        )

    def handle_data(self, data):
        self.text += data


def sure(text):
    return certainty(reader().read(text), measured(), failures())


def shown(reading):
    part = verdict_part(reading, certainty(reading, measured(), failures()), LIGHT)
    return picture([part], LIGHT, "<b>careful</b>")


def test_a_verdict_needs_no_explanation():
    reading = reader().read("A slow start, but what an ending!")
    of = certainty(reading, measured(), failures())
    part = verdict_part(reading, of, LIGHT, is_explained=False)
    assert "contributions" not in vars(reading)
    page, whole = Plain(), Plain()
    page.feed(part)
    whole.feed(verdict_part(reading, of, LIGHT))
    assert page.text == whole.text
    assert "contributions" in vars(reading)


@given(text=st.text(st.characters(exclude_categories=()), min_size=1, max_size=120))
@settings(deadline=None, max_examples=60)
def test_any_text_is_shown_as_text(text):
    reading = reader().read(text)
    if reading is None:
        return
    page = Plain()
    page.feed(shown(reading))
    assert page.tags <= {"div", "span", "s", "b"}


def test_markup_is_escaped_and_nothing_of_the_text_is_lost():
    text = "A <script>alert('x')</script> & <b>great</b> \"film\""
    page = Plain()
    page.feed(coloured_words(reader().read(text).marks(), LIGHT))
    assert page.text == text


def test_what_is_read_as_something_else_says_so_and_keeps_its_spelling():
    text = "A terible film 💗 ★★★★☆ …"
    words = coloured_words(reader().read(text).marks(), LIGHT)
    page = Plain()
    page.feed(words)
    assert page.text == text
    for read_as in ("terrible", "love", "8/10"):
        assert f"read as “{read_as}”" in words
    assert words.count("read as") == words.count("wavy") == 3


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


def test_words_of_certainty_follow_how_often_it_is_right():
    words = [how_sure(share) for share in (0.5, 0.78, 0.85, 0.95, 0.99)]
    assert words == ["not very sure", "not very sure", "fairly sure", "very sure", "very sure"]


LONG = "A wonderful film. I loved every minute of it, the cast, the music and the story. " * 3


def test_the_one_number_is_how_often_it_was_right_in_such_cases():
    rows = measured()["test"]["reliability"]
    right = round(100 * rows[-1]["share_positive"])
    assert sure(LONG).number == f"right in {right} of 100 such cases"
    wrong_side = LONG.replace("wonderful", "dreadful").replace("loved", "hated")
    reading = reader().read(wrong_side)
    row = rows[int(10 * reading.probability)]
    assert reading.verdict == "negative"
    assert sure(wrong_side).share == pytest.approx(1 - row["share_positive"])


def test_a_short_text_is_held_against_reviews_cut_as_short():
    cut = {row["words"]: row for row in failures()["by_words_left"] if row["which"] == "last"}
    short = sure("I like it.")
    assert reader().read("I like it.").verdict == "positive"
    assert short.share == cut[5]["accuracy_elsewhere"]
    assert short.words == "not very sure"
    assert short.number.endswith("texts as short as this")


def test_what_takes_no_side_or_is_no_review_has_no_share():
    torn = sure("The first half is wonderful, but the second half is dreadful and dull.")
    assert sure(unclear(reader())).share is None
    assert "were positive" in sure(unclear(reader())).number
    assert torn.words
    none = sure("zzyzx blorf")
    assert none.share is None
    assert none.number == "the network knows none of its words"


def test_what_is_no_review_shows_neither_stars_nor_a_percentage():
    page = Plain()
    page.feed(shown(reader().read("zzyzx blorf")))
    assert "%" not in page.text
    assert "star" not in page.text
    assert "such cases" not in page.text


def test_lone_surrogates_are_replaced():
    assert clean("good \udfff") == "good ?"
