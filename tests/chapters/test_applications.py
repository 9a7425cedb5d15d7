"""Applications: quests, answers by another computation, and what the programs do besides."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.series.forecasting import backtest, find_season
from lstm_core.text.characters import probabilities
from pages.applications import exercises, lesson
from tests.chapters.samples.applications import FIRST, forecaster, network, on_screen

QUESTS = {quest.key: quest for quest in exercises.QUESTS}


@pytest.mark.parametrize("name", [name for name in lesson.SERIES if name != lesson.OWN])
def test_no_series_does_a_quest_as_it_opens(name):
    assert not QUESTS["naive-wins"].done(on_screen(series=name))


def test_a_series_too_short_for_a_test_is_no_win_and_is_said():
    short = on_screen(series="nile", horizon=48)
    assert short.tested is None
    assert not QUESTS["naive-wins"].done(short)
    assert "long enough for a test" in QUESTS["naive-wins"].progress(short)
    assert "too short" in lesson.verdict(short.tested, 12, 48)
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


def test_what_cards_and_the_table_of_controls_name_is_there():
    assert lesson.START["app_unit"] == next(iter(lesson.followers())) == exercises.QUOTED
    assert "vowel" in lesson.followers()
    assert lesson.START["app_which"] == next(iter(lesson.APPLICATIONS))
    assert lesson.START["app_series"] == next(iter(lesson.SERIES))
    assert lesson.START["app_state"] in lesson.STATES


def test_a_preset_is_written_once_for_all_only_where_the_rest_is_as_it_begins():
    begun = [lesson.START[key] for key in ("app_length", "app_temperature", "app_seed")]
    for preset in lesson.PRESETS.values():
        assert lesson.as_opened(preset.sets["app_start"], *begun)
        assert not lesson.as_opened(preset.sets["app_start"], 50, *begun[1:])
    assert not lesson.as_opened("My own", *begun)


@settings(deadline=None, max_examples=30)
@given(
    application=st.sampled_from(list(lesson.APPLICATIONS)),
    seed=st.integers(0, 9999),
    start=st.sampled_from([*lesson.BEGINNINGS.values(), "x", "Mr. Bingle", "💥", "**"]),
    temperature=st.sampled_from([0.1, 0.6, 1.0, 2.0]),
    name=st.sampled_from(["nile", "walk"]),
)
def test_every_question_is_answered_from_the_screen(application, seed, start, temperature, name):
    shown = on_screen(
        which=application, start=start, length=50, temperature=temperature, seed=seed, series=name
    )
    shape, warm, carried, best = exercises.quiz(shown)
    for question in (shape, warm, carried, best):
        assert len(question.choices) == len(set(question.choices)) == len(question.feedback)
        assert question.right
        assert not any(question.mistakes[place] for place in question.right if question.mistakes)
    titles = {shape.choices[place] for place in shape.right}
    one = lesson.APPLICATIONS[application]
    assert titles == {lesson.SHAPES[code] for code in (one.shape, one.also) if code}
    logits = shown.written.writing.logits
    at, half = (np.sort(probabilities(logits, t))[::-1] for t in (temperature, temperature / 2))
    assert f"{half[0] / half[1]:.3g}" in warm.choices[warm.right[-1]] or half[1] < 1e-300
    assert f"{at[0] / at[1]:.3g}" in warm.text
    assert carried.right == (0,)
    errors = {name: error[:, 0].mean() for name, error in shown.tested.errors.items()}
    smallest = [
        place for place, error in enumerate(errors.values()) if error == min(errors.values())
    ]
    assert list(best.right) == smallest


def test_taking_the_cell_state_away_is_reading_the_last_character_without_it():
    written = FIRST.written
    whole, no_cell, no_hidden = exercises.without(written)
    trace = network().read(written.writing.start + written.writing.text)
    again = probabilities(network().logits(trace.hidden_state[-1]))
    np.testing.assert_allclose(whole, again, atol=1e-5)
    assert abs(no_cell - whole).max() > 0.05
    assert abs(no_hidden - whole).max() > 0.05


def test_the_program_with_lstm_core_writes_the_text_of_its_seed(capsys):
    start = lesson.START["app_start"]
    exec(lesson.text_programs(start, 50, 0.8, 3).lstm_core, {})
    writing = on_screen(length=50, temperature=0.8, seed=3).written.writing
    assert start + writing.text in capsys.readouterr().out


@pytest.mark.parametrize("library", ["lstm_core", "keras", "torch"])
def test_the_program_for_a_series_of_ones_own_reads_a_file(library, tmp_path, monkeypatch):
    values = 9 + np.sin(np.arange(60) * np.pi / 6)
    rows = [f"{step},{value!r}" for step, value in enumerate(values.tolist())]
    (tmp_path / "series.csv").write_text("\n".join(["step,value", *rows]))
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(getattr(lesson.series_programs(lesson.OWN, 12, 6), library), names)
    wanted = forecaster().ahead(values, 12, 6, [len(values) - 1])[0]
    np.testing.assert_allclose(names["result"], wanted, rtol=1e-5)


def test_a_flat_series_is_no_win():
    flat = np.full(80, 3.0)
    tested = backtest(forecaster(), flat, find_season(flat), 6)
    assert tested.best == "naive"
    shown = replace(FIRST, tested=tested, flat=True)
    assert not QUESTS["naive-wins"].done(shown)
    assert "never changes" in QUESTS["naive-wins"].progress(shown)


def test_where_there_is_no_season_none_is_spoken_of():
    """The last season is then the last value, and there is one naive forecast."""
    for name in ("walk", "nile", "co2"):
        tested = on_screen(series=name, season=1).tested
        np.testing.assert_array_equal(tested.errors["naive"], tested.errors["seasonal naive"])
        assert "season" not in lesson.verdict(tested, 1, 24)
        assert list(lesson.methods(1)) == ["network", "naive"]
        assert len(lesson.rows(tested, 1)["forecast"]) == 2
    assert "seasonal naive" in lesson.verdict(FIRST.tested, 12, 24)


@settings(deadline=None, max_examples=5)
@given(start=st.sampled_from(["Mr. Bingle", "x"]), temperature=st.sampled_from([0.6, 1.0]))
def test_a_wrong_answer_says_why_it_is_wrong_and_not_what_is_right(start, temperature):
    for question in exercises.quiz(on_screen(start=start, length=50, temperature=temperature)):
        right = {question.feedback[place] for place in question.right}
        wrong = {one for place, one in enumerate(question.feedback) if place not in question.right}
        assert not right & wrong, question.text
