"""Every page, every preset, every widget at its edges; addresses that open what they say."""

import base64
import json
import re

import numpy as np
import pytest

from lstm_core.cells.activations import ACTIVATIONS
from lstm_core.gradients.flow import Experiment, follow
from lstm_core.sentiment.reader import Reader, has_word
from lstm_core.sentiment.tokenizer import words
from pages._book import chapters
from pages._book.log_axes import readable
from pages._book.slides import PANELS
from pages.activations import lesson as activations
from pages.cell import lesson as cell
from pages.gradients import lesson as gradients
from pages.remedies import lesson as remedies
from pages.reviews.lesson import EXAMPLES

PAGES = [chapter.path for chapter in chapters.CHAPTERS]


def figure(app, place=0):
    return json.loads(app.get("plotly_chart")[place].proto.spec)


def array(values):
    """Decode an array of a Plotly figure, which may be packed in base64."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
    return np.array(values, dtype=float)


def texts(app):
    return "\n".join(str(element.value) for element in [*app.markdown, *app.latex, *app.caption])


def widget(app, kind, key):
    return next(w for w in getattr(app, kind) if w.key == key)


def test_the_home_page_maps_every_topic_of_the_lecture(open_page):
    app = open_page()
    assert chapters.LECTURE[0].name not in texts(app), "what is closed costs nothing"
    app.session_state.topics = True
    app.run()
    said = texts(app)
    for topic in chapters.LECTURE:
        assert topic.name in said
        assert topic.panel in PANELS[topic.chapter]
        assert f"({topic.chapter.path}?panel={topic.panel})" in said


@pytest.mark.parametrize("file", PAGES)
def test_every_page_opens_alive_with_its_question(open_page, file):
    app = open_page(file)
    chapter = next(c for c in chapters.CHAPTERS if c.path == file)
    assert app.title[0].value == chapter.title
    assert chapter.question in texts(app)
    assert not app.error
    assert app.get("plotly_chart") or app.get("bidi_component")
    for chart in app.get("plotly_chart"):
        assert chart.proto.alt


@pytest.mark.parametrize("file", PAGES)
def test_every_widget_stands_its_edges(open_page, file):
    app = open_page(file)
    for slider in list(app.slider):
        for value in (slider.min, slider.max):
            widget(app, "slider", slider.key).set_value(value).run()
            assert not app.exception, (slider.key, value)
    for number in list(app.number_input):
        for value in (number.min, number.max):
            widget(app, "number_input", number.key).set_value(value).run()
            assert not app.exception, (number.key, value)
    for toggle in list(app.toggle):
        for value in (True, False):
            widget(app, "toggle", toggle.key).set_value(value).run()
            assert not app.exception, (toggle.key, value)


@pytest.mark.parametrize("preset", activations.PRESETS)
def test_activation_presets(open_page, preset):
    app = open_page("activations")
    widget(app, "selectbox", "start_from").set_value(preset).run()
    values = activations.PRESETS[preset].sets
    activation = ACTIVATIONS[values["function"]]
    point = np.array([values["x"]])
    drawn = figure(app)["data"]
    assert array(drawn[4]["y"])[0] == pytest.approx(activation.function(point)[0])
    assert array(drawn[5]["y"])[0] == pytest.approx(activation.derivative(point)[0])
    assert not app.exception


def test_the_question_about_activations_is_answered_from_the_screen(open_page):
    def asked():
        app = open_page("activations", x="4.0", w="1.0", steps="10")
        app.session_state.panel = "learn"
        return app.run()

    app = asked()
    app.radio[0].set_value("relu").run()
    assert "Right" in app.success[0].value
    app = asked()
    app.radio[0].set_value("tanh").run()
    assert "Not quite" in app.warning[0].value
    left = ACTIVATIONS["tanh"].derivative(np.array([4.0]))[0] ** 10
    assert readable(left, 3) in app.warning[0].value


@pytest.mark.parametrize("preset", cell.PRESETS)
def test_cell_presets_prove_their_claims_on_the_page(open_page, preset):
    app = open_page("cell")
    widget(app, "selectbox", "preset").set_value(preset).run()
    assert "✔ holds" in texts(app)
    assert app.text_input[0].value == cell.SMALL_CELLS[preset].text
    assert not app.exception
    assert not app.error


def player(app, place=0):
    """Read what a page gave to a component that is stepped: the one at this place."""
    given = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    data = [one for one in given if "start" in one][place]
    return {**json.loads(data["run"]), **data}


def test_the_player_gets_the_numbers_of_the_cell_and_the_step_of_the_address(open_page):
    app = open_page("cell", preset="Count", step="25")
    preset = cell.SMALL_CELLS["Count"]
    trace = preset.cell(1, 0).run(preset.read(preset.text)[1])
    data = player(app)
    assert data["start"]["step"] == 25
    assert app.query_params["step"] == "25"
    np.testing.assert_allclose(data["values"]["c"], trace.cell_state, rtol=1e-5)
    assert data["labels"] == preset.text.split()
    app = open_page("cell", preset="Count", step="25", panel="learn")
    assert "step 4" in app.radio[0].label


@pytest.mark.parametrize("step", ["-1", "abc", "9" * 40, "²", "", "1.5"])
def test_a_step_that_is_none_is_the_first_or_the_last(open_page, step):
    app = open_page("cell", preset="Count", step=step)
    assert not app.exception
    assert player(app)["start"]["step"] == 0


def test_a_preset_begins_at_its_first_step_or_where_its_claim_is_seen(open_page):
    app = open_page("cell", preset="Count", step="25")
    turn = player(app)["start"]["turn"]
    widget(app, "selectbox", "preset").set_value("Sum").run()
    assert player(app)["start"]["step"] == 0
    assert player(app)["start"]["turn"] > turn
    assert "step" not in app.query_params
    widget(app, "selectbox", "preset").set_value("Keep a bit").run()
    assert app.query_params["step"] == str(51 * 7 - 1), "its proof is in sight at once"


@pytest.mark.parametrize("typed", ["", "one", "1 nan", "1 " * 61, "<script>", "💥", "1e999"])
def test_what_is_no_sequence_is_said_and_stays(open_page, typed):
    app = open_page("cell")
    app.text_input[0].set_value(typed).run()
    assert not app.exception
    assert len(app.error) == 1
    assert app.text_input[0].value == typed
    assert player(app)["labels"] == cell.SMALL_CELLS[cell.FIRST].text.split()


def test_a_shorter_sequence_keeps_the_step_in_range(open_page):
    app = open_page("cell", step="41")
    app.text_input[0].set_value("1").run()
    assert not app.exception
    assert app.query_params["step"] == "6"


@pytest.mark.parametrize(
    ("preset", "said"), [("Count", "instead of"), ("Untrained, words", "cannot be added")]
)
def test_the_errata_card_runs_the_pseudo_code_as_printed(open_page, preset, said):
    app = open_page("cell", preset=preset, errata="true")
    assert not app.exception
    assert app.session_state.panel == "errata"
    assert said in texts(app)
    assert len(figure(app)["data"]) == (3 if said == "instead of" else 2)
    app = open_page("cell", preset=preset, panel="errata")
    assert len(figure(app)["data"]) == 2, "one mistake at a time"


def test_a_held_gate_is_seen_against_the_run_before(open_page):
    app = open_page("cell", preset="Count")
    assert "before" not in player(app)
    widget(app, "toggle", "hold_forget").set_value(True).run()
    widget(app, "slider", "hold_forget_at").set_value(0.0).run()
    data = player(app)
    assert all(row == [0.0] for row in data["values"]["f"])
    assert "before" in data
    assert "✘ does not hold" in texts(app)
    app.session_state.panel = "kept"
    app.run()
    assert "In the run before" in texts(app)
    app.session_state.panel = "trained"
    app.run()
    assert not widget(app, "toggle", "trained_hold_forget").value, "another cell, another gate"
    assert any(value != [0.0] for value in player(app)["values"]["f"])
    again = open_page("cell", preset="Count", hold_forget="true", hold_forget_at="0.0")
    assert player(again)["values"] == data["values"]


def test_word_vectors_are_edited_in_the_address(open_page):
    written = '{"film":[1.0,2.0,3.0]}'
    address = {"preset": "Untrained, words", "vectors": written}
    app = open_page("cell", **address)
    changed = player(app)["gates"]["forget"]["inputs"][1]
    assert changed[:3] == [1.0, 2.0, 3.0]
    assert app.query_params["vectors"] == written
    app = open_page("cell", preset="Untrained, words", vectors="{nonsense")
    assert "cannot be read" in app.error[0].value
    assert not app.exception


TRAINED = {"cell_source": "The network that reads reviews"}


@pytest.mark.parametrize(
    "address",
    [
        TRAINED,
        {"cell_source": "Das Netz, das Rezensionen liest", "lang": "de"},
        {"panel": "trained"},
    ],
)
def test_an_old_address_opens_the_panel_of_the_trained_network(open_page, address):
    app = open_page("cell", **address)
    assert app.session_state.panel == "trained"
    assert "cell_source" not in app.query_params
    assert player(app)["labels"][0] == "the"


def test_gates_that_an_old_address_holds_are_those_of_the_trained_network(open_page):
    app = open_page("cell", **TRAINED, hold_forget="true", hold_forget_at="0.5")
    assert "at 0.5: **" in texts(app)
    assert all(set(row) == {0.5} for row in player(app)["values"]["f"])


def test_the_trained_network_is_opened_in_the_same_player(open_page):
    app = open_page("cell", **TRAINED)
    data = player(app)
    assert "What moves" in texts(app)
    assert len(data["units"]) == 8
    opened = Reader.load().network.layers.layers[0].forward_cell
    assert data["gates"]["forget"]["more"] == opened.features + opened.units - 12
    assert "as trained" in texts(app)
    strongest = data["units"][0] + 1
    off = next(g for g in app.get("button_group") if g.key == "cell_off")
    off.set_value([strongest]).run()
    assert f"unit {strongest} off" in texts(app)
    assert "drawn 5 times at random" in texts(app)
    assert all(row[0] == 0.0 for row in player(app)["values"]["h"])
    again = open_page("cell", **TRAINED, cell_off=str(strongest))
    assert f"unit {strongest} off" in texts(again)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<script>alert(1)</script>",
        "👍👎",
        "שלום",
        "blorfwump",
        "word " * 99,
        "a\u0000b",
        "*x* $y$",
    ],
)
def test_any_sentence_is_opened_or_refused_in_words(open_page, text):
    for page, key, more in (
        ("cell", "cell_text", TRAINED),
        ("variants", "variants_text", {}),
        ("memory", "memory_text", {}),
    ):
        app = open_page(page, **more, **{key: text})
        assert not app.exception, page
        assert "<script" not in texts(app)
        refused = not has_word(words(text)) or len(text) > 400
        assert bool(app.error) == refused, page
        if text in {"שלום", "blorfwump"}:
            assert "Unknown to the network" in app.warning[0].value


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_backward_cell_reads_the_last_word_first(open_page, direction):
    app = open_page("cell", **TRAINED, cell_text="the film was good", cell_direction=direction)
    words = ["the", "film", "was", "good"]
    assert player(app)["labels"] == (words if direction == "forward" else words[::-1])


@pytest.mark.parametrize("text", ["", "   ", "a" * 61])
def test_no_letters_or_too_many_are_said_beside_the_field(open_page, text):
    app = open_page("recurrence")
    widget(app, "text_input", "letters").set_value(text).run()
    assert len(app.error) == 1
    assert widget(app, "text_input", "letters").value == text
    assert player(app)["labels"] == list("banana")


def test_recurrence_and_variants_answer_from_the_screen(open_page):
    app = open_page("recurrence", letters="Zürich", recurrence_units="2")
    assert player(app)["labels"] == list("Zürich")
    app.session_state.panel = "learn"
    app.run()
    app.radio[0].set_value(app.radio[0].options.index("12")).run()
    assert "Right" in app.success[0].value
    app = open_page("recurrence", recurrence_view="folded")
    assert app.session_state.panel == "unrolled"
    app = open_page("variants", gru_sequence="1 0", gru_step="7")
    z = player(app)["values"]["z"][1][0]
    app.session_state.panel = "learn"
    app.run()
    app.radio[0].set_value(app.radio[0].options.index(f"{1 - z:.1%}")).run()
    assert "Right" in app.success[0].value
    app.session_state.panel = "gru"
    app.run()
    widget(app, "text_input", "gru_sequence").set_value("1 two").run()
    assert "“two”" in app.error[0].value


def test_the_lectures_review_is_the_first_that_memory_shows(open_page):
    app = open_page("memory")
    assert "**amazing**" in texts(app)
    widget(app, "selectbox", "start_from").set_value("Mostly plot").run()
    assert "**wonderful**" in texts(app)
    assert not app.exception
    app = open_page("memory", memory_direction="backward")
    assert app.session_state.panel == "map"
    assert "fades to the right" in texts(app)


def test_weights_in_the_address_are_used_and_wrong_ones_named(open_page):
    original = cell.SMALL_CELLS["Count"].cell(1, 0)
    original.bias[original.columns("forget")] = -8.0
    written = cell.weights_text(original)
    app = open_page("cell", preset="Count", weights=written)
    assert "✘ does not hold" in texts(app)
    assert app.query_params["weights"] == written
    app = open_page("cell", preset="Count", weights="1_2_3")
    assert "3 weights; this cell has 12" in app.error[0].value
    assert "✔ holds" in texts(app)


@pytest.mark.parametrize("preset", gradients.PRESETS)
def test_gradient_presets_prove_their_claims_on_the_page(open_page, preset):
    app = open_page("gradients")
    widget(app, "selectbox", "start_from").set_value(preset).run()
    assert "✔ holds" in texts(app)
    flows = gradients.follow_all(gradients.experiment_of(gradients.PRESETS[preset].sets))
    for line, (name, flow) in zip(figure(app)["data"], flows.items(), strict=False):
        assert line["name"] == name
        np.testing.assert_allclose(array(line["y"]), flow.norms, rtol=1e-6)
    assert not app.exception


def test_the_animation_travels_with_the_page(open_page):
    app = open_page("gradients", length="30")
    drawn = figure(app)
    assert len(drawn["frames"]) == 30
    assert drawn["layout"]["yaxis"]["type"] == "log"


def test_clipping_stands_where_the_explosion_is(open_page):
    plain = open_page("gradients", gain="3.0")
    clipped = open_page("gradients", gain="3.0", clip="by norm")
    for one, other in zip(figure(plain)["data"][:3], figure(clipped)["data"][:3], strict=True):
        np.testing.assert_array_equal(array(one["y"]), array(other["y"]))
    assert (
        "step taken: 0.01 × 1 = <b>0.01</b>" in figure(clipped)["layout"]["annotations"][0]["text"]
    )
    assert "The curves stay" in texts(clipped)


@pytest.mark.parametrize("gain", ["0.9", "3", "3.0", "0.37", "10"])
def test_any_gain_of_an_address_is_used(open_page, gain):
    app = open_page("gradients", gain=gain)
    expected = follow(Experiment(gain=float(gain), steps=60)).norms
    np.testing.assert_allclose(array(figure(app)["data"][0]["y"]), expected, rtol=1e-6)


def test_the_list_of_presets_names_the_one_that_the_controls_stand_at(open_page):
    def named(app):
        presets = widget(app, "selectbox", "start_from")
        assert presets.value is None, "nothing stays chosen"
        return presets.placeholder

    app = open_page("gradients")
    assert named(app) == "Vanishing"
    widget(app, "select_slider", "gain").set_value(0.7).run()
    assert named(app) == "a preset"
    widget(app, "selectbox", "start_from").set_value("Exploding").run()
    assert widget(app, "select_slider", "gain").value == 3.0
    assert named(app) == "Exploding"
    for gain in ("3", "3.0"):
        assert named(open_page("gradients", gain=gain)) == "Exploding"
    assert named(open_page("gradients", gain="none")) == "a preset"


@pytest.mark.parametrize("preset", remedies.PRESETS)
def test_remedy_presets_prove_their_claims_on_the_page(open_page, preset):
    app = open_page("remedies", panel="switches")
    widget(app, "selectbox", "start_from").set_value(preset).run()
    assert "✔ holds" in texts(app)
    assert not app.exception


def test_every_remedy_says_what_it_does_not_cure_and_all_go_together(open_page):
    app = open_page("remedies", panel="switches")
    for key in remedies.REMEDIES:
        widget(app, "toggle", f"remedy_{key}").set_value(True).run()
        assert not app.exception
    # Words of the field are links to the glossary.
    said = re.sub(r"\[([^\]]*)\]\(glossary[^)]*\)", r"\1", texts(app))
    for remedy in remedies.REMEDIES.values():
        assert remedy.does_not in said
    assert "Ω" in app.warning[0].value


def test_an_old_address_of_a_remedy_opens_the_switches(open_page):
    app = open_page("remedies", remedy_truncate="true")
    assert app.session_state.panel == "switches"
    shapes = figure(app)["layout"]["shapes"]
    assert [shape["label"]["text"] for shape in shapes] == ["never learned from"]
    assert open_page("remedies", arrow_norm="2").session_state.panel == "clipping"


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("gradients", {"rate": "nan", "length": "1"}),
        ("gradients", {"rate": "1000", "gain": "10", "length": "200", "activation": "linear"}),
        ("gradients", {"network": "LSTM", "gain": "0", "length": "200"}),
        ("gradients", {"clip_norm": "nan", "gain": "10", "length": "200", "activation": "linear"}),
        ("remedies", {"remedy_rate": "nan", "remedy_length": "1", "remedy_truncate": "true"}),
        ("remedies", {"remedy_rate": "1000", "remedy_gain": "10", "remedy_length": "200"}),
        ("remedies", {"remedy_window": "999", "remedy_truncate": "true", "echo_units": "7"}),
        ("remedies", {"cliff_rate": "nan", "cliff_w": "nan", "echo_radius": "inf"}),
    ],
)
def test_extreme_settings_get_a_picture_and_words(open_page, page, address):
    panels = list(PANELS[next(c for c in chapters.CHAPTERS if c.path == page)])
    for panel in panels[:-1]:
        app = open_page(page, panel=panel, **address)
        assert not app.exception, panel
        assert app.get("plotly_chart") or app.info, panel
        assert "nan" not in texts(app).replace("nance", "").split(), panel


def test_a_dead_network_is_said_in_words(open_page):
    app = open_page("gradients", activation="relu", gain="0.0", length="1", seed="3")
    widget(app, "slider", "length").set_value(40).run()
    assert "exactly 0" in texts(app)
    assert not app.exception


@pytest.mark.parametrize(
    ("address", "key", "kind"),
    [
        ({"length": "99999"}, "length", "slider"),
        ({"gain": "-3"}, "gain", "select_slider"),
        ({"gain": "abc"}, "gain", "select_slider"),
        ({"activation": "nonsense"}, "activation", "button_group"),
    ],
)
def test_nonsense_in_the_address_falls_back(open_page, address, key, kind):
    app = open_page("gradients", **address)
    assert not app.exception
    assert widget(app, kind, key).value == gradients.START[key] or kind == "slider"


def test_an_address_reopens_the_same_run(open_page):
    app = open_page("gradients", activation="relu", gain="2.5", length="25", seed="7")
    expected = follow(Experiment("relu", "orthogonal", 2.5, 32, 25, 7)).norms
    np.testing.assert_allclose(array(figure(app)["data"][0]["y"]), expected, rtol=1e-6)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_one_click_away(open_page, name):
    app = open_page("reviews", panel="reading")
    widget(app, "button", f"preset_{name}").click().run()
    assert app.text_area[0].value == EXAMPLES[name]
    assert "".join(word["gap"] + word["text"] for word in player(app)["words"]) in EXAMPLES[name]
    assert not app.exception


def read(app, text):
    app.text_area[0].set_value(text)
    next(b for b in app.button if b.label == "Read it").click().run()
    return app


def test_a_pasted_review_gets_its_verdict_and_goes_into_the_address(open_page):
    app = read(open_page("reviews"), "A dull, lifeless and pointless film.")
    shown = "".join(element.proto.body for element in app.get("html"))
    assert "negative" in shown
    assert app.query_params["text"] == "A dull, lifeless and pointless film."
    again = open_page("reviews", text="A dull, lifeless and pointless film.")
    assert again.text_area[0].value == "A dull, lifeless and pointless film."


@pytest.mark.parametrize("text", ["", "   ", "!!!", "😀😀", "-- --"])
def test_nothing_to_read_is_said_beside_the_field(open_page, text):
    app = read(open_page("reviews"), text)
    assert len(app.error) == 1
    assert app.text_area[0].value == text
    assert not app.exception


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> <img src=x onerror=alert(1)> great",
        "שלום עולם הסרט הזה נהדר",
        "great\u0000film",
        "👍 good film 👎",
        "word " * 5000,
        "=cmd|' /C calc'!A0",
        "$x^2$ **bold** `code` [link](javascript:alert(1)) blorfword",
    ],
)
def test_hostile_text_is_read_or_refused_in_words(open_page, text):
    app = read(open_page("reviews"), text)
    assert not app.exception
    shown = "".join(element.proto.body for element in app.get("html"))
    assert "<script" not in shown
    assert "<img" not in shown
    if len(text) > 3000:
        assert "text" not in app.query_params
        assert any("not read" in warning.value for warning in app.warning)


@pytest.mark.parametrize("file", PAGES)
def test_no_page_shows_a_placeholder_instead_of_its_number(open_page, file):
    app = open_page(file)
    said = "\n".join(str(element.value) for element in [*app.markdown, *app.caption, *app.info])
    assert "{" not in said


def test_the_page_says_how_good_the_network_is_from_the_measured_file(open_page):
    from lstm_core.sentiment.reader import measured

    assert f"**{measured()['test']['accuracy']:.1%}**" in texts(open_page("report"))


def test_back_to_the_preset_undoes_every_change(open_page):
    changed = cell.SMALL_CELLS["Count"].cell(1, 0)
    changed.bias[changed.columns("forget")] = -8.0
    app = open_page("cell", preset="Count", weights=cell.weights_text(changed))
    assert "✘ does not hold" in texts(app)
    app.session_state["cell_change"] = True
    app.run()
    before = app.dataframe[0].proto.id
    next(b for b in app.button if b.label.startswith("Back to")).click().run()
    assert "✔ holds" in texts(app)
    assert "weights" not in app.query_params
    assert app.dataframe[0].proto.id != before


def test_weights_beyond_reason_are_named_and_nothing_breaks(open_page):
    app = open_page("cell", preset="Count", step="1", weights="_".join(["1e308"] * 12))
    assert "between -1e+06 and 1e+06" in app.error[0].value


def test_a_text_beyond_reason_gets_a_clear_answer(open_page):
    app = read(open_page("reviews"), "x" * 1_000_000)
    assert "1,000,000 characters" in app.error[0].value
    assert not app.exception


def test_the_way_back_is_played_from_the_step_of_its_address(open_page):
    app = open_page("bptt", bptt_step="5")
    data = player(app)
    assert data["start"]["step"] == 5
    assert app.query_params["bptt_step"] == "5"
    assert data["labels"] == ["1", "0.5", "-1", "2"]
    assert data["stages"][1]["name"] == "output gate"
    deltas = np.array(data["values"]["dc"])
    assert deltas == pytest.approx(
        np.array(data["values"]["from_h"]) + data["values"]["cell_through"], rel=1e-4
    )
    app = open_page("bptt", panel="weights")
    assert "✔" in texts(app)
    assert "✘" not in texts(app)


@pytest.mark.parametrize("text", ["A dull film.", "", "<b>bold</b> 👍", "word " * 99])
def test_the_way_back_through_the_trained_network(open_page, text):
    source = {"bptt_source": "The network that reads reviews", "bptt_text": text}
    for panel in ("weights", "way"):
        app = open_page("bptt", panel=panel, **source)
        assert not app.exception
        assert ("✔" in texts(app)) == (panel == "weights")
        assert "✘" not in texts(app)
        assert bool(app.error) == (text in {"", "word " * 99})
    layer = next(g for g in app.get("button_group") if g.key == "bptt_layer")
    layer.set_value("second").run()
    assert not app.exception
    assert app.session_state.bptt_layer == "second"


def test_a_wrong_sequence_on_the_way_back_is_said_beside_the_field(open_page):
    app = open_page("bptt")
    widget(app, "text_input", "bptt_sequence").set_value("1 two").run()
    assert "“two”" in app.error[0].value
    assert widget(app, "text_input", "bptt_sequence").value == "1 two"
    assert not app.exception
