
// The player of the way back: the cell's own drawing, over whose wires the error returns.
//
// Python sends every number of a run once (pages/bptt/way_back.py). First each step of the way
// forward is one step here, then nine stages for each step back; stepping.js keeps the step.

const PACE = 1000; // Milliseconds for a stage.
const ROOM = 10; // Around a number, in points of the drawing.

class Back extends Stepping {
  constructor(root) {
    super(root, skeleton());
    root.classList.add("backwards");
  }

  take(run) {
    this.count = run.labels.length;
    this.last = this.count * (1 + run.stages.length) - 1;
    this.part("scrub").max = this.last;
    this.part("drawing").innerHTML = run.drawing;
    const kept = (name, tag) => (of) => `<${tag} data-of="${of}">${run[name][of]}</${tag}>`;
    this.part("formulas").innerHTML = Object.keys(run.formulas).map(kept("formulas", "div")).join("");
    this.part("sentences").innerHTML = Object.keys(run.sentences).map(kept("sentences", "p")).join("");
    this.part("words").replaceChildren(
      ...run.labels.map((label, t) => {
        const word = element("button", "word");
        word.type = "button";
        word.dataset.time = t;
        word.append(element("span", "input", typed(label)), element("span", "reached", ""));
        return word;
      }),
    );
    this.drawCurves();
  }

  drawCurves() {
    this.width = this.part("curves").clientWidth;
  }

  // Which step of the sequence is shown, and which stage of its way back; -1 on the way forward.
  at() {
    if (this.step < this.count) return { t: this.step, stage: -1 };
    const done = this.step - this.count;
    const stages = this.run.stages.length;
    return { t: this.count - 1 - Math.floor(done / stages), stage: done % stages };
  }

  value(key, t) {
    if (key === "t") return t + 1;
    if (key === "t_before") return t;
    if (key === "t_after") return t + 2;
    return this.run.values[key][t];
  }

  pace() {
    return PACE;
  }

  pointed() {}

  clicked(event) {
    const target = event.target;
    if (this.acted(target.closest("[data-act]")?.dataset.act)) return;
    const time = target.closest("[data-time]")?.dataset.time;
    if (time === undefined) return;
    // On the way forward a click goes to the step; later to where the way back enters it.
    const { stage } = this.at();
    this.go(stage < 0 ? Number(time) : this.count + (this.count - 1 - time) * this.run.stages.length);
  }

  render() {
    const run = this.run;
    const { t, stage } = this.at();
    const back = stage >= 0;
    const now = back ? run.stages[stage] : run.forward;
    this.root.classList.toggle("goes-back", back);
    for (const part of this.root.querySelectorAll(".drawing [data-stage]")) {
      const key = part.dataset.pill ?? (part.classList.contains("pill") ? part.dataset.link : null);
      part.classList.toggle("now", !back && part.classList.contains("wire"));
      if (key !== null) part.classList.toggle("wait", !now.used.includes(key));
      if (part.classList.contains("gate"))
        part.classList.toggle("now", ["pre-activations", "weights"].includes(now.name) && "fgio".includes(part.dataset.link));
    }
    for (const part of this.root.querySelectorAll("[data-back]")) {
      const place = Number(part.dataset.back);
      const seen = back && (place === stage || (place < stage && part.dataset.lasts !== "0"));
      part.classList.toggle("now", back && place === stage);
      part.classList.toggle("unseen", !seen);
    }
    this.write(t);
    const special =
      now.name === "hidden state" && t === this.count - 1 ? "/last" : now.name === "to the step before" && t === 0 ? "/first" : "";
    for (const part of this.part("formulas").children) part.hidden = part.dataset.of !== now.name;
    for (const part of this.part("sentences").children) part.hidden = part.dataset.of !== now.name + special;
    this.drawSteps(t, stage);
    const words = { at: t + 1, count: this.count, label: typed(run.labels[t]), stage: now.title };
    this.part("where").textContent = back
      ? say("← Back, step {at} of {count}, “{label}”: {stage}", words)
      : say("→ Forward, step {at} of {count}, “{label}”: {stage}", words);
    this.part("scrub").value = this.step;
    this.part("scrub").setAttribute("aria-valuetext", this.part("where").textContent);
    this.part("play").textContent = this.playing ? `❚❚ ${say("Pause")}` : `▶ ${say("Play")}`;
    this.part("back").disabled = this.step === 0;
    this.part("forth").disabled = this.step === this.last;
    this.followLight();
  }

