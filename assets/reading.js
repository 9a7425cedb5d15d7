// A review as it is read: its words with what each added, its verdict word by word, its units.
//
// Python sends everything once (pages/reviews/reading.py); stepping.js, which is put before
// this file, keeps the step. A visitor's text reaches the document as text alone.

const PLAYING = 30000; // Milliseconds that a long text takes to play, at most.
const SLOWEST = 450;
const BARS = 22; // Height of the bars below a word, in pixels.
const SIZES = [2, 1.75, 1.55, 1.4, 1.25, 1.12, 1]; // Of the type, in rem.

function titled(word, value) {
  if (word.read_as) return say("{value}, read as “{word}”", { value, word: word.read_as });
  return word.known ? value : say("{value}, unknown word", { value });
}

class Reading extends Stepping {
  constructor(root) {
    super(root, skeleton());
    root.classList.add("reading");
    root.dataset.picture = "";
    this.part("pointed").textContent = this.hint();
    this.part("cells").onchange = () => this.showCells();
    this.part("lower").onchange = () => this.layOut();
    this.part("coloured-words").onscroll = () => this.sayMore();
  }

  take(run) {
    this.last = run.lengths.length - 1;
    this.part("scrub").max = this.last;
    const { words } = run;
    const parts = [];
    words.forEach((word, place) => {
      if (word.unread) {
        const grey = element("span", "unread", word.unread);
        grey.title = say("not read");
        parts.push(grey);
      }
      if (word.gap.trim()) {
        const gap = element("span", "gap", word.gap);
        gap.dataset.place = place;
        parts.push(gap);
      } else parts.push(word.gap);
      const span = element(word.known ? "span" : "s", "token", word.text);
      span.dataset.place = place;
      span.style.setProperty("--share", word.share);
      span.classList.add(word.value < 0 ? "minus" : "plus");
      span.classList.toggle("strong", word.share > run.marked);
      const value = signed(word.value);
      span.classList.toggle("respelt", Boolean(word.read_as));
      span.title = titled(word, value);
      span.insertAdjacentHTML("beforeend", bars(run.cells.map((unit) => unit[place])));
      parts.push(span);
    });
    parts.push(run.end);
    const text = this.part("coloured-words");
    text.replaceChildren(...parts);
    text.setAttribute("aria-label", run.alt);
    this.tokens = [...text.querySelectorAll(".token")];
    this.gaps = [...text.querySelectorAll(".gap")];
    this.long = words.length > run.most_whole;
    this.root.classList.toggle("long", this.long);
    // What scrolls can be scrolled by key.
    this.long ? text.setAttribute("tabindex", "0") : text.removeAttribute("tabindex");
    text.scrollTop = 0;
    this.part("units").textContent = run.units;
    this.drawCurves();
  }

  // Curves stand beside the text, or below it, as the visitor chooses.
  layOut() {
    this.root.classList.toggle("below", this.part("lower").checked);
    this.drawCurves();
    this.render();
  }

  // The text stands in the largest type in which all of it can be seen.
  fit() {
    const text = this.part("coloured-words");
    // On a phone all of it stands on the page, in one size.
    for (const size of innerWidth > 640 ? SIZES : SIZES.slice(-2)) {
      text.style.fontSize = `${size}rem`;
      if (text.scrollHeight <= text.clientHeight + 1) break;
    }
    this.root.classList.toggle("cut", text.scrollHeight > text.clientHeight + 4);
    this.sayMore();
  }

  showCells() {
    this.root.classList.toggle("withcells", this.part("cells").checked);
    this.drawCurves();
    this.render();
  }

  // ---- A long text ----------------------------------------------------------------------------

  atTheEnd() {
    const text = this.part("coloured-words");
    return text.scrollTop + text.clientHeight >= text.scrollHeight - 4;
  }

  sayMore() {
    this.part("more").textContent = this.atTheEnd()
      ? `▲ ${say("Back to the beginning of the text")}`
      : `▼ ${say("The text goes on: scroll in its frame, or press here")}`;
  }

  scrollOn() {
    const text = this.part("coloured-words");
    text.scrollTop = this.atTheEnd() ? 0 : text.scrollTop + 0.8 * text.clientHeight;
  }

  bringIntoFrame(token) {
    const text = this.part("coloured-words");
    const [top, bottom] = [token.offsetTop, token.offsetTop + token.offsetHeight + BARS];
    if (top < text.scrollTop) text.scrollTop = top - BARS;
    else if (bottom > text.scrollTop + text.clientHeight) text.scrollTop = bottom - text.clientHeight;
  }

  // ---- Moving ---------------------------------------------------------------------------------

  pace() {
    return Math.min(SLOWEST, PLAYING / (this.last + 1));
  }

  clicked(event) {
    if (event.target.closest(".more")) return this.scrollOn();
    if (this.acted(event.target.closest("[data-act]")?.dataset.act)) return;
    const token = event.target.closest(".token");
    const box = event.target.closest("[data-step]");
    if (token) this.go(this.stepOf(Number(token.dataset.place)));
    else if (box) this.go(Number(box.dataset.step));
  }

