"""The page on one's own network under Streamlit's test driver: files, inputs, panels, hostile files."""

import io
import json
import zipfile
from functools import cache

import numpy as np
import pytest

from lstm_core import own
from lstm_core.own import examples
from pages.own import lesson
from tests.app.test_pages import player, widget

COUNTS, GRU, TWO, UNITS, _ = lesson.EXAMPLES


@cache
def file_of(name):
    key = lesson.EXAMPLES[name].key
    return examples.EXAMPLES[key], examples.example(key)


def said(app):
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.info]
    return "\n".join(str(part.value) for part in parts)


def show(app, panel, **values):
    """Go to another panel, as a click on its name does, with controls at some values."""
    app.session_state["panel"] = panel
    app.session_state["panel_chosen"] = True
    for key, value in values.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def upload(app, content, name, key="own_file"):
    one = next(each for each in app.file_uploader if each.key == key)
    one.set_value((name, content, "application/octet-stream")).run()
    assert not app.exception, app.exception
    return app


def with_own(open_page, content, name):
    return upload(open_page("own", own_network=lesson.OWN), content, name)


VIEWS = [
    *(("look", {"own_look": look}) for look in lesson.LOOKS),
    *(("step", {"own_view": v}) for v in (lesson.STEP, lesson.MAP, lesson.KEPT, lesson.OFF)),
    *(("flow", {"own_flow": v}) for v in (lesson.FLOW, lesson.VALUES, lesson.BACK)),
    *(("check", {"own_check": v}) for v in (lesson.OUTPUTS, lesson.GATES)),
    *(("carry", {"own_library": library}) for library in lesson.LIBRARIES),
    ("learn", {}),
]


@pytest.mark.parametrize("name", [COUNTS, GRU, TWO, UNITS])
def test_every_picture_is_drawn_of_every_example(open_page, name):
    app = open_page("own", own_network=name)
    for panel, values in VIEWS:
        app = show(app, panel, **values)
        assert not app.error, (panel, values, [one.value for one in app.error])


def test_a_keras_file_is_opened_stepped_and_is_the_network_that_it_was(open_page):
    name, content = file_of(UNITS)
    app = with_own(open_page, content, name)
    assert not app.error
    assert len(widget(app, "radio", "own_look").options) == len(lesson.LOOKS)
    app = show(app, "step")
    assert player(app)["name"] == "lstm"
    assert len(player(app)["units"]) == 8
    app = show(app, "look")
    assert "Keras" in said(app)


def test_what_was_uploaded_stays_from_panel_to_panel_and_ends_when_it_is_taken_away(open_page):
    name, content = file_of(GRU)
    app = with_own(open_page, content, name)
    app = show(app, "step")
    assert player(app)["name"] == "gru"
    app = show(app, "look")
    assert app.session_state["own_file_kept"].name == name
    app.session_state["own_file_kept"] = None
    app.run()
    assert "Until there is a file" in said(app)


def test_numbers_that_do_not_fit_are_said_beside_the_field_and_stay(open_page):
    app = open_page("own", own_network=COUNTS)
    field = widget(app, "text_input", "own_text")
    field.set_value("1 0 one").run()
    assert "Until then an input is made up" in said(app)
    assert widget(app, "text_input", "own_text").value == "1 0 one"
    assert not app.exception


def test_words_are_read_by_the_vocabulary_and_named_in_the_player(open_page):
    app = open_page("own", own_network=TWO, panel="step", own_text="a warm film")
    assert player(app)["labels"] == ["a", "warm", "film"]
    app.session_state["own_direction"] = "backward"
    app.run()
    assert player(app)["labels"] == ["film", "warm", "a"]


def test_a_table_and_a_vocabulary_of_ones_own_are_read(open_page):
    rows = "value,marked\n" + "\n".join(f"{k / 10},{k % 2}" for k in range(9))
    app = open_page("own", own_network=UNITS)
    app = upload(app, rows.encode(), "mine.csv", "own_table")
    assert "It reads the table mine" in said(app)
    app = show(app, "step")
    assert len(player(app)["labels"]) == 9
    app = open_page("own", own_network=TWO)
    words = "\n".join(f"w{k}" for k in range(23)).encode()
    app = upload(app, words, "words.txt", "own_words")
    widget(app, "text_input", "own_text").set_value("w3 w5").run()
    app = show(app, "step")
    assert player(app)["labels"] == ["w3", "w5"]


