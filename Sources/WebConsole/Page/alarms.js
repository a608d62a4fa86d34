// The banner, the list of alarms with floods folded, what operators do with them, the journal.

import { badge, call, closing, dialog, el, main, mayDo, moment, number, page, quiet, rank, t, table } from "./base.js";
import { showHistory } from "./history.js";

const isOpen = (alarm) => ["unacknowledged", "acknowledged", "returned"].includes(alarm.state);

/** Groups that the reader has opened: their alarms, and how the group stood when they were asked for. */
const opened = new Map();

/** Alarms of an open group that are shown at first, and that each further click adds. */
const shownAlarms = 200;

/** Open alarms and groups as one list, by priority and age. */
function openLines() {
  const { alarms, groups } = page.screen;
  return [...alarms.filter(isOpen), ...groups].sort((a, b) =>
    rank(a.priority) - rank(b.priority) || (a.since ?? "").localeCompare(b.since ?? ""));
}

/** `2.1 l/min (limit 5)`. */
const against = (alarm) => [number(alarm.value), alarm.unit].filter(Boolean).join(" ")
  + (alarm.limit === null ? "" : ` (${t("limit")} ${number(alarm.limit)})`);

// MARK: banner

/** Says in one line whether to walk over, and where. */
export function drawBanner(banner) {
  const { openAlarms, unacknowledgedAlarms } = page.screen;
  document.getElementById("alarm-count").textContent = openAlarms ? `(${openAlarms})` : "";
  const first = openLines().find((line) => line.unacknowledged ?? line.state === "unacknowledged");
  banner.className = first || page.screen.frozen ? "active" : "";
  if (!first) return banner.replaceChildren(...quietWords(openAlarms));
  const known = first.first ?? first;
  const others = unacknowledgedAlarms - (first.unacknowledged ?? 1);
  const name = known.label ?? known.signal;
  const details = [first.place ? `${name} ${against(known)}` : against(known), moment(first.since), first.count ? `${number(first.count)} ${t("alarmsAtOnce")}` : "",
    others > 0 ? `+ ${number(others)} ${t("more")}` : ""];
  banner.replaceChildren(badge(first.priority), el("b", {}, first.place ?? name), ` ${known.name} `,
    el("span", { class: "more" }, details.filter(Boolean).join(" · ")));
}

/** What stands where no alarm calls: that all is well only when it is known. */
function quietWords(openAlarms) {
  const { lastSample, frozen, equipment, environment, logistics, production, quality } = page.screen;
  if (frozen) return [badge("high"), t("dataStopped")];
  if (lastSample === null) return [t("nothingYet")];
  const readings = [...equipment.machines, equipment, environment, logistics, production, quality].flatMap((part) => part.signals);
  const off = readings.filter((reading) => reading.stale || reading.quality === "bad").length;
  const words = [openAlarms ? `${t("noNewAlarms")} · ${t("stillOpen")} ${number(openAlarms)}` : off ? t("noAlarms") : t("allNormal")];
  return [words.concat(off ? `${t("readingsOff")} ${number(off)}` : []).join(" · ")];
}

// MARK: list

const columns = ["priority", "alarm", "place", "signal", "state", "value", "limit", "since", ""];
const numbers = ["value", "limit"];
const unitText = (alarm) => (alarm.unit ? ` ${alarm.unit}` : "");

function alarmRow(alarm, kind = "") {
  return el("tr", { class: `${alarm.state} ${kind}` },
    el("td", { class: "priority" }, badge(alarm.priority, alarm.state !== "returned"), t(alarm.priority)), el("td", {}, alarm.name), el("td", {}, alarm.place ?? ""),
    el("td", {}, alarm.signal), el("td", {}, t(alarm.state)), el("td", { class: "number" }, number(alarm.value), unitText(alarm)),
    el("td", { class: "number" }, number(alarm.limit)), el("td", {}, moment(alarm.since)),
    el("td", {}, actButton(`${alarm.name} · ${alarm.signal}`, () => showAlarm(alarm))));
}

