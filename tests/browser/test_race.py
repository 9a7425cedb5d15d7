"""The recorded race in a browser: bets, playing, the clicker, and one page that plays offline."""

import re

from lstm_core.training.recorded_races import SETTINGS, recorded
from pages._book import chapters
from pages._book.slides import SLIDES
from pages.race import lesson
from tools.serving import rest

TASK = SETTINGS["adding"].made_task()
ORDER = lesson.places(recorded("adding"), TASK)
LAST = len(recorded("adding")["LSTM"].looks) - 1


def shown(page):
    """Return the line above the race."""
    return page.locator(".board .where")


def drawn(page, name):
    """Return how many points a network's line has."""
    place = list(recorded("adding")).index(name)
    return page.locator(f'[data-lane="{place}"] .lane').get_attribute("d").count("L") + 1


def test_a_bet_plays_the_race_and_the_winner_is_named_without_the_server(visit):
    page = visit("/race")
    rest(page)
    assert "Place your bet" in shown(page).text_content()
    assert drawn(page, "LSTM") == 2
    page.locator('[data-bet="RNN"]').click()
    page.get_by_text(re.compile(r"Update [0-9]+\. ")).wait_for()
    page.get_by_text(f"The winner is {ORDER[0]}").wait_for(timeout=30_000)
    text = shown(page).text_content()
    assert "Your bet was wrong." in text
    assert f"Never: {', '.join(set(recorded('adding')) - set(ORDER))}" in text
    assert drawn(page, "LSTM") == LAST + 2
    end = lesson.plain_number(recorded("adding")["LSTM"].losses[-1])
    assert page.locator(".board .name", has_text=f"LSTM {end}").count() == 1
    page.wait_for_url(re.compile(f"race_step={LAST}"))


def test_the_race_is_scrubbed_and_another_task_begins_anew(visit):
    page = visit("/race?race_step=30")
    rest(page)
    assert "Update 750." in shown(page).text_content()
    page.locator(".transport .scrub").fill("0")
    assert "Place your bet" in shown(page).text_content()
    page.locator(".transport .scrub").fill("10")
    page.get_by_label("Task").click()
    page.get_by_role("option", name="copying").click()
    rest(page)
    assert "Place your bet" in shown(page).text_content()


def test_the_clicker_plays_the_race_from_stop_to_stop(visit):
    place = next(k for k, slide in enumerate(SLIDES) if slide.chapter == chapters.RACE)
    page = visit(f"/race?mode=lecture&slide={place + 1}", motion="reduce")
    page.locator(".board svg").wait_for()
    rest(page)
    page.keyboard.press("PageDown")
    page.get_by_text("Update 300.").wait_for()
    page.keyboard.press("PageDown")
    page.get_by_text("The winner is").wait_for()
    page.keyboard.press("PageUp")
    page.get_by_text("Update 300.").wait_for()


def test_the_race_taken_along_plays_without_the_app_and_a_network(visit, tmp_path):
    page = visit("/race")
    page.get_by_role("button", name="More").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Take along").click()
    waiting.value.save_as(tmp_path / "race.html")
    context = page.context.browser.new_context(offline=True)
    try:
        alone = context.new_page()
        errors = []
        alone.on("pageerror", lambda error: errors.append(str(error)))
        alone.goto((tmp_path / "race.html").as_uri())
        alone.locator('[data-bet="GRU"]').click()
        alone.get_by_text(re.compile(r"Update [0-9]+\. ")).wait_for()
        alone.get_by_text("Your bet was right.").wait_for()
        assert not errors
    finally:
        context.close()
