"""Every page, every preset, every widget at its edges; addresses that open what they say."""

import base64
import json

import numpy as np
import pytest

from lstm_core.activations import ACTIVATIONS
from lstm_core.gradient_flow import Experiment, follow
from lstm_core.lessons import activations, cell, chapters, gradients, remedies
from lstm_core.lessons.reviews import EXAMPLES

PAGES = [chapter.file for chapter in chapters.CHAPTERS]


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
    said = texts(app)
    for topic in chapters.LECTURE:
        assert topic.name in said
    for chapter in chapters.CHAPTERS:
        assert f"({chapter.path})" in said


@pytest.mark.parametrize("file", PAGES)
def test_every_page_opens_alive_with_its_question(open_page, file):
    app = open_page(file)
    chapter = next(c for c in chapters.CHAPTERS if c.file == file)
    assert app.title[0].value == chapter.title
    assert chapter.question in texts(app)
    assert not app.error
    assert len(app.get("plotly_chart")) >= 1
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
    app = open_page("activations.py")
    widget(app, "button", f"preset_{preset}").click().run()
    set_to = activations.PRESETS[preset]
    activation = ACTIVATIONS[set_to.function]
    point = np.array([set_to.x])
    drawn = figure(app)["data"]
    assert array(drawn[2]["y"])[0] == pytest.approx(activation.function(point)[0])
    assert array(drawn[5]["y"])[0] == pytest.approx(activation.derivative(point)[0])
    assert not app.exception


def test_the_question_about_activations_is_answered_from_the_screen(open_page):
    app = open_page("activations.py", x="4.0", w="1.0", steps="10")
    app.radio[0].set_value("relu").run()
    assert "Right" in app.success[0].value
    app.radio[0].set_value("tanh").run()
    assert "Not quite" in app.warning[0].value
    assert f"{ACTIVATIONS['tanh'].derivative(np.array([4.0]))[0] ** 10:.3g}" in app.warning[0].value


@pytest.mark.parametrize("preset", cell.PRESETS)
def test_cell_presets_prove_their_claims_on_the_page(open_page, preset):
    app = open_page("cell.py")
    app.selectbox[0].set_value(preset).run()
    assert "✔ holds" in texts(app)
    assert app.text_input[0].value == cell.PRESETS[preset].text
    assert not app.exception
    assert not app.error


def test_stepping_through_a_cell_reaches_every_stage_and_stops_at_the_ends(open_page):
    app = open_page("cell.py")
    app.text_input[0].set_value("1 0").run()
    assert widget(app, "button", "step_previous").disabled
    for stage in cell.STAGES[1:] + cell.STAGES:
        widget(app, "button", "step_next").click().run()
        assert f"**{stage}**" in texts(app)
    assert widget(app, "button", "step_next").disabled
    widget(app, "button", "step_previous").click().run()
    assert "**output**" in texts(app)


def test_the_live_numbers_are_those_of_the_cell(open_page):
    app = open_page("cell.py", preset="Count", step="25")
    preset = cell.PRESETS["Count"]
    trace = preset.cell(1, 0).run(cell.parse_numbers(preset.text)[1])
    assert f"\\mathbf{{{trace.cell_state[3, 0]:.3f}}}" in texts(app)
    assert widget(app, "slider", "step").value == 25


@pytest.mark.parametrize("typed", ["", "one", "1 nan", "1 " * 61, "<script>", "💥", "1e999"])
def test_what_is_no_sequence_is_said_and_stays(open_page, typed):
    app = open_page("cell.py")
    app.text_input[0].set_value(typed).run()
    assert not app.exception
    assert len(app.error) == 1
    assert app.text_input[0].value == typed
    assert app.get("plotly_chart")


def test_a_shorter_sequence_keeps_the_step_in_range(open_page):
    app = open_page("cell.py", step="69")
    app.text_input[0].set_value("1").run()
    assert not app.exception
    assert "**hidden state**" in texts(app)


