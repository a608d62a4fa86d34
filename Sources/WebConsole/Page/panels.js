// The five panels.

import { badge, el, figure, main, moment, number, page, percent, quiet, rank, t } from "./base.js";
import { barDrawing, paretoDrawing, pChartDrawing, rangeDrawing, sparkDrawing } from "./drawings.js";
import { showHistory } from "./history.js";
import { rejectPictures } from "./rejects.js";

function readingRow(reading) {
  const state = reading.stale ? "stale" : reading.quality === "bad" ? "bad" : "";
  const shown = reading.text ?? number(reading.value);
  return el("div", { class: `reading ${state}` },
    el("span", { class: "mark" }, reading.alarm ? badge(reading.alarm, reading.isActive) : ""),
    el("button", { class: "name", type: "button", title: reading.name, onclick: () => showHistory(reading.name) }, reading.label),
    el("span", { class: "value" }, shown), el("span", { class: "unit" }, reading.unit ?? ""),
    el("span", { class: "range-cell" }, rangeDrawing(reading)),
    el("span", { class: "spark-cell" }, sparkDrawing(reading.spark)),
    state ? el("span", { class: "note" }, `${t(state)} · ${moment(reading.time)}`) : null);
}

function emissionBlock(item) {
  const over = item.limit !== null && item.mean !== null && item.mean > item.limit;
  const last = item.last ? number(item.last.converted ?? item.last.mean) : "–";
  return el("div", { class: "reading emission" },
    el("span", { class: "mark" }, over ? badge("high") : ""),
    el("button", { class: "name", type: "button", title: item.signal, onclick: () => showHistory(item.signal, 86400) }, item.label),
    el("span", { class: "value" }, number(item.mean)), el("span", { class: "unit" }, item.unit),
    el("span", { class: "range-cell" }, barDrawing(item.mean, item.limit, item.forecast)),
    el("span", { class: "note" }, `${t("hourMean")}, ${item.minutes} ${t("minutes")} · ${t("limit")} ${number(item.limit)} · ${t("forecast")} ${number(item.forecast)} · ${t("lastPeriod")} ${last}`));
}

/** The worst priority of some readings' alarms, null without any. */
const worst = (readings) => readings.map((r) => r.alarm).sort((a, b) => rank(a) - rank(b))[0] ?? null;
const active = (readings) => worst(readings.filter((r) => r.isActive));

/** A panel's heading says how bad the worst active alarm of its readings is; its frame, which of them calls. */
function panel(title, readings, ...content) {
  const shown = content.flat().filter((c) => c !== null && c !== "");
  const alarm = active(readings);
  return el("section", { class: `panel ${worst(readings.filter((r) => r.isCalling)) ?? ""}`, "aria-label": title }, el("h2", {}, alarm ? badge(alarm) : null, title),
    shown.length ? shown : quiet(t("nothingYet")));
}

/** What the monitor has written to the process and not taken back: where, what, since when, until when. */
function adjustmentLine(a) {
  const state = a.outcome === "pending" ? ` (${t("onItsWay")})` : "";
  const before = a.previous === null ? "" : ` (${t("before")} ${number(a.previous)})`;
  const end = a.isUndone && a.back !== null ? `${t("backTo")} ${number(a.back)}` : t("stays");
  return el("p", { class: "adjusted" }, el("b", {}, `${t(a.outcome === "dryRun" ? "wouldHold" : "holds")} ${a.output} ${t("at")} ${number(a.value)}`),
    `${before}${state} · ${moment(a.since)} · ${t("because")} ${a.alarm}, ${a.signal} · ${end} · ${a.action}`);
}

function machineBlock(machine) {
  const alarm = active(machine.signals);
  return el("div", {}, el("h3", {}, el("span", { class: "mark" }, alarm ? badge(alarm) : ""), machine.name, el("small", {}, machine.state ?? "")), page.screen.adjustments.filter((a) => a.machine === machine.name).map(adjustmentLine), machine.signals.map(readingRow));
}

/** Parts through each station, and between them those that wait. */
function stationsContent(stations) {
  return stations.length ? [el("div", { class: "figures flow" }, stations.flatMap((s) => [
    s.waiting === null ? null : figure(`→ ${number(s.waiting)} →`, t("waiting")), figure(number(s.parts), s.station)]).filter(Boolean))] : [];
}

function productionContent(p) {
  if (!p) return [];
  return [el("div", { class: "figures" },
    figure(p.plan === null ? number(p.parts) : `${number(p.parts)} / ${number(p.plan)}`, p.shift === null ? t("partsToday") : `${t("partsThisShift")} · ${p.shift}`),
    figure(seconds(p.taktSeconds), t("takt")), figure(seconds(p.cycleSeconds), t("cycle")),
    figure(percent(p.oee), t("oee")),
    p.changeovers === null ? null : figure(p.changeovers ? `${number(p.changeovers)} · ${number(Math.round(p.changeoverSeconds / 60))} min` : "0", t("changeovers")))];
}

const seconds = (value) => (value === null ? "–" : `${number(Math.round(value * 10) / 10)} s`);

function qualityContent(q) {
  if (!q) return [];
  return [
    el("div", { class: "figures" }, figure(percent(q.yield), t("yield")), figure(number(q.inspected), t("inspected")), figure(number(q.rejects), t("rejects"))),
    paretoDrawing(q.classes), pChartDrawing(q.chart),
  ];
}

export function drawScreen() {
  const { adjustments, equipment, environment, logistics, production, quality } = page.screen;
  const elsewhere = adjustments.filter((a) => !equipment.machines.some((m) => m.name === a.machine));
  main.replaceChildren(el("div", { class: "panels" },
    panel(t("equipment"), [...equipment.machines.flatMap((m) => m.signals), ...equipment.signals], elsewhere.map(adjustmentLine), equipment.machines.map(machineBlock), equipment.signals.map(readingRow)),
    panel(t("environment"), environment.signals, environment.emissions.map(emissionBlock), environment.signals.map(readingRow)),
    panel(t("logistics"), logistics.signals, stationsContent(logistics.stations), logistics.signals.map(readingRow)),
    panel(t("production"), production.signals, productionContent(production.figures), production.signals.map(readingRow)),
    panel(t("quality"), quality.signals, qualityContent(quality.figures), rejectPictures(quality.rejects), quality.signals.map(readingRow))));
}
