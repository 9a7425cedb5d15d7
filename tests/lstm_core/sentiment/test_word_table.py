"""Words that are looked up: found where they stood, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from lstm_core.sentiment.english import english_words
from lstm_core.sentiment.word_table import WordTable

# An array of letters knows no zero at the end of a word.
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(st.lists(WORDS, unique=True), WORDS)
def test_it_finds_what_a_dictionary_finds(words, other):
    table, places = WordTable(words), {word: place for place, word in enumerate(words)}
    assert [table.place(word) for word in words] == list(range(len(words)))
    assert table.place(other) == places.get(other)
    assert (list(table), len(table)) == (words, len(words))


def test_a_word_longer_than_all_others_is_none_of_them():
    assert "film" in WordTable(["film"])
    assert "films" not in WordTable(["film"])
    assert not list(WordTable([]))


def test_the_english_words_take_little_memory():
    table = english_words()
    assert len(table) > 82_000
    assert table._words.nbytes + table._places.nbytes < 3e6
