// State in the address is read and written without loss, and other anchors are left alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHash, writeHash } from "../../rnnwidgets/src/parts/hash_state.mjs";

test("reads the values of one widget among several", () => {
  const hash = "#w-one=f:.9,i:.5&w-two=g:-.25";
  assert.deepEqual(parseHash(hash, "one"), { f: ".9", i: ".5" });
  assert.deepEqual(parseHash(hash, "two"), { g: "-.25" });
  assert.equal(parseHash(hash, "three"), null);
});

test("ignores ordinary anchors, empty values and names that only begin alike", () => {
  assert.equal(parseHash("#the-cell", "one"), null);
  assert.equal(parseHash("#w-one-more=f:1", "one"), null);
  assert.deepEqual(parseHash("#w-one=f:abc,g:,i:.5,o", "one"), { f: "abc", i: ".5" });
  assert.deepEqual(parseHash("#w-one=", "one"), {});
});

test("survives an address that was encoded or cut by another program", () => {
  assert.deepEqual(parseHash("#w-one=f%3A.9", "one"), { f: ".9" });
  assert.equal(parseHash("#50%", "one"), null);
});

test("writes its values, keeps other widgets and drops ordinary anchors", () => {
  assert.equal(writeHash("#the-cell", "one", { f: ".9", g: "-.5" }), "w-one=f:.9,g:-.5");
  assert.equal(writeHash("#w-two=g:1", "one", { f: "1" }), "w-two=g:1&w-one=f:1");
  assert.equal(writeHash("#w-one=f:1&w-two=g:1", "one", {}), "w-two=g:1");
  assert.deepEqual(parseHash(`#${writeHash("", "one", { c_prev: "-1.25" })}`, "one"), { c_prev: "-1.25" });
});
