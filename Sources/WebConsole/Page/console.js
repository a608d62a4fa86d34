"use strict";
// One page, four views. The server sends the whole screen as one JSON object each second
// (server-sent events); nothing is computed here but the drawing.

const main = document.getElementById("main");
const banner = document.getElementById("banner");
const dialog = document.getElementById("dialog");
const lang = document.body.dataset.lang;
const may = document.body.dataset.may.split(" ");
let texts = {};
let screen = null;
let lastMessage = 0;
let drawn = null;

const priorityLetter = { critical: "1", high: "2", medium: "3", low: "4" };

// MARK: small things

/** An element with attributes and children; texts become text nodes, never markup. */
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const t = (key) => texts[key] ?? key;

function number(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  const digits = size >= 1000 || Number.isInteger(value) ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString(lang, { maximumFractionDigits: digits, useGrouping: size >= 10000 });
}

function moment(text) {
  if (!text) return "–";
  const date = new Date(text);
  const today = new Date().toDateString() === date.toDateString();
  const time = date.toLocaleTimeString(lang, { hour12: false });
  return today ? time : date.toLocaleDateString(lang) + " " + time;
}

/** The session is over, or the monitor was started again. */
const logIn = () => location.assign(`login?lang=${lang}`);

async function call(path, body) {
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

// MARK: drawings

/** A value against its normal range: the band is normal, the line is now. */
function rangeDrawing(reading) {
  const { value, low, high } = reading;
  if (value === null || (low === null && high === null)) return "";
  const known = [low, high, value].filter((v) => v !== null);
  let from = Math.min(...known), to = Math.max(...known);
  if (low === null) from = Math.min(from, Math.min(0, high));
  const pad = (to - from || Math.abs(to) || 1) * 0.15;
  from -= pad; to += pad;
  const x = (v) => ((v - from) / (to - from)) * 100;
  const left = low === null ? 0 : x(low), right = high === null ? 100 : x(high);
  const outside = (low !== null && value < low) || (high !== null && value > high);
  const words = `${number(value)} ${reading.unit ?? ""} (${number(low)} … ${number(high)})`;
  return svg("svg", { class: "range", viewBox: "0 0 100 16", preserveAspectRatio: "none", role: "img", "aria-label": words },
    svg("rect", { x: left, y: 4, width: Math.max(right - left, 0.5), height: 8, fill: "var(--range)" }),
    svg("rect", { x: x(value) - 0.9, y: 0, width: 1.8, height: 16, fill: outside ? "var(--high)" : "var(--mark)" }));
}

function sparkDrawing(values) {
  const known = values.filter((v) => v !== null);
  if (known.length < 2) return "";
  const from = Math.min(...known), span = Math.max(...known) - from || 1;
  const points = values.map((v, i) => v === null ? null :
    `${(i / (values.length - 1)) * 100},${15 - ((v - from) / span) * 14}`).filter((p) => p !== null);
  return svg("svg", { class: "spark", viewBox: "0 0 100 16", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("polyline", { points: points.join(" "), fill: "none", stroke: "var(--spark)", "stroke-width": 1.5, "vector-effect": "non-scaling-stroke" }));
}

/** The hour's mean so far as a bar, the limit as a line, the forecast as a tick. */
function barDrawing(mean, limit, forecast) {
  const to = Math.max(mean ?? 0, limit ?? 0, forecast ?? 0) * 1.15 || 1;
  const x = (v) => (v / to) * 100;
  const over = limit !== null && mean !== null && mean > limit;
  const parts = [svg("rect", { x: 0, y: 5, width: x(mean ?? 0), height: 10, fill: over ? "var(--high)" : "var(--spark)" })];
  if (limit !== null) parts.push(svg("rect", { x: x(limit) - 0.4, y: 0, width: 0.8, height: 20, fill: "var(--mark)" }));
  if (forecast !== null) parts.push(svg("path", { d: `M${x(forecast)} 15 l-1.6 5 h3.2 z`, fill: forecast > (limit ?? Infinity) ? "var(--high)" : "var(--quiet)" }));
  const words = `${number(mean)} / ${number(limit)} (${t("forecast")} ${number(forecast)})`;
  return svg("svg", { class: "bar", viewBox: "0 0 100 20", preserveAspectRatio: "none", role: "img", "aria-label": words }, ...parts);
}

function badge(priority) {
  return el("span", { class: `badge ${priority}`, title: t(priority) }, priorityLetter[priority] ?? "?");
}

// MARK: screen

function readingRow(reading) {
  const alarm = screen.alarms.find((a) => a.signal === reading.name && a.state !== "normal");
  const state = reading.stale ? "stale" : reading.quality === "bad" ? "bad" : "";
  const shown = reading.text ?? number(reading.value);
  return el("div", { class: `reading ${state}` },
    el("button", { class: "name", type: "button", title: reading.name, onclick: () => showHistory(reading.name) }, alarm ? badge(alarm.priority) : null, reading.label),
    el("span", { class: "value" }, shown, reading.unit ? el("small", {}, " " + reading.unit) : null),
    el("span", { class: "range-cell" }, rangeDrawing(reading)),
    el("span", { class: "spark-cell" }, sparkDrawing(reading.spark)),
    state ? el("span", { class: "note" }, `${t(state)} · ${moment(reading.time)}`) : null);
}

function emissionBlock(item) {
  const over = item.limit !== null && item.mean !== null && item.mean > item.limit;
  return el("div", {},
    el("h3", {}, over ? badge("high") : null, item.label, el("small", {}, `${t("hourMean")} ${number(item.mean)} ${item.unit ?? ""} · ${t("limit")} ${number(item.limit)} · ${t("forecast")} ${number(item.forecast)}`)),
    barDrawing(item.mean, item.limit, item.forecast),
    el("p", { class: "none" }, `${item.minutes} ${t("minutes")} · ${t("lastPeriod")} ${item.last ? number(item.last.converted ?? item.last.mean) : "–"}`));
}

function figure(value, label) {
  return el("div", { class: "figure" }, el("b", {}, value), el("span", {}, label));
}

const percent = (share) => share === null || share === undefined ? "–" : number(share * 100) + " %";

function panel(title, ...content) {
  const shown = content.flat().filter((c) => c !== null && c !== "");
  return el("section", { class: "panel", "aria-label": title }, el("h2", {}, title),
    shown.length ? shown : el("p", { class: "none" }, t("nothingYet")));
}

function machineBlock(machine) {
  return el("div", {}, el("h3", {}, machine.name, el("small", {}, machine.state ?? "")), machine.signals.map(readingRow));
}

/** Parts through each station, and between them those that wait. */
function stationsContent(stations) {
  return stations.length ? [el("div", { class: "figures" }, stations.flatMap((s) => [
    s.waiting === null ? null : figure(number(s.waiting), t("waiting")), figure(number(s.parts), s.station)]).filter(Boolean))] : [];
}

function productionContent(p) {
  if (!p) return [];
  return [el("div", { class: "figures" },
    figure(p.plan === null ? number(p.parts) : `${number(p.parts)} / ${number(p.plan)}`, p.shift === null ? t("partsToday") : `${t("partsThisShift")} · ${p.shift}`),
    figure(p.taktSeconds === null ? "–" : number(p.taktSeconds) + " s", t("takt")),
    figure(p.cycleSeconds === null ? "–" : number(p.cycleSeconds) + " s", t("cycle")),
    figure(percent(p.oee), t("oee")),
    p.changeovers === null ? null : figure(`${number(p.changeovers)} · ${number(p.changeoverSeconds / 60)} min`, t("changeovers")))];
}

function qualityContent(q) {
  if (!q) return [];
  return [
    el("div", { class: "figures" }, figure(percent(q.yield), t("yield")), figure(number(q.inspected), t("inspected")), figure(number(q.rejects), t("rejects"))),
    paretoDrawing(q.classes), pChartDrawing(q.chart),
  ];
}

function rejectPictures(rejects) {
  return rejects.length ? [el("div", { class: "rejects" }, rejects.map((r) => el("figure", {},
    el("button", { class: "picture", type: "button", title: r.image, onclick: () => showReject(r) },
      el("img", { src: `api/v1/rejects/${r.id}/picture.png`, alt: `${t("reject")} ${r.image}` })),
    el("figcaption", {}, `${r.camera} · ${moment(r.time)} · ${number(r.score)}`))))] : [];
}

/** The whole picture with the defects marked, and where the method saw them. */
function showReject(r) {
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, r.image),
    el("p", {}, `${r.camera} · ${moment(r.time)} · ${t("score")} ${number(r.score)} (${t("threshold")} ${number(r.threshold)}) · ${r.classes.join(", ")}`),
    el("div", { class: "reject-pictures" }, ["picture", "heat"].map((kind) => el("img", { src: `api/v1/rejects/${r.id}/${kind}.png`, alt: t(kind) }))),
    el("form", { method: "dialog" }, el("div", { class: "buttons" }, el("button", { value: "close" }, t("close")))));
  dialog.showModal();
}

