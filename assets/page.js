// What every page needs of its browser, and Streamlit 1.67 does not do.
//
// First: keep the whole address of a page in the browser's history when a visitor goes to another.
// Streamlit takes the parameters of bound widgets out of the entry that is left, so that Back
// would open the page as it is by default. Here each entry has a number; the address that stood there
// when a link was followed is put back before Streamlit looks at it.
//
// Second: Back goes back by page, slide, panel and glossary entry, and by nothing smaller. Streamlit
// makes an entry of the history for every value that the server writes into the address.

const left = new Map(); // The address of each entry that was left, by the entry's number.
let place = 0;
let leaving = null; // The address at the moment of a click, before anything is taken out of it.
let halfway = false; // Whether an entry was made since the last click: a page that follows takes it over.

function pathOf(address) {
  return new URL(address, location.href).pathname;
}

// Whether an address of the same page opens something else there; a slide says its panel itself.
function opensAnother(address) {
  const [now, next] = [location.href, new URL(address, location.href)].map((one) => new URL(one).searchParams);
  const differs = (name) => now.get(name) !== next.get(name);
  return differs("slide") || differs("term") || (differs("panel") && !next.get("slide"));
}

function numbered(change, moves) {
  return function (state, unused, address) {
    let make = change;
    if (address && pathOf(address) !== location.pathname) {
      // Streamlit writes the parameters of a link into the address of the page that is left, and then
      // goes to the other page: that is one way, and one entry.
      const before = moves && halfway ? place - 1 : place;
      if (leaving && pathOf(leaving) === location.pathname) left.set(before, leaving);
      if (moves && halfway) make = replace;
      else if (moves) place += 1;
      leaving = null;
      halfway = false;
    } else if (moves && address && !opensAnother(address)) {
      make = replace;
    } else if (moves) {
      left.delete(place);
      place += 1;
      halfway = true;
    }
    return make.call(history, { ...state, place }, unused, address);
  };
}

const replace = history.replaceState;

if (!window.addressesAreKept) {
  window.addressesAreKept = true;
  place = history.state?.place ?? 0;
  history.pushState = numbered(history.pushState, true);
  history.replaceState = numbered(history.replaceState, false);
  document.addEventListener(
    "click",
    (event) => {
      halfway = false;
      if (event.target.closest?.("a")) leaving = location.href;
    },
    true,
  );
  window.addEventListener(
    "popstate",
    (event) => {
      place = event.state?.place ?? 0;
      halfway = false;
      const whole = left.get(place);
      if (!whole || whole === location.href || pathOf(whole) !== location.pathname) return;
      history.replaceState(event.state, "", whole);
      // Streamlit has looked at the address already, and is asked to look again.
      window.dispatchEvent(new PopStateEvent("popstate", { state: event.state }));
    },
    true,
  );
  // Whoever follows a lecture is led to an address in the same session; all that it can set is set.
  window.openAddress = (address) => {
    leaving = null;
    halfway = false;
    left.delete(place);
    history.replaceState(history.state, "", address);
    window.dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
  };
}

// Third: what scrolls sideways, such as a formula on a phone, can be reached and scrolled by keys.

const SCROLLERS = ".katex-display, [data-testid=stMarkdownContainer] table, [data-testid=stTable], .coloured-words";

function reachable() {
  for (const one of document.querySelectorAll(SCROLLERS)) {
    if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
    else one.removeAttribute("tabindex");
  }
}

// Fourth: the stage begins below the row of title and panels, which has one line or two, and below the
// card of a tour; style sheets know it as --above.

let row = null;
let card = null;

function fit() {
  const main = document.querySelector(".stMain");
  if (!row?.isConnected || !main) return;
  const parts = [row, card].filter((one) => one?.isConnected && getComputedStyle(one.parentElement).position !== "fixed");
  const bottom = Math.max(...parts.map((one) => one.getBoundingClientRect().bottom));
  document.documentElement.style.setProperty("--above", `${Math.ceil(bottom + main.scrollTop + 8)}px`);
}

// In the lecture nothing is scrolled: more than two lines below the picture take room from it, and keep
// that until another panel is shown, so that nothing jumps.
const LINES = 3.2; // What two lines take, in rem.
const GAP = 0.6; // Between the picture and them.
let below = null;
let panel = "";
let most = 0;

function fitBelow() {
  const { style } = document.documentElement;
  const shown = document.querySelector("[class*='st-key-panel_']")?.className ?? "";
  const lecture = getComputedStyle(document.documentElement).getPropertyValue("--lecture").trim() === "on";
  if (shown !== panel || !lecture) {
    [panel, most] = [shown, 0];
    style.removeProperty("--below");
  }
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const height = Math.ceil(below?.getBoundingClientRect().height ?? 0);
  if (!lecture || height <= Math.max(most, LINES * rem)) return;
  most = height;
  style.setProperty("--below", `${Math.ceil(height + GAP * rem)}px`);
}

const fitted = new ResizeObserver(() => {
  fit();
  fitBelow();
});

function fitAnew() {
  const found = [".st-key-chapter", ".st-key-tour", ".st-key-stage_below"].map((one) => document.querySelector(one));
  if (found.every((one, place) => one === [row, card, below][place])) return;
  [row, card, below] = found;
  fitted.disconnect();
  for (const one of found) if (one) fitted.observe(one);
  fit();
  fitBelow();
}

// Fifth: the part of Streamlit that draws charts is large: it is fetched before the first chart comes.
function fetchEarly(names) {
  const own = document.querySelector("script[src*='static/js/']");
  for (const name of own ? names : []) {
    const href = new URL(name, own.src).href;
    if (document.head.querySelector(`link[href="${href}"]`)) continue;
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
  }
}

// Sixth: a slider writes its numbers as programs do; they get the signs of the visitor's language.

const NUMBERS = ":is([data-testid=stSliderThumbValue], [data-testid=stSliderTickBar]), :is([data-testid=stSliderThumbValue], [data-testid=stSliderTickBar]) *";
let decimalSign = ".";

function signed() {
  for (const one of document.querySelectorAll(NUMBERS)) {
    for (const text of one.childNodes) {
      if (text.nodeType !== Node.TEXT_NODE || !/^[-−]?\d+([.,]\d+)?$/.test(text.data)) continue;
      const written = text.data.replace("-", "−").replace(/[.,]/, decimalSign);
      if (written !== text.data) text.data = written;
    }
  }
}

export default function ({ data }) {
  fetchEarly(data?.early ?? []);
  decimalSign = data?.decimal ?? ".";
  let soon = 0;
  const later = () => {
    soon ||= setTimeout(() => {
      soon = 0;
      reachable();
    }, 200);
  };
  const drawn = new MutationObserver(() => {
    fitAnew();
    later();
  });
  drawn.observe(document.querySelector(".stApp"), { childList: true, subtree: true });
  const written = new MutationObserver(signed);
  written.observe(document.querySelector(".stApp"), { childList: true, subtree: true, characterData: true });
  signed();
  window.addEventListener("resize", later);
  fitAnew();
  later();
  return () => {
    drawn.disconnect();
    written.disconnect();
    window.removeEventListener("resize", later);
  };
}
