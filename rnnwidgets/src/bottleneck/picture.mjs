// Above: the share of right letters by length, for every state size, with a dot for each seed.
// Below: the share at each place of the word, with a line from the least to the largest seed.
// One unit of the drawing is one pixel at every width.

import { svg } from "../parts/dom.mjs";
import { LENGTHS, SIZES, recorded } from "./math.mjs";

const WIDEST = 760;
const HEIGHT = 510;
const LEFT = 42;
const CHANCE = 10;
const CURVE = { top: 34, bottom: 212 };
const BARS = { top: 290, bottom: 446 };

/** @typedef {{top: number, bottom: number}} Box */

/** @param {string} kind @param {number} x @param {number} y @param {string} text */
const label = (kind, x, y, text) => svg("text", { x, y, class: `rnn-${kind}` }, text);

/** @param {number} share in per cent @param {Box} box */
const high = (share, { top, bottom }) => bottom - ((bottom - top) * share) / 100;

/** Lines at 0, 50 and 100 per cent, and the share of a blind guess.
 * @param {Box} box @param {number} right @param {string} title */
const frame = (box, right, title) => [
  label("side", 0, box.top - 14, title),
  ...[0, 50, 100].flatMap((share) => [
    svg("path", { class: "rnn-grid", d: `M${LEFT} ${high(share, box)}H${right}` }),
    label("place", LEFT - 20, high(share, box) + 4, `${share}`)]),
  svg("path", { class: "rnn-chance", d: `M${LEFT} ${high(CHANCE, box)}H${right}` }),
];

/** @param {readonly number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** All state sizes of the chosen design, and the chosen size of the other design.
 * @param {any} values @param {number} right @param {any} text */
function curves({ length, size, attention }, right, text) {
  const gap = (right - 62 - LEFT) / LENGTHS.length;
  const x = (/** @type {number} */ at) => LEFT + gap * (at + 0.5);
  const line = (/** @type {string} */ kind, /** @type {string} */ name, /** @type {string} */ attends) => {
    const rows = LENGTHS.map((one) => recorded({ length: one, size: name, attention: attends }).seeds);
    const points = rows.map((seeds, at) => `${x(at)} ${high(mean(seeds), CURVE)}`);
    return { kind, rows, d: `M${points.join("L")}`, end: high(mean(rows[rows.length - 1]), CURVE), name: attends === attention ? name : text.other[attends] };
  };
  const lines = [...SIZES.filter((one) => one !== size).map((one) => line("faint", one, attention)),
    line("other", size, attention === "on" ? "off" : "on"), line("chosen", size, attention)];
  const ends = [...lines].sort((one, other) => one.end - other.end);
  ends.forEach((one, at) => { if (at) one.end = Math.max(one.end, ends[at - 1].end + 15); });
  const over = Math.max(0, ends[ends.length - 1].end - CURVE.bottom);
  return [
    svg("rect", { class: "rnn-column", x: x(LENGTHS.indexOf(length)) - gap / 2, y: CURVE.top - 6, width: gap, height: CURVE.bottom - CURVE.top + 30, rx: 6 }),
    ...frame(CURVE, right - 62, text.by_length), label("guess", right - 62, high(CHANCE, CURVE) - 4, text.chance),
    ...lines.map(({ kind, d }) => svg("path", { class: `rnn-${kind}`, d })),
    ...lines.filter(({ kind }) => kind !== "faint").flatMap(({ kind, rows }) => rows.flatMap((seeds, at) => seeds.map((share) =>
      svg("circle", { class: `rnn-seed-${kind}`, cx: x(at), cy: high(share, CURVE), r: 3.2 })))),
    ...lines.map(({ kind, end, name }) => label(`end-${kind}`, right - 56, Math.min(end, CURVE.bottom) - over * (end > CURVE.top + 60 ? 1 : 0) + 4, name)),
    ...LENGTHS.map((one, at) => label(one === length ? "here" : "place", x(at), CURVE.bottom + 18, one)),
  ];
}

/** @param {any} values @param {number} right @param {any} text */
function places(values, right, text) {
  const [means, least, largest] = recorded(values).places;
  const gap = (right - LEFT) / means.length;
  const wide = Math.min(30, gap * 0.68);
  const x = (/** @type {number} */ at) => LEFT + gap * (at + 0.5);
  return [
    ...frame(BARS, right, text.by_place),
    ...means.flatMap((share, at) => [
      svg("rect", { class: "rnn-bar", x: x(at) - wide / 2, y: high(share, BARS), width: wide, height: BARS.bottom - high(share, BARS) }),
      svg("path", { class: "rnn-spread", d: `M${x(at)} ${high(least[at], BARS)}V${high(largest[at], BARS)}m-3 0h6M${x(at) - 3} ${high(least[at], BARS)}h6` }),
      label("place", x(at), BARS.bottom + 17, gap < 16 && (at + 1) % 5 ? "" : String(at + 1))]),
    label("side", LEFT, BARS.bottom + 40, text.first),
    label("guess", right, BARS.bottom + 40, text.last),
  ];
}

/** @param {import("../parts/frame.mjs").Stage} stage @returns {import("../parts/frame.mjs").View} */
export function picture({ text, jump }) {
  const element = svg("svg", { class: "rnn-picture rnn-h rnn-through", height: HEIGHT, "aria-hidden": "true" });
  /** @type {any} */
  let last;
  const right = () => Math.min(WIDEST, element.clientWidth) - 2;
  const draw = () => {
    if (!last || !element.clientWidth) return;
    element.setAttribute("viewBox", `0 0 ${element.clientWidth} ${HEIGHT}`);
    element.replaceChildren(...curves(last, right(), text), ...places(last, right(), text));
  };
  element.addEventListener("click", ({ clientX, clientY }) => {
    const { left, top } = element.getBoundingClientRect();
    const at = Math.floor(((clientX - left - LEFT) / (right() - 62 - LEFT)) * LENGTHS.length);
    if (LENGTHS[at] && clientY - top < CURVE.bottom + 24) jump({ length: LENGTHS[at] });
  });
  const observer = new ResizeObserver(draw);
  observer.observe(element);
  const show = (/** @type {any} */ values) => {
    last = values;
    draw();
  };
  return { element, show, stop: () => observer.disconnect() };
}