function actButton(title, onclick) {
  return mayDo("handleAlarms") ? el("button", { class: "act", type: "button", title, onclick }, t("act")) : null;
}

/** The line of a group and, when it is open, its alarms: the first cause first. */
function groupRows(group) {
  const known = opened.get(group.id);
  const first = group.first;
  const line = el("tr", { class: "group" },
    el("td", { class: "priority" }, badge(group.priority), t(group.priority)),
    el("td", {}, el("button", { class: "act", type: "button", title: `${t("group")} ${group.id}`, "aria-expanded": String(Boolean(known)), onclick: () => toggle(group) },
      `${known ? "▾" : "▸"} ${number(group.count)} ${t("alarmsAtOnce")}`)),
    el("td", {}, el("b", {}, group.place)),
    el("td", {}, `${t("firstCause")} ${first.name} · ${first.signal}`),
    el("td", {}, group.unacknowledged ? `${number(group.unacknowledged)} ${t("unacknowledged")}` : t("acknowledged")),
    el("td", { class: "number" }, number(first.value), unitText(first)), el("td", { class: "number" }, number(first.limit)),
    el("td", {}, moment(group.since)),
    el("td", {}, actButton(`${t("act")} ${group.id}`, () => showGroup(group))));
  if (!known) return [line];
  const left = group.count - known.alarms.length;
  const more = el("tr", { class: "member" }, el("td", { colspan: columns.length },
    el("button", { class: "act", type: "button", title: `${t("more")} ${group.id}`, onclick: () => load(group, known.wanted + shownAlarms) }, `+ ${number(left)} ${t("more")}`)));
  return [line, ...known.alarms.map((alarm) => alarmRow(alarm, "member")), ...(left > 0 && known.alarms.length ? [more] : [])];
}

function toggle(group) {
  if (opened.delete(group.id)) return redraw();
  opened.set(group.id, { alarms: [], wanted: 0, stood: "" });
  return load(group, shownAlarms);
}

/** Asks for the first alarms of an open group, and draws them. */
async function load(group, wanted) {
  const known = opened.get(group.id);
  Object.assign(known, { stood: JSON.stringify(group), wanted });
  known.alarms = await call(`api/v1/alarms?group=${encodeURIComponent(group.id)}&first=${wanted}`).catch(() => []);
  redraw();
}

/** Draws the list again; the keys stay where they were. */
let redraw = () => {};

export function drawAlarms(again) {
  redraw = again;
  const { alarms, groups, alarmsLeftOut } = page.screen;
  const lines = openLines();
  const silenced = alarms.filter((alarm) => !isOpen(alarm));
  for (const group of groups) {
    const known = opened.get(group.id);
    if (known && known.stood !== JSON.stringify(group)) load(group, known.wanted);
  }
  const rows = lines.flatMap((line) => line.count ? groupRows(line) : [alarmRow(line)]);
  main.replaceChildren(
    lines.length ? table(columns, rows, numbers) : quiet(t("noAlarms")),
    silenced.length ? el("h2", {}, t("silenced")) : "",
    silenced.length ? table(columns, silenced.map((alarm) => alarmRow(alarm)), numbers) : "",
    alarmsLeftOut ? quiet(`+ ${number(alarmsLeftOut)} ${t("more")}`) : "");
}

/** What the list of alarms shows, to tell whether it has changed. */
export const alarmsShown = () => JSON.stringify([page.screen.alarms, page.screen.groups]);

// MARK: acting

/** Acknowledge, shelve, reset, out of service: each with a name and a comment. */
function showAlarm(alarm) {
  const actions = alarm.state === "shelved" ? ["unshelve"] : alarm.state === "outOfService" ? ["returnToService"] : ["acknowledge", "shelve", "reset", "outOfService"];
  showOrder({ name: alarm.name, signal: alarm.signal }, alarm.priority, alarm.name, `${alarm.signal} · ${t(alarm.state)} · ${moment(alarm.since)}`, actions);
  showPast(alarm);
}

