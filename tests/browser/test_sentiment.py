"""The sentiment page in a browser: read along, hostile input, many reviews, TensorFlow's word."""

import csv
import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

from pages._book.language import say, speaking
from pages._book.slides import SLIDES
from tests.browser.conftest import sent
from tools.serving import rest

FIELD = "A film review"


def read(page, text):
    page.get_by_label(FIELD).fill(text)
    page.get_by_role("button", name=re.compile("Read it")).click()


def test_a_review_is_read_word_by_word_without_the_server(visit):
    page = visit("/reviews?panel=reading&text=A+wonderful+film+that+was+not+dull.")
    where = page.locator(".where")
    where.get_by_text("The whole text").wait_for()
    rest(page)
    page.locator(".token", has_text="wonderful").click()
    where.get_by_text("After 2 of 8 words, “wonderful”").wait_for()
    assert page.locator(".token.wait").count() == 6
    page.wait_for_url(re.compile("word=1"))
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("ArrowRight")
    where.get_by_text("After 3 of 8 words, “film”").wait_for()
    rest(page)
    messages = sent(page)
    page.locator(".transport [data-act=play]").click()
    page.locator(".transport .play", has_text="Pause").wait_for()
    where.get_by_text("The whole text").wait_for()
    assert len(messages) <= 1, "only the last step is told"
    rest(page)
    page.wait_for_function("() => !location.search.includes('word=')")
    assert "word=" not in page.url
    figure = page.get_by_role("figure", name=re.compile("Verdict after 8 of 8 words")).first
    assert "probability of positive" in figure.get_attribute("aria-label")


def test_a_reload_in_the_middle_comes_back_to_the_word_and_leads_to_its_cell(visit):
    page = visit("/reviews?text=A+wonderful+film+that+was+not+dull.&word=5")
    page.locator(".where", has_text="After 6 of 8 words, “not”").wait_for()
    page.reload()
    page.locator(".where", has_text="After 6 of 8 words, “not”").wait_for()
    page.get_by_role("link", name=re.compile("Open the cell at “not”")).click()
    page.get_by_role("heading", name="LSTM cell", level=1).wait_for()
    page.locator(".where", has_text="Input 6 of 8, “not”").wait_for()
    # The cell writes its panel and its step into entries of their own, which are left first.
    for _ in range(3):
        if "/reviews" not in page.url:
            page.go_back()
            rest(page)
    page.locator(".where", has_text="After 6 of 8 words, “not”").wait_for()


def test_a_slide_stops_at_its_words_wherever_it_is_come_from(visit):
    at = next(n for n, slide in enumerate(SLIDES) if "word" in slide.sets)
    where = "After {} of 73 words"
    for start in (at, at - 1):
        page = visit(f"/reviews?mode=lecture&slide={start + 1}")
        rest(page)
        if start != at:
            page.keyboard.press("PageDown")
        for stop in SLIDES[at].stops[:3]:
            page.locator(".where", has_text=where.format(stop + 1)).wait_for()
            # A slide shows nothing of what comes next.
            expect(page.locator(".line .ghost").first).to_be_hidden()
            page.keyboard.press("PageDown")


def test_what_a_word_moves_is_said_on_pointing_at_it(visit):
    page = visit("/reviews?panel=reading&text=A+wonderful+film.")
    rest(page)
    page.locator(".token", has_text="wonderful").hover()
    pointed = page.locator(".pointed", has_text=re.compile("“wonderful” moves the logit by \\+"))
    pointed.wait_for()
    assert "Cell state" not in pointed.text_content()
    assert not page.locator(".token .bars").first.is_visible(), "cell states are off to begin with"
    page.get_by_label("Cell states").check()
    assert page.locator(".token .bars").first.is_visible()
    page.locator(".token", has_text="wonderful").hover()
    page.locator(".pointed", has_text="Cell state: ").wait_for()


def test_curves_stand_beside_the_text_or_below_it(visit):
    page = visit("/reviews?panel=reading")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator(".player .token").first.wait_for()
    rest(page)

    def box(name):
        return page.locator(name).first.bounding_box()

    stage = box(".player")
    assert stage["y"] + stage["height"] <= 720, "the player fits the screen"
    assert hidden_lines(page) <= 1
    assert box(".curves")["x"] > box(".player .text")["x"] + 100
    page.get_by_label("Curves below").check()
    assert box(".curves")["y"] > box(".player .coloured-words")["y"] + 60
    assert hidden_lines(page) <= 1
    assert box(".player")["height"] == stage["height"]


