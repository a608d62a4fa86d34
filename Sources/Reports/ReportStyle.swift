/// The look of reports: quiet grays, colour only for what is not normal; light and dark.
enum ReportStyle {
  static let css = """
    :root{--ground:#f4f4f2;--panel:#fff;--text:#1e2326;--quiet:#565f66;--line:#d5d8da;--bar:#7d8a94;\
    --bad:#b3261e;--warn:#8a5a00}
    @media (prefers-color-scheme:dark){:root{--ground:#15181a;--panel:#1f2427;--text:#e6e9eb;\
    --quiet:#a3adb5;--line:#3a4247;--bar:#76838d;--bad:#ff8a80;--warn:#ffc35a}}
    body{margin:0;background:var(--ground);color:var(--text);font:15px/1.45 system-ui,sans-serif}
    main{max-width:1080px;margin:0 auto;padding:20px}
    h1{font-size:1.5em;margin:.2em 0}h2{font-size:1.1em;margin:1.6em 0 .5em}
    .quiet{color:var(--quiet)}
    .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(230px,45%),1fr));\
    gap:10px;margin-top:14px}
    .counts{grid-template-columns:repeat(auto-fit,minmax(min(150px,45%),1fr))}
    .tile{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:10px 16px}
    .tile b{display:block;font-size:1.9em;font-weight:600;font-variant-numeric:tabular-nums}
    .tile span{color:var(--quiet)}@media (max-width:30em){.tile b{font-size:1.4em}}
    .tile.bad b{color:var(--bad)}.tile.warn b{color:var(--warn)}
    .warning{border-left:4px solid var(--warn);background:var(--panel);padding:8px 12px}
    svg{width:100%;max-width:760px;background:var(--panel);border:1px solid var(--line);\
    border-radius:6px;padding:10px;box-sizing:border-box}
    svg text{fill:var(--text);font-size:13px}svg .bar{fill:var(--bar)}svg .bar.bad{fill:var(--bad)}
    svg .limit{stroke:var(--text);stroke-width:1.5;stroke-dasharray:4 3}
    svg .axis{stroke:var(--line);fill:none}svg .small{font-size:11px;fill:var(--quiet)}
    svg .halo{paint-order:stroke;stroke:var(--panel);stroke-width:5px}
    svg .end{stroke:var(--bad);stroke-width:1.5}
    svg .limit.other{stroke:var(--quiet);stroke-width:1}
    svg .curve{fill:none;stroke:var(--text);stroke-width:2}svg .dot{fill:var(--text)}
    svg .point{fill:var(--bad)}svg.square{max-width:380px}
    .columns{display:flex;flex-wrap:wrap;gap:20px;align-items:flex-start}
    .columns>*{flex:1 1 320px;min-width:0}
    code{background:var(--panel);border:1px solid var(--line);border-radius:3px;padding:1px 4px;\
    font-size:.92em}
    .gallery{display:grid;gap:14px;\
    grid-template-columns:repeat(auto-fill,minmax(min(300px,100%),1fr))}
    figure[tabindex]{cursor:zoom-in}figure[tabindex]:focus{grid-column:1/-1;cursor:default}
    figure{margin:0;background:var(--panel);border:1px solid var(--line);border-radius:6px;\
    padding:8px;break-inside:avoid}
    .gallery.small{grid-template-columns:repeat(auto-fill,minmax(210px,1fr))}
    .gallery.small img{max-width:100%;height:auto}
    .pair{display:flex;gap:4px}.pair img{flex:1 1 0;min-width:0;width:50%;height:auto;\
    align-self:flex-start}
    figcaption{font-size:.88em;margin-top:6px;overflow-wrap:anywhere}figcaption b{color:var(--bad)}
    table{border-collapse:collapse;width:100%;background:var(--panel);font-size:.9em}
    th,td{text-align:left;padding:4px 10px;border-bottom:1px solid var(--line)}
    td{overflow-wrap:anywhere}@media (max-width:30em){th,td{padding:4px 6px}}
    .wide td:not(.number){min-width:6em}
    .number{text-align:right;font-variant-numeric:tabular-nums}td.number{white-space:nowrap}
    td.warn{color:var(--warn);font-weight:600}svg .bar.faint{opacity:.4}
    th.number{text-align:right}.warning.bad{border-left-color:var(--bad)}.warning{margin:6px 0}
    .wide{overflow-x:auto;margin-top:12px}h3{font-size:1em;margin:1.2em 0 .4em}
    summary{cursor:pointer;margin:1em 0 .4em}
    tr.now td{font-weight:600}td.bad{color:var(--bad);font-weight:600}
    tr.bad td:nth-child(2){color:var(--bad);font-weight:600}
    tr.warn td:nth-child(2){color:var(--warn);font-weight:600}
    @page{margin:14mm 12mm}
    @media print{body{background:#fff;font-size:10.5px}main{padding:0;max-width:none}
    h2,h3,summary{break-after:avoid}tr,svg,.tile,.warning{break-inside:avoid}
    th,td{padding:2px 6px}.wide{overflow:visible}.tile{padding:6px 10px}\
    .tiles{grid-template-columns:repeat(4,1fr)}
    svg{max-width:520px}.gallery.small{grid-template-columns:repeat(4,1fr)}}
    """
}
