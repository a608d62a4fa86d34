// Rejected parts: their pictures, where the method saw the defects, what was measured meanwhile.

import { call, closing, dialog, el, main, moment, number, quiet, t, table } from "./base.js";
import { courseAround } from "./history.js";

/** Pictures of a page of the list. */
const pageful = 48;

const place = (reject, kind) => `api/v1/rejects/${reject.id}/${kind}.png`;
const kinds = (reject) => [...new Set(reject.defects.map((defect) => defect.class))].join(", ");

/** Small pictures that open by click and Enter; nothing when there are none. */
export function rejectPictures(rejects) {
  return rejects.length ? [el("div", { class: "rejects" }, rejects.map((r) => el("figure", {},
    el("button", { class: "picture", type: "button", title: `${r.camera} ${r.image} ${moment(r.time)}`, onclick: () => showReject(r) },
      el("img", { src: place(r, "small"), alt: `${t("reject")} ${r.image}`, loading: "lazy" })),
    el("figcaption", {}, el("b", {}, kinds(r)), ` ${number(r.score)}`, el("br"), `${r.camera} · ${moment(r.time)}`))))] : [];
}

/** All of which a picture is kept, the newest first, a page at a time. */
export async function drawRejects() {
  const older = el("button", { class: "act", type: "button", onclick: () => add() }, t("earlier"));
  const list = el("div", { class: "all-rejects" });
  const add = async () => {
    const last = list.dataset.last;
    const rejects = await call(`api/v1/rejects?newest=${pageful}${last ? `&after=${last}` : ""}`);
    list.append(...rejectPictures(rejects));
    if (rejects.length) list.dataset.last = rejects.at(-1).id;
    older.hidden = rejects.length < pageful;
  };
  await add();
  main.replaceChildren(list.children.length ? list : quiet(t("noRejects")), older);
}

/** The whole picture with the defects marked, where the method saw them, and what was measured meanwhile. */
async function showReject(r) {
  const drawings = r.hasHeat ? ["picture", "heat"] : ["picture"];
  const courses = el("div", { class: "courses" });
  const row = (defect) => el("tr", {}, el("td", {}, defect.class), el("td", { class: "number" }, number(defect.score)),
    el("td", { class: "number" }, `${defect.x}, ${defect.y}`), el("td", { class: "number" }, `${defect.width} × ${defect.height}`));
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, r.image),
    el("p", {}, `${r.camera} · ${moment(r.time)} · ${t("score")} ${number(r.score)} (${t("threshold")} ${number(r.threshold)})`),
    el("div", { class: "reject-pictures" }, drawings.map((kind) => el("figure", {},
      el("img", { src: place(r, kind), alt: t(kind) }), el("figcaption", {}, t(kind))))),
    courses,
    r.defects.length ? table(["defect", "score", "pixels", "size"], r.defects.map(row), ["score", "pixels", "size"]) : "",
    closing());
  if (!dialog.open) dialog.showModal();
  for (const signal of r.signals) courses.append(el("h3", {}, signal), await courseAround(signal, r.time));
}
