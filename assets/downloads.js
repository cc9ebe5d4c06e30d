// Buttons for files that the server makes when they are asked for. See pages/shared/service/file_routes.py.

const ARROW = "M12 4v11m0 0-4-4m4 4 4-4M5 19h14", ARC = "M12 3a9 9 0 1 1-9 9";

function icon(path) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  drawing.innerHTML = `<path d="${path}" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>`;
  return drawing;
}

/** What is asked for less often, under one button, by whom it is for. */
function menu(label, offers, button, open) {
  const [details, summary, list] = ["details", "summary", "div"].map((kind) => document.createElement(kind));
  summary.textContent = label;
  for (const audience of new Set(offers.map((offer) => offer.audience))) {
    const [group, heading, row] = ["section", "strong", "div"].map((kind) => document.createElement(kind));
    heading.textContent = audience;
    if (audience) group.ariaLabel = audience;
    row.append(...offers.filter((offer) => offer.audience === audience).map(button));
    group.append(...(audience ? [heading] : []), row);
    list.append(group);
  }
  details.append(summary, list);
  details.open = open;
  return details;
}

/** Starts the browser's own download, which shows how far it is and writes to the disk as it goes. */
function fetchFile(address) {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}

export default function ({ parentElement, data }) {
  const [row, words] = [".offers", "p"].map((kind) => parentElement.querySelector(kind));

  const take = async (offer, button) => {
    const label = [...button.childNodes];
    const address = `${data.address}/${offer.key}`;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    button.replaceChildren(icon(ARC), data.busy);
    words.textContent = "";
    try {
      const answer = await fetch(`${address}?lang=${data.language}`, { method: "POST" });
      if (answer.ok) fetchFile(address);
      else words.textContent = (await answer.json()).refused;
    } catch {
      words.textContent = data.failed;
    }
    button.replaceChildren(...label);
    button.removeAttribute("aria-busy");
    button.disabled = false;
  };

  const button = (offer) => {
    const made = document.createElement("button");
    made.type = "button";
    made.title = offer.help;
    made.className = offer.primary ? "primary" : "";
    made.dataset.key = offer.key;
    made.append(icon(ARROW), offer.label);
    made.onclick = () => take(offer, made);
    return made;
  };

  const first = data.offers.filter((offer) => offer.primary);
  const rest = data.offers.filter((offer) => !offer.primary);
  const open = row.querySelector("details")?.open ?? false;
  if (!data.menu) row.replaceChildren(...data.offers.map(button));
  else row.replaceChildren(...first.map(button), menu(data.menu, rest, button, open));
}
