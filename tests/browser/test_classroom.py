"""In front of a class: slides by a clicker, a QR code, tours, two languages, things to take home."""

import io
import json
import re
import xml.etree.ElementTree as ET
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image

from pages._book.slides import PANELS, SLIDES
from tools.serving import rest

NUMBER = re.compile(r"slide=(\d+)")


def slide(page):
    found = NUMBER.search(page.url)
    return int(found.group(1)) if found else None


def visible_panels(page):
    return page.evaluate(
        """[...document.querySelectorAll('[class*="st-key-panel_"]')].filter(e => e.offsetParent)
        .map(e => [...e.classList].find(c => c.startsWith('st-key-panel_')).slice(13))"""
    )


def test_a_clicker_goes_through_slides_and_pages(visit):
    page = visit("/activations?mode=lecture&slide=4")
    rest(page)
    assert visible_panels(page) == [SLIDES[3].panel]
    for expected in (5, 6, 7):
        page.keyboard.press("PageDown")
        page.wait_for_url(re.compile(rf"slide={expected}\b"))
        rest(page)
        assert visible_panels(page) == [SLIDES[expected - 1].panel]
        assert f"/{SLIDES[expected - 1].chapter.path}?" in page.url
    page.keyboard.press("PageUp")
    page.wait_for_url(re.compile(r"slide=6\b"))
    # The page of the slide is set as the slide says, and controls are out of the way.
    rest(page)
    assert page.locator(".st-key-gain").count() == 1
    assert not page.locator(".st-key-gain").is_visible()
    page.locator(".st-key-controls label").first.click()
    page.locator(".st-key-gain").wait_for(state="visible")


def test_the_arrow_keys_step_the_player_before_they_turn_the_slide(visit):
    place = next(i for i, one in enumerate(SLIDES) if one.panel == "player")
    page = visit(f"/cell?mode=lecture&slide={place + 1}")
    rest(page)
    page.locator(".where").wait_for()
    before = page.locator(".where").inner_text()
    page.keyboard.press("ArrowRight")
    page.locator(".where", has_not_text=before).wait_for()
    rest(page)
    assert slide(page) == place + 1


def place_of(panel):
    return next(place for place, one in enumerate(SLIDES, 1) if one.panel == panel)


PROJECTORS = ((1280, 720), (1920, 1080))


@pytest.mark.parametrize("panel", ["unrolled", "update", "way", "errata", "performance"])
def test_a_slide_fits_the_projector_with_its_notes(visit, panel):
    place = place_of(panel)
    path = SLIDES[place - 1].chapter.path
    page = visit(f"/{path}?mode=lecture&slide={place}&notes=true")
    for width, height in PROJECTORS:
        page.set_viewport_size({"width": width, "height": height})
        rest(page)
        assert page.get_by_text(f"Slide {place} of {len(SLIDES)}").is_visible()
        hidden, above, below = page.evaluate(
            """panel => {
                const main = document.querySelector('.stMain');
                const box = document.querySelector(`.st-key-panel_${panel}`).getBoundingClientRect();
                const foot = document.querySelector('[data-testid=stBottom]').getBoundingClientRect();
                return [main.scrollHeight - main.clientHeight, box.top, foot.height];
            }""",
            panel,
        )
        assert hidden <= 2, height
        # What is not the panel takes less than a third of the screen.
        assert above + below < height / 3


def test_the_type_of_a_figure_grows_with_the_projector(visit):
    smallest = {}
    page = visit(f"/remedies?mode=lecture&slide={place_of('clipping')}")
    for width, height in PROJECTORS:
        page.set_viewport_size({"width": width, "height": height})
        rest(page)
        smallest[height] = page.locator(".js-plotly-plot .legendtext").first.evaluate(
            "e => parseFloat(getComputedStyle(e).fontSize)"
        )
    assert smallest[720] > 18
    assert smallest[1080] == pytest.approx(1.5 * smallest[720], rel=0.01)


def test_down_scrolls_and_a_new_slide_begins_at_its_top(visit):
    page = visit(f"/cell?mode=lecture&slide={place_of('player')}")
    page.set_viewport_size({"width": 1280, "height": 720})
    rest(page)
    top = "() => document.querySelector('.stMain').scrollTop"
    page.keyboard.press("ArrowDown")
    page.wait_for_function(f"({top})() > 200")
    page.keyboard.press("End")
    page.wait_for_url(re.compile(rf"slide={place_of('kept')}\b"))
    rest(page)
    assert page.evaluate(top) == 0


def test_a_text_beside_controls_is_not_hidden_with_them(visit):
    page = visit(f"/bptt?mode=lecture&slide={place_of('way')}")
    rest(page)
    shown = page.locator(".st-key-panel_way")
    assert shown.get_by_text("Checked by finite differences").is_visible()
    assert not page.locator(".st-key-bptt_units").is_visible()


