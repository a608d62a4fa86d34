"use strict";
// Drawings of quality, and the page of alarm measures. The figures come worked out from the server.

/** Rejected parts by class: bars, the most frequent first, and the running share in words. */
function paretoDrawing(classes) {
  if (!classes.length) return null;
  const shown = classes.slice(0, 6);
  const total = classes.reduce((sum, c) => sum + c.rejects, 0);
  const most = shown[0].rejects;
  let running = 0;
  return el("div", { class: "pareto", role: "list", "aria-label": t("rejectsByClass") }, shown.map((c) => {
    running += c.rejects;
    return el("div", { class: "pareto-row", role: "listitem" }, el("span", { class: "name" }, c.class),
      svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { x: 0, y: 1, width: (c.rejects / most) * 100, height: 8, fill: "var(--spark)" })),
      el("span", { class: "count" }, `${number(c.rejects)} · ${number(Math.round((running / total) * 100))} %`));
  }));
}

/** The share of rejects by the hour with its control limits; points that break a rule stand out. */
function pChartDrawing(chart) {
  if (!chart || chart.points.length < 2) return null;
  const times = chart.points.flatMap((p) => [Date.parse(p.from), Date.parse(p.to)]);
  const from = Math.min(...times), to = Math.max(...times);
  const highest = Math.max(...chart.points.map((p) => Math.max(p.share, p.upper))) * 1.08 || 1;
  const x = (time) => ((Date.parse(time) - from) / (to - from)) * 300;
  const y = (share) => 4 + (1 - share / highest) * 76;
  const middle = (p) => (x(p.from) + x(p.to)) / 2;
  const broken = chart.points.filter((p) => p.rules.length);
  const words = `${t("rejectRate")} ${percent(chart.mean)}; ${t("ruleViolations")} ${broken.length}`;
  const drawing = svg("svg", { class: "p-chart", viewBox: "0 0 300 84", role: "img", "aria-label": words },
    svg("line", { x1: 0, x2: 300, y1: y(chart.mean), y2: y(chart.mean), stroke: "var(--range)" }));
  for (const p of chart.points)
    for (const limit of p.lower > 0 ? [p.lower, p.upper] : [p.upper])
      drawing.append(svg("line", { x1: x(p.from), x2: x(p.to), y1: y(limit), y2: y(limit), stroke: "var(--quiet)", "stroke-dasharray": "4 3" }));
  drawing.append(svg("polyline", { points: chart.points.map((p) => `${middle(p).toFixed(1)},${y(p.share).toFixed(1)}`).join(" "), fill: "none", stroke: "var(--text)", "stroke-width": 1.5 }));
  for (const p of chart.points)
    drawing.append(svg("circle", { cx: middle(p), cy: y(p.share), r: p.rules.length ? 4.5 : 2.2, fill: p.rules.length ? "var(--high)" : "var(--text)" },
      svg("title", {}, `${moment(p.from)} ${percent(p.share)} ${p.rules.join(" ")}`)));
  return el("div", {}, el("p", { class: "none" }, `${t("rejectRate")} ${percent(chart.mean)}${broken.length ? ` · ${t("ruleViolations")} ${broken.length}` : ""}`), drawing);
}

/** How well the alarms serve, after ISA-18.2 and EEMUA 191. */
async function drawKPIs(days = 30) {
  const kpis = await call(`api/v1/kpis?days=${days}`);
  const table = (heads, rows, words = 1) => el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, heads.map((k, place) => el("th", { scope: "col", class: place < words ? null : "number" }, t(k))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, place) => el("td", { class: place < words ? null : "number" }, cell)))))));
  const measured = (target, value) => target.isShare ? percent(value) : number(value);
  const loads = (title, list) => [el("h2", {}, t(title)), list.length
    ? table(["alarm", "signal", "came", "ofAll"], list.map((l) => [l.alarm, l.signal, number(l.newAlarms), percent(l.share)]), 2)
    : el("p", { class: "none" }, t("none"))];
  const length = (seconds) => seconds === null ? "–" : `${number(seconds / 60)} min`;
  main.replaceChildren(
    el("div", { class: "buttons" }, [1, 7, 30, 90].map((d) => el("button", { class: "act", type: "button", "aria-pressed": d === days ? "true" : "false", onclick: () => drawKPIs(d) }, `${d} ${t("days")}`))),
    el("p", { class: "none" }, `${moment(kpis.from)} – ${moment(kpis.to)}`, kpis.isLongEnough ? "" : ` · ${t("tooShort")}`),
    el("div", { class: "figures" }, figure(number(kpis.newAlarms), t("newAlarms")), figure(number(kpis.newAlarmsPerHourAndOperator), t("perHour")),
      figure(number(kpis.mostInTenMinutes), t("mostInTen")), figure(length(kpis.meanSecondsToAcknowledge), t("timeToAcknowledge")), figure(number(kpis.silencedAtEnd), t("silenced")),
      ...Object.entries(kpis.byPriority).filter(([, count]) => count).map(([key, count]) => figure(number(count), t(key)))),
    table(["measure", "value", "target", ""], kpis.targets.map((g) => [t(`kpi ${g.name}`), el("span", { class: g.isMet ? "" : "missed" }, measured(g, g.value)), `≤ ${measured(g, g.atMost)}`, g.isMet ? "" : t("missed")])),
    ...loads("topTen", kpis.topTen), ...loads("chattering", kpis.chattering), ...loads("standing", kpis.standing),
    el("h2", {}, t("floods")), kpis.floods.length ? table(["from", "to", "newAlarms"], kpis.floods.map((f) => [moment(f.from), f.to ? moment(f.to) : t("lasts"), number(f.alarms)])) : el("p", { class: "none" }, t("none")));
}
