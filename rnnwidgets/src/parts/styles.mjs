// Rules that parts bring along; a widget gets those of the parts it imports.

/** @type {string[]} */
const styles = [];

/** @param {string} css */
export const addStyle = (css) => {
  styles.push(css);
};

/** All rules of the parts in this bundle. */
export const partStyles = () => styles.join("");
