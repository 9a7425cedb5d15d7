// Two things that every page needs of its browser, and Streamlit 1.67 does not do.
//
// First: keep the whole address of a page in the browser's history when a visitor goes to another.
// Streamlit takes the parameters of bound widgets out of the entry that is left, so that Back
// would open the page as it is by default. Here each entry has a number; the address that stood there
// when a link was followed is put back before Streamlit looks at it.

const left = new Map(); // The address of each entry that was left, by the entry's number.
let place = 0;
let leaving = null; // The address at the moment of a click, before anything is taken out of it.

function pathOf(address) {
  return new URL(address, location.href).pathname;
}

function numbered(change, moves) {
  return function (state, unused, address) {
    if (address && pathOf(address) !== location.pathname) {
      if (leaving && pathOf(leaving) === location.pathname) left.set(place, leaving);
      leaving = null;
      if (moves) place += 1;
    } else if (moves) {
      left.delete(place);
      place += 1;
    }
    return change.call(history, { ...state, place }, unused, address);
  };
}

if (!window.addressesAreKept) {
  window.addressesAreKept = true;
  place = history.state?.place ?? 0;
  history.pushState = numbered(history.pushState, true);
  history.replaceState = numbered(history.replaceState, false);
  document.addEventListener(
    "click",
    (event) => {
      if (event.target.closest?.("a")) leaving = location.href;
    },
    true,
  );
  window.addEventListener(
    "popstate",
    (event) => {
      place = event.state?.place ?? 0;
      const whole = left.get(place);
      if (!whole || whole === location.href || pathOf(whole) !== location.pathname) return;
      history.replaceState(event.state, "", whole);
      // Streamlit has looked at the address already, and is asked to look again.
      window.dispatchEvent(new PopStateEvent("popstate", { state: event.state }));
    },
    true,
  );
}

// Second: what scrolls sideways, such as a formula on a phone, can be reached and scrolled by keys.

const SCROLLERS = ".katex-display, [data-testid=stMarkdownContainer] table, [data-testid=stTable], .coloured-words";

function reachable() {
  for (const one of document.querySelectorAll(SCROLLERS)) {
    if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
    else one.removeAttribute("tabindex");
  }
}

export default function () {
  let soon = 0;
  const later = () => {
    soon ||= setTimeout(() => {
      soon = 0;
      reachable();
    }, 200);
  };
  const drawn = new MutationObserver(later);
  drawn.observe(document.querySelector(".stApp"), { childList: true, subtree: true });
  window.addEventListener("resize", later);
  later();
  return () => {
    drawn.disconnect();
    window.removeEventListener("resize", later);
  };
}
