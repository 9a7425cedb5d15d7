// The presenter's view: the note of the slide that the projector shows, the clock, and what comes
// next. In a second window of the same browser both speak over a BroadcastChannel; with the address of
// a room it may be a phone, and speaks over the room's line. asking.js and room.js stand before it.

const CHANNEL = "inside-an-lstm";
const KEYS = { PageDown: 1, ArrowRight: 1, " ": 1, PageUp: -1, ArrowLeft: -1 };

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// What the presenter alone sees of a room, and what drives it.
class Driven {
  constructor(root, room, language) {
    Object.assign(this, { root, room, language, message: "" });
    this.state = make("p", "state");
    this.state.setAttribute("role", "status");
    this.asked = make("div", "asked");
    this.offers = make("div", "offered");
    this.sentences = make("div", "sentences");
    this.here = button("here", say("Show the lecture on this screen"), () => this.showHere());
    this.told = make("p", "told");
    this.told.setAttribute("role", "status");
    const takes = make("input");
    takes.type = "checkbox";
    takes.onchange = () => this.send({ type: "takes", sentences: takes.checked });
    this.takes = takes;
    this.open = make("div", "open",
      this.asked, make("h3", "", say("Ask the room")), this.offers,
      make("h3", "", say("Sentences")), make("label", "", takes, ` ${say("Students may send sentences")}`), this.sentences);
    this.end = this.endButton();
    root.replaceChildren(
      make("h2", "", say("Room {code}", { code: room.code })), this.state, this.here, this.open,
      make("h3", "", say("Afterwards")),
      make("div", "row", button("", say("Take home (CSV)"), () => this.takeHome("csv")), button("", say("Take home (page to print)"), () => this.takeHome("html")), this.end),
      this.told,
    );
    this.offs = ["status", "people", "asked", "hidden", "offers", "sentences", "takes"].map((name) => room.on(name, () => this.draw()));
    this.draw();
  }

  leave() {
    for (const off of this.offs) off();
  }

  endButton() {
    const end = button("end", say("End the room"), () => {
      if (end.dataset.sure) return this.send({ type: "end" });
      end.dataset.sure = "yes";
      end.textContent = say("Really end it for all");
      setTimeout(() => {
        delete end.dataset.sure;
        end.textContent = say("End the room");
      }, 5000);
    });
    return end;
  }

  send(message) {
    this.told.textContent = "";
    return this.room.send(message).catch(() => (this.told.textContent = say("That was not possible now.")));
  }

  // Leads the lecture from this tab: the projector's was closed, and the key is here alone.
  showHere() {
    const { room } = this;
    const { path = "", query = "", slide = null } = room.state.shown ?? {};
    const address = new URLSearchParams(slide === null ? query : { slide: slide + 1 });
    const here = new URLSearchParams(location.search);
    for (const name of ["lang", "cut"]) if (here.has(name)) address.set(name, here.get(name));
    address.set("mode", "lecture");
    address.set("room", room.code);
    room.drive(room.code, room.key, "projector");
    location.assign(`${room.base}/${path}?${address}`);
  }

  async takeHome(form) {
    try {
      await this.room.takeHome(form, this.language);
      this.told.textContent = "";
    } catch {
      this.told.textContent = say("There is nothing left to take home.");
    }
  }

  draw() {
    const { room } = this;
    const { people, offers = [], sentences = [], takes } = room.state;
    const isAlone = room.status === "on" && people?.projectors === 0;
    const none = isAlone ? ` ${say("No projector is connected.")}` : "";
    this.here.hidden = !isAlone;
    // When the room is over, it can be taken home.
    this.open.hidden = this.end.hidden = room.status === "closed";
    const words = stateInWords(room) || counted(people) + none;
    if (this.state.textContent !== words) this.state.textContent = words;
    this.takes.checked = Boolean(takes?.sentences);
    this.once("asked", [room.state.asked, room.state.hidden], () => this.drawAsked());
    this.once("offers", offers, () =>
      this.offers.replaceChildren(
        ...(offers.length ? offers.map((text, ask) => button("offer", written(text), () => this.send({ type: "press", ask }))) : [make("p", "hint", say("There is nothing to ask about this."))]),
      ),
    );
    this.once("sentences", sentences, () => this.drawSentences(sentences));
  }

  // Draws a part anew only when it has changed, so that what has the focus keeps it.
  once(name, value, draw) {
    const now = JSON.stringify(value) ?? "";
    if (this[`seen_${name}`] === now) return;
    this[`seen_${name}`] = now;
    draw();
  }

