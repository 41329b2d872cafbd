// The cell as a conveyor: c_prev -> f -> k, + j, -> c on the belt; tanh and o lead to h.

import { bar } from "../parts/bar.mjs";
import { svg } from "../parts/dom.mjs";
import { stripesPattern } from "../parts/stripes.mjs";
import { symbolText } from "../parts/symbols.mjs";
import { valve } from "./valve.mjs";

const UNIT = 24;
const BAR_WIDTH = 36;

/** Largest size and colour of every bar. */
const BARS = /** @type {const} */ ({
  c_prev: [2, "c"], k: [2, "f"], c: [3, "c"], g: [1, "g"], j: [1, "i"], tanh_c: [1, "c"], h: [1, "h"],
});

/** Positions of [x, y], and the pipes between them, for wide and for narrow places. */
const LAYOUTS = {
  wide: {
    size: [700, 352],
    bars: { c_prev: [44, 118], k: [222, 118], c: [392, 118], g: [44, 294], j: [222, 294], tanh_c: [506, 294], h: [656, 294] },
    valves: { f: [132, 118], i: [132, 294], o: [584, 294] },
    plus: [306, 118], tanh: [448, 210],
    belt: "M8 118 H688",
    pipes: ["M44 294 H306 V134", "M448 118 V294 H686"],
    heads: [[692, 118, 0], [306, 136, -90], [692, 294, 0]],
    next: [612, 104, "next"],
  },
  narrow: {
    size: [320, 626],
    bars: { c_prev: [40, 96], k: [194, 96], g: [40, 236], j: [194, 236], c: [262, 392], tanh_c: [188, 572], h: [38, 572] },
    valves: { f: [116, 96], i: [116, 236], o: [107, 572] },
    plus: [262, 236], tanh: [262, 572],
    belt: "M8 96 H262 V506 H312",
    pipes: ["M40 236 H246", "M262 506 V572 H8"],
    heads: [[316, 506, 0], [248, 236, 0], [4, 572, 180]],
    next: [316, 494, "next_short"],
  },
};

/** @param {number[]} at @param {string} text @param {string} [kind] */
const node = ([x, y], text, kind = "") => svg("g", { class: `rnn-node ${kind}` },
  svg("circle", { cx: x, cy: y, r: kind ? 20 : 15 }), svg("text", { x, y: y + 5 }, text));

/**
 * @param {"wide" | "narrow"} kind
 * @param {string} prefix for ids
 * @param {any} text messages of this widget
 * @returns {{element: SVGSVGElement, show: (values: Record<string, number>) => void}}
 */
export function picture(kind, prefix, text) {
  const { size, bars, valves, plus, tanh, belt, pipes, heads, next } = LAYOUTS[kind];
  /** @type {Record<string, (value: number) => void>} */
  const shows = {};
  const id = (/** @type {string} */ name) => `${prefix}-${kind}-${name}`;
  const element = svg("svg", {
    viewBox: `0 0 ${size[0]} ${size[1]}`, class: `rnn-picture rnn-picture-${kind}`, "aria-hidden": "true",
  }, svg("defs", {}, stripesPattern(id("stripes"))),
    ...pipes.map((d) => svg("path", { d, class: "rnn-pipe" })),
    svg("path", { d: belt, class: "rnn-belt" }),
    svg("path", { d: belt, class: "rnn-belt-dashes" }),
    ...heads.map(([x, y, turn]) => svg("path",
      { d: "M-9 -7 L5 0 L-9 7 Z", class: "rnn-head", transform: `translate(${x} ${y}) rotate(${turn})` })),
    svg("text", { x: next[0], y: next[1], class: "rnn-next" }, text[next[2]]),
    node(plus, "+"), node(tanh, "tanh", "rnn-tanh"));
  for (const [name, [x, y]] of Object.entries(bars)) {
    const [reach, gate] = BARS[/** @type {keyof typeof BARS} */ (name)];
    const one = bar({ gate, symbol: symbolText(name, name === "tanh_c" ? "tanh c" : undefined), name: text.names[name], x, y, reach,
      width: BAR_WIDTH, unit: UNIT, stripes: id("stripes") });
    shows[name] = one.show;
    element.append(one.element);
  }
  for (const [name, [x, y]] of Object.entries(valves)) {
    const one = valve({ gate: name, symbol: symbolText(name), name: text.names[name], x, y, clip: id(`clip-${name}`) });
    shows[name] = one.show;
    element.append(one.element);
  }
  const show = (/** @type {Record<string, number>} */ values) => {
    for (const [name, one] of Object.entries(shows)) one(values[name]);
  };
  return { element, show };
}
