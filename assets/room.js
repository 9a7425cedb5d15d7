// The line to a room: connects, comes back by itself when it is lost, sends again what was not
// answered, under the same id, so that the room does it once, and keeps the newest state. One object
// for each tab, kept while pages and panels come and go: roomOf().

const LETTERS = "BCDFGHJKMNPRSTVWXZ"; // As in pages/_book/rooms/codes.py.
const PROPOSALS = 12; // Codes that are proposed before the lecturer is told that there is no place.
const BACK = { first: 300, longest: 8000 }; // Milliseconds before a lost line is dialled again.
const GRACE = 1500; // For so long nobody is told that the line is lost.
const QUIET = 25000; // After so long without a word the room is asked whether it is there,
const SILENT = 10000; // and without an answer within this time the line is lost;
const WAKING = 4000; // within this one when the browser was away, or on another network.
const APART = { guess: 350, step: 250 }; // Between two messages of which only the last one counts.
const LATEST = ["show", "step", "guess", "takes", "offers"];
const PRIVATE = ["room", "key", "mode", "slide", "controls", "cut", "embed"]; // No business of a follower's address.
const FINAL = ["unknown", "over", "expired", "key", "origin"];
const ENTRY = "room"; // In the tab's storage: where this tab is in.

function roomOf(base = "") {
  return (window.room ??= new Room(base));
}

class Refusal extends Error {
  constructor(why, after) {
    super(why);
    Object.assign(this, { why, after });
  }
}

