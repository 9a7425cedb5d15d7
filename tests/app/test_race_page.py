"""The race page under Streamlit's test driver: recorded, started, stopped, gone on, blown up."""

import time

import pytest

from lstm_core.training.recorded_races import SETTINGS, recorded
from pages.race import lesson


def button(app, label):
    return next(b for b in app.button if b.label == label)


def said(app):
    return "\n".join(str(e.value) for e in [*app.markdown, *app.caption])


def until(app, done, seconds=60):
    end = time.monotonic() + seconds
    while not done(app.session_state.race_live):
        assert time.monotonic() < end
        time.sleep(0.3)
        app.run()
        assert not app.exception
    return app.session_state.race_live


@pytest.mark.parametrize("task", SETTINGS)
def test_the_recorded_race_of_every_task_is_there_at_once(open_page, task):
    app = open_page("race", race_task=task)
    assert len(app.get("bidi_component")) >= 1
    assert SETTINGS[task].made_task().says in said(app)
    drawn = open_page("race", race_task=task, panel="own").get("plotly_chart")[0].proto
    assert lesson.plain_number(recorded(task)["LSTM"].losses[-1]) in drawn.spec
    shown = open_page("race", race_task=task, panel="gradients")
    assert lesson.loss_text(recorded(task)["LSTM"]) in shown.table[0].value.to_string()


def test_a_race_is_started_stopped_and_goes_on(open_page):
    app = open_page("race", race_length="6", race_budget="500", race_goal="100")
    assert "the **recorded** race, adding, 30 steps" in said(app)
    button(app, "Start a race").click().run()
    assert app.session_state.race_live.race.setting.length == 6
    until(app, lambda live: live.race.updates > 0)
    if app.session_state.race_live.running:
        button(app, "Stop").click().run()
        until(app, lambda live: live.coming is None)
        button(app, "Go on").click().run()
    live = until(app, lambda live: not live.running)
    assert live.race.updates == 100
    app.run()
    assert button(app, "Go on").disabled
    button(app, "Back to the recorded race").click().run()
    assert "the **recorded** race" in said(app)


def test_a_race_that_blows_up_says_so(open_page):
    app = open_page(
        "race",
        race_length="6",
        race_budget="500",
        race_goal="100",
        race_rate="1000",
        race_clip="false",
        race_optimizer="SGD",
    )
    button(app, "Start a race").click().run()
    until(app, lambda live: not live.running)
    app.run()
    alt = app.get("plotly_chart")[0].proto.alt
    assert "Blown up" in alt or "Not below half" in alt
    assert "race/quest/burst" in app.session_state.achieved or "Blown up" not in alt


@pytest.mark.parametrize(
    "address", [{"race_rate": "nan"}, {"race_length": "1e9"}, {"race_task": "x"}]
)
def test_nonsense_in_the_address_falls_back(open_page, address):
    app = open_page("race", panel="own", **address)
    assert "the **recorded** race, adding" in said(app)
