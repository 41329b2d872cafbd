// The widget's arithmetic gives the numbers that rnncore gave.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DEFAULTS, PRESETS, RANGES, cellUpdate, clampInput } from "../../rnnwidgets/src/lstm_gates_math.mjs";

const { cases } = JSON.parse(readFileSync(new URL("../../rnnwidgets/golden/lstm_gates.json", import.meta.url)));
// Sums and products round alike everywhere; tanh may differ in the last bits.
const RELATIVE = { k: 1e-12, j: 1e-12, c: 1e-12, tanh_c: 1e-10, h: 1e-10 };

for (const { name, inputs, outputs } of cases) {
  test(`case ${name} equals rnncore`, () => {
    const got = cellUpdate(inputs);
    assert.deepEqual(Object.keys(got).sort(), Object.keys(outputs).sort());
    for (const [key, expected] of Object.entries(outputs)) {
      const error = Math.abs(got[key] - expected);
      assert.ok(error <= RELATIVE[key] * Math.abs(expected) + 1e-15, `${key}: ${got[key]} for ${expected}`);
    }
  });
}

test("100 steps of counting pass the range of h, as the note on the preset says", () => {
  let state = { ...DEFAULTS, ...PRESETS.count, g: Math.tanh(5), c_prev: 0 };
  for (let step = 0; step < 100; step += 1) state = { ...state, c_prev: cellUpdate(state).c };
  assert.equal(state.c_prev.toFixed(2), "99.99");
});

test("inputs from an address are brought into range", () => {
  assert.equal(clampInput("f", 7), RANGES.f[1]);
  assert.equal(clampInput("g", "-0.25"), -0.25);
  assert.equal(clampInput("c_prev", Number.NaN), DEFAULTS.c_prev);
  assert.equal(clampInput("o", null), DEFAULTS.o);
});
