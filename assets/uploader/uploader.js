// Files to the server in pieces, one after another; goes on by itself after the line broke. See service/upload_routes.py.

const FIRST_WAIT = 0.5, LONGEST_WAIT = 8, PATIENCE = 600;  // seconds between tries; without any answer
const GONE = 410, REFUSED = 422;

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const megabytes = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

class Refused extends Error {}

/** One request, again and again while there is no answer; Refused where the answer is no. */
async function asked(address, options, state) {
  const began = Date.now();
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      const answer = await fetch(address, options);
      if (answer.ok) return await answer.json();
      if (answer.status === GONE) throw new Refused(state.texts.gone);
      if (answer.status === REFUSED) throw new Refused((await answer.json()).refused);
      if (answer.status === 413) throw new Refused(state.texts.failed);
    } catch (error) {
      if (error instanceof Refused || options.signal?.aborted) throw error;
    }
    if (Date.now() - began > PATIENCE * 1000) throw new Refused(state.texts.failed);
    state.waiting = true;
    state.show();
    await pause(wait);
  }
}

async function send(file, state) {
  const query = new URLSearchParams({ lang: state.language, name: file.name, size: file.size });
  const address = `${state.address}/${file.number}`;
  const signal = file.stop.signal;
  const announce = async () => (await asked(`${address}?${query}`, { signal }, state)).had;
  file.had = await announce();
  while (file.had < file.size) {
    const piece = file.source.slice(file.had, file.had + state.piece);
    // A piece that was cut off may be here in part, so its offset is asked for before it is tried again.
    try {
      const answer = await fetch(`${address}?offset=${file.had}&lang=${state.language}`, { method: "POST", body: piece, signal });
      if (answer.status === REFUSED) throw new Refused((await answer.json()).refused);
      file.had = answer.ok ? (await answer.json()).had : await announce();
      state.waiting = false;
    } catch (error) {
      if (error instanceof Refused || signal.aborted) throw error;
      state.waiting = true;
      state.show();
      await pause(FIRST_WAIT);
      file.had = await announce();
    }
    state.show();
  }
}

/** What is here as a whole, for the page. */
const arrived = (state) => state.files.filter((file) => file.done).map((file) => file.number).join(" ");

async function work(state, setStateValue) {
  if (state.working) return;
  state.working = true;
  let next;
  while ((next = state.files.find((file) => file.source && !file.done && !file.refused))) {
    try {
      await send(next, state);
      next.done = true;
      next.source = null;
    } catch (error) {
      if (error instanceof Refused) next.refused = error.message;
    }
    state.show();
  }
  state.working = state.waiting = false;
  state.show();
  setStateValue("files", arrived(state));
}

function row(file, state, remove) {
  const item = document.createElement("li");
  const [name, note, button] = ["span", "span", "button"].map((kind) => item.appendChild(document.createElement(kind)));
  name.className = "name";
  name.textContent = name.title = file.name;
  note.className = "note";
  const part = file.size ? Math.floor((100 * file.had) / file.size) : 0;
  note.textContent = file.refused || (file.done ? megabytes(file.size) : `${part} % · ${megabytes(file.size)}`);
  item.classList.toggle("refused", Boolean(file.refused));
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", state.texts.remove.replace("{name}", file.name));
  button.onclick = () => remove(file);
  return item;
}

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement;
  const find = (selector) => root.querySelector(selector);
  const [drop, browse, input, overall, list] = [".drop", ".browse", "input", ".overall", "ul"].map(find);
  const state = (root.poselab ??= { files: [], working: false, waiting: false });
  Object.assign(state, { address: data.address, piece: data.piece, language: data.language, texts: data.texts });

  if (state.shelf !== data.address) {  // a page that comes back shows what is there already
    state.shelf = data.address;
    state.files = [];
  }
  const known = new Set(data.files.map((file) => file.number));
  state.files = state.files.filter((file) => !file.done || known.has(file.number));
  const here = new Set(state.files.map((file) => file.number));
  state.files.push(...data.files.filter((file) => !here.has(file.number)).map((file) => ({ ...file, had: file.size, done: true })));
  state.files.sort((one, other) => one.number.localeCompare(other.number));

  const forget = async (file) => {
    file.stop?.abort();
    state.files = state.files.filter((other) => other !== file);
    state.show();
    if (!file.refused) await fetch(`${state.address}/${file.number}`, { method: "DELETE" }).catch(() => undefined);
  };
  const remove = async (file) => {
    await forget(file);
    setStateValue("files", arrived(state));
  };

  state.show = () => {
    list.replaceChildren(...state.files.map((file) => row(file, state, remove)));
    const moving = state.files.filter((file) => file.source && !file.refused);
    const sizes = state.files.filter((file) => !file.refused);
    const [had, size] = ["had", "size"].map((key) => sizes.reduce((sum, file) => sum + file[key], 0));
    overall.hidden = !moving.length;
    overall.querySelector("progress").value = size ? had / size : 0;
    overall.querySelector("p").textContent = state.waiting
      ? state.texts.waiting
      : `${megabytes(had)} / ${megabytes(size)}`;
  };

  const take = async (sources) => {
    const chosen = data.multiple ? sources : sources.slice(0, 1);
    if (!chosen.length) return;
    if (!data.multiple) await Promise.all(state.files.map(forget));
    const room = Math.max(0, data.most - state.files.filter((file) => !file.refused).length);
    let last = Math.max(0, state.last ?? 0, ...state.files.map((file) => Number(file.number)));
    chosen.slice(0, room).forEach((source) => {
      const number = String(++last).padStart(6, "0");
      state.files.push({ number, name: source.name, size: source.size, source, had: 0, stop: new AbortController() });
    });
    if (chosen.length > room) {
      const words = state.texts.too_many.replace("{count}", chosen.length - room);
      state.files.push({ number: String(++last).padStart(6, "0"), name: "", size: 0, had: 0, refused: words });
    }
    state.last = last;
    state.show();
    work(state, setStateValue);
  };

  find(".hint").textContent = state.texts.hint;
  browse.textContent = state.texts.browse;
  input.multiple = data.multiple;
  input.webkitdirectory = data.folder;
  browse.onclick = () => input.click();
  input.onchange = () => {
    take([...input.files]);
    input.value = "";
  };
  drop.ondragover = (event) => {
    event.preventDefault();
    drop.classList.add("over");
  };
  drop.ondragleave = () => drop.classList.remove("over");
  drop.ondrop = async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(await dropped(event.dataTransfer));
  };
  state.show();
}

/** The files that were dropped, those in folders too. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const found = [];
  const look = async (entry) => {
    if (entry.isFile) return found.push(await new Promise((done, failed) => entry.file(done, failed)));
    const reader = entry.createReader();
    for (let some; (some = await new Promise((done, failed) => reader.readEntries(done, failed))).length; )
      for (const inner of some) await look(inner);
  };
  for (const entry of entries) await look(entry);
  return found;
}
