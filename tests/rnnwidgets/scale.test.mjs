// Axes: values land on the right pixels and ticks are round numbers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { linearScale, logScale, niceTicks, spread } from "../../rnnwidgets/src/parts/scale.mjs";

test("ticks are round, inside the range, and not too many", () => {
  assert.deepEqual(niceTicks(0, 20, 5).map((tick) => tick.value), [0, 5, 10, 15, 20]);
  assert.deepEqual(niceTicks(-1, 1, 4).map((tick) => tick.text), ["\u22121", "\u22120.5", "0", "0.5", "1"]);
  assert.deepEqual(niceTicks(0.1, 0.35, 3).map((tick) => tick.value), [0.1, 0.2, 0.3]);
  for (const high of [1, 7, 63, 100]) assert.ok(niceTicks(0, high, 6).length <= 7);
});

test("a linear scale may run upwards or downwards", () => {
  const scale = linearScale([0, 10], [200, 100]);
  assert.equal(scale.at(0), 200);
  assert.equal(scale.at(2.5), 175);
  assert.ok(scale.inside(10) && !scale.inside(10.1));
});

test("a logarithmic scale gives equal ways to equal factors", () => {
  const scale = logScale([1e-4, 10], [500, 0]);
  assert.equal(Math.round(scale.at(1)), 100);
  assert.equal(Math.round(scale.at(1e-2)), 300);
  assert.deepEqual(scale.ticks.map((tick) => tick.text), ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1", "10"]);
  assert.ok(logScale([1e-128, 10], [500, 0]).ticks.length <= 8);
  assert.ok(Number.isFinite(scale.at(0)));
});

test("names at the ends of lines do not cover each other", () => {
  const labels = [{ y: 100 }, { y: 101 }, { y: 98 }];
  spread(labels, 110);
  const at = labels.map((label) => label.y).sort((one, other) => one - other);
  assert.ok(at[1] - at[0] >= 17 && at[2] - at[1] >= 17 && at[2] <= 110);
});
