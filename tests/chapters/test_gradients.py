"""The page on gradients: its answers by another computation, its words and its pictures."""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.cells.activations import ACTIVATIONS
from lstm_core.gradients.descent import descend
from lstm_core.gradients.flow import Experiment, follow
from pages._book.chapters import GRADIENTS
from pages._book.circle import unit_circle
from pages._book.log_axes import FRAMES, apart, readable
from pages._book.slides import SLIDES
from pages._book.style import DARK, LIGHT
from pages.gradients import exercises, figures, lesson
from pages.gradients.lesson import PRESETS, START, experiment_of
from pages.remedies import lesson as remedies
from tests.chapters.samples.gradients import state_of

FIRST = experiment_of(START)


@pytest.mark.parametrize(
    ("experiment", "right"),
    [
        (Experiment(gain=0.9), 1),
        (Experiment(gain=1.5), 2),
        (Experiment(activation="sigmoid", gain=3.9), 1),
        (Experiment(activation="sigmoid", gain=4.5), 2),
        (Experiment(activation="linear", gain=1.2), 0),
        (Experiment(activation="linear", gain=1.0), 2),
        (Experiment(activation="linear", initialisation="normal", gain=1.0), 2),
    ],
)
def test_what_must_happen_to_a_gradient(experiment, right):
    shown = state_of(experiment)
    question = exercises.must_it_explode(shown)
    assert question.right == (right,)
    flow = shown.flows["RNN"]
    kernel = flow.cell.recurrent_kernel
    slope = ACTIVATIONS[experiment.activation].derivative
    slopes = slope(flow.trace.pre_activation[1:])
    # One step back is R' behind the slopes; its extremes bound what each step of it did.
    steps = [np.linalg.svd(kernel * row, compute_uv=False) for row in slopes]
    if right == 1:
        assert all(values[0] < 1 for values in steps)
    if right == 0:
        assert all(values[-1] > 1 for values in steps)


@pytest.mark.parametrize(("bias", "gain"), [(4.6, 1.0), (0.0, 1.0), (1.0, 8.0), (6.0, 0.0)])
def test_the_share_of_the_direct_path(bias, gain):
    experiment = Experiment(
        initialisation="PyTorch", gain=gain, steps=40, network="LSTM", forget_bias=bias
    )
    flow = state_of(experiment).flows["LSTM"]
    direct = flow.gradient.memory[-1].copy()
    for t in range(39, 0, -1):
        direct *= flow.trace.forget_gate[t]
    share = flow.norms[0] / np.linalg.norm(direct)
    question = exercises.direct_path(flow)
    assert question.right == ((0,) if share < 0.5 else (2,) if share > 2 else (1,))
    assert readable(float(np.linalg.norm(direct)), 3) in question.text


def test_with_no_recurrent_kernel_the_direct_path_is_all():
    flow = state_of(Experiment(gain=0.0, steps=20, network="LSTM")).flows["LSTM"]
    assert exercises.direct_path(flow).right == (1,)


def test_an_rnn_has_no_direct_path():
    with pytest.raises(TypeError, match="LSTM"):
        exercises.direct_path(state_of(FIRST).flows["RNN"])


def test_the_steps_that_move_the_weight_are_those_with_the_largest_sum():
    flow = state_of(replace(FIRST, steps=40)).front
    row, column = np.unravel_index(
        np.abs(flow.gradient.kernel).argmax(), flow.gradient.kernel.shape
    )
    shares = flow.trace.inputs[:, row] * flow.gradient.pre_activation[:, column]
    sums = [abs(shares[:4].sum()), abs(shares[4:36].sum()), abs(shares[36:].sum())]
    assert exercises.who_moves_the_weight(flow).right == (int(np.argmax(sums)),)


def test_with_a_single_step_the_first_and_the_last_are_the_same():
    assert exercises.who_moves_the_weight(state_of(Experiment(steps=1)).front).right == (0, 2)


