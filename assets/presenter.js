// The presenter's view: the note of the slide that the projector shows, the clock, and what comes
// next. It is a second window of the same browser; both speak over a BroadcastChannel.

const CHANNEL = "inside-an-lstm";
const KEYS = { PageDown: 1, ArrowRight: 1, " ": 1, PageUp: -1, ArrowLeft: -1 };

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".presenter");
  const part = (name) => root.querySelector(`.${name}`);
  const channel = new BroadcastChannel(CHANNEL);
  const { slides, cuts, says } = data;
  for (const name of ["back", "on", "reset"]) part(name).textContent = says[name];
  let cut = data.cut; // As the projector has it, when it has told.
  let at = null;
  let began = Number(sessionStorage.getItem("began")) || 0;

  const draw = () => {
    const places = cuts[cut] ?? cuts[data.cut];
    const number = places.filter((place) => place <= at).length;
    const next = places.find((place) => place > (at ?? -1));
    part("where").textContent = at === null ? says.waiting : `${number} / ${places.length} · ${slides[at].title}`;
    part("note").textContent = at === null ? says.open : slides[at].note;
    part("next").textContent = next === undefined ? says.last : `${says.next}: ${slides[next].title}`;
    tick();
  };
  const tick = () => {
    const gone = began ? (Date.now() - began) / 1000 : 0;
    part("clock").textContent = minutes(gone);
    const places = (cuts[cut] ?? cuts[data.cut]).filter((place) => at !== null && place <= at);
    const until = places.reduce((sum, place) => sum + slides[place].minutes, 0);
    part("plan").textContent = at === null ? "" : says.until.replace("{minute}", until);
    part("clock").classList.toggle("late", at !== null && gone > 60 * until);
  };
  const go = (way) => {
    if (!began) {
      began = Date.now();
      sessionStorage.setItem("began", began);
    }
    channel.postMessage({ go: way });
  };
  channel.onmessage = ({ data: message }) => {
    if (!message.shown) return;
    at = message.shown[2];
    cut = message.cut;
    part("asking").textContent = message.asking ? says.asking : "";
    draw();
  };
  part("back").onclick = () => go(-1);
  part("on").onclick = () => go(1);
  part("reset").onclick = () => {
    began = Date.now();
    sessionStorage.setItem("began", began);
    tick();
  };
  const pressed = (event) => {
    if (!(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(KEYS[event.key]);
  };
  window.addEventListener("keydown", pressed, { capture: true });
  const ticking = setInterval(tick, 1000);
  channel.postMessage({ hello: true });
  draw();
  return () => {
    clearInterval(ticking);
    window.removeEventListener("keydown", pressed, { capture: true });
    channel.close();
  };
}
