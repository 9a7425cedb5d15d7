// A student's page in a room: it goes where the lecturer's page goes, its players move as the
// lecturer's do, and what the room is asked is answered here. asking.js and room.js stand before it.

const KEEPS_UP = 300; // Milliseconds between two looks whether the player stands where the lecturer's stands.
const LOOKS = "room-looks"; // In the tab's storage: whether the student looks around.
const PRESSES = /^(Arrow|Page|Home|End|Enter| )/; // Keys that move the control which they are pressed on.
const CONTROL = "button, a, input, select, textarea, summary, [role=slider], [role=radio], [role=tab], [role=option], [data-act], [data-time], [data-k], [data-gate]";

class Follower {
  constructor(room) {
    this.room = room;
    this.at = "";
    this.follows = stored(LOOKS) !== true;
    this.drawn = "";
    for (const name of ["status", "asked", "mine", "picked", "takes"]) room.on(name, () => this.draw());
    room.on("shown", () => this.go());
    room.on("step", () => this.keepUp());
    room.on("status", () => room.status === "on" && this.go());
    setInterval(() => this.keepUp(), KEEPS_UP);
    // Before a player or a control hears of it: whoever moves something looks around from then on.
    window.letGo = () => window.isLed && this.lookAround(); // A key of the page has stepped something (keys.js).
    for (const kind of ["click", "input", "keydown", "popstate"]) window.addEventListener(kind, (event) => this.touched(event), { capture: true });
  }

  show(data, parent, tell) {
    speak(data);
    this.data = data;
    this.tell = tell;
    this.screen = screenPart("room-student", data, parent);
    this.drawn = "";
    this.build();
    this.lead();
    this.draw();
    this.go();
  }

  // ---- Where the lecturer is ----------------------------------------------------------------------

  get isIn() {
    return this.room.role === "student" && this.room.isEntered;
  }

  lead() {
    window.isLed = this.isIn && this.follows;
  }

  go() {
    const { shown } = this.room.state;
    this.hideAnswer();
    if (!shown || !this.isIn || !this.follows) return;
    if (!window.openAddress) return setTimeout(() => this.go(), KEEPS_UP); // The page is still being loaded.
    const place = `${shown.path}?${shown.query}`;
    if (place === this.at) return;
    this.at = place;
    const query = new URLSearchParams(shown.query);
    query.set("room", this.room.code);
    window.openAddress(`${this.room.base}/${shown.path}?${query}`);
  }

  // The answer to what a slide asks is hidden here as long as it is on the projector (following.css).
  hideAnswer() {
    const { shown } = this.room.state;
    const asks = this.isIn && this.follows && shown && !shown.answered ? this.data?.asks[shown.slide] : null;
    this.asks = asks?.text ?? "";
    const { dataset } = document.documentElement;
    if (asks) dataset.roomAsks = asks.covers ? "picture" : "below";
    else delete dataset.roomAsks;
    document.documentElement.style.setProperty("--room-hint", JSON.stringify(say("The picture comes when the lecturer shows it.")));
    this.draw();
  }

  keepUp() {
    const { step } = this.room.state;
    if (!step || !window.isLed || document.visibilityState !== "visible") return;
    const player = [...(window.players ?? [])].find((one) => one.id === step.player && one.root.isConnected);
    if (player && player.last > 0) player.follow(step);
  }

  touched(event) {
    if (!window.isLed || !event.isTrusted) return;
    const way = event.composedPath();
    const isOnControl = !way.includes(this.screen) && Boolean(way[0].closest?.(CONTROL));
    const isBack = event.type === "popstate";
    if (isBack || (isOnControl && (event.type !== "keydown" || PRESSES.test(event.key)))) this.lookAround();
  }

  lookAround() {
    this.follows = false;
    store(LOOKS, true);
    this.lead();
    this.hideAnswer();
    // From here on the server has to know where the players stand.
    for (const player of window.players ?? []) player.rest?.();
    this.draw();
  }

