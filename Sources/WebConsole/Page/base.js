// What every part of the page uses: elements, texts, numbers, moments, questions to the monitor.

export const main = document.getElementById("main");
export const dialog = document.getElementById("dialog");
export const lang = document.body.dataset.lang;
const may = document.body.dataset.may.split(" ");

/** What the server said last: its texts, and the whole screen, anew each second. */
export const page = { texts: {}, screen: null };

/** Whether whoever has logged in may do that. */
export const mayDo = (permission) => may.includes(permission);

/** An element with attributes and children; texts become text nodes, never markup. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

export const t = (key) => page.texts[key] ?? key;

export function number(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  const digits = size >= 1000 || Number.isInteger(value) ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString(lang, { maximumFractionDigits: digits, useGrouping: size >= 10000 });
}

/** The plant's clock, or the browser's where the site file names no zone that it knows. */
const timeZone = (() => {
  const zone = document.body.dataset.zone || undefined;
  try { new Intl.DateTimeFormat(lang, { timeZone: zone }); return zone; } catch { return undefined; }
})();
/** Days before months, and 24 hours. */
const locale = lang === "en" ? "en-GB" : lang;
export const dayText = (date) => date.toLocaleDateString(locale, { timeZone, year: "numeric", month: "short", day: "numeric" });

/** A time of day, to the second or the minute; with its difference to UTC where the clock shows that time twice. */
export function timeText(date, timeStyle = "medium") {
  const shown = (at) => at.toLocaleTimeString(locale, { hourCycle: "h23", timeZone, timeStyle });
  const isTwice = [-3600000, 3600000].some((apart) => shown(new Date(date.getTime() + apart)) === shown(date));
  return isTwice ? date.toLocaleTimeString(locale, { hourCycle: "h23", timeZone, timeZoneName: "shortOffset" }) : shown(date);
}

export function moment(text) {
  if (!text) return "–";
  const date = new Date(text);
  return dayText(new Date()) === dayText(date) ? timeText(date) : `${dayText(date)} ${timeText(date)}`;
}

/** The session is over, or the monitor was started again. */
const logIn = () => location.assign(`login?lang=${lang}`);

export async function call(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRF-Token": document.body.dataset.csrf },
  };
  const response = await fetch(path, options);
  const text = await response.text();
  if (response.status === 401) logIn();
  if (!response.ok) {
    let message = text;
    try { message = JSON.parse(text).error ?? text; } catch { /* not JSON: show as it is */ }
    throw new Error(message || response.statusText);
  }
  return text ? JSON.parse(text) : null;
}

// MARK: pieces that several views have

const priorities = ["critical", "high", "medium", "low"];

/** A priority as a number: the smaller, the worse. */
export const rank = (priority) => (priorities.indexOf(priority) + 1) || 9;

/** A priority as colour, shape and figure; hollow once the cause is gone. */
export function badge(priority, isActive = true) {
  const words = isActive ? t(priority) : `${t(priority)}, ${t("returned")}`;
  return el("span", { class: `badge ${priority} ${isActive ? "" : "past"}`, title: words }, priorities.includes(priority) ? String(rank(priority)) : "?");
}

export const percent = (share) => share === null || share === undefined ? "–" : number(Math.round(share * 1000) / 10) + " %";

export function figure(value, label) {
  return el("div", { class: "figure" }, el("b", {}, value), el("span", {}, label));
}

export const quiet = (text) => el("p", { class: "none" }, text);

/** A table: `heads` are keys of texts, those in `numbers` stand at the right. Rows are elements. */
export function table(heads, rows, numbers = []) {
  return el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, heads.map((k) => el("th", { scope: "col", class: numbers.includes(k) ? "number" : null }, k ? t(k) : "")))),
    el("tbody", {}, rows)));
}

/** The line below a dialog that closes it. */
export const closing = () => el("form", { method: "dialog" }, el("div", { class: "buttons" }, el("button", { value: "close" }, t("close"))));
