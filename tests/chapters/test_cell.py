"""What is special of the cell's chapter: its questions, the address, its sentences and its code."""

import dataclasses
import inspect
import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core import LSTMCell, RNNCell
from lstm_core.cells.pseudo_code import with_exchanged_states
from lstm_core.sentiment.opened import LAYERS, open_up
from lstm_core.sentiment.reader import Reader
from lstm_core.sentiment.units import moving_words, read_alone
from pages._book import drawings, notation, walks
from pages._book import player as player_module
from pages._book.language import speaking
from pages._book.player import parts, player_data, quantities
from pages._book.programs import programs
from pages._book.runs import side_by_side, side_by_side_alt
from pages._book.sequences import parse_numbers, parse_words
from pages._book.style import DARK, LIGHT
from pages.cell import exercises, figures, lesson
from tests.chapters.samples.cell import REACHED, biases, run, trained

QUESTS = {quest.key: quest for quest in exercises.QUESTS}
WALKS = {"cell": walks.LSTM, "recurrence": walks.RNN, "variants": walks.GRU}


@pytest.fixture
def trace():
    return run("Count").trace


# ---- Quests and questions -----------------------------------------------------------------------


def number(written):
    """Read a number as the page writes it."""
    return float(written.replace("−", "-"))


def test_the_bit_survives_with_two_biases_and_with_no_other_change():
    quest, fading = QUESTS["bit-survives"], REACHED["bit-survives"]
    c = fading.trace.cell_state[:, 0]
    assert f"{c[0]:.3f}" in quest.progress(fading)
    assert f"{c[20]:.3f}" in quest.progress(fading)
    assert not quest.done(run(exercises.FADING, change=biases(forget=8.0))), "noise comes in"
    assert not quest.done(run(exercises.FADING, change=biases(input=-8.0))), "it fades"
    assert not quest.done(run("Keep a bit")), "another cell"
    assert "A bit that fades" in quest.progress(run("Keep a bit"))


def test_a_cell_keeps_silent_when_its_output_gate_is_shut():
    assert abs(REACHED["silent"].trace.cell_state[-1, 0]) > 5
    assert not QUESTS["silent"].done(run("Leave the squash"))


def test_the_verdict_turns_by_a_held_gate():
    quest, turned = QUESTS["verdict-turned"], REACHED["verdict-turned"]
    assert not quest.done(trained())
    assert f"{turned.opened.changed:.1%}" in quest.progress(turned)
    assert "Trained" in quest.progress(run("Count"))


@pytest.mark.parametrize("preset", lesson.PRESETS)
@pytest.mark.parametrize("t", [0, 3])
def test_every_question_has_the_computed_answer(preset, t):
    for units in (1, 3) if lesson.SMALL_CELLS[preset].random else (1,):
        shown = run(preset, t, units - 1, units)
        asked = exercises.quiz(shown)
        for question in asked:
            assert len(question.right) == 1
            assert question.mistakes[question.right[0]] == ""
        right = [number(question.choices[question.right[0]]) for question in asked]
        trace, unit = shown.trace, shown.unit
        assert right[-1] == sum(array.size for array in shown.cell.parameters.values())
        assert right[-2] == pytest.approx(trace.hidden_state[t, unit], abs=6e-4)
        if len(right) == 2:
            assert np.abs(trace.previous_cell_state[:, unit]).max() <= exercises.HELD
            continue
        at = int(re.search(r"step (\d+)", asked[0].text)[1]) - 1
        assert abs(trace.previous_cell_state[at, unit]) > exercises.HELD, (
            "it is no trivial question"
        )
        state, memory = trace.hidden_state[at - 1], trace.cell_state[at - 1]
        for answer, gates in zip(
            right, ({"forget": 1.0}, {"forget": 1.0, "input": 0.0}), strict=False
        ):
            held = shown.cell.clamped(gates, [unit])
            after = held.step(trace.inputs[at], (state, memory)).cell_state[unit]
            assert answer == pytest.approx(after, abs=6e-4)


@pytest.mark.parametrize("t", range(6))
def test_the_answer_about_the_forget_gate_is_computed(t):
    trace = run("Untrained, numbers", units=2).trace
    question = lesson.what_if_forget_were_one(trace, t, 0)
    right = trace.previous_cell_state[t, 0] + trace.written[t, 0]
    assert number(question.choices[question.right[0]]) == pytest.approx(right, abs=6e-4)
    assert "With f = 1" in question.feedback[question.right[0]]
    assert len(set(question.choices)) == len(question.choices) >= 2


