// The page of alarm measures, after ISA-18.2 and EEMUA 191.

import { call, el, figure, lang, main, moment, number, percent, quiet, t, table } from "./base.js";

const daysText = (days) => new Intl.NumberFormat(lang, { style: "unit", unit: "day", unitDisplay: "long" }).format(days);

/** How well the alarms serve. */
export async function drawKPIs(days = 30) {
  const kpis = await call(`api/v1/kpis?days=${days}`);
  const cells = (heads, rows, words = 1) => table(heads,
    rows.map((row) => el("tr", {}, row.map((cell, place) => el("td", { class: place < words ? null : "number" }, cell)))), heads.slice(words));
  const measured = (target, value) => target.isShare ? percent(value) : number(value);
  const loads = (title, list) => [el("h2", {}, t(title)), list.length
    ? cells(["alarm", "signal", "came", "ofAll"], list.map((l) => [l.alarm, l.signal, number(l.newAlarms), percent(l.share)]), 2)
    : quiet(t("none"))];
  const length = (seconds) => seconds === null ? "–" : `${number(seconds / 60)} min`;
  main.replaceChildren(
    el("div", { class: "buttons" }, [1, 7, 30, 90].map((d) => el("button", { class: "act", type: "button", "aria-pressed": d === days ? "true" : "false", onclick: () => drawKPIs(d) }, daysText(d)))),
    quiet(`${moment(kpis.from)} – ${moment(kpis.to)}${kpis.isLongEnough ? "" : ` · ${t("tooShort")}`}`),
    el("div", { class: "figures" }, figure(number(kpis.newAlarms), t("newAlarms")), figure(number(kpis.newAlarmsPerHourAndOperator), t("perHour")),
      figure(number(kpis.mostInTenMinutes), t("mostInTen")), figure(length(kpis.meanSecondsToAcknowledge), t("timeToAcknowledge")), figure(number(kpis.silencedAtEnd), t("silenced")),
      ...Object.entries(kpis.byPriority).filter(([, count]) => count).map(([key, count]) => figure(number(count), t(key)))),
    cells(["measure", "value", "target", ""], kpis.targets.map((g) => [t(`kpi ${g.name}`), el("span", { class: g.isMet ? "" : "missed" }, measured(g, g.value)), `≤ ${measured(g, g.atMost)}`, g.isMet ? "" : t("missed")])),
    ...loads("topTen", kpis.topTen), ...loads("chattering", kpis.chattering), ...loads("standing", kpis.standing),
    el("h2", {}, t("floods")), kpis.floods.length ? cells(["from", "to", "newAlarms"], kpis.floods.map((f) => [moment(f.from), f.to ? moment(f.to) : t("lasts"), number(f.alarms)])) : quiet(t("none")));
}
