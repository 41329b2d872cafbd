// The unit as a conveyor: h_prev -> kept, + written, -> h on the belt; r, x and tanh make n.

import { conveyor } from "../parts/conveyor.mjs";

/** @type {import("../parts/conveyor.mjs").Quantities} */
const QUANTITIES = {
  belt: "h",
  bars: { h_prev: [1, "h"], kept: [1, "z"], h: [1, "h"], past: [2, "r"], x: [2, "plain"], n: [1, "n"], written: [1, "n"] },
  valves: { keep: "z", r: "r", write: "z" },
  symbols: { kept: "", past: "", written: "" },
  unit: 24,
};

/** @type {Record<"wide" | "narrow", import("../parts/conveyor.mjs").Layout>} */
const LAYOUTS = {
  wide: {
    size: [720, 452],
    bars: { h_prev: [66, 104], kept: [246, 104], past: [176, 246], x: [84, 380], n: [376, 246], written: [546, 246], h: [656, 104] },
    valves: { keep: [156, 104], r: [84, 246], write: [464, 246] },
    plus: [[240, 246], [600, 104]], tanh: [304, 246],
    belt: "M8 104 H708",
    pipes: ["M22 104 V246 H600 V120", "M84 380 H240 V262"],
    heads: [[712, 104, 0], [600, 122, -90], [240, 264, -90], [222, 246, 0]],
    next: [718, 88, "next_short"],
  },
  narrow: {
    size: [320, 688],
    bars: { h_prev: [52, 92], kept: [216, 92], past: [146, 232], x: [44, 368], n: [52, 514], written: [224, 514], h: [150, 640] },
    valves: { keep: [136, 92], r: [68, 232], write: [138, 514] },
    plus: [[124, 368], [290, 514]], tanh: [196, 368],
    belt: "M8 92 H290 V640 H14",
    pipes: ["M20 92 V232 H212 V306 H124 V352", "M44 368 H248 V450 H14 V514 H274"],
    heads: [[10, 640, 180], [276, 514, 0], [124, 354, 90], [106, 368, 0]],
    next: [44, 626, "next_short"],
  },
};

/** @param {"wide" | "narrow"} kind @param {{prefix: string, text: any}} stage */
export function picture(kind, stage) {
  const { element, show, symbols } = conveyor(kind, LAYOUTS[kind], QUANTITIES, stage);
  return {
    element,
    show: (/** @type {Record<string, any>} */ values) => {
      const [keep, write] = values.convention === "keep" ? ["z", "1 − z"] : ["1 − z", "z"];
      symbols.keep.data = keep;
      symbols.write.data = write;
      show(values);
    },
  };
}
