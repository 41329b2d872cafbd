// One lane for each cell: its trace, the dashed line it is compared with, the band of the read-out.

import { html, svg } from "../parts/dom.mjs";
import { fill, fixed, scientific } from "../parts/number_text.mjs";
import { CELLS, LIMIT, STEPS, keeps } from "./math.mjs";

/** @typedef {import("../parts/frame.mjs").Stage} Stage */
/** @typedef {import("../parts/inputs.mjs").Values} Values */

/** Of the drawing, which is stretched to the width of its place. */
const HEIGHT = 100;
/** Values at the top and at the bottom. @type {Record<string, number[]>} */
const RANGE = { hand: [1.1, -0.6], trained: [1.25, -1.25] };
const COLOURS = { rnn: "h", gru: "g", lstm: "c" };
const TICKS = [1, 10, 20, 30, 40, 50, 60];

/** @param {number[]} range @param {number} value */
const place = ([top, bottom], value) => Math.round((10 * HEIGHT * (top - Math.max(-2, Math.min(2, value)))) / (top - bottom)) / 10;

/** @param {typeof CELLS[number]} cell @param {Stage} stage */
function lane(cell, { text }) {
  const band = svg("path", { class: "rnn-band" });
  const dashed = svg("path", { class: "rnn-dashed" });
  const trace = svg("path", { class: "rnn-trace" });
  const middle = svg("path", { class: "rnn-middle" });
  const cursor = svg("path", { class: "rnn-now" });
  const dot = html("i");
  const drawing = html("div", { class: "rnn-track" }, svg("svg",
    { viewBox: `1 0 ${STEPS - 1} ${HEIGHT}`, preserveAspectRatio: "none" },
    band, middle, dashed, trace, cursor), dot);
  const value = html("b", { "data-out": cell });
  const verdict = html("span", { class: "rnn-verdict" });
  const formula = html("small");
  const element = html("div", { class: `rnn-lane rnn-${COLOURS[cell]}` },
    html("div", {}, html("b", { class: "rnn-ink" }, text.cells[cell]), formula, verdict, value), drawing);
  const show = (/** @type {Values} */ values) => {
    const { seen, unseen, error } = values.traces[cell];
    const at = values.T - 1;
    const range = RANGE[values.cells];
    const points = (/** @type {number[]} */ line, by = 0) => line.map((one, step) => `${step + 1} ${place(range, one + by)}`);
    const draw = (/** @type {SVGElement} */ path, /** @type {string[]} */ line) => path.setAttribute("d", `M${line.join("L")}`);
    draw(band, points(unseen, LIMIT).concat(points(unseen, -LIMIT).reverse()));
    draw(middle, points(Array(STEPS).fill(0)));
    draw(dashed, points(unseen));
    draw(trace, points(seen));
    cursor.setAttribute("d", `M${values.T} 0V${HEIGHT}`);
    dot.style.left = `${(100 * at) / (STEPS - 1)}%`;
    dot.style.top = `${Math.max(0, Math.min(HEIGHT, place(range, seen[at])))}%`;
    value.textContent = scientific(seen[at], 3);
    const knows = values.knows[CELLS.indexOf(cell)];
    verdict.textContent = text.knows[String(knows)];
    verdict.toggleAttribute("data-lost", !knows);
    formula.textContent = error
      ? fill(text.error, { T: values.T, mean: fixed(error.mean[at], 2), least: fixed(error.least[at], 2), largest: fixed(error.largest[at], 2) })
      : fill(text.formulas[cell], { w: fixed(values.w, 2), b_z: fixed(values.b_z, 2), b_f: fixed(values.b_f, 2), keeps: fixed(keeps(cell, values), 2) });
  };
  return { element, drawing, show };
}

/** All lanes, the axis below them, and how to read them. A click or drag on a lane sets T.
 * @param {Stage} stage @returns {import("../parts/frame.mjs").View} */
export function lanes(stage) {
  const all = CELLS.map((cell) => lane(cell, stage));
  const reading = html("p", { class: "rnn-hint" });
  const axis = html("div", { class: "rnn-steps" }, ...TICKS.map((tick) => html("span",
    { style: `left: ${(100 * (tick - 1)) / (STEPS - 1)}%` }, String(tick))));
  const element = html("div", { class: "rnn-race", "aria-hidden": "true" }, ...all.map((one) => one.element), axis,
    html("div", { class: "rnn-axis-name" }, stage.text.axis), reading);
  for (const { drawing } of all) {
    const move = (/** @type {PointerEvent} */ { clientX }) => {
      const { left, width } = drawing.getBoundingClientRect();
      stage.set({ T: 1 + ((clientX - left) / width) * (STEPS - 1) });
    };
    drawing.addEventListener("pointerdown", (event) => {
      drawing.setPointerCapture(event.pointerId);
      move(event);
    });
    drawing.addEventListener("pointermove", (event) => {
      if (drawing.hasPointerCapture(event.pointerId)) move(event);
    });
    drawing.addEventListener("lostpointercapture", stage.settle);
  }
  const show = (/** @type {Values} */ values) => {
    for (const one of all) one.show(values);
    reading.textContent = stage.text.reading[values.cells];
    // Weights set by hand and the number told to trained networks: only one of them matters.
    const groups = element.closest(".rnn-w")?.querySelectorAll(".rnn-panel > fieldset");
    groups?.forEach((group, at) => group.toggleAttribute("data-off", at === (values.cells === "hand" ? 2 : 1)));
  };
  return { element, show };
}