  stepOf(place) {
    // The first beginning of the text that holds the word.
    return this.run.lengths.findIndex((length) => length > place);
  }

  pointed(target) {
    const token = target?.closest?.(".token");
    this.part("pointed").textContent = token ? this.said(Number(token.dataset.place)) : this.hint();
  }

  hint() {
    return say("Point at a word to see by how much it moves the logit; press it to read up to there.");
  }

  said(place) {
    const { words, cells, names } = this.run;
    const word = words[place];
    const values = { word: word.text, value: signed(word.value), other: word.read_as };
    const moves = word.read_as
      ? say("“{word}” is read as “{other}” and moves the logit by {value}.", values)
      : word.known
      ? say("“{word}” moves the logit by {value}.", values)
      : say("“{word}” is unknown to the network and moves the logit by {value}.", values);
    if (!this.part("cells").checked) return moves;
    const units = names.map((name, k) => `${name} ${signed(cells[k][place], 2)}`).join(", ");
    return `${moves} ${say("Cell state: {units}.", { units })}`;
  }

  // ---- Drawing --------------------------------------------------------------------------------

  render() {
    const run = this.run;
    const read = run.lengths[this.step];
    const whole = this.step === this.last;
    this.tokens.forEach((token, place) => {
      token.classList.toggle("wait", place >= read);
      token.classList.toggle("now", !whole && place === read - 1);
    });
    for (const gap of this.gaps) gap.classList.toggle("wait", Number(gap.dataset.place) >= read);
    if (!whole) this.bringIntoFrame(this.tokens[read - 1]);
    const word = run.words[read - 1].text;
    this.part("where").textContent = whole
      ? say("The whole text: {said}.", { said: run.said[this.step] })
      : say("After {read} of {count} words, “{word}”: {said}.", {
          read, count: run.words.length, word, said: run.said[this.step],
        });
    this.part("scrub").value = this.step;
    this.part("scrub").setAttribute("aria-valuetext", this.part("where").textContent);
    this.part("play").textContent = this.playing ? `❚❚ ${say("Pause")}` : `▶ ${say("Play")}`;
    this.part("back").disabled = this.step === 0;
    this.part("forth").disabled = whole;
    for (const panel of this.panels) {
      panel.lines.forEach(({ path, values, marker, ink }) => {
        const points = values.slice(0, this.step + 1);
        path.setAttribute("d", points.map((v, k) => `${k ? "L" : "M"}${panel.x(k)} ${panel.y(v)}`).join(""));
        const here = points[this.step];
        marker.innerHTML = shape(ink, panel.x(this.step), panel.y(here));
      });
      panel.band.setAttribute("x", panel.x(this.step) - 1);
      const said = panel.lines.map(({ name, values }) => `${name} ${panel.says(values[this.step])}`);
      panel.figure.setAttribute(
        "aria-label",
        say("{title} after {read} of {count} words: {said}.", {
          title: panel.title, read, count: run.words.length, said: said.join(", "),
        }),
      );
      panel.numbers.forEach((place, k) => {
        place.textContent = panel.says(panel.lines[k].values[this.step]);
      });
    }
  }

  drawCurves() {
    const run = this.run;
    const area = this.part("curves");
    this.fit();
    this.width = area.clientWidth;
    const push = Math.max(1, ...[...run.forward, ...run.backward].map(Math.abs)) * 1.1;
    const half = Math.max(1, Math.floor(push / 1.1));
    const two = [
      { name: say("forward half"), ink: "forward", values: run.forward },
      { name: say("backward half"), ink: "backward", values: run.backward },
    ];
    const probability = [{ name: say("probability of positive"), ink: "whole", values: run.probability }];
    const percent = (value) => `${short(100 * value, 1)}%`;
    const panels = [
      [say("Verdict"), probability, 0, 1, [0, 0.5, 1], (v) => `${100 * v}%`, percent, run.unclear],
      [say("What each half adds to the logit"), two, -push, push, [-half, 0, half], (v) => short(v, 0), (v) => signed(v, 2)],
    ];
    // The frames first, so that what is left of the height is known when the curves are drawn.
    area.replaceChildren(...panels.map(([title, lines, , , , , says]) => this.frame(title, lines, says)));
    this.panels = panels.map((one, k) => this.panel(area.children[k], ...one));
  }

  frame(title, lines, says) {
    const figure = element("figure", "panel");
    const caption = element("figcaption", "");
    caption.append(element("span", "title", title));
    for (const { name, ink, values } of lines) {
      const key = element("span", `key ${ink}`);
      key.innerHTML = `<svg viewBox="0 0 44 16"><g class="line ${ink}"><path class="drawn" d="M2 8 H42"/>${shape(ink, 22, 8)}</g></svg>`;
      // With its number, so that a line that breaks does so before the height is measured.
      key.append(`${name} `, element("b", "", says(values[this.last])));
      caption.append(key);
    }
    figure.append(caption);
    figure.insertAdjacentHTML("beforeend", `<svg class="plot" aria-hidden="true"></svg>`);
    figure.setAttribute("role", "figure");
    return figure;
  }