def test_on_a_phone_a_press_brings_the_verdict_into_view(visit):
    page = visit("/reviews")
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("img", name=re.compile("positive, very sure")).wait_for()
    rest(page)
    assert not page.get_by_role("button", name="Read it").locator("kbd").is_visible()
    page.get_by_role("button", name="Clear").click()
    page.locator(".hint").wait_for()
    assert page.get_by_label(FIELD).input_value() == ""
    page.set_viewport_size({"width": 360, "height": 480})
    page.get_by_label(FIELD).fill("A dull, lifeless and pointless film.")
    page.evaluate("() => document.querySelector('.stMain').scrollTo(0, 2000)")
    assert page.locator(".st-key-stage_picture").bounding_box()["y"] < 0, "it is scrolled away"
    page.get_by_role("button", name=re.compile("Read it")).click()
    verdict = page.get_by_role("img", name=re.compile("^negative"))
    verdict.wait_for()
    page.wait_for_function("() => document.querySelector('.stMain').scrollTop < 20")
    assert 0 < verdict.bounding_box()["y"] < 300


def test_a_review_that_was_read_is_taken_along_and_plays_without_a_network(
    visit, context, tmp_path
):
    page = visit("/reviews?panel=reading&text=A+wonderful+film+that+was+%3C%2Fscript%3E+not+dull.")
    page.locator(".player .token").first.wait_for()
    rest(page)
    page.get_by_role("button", name="More").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Take along (HTML)").click()
    file = tmp_path / "review.html"
    waiting.value.save_as(file)
    alone = context.new_page()
    asked, wrong = [], []
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("pageerror", lambda error: wrong.append(str(error)))
    context.set_offline(True)
    try:
        alone.goto(f"file://{file}")
        where = alone.locator(".where")
        alone.locator(".token").nth(2).click()
        where.get_by_text("After 3 of").wait_for()
        alone.locator("[data-act=forth]").click()
        where.get_by_text("After 4 of").wait_for()
        alone.locator("[data-act=play]").click()
        where.get_by_text("The whole text").wait_for()
        assert "</script>" in alone.locator(".coloured-words").text_content()
    finally:
        context.set_offline(False)
        alone.close()
    assert asked == [f"file://{file}"]
    assert not wrong


def hidden_lines(page):
    """How many pixels of the text its frame hides."""
    return page.locator(".player .coloured-words").evaluate(
        "text => text.scrollHeight - text.clientHeight"
    )


def test_a_review_is_whole_on_a_phone_and_a_long_one_says_that_it_goes_on(visit):
    page = visit("/reviews?panel=reading")
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator(".player .token").first.wait_for()
    rest(page)
    assert hidden_lines(page) <= 1
    assert not page.locator(".more").is_visible()
    words = " ".join(["a good film that was"] * 40)
    read(page, words)
    page.locator(".player .token").nth(199).wait_for()
    rest(page)
    assert hidden_lines(page) <= 1, "200 words stand whole"
    read(page, f"{words} {words}")
    page.locator(".player .token").nth(399).wait_for()
    more = page.locator(".more", has_text="The text goes on")
    more.wait_for()
    assert hidden_lines(page) > 100
    more.click()
    assert page.locator(".player .coloured-words").evaluate("text => text.scrollTop") > 100
    page.locator(".transport .scrub").fill("30")
    now = page.locator(".token.now").bounding_box()
    frame = page.locator(".player .coloured-words").bounding_box()
    assert frame["y"] <= now["y"] <= frame["y"] + frame["height"]