  back() {
    this.follows = true;
    this.at = "";
    store(LOOKS, false);
    this.lead();
    this.go();
    this.keepUp();
    this.draw();
  }

  leave() {
    this.room.leave();
    store(LOOKS, false);
    Object.assign(this, { follows: true, at: "", data: null });
    this.lead();
    this.hideAnswer();
    document.getElementById("room-student").remove();
    this.tell("left", true);
  }

  // ---- What is drawn ------------------------------------------------------------------------------

  build() {
    if (this.screen.firstChild && this.language === this.data.language) return;
    this.language = this.data.language;
    this.state = make("span", "state");
    this.state.setAttribute("role", "status");
    this.look = button("look", "", () => (this.follows ? this.lookAround() : this.back()));
    this.fold = button("fold", "", () => this.foldSheet(!this.isFolded));
    this.left = button("leave", say("Leave"), () => this.leave());
    this.asked = make("div", "asked");
    this.asked.setAttribute("aria-live", "polite");
    this.sheet = make("div", "sheet", this.asked, this.sentenceForm());
    this.sheet.id = "sheet";
    this.fold.setAttribute("aria-controls", "sheet");
    const bar = make("div", "student-bar", this.state, this.fold, this.look, this.left);
    const whole = make("section", "student", this.sheet, bar);
    whole.setAttribute("aria-label", say("Room {code}", { code: this.data.code }));
    this.screen.replaceChildren(whole);
  }

  foldSheet(isFolded) {
    this.isFolded = isFolded;
    this.draw();
  }

  draw() {
    const { room } = this;
    if (!this.data || !this.screen) return;
    this.lead();
    const isOver = room.status === "closed";
    const follows = this.follows ? say("Room {code}: you follow the lecture.", { code: room.code }) : say("Room {code}: you look around.", { code: room.code });
    const words = stateInWords(room) || follows;
    if (this.state.textContent !== words) this.state.textContent = words;
    this.state.dataset.status = room.status;
    this.look.textContent = this.follows ? say("Look around") : say("Back to the lecture");
    this.look.classList.toggle("primary", !this.follows);
    this.look.hidden = isOver;
    this.left.textContent = isOver ? say("Close") : say("Leave");
    this.drawAsked();
    // One thing at a time: what is asked goes first.
    this.form.hidden = isOver || !room.state.takes?.sentences || room.state.asked?.state === "open";
    const isEmpty = !this.asked.firstChild && this.form.hidden;
    this.sheet.hidden = isEmpty || Boolean(this.isFolded);
    this.fold.hidden = isEmpty;
    this.fold.textContent = this.isFolded ? say("Show") : say("Hide");
    this.fold.setAttribute("aria-expanded", String(!this.sheet.hidden));
  }

  drawAsked() {
    const { asked, picked } = this.room.state;
    const { mine } = this.room;
    const signature = JSON.stringify([this.room.status === "closed", asked, asked?.kind === "guess" && asked.state === "open" ? null : mine, picked, this.asks, this.sent]);
    if (signature === this.drawn) return;
    // What is asked anew is seen, whatever was folded away before.
    const now = asked ? [asked.id, asked.state, asked.round].join() : "";
    if (now !== this.last) {
      this.isFolded &&= !asked;
      this.sentenceTold.textContent = "";
    }
    this.last = now;
    this.drawn = signature;
    const parts = [];
    if (this.room.status === "closed") {
      this.asked.replaceChildren();
      return;
    }
    if (asked) parts.push(make("p", "question", ...written(asked.text)), ...(asked.kind === "guess" ? this.guess(asked, mine) : this.choose(asked, mine)));
    else if (picked) parts.push(make("p", "", say("The lecturer picked a sentence:")), make("p", "picked", picked.text));
    else if (this.asks) parts.push(make("p", "question", say("The lecturer asks: {question}", { question: this.asks })));
    this.asked.replaceChildren(...parts.filter(Boolean));
  }

