"""The browser's side of the line to a room (assets/room.js): it comes back, and everything counts once."""

import pytest

from tools.serving import ROOT

SCRIPT = (ROOT / "assets" / "room.js").read_text(encoding="utf-8")
# Remembers all that a listener was told, and waits until it is told something that fits.
WATCH = """
window.heard = {};
window.watch = (name) => roomOf().on(name, (value, why) => (heard[name] ??= []).push(why ? [value, why] : value));
window.until = async (fits) => {
  for (let tries = 0; tries < 1600; tries++) {
    const found = fits();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`waited in vain for ${fits}`);
};
"""


@pytest.fixture
def tab(context, address):
    """Open tabs that have the script and nothing else of the app."""
    pages = []

    def opened(fragment=""):
        page = context.new_page()
        pages.append(page)
        # Any document of the server will do.
        page.goto(f"{address}/_stcore/health{fragment}")
        scripts(page)
        return page

    yield opened
    for page in pages:
        page.close()


def scripts(page):
    page.add_script_tag(content=SCRIPT + WATCH)


@pytest.fixture
def lecture(tab):
    """Open a room, with a student in it; returns the lecturer's tab, the student's, and the code."""
    projector, student = tab(), tab()
    code = projector.evaluate("async () => (await roomOf().open()).code")
    student.evaluate("(code) => roomOf().join(code.toLowerCase())", code)
    for page in (projector, student):
        page.evaluate("() => until(() => roomOf().status === 'on')")
    return projector, student, code


ASK = """async (ask) => (await roomOf().send({ type: "ask", ask })).ask"""
QUESTION = {"kind": "question", "text": "Which?", "choices": ["a", "b"], "right": [1]}
BARS = """async () => {
  const { id: ask } = roomOf().state.asked;
  await roomOf().send({ type: "turn", ask, state: "shown" });
  return until(() => roomOf().state.asked.bars);
}"""


def asked(page):
    return page.evaluate("() => until(() => roomOf().state.asked?.state === 'open')")


def test_a_vote_over_a_line_that_is_lost_counts_once(lecture):
    projector, student, _ = lecture
    student.evaluate("() => watch('status')")
    projector.evaluate(ASK, QUESTION)
    asked(student)
    # It is sent, and the line is cut before the answer comes: it is sent again.
    told = student.evaluate(
        "() => { const voted = roomOf().vote(1); roomOf().line.close(); return voted; }"
    )
    assert told["choice"] == 1
    assert student.evaluate("() => roomOf().mine") == {"ask": 1, "round": 1, "choice": 1}
    # Nobody is told of a loss that is over within a moment.
    assert student.evaluate("() => heard.status")[:1] == ["on"]
    assert student.evaluate("() => roomOf().status") == "on"
    assert student.evaluate("() => roomOf().vote(0)") == {
        "type": "done",
        "choice": 1,
        "first": False,
    }
    assert projector.evaluate(BARS) == [[0, 1]]


def test_what_is_sent_while_there_is_no_line_arrives_later(lecture):
    projector, student, _ = lecture
    projector.evaluate(ASK, QUESTION)
    asked(student)
    student.evaluate("() => { roomOf().line.close(); }")
    assert student.evaluate("() => roomOf().vote(0)")["first"]
    assert projector.evaluate(BARS) == [[1, 0]]


def test_who_reloads_is_who_was_there(lecture):
    projector, student, _ = lecture
    projector.evaluate(ASK, QUESTION)
    asked(student)
    student.evaluate("() => roomOf().vote(1)")
    student.reload()
    scripts(student)
    assert student.evaluate("() => roomOf().resume()")
    student.evaluate("() => until(() => roomOf().mine)")
    assert student.evaluate("() => roomOf().mine.choice") == 1
    projector.reload()
    scripts(projector)
    assert projector.evaluate("() => roomOf().resume()")
    projector.evaluate("() => until(() => roomOf().status === 'on' && roomOf().state.people)")
    assert projector.evaluate("() => roomOf().role") == "projector"
    assert student.evaluate("() => roomOf().code") == projector.evaluate("() => roomOf().code")


def test_of_a_guess_that_is_dragged_the_last_one_counts(lecture):
    projector, student, _ = lecture
    projector.evaluate(ASK, {"kind": "guess", "text": "Guess c", "low": 0, "high": 1, "value": 0.5})
    asked(student)
    sent, milliseconds = student.evaluate(
        """async () => {
          let sent = 0;
          const begun = performance.now();
          const { line } = roomOf();
          const send = line.send.bind(line);
          line.send = (text) => ((sent += 1), send(text));
          for (let drag = 1; drag <= 50; drag++) {
            roomOf().guess(drag / 100);
            await new Promise((done) => setTimeout(done, 10));
          }
          await until(() => roomOf().mine?.value === 0.5);
          return [sent, performance.now() - begun];
        }"""
    )
    assert 2 <= sent <= 2 + milliseconds / 350
    projector.evaluate("() => roomOf().send({ type: 'turn', ask: 1, state: 'closed' })")
    assert projector.evaluate("() => until(() => roomOf().state.asked.cloud)") == [0.5]


