"""A race: three networks of equal parameter budget learn to remember, live."""

from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lstm_core.figures.race import gradient_norms, losses
from lstm_core.lessons import chapters
from lstm_core.lessons import race as lesson
from lstm_core.lessons.waiting import standing
from lstm_core.optimizers import OPTIMIZERS
from lstm_core.race import Race, Setting, advanced
from lstm_core.recorded_races import SETTINGS, Track, recorded, tracks
from lstm_core.tasks import TASKS
from pages import _parts

SLICE = 0.8
LOOK_AGAIN = 0.5


@dataclass
class Live:
    """A visitor's own race: how far it is, and the slice of it that is being computed."""

    race: Race
    goal: int
    running: bool = True
    coming: Future[Race] | None = None
    problem: str = ""


def go_on(live: Live) -> None:
    """Take what has been computed, and ask for the next slice."""
    if live.coming is not None and live.coming.done():
        try:
            live.race = live.coming.result()
        except CancelledError:
            # The visitor asked for something else meanwhile; the slice is asked for again.
            pass
        except BrokenProcessPool:
            live.problem = "A slice of the race was lost and is computed again; nothing else was."
        live.coming = None
    if live.race.updates >= live.goal or live.race.over:
        live.running = False
    if live.running and live.coming is None:
        visitor = _parts.once("visitor", None, object)
        live.coming = _parts.turns().submit(visitor, advanced, live.race, SLICE, live.goal)


def set_task() -> None:
    """Bring the length to what the recorded race of a task has."""
    st.session_state.race_length = SETTINGS[st.session_state.race_task].length


def chosen() -> tuple[Setting, int]:
    """Let the visitor choose everything that decides a race."""
    first = SETTINGS["adding"]
    task = st.selectbox(
        "Task", list(TASKS), key="race_task", bind="query-params", on_change=set_task
    ) or first.task  # fmt: skip
    st.caption(TASKS[task].says)
    length = st.slider(
        "Steps to remember", 5, 100, SETTINGS[task].length, key="race_length", bind="query-params"
    )
    optimizer = st.selectbox(
        "Optimiser", list(OPTIMIZERS), key="race_optimizer", bind="query-params"
    )
    rate = _parts.positive("Learning rate", first.rate, "race_rate", 1e3, step=0.005)
    clip = st.toggle("Clip by norm", True, key="race_clip", bind="query-params")
    max_norm = None
    if clip:
        max_norm = _parts.positive("Largest joint norm", 1.0, "race_max_norm", 1e6)
    budget = st.slider(
        "Parameters each", 500, 10_000, first.budget, 500, key="race_budget", bind="query-params"
    )
    goal = st.slider("Updates", 100, 5_000, 1_500, 100, key="race_goal", bind="query-params")
    seed = st.number_input("Seed", 0, 9999, first.seed, key="race_seed", bind="query-params")
    setting = Setting(
        task, length, budget, optimizer or first.optimizer, rate, max_norm, first.batch, int(seed)
    )
    return setting, goal


def buttons(live: Live | None, setting: Setting, goal: int) -> None:
    """Start, stop, go on, or leave the visitor's own race."""
    state = st.session_state

    def start() -> None:
        state.race_live = Live(Race(setting), goal)

    def stop() -> None:
        state.race_live.running = False

    def resume() -> None:
        state.race_live.goal = goal
        state.race_live.running = True

    def leave() -> None:
        del state.race_live

    with st.container(horizontal=True):
        if live is None or live.race.setting != setting:
            st.button("Start a race", key="race_start", on_click=start, type="primary")
        elif live.running:
            st.button("Stop", key="race_stop", on_click=stop, type="primary")
        else:
            done = live.race.updates >= goal or live.race.over
            st.button("Go on", key="race_resume", on_click=resume, type="primary", disabled=done)
            st.button("Start again", key="race_again", on_click=start)
        if live is not None:
            st.button("Back to the recorded race", key="race_leave", on_click=leave)


def picture(shown: dict[str, Track], setting: Setting) -> None:
    """Draw losses and gradients of a race, live or recorded."""
    colours, task = _parts.colours(), setting.made_task()
    over_updates, over_time = st.columns([3, 2])
    with over_updates:
        figure = losses(shown, task.baseline, colours)
        _parts.chart(figure, "race_losses", lesson.losses_alt(shown, task))
    with over_time:
        _parts.chart(gradient_norms(shown, colours), "race_norms", lesson.norms_alt(shown))
    st.markdown(lesson.sentence(shown, task))
    st.table(pd.DataFrame(lesson.rows(shown, task)).set_index("network"))


def track_side(setting: Setting) -> None:
    """Show the visitor's own race if there is one, else the recorded one."""
    live: Live | None = st.session_state.get("race_live")
    if live is None:
        known = SETTINGS[setting.task]
        st.markdown(f"##### Recorded: {known.task}, {known.length} steps to remember")
        picture(recorded(setting.task), known)
        return
    was_running = live.running
    go_on(live)
    name = live.race.setting
    st.markdown(f"##### Live: {name.task}, {name.length} steps to remember")
    done = live.race.updates
    st.progress(
        min(done / live.goal, 1.0),
        f"{done:,} of {live.goal:,} updates, {done * name.batch:,} sequences, "
        f"{live.race.seconds:.0f} s of computing",
    )
    if live.running:
        st.caption(standing(_parts.turns().place(live.coming)))
    if name != setting:
        st.info("The settings have changed; this race still runs by its own.", icon="ℹ️")
    if live.problem:
        st.warning(live.problem, icon="⚠️")
    picture(tracks(live.race), name)
    if was_running and not live.running:
        # The buttons stand outside of this fragment, and must learn that the race is over.
        st.rerun()


_parts.heading(chapters.RACE)
left, right = st.columns([1, 3], gap="large")
with left:
    setting, goal = chosen()
live = st.session_state.get("race_live")
with right:
    buttons(live, setting, goal)
    again = LOOK_AGAIN if live is not None and live.running else None
    st.fragment(track_side, run_every=again)(setting)
shown = recorded(setting.task) if live is None else tracks(live.race)
ran = SETTINGS[setting.task] if live is None else live.race.setting
st.caption(
    "Fresh sequences at every update, 32 at a time, the same for all three; the loss is measured on "
    "256 others. Same seed, same race, also when it was stopped on the way. Trained by lstm_core, in "
    "a process of its own."
)
_parts.ask(lesson.who_is_ahead(shown), "race_question")
updates = int(next(iter(shown.values())).looks[-1])
data = {"update": next(iter(shown.values())).looks} | {
    f"loss_{name}": pd.Series(track.losses) for name, track in shown.items()
}
_parts.take_home("race", data, lesson.code(ran, updates), "race")
