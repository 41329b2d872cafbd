// The sum of shares is the gradient, truncation gives zeros, and T = 3 by hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { INPUTS, PRESETS, compute, size } from "../../rnnwidgets/src/bptt_unrolled/math.mjs";

const start = Object.fromEntries(Object.entries(INPUTS).map(([name, spec]) => [name, spec.start]));
const near = (got, expected) => assert.ok(Math.abs(got - expected) <= 1e-14 * Math.max(1, Math.abs(expected)), `${got} for ${expected}`);

test("three steps of one unit, worked out by hand", () => {
  const w = 1.3;
  const [h1, h2, h3] = [Math.tanh(1), Math.tanh(w * Math.tanh(1)), Math.tanh(w * Math.tanh(w * Math.tanh(1)))];
  const { shares, total, path } = compute({ ...start, ...PRESETS.by_hand, w });
  near(path[0], w * (1 - h3 ** 2) * w * (1 - h2 ** 2));
  assert.equal(shares[0][0], 0);
  near(shares[1][0], w * (1 - h3 ** 2) * (1 - h2 ** 2) * h1);
  near(shares[2][0], (1 - h3 ** 2) * h2);
  near(total[0], shares[1][0] + shares[2][0]);
});

test("the gradient by W of one unit is the slope of h_T", () => {
  const last = (w) => compute({ ...start, network: "scalar", T: 6, w }).states[6][0];
  const step = 1e-6;
  const slope = (last(0.8 + step) - last(0.8 - step)) / (2 * step);
  assert.ok(Math.abs(compute({ ...start, network: "scalar", T: 6, w: 0.8 }).total[0] - slope) < 1e-8);
});

test("what truncation cuts is exactly 0, and what it leaves is unchanged", () => {
  const whole = compute(start).shares;
  for (let k = 1; k <= 6; k += 1) {
    const { shares, total } = compute({ ...start, k });
    shares.forEach((share, at) => assert.deepEqual(share, at < 5 - k ? [0, 0, 0, 0] : whole[at]));
    total.forEach((sum, at) => near(sum, shares.reduce((all, share) => all + share[at], 0)));
  }
});

test("the word ends the sequence, and a step behind it is its last", () => {
  const { steps, chosen, path } = compute({ ...start, T: 6, node: 6 });
  assert.deepEqual([steps, chosen, path], [5, 5, [1, 1]]);
  assert.equal(size([3, 4]), 5);
});
