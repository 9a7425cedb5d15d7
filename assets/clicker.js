// In lecture mode, arrow and page keys step what the panel steps, and at its end go on to the next
// slide. A player of ours has taken the key already, unless it stands at its first or last step.

// End and Home leave out what is left to step.
const WAYS = { End: ["", "on"], Home: ["", "back"], ArrowRight: ["next", "on"], PageDown: ["next", "on"], ArrowLeft: ["previous", "back"], PageUp: ["previous", "back"] };
const SCROLLS = { ArrowDown: 1, ArrowUp: -1 };
let shown = ""; // The slide or panel on the screen; another one is seen from its top.

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(event.key in WAYS || event.key in SCROLLS)) return;
  const target = event.composedPath()[0];
  const own = "input,textarea,select,[contenteditable],[role=slider],[role=tab],[role=radio],[role=combobox],[role=grid],[role=dialog],[role=listbox]";
  if (target.closest?.(own)) return;
  if (event.key in SCROLLS) {
    // The page scrolls in a part of its own, which has the keys only after a click into it.
    event.preventDefault();
    const main = document.querySelector(".stMain");
    main.scrollBy({ top: SCROLLS[event.key] * 0.6 * main.clientHeight, behavior: "smooth" });
    return;
  }
  const [stepper, slide] = WAYS[event.key];
  const step = stepper && [...document.querySelectorAll(`[class*="_${stepper}"] button:not(:disabled)`)].find((one) => one.offsetParent);
  if (step) {
    // Streamlit presses this button itself at the arrow keys.
    if (event.key.startsWith("Page")) {
      event.preventDefault();
      step.click();
    }
    return;
  }
  const link = document.querySelector(`.st-key-slide_${slide} a`);
  if (!link) return;
  event.preventDefault();
  link.click();
}

// How many times as large as 1280 by 720 the screen is: the type of figures grows with it. A phone is
// no projector, and has 0.
const projected = () => innerWidth < 900 ? 0 : Math.max(1, Math.round(4 * Math.min(innerWidth / 1280, innerHeight / 720)) / 4);

export default function ({ data, setTriggerValue }) {
  let later = 0;
  const told = () => {
    clearTimeout(later);
    if (projected() === data.projection) return;
    // A run that is under way is not cut short.
    if (document.querySelector(".stApp").dataset.testScriptState === "running") later = setTimeout(told, 200);
    else setTriggerValue("projection", projected());
  };
  told();
  const now = JSON.stringify(data.shown);
  if (now !== shown) document.querySelector(".stMain").scrollTo({ top: 0, behavior: "instant" });
  shown = now;
  // On the window, so that whoever listens on the document is asked first.
  window.addEventListener("keydown", pressed);
  window.addEventListener("resize", told);
  return () => {
    clearTimeout(later);
    window.removeEventListener("keydown", pressed);
    window.removeEventListener("resize", told);
  };
}
