"""A lecture with a room: a lecturer at the projector, a presenter's phone, and three students."""

import io
import re

import pytest
import zxingcpp
from PIL import Image

from pages._book.slides import SLIDES
from tests.browser.axe import violations
from tests.browser.conftest import sent
from tools.serving import rest

MARKUP = "<b>Good</b> \N{GRINNING FACE} a wonderful, moving film"


def place_of(panel):
    return next(place for place, one in enumerate(SLIDES, 1) if one.panel == panel)


def slide_that_asks(panel):
    return next(n for n, one in enumerate(SLIDES, 1) if one.panel == panel and one.asks)


def step(page, key):
    """Return the step of a player of the page; None where there is none."""
    return page.evaluate(f"[...(window.players ?? [])].find((one) => one.id === '{key}')?.step")


def until(page, condition):
    page.wait_for_function(condition, timeout=20_000)


class Lecture:
    """A room with everybody in it.

    Attributes:
        lecturer: the projector's page.
        phone: the presenter's view.
        students: three pages.
        code: of the room.
    """

    def __init__(self, visit, address):
        self.address = address
        place = slide_that_asks("chain")
        self.lecturer = visit(f"/activations?mode=lecture&slide={place}", motion="reduce")
        rest(self.lecturer)
        self.lecturer.locator(".st-key-room_open button").click()
        self.host = self.lecturer.locator("#room-host")
        self.host.locator(".qr").wait_for()
        rest(self.lecturer)
        self.code = self.host.locator(".code").inner_text()
        self.students = [visit(f"/room/{self.code}", 360) for _ in range(3)]
        self.key = self.lecturer.evaluate("room.key")
        self.phone = visit(self.lecturer.evaluate("room.presenterAddress()"), 360)

    def press(self):
        self.lecturer.keyboard.press("PageDown")

    def show(self, path, place):
        """Load another slide, as a lecturer does who starts the browser's tab anew."""
        self.lecturer.goto(f"{self.address}{path}?mode=lecture&slide={place}&room={self.code}")
        self.lecturer.get_by_role("heading", level=1).wait_for()
        rest(self.lecturer)

    def keeps_wcag(self):
        """Say what breaks WCAG 2.2 AA for the lecturer, the presenter and a student."""
        # Streamlit's own menu, on a phone, is a list of lists that axe does not like.
        parts = {self.lecturer: None, self.phone: ".stMain", self.students[0]: "#room-student"}
        assert [violations(page, within=part) for page, part in parts.items()] == [[], [], []]

    def part(self, student):
        return student.locator("#room-student")

    def vote(self, *choices):
        for student, choice in zip(self.students, choices, strict=True):
            self.part(student).locator(".vote").nth(choice).click()
            self.part(student).get_by_text("Your answer is counted.").wait_for()


@pytest.fixture
def lecture(visit, address):
    return Lecture(visit, address)


@pytest.mark.timeout(600)
def test_a_lecture_with_a_room(lecture, visit):
    opens_with_a_code(lecture)
    follows_the_panel(lecture)
    votes_twice(lecture)
    follows_steps_without_a_run(lecture)
    guesses(lecture)
    is_driven_from_the_phone(lecture)
    bets(lecture)
    reads_a_sentence(lecture)
    looks_around_and_comes_back(lecture)
    comes_back_after_a_reload(lecture)
    is_not_driven_without_the_key(lecture, visit)
    goes_on_from_another_screen(lecture, visit)
    is_taken_home_and_ends(lecture)
    opens_a_second_room(lecture)


def opens_with_a_code(lecture):
    assert re.fullmatch("[BCDFGHJKMNPRSTVWXZ]{4}", lecture.code)
    picture = Image.open(io.BytesIO(lecture.host.locator(".qr").screenshot()))
    read = zxingcpp.read_barcode(picture).text
    assert read.endswith(f"/room/{lecture.code}")
    assert lecture.host.locator(".address").inner_text() in read
    lecture.host.get_by_text("3 students are in.").wait_for()
    lecture.host.get_by_label("Another address of this app").fill("no address")
    lecture.host.get_by_role("button", name="Use it").click()
    lecture.host.get_by_text("This is no address").wait_for()
    lecture.host.get_by_label("Another address of this app").fill("https://lstm.example.org")
    lecture.host.get_by_role("button", name="Use it").click()
    lecture.host.get_by_text(f"lstm.example.org/room/{lecture.code}", exact=True).wait_for()
    lecture.keeps_wcag()
    lecture.press()
    lecture.host.locator(".opened").wait_for(state="hidden")
    lecture.host.get_by_text(f"{lecture.code} · 3 in").wait_for()
    assert lecture.key not in lecture.lecturer.content()
    assert lecture.key not in lecture.lecturer.url


def follows_the_panel(lecture):
    for student in lecture.students:
        student.wait_for_url(re.compile(r"/activations\?.*panel=chain"))
        rest(student)
        # The answer is hidden here as it is on the projector, and the question can be read.
        assert not student.locator(".st-key-stage_picture .js-plotly-plot").first.is_visible()
        lecture.part(student).get_by_text("Which function keeps all of it").wait_for()
    hint = "getComputedStyle(document.querySelector('.st-key-stage_picture'), '::before').content"
    assert lecture.students[0].evaluate(hint) == '"The picture comes when the lecturer shows it."'


