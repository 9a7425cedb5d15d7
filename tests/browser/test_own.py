"""A network of one's own in a real browser: brought, stepped, followed back, checked, carried, refused."""

import io

import numpy as np

from lstm_core import own
from lstm_core.own import examples
from tools.serving import rest


def bring(page, name, content):
    """Upload a file where the page asks for a network."""
    page.locator(".st-key-own_file input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def open_panel(page, name):
    page.get_by_role("radio", name=name, exact=True).click()


def test_a_keras_file_is_looked_at_stepped_followed_back_checked_and_carried(visit, tmp_path):
    page = visit("/own?own_network=A+file+of+your+own")
    page.get_by_text("Until there is a file").wait_for()
    bring(page, "model.pt", b"\x80\x02}q\x00.")
    page.get_by_text("This file is a pickle").wait_for()
    name, content = examples.EXAMPLES["counts"], examples.example("counts")
    bring(page, name, content)
    page.get_by_text("The gradient").or_(page.get_by_text("Of the gradient")).first.wait_for()
    rest(page)
    page.locator(".st-key-own_look [data-testid=stRadioOption]").nth(4).click()
    page.locator(".st-key-own_importance .js-plotly-plot").wait_for()

    page.get_by_label("It reads numbers, one a step").fill("1 0 1")
    page.get_by_label("It reads numbers, one a step").press("Enter")
    open_panel(page, "Step by step")
    where = page.locator(".player .where")
    page.locator(".player .where", has_text="Input 1 of 3").wait_for()
    rest(page)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("ArrowRight")
    assert "forget gate" in where.text_content()

    open_panel(page, "The way back")
    page.locator(".st-key-own_flow_chart .js-plotly-plot").wait_for()
    rest(page)

    open_panel(page, "Check it")
    page.get_by_text("An example, until your outputs are here").wait_for()
    network = own.open_network(content, name)
    buffer = io.BytesIO()
    np.save(buffer, network.run([[1.0], [0.0], [1.0]]).output)
    page.locator(".st-key-own_outputs input[type=file]").set_input_files(
        {"name": "outputs.npy", "mimeType": "application/octet-stream", "buffer": buffer.getvalue()}
    )
    page.get_by_text("✔ The same").wait_for()

    open_panel(page, "Carry it")
    button = page.get_by_role("button", name="Download counts.safetensors")
    button.wait_for()
    rest(page)
    with page.expect_download() as waiting:
        button.click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    again = own.open_network(file)
    np.testing.assert_allclose(
        again.run([[1.0], [0.0], [1.0]]).output[-1],
        network.run([[1.0], [0.0], [1.0]]).output,
        atol=1e-6,
    )
