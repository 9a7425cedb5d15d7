"""A race: three networks of equal parameter budget learn to remember, live."""

from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lstm_core.figures.race import gradient_norms, losses
from lstm_core.language import say
from lstm_core.lessons import chapters
from lstm_core.lessons import race as lesson
from lstm_core.lessons.exercises import race as exercises
from lstm_core.lessons.waiting import standing
from lstm_core.optimizers import OPTIMIZERS
from lstm_core.race import Race, Setting, advanced
from lstm_core.recorded_races import SETTINGS, Track, recorded, tracks
from lstm_core.tasks import TASKS
from pages import _learning, _parts

SLICE = 0.8
LOOK_AGAIN = 0.5
LEARN_AGAIN = 2.0


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
            live.problem = say(
                "A slice of the race was lost and is computed again; nothing else was."
            )
        live.coming = None
    if live.race.updates >= live.goal or live.race.over:
        live.running = False
    if live.running and live.coming is None:
        visitor = _parts.visitor()
        live.coming = _parts.turns().submit(visitor, advanced, live.race, SLICE, live.goal)


def set_task() -> None:
    """Bring the length to what the recorded race of a task has."""
    st.session_state.race_length = SETTINGS[st.session_state.race_task].length


def chosen() -> tuple[Setting, int]:
    """Let the visitor choose everything that decides a race."""
    first = SETTINGS["adding"]
    task = st.selectbox(
        say("Task"), list(TASKS), key="race_task", bind="query-params", on_change=set_task,
        format_func=say,
    ) or first.task  # fmt: skip
    length = st.slider(
        say("Steps to remember"), 5, 100, SETTINGS[task].length, key="race_length",
        bind="query-params",
    )  # fmt: skip
    optimizer = st.selectbox(
        say("Optimiser"), list(OPTIMIZERS), key="race_optimizer", bind="query-params",
        format_func=say,
    )  # fmt: skip
    rate = _parts.positive(say("Learning rate"), first.rate, "race_rate", 1e3, step=0.005)
    clip = st.toggle(say("Clip by norm"), True, key="race_clip", bind="query-params")
    max_norm = None
    if clip:
        max_norm = _parts.positive(say("Largest joint norm"), 1.0, "race_max_norm", 1e6)
    budget = st.slider(
        say("Parameters each"), 500, 10_000, first.budget, 500, key="race_budget",
        bind="query-params",
    )  # fmt: skip
    goal = st.slider(say("Updates"), 100, 5_000, 1_500, 100, key="race_goal", bind="query-params")
    seed = st.number_input(say("Seed"), 0, 9999, first.seed, key="race_seed", bind="query-params")
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
            st.button(say("Start a race"), key="race_start", on_click=start, type="primary")
        elif live.running:
            st.button(say("Stop"), key="race_stop", on_click=stop, type="primary")
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
    colours, task = _parts.colours(), setting.made_task()
    over_updates, over_time = st.columns([3, 2])
    with over_updates:
        figure = losses(shown, task.baseline, colours)
        _parts.chart(figure, "race_losses", lesson.losses_alt(shown, task))
    with over_time:
        _parts.chart(gradient_norms(shown, colours), "race_norms", lesson.norms_alt(shown))
    _parts.prose(lesson.sentence(shown, task))
    st.table(pd.DataFrame(lesson.rows(shown, task)).set_index(say("network")))


def track_side(setting: Setting) -> None:
    """Show the visitor's own race if there is one, else the recorded one."""
    live: Live | None = st.session_state.get("race_live")
    if live is None:
        known = SETTINGS[setting.task]
        st.markdown(
            say(
                "##### Recorded: {task}, {length} steps to remember",
                task=say(known.task), length=known.length,
            )
        )  # fmt: skip
        picture(recorded(setting.task), known)
        return
    was_running = live.running
    go_on(live)
    name = live.race.setting
    st.markdown(
        say(
            "##### Live: {task}, {length} steps to remember",
            task=say(name.task),
            length=name.length,
        )
    )
    done = live.race.updates
    st.progress(
        min(done / live.goal, 1.0),
        say(
            "{done:,} of {goal:,} updates, {sequences:,} sequences, {seconds:.0f} s of computing",
            done=done, goal=live.goal, sequences=done * name.batch, seconds=live.race.seconds,
        ),
    )  # fmt: skip
    if live.running:
        st.caption(standing(_parts.turns().place(live.coming)))
    if name != setting:
        st.info(say("The settings have changed; this race still runs by its own."), icon="ℹ️")
    if live.problem:
        st.warning(live.problem, icon="⚠️")
    picture(tracks(live.race), name)
    if was_running and not live.running:
        # The buttons stand outside of this fragment, and must learn that the race is over.
        st.rerun()


def learn(setting: Setting) -> None:
    """Ask and set quests about the race on the screen, and hand it out."""
    live: Live | None = st.session_state.get("race_live")
    shown = recorded(setting.task) if live is None else tracks(live.race)
    ran = SETTINGS[setting.task] if live is None else live.race.setting
    seen = exercises.Seen(shown, ran, own=live is not None)
    # While a race runs, a question would be another one before it is read.
    standing_still = live is None or not live.running
    questions = exercises.quiz(seen) if standing_still else ()
    _learning.exercises(chapters.RACE, questions, exercises.QUESTS, seen)
    looks = next(iter(shown.values())).looks
    data = {"update": looks} | {
        f"loss_{name}": pd.Series(track.losses) for name, track in shown.items()
    }
    programs = lesson.programs(ran, int(looks[-1]))
    _parts.take_home("race", data, programs.own, "race", programs.keras, programs.torch)


_parts.heading(chapters.RACE)
_learning.tour(chapters.RACE, exercises.TOUR)
live = st.session_state.get("race_live")
runs = live is not None and live.running
with _parts.panel("race"):
    left, right = st.columns([1, 3], gap="large")
    with left:
        setting, goal = chosen()
    with right:
        st.markdown(say(TASKS[setting.task].says))
        buttons(live, setting, goal)
        _parts.fragment(track_side, run_every=LOOK_AGAIN if runs else None)(setting)
    st.caption(
        say(
            "Fresh sequences at every update, 32 at a time, the same for all three; the loss is "
            "measured on 256 others. Same seed, same race, also when it was stopped on the way. "
            "Trained by lstm_core, in a process of its own."
        )
    )
_parts.fragment(learn, run_every=LEARN_AGAIN if runs else None)(setting)