HOSTILE = {
    "markup": "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"> a good film",
    "right to left": "\u202eelbirret saw mlif ehT\u202c but I liked it \u200b\u2066good\u2069",
    "null and zero width": "go\u200bod\u0000 film \ufeff",
    "only emoji and words": "😍🙂 👩\u200d👩\u200d👧 wonderful",
    "formula": '=cmd|"/c calc"!A1 good film',
    "template": "{{7*7}} ${7*7} $\\frac{1}{0}$ **good** [x](javascript:alert(1))",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_text_is_shown_as_text(visit, text):
    page = visit("/reviews")
    page.on("dialog", lambda _: pytest.fail("a script has run"))
    page.locator(".coloured-words").wait_for()
    rest(page)
    read(page, text)
    page.locator(".coloured-words", has_text=re.compile("good|wonderful|film")).wait_for()
    rest(page)
    assert page.title() != "taken"
    assert (
        page.locator(".coloured-words img, .coloured-words script, .coloured-words b").count() == 0
    )
    for panel in ("Watch it read", "Why", "Change a word", "Other readers"):
        page.get_by_role("radio", name=panel, exact=True).click()
        rest(page)
    assert page.title() != "taken"
    assert page.get_by_text("Traceback").count() == 0


def test_the_part_that_is_open_stays_so_in_another_language(visit):
    page = visit("/reviews?reviews_tab=Edit+and+compare")
    page.get_by_label("The changed text").wait_for()
    rest(page)
    page.get_by_role("radio", name="Deutsch").click()
    with speaking("de"):
        german, field = say("Change a word"), say("The changed text")
    page.get_by_label(field).wait_for()
    assert page.get_by_role("radio", name=german).is_checked()
    rest(page)
    page.reload()
    page.get_by_label(field).wait_for()
    page.get_by_role("radio", name="English").click()
    page.get_by_label("The changed text").wait_for()
    assert page.get_by_role("radio", name="Change a word").is_checked()


@pytest.mark.slow
def test_a_million_characters_harm_nobody(visit):
    page, other = visit("/reviews"), visit("/reviews")
    page.locator(".coloured-words").wait_for()
    read(page, "x" * 1_000_000)
    page.get_by_text("1,000,000 characters; the page reads up to").wait_for()
    assert len(page.get_by_label(FIELD).input_value()) == 1_000_000
    read(page, "good " * 39_000)
    page.locator(".unread").wait_for()
    assert "words and marks not read" in page.locator(".unread").text_content()
    read(other, "A wonderful film.")
    other.locator(".coloured-words", has_text="A wonderful film.").wait_for()


def uploaded(page, name, content):
    page.get_by_role("radio", name="A file").or_(
        page.get_by_text("A file", exact=True)
    ).first.click()
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content}
    )
    rest(page)
    page.get_by_role("button", name="Score them").click()


def test_a_file_is_scored_and_taken_home_safely(visit):
    page = visit("/many?many_column=review")
    page.locator(".js-plotly-plot text", has_text="example.csv").first.wait_for()
    rows = [
        ["name", "review"],
        ["=1+1", "A wonderful, moving film."],
        ["<b>x</b>", ""],
        ["@y", "Dull!"],
    ]
    content = io.StringIO()
    csv.writer(content).writerows(rows)
    uploaded(page, "mine.csv", content.getvalue().encode())
    page.get_by_text("mine.csv: 3 of 3 rows").wait_for()
    page.get_by_text("1 could not be scored").wait_for()
    page.locator(".st-key-panel button", has_text="The rows").click()
    page.get_by_text("1 of 3 rows could not be scored").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download 3 rows").click()
    table = list(csv.DictReader(io.StringIO(waiting.value.path().read_text("utf-8-sig"))))
    assert [row["name"] for row in table] == ["'=1+1", "<b>x</b>", "'@y"]
    assert [row["verdict"] for row in table] == ["positive", "", "negative"]
    assert table[1]["problem"] == "no word in the text"


def test_a_german_table_is_scored_without_a_question(visit):
    page = visit("/many")
    page.locator(".js-plotly-plot text", has_text="example.csv").first.wait_for()
    content = "id;review\r\n1;Ein Titel, a wonderful and moving film.\r\n2;Dull, dull, dull.\r\n"
    uploaded(page, "deutsch.csv", content.encode("utf-16-le"))
    # The column is found by its name; nobody has to type it.
    page.get_by_role("button", name="Score them").click()
    page.get_by_text("deutsch.csv: 2 of 2 rows").wait_for()
    page.get_by_text("reloading the page or closing it loses the file").wait_for()


def test_a_file_that_is_none_gets_a_clear_answer(visit):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"review\n" + b"0" * 5_000_000)
    page = visit("/many")
    page.locator(".js-plotly-plot text", has_text="example.csv").first.wait_for()
    uploaded(page, "reviews.csv", packed.getvalue())
    page.get_by_text("This is a zip archive").wait_for()


@pytest.mark.slow
def test_tensorflow_vouches_on_the_page(visit):
    page = visit("/reviews?reviews_tab=Check+it")
    page.get_by_role("button", name="Ask TensorFlow").click()
    page.get_by_text("apart. Asked:").wait_for(timeout=90_000)
    page.get_by_text("lstm_core (NumPy, this page)").wait_for()
    assert "?" not in page.locator(".sheet table").inner_text()


def test_challenges_lead_to_the_reason(visit):
    page = visit("/challenges?panel=try&challenge=Negation")
    rest(page)
    text = page.get_by_role("textbox", name="Try one").input_value()
    page.get_by_role("link", name=re.compile("Ask why")).click()
    page.get_by_role("heading", name="Sentiment", level=1).wait_for()
    expect(page.get_by_label(FIELD)).to_have_value(text)
    page.get_by_role("radio", name="Why", exact=True).wait_for()
    assert page.get_by_role("radio", name="Why", exact=True).is_checked()
    page.locator(".js-plotly-plot").first.wait_for()
