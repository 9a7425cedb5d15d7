// In lecture mode, arrow and page keys step what the panel steps, and at its end go on to the next
// slide. A player of ours has taken the key already, unless it stands at its first or last step.

// End and Home leave out what is left to step.
const WAYS = { End: ["", "on"], Home: ["", "back"], ArrowRight: ["next", "on"], PageDown: ["next", "on"], ArrowLeft: ["previous", "back"], PageUp: ["previous", "back"] };

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(event.key in WAYS)) return;
  const target = event.composedPath()[0];
  const own = "input,textarea,select,[contenteditable],[role=slider],[role=tab],[role=radio],[role=combobox],[role=grid],[role=dialog],[role=listbox]";
  if (target.closest?.(own)) return;
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

export default function () {
  // On the window, so that whoever listens on the document is asked first.
  window.addEventListener("keydown", pressed);
  return () => window.removeEventListener("keydown", pressed);
}