def test_updates_say_what_the_weight_becomes():
    flow = follow(experiment_of(PRESETS["Exploding"].sets))
    whole = lesson.update(flow, 0.1)
    place = whole.row, whole.column
    assert abs(whole.slope) == pytest.approx(np.abs(flow.gradient.kernel).max())
    assert whole.weight == flow.cell.kernel[place]
    assert whole.changed == whole.weight - 0.1 * whole.slope
    early = lesson.update(flow, 0.1, lesson.part(60, "the first tenth"))
    shares = flow.trace.inputs[:, whole.row] * flow.gradient.pre_activation[:, whole.column]
    assert early.slope == pytest.approx(shares[:6].sum())
    assert "times** its own size" in lesson.update_sentence(whole)
    shares_drawn = lesson.shares(flow, whole)
    np.testing.assert_allclose(shares_drawn, shares)
    assert shares_drawn.sum() == pytest.approx(whole.slope)


def test_a_vanished_part_of_the_gradient_does_not_move_a_weight():
    flow = follow(Experiment("sigmoid", steps=60))
    made = lesson.update(flow, 0.01, lesson.part(60, "the first tenth"))
    assert made.slope != 0
    assert made.changed == made.weight
    assert "does not change at all" in lesson.update_sentence(made)


def test_the_note_of_the_slide_says_by_how_much_the_weight_moves():
    slide = next(one for one in SLIDES if (one.chapter, one.panel) == (GRADIENTS, "update"))
    flow = follow(experiment_of(PRESETS[slide.preset].sets))
    rate, steps = START["rate"], len(flow.norms)
    said = [
        lesson.update_sentence(lesson.update(flow, rate, lesson.part(steps, name)))
        for name in lesson.PARTS
    ]
    for sentence in said:
        share = sentence.split(": ")[1].split(" of its size")[0]
        assert share in slide.note


@pytest.mark.parametrize(("bias", "steps"), [(0, 1.0), (1, 2.2), (2, 5.5), (4.6, 69)])
def test_half_lives_are_those_of_the_forget_gate(bias, steps):
    assert lesson.half_life(bias) == pytest.approx(steps, rel=0.02)


def test_the_end_of_numbers_is_said_with_place_and_time():
    descent = descend(Experiment("relu", gain=2.5, steps=60), 0.01, 20)
    said = lesson.breakdown_sentence(descent.breakdown, 20)
    assert "After one update" in said
    assert f"at time step {descent.breakdown.step} is NaN" in said
    assert "stay finite" in lesson.breakdown_sentence(None, 20)


def test_the_answer_about_networks_is_computed():
    flows = lesson.follow_all(experiment_of(PRESETS["Forget bias"].sets))
    question = lesson.which_arrives(flows)
    assert question.choices[question.right[0]] == max(flows, key=lambda name: flows[name].ratio)


def test_the_erratum_of_the_update_is_computed():
    assert "**10.099** = 10.1 − 0.001" in lesson.erratum()


@pytest.mark.parametrize(
    "norms",
    [
        np.array([1.0]),
        np.geomspace(1e-12, 1.0, 30),
        np.array([np.inf, 1e300, 1e10, 1.0]),
        np.zeros(5),
        np.full(4, np.nan),
    ],
)
def test_the_animation_carries_the_gradient_back(norms):
    figure = figures.flow_animation({"RNN": norms, "LSTM": norms[::-1]}, LIGHT)
    assert len(figure.frames) == len(norms)
    curtain, edge, heads, names = figure.frames[-1].data
    assert max(curtain.x) == 1.0
    assert list(edge.x) == [1, 1]
    assert list(heads.x) == [1, 1]
    assert [text.split("<br>")[0].strip() for text in names.text] == ["<b>RNN</b>", "<b>LSTM</b>"]
    assert names.text[0].strip().endswith(readable(norms[0]))
    assert figure.frames[0].data[0].x[1] == len(norms)
    assert all(np.isfinite(figure.layout.yaxis.range))
    play = figure.layout.updatemenus[0].buttons[0].args[1]
    assert play["frame"]["redraw"] is False
    assert isinstance(figure, go.Figure)


def test_a_long_animation_has_few_frames_from_the_last_step_to_the_first():
    figure = figures.flow_animation({"GRU": np.geomspace(1, 1e-50, 200)}, DARK)
    assert len(figure.frames) == FRAMES
    assert [figure.frames[0].name, figure.frames[-1].name] == ["199", "0"]
    assert figure.layout.sliders[0].active == FRAMES - 1
    name, value = figure.frames[-1].data[-1].text[0].split("<br>")
    assert (name.strip(), value.strip()) == ("<b>GRU</b>", "1")
    assert figures.flow_animation({"GRU": np.ones(9)}, DARK, (), 0).layout.sliders[0].active == 0


