/** The little that is needed of a view library. Text is always set as text, never parsed as HTML. */

/** An element. `attributes` with null or false are left out; children may be nested lists, text, or nothing (null, false). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(
    ...children
      .flat(9)
      .filter((child) => child !== null && child !== undefined && child !== false && child !== ""),
  );
  return element;
}

/**
 * Shows `children` in the element with this id. Keeps which <details> are open, and the focus where the element
 * that has it is there again: by `data-focus`, which is unique in the page.
 */
export function show(id, ...children) {
  const container = document.getElementById(id);
  const open = new Set([...container.querySelectorAll("details[open]")].map((each) => each.dataset.key));
  const closed = new Set(
    [...container.querySelectorAll("details:not([open])")].map((each) => each.dataset.key),
  );
  const focused = container.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  container.replaceChildren(...children.flat(9).filter(Boolean));
  for (const each of container.querySelectorAll("details")) {
    if (open.has(each.dataset.key)) each.open = true;
    if (closed.has(each.dataset.key)) each.open = false;
  }
  if (focused)
    container.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

/** "4 s", "3 min", "2 h 5 min", "6 d": how long ago something was. */
export function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

/** A <time> that `tick` keeps up to date: `before`, the age, `after`. */
export function since(timestamp, before = "", after = " ago") {
  const element = h("time", { datetime: timestamp, title: new Date(timestamp).toLocaleString() });
  element.dataset.before = before;
  element.dataset.after = after;
  return element;
}

/** Brings all ages to `now` (the server's clock, as far as it is known). */
export function tick(now) {
  for (const element of document.querySelectorAll("time[data-after]")) {
    const text = `${element.dataset.before}${age(now - Date.parse(element.dateTime))}${element.dataset.after}`;
    if (element.textContent !== text) element.textContent = text;
  }
}

export function bytes(count) {
  if (count === null || count === undefined) return "–";
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = count < 1 ? 0 : Math.min(4, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return `${value.toFixed(value < 10 && power > 0 ? 1 : 0)} ${units[power]}`;
}
