// The cell player: a drawing that computes, its code, its formula, its arithmetic and its curves.
//
// Python sends every number of a run once (pages/_book/player.py). Stepping, playing and
// pointing then need no server; stepping.js, which is put before this file, keeps the step.

const PACE = { stage: 1100, term: 650 };
const VIEWS = ["formula", "code", "arithmetic", "curves"];
const LONG = 20; // Of more inputs than these, the curves are what is looked at first.
const NARROW = 760; // Pixels; below, everything stands in one column.
const CHOSEN = "player_view"; // Under this name the browser remembers the view.

class Player extends Stepping {
  constructor(root) {
    super(root, skeleton());
    this.term = null; // In slow motion: how many lines of the sum are shown.
    this.opened = null; // A gate that was clicked open; otherwise the one at work is shown.
    this.view = "";
    root.classList.add("staged");
    root.addEventListener("focusin", (event) => this.pointed(event.target));
    this.fitted = new ResizeObserver(() => this.fit());
    this.fitted.observe(root.parentElement);
    this.part("guess").oninput = () => this.drawGuess();
    this.part("what").onchange = () => this.newGuess();
    this.part("spelled").onchange = (event) => this.spell(event.target.value);
  }

  leave() {
    super.leave();
    this.fitted.disconnect();
  }

  // ---- Where everything stands ------------------------------------------------------------------

  // The player fills the stage. What the app puts beside the picture takes the upper part of the right
  // column; formula, code, arithmetic and curves have the rest of it.
  fit() {
    const beside = document.querySelector(".st-key-stage_beside");
    const own = this.root.parentElement.getBoundingClientRect();
    const box = beside?.getBoundingClientRect();
    const isBeside = Boolean(box?.width && box.left >= own.right - 1 && box.top < own.bottom);
    if (beside && beside !== this.beside) this.fitted.observe((this.beside = beside));
    const lecture = getComputedStyle(this.root).getPropertyValue("--lecture").trim() === "on";
    const { classList, style } = this.root;
    const isSmall = Boolean(this.run?.small);
    classList.toggle("beside", isBeside && !isSmall);
    classList.toggle("lecture", lecture);
    classList.toggle("bare", lecture && !isBeside);
    classList.toggle("narrow", !isSmall && own.width < NARROW && !isBeside);
    style.setProperty("--left", `${Math.floor(own.width)}px`);
    style.setProperty("--whole", `${Math.floor(isBeside ? box.right - own.left : own.width)}px`);
    style.setProperty("--right", `${Math.floor(isBeside ? box.width : 0)}px`);
    // A panel that says nothing below leaves that room to the player.
    const below = document.querySelector(".st-key-stage_below");
    classList.toggle("alone", Boolean(beside) && !below?.textContent.trim());
    const start = this.part("stage").getBoundingClientRect().top;
    const under = this.part("foot").getBoundingClientRect().top - this.part("stage").getBoundingClientRect().bottom;
    style.setProperty("--under", `${isBeside ? Math.max(0, Math.floor(under)) : 0}px`);
    style.setProperty("--taken", `${isBeside ? Math.max(0, Math.ceil(box.bottom - start + 10)) : 0}px`);
  }

  show(data, tell) {
    super.show(data, tell);
    this.fit();
    // The column beside it may be drawn a moment later.
    for (const later of [60, 300]) setTimeout(() => this.root.isConnected && this.fit(), later);
  }

  // Shows the formula, the code, the arithmetic or the curves; what the viewer chose is remembered.
  look(view, isChosen = true) {
    this.view = view;
    if (isChosen) remember(view);
    for (const button of this.root.querySelectorAll("[data-view]"))
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    for (const name of VIEWS) this.part(name).classList.toggle("shown", name === view);
    this.root.dataset.shows = view;
  }

  // ---- A run ----------------------------------------------------------------------------------

  take(run) {
    this.last = run.labels.length * run.stages.length - 1;
    this.root.classList.toggle("small", Boolean(run.small));
    if (!this.view || !remembered()) this.look(remembered() || (run.labels.length > LONG ? "curves" : "formula"), false);
    this.build();
    // Where nobody asks for it, it plays by itself and begins again at its end.
    if (run.small && !matchMedia("(prefers-reduced-motion: reduce)").matches) setTimeout(() => this.play(), PACE.stage);
  }

