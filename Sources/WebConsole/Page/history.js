// The course of one signal with limits and alarms, and the list of all signals.

import { call, closing, dayText, dialog, el, main, moment, number, quiet, svg, t, table, timeText } from "./base.js";

const spans = [["hour", 3600], ["shift", 28800], ["day", 86400], ["month", 2592000]];

/** The shortest and the longest stretch that the monitor draws, in seconds. */
const shortest = 10, longest = 31622400;

/** A stretch of `seconds` up to `end`, or up to the newest sample; earlier, later, nearer and farther by button. */
export async function showHistory(name, seconds = 3600, end = null) {
  const focused = dialog.open ? document.activeElement?.title : null;
  const holder = el("div", {}, t("loading"));
  const ways = el("div", { class: "buttons" });
  const words = el("p", { class: "none" });
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, name), words,
    el("div", { class: "buttons" }, spans.map(([key, length]) => el("button", { type: "button", title: t(key), "aria-pressed": length === seconds ? "true" : "false", onclick: () => showHistory(name, length) }, t(key)))),
    holder, ways, closing());
  if (!dialog.open) dialog.showModal();
  try {
    const to = end === null ? "" : `&to=${new Date(end).toISOString()}`;
    const history = await call(`api/v1/history?signal=${encodeURIComponent(name)}&seconds=${seconds}&points=600${to}`);
    words.textContent = [history.label, history.unit].filter(Boolean).join(", ");
    const last = Date.parse(history.to);
    const go = (factor, middle) => {
      const length = Math.round(Math.min(Math.max(seconds * factor, shortest), longest));
      showHistory(name, length, middle + length * 500);
    };
    const middle = last - seconds * 500;
    holder.replaceChildren(historyDrawing(history));
    // A click looks nearer at what was clicked.
    holder.querySelector("svg")?.addEventListener("click", (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      const share = ((event.clientX - box.left) / box.width - plot.left / plot.width) / ((plot.width - plot.left - plot.right) / plot.width);
      go(0.25, last - seconds * 1000 * (1 - Math.min(Math.max(share, 0), 1)));
    });
    const way = (key, sign, act) => el("button", { type: "button", title: t(key), "aria-label": t(key), onclick: act }, sign);
    ways.replaceChildren(way("earlier", "◀", () => go(1, middle - seconds * 500)), way("nearer", "+", () => go(0.5, middle)),
      way("farther", "−", () => go(2, middle)), way("later", "▶", () => go(1, middle + seconds * 500)));
  } catch (error) { holder.replaceChildren(error.message); }
  if (focused) [...dialog.querySelectorAll("[title]")].find((node) => node.title === focused)?.focus();
}

/** Ten minutes before and after a moment, which is marked. */
export async function courseAround(name, moment) {
  const time = (minutes) => new Date(Date.parse(moment) + minutes * 60000).toISOString();
  try {
    const history = await call(`api/v1/history?signal=${encodeURIComponent(name)}&from=${time(-10)}&to=${time(10)}&points=300`);
    return historyDrawing(history, moment);
  } catch (error) { return quiet(error.message); }
}

/** Measures of the drawing; right of the course is a margin. */
const plot = { width: 900, height: 320, left: 70, right: 10, bottom: 30 };

