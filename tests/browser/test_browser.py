"""The app in a real Chromium: typed into, clicked, stepped by key, reloaded, looked at."""

import re
import time
from urllib.parse import quote, unquote, unquote_plus

import pytest

from pages._book import walks
from pages._book.chapters import CHAPTERS
from pages.cell import lesson as cell
from pages.reviews.lesson import EXAMPLES
from tools.serving import rest, serving


def slider(page, label):
    return page.get_by_role("slider", name=re.compile(label))


def test_the_home_page_leads_to_every_page(visit):
    page = visit("/")
    for chapter in CHAPTERS:
        page.get_by_test_id("stPageLink").get_by_text(chapter.title, exact=True).click()
        page.get_by_role("heading", level=1, name=chapter.title).wait_for()
        page.go_back()
        page.get_by_role("heading", level=1, name="Inside an LSTM").wait_for()


def test_activations_follow_the_slider_and_the_address_follows_too(visit):
    page = visit("/activations")
    handle = slider(page, "Pre-activation")
    handle.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.locator(".katex-html", has_text="tanh(0.5)=0.4621").wait_for()
    page.wait_for_url(re.compile(r"x=0\.5"))
    page.get_by_role("radio", name="sigmoid").first.click()
    page.locator(".katex-html", has_text="0.6225").first.wait_for()
    page.get_by_role("button", name="ReLU is dead").click()
    page.get_by_text("the derivative is 0").wait_for()


def sent(page):
    """Listen to what goes to the server."""
    messages = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.webSocketFrameSent", lambda frame: messages.append(frame))  # noqa: PLW0108 -- Playwright cannot take a method of C.
    return messages


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
    preset = cell.SMALL_CELLS["Forget on a marker"]
    trace = preset.cell(1, 0).run(preset.read("1 0 -1")[1])
    c = f"{trace.cell_state[0, 0]:.3f}"
    assert page.locator("[data-pill=c] text").text_content() == f"c = {c}"
    assert page.locator(".formulas > div:not([hidden]) .result").text_content() == c
    assert "c = f * c + i * g" in page.locator(".code .line.now").text_content()
    page.keyboard.press("PageUp")
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
    preset = cell.SMALL_CELLS["Count"]
    weight = preset.cell(1, 0).kernel[0, 0]
    row = page.locator(".arithmetic tr", has_text="x1")
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
    page.locator(".key[data-link=f]").hover()
    for part in (".gate", ".curve", ".formulas msub", ".code .line"):
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


def test_keys_scroll_the_page_where_the_player_is_out_of_view(visit):
    page = visit("/recurrence")
    page.locator(".player .where", has_text="Input 1 of 6").wait_for()
    rest(page)
    page.get_by_text("What tanh is for").click()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert page.locator(".player .where").text_content().endswith("inputs")


def test_another_unit_is_put_in_front_by_its_square(visit):
    page = visit("/cell?preset=Untrained%2C+numbers&units=4&step=4")
    page.locator(".player .where").wait_for()
    rest(page)
    page.locator("[data-strip=c] rect[data-k='2']").click()
    page.wait_for_url(re.compile("unit=3"))
    page.locator("figcaption", has_text="unit 3").first.wait_for()
    assert page.locator(".player .where").text_content().endswith(": cell state")


def test_the_trained_network_is_opened_and_a_unit_switched_off(visit):
    page = visit("/cell")
    page.locator(".player .where").wait_for()
    rest(page)
    page.get_by_role("radio", name="The network that reads reviews").click()
    field = page.get_by_label("A sentence in English")
    field.fill("A <b>dull</b> blorfastic film.")
    field.press("Enter")
    page.get_by_text("Unknown to the network").wait_for()
    page.locator(".word", has_text="blorfastic").wait_for()
    assert page.locator(".words b, .where b").count() == 0
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
    ("path", "gate", "link"), [("/recurrence", "hidden", "a"), ("/variants", "update", "z")]
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


