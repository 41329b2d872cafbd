// Two decoders, mirrored at the right letters: the upper one reads these, the lower one what it wrote
// itself. Below, or for the one number alone: two bars per step. One unit is one pixel at every width.

import { svg } from "../parts/dom.mjs";
import { fill, fixed } from "../parts/number_text.mjs";
import { symbolHtml } from "../parts/symbols.mjs";
import { timeline } from "../parts/timeline.mjs";
import { FACTS, STEPS, letters, paths } from "./math.mjs";

const WIDEST = 720;
const MIDDLE = 178;
/** Heights of the rows of a decoder: its name, the marks, what it wrote, the cells; free is mirrored. */
const ROWS = { forced: [14, 38, 58, 106], free: [352, 334, 306, 250] };
const WAYS = /** @type {const} */ (["forced", "free"]);

/** @typedef {"forced" | "free"} Way */
/** @typedef {(step: number) => number} Place */

/** @param {string} kind @param {number} x @param {number} y @param {string} text */
const label = (kind, x, y, text) => svg("text", { x, y, class: `rnn-${kind}` }, text);

/** A letter in a box. @param {string} kind @param {number} x @param {number} y @param {number} half @param {string} text */
const chip = (kind, x, y, half, text = "") => svg("g", { class: `rnn-chip rnn-${kind}` },
  svg("rect", { x: x - half, y: y - 13, width: 2 * half, height: 26, rx: 5 }), label("letter", x, y + 5, text));

/** An arrow, and the letter that travels along it. @param {boolean} spoiled
 * @param {number[]} from @param {number[]} to @param {string} text */
function arrow(spoiled, [x, y], [toX, toY], text = "") {
  const back = toY < y ? 6 : -6;
  return svg("g", { class: spoiled ? "rnn-arrow rnn-bad" : "rnn-arrow" }, svg("path", { d: `M${x} ${y}L${toX} ${toY}m-4 ${back}l4 ${-back}l4 ${back}` }),
    label("letter", (x + toX) / 2, (y + toY) / 2 + 5, text));
}

/** One decoder up to step t, with what it reads on the arrows into its cells.
 * @param {Way} way @param {any} word @param {number} t @param {Place} x @param {number} half */
function decoder(way, { right, [way]: written }, t, x, half) {
  const [, mark, out, cell] = ROWS[way];
  const forced = way === "forced";
  const away = forced ? -14 : 14;
  const given = forced ? right : written;
  return written.flatMap((/** @type {string} */ letter, /** @type {number} */ at) => {
    const here = x(at + 1);
    if (at >= t) return [chip("ghost", here, cell, half), chip("ghost", here, out, half)];
    const [from, to] = forced || !at ? [MIDDLE + away, cell - away] : [out - away, cell + away];
    const good = letter === right[at];
    return [
      arrow(given[at - 1] !== right[at - 1], [x(at) + half / 2, from], [here - half / 2, to], given[at - 1]),
      arrow(false, [here, cell + away], [here, out - away]),
      chip("cell", here, cell, half), chip(good ? "good" : "bad", here, out, half, letter),
      label(good ? "place" : "bad", here, mark, good ? "✓" : "✕"),
    ];
  });
}

/** Two bars at each step, one for each way. @param {number[][]} series @param {number} top largest value
 * @param {number} t @param {{x: Place, gap: number, bottom: number, height: number}} where */
function pairs(series, top, t, { x, gap, bottom, height }) {
  const wide = Math.min(14, gap / 2 - 1.5);
  return [
    ...series.flatMap((values, side) => values.map((value, at) => {
      const high = (height * Math.abs(value)) / top;
      return svg("rect", { class: `rnn-pair${side}`, x: x(at + 1) + (side - 1) * (wide + 1), y: bottom - high, width: wide, height: high });
    })),
    svg("path", { class: "rnn-ground", d: `M${x(0.5)} ${bottom}H${x(series[0].length + 0.5)}` }),
    ...series[0].map((_, at) => label(at + 1 === t ? "here" : "place", x(at + 1), bottom + 18,
      gap < 16 && (at + 1) % 5 && at + 1 !== t ? "" : String(at + 1))),
  ];
}

