"""The page on memory: its answers follow from runs with a gate held, and its pictures are safe."""

import numpy as np
import pytest

from lstm_core.sentiment.memory import Memory, _begun_anew, with_short_memory
from lstm_core.sentiment.opened import LAYERS, open_up
from pages._book.sentences import sentence_ids
from pages._book.style import DARK, LIGHT
from pages.memory import exercises, lesson
from pages.memory import figures as memory
from tests.chapters.samples.memory import CEREAL, TRAIN, reader, screen

QUESTS = {quest.key: quest for quest in exercises.QUESTS}


@pytest.mark.parametrize("key", QUESTS)
def test_a_short_text_does_no_quest(key):
    assert not QUESTS[key].done(screen("It is three"))


@pytest.mark.parametrize("text", [CEREAL, TRAIN, "Good film", "a a a"])
@pytest.mark.parametrize(("layer", "direction"), [("first", "forward"), ("second", "backward")])
def test_every_question_is_answered_from_the_screen(text, layer, direction):
    seen = screen(text, layer, direction)
    survival, at_one, at_zero, read_last = exercises.quiz(seen)
    for question in (survival, at_one, at_zero, read_last):
        assert all(question.mistakes[place] == "" for place in question.right if question.mistakes)
    left = [seen.memory.survived[int(choice.split(":")[0]) - 1] for choice in survival.choices]
    assert survival.right == tuple(place for place, share in enumerate(left) if share == max(left))
    assert read_last.choices[read_last.right[0]] == f"1: {seen.words[0]}"
    # With forget gates of 1 the term of a word stays what was written; with i = 0 nothing is.
    ids = sentence_ids(reader(), text)[1]
    kept, empty = (
        open_up(reader(), ids, LAYERS.index(layer), direction, held=gates).trace
        for gates in ({"forget": 1.0}, {"input": 0.0})
    )
    np.testing.assert_allclose(kept.cell_state[-1], kept.written.sum(axis=0), atol=1e-12)
    assert not empty.cell_state.any()
    assert at_one.choices[at_one.right[0]] == "All of it"
    assert at_zero.choices[at_zero.right[0]] == "Nothing"


def test_of_one_word_only_the_gates_are_asked():
    assert len(exercises.quiz(screen("Good"))) == 2


def test_named_mistakes_are_the_wrong_choices():
    named = [set(question.mistakes) - {""} for question in exercises.quiz(screen())]
    assert named == [
        set(),
        {"forget-one-forgets"},
        {"remember-with-closed-input"},
        {"bilstm-last-step"},
    ]


WORDS = {
    "The lecture's box of cereal": ({"amazing", "perfectly"}, {"of", "a", "as"}),
    "A film that turns": ({"superbly", "terrific", "bored", "disappointed"}, {"the", "in"}),
    "Mostly plot": ({"wonderful", "quiet"}, {"the", "to", "in"}),
}
"""Of each text its words of judgement, and some that only join the others."""


@pytest.mark.parametrize("name", WORDS)
def test_wherever_they_stand_the_words_of_judgement_are_held_most(name):
    """The lecture's own words are the claim: amazing and perfectly."""
    seen = screen(lesson.EXAMPLES[name])
    most, least = WORDS[name]
    order = np.argsort(-seen.anywhere)
    assert {seen.words[place] for place in order[: len(most)]} == most
    held = {word: max(seen.anywhere[np.array(seen.words) == word]) for word in most | least}
    assert min(held[word] for word in most) > 1.5 * max(held[word] for word in least)
    said = lesson.kept_sentence(seen).split("most, ")[0]
    assert all(f"**{seen.words[place]}**" in said for place in order[:2])


@pytest.mark.parametrize("name", WORDS)
def test_both_the_place_and_the_word_count(name):
    seen = screen(lesson.EXAMPLES[name])
    place, word = seen.explained
    assert min(place, word) > 0.05
    said = lesson.kept_sentence(seen)
    assert f"{place:.0%}" in said
    assert f"{word:.0%}" in said
    assert ("the place counts more" in said) == (place > word)
    assert "a Bi-LSTM reads from both ends" in said
    # Of one half alone, the words read last are held most, whichever they are.
    ahead, back = (seen.moved[way].by_place for way in ("forward", "backward"))
    middle = len(seen.words) // 2
    assert ahead[-1] > 2 * max(ahead[middle], ahead[0])
    assert back[0] > 2 * back[middle]
    assert back[0] > 5 * back[-1]
    assert seen.forgets_its_beginning


@pytest.mark.parametrize(
    ("place", "word", "said"),
    [
        (0.6, 0.3, "Yet the place counts more"),
        (0.3, 0.6, "60%, its place for 30%: each half forgets what it read first, so"),
    ],
)
def test_what_counts_more_is_named_first(place, word, said, monkeypatch):
    seen = screen()
    monkeypatch.setattr(lesson.Screen, "explained", (place, word))
    assert said in lesson.kept_sentence(seen)
    assert f"{word:.0%}" in lesson.kept_sentence(seen, brief=True)


def test_both_halves_add_up_to_what_is_held():
    seen = screen()
    np.testing.assert_allclose(seen.halves["forward"] + seen.halves["backward"], seen.held)
    is_word = np.array([word.isalpha() for word in seen.words])
    for way, most in (("backward", "amazing"), ("forward", "definitely")):
        assert seen.words[int(np.where(is_word, seen.halves[way], 0.0).argmax())] == most


