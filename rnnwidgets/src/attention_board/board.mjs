// The plane with four keys, the query and the context. Points are moved by hand or arrow keys.

import { svg } from "../parts/dom.mjs";
import { fill, fixed } from "../parts/number_text.mjs";
import { keysOf, POSITIONS } from "./math.mjs";

/** @typedef {import("../parts/inputs.mjs").Values} Values */
/** @typedef {import("../parts/frame.mjs").Stage} Stage */

const REACH = 2;
const UNIT = 72;
const SIZE = 2 * UNIT * (REACH + 0.35);
const STEP = 0.05;
const SMALLEST = 4;
const LARGEST = 26;
const TARGET = 15;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @param {number} x */
const px = (x) => SIZE / 2 + UNIT * x;
/** @param {number} y */
const py = (y) => SIZE / 2 - UNIT * y;

/** @param {number} value */
const limited = (value) => Math.round(100 * Math.min(REACH, Math.max(-REACH, value))) / 100;

/** A point that hands and arrow keys move. @param {string} name of its inputs, before _x and _y
 * @param {string} label @param {Element[]} drawing @param {Stage} stage */
function movable(name, label, drawing, { text, set, settle }) {
  const element = svg("g", { class: "rnn-point", tabindex: 0, role: "button" },
    svg("circle", { r: TARGET, class: "rnn-target" }), ...drawing);
  let at = [0, 0];
  const move = (/** @type {number} */ x, /** @type {number} */ y) => {
    // At once: keys may be pressed faster than the picture is drawn.
    at = [limited(x), limited(y)];
    set({ [`${name}_x`]: at[0], [`${name}_y`]: at[1] });
  };
  element.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    move(at[0] + STEP * arrow[0], at[1] + STEP * arrow[1]);
    settle();
  });
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    element.focus();
    event.preventDefault();
  });
  element.addEventListener("pointermove", (event) => {
    if (!element.hasPointerCapture(event.pointerId)) return;
    const box = /** @type {SVGSVGElement} */ (element.ownerSVGElement).getBoundingClientRect();
    const scale = SIZE / box.width;
    move(((event.clientX - box.left) * scale - SIZE / 2) / UNIT, (SIZE / 2 - (event.clientY - box.top) * scale) / UNIT);
  });
  element.addEventListener("pointerup", settle);
  const show = (/** @type {number[]} */ place) => {
    at = place;
    element.setAttribute("transform", `translate(${px(at[0])} ${py(at[1])})`);
    element.setAttribute("aria-label", fill(text.point, { name: label, x: fixed(at[0], 2), y: fixed(at[1], 2) }));
  };
  return { element, show };
}

/** Grid lines and the numbers on the axes. */
const paper = () => [-2, -1, 0, 1, 2].flatMap((at) => [
  svg("path", { d: `M${px(at)} ${py(REACH)}V${py(-REACH)}M${px(-REACH)} ${py(at)}H${px(REACH)}`, class: at ? "rnn-gridline" : "rnn-axis" }),
  ...(at ? [
    svg("text", { x: px(at), y: py(-REACH) + 17, class: "rnn-tick-x" }, fixed(at, 0)),
    svg("text", { x: px(-REACH) - 6, y: py(at) + 4, class: "rnn-tick-y" }, fixed(at, 0))] : []),
]);

/** @param {Stage} stage */
export function board(stage) {
  const { text } = stage;
  const discs = POSITIONS.map(() => svg("circle", { class: "rnn-disc" }));
  const digits = POSITIONS.map((at) => svg("text", { class: "rnn-digit" }, String(at)));
  const keys = POSITIONS.map((at) => movable(`k${at}`, fill(text.key, { at: String(at) }), [
    discs[at - 1], digits[at - 1]], stage));
  const ray = svg("path", { class: "rnn-ray" });
  const query = movable("q", text.query, [
    svg("circle", { r: 9, class: "rnn-knob" }), svg("text", { x: 0, y: 4.5, class: "rnn-letter" }, "q")], stage);
  const context = svg("g", { class: "rnn-c" },
    svg("path", { d: "M0 -9L9 0L0 9L-9 0Z", class: "rnn-diamond" }), svg("text", { x: 15, y: 5, class: "rnn-context" }, "c"));
  const element = svg("svg", {
    viewBox: `0 0 ${SIZE} ${SIZE}`, class: "rnn-picture rnn-board", role: "group", "aria-label": text.board,
  }, ...paper(), svg("g", { class: "rnn-i" }, ...keys.map((key) => key.element)),
    context, svg("g", { class: "rnn-h" }, ray, query.element));
  const show = (/** @type {Values} */ values) => {
    keysOf(values).forEach((place, at) => {
      keys[at].show(place);
      const radius = SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(values.weights[at]);
      discs[at].setAttribute("r", String(radius));
      digits[at].setAttribute("y", String(-radius - 6));
      keys[at].element.classList.toggle("rnn-padding", values.mask === String(at + 1));
    });
    query.show([values.q_x, values.q_y]);
    ray.setAttribute("d", `M${px(0)} ${py(0)}L${px(values.q_x)} ${py(values.q_y)}`);
    context.setAttribute("transform", `translate(${px(values.context[0])} ${py(values.context[1])})`);
  };
  return { element, show };
}
