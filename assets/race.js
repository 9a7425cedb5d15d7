// A recorded race: three losses that grow from update to update, bets before, an outcome after.
//
// Python sends all losses once (pages/race/figures.py). A step is a look at the networks, every 25
// updates. Whoever gives a lecture plays it from stop to stop with the clicker.

const LOOK = 130; // Milliseconds from one look to the next.
const NONE = "none";
const NARROW = 560; // Below so many pixels there is no room beside the lines.

class Race extends Stepping {
  constructor(root) {
    super(root, racing());
    this.bet = null;
    this.along = 0; // How far it is from the last look to the next, from 0 to 1, while it plays.
  }

  place() {
    return { step: this.step, turn: this.turn, bet: this.bet };
  }

  take(run) {
    this.last = run.looks.length - 1;
    if (this.raced !== run.name) this.bet = this.raced === undefined ? this.bet : null;
    this.raced = run.name;
    this.part("scrub").max = this.last;
    const choices = [...run.networks.map((one) => [one.name, one.name]), [NONE, say("None of them")]];
    this.part("bets").replaceChildren(
      element("span", "ask", say("Your bet:")),
      ...choices.map(([code, label]) => {
        const choice = element("button", "", label);
        choice.type = "button";
        choice.dataset.bet = code;
        return choice;
      }),
    );
    this.part("curves").setAttribute("aria-label", run.alt);
    this.drawCurves();
  }

  moved() {
    this.along = 0;
    this.render();
  }

  clicked(event) {
    if (this.acted(event.target.closest("[data-act]")?.dataset.act)) return;
    const bet = event.target.closest("[data-bet]")?.dataset.bet;
    if (bet === undefined || this.step > 0) return;
    this.bet = bet;
    this.play();
  }

  pointed() {}

  // ---- Playing ------------------------------------------------------------------------------------

  play(until = this.last) {
    if (this.step >= this.last) this.step = 0;
    this.until = until;
    this.playing = true;
    let before = performance.now();
    const tick = (now) => {
      if (!this.playing) return;
      this.along += Math.max(0, Math.min(now - before, 4 * LOOK)) / LOOK; // The first frame may be dated before the press.
      before = now;
      const whole = Math.floor(this.along);
      this.step = Math.min(this.step + whole, this.until);
      this.along -= whole;
      if (this.step >= this.until) {
        this.pause();
        this.rest();
        return;
      }
      this.render();
      this.ticking = requestAnimationFrame(tick);
    };
    this.ticking = requestAnimationFrame(tick);
    this.render();
  }

  pause() {
    cancelAnimationFrame(this.ticking);
    this.along = 0;
    if (!this.playing) return;
    this.playing = false;
    this.render();
  }

  // A press plays to the next stop; a second one, while it plays, jumps there.
  toStop(way, stops) {
    if (way < 0 || matchMedia("(prefers-reduced-motion: reduce)").matches) return super.toStop(way, stops);
    const ahead = stops.filter((stop) => stop <= this.last && stop > this.step);
    if (!ahead.length) return false;
    const stop = Math.min(...ahead);
    if (this.playing && this.until === stop) this.go(stop);
    else {
      this.pause();
      this.play(stop);
    }
    return true;
  }

  // ---- What a room can be asked ------------------------------------------------------------------

  asks() {
    if (this.step > 0 || this.playing) return null;
    return {
      key: `race ${this.run.name}`,
      now: true,
      kind: "bet",
      text: say("Who crosses the finish line first, and stays below it?"),
      choices: [...this.run.networks.map((one) => one.name), say("None of them")],
    };
  }

  // What was asked, answered by the picture; null as long as it is not.
  answers() {
    if (this.step < this.last || this.playing) return null;
    const arrived = this.run.networks.filter((one) => one.arrives !== null).sort((one, other) => one.arrives - other.arrives);
    const winner = this.run.networks.indexOf(arrived[0]);
    return { right: [winner < 0 ? this.run.networks.length : winner] };
  }

  // ---- Drawing ------------------------------------------------------------------------------------

  resized() {
    const curves = this.part("curves");
    if (!this.run || (curves.clientWidth === this.width && curves.clientHeight === this.height)) return;
    this.drawCurves();
    this.render();
  }