class Room {
  constructor(base) {
    this.base = base.replace(/^\/*|\/*$/g, "").replace(/^(?=.)/, "/");
    this.listeners = {};
    this.forget();
    addEventListener("online", () => this.awake());
    document.addEventListener("visibilitychange", () => this.awake());
    setInterval(() => this.beat(), 5000);
  }

  // Begins anew, as a tab that was never in a room.
  forget() {
    for (const timer of [this.dialing, this.late, this.held, this.silent]) clearTimeout(timer);
    for (const { timer } of Object.values(this.paced ?? {})) clearTimeout(timer);
    Object.assign(this, { code: "", role: "", key: "", state: {}, mine: null, why: "", status: "none", tries: 0 });
    Object.assign(this, { outbox: [], paced: {}, told: {}, held: null, seen: null, line: null, isIn: false, late: 0 });
  }

  get isEntered() {
    return !["none", "closed"].includes(this.status);
  }

  // ---- Coming and going ---------------------------------------------------------------------------

  async open() {
    let why = "away";
    for (let proposal = 0; proposal < PROPOSALS; proposal++) {
      const code = Array.from(crypto.getRandomValues(new Uint32Array(4)), (one) => LETTERS[one % LETTERS.length]).join("");
      const answer = await fetch(this.address(code), { method: "POST" }).catch(() => null);
      if (answer?.status === 201) {
        const { key } = await answer.json();
        this.drive(code, key, "projector");
        return { code, key };
      }
      // Another code may lie on another process, which has a place, or is there at all.
      if ([409, 503].includes(answer?.status)) why = "places";
      if (answer && ![409, 502, 503, 504].includes(answer.status)) {
        const { why, after } = await answer.json().catch(() => ({ why: "unknown" }));
        throw new Refusal(why, after);
      }
    }
    throw new Refusal(why);
  }

  join(code) {
    const cleaned = code.toUpperCase().replace(/[^A-Z]/g, "");
    this.enter(cleaned, "student", stored(`${ENTRY}-${cleaned}`) ?? "");
  }

  drive(code, key, role) {
    this.enter(code, role, key);
  }

  // Goes on with what this tab was in before it was loaded anew.
  resume() {
    if (this.isEntered) return true;
    const { code, role, key } = stored(ENTRY) ?? {};
    if (!code) return false;
    this.enter(code, role, key);
    return true;
  }

  leave() {
    const { line } = this;
    sessionStorage.removeItem(ENTRY);
    for (const one of this.outbox) one.reject(new Refusal("left"));
    this.forget();
    line?.close();
    this.tell("status");
  }

  enter(code, role, key) {
    if (this.isEntered && code === this.code && role === this.role) return;
    this.leave();
    Object.assign(this, { code, role, key, status: "connecting" });
    this.keep();
    this.tell("status");
    if (!RegExp(`^[${LETTERS}]{4}$`).test(code)) this.close("unknown");
    else this.dial();
  }

  keep() {
    const { code, role, key } = this;
    store(ENTRY, { code, role, key });
    if (role === "student") store(`${ENTRY}-${code}`, key);
  }

  keyOfAddress() {
    const key = /[#&]key=([0-9a-f]{32})\b/.exec(location.hash)?.[1];
    const { code, role, key: kept } = stored(ENTRY) ?? {};
    if (key) return key;
    const asked = new URLSearchParams(location.search).get("room") ?? code;
    return role !== "student" && asked === code ? (kept ?? "") : "";
  }

  address(code, rest = "") {
    return `${location.origin}${this.base}/room/${code}${rest}`;
  }

  studentAddress() {
    return this.address(this.code);
  }

  presenterAddress() {
    return `${this.base}/present?room=${this.code}#key=${this.key}`;
  }

  // ---- The line -----------------------------------------------------------------------------------

  dial() {
    clearTimeout(this.dialing);
    const before = this.line;
    const line = (this.line = new WebSocket(this.address(this.code, "/line").replace(/^http/, "ws")));
    before?.close();
    this.isIn = false;
    this.expect(QUIET);
    line.onopen = () => line.send(JSON.stringify({ type: "hello", id: newId(), role: this.role, key: this.key }));
    line.onmessage = ({ data }) => line === this.line && this.take(JSON.parse(data));
    line.onclose = () => line === this.line && this.drop();
  }

  dialIn(most) {
    clearTimeout(this.dialing);
    // All are lost at the same time when a process ends, and come back one after the other.
    this.dialing = setTimeout(() => this.dial(), Math.random() * most);
  }

  // Gives a line up, and dials anew within some time.
  drop(most = Math.min(BACK.longest, BACK.first * 2 ** this.tries)) {
    clearTimeout(this.silent);
    const { line } = this;
    this.line = null;
    line?.close();
    if (!this.isEntered) return;
    this.isIn = false;
    this.tries += 1;
    this.late ||= setTimeout(() => this.become("lost"), GRACE);
    this.dialIn(most);
  }

  become(status, why = "") {
    clearTimeout(this.late);
    this.late = 0;
    if (this.status === status && this.why === why) return;
    Object.assign(this, { status, why });
    this.tell("status");
  }

  close(why) {
    clearTimeout(this.dialing);
    clearTimeout(this.silent);
    this.isIn = false;
    for (const one of this.outbox) one.reject(new Refusal(why));
    this.outbox = [];
    const { line } = this;
    this.line = null;
    line?.close();
    sessionStorage.removeItem(ENTRY);
    this.become("closed", why);
  }

  // A line that is dead may take minutes to say so.
  expect(within) {
    clearTimeout(this.silent);
    this.silent = setTimeout(() => this.drop(), within);
  }

  ask(within) {
    this.heard = performance.now(); // Or it would be asked again at the next beat.
    this.line.send('{"type":"here"}');
    this.expect(within);
  }

  beat() {
    if (this.isIn && performance.now() - this.heard > QUIET) this.ask(SILENT);
  }

  awake() {
    if (document.visibilityState !== "visible") return;
    if (this.isIn) this.ask(WAKING);
    else if (this.status === "lost") this.dialIn(200);
  }

  take(message) {
    this.heard = performance.now();
    clearTimeout(this.silent);
    ({
      welcome: () => this.welcomed(message),
      state: () => this.learn(message),
      press: () => this.tell("press", message),
      done: () => this.answered(message),
      refused: () => this.answered(message),
      closed: () => this.ended(message),
    })[message.type]?.();
  }

  welcomed({ key, mine = null }) {
    this.key = key;
    this.tries = 0;
    this.isIn = true;
    this.keep();
    this.setMine(mine);
    this.become("on");
    for (const one of this.outbox) this.line.send(one.written);
  }

  ended({ why, after }) {
    if (FINAL.includes(why)) this.close(why);
    else {
      // A place, or a turn, may come free.
      this.drop(1000 * Math.max(4, 2 * (after ?? 4)));
      this.become("lost", why);
    }
  }

  // ---- What is sent -------------------------------------------------------------------------------

  send(message) {
    return new Promise((resolve, reject) => {
      if (!this.isEntered) return reject(new Refusal(this.why || "none"));
      const one = { ...message, resolve, reject };
      one.id = newId();
      one.written = JSON.stringify({ ...message, id: one.id });
      if (LATEST.includes(one.type)) this.overtake(one.type);
      this.outbox.push(one);
      if (this.isIn) this.line.send(one.written);
    });
  }

  // What has not gone yet, and is overtaken, need not go.
  overtake(type) {
    if (this.isIn) return;
    for (const old of this.outbox.filter((one) => one.type === type)) {
      this.outbox.splice(this.outbox.indexOf(old), 1);
      old.resolve({ type: "done", overtaken: true });
    }
  }

  answered({ id, type, ...told }) {
    const at = this.outbox.findIndex((one) => one.id === id);
    if (at < 0) return;
    const one = this.outbox[at];
    if (type === "refused" && told.why === "fast" && one.type !== "sentence") {
      setTimeout(() => this.isIn && this.outbox.includes(one) && this.line.send(one.written), 1000 * told.after);
      return;
    }
    this.outbox.splice(at, 1);
    if (type === "refused") return one.reject(new Refusal(told.why, told.after));
    const { ask, round } = one;
    if (one.type === "vote") this.setMine({ ask, round, choice: told.choice });
    if (one.type === "guess") this.setMine({ ask, round, value: told.value });
    one.resolve({ type, ...told });
  }

  // Sends at most one message of a kind within some time, the last one always.
  pace(message) {
    const { type } = message;
    const paced = (this.paced[type] ??= { due: 0, message: null, timer: 0 });
    paced.message = message;
    if (paced.timer) return;
    const go = () => {
      paced.timer = 0;
      paced.due = performance.now() + APART[type];
      this.send(paced.message).catch(() => {}); // Late, or the room is closed: then it does not count.
    };
    const wait = paced.due - performance.now();
    if (wait <= 0) go();
    else paced.timer = setTimeout(go, wait);
  }

  vote(choice) {
    const { id: ask, round } = this.state.asked;
    return this.send({ type: "vote", ask, round, choice });
  }

  guess(value) {
    const { id: ask, round } = this.state.asked;
    this.pace({ type: "guess", ask, round, value });
  }

  show(shown) {
    const query = new URLSearchParams(shown.query ?? location.search);
    for (const name of PRIVATE) query.delete(name);
    const cleaned = { slide: null, stop: null, title: "", answered: false, ...shown, query: query.toString() };
    const written = JSON.stringify(cleaned);
    if (written === this.told.show) return;
    this.told.show = written;
    this.send({ type: "show", shown: cleaned }).catch(() => (this.told.show = ""));
  }

  step(step) {
    const written = JSON.stringify(step);
    if (written === this.told.step) return;
    this.told.step = written;
    this.pace({ type: "step", step });
  }

  async takeHome(form, lang = "en") {
    const answer = await fetch(`${this.address(this.code, `/takehome.${form}`)}?lang=${lang}`, {
      headers: { Authorization: `Bearer ${this.key}` },
    });
    if (!answer.ok) throw new Refusal((await answer.json().catch(() => ({}))).why ?? "unknown");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `room-${this.code}.${form}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  // ---- What is known ------------------------------------------------------------------------------

  on(name, call) {
    const all = (this.listeners[name] ??= new Set());
    all.add(call);
    if (name === "status") call(this.status, this.why);
    else if (name === "mine") call(this.mine);
    else if (name in this.state && !(this.held && ["shown", "step"].includes(name))) call(this.state[name]);
    return () => all.delete(call);
  }

  tell(name, value) {
    for (const call of [...(this.listeners[name] ?? [])]) {
      if (name === "status") call(this.status, this.why);
      else call(value);
    }
  }

  setMine(mine) {
    if (JSON.stringify(mine) === JSON.stringify(this.mine)) return;
    this.mine = mine;
    this.tell("mine", mine);
  }

  learn({ type, n, ...parts }) {
    // After a loss all comes again, and most of it is known.
    for (const name of Object.keys(parts)) if (isSame(parts[name], this.state[name])) delete parts[name];
    Object.assign(this.state, parts);
    const { asked } = this.state;
    const isMine = this.mine && asked && this.mine.ask === asked.id && this.mine.round === asked.round;
    if ("asked" in parts && !isMine) this.setMine(null);
    for (const name of Object.keys(parts)) {
      if (name === "shown") this.follow();
      else if (name !== "step" || !this.held) this.tell(name, parts[name]);
    }
  }

  // A change of panel costs a run of the page: a class spreads that out. What only moves does not wait.
  follow() {
    const { shown } = this.state;
    const place = shown && `${shown.path}?${shown.query}`;
    const waits = this.role === "student" && this.seen !== null && shown && place !== this.seen;
    const go = () => {
      this.held = null;
      this.seen = this.state.shown && `${this.state.shown.path}?${this.state.shown.query}`;
      this.tell("shown", this.state.shown);
      this.tell("step", this.state.step);
    };
    if (!waits && !this.held) {
      this.seen = place;
      this.tell("shown", shown);
    } else this.held ??= setTimeout(go, Math.random() * shown.spread);
  }
}

// How a class spreads itself out is no news.
function isSame(one, other) {
  const plain = (part) => JSON.stringify(part, (name, value) => (name === "spread" ? undefined : value));
  return plain(one) === plain(other);
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (one) => one.toString(36).padStart(2, "0")).join("");
}

function stored(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

function store(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing joins anew after it was loaded anew.
  }
}
