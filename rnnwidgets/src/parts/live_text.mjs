// One polite sentence for screen readers, spoken once the reader pauses.

import { html } from "./dom.mjs";

const PAUSE_MS = 400;

/** @returns {{element: HTMLElement, say: (text: string) => void, stop: () => void}} */
export function liveText() {
  const element = html("p", { class: "rnn-live", "aria-live": "polite" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const say = (/** @type {string} */ text) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (element.textContent !== text) element.textContent = text;
    }, PAUSE_MS);
  };
  return { element, say, stop: () => clearTimeout(timer) };
}
