// Curves over an axis of steps: lines that differ in dashes, markers and a name at their end,
// never in colour alone. One unit of the drawing is one pixel at every width.

import { svg } from "./dom.mjs";
import { linearScale, logScale, spread } from "./scale.mjs";
import style from "./plot.css";
import { addStyle } from "./styles.mjs";

addStyle(style);

const FONT = 7.4;
const MOST_MARKERS = 12;
const MARKERS = {
  circle: "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
  square: "m-3.5 -3.5h7v7h-7z",
  triangle: "m0 -4.6l4.4 7.6h-8.8z",
  cross: "m-4 -4l8 8m0 -8l-8 8",
};

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {string} label written at the end of the line
 * @property {string} [colour] class, as everywhere
 * @property {string} [dash]
 * @property {keyof typeof MARKERS} [marker]
 *
 * @typedef {object} PlotOptions
 * @property {Series[]} series
 * @property {string} xLabel with unit
 * @property {string} yLabel with unit
 * @property {number} [height]
 * @property {number} [right] pixels for the names of the lines
 *
 * @typedef {object} PlotData
 * @property {readonly number[]} x range
 * @property {readonly number[]} y range
 * @property {boolean} [log] whether y is logarithmic
 * @property {Record<string, readonly (readonly number[])[]>} lines points [x, y] by name of the series
 * @property {{y: number, label: string}[]} [levels] horizontal lines
 */

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;

/** The part of a line inside the plot. @param {readonly (readonly number[])[]} points
 * @param {(value: number) => number} x @param {(value: number) => number} y @param {number[]} limits */
function place(points, x, y, [top, bottom]) {
  return points.map(([one, other]) => [round(x(one)), round(Math.min(bottom + 40, Math.max(top - 40, y(other))))]);
}

/** One curve: line, markers, name. @param {Series} series @param {string} clip */
function curve({ label, colour = "plain", dash = "", marker }, clip) {
  const line = svg("path", { class: "rnn-curve", "stroke-dasharray": dash, "clip-path": clip });
  const marks = svg("path", { class: "rnn-marks", "clip-path": clip });
  const name = svg("text", { class: "rnn-end" }, label);
  const element = svg("g", { class: `rnn-${colour}` }, line, marks, name);
  const show = (/** @type {number[][]} */ points) => {
    line.setAttribute("d", points.length ? `M${points.map((point) => point.join(" ")).join("L")}` : "");
    const every = Math.max(1, Math.ceil(points.length / MOST_MARKERS));
    const chosen = marker ? points.filter((_, at) => (points.length - 1 - at) % every === 0) : [];
    marks.setAttribute("d", chosen.map(([x, y]) => `M${x} ${y}${MARKERS[marker ?? "circle"]}`).join(""));
  };
  return { element, name, show };
}

/** Lines, and their names where they end, apart from those of the levels.
 * @param {Record<string, ReturnType<typeof curve>>} curves
 * @param {PlotData["lines"]} lines
 * @param {{x: import("./scale.mjs").Scale, y: import("./scale.mjs").Scale, box: {right: number, top: number, bottom: number}}} frame
 * @param {{y: number, name: Element}[]} marks */
function drawLines(curves, lines, { x, y, box }, marks) {
  const ends = [...marks];
  for (const [key, one] of Object.entries(curves)) {
    const points = place(lines[key] ?? [], x.at, y.at, [box.top, box.bottom]);
    one.show(points);
    one.element.style.display = points.length ? "" : "none";
    const end = points.at(-1)?.[1] ?? 0;
    if (points.length) ends.push({ y: Math.min(box.bottom, Math.max(box.top, end)) + 4.5, name: one.name });
  }
  spread(ends, box.bottom + 4.5);
  for (const { y: at, name } of ends) {
    name.setAttribute("x", String(box.right + 10));
    name.setAttribute("y", String(at));
  }
}

/** @param {PlotOptions} options @param {string} prefix for ids
 * @returns {{element: SVGSVGElement, show: (data: PlotData) => void, stop: () => void}} */
export function plot({ series, xLabel, yLabel, height = 300, right = 96 }, prefix) {
  const clip = svg("rect");
  const id = `${prefix}-plot`;
  const curves = Object.fromEntries(series.map((one) => [one.name, curve(one, `url(#${id})`)]));
  const grid = svg("g");
  const element = svg("svg", { class: "rnn-picture rnn-plot", height, "aria-hidden": "true" },
    svg("clipPath", { id }, clip), grid, ...Object.values(curves).map((one) => one.element));
  /** @type {PlotData | undefined} */
  let last;
  const draw = () => {
    const width = element.clientWidth;
    if (!last || !width) return;
    element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const box = { left: 46, right: width - right, top: 30, bottom: height - 44 };
    const x = linearScale(last.x, [box.left, box.right], Math.max(2, Math.floor((box.right - box.left) / 60)));
    const y = (last.log ? logScale : linearScale)(last.y, [box.bottom, box.top]);
    const size = { x: box.left - 6, y: box.top - 6, width: box.right - box.left + 12, height: box.bottom - box.top + 12 };
    for (const [name, value] of Object.entries(size)) clip.setAttribute(name, String(value));
    const marks = levels(last, y, box);
    grid.replaceChildren(...axes(x, y, box, xLabel, yLabel), ...marks.flatMap((mark) => [mark.line, mark.name]));
    drawLines(curves, last.lines, { x, y, box }, marks);
  };
  const observer = new ResizeObserver(draw);
  observer.observe(element);
  const show = (/** @type {PlotData} */ data) => {
    last = data;
    draw();
  };
  return { element, show, stop: () => observer.disconnect() };
}

/** @param {import("./scale.mjs").Scale} x @param {import("./scale.mjs").Scale} y
 * @param {{left: number, right: number, top: number, bottom: number}} box
 * @param {string} xLabel @param {string} yLabel */
function axes(x, y, box, xLabel, yLabel) {
  const { left, right, top, bottom } = box;
  return [
    ...y.ticks.flatMap(({ value, text }) => [
      svg("path", { d: `M${left} ${round(y.at(value))}H${right}`, class: "rnn-gridline" }),
      svg("text", { x: left - 8, y: round(y.at(value)) + 4.5, class: "rnn-tick-y" }, text)]),
    ...x.ticks.flatMap(({ value, text }) => [
      svg("path", { d: `M${round(x.at(value))} ${bottom}v5`, class: "rnn-axis" }),
      svg("text", { x: round(x.at(value)), y: bottom + 19, class: "rnn-tick-x" }, text)]),
    svg("path", { d: `M${left} ${top}V${bottom}H${right}`, class: "rnn-axis" }),
    svg("text", { x: Math.max((left + right) / 2, xLabel.length * FONT / 2), y: bottom + 38, class: "rnn-axis-name" }, xLabel),
    svg("text", { x: 0, y: top - 14, class: "rnn-axis-name rnn-start" }, yLabel),
  ];
}

/** @param {PlotData} data @param {import("./scale.mjs").Scale} y
 * @param {{left: number, right: number}} box */
const levels = ({ levels: wanted = [] }, y, { left, right }) => wanted
  .filter((level) => y.inside(level.y)).map((level) => ({
    y: y.at(level.y) + 4.5,
    line: svg("path", { d: `M${left} ${round(y.at(level.y))}H${right}`, class: "rnn-level" }),
    name: svg("text", { class: "rnn-end rnn-level-name" }, level.label),
  }));