def test_a_single_word_has_sentences_too():
    seen = screen("Good")
    assert "**good**" in lesson.kept_sentence(seen)
    assert (
        lesson.agreement_sentence(seen) == "**good** is held most, and it moves the verdict most."
    )
    assert lesson.fading_sentence(seen, 26)
    assert lesson.needed_alt(seen)
    memory.two_halves(seen.words, seen.halves, seen.moved, LIGHT)
    memory.held_and_matters(seen.anywhere, seen.matters, seen.words, LIGHT)


def test_every_word_is_named_in_the_pictures():
    seen = screen()
    halves = memory.two_halves(seen.words, seen.halves, seen.moved, LIGHT)
    assert list(halves.layout.xaxis.ticktext) == [word[:14] for word in seen.words]
    figure = memory.memory_map(seen.memory, seen.order, DARK)
    assert [text.rstrip() for text in figure.data[1].text] == list(seen.words)
    assert len(figure.data[0].z) == len(seen.words)
    assert figure.layout.xaxis.ticktext[:3] == ("1", "5", "10")
    few = memory.memory_map(seen.memory, seen.order, DARK, 20)
    assert len(few.data[0].z) == 20
    assert {"amazing", "perfectly", "definitely"} <= {text.rstrip() for text in few.data[1].text}


@pytest.mark.parametrize("name", lesson.EXAMPLES)
def test_of_every_preset_the_map_names_every_word(name):
    seen = screen(lesson.EXAMPLES[name])
    named = memory.memory_map(seen.memory, seen.order, DARK).data[1].text
    assert [text.rstrip() for text in named] == [word[: memory.LETTERS] for word in seen.words]


HELD_AND_MOVES = {
    "The lecture's box of cereal": ("amazing", "amazing"),
    "Mostly plot": ("wonderful", "wonderful"),
    "A negation": ("not", "good"),
}


@pytest.mark.parametrize("name", lesson.EXAMPLES)
def test_the_word_held_most_moves_the_verdict_most_unless_it_is_the_negation(name):
    seen = screen(lesson.EXAMPLES[name])
    held = seen.words[int(seen.anywhere.argmax())]
    moves = seen.words[int(abs(seen.matters).argmax())]
    assert (held, moves) == HELD_AND_MOVES.get(name, (held, moves))
    said = lesson.agreement_sentence(seen)
    assert ("it moves the verdict most" in said) == (held == moves)
    assert f"**{held}** is held most" in said
    assert f"**{moves}**" in said or held == moves


def shortened(text):
    """Read a text with a short memory; returns spans and calibrated probabilities."""
    short = with_short_memory(reader(), reader().ids(text))
    return short.spans.tolist(), reader().calibration.probability(short.logit)


@pytest.mark.parametrize("name", lesson.EXAMPLES)
def test_a_verdict_needs_a_memory(name):
    """Words read alone say less; with the whole text remembered it is the network's verdict."""
    text = lesson.EXAMPLES[name]
    spans, probability = shortened(text)
    whole = reader().read(text)
    assert spans[-1] == len(whole.ids)
    assert probability[-1] == pytest.approx(whole.probability, abs=1e-4)
    assert abs(probability[0] - whole.probability) > 0.2
    assert abs(probability[0] - 0.5) < abs(whole.probability - 0.5)
    said = lesson.enough_sentence(spans, probability)
    assert f"**{whole.verdict}**" in said
    assert "100%" not in said
    assert "nan" not in memory.enough_alt(spans, probability)
    memory.enough(spans, probability, DARK)


@pytest.mark.parametrize(
    ("alone", "whole", "said"),
    [
        (0.67, 0.99, "with memory the network is surer"),
        (0.95, 0.99, "this verdict needs no memory"),
        (0.3, 0.01, "with memory the network is surer"),
        (0.5, 0.64, "this verdict needs no memory"),
        (0.2, 0.9, "With a memory of **3 words** or more"),
    ],
)
def test_memory_may_make_surer_what_needs_none(alone, whole, said):
    assert said in lesson.enough_sentence([1, 3], np.array([alone, whole]))


def test_without_memory_the_order_of_the_words_says_nothing():
    """The largest and the mean hidden state do not ask where a word stood."""
    texts = ("good not bad", "bad not good", "not bad good")
    (alone,) = {round(float(shortened(text)[1][0]), 5) for text in texts}
    assert 0 < alone < 1
    assert len({round(float(shortened(text)[1][-1]), 3) for text in texts}) == 3


def test_the_last_words_alone_are_what_a_short_memory_reads():
    ids = reader().ids("The film was not good, not at all.")
    cell = reader().network.layers.layers[0].forward_cell
    vectors = reader().network.embed(ids)
    short = _begun_anew(cell, vectors, 3)
    for t in range(len(ids)):
        last = cell.run(vectors[max(0, t - 2) : t + 1]).hidden_state[-1]
        np.testing.assert_allclose(short[t], last, atol=1e-5)


def test_a_visitors_words_are_escaped_in_the_pictures():
    held = Memory(np.array([[0.4, 0.0], [0.2, 0.3]]), np.array([1.0, -1.0]), np.ones(1))
    figure = memory.memory_map(held, ["<i>", "b"], DARK)
    assert np.isnan(figure.data[0].z[1][0])
    assert figure.data[0].z[0][1] == pytest.approx(0.2)
    assert figure.data[1].text[0] == "&lt;i&gt; "
    points = memory.held_and_matters(np.array([0.1, 0.3]), np.ones(2), ["<i>", "b"], DARK)
    assert "&lt;i&gt;" in points.data[0].text


def test_presets_leave_the_layer_and_the_direction_as_they_are():
    assert all(set(preset.sets) == {"memory_text"} for preset in lesson.PRESETS.values())
