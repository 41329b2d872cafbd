// How each quantity is written: in SVG as one text, in HTML with a real subscript.
// `c_prev` is c with the subscript prev; functions are written out.

import { html } from "./dom.mjs";

/** @type {Record<string, [string, string]>} */
const SYMBOLS = { tanh_c: ["tanh c", ""] };

/** Greek names and primes are typed in Latin letters in traits and addresses.
 * @type {Record<string, string>} */
const LETTERS = { tau: "τ", alpha: "α", beta: "β" };

/** @param {string} name @returns {[string, string]} */
function partsOf(name) {
  const [base, sub = ""] = SYMBOLS[name] ?? name.split("_");
  return [LETTERS[base] ?? base, sub];
}

/** @param {string} name @returns {Text} */
export function symbolText(name) {
  const [base, sub] = partsOf(name);
  return document.createTextNode(sub ? `${base}\u2009${sub}` : base);
}

/** @param {string} name @returns {HTMLElement} */
export function symbolHtml(name) {
  const [base, sub] = partsOf(name);
  return html("i", { class: "rnn-math" }, base, ...(sub ? [html("sub", {}, sub)] : []));
}
