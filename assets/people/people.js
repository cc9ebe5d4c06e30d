// Whoever is in a picture, to be chosen by a press on them, or by their portrait in a row below.

const ARROWS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function portrait({ src, number, note, name }, chosen) {
  const button = document.createElement("button");
  button.type = "button";
  button.role = "radio";
  button.ariaChecked = String(chosen);
  button.ariaLabel = button.title = name;
  button.tabIndex = chosen ? 0 : -1;
  const image = document.createElement("img");
  image.src = src;
  image.alt = "";
  const words = document.createElement("span");
  const bold = document.createElement("b");
  bold.textContent = number;
  words.append(bold, note ? ` · ${note}` : "");
  button.append(image, words);
  return button;
}

/** The smallest of the boxes ([left, top, right, bottom] in parts of the picture) in which a point lies. */
function under(boxes, x, y) {
  const area = ([left, top, right, bottom]) => (right - left) * (bottom - top);
  const hit = boxes.map((box, person) => ({ box, person })).filter(({ box }) => box && x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3]);
  return hit.sort((a, b) => area(a.box) - area(b.box))[0]?.person;
}

export default function ({ parentElement, data, setStateValue }) {
  const [picture, row, mark] = [".picture", ".row", ".mark"].map((part) => parentElement.querySelector(part));
  const choose = (person) => person !== undefined && setStateValue("person", person);

  const place = (person) => {
    const box = data.boxes[person];
    mark.hidden = !box;
    if (!box) return;
    const [left, top, right, bottom] = box.map((share) => `${100 * Math.min(Math.max(share, 0), 1)}%`);
    Object.assign(mark.style, { left, top, width: `calc(${right} - ${left})`, height: `calc(${bottom} - ${top})` });
  };

  picture.hidden = !data.picture;
  if (data.picture) {
    const image = picture.querySelector("img");
    if (image.getAttribute("src") !== data.picture) image.src = data.picture;
    image.alt = data.alt;
    const point = (event) => {
      const { left, top, width, height } = image.getBoundingClientRect();
      return under(data.boxes, (event.clientX - left) / width, (event.clientY - top) / height);
    };
    picture.onclick = (event) => choose(point(event));
    picture.onpointermove = (event) => place(point(event) ?? data.chosen);
    picture.onpointerleave = () => place(data.chosen);
    place(data.chosen);
  }

  row.ariaLabel = data.label;
  const had = row.contains(parentElement.getRootNode().activeElement);
  row.replaceChildren(...data.people.map((one, person) => portrait(one, person === data.chosen)));
  const buttons = [...row.children];
  buttons.forEach((button, person) => {
    button.onclick = () => choose(person);
    button.onkeydown = (event) => {
      const step = ARROWS[event.key];
      if (!step) return;
      event.preventDefault();
      choose((person + step + buttons.length) % buttons.length);
    };
  });
  const chosen = buttons[data.chosen];
  if (!chosen) return;
  if (had) chosen.focus({ preventScroll: true });
  row.scrollLeft = chosen.offsetLeft - (row.clientWidth - chosen.clientWidth) / 2;
}