def test_the_switches_stand_in_the_address_once(visit):
    page = visit("/recurrence?mode=lecture&slide=3&notes=true")
    rest(page)
    for expected in (4, 5, 6, 7):
        page.keyboard.press("PageDown")
        page.wait_for_url(re.compile(rf"slide={expected}\b"))
        rest(page)
        assert page.url.count("notes=true") == 1, page.url
        assert page.get_by_text(f"Slide {expected} of").is_visible()
    page.locator(".st-key-notes label").first.click()
    page.wait_for_url(lambda url: "notes=" not in url)


def test_the_qr_code_fits_a_small_projector(visit):
    page = visit("/gradients?mode=lecture&slide=6&notes=true")
    page.set_viewport_size({"width": 1280, "height": 720})
    rest(page)
    page.locator(".st-key-qr_open button").click()
    code = page.get_by_role("img", name="QR code")
    code.wait_for()
    page.get_by_text("This address works on this machine alone").wait_for()
    dialog = page.get_by_role("dialog").bounding_box()
    assert dialog["y"] + dialog["height"] <= 720
    assert code.bounding_box()["height"] > 360


def parts(address):
    """Take an address apart, for its values may be written in more than one way."""
    whole = urlsplit(address)
    return whole.netloc, whole.path, parse_qs(whole.query)


def seen_in_the_qr_code(page):
    """Open the QR code and read it from the screen, as a telephone would."""
    page.locator(".st-key-qr_open button").click()
    code = page.locator(".qr img")
    code.wait_for()
    rest(page)
    picture = Image.open(io.BytesIO(code.screenshot()))
    assert picture.getpixel((2, 2))[:3] == (255, 255, 255), "dark on white"
    return zxingcpp.read_barcode(picture).text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_qr_code_holds_the_address(visit, theme):
    page = visit("/activations?mode=lecture&panel=picture&x=2&lang=de&controls=true", theme=theme)
    rest(page)
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: "x=2&" not in url)
    rest(page)
    shown = page.url
    address = seen_in_the_qr_code(page)
    assert parts(address) == parts(shown)
    assert page.locator(".qr p").first.inner_text() == address


def test_the_qr_code_knows_the_step_of_a_player(visit):
    page = visit("/cell?mode=lecture&slide=9")
    rest(page)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    rest(page)
    assert parts(seen_in_the_qr_code(page)) == parts(page.url)


def test_a_control_can_be_hidden_by_the_address(visit):
    page = visit("/activations?hide=x,w,<script>")
    rest(page)
    assert not page.locator(".st-key-x").is_visible()
    assert not page.locator(".st-key-w").is_visible()
    assert page.locator(".st-key-steps").is_visible()


def test_a_tour_points_waits_and_ends(visit):
    page = visit("/activations")
    rest(page)
    page.get_by_role("button", name="Guided tour").click()
    page.get_by_text("Do this, then go on.").wait_for()
    assert "cue" in page.locator(".st-key-x").evaluate("e => getComputedStyle(e).animationName")
    page.get_by_role("slider", name="Pre-activation").focus()
    for _ in range(32):
        page.keyboard.press("ArrowRight")
    page.locator(".st-key-tour").get_by_text("Done.").wait_for()
    assert page.locator(".st-key-x").evaluate("e => getComputedStyle(e).animationName") == "none"
    page.get_by_role("button", name="Leave the tour").click()
    page.locator(".st-key-tour").wait_for(state="detached")
    rest(page)
    assert "tour=" not in page.url


def box(page, key):
    return page.locator(f".st-key-{key}").bounding_box()


@pytest.mark.parametrize(("width", "most"), [(1280, 120), (360, 270)])
def test_a_card_of_the_tour_brings_its_control_into_view_and_leaves_room(visit, width, most):
    page = visit("/remedies?tour=4", width)
    page.locator(".st-key-tour").wait_for()
    rest(page)
    for place, key in enumerate(("arrow_limit", "cliff_norm", "echo_radius")):
        page.get_by_role("button", name="Go on").click()
        page.get_by_text(f"{place + 5} of 7").wait_for()
        # The tour looks four times, 100 ms apart, whether the control stands still; then it scrolls.
        rest(page, quiet=700)
        card, control = box(page, "tour"), box(page, key)
        assert card["height"] < most
        assert control["y"] >= card["y"] + card["height"], "the card covers its control"
        assert control["y"] + control["height"] <= 900, "the control is below the fold"