  panel(figure, title, lines, low, high, ticks, label, says, grey = null) {
    const svg = figure.querySelector(".plot");
    const [wide, tall] = [Math.max(svg.clientWidth, 160), Math.max(svg.clientHeight, 60)];
    const unit = parseFloat(getComputedStyle(svg).fontSize) || 16;
    const [left, right, top, bottom] = [3.4 * unit, wide - 14, 12, tall - 12];
    const steps = this.last + 1;
    const x = (k) => left + ((this.run.lengths[k] - 0.5) / this.run.words.length) * (right - left);
    const y = (value) => top + ((high - value) / (high - low)) * (bottom - top);
    const each = (right - left) / steps;
    const parts = [];
    if (grey)
      parts.push(`<rect class="unclear" x="${left}" y="${y(grey[1])}" width="${right - left}" height="${y(grey[0]) - y(grey[1])}"/>`);
    for (const tick of ticks)
      parts.push(
        `<path class="grid" d="M${left} ${y(tick)} H${right}"/>` +
          `<text class="tick" x="${left - 8}" y="${y(tick) + 6}">${label(tick)}</text>`,
      );
    parts.push(`<rect class="here" y="${top - 4}" width="2" height="${bottom - top + 8}"/>`);
    lines.forEach(({ ink, values }) => {
      const ghost = values.map((v, k) => `${k ? "L" : "M"}${x(k)} ${y(v)}`).join("");
      parts.push(`<g class="line ${ink}"><path class="ghost" d="${ghost}"/><path class="drawn"/><g class="mark"></g></g>`);
    });
    for (let k = 0; k < steps; k += 1)
      parts.push(`<rect class="hitbox" data-step="${k}" x="${x(k) - each / 2}" y="0" width="${each}" height="${tall}"/>`);
    svg.setAttribute("viewBox", `0 0 ${wide} ${tall}`);
    svg.innerHTML = parts.join("");
    const groups = [...svg.querySelectorAll(".line")];
    return {
      title, figure, x, y, says,
      numbers: [...figure.querySelectorAll("figcaption .key b")],
      band: svg.querySelector(".here"),
      lines: lines.map((line, k) => ({
        ...line, path: groups[k].querySelector(".drawn"), marker: groups[k].querySelector(".mark"),
      })),
    };
  }

  resized() {
    const { clientWidth, clientHeight } = this.part("curves");
    if (!this.run || !this.root.isConnected || (clientWidth === this.width && clientHeight === this.height)) return;
    this.drawCurves();
    this.height = this.part("curves").clientHeight;
    this.render();
  }
}

// Made when it is shown, for only then the visitor's language is known.
const skeleton = () => `
  <div class="transport" role="toolbar" aria-label="${say("Read word by word")}">
    <button type="button" class="back" data-act="back">◀ ${say("Previous")}</button>
    <button type="button" class="play primary" data-act="play">▶ ${say("Play")}</button>
    <button type="button" class="forth" data-act="forth">${say("Next")} ▶</button>
    <input class="scrub" type="range" min="0" step="1" aria-label="${say("Word")}">
    <label><input class="cells" type="checkbox"> ${say("Cell states")}</label>
    <label class="wide"><input class="lower" type="checkbox"> ${say("Curves below")}</label>
  </div>
  <p class="where" aria-live="polite"></p>
  <div class="text">
    <div class="coloured-words" role="group" dir="auto"></div>
    <button type="button" class="more"></button>
    <p class="units"></p>
    <p class="pointed"></p>
  </div>
  <div class="curves"></div>`;

function signed(value, digits = 3) {
  return `${value < 0 ? "" : "+"}${short(value, digits)}`;
}

function bars(values) {
  // One bar a unit, up for above 0 and down for below; the height is tanh of the cell state.
  const each = 100 / values.length;
  const half = BARS / 2;
  const parts = values.map((value, k) => {
    const size = Math.abs(Math.tanh(value)) * (half - 1);
    const top = value < 0 ? half : half - size;
    return `<rect class="${value < 0 ? "down" : "up"}" x="${k * each + each * 0.12}" y="${top}" width="${each * 0.76}" height="${size}"/>`;
  });
  return (
    `<svg class="bars" viewBox="0 0 100 ${BARS}" preserveAspectRatio="none" aria-hidden="true">` +
    `<path d="M0 ${half} H100"/>${parts.join("")}</svg>`
  );
}

function shape(ink, x, y) {
  if (ink === "forward") return `<path class="dot" d="M${x - 6} ${y - 7} L${x + 8} ${y} L${x - 6} ${y + 7} Z"/>`;
  if (ink === "backward") return `<path class="dot" d="M${x + 6} ${y - 7} L${x - 8} ${y} L${x + 6} ${y + 7} Z"/>`;
  return `<circle class="dot" cx="${x}" cy="${y}" r="7"/>`;
}

export default mounted((parent) => new Reading(parent.querySelector(".player")));
