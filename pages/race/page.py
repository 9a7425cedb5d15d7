"""A race: three networks of equal parameter budget learn to remember, live."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from lstm_core.training.optimizers import OPTIMIZERS
from lstm_core.training.race import Race, Setting, advanced
from lstm_core.training.recorded_races import SETTINGS, Track, recorded, tracks
from lstm_core.training.tasks import TASKS
from pages._app import caches, chapter, charts, downloads, learning, panels, slices
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages.race import exercises, lesson
from pages.race.figures import gradient_norms, losses

LEARN_AGAIN = 2.0
control = Controls(lesson.START)


class Live(slices.Work[Race]):
    """A visitor's own race, and the number of updates after which it ends."""

    def __init__(self, race: Race, goal: int) -> None:
        super().__init__()
        self.race = race
        self.goal = goal

    @property
    def over(self) -> bool:
        """Whether all updates are made, or no network can learn any more."""
        return self.race.updates >= self.goal or self.race.over

    def next_slice(self) -> Callable[[], Race]:
        """Let the race go on for a while."""
        return partial(advanced, self.race, slices.SECONDS, self.goal)

    def take(self, result: Race) -> None:
        """Take the race as it stands after a slice."""
        self.race = result


def set_task() -> None:
    """Bring the length to what the recorded race of a task has."""
    st.session_state.race_length = SETTINGS[st.session_state.race_task].length


def chosen() -> tuple[Setting, int]:
    """Let the visitor choose everything that decides a race, and the number of updates."""
    task = control.select("race_task", say("Task"), TASKS, on_change=set_task, format_func=say)
    # Its default is another one for each task, so that the table cannot hold it.
    length = st.slider(
        say("Steps to remember"),
        5,
        100,
        SETTINGS[task].length,
        key="race_length",
        bind="query-params",
    )
    optimizer = control.select("race_optimizer", say("Optimiser"), OPTIMIZERS, format_func=say)
    rate = control.positive("race_rate", say("Learning rate"), 1e3, step=0.005)
    max_norm = None
    if control.switch("race_clip", say("Clip by norm")):
        max_norm = control.positive("race_max_norm", say("Largest joint norm"), 1e6)
    budget = control.slider("race_budget", say("Parameters each"), 500, 10_000, step=500)
    goal = control.slider("race_goal", say("Updates"), 100, 5_000, step=100)
    seed = int(control.number("race_seed", say("Seed"), 0, 9999))
    batch = SETTINGS[task].batch
    return Setting(task, length, budget, optimizer, rate, max_norm, batch, seed), goal


def buttons(live: Live | None, setting: Setting, goal: int) -> None:
    """Start, stop, go on, or leave the visitor's own race."""
    state = st.session_state

    def start() -> None:
        state.race_live = Live(Race(setting), goal)

    def resume() -> None:
        state.race_live.goal = goal
        state.race_live.resume()

    def leave() -> None:
        del state.race_live

    with st.container(horizontal=True):
        if live is None or live.race.setting != setting:
            st.button(say("Start a race"), key="race_start", on_click=start, type="primary")
        elif live.running:
            st.button(say("Stop"), key="race_stop", on_click=live.stop, type="primary")
        else:
            done = live.race.updates >= goal or live.race.over
            st.button(
                say("Go on"), key="race_resume", on_click=resume, type="primary", disabled=done
            )
            st.button(say("Start again"), key="race_again", on_click=start)
        if live is not None:
            st.button(say("Back to the recorded race"), key="race_leave", on_click=leave)


def picture(shown: dict[str, Track], setting: Setting) -> None:
    """Draw losses and gradients of a race, live or recorded."""
    colours, task = caches.colours(), setting.made_task()
    over_updates, over_time = st.columns([3, 2])
    with over_updates:
        figure = losses(shown, task.baseline, colours)
        charts.chart(figure, "race_losses", lesson.losses_alt(shown, task))
    with over_time:
        charts.chart(gradient_norms(shown, colours), "race_norms", lesson.norms_alt(shown))
    panels.prose(lesson.sentence(shown, task))
    st.table(pd.DataFrame(lesson.rows(shown, task)).set_index(say("network")))


def track_side(setting: Setting) -> None:
    """Show the visitor's own race if there is one, else the recorded one."""
    live: Live | None = st.session_state.get("race_live")
    if live is None:
        known = SETTINGS[setting.task]
        st.markdown(
            say(
                "##### Recorded: {task}, {length} steps to remember",
                task=say(known.task),
                length=known.length,
            )
        )
        picture(recorded(setting.task), known)
        return
    with slices.followed(live):
        live_race(live, setting)


def live_race(live: Live, setting: Setting) -> None:
    """Show how far the visitor's own race is."""
    ran, done = live.race.setting, live.race.updates
    st.markdown(
        say(
            "##### Live: {task}, {length} steps to remember",
            task=say(ran.task),
            length=ran.length,
        )
    )
    st.progress(min(done / live.goal, 1.0), lesson.how_far(live.race, live.goal))
    slices.say_whose_turn(live)
    if ran != setting:
        st.info(say("The settings have changed; this race still runs by its own."), icon="ℹ️")
    if live.lost:
        problem = say("A slice of the race was lost and is computed again; nothing else was.")
        st.warning(problem, icon="⚠️")
    picture(tracks(live.race), ran)


def learn(setting: Setting) -> None:
    """Ask and set quests about the race on the screen, and hand it out."""
    live: Live | None = st.session_state.get("race_live")
    shown = recorded(setting.task) if live is None else tracks(live.race)
    ran = SETTINGS[setting.task] if live is None else live.race.setting
    state = exercises.State(shown, ran, own=live is not None)
    # While a race runs, a question would be another one before it is read.
    standing_still = live is None or not live.running
    questions = exercises.quiz(state) if standing_still else ()
    learning.exercises(chapters.RACE, questions, exercises.QUESTS, state)
    looks = next(iter(shown.values())).looks
    data = {"update": looks} | {
        f"loss_{name}": pd.Series(track.losses) for name, track in shown.items()
    }
    downloads.take_home("race", data, lesson.repeated(ran, int(looks[-1])), "race")


chapter.begin(chapters.RACE, {}, exercises.TOUR)
live = st.session_state.get("race_live")
with panels.panel("race"):
    left, right = st.columns([1, 3], gap="large")
    with left:
        setting, goal = chosen()
    with right:
        st.markdown(say(TASKS[setting.task].says))
        buttons(live, setting, goal)
        panels.fragment(track_side, run_every=slices.interval(live))(setting)
    st.caption(
        say(
            "Fresh sequences at every update, 32 at a time, the same for all three; the loss is "
            "measured on 256 others. Same seed, same race, also when it was stopped on the way. "
            "Trained by lstm_core, in a process of its own."
        )
    )
panels.fragment(learn, run_every=LEARN_AGAIN if slices.interval(live) else None)(setting)