  build() {
    const run = this.run;
    if (this.drawn !== run.drawing) {
      this.drawn = run.drawing;
      this.part("drawing").innerHTML = run.drawing;
      this.part("formula").innerHTML = run.stages
        .map((stage) => `<div data-of="${stage.name}">${stage.formula}${others(stage)}</div>`)
        .join("");
      this.offerNotations();
      this.part("sentences").innerHTML = run.stages
        .map((stage) => `<p data-of="${stage.name}">${stage.sentence}</p>`)
        .join("");
      this.part("method").textContent = run.method;
      this.part("lines").replaceChildren(
        ...run.code.map((line, place) => {
          const stage = run.stages.find((one) => one.line === place);
          const row = element("div", "line");
          // The indentation is there, but takes less room than its letters would.
          const text = line.trimStart();
          row.append(element("span", "indent", line.slice(0, line.length - text.length)), text);
          if (stage) {
            row.dataset.link = stage.link;
            row.dataset.stageName = stage.name;
          }
          return row;
        }),
      );
      this.opened = null;
    }
    this.part("words").replaceChildren(
      ...run.labels.map((label, t) => {
        const word = element("button", "word", typed(label));
        word.type = "button";
        word.dataset.time = t;
        return word;
      }),
    );
    const options = run.tracks.map((track) => {
      const option = element("option", "", `${track.key}: ${track.name}`);
      option.value = track.key;
      return option;
    });
    const chosen = this.part("what").value;
    this.part("what").replaceChildren(...options);
    this.part("what").value = run.tracks.some((t) => t.key === chosen)
      ? chosen
      : run.tracks.find((track) => track.panel === run.panels.length - 1).key;
    for (const strip of this.root.querySelectorAll("[data-strip]")) {
      strip.innerHTML = run.units
        .map((unit, k) => `<rect data-k="${k}" x="${16 * k}" width="14" height="14"/>`)
        .join("");
    }
    this.part("scrub").max = this.last;
    this.part("note").textContent = run.note ?? "";
    this.part("unitname").textContent = run.units.length > 1 ? say("unit {unit}", { unit: run.units[run.front] + 1 }) : "";
    this.misses = [];
    this.drawCurves();
    this.newGuess();
  }

  // Offers the notations in which this cell is written by somebody.
  offerNotations() {
    const used = new Set(this.run.stages.flatMap((stage) => Object.keys(stage.elsewhere ?? {})));
    const offered = Object.entries(this.run.notations ?? {}).filter(([whose]) => whose === "here" || used.has(whose));
    this.part("spelled").replaceChildren(
      ...offered.map(([whose, name]) => Object.assign(element("option", "", name), { value: whose })),
    );
    this.part("notation").hidden = offered.length < 2;
    this.spell("here");
  }

  // Writes the formulas in somebody's notation; the numbers below them stay.
  spell(whose) {
    this.part("spelled").value = whose;
    for (const stage of this.part("formula").children) {
      const written = stage.querySelector(`[data-notation="${whose}"]`);
      for (const other of stage.querySelectorAll("[data-notation]")) other.hidden = other !== written;
      for (const line of stage.querySelectorAll(":scope > .line")) {
        if (line.textContent.trim().startsWith("=")) break;
        line.hidden = Boolean(written);
      }
    }
  }

  resized() {
    const area = this.part("curves");
    if (!this.run || (area.clientWidth === this.width && area.clientHeight === this.height)) return;
    this.drawCurves();
    this.render();
    this.drawGuess();
  }

  at() {
    const stages = this.run.stages.length;
    return { t: Math.floor(this.step / stages), stage: this.step % stages };
  }

  value(key, t = this.at().t, unit = this.run.front) {
    if (key === "t") return t + 1;
    if (key === "t_before") return t;
    return this.run.values[key][t][unit];
  }

  placeOf(key) {
    // The place of the stage that computes a quantity.
    return this.run.stages.findIndex((stage) => stage.link === key);
  }

  // ---- Moving ---------------------------------------------------------------------------------

  moved() {
    this.term = null;
    this.opened = null;
    this.render();
  }

  play() {
    if (this.step === this.last) this.step = 0;
    if (this.slow()) this.look("arithmetic");
    this.playing = true;
    this.opened = null;
    this.term = this.slow() ? 0 : null;
    this.render();
    this.next();
  }

  slow() {
    return this.part("slow").checked;
  }

  next() {
    const pace = this.term === null ? PACE.stage : PACE.term;
    this.ticking = setTimeout(() => {
      const lines = this.lines();
      if (this.slow() && lines && this.term !== null && this.term < lines) {
        this.term += 1;
        this.render();
      } else if (this.step < this.last) {
        this.go(this.step + 1, true);
        this.term = this.slow() ? 0 : null;
        this.render();
      } else if (this.run.small) {
        this.go(0, true);
      } else {
        this.pause();
        this.rest();
        return;
      }
      this.next();
    }, pace);
  }

  pause() {
    clearTimeout(this.ticking);
    if (!this.playing) return;
    this.playing = false;
    this.term = null;
    this.render();
  }

  ownKey(event, target) {
    if (target.tagName !== "g" || (event.key !== "Enter" && event.key !== " ")) return false;
    this.open(target.dataset.gate);
    return true;
  }

  clicked(event) {
    const target = event.target;
    const act = target.closest("[data-act]")?.dataset.act;
    if (this.acted(act)) return;
    if (act === "copy") this.copy();
    else if (act === "save") this.save();
    else if (act === "end") this.go(this.last);
    else if (target.closest("[data-view]")) this.look(target.closest("[data-view]").dataset.view);
    else if (act === "guessing") this.guessing(!this.isGuessing);
    else if (target.closest("[data-gate]")) this.open(target.closest("[data-gate]").dataset.gate);
    else if (target.closest("[data-k]")) this.tell("picked", { unit: this.run.units[target.dataset.k] });
    else if (target.closest("[data-time]")) {
      const t = Number(target.closest("[data-time]").dataset.time);
      this.go(t * this.run.stages.length + this.at().stage);
    } else if (target.closest("[data-stage-name]")) {
      const name = target.closest("[data-stage-name]").dataset.stageName;
      const place = this.run.stages.findIndex((stage) => stage.name === name);
      this.go(this.at().t * this.run.stages.length + place);
    }
  }