def test_two_readings_meet_in_the_browser(visit):
    page = visit("/variants")
    page.locator(".updatemenu-button", has_text="Play").first.click()
    label = page.locator(".slider-group > text.slider-label").first
    page.wait_for_function(
        "() => /^[1-8] of 9/.test(document.querySelector('.slider-group > text.slider-label').textContent)"
    )
    page.wait_for_function(
        "() => /^9 of 9/.test(document.querySelector('.slider-group > text.slider-label').textContent)"
    )
    assert "forward" in label.text_content()


def test_a_weight_changed_in_the_table_changes_the_cell(visit):
    page = visit("/cell?preset=Count")
    page.get_by_text("✔ holds").wait_for()
    page.get_by_text("Change the cell").click()
    canvas = page.get_by_test_id("stDataFrame").first.locator("canvas").first
    canvas.wait_for()
    rest(page)
    box = canvas.bounding_box()
    # The second column of numbers, last row: the forget gate's bias.
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] - 15)
    page.wait_for_timeout(300)
    # The table opens its editor on the first key; a person types no faster than this.
    page.keyboard.type("-8", delay=150)
    rest(page)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("weights="))
    page.get_by_text("✘ does not hold").wait_for()
    rest(page)
    page.get_by_text("Change the cell").click()
    canvas.wait_for(state="hidden")
    rest(page)
    page.get_by_text("✘ does not hold").wait_for()
    page.reload()
    page.get_by_text("✘ does not hold").wait_for()


def test_the_gradient_moves_in_the_browser_without_the_server(visit):
    page = visit("/gradients?length=40")
    page.locator(".js-plotly-plot").first.wait_for()
    rest(page)
    messages = sent(page)
    label = page.locator(".slider-group > text.slider-label").first
    label.wait_for()
    start = label.text_content()
    assert start.startswith("t = 40")
    page.locator(".updatemenu-button", has_text="Play").first.click()
    page.wait_for_function(
        "() => document.querySelector('.slider-group > text.slider-label').textContent.startsWith('t = 1:')"
    )
    seen = label.text_content()
    assert seen != start
    assert not messages
    slider(page, "Gain").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("gain="))
    for _ in range(50):
        # The address changes first; the frame to the server follows a moment later.
        page.wait_for_timeout(100)
        if messages:
            break
    assert messages, "the listener hears what does go to the server"


def test_the_animation_pauses(visit):
    page = visit("/gradients")
    label = page.locator(".slider-group > text.slider-label").first
    label.wait_for()
    page.locator(".updatemenu-button", has_text="Play").first.click()
    page.wait_for_function(
        "() => !document.querySelector('.slider-group > text.slider-label').textContent.startsWith('t = 60')"
    )
    page.locator(".updatemenu-button", has_text="Pause").first.click()
    page.wait_for_timeout(300)
    paused = label.text_content()
    assert not paused.startswith(("t = 60", "t = 1:"))
    page.wait_for_timeout(600)
    assert label.text_content() == paused


def test_the_way_back_is_stepped_by_arrow_keys(visit):
    page = visit("/bptt?bptt_step=3")
    page.get_by_role("heading", name=re.compile("Forward, step 4 of 4")).wait_for()
    page.get_by_role("heading", level=1).click()
    rest(page)
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", name=re.compile("Back, step 4 of 4.*hidden state")).wait_for()
    page.wait_for_url(re.compile("bptt_step=4"))
    page.get_by_text("The network that reads reviews").click()
    page.get_by_label("A sentence in English").wait_for()
    page.locator("th", has_text="film").first.wait_for()


def test_a_remedy_is_switched_on_and_drawn(visit):
    page = visit("/remedies")
    page.get_by_text("Truncated BPTT", exact=True).first.click()
    page.locator(".js-plotly-plot text", has_text="never learned from").first.wait_for()
    page.wait_for_url(re.compile("remedy_truncate=true"))


