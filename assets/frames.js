// A figure with frames, stepped and played by the keys of the page: keys.js asks every player that is
// here. The figure is drawn by Plotly, which Streamlit keeps to itself, so that its slider is moved as
// a mouse would move it.

const PACE = 70; // Milliseconds from frame to frame on the way to a stop.
const RESTS = 300; // Milliseconds without a move after which the server is told.

class Frames {
  constructor(chart) {
    this.chart = chart;
  }

  get root() {
    return document.querySelector(`.st-key-${CSS.escape(this.chart)} .js-plotly-plot`) ?? document.createElement("div");
  }

  get slider() {
    return this.root._fullLayout?.sliders?.[0];
  }

  get last() {
    return (this.slider?.steps.length ?? 0) - 1;
  }

  get step() {
    return this.slider?.active ?? 0;
  }

  inView() {
    const box = this.root.getBoundingClientRect();
    return this.last > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  }

  go(frame) {
    const root = this.root;
    const rail = root.querySelector(".slider-rail-touch-rect");
    if (!rail) return;
    const box = rail.getBoundingClientRect();
    const inset = 10; // Plotly's own, at both ends of the rail.
    const place = {
      bubbles: true,
      view: window,
      clientX: box.left + inset + (frame / this.last) * (box.width - 2 * inset),
      clientY: box.top + box.height / 2,
    };
    rail.dispatchEvent(new MouseEvent("mousedown", place));
    root.dispatchEvent(new MouseEvent("mouseup", place));
  }

  by(steps) {
    this.halt();
    const to = this.step + steps;
    if (to < 0 || to > this.last) return false;
    this.go(to);
    return true;
  }

  // Plays to the next of some stops; says whether there was one. Pressed again on the way, it is there.
  toStop(way, stops) {
    const from = this.halt() ?? this.step;
    const ahead = stops.map((stop) => Math.min(stop, this.last)).filter((stop) => (stop - from) * way > 0);
    if (!ahead.length) return false;
    this.target = way > 0 ? Math.min(...ahead) : Math.max(...ahead);
    if (way < 0 || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.halt();
      return true;
    }
    let at = this.step;
    this.timer = setInterval(() => {
      at += 1;
      if (at >= this.target) this.halt();
      else this.go(at);
    }, PACE);
    return true;
  }

  get id() {
    return this.chart;
  }

  get playing() {
    return this.target != null;
  }

  // Stands where the lecturer's figure stands.
  follow({ at }) {
    if (at !== this.step) this.go(at);
  }

  // Ends what plays, at its stop; returns the stop, or null if nothing played.
  halt() {
    clearInterval(this.timer);
    const to = this.target ?? null;
    this.target = null;
    if (to !== null) this.go(to);
    return to;
  }
}

export default function ({ data, setTriggerValue }) {
  const player = new Frames(data.chart);
  window.players = (window.players ?? new Set()).add(player);
  let heard = null;
  let resting = 0;
  let told = null;
  const changed = () => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      const frame = player.step;
      if (frame === told || window.isLed) return;
      told = frame;
      setTriggerValue("rested", { frame });
    }, RESTS);
  };
  const listen = () => {
    const root = player.root;
    if (root === heard || !root.on) return;
    heard = root;
    told = player.step;
    root.on("plotly_sliderchange", changed);
  };
  const looking = data.tells ? setInterval(listen, 200) : 0;
  return () => {
    clearInterval(looking);
    clearTimeout(resting);
    clearInterval(player.timer);
    heard?.removeListener?.("plotly_sliderchange", changed);
    window.players.delete(player);
  };
}