def votes_twice(lecture):
    host, phone = lecture.host, lecture.phone
    lecture.press()
    lecture.vote(0, 2, 2)
    host.get_by_text("3 answers so far").wait_for()
    lecture.keeps_wcag()
    seen = host.inner_text()
    assert "✔" not in seen, "the answer is not given away"
    assert "%" not in seen
    phone.get_by_text("1 · 33 %").wait_for()
    phone.get_by_text("Gradients vanish because of the sigmoid").wait_for()
    phone.get_by_role("button", name="Close").click()
    phone.get_by_role("button", name="Vote again").click()
    lecture.part(lecture.students[0]).get_by_text("Talk to your neighbours").wait_for()
    lecture.vote(2, 2, 2)
    lecture.press()
    host.get_by_text("3 · 100 %").wait_for()
    host.get_by_text("1 · 33 %").wait_for()
    assert host.locator(".choice.right").inner_text().startswith("C")
    assert "Gradients vanish because of the sigmoid" in host.locator(".mistake").inner_text()
    assert len(host.locator(".evidence").inner_text()) > 40
    lecture.part(lecture.students[1]).get_by_text("✔ right").wait_for()
    lecture.keeps_wcag()
    lecture.press()
    host.locator(".card").wait_for(state="hidden")
    for student in lecture.students:
        student.locator(".st-key-stage_picture .js-plotly-plot").first.wait_for()


def follows_steps_without_a_run(lecture):
    place = slide_that_asks("player")
    lecture.show("/cell", place)
    lecture.host.get_by_text(f"{lecture.code} · 3 in").wait_for()
    for student in lecture.students:
        student.wait_for_url(re.compile("/cell"))
        rest(student)
        until(student, "[...window.players].some((one) => one.id === 'step' && one.step === 24)")
    asked = [sent(student) for student in lecture.students]
    lecture.lecturer.keyboard.press("Shift+ArrowLeft")
    for student in lecture.students:
        until(student, "[...window.players].some((one) => one.id === 'step' && one.step === 23)")
        student.wait_for_timeout(400)
    assert asked == [[], [], []], "a step asks the server of no student for anything"
    lecture.lecturer.keyboard.press("Shift+ArrowRight")
    rest(lecture.lecturer)


def guesses(lecture):
    host = lecture.host
    lecture.press()
    for student, value in zip(lecture.students, ("-0.5", "0.5", "0.52"), strict=True):
        lecture.part(student).get_by_label("Your guess").fill(value)
    host.get_by_text("3 answers so far").wait_for()
    assert not host.locator(".cloud").count()
    lecture.phone.locator(".cloud .guess").nth(2).wait_for()
    lecture.press()
    host.locator(".cloud .guess").nth(2).wait_for()
    assert not host.locator(".cloud .value").count()
    in_player = lecture.lecturer.locator(".guesscloud circle")
    assert in_player.count() == 3
    for _ in range(2):
        lecture.press()
        rest(lecture.lecturer)
    host.locator(".cloud .value").wait_for(state="attached")
    lecture.keeps_wcag()
    lecture.part(lecture.students[2]).get_by_text("The value is").wait_for()


def is_driven_from_the_phone(lecture):
    before = step(lecture.lecturer, "step")
    lecture.phone.get_by_role("button", name="Go on").click()
    until(lecture.lecturer, f"[...window.players].some((one) => one.step > {before})")
    assert len(lecture.phone.locator(".note").inner_text()) > 20
    assert lecture.phone.locator(".note").inner_text() not in lecture.lecturer.content()


def bets(lecture):
    lecture.show("/race", place_of("race"))
    for student in lecture.students:
        student.wait_for_url(re.compile("/race"))
    lecture.press()
    lecture.vote(1, 2, 3)
    lecture.host.get_by_text("3 answers so far").wait_for()
    lecture.press()
    lecture.host.get_by_text("1 · 33 %").first.wait_for()
    assert "✔" not in lecture.host.inner_text()
    lecture.press()
    lecture.host.locator(".choice.right").wait_for()
    winner = lecture.host.locator(".choice.right .words").inner_text()
    assert f"The winner is {winner}" in lecture.lecturer.locator(".where").first.inner_text()
    lecture.part(lecture.students[0]).get_by_text("✔ right").wait_for()
    lecture.press()
    lecture.host.locator(".card").wait_for(state="hidden")


