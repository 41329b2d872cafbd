// How many letters arrive through a state of fixed size: recorded runs, several seeds. Pure: no DOM.
// The runs are those of `python -m experiments reversal` and `python -m experiments bottleneck`.

import RECORDED from "../../recorded/bottleneck.json" with { type: "json" };

export const FACTS = RECORDED;
export const LENGTHS = Object.freeze(["4", "8", "12", "20"]);
export const SIZES = Object.freeze(["8", "16", "32", "64"]);

export const INPUTS = Object.freeze({
  length: { options: LENGTHS, start: "12" },
  size: { options: SIZES, start: "64" },
  attention: { options: ["off", "on"], start: "off" },
});

export const OUTPUTS = Object.freeze(["accuracy", "least", "largest", "places"]);

export const PRESETS = Object.freeze({
  lost: { length: "20", size: "64", attention: "off" },
  found: { length: "20", size: "64", attention: "on" },
  tiny: { length: "8", size: "8", attention: "off" },
  fits: { length: "4", size: "32", attention: "off" },
});

/** Shares in per cent: of each seed, and mean, least and largest at each place of the word.
 * @param {{length: string, size: string, attention: string}} inputs */
export function recorded({ length, size, attention }) {
  const [design, row, column] = [Number(attention === "on"), SIZES.indexOf(size), LENGTHS.indexOf(length)];
  return { seeds: RECORDED.letters[design][row][column], places: RECORDED.places[design][row][column] };
}

/** @param {readonly number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean, least and largest share of right letters over the seeds, and the mean at each place.
 * @param {{length: string, size: string, attention: string}} inputs */
export function compute(inputs) {
  const { seeds, places } = recorded(inputs);
  return {
    accuracy: mean(seeds) / 100, least: Math.min(...seeds) / 100, largest: Math.max(...seeds) / 100,
    places: places[0].map((share) => share / 100),
  };
}
