// How each quantity is written: in SVG as one text, in HTML with real subscripts.
// The name c_prev is c with the subscript prev; a widget may say otherwise: "∂c_{T}".

import { html } from "./dom.mjs";

/** @param {string} name @param {string} [symbol] @returns {string[]} base, sub, base, sub, ... */
const partsOf = (name, symbol) => symbol === undefined ? name.split("_") : symbol.split(/_\{(.*?)\}/);

/** @param {string} name @param {string} [symbol] @returns {Text} */
export function symbolText(name, symbol) {
  return document.createTextNode(partsOf(name, symbol)
    .map((part, at) => at % 2 && part ? `\u2009${part}` : part).join(""));
}

/** @param {string} name @param {string} [symbol] @returns {HTMLElement} */
export function symbolHtml(name, symbol) {
  return html("i", { class: "rnn-math" }, ...partsOf(name, symbol)
    .map((part, at) => at % 2 ? html("sub", {}, part) : part));
}
