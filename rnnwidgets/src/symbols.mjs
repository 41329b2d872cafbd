// How each quantity is written: in SVG as one text, in HTML with a real subscript.

import { html } from "./dom.mjs";

/** @type {Record<string, [string, string]>} */
const SYMBOLS = {
  c_prev: ["c", "prev"], tanh_c: ["tanh c", ""],
};

/** @param {string} name @returns {Text} */
export function symbolText(name) {
  const [base, sub] = SYMBOLS[name] ?? [name, ""];
  return document.createTextNode(sub ? `${base}\u2009${sub}` : base);
}

/** @param {string} name @returns {HTMLElement} */
export function symbolHtml(name) {
  const [base, sub] = SYMBOLS[name] ?? [name, ""];
  return html("i", { class: "rnn-math" }, base, ...(sub ? [html("sub", {}, sub)] : []));
}
