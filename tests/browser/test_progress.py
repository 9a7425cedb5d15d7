"""A file of progress: taken back at once by all of the page, and told from any other file."""

import json

import pytest

from tools.serving import rest


def bring(page, content):
    rest(page)
    page.locator(".st-key-progress summary").click()
    file = {"name": "progress.json", "mimeType": "application/json", "buffer": content.encode()}
    page.locator("input[type=file]").set_input_files(file)


def test_all_of_the_page_knows_at_once_what_a_file_brought_back(visit):
    page = visit("/")
    reached = ("cell/tour", "cell/question/2", "report/quest/far-off")
    bring(page, json.dumps({"achieved": dict.fromkeys(reached, "2026-01-01T00:00:00+00:00")}))
    page.get_by_text("The file says that 3 things").wait_for()
    page.get_by_text("So far: one question answered, one quest done, tour walked.").wait_for()
    assert "✔" in page.locator(".st-key-map a[href$='cell']").first.inner_text()
    assert "✔" not in page.locator(".st-key-map a[href$='bptt']").first.inner_text()
    assert page.get_by_role("button", name="Download your progress").is_enabled()


@pytest.mark.parametrize("content", ["no file of ours", "[" * 90_000, '{"achieved": []}'])
def test_a_file_that_is_none_of_progress_is_said_to_be_none(visit, content):
    page = visit("/")
    bring(page, content)
    page.get_by_text("This is no file of progress").wait_for()
    assert page.locator("[data-testid=stException]").count() == 0
