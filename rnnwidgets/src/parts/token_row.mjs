// A sentence as a row of buttons, one of them chosen; it wraps where the place is narrow.

import { html } from "./dom.mjs";
import style from "./token_row.css";
import { addStyle } from "./styles.mjs";

addStyle(style);

/**
 * @param {readonly string[]} tokens
 * @param {string} label for screen readers
 * @param {(at: number) => void} onPick
 * @returns {{element: HTMLElement, show: (chosen: number, notes?: readonly string[]) => void}}
 */
export function tokenRow(tokens, label, onPick) {
  const notes = tokens.map(() => html("small"));
  const buttons = tokens.map((token, at) => {
    const button = html("button", { type: "button", class: "rnn-token", "aria-pressed": "false" },
      html("span", {}, token), notes[at]);
    button.addEventListener("click", () => onPick(at));
    return button;
  });
  const element = html("div", { class: "rnn-tokens", role: "group", "aria-label": label }, ...buttons);
  const show = (/** @type {number} */ chosen, /** @type {readonly string[]} */ texts = []) => {
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(at === chosen)));
    notes.forEach((note, at) => { note.textContent = texts[at] ?? ""; });
  };
  return { element, show };
}