def test_on_a_phone_a_card_that_is_done_folds_itself(visit):
    page = visit("/remedies?tour=1", 360)
    text = page.locator(".st-key-tour").get_by_text("Its gradient grows")
    text.wait_for()
    rest(page)
    page.locator(".st-key-remedy_norm label").click()
    text.wait_for(state="hidden")
    assert box(page, "tour")["height"] < 120
    page.locator(".st-key-tour summary").click()
    text.wait_for(state="visible")
    page.get_by_role("button", name="Go on").click()
    page.locator(".st-key-tour").get_by_text("Truncation goes back").wait_for()


def test_a_tour_is_walked_by_the_keyboard_alone(visit):
    page = visit("/remedies?tour=4")
    page.locator(".st-key-tour").wait_for()
    rest(page)
    page.get_by_role("button", name="Go on").focus()
    page.keyboard.press("Enter")
    page.locator(".st-key-arrow_limit input:focus").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.type("1000")
    page.keyboard.press("Enter")
    page.locator(".st-key-tour").get_by_text("Done.").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Go on"


def test_the_language_changes_the_page_and_keeps_its_state(visit):
    page = visit("/cell?preset=Count")
    rest(page)
    page.get_by_text("Deutsch", exact=True).click()
    page.wait_for_url(re.compile("lang=de"))
    rest(page)
    assert (
        "Gedächtnis" in page.locator("body").inner_text()
        or "Zelle" in page.locator("body").inner_text()
    )
    address = page.url
    assert "preset=" in address
    again = visit(address[address.index("/cell") :])
    rest(again)
    assert (
        again.locator(".st-key-preset").inner_text() == page.locator(".st-key-preset").inner_text()
    )
    page.get_by_text("English", exact=True).click()
    page.wait_for_url(re.compile("preset=Count"))
    assert "lang=" not in page.url


def test_a_figure_is_taken_home(visit, tmp_path):
    page = visit("/activations")
    page.locator(".js-plotly-plot").first.wait_for()
    rest(page)
    page.locator(".st-key-picture_save button").first.click()
    got = {}
    for name in ("Picture (PNG)", "Picture (SVG)", "Page that moves", "Its data"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        got[file.suffix] = file.read_bytes()
    assert got[".png"].startswith(b"\x89PNG")
    drawing = ET.fromstring(got[".svg"])
    assert "pre-activation x" in "".join(drawing.itertext())
    assert b"Plotly.newPlot" in got[".html"]
    assert b"<script src=" not in got[".html"], "it needs no network"
    assert got[".csv"].startswith(b"trace,x,y,z")
    assert got[".csv"].count(b"\n") > 300


def test_back_opens_a_page_as_it_was_left(visit):
    page = visit("/activations?function=sigmoid&x=2")
    rest(page)
    page.get_by_role("link", name="Glossary").first.click()
    page.get_by_role("heading", name="Glossary", level=1).wait_for()
    rest(page)
    page.go_back()
    page.get_by_role("heading", name="Activations", level=1).wait_for()
    page.wait_for_url(re.compile("function=sigmoid"))
    rest(page)
    assert page.get_by_text("sigmoid(x)").count() >= 1
    assert "x=2" in page.url


def test_progress_is_kept_and_taken_along(visit, tmp_path):
    page = visit("/activations?function=sigmoid&w=4")
    page.get_by_text("Done.").first.wait_for()
    page.get_by_role("link", name="Home").first.click()
    page.get_by_text("2 quests done").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download your progress").click()
    file = tmp_path / "progress.json"
    download.value.save_as(file)
    assert "activations/quest/sigmoid-lives" in json.loads(file.read_text())["achieved"]
    other = visit("/")
    rest(other)
    assert other.get_by_text("quests done").count() == 0
    other.locator("input[type=file]").set_input_files(file)
    other.get_by_text("The file says that 2 things").wait_for()


def test_less_motion_is_respected(visit):
    page = visit("/activations?tour=1", motion="reduce")
    page.locator(".st-key-tour").wait_for()
    rest(page)
    seconds = page.locator(".st-key-x").evaluate("e => getComputedStyle(e).animationDuration")
    assert float(seconds.removesuffix("s")) < 0.001


@pytest.mark.parametrize("chapter", PANELS, ids=lambda chapter: chapter.path)
def test_every_panel_of_the_lecture_shows_something(visit, chapter):
    name = next(iter(PANELS[chapter]))
    page = visit(f"/{chapter.path}?mode=lecture&panel={name}")
    page.locator(f".st-key-panel_{list(PANELS[chapter])[-1]}").wait_for(state="attached")
    rest(page)
    assert visible_panels(page) == [name]
    there = page.evaluate(
        """[...document.querySelectorAll('[class*="st-key-panel_"]')]
        .map(e => [...e.classList].find(c => c.startsWith('st-key-panel_')).slice(13))"""
    )
    assert there == list(PANELS[chapter])