  open(gate) {
    this.pause();
    this.opened = this.opened === gate ? null : gate;
    this.look("arithmetic");
    this.render();
  }

  async copy() {
    const outcome = this.part("copied");
    try {
      await navigator.clipboard.writeText(this.run.program);
      outcome.textContent = say("Copied.");
    } catch {
      outcome.textContent = say("The browser does not allow it; the program is under “Take it home”.");
    }
  }

  // ---- Taking the drawing home ------------------------------------------------------------------

  save() {
    const name = `${this.run.name}_step_${this.step + 1}.svg`;
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([this.picture()], { type: "image/svg+xml" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  picture() {
    // The drawing, and below it the curves with their keys; all styles become attributes.
    const { colours } = this.run;
    const drawing = this.part("drawing").querySelector("svg");
    this.drawCurves(SAVED_CURVES);
    this.render();
    const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
    const line = (x, y, text, fill, more = "") =>
      `<text x="${x}" y="${y}" fill="${fill}" font-size="17" ${more}>${escaped(text)}</text>`;
    const title = line(10, 26, this.part("where").textContent, colours.text, 'font-weight="700"');
    const parts = [title, placed(drawing, 40, width, height)];
    let below = 40 + height + 16;
    for (const { figure, title: named, tracks } of this.panels) {
      parts.push(line(10, below + 18, this.panelTitle(named), colours.text, 'font-weight="700"'));
      tracks.forEach((track, k) => {
        const [x, y] = [10 + (k % 4) * (width / 4), below + 44 + 24 * Math.floor(k / 4)];
        const dash = DASHES[track.dash];
        const ink = `stroke="${colours[track.colour]}" stroke-width="3" fill="none"`;
        const mark = marker(track.marker, x + 22, y - 6, null).replace('class="point"', "");
        parts.push(`<path d="M${x} ${y - 6} h44" ${ink} ${dash ? `stroke-dasharray="${dash}"` : ""}/>`);
        parts.push(`<g fill="${colours[track.colour]}">${mark}</g>`);
        const number = figure.querySelector(`.key b[data-value="${track.key}"]`).textContent;
        parts.push(line(x + 52, y, `${track.key}: ${track.name} ${number}`, colours[track.colour]));
      });
      below += 54 + 24 * Math.floor((tracks.length - 1) / 4);
      const curves = figure.querySelector(":scope > svg");
      const [, , wide, high] = curves.getAttribute("viewBox").split(" ").map(Number);
      parts.push(placed(curves, below, width, (high * width) / wide, wide, high));
      below += (high * width) / wide + 16;
    }
    below = Math.ceil(below);
    this.drawCurves();
    this.render();
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${below}" viewBox="0 0 ${width} ${below}" ` +
      `font-family="Source Sans, Source Sans Pro, sans-serif">` +
      `<rect width="100%" height="100%" fill="${colours.ground}"/>${parts.join("")}</svg>`
    );
  }

  // ---- Pointing: word, gate, curve and formula belong together ----------------------------------

  pointed(target) {
    const link = target?.closest?.("[data-link]")?.dataset.link;
    const time = target?.closest?.("[data-time]")?.dataset.time;
    if (link === this.link && time === this.time) return;
    this.link = link;
    this.time = time;
    for (const other of this.root.querySelectorAll(".linked")) other.classList.remove("linked");
    if (link !== undefined) {
      for (const other of this.root.querySelectorAll(`[data-link="${link}"]`))
        other.classList.add("linked");
    }
    if (time !== undefined) {
      for (const other of this.root.querySelectorAll(`[data-time="${time}"]`))
        other.classList.add("linked");
    }
    this.root.classList.toggle("pointing", link !== undefined);
  }

  // ---- Drawing a step ---------------------------------------------------------------------------

  render() {
    const { t, stage } = this.at();
    const run = this.run;
    const now = run.stages[stage];
    for (const part of this.root.querySelectorAll(".drawing [data-stage]")) {
      const place = Number(part.dataset.stage);
      part.classList.toggle("now", place === stage);
      part.classList.toggle("wait", place > stage);
    }
    for (const part of this.root.querySelectorAll("[data-of]"))
      part.hidden = part.dataset.of !== now.name;
    for (const line of this.part("lines").children)
      line.classList.toggle("now", line.dataset.stageName === now.name);
    for (const place of this.root.querySelectorAll("[data-value]"))
      place.textContent = written(this.value(place.dataset.value), place.dataset.format);
    for (const place of this.root.querySelectorAll(".key b"))
      if (this.placeOf(place.dataset.value) > stage) place.textContent = "·";
    for (const place of this.root.querySelectorAll("[data-text]"))
      place.textContent = run.texts[place.dataset.text][t];
    for (const pill of this.root.querySelectorAll(".pill.read")) widen(pill);
    this.drawPills(t);
    this.drawGates(t);
    this.drawSum(t, stage);
    this.drawTime(t, stage);
    this.part("scrub").value = this.step;
    this.part("play").textContent = this.playing ? `❚❚ ${say("Pause")}` : `▶ ${say("Play")}`;
    this.part("back").disabled = this.step === 0;
    this.part("forth").disabled = this.part("end").disabled = this.step === this.last;
    this.drawTrail(t, stage);
    this.part("where").textContent = say("Input {at} of {count}, “{label}”: {stage}", {
      at: t + 1, count: run.labels.length, label: typed(run.labels[t]), stage: now.title,
    });
    this.part("scrub").setAttribute("aria-valuetext", this.part("where").textContent);
    this.followLight();
    this.revealGuess(t, stage);
    this.fitFormula();
  }

  // A line of the formula that is wider than its column is set smaller: nothing is scrolled to.
  fitFormula() {
    for (const line of this.part("formula").querySelectorAll(":not([hidden]) > .line")) {
      line.style.fontSize = "";
      const share = line.clientWidth / line.scrollWidth;
      if (share < 1) line.style.fontSize = `${Math.max(share - 0.01, 0.6)}em`;
    }
  }

  drawPills(t) {
    for (const pill of this.root.querySelectorAll("[data-pill]")) {
      const key = pill.dataset.pill;
      const value = this.value(key, t);
      pill.querySelector("text").textContent = `${pill.dataset.label} = ${short(value)}`;
      pill.querySelector("rect").style.fill = tint(value);
    }
    for (const strip of this.root.querySelectorAll("[data-strip]")) {
      const values = this.run.values[strip.dataset.strip][t];
      strip.style.display = values.length > 1 ? "" : "none";
      for (const square of strip.children) {
        square.style.fill = tint(values[square.dataset.k]);
        square.classList.toggle("front", Number(square.dataset.k) === this.run.front);
      }
    }
  }

  drawGates(t) {
    for (const gate of this.root.querySelectorAll("[data-gate]")) {
      const name = gate.dataset.gate;
      const { title, value } = this.run.gates[name];
      gate.setAttribute(
        "aria-label",
        say("{gate}, {symbol} = {value}: show its arithmetic", {
          gate: title, symbol: value, value: short(this.value(value, t)),
        }),
      );
      gate.setAttribute("aria-expanded", String(this.opened === name));
    }
  }

  lines() {
    const gate = this.run.gates[this.run.stages[this.at().stage].gate];
    return gate ? gate.inputs[0].length + (gate.rest.length ? 1 : 0) + 2 : 0;
  }

  drawSum(t, place) {
    // The gate that was opened, or the one at work, or the last one; before any, an empty sum.
    const stages = this.run.stages;
    const computed = stages.slice(0, place + 1).findLast((stage) => stage.gate);
    const name = this.opened || (computed || stages.find((stage) => stage.gate)).gate;
    const panel = this.part("arithmetic");
    const gate = this.run.gates[name];
    const unit = this.run.units[this.run.front] + 1;
    const rows = gate.places[t].map((place, k) => ({
      name: gate.names[place],
      terms: `${short(gate.inputs[t][k])} × ${short(gate.weights[place])}`,
      product: gate.inputs[t][k] * gate.weights[place],
    }));
    if (gate.rest.length)
      rows.push({
        name: say("{count} more", { count: gate.more }), terms: say("together"), product: gate.rest[t],
      });
    rows.push({ name: say("bias"), terms: "", product: gate.bias[t] });
    const whole = this.opened || computed ? rows.length + 1 : 0;
    const shown = stages[place].gate ? (this.term ?? whole) : whole;
    const visible = Math.min(shown, rows.length);
    const largest = Math.max(...rows.map((row) => Math.abs(row.product)), 1e-12);
    const table = element("table", "");
    let sum = 0;
    rows.forEach((row, k) => {
      sum += row.product;
      const line = element("tr", k < visible ? "" : "later");
      if (k === visible - 1 && this.term !== null) line.classList.add("fresh");
      line.append(
        element("th", "", row.name),
        element("td", "", row.terms),
        element("td", "number", `= ${short(row.product)}`),
        bar(row.product / largest),
        element("td", "number running", k < visible ? short(sum) : ""),
      );
      table.append(line);
    });
    const head = element("tr", "head");
    for (const [title, kind] of [["", ""], [say("input × weight"), ""], [say("product"), "number"], ["", ""], [say("sum so far"), "number"]])
      head.append(element("th", kind, title));
    table.prepend(head);
    const z = this.value(gate.sum, t);
    const y = this.value(gate.value, t);
    const done = shown > rows.length;
    const end = element("div", "squashing");
    end.append(
      element("p", "", done ? `${gate.squash}(${short(z)}) = ${short(y)}` : `${gate.squash}( … )`),
    );
    end.insertAdjacentHTML("beforeend", squashCurve(gate.squash, z, y, done));
    end.style.setProperty("--ink", `var(--${gate.colour})`);
    const title = element("h4", "", say("{gate} of unit {unit}", { gate: gate.title, unit }));
    title.title = say("click a gate in the drawing to open another");
    const box = element("div", "sum");
    box.append(table);
    panel.replaceChildren(title, box, end);
    const fresh = box.querySelector(".fresh");
    if (fresh) box.scrollTop = fresh.offsetTop - box.clientHeight / 2;
  }

  // ---- Over time --------------------------------------------------------------------------------

  // Draws the curves for the room there is, or for a width and a height.
  drawCurves(room) {
    const run = this.run;
    const steps = run.labels.length;
    const area = this.part("curves");
    this.width = area.clientWidth;
    this.height = area.clientHeight;
    const wide = Math.max(room?.width ?? this.width, 200);
    const high = room?.height ?? Math.max(Math.floor(this.height / run.panels.length) - CAPTION, LEAST_CURVE);
    const [left, right] = [56, wide - 10];
    const each = (right - left) / steps;
    const marked = Math.ceil((steps * 18) / (right - left));
    area.replaceChildren();
    this.panels = run.panels.map((title, place) => {
      const tracks = run.tracks.filter((track) => track.panel === place);
      const series = tracks.map((track) => run.values[track.key].map((row) => row[run.front]));
      const ghosts = tracks.map((track) => run.before?.[track.key] ?? []);
      const all = [...series.flat(), ...ghosts.flat(), -1, 1];
      const low = Math.min(...all) * 1.08;
      const top = Math.max(...all) * 1.08;
      const x = (t) => left + (t + 0.5) * each;
      const y = (value) => 6 + ((top - value) / (top - low)) * (high - 12);
      const parts = [-1, 0, 1].map((value) => `<path class="grid" d="M${left} ${y(value)} H${right}"/>`);
      const ticks = [];
      for (const value of [Math.max(...all), Math.min(...all), 0, 1, -1]) {
        if (ticks.some((other) => Math.abs(y(other) - y(value)) < 17)) continue;
        ticks.push(value);
        parts.push(`<text class="tick" x="${left - 6}" y="${y(value) + 5}">${short(value, Number.isInteger(value) ? 0 : 1)}</text>`);
      }
      parts.push(
        `<g class="band"></g>`,
        ...run.labels.map(
          (label, t) =>
            `<rect class="hitbox" data-time="${t}" x="${x(t) - each / 2}" y="0" width="${each}" height="${high}"/>`,
        ),
      );
      tracks.forEach((track, k) => {
        const style = `style="--ink:var(--${track.colour})"`;
        const path = (values) => values.map((value, t) => `${t ? "L" : "M"}${x(t)} ${y(value)}`).join("");
        if (ghosts[k].length)
          parts.push(`<path class="ghost" ${style} d="${path(ghosts[k].slice(0, steps))}"/>`);
        parts.push(
          `<g class="curve" data-link="${track.key}" ${style}>` +
            `<path class="hit"/><path stroke-dasharray="${DASHES[track.dash]}"/>` +
            series[k].map((value, t) => (t % marked ? "" : marker(track.marker, x(t), y(value), t))).join("") +
            `</g>`,
        );
      });
      parts.push(`<g class="guesscloud"></g><g class="guessmark"></g>`);
      const figure = element("figure", "panel");
      const caption = element("figcaption", "");
      tracks.forEach((track) => {
        const key = element("span", "key");
        key.dataset.link = track.key;
        key.title = track.name;
        key.style.setProperty("--ink", `var(--${track.colour})`);
        key.innerHTML =
          `<svg viewBox="0 0 32 16"><path d="M1 8 H31" stroke-dasharray="${DASHES[track.dash]}"/>` +
          `${marker(track.marker, 16, 8, null)}</svg>`;
        key.append(`${track.key} `);
        const number = element("b", "");
        number.dataset.value = track.key;
        number.dataset.format = "number";
        key.append(number);
        caption.append(key);
      });
      if (run.before && place === run.panels.length - 1) caption.append(element("span", "ghostkey", say("thin: the run before")));
      figure.append(caption);
      const svg = `<svg viewBox="0 0 ${wide} ${high}" style="height:${high}px" aria-hidden="true">${parts.join("")}</svg>`;
      figure.insertAdjacentHTML("beforeend", svg);
      area.append(figure);
      return { figure, x, y, each, high: top, low, tall: high, title, tracks };
    });
  }

  // The state over all inputs, behind the slider of the steps: a bar for each input that has been read.
  drawTrail(t, stage) {
    const track = this.run.tracks.find((one) => one.panel === this.run.panels.length - 1 && one.key !== "a");
    const values = this.run.values[track.key].map((row) => row[this.run.front]);
    const largest = Math.max(...values.map(Math.abs), 1e-12);
    const until = this.placeOf(track.key) <= stage ? t : t - 1;
    const each = 1000 / values.length;
    const bars = values.map((value, k) => {
      const height = Math.max((Math.abs(value) / largest) * 11, 0.6);
      const seen = k <= until ? "" : ' class="later"';
      return `<rect${seen} x="${k * each + each * 0.08}" width="${each * 0.84}" y="${value < 0 ? 12 : 12 - height}" height="${height}"/>`;
    });
    this.part("trail").style.setProperty("--ink", `var(--${track.colour})`);
    this.part("trail").innerHTML = `<title>${say("{symbol} after each input", { symbol: track.key })}</title>${bars.join("")}`;
    this.part("trailkey").textContent = track.key;
    this.part("trailkey").style.color = `var(--${track.colour})`;
  }

  panelTitle(title) {
    return say("{title}, unit {unit}", { title, unit: this.run.units[this.run.front] + 1 });
  }

  drawTime(t, stage) {
    for (const word of this.part("words").children) {
      const here = Number(word.dataset.time);
      word.classList.toggle("now", here === t);
      word.classList.toggle("wait", here > t);
      word.setAttribute("aria-current", here === t ? "step" : "false");
      // What a unit of the trained network makes of each word is seen on the words.
      const known = this.run.tinted && (here < t || (here === t && this.placeOf(this.run.tinted) <= stage));
      word.style.background = known && here !== t ? tint(1.6 * this.value(this.run.tinted, here)) : "";
    }
    const current = this.part("words").children[t];
    const words = this.part("words");
    words.scrollLeft = current.offsetLeft - words.clientWidth / 2 + current.clientWidth / 2;
    const reached = (track) => this.placeOf(track.key) <= stage;
    for (const panel of this.panels) {
      panel.figure.querySelector(".band").innerHTML =
        `<rect x="${panel.x(t) - panel.each / 2}" y="0" width="${panel.each}" height="${panel.tall}"/>`;
      panel.tracks.forEach((track) => {
        const curve = panel.figure.querySelector(`.curve[data-link="${track.key}"]`);
        const until = reached(track) ? t : t - 1;
        for (const path of curve.querySelectorAll("path:not(.point)")) {
          // What is still to come is not drawn: it has not been computed yet.
          const values = this.run.values[track.key].slice(0, until + 1);
          const points = values.map((row, k) => `${k ? "L" : "M"}${panel.x(k)} ${panel.y(row[this.run.front])}`);
          path.setAttribute("d", points.join("") || "M0 0");
        }
        for (const point of curve.querySelectorAll(".point"))
          point.style.display = Number(point.dataset.time) <= until ? "" : "none";
      });
      const numbers = panel.tracks
        .filter(reached)
        .map((track) => `${track.name} ${short(this.value(track.key, t))}`)
        .join(", ");
      const words = numbers || say("Nothing of this step is computed yet");
      const upTo = say("{panel} up to step {step}.", { panel: panel.title, step: t + 1 });
      panel.figure.setAttribute("aria-label", `${upTo} ${words}.`);
    }
  }

  followLight() {
    const code = this.part("lines");
    const line = code.querySelector(".now");
    // The listing may be higher than its frame.
    if (line && code.scrollHeight > code.clientHeight)
      code.scrollTop = line.offsetTop - code.offsetTop - (code.clientHeight - line.clientHeight) / 2;
    // On a narrow screen the drawing is wider than its frame: keep the lit part in it.
    const frame = this.part("drawing");
    if (frame.scrollWidth <= frame.clientWidth) return;
    const lit = [...frame.querySelectorAll(".gate.now,.node.now,.pill.now")].map((part) => part.getBoundingClientRect());
    if (!lit.length) return;
    const left = Math.min(...lit.map((box) => box.left));
    const right = Math.max(...lit.map((box) => box.right));
    const box = frame.getBoundingClientRect();
    // What is wider than the frame is shown from its left end on.
    const isWider = right - left > box.width;
    frame.scrollLeft += isWider ? left - box.left : (left + right) / 2 - (box.left + box.right) / 2;
  }

  // ---- Guess first, then see ----------------------------------------------------------------------

  guessing(on) {
    this.isGuessing = on;
    this.part("guessbox").hidden = !on;
    this.part("guessing").setAttribute("aria-pressed", String(on));
    this.misses = [];
    this.fit();
    if (on) {
      const stages = this.run.stages.length;
      this.go(this.at().t * stages);
    }
    this.newGuess();
  }

  // What a room can be asked: to guess what is computed next. On a slide that asks, a press begins it.
  asks(isSlides) {
    const { t, stage } = this.at();
    const key = this.part("what").value;
    if (!(this.isGuessing || isSlides) || stage >= this.placeOf(key)) return null;
    const { min, max } = this.part("guess");
    const name = say("{symbol} at step {step}", { symbol: key, step: t + 1 });
    return {
      key: `guess ${key} ${t} ${this.value(key, t)}`,
      now: true,
      kind: "guess",
      text: say("Guess {name}.", { name }),
      name,
      low: Number(min),
      high: Number(max),
      value: this.value(key, t),
      about: { key, t },
    };
  }

  // What was guessed, once it is computed in the picture.
  answers({ key, t }) {
    const now = this.at();
    const isKnown = now.t > t || (now.t === t && now.stage >= this.placeOf(key));
    return isKnown ? { value: this.value(key, t) } : null;
  }

  // Draws the guesses of a room on the axis of the curves, around the step that they are about.
  drawCloud(values, { key, t }) {
    const panel = this.panels.find((one) => one.tracks.some((track) => track.key === key));
    const spread = Math.min(panel.each * 0.8, 90);
    panel.figure.querySelector(".guesscloud").innerHTML = values
      .map((value, k) => `<circle cx="${panel.x(t) + spread * (((k * 0.618) % 1) - 0.5)}" cy="${panel.y(value)}" r="6"/>`)
      .join("");
  }

  newGuess() {
    const key = this.part("what").value;
    const panel = this.panels.find((one) => one.tracks.some((track) => track.key === key));
    const state = key === "c";
    const range = this.part("guess");
    range.min = state ? panel.low.toFixed(2) : -1;
    range.max = state ? panel.high.toFixed(2) : 1;
    range.step = 0.01;
    range.value = 0;
    this.guessed = null;
    this.drawGuess();
    this.revealGuess(this.at().t, this.at().stage);
  }

  drawGuess() {
    for (const panel of this.panels) panel.figure.querySelector(".guessmark").innerHTML = "";
    if (!this.isGuessing) return;
    const { t } = this.at();
    const key = this.part("what").value;
    const value = Number(this.part("guess").value);
    this.guessed = { key, t, value };
    this.part("guessed").textContent = say("{symbol} at step {step}: {value}", {
      symbol: key, step: t + 1, value: short(value, 2),
    });
    const panel = this.panels.find((one) => one.tracks.some((track) => track.key === key));
    panel.figure.querySelector(".guessmark").innerHTML =
      `<circle cx="${panel.x(t)}" cy="${panel.y(value)}" r="10"/>`;
  }

  revealGuess(t, stage) {
    if (!this.isGuessing) return;
    const key = this.part("what").value;
    const range = this.part("guess");
    if (this.guessed?.t !== t) {
      this.drawGuess();
    }
    const known = stage >= this.placeOf(key);
    range.disabled = known;
    if (!known) {
      this.part("outcome").textContent = say("Drag your guess, then step on until it is computed.");
      return;
    }
    const right = this.value(key, t);
    const miss = Math.abs(right - this.guessed.value);
    this.misses[t] = miss;
    const all = this.misses.filter((one) => one !== undefined);
    const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
    const off = say("It is {right}: you are {miss} off.", { right: short(right), miss: short(miss, 2) });
    const values = { count: all.length, mean: short(mean, 2) };
    const average =
      all.length > 1 ? say("Mean of {count} guesses: {mean}.", values) : say("Mean of 1 guess: {mean}.", values);
    this.part("outcome").textContent = `${off} ${average}`;
  }
}

// ---- Small things ---------------------------------------------------------------------------------

const CAPTION = 30; // Pixels above each panel of curves.
const LEAST_CURVE = 40; // Pixels that one is tall at least.
const SAVED_CURVES = { width: 1040, height: 170 };
const DASHES = { solid: "", dash: "14 6", dot: "3 6", dashdot: "14 5 3 5" };

const skeleton = () => `
  <div class="transport" role="toolbar" aria-label="${say("Steps")}">
    <div class="buttons">
      <button type="button" class="back" data-act="back" aria-label="${say("Previous")}" title="${say("Previous")}">◀</button>
      <button type="button" class="play primary" data-act="play">▶ ${say("Play")}</button>
      <button type="button" class="forth" data-act="forth" aria-label="${say("Next")}" title="${say("Next")}">▶</button>
      <button type="button" class="end" data-act="end" aria-label="${say("To the end")}" title="${say("To the end")}">▶❘</button>
    </div>
    <div class="sequence">
      <div class="words" role="group" aria-label="${say("What is read, step by step")}"></div>
      <div class="scrubbing"><b class="trailkey" aria-hidden="true"></b>
        <svg class="trail" viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true"></svg>
        <input class="scrub" type="range" min="0" step="1" aria-label="${say("Step")}"></div>
    </div>
    <div class="extras">
      <button type="button" class="guessing" data-act="guessing" aria-pressed="false">${say("Guess first")}</button>
      <details class="menu"><summary aria-label="${say("More")}" title="${say("More")}">⋯</summary><div>
        <label><input class="slow" type="checkbox"> ${say("Slow motion, term by term")}</label>
        <button type="button" data-act="save">${say("Save this drawing (SVG)")}</button>
      </div></details>
    </div>
  </div>
  <div class="guessbox" hidden>
    <label>${say("Guess")} <select class="what" aria-label="${say("What to guess")}"></select></label>
    <input class="guess" type="range" aria-label="${say("Your guess")}">
    <output class="guessed"></output>
    <p class="outcome" aria-live="polite"></p>
  </div>
  <div class="stage" data-picture>
    <div class="drawing" tabindex="0" role="group" aria-label="${say("Drawing")}"></div>
    <div class="aside">
      <div class="views" role="group" aria-label="${say("Beside the drawing")}">
        <button type="button" data-view="formula">${say("Formula")}</button>
        <button type="button" data-view="code">${say("Code")}</button>
        <button type="button" data-view="arithmetic">${say("Arithmetic")}</button>
        <button type="button" data-view="curves">${say("Curves")}</button>
      </div>
      <div class="unitline"><b class="unitname"></b>
        <label class="notation">${say("Notation")} <select class="spelled"></select></label></div>
      <div class="viewed">
        <div class="formula" tabindex="0" role="group" aria-label="${say("Formula")}"></div>
        <div class="code listing">
          <div class="lines" tabindex="0" role="group" aria-label="${say("Code")}"></div>
          <div class="listinghead"><code class="method"></code>
            <button type="button" data-act="copy">${say("Copy the program")}</button></div>
          <p class="copied" aria-live="polite"></p>
        </div>
        <div class="arithmetic"></div>
        <div class="curves" tabindex="0" role="group" aria-label="${say("Curves")}"></div>
      </div>
      <p class="note"></p>
    </div>
  </div>
  <div class="foot">
    <h3 class="where" aria-live="polite"></h3>
    <div class="sentences"></div>
  </div>`;

// What a stage computes as others write it, above its numbers.
function others(stage) {
  return Object.entries(stage.elsewhere ?? {})
    .map(([whose, written]) => `<div class="elsewhere" data-notation="${whose}" hidden>${written}</div>`)
    .join("");
}

function remember(view) {
  try {
    localStorage.setItem(CHOSEN, view);
  } catch {
    // A page that was taken along may have no storage.
  }
}

function remembered() {
  try {
    const view = localStorage.getItem(CHOSEN);
    return VIEWS.includes(view) ? view : "";
  } catch {
    return "";
  }
}

// Makes the field of what is read as wide as its text.
function widen(pill) {
  const text = pill.querySelector("text");
  const width = Math.max(140, Math.ceil(text.getComputedTextLength?.() ?? 0) + 28);
  pill.querySelector("rect").setAttribute("width", width);
  text.setAttribute("x", width / 2);
}

function written(value, form) {
  if (form === "count") return String(value);
  if (form === "percent") return `${(100 * value).toFixed(1)}%`;
  return form === "factor" && value < 0 ? `(${short(value)})` : short(value);
}

function tint(value) {
  const strength = Math.min(Math.abs(value), 1) * 48;
  return `color-mix(in srgb, var(--${value < 0 ? "second" : "first"}) ${strength}%, var(--ground))`;
}

function bar(share) {
  const cell = element("td", "bar");
  const fill = element("i", share < 0 ? "minus" : "plus");
  fill.style.width = `${50 * Math.abs(share)}%`;
  cell.append(fill);
  return cell;
}

const STYLES = [
  "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity", "font-size",
  "font-weight", "text-anchor", "font-style",
];

function placed(svg, y, width, height, wide = width, high = height) {
  // A copy that needs no style sheet: what is not seen is left out.
  const copy = svg.cloneNode(true);
  const twins = [...copy.querySelectorAll("*")];
  [...svg.querySelectorAll("*")].forEach((one, k) => {
    const style = getComputedStyle(one);
    const twin = twins[k];
    if (style.display === "none" || style.opacity === "0" || one.matches(".hit, .hitbox")) twin.remove();
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value && value !== "auto") twin.setAttribute(name, concrete(value));
    }
    for (const name of ["style", "class", "tabindex", "role", "aria-label", "aria-expanded"])
      twin.removeAttribute(name);
    for (const name of Object.keys(twin.dataset)) delete twin.dataset[name];
  });
  const inside = new XMLSerializer().serializeToString(copy);
  const content = inside.slice(inside.indexOf(">") + 1, inside.lastIndexOf("</svg>"));
  return `<svg x="0" y="${y}" width="${width}" height="${height}" viewBox="0 0 ${wide} ${high}">${content}</svg>`;
}

