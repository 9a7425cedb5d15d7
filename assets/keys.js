// The keys of a page. Page keys, as a presenter's clicker sends them, always go on and back: to the
// next stop of what the panel steps, then to the next slide, and outside of the lecture to the next
// panel. Arrows step the panel's player, unless a text field has the focus; in the lecture they go
// from stop to stop like the page keys, and with Shift through every step. What the lecturer's other
// window, the presenter's view, asks for is done here too.

const PAGES = { PageDown: 1, PageUp: -1 };
const ARROWS = { ArrowRight: 1, ArrowLeft: -1 };
const ENDS = { End: 1, Home: -1 };
const SCROLLS = { ArrowDown: 1, ArrowUp: -1 };
// A list that was chosen from and is closed again is no text field, although it is made of one.
const TEXT = "textarea, [contenteditable=true], input:not([type=range], [type=checkbox], [type=radio], [role=combobox][aria-expanded=false])";
const OWN = `${TEXT}, select, input, [role=slider], [role=tab], [role=radio], [role=combobox], [role=grid], [role=listbox]`;
const DIALOG = "[data-testid=stDialog], [role=dialog][aria-modal=true]";
const CHANNEL = "inside-an-lstm";
const PATIENCE = 5000; // Milliseconds that a slide may take to come.

let now = { lecture: false, stops: [], asks: "" };
let seen = ""; // The slide or panel on the screen; another one is seen from its top.
let answered = false; // Whether the answer of a slide that asks the room is shown.
let left = { place: "", at: 0 }; // The slide that was left by a press, while the next one is on its way.
let waiting = 0; // Presses that came meanwhile.

// Players register themselves (stepping.js); the one that is seen is meant.
const player = () => [...(window.players ?? [])].find((one) => one.root.isConnected && one.inView());

function follow(way) {
  if (left.place === seen && performance.now() - left.at < PATIENCE) {
    waiting = Math.max(-3, Math.min(3, waiting + way));
    return true;
  }
  const link = document.querySelector(`.st-key-slide_${way > 0 ? "on" : "back"} a`);
  if (!link) return false;
  left = { place: seen, at: performance.now() };
  link.click();
  return true;
}

function otherPanel(way) {
  const tabs = [...document.querySelectorAll(".st-key-panel button")];
  const at = tabs.findIndex((one) => one.getAttribute("aria-checked") === "true" || one.dataset.testid?.endsWith("Active"));
  const next = at < 0 ? null : tabs[at + way];
  if (next) next.click();
  return Boolean(next);
}

const asking = () => Boolean(now.lecture && now.asks && !answered);

// One idea a press: the answer that is hidden, the next stop, the next slide.
function go(way) {
  if (window.pressRoom?.(way)) return true; // A room that is led from here (host.js).
  if (asking() && way > 0) {
    answered = true;
    hideAnswer();
    tell();
    return true;
  }
  if (!now.lecture) return otherPanel(way);
  return player()?.toStop(way, now.stops) || follow(way);
}

// Style sheets hide the answer of a slide until it is named here (lecture.py).
function hideAnswer() {
  document.documentElement.dataset.answered = answered ? now.shown[2] : "";
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const { key } = event;
  const target = event.composedPath()[0];
  const within = (selector) => Boolean(target.closest?.(selector));
  const done = () => {
    window.letGo?.(); // Whoever follows a lecture looks around from here on (follow.js).
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const dialog = document.querySelector(DIALOG);
  if (key in PAGES) {
    // Outside of the lecture a long text and a dialog are scrolled by them.
    if (!now.lecture && (dialog || within("textarea"))) return;
    if (dialog) dialog.querySelector("button[aria-label=Close]")?.click();
    else if (!go(PAGES[key]) && !now.lecture) return;
    done();
    return;
  }
  if (dialog || within(TEXT)) return;
  if (key in ARROWS) {
    if (now.lecture && !event.shiftKey) {
      go(ARROWS[key]);
      done();
    } else if ((now.lecture || !within(OWN)) && player()?.by(ARROWS[key])) done();
    return;
  }
  if (!now.lecture || within(OWN)) return;
  if (key in ENDS && follow(ENDS[key])) done();
  if (key in SCROLLS) {
    // The page scrolls in a part of its own, which has the keys only after a click into it.
    done();
    const main = document.querySelector(".stMain");
    main.scrollBy({ top: SCROLLS[key] * 0.6 * main.clientHeight, behavior: "smooth" });
  }
}

// How many times as large as 1280 by 720 the screen is: the type of figures grows with it. A phone is
// no projector, and has 0.
const projected = () => innerWidth < 900 ? 0 : Math.max(1, Math.round(4 * Math.min(innerWidth / 1280, innerHeight / 720)) / 4);

const channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;

function tell() {
  window.lectureTold = now.lecture ? { shown: now.shown, cut: now.cut, asking: asking() } : null;
  if (now.lecture) channel?.postMessage(window.lectureTold);
}

function heard({ data: message }) {
  // A tab that nobody sees is not driven.
  if (message.go && now.lecture && document.visibilityState === "visible") go(message.go);
  if (message.hello) tell();
}

// Between two slides this component is away for a moment, and its keys are not.
if (!window.keysAreHeard) {
  window.keysAreHeard = true;
  // On the window and before anybody else, so that a slider does not take the page keys.
  window.addEventListener("keydown", (event) => window.hearKey(event), { capture: true });
  channel?.addEventListener("message", (event) => window.hearPresenter(event));
}
window.hearKey = pressed;
window.hearPresenter = heard;

function arrive() {
  document.querySelector(".stMain").scrollTo({ top: 0, behavior: "instant" });
  answered = false;
  left = { place: "", at: 0 };
  const way = Math.sign(waiting);
  waiting -= way;
  if (way) setTimeout(() => go(way), 50);
}

export default function ({ data, setTriggerValue }) {
  let later = 0;
  const resized = () => {
    clearTimeout(later);
    if (!now.lecture || projected() === data.projection) return;
    // A run that is under way is not cut short.
    if (document.querySelector(".stApp").dataset.testScriptState === "running") later = setTimeout(resized, 200);
    else setTriggerValue("projection", projected());
  };
  now = data;
  resized();
  const place = JSON.stringify(data.shown);
  const another = place !== seen;
  seen = place;
  if (another) arrive();
  hideAnswer();
  tell();
  window.addEventListener("resize", resized);
  return () => {
    clearTimeout(later);
    window.removeEventListener("resize", resized);
  };
}