  drawCurves() {
    const { run } = this;
    const curves = this.part("curves");
    const [width, height] = [(this.width = curves.clientWidth), (this.height = curves.clientHeight)];
    if (!width || !height) return;
    const em = parseFloat(getComputedStyle(curves).fontSize);
    this.em = em;
    this.narrow = width < NARROW;
    const every = run.networks.flatMap((one) => one.losses).concat(run.baseline, run.finish);
    const [low, high] = [Math.log10(Math.min(...every)) - 0.12, Math.log10(Math.max(...every)) + 0.1];
    const first = Math.ceil(low);
    const powers = Array.from({ length: Math.floor(high) - first + 1 }, (_, k) => first + k);
    const named = powers.map((power) => short(10 ** power, Math.max(0, -power)));
    const left = (Math.max(...named.map((one) => one.length)) * 0.52 + 0.9) * em;
    // The names of the levels stand beside the lines, and are longer in some languages.
    const beside = Math.max(9.4, 0.58 * (Math.max(say("no memory").length, say("finish").length) + 6));
    const box = { left, right: width - (this.narrow ? 1.5 : beside) * em, top: (this.narrow ? 4 : 2.5) * em, foot: height - 3.1 * em };
    const updates = run.looks.at(-1);
    this.x = (look) => box.left + (at(run.looks, look) / updates) * (box.right - box.left);
    this.y = (loss) => box.foot - ((Math.log10(loss) - low) / (high - low)) * (box.foot - box.top);
    this.box = box;
    const grid = powers.map((power, k) => {
      const y = this.y(10 ** power);
      return `<path class="grid" d="M${box.left} ${y} H${box.right}"/><text class="tick" x="${box.left - 0.4 * em}" y="${y + 0.34 * em}">${named[k]}</text>`;
    });
    const steps = Array.from({ length: this.narrow ? 3 : 6 }, (_, k) => Math.round((updates * k) / (this.narrow ? 2 : 5)));
    const ticks = steps.map((update) => {
      const x = box.left + (update / updates) * (box.right - box.left);
      return `<text class="tick below" x="${x}" y="${box.foot + 1.2 * em}">${thousands(update)}</text>`;
    });
    const finish = this.y(run.finish);
    const squares = `<pattern id="chequered" width="12" height="12" patternUnits="userSpaceOnUse" y="${finish - 6}"><path class="square" d="M0 0h6v6h-6z M6 6h6v6h-6z"/></pattern>`;
    const lines = [
      `<path class="baseline" d="M${box.left} ${this.y(run.baseline)} H${box.right}"/>`,
      `<rect class="finish" fill="url(#chequered)" x="${box.left}" y="${finish - 6}" width="${box.right - box.left}" height="12"/>`,
      this.level("baseline", run.baseline, say("no memory")),
      this.level("finish", run.finish, say("finish")),
    ];
    const tracks = run.networks.map(
      (one, k) => `<g style="--ink: var(--${one.colour})" data-lane="${k}"><path class="lane" stroke-dasharray="${DASHED[one.dash]}"/><circle class="head" r="${0.42 * em}"/><text class="name"></text><g class="arrived"></g></g>`,
    );
    curves.innerHTML =
      `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapedText(run.alt)}"><defs>${squares}</defs>` +
      `${grid.join("")}${ticks.join("")}<path class="axis" d="M${box.left} ${box.top} V${box.foot} H${box.right}"/>` +
      `<text class="axistitle" x="${(box.left + box.right) / 2}" y="${height - 0.4 * em}">${say("updates")}</text>` +
      (this.narrow ? "" : `<text class="axistitle start" x="${0.2 * em}" y="${box.top - 0.7 * em}">${say("loss")}</text>`) +
      `${lines.join("")}${tracks.join("")}</svg>`;
  }

  // The name of a level beside its right end, or above it where there is no room.
  level(name, loss, text) {
    const [x, y] = this.narrow ? [this.box.right - 0.3 * this.em, this.y(loss) - 0.6 * this.em] : [this.box.right + 0.8 * this.em, this.y(loss) + 0.35 * this.em];
    return `<text class="label ${this.narrow ? "" : "start"}" data-level="${name}" x="${x}" y="${y}">${escapedText(text)} ${plain(loss)}</text>`;
  }

  render() {
    const { run } = this;
    if (!this.x) return;
    const now = this.step + (this.playing ? this.along : 0);
    const heads = [];
    run.networks.forEach((one, k) => {
      const lane = this.root.querySelector(`[data-lane="${k}"]`);
      const until = Math.min(now, one.losses.length - 1);
      const loss = at(one.losses, until, true);
      const points = one.losses.slice(0, Math.floor(until) + 1).map((value, look) => [this.x(look), this.y(value)]);
      points.push([this.x(until), this.y(loss)]);
      lane.querySelector(".lane").setAttribute("d", `M${points.map((point) => point.join(" ")).join("L")}`);
      const [x, y] = points.at(-1);
      const head = lane.querySelector(".head");
      head.setAttribute("cx", x);
      head.setAttribute("cy", y);
      heads.push({ one, text: lane.querySelector(".name"), x, y, loss });
      lane.querySelector(".arrived").innerHTML = one.arrives !== null && now >= one.arrives ? this.flag(one) : "";
    });
    this.nameHeads(heads);
    this.report();
    this.part("scrub").value = this.step;
    this.part("play").textContent = this.playing ? `❚❚ ${say("Pause")}` : this.step === this.last ? `↺ ${say("Again")}` : `▶ ${say("Play")}`;
    for (const choice of this.root.querySelectorAll("[data-bet]")) {
      choice.setAttribute("aria-pressed", String(choice.dataset.bet === this.bet));
      choice.disabled = this.step > 0 || this.playing;
    }
  }

