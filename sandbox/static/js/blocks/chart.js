/** `data_visualization` blocks: pie, bar, area and line charts, and the same figures as a table for screen readers. */

import { h } from "../dom.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 220;
const ROOM = { top: 12, right: 12, bottom: 26, left: 44 };
const LEAST_WIDTH = 240;

/** A chart. It is drawn for the room it has, and again when that changes. */
export function chartNode(block) {
  const { chart, title } = block;
  const stage = h("div", { class: "chart-stage" });
  const draw = { pie, bar: bars, line: lines, area: areas }[chart.type];
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.max(LEAST_WIDTH, stage.clientWidth);
    if (width === drawn) return;
    drawn = width;
    stage.replaceChildren(draw(chart, width));
  }).observe(stage);
  return h(
    "figure",
    { class: "chart", "aria-label": title },
    h("figcaption", {}, title),
    chart.axis_config?.y_label && h("div", { class: "chart-axis" }, chart.axis_config.y_label),
    stage,
    chart.axis_config?.x_label && h("div", { class: "chart-axis chart-axis-x" }, chart.axis_config.x_label),
    legend(chart),
    figures(block),
  );
}

function legend(chart) {
  const total = (chart.segments ?? []).reduce((sum, segment) => sum + segment.value, 0);
  const rows = chart.segments
    ? chart.segments.map(({ label, value }) => `${label} ${Math.round((100 * value) / total)}%`)
    : chart.series.map(({ name }) => name);
  if (!chart.segments && rows.length < 2) return null;
  return h(
    "ul",
    { class: "chart-legend", "aria-hidden": "true" },
    rows.map((words, place) => h("li", { class: `series-${place}` }, words)),
  );
}

/** The figures in words: a drawing says nothing to who does not see it. */
function figures({ chart, title }) {
  const rows = chart.segments
    ? chart.segments.map(({ label, value }) => [label, value])
    : chart.axis_config.categories.map((label) => [label, ...chart.series.map((one) => valueAt(one, label))]);
  const head = chart.segments ? ["", title] : ["", ...chart.series.map(({ name }) => name)];
  return h(
    "table",
    { class: "sr-only" },
    h("caption", {}, title),
    h("thead", {}, h("tr", {}, head.map((words) => h("th", { scope: "col" }, words)))),
    h(
      "tbody",
      {},
      rows.map(([label, ...values]) =>
        h("tr", {}, h("th", { scope: "row" }, label), values.map((value) => h("td", {}, value))),
      ),
    ),
  );
}

function valueAt(series, label) {
  return series.data.find((point) => point.label === label)?.value ?? 0;
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.flat(Infinity).filter(Boolean));
  return node;
}

function canvas(width, ...children) {
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, "aria-hidden": "true" },
    ...children,
  );
}

/** Round steps for an axis that takes in all values and zero. */
function ticksFor(values) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const rough = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
  const [first, last] = [Math.floor(low / step), Math.max(1, Math.ceil(high / step))];
  return Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

/** Axes, lines and labels; what stands on them asks `x` for the middle of a category and `y` for a height. */
function frame(chart, width, values) {
  const ticks = ticksFor(values);
  const { categories } = chart.axis_config;
  const slot = (width - ROOM.left - ROOM.right) / categories.length;
  const x = (place) => ROOM.left + slot * (place + 0.5);
  const tall = HEIGHT - ROOM.top - ROOM.bottom;
  const y = (value) =>
    ROOM.top + (tall * (ticks.at(-1) - value)) / (ticks.at(-1) - ticks[0] || 1);
  const longest = Math.max(...categories.map((label) => label.length)) * 7 + 8;
  const every = Math.max(1, Math.ceil(longest / slot));
  const lines = ticks.map((tick) => [
    svg("line", {
      class: tick === 0 ? "chart-zero" : "chart-line",
      x1: ROOM.left,
      x2: width - ROOM.right,
      y1: y(tick),
      y2: y(tick),
    }),
    svg("text", { x: ROOM.left - 6, y: y(tick) + 4, "text-anchor": "end" }, tick.toLocaleString("en-US")),
  ]);
  const labels = categories.map(
    (label, place) =>
      place % every === 0 && svg("text", { x: x(place), y: HEIGHT - 8, "text-anchor": "middle" }, label),
  );
  return { x, y, slot, marks: [lines, labels] };
}