/** The course with limits and alarms; `mark` is a moment to point at. */
function historyDrawing(history, mark = null) {
  const points = history.points.filter((p) => p[1] !== null);
  if (!points.length) return quiet(t("nothingYet"));
  const { width, height, left, right, bottom } = plot;
  const times = [new Date(history.from).getTime(), new Date(history.to).getTime()];
  const normal = [history.low, history.high].filter((v) => v !== null);
  const values = points.map((p) => p[1]).concat(history.limits, normal);
  let from = Math.min(...values), to = Math.max(...values);
  const pad = (to - from || Math.abs(to) || 1) * 0.08;
  from -= pad; to += pad;
  const x = (time) => left + ((new Date(time).getTime() - times[0]) / (times[1] - times[0] || 1)) * (width - left - right);
  const y = (value) => 10 + (1 - (value - from) / (to - from)) * (height - bottom - 10);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": history.signal, class: "history" });
  // What is normal lies behind the course.
  if (normal.length) {
    const [top, foot] = [history.high === null ? 10 : y(history.high), history.low === null ? height - bottom : y(history.low)];
    drawing.append(svg("rect", { x: left, width: width - left - right, y: top, height: Math.max(foot - top, 0), fill: "var(--range)", opacity: 0.5 }));
  }
  for (const value of roundValues(from, to))
    drawing.append(svg("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), stroke: "var(--range)" }),
      svg("text", { x: left - 8, y: y(value) + 5, "text-anchor": "end", fill: "var(--quiet)", "font-size": 14 }, number(value)));
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const time = new Date(times[0] + part * (times[1] - times[0]));
    const day = times[1] - times[0] > 172800000;
    drawing.append(svg("text", { x: x(time), y: height - 8, "text-anchor": part === 0 ? "start" : part === 1 ? "end" : "middle", fill: "var(--quiet)", "font-size": 14 },
      day ? dayText(time) : timeText(time, times[1] - times[0] > 1800000 ? "short" : "medium")));
  }
  for (const limit of history.limits)
    drawing.append(svg("line", { x1: left, x2: width - right, y1: y(limit), y2: y(limit), stroke: "var(--high)", "stroke-dasharray": "6 4" }));
  // A gap in the record is a gap in the line.
  let run = [];
  const flush = () => {
    if (run.length === 1) drawing.append(svg("circle", { cx: run[0].split(",")[0], cy: run[0].split(",")[1], r: 2, fill: "var(--text)" }));
    else if (run.length) drawing.append(svg("polyline", { points: run.join(" "), fill: "none", stroke: "var(--text)", "stroke-width": 1.6 }));
    run = [];
  };
  const longest = usualStep(history.points) * 1.5;
  let before = null;
  history.points.forEach(([time, value], place) => {
    if (value === null) return;
    if (before !== null && place - before > longest) flush();
    run.push(`${x(time).toFixed(1)},${y(value).toFixed(1)}`);
    before = place;
  });
  flush();
  if (mark) drawing.append(svg("line", { x1: x(mark), x2: x(mark), y1: 0, y2: height - bottom, stroke: "var(--text)", "stroke-dasharray": "2 4" }));
  for (const alarm of history.alarms)
    drawing.append(svg("path", { d: `M${x(alarm.time)} 4 l-5 -4 h10 z`, transform: "translate(0 8)", fill: "var(--high)" }, svg("title", {}, `${alarm.alarm} ${moment(alarm.time)}`)));
  return drawing;
}

/** How far apart most known points lie: values that come seldom are no gaps. */
function usualStep(points) {
  const places = points.flatMap((p, place) => (p[1] === null ? [] : [place]));
  const steps = places.slice(1).map((place, i) => place - places[i]).sort((a, b) => a - b);
  return steps[Math.floor(steps.length * 0.75)] ?? 1;
}

/** About five round values from `from` to `to`. */
function roundValues(from, to) {
  const rough = (to - from) / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((s) => s >= rough) ?? rough;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
}

/** Every signal; what is typed above leaves those that hold it. */
export async function drawSignals() {
  const signals = await call("api/v1/signals");
  if (!signals.length) return main.replaceChildren(quiet(t("nothingYet")));
  const row = (s) => el("tr", {}, el("td", {}, el("button", { class: "name", type: "button", onclick: () => showHistory(s.name) }, s.name)),
    el("td", {}, s.label), el("td", { class: "number" }, s.text ?? number(s.value)), el("td", {}, s.unit ?? ""),
    el("td", {}, t(s.stale ? "stale" : s.quality)), el("td", {}, moment(s.time)));
  const rows = signals.map(row);
  const find = el("input", { type: "search", id: "find", oninput: () => {
    const words = find.value.toLowerCase().split(/\s+/);
    rows.forEach((line, place) => {
      const text = `${signals[place].name} ${signals[place].label}`.toLowerCase();
      line.hidden = !words.every((word) => text.includes(word));
    });
  } });
  main.replaceChildren(el("p", { class: "find" }, el("label", { for: "find" }, t("find")), find),
    table(["signal", "label", "value", "unit", "quality", "time"], rows, ["value"]));
}
