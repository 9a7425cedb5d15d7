"""The lecture's notes: every number that they say is computed again, on the slide's own settings."""

import json
from pathlib import Path

import numpy as np
import pytest

from lstm_core.cells.activations import ACTIVATIONS
from lstm_core.cells.pseudo_code import with_exchanged_states
from lstm_core.gradients.clipping import joint_norm
from lstm_core.training.recorded_races import SETTINGS, recorded
from pages._book import chapters
from pages._book.slides import SLIDES
from pages.bptt import lesson as bptt
from pages.gradients import lesson as gradients
from pages.race import lesson as race
from pages.report import lesson as report
from tests.chapters.samples.cell import run

RESULTS = json.loads(Path("assets/sentiment/results.json").read_text(encoding="utf-8"))


def note(chapter, *words):
    """Return the note of the one slide of a chapter that says all of these words."""
    (slide,) = [s for s in SLIDES if s.chapter == chapter and all(w in s.note for w in words)]
    return slide


def flows(name):
    """Follow all three networks of a preset back."""
    return gradients.follow_all(gradients.experiment_of(gradients.PRESETS[name].sets))


def test_a_flat_tanh_passes_less_than_a_hundredth_and_a_gate_opens_from_hardly_to_nearly():
    note(chapters.ACTIVATIONS, "x = 3", "less than 1%")
    note(chapters.ACTIVATIONS, "At x = −4 hardly anything", "at 3 nearly everything", "a quarter")
    slope = ACTIVATIONS["tanh"].derivative(np.array([0.0, 3.0]))
    assert slope[0] == 1.0
    assert slope[1] < 0.01
    share = ACTIVATIONS["sigmoid"].function(np.array([-4.0, 0.0, 3.0]))
    assert share[0] < 0.02
    assert share[1] == 0.5
    assert share[2] > 0.95


@pytest.mark.parametrize(
    ("part", "said"),
    [("the first tenth", "2·10⁻¹¹"), ("all steps", "23%"), ("the last tenth", "21%")],
)
def test_what_the_steps_of_the_first_gradient_slide_move(part, said):
    assert said in note(chapters.GRADIENTS, "2·10⁻¹¹").note
    flow = flows("Vanishing")["RNN"]
    one = gradients.update(flow, 0.01, gradients.part(len(flow.norms), part))
    moved = gradients.update_sentence(one)
    assert said in moved


def test_of_the_exploding_networks_only_the_plain_one_explodes():
    slide = note(chapters.GRADIENTS, "millions long", "the other two stay near 1")
    assert "the step is 0.01" in slide.note
    found = flows("Exploding")
    assert found["RNN"].ratio > 1e3
    assert all(0.1 < found[name].ratio < 10 for name in ("LSTM", "GRU"))
    assert 1e6 < joint_norm(found["RNN"].gradient.parameters) < 1e9
    clipped = gradients.step_of(found["RNN"], gradients.START | {"clip": "by norm"})
    assert clipped.taken == pytest.approx(0.01)


def test_both_numbers_of_the_recurrent_kernel_are_its_gain_and_tanh_brings_them_inwards():
    note(chapters.GRADIENTS, "Here both are 3 for the recurrent kernel")
    flow = flows("Exploding")["RNN"]
    kernel = np.linalg.eigvals(flow.cell.recurrent_kernel)
    assert np.abs(kernel).max() == pytest.approx(3.0)
    assert np.linalg.norm(flow.cell.recurrent_kernel, 2) == pytest.approx(3.0)
    step = [values for name, values in gradients.eigenvalues(flow).items() if "step" in name]
    assert np.abs(step[0][0]).max() < 3.0


def test_a_bias_of_4_6_opens_the_gate_and_the_gradient_arrives():
    note(chapters.GRADIENTS, "one half", "bias of 4.6", "0.99")
    experiment = gradients.experiment_of(gradients.PRESETS["Vanishing"].sets)
    opening = gradients.open_gate(experiment, "LSTM", 4.6)
    assert "**0.50**" in opening.sentence
    assert 1 / (1 + np.exp(-4.6)) == pytest.approx(0.99, abs=0.001)
    lines = list(opening.lines.values())
    assert max(line[0] / line[-1] for line in lines) > 0.5


def test_the_marker_shuts_the_forget_gate():
    note(chapters.CELL, "f is 0.002", "i is nearly 0")
    trace = run("Forget on a marker").trace
    assert round(float(trace.forget_gate[3, 0]), 3) == 0.002
    assert trace.input_gate[3, 0] < 1e-3


def test_exchanged_states_leave_what_tanh_allows():
    note(chapters.CELL, "h reaches 1.96")
    shown = run("Leave the squash")
    wrong = with_exchanged_states(shown.cell, shown.trace.inputs)
    assert round(float(np.abs(wrong.hidden_state).max()), 2) == 1.96


def test_the_first_step_adds_nothing_to_the_forget_gate():
    note(chapters.BPTT, "Step 1 adds nothing to W_f")
    way = bptt.reading_of(bptt.START | bptt.PRESETS["A short look back"].sets).way
    assert not way.contributions("W_f")[0].any()


def test_the_recorded_race_of_adding_is_won_by_the_gru_and_never_finished_by_the_rnn():
    note(
        chapters.RACE, "the GRU is first and the RNN never arrives", "copying task ends differently"
    )
    finish = {
        name: [race.arrival(track, SETTINGS[name].made_task()) for track in recorded(name).values()]
        for name in ("adding", "copying")
    }
    names = list(recorded("adding"))
    arrived = dict(zip(names, finish["adding"], strict=True))
    assert arrived["RNN"] is None
    assert arrived["GRU"] < (arrived["LSTM"] or np.inf)
    assert finish["copying"] != finish["adding"]


def test_the_lectures_first_network_should_have_stopped_after_its_second_epoch():
    note(chapters.REPORT, "after epoch 2")
    first = RESULTS["lecture_models"][0]
    curve = [epoch["development_accuracy"] for epoch in first["history"]]
    assert int(np.argmax(curve)) == 1


def test_untied_predictions_cannot_reach_the_lectures_correlation():
    slide = note(chapters.REPORT, "0.866", "0.886")
    assert "0.886" in slide.note
    assert np.sqrt(3) / 2 < report.REPORTED_AGREEMENT["spearman"] == 0.886
    assert round(np.sqrt(3) / 2, 3) == 0.866
