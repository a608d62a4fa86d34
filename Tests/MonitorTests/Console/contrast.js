(() => {
  // Every text of the page that is too near to what lies behind it, after WCAG 2.1, 1.4.3 (AA):
  // 4.5 to 1, or 3 to 1 for large text. Opacity is that of the element's whole group.
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number); return { c: [r, g, b], a }; };
  const mix = (below, above, a) => below.map((v, i) => v * (1 - a) + above[i] * a);
  const behind = (node) => {
    if (!node) return [255, 255, 255];
    const own = parse(getComputedStyle(node).backgroundColor);
    return mix(behind(node.parentElement), own.c, own.a * Number(getComputedStyle(node).opacity));
  };
  const group = (node) => node && (Number(getComputedStyle(node).opacity) < 1 ? node : group(node.parentElement));
  const luminance = (c) => {
    const [r, g, b] = c.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const texts = [...document.querySelectorAll("body *")].filter((node) =>
    node.getClientRects().length && [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
  const faults = [];
  for (const node of texts) {
    const style = getComputedStyle(node), faded = group(node), back = behind(node);
    const colour = parse(node.namespaceURI.endsWith("svg") ? style.fill : style.color);
    const opacity = faded ? Number(getComputedStyle(faded).opacity) : 1;
    const seen = mix(faded ? behind(faded.parentElement) : back, mix(back, colour.c, colour.a), opacity);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const wanted = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    const found = ratio(seen, back);
    if (found < wanted) faults.push(`${node.tagName}.${node.className} "${node.textContent.trim().slice(0, 30)}": ${found.toFixed(2)}`);
  }
  return { texts: texts.length, faults: [...new Set(faults)] };
})()
