// Drawing once per frame, and letting parts glide for a moment where motion is welcome.

const MOVING_MS = 320;

/** Run `draw` at most once per frame. @param {() => void} draw */
export function oncePerFrame(draw) {
  let frame = 0;
  const run = () => {
    frame = 0;
    draw();
  };
  return { ask: () => { frame ||= requestAnimationFrame(run); }, stop: () => cancelAnimationFrame(frame) };
}

/** Style rules let marked parts glide; reduced motion is respected there.
 * @param {HTMLElement} root */
export function glider(root) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const glide = () => {
    clearTimeout(timer);
    root.classList.add("rnn-moving");
    timer = setTimeout(() => root.classList.remove("rnn-moving"), MOVING_MS);
  };
  return { glide, stop: () => clearTimeout(timer) };
}