@pytest.mark.parametrize("preset", ["Vanishing", "Exploding"])
def test_clipping_acts_on_the_step_and_leaves_the_curves(preset):
    values = START | PRESETS[preset].sets | {"clip": "by norm"}
    flow = follow(experiment_of(values))
    step = lesson.step_of(flow, values)
    whole = np.sqrt(sum((part**2).sum() for part in flow.gradient.parameters.values()))
    assert step.whole == pytest.approx(whole)
    assert step.used == pytest.approx(1.0)
    assert step.taken == pytest.approx(0.01)
    off = lesson.step_of(flow, values | {"clip": "off"})
    assert off.used == off.whole
    by_value = lesson.step_of(flow, values | {"clip": "by value", "clip_limit": 1e9})
    assert by_value.used == pytest.approx(whole)
    assert "nothing is clipped" in lesson.step_sentence(by_value)
    notes = lesson.step_notes(step, values, "RNN")
    assert notes[1:] == ["clipped by norm: <b>1</b>", "step taken: 0.01 × 1 = <b>0.01</b>"]
    figure = figures.flow_animation({"RNN": flow.norms}, LIGHT, notes)
    assert figure.layout.annotations[0].text == "<br>".join(notes)


def test_a_gate_is_said_to_keep_nearly_all_only_where_it_does():
    assert "keeps nearly all" in lesson.open_gate(FIRST, "LSTM", 4.6).sentence
    opening = lesson.open_gate(FIRST, "LSTM", 0.5)
    assert f"each step keeps {opening.gates[1]:.0%}" in opening.sentence
    assert "nearly all" not in opening.sentence


@pytest.mark.parametrize("network", ["LSTM", "GRU"])
def test_an_open_gate_lets_the_gradient_arrive(network):
    opening = lesson.open_gate(FIRST, network, 4.6)
    # A new one is worse than the RNN, since its gate stands at one half.
    assert opening.gates[0] == pytest.approx(0.5, abs=0.05)
    assert opening.before.ratio < opening.rnn.ratio < 1e-9
    assert opening.after.ratio > 0.1
    figure = figures.bias_animation(opening.lines, LIGHT)
    assert [line.name for line in figure.data[:3]] == ["bias 0", "bias 4.6 ", "RNN"]


def test_an_rnn_has_no_gate_to_open():
    with pytest.raises(TypeError, match="no gate"):
        lesson.opened(FIRST, "RNN", 1.0)


def test_the_gain_turns_vanishing_into_exploding():
    ratios = lesson.ratios_over_gains(replace(FIRST, gain=1.0))
    turn = lesson.turning_point(ratios["RNN"])
    assert (
        follow(replace(FIRST, gain=turn)).ratio
        >= 1.0
        > follow(replace(FIRST, gain=0.8 * turn)).ratio
    )
    assert f"**{turn:.2g}**" in lesson.gains_sentence(ratios, 0.9, ratios["RNN"][0])
    assert lesson.turning_point(np.array([0.1, 0.2])) is None
    figure = figures.over_gains(ratios, lesson.RANGE, 0.0, LIGHT)
    assert [line.name for line in figure.data[:3]] == list(ratios)


def test_the_stops_of_the_gain_are_close_where_gradients_turn():
    stops = np.array(lesson.GAINS)
    assert ((stops >= 0.9) & (stops <= 1.5)).sum() > 0.6 * len(stops)
    known = {preset.sets["gain"] for preset in PRESETS.values()}
    assert known <= set(lesson.GAINS)


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (0, 2, "0"),
        (3.9206, 3, "3.92"),
        (0.00014, 2, "0.00014"),
        (4.03e-10, 2, "4·10⁻¹⁰"),
        (28874.7, 3, "28,900"),
        (-0.01, 3, "−0.01"),
        (999.6, 3, "1,000"),
        (1.06e141, 2, "1.1·10¹⁴¹"),
        (float("inf"), 2, "∞"),
        (float("nan"), 2, "NaN"),
    ],
)
def test_numbers_are_written_to_be_read(value, digits, written):
    assert readable(value, digits) == written


