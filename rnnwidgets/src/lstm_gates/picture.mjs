// The cell as a conveyor: c_prev -> f -> k, + j, -> c on the belt; tanh and o lead to h.

import { conveyor } from "../parts/conveyor.mjs";

/** @type {import("../parts/conveyor.mjs").Quantities} */
const QUANTITIES = {
  belt: "c",
  bars: { c_prev: [2, "c"], k: [2, "f"], c: [3, "c"], g: [1, "g"], j: [1, "i"], tanh_c: [1, "c"], h: [1, "h"] },
  valves: { f: "f", i: "i", o: "o" },
  symbols: { tanh_c: "tanh c" },
  unit: 24,
};

/** @type {Record<"wide" | "narrow", import("../parts/conveyor.mjs").Layout>} */
const LAYOUTS = {
  wide: {
    size: [700, 352],
    bars: { c_prev: [44, 118], k: [222, 118], c: [392, 118], g: [44, 294], j: [222, 294], tanh_c: [506, 294], h: [656, 294] },
    valves: { f: [132, 118], i: [132, 294], o: [584, 294] },
    plus: [[306, 118]], tanh: [448, 210],
    belt: "M8 118 H688",
    pipes: ["M44 294 H306 V134", "M448 118 V294 H686"],
    heads: [[692, 118, 0], [306, 136, -90], [692, 294, 0]],
    next: [612, 104, "next"],
  },
  narrow: {
    size: [320, 626],
    bars: { c_prev: [40, 96], k: [194, 96], g: [40, 236], j: [194, 236], c: [262, 392], tanh_c: [188, 572], h: [38, 572] },
    valves: { f: [116, 96], i: [116, 236], o: [107, 572] },
    plus: [[262, 236]], tanh: [262, 572],
    belt: "M8 96 H262 V506 H312",
    pipes: ["M40 236 H246", "M262 506 V572 H8"],
    heads: [[316, 506, 0], [248, 236, 0], [4, 572, 180]],
    next: [316, 494, "next_short"],
  },
};

/** @param {"wide" | "narrow"} kind @param {{prefix: string, text: any}} stage */
export const picture = (kind, stage) => conveyor(kind, LAYOUTS[kind], QUANTITIES, stage);
