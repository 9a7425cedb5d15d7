"""The cell's player: how it is stepped, and what it offers besides."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from pages._app.exports import playing_page
from pages._book import walks
from pages._book.player import player_data
from pages._book.slides import SLIDES
from pages._book.style import LIGHT
from pages.cell import lesson
from tests.browser.conftest import sent
from tools.serving import rest

SVG = "{http://www.w3.org/2000/svg}"


def saved(page, folder):
    page.locator(".player .menu summary").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save this drawing (SVG)").click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_drawing_is_saved_with_its_curves_and_needs_no_style_sheet(visit, tmp_path, theme):
    page = visit("/cell?preset=Count&step=25", theme=theme)
    page.locator(".player .where", has_text="Input 4 of 7").wait_for()
    rest(page)
    seen = page.locator("[data-pill=c] text").text_content()
    file = saved(page, tmp_path)
    assert file.name == "lstm_step_26.svg"
    written = file.read_text(encoding="utf-8")
    assert not re.search(
        r"var\(|color\(|color-mix|[\s]class=|[\s]style=|https?://(?!www\.w3)", written
    )
    picture = ElementTree.fromstring(written)
    texts = ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]
    assert seen in texts
    assert any("Input 4 of 7" in text for text in texts)
    assert any("output gate" in text for text in texts)
    assert len(picture.findall(f"{SVG}svg")) == 3, "the drawing and two panels of curves"
    ground = picture.find(f"{SVG}rect").get("fill")
    assert ground == ("#fdfcf9" if theme == "light" else "#12151b")


def test_a_visitors_text_stays_text_in_the_saved_drawing(visit, tmp_path):
    page = visit("/cell?preset=Untrained%2C+words&step=6")
    page.locator(".player .where").wait_for()
    rest(page)
    field = page.get_by_label("The sequence")
    field.fill("<script>alert(1)</script> & good")
    field.press("Enter")
    page.locator(".player .where", has_text="alert").wait_for()
    picture = ElementTree.parse(saved(page, tmp_path)).getroot()
    assert not list(picture.iter(f"{SVG}script"))
    assert any("<script>" in (text.text or "") for text in picture.iter(f"{SVG}text"))


def test_a_quest_is_done_by_the_visitor_on_the_page(visit):
    page = visit("/cell?preset=Leave+the+squash&hold_output=true&hold_output_at=0.1")
    page.locator(".player .where").wait_for()
    rest(page)
    page.get_by_role("radio", name="Your turn").click()
    page.get_by_role("button", name="Next quest", exact=True).click()
    page.get_by_text(re.compile(r"At the last step c = 1\d\.\d+ and h = 0\.1")).wait_for()


def test_the_code_is_that_of_step_and_the_copied_program_gives_the_numbers(visit, context):
    page = visit("/cell?preset=Count&step=1")
    page.locator(".player .where", has_text="forget gate").wait_for()
    rest(page)
    page.get_by_role("button", name="Code", exact=True).click()
    assert page.locator(".code .line").all_text_contents() == list(walks.LSTM.code)
    lit = page.locator(".code .line.now")
    assert lit.text_content().strip() == "f = sigmoid(x @ W_f + h @ R_f + b_f)"
    page.locator(".code .line", has_text="c = f * c + i * g").click()
    page.locator(".player .where", has_text="cell state").wait_for()
    assert lit.text_content().strip() == "c = f * c + i * g"
    widest = page.locator(".lines").evaluate("box => box.scrollWidth - box.clientWidth")
    assert widest <= 0, "no line has to be scrolled to"
    heights = page.locator(".code .line[data-stage-name]").evaluate_all(
        "lines => lines.map((line) => line.getBoundingClientRect().height)"
    )
    assert max(heights) < 1.5 * min(heights), "each equation stands on one line"
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the program").click()
    page.get_by_text("Copied.").wait_for()
    names = {"__name__": "program"}
    exec(page.evaluate("navigator.clipboard.readText()"), names)
    context.clear_permissions()
    start = lesson.SMALL_CELLS["Count"]
    trace = start.cell(1, 0).run(start.read(start.text)[1])
    np.testing.assert_allclose(names["c"], trace.cell_state[-1], rtol=1e-12)
    np.testing.assert_allclose(names["h"], trace.hidden_state[-1], rtol=1e-12)


# ---- Stepping -------------------------------------------------------------------------------------


def test_a_typed_sequence_is_stepped_by_arrow_keys(visit):
    page = visit("/cell")
    page.locator(".player .where").wait_for()
    rest(page)
    field = page.get_by_label("The sequence")
    field.fill("1 0 -1")
    field.press("Enter")
    where = page.locator(".player .where")
    page.locator(".player .where", has_text="Input 1 of 3").wait_for()
    rest(page)
    page.get_by_role("heading", level=1).click()
    for stage in walks.LSTM.names[1:5]:
        page.keyboard.press("ArrowRight")
        assert where.text_content().endswith(f": {stage}")
    preset = lesson.SMALL_CELLS["Forget on a marker"]
    trace = preset.cell(1, 0).run(preset.read("1 0 -1")[1])
    c = f"{trace.cell_state[0, 0]:.3f}"
    assert page.locator("[data-pill=c] text").text_content() == f"c = {c}"
    assert page.locator(".formula > div:not([hidden]) .result").text_content() == c
    assert "c = f * c + i * g" in page.locator(".code .line.now").text_content()
    page.keyboard.press("ArrowLeft")
    assert where.text_content().endswith(": candidate")
    page.wait_for_url(re.compile("step=3"))
    page.reload()
    page.locator(".player .where", has_text="Input 1 of 3, “1”: candidate").wait_for()


def test_the_cell_plays_in_the_browser_without_the_server(visit):
    page = visit("/cell?preset=Count")
    page.locator(".player .where").wait_for()
    rest(page)
    messages = sent(page)
    page.get_by_role("button", name="Play").click()
    page.locator(".player .where", has_text="Input 1 of 7, “1”: candidate").wait_for()
    assert not messages
    page.get_by_role("button", name="Pause").click()
    stopped = page.locator(".player .where").text_content()
    page.wait_for_url(re.compile(r"step=\d"))
    page.wait_for_timeout(1500)
    assert page.locator(".player .where").text_content() == stopped
    assert messages, "the listener hears the step that is told when it rests"


def test_slow_motion_adds_term_by_term(visit):
    page = visit("/cell?preset=Untrained%2C+words&step=1")
    page.locator(".player .where", has_text="forget").wait_for()
    page.locator(".player .menu summary").click()
    page.get_by_label("Slow motion").check()
    page.get_by_role("button", name="Play").click()
    later = page.locator(".arithmetic tr.later")
    page.locator(".arithmetic tr.fresh").wait_for()
    first = later.count()
    assert first > 0
    page.locator(".squashing p", has_text="σ( … )").wait_for()
    page.locator(".squashing p", has_text=re.compile("σ.*= 0")).wait_for()
    assert page.locator(".player .where").text_content().endswith(": forget gate")
    page.locator(".player .where", has_text=": input").wait_for()


def test_a_gate_opens_down_to_one_weight_times_one_input(visit):
    page = visit("/cell?preset=Count&step=6")
    page.locator(".player .where").wait_for()
    rest(page)
    gate = page.locator(".gate[data-gate=input]")
    gate.click()
    preset = lesson.SMALL_CELLS["Count"]
    weight = preset.cell(1, 0).kernel[0, 0]
    row = page.locator(".arithmetic tr", has_text=re.compile("^x"))
    assert f"1.000 × {weight:.3f}" in row.text_content()
    assert gate.get_attribute("aria-expanded") == "true"
    gate.focus()
    page.keyboard.press("Enter")
    assert gate.get_attribute("aria-expanded") == "false"
    assert page.locator(".arithmetic h4").text_content().startswith("output")


def test_word_gate_curve_formula_and_code_point_at_each_other(visit):
    page = visit("/cell?preset=Count&step=4")
    page.locator(".player .where").wait_for()
    rest(page)
    page.get_by_role("button", name="Curves").click()
    page.locator(".key[data-link=f]").hover()
    for part in (".gate", ".curve", ".formula msub", ".code .line"):
        assert page.locator(f"{part}.linked[data-link=f]").count() >= 1, part
    page.get_by_role("heading", level=1).hover()
    page.locator(".word").nth(2).focus()
    page.locator(".hitbox.linked").nth(1).wait_for(state="attached")
    page.locator(".word").nth(2).click()
    page.locator(".player .where", has_text="Input 3 of 7").wait_for()


def test_a_guess_is_dragged_and_then_seen(visit):
    page = visit("/cell?preset=Count")
    page.locator(".player .where").wait_for()
    rest(page)
    page.get_by_role("button", name="Guess first").click()
    page.get_by_label("Your guess").fill("0.5")
    page.get_by_text("Drag your guess").wait_for()
    page.get_by_role("heading", level=1).click()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.get_by_text(re.compile("you are 0.49 off. Mean of 1 guess: 0.49")).wait_for()
    assert page.get_by_label("Your guess").is_disabled()


def test_a_step_that_was_told_before_is_told_again(visit):
    page = visit("/cell?preset=Count")
    page.locator(".player .where").wait_for()
    rest(page)
    for _ in range(2):
        page.get_by_role("heading", level=1).click()
        page.keyboard.press("ArrowRight")
        page.wait_for_url(re.compile("step=1$"))
        page.keyboard.press("ArrowLeft")
        page.wait_for_url(re.compile("preset=Count$"))


def test_another_unit_is_shown_by_its_square(visit):
    page = visit("/cell?preset=Untrained%2C+numbers&units=4&step=4")
    page.locator(".player .where").wait_for()
    rest(page)
    page.locator("[data-strip=c] rect[data-k='2']").click()
    page.wait_for_url(re.compile("unit=3"))
    page.locator(".unitname", has_text="unit 3").wait_for()
    assert page.locator(".player .where").text_content().endswith(": cell state")


def test_the_trained_network_is_opened_and_a_unit_switched_off(visit):
    page = visit("/cell")
    page.locator(".player .where").wait_for()
    rest(page)
    page.get_by_role("radio", name="Trained").click()
    field = page.get_by_label("A sentence in English")
    field.fill("A <b>dull</b> blorfastic film.")
    field.press("Enter")
    page.get_by_text("Unknown to the network").wait_for()
    page.locator(".word", has_text="blorfastic").wait_for()
    assert page.locator(".words b, .where b").count() == 0
    page.get_by_role("button", name="More").first.click()
    page.get_by_test_id("stButtonGroup").filter(has_text="Switch units off").get_by_role(
        "button"
    ).first.click()
    page.get_by_text(re.compile(r"unit \d+ off")).wait_for()


def test_the_back_button_takes_the_step_back(visit):
    page = visit("/cell?preset=Count&step=25")
    page.locator(".player .where", has_text="Input 4 of 7").wait_for()
    rest(page)
    page.goto(page.url.replace("step=25", "step=4"))
    page.locator(".player .where", has_text="Input 1 of 7, “1”: cell state").wait_for()
    page.go_back()
    page.locator(".player .where", has_text="Input 4 of 7").wait_for()


@pytest.mark.parametrize(
    ("path", "gate", "link"),
    [("/recurrence", "hidden", "a"), ("/variants?panel=gru", "update", "z")],
)
def test_other_cells_play_in_the_same_player(visit, path, gate, link):
    page = visit(path)
    page.locator(".player .where").wait_for()
    rest(page)
    page.locator(f".gate[data-gate={gate}]").click()
    page.locator(".arithmetic tr", has_text="bias").wait_for()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.locator(f".pill.now[data-link={link}], .pill.now").first.wait_for()


# ---- What stands on the stage ---------------------------------------------------------------------


def test_play_and_next_stand_beside_the_drawing_and_a_guess_opens_beside_its_button(visit):
    page = visit("/cell")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator(".player .where").wait_for()
    rest(page)
    drawing = page.locator(".drawing svg").bounding_box()
    # Two lines of what is to be seen have their room below it.
    assert drawing["width"] * drawing["height"] > 0.36 * 1280 * 720
    for name in ("Play", "Next", "Previous", "To the end", "Guess first"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box["y"] + box["height"] <= 720, name
    button = page.get_by_role("button", name="Guess first")
    button.click()
    rest(page)
    box = page.locator(".guessbox").bounding_box()
    assert 0 <= button.bounding_box()["y"] - box["y"] - box["height"] < 20
    size = page.locator("[data-pill=c_before] text").evaluate(
        "text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a"
    )
    assert size >= 15


def test_what_the_viewer_chose_beside_the_drawing_is_remembered(visit):
    page = visit("/cell")
    page.locator(".player .where").wait_for()
    rest(page)
    assert page.locator(".viewed > .formula").is_visible()
    page.get_by_role("button", name="Arithmetic", exact=True).click()
    page.locator(".viewed > .arithmetic h4").wait_for()
    page.goto(page.url.split("/cell")[0] + "/variants?panel=gru")
    page.locator(".player .where").wait_for()
    rest(page)
    assert page.locator(".viewed > .arithmetic h4").is_visible()
    assert not page.locator(".viewed > .formula .line").first.is_visible()


def test_the_end_is_one_press_away_and_shows_that_the_bit_was_kept(visit):
    page = visit("/cell?preset=Keep+a+bit")
    page.locator(".player .where").wait_for()
    rest(page)
    page.get_by_role("button", name="To the end").click()
    page.locator(".player .where", has_text="Input 51 of 51").wait_for()
    assert page.locator(".trail rect:not(.later)").count() == 51
    assert page.locator("[data-pill=c] text").text_content().startswith("c = 0.98")


def test_a_press_is_one_idea_on_the_slides_of_the_cell(visit):
    places = [k for k, slide in enumerate(SLIDES) if slide.panel == "player"]
    page = visit(f"/cell?mode=lecture&slide={places[0] + 1}")
    page.locator(".player .where").wait_for()
    rest(page)
    seen = []
    for _ in range(20):
        if f"slide={places[1] + 2}" in page.url:
            break
        page.keyboard.press("PageDown")
        rest(page)
        if page.locator(".player .where").count():
            seen.append(page.locator(".player .where").text_content())
    assert len(seen) <= 14
    stages = [text.split(": ")[1] for text in seen if "Input 4" in text]
    told = list(dict.fromkeys(stages))
    assert told == list(walks.LSTM.names)


def test_the_player_plays_without_the_app_and_without_a_network(context, tmp_path):
    start = lesson.SMALL_CELLS["Count"]
    labels, inputs = start.read(start.text)
    small = start.cell(1, 0)
    data = player_data(walks.LSTM, small, small.run(inputs), labels, [0], 0, LIGHT)
    scripts, styles = ("stepping.js", "player.js"), ("player.css",)
    file = tmp_path / "cell.html"
    file.write_text(playing_page("A cell", scripts, styles, data, LIGHT), encoding="utf-8")
    page = context.new_page()
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    context.set_offline(True)
    try:
        page.goto(file.as_uri())
        page.locator(".player .where", has_text="Input 1 of 7").wait_for()
        page.get_by_role("button", name="Play").click()
        page.locator(".player .where", has_text="candidate").wait_for()
        page.get_by_role("button", name="To the end").click()
        page.locator(".player .where", has_text="Input 7 of 7").wait_for()
        assert page.locator("[data-pill=c] text").text_content() == "c = 4.958"
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
    finally:
        context.set_offline(False)
        page.close()
    assert asked == [file.as_uri()]
    assert not wrong