/** What the journal says of an alarm, below what can be done with it, and the way to its signal's course. */
async function showPast(alarm) {
  const past = el("div", { class: "past-of" }, el("button", { type: "button", onclick: () => showHistory(alarm.signal) }, t("course")));
  dialog.append(past);
  const lines = (await call("api/v1/journal?newest=5000").catch(() => [])).filter((j) => j.alarm === alarm.name && j.signal === alarm.signal);
  const row = (j) => el("tr", {}, el("td", {}, moment(j.time)), el("td", {}, `${t(j.from)} → ${t(j.to)}`), el("td", { class: "number" }, number(j.value)),
    el("td", {}, [j.who, j.comment].filter(Boolean).join(": ")));
  if (lines.length) past.prepend(table(["time", "change", "value", "who"], lines.slice(-10).reverse().map(row), ["value"]));
}

/** The same with every alarm of a group that can. */
function showGroup(group) {
  showOrder({ group: group.id }, group.priority, group.place, `${number(group.count)} ${t("alarmsAtOnce")} · ${t("firstCause")} ${group.first.name} · ${moment(group.since)}`, ["acknowledge", "shelve"]);
}

function showOrder(target, priority, title, words, actions) {
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
      await call(`api/v1/alarms/${action}`, { ...target, who: who.value, comment: comment.value, minutes: Number(minutes.value) });
      dialog.close();
    } catch (error) { wrong.textContent = error.message; }
  };
  const button = (action) => el("button", { type: "button", onclick: act(action) }, t(action));
  const allowed = actions.filter((a) => mayDo(a === "outOfService" || a === "returnToService" ? "changeService" : "handleAlarms"));
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, badge(priority), title), el("p", {}, words),
    el("form", { method: "dialog" }, name ? null : [el("label", { for: "who" }, t("yourName")), who], el("label", { for: "comment" }, t("comment")), comment,
      el("label", { for: "minutes" }, t("shelveMinutes")), minutes, wrong,
      el("div", { class: "buttons" }, allowed.map(button), el("button", { value: "close" }, t("close")))));
  dialog.showModal();
}

// MARK: journal

export async function drawJournal() {
  const [lines, adjustments] = await Promise.all([call("api/v1/journal?newest=200"), call("api/v1/adjustments?newest=200")]);
  const row = (j) => el("tr", {}, el("td", { class: "number" }, String(j.serial)), el("td", {}, moment(j.time)), el("td", {}, j.alarm), el("td", {}, j.signal),
    el("td", {}, `${t(j.from)} → ${t(j.to)}`), el("td", { class: "number" }, number(j.value)), el("td", {}, j.who ?? ""), el("td", {}, j.comment ?? ""));
  main.replaceChildren(
    adjustments.length ? el("h2", {}, t("adjustments")) : "", adjustments.length ? adjustmentTable(adjustments) : "",
    adjustments.length ? el("h2", {}, t("alarms")) : "",
    lines.length
      ? table(["serial", "time", "alarm", "signal", "change", "value", "who", "comment"], lines.reverse().map(row), ["serial", "value"])
      : quiet(t("nothingYet")));
}

/** What the monitor wrote to the process, took back and held back. */
function adjustmentTable(lines) {
  const row = (a) => el("tr", {}, el("td", { class: "number" }, String(a.serial)), el("td", {}, moment(a.time)), el("td", {}, t(`outcome ${a.kind}`)),
    el("td", {}, a.action), el("td", {}, a.output), el("td", { class: "number" }, number(a.value)), el("td", { class: "number" }, number(a.previous)),
    el("td", {}, `${a.alarm}, ${a.signal}`), el("td", {}, t(`outcome ${a.outcome}`)), el("td", {}, a.comment ?? ""));
  return table(["serial", "time", "change", "action", "output", "written", "before", "alarm", "outcome", "comment"], lines.reverse().map(row), ["serial", "written", "before"]);
}
