"""In front of a class: slides by a clicker, a QR code, tours, two languages, things to take home."""

import io
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image

from pages._book.chapters import ACTIVATIONS
from pages._book.exercises import Step
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


def pressed(page, key):
    """Press a key, and wait until the page has done what it asks for."""
    page.keyboard.press(key)
    rest(page)


def test_page_keys_alone_give_the_whole_lecture(visit):
    page = visit("/")
    page.set_viewport_size({"width": 1280, "height": 720})
    rest(page)
    page.get_by_role("link", name="Start the lecture").click()
    page.wait_for_url(re.compile(r"slide=1\b"))
    rest(page)
    presses, tall = Counter(), []
    while slide(page) != len(SLIDES):
        at = slide(page)
        if not presses[at]:
            hidden = page.evaluate(HIDDEN)
            tall += [f"slide {at} hides {hidden} points"] * (hidden > 2)
            assert visible_panels(page) == [SLIDES[at - 1].panel]
            tall += [f"slide {at} cuts its sentence"] * page.evaluate(CUT)
            for key, value in SLIDES[at - 1].sets.items():
                if isinstance(value, Step) and value:
                    assert f"{key}={value}" in page.url, "a slide begins at its step"
        pressed(page, "PageDown")
        presses[at] += 1
        assert presses[at] <= 12, f"slide {at} holds the clicker"
        assert slide(page) in {at, at + 1}, "no slide is left out, and none comes twice"
    print(f"{sum(presses.values())} presses: {dict(presses)}")
    assert sum(presses.values()) <= 110
    assert tall == []
    for _ in range(2):
        before = slide(page)
        while slide(page) == before:
            pressed(page, "PageUp")
            presses[-before] += 1
            assert presses[-before] <= 12
        assert slide(page) == before - 1


CUT = """() => {
    const bar = document.querySelector(".st-key-lecture").getBoundingClientRect().top;
    const lines = [...document.querySelectorAll(".st-key-stage_below p")];
    return lines.some((one) => one.getBoundingClientRect().bottom > bar + 1);
}"""
HIDDEN = """() => {
    const main = document.querySelector(".stMain");
    return main.scrollHeight - main.clientHeight;
}"""


def turned(page, key, to):
    """Press a key until another slide is shown, which must be the one at place ``to``, from 1."""
    before = slide(page)
    for _ in range(12):
        if slide(page) != before:
            break
        pressed(page, key)
    assert slide(page) == to


def test_a_clicker_works_after_a_click_on_any_control(visit):
    place = place_of("picture")
    page = visit(f"/activations?mode=lecture&slide={place}&controls=true")
    rest(page)
    page.locator("[data-testid=stSlider]").first.click()
    turned(page, "PageDown", place + 1)
    turned(page, "PageUp", place)
    page.locator(".st-key-function button").nth(1).click()
    rest(page)
    turned(page, "ArrowRight", place + 1)


def test_a_dialog_is_closed_by_the_clicker(visit):
    place = place_of("picture")
    page = visit(f"/activations?mode=lecture&slide={place}")
    rest(page)
    page.locator(".st-key-qr_open button").click()
    page.locator(".qr img").wait_for()
    pressed(page, "PageDown")
    page.locator(".qr img").wait_for(state="detached")
    assert slide(page) == place


def test_page_keys_go_from_panel_to_panel_outside_of_the_lecture(visit):
    page = visit("/activations")
    rest(page)
    names = list(PANELS[ACTIVATIONS])
    for name in names[1:]:
        pressed(page, "PageDown")
        assert visible_panels(page) == [name]
    pressed(page, "PageUp")
    assert visible_panels(page) == [names[-2]]


@pytest.mark.parametrize("covers", [False, True])
def test_the_answer_is_hidden_until_the_next_press(visit, covers):
    place = next(n for n, one in enumerate(SLIDES, 1) if one.asks and covers == one.covers)
    one = SLIDES[place - 1]
    page = visit(f"/{one.chapter.path}?mode=lecture&slide={place}")
    rest(page)
    sentence = page.locator(".st-key-stage_below p:not(.st-key-asked p)").first
    picture = page.locator(".st-key-stage_picture .js-plotly-plot").first
    asked = page.locator(".st-key-asked")
    assert asked.is_visible()
    assert asked.inner_text().strip() == one.asks
    assert not sentence.is_visible()
    assert picture.is_visible() != one.covers
    pressed(page, "PageDown")
    assert slide(page) == place
    assert not asked.is_visible()
    assert sentence.is_visible()
    assert picture.is_visible()


