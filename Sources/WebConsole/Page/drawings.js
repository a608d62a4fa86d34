// Small drawings beside values. The figures come worked out from the server.

import { el, moment, number, percent, svg, t } from "./base.js";

/** A value against its normal range: the band is normal, the line is now. */
export function rangeDrawing(reading) {
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

export function sparkDrawing(values) {
  const known = values.filter((v) => v !== null);
  if (known.length < 2) return "";
  const from = Math.min(...known), span = Math.max(...known) - from || 1;
  const points = values.map((v, i) => v === null ? null :
    `${(i / (values.length - 1)) * 100},${15 - ((v - from) / span) * 14}`).filter((p) => p !== null);
  return svg("svg", { class: "spark", viewBox: "0 0 100 16", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("polyline", { points: points.join(" "), fill: "none", stroke: "var(--spark)", "stroke-width": 1.5, "vector-effect": "non-scaling-stroke" }));
}

/** The hour's mean so far as a bar, the limit as a line, the forecast as a tick. */
export function barDrawing(mean, limit, forecast) {
  const to = Math.max(mean ?? 0, limit ?? 0, forecast ?? 0) * 1.15 || 1;
  const x = (v) => (v / to) * 100;
  const over = limit !== null && mean !== null && mean > limit;
  const parts = [svg("rect", { x: 0, y: 5, width: x(mean ?? 0), height: 10, fill: over ? "var(--high)" : "var(--spark)" })];
  if (limit !== null) parts.push(svg("rect", { x: x(limit) - 0.4, y: 0, width: 0.8, height: 20, fill: "var(--mark)" }));
  if (forecast !== null) parts.push(svg("path", { d: `M${x(forecast)} 15 l-1.6 5 h3.2 z`, fill: forecast > (limit ?? Infinity) ? "var(--high)" : "var(--quiet)" }));
  const words = `${number(mean)} / ${number(limit)} (${t("forecast")} ${number(forecast)})`;
  return svg("svg", { class: "bar", viewBox: "0 0 100 20", preserveAspectRatio: "none", role: "img", "aria-label": words }, ...parts);
}

/** Rejected parts by class: bars, the most frequent first, and the running share in words. */
export function paretoDrawing(classes) {
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
export function pChartDrawing(chart) {
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
  return el("div", {}, el("p", { class: "none" }, `${t("rejectRate")} ${percent(chart.mean)} · ${t("upperLimit")} ${percent(chart.points.at(-1).upper)}${broken.length ? ` · ${t("ruleViolations")} ${broken.length}` : ""}`), drawing);
}