def test_weights_in_the_address_are_used_and_wrong_ones_named(open_page):
    original = cell.PRESETS["Count"].cell(1, 0)
    original.bias[original.columns("forget")] = -8.0
    written = cell.weights_text(original)
    app = open_page("cell.py", preset="Count", weights=written)
    assert "✘ does not hold" in texts(app)
    assert app.query_params["weights"] == written
    app = open_page("cell.py", preset="Count", weights="1_2_3")
    assert "3 weights; this cell has 12" in app.error[0].value
    assert "✔ holds" in texts(app)


@pytest.mark.parametrize("preset", gradients.PRESETS)
def test_gradient_presets_prove_their_claims_on_the_page(open_page, preset):
    app = open_page("gradients.py")
    widget(app, "button", f"preset_{preset}").click().run()
    assert "✔ holds" in texts(app)
    flows = gradients.follow_all(gradients.PRESETS[preset].experiment)
    for line, (name, flow) in zip(figure(app)["data"], flows.items(), strict=False):
        assert line["name"] == name
        np.testing.assert_allclose(array(line["y"]), flow.norms, rtol=1e-6)
    assert not app.exception


def test_the_animation_travels_with_the_page(open_page):
    app = open_page("gradients.py", length="30")
    drawn = figure(app)
    assert len(drawn["frames"]) == 30
    assert drawn["layout"]["yaxis"]["type"] == "log"


@pytest.mark.parametrize("preset", remedies.PRESETS)
def test_remedy_presets_prove_their_claims_on_the_page(open_page, preset):
    app = open_page("remedies.py")
    widget(app, "button", f"remedy_preset_{preset}").click().run()
    assert "✔ holds" in texts(app)
    assert not app.exception


def test_every_remedy_says_what_it_does_not_cure_and_all_go_together(open_page):
    app = open_page("remedies.py")
    for key in remedies.REMEDIES:
        widget(app, "toggle", f"remedy_{key}").set_value(True).run()
        assert not app.exception
    for remedy in remedies.REMEDIES.values():
        assert remedy.does_not in texts(app)
    assert "Ω" in app.warning[0].value
    assert [trace["name"].split(":")[0] for trace in figure(app, 2)["data"]] == [
        "as it is",
        "clipped by norm",
        "clipped by value",
    ]


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("gradients.py", {"rate": "nan", "length": "1"}),
        ("gradients.py", {"rate": "1000", "gain": "10", "length": "200", "activation": "linear"}),
        ("gradients.py", {"network": "LSTM", "gain": "0", "length": "200"}),
        ("remedies.py", {"remedy_rate": "nan", "remedy_length": "1", "remedy_truncate": "true"}),
        ("remedies.py", {"remedy_rate": "1000", "remedy_gain": "10", "remedy_length": "200"}),
        ("remedies.py", {"remedy_window": "999", "remedy_truncate": "true", "echo_units": "7"}),
        ("remedies.py", {"cliff_rate": "nan", "cliff_w": "nan", "echo_radius": "inf"}),
    ],
)
def test_extreme_settings_get_a_picture_and_words(open_page, page, address):
    app = open_page(page, **address)
    assert not app.exception
    assert len(app.get("plotly_chart")) >= 3
    assert "nan" not in texts(app).replace("nance", "").split()


def test_a_dead_network_gets_words_instead_of_arrows(open_page):
    app = open_page("gradients.py", activation="relu", gain="0.0", length="1", seed="3")
    widget(app, "slider", "length").set_value(40).run()
    assert "exactly 0" in texts(app)
    assert not app.exception


@pytest.mark.parametrize(
    ("address", "key", "kind"),
    [
        ({"length": "99999"}, "length", "slider"),
        ({"gain": "-3"}, "gain", "slider"),
        ({"gain": "abc"}, "gain", "slider"),
        ({"activation": "nonsense"}, "activation", "button_group"),
    ],
)
def test_nonsense_in_the_address_falls_back(open_page, address, key, kind):
    app = open_page("gradients.py", **address)
    assert not app.exception
    shown = widget(app, kind, key).value
    assert shown == gradients.PRESETS["Vanishing"].experiment.activation or kind == "slider"


