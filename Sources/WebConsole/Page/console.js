// The frame of the page: which view is shown, and the stream from the monitor. The server sends the
// whole screen as one JSON object each second (server-sent events); the page only draws.

import { alarmsShown, drawAlarms, drawBanner, drawJournal } from "./alarms.js";
import { badge, call, lang, main, moment, page, quiet, t } from "./base.js";
import { drawSignals } from "./history.js";
import { drawKPIs } from "./kpis.js";
import { drawScreen } from "./panels.js";
import { drawRejects } from "./rejects.js";

const banner = document.getElementById("banner");
const views = { screen: drawScreen, alarms: () => drawAlarms(() => draw(true)), journal: drawJournal, rejects: drawRejects, signals: drawSignals, kpis: () => drawKPIs() };
const currentView = () => views[location.hash.slice(1)] ? location.hash.slice(1) : "screen";
/** When the monitor last spoke, in milliseconds since 1970. */
let lastMessage = 0;
/** What the list of alarms was drawn from. */
let drawn = null;

/** Each cell knows its column's name: on a telephone, rows stand as cards. */
function labelCells() {
  for (const list of main.querySelectorAll("table")) {
    const names = [...list.querySelectorAll("th")].map((head) => head.textContent);
    for (const row of list.querySelectorAll("tbody tr"))
      [...row.cells].forEach((cell, column) => { cell.dataset.label = names[column] ?? ""; });
  }
}

async function draw(isAsked) {
  if (!page.screen) return;
  drawBanner(banner);
  document.getElementById("clock").textContent = moment(page.screen.lastSample);
  const view = currentView();
  for (const link of document.querySelectorAll("nav a"))
    link.dataset.view === view ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  // The lists that are fetched are drawn when opened, so that reading them is not disturbed.
  if (!isAsked && ["journal", "rejects", "signals", "kpis"].includes(view)) return;
  // Nor is that of a list of alarms that has not changed.
  const shown = view === "alarms" ? alarmsShown() : null;
  if (!isAsked && shown !== null && shown === drawn) return;
  drawn = shown;
  const focused = document.activeElement?.title;
  try { await views[view](); } catch (error) { main.replaceChildren(quiet(error.message)); }
  // A list that came late must not lie over the view that the reader has gone on to.
  if (currentView() !== view) return draw(true);
  labelCells();
  if (focused) [...main.querySelectorAll("[title]")].find((node) => node.title === focused)?.focus();
}

function markFrozen() {
  // The stream brings a message each second: silence means that what is shown is old.
  const isSilent = Date.now() - lastMessage > 3000;
  document.body.classList.toggle("frozen", isSilent || (page.screen?.frozen ?? false));
  if (!isSilent) return;
  banner.className = "active";
  banner.replaceChildren(badge("high"), t("connectionLost"));
}

/** Follows the monitor; when it is gone for a while, begins again. */
function follow() {
  const stream = new EventSource("api/v1/stream");
  stream.addEventListener("screen", (event) => {
    page.screen = JSON.parse(event.data);
    const isFirst = lastMessage === 0;
    lastMessage = Date.now();
    draw(isFirst);
  });
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED) return;
    // The browser gives up after an answer that is no stream: a proxy's, or that nobody is logged in.
    call("api/v1/alarms?first=1").catch(() => null);
    setTimeout(follow, 2000);
  });
}

page.texts = await call(`api/v1/texts?lang=${lang}`);
document.getElementById("session").hidden = !document.body.dataset.csrf;
follow();
window.addEventListener("hashchange", () => { draw(true); main.focus(); });
setInterval(markFrozen, 1000);