  drawAsked() {
    const { asked, hidden } = this.room.state;
    if (!asked) return this.asked.replaceChildren(make("p", "hint", say("Nothing is asked now.")));
    const all = { ...asked, ...hidden, state: "shown" };
    const turn = (state) => () => this.send({ type: "turn", ask: asked.id, state });
    const states = { open: say("open"), closed: say("closed"), shown: say("shown to all") };
    const buttons = [];
    if (asked.state === "open") buttons.push(button("", say("Close"), turn("closed")));
    else if (asked.state === "closed") buttons.push(button("", say("Open again"), turn("open")));
    if (asked.state !== "shown") buttons.push(button("", say("Show the answer"), turn("shown")));
    if (asked.state !== "open" && asked.round === 1 && asked.kind === "question") buttons.push(button("", say("Vote again after talking"), () => this.send({ type: "again", ask: asked.id })));
    buttons.push(button("", say("Take it away"), () => this.send({ type: "unask" })));
    this.asked.replaceChildren(
      make("p", "question", ...written(asked.text)),
      make("p", "count", `${answered(asked.count?.at(-1) ?? 0)} · ${states[asked.state]}`),
      asked.kind === "guess" ? cloudDrawn(all) : choicesDrawn(all),
      make("div", "row", ...buttons),
      ...[mistakesDrawn(all)].filter(Boolean),
    );
  }

  drawSentences(sentences) {
    const rows = [...sentences].reverse().map(({ id, text, picked }) =>
      make("li", picked ? "picked" : "", make("span", "words", text),
        make("span", "row", button("pick", picked ? say("Ask it again") : say("Ask the room: positive?"), () => this.pick(id)), button("", say("Drop"), () => this.send({ type: "drop", sentence: id })))),
    );
    this.sentences.replaceChildren(rows.length ? make("ul", "", ...rows) : make("p", "hint", say("None was sent yet.")));
  }

  async pick(id) {
    if (this.room.state.picked?.id === id) await this.send({ type: "pick", sentence: null });
    await this.send({ type: "pick", sentence: id });
  }
}

export default function ({ data, parentElement }) {
  speak(data);
  const root = parentElement.querySelector(".presenter");
  const part = (name) => root.querySelector(`.${name}`);
  const channel = new BroadcastChannel(CHANNEL);
  const { slides, cuts, says } = data;
  for (const name of ["back", "on", "reset"]) part(name).textContent = says[name];
  let cut = data.cut; // As the projector has it, when it has told.
  let at = null;
  let began = Number(sessionStorage.getItem("began")) || 0;

  const room = data.code ? roomOf(data.base) : null;
  if (room && (room.code !== data.code || room.status === "none")) room.drive(data.code, room.keyOfAddress(), "presenter");
  // Streamlit takes the key out of the address when it writes a value into it.
  if (room?.key && !location.hash) history.replaceState(history.state, "", `${location.href}#key=${room.key}`);
  const driven = room && new Driven(part("driven"), room, data.language);

  const draw = () => {
    const places = cuts[cut] ?? cuts[data.cut];
    const number = places.filter((place) => place <= at).length;
    const next = places.find((place) => place > (at ?? -1));
    part("where").textContent = at === null ? room?.state.shown?.title || says.waiting : `${number} / ${places.length} · ${slides[at].title}`;
    part("note").textContent = at === null ? (room ? "" : says.open) : slides[at].note;
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
    if (room) driven.send({ type: "press", go: way });
    else channel.postMessage({ go: way });
  };
  const learn = (slide, isAsking) => {
    at = slide;
    part("asking").textContent = isAsking ? says.asking : "";
    draw();
  };
  channel.onmessage = ({ data: message }) => {
    if (!message.shown || room) return;
    cut = message.cut;
    learn(message.shown[2], message.asking);
  };
  const off = room?.on("shown", (shown) => shown && learn(shown.slide, !shown.answered));
  part("back").onclick = () => go(-1);
  part("on").onclick = () => go(1);
  part("reset").onclick = () => {
    began = Date.now();
    sessionStorage.setItem("began", began);
    tick();
  };
  const pressed = (event) => {
    if (!(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
    const isButton = event.composedPath()[0].closest?.("button, input");
    if (isButton && event.key === " ") return;
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
    off?.();
    driven?.leave();
  };
}