function drawScreen() {
  main.replaceChildren(el("div", { class: "panels" },
    panel(t("equipment"), screen.equipment.machines.map(machineBlock), screen.equipment.signals.map(readingRow)),
    panel(t("environment"), screen.environment.emissions.map(emissionBlock), screen.environment.signals.map(readingRow)),
    panel(t("logistics"), stationsContent(screen.logistics.stations), screen.logistics.signals.map(readingRow)),
    panel(t("production"), productionContent(screen.production.figures), screen.production.signals.map(readingRow)),
    panel(t("quality"), qualityContent(screen.quality.figures), rejectPictures(screen.quality.rejects), screen.quality.signals.map(readingRow))));
}

// MARK: alarms and journal

const isOpen = (alarm) => ["unacknowledged", "acknowledged", "returned"].includes(alarm.state);

function drawAlarms() {
  const open = screen.alarms.filter(isOpen);
  const silenced = screen.alarms.filter((a) => !isOpen(a) && a.state !== "normal");
  const row = (a) => el("tr", { class: a.state },
    el("td", {}, badge(a.priority), t(a.priority)), el("td", {}, a.name), el("td", {}, a.signal), el("td", {}, t(a.state)),
    el("td", { class: "number" }, number(a.value)), el("td", { class: "number" }, number(a.limit)), el("td", {}, moment(a.since)),
    el("td", {}, may.includes("handleAlarms") ? el("button", { class: "act", type: "button", title: `${a.name} · ${a.signal}`, onclick: () => showAlarm(a) }, t("act")) : null));
  const list = (alarms) => el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ["priority", "alarm", "signal", "state", "value", "limit", "since", ""].map((k) =>
      el("th", { scope: "col", class: k === "value" || k === "limit" ? "number" : null }, k ? t(k) : "")))),
    el("tbody", {}, alarms.map(row))));
  main.replaceChildren(
    open.length ? list(open) : el("p", { class: "none" }, t("noAlarms")),
    silenced.length ? el("h2", {}, t("silenced")) : "", silenced.length ? list(silenced) : "",
    screen.alarmsLeftOut ? el("p", { class: "none" }, `+ ${screen.alarmsLeftOut} ${t("more")}`) : "");
}