function bars(chart, width) {
  const { categories } = chart.axis_config;
  const values = chart.series.flatMap((series) => series.data.map(({ value }) => value));
  const { x, y, slot, marks } = frame(chart, width, values);
  const wide = Math.min(44, (slot * 0.76) / chart.series.length);
  const drawn = chart.series.flatMap((series, nth) =>
    categories.map((label, place) => {
      const value = valueAt(series, label);
      const left = x(place) + (nth - chart.series.length / 2) * wide;
      const top = Math.min(y(value), y(0));
      return [
        svg(
          "rect",
          {
            class: `series-${nth}`,
            x: left + 1,
            y: top,
            width: Math.max(1, wide - 2),
            height: Math.max(1, Math.abs(y(value) - y(0))),
            rx: 2,
          },
          svg("title", {}, `${label}, ${series.name}: ${value}`),
        ),
        // A value is written where its bar has room for it.
        wide >= 24 &&
          svg(
            "text",
            { class: "chart-value", x: left + wide / 2, y: (value < 0 ? y(value) + 14 : top - 4), "text-anchor": "middle" },
            value.toLocaleString("en-US"),
          ),
      ];
    }),
  );
  return canvas(width, marks, drawn);
}

function lines(chart, width) {
  const { categories } = chart.axis_config;
  const values = chart.series.flatMap((series) => series.data.map(({ value }) => value));
  const { x, y, marks } = frame(chart, width, values);
  const drawn = chart.series.flatMap((series, nth) => {
    const points = categories.map((label, place) => [x(place), y(valueAt(series, label))]);
    return [
      svg("polyline", { class: `line series-${nth}`, points: points.map((point) => point.join()).join(" ") }),
      points.map(([cx, cy], place) =>
        svg(
          "circle",
          { class: `series-${nth}`, cx, cy, r: 3.5 },
          svg("title", {}, `${categories[place]}, ${series.name}: ${valueAt(series, categories[place])}`),
        ),
      ),
    ];
  });
  return canvas(width, marks, drawn);
}

/** Areas lie on top of each other, as in Slack: the upper edge is the sum. */
function areas(chart, width) {
  const { categories } = chart.axis_config;
  const sums = categories.map(() => [0]);
  for (const series of chart.series)
    categories.forEach((label, place) => sums[place].push(sums[place].at(-1) + valueAt(series, label)));
  const { x, y, marks } = frame(chart, width, sums.flat());
  const drawn = chart.series.map((series, nth) => {
    const edge = (level) => categories.map((_, place) => `${x(place)},${y(sums[place][level])}`);
    return svg(
      "polygon",
      { class: `series-${nth}`, points: [...edge(nth + 1), ...edge(nth).reverse()].join(" ") },
      svg("title", {}, series.name),
    );
  });
  return canvas(width, marks, drawn);
}

function pie(chart, width) {
  const total = chart.segments.reduce((sum, segment) => sum + segment.value, 0);
  const [cx, cy, radius] = [width / 2, HEIGHT / 2, HEIGHT / 2 - 12];
  const at = (share) => {
    const angle = 2 * Math.PI * share - Math.PI / 2;
    return `${(cx + radius * Math.cos(angle)).toFixed(2)} ${(cy + radius * Math.sin(angle)).toFixed(2)}`;
  };
  let before = 0;
  const slices = chart.segments.map(({ label, value }, place) => {
    const share = value / total;
    const words = svg("title", {}, `${label}: ${value} (${Math.round(100 * share)}%)`);
    const from = before;
    before += share;
    if (share > 0.9999) return svg("circle", { class: `series-${place}`, cx, cy, r: radius }, words);
    const arc = `M${cx} ${cy}L${at(from)}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${at(before)}Z`;
    return svg("path", { class: `slice series-${place}`, d: arc }, words);
  });
  return canvas(width, slices);
}
