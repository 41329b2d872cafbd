// State in the address: #w-ID=f:.9,i:.5 holds the values that differ from the start.
// Other anchors (#section) are left alone.

/** The fragment as text; one that is not valid percent code is not ours.
 * @param {string} hash */
export function decoded(hash) {
  try {
    return decodeURIComponent(hash.replace(/^#/, ""));
  } catch {
    return "";
  }
}

/** @param {string} hash @param {string} id @returns {Record<string, string> | null} */
export function parseHash(hash, id) {
  for (const part of decoded(hash).split("&")) {
    if (!part.startsWith(`w-${id}=`)) continue;
    /** @type {Record<string, string>} */
    const values = {};
    for (const pair of part.slice(id.length + 3).split(",")) {
      const [name, text] = pair.split(":");
      if (text) values[name] = text;
    }
    return values;
  }
  return null;
}

/** @param {string} hash @param {string} id @param {Record<string, string>} values */
export function writeHash(hash, id, values) {
  const others = decoded(hash).split("&")
    .filter((part) => /^w-[\w-]+=/.test(part) && !part.startsWith(`w-${id}=`));
  const text = Object.entries(values)
    .map(([name, value]) => `${name}:${value}`).join(",");
  return [...others, ...(text ? [`w-${id}=${text}`] : [])].join("&");
}

/**
 * Read the state from the address now and whenever a link asks for it.
 * @param {string | undefined} id no id, no state in the address (notebooks)
 * @param {(values: Record<string, string>) => void} apply
 * @returns {{save: (values: Record<string, string>) => void, stop: () => void}}
 */
export function hashState(id, apply) {
  if (!id) return { save: () => {}, stop: () => {} };
  const read = (/** @type {string} */ hash) => {
    const values = parseHash(hash, id);
    if (values) apply(values);
  };
  const onHash = () => read(location.hash);
  // The browser reports no change when the same link is followed twice.
  const onClick = (/** @type {MouseEvent} */ event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    const hash = link instanceof HTMLAnchorElement ? link.hash : "";
    if (hash && hash === location.hash) read(hash);
  };
  addEventListener("hashchange", onHash);
  document.addEventListener("click", onClick);
  const save = (/** @type {Record<string, string>} */ values) => {
    const hash = writeHash(location.hash, id, values);
    const address = hash ? `#${hash}` : location.pathname + location.search;
    const mine = hash || location.hash.startsWith("#w-");
    if (mine && location.hash !== `#${hash}`) history.replaceState(history.state, "", address);
  };
  const stop = () => {
    removeEventListener("hashchange", onHash);
    document.removeEventListener("click", onClick);
  };
  onHash();
  return { save, stop };
}