# ---- What is typed, and what stands in the address ------------------------------------------------


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
        parse_numbers(text)


def test_numbers_may_be_separated_in_any_usual_way():
    np.testing.assert_array_equal(parse_numbers("1, -.5;2e1 3")[1][:, 0], [1, -0.5, 20, 3])
    np.testing.assert_array_equal(parse_numbers("1,2,3")[1][:, 0], [1, 2, 3])


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("text", ["0,5 1,5 -1", "0,5; 1,5; -1", "0,5, 1,5, -1"])
def test_a_comma_between_digits_is_a_decimal_comma(text, language):
    with speaking(language):
        pieces, inputs = parse_numbers(text)
    np.testing.assert_array_equal(inputs[:, 0], [0.5, 1.5, -1])
    assert pieces == ["0,5", "1,5", "-1"]


def test_one_number_with_a_comma_is_asked_about_in_english_and_read_in_german():
    with pytest.raises(ValueError, match="one number or two"):
        parse_numbers("0,5")
    with speaking("de"):
        assert parse_numbers("0,5")[1].tolist() == [[0.5]]


def test_the_same_word_has_the_same_vector():
    words, vectors = parse_words("good Good bad 🙂")
    assert words == ["good", "Good", "bad", "🙂"]
    np.testing.assert_array_equal(vectors[0], vectors[1])
    assert not np.array_equal(vectors[0], vectors[2])


@given(units=st.integers(1, 4), features=st.integers(1, 3), seed=st.integers(0, 99))
def test_weights_come_back_from_the_address(units, features, seed):
    original = LSTMCell.initialise(features, units, seed)
    again = lesson.cell_from(lesson.weights_text(original), original)
    for name, array in original.parameters.items():
        np.testing.assert_allclose(again.parameters[name], array, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("text", ["", "1_2", "a_b", "_".join(["nan"] * 12), "1_" * 40])
def test_weights_that_do_not_fit_are_refused(text):
    with pytest.raises(ValueError, match="address"):
        lesson.cell_from(text, LSTMCell.initialise(1, 1, 0))


def test_the_table_of_weights_names_kernel_recurrent_kernel_and_bias():
    cell = LSTMCell.initialise(2, 2, 0)
    assert lesson.row_names(cell) == ["W · x[1]", "W · x[2]", "R · h[1]", "R · h[2]", "b"]
    assert lesson.column_names(cell)[2:4] == ["forget gate f[1]", "forget gate f[2]"]


@given(word=st.text(min_size=1, max_size=12).filter(lambda text: len(text.split()) == 1))
def test_word_vectors_come_back_from_the_address(word):
    table = lesson.vocabulary([word, "film"])
    assert lesson.vectors_text(table) == ""
    changed = table | {"film": np.array([1.5, -2.0, 0.25])}
    again = lesson.vectors_from(lesson.vectors_text(changed), [word, "film"])
    assert list(again) == list(table)
    np.testing.assert_array_equal(again["film"], [1.5, -2.0, 0.25])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"film": 1}',
        '{"film": [1, 2]}',
        '{"film": [1, 2, 1e99]}',
        '{"film": ["a", 2, 3]}',
    ],
)
def test_word_vectors_that_do_not_fit_are_refused(text):
    with pytest.raises(ValueError, match="address"):
        lesson.vectors_from(text, ["film"])


# ---- Sentences ------------------------------------------------------------------------------------


def test_slips_of_the_pen_are_told_with_their_numbers(trace):
    cell = run("Count").cell
    wrong = with_exchanged_states(cell, trace.inputs)
    sentence = lesson.exchanged_sentence(trace, wrong, 0)
    most = np.abs(wrong.hidden_state - trace.hidden_state)[:, 0].argmax()
    assert f"{trace.hidden_state[most, 0]:.3f}" in sentence
    assert f"{wrong.hidden_state[most, 0]:.3f}" in sentence
    assert "above 1" in sentence
    refused = lesson.summed(LSTMCell.initialise(3, 2, 0), np.ones((2, 3)))
    assert "cannot be added" in lesson.sum_sentence(trace, refused, 0)
    added = lesson.summed(cell, trace.inputs)
    assert "instead of" in lesson.sum_sentence(trace, added, 0)


