"""The cell page's tour acts on its real controls, and changes stay with the cell they were made in."""

from pages.cell import lesson as cell
from tests.app.test_pages import player, widget


def on(app):
    widget(app, "button", "tour_cell_on").click().run()
    assert not app.exception
    assert not app.error


def texts(app):
    return "\n".join(one.value for one in app.markdown)


def test_the_tour_goes_from_card_to_card_on_the_real_controls(open_page):
    app = open_page("cell", preset="Sum")
    widget(app, "button", "tour_cell_start").click().run()
    assert player(app)["labels"] == cell.SMALL_CELLS["Count"].text.split()
    on(app)
    assert player(app)["labels"][3] == "-1"
    assert player(app)["start"]["step"] == 21
    on(app)
    assert "Do this, then go on" in texts(app)
    widget(app, "toggle", "hold_forget").set_value(True).run()
    widget(app, "slider", "hold_forget_at").set_value(0.5).run()
    assert "Do this, then go on" not in texts(app)
    assert "before" in player(app)
    on(app)
    assert not widget(app, "toggle", "hold_forget").value
    widget(app, "slider", "units").set_value(4).run()
    assert len(player(app)["units"]) == 4
    assert "Do this, then go on" not in texts(app)
    on(app)
    assert app.session_state.panel == "trained"
    widget(app, "text_input", "cell_text").set_value("A dull film.").run()
    assert "Do this, then go on" not in texts(app)
    on(app)
    app.session_state["cell_off"] = [player(app)["units"][0] + 1]
    app.run()
    assert "Do this, then go on" not in texts(app)
    assert "drawn 5 times at random" in texts(app)


def test_weights_changed_in_one_cell_are_not_taken_for_those_of_another(open_page):
    changed = cell.SMALL_CELLS["Sum"].cell(1, 0)
    changed.bias[changed.columns("forget")] = -8.0
    written = cell.weights_text(changed)
    app = open_page("cell", preset="Sum", weights=written)
    assert app.query_params["weights"] == written
    widget(app, "button", "tour_cell_start").click().run()
    assert "weights" not in app.query_params
    assert "✔ holds" in texts(app)


def test_in_the_slides_preset_a_mistake_of_the_pseudo_code_is_seen(open_page):
    app = open_page("cell", preset="Leave the squash", errata="true")
    assert "change places" in texts(app)
    assert "becomes 1.9" in texts(app)
    assert "above 1: tanh" in texts(app)


def test_the_notation_card_is_on_the_page_and_in_the_address(open_page):
    assert "weight_ih" not in texts(open_page("cell", panel="errata"))
    app = open_page("cell", notation="true")
    assert "| $W_f$ |" in texts(app)
    assert "`weight_ih[u:2*u].T`" in texts(app)


def test_the_small_and_the_trained_cell_keep_a_step_each(open_page):
    app = open_page(
        "cell", preset="Keep a bit", sequence=cell.SMALL_CELLS["Keep a bit"].text, step="300"
    )
    assert player(app)["start"]["step"] == 300
    app.session_state.panel = "trained"
    app.run()
    assert player(app)["start"]["step"] == 0
    assert "step" not in app.query_params
    app.session_state.panel = "player"
    app.run()
    assert player(app)["start"]["step"] == 300
    assert app.query_params["step"] == "300"
    app.session_state.panel = "learn"
    app.run()
    assert "step 43" in app.radio[0].label


def test_an_address_of_the_trained_cell_brings_its_own_step(open_page):
    app = open_page("cell", panel="trained", step="14")
    assert player(app)["start"]["step"] == 14
    app.session_state.panel = "player"
    app.run()
    assert player(app)["start"]["step"] == 0


def test_an_old_address_holds_gates_of_the_cell_that_it_means(open_page):
    app = open_page(
        "cell",
        cell_source="The network that reads reviews",
        hold_forget="true",
        hold_forget_at="0.25",
    )
    assert app.session_state.panel == "trained"
    assert widget(app, "toggle", "trained_hold_forget").value
    assert "cell_source" not in app.query_params
    assert "hold_forget" not in app.query_params
    app.session_state.panel = "player"
    app.run()
    assert not widget(app, "toggle", "hold_forget").value


def test_what_a_unit_means_is_seen_on_words_and_on_the_sentence(open_page):
    app = open_page("cell", panel="unit", cell_text="A warm film, never dull.")
    assert "Nobody chose what" in texts(app)
    assert "h goes from" in texts(app)
    before = texts(app)
    box = widget(app, "selectbox", "cell_unit")
    box.set_value(box.options[1]).run()
    assert texts(app) != before
