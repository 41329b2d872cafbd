// The pattern of everything negative, so that the sign is seen without colour.

import { svg } from "./dom.mjs";

/** @param {string} id */
export const stripesPattern = (id) => svg("pattern",
  { id, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
  svg("rect", { width: 3.5, height: 7, class: "rnn-stripe" }));