def test_what_is_shown_reaches_a_follower_without_what_is_the_lecturers_own(lecture):
    projector, student, code = lecture
    student.evaluate("() => { watch('shown'); watch('step'); }")
    query = f"panel=player&unit=2&lang=de&room={code}&mode=lecture&slide=3&controls=true&key=x"
    projector.evaluate("(query) => roomOf().show({ path: 'cell', panel: 'player', query })", query)
    projector.evaluate("(query) => roomOf().show({ path: 'cell', panel: 'player', query })", query)
    milliseconds = projector.evaluate(
        """async () => {
          const begun = performance.now();
          for (let at = 0; at < 30; at++) {
            roomOf().step({ player: "step", at, plays: true, until: null });
            await new Promise((done) => setTimeout(done, 10));
          }
          return performance.now() - begun;
        }"""
    )
    student.evaluate("() => until(() => heard.step?.at(-1)?.at === 29)")
    shown = [one for one in student.evaluate("() => heard.shown") if one]
    assert [one["query"] for one in shown] == ["panel=player&unit=2&lang=de"]
    # At most one every 250 ms, beside what there was.
    assert len(student.evaluate("() => heard.step")) <= 3 + milliseconds / 250


def test_a_follower_waits_a_part_of_the_spread_and_opens_the_newest_panel(tab):
    page = tab()
    told = page.evaluate(
        """async () => {
          const room = new Room("");
          room.role = "student";
          const told = [];
          room.on("shown", (shown) => told.push(shown.query));
          room.on("step", (step) => told.push(step?.at));
          const learn = (query, spread) => room.learn({ shown: { path: "cell", query, spread }, step: { at: query.length } });
          learn("panel=a", 10000);
          Math.random = () => 0.5;
          learn("panel=bb", 200);
          learn("panel=ccc", 200);
          const before = [...told];
          await new Promise((done) => setTimeout(done, 250));
          return [before, told];
        }"""
    )
    assert told == [["panel=a", 7], ["panel=a", 7, "panel=ccc", 9]]


def test_why_it_is_over_is_said_and_nothing_is_tried_again(lecture, tab):
    projector, student, code = lecture
    lost = tab()
    lost.evaluate("() => { roomOf().join('zzzz'); watch('status'); }")
    lost.evaluate("() => until(() => roomOf().status === 'closed')")
    assert lost.evaluate("() => roomOf().why") == "unknown"
    lost.evaluate("(code) => roomOf().drive(code, '0'.repeat(32), 'presenter')", code)
    lost.evaluate("() => until(() => roomOf().status === 'closed' && roomOf().why === 'key')")
    assert lost.evaluate("() => roomOf().resume()") is False
    assert lost.evaluate("() => sessionStorage.getItem('room')") is None
    projector.evaluate("() => roomOf().send({ type: 'end' }).catch(() => {})")
    for page in (projector, student):
        page.evaluate("() => until(() => roomOf().status === 'closed')")
        assert page.evaluate("() => roomOf().why") == "over"
    refused = student.evaluate(
        "() => roomOf().send({ type: 'sentence', text: 'x' }).catch((error) => error.message)"
    )
    assert refused == "over"


def test_the_presenters_key_is_in_the_fragment_alone(lecture, tab):
    projector, student, code = lecture
    address = projector.evaluate("() => roomOf().presenterAddress()")
    path, _, fragment = address.partition("#")
    assert path == f"/present?room={code}"
    key = fragment.removeprefix("key=")
    assert len(key) == 32
    assert key not in projector.url
    assert key not in projector.evaluate("() => roomOf().studentAddress()")
    phone = tab(f"?room={code}#{fragment}")
    assert phone.evaluate("() => roomOf().keyOfAddress()") == key
    phone.evaluate("(code) => roomOf().drive(code, roomOf().keyOfAddress(), 'presenter')", code)
    phone.evaluate("() => until(() => roomOf().status === 'on')")
    projector.evaluate("() => watch('press')")
    assert phone.evaluate("() => roomOf().send({ type: 'press', go: 1 })")["projectors"] == 1
    projector.evaluate("() => until(() => heard.press?.length)")
    assert projector.evaluate("() => heard.press") == [{"type": "press", "go": 1}]
    assert student.evaluate("() => roomOf().keyOfAddress()") == ""
    with phone.expect_download() as download:
        phone.evaluate("() => roomOf().takeHome('csv')")
    assert download.value.suggested_filename == f"room-{code}.csv"