/** @param {any} values @param {any} text @param {Place} x @param {number} gap */
function wordParts({ length, n, mode, t, split, ...rest }, text, x, gap) {
  const word = letters(length, n);
  const size = word.right.length;
  const half = Math.min(13, gap / 2 - 2);
  const ways = WAYS.filter((way) => mode === "both" || mode === way);
  const { by_step, accuracy } = FACTS[/** @type {"8" | "12"} */ (length)];
  const [told, own] = accuracy.map((share) => fixed(100 * share, 1));
  const left = x(split - 0.5);
  return [
    ...(split && t >= split ? [svg("path", { class: "rnn-apart", d: `M${left} 22v320H${x(size + 0.5)}V22` })] : []),
    label("side", x(1), MIDDLE + 30, text.truth), chip("truth", x(0), MIDDLE, half, "▸"),
    ...word.right.map((letter, at) => chip("truth", x(at + 1), MIDDLE, half, letter)),
    ...ways.flatMap((way) => [
      label("side", 4, ROWS[way][0], fill(text[way], { right: rest[`${way}_right`], count: String(Math.min(t, size)) })),
      ...decoder(way, word, t, x, half)]),
    label("side", 4, 384, fill(text.strip, { count: String(FACTS.test_words), told, own })),
    ...pairs(by_step, 100, t, { x, gap, bottom: 446, height: 50 }),
  ];
}

/** @param {any} values @param {any} text @param {Place} x @param {number} gap */
function lineParts({ a, e, t }, text, x, gap) {
  const path = paths(a, e);
  const errors = WAYS.map((way) => path[way].map((value, at) => value - path.y[at]).slice(1));
  const product = (/** @type {Way} */ way, /** @type {number} */ side) => fill(text.product, {
    who: text.who[way], factor: fixed(a + e, 2), from: fixed((side ? path.free : path.y)[t - 1], 3),
    to: fixed(path[way][t], 3), error: fixed(errors[side][t - 1], 3),
  });
  return [
    ...WAYS.map((way, side) => label("side", 4, 18 + 24 * side, product(way, side))),
    ...pairs(errors, Math.max(0.1, ...errors.flat().map(Math.abs)), t, { x, gap, bottom: 250, height: 180 }),
  ];
}

/** @param {import("../parts/frame.mjs").Stage} stage @returns {import("../parts/frame.mjs").View[]} */
export function pictures({ prefix, text, set, settle }) {
  const element = svg("svg", { class: "rnn-picture rnn-decoders", "aria-hidden": "true" });
  const slider = timeline({ id: `${prefix}-t`, name: text.names.t, symbol: symbolHtml("t"), onInput: (t) => set({ t }), onChange: settle }, STEPS);
  /** @type {any} */
  let last;
  const size = () => (last.view === "line" ? STEPS : Number(last.length));
  const gap = () => (Math.min(WIDEST, element.clientWidth) - 8) / (size() + 1);
  const draw = () => {
    if (!last || !element.clientWidth) return;
    const t = Math.min(last.t, size());
    const height = last.view === "line" ? 274 : 470;
    element.style.height = `${height}px`;
    element.setAttribute("viewBox", `0 0 ${element.clientWidth} ${height}`);
    const parts = last.view === "line" ? lineParts : wordParts;
    element.replaceChildren(...parts({ ...last, t }, text, (step) => 4 + gap() * (step + 0.5), gap()));
    slider.show(t, size());
  };
  const observer = new ResizeObserver(draw);
  observer.observe(element);
  const show = (/** @type {any} */ values) => {
    last = values;
    draw();
    // Controls of the other view are put away.
    const groups = element.closest(".rnn-w")?.querySelectorAll(".rnn-panel > fieldset") ?? [];
    ["letters", "line"].forEach((view, at) => groups[at + 1]?.toggleAttribute("hidden", view !== values.view));
  };
  return [{ element, show, stop: () => observer.disconnect() }, { element: slider.element, show: () => {} }];
}
