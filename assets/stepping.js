// What everything that is stepped in the browser shares: keys, buttons, and telling Python the step.
//
// A subclass draws: take(run) gets new numbers, drawCurves() lays them out over the width there is,
// render() draws the step, pace() says how long one lasts while it plays, clicked() and
// pointed() answer the mouse. moved(), play(), next(), pause() and inView() are here for most of them.

const LAG = 8; // So many steps may a player that plays along be off.
const RESTS = 250; // Milliseconds without a step after which the server is told.

let decimalSign = "."; // As the visitor's language writes it.
let messages = {}; // What say() says, by the English message, in the visitor's language.

function say(message, values = {}) {
  // As in Python; pages/_book/playing.py finds the messages in these files.
  const translation = messages[message] ?? message;
  return translation.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

function mounted(make) {
  const all = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    const { messages: translated = {}, ...run } = JSON.parse(data.run);
    const spoken = JSON.stringify(translated);
    const other = all.get(parentElement);
    messages = translated;
    if (other?.spoken !== spoken) {
      other?.leave();
      // In another language it goes on where it was.
      all.set(parentElement, Object.assign(make(parentElement), { spoken, ...other?.place() }));
    }
    const one = all.get(parentElement);
    one.show({ ...run, decimal: data.decimal, start: data.start }, setTriggerValue);
    return () => {
      one.leave();
      all.delete(parentElement);
    };
  };
}

class Stepping {
  constructor(root, skeleton) {
    this.root = root;
    this.step = 0;
    root.innerHTML = skeleton;
    this.part = (name) => root.querySelector(`.${name}`);
    root.onclick = (event) => this.clicked(event);
    root.onmouseover = (event) => this.pointed(event.target);
    root.onmouseleave = () => this.pointed(null);
    this.part("scrub").oninput = (event) => this.go(Number(event.target.value));
    this.sized = new ResizeObserver(() => this.resized());
    this.sized.observe(this.part("curves"));
    this.pressed = (event) => this.key(event);
    document.addEventListener("keydown", this.pressed);
    // Whoever listens to the keys of the page asks the players that are here (keys.js).
    window.players = (window.players ?? new Set()).add(this);
  }

  leave() {
    this.pause();
    this.sized.disconnect();
    clearTimeout(this.telling);
    document.removeEventListener("keydown", this.pressed);
    window.players.delete(this);
  }

  // Goes so many steps; says whether there were any.
  by(steps) {
    const to = this.step + steps;
    if (to < 0 || to > this.last) return false;
    this.go(to);
    return true;
  }

  // Goes to the next of some stops; says whether there was one.
  toStop(way, stops) {
    const ahead = stops.filter((stop) => stop <= this.last && (stop - this.step) * way > 0);
    if (!ahead.length) return false;
    this.go(way > 0 ? Math.min(...ahead) : Math.max(...ahead));
    return true;
  }


  place() {
    return { step: this.step, turn: this.turn };
  }

  show(data, tell) {
    this.tell = tell;
    const { start, ...run } = data;
    this.id = start.key ?? "";
    decimalSign = run.decimal ?? ".";
    const signature = JSON.stringify(run);
    if (signature !== this.signature) {
      this.signature = signature;
      this.run = run;
      for (const [name, colour] of Object.entries(run.colours))
        this.root.style.setProperty(`--${name}`, colour);
      this.take(run);
    }
    if (start.turn !== this.turn) {
      this.turn = start.turn;
      this.step = start.step;
      clearTimeout(this.telling);
      this.pause();
    }
    this.step = Math.min(this.step, this.last);
    this.render();
  }

  resized() {
    if (!this.run || this.part("curves").clientWidth === this.width) return;
    this.drawCurves();
    this.render();
  }

  go(step, playing = false) {
    if (!playing) this.pause();
    this.step = Math.min(Math.max(step, 0), this.last);
    this.moved();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.rest(), RESTS);
  }

  rest() {
    clearTimeout(this.telling);
    // With the turn, so that a step from before a new beginning is known to be late. A page that is
    // led by a lecturer (follow.js) does not ask its server at every step.
    if (!this.playing && !window.isLed) this.tell("moved", { step: this.step, turn: this.turn });
  }

  toggle() {
    this.playing ? (this.pause(), this.rest()) : this.play();
  }

  acted(act) {
    if (act === "back") this.go(this.step - 1);
    else if (act === "forth") this.go(this.step + 1);
    else if (act === "play") this.toggle();
    else return false;
    return true;
  }

  ownKey() {
    return false;
  }

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0];
    const name = target.tagName || "";
    if (this.root.contains(target) && this.ownKey(event, target)) {
      event.preventDefault();
      return;
    }
    if (event.key === " " && !/BUTTON|INPUT|TEXTAREA|SELECT/.test(name) && this.inView()) {
      event.preventDefault();
      this.toggle();
    }
  }

  // What most players do; one that plays in another way has its own.
  moved() {
    this.render();
  }

  play() {
    if (this.step === this.last) this.step = 0;
    this.playing = true;
    this.render();
    this.next();
  }

  next() {
    this.ticking = setTimeout(() => {
      if (this.step < this.last) {
        this.go(this.step + 1, true);
        this.next();
      } else {
        this.pause();
        this.rest();
      }
    }, this.pace());
  }

  pause() {
    clearTimeout(this.ticking);
    if (!this.playing) return;
    this.playing = false;
    this.render();
  }

  // Stands where the lecturer's player stands, or plays along with it.
  follow({ at, plays, until }) {
    const isNear = Math.abs(at - this.step) <= LAG;
    if (plays && this.playing && isNear) return;
    if (at !== this.step || Boolean(this.playing) !== plays) this.go(at);
    if (plays && at < this.last) this.play(until ?? undefined);
  }

  inView() {
    return this.isSeen(this.root);
  }

  isSeen(part) {
    // Where it is scrolled away, the keys scroll the page.
    const box = part.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  }
}

function element(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

// What a visitor typed, as the visitor's language writes numbers; a word stays as it is.
function typed(label) {
  return /^[-+]?\d+([.,]\d+)?$/.test(label) ? label.replace("-", "−").replace(/[.,]/, decimalSign) : label;
}

function short(value, digits = 3) {
  if (value === 0 || (Math.abs(value) >= 0.5 * 10 ** -digits && Math.abs(value) < 1e4))
    return value.toFixed(digits).replace("-", "−").replace(".", decimalSign);
  const [mantissa, exponent] = value.toExponential(1).split("e");
  return `${mantissa.replace("-", "−").replace(".", decimalSign)}·10${raised(exponent)}`;
}

function raised(exponent) {
  const digits = { "-": "⁻", "+": "", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  return [...exponent].map((sign) => digits[sign]).join("");
}

