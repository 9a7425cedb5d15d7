"""A tour that is left open on a page waits there; other pages go on as if there were none."""

from __future__ import annotations

import pytest

from pages._app import learning

WAITS = "Do this, then go on."


def shown(app):
    return [one.value for one in app.markdown]


@pytest.mark.parametrize("file", ["home.py", "glossary.py"])
def test_a_page_without_a_tour_waits_for_no_card(open_page, file):
    app = open_page("memory", tour="2")
    assert WAITS in shown(app)
    app.switch_page(file)
    app.run()
    # It is fulfilled where nobody sees it: the page would run again, and again, without end.
    app.session_state["memory_direction"] = "backward"
    app.run(timeout=20)
    assert not app.exception
    # Nor does the card count as done for it, before its own page is open again.
    assert not app.session_state["tour_memory_done"]
    app.switch_page("memory/page.py")
    app.run()
    assert "Done." in shown(app)


def test_a_card_that_is_done_for_a_moment_runs_the_page_again_once(open_page, monkeypatch):
    app = open_page("memory", tour="2")
    assert WAITS in shown(app)
    looks = []

    def values():
        # At the head of the page the card is not done, and after the panel it is.
        looks.append(len(looks))
        return {"memory_direction": "backward" if len(looks) % 2 == 0 else "forward"}

    monkeypatch.setattr(learning, "values", values)
    app.run(timeout=20)
    assert WAITS not in shown(app)
    assert looks == [0, 1]
