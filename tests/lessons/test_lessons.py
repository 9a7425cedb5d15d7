"""What the pages say: every claim holds, every snippet runs, every answer is computed."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core import GRUCell, LSTMCell, RNNCell
from lstm_core.bptt import BACK, GROUPS, Stop, stops, to_a_target
from lstm_core.descent import descend
from lstm_core.figures.activations import chain
from lstm_core.figures.player import quantities
from lstm_core.gradient_flow import Experiment, follow
from lstm_core.lessons import (
    bptt,
    cell,
    chapters,
    gradients,
    questions,
    race,
    recurrence,
    remedies,
    sentences,
    variants,
    walks,
)
from lstm_core.pseudo_code import with_exchanged_states
from lstm_core.race import Setting
from lstm_core.recorded_races import Track
from lstm_core.sentiment.reader import Reader
from lstm_core.tasks import Adding

PAGES = Path(__file__).parents[2] / "pages"


@pytest.mark.parametrize("name", cell.PRESETS)
def test_every_cell_preset_proves_its_claim(name):
    preset = cell.PRESETS[name]
    parse = cell.parse_words if preset.words else cell.parse_numbers
    trace = preset.cell(2, 1).run(parse(preset.text)[1])
    assert preset.holds(trace)
    assert "nan" not in preset.evidence(trace)


@pytest.mark.parametrize(
    "name", ["Keep a bit", "Forget on a marker", "Count", "Sum", "Ignore noise", "Leave the squash"]
)
def test_a_cell_claim_can_fail(name):
    preset = cell.PRESETS[name]
    broken = preset.cell(1, 0)
    broken.bias[broken.columns("input")] = -50.0
    assert not preset.holds(broken.run(cell.parse_numbers(preset.text)[1]))


@pytest.mark.parametrize("name", gradients.PRESETS)
def test_every_gradient_preset_proves_its_claim(name):
    preset = gradients.PRESETS[name]
    assert preset.holds(gradients.follow_all(preset.experiment))


def test_gradient_claims_can_fail():
    vanishing = gradients.follow_all(gradients.PRESETS["Vanishing"].experiment)
    exploding = gradients.follow_all(gradients.PRESETS["Exploding"].experiment)
    remembering = gradients.follow_all(gradients.PRESETS["Forget bias"].experiment)
    assert not gradients.PRESETS["A new LSTM vanishes too"].holds(remembering)
    assert not gradients.PRESETS["Forget bias"].holds(vanishing)
    assert not gradients.PRESETS["An LSTM explodes"].holds(vanishing)
    assert not gradients.PRESETS["Exploding"].holds(vanishing)
    assert not gradients.PRESETS["Vanishing"].holds(exploding)
    assert not gradients.PRESETS["Saturation cancels the gain"].holds(exploding)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "at least one"),
        ("1 two 3", "“two” \\(entry 2\\)"),
        ("1 nan", "“nan”"),
        ("inf", "“inf”"),
        ("1e9", "“1e9”"),
        ("0 " * 61, "61 numbers"),
        ("<b>1</b>", "is not a number"),
    ],
)
def test_wrong_numbers_are_named(text, message):
    with pytest.raises(ValueError, match=message):
        cell.parse_numbers(text)


def test_numbers_may_be_separated_in_any_usual_way():
    np.testing.assert_array_equal(cell.parse_numbers("1, -.5;2e1 3")[1][:, 0], [1, -0.5, 20, 3])


def test_the_same_word_has_the_same_vector():
    words, vectors = cell.parse_words("good Good bad 🙂")
    assert words == ["good", "Good", "bad", "🙂"]
    np.testing.assert_array_equal(vectors[0], vectors[1])
    assert not np.array_equal(vectors[0], vectors[2])


@given(units=st.integers(1, 4), features=st.integers(1, 3), seed=st.integers(0, 99))
def test_weights_come_back_from_the_address(units, features, seed):
    original = LSTMCell.initialise(features, units, seed)
    again = cell.cell_from(cell.weights_text(original), original)
    np.testing.assert_allclose(again.kernel, original.kernel, rtol=1e-5)
    np.testing.assert_allclose(
        again.recurrent_kernel, original.recurrent_kernel, rtol=1e-5, atol=1e-7
    )
    np.testing.assert_allclose(again.bias, original.bias, rtol=1e-5)


@pytest.mark.parametrize("text", ["", "1_2", "a_b", "_".join(["nan"] * 12), "1_" * 40])
def test_weights_that_do_not_fit_are_refused(text):
    with pytest.raises(ValueError, match="address"):
        cell.cell_from(text, LSTMCell.initialise(1, 1, 0))


@given(word=st.text(min_size=1, max_size=12).filter(lambda text: len(text.split()) == 1))
def test_word_vectors_come_back_from_the_address(word):
    table = cell.vocabulary([word, "film"])
    assert cell.vectors_text(table) == ""
    changed = table | {"film": np.array([1.5, -2.0, 0.25])}
    again = cell.vectors_from(cell.vectors_text(changed), [word, "film"])
    assert list(again) == list(table)
    np.testing.assert_array_equal(again["film"], [1.5, -2.0, 0.25])


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"film": 1}', '{"film": [1, 2]}', '{"film": [1, 2, 1e99]}',
             '{"film": ["a", 2, 3]}'],
)  # fmt: skip
def test_word_vectors_that_do_not_fit_are_refused(text):
    with pytest.raises(ValueError, match="address"):
        cell.vectors_from(text, ["film"])


@pytest.mark.parametrize(
    ("walk", "made"),
    [(walks.LSTM, LSTMCell), (walks.RNN, RNNCell), (walks.GRU, GRUCell)],
    ids=["LSTM", "RNN", "GRU"],
)
def test_every_place_of_a_walk_has_its_number(walk, made):
    run = made.initialise(2, 3, 0)
    trace = run.run(np.ones((4, 2)))
    numbers = {*quantities(trace), "t", "t_before"}
    written = "".join(stage.formula + stage.told for stage in walk.stages)
    assert set(re.findall(r'data-value="(\w+)"', written)) <= numbers
    assert set(re.findall(r'data-pill="(\w+)"', walk.draw())) <= numbers
    assert {track.key for track in walk.tracks} <= numbers
    assert {stage.gate for stage in walk.stages if stage.gate} == set(walk.gates) == set(made.gates)
    for stage in walk.stages:
        assert f"{stage.link} = " in walk.code[stage.line] or stage.link == "x"
    places = {int(place) for place in re.findall(r'data-stage="(\d+)"', walk.draw())}
    assert places == set(range(len(walk.stages)))
    for stage in walk.stages:
        for row in re.findall(r"<math>.*?</math>", stage.formula):
            ElementTree.fromstring(row)


def test_slips_of_the_pen_are_told_with_their_numbers():
    preset = cell.PRESETS["Count"]
    made, read = preset.cell(1, 0), cell.parse_numbers(preset.text)[1]
    trace, wrong = made.run(read), with_exchanged_states(made, read)
    said = cell.exchanged_sentence(trace, wrong, 0)
    assert f"{trace.hidden_state[-1, 0]:.3f}" in said
    assert f"{wrong.hidden_state[-1, 0]:.3f}" in said
    assert "cannot be added" in cell.sum_sentence(
        trace, cell.summed(LSTMCell.initialise(3, 2, 0), np.ones((2, 3))), 0
    )
    assert "instead of" in cell.sum_sentence(trace, cell.summed(made, read), 0)


def test_what_changed_is_told_against_the_run_before():
    preset = cell.PRESETS["Count"]
    made, read = preset.cell(1, 0), cell.parse_numbers(preset.text)[1]
    before, now = made.run(read), made.clamped({"forget": 0.0}).run(read)
    said = cell.differences(now, before, 0)
    assert f"{now.cell_state[-1, 0]:.3f}" in said
    assert f"{before.cell_state[-1, 0]:.3f}" in said
    assert "nothing changed" in cell.differences(before, before, 0)
    assert cell.differences(made.run(read[:2]), before, 0)


def test_letters_are_steps_and_too_many_are_refused():
    labels, vectors = recurrence.letters("to be")
    assert labels == ["t", "o", "␣", "b", "e"]
    assert vectors.shape == (5, 3)
    assert recurrence.letters("नमस्ते")[0] == ["न", "म", "स्", "ते"]
    for text in ("", "   ", "a" * 61):
        with pytest.raises(ValueError, match="letter"):
            recurrence.letters(text)


@given(letters=st.integers(1, 60), units=st.integers(1, 8))
def test_the_answer_about_weights_is_the_cells_own_count(letters, units):
    question = recurrence.how_many_weights(letters, units)
    counted = sum(p.size for p in RNNCell.initialise(3, units, 0).parameters.values())
    assert question.choices[question.right[0]] == f"{counted:,}"
    assert len(set(question.choices)) == len(question.feedback)


@pytest.mark.parametrize("gain", [0.5, 1.0, 3.0])
def test_tanh_keeps_the_range_and_nothing_else_does(gain):
    largest = recurrence.squashed_or_not(gain, 1)
    assert largest["squashed by tanh"].max() <= 1
    assert (largest["not squashed"].max() > 1e6) == (gain > 2)
    assert f"{largest['not squashed'].max():.3g}" in recurrence.range_sentence(largest, gain)


@given(t=st.integers(0, 4), seed=st.integers(0, 50))
def test_the_answer_about_the_update_gate_is_computed(t, seed):
    update = GRUCell.initialise(1, 2, seed).run(np.ones((5, 1))).update_gate
    question = variants.which_gate_writes(update, t, 1)
    assert question.choices[question.right[0]] == f"{1 - update[t, 1]:.1%}"


def test_the_table_of_parameters_agrees_with_itself():
    table = variants.counts_table(3, 8)
    assert table["by the formula"] == table["by the object"]
    assert table["by the formula"][1] == table["parameters then"][1]


def test_snippets_run_and_give_the_numbers_of_the_page(capsys):
    preset = cell.PRESETS["Count"]
    made, inputs = preset.cell(1, 0), cell.parse_numbers(preset.text)[1]
    exec(cell.code(made, inputs), {})
    assert str(made.run(inputs).cell_state) in capsys.readouterr().out
    experiment = gradients.PRESETS["Vanishing"].experiment
    exec("from lstm_core.gradient_flow import *\n" + gradients.code(experiment), {})
    assert str(follow(experiment).norms) in capsys.readouterr().out


@given(point=st.floats(-8, 8), weight=st.floats(0, 4), steps=st.integers(1, 60))
def test_the_answer_about_activations_is_the_largest(point, weight, steps):
    products = chain(point, weight, steps)
    question = questions.which_keeps_most(products)
    left = [products.left[name][-1] for name in question.choices]
    assert [left[place] for place in question.right] == [max(left)] * len(question.right)
    assert sum(amount == max(left) for amount in left) == len(question.right)
    assert len(question.feedback) == len(question.choices)


@pytest.mark.parametrize("t", range(6))
def test_the_answer_about_the_forget_gate_is_computed(t):
    preset = cell.PRESETS["Untrained, numbers"]
    trace = preset.cell(2, 1).run(cell.parse_numbers(preset.text)[1])
    question = cell.what_if_forget_were_one(trace, t, 0)
    right = trace.previous_cell_state[t, 0] + trace.written[t, 0]
    assert float(question.choices[question.right[0]]) == pytest.approx(right, abs=6e-4)
    assert "With f = 1" in question.feedback[question.right[0]]
    assert len(set(question.choices)) == len(question.choices) >= 2


@pytest.mark.parametrize("max_norm", [1e-3, 1e9])
def test_the_answer_about_clipping_is_computed(max_norm):
    question = remedies.does_clipping_help(
        follow(gradients.PRESETS["Vanishing"].experiment), max_norm
    )
    assert question.right == ((0,) if max_norm < 1 else (1,))


def test_updates_say_what_the_weight_becomes():
    flow = follow(gradients.PRESETS["Exploding"].experiment)
    whole = gradients.update(flow, 0.1)
    place = whole.row, whole.column
    assert abs(whole.slope) == pytest.approx(np.abs(flow.gradient.kernel).max())
    assert whole.weight == flow.cell.kernel[place]
    assert whole.changed == whole.weight - 0.1 * whole.slope
    early = gradients.update(flow, 0.1, gradients.part(60, "the first tenth"))
    shares = flow.trace.inputs[:, whole.row] * flow.gradient.pre_activation[:, whole.column]
    assert early.slope == pytest.approx(shares[:6].sum())
    assert "thrown" in gradients.update_sentence(whole)


def test_a_vanished_part_of_the_gradient_does_not_move_a_weight():
    flow = follow(Experiment("sigmoid", steps=60))
    made = gradients.update(flow, 0.01, gradients.part(60, "the first tenth"))
    assert made.slope != 0
    assert made.changed == made.weight
    assert "does not change at all" in gradients.update_sentence(made)


@pytest.mark.parametrize(("bias", "steps"), [(0, 1.0), (1, 2.2), (2, 5.5), (4.6, 69)])
def test_half_lives_are_those_of_the_forget_gate(bias, steps):
    assert gradients.half_life(bias) == pytest.approx(steps, rel=0.02)


def test_the_end_of_numbers_is_said_with_place_and_time():
    descent = descend(Experiment("relu", gain=2.5, steps=60), 0.01, 20)
    said = gradients.breakdown_sentence(descent.breakdown, 20)
    assert "After one update" in said
    assert f"at time step {descent.breakdown.step} is NaN" in said
    assert "stay finite" in gradients.breakdown_sentence(None, 20)


def test_the_answer_about_networks_is_computed():
    flows = gradients.follow_all(gradients.PRESETS["Forget bias"].experiment)
    question = gradients.which_arrives(flows)
    assert question.choices[question.right[0]] == max(flows, key=lambda name: flows[name].ratio)


@pytest.mark.parametrize("name", remedies.PRESETS)
def test_every_remedy_preset_proves_its_claim_and_can_fail(name):
    preset = remedies.PRESETS[name]
    before, after = remedies.run_both(
        preset.experiment, preset.rate, preset.updates, preset.switches
    )
    assert preset.holds(before, after)
    assert not preset.holds(after, before)
    assert "nan" not in remedies.sentence(before, after)


def test_remedies_that_exclude_each_other_are_named():
    both = remedies.Switches(penalty="Ω", lstm=1.0)
    assert "left out" in both.problem
    assert remedies.Switches(penalty="L2", lstm=1.0).problem is None
    remedies.run_both(Experiment(steps=5), 0.01, 2, both)
    assert both.on == ["penalty", "lstm"]


def test_the_snippets_of_remedies_and_race_run(capsys):
    preset = remedies.PRESETS["Explosion, clipped"]
    exec(remedies.code(preset.experiment, preset.rate, 3, preset.switches), {})
    assert "Breakdown(update=2" in capsys.readouterr().out
    exec(race.programs(Setting(length=5, budget=500), 25).own, {})
    assert capsys.readouterr().out.count("LSTM") == 1


def test_a_race_says_who_learned_and_who_blew_up():
    track = Track(3, 40, np.array([0.0, 25.0]), np.array([1.0, 0.01]), np.ones(5), None)
    stuck = replace(track, losses=np.array([1.0, 0.16]))
    broken = replace(track, broken=7)
    said = race.sentence({"LSTM": track, "RNN": stuck, "GRU": broken}, Adding(5))
    assert "Well below it: **LSTM" in said
    assert "Not below half of it: RNN" in said
    assert "GRU (after update 7)" in said
    question = race.who_is_ahead({"RNN": stuck, "LSTM": track, "GRU": broken})
    assert question.right == (1,)


def test_every_chapter_has_its_page_and_every_topic_its_place():
    for chapter in chapters.CHAPTERS:
        assert (PAGES / chapter.file).is_file()
        assert chapter.question.endswith("?")
    shown = {topic.chapter for topic in chapters.LECTURE if topic.chapter}
    assert shown == set(chapters.CHAPTERS)
    assert all(topic.where for topic in chapters.LECTURE)


@pytest.mark.parametrize("name", bptt.PRESETS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_bptt_preset_proves_its_claim(name, seed):
    preset = bptt.PRESETS[name]
    way = to_a_target(preset.cell(2, seed), cell.parse_numbers(preset.text)[1], preset.target)
    assert preset.holds(way), preset.evidence(way)


def test_bptt_claims_can_fail():
    inputs = cell.parse_numbers("1 0.5 -1 2 0 1 -0.5 1")[1]
    plain = to_a_target(LSTMCell.initialise(1, 2, 1), inputs, 0.5)
    for name in list(bptt.PRESETS)[1:]:
        assert not bptt.PRESETS[name].holds(plain), name


def test_the_stops_go_forward_and_then_back_through_every_stage():
    every = stops(3)
    assert [stop.t for stop in every[:3]] == [0, 1, 2]
    assert every[3] == Stop(2, BACK[0])
    assert every[-1] == Stop(0, BACK[-1])
    assert len(every) == len(set(every)) == 3 + 3 * len(BACK)


@pytest.mark.parametrize("steps", [1, 4])
def test_every_stop_has_a_formula_with_the_numbers_of_the_way_back(steps):
    inputs = cell.parse_numbers("1 0.5 -1 2")[1][:steps]
    way = to_a_target(LSTMCell.initialise(1, 2, 1), inputs, 0.5)
    for stop in stops(steps):
        formula = bptt.formula(way, stop, 1)
        assert "nan" not in formula.lower()
        assert bptt.sentence(way, stop, 1)
        if stop.stage == "cell state":
            value = f"{way.gradient.cell_state[stop.t, 1]:.3f}".replace("-", "{-}")
            assert rf"\mathbf{{{value}}}" in formula or r"\cdot\!10" in formula
        if stop.stage == "weights":
            assert all(group[2:] in formula for group in GROUPS)
    assert bptt.reached(way, Stop(steps - 1, "weights")) == steps - 1
    assert bptt.reached(way, Stop(steps - 1, "cell state")) == steps


def test_a_wrong_group_gets_no_tick():
    said = bptt.ticks(dict.fromkeys(GROUPS, 0.0) | {"W_xf": 0.5})
    assert said.count("✔") == 7
    assert said.count("✘") == 1


def test_the_bptt_snippets_run(capsys):
    preset = bptt.PRESETS["A short look back"]
    read = cell.parse_numbers(preset.text)[1]
    exec(bptt.programs(preset.cell(2, 1), read, 0.5, False).own, {})
    assert capsys.readouterr().out.count("W_") == 8
    exec(bptt.trained_programs(sentences.SENTENCE, 1, "backward").own, {})
    assert capsys.readouterr().out.count("W_") == 8


@pytest.mark.parametrize("text", ["", "...", "word " * 100])
def test_a_sentence_that_cannot_be_stepped_is_said(text):
    words, ids, problem = sentences.sentence_ids(Reader.load(), text)
    assert problem
    assert len(words) == len(ids) > 3


def test_the_erratum_of_the_update_is_computed():
    assert "**10.099** = 10.1 − 0.001" in gradients.erratum()