def test_what_changed_is_told_against_the_run_before(trace):
    cell = run("Count").cell
    now = cell.clamped({"forget": 0.0}).run(trace.inputs)
    sentence = lesson.differences(now, trace, 0)
    assert f"{now.cell_state[-1, 0]:.3f}" in sentence
    assert f"{trace.cell_state[-1, 0]:.3f}" in sentence
    assert "nothing changed" in lesson.differences(trace, trace, 0)
    assert "nothing changed" in lesson.differences(cell.run(trace.inputs[:2]), trace, 0)


def test_kept_and_written_stack_to_the_cell_state(trace):
    labels = ["<b>x</b>", *"bcdefg"]
    figure = figures.kept_and_written(trace, labels, 0, DARK, trace)
    kept, written, c, before = figure.data
    np.testing.assert_allclose(kept.y + written.y, c.y)
    np.testing.assert_array_equal(before.y, trace.cell_state[:, 0])
    assert figure.layout.xaxis.ticktext[0].startswith("&lt;b&gt;")
    assert f"{trace.kept[1, 0]:.3f}" in figures.kept_and_written_alt(trace, 0)


def test_of_many_steps_every_few_are_labelled():
    many = side_by_side({"one": np.arange(60.0)}, ["word"] * 60, "h", LIGHT)
    assert len(many.layout.xaxis.ticktext) == 30
    assert "59.000" in side_by_side_alt({"one": np.arange(60.0)}, "h")


# ---- The code is the cell's -----------------------------------------------------------------------


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_the_code_that_is_shown_is_the_source_of_step(walk):
    source = inspect.getsource(walk.cell.step)
    shown = "\n".join("    " + line for line in walk.code)
    before, docstring, after = source.split('"""')
    assert docstring
    assert shown == (before.rstrip(" ") + after.lstrip("\n")).rstrip("\n")


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_each_stage_lights_the_line_that_assigns_its_quantity(walk):
    for stage in walk.stages[1:]:
        assert walk.code[walk.lines[stage.link]].strip().startswith(f"{stage.link} = ")
    assert walk.code[walk.lines["x"]].strip().startswith("x, h")
    places = [walk.lines[stage.link] for stage in walk.stages]
    assert places == sorted(set(places)), "from above to below, a line for each"


@pytest.mark.parametrize("chapter", WALKS)
def test_the_program_to_copy_has_the_lines_of_step_in_its_loop(chapter):
    walk = WALKS[chapter]
    program = [line.strip() for line in programs(chapter).lstm_core.splitlines()]
    step = [line.strip() for line in walk.code[2:-1]]
    unpacking = [line.replace("self.", "cell.") for line in step if "self." in line]
    equations = [line for line in step if "self." not in line]
    for lines in (unpacking, equations):
        place = program.index(lines[0])
        assert program[place : place + len(lines)] == lines
    assert {stage.link for stage in walk.stages[1:]} <= {line.split()[0] for line in equations}


def executed(program):
    names = {"__name__": "program"}
    exec(program, names)
    return names


@pytest.mark.parametrize("chapter", WALKS)
def test_the_loop_of_the_program_to_copy_ends_where_the_run_ends(chapter):
    names = executed(programs(chapter).lstm_core)
    trace = names["cell"].run(names["inputs"])
    np.testing.assert_allclose(names["h"], trace.hidden_state[-1], rtol=1e-12)
    if "c" in names:
        np.testing.assert_allclose(names["c"], trace.cell_state[-1], rtol=1e-12)


@pytest.mark.parametrize(
    ("layer", "direction", "held"),
    [("first", "forward", {}), ("second", "backward", {"forget": 0.5})],
)
def test_the_loop_ends_where_the_cell_of_the_network_ends(layer, direction, held):
    text, reader = "The film was not good, not at all.", Reader.load()
    off = [3] if held else []
    seen = open_up(reader, reader.ids(text), LAYERS.index(layer), direction, held, off)
    trace = seen.trace
    names = executed(lesson.trained_programs(text, layer, direction, held, off).lstm_core)
    np.testing.assert_allclose(names["h"], trace.hidden_state[-1], rtol=1e-9)
    np.testing.assert_allclose(names["c"], trace.cell_state[-1], rtol=1e-9)


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_every_place_of_a_walk_has_its_number(walk):
    cell = walk.cell.initialise(2, 3, 0)
    trace = cell.run(np.ones((4, 2)))
    numbers = {*quantities(trace), *parts(walk, cell, trace), "t", "t_before"}
    written = "".join(stage.formula + stage.spoken_sentence for stage in walk.stages)
    assert set(re.findall(r'data-value="(\w+)"', written)) <= numbers
    assert set(re.findall(r'data-pill="(\w+)"', walk.draw())) <= numbers
    assert {track.key for track in walk.tracks} <= numbers
    gates = {stage.gate for stage in walk.stages if stage.gate}
    assert gates == set(walk.gates) == set(cell.gates)
    places = {int(place) for place in re.findall(r'data-stage="(\d+)"', walk.draw())}
    assert places == set(range(len(walk.stages)))
    for stage in walk.stages:
        for row in re.findall(r"<math>.*?</math>", stage.formula):
            ElementTree.fromstring(row)
        assert not re.search(r"<mo[^>]*>\w", stage.formula), "a piece that was not understood"


