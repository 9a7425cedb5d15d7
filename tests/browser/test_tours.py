"""Guided tours by keyboard and on a phone, beyond what a class sees of them."""

from tools.serving import rest


def test_a_tour_that_is_begun_by_key_begins_at_its_control_and_leaves_to_its_button(visit):
    page = visit("/activations")
    rest(page)
    page.locator(".st-key-tour_activations_start button").first.focus()
    page.keyboard.press("Enter")
    page.locator(".st-key-x input:focus").wait_for()
    page.locator(".st-key-tour_activations_leave button").focus()
    page.keyboard.press("Enter")
    page.locator(".st-key-tour_activations_start button:focus").wait_for()


def test_a_card_to_read_stays_open_on_a_phone(visit):
    page = visit("/variants?tour=2", 360)
    page.locator(".st-key-tour").wait_for()
    rest(page)
    assert page.locator(".st-key-tour").get_by_text("Four LSTMs").is_visible()


def test_a_card_whose_control_is_used_by_the_mouse_leaves_the_focus_alone(visit):
    page = visit("/activations")
    rest(page)
    page.locator(".st-key-tour_activations_start button").first.click()
    page.locator(".st-key-tour").wait_for()
    rest(page)
    assert page.locator(".st-key-x input:focus").count() == 0
