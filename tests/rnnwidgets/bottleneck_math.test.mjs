// How the recorded grid is read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FACTS, LENGTHS, SIZES, compute, recorded } from "../../rnnwidgets/src/bottleneck/math.mjs";

test("each cell of the grid has all seeds, and a mean between least and largest at each place", () => {
  for (const length of LENGTHS) {
    for (const size of SIZES) {
      for (const attention of ["off", "on"]) {
        const { seeds, places: [mean, least, largest] } = recorded({ length, size, attention });
        assert.equal(seeds.length, FACTS.seeds);
        assert.equal(mean.length, Number(length));
        mean.forEach((share, at) => assert.ok(least[at] <= share && share <= largest[at]));
      }
    }
  }
});

test("the share of a word is the mean over its places, but for rounding", () => {
  const { accuracy, places } = compute({ length: "20", size: "64", attention: "off" });
  const mean = places.reduce((sum, share) => sum + share, 0) / places.length;
  assert.ok(Math.abs(mean - accuracy) < 0.01);
});

test("a larger state lets more through", () => {
  const shares = SIZES.map((size) => compute({ length: "8", size, attention: "off" }).accuracy);
  assert.deepEqual(shares, [...shares].sort((one, other) => one - other));
});