def test_the_unit_of_the_address_is_shown_though_it_is_not_one_that_matters(open_page):
    app = open_page("own", own_network=UNITS, panel="step", own_unit="47")
    data = player(app)
    assert data["units"][data["front"]] == 46
    last = int(app.session_state.kept["own_seen_False"][1].order[-1]) + 1
    app = open_page("own", own_network=UNITS, panel="step", own_unit=str(last))
    widget(app, "number_input", "own_any").set_value(last).run()
    data = player(app)
    assert data["units"][data["front"]] == last - 1


def test_units_that_are_switched_off_move_the_answer(open_page):
    app = open_page("own", own_network=UNITS, panel="step", own_view=lesson.OFF)
    seen = app.session_state.kept["own_seen_True"][1]
    app.session_state["own_off"] = [int(unit) + 1 for unit in seen.order[:3]]
    app.run()
    assert "Without these 3" in said(app)
    assert "at random" in said(app)


def test_outputs_of_the_library_are_compared_and_the_step_is_named(open_page):
    app = open_page("own", own_network=GRU, panel="check")
    assert "An example, until your outputs are here" in said(app)
    seen = app.session_state.kept["own_seen_False"][1]
    outputs = np.array(seen.run.output)
    for wrong, words in ((0.0, "✔"), (0.5, "parts at step 4")):
        outputs[3:] += wrong
        buffer = io.BytesIO()
        np.save(buffer, outputs)
        app = upload(app, buffer.getvalue(), f"outputs{wrong}.npy", "own_outputs")
        assert words in said(app)
    app.session_state["own_outputs_kept"] = None
    app.run()
    widget(app, "text_area", "own_outputs_pasted").set_value("no numbers").run()
    assert app.error
    assert widget(app, "text_area", "own_outputs_pasted").value == "no numbers"


def test_the_gates_of_a_cell_of_ones_own_are_compared_and_the_mistake_is_named(open_page):
    app = open_page("own", own_network=GRU, panel="check", own_check=lesson.GATES)
    seen = app.session_state.kept["own_seen_False"][1]
    app = upload(app, own.gates_as_csv(seen.trace).encode(), "gates.csv", "own_gates")
    assert "✔" in said(app)
    wrong = next(iter(lesson.misread(seen.cell, seen.kind).values())).run(seen.trace.inputs)
    app = upload(app, own.gates_as_csv(wrong).encode(), "wrong.csv", "own_gates")
    assert "These numbers come out if" in said(app)


@pytest.mark.parametrize("library", lesson.LIBRARIES)
def test_what_is_carried_is_opened_again_and_answers_the_same(open_page, library):
    app = open_page("own", own_network=GRU, panel="carry", own_library=lesson.LIBRARIES[library])
    seen = app.session_state.kept["own_seen_False"][1]
    carried = own.write_network(seen.network, library)
    assert f"Download {carried.name}" in [button.label for button in app.get("download_button")]
    again = own.open_network(carried.data, carried.name)
    np.testing.assert_allclose(again.run(seen.run.inputs).output, seen.run.output, atol=1e-6)


def zip_bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Sequential", "config": {}}))
        archive.writestr("model.weights.h5", bytes(200_000_000))
    return packed.getvalue()


HOSTILE = {
    "model.pt": lambda: b"\x80\x02}q\x00.",
    "empty.keras": lambda: b"",
    "cut.keras": lambda: file_of(COUNTS)[1][:9_000],
    "cut.h5": lambda: file_of(UNITS)[1][:20_000],
    "bomb.keras": zip_bomb,
    "<b>![](x)</b>.onnx": lambda: b"\x08\x07\x12\x00" + b"\xff" * 60,
    "names.safetensors": lambda: (1 << 62).to_bytes(8, "little") + b"{}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence_and_the_page_goes_on(open_page, name):
    app = with_own(open_page, HOSTILE[name](), name)
    assert len(app.error) == 1
    assert len(app.error[0].value) > 20
    if name == "model.pt":
        assert own.SAVE_SAFETENSORS in app.error[0].value
    app = upload(app, *file_of(GRU)[::-1])
    assert not app.error


def test_what_a_file_does_not_say_is_asked_and_the_answer_opens_it_anew(open_page):
    rng = np.random.default_rng(0)
    shapes = {"W": (3, 16), "U": (4, 16), "b": (16,)}
    packed = io.BytesIO()
    np.savez(packed, **{name: rng.normal(size=shape) for name, shape in shapes.items()})
    app = with_own(open_page, packed.getvalue(), "bare.npz")
    asked = next(box for box in app.selectbox if "own_layout" in (box.key or ""))
    before = app.session_state.kept["own_seen_False"][1]
    app.session_state[asked.key] = "iofc"
    app.run()
    after = app.session_state.kept["own_seen_False"][1]
    assert not app.exception
    assert np.abs(before.run.output - after.run.output).max() > 1e-3