  choose(asked, mine) {
    const chosen = mine?.choice ?? null;
    if (asked.state !== "open") {
      const feedback = asked.feedback?.[chosen];
      const told = asked.state === "shown" ? choicesDrawn(asked, chosen) : asked.bars ? choicesDrawn(asked, chosen) : null;
      return [
        asked.state === "closed" ? make("p", "hint", say("It is closed; look at the projector.")) : null,
        told,
        feedback ? make("p", "feedback", ...written(feedback)) : null,
        chosen === null ? null : mistakesDrawn(asked, chosen),
      ];
    }
    const buttons = asked.choices.map((text, k) => {
      const one = button("vote", "", () => this.vote(k));
      one.append(make("span", "letter", LETTERED[k]), make("span", "words", ...written(text)));
      if (chosen === k) one.append(make("span", "mark", `✔ ${say("your answer")}`));
      one.setAttribute("aria-pressed", String(chosen === k));
      one.disabled = chosen !== null || this.sent === `${asked.id} ${asked.round}`;
      return one;
    });
    const hint = chosen !== null ? say("Your answer is counted.") : asked.round > 1 ? say("Talk to your neighbours, then answer again.") : "";
    return [make("div", "votes", ...buttons), make("p", "hint", hint)];
  }

  vote(choice) {
    const { asked } = this.room.state;
    this.sent = `${asked.id} ${asked.round}`;
    this.draw();
    this.room.vote(choice).catch(() => {}).finally(() => {
      this.sent = "";
      this.draw();
    });
  }

  guess(asked, mine) {
    const { low, high } = asked;
    if (asked.state !== "open") return [cloudDrawn(asked, mine?.value)];
    const range = Object.assign(make("input", "guess"), { type: "range", min: low, max: high, step: (high - low) / 200 });
    range.value = mine?.value ?? (low + high) / 2;
    range.setAttribute("aria-label", say("Your guess"));
    const told = make("output", "told", mine ? number(mine.value) : say("Drag your guess."));
    range.oninput = () => {
      told.textContent = number(Number(range.value));
      range.setAttribute("aria-valuetext", told.textContent);
      this.room.guess(Number(range.value));
    };
    return [make("div", "guessing", make("span", "", number(low, 1)), range, make("span", "", number(high, 1))), told];
  }

  sentenceForm() {
    const field = Object.assign(make("input", "field"), { type: "text", maxLength: 300, required: true });
    field.setAttribute("aria-label", say("A sentence for the network"));
    field.placeholder = say("A sentence for the network");
    const send = make("button", "primary", say("Send"));
    const told = (this.sentenceTold = make("p", "hint"));
    told.setAttribute("role", "status");
    this.form = make("form", "sentence", make("div", "row", field, send), told);
    this.form.onsubmit = async (event) => {
      event.preventDefault();
      send.disabled = true;
      try {
        await this.room.send({ type: "sentence", text: field.value });
        field.value = "";
        told.textContent = say("It is sent; the lecturer alone sees it until it is picked.");
      } catch (error) {
        const { why, after } = error;
        told.textContent =
          why === "fast" ? say("Three sentences a minute: wait {count} seconds.", { count: Math.ceil(after ?? 60) })
          : why === "late" ? say("No sentences are taken now.")
          : why === "text" ? say("Write one sentence of at most 300 characters.")
          : why === "full" ? say("The lecturer's list is full.") : say("It could not be sent; try again.");
      }
      send.disabled = false;
    };
    this.form.hidden = true;
    return this.form;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const room = roomOf(data.base);
  // A tab that leads a room does not follow one.
  const kept = stored(ENTRY);
  if (room.role && room.role !== "student") return;
  if (!room.role && kept?.role && kept.role !== "student" && kept.code === data.code) return;
  const follower = (window.roomFollower ??= new Follower(room));
  if (room.code !== data.code || room.status === "none") room.join(data.code);
  follower.show(data, parentElement, setTriggerValue);
}
