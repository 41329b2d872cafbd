// What is shown of a recorded map, step by step.

import assert from "node:assert/strict";
import { test } from "node:test";
import { INPUTS, PRESETS, compute, shown } from "../../rnnwidgets/src/alignment_map/math.mjs";

test("every example is whole: one row for each step, one column for each token, rows that add up", () => {
  for (const example of INPUTS.example.options) {
    const { tokens, rows, best, p } = shown({ example, t: 1 });
    const { written, weights, probability } = compute({ example });
    assert.equal(rows.length, best.length);
    assert.equal(p.length, best.length);
    for (const row of rows) {
      assert.equal(row.length, tokens.length);
      assert.ok(Math.abs(row.reduce((sum, one) => sum + one, 0) - 100) <= tokens.length / 2);
    }
    assert.deepEqual(weights[0], rows[0].map((one) => one / 100));
    assert.equal(probability.length, rows.length);
    assert.equal(written.length, rows.length - 1, "the end is written too, and is no character");
  }
});

test("numbers are read word by word, everything else letter by letter", () => {
  assert.deepEqual(shown({ example: "gap", t: 1 }).tokens, ["seven", "thousand", "nine", "hundred", "nine"]);
  assert.equal(shown({ example: "july", t: 1 }).tokens.join(""), "8 july 1990");
});

test("a step after the end is the end", () => {
  const { at, best } = shown({ example: "hundreds", t: 16 });
  assert.equal(at, best.length - 1);
  assert.equal(best[at][0], "");
});

test("the examples point at steps that exist", () => {
  for (const { example, t } of Object.values(PRESETS)) assert.ok(t <= shown({ example, t }).best.length);
});
