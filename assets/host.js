// The projector in a room: opens it, shows its code, tells it what is shown and where the player
// stands, asks it, and shows what came in. asking.js and room.js stand before it. A press of the
// clicker comes here first (keys.js).

const LOOK = 150; // Milliseconds between two looks at what the projector shows.
const ROOMY = 300; // A question of fewer characters, choices included, is written larger.
const DONE = "room-asked"; // In the tab's storage: what a press has asked already.

class Host {
  constructor(room) {
    Object.assign(this, { room, data: null, isOpen: false, isListed: false });
    this.forget();
    for (const name of ["status", "people", "asked"]) room.on(name, () => this.draw());
    room.on("picked", (picked) => this.picked(picked));
    room.on("press", (press) => this.fromAfar(press));
    setInterval(() => this.lookAtPage(), LOOK);
    window.pressRoom = (way) => this.press(way);
    // With a room, the lecture's own link to the notes leads to the presenter's view of the room.
    window.addEventListener("click", (event) => this.linked(event), { capture: true });
    window.addEventListener("keydown", (event) => event.key === "Escape" && this.isOpen && this.showCode(false));
  }

  // What was told and asked is of one room.
  forget() {
    this.done = new Set(stored(DONE) ?? []);
    Object.assign(this, { about: null, signature: "", problem: "" });
    for (const name of ["lastPicked", "place", "seen", "away", "takes", "offered", "resolved"]) this[name] = null;
  }

  show(data, parent, tell) {
    speak(data);
    const { wanted } = this.data ?? { wanted: data.code ? data.wanted : 0 };
    this.data = data;
    this.tell = tell;
    this.screen = screenPart("room-host", data, parent);
    this.build();
    if (data.wanted > wanted) this.open();
    this.learnReading(data.reading);
    this.draw();
  }

  get isOn() {
    return this.room.role === "projector" && this.room.isEntered;
  }

  // ---- Opening ------------------------------------------------------------------------------------

  async open() {
    this.problem = "";
    this.showCode(true);
    if (this.isOn) return;
    try {
      const { code } = await this.room.open();
      store(DONE, []);
      this.forget();
      this.tell("opened", code);
    } catch (error) {
      this.problem = (WORDS[error.message] ?? WORDS.unknown)();
    }
    this.draw();
  }