def reads_a_sentence(lecture):
    lecture.show("/reviews", place_of("verdict"))
    first = lecture.part(lecture.students[0])
    first.get_by_label("A sentence for the network").fill(MARKUP)
    first.get_by_role("button", name="Send").click()
    first.get_by_text("It is sent").wait_for()
    lecture.phone.get_by_text(MARKUP).wait_for()
    for page in (lecture.lecturer, lecture.students[1]):
        assert "wonderful, moving" not in page.content(), "seen by the presenter alone"
    lecture.phone.get_by_role("button", name="Ask the room: positive?").click()
    for student in lecture.students:
        question = lecture.part(student).locator(".question", has_text=MARKUP)
        question.wait_for()
        assert not question.locator("b").count()
        assert not lecture.part(student).locator("form").is_visible(), "one thing at a time"
    lecture.keeps_wcag()
    lecture.vote(0, 0, 1)
    assert not lecture.host.locator(".question b").count()
    lecture.press()
    lecture.host.locator(".choice.right").wait_for()
    rest(lecture.lecturer)
    assert "wonderful, moving" in lecture.lecturer.locator(".st-key-text textarea").input_value()
    lecture.press()
    for student in lecture.students:
        student.wait_for_url(re.compile("/reviews.*text="))


def looks_around_and_comes_back(lecture):
    student = lecture.students[2]
    lecture.part(student).get_by_role("button", name="Look around").click()
    lecture.part(student).get_by_text("you look around").wait_for()
    was = student.url
    lecture.show("/activations", place_of("picture"))
    lecture.students[0].wait_for_url(re.compile("/activations"))
    assert student.url == was
    lecture.part(student).get_by_role("button", name="Back to the lecture").click()
    student.wait_for_url(re.compile("/activations"))
    rest(student)
    # Whoever uses a control looks around.
    student.locator(".st-key-panel button").nth(1).click()
    lecture.part(student).get_by_text("you look around").wait_for()
    lecture.part(student).get_by_role("button", name="Back to the lecture").click()
    student.wait_for_url(lambda address: "panel=chain" not in address)
    # Whoever steps by the keys of the page too, or goes back by the browser's.
    for leave in (lambda: student.keyboard.press("ArrowRight"), student.go_back):
        rest(student)
        leave()
        lecture.part(student).get_by_text("you look around").wait_for()
        lecture.part(student).get_by_role("button", name="Back to the lecture").click()
        lecture.part(student).get_by_text("you follow the lecture").wait_for()


def comes_back_after_a_reload(lecture):
    student = lecture.students[1]
    student.reload()
    lecture.part(student).get_by_text("you follow the lecture").wait_for()
    lecture.host.get_by_text(f"{lecture.code} · 3 in").wait_for()


def is_not_driven_without_the_key(lecture, visit):
    stranger = visit(f"/present?room={lecture.code}#key={'0' * 32}")
    stranger.get_by_text("This address does not drive the room.").wait_for()
    lost = visit("/room/bbab", 360)
    lost.get_by_text("There is no room BBAB. Compare the code").wait_for()
    lost.locator("#room-student").get_by_role("button", name="Close").click()
    lost.locator("#room-student").wait_for(state="detached")
    lost.wait_for_url(lambda address: "room=" not in address)


def goes_on_from_another_screen(lecture, visit):
    """The lecturer's browser is closed; the key is in the presenter's address."""
    place = place_of("flow")
    lecture.lecturer.close()
    laptop = visit(f"/present?room={lecture.code}#key={lecture.key}", motion="reduce")
    laptop.get_by_text("No projector is connected.").wait_for()
    laptop.get_by_role("button", name="Show the lecture on this screen").click()
    laptop.locator("#room-host .chip").get_by_text(f"{lecture.code} · 3 in").wait_for()
    assert lecture.key not in laptop.url
    lecture.lecturer, lecture.host = laptop, laptop.locator("#room-host")
    path = f"/{SLIDES[place - 1].chapter.path}"
    lecture.show(path, place)
    for student in lecture.students:
        student.wait_for_url(re.compile(path))
    lecture.phone.get_by_text("No projector is connected.").wait_for(state="hidden")


def is_taken_home_and_ends(lecture):
    with lecture.phone.expect_download() as coming:
        lecture.phone.get_by_role("button", name="Take home (CSV)").click()
    table = coming.value.path().read_text(encoding="utf-8")
    assert "Which function keeps all of it" in table
    assert lecture.key not in table
    lecture.phone.get_by_role("button", name="End the room").click()
    lecture.phone.get_by_role("button", name="Really end it for all").click()
    for student in lecture.students:
        lecture.part(student).get_by_text("The lecturer has ended this room.").wait_for()
    lecture.host.get_by_text("The lecturer has ended this room.").wait_for()
    assert not lecture.phone.get_by_role("button", name="End the room").is_visible()
    assert lecture.phone.get_by_role("button", name="Take home (CSV)").is_visible()


def opens_a_second_room(lecture):
    """Everything that is pressed there is done once."""
    lecture.host.locator(".chip").click()
    lecture.host.wait_for(state="detached")
    rest(lecture.lecturer)
    lecture.lecturer.locator(".st-key-room_open button").click()
    code = lecture.host.locator(".code", has_text=re.compile("[A-Z]{4}"))
    code.wait_for()
    assert code.inner_text() != lecture.code
    until(lecture.lecturer, "room.status === 'on'")
    assert lecture.lecturer.evaluate("room.listeners.press.size") == 1
