"""The tour, quests and questions on applications are reachable, and right about what is shown."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.characters import CharacterNetwork, probabilities, write
from lstm_core.forecasting import Forecaster, backtest, find_season
from lstm_core.lessons import applications as lesson
from lstm_core.lessons.exercises import applications as exercises

QUESTS = {quest.key: quest for quest in exercises.QUESTS}


@cache
def network():
    return CharacterNetwork.load()


@cache
def backtested(name, season, horizon):
    values = lesson.series(name)
    return backtest(Forecaster.load(), values, season or find_season(values), horizon)


def shown(
    application="speech recognition", start=lesson.START, length=lesson.LENGTH,
    temperature=lesson.TEMPERATURE, seed=lesson.SEED, name="co2", season=0, horizon=24,
):  # fmt: skip
    writing = write(network(), start, length, temperature, seed)
    written = lesson.Written(network(), writing, temperature)
    one = lesson.APPLICATIONS[application]
    return lesson.Shown(one, written, backtested(name, season, horizon))


@pytest.mark.parametrize(
    ("key", "done"),
    [
        ("in-circles", {"start": lesson.STARTS["The first sentence"], "temperature": 0.1, "length": 800, "seed": 3}),
        ("nearly-sure", {"start": "Mr. Bingle"}),
        ("naive-wins", {"season": 1}),
    ],
)  # fmt: skip
def test_quests_are_open_at_first_and_can_be_done(key, done):
    quest = QUESTS[key]
    assert not quest.done(shown())
    assert quest.done(shown(**done))
    assert quest.told(shown()) != quest.told(shown(**done))


@pytest.mark.parametrize("start", lesson.STARTS.values())
@pytest.mark.parametrize("key", ["in-circles", "nearly-sure"])
def test_no_preset_does_a_quest_by_itself(start, key):
    assert not QUESTS[key].done(shown(start=start))


def test_no_series_does_a_quest_as_it_opens():
    for name in lesson.SERIES:
        if name != lesson.OWN:
            assert not QUESTS["naive-wins"].done(shown(name=name))


def test_a_series_too_short_for_a_test_is_no_win_and_is_said():
    short = shown(name="nile", horizon=48)
    assert short.tested is None
    assert not QUESTS["naive-wins"].done(short)
    assert "too short" in QUESTS["naive-wins"].told(short)
    assert len(exercises.quiz(short)) == 3


@given(text=st.text("ab ", max_size=30))
def test_the_longest_stretch_that_stands_twice_is_found(text):
    lengths = [
        size
        for size in range(1, len(text))
        for place in range(len(text) - size)
        if text.find(text[place : place + size], place + 1) >= 0
    ]
    assert exercises.longest_repeated(text) == max(lengths, default=0)


MOVES = (
    {"app_which": "machine translation"},
    {"app_seed": 2},
    {"app_temperature": 0.2},
    {"app_temperature": 1.5},
    {"app_unit": "inside quotation marks"},
    {"app_series": "walk"},
    {"app_season": 1},
)


@pytest.mark.parametrize(("card", "move"), list(zip(exercises.TOUR, MOVES, strict=True)))
def test_a_card_is_done_by_its_move_alone(card, move):
    assert not card.done(dict(card.sets))
    assert card.done({**card.sets, **move})


def test_cards_name_choices_that_there_are():
    assert exercises.QUOTED in lesson.followers()
    assert "vowel" in lesson.followers()
    assert all(
        values.get("app_which", "text generation") in lesson.APPLICATIONS for values in MOVES
    )


@settings(deadline=None, max_examples=30)
@given(
    application=st.sampled_from(list(lesson.APPLICATIONS)), seed=st.integers(0, 9999),
    start=st.sampled_from([*lesson.STARTS.values(), "x", "Mr. Bingle", "💥", "**"]),
    temperature=st.sampled_from([0.1, 0.6, 1.0, 2.0]), name=st.sampled_from(["nile", "walk"]),
)  # fmt: skip
def test_every_question_is_answered_from_the_screen(application, seed, start, temperature, name):
    on_screen = shown(application, start, 50, temperature, seed, name)
    shape, warm, carried, best = exercises.quiz(on_screen)
    for question in (shape, warm, carried, best):
        assert len(question.choices) == len(set(question.choices)) == len(question.feedback)
        assert question.right
        mistakes = question.mistakes or [""] * len(question.choices)
        assert len(mistakes) == len(question.choices)
        assert all(mistakes[place] == "" for place in question.right)
        assert set(mistakes) <= {"", "hidden-is-output"}
    titles = {shape.choices[place] for place in shape.right}
    one = lesson.APPLICATIONS[application]
    assert titles == {lesson.SHAPES[code] for code in (one.shape, one.also) if code}
    logits = on_screen.written.writing.logits
    at, half = (np.sort(probabilities(logits, t))[::-1] for t in (temperature, temperature / 2))
    assert f"{half[0] / half[1]:.3g}" in warm.choices[warm.right[-1]] or half[1] < 1e-300
    assert f"{at[0] / at[1]:.3g}" in warm.text
    assert carried.right == (0,)
    errors = {name: error[:, 0].mean() for name, error in on_screen.tested.errors.items()}
    smallest = [
        place for place, error in enumerate(errors.values()) if error == min(errors.values())
    ]
    assert list(best.right) == smallest


def test_taking_the_cell_state_away_is_reading_the_last_character_without_it():
    written = shown().written
    whole, no_cell, no_hidden = exercises.without(written)
    trace = network().read(written.writing.start + written.writing.text)
    again = probabilities(network().logits(trace.hidden_state[-1]))
    np.testing.assert_allclose(whole, again, atol=1e-5)
    assert abs(no_cell - whole).max() > 0.05
    assert abs(no_hidden - whole).max() > 0.05
