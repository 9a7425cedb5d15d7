// What a room is asked, drawn for students, for the projector and for the presenter: choices with their
// bars, and guesses on their axis. What somebody has written is text everywhere, never markup.

const LETTERED = "ABCDEFGH";
// The drawing of guesses, in its own units: as high as a phone likes it, and flat beside other things.
const CLOUDS = { high: { width: 600, height: 250, type: 26 }, flat: { width: 900, height: 200, type: 36 } };
const DOT = 9; // Radius of a guess in it.
const EDGE = 30;

let messages = {};
let decimalSign = ".";

function say(message, values = {}) {
  return (messages[message] ?? message).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

function speak(data) {
  messages = data.messages;
  decimalSign = data.language === "de" ? "," : ".";
}

// Makes an element; what is put into it as a string is text.
function make(tag, name = "", ...inside) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...inside.filter((one) => one !== null && one !== undefined && one !== ""));
  return node;
}

// What is marked as code in a text stands as code.
function written(text) {
  return text.split(/`([^`]+)`/).map((part, k) => (k % 2 ? make("code", "", part) : part));
}

function button(name, label, press) {
  const node = make("button", name, ...[label].flat());
  node.type = "button";
  node.onclick = press;
  return node;
}

function number(value, digits = 2) {
  return value.toFixed(digits).replace("-", "−").replace(".", decimalSign);
}

// A part of the screen that stays while Streamlit's pages come and go, in the look of the page.
const THEME = ["font", "text-color", "background-color", "secondary-background-color", "border-color", "primary-color"];

function screenPart(id, data, parent) {
  const host = document.getElementById(id) ?? document.body.appendChild(Object.assign(document.createElement("div"), { id }));
  const style = getComputedStyle(parent.host ?? parent); // A component stands in a shadow tree.
  for (const name of THEME) host.style.setProperty(`--st-${name}`, style.getPropertyValue(`--st-${name}`));
  host.lang = data.language;
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  if (!root.firstChild) root.append(make("style", "", data.styles), make("div", "screen"));
  return root.querySelector(".screen");
}

const WORDS = {
  connecting: () => say("Connecting …"),
  lost: () => say("The connection is lost; it is taken up again by itself."),
  unknown: () => say("This room is no longer open."),
  over: () => say("The lecturer has ended this room."),
  expired: () => say("This room has ended: four hours without a press."),
  key: () => say("This address does not drive the room."),
  full: () => say("This room is full."),
  fast: () => say("Too much came from this address at once; wait a moment."),
  origin: () => say("This page may not open a room here."),
  places: () => say("There is no place for another room now; try again later."),
  away: () => say("The server does not answer; try again."),
};

// What the state of the line is called; "" while all is well.
function stateInWords(room) {
  if (room.status === "on") return "";
  // Who was never in has mistyped it.
  if (room.why === "unknown" && room.role === "student" && !room.key) return say("There is no room {code}. Compare the code with the one on the projector.", { code: room.code });
  const isLost = room.status === "lost"; // Perhaps because the room turned it away for a while.
  return (WORDS[room.why] ?? WORDS[isLost || room.status === "connecting" ? room.status : "unknown"])();
}

function counted(people) {
  const count = people?.students ?? 0;
  return count === 1 ? say("1 student is in.") : say("{count} students are in.", { count });
}

function answered(count) {
  return count === 1 ? say("1 answer") : say("{count} answers", { count });
}

// The choices of a question, each with its bars, round by round, and whether it is right.
function choicesDrawn(asked, mine = null) {
  const { bars, right = [] } = asked;
  const isKnown = asked.state === "shown" && right.length > 0;
  const rows = asked.choices.map((text, k) => {
    const row = make("li", "choice");
    row.append(make("span", "letter", LETTERED[k]), make("span", "words", ...written(text)));
    if (isKnown) row.classList.add(right.includes(k) ? "right" : "wrong");
    if (isKnown && right.includes(k)) row.append(make("span", "mark", `✔ ${say("right")}`));
    if (mine === k) row.append(make("span", "mark own", say("your answer")));
    for (const [round, votes] of (bars ?? []).entries()) row.append(barDrawn(votes, k, bars.length > 1 ? round + 1 : 0));
    return row;
  });
  return make("ol", "choices", ...rows);
}

function barDrawn(votes, k, round) {
  const all = votes.reduce((sum, one) => sum + one, 0);
  const share = all ? votes[k] / all : 0;
  const bar = make("span", `bar ${round === 1 ? "before" : ""}`);
  const name = round ? make("span", "round", round === 1 ? say("before") : say("after talking")) : null;
  const rail = make("span", "rail", make("i"));
  rail.firstChild.style.width = `${100 * share}%`;
  bar.append(...[name, rail, make("b", "", `${votes[k]} · ${Math.round(100 * share)} %`)].filter(Boolean));
  return bar;
}

// The misconceptions behind the wrong choices, each with its counter-example.
function mistakesDrawn(asked, only = null) {
  const parts = (asked.mistakes ?? []).flatMap((mistake, k) => {
    if (!mistake || asked.right?.includes(k) || (only !== null && only !== k)) return [];
    return [
      make("li", "mistake",
        make("p", "said", make("b", "", `${LETTERED[k]} · `), `✘ ${say("“{wrong}”", { wrong: mistake.wrong })}`),
        make("p", "", `✔ ${mistake.right}`),
        mistake.evidence ? make("p", "evidence", make("b", "", `${say("Counter-example:")} `), mistake.evidence) : null),
    ];
  });
  return parts.length ? make("ul", "mistakes", ...parts) : null;
}

function svg(tag, values, text = "") {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(values)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

// The guesses on their axis, those that are alike piled up; the value, when it is shown; one's own.
function cloudDrawn(asked, mine = null, shape = "high") {
  const { low, high, value } = asked;
  const { width, height, type } = CLOUDS[shape];
  const foot = height - 1.2 * type - 30; // Where the axis lies,
  const top = 1.2 * type; // and how high the piles may be: above them the value is written.
  const x = (one) => EDGE + ((Math.min(Math.max(one, low), high) - low) / (high - low)) * (width - 2 * EDGE);
  const cloud = asked.cloud ?? [];
  const piles = new Map();
  const dots = cloud.map((guess) => {
    const place = Math.round(x(guess) / (2 * DOT));
    piles.set(place, (piles.get(place) ?? 0) + 1);
    return { place, height: piles.get(place) };
  });
  const each = Math.min(2 * DOT, (foot - top) / Math.max(1, ...piles.values()));
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "cloud", role: "img", "font-size": type });
  drawing.append(svg("path", { class: "axis", d: `M${EDGE} ${foot} H${width - EDGE}` }));
  for (const tick of [low, high, ...(low < 0 && high > 0 ? [0] : [])]) {
    drawing.append(svg("path", { class: "axis", d: `M${x(tick)} ${foot} v10` }));
    drawing.append(svg("text", { x: x(tick), y: foot + 20 + type }, number(tick)));
  }
  for (const dot of dots)
    drawing.append(svg("circle", { class: "guess", cx: dot.place * 2 * DOT, cy: foot - DOT - (dot.height - 1) * each, r: DOT }));
  if (typeof mine === "number") drawing.append(svg("path", { class: "own", d: `M${x(mine)} ${foot + 4} l-13 22 h26 z` }));
  const known = typeof value === "number" && asked.state === "shown";
  if (known) {
    drawing.append(svg("path", { class: "value", d: `M${x(value)} ${top + 4} V${foot}` }));
    drawing.append(svg("text", { class: "valued", x: Math.min(Math.max(x(value), 60), width - 60), y: type }, number(value, 3)));
  }
  const words = [say("{name}: {answers}.", { name: asked.name, answers: answered(cloud.length) })];
  if (cloud.length) words.push(say("Half of the guesses are below {middle}.", { middle: number(cloud[Math.floor(cloud.length / 2)]) }));
  if (known) words.push(say("The value is {value}.", { value: number(value, 3) }));
  drawing.setAttribute("aria-label", words.join(" "));
  return make("div", "guesses", drawing, make("p", "", words.join(" ")));
}
