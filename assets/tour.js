// A card of a guided tour brings the control that it speaks of into view, folds itself on a small
// screen when it is done, and then leads the keyboard back to its own buttons.

const PATIENCE = 6000; // Milliseconds that a control may take to be drawn.
const STILL = 3; // So many looks in a row find it at the same place before it is scrolled to.
const SETTLES = 600; // Milliseconds that a card takes to unfold.
const SMALL = "(max-width: 640px), (max-height: 560px)";

let opened = ""; // The card that was last brought into view.
let byKey = false; // Whether the visitor used the keyboard last.
let looking = 0;

for (const kind of ["keydown", "pointerdown", "wheel", "touchmove"])
  window.addEventListener(
    kind,
    () => {
      byKey = kind === "keydown";
      // A visitor who does something meanwhile is not taken away from it.
      clearTimeout(looking);
    },
    { capture: true, passive: true },
  );

function control(key) {
  const found = key ? document.querySelector(`.st-key-${CSS.escape(key)}`) : null;
  return found?.getClientRects().length ? found : null;
}

function focusable(inside) {
  // The help beside a label is not what is to be used; a button that has help is.
  const help = ":is([data-testid=stWidgetLabel], [data-testid=stTooltipIcon]:not(:has([data-testid^=stBaseButton])))";
  return [...inside.querySelectorAll("input, textarea, button, summary, [tabindex='0']")].find(
    (one) => !one.disabled && one.tabIndex >= 0 && !one.closest(help) && one.getClientRects().length,
  );
}

// The space between the bar at the top and the lower edge of the window, or the card that lies there.
function free() {
  const card = document.querySelector(".st-key-tour");
  const lies = card && getComputedStyle(card.parentElement).position === "fixed";
  const bar = document.querySelector("[data-testid=stHeader]")?.getBoundingClientRect().bottom ?? 0;
  return { top: bar, bottom: lies ? card.getBoundingClientRect().top - 8 : window.innerHeight - 24 };
}

function bringIntoView(found) {
  const main = document.querySelector("[data-testid=stMain]");
  const { top, bottom } = free();
  const place = found.getBoundingClientRect();
  if (place.top >= top && place.bottom <= bottom) return;
  const above = Math.max(16, (bottom - top - place.height) / 3);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  main.scrollBy({ top: place.top - top - above, behavior: still ? "instant" : "smooth" });
}

function look(key, keyboard, until, last = null, times = 0) {
  const found = control(key);
  const here = found?.getBoundingClientRect().top ?? null;
  const same = here !== null && here === last ? times + 1 : 0;
  if (same >= STILL) {
    if (keyboard) focusable(found)?.focus({ preventScroll: true });
    bringIntoView(found);
    // The card may still have been unfolding.
    looking = setTimeout(() => bringIntoView(found), SETTLES);
  } else if (Date.now() < until)
    looking = setTimeout(() => look(key, keyboard, until, here, same), 100);
}

export default function ({ data, parentElement }) {
  const { card, cue, said } = data;
  // A screen reader is told when the card is done.
  parentElement.querySelector("#said").textContent = said;
  if (card !== opened) {
    opened = card;
    clearTimeout(looking);
    // Without a card there is the button that starts the tour, which only the keyboard goes back to.
    if (card || byKey) look(cue, byKey, Date.now() + PATIENCE);
  }
  const text = document.querySelector(".st-key-tour details");
  if (said && text?.open && matchMedia(SMALL).matches && text.dataset.folded !== card) {
    text.dataset.folded = card;
    text.querySelector("summary").click();
  }
  const onTab = (event) => {
    if (event.key !== "Tab" || event.shiftKey || !said || !control(cue)?.contains(event.target)) return;
    const next = document.querySelector(".st-key-tour [data-testid=stBaseButton-primary]");
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  document.addEventListener("keydown", onTab);
  return () => document.removeEventListener("keydown", onTab);
}