async function drawJournal() {
  const lines = await call("api/v1/journal?newest=200");
  const row = (j) => el("tr", {}, el("td", { class: "number" }, String(j.serial)), el("td", {}, moment(j.time)), el("td", {}, j.alarm), el("td", {}, j.signal),
    el("td", {}, `${t(j.from)} → ${t(j.to)}`), el("td", { class: "number" }, number(j.value)), el("td", {}, j.who ?? ""), el("td", {}, j.comment ?? ""));
  main.replaceChildren(lines.length ? el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ["serial", "time", "alarm", "signal", "change", "value", "who", "comment"].map((k) => el("th", { scope: "col" }, t(k))))),
    el("tbody", {}, lines.reverse().map(row)))) : el("p", { class: "none" }, t("nothingYet")));
}

async function drawSignals() {
  const signals = await call("api/v1/signals");
  const row = (s) => el("tr", {}, el("td", {}, el("button", { class: "act", type: "button", onclick: () => showHistory(s.name) }, s.name)),
    el("td", { class: "number" }, s.text ?? number(s.value)), el("td", {}, s.unit ?? ""), el("td", {}, t(s.stale ? "stale" : s.quality)), el("td", {}, moment(s.time)));
  main.replaceChildren(signals.length ? el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ["signal", "value", "unit", "quality", "time"].map((k) => el("th", { scope: "col" }, t(k))))),
    el("tbody", {}, signals.map(row)))) : el("p", { class: "none" }, t("nothingYet")));
}

