"""Reading text of any kind: verdicts, unknown words, cuts, and hostile input."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.figures.reviews import coloured_words, strongest_words, verdict_bar
from lstm_core.figures.style import DARK, LIGHT
from lstm_core.lessons import reviews as lesson
from lstm_core.lessons.reviews import EXAMPLES
from lstm_core.sentiment.network import SentimentNetwork
from lstm_core.sentiment.reader import LONGEST, Reader, which_are_read
from lstm_core.sentiment.tokenizer import Vocabulary


def test_examples_get_the_verdicts_that_they_were_written_for(reader):
    assert reader.read(EXAMPLES["A warm one"]).probability > 0.9
    assert reader.read(EXAMPLES["A cold one"]).probability < 0.1


def test_reading_one_and_scoring_many_agree(reader):
    texts = [*EXAMPLES.values(), "great", "zzyzx", ""]
    scores = reader.score(texts).probability
    for text, score in zip(texts[:-1], scores, strict=False):
        assert reader.read(text).probability == pytest.approx(score, abs=1e-6)
    assert np.isnan(scores[-1])
    assert reader.score([]).probability.shape == (0,)


@pytest.mark.parametrize("text", ["", "   \n", ",;-", ".", "😀"])
def test_a_text_without_a_word_has_no_reading(reader, text):
    assert reader.read(text) is None


def test_unknown_words_are_known_to_be_unknown(reader):
    reading = reader.read(
        "The blorftastic film was gnarfle, blorftastic, but I liked it all the same."
    )
    assert lesson.unknown_words(reading) == ["blorftastic", "gnarfle"]
    html = coloured_words(reading.marks(), LIGHT)
    assert html.count("<s ") == 3
    assert any("gnarfle" in caution for caution in lesson.cautions(reading))


def test_a_text_too_long_is_cut_in_the_middle_and_says_so(reader):
    reading = reader.read("good " * (LONGEST + 500))
    assert int(reading.read.sum()) == LONGEST
    assert reading.read[0]
    assert reading.read[-1]
    assert not reading.read[LONGEST // 4]
    assert any("500 in the middle" in caution for caution in lesson.cautions(reading))
    assert "[500 words and marks not read]" in coloured_words(reading.marks(), DARK)


@given(st.integers(0, 3 * LONGEST))
def test_the_cut_keeps_as_much_as_it_may(count):
    assert which_are_read(count).sum() == min(count, LONGEST)


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
def test_any_text_is_shown_as_text(reader, text):
    reading = reader.read(text)
    if reading is None:
        assert np.isnan(reader.score([text]).probability[0])
        return
    page = Plain()
    page.feed(coloured_words(reading.marks(), LIGHT) + verdict_bar(reading, "sure", LIGHT))
    assert page.tags <= {"div", "span", "s"}
    assert 0 <= reading.probability <= 1
    assert len(reading.contributions.words) == len(reading.tokens)


def test_markup_is_escaped_and_nothing_of_the_text_is_lost(reader):
    text = "A <script>alert('x')</script> & <b>great</b> \"film\""
    page = Plain()
    page.feed(coloured_words(reader.read(text).marks(), LIGHT))
    assert page.text == text


def test_a_million_characters_stay_small_on_the_page(reader):
    for text in ("x" * 1_000_000, "good " * 200_000, "!" + " " * 1_000_000 + "good"):
        reading = reader.read(text)
        assert len(coloured_words(reading.marks(), LIGHT)) < 1_000_000
        assert len(strongest_words(reading.marks(), LIGHT).to_json()) < 100_000


def test_words_of_certainty_follow_the_probability():
    said = [lesson.how_sure(p) for p in (0.5, 0.65, 0.85, 0.99, 0.01)]
    assert said == ["undecided", "leaning", "fairly sure", "very sure", "very sure"]


def test_the_snippet_gives_the_verdict_of_the_page(reader, capsys):
    exec(lesson.code(EXAMPLES["A warm one"]), {})
    assert f"{reader.read(EXAMPLES['A warm one']).probability}" in capsys.readouterr().out
    exec(lesson.code("A wonderful film."), {})
    printed = capsys.readouterr().out
    assert f"{reader.read('A wonderful film.').probability}" in printed
    assert re.search(r"[+-]\d\.\d{3} {2}wonderful", printed)


def test_a_vocabulary_of_another_size_is_refused(reader):
    network = reader.network
    assert isinstance(network, SentimentNetwork)
    with pytest.raises(ValueError, match="5 ids"):
        Reader(Vocabulary(["a", "b", "c"]), network)