# ---- The player -----------------------------------------------------------------------------------


def data_of(cell, walk, trace, labels, **more):
    return player_data(walk, cell, trace, labels, list(range(cell.units)), 0, LIGHT, **more)


@pytest.mark.parametrize(
    "draw", [drawings.lstm_drawing, drawings.rnn_drawing, drawings.gru_drawing]
)
def test_a_drawing_is_well_formed_and_its_gates_can_be_reached(draw):
    svg = ElementTree.fromstring(draw())
    gates = [node for node in svg.iter("g") if node.get("data-gate")]
    assert gates
    assert all(gate.get("role") == "button" and gate.get("tabindex") == "0" for gate in gates)


def test_the_player_gets_every_number_of_the_run_and_sums_that_add_up(trace):
    cell = run("Count").cell
    data = data_of(cell, walks.LSTM, trace, ["<b>", *"bcdefg"])
    json.dumps(data, allow_nan=False)
    assert data["labels"][0] == "<b>"
    assert data["method"] == "LSTMCell.step"
    np.testing.assert_allclose(data["values"]["c"], trace.cell_state, rtol=1e-5)
    np.testing.assert_allclose(data["values"]["written"], trace.written, rtol=1e-5)
    for name, gate in data["gates"].items():
        for t, places in enumerate(gate["places"]):
            weights = [gate["weights"][place] for place in places]
            total = np.dot(gate["inputs"][t], weights) + gate["bias"][t]
            z = trace.pre_activation[t, cell.columns(name)][0]
            assert total == pytest.approx(z, rel=1e-4, abs=1e-4)


def test_of_many_terms_the_largest_are_listed_and_the_rest_is_summed():
    cell = LSTMCell.initialise(40, 3, 0)
    trace = cell.run(np.random.default_rng(0).normal(size=(5, 40)))
    gate = data_of(cell, walks.LSTM, trace, list("abcde"))["gates"]["forget"]
    assert gate["more"] == 43 - player_module.TERMS
    whole = np.array([gate["weights"][place] for place in gate["places"][2]])
    z = trace.pre_activation[2, cell.columns("forget")][0]
    total = np.dot(gate["inputs"][2], whole) + gate["rest"][2] + gate["bias"][2]
    assert total == pytest.approx(z, rel=1e-4)


def test_the_player_takes_the_run_before_and_numbers_of_any_size(trace):
    cell = LSTMCell.initialise(3, 8, 0).clamped({"forget": 1.0})
    large = cell.run(np.full((60, 3), 1e6))
    data = data_of(cell, walks.LSTM, large, ["x"] * 60, before=large)
    json.dumps(data, allow_nan=False)
    assert len(data["before"]["c"]) == 60
    assert "before" not in data_of(run("Count").cell, walks.LSTM, trace, list("abcdefg"))
    cell = RNNCell.initialise(1, 2, 0)
    tiny = data_of(cell, walks.RNN, cell.run([[1e-200], [0.0]]), ["a", "b"])
    assert tiny["values"]["a"][0][0] != 0


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_inputs_hidden_state_and_bias_add_up_to_the_pre_activation(walk):
    cell = walk.cell.initialise(2, 3, 5)
    trace = cell.run(np.random.default_rng(0).normal(size=(4, 2)))
    numbers = quantities(trace) | parts(walk, cell, trace)
    for gate, (letter, z, _) in walk.gates.items():
        if (walk.name, gate) == ("gru", "candidate"):
            continue  # There the reset gate stands between.
        whole = numbers[f"xW_{letter}"] + numbers[f"hR_{letter}"] + numbers[f"b_{letter}"]
        np.testing.assert_allclose(whole, numbers[z], rtol=1e-9, atol=1e-12)