def test_a_race_runs_live_and_stops(visit):
    page = visit("/race?race_length=6&race_budget=500")
    page.get_by_text("Recorded: adding").wait_for()
    page.get_by_role("button", name="Start a race").click()
    page.get_by_text(re.compile("[1-9][0-9]* of 1,500 updates")).wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Go on").wait_for()
    page.get_by_role("button", name="Back to the recorded race").click()
    page.get_by_text("Recorded: adding").wait_for()


def test_a_pasted_review_gets_its_verdict(visit):
    page = visit("/reviews")
    page.get_by_text("positive, very sure").wait_for()
    page.get_by_role("button", name="A cold one").click()
    page.get_by_text(re.compile(r"^− negative$")).first.wait_for()
    page.locator(".coloured-words", has_text="What a waste").wait_for()
    field = page.get_by_label("A film review")
    field.fill("A blorfastic, wonderful film. <b>I loved it</b> <script>alert(1)</script>")
    page.get_by_role("button", name=re.compile("Read it")).click()
    page.locator(".coloured-words s", has_text="blorfastic").wait_for()
    page.locator(".coloured-words", has_text="<script>alert(1)</script>").wait_for()
    assert page.locator(".coloured-words b").count() == 0
    page.wait_for_url(re.compile("text=A\\+?(%20)?blorfastic"))


def test_an_empty_field_is_said_and_the_app_goes_on(visit):
    page = visit("/reviews")
    field = page.get_by_label("A film review")
    field.fill("")
    page.get_by_role("button", name=re.compile("Read it")).click()
    page.get_by_text("The field is empty").wait_for()
    page.get_by_role("button", name="A warm one").click()
    page.get_by_text("positive, very sure").wait_for()


def test_two_hundred_words_are_read_soon_after_the_click(visit):
    """The time itself is measured in the benchmark; here it must only not be absurd."""
    page = visit("/reviews")
    page.get_by_text("positive, very sure").wait_for()
    words = " ".join(" ".join(EXAMPLES.values()).split()[70:] * 3).split()[:200]
    page.get_by_label("A film review").fill(" ".join(words))
    start = time.monotonic()
    page.get_by_role("button", name=re.compile("Read it")).click()
    page.locator(".coloured-words", has_text=words[-1]).wait_for()
    assert time.monotonic() - start < 10


DEEP_LINKS = (
    ("/gradients?gain=3.0", "h1", "Gradients"),
    ("/cell", "h1", "LSTM cell"),
    ("/glossary", "h1", "Glossary"),
    ("/activations?function=sigmoid&x=2.0", ".katex-html", "0.8808"),
    ("/cell?preset=Count&step=25", ".where", "Input 4 of 7"),
    ("/gradients?activation=relu&gain=2.5&length=30", "p", "at step 30"),
    (f"/reviews?text={quote('A dull, lifeless film.')}", ".coloured-words", "lifeless"),
)


@pytest.mark.slow
def test_a_copied_address_opens_on_a_cold_server(visit):
    """Nobody was at this server before, so that it knows of no page but its first."""
    with serving() as cold:
        for path, place, sign in DEEP_LINKS:
            page = visit(path, base=cold)
            page.locator(place, has_text=sign).first.wait_for()
            rest(page)
            assert page.get_by_text("Page not found").count() == 0
            page.get_by_text("Reading reviews").first.wait_for()
            assert unquote_plus(page.url) == cold + unquote(path), "it stays as it was copied"
            if path == "/gradients?gain=3.0":
                assert slider(page, "Gain").input_value() == "3"
            page.close()


def test_two_tabs_do_not_disturb_each_other(visit):
    one, two = visit("/cell?preset=Count"), visit("/cell")
    one.locator(".where", has_text="Input 1 of 7").wait_for()
    two.locator(".where", has_text="Input 1 of 6").wait_for()
    rest(two)
    two.bring_to_front()
    two.get_by_role("heading", level=1).click()
    two.keyboard.press("ArrowRight")
    two.locator(".where", has_text="forget").wait_for()
    one.wait_for_timeout(300)
    assert one.locator(".where").text_content().endswith("inputs")