  // Names and losses stand beside the heads, apart from each other; at the end, the names of the two
  // levels stand among them.
  nameHeads(heads) {
    const gap = 1.35 * this.em;
    // Where a telephone is so narrow that both stand over each other, they are pushed apart as well.
    const ends = heads.some(({ x }) => x > this.box.right - 7 * this.em || (this.narrow && x + 16 * this.em > this.box.right));
    for (const [name, loss] of [["baseline", this.run.baseline], ["finish", this.run.finish]]) {
      const text = this.root.querySelector(`[data-level="${name}"]`);
      const y = this.y(loss);
      const beside = this.narrow ? y - 0.95 * this.em : y;
      if (ends) heads.push({ text, y: beside });
      else text.setAttribute("y", beside + 0.35 * this.em);
    }
    heads.sort((one, other) => one.y - other.y);
    let above = -Infinity;
    const places = heads.map(({ y }) => (above = Math.max(y + 0.35 * this.em, above + gap)));
    const over = places.at(-1) - (this.box.foot - 0.2 * this.em);
    heads.forEach(({ one, text, x, loss }, k) => {
      if (!one) {
        text.setAttribute("y", places[k] - Math.max(over, 0));
        return;
      }
      const end = x > this.box.right - 7 * this.em && this.narrow;
      text.setAttribute("x", end ? x - 0.8 * this.em : x + 0.8 * this.em);
      text.setAttribute("y", places[k] - Math.max(over, 0));
      text.setAttribute("text-anchor", end ? "end" : "start");
      text.textContent = `${one.name} ${plain(loss)}`;
    });
  }

  flag({ arrives, place }) {
    const [x, y, r] = [this.x(arrives), this.y(this.run.finish), 0.85 * this.em];
    return `<circle cx="${x}" cy="${y}" r="${r}"/><text x="${x}" y="${y + 0.36 * this.em}">${place}</text>`;
  }

  // The line above: the question, then how far they are, then who won.
  report() {
    const { run } = this;
    const where = this.part("where");
    const update = thousands(run.looks[this.step]);
    let text = say("Who crosses the finish line first, and stays below it? Place your bet.");
    if (this.step === this.last && !this.playing) text = this.outcome();
    else if (this.step > 0 || this.playing) {
      const arrived = run.networks.filter((one) => one.arrives !== null && one.arrives <= this.step);
      const names = arrived.sort((one, other) => one.arrives - other.arrives).map((one) => one.name);
      const among = { update, names: names.join(", ") };
      text = names.length ? say("Update {update}. Below the finish line for good: {names}.", among) : say("Update {update}. Nobody is below the finish line for good yet.", among);
    }
    if (where.textContent !== text) where.textContent = text;
  }

  outcome() {
    const { run, bet } = this;
    const arrived = run.networks.filter((one) => one.arrives !== null).sort((one, other) => one.arrives - other.arrives);
    const ends = arrived.map((one) => say("{name} (update {update})", { name: one.name, update: thousands(run.looks[one.arrives]) }));
    const missing = run.networks.filter((one) => one.arrives === null).map((one) => one.name);
    const parts = [ends.length ? say("The winner is {names}.", { names: ends[0] }) : say("Nobody gets there.")];
    if (ends.length > 1) parts.push(say("Then {names}.", { names: ends.slice(1).join(", ") }));
    if (ends.length && missing.length) parts.push(say("Never: {names}.", { names: missing.join(", ") }));
    if (bet) parts.push(bet === (arrived[0]?.name ?? NONE) ? say("Your bet was right.") : say("Your bet was wrong."));
    return parts.join(" ");
  }
}

const DASHED = { solid: "", dash: "14 7", dot: "3 6", dashdot: "14 6 3 6" };

const racing = () => `
  <div class="board"><div class="where" aria-live="polite"></div><div class="curves" role="group"></div></div>
  <div class="transport" role="toolbar" aria-label="${say("Steps")}">
    <button type="button" class="play primary" data-act="play">▶ ${say("Play")}</button>
    <input class="scrub" type="range" min="0" step="1" aria-label="${say("Update")}">
    <span class="bets" role="group" aria-label="${say("Your bet")}"></span>
  </div>`;

// A value between two places of a list; of losses the one on the straight line that is drawn.
function at(values, place, log = false) {
  const before = Math.floor(place);
  const [one, other] = [values[before], values[Math.min(before + 1, values.length - 1)]];
  return log ? one * (other / one) ** (place - before) : one + (other - one) * (place - before);
}

// Two digits that count, without a power of ten where it is not needed.
function plain(value) {
  return short(value, value > 1e-6 ? Math.min(Math.max(1 - Math.floor(Math.log10(value)), 0), 7) : 3);
}

function thousands(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, decimalSign === "," ? "." : ",");
}

function escapedText(text) {
  return element("i", "", text).innerHTML.replaceAll('"', "&quot;");
}

export default mounted((parent) => new Race(parent.querySelector(".player")));
