
// Draws the page's address as a QR code; it follows the address while it is open.

const MOST = 2900; // Bytes that the largest QR code holds, at the lowest level of correction.

export default function ({ data, parentElement }) {
  const box = parentElement.querySelector(".qr");
  let drawn = "";
  const draw = () => {
    const address = window.location.href;
    if (address === drawn) return;
    drawn = address;
    box.replaceChildren();
    const said = document.createElement("div");
    said.className = "said";
    const line = document.createElement("p");
    line.textContent = address;
    if (new TextEncoder().encode(address).length > MOST) {
      line.textContent = data.long;
    } else {
      const code = qrcode(0, "L");
      code.addData(address);
      code.make();
      const picture = document.createElement("div");
      picture.className = "code";
      picture.innerHTML = code.createSvgTag({ cellSize: 4, margin: 16, scalable: true });
      picture.firstElementChild.setAttribute("role", "img");
      picture.firstElementChild.setAttribute("aria-label", data.alt);
      box.append(picture);
    }
    said.append(line);
    box.append(said);
    if (["localhost", "127.0.0.1", "[::1]"].includes(window.location.hostname)) {
      const warning = document.createElement("p");
      warning.textContent = data.local;
      said.append(warning);
    }
  };
  draw();
  const follow = setInterval(draw, 500);
  return () => clearInterval(follow);
}