function concrete(value) {
  // A mixed colour as red, green and blue, which every program reads.
  const mixed = /color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.]+))?\)/;
  return value.replace(mixed, (_, red, green, blue, alpha = "1") => {
    const [r, g, b] = [red, green, blue].map((part) => Math.round(255 * Number(part)));
    return `rgba(${r},${g},${b},${alpha})`;
  });
}

function escaped(text) {
  return element("i", "", text).innerHTML;
}

function marker(shape, x, y, t) {
  const at = `class="point"${t === null ? "" : ` data-time="${t}"`}`;
  if (shape === "square") return `<rect ${at} x="${x - 5}" y="${y - 5}" width="10" height="10"/>`;
  const corners = {
    diamond: `M${x} ${y - 7} L${x + 7} ${y} L${x} ${y + 7} L${x - 7} ${y} Z`,
    "triangle-up": `M${x} ${y - 7} L${x + 7} ${y + 6} L${x - 7} ${y + 6} Z`,
  }[shape];
  return corners
    ? `<path ${at} d="${corners}"/>`
    : `<circle ${at} cx="${x}" cy="${y}" r="5.5"/>`;
}

function squashCurve(squash, z, y, done) {
  const f = squash === "tanh" ? Math.tanh : (x) => 1 / (1 + Math.exp(-x));
  const low = squash === "tanh" ? -1 : 0;
  const reach = Math.max(6, Math.min(Math.abs(z) * 1.1, 40));
  const px = (x) => 110 + (Math.max(-reach, Math.min(x, reach)) / reach) * 104;
  const py = (value) => 96 - ((value - low) / (1 - low)) * 84;
  const points = Array.from({ length: 61 }, (_, k) => (k / 30 - 1) * reach);
  const path = points.map((x, k) => `${k ? "L" : "M"}${px(x)} ${py(f(x))}`).join("");
  const mark = done ? `<circle cx="${px(z)}" cy="${py(y)}" r="7"/>` : "";
  return (
    `<svg viewBox="0 0 220 108" role="img" aria-label="${say("{squash} of the sum", { squash })}">` +
    `<path class="grid" d="M6 ${py(0)} H214 M110 8 V100"/><path class="squash" d="${path}"/>${mark}</svg>`
  );
}

export default mounted((parent) => new Player(parent.querySelector(".player")));
