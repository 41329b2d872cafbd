// The figures that the widget's plan names, and how the recorded words are unpacked.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FACTS, INPUTS, PRESETS, STEPS, compute, letters, paths } from "../../rnnwidgets/src/forcing_vs_free/math.mjs";

const start = Object.fromEntries(Object.entries(INPUTS).map(([name, spec]) => [name, spec.start]));
const at = (inputs) => compute({ ...start, ...inputs });

test("an error of 0.05 stays 0.05 when told, and grows to 1.65 on its own", () => {
  assert.equal(at(PRESETS.grows).forced_error.toFixed(4), "0.0500");
  assert.equal(at(PRESETS.grows).free_error.toFixed(2), "1.65");
  assert.equal(at(PRESETS.fades).forced_error.toFixed(4), "0.0068");
  assert.equal(at(PRESETS.fades).free_error.toFixed(3), "0.237");
});

test("without an error of the model all three paths are one", () => {
  const { y, forced, free } = paths(0.8, 0);
  assert.equal(y.length, STEPS + 1);
  assert.deepEqual(forced, y);
  assert.deepEqual(free, y);
});

test("the right letters are the word from its end, and dots stand for right letters", () => {
  for (const length of ["8", "12"]) {
    for (let n = 1; n <= 20; n += 1) {
      const { right, forced, free } = letters(length, n);
      const size = Number(length);
      assert.equal([...right].reverse().join(""), FACTS[length].words.slice((n - 1) * size, n * size));
      assert.ok([...forced, ...free].every((letter) => letter !== "."));
      assert.ok([...right, ...forced, ...free].every((letter) => letter?.length === 1));
    }
  }
});

test("a word without a mistake has no step at which inputs part", () => {
  assert.equal(at(PRESETS.clean).split, 0);
  const { split } = at(PRESETS.snowball);
  const { right, free } = letters(PRESETS.snowball.length, PRESETS.snowball.n);
  assert.notEqual(free[split - 2], right[split - 2]);
  assert.deepEqual(free.slice(0, split - 2), right.slice(0, split - 2));
});