  // Writes the numbers of a step: in the drawing, in the formula and in the sentence.
  write(t) {
    for (const place of this.root.querySelectorAll("[data-value]"))
      place.textContent = written(this.value(place.dataset.value, t), place.dataset.format);
    for (const pill of this.root.querySelectorAll("[data-pill]"))
      this.fill(pill, `${pill.dataset.label} = ${written(this.value(pill.dataset.pill, t))}`, false);
    for (const pill of this.root.querySelectorAll(".pill [data-text]")) {
      const label = this.run.labels[t];
      this.fill(pill.parentElement, Number.isNaN(Number(label)) ? label.slice(0, 14) : `x = ${typed(label)}`, false);
    }
    for (const delta of this.root.querySelectorAll("[data-delta]")) {
      const number = written(this.value(delta.dataset.delta, t));
      // Narrow spaces: four of these stand beside each other.
      this.fill(delta, delta.dataset.label ? `${delta.dataset.label}\u202f=\u202f${number}` : number, true);
    }
  }

  // Writes into a field of the drawing, and makes it as wide as its text.
  fill(field, text, centred) {
    const [rect, label] = [field.querySelector("rect"), field.querySelector("text")];
    if (label.textContent === text && rect.dataset.fits) return;
    label.textContent = text;
    const width = label.getComputedTextLength();
    if (!width) return;
    rect.dataset.fits = "yes";
    if (centred) {
      rect.setAttribute("x", -width / 2 - ROOM);
      rect.setAttribute("width", width + 2 * ROOM);
      label.setAttribute("x", 0);
    } else {
      rect.setAttribute("width", Math.max(120, width + 2 * ROOM));
      label.setAttribute("x", Math.max(120, width + 2 * ROOM) / 2);
    }
  }

  drawSteps(t, stage) {
    const known = this.run.stages.findIndex((one) => one.name === "cell state");
    for (const word of this.part("words").children) {
      const here = Number(word.dataset.time);
      const reached = stage >= 0 && (here > t || (here === t && stage >= known));
      word.classList.toggle("now", here === t);
      word.classList.toggle("wait", stage < 0 ? here > t : here < t);
      word.setAttribute("aria-current", here === t ? "step" : "false");
      word.lastChild.textContent = reached ? `δc ${written(this.value("dc", here))}` : "";
    }
    const words = this.part("words");
    const current = words.children[t];
    words.scrollLeft = current.offsetLeft - words.clientWidth / 2 + current.clientWidth / 2;
  }

  // On a narrow screen the drawing is wider than its frame: keep the lit part in it.
  followLight() {
    const frame = this.part("drawing");
    if (frame.scrollWidth <= frame.clientWidth) return;
    const lit = [...frame.querySelectorAll(".delta.now")].map((part) => part.getBoundingClientRect());
    if (!lit.length) return;
    const middle = (Math.min(...lit.map((box) => box.left)) + Math.max(...lit.map((box) => box.right))) / 2;
    const box = frame.getBoundingClientRect();
    frame.scrollLeft += middle - (box.left + box.right) / 2;
  }
}

const skeleton = () => `
  <div class="picture" data-picture>
    <h3 class="where" aria-live="polite"></h3>
    <div class="frame">
      <div class="drawing" tabindex="0" role="group" aria-label="${say("Drawing")}"></div>
    </div>
    <div class="formulas" tabindex="0" role="group" aria-label="${say("Formula")}"></div>
  </div>
  <div class="sentences"></div>
  <div class="foot">
    <div class="transport" role="toolbar" aria-label="${say("Steps")}">
      <button type="button" class="back" data-act="back">◀ <span>${say("Previous")}</span></button>
      <button type="button" class="play primary" data-act="play">▶ ${say("Play")}</button>
      <button type="button" class="forth" data-act="forth"><span>${say("Next")}</span> ▶</button>
      <input class="scrub" type="range" min="0" step="1" aria-label="${say("Step")}">
    </div>
    <div class="words" role="group" aria-label="${say("Time steps, with the delta of the cell state where the way back has been")}"></div>
  </div>
  <div class="curves"></div>`;

function written(value, form) {
  if (value === null || value === undefined) return "∞";
  if (form === "count") return String(value);
  return form === "factor" && value < 0 ? `(${short(value)})` : short(value);
}

export default mounted((parent) => new Back(parent.querySelector(".player")));
