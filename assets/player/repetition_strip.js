// The repetitions of an exercise in a row: one click shows its turning point; the one that plays is marked, and said.

export function isCurrent({ start, end }, time) {
  return start <= time && time <= end;
}

// Whether a repetition came to its end since the last look; a jump passes ends too, and counts nothing.
export function hasEnded({ end }, before, time) {
  return before < end && end <= time && time - before < 1;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function say(number, language) {
  const words = new SpeechSynthesisUtterance(String(number));
  words.lang = language;
  speechSynthesis.cancel(); // the newest number counts
  speechSynthesis.speak(words);
}

export class RepetitionStrip {
  constructor(list, onChosen) {
    this.list = list;
    this.onChosen = onChosen;
    this.repetitions = [];
  }

  fill(repetitions, label) {
    this.repetitions = repetitions;
    const contents = JSON.stringify([repetitions, label]);
    if (this.list.dataset.contents === contents) return; // so that the focus stays
    this.list.dataset.contents = contents;
    this.list.hidden = !repetitions.length;
    this.list.setAttribute("aria-label", label);
    this.list.replaceChildren(...repetitions.map((repetition) => this.chip(repetition)));
  }

  chip(repetition) {
    const button = document.createElement("button");
    button.type = "button";
    button.title = repetition.title;
    button.append(element("b", repetition.number), " ", element("span", repetition.score));
    if (repetition.faulty) {
      const mark = button.appendChild(element("i", "!"));
      mark.setAttribute("aria-hidden", "true");
    }
    button.addEventListener("click", () => this.onChosen(repetition));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  // The one that is chosen or played, else the next one, else the last.
  at(time) {
    const { repetitions } = this;
    return repetitions.find((one) => isCurrent(one, time)) ?? repetitions.find((one) => one.start > time) ?? repetitions.at(-1);
  }

  // Mark the one at this time; while it plays, say the number of one that has ended, in `language` if there is one.
  follow(time, language) {
    const before = this.before ?? time;
    this.before = time;
    const chips = this.list.querySelectorAll("button");
    this.repetitions.forEach((repetition, i) => {
      const current = isCurrent(repetition, time);
      if (chips[i]?.hasAttribute("aria-current") !== current) {
        if (current) chips[i]?.setAttribute("aria-current", "true");
        else chips[i]?.removeAttribute("aria-current");
      }
      if (language && hasEnded(repetition, before, time)) say(repetition.number, language);
    });
  }
}