  linked(event) {
    if (!this.isOn || !event.target.closest?.(".st-key-lecture a[href*='/present']")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    window.open(this.presenterAddress());
  }

  // In the language and the cut of the lecture.
  presenterAddress() {
    const here = new URLSearchParams(location.search);
    const kept = ["lang", "cut"].flatMap((name) => (here.has(name) ? [`&${name}=${here.get(name)}`] : []));
    return this.room.presenterAddress().replace("#", `${kept.join("")}#`);
  }

  showCode(isOpen) {
    const was = this.isOpen;
    this.isOpen = isOpen;
    this.draw();
    if (isOpen && !was) this.parts.begin.focus();
  }

  end() {
    Object.assign(this, { data: null, isOpen: false, isListed: false });
    this.room.leave();
    document.getElementById("room-host").remove();
    document.documentElement.removeAttribute("data-room-led");
    this.tell("left", true);
  }

  // ---- What the projector shows -------------------------------------------------------------------

  get player() {
    return [...(window.players ?? [])].find((one) => one.root.isConnected && one.inView() && !one.run?.small && one.last > 0);
  }

  lookAtPage() {
    const told = window.lectureTold;
    if (!this.isOn || !this.data || !told?.shown || this.room.status !== "on") return;
    const [path, panel, slide] = told.shown;
    const isHere = location.pathname.replace(/\/$/, "") === `${this.room.base}/${path}`.replace(/\/$/, "");
    if (!isHere || document.querySelector(".stApp")?.dataset.testScriptState === "running") return;
    const query = new URLSearchParams(location.search);
    // A step goes by itself, so that it costs the followers no run of the page.
    for (const key of [...this.data.players, "tour"]) query.delete(key);
    if (panel && path) query.set("panel", panel);
    if (this.data.language !== "en") query.set("lang", this.data.language);
    const place = `${path} ${panel}`;
    if (place !== this.place) this.enter(place);
    const shown = { path, query: query.toString(), panel: path ? panel : "", slide, stop: null, title: this.data.title, answered: !told.asking };
    // What is being moved is told when it has come to rest.
    const seen = JSON.stringify(shown);
    const rests = seen === this.seen;
    this.seen = seen;
    if (!rests) return;
    this.putAway(shown);
    this.room.show(shown);
    const { player } = this;
    if (player?.id) this.room.step({ player: player.id, at: player.step, plays: Boolean(player.playing), until: player.until ?? null });
    this.resolve(player);
    this.offerToPresenter();
  }

  // What has been answered belongs to the slide that was shown then.
  putAway({ path, panel, slide }) {
    const { shown: before, asked } = this.room.state;
    const isOther = before && [before.path, before.panel, before.slide].join() !== [path, panel, slide].join();
    const now = JSON.stringify([path, panel, slide]);
    if (isOther && asked?.state === "shown" && this.away !== now) this.unask();
    this.away = now;
  }

  enter(place) {
    this.place = place;
    this.room.told.step = "";
    const takes = this.data.reads;
    if (takes !== this.takes) this.room.send({ type: "takes", sentences: takes }).catch(() => {});
    this.takes = takes;
  }

  // ---- Asking -------------------------------------------------------------------------------------

  // What the room can be asked about what is shown: by the player, by the slide, by the chapter.
  get offers() {
    const isSlides = Boolean(window.lectureTold?.asking);
    const own = this.player?.asks?.(isSlides);
    const [path, panel] = window.lectureTold?.shown ?? [];
    const { page, of, offers = [] } = window.roomOffers ?? {};
    // Those of the panel before may still be here.
    return [...(own ? [own] : []), ...(page === path && of === panel ? offers : [])].slice(0, 20);
  }

  offerToPresenter() {
    const offers = this.offers.map((one) => one.text);
    const now = JSON.stringify(offers);
    if (now === this.offered) return;
    this.offered = now;
    this.room.send({ type: "offers", offers }).catch(() => {});
  }

  ask(offer) {
    const { key, now, about = null, ...ask } = offer;
    this.done.add(key);
    store(DONE, [...this.done]);
    this.about = about;
    this.isListed = false;
    if (ask.kind === "guess" && this.player && !this.player.isGuessing) this.player.look?.("curves", false);
    this.room.send({ type: "ask", ask }).catch(() => {});
  }

  turn(state, more = {}) {
    const { id } = this.room.state.asked;
    return this.room.send({ type: "turn", ask: id, state, ...more }).catch(() => {});
  }

  // The picture itself may answer what was asked: the race is over, the value is computed.
  resolve(player) {
    const { asked } = this.room.state;
    if (!asked || asked.state === "shown" || !["bet", "guess"].includes(asked.kind)) return;
    const answer = player?.answers?.(this.about ?? {});
    if (answer && this.resolved !== asked.id) {
      this.resolved = asked.id;
      this.turn("shown", answer);
    }
  }

  // One press of the clicker; says whether the room took it.
  press(way) {
    if (!this.isOn) return false;
    if (this.isOpen || this.isListed) {
      this.isListed = false;
      this.showCode(false);
      return true;
    }
    const { asked } = this.room.state;
    if (way < 0) {
      if (!asked) return false;
      this.unask();
      return true;
    }
    if (!asked) {
      const offer = this.offers.find((one) => one.now && !this.done.has(one.key));
      if (offer) this.ask(offer);
      return Boolean(offer);
    }
    return { open: () => this.pressOpen(asked), closed: () => this.pressClosed(asked), shown: () => this.pressShown(asked) }[asked.state]();
  }

  pressOpen(asked) {
    this.turn(asked.kind === "question" ? "shown" : "closed");
    if (asked.kind === "sentence") this.read();
    return asked.kind !== "bet"; // The press that closes the bets starts the race.
  }

  pressClosed(asked) {
    if (asked.kind === "question") this.turn("shown");
    else if (asked.kind === "sentence") this.read();
    return ["question", "sentence"].includes(asked.kind);
  }

  pressShown(asked) {
    this.unask();
    return asked.kind !== "guess" && !window.lectureTold?.asking;
  }

  unask() {
    this.room.send({ type: "unask" }).catch(() => {});
  }

  fromAfar(press) {
    const { go, ask } = typeof press === "number" ? { go: press } : press;
    if (go) window.hearPresenter?.({ data: { go } });
    else if (this.offers[ask]) this.ask(this.offers[ask]);
  }

  // ---- A sentence that a student sent -------------------------------------------------------------

  picked(picked) {
    if (!this.isOn || !picked || picked.id === this.lastPicked) return;
    this.lastPicked = picked.id;
    const { asked } = this.room.state;
    if (asked?.kind === "sentence" && asked.text.includes(picked.text)) return; // After a reload.
    const text = `${say("Will the network read this as positive?")}\n${say("“{wrong}”", { wrong: picked.text })}`;
    const choices = [say("Yes, as positive"), say("No")];
    this.room.send({ type: "ask", ask: { kind: "sentence", text, choices } }).catch(() => {});
  }

  read() {
    const { picked } = this.room.state;
    if (picked) this.tell("read", picked);
  }

  learnReading(reading) {
    const { asked, picked } = this.room.state;
    if (!reading || asked?.kind !== "sentence" || asked.state === "shown" || reading.id !== picked?.id) return;
    this.turn("shown", { right: [reading.positive ? 0 : 1] });
  }

  // ---- What is drawn ------------------------------------------------------------------------------

  build() {
    if (this.screen.firstChild && this.language === this.data.language) return;
    this.language = this.data.language;
    const p = (this.parts = {});
    p.chip = button("chip", "", () => (this.room.status === "closed" ? this.end() : this.showCode(!this.isOpen)));
    p.askButton = button("ask", say("Ask the room"), () => {
      this.isListed = !this.isListed;
      this.draw();
    });
    p.list = make("ul", "offers");
    p.corner = make("aside", "corner", p.chip, p.askButton, p.list);
    p.corner.setAttribute("aria-label", say("Room"));
    p.code = make("p", "code");
    p.picture = Object.assign(make("img", "qr"), { alt: say("QR code of the address of this room") });
    p.address = make("p", "address");
    p.warning = make("p", "warning");
    p.people = make("p", "people");
    p.state = make("p", "state");
    p.state.setAttribute("role", "status");
    p.places = make("select", "places");
    p.places.setAttribute("aria-label", say("Address for the students"));
    p.places.onchange = () => this.draw();
    p.own = Object.assign(make("input", "own"), { type: "text", placeholder: say("Another address of this app") });
    p.own.setAttribute("aria-label", say("Another address of this app"));
    p.ownProblem = make("p", "problem");
    p.ownProblem.setAttribute("role", "alert");
    const set = make("form", "row", p.own, make("button", "", say("Use it")));
    set.onsubmit = (event) => {
      event.preventDefault();
      this.tell("placed", p.own.value);
    };
    p.begin = button("primary begin", say("Begin"), () => this.showCode(false));
    p.copied = make("span", "copied");
    p.copied.setAttribute("role", "status");
    p.drive = make("div", "row", button("", say("Presenter's view"), () => window.open(this.presenterAddress())), button("", say("Copy its address"), () => this.copy()), p.copied);
    const right = make("div", "right", p.people, p.places, p.address, p.warning, set, p.ownProblem, p.drive, p.state, p.begin);
    p.open = make("section", "opened", make("h2", "", say("Join the room")), make("div", "halves", make("div", "left", p.code, p.picture), right));
    p.open.setAttribute("role", "dialog");
    p.open.setAttribute("aria-modal", "true");
    p.open.setAttribute("aria-label", say("Join the room"));
    p.card = make("section", "card");
    p.card.setAttribute("aria-live", "polite");
    p.card.setAttribute("aria-label", say("The room is asked"));
    this.screen.replaceChildren(p.corner, p.card, p.open);
    this.signature = "";
  }

  async copy() {
    const address = location.origin + this.presenterAddress();
    await navigator.clipboard?.writeText(address).then(
      () => (this.parts.copied.textContent = say("Copied. Whoever has it drives the room.")),
      () => (this.parts.copied.textContent = say("The browser does not allow it; open the view and copy its address there.")),
    );
  }

  draw() {
    if (!this.data || !this.screen) return;
    const { parts: p, room } = this;
    const isOver = room.role === "projector" && room.status === "closed";
    const words = room.role === "projector" ? stateInWords(room) : "";
    p.corner.hidden = !this.isOn && !isOver;
    document.documentElement.toggleAttribute("data-room-led", !p.corner.hidden);
    const count = room.state.people?.students ?? 0;
    const chip = isOver || words ? words : `${room.code} · ${say("{count} in", { count })}`;
    if (p.chip.textContent !== chip) p.chip.textContent = chip;
    p.chip.setAttribute("aria-label", isOver || words ? words : `${say("Room {code}", { code: room.code })}: ${counted(room.state.people)}`);
    p.chip.setAttribute("aria-expanded", String(Boolean(this.isOpen)));
    p.askButton.hidden = isOver || Boolean(this.isOpen);
    p.askButton.setAttribute("aria-expanded", String(Boolean(this.isListed)));
    p.list.hidden = !this.isListed;
    if (this.isListed) {
      const offers = this.offers.map((offer) => make("li", "", button("", written(offer.text), () => this.ask(offer))));
      p.list.replaceChildren(...(offers.length ? offers : [make("li", "", say("There is nothing to ask about this."))]));
    }
    this.drawOpen(words);
    this.drawCard();
  }

  drawOpen(words) {
    const { parts: p, room } = this;
    p.open.hidden = !this.isOpen;
    if (!this.isOpen) return;
    p.code.textContent = room.code;
    p.people.textContent = counted(room.state.people);
    p.state.textContent = this.problem || words;
    const { places } = this.data;
    const list = JSON.stringify([places, this.data.place]);
    if (list !== this.listed) {
      const before = this.listed ? p.places.value : "";
      this.listed = list;
      p.places.replaceChildren(...places.map((one, k) => Object.assign(make("option", "", one.address), { value: k })));
      p.places.value = this.data.place !== this.typed ? 0 : before || 0;
      if (!p.places.value) p.places.value = 0;
      this.typed = this.data.place;
    }
    const place = this.data.code === room.code ? places[p.places.value] : null;
    p.picture.hidden = !place?.code;
    if (place && p.picture.getAttribute("src") !== place.code) p.picture.src = place.code;
    p.address.textContent = place?.address.replace(/^https?:\/\//, "") ?? "";
    p.warning.textContent = place?.warning ?? "";
    p.places.hidden = places.length < 2;
    p.ownProblem.textContent = this.data.problem;
    p.drive.hidden = !this.isOn;
  }

  // What is asked: small beside the picture while it is open, large when it is shown.
  drawCard() {
    const { card } = this.parts;
    const { asked } = this.room.state;
    card.hidden = !this.isOn || !asked || Boolean(this.isOpen);
    const signature = JSON.stringify([asked, this.language]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.drawInPlayer(asked);
    if (!asked) return;
    const isQuestion = asked.kind === "question";
    // Where the question has the screen anyway, it stands there large from the beginning.
    const covers = this.room.state.shown?.panel === "learn" || Boolean(document.querySelector(".st-key-stage_picture .st-key-asked")?.getClientRects().length);
    const isLarge = isQuestion && (asked.state === "shown" || covers);
    const words = [asked.text, ...(asked.choices ?? [])].join("").length;
    card.className = "card";
    card.classList.toggle("large", isLarge);
    card.classList.toggle("roomy", isLarge && asked.state !== "shown" && words < ROOMY);
    card.classList.toggle("cloudy", Boolean(asked.cloud));
    const parts = [make("p", "question", ...written(asked.text))];
    if (asked.kind !== "guess") parts.push(make("div", "results", choicesDrawn(asked), asked.state === "shown" ? mistakesDrawn(asked) : null));
    else if (asked.cloud) parts.push(cloudDrawn(asked, null, "flat"));
    const count = answered(asked.count?.at(-1) ?? 0);
    const round = asked.round > 1 ? ` · ${say("second round")}` : "";
    const state = asked.state === "open" ? say("{answers} so far", { answers: count }) : count;
    const buttons = [];
    if (asked.state === "open") buttons.push(button("primary", isQuestion ? say("Show") : say("Close"), () => this.press(1)));
    if (asked.state === "closed" && isQuestion) buttons.push(button("primary", say("Show"), () => this.press(1)));
    if (asked.state !== "open" && asked.round === 1 && isQuestion)
      buttons.push(button("", say("Vote again after talking"), () => this.room.send({ type: "again", ask: asked.id }).catch(() => {})));
    buttons.push(button("", say("Take it away"), () => this.unask()));
    parts.push(make("div", "foot", asked.cloud ? null : make("p", "count", state + round), ...buttons));
    card.replaceChildren(...parts);
  }

  drawInPlayer(asked) {
    const { player } = this;
    if (!player?.drawCloud) return;
    const isShown = asked?.kind === "guess" && asked.cloud && this.about;
    player.drawCloud(isShown ? asked.cloud : [], this.about ?? { key: "c", t: 0 });
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const room = roomOf(data.base);
  if (room.role === "student") return;
  if (room.status === "none" && data.code) {
    const kept = stored(ENTRY);
    // An address that somebody else has opened leads nothing.
    if (kept?.code !== data.code || kept.role !== "projector" || !room.resume()) {
      if (kept?.role !== "student") setTriggerValue("left", true);
      return;
    }
  }
  const host = (window.roomHost ??= new Host(room));
  host.show(data, parentElement, setTriggerValue);
}