@given(
    st.lists(st.floats(-5, 5), min_size=1, max_size=4),
)
def test_labels_are_pushed_apart_and_stay_inside(places):
    moved = apart(places, 1.5, (-5.0, 5.0))
    ordered = np.sort(moved)
    assert (np.diff(ordered) >= 1.5 - 1e-6).all()
    assert ordered[0] >= -5 - 1e-9
    assert ordered[-1] <= 5 + 1e-9


def test_eigenvalues_stay_in_the_picture():
    values = {"a": np.array([3j, 1.0]), "b": np.array([0.5])}
    figure = unit_circle(values, ["spectral radius"], LIGHT)
    assert figure.layout.yaxis.range[1] > 3
    assert figure.layout.yaxis.scaleanchor == "x"
    assert [trace.marker.symbol for trace in figure.data[1:]] == ["diamond", "circle-open"]
    assert figure.layout.annotations[0].text.startswith("spectral radius<br>")


def test_updates_are_drawn_up_to_the_end_of_numbers():
    blown = descend(Experiment("relu", gain=2.5, steps=60), 0.01, 20)
    part = lesson.part(60, "the first tenth")
    figure = figures.one_and_many_updates(np.ones(60), part, "new = old", blown, LIGHT)
    assert figure.layout.shapes[0].x0 == blown.breakdown.update
    assert figure.layout.annotations[0].text == "new = old"
    assert [one == "circle" for one in figure.data[0].marker.symbol] == [True] * 6 + [False] * 54
    calm = descend(Experiment(), 0.01, 3)
    assert not figures.one_and_many_updates(np.ones(60), part, "", calm, LIGHT).layout.shapes


def test_the_update_is_written_with_its_numbers():
    update = lesson.Update(0, 0, -0.5, -2.0, -0.48)
    assert lesson.update_formula(update, 0.01).endswith("<b>−0.48 = −0.5 − 0.01 × (−2)</b>")
    assert "moves by **0.02**: 4% of its size" in lesson.update_sentence(update)


def test_the_program_prints_the_gradient_of_the_network_in_front(capsys):
    exec(lesson.taken_home(FIRST).lstm_core, {})
    assert str(follow(FIRST).norms) in capsys.readouterr().out


def test_a_gradient_that_vanishes_at_first_explodes_after_some_updates():
    changed = {"kernel": "PyTorch", "rate": 0.5, "updates": 100}
    values = START | PRESETS["Vanishing"].sets | changed
    experiment = experiment_of(values)
    flow, descent = follow(experiment), descend(experiment, values["rate"], values["updates"])
    assert flow.ratio < 1e-5
    after, length = lesson.outbreak(flow, descent)
    assert after > 0
    assert length == descent.gradient_norms[after] > 500 * descent.gradient_norms[0]
    assert readable(length) in lesson.outbreak_sentence(after, length)
    assert lesson.outbreak(flow, descend(experiment, 0.01, 20)) is None
    exploding = follow(replace(experiment, gain=3.0))
    assert lesson.outbreak(exploding, descent) is None


def test_the_factor_of_each_network_stands_at_the_gain():
    ratios = lesson.ratios_over_gains(replace(FIRST, gain=1.0, steps=20))
    figure = figures.over_gains(ratios, lesson.RANGE, float(lesson.RANGE[10]), LIGHT)
    written = [note.text for note in figure.layout.annotations[2:]]
    assert written == [f"<b>{name} {readable(values[10])}</b>" for name, values in ratios.items()]


def test_why_one_clips_is_answered_by_a_preset_of_the_remedies():
    preset = remedies.PRESETS["Vanishing at first, then clipped"]
    asked = dict(lesson.WHY_CLIP)
    assert asked.pop("panel") == "switches"
    values = {key: type(remedies.START[key])(value) for key, value in asked.items()}
    assert remedies.trial_of(remedies.START | values) == remedies.trial_of(preset.sets)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_found_by_its_experiment(name):
    assert lesson.preset_of(experiment_of(PRESETS[name].sets)) is PRESETS[name]
    assert lesson.preset_of(replace(experiment_of(PRESETS[name].sets), seed=99)) is None
