// The arithmetic of every widget gives the numbers that rnncore gave.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const FOLDER = new URL("../../rnnwidgets/golden/", import.meta.url);
const EXACT = 1e-12;
// exp, log and tanh may differ in the last bits from one machine to the next.
const USUAL = 1e-10;
const NEAR_ZERO = 1e-15;

/** Compare numbers with a relative error, other values exactly, lists item by item. */
function compare(got, expected, relative, where) {
  if (Array.isArray(expected)) {
    assert.equal(got?.length, expected.length, where);
    expected.forEach((one, at) => compare(got[at], one, relative, `${where}.${at}`));
  } else if (typeof expected === "number") {
    const tolerance = Math.abs(expected) < NEAR_ZERO ? NEAR_ZERO : relative * Math.abs(expected);
    assert.ok(Math.abs(got - expected) <= tolerance + 1e-16, `${where}: ${got} for ${expected}`);
  } else {
    assert.equal(got, expected, where);
  }
}

const modules = readdirSync(FOLDER).filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5));

for (const name of modules) {
  const { exact, cases } = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
  const { OUTPUTS, compute } = await import(`../../rnnwidgets/src/${name}/math.mjs`);
  test(`${name}: ${cases.length} cases equal rnncore`, () => {
    for (const { name: id, inputs, outputs } of cases) {
      const got = compute(inputs);
      assert.deepEqual(Object.keys(outputs).sort(), [...OUTPUTS].sort());
      for (const [key, expected] of Object.entries(outputs)) {
        compare(got[key], expected, exact.includes(key) ? EXACT : USUAL, `${id} ${key}`);
      }
    }
  });
}

test("100 steps of counting pass the range of h, as the note on the example says", async () => {
  const { INPUTS, PRESETS, compute } = await import("../../rnnwidgets/src/lstm_gates/math.mjs");
  const start = Object.fromEntries(Object.entries(INPUTS).map(([key, spec]) => [key, spec.start]));
  let state = { ...start, ...PRESETS.count, g: Math.tanh(5), c_prev: 0 };
  for (let step = 0; step < 100; step += 1) state = { ...state, c_prev: compute(state).c };
  assert.equal(state.c_prev.toFixed(2), "99.99");
});