def test_units_that_are_switched_off_get_the_sentence_that_a_reader_takes_away():
    def told(changed, *others):
        opened = dataclasses.replace(
            trained().opened, probability=0.021, changed=changed, others=others
        )
        return lesson.verdict_moves(opened, [36], {})

    assert "many units share" in told(0.019, 0.02, 0.022)
    assert "more than on others" in told(0.6, 0.02, 0.05)
    assert "not special" in told(0.1, 0.02, 0.1)


@pytest.mark.parametrize(("layer", "direction"), [(0, "backward"), (1, "forward")])
def test_what_moves_a_unit_is_what_the_network_computes_for_one_word(layer, direction):
    reader = Reader.load()
    hidden = read_alone(reader, layer, direction, 50)
    moving = moving_words(reader, hidden, 7, 2)
    (word, value), *_ = moving.up
    opened = open_up(reader, reader.vocabulary.ids([word]), layer, direction)
    assert opened.trace.hidden_state[0, 7] == pytest.approx(value, abs=1e-5)
    assert moving.up[0][1] >= moving.up[1][1] > moving.down[1][1] >= moving.down[0][1]
    assert f"*{word}*" in lesson.meaning(7, moving)


@pytest.mark.parametrize(("layer", "direction"), [("first", "forward"), ("second", "backward")])
def test_what_a_unit_reacts_to_is_drawn_and_said_with_the_computed_numbers(layer, direction):
    reader, place = Reader.load(), LAYERS.index(layer)
    seen = opened_one(place, direction)
    unit = int(seen.ranking[0])
    moving = moving_words(reader, read_alone(reader, place, direction), unit, 8)
    hidden = seen.trace.hidden_state[:, unit]
    labels = [f"w{t}" for t in range(len(hidden))]
    figure = figures.words_of_a_unit(moving, labels, hidden, unit, LIGHT)
    alone, along = figure.data
    assert list(alone.x) == sorted(alone.x)
    assert alone.x[-1] == moving.up[0][1]
    assert alone.x[0] == moving.down[0][1]
    np.testing.assert_array_equal(along.y, hidden)
    moves = np.abs(np.diff(hidden, prepend=0.0))
    sentence = lesson.reacts(unit, moving, labels, hidden)
    assert f"*w{moves.argmax()}* moves it most" in sentence
    assert f"*{moving.up[0][0]}* raises" in sentence
    assert f"unit {unit + 1}" in sentence


def opened_one(layer, direction):
    reader = Reader.load()
    return open_up(reader, reader.ids("the film was not good"), layer, direction)


@pytest.mark.parametrize("whose", ["keras", "torch"])
@pytest.mark.parametrize("walk", [walks.LSTM, walks.GRU, walks.RNN])
def test_every_notation_computes_the_same_number(walk, whose):
    cell = walk.cell.initialise(3, 2, 4)
    rng = np.random.default_rng(0)
    for name, array in cell.parameters.items():
        array[...] = rng.normal(size=array.shape)
        assert getattr(cell, name) is array or np.array_equal(getattr(cell, name), array)
    trace = cell.run(rng.normal(size=(4, 3)))
    numbers = quantities(trace)
    known = {"x": trace.inputs, "h": trace.previous_hidden_state, "tanh": np.tanh} | in_names_of(
        whose, walk.name, cell
    )
    known |= {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "r": numbers.get("r")}
    written = 0
    for stage in walk.stages:
        if line := notation.code(walk.name, stage.link, cell.units, whose):
            _, expression = line.split(" = ", 1)
            value = eval(f"({expression})", {}, known)
            np.testing.assert_allclose(value, numbers[stage.link], atol=1e-12)
            written += 1
    assert written == max(len(cell.gates), 1)


def in_names_of(whose, kind, cell):
    """Return a cell's weights as Keras names and lays them out, or as PyTorch does."""
    if whose == "keras":
        return {
            "kernel": cell.kernel,
            "recurrent_kernel": cell.recurrent_kernel,
            "bias": cell.bias,
        }
    blocks = {"lstm": (0, 1, 2, 3), "gru": (1, 0, 2), "rnn": (0,)}[kind]

    def laid_out(array):
        parts = np.split(array, len(blocks), axis=-1)
        return np.concatenate([parts[block] for block in blocks], axis=-1)

    ours, theirs = cell.bias if kind == "gru" else (cell.bias, np.zeros_like(cell.bias))
    return {
        "weight_ih": laid_out(cell.kernel).T,
        "weight_hh": laid_out(cell.recurrent_kernel).T,
        "bias_ih": laid_out(ours),
        "bias_hh": laid_out(theirs),
    }