/** Acknowledge, shelve, reset, out of service: each with a name and a comment. */
function showAlarm(alarm) {
  const wrong = el("p", { class: "wrong", role: "alert" });
  const who = el("input", { id: "who", required: true, autocomplete: "name", maxlength: 80 });
  // Whoever has logged in is known.
  const name = document.body.dataset.name;
  who.value = name || (localStorage.getItem("gemba-name") ?? "");
  const comment = el("input", { id: "comment", maxlength: 400 });
  const minutes = el("input", { id: "minutes", type: "number", min: 1, max: 1440 });
  minutes.value = 30;
  const act = (action) => async (event) => {
    event.preventDefault();
    if (!who.reportValidity()) return;
    if (!name) localStorage.setItem("gemba-name", who.value);
    try {
      await call(`api/v1/alarms/${action}`, { name: alarm.name, signal: alarm.signal, who: who.value, comment: comment.value, minutes: Number(minutes.value) });
      dialog.close();
    } catch (error) { wrong.textContent = error.message; }
  };
  const button = (action) => el("button", { type: "button", onclick: act(action) }, t(action));
  const actions = alarm.state === "shelved" ? ["unshelve"] : alarm.state === "outOfService" ? ["returnToService"] : ["acknowledge", "shelve", "reset", "outOfService"];
  const allowed = actions.filter((a) => may.includes(a === "outOfService" || a === "returnToService" ? "changeService" : "handleAlarms"));
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, badge(alarm.priority), alarm.name),
    el("p", {}, `${alarm.signal} · ${t(alarm.state)} · ${moment(alarm.since)}`),
    el("form", { method: "dialog" }, name ? null : [el("label", { for: "who" }, t("yourName")), who], el("label", { for: "comment" }, t("comment")), comment,
      el("label", { for: "minutes" }, t("shelveMinutes")), minutes, wrong,
      el("div", { class: "buttons" }, allowed.map(button), el("button", { value: "close" }, t("close")))));
  dialog.showModal();
}

// MARK: history

const spans = [["hour", 3600], ["shift", 28800], ["day", 86400], ["month", 2592000]];

async function showHistory(name, seconds = 3600) {
  const holder = el("div", {}, t("loading"));
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, name),
    el("div", { class: "buttons" }, spans.map(([key, length]) => el("button", { type: "button", "aria-pressed": length === seconds ? "true" : "false", onclick: () => showHistory(name, length) }, t(key)))),
    holder, el("form", { method: "dialog" }, el("div", { class: "buttons" }, el("button", { value: "close" }, t("close")))));
  if (!dialog.open) dialog.showModal();
  try {
    const history = await call(`api/v1/history?signal=${encodeURIComponent(name)}&seconds=${seconds}&points=600`);
    holder.replaceChildren(historyDrawing(history));
  } catch (error) { holder.replaceChildren(error.message); }
}

function historyDrawing(history) {
  const points = history.points.filter((p) => p[1] !== null);
  if (!points.length) return el("p", { class: "none" }, t("nothingYet"));
  const width = 900, height = 320, left = 70, bottom = 30;
  const times = [new Date(history.from).getTime(), new Date(history.to).getTime()];
  const values = points.map((p) => p[1]).concat(history.limits);
  let from = Math.min(...values), to = Math.max(...values);
  const pad = (to - from || Math.abs(to) || 1) * 0.08;
  from -= pad; to += pad;
  const x = (time) => left + ((new Date(time).getTime() - times[0]) / (times[1] - times[0] || 1)) * (width - left - 10);
  const y = (value) => 10 + (1 - (value - from) / (to - from)) * (height - bottom - 10);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": history.signal, class: "history" });
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const value = from + part * (to - from);
    drawing.append(svg("line", { x1: left, x2: width - 10, y1: y(value), y2: y(value), stroke: "var(--range)" }),
      svg("text", { x: left - 8, y: y(value) + 5, "text-anchor": "end", fill: "var(--quiet)", "font-size": 14 }, number(value)));
    const time = new Date(times[0] + part * (times[1] - times[0]));
    const day = times[1] - times[0] > 172800000;
    drawing.append(svg("text", { x: x(time), y: height - 8, "text-anchor": part === 0 ? "start" : part === 1 ? "end" : "middle", fill: "var(--quiet)", "font-size": 14 },
      day ? time.toLocaleDateString(lang) : time.toLocaleTimeString(lang, { hour12: false })));
  }
  for (const limit of history.limits)
    drawing.append(svg("line", { x1: left, x2: width - 10, y1: y(limit), y2: y(limit), stroke: "var(--high)", "stroke-dasharray": "6 4" }));
  // A gap in the record is a gap in the line.
  let run = [];
  const flush = () => {
    if (run.length === 1) drawing.append(svg("circle", { cx: run[0].split(",")[0], cy: run[0].split(",")[1], r: 2, fill: "var(--text)" }));
    else if (run.length) drawing.append(svg("polyline", { points: run.join(" "), fill: "none", stroke: "var(--text)", "stroke-width": 1.6 }));
    run = [];
  };
  for (const [time, value] of history.points) {
    if (value === null) flush(); else run.push(`${x(time).toFixed(1)},${y(value).toFixed(1)}`);
  }
  flush();
  for (const alarm of history.alarms)
    drawing.append(svg("path", { d: `M${x(alarm.time)} 4 l-5 -4 h10 z`, transform: "translate(0 8)", fill: "var(--high)" }, svg("title", {}, `${alarm.alarm} ${moment(alarm.time)}`)));
  return drawing;
}

