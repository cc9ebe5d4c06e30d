// Says how many repetitions there are when there are more than before.

export class Speech {
  say(count, language) {
    const before = this.before;
    this.before = count;
    if (!(count > before)) return; // also where nothing is known of before
    const words = new SpeechSynthesisUtterance(String(count));
    words.lang = language;
    speechSynthesis.cancel(); // the newest number counts
    speechSynthesis.speak(words);
  }
}
