"""Tour, quests and questions of the page on sentiment: reachable, and right by another computation."""

import dataclasses

import numpy as np
import pytest

from lstm_core.lessons import reviews as lesson
from lstm_core.lessons.exercises import reviews as exercises
from lstm_core.lessons.reviews import EXAMPLES
from lstm_core.sentiment import explanations
from lstm_core.sentiment.prefixes import read_prefixes
from lstm_core.sentiment.reader import Reader, measured
from lstm_core.sentiment.tokenizer import tokenize

KEYS = {"confidence-is-correctness", "wrong-function-explained", "bilstm-last-step", ""}


@pytest.fixture(scope="module")
def reader():
    return Reader.load()


@pytest.fixture(scope="module")
def seen(reader):
    """Return a function that reads a text as the page does when it opens with it."""

    def read(text, **more):
        reading = reader.read(text)
        prefixes = read_prefixes(reader.network, reading.ids)
        probabilities = reading.calibration.probability(prefixes.logit).tolist()
        last = len(probabilities) - 1
        whole = exercises.Seen(
            reading, prefixes.lengths.tolist(), probabilities, last, None, None, measured()
        )
        return dataclasses.replace(whole, **more)

    return read


def quest(key):
    return next(one for one in exercises.QUESTS if one.key == key)


@pytest.mark.parametrize("text", EXAMPLES.values(), ids=list(EXAMPLES))
def test_nothing_is_done_when_the_page_opens(seen, reader, text):
    state = seen(text, changed=reader.read(text))
    for one in exercises.QUESTS:
        assert not one.done(state), one.key
        assert one.told(state)
        assert one.hint


def test_the_reading_is_stopped_on_the_other_side(seen):
    text = EXAMPLES["A warm one"]
    state = seen(text)
    steps = [
        step
        for step in range(len(state.lengths))
        if quest("on-the-way").done(dataclasses.replace(state, step=step))
    ]
    assert steps
    assert all(state.probabilities[step] <= 1 / 3 for step in steps)
    told = quest("on-the-way").told(dataclasses.replace(state, step=steps[0]))
    assert f"After {state.lengths[steps[0]]} words" in told


def test_a_verdict_is_turned_by_one_word(seen, reader):
    one_word = quest("one-word")
    state = seen("A wonderful film.", changed=reader.read("A dreadful film."))
    assert one_word.done(state)
    assert "One word was changed: positive, then negative." in one_word.told(state)
    for other in ("A film.", "A dull and dreadful film.", "Some dreadful film.", "A superb film."):
        assert not one_word.done(seen("A wonderful film.", changed=reader.read(other))), other
    assert "Nothing is changed" in one_word.told(seen("A wonderful film."))
    told = one_word.told(seen("A wonderful film.", changed=reader.read("Some dreadful, film")))
    assert "places were changed" in told


def test_a_phrase_says_more_than_its_words(seen, reader):
    together = quest("only-together")
    state = seen("The film was not good, not at all.")
    words = [token.word for token in state.reading.tokens_read]

    def weighed(phrase):
        place, problem = lesson.find_phrase(words, phrase)
        assert not problem
        found = explanations.phrase(reader.network, state.reading.ids, *place)
        return dataclasses.replace(state, phrase=found)

    assert together.done(weighed("not good"))
    assert "“not good” says" in together.told(weighed("not good"))
    assert not together.done(weighed("The film"))
    assert not together.done(state)


def test_each_card_is_done_after_the_right_move_and_not_before():
    turns = EXAMPLES["One that turns"]
    terrific = [token.word for token in tokenize(turns)].index("terrific")
    moves = (
        {"text": turns},
        {"word": terrific},
        {"why_method": "Occlusion"},
        {"other": turns.replace("terrific", "terrible")},
        {"text": "Der Film war wunderbar."},
    )
    assert len(moves) == len(exercises.TOUR)
    for card, move in zip(exercises.TOUR, moves, strict=True):
        assert not card.done(card.sets), card.title
        assert card.done({**card.sets, **move}), card.title


@pytest.mark.parametrize(
    "text", [*EXAMPLES.values(), "Great", "A dull film.", "zzyzx blorf", "...a", "good " * 400]
)
def test_every_question_has_an_answer_for_each_choice(seen, text):
    questions = exercises.quiz(seen(text))
    for question in questions:
        assert len(question.choices) == len(question.feedback) == len(set(question.choices))
        assert question.right
        assert set(question.mistakes) <= KEYS
        assert len(question.mistakes) in {0, len(question.choices)}
        assert all(not question.mistakes[at] for at in question.right if question.mistakes)
    if text in EXAMPLES.values():
        assert len(questions) == 4


@pytest.mark.parametrize("text", EXAMPLES.values(), ids=list(EXAMPLES))
def test_the_right_answers_are_right(seen, reader, text):
    state = seen(text)
    which, wrong, total, last = exercises.quiz(state)
    vectors = reader.network.embed(state.reading.ids)
    logit = float(reader.network.answers(vectors)[0])
    shares = explanations.integrated_gradients(reader.network, vectors, logit, 32).words
    words = [choice.split("”")[0][1:] for choice in which.choices]
    sizes = []
    for choice in which.choices:
        number = int(choice.split("number ")[1].split(" ")[0])
        sizes.append(abs(shares[number - 1]))
    assert [int(np.argmax(sizes))] == list(which.right)
    assert max(sizes) == pytest.approx(np.abs(shares).max())
    assert len(set(words)) == len(words)

    rows = measured()["test"]["reliability"]
    row = min(rows, key=lambda row: abs(row["mean_probability"] - state.reading.probability))
    others = row["share_positive"] if state.reading.probability < 0.5 else 1 - row["share_positive"]
    assert wrong.choices[wrong.right[0]] == f"About {round(1000 * others)}"

    nothing = np.full(len(state.reading.ids), 1, dtype=np.int32)
    distance = logit - float(reader.network.answers(reader.network.embed(nothing))[0])
    assert f"{distance:.3f}" in total.choices[total.right[0]]
    assert last.choices[last.right[0]] == "One"


def test_the_backward_half_has_read_one_word_at_the_last_position(reader):
    """The first layer's backward state there is that of a reading of the last word alone."""
    ids = reader.ids(EXAMPLES["A cold one"])
    layer = reader.network.layers.layers[0]
    whole = layer.run(reader.network.embed(ids)).backward.hidden_state
    alone = layer.run(reader.network.embed(ids[-1:])).backward.hidden_state
    # A backward trace counts from the last word, which it reads first.
    np.testing.assert_allclose(whole[0], alone[0], atol=1e-6)
    assert np.abs(whole[-1] - alone[0]).max() > 0.1
