// One column for each word (a row where the place is narrow): the word, what it offers, its gates
// as two bars, and the memory after it. Sizes follow the style variable --v of each bar.

import { html } from "../parts/dom.mjs";
import { fill, signed } from "../parts/number_text.mjs";
import { symbolHtml } from "../parts/symbols.mjs";
import { ASKED, TOKENS } from "./math.mjs";

/** @typedef {import("../parts/frame.mjs").Stage} Stage */
/** @typedef {import("../parts/inputs.mjs").Values} Values */

const GATES = /** @type {const} */ (["i", "f"]);
/** Largest size of the memory in the picture. @type {Record<string, number>} */
const REACH = { hand: 1, trained: 4 };

/** The list with one number replaced. @param {number[]} list @param {number} at @param {number} value */
export const replaced = (list, at, value) => list.map((old, place) => (place === at ? value : old));

/** A bar in its frame. @param {string} kind */
function bar(kind) {
  const fillIn = html("i");
  const element = html("span", { class: `rnn-${kind}` }, fillIn);
  const show = (/** @type {number} */ value) => {
    fillIn.style.setProperty("--v", String(value));
    fillIn.classList.toggle("rnn-negative", value < 0);
  };
  return { element, show };
}

/** The gate's value where the pointer is: upwards in a high frame, to the right in a flat one.
 * @param {HTMLElement} element @param {PointerEvent} event */
function valueAt(element, { clientX, clientY }) {
  const { left, bottom, width, height } = element.getBoundingClientRect();
  const part = height > width ? (bottom - clientY) / height : (clientX - left) / width;
  return Math.round(100 * Math.min(1, Math.max(0, part))) / 100;
}

/** @param {"i" | "f"} gate @param {number} at @param {Stage} stage */
function gateBar(gate, at, stage) {
  const { element, show } = bar(`gate rnn-${gate}`);
  /** @type {Values} */
  let now = {};
  const move = (/** @type {PointerEvent} */ event) =>
    stage.set({ t: at + 1, [gate]: replaced(now[gate], at, valueAt(element, event)) });
  element.addEventListener("pointerdown", (event) => {
    if (now.gates === "trained") return;
    element.setPointerCapture(event.pointerId);
    move(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) move(event);
  });
  element.addEventListener("lostpointercapture", stage.settle);
  return { element, show: (/** @type {Values} */ values) => {
    now = values;
    show(values[`open_${gate}`][at]);
  } };
}

/** @param {number} at @param {Stage} stage */
function column(at, stage) {
  const gates = GATES.map((gate) => gateBar(gate, at, stage));
  const memory = bar("memory rnn-c");
  const offered = html("span", { class: "rnn-offered rnn-g rnn-ink" });
  const number = html("span", { class: "rnn-after", "data-out": `c.${at}` });
  const answer = html("span", { class: "rnn-answer" });
  const element = html("div", { class: "rnn-word" }, html("span", { class: "rnn-token" }, TOKENS[at], answer), offered,
    ...gates.map((one) => one.element), memory.element, number);
  element.addEventListener("click", () => stage.jump({ t: at + 1 }));
  const show = (/** @type {Values} */ values) => {
    element.toggleAttribute("data-now", at === values.t - 1);
    for (const gate of gates) gate.show(values);
    memory.show(values.c[at] / REACH[values.gates]);
    offered.textContent = values.g[at] ? signed(values.g[at], 2) : "0";
    number.textContent = signed(values.c[at], 2);
    if (at !== ASKED) return;
    answer.textContent = stage.text.answers[values.answer];
    answer.toggleAttribute("data-right", values.answer === "were");
  };
  if (at === ASKED) element.classList.add("rnn-asked");
  return { element, show };
}

/** @param {Stage} stage @returns {import("../parts/frame.mjs").View} */
export function picture(stage) {
  const { names, scale } = stage.text;
  const reach = html("small");
  const head = (/** @type {string} */ name) => html("span", { class: `rnn-ink rnn-${name}` }, symbolHtml(name),
    html("small", {}, names[name]));
  const memory = head("c");
  memory.append(reach);
  const columns = TOKENS.map((_, at) => column(at, stage));
  const element = html("div", { class: "rnn-sentence", "aria-hidden": "true" },
    html("div", { class: "rnn-word rnn-head" }, html("span"), head("g"), head("i"), head("f"), memory, html("span")),
    ...columns.map((one) => one.element));
  const show = (/** @type {Values} */ values) => {
    reach.textContent = fill(scale, { reach: String(REACH[values.gates]) });
    for (const one of columns) one.show(values);
  };
  return { element, show };
}