def test_an_address_reopens_the_same_run(open_page):
    app = open_page("gradients.py", activation="relu", gain="2.5", length="25", seed="7")
    expected = follow(Experiment("relu", "orthogonal", 2.5, 32, 25, 7)).norms
    np.testing.assert_allclose(array(figure(app)["data"][0]["y"]), expected, rtol=1e-6)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_one_click_away(open_page, name):
    app = open_page("reviews.py")
    widget(app, "button", f"example_{name}").click().run()
    assert app.text_area[0].value == EXAMPLES[name]
    assert "coloured-words" in app.get("html")[-1].proto.body
    assert not app.exception


def read(app, text):
    app.text_area[0].set_value(text)
    next(b for b in app.button if b.label == "Read it").click().run()
    return app


def test_a_pasted_review_gets_its_verdict_and_goes_into_the_address(open_page):
    app = read(open_page("reviews.py"), "A dull, lifeless and pointless film.")
    shown = "".join(element.proto.body for element in app.get("html"))
    assert "negative" in shown
    assert app.query_params["text"] == "A dull, lifeless and pointless film."
    again = open_page("reviews.py", text="A dull, lifeless and pointless film.")
    assert again.text_area[0].value == "A dull, lifeless and pointless film."


@pytest.mark.parametrize("text", ["", "   ", "!!!", "😀😀", "-- --"])
def test_nothing_to_read_is_said_beside_the_field(open_page, text):
    app = read(open_page("reviews.py"), text)
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
    app = read(open_page("reviews.py"), text)
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

    assert f"**{measured()['test']['accuracy']:.1%}**" in texts(open_page("reviews.py"))


def test_back_to_the_preset_undoes_every_change(open_page):
    changed = cell.PRESETS["Count"].cell(1, 0)
    changed.bias[changed.columns("forget")] = -8.0
    app = open_page("cell.py", preset="Count", weights=cell.weights_text(changed))
    assert "✘ does not hold" in texts(app)
    before = app.dataframe[0].proto.id
    next(b for b in app.button if b.label.startswith("Back to")).click().run()
    assert "✔ holds" in texts(app)
    assert "weights" not in app.query_params
    assert app.dataframe[0].proto.id != before


def test_weights_beyond_reason_are_named_and_nothing_breaks(open_page):
    app = open_page("cell.py", preset="Count", step="1", weights="_".join(["1e308"] * 12))
    assert "between -1e+06 and 1e+06" in app.error[0].value


def test_a_text_beyond_reason_gets_a_clear_answer(open_page):
    app = read(open_page("reviews.py"), "x" * 1_000_000)
    assert "1,000,000 characters" in app.error[0].value
    assert not app.exception


def test_the_way_back_is_stepped_and_its_address_reopens_it(open_page):
    app = open_page("bptt.py", bptt_step="4")
    assert "Back, step 4 of 4" in texts(app)
    next(b for b in app.button if b.label == "Next").click().run()
    assert "output gate" in texts(app)
    assert app.query_params["bptt_step"] == "5"
    assert "✔" in texts(app)
    assert "✘" not in texts(app)


@pytest.mark.parametrize("text", ["A dull film.", "", "<b>bold</b> 👍", "word " * 99])
def test_the_way_back_through_the_trained_network(open_page, text):
    app = open_page("bptt.py", bptt_source="The network that reads reviews", bptt_text=text)
    assert not app.exception
    assert "✔" in texts(app)
    assert "✘" not in texts(app)
    assert bool(app.error) == (text in {"", "word " * 99})
    layer = next(g for g in app.get("button_group") if g.key == "bptt_layer")
    layer.set_value(["second"]).run()
    assert not app.exception


def test_a_wrong_sequence_on_the_way_back_is_said_beside_the_field(open_page):
    app = open_page("bptt.py")
    widget(app, "text_input", "bptt_sequence").set_value("1 two").run()
    assert "“two”" in app.error[0].value
    assert widget(app, "text_input", "bptt_sequence").value == "1 two"
    assert not app.exception