def test_an_answer_is_not_seen_before_it_is_hidden(visit):
    place = place_of("chain")
    page = visit(f"/{SLIDES[place - 2].chapter.path}?mode=lecture&slide={place - 1}")
    rest(page)
    page.evaluate(
        """() => {
            window.seen = 0;
            const look = () => {
                const asks = document.querySelector(".st-key-asked");
                const chart = document.querySelector(".st-key-chain .js-plotly-plot");
                if (asks && chart && getComputedStyle(chart).visibility === "visible") window.seen += 1;
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    turned(page, "PageDown", place)
    rest(page)
    assert page.evaluate("window.seen") == 0


def test_the_presenters_view_drives_the_projector(visit):
    page = visit(f"/activations?mode=lecture&slide={place_of('picture')}&cut=45")
    rest(page)
    view = visit("/?present=&cut=45")
    view.get_by_role("heading", name="Presenter's view").wait_for()
    view.get_by_text(re.compile("2 / 1\\d")).wait_for()
    note = view.locator(".note").inner_text()
    assert len(note) > 20
    assert note not in page.locator("body").inner_text()
    begun = view.locator(".where").inner_text()
    for _ in range(12):
        if view.locator(".where").inner_text() != begun:
            break
        view.get_by_role("button", name="Go on").click()
        view.wait_for_timeout(300)
        rest(page)
    assert slide(page) > place_of("picture")
    assert view.locator(".clock").inner_text().startswith("0:")
    view.keyboard.press("PageUp")
    view.locator(".where", has_text=begun).wait_for()


def test_back_goes_back_slide_by_slide_and_panel_by_panel(visit):
    page = visit("/activations")
    rest(page)
    first, *_, last = PANELS[ACTIVATIONS]
    page.locator(".st-key-panel button").last.click()
    page.wait_for_url(re.compile("panel=learn"))
    rest(page)
    page.get_by_role("link", name="Glossary").first.click()
    page.get_by_role("heading", name="Glossary", level=1).wait_for()
    rest(page)
    page.go_back()
    page.locator(f".st-key-panel_{last}").wait_for()
    rest(page)
    page.go_back()
    page.locator(f".st-key-panel_{first}").wait_for()
    rest(page)
    page.go_forward()
    page.locator(f".st-key-panel_{last}").wait_for()
    rest(page)
    page.reload()
    page.locator(f".st-key-panel_{last}").wait_for()
    rest(page)
    page.goto(page.url.replace("panel=learn", "mode=lecture&slide=2"))
    page.get_by_role("heading", level=1).wait_for()


def test_inside_of_another_page_a_panel_stands_alone(visit):
    page = visit("/activations?panel=picture&embed=true&x=2")
    rest(page)
    assert page.locator(".js-plotly-plot").first.is_visible()
    for gone in ("[data-testid=stHeader]", ".st-key-settings", ".st-key-panel", ".st-key-lecture"):
        assert not page.locator(gone).is_visible(), gone
    top = page.locator(".js-plotly-plot").first.bounding_box()["y"]
    assert top < 40


def test_a_rerun_keeps_the_place_on_the_page_and_nothing_jumps(visit):
    page = visit("/activations")
    page.set_viewport_size({"width": 1280, "height": 720})
    rest(page)
    page.evaluate(
        """() => {
            const chart = document.querySelector(".js-plotly-plot");
            window.places = new Set();
            const look = () => {
                const box = document.querySelector(".st-key-stage_picture").getBoundingClientRect();
                window.places.add(`${Math.round(box.top)} ${Math.round(box.height)}`);
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    page.get_by_role("slider").first.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(80)
    rest(page)
    assert page.evaluate("[...window.places]").__len__() == 1


def place_of(panel):
    return next(place for place, one in enumerate(SLIDES, 1) if one.panel == panel)


PROJECTORS = ((1280, 720), (1920, 1080))


def test_the_type_of_a_figure_grows_with_the_projector(visit):
    smallest = {}
    page = visit(f"/activations?mode=lecture&slide={place_of('picture')}")
    for width, height in PROJECTORS:
        page.set_viewport_size({"width": width, "height": height})
        rest(page)
        smallest[height] = page.locator(".js-plotly-plot .xtick text").first.evaluate(
            "e => parseFloat(getComputedStyle(e).fontSize)"
        )
    assert smallest[720] > 18
    assert smallest[1080] == pytest.approx(1.5 * smallest[720], rel=0.01)


def test_the_qr_code_fits_a_small_projector(visit):
    page = visit("/gradients?mode=lecture&slide=7")
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
    assert page.locator(".st-key-function").is_visible()


def test_a_tour_points_waits_and_ends(visit):
    page = visit("/activations")
    rest(page)
    page.get_by_role("button", name="Tour", exact=True).first.click()
    page.get_by_text("Do this, then go on.").wait_for()
    assert "cue" in page.locator(".st-key-x").evaluate("e => getComputedStyle(e).animationName")
    page.get_by_role("slider", name="Pre-activation").focus()
    for _ in range(32):
        page.keyboard.press("ArrowRight")
    page.locator(".st-key-tour").get_by_text("Done.").wait_for()
    rest(page)
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
        rest(page, quiet=1000)
        card, control = box(page, "tour"), box(page, key)
        assert card["height"] < most
        above = control["y"] >= card["y"] + card["height"]
        # On a phone the card lies on the lower edge.
        assert above or control["y"] + control["height"] <= card["y"], "the card covers its control"
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
    page.locator(".st-key-tour").get_by_text("2 of 7").wait_for()


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
    page = visit("/activations?function=sigmoid&panel=chain")
    rest(page)
    page.get_by_role("slider", name="Recurrent weight").focus()
    page.keyboard.press("End")
    page.get_by_text("Quest done").first.wait_for()
    page.get_by_role("link", name="Home").first.click()
    rest(page)
    page.locator(".st-key-progress summary").click()
    page.get_by_text(re.compile("quests? done")).first.wait_for()
    rest(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download your progress").click()
    file = tmp_path / "progress.json"
    download.value.save_as(file)
    assert "activations/quest/sigmoid-lives" in json.loads(file.read_text())["achieved"]
    other = visit("/")
    rest(other)
    assert other.get_by_text("quests done").count() == 0
    other.locator(".st-key-progress summary").click()
    other.locator("input[type=file]").set_input_files(file)
    other.get_by_text(re.compile("The file says that")).wait_for()


def test_less_motion_is_respected(visit):
    page = visit("/activations?tour=1", motion="reduce")
    page.locator(".st-key-tour").wait_for()
    rest(page)
    seconds = page.locator(".st-key-x").evaluate("e => getComputedStyle(e).animationDuration")
    assert float(seconds.removesuffix("s")) < 0.001
