"""What the cell's player offers besides stepping: its drawing as a file, and other languages."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from pages._book import walks
from pages.cell import lesson
from tools.serving import rest

SVG = "{http://www.w3.org/2000/svg}"


def saved(page, folder):
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


def test_a_quest_is_done_on_the_page(visit):
    page = visit("/cell?preset=Leave+the+squash&hold_output=true&hold_output_at=0.05")
    page.locator(".player .where").wait_for()
    rest(page)
    page.get_by_text(re.compile(r"At the last step c = 1\d\.\d+ and h = 0\.05")).wait_for()
    done = page.locator(".st-key-panel_learn p", has_text="know much and say little")
    assert "Done." in done.text_content()
    other = page.locator(".st-key-panel_learn p", has_text="the bit survives 20 steps")
    assert "Not yet." in other.text_content()


def test_the_code_is_that_of_step_and_the_copied_program_gives_the_numbers(visit, context):
    page = visit("/cell?preset=Count&step=1")
    page.locator(".player .where", has_text="forget gate").wait_for()
    rest(page)
    assert page.locator(".code .line").all_text_contents() == list(walks.LSTM.code)
    lit = page.locator(".code .line.now")
    assert lit.text_content().strip() == "f = sigmoid(x @ W_f + h @ R_f + b_f)"
    page.locator(".code .line", has_text="c = f * c + i * g").click()
    page.locator(".player .where", has_text="cell state").wait_for()
    assert lit.text_content().strip() == "c = f * c + i * g"
    widest = page.locator(".code").evaluate("box => box.scrollWidth - box.clientWidth")
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
