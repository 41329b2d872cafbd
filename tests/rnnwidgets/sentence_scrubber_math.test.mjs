// The figures that the widget's plan and its messages name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { INPUTS, PRESETS, compute } from "../../rnnwidgets/src/sentence_scrubber/math.mjs";

const start = Object.fromEntries(Object.entries(INPUTS).map(([name, spec]) => [name, spec.start]));
const printed = (inputs, count) => compute({ ...start, ...inputs }).c.slice(0, count).map((c) => c.toFixed(4));

test("the selective example keeps the plural up to the verb", () => {
  assert.deepEqual(printed(PRESETS.selective, 6), ["0.0000", "0.8550", "0.8122", "0.7266", "0.6903", "0.6558"]);
  assert.equal(compute({ ...start, ...PRESETS.selective }).answer, "were");
});

test("in the leaky example the nearest noun wins", () => {
  assert.deepEqual(printed(PRESETS.leaky, 6), ["0.0000", "0.4500", "0.2250", "-0.3375", "-0.1688", "-0.0844"]);
  assert.equal(compute({ ...start, ...PRESETS.leaky }).answer, "was");
});

test("of all gates only the input gate at \"airline\" can repair the leaky example alone", () => {
  const repairs = [];
  for (const gate of ["i", "f"]) {
    for (let word = 0; word < 8; word += 1) {
      for (let value = 0; value <= 100; value += 1) {
        const list = PRESETS.leaky[gate].map((old, at) => (at === word ? value / 100 : old));
        if (compute({ ...start, ...PRESETS.leaky, [gate]: list }).answer === "were") repairs.push(`${gate}${word + 1}`);
      }
    }
  }
  assert.deepEqual([...new Set(repairs)], ["i4"]);
});

test("gates set by hand do nothing while those of the trained network are shown", () => {
  const trained = compute({ ...start, gates: "trained" });
  const closed = compute({ ...start, gates: "trained", i: start.i.map(() => 0) });
  assert.deepEqual(closed, trained);
});
