"""The training race: recorded runs that play in the browser, and one of the visitor's own, live."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from lstm_core.training.optimizers import OPTIMIZERS
from lstm_core.training.race import Race, Setting, advanced
from lstm_core.training.recorded_races import SETTINGS, Track, recorded, tracks
from lstm_core.training.tasks import TASKS
from pages._app import caches, charts, downloads, exports, learning, panels, players, slices, stage
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say, spoken
from pages._book.numbers import separators
from pages.race import exercises, figures, lesson
from pages.race.exercises import State

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


def of_record() -> State:
    """Return the recorded race of the task that was chosen."""
    task = control.now("race_task")
    return State(recorded(task), SETTINGS[task], own=False)


def own_race() -> Live | None:
    """Return the visitor's own race; None without one."""
    live: Live | None = st.session_state.get("race_live")
    return live


def shown() -> State:
    """Return the visitor's own race if there is one, else the recorded one."""
    live = own_race()
    if live is None:
        return of_record()
    return State(tracks(live.race), live.race.setting, own=True)


def taken_home() -> downloads.TakenHome:
    """Return the losses of the race, and the programs that repeat it."""
    state = shown()
    looks = next(iter(state.tracks.values())).looks
    columns = {"update": looks} | {
        f"loss_{name}": pd.Series(track.losses) for name, track in state.tracks.items()
    }
    return downloads.TakenHome(columns, lesson.repeated(state.setting, int(looks[-1])), "race")


page = stage.Page(
    chapters.RACE, {}, exercises.TOUR, exercises.QUESTS, exercises.quiz, shown, taken_home
)


def task_control() -> str:
    """Let the visitor choose the task."""
    return control.select("race_task", say("Task"), TASKS, on_change=set_task, format_func=say)


def set_task() -> None:
    """Bring the length to what the recorded race of a task has, and its player to the start."""
    st.session_state.race_length = SETTINGS[st.session_state.race_task].length
    players.restart("race_step")


@page.panel("race", keys=("race_step",))
def recorded_race(place: stage.Stage) -> State:
    """Bet, and see a recorded race."""
    with place.beside:
        task_control()
    state = of_record()
    colours, task = caches.colours(), state.setting.made_task()
    data = figures.racing(state.tracks, state.setting, colours)
    with place.picture:
        players.race_player("race_step", data)
    with place.more():
        st.caption(lesson.about_recorded(state.setting))
        st.table(pd.DataFrame(lesson.sizes(state.tracks, task)).set_index(say("network")))
        exports.playing_button(
            "race",
            say("The race: {task}", task=say(state.setting.task)),
            figures.SCRIPTS,
            figures.STYLES,
            {**data, "decimal": separators(spoken())[0]},
            colours,
        )
    place.sentence(lesson.about_the_task(task))
    return state


@page.panel(
    "own",
    keys=(
        "race_length",
        "race_budget",
        "race_goal",
        "race_optimizer",
        "race_rate",
        "race_clip",
        "race_max_norm",
        "race_seed",
    ),
)
def own(place: stage.Stage) -> State:
    """Train three networks live."""
    live = own_race()
    with place.beside:
        begin = st.container(gap="xsmall")
        setting, goal = chosen(place)
        with begin:
            buttons(live, setting, goal)
    with place.picture:
        panels.fragment(followed_race, run_every=slices.interval(live))()
    with place.below:
        panels.fragment(how_far, run_every=slices.interval(live))(setting)
    return shown()


def chosen(place: stage.Stage) -> tuple[Setting, int]:
    """Let the visitor choose everything that decides a race, and the number of updates."""
    task = task_control()
    length = control.slider(
        "race_length", say("Steps to remember"), 5, 100, start=SETTINGS[task].length
    )
    budget = control.slider("race_budget", say("Parameters each"), 500, 10_000, step=500)
    with place.more():
        optimizer = control.select("race_optimizer", say("Optimiser"), OPTIMIZERS, format_func=say)
        rate = control.positive("race_rate", say("Learning rate"), 1e3, step=0.005)
        max_norm = None
        if control.switch("race_clip", say("Clip by norm")):
            max_norm = control.positive("race_max_norm", say("Largest joint norm"), 1e6)
        goal = control.slider("race_goal", say("Updates"), 100, 5_000, step=100)
        seed = int(control.number("race_seed", say("Seed"), 0, 9999))
        st.caption(say(lesson.HOW_IT_IS_RUN))
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
            st.button(
                say("Start a race"),
                key="race_start",
                on_click=slices.pressed(start),
                type="primary",
            )
        elif live.running:
            st.button(
                say("Stop"), key="race_stop", on_click=slices.pressed(live.stop), type="primary"
            )
        else:
            done = live.race.updates >= goal or live.race.over
            st.button(
                say("Go on"),
                key="race_resume",
                on_click=slices.pressed(resume),
                type="primary",
                disabled=done,
            )
            st.button(say("Start again"), key="race_again", on_click=slices.pressed(start))
        if live is not None:
            st.button(
                say("Back to the recorded race"), key="race_leave", on_click=slices.pressed(leave)
            )
    slices.run_again()


def followed_race() -> None:
    """Draw the visitor's own race if there is one, else the recorded one."""
    live = own_race()
    if live is None:
        state = of_record()
        picture(state.tracks, state.setting)
        return
    with slices.followed(live):
        picture(tracks(live.race), live.race.setting)
        learning.notice_quests(chapters.RACE, exercises.QUESTS, shown())


def how_far(setting: Setting) -> None:
    """Say whose race is drawn, and how far the visitor's own one is."""
    live = own_race()
    if live is None:
        st.markdown(lesson.of_whom(of_record().setting, own=False))
        return
    st.progress(
        min(live.race.updates / live.goal, 1.0),
        f"{lesson.of_whom(live.race.setting, own=True)}: {lesson.how_far(live.race, live.goal)}",
    )
    slices.say_whose_turn(live)
    if live.race.setting != setting:
        problem = say("The settings have changed; this race still runs by its own.")
        st.info(problem, icon=":material/info:")
    if live.lost:
        problem = say("A slice of the race was lost and is computed again; nothing else was.")
        st.warning(problem, icon=":material/warning:")


def picture(raced: Mapping[str, Track], setting: Setting) -> None:
    """Draw the losses of a race, live or recorded."""
    task = setting.made_task()
    figure = figures.losses(raced, task.baseline, caches.colours())
    charts.chart(figure, "race_losses", lesson.losses_alt(raced, task))


@page.panel("gradients")
def gradients(place: stage.Stage) -> State:
    """See what gradient reached which step at the end of the race."""
    live = own_race()
    with place.beside:
        if live is None:
            task_control()
        st.markdown(
            lesson.of_whom((live.race.setting if live else of_record().setting), bool(live))
        )
    state = shown()
    with place.picture:
        figure = figures.gradient_norms(state.tracks, caches.colours())
        charts.chart(figure, "race_norms", lesson.norms_alt(state.tracks))
    with place.more():
        st.caption(say(lesson.COMPARE_STEPS))
        table = lesson.rows(state.tracks, state.setting.made_task())
        st.table(pd.DataFrame(table).set_index(say("network")))
    place.sentence(lesson.norms_sentence(state.tracks))
    return state


page.show()
