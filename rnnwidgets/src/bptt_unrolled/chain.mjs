// The unrolled network: states with W on every arrow, and the gradient walking back below it.
// Side by side where there is room, else from top to bottom; only style.css knows which.

import { html } from "../parts/dom.mjs";
import { scientific } from "../parts/number_text.mjs";
import { symbolHtml } from "../parts/symbols.mjs";
import { LONGEST, inputOf, size } from "./math.mjs";

/** @typedef {import("../parts/frame.mjs").Stage} Stage */
/** @typedef {import("../parts/inputs.mjs").Values} Values */

const WIDEST = 8;
const PER_DECADE = 3.5;
const FIGURES = 2;

/** Half the width of an arrow, in pixels. @param {number} value */
const half = (value) => Math.max(0.7, Math.min(12, WIDEST + PER_DECADE * Math.log10(value || Number.MIN_VALUE)));

/** The arrow to the next state with its W, the arrow back, and the share of this use of W.
 * @param {string} weight */
function link(weight) {
  const back = html("i", { class: "rnn-back" });
  const share = html("span", { class: "rnn-share" });
  const element = html("div", { class: "rnn-link" }, html("span", { class: "rnn-forward" }, html("em", {}, weight)), back, share);
  const show = (/** @type {{gradient: number, share: number | null, cut: boolean, chosen: boolean}} */ state) => {
    back.style.setProperty("--half", `${half(state.gradient)}px`);
    back.hidden = state.share !== null && !state.gradient;
    element.toggleAttribute("data-cut", state.cut);
    element.toggleAttribute("data-chosen", state.chosen);
    share.textContent = state.share === null ? "" : scientific(state.share, FIGURES);
  };
  return { element, show };
}

/** A state: its input, its name, the size of the gradient that reaches it.
 * @param {HTMLElement} name @param {string} kind */
function state(name, kind) {
  const input = html("span", { class: "rnn-input" });
  const gradient = html("span", { class: "rnn-gradient" });
  const element = html("div", { class: `rnn-state ${kind}` }, input, html("span", { class: "rnn-circle" }, name), gradient);
  return { element, input, gradient };
}

/** @param {Stage} stage @returns {import("../parts/frame.mjs").View} */
export function chain({ text, jump }) {
  const first = state(symbolHtml("h_0"), "rnn-first");
  const steps = Array.from({ length: LONGEST }, (_, at) => {
    const one = state(symbolHtml(`h_${at + 1}`), "");
    one.element.addEventListener("click", () => jump({ node: at + 1 }));
    return { ...one, link: link(text.weight) };
  });
  const last = { ...state(html("i", { class: "rnn-math" }, text.loss), "rnn-loss"), link: link("") };
  const head = html("div", { class: "rnn-heads" },
    ...Object.entries(text.rows).map(([row, name]) => html("small", { class: `rnn-of-${row}` }, name)));
  const element = html("div", { class: "rnn-chain", "aria-hidden": "true" }, head, first.element,
    ...[...steps, last].flatMap((one) => [one.link.element, one.element]));
  const show = (/** @type {Values} */ values) => {
    const { steps: T, cut, chosen, reach, shares } = values;
    steps.forEach((one, at) => {
      for (const part of [one.element, one.link.element]) part.hidden = at >= T;
      if (at >= T) return;
      one.input.textContent = inputOf(values.network, at);
      one.element.toggleAttribute("data-chosen", at + 1 === chosen);
      one.element.toggleAttribute("data-cut", at < cut);
      one.gradient.textContent = at < cut ? "0" : scientific(size(reach[at]), FIGURES);
      one.link.show({ gradient: at ? size(reach[at - 1]) : 0, share: size(shares[at]), cut: at <= cut && cut > 0, chosen: at >= chosen });
    });
    last.link.show({ gradient: size(reach[T - 1]), share: null, cut: false, chosen: true });
  };
  return { element, show };
}
