// Saves a Plotly chart of the page as a picture. The layers that Plotly draws one over the other are
// put into one SVG; for PNG the browser paints that on a canvas.

const DENSITY = 2; // Pixels of a PNG to one of the screen.

function layered(plot) {
  const { width, height } = plot.getBoundingClientRect();
  const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ xmlns: whole.namespaceURI, width, height, viewBox: `0 0 ${width} ${height}` }))
    whole.setAttribute(name, value);
  const ground = document.createElementNS(whole.namespaceURI, "rect");
  ground.setAttribute("width", width);
  ground.setAttribute("height", height);
  ground.setAttribute("fill", getComputedStyle(document.querySelector(".stApp")).backgroundColor);
  whole.append(ground);
  for (const layer of plot.querySelectorAll("svg.main-svg")) whole.append(layer.cloneNode(true));
  return new XMLSerializer().serializeToString(whole);
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function painted(source, plot, name) {
  const { width, height } = plot.getBoundingClientRect();
  const picture = new Image();
  picture.onload = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * DENSITY, height * DENSITY];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(blob, name), "image/png");
  };
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
}

export default function ({ data, parentElement }) {
  const box = parentElement.querySelector(".saving");
  box.replaceChildren();
  for (const [kind, label] of Object.entries(data.labels)) {
    const button = document.createElement("button");
    button.textContent = label;
    button.onclick = () => {
      const plot = document.querySelector(`.st-key-${CSS.escape(data.chart)} .js-plotly-plot`);
      if (!plot) return;
      const source = layered(plot);
      if (kind === "svg") save(new Blob([source], { type: "image/svg+xml" }), `${data.chart}.svg`);
      else painted(source, plot, `${data.chart}.png`);
    };
    box.append(button);
  }
}
