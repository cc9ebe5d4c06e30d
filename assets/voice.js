// Says how many repetitions there are when there are more than before.

const said = new WeakMap();

export default function ({ parentElement, data }) {
  const before = said.get(parentElement);
  said.set(parentElement, data.count);
  if (!(data.count > before)) return; // also where nothing is known of before
  const words = new SpeechSynthesisUtterance(String(data.count));
  words.lang = data.language;
  speechSynthesis.cancel(); // the newest number counts
  speechSynthesis.speak(words);
}