// MARK: the frame

function drawBanner() {
  const open = screen.alarms.filter(isOpen);
  const waiting = open.filter((a) => a.state === "unacknowledged");
  document.getElementById("alarm-count").textContent = screen.openAlarms ? `(${screen.openAlarms})` : "";
  banner.className = waiting.length ? "active" : "";
  if (!open.length) banner.replaceChildren(t("allNormal"));
  else if (!waiting.length) banner.replaceChildren(t("allAcknowledged"));
  else {
    const first = waiting[0];
    banner.replaceChildren(badge(first.priority), `${first.name} · ${first.signal} · ${number(first.value)}${first.limit === null ? "" : ` (${t("limit")} ${number(first.limit)})`} · ${moment(first.since)}`,
      screen.unacknowledgedAlarms > 1 ? el("span", { class: "more" }, `+ ${screen.unacknowledgedAlarms - 1} ${t("more")}`) : "");
  }
}

const views = { screen: drawScreen, alarms: drawAlarms, journal: drawJournal, signals: drawSignals, kpis: () => drawKPIs() };
const currentView = () => views[location.hash.slice(1)] ? location.hash.slice(1) : "screen";

/** Each cell knows its column's name: on a telephone, rows stand as cards. */
function labelCells() {
  for (const table of main.querySelectorAll("table")) {
    const names = [...table.querySelectorAll("th")].map((head) => head.textContent);
    for (const row of table.querySelectorAll("tbody tr"))
      [...row.cells].forEach((cell, column) => { cell.dataset.label = names[column] ?? ""; });
  }
}

async function draw(viewChanged) {
  if (!screen) return;
  drawBanner();
  const clock = document.getElementById("clock");
  clock.textContent = moment(screen.lastSample);
  const view = currentView();
  for (const link of document.querySelectorAll("nav a"))
    link.dataset.view === view ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  // The lists that are fetched are drawn when opened, so that reading them is not disturbed.
  if (!viewChanged && ["journal", "signals", "kpis"].includes(view)) return;
  // Nor is that of a list of alarms that has not changed.
  const shown = view === "alarms" ? JSON.stringify(screen.alarms) : null;
  if (!viewChanged && shown !== null && shown === drawn) return;
  drawn = shown;
  const focused = document.activeElement?.title;
  try { await views[view](); } catch (error) { main.replaceChildren(el("p", { class: "none" }, error.message)); }
  labelCells();
  if (focused) [...main.querySelectorAll("[title]")].find((node) => node.title === focused)?.focus();
}

function markFrozen() {
  // The stream brings a message each second: silence means that what is shown is old.
  document.body.classList.toggle("frozen", Date.now() - lastMessage > 3000 || (screen?.frozen ?? false));
  if (Date.now() - lastMessage > 3000) {
    banner.className = "active";
    banner.replaceChildren(badge("high"), t("connectionLost"));
  }
}

/** Follows the monitor; when it is gone for a while, begins again. */
function follow() {
  const stream = new EventSource("api/v1/stream");
  stream.addEventListener("screen", (event) => {
    screen = JSON.parse(event.data);
    const first = lastMessage === 0;
    lastMessage = Date.now();
    draw(first);
  });
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED) return;
    // The browser gives up after an answer that is no stream: a proxy's, or that nobody is logged in.
    call("api/v1/alarms").catch(() => null);
    setTimeout(follow, 2000);
  });
}

async function start() {
  texts = await call(`api/v1/texts?lang=${lang}`);
  document.getElementById("session").hidden = !document.body.dataset.csrf;
  follow();
  window.addEventListener("hashchange", () => { draw(true); main.focus(); });
  setInterval(markFrozen, 1000);
}

start();
