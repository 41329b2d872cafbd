// Inputs of every kind are read from models and addresses, and written to addresses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, fromText, kindOf, same, toText } from "../../rnnwidgets/src/parts/inputs.mjs";

const KINDS = {
  number: { range: [-2, 2], start: 0.5 },
  whole: { range: [1, 9], start: 3, step: 1 },
  list: { range: [0, 1], start: [0, 0.5, 1] },
  choice: { options: ["old", "new"], start: "old" },
  toggle: { start: false },
  text: { start: "ab", max: 4, pattern: "[a-z ]*" },
};

/** Good values with their text, and texts that make no sense, by kind. */
const GOOD = {
  number: [[-0.25, "-.25"], [0, "0"], [1.5, "1.5"]], whole: [[4, "4"]],
  list: [[[0.25, 0, 1], ".25;0;1"]], choice: [["new", "new"]], toggle: [[true, "1"], [false, "0"]],
  text: [["a b", "a%20b"], ["", ""]],
};
const BAD = { number: ["abc", ""], whole: ["x"], list: ["1;2", ".5;x;1", ""], choice: ["newer", ""],
  toggle: ["yes", "2"], text: ["AB", "abcde"] };

test("the kind follows from the declaration", () => {
  const kinds = Object.values(KINDS).map(kindOf);
  assert.deepEqual(kinds, ["number", "number", "list", "choice", "toggle", "text"]);
});

for (const [kind, pairs] of Object.entries(GOOD)) {
  test(`a ${kind} survives the way through an address`, () => {
    for (const [value, text] of pairs) {
      assert.equal(toText(KINDS[kind], value), text);
      assert.deepEqual(fromText(KINDS[kind], decodeURIComponent(text)), value);
      assert.deepEqual(clean(KINDS[kind], value), value);
    }
  });
  test(`a text that is no ${kind} asks for nothing`, () => {
    for (const text of BAD[kind]) assert.equal(fromText(KINDS[kind], text), undefined, text);
  });
  test(`a model without this ${kind}, or with nonsense, gives the start`, () => {
    for (const value of [undefined, null, Number.NaN, {}]) {
      assert.deepEqual(clean(KINDS[kind], value), KINDS[kind].start);
    }
  });
}

test("numbers are brought into range and whole ones are rounded", () => {
  assert.equal(clean(KINDS.number, 7), 2);
  assert.equal(clean(KINDS.number, "-0.25"), -0.25);
  assert.equal(clean(KINDS.whole, 4.6), 5);
  assert.deepEqual(clean(KINDS.list, [2, -1, 0.5]), [1, 0, 0.5]);
});

test("values are equal as JSON is", () => {
  assert.ok(same([1, [2]], [1, [2]]));
  assert.ok(!same([1], [2]));
  assert.ok(!same(1, "1"));
});
