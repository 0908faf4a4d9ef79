/** Times as Slack words them, in the acting person's own zone. */

import { present, state } from "./state.js";

const LOCALE = "en-US";

function zone() {
  return state.me?.tz || undefined;
}

function format(date, options, timeZone = zone()) {
  return new Intl.DateTimeFormat(LOCALE, { timeZone, ...options }).format(date);
}

function ordinal(day) {
  const tail = day % 100 >= 11 && day % 100 <= 13 ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th");
  return `${day}${tail}`;
}

/** The instant of a message's ts. */
export function instantOf(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

/** `2:05 PM` */
export function clockTime(date) {
  return format(date, { hour: "numeric", minute: "2-digit" });
}

/** `2026-11-18` in the person's zone; two messages of one day share it. */
export function dayKey(date) {
  return format(date, { year: "numeric", month: "2-digit", day: "2-digit" }).replace(
    /(\d+)\/(\d+)\/(\d+)/,
    "$3-$1-$2",
  );
}

/** `Today`, `Yesterday` or `Monday, November 16th`. */
export function dayLabel(date) {
  return relativeDay(date) ?? longDay(date, dayKey(date).slice(0, 4) !== dayKey(new Date(present())).slice(0, 4));
}

function relativeDay(date) {
  const apart = (Date.parse(dayKey(date)) - Date.parse(dayKey(new Date(present())))) / 86_400_000;
  return { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[apart] ?? null;
}

function longDay(date, withYear) {
  const weekday = format(date, { weekday: "long" });
  const month = format(date, { month: "long" });
  const day = ordinal(Number(format(date, { day: "numeric" })));
  return `${weekday}, ${month} ${day}${withYear ? `, ${format(date, { year: "numeric" })}` : ""}`;
}

/** `Mon, Nov 30, 8:30 AM` */
export function dayAndTime(date) {
  return format(date, { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
}

/** `Nov 18, 2026 at 2:05:09 PM`, for tooltips. */
export function fullTime(date) {
  return `${format(date, { month: "short", day: "numeric", year: "numeric" })} at ${format(date, { timeStyle: "medium" })}`;
}

function ago(date) {
  const seconds = (date.getTime() - present()) / 1000;
  for (const [unit, length] of [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ]) {
    if (Math.abs(seconds) >= length)
      return new Intl.RelativeTimeFormat(LOCALE).format(Math.round(seconds / length), unit);
  }
  return "just now";
}

/** The words for each part of a date token. */
const DATE_PARTS = {
  date_num: (date) => dayKey(date),
  date: (date) =>
    `${format(date, { month: "long" })} ${ordinal(Number(format(date, { day: "numeric" })))}, ${format(date, { year: "numeric" })}`,
  date_short: (date) => format(date, { month: "short", day: "numeric", year: "numeric" }),
  date_slash: (date) => format(date, { month: "2-digit", day: "2-digit", year: "numeric" }),
  date_long: (date) => longDay(date, true),
  date_long_full: (date) => longDay(date, true),
  date_pretty: (date) => relativeDay(date)?.toLowerCase() ?? DATE_PARTS.date(date),
  date_short_pretty: (date) => relativeDay(date)?.toLowerCase() ?? DATE_PARTS.date_short(date),
  date_long_pretty: (date) => relativeDay(date)?.toLowerCase() ?? DATE_PARTS.date_long(date),
  day_divider_pretty: (date) => dayLabel(date),
  time: (date) => clockTime(date),
  time_secs: (date) => format(date, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (date) => ago(date),
};

/** A date token's format filled in, `{date_short} at {time}`; what it does not know stays as written. */
export function fillDate(pattern, seconds) {
  const date = new Date(seconds * 1000);
  const filled = pattern.replace(/\{(\w+)\}/g, (whole, part) => DATE_PARTS[part]?.(date) ?? whole);
  return /^(today|yesterday|tomorrow)/.test(filled) ? filled[0].toUpperCase() + filled.slice(1) : filled;
}

/** Unix seconds -> `2026-11-18T14:05`, the wall time in the person's zone. */
export function toWallTime(seconds) {
  const date = new Date(seconds * 1000);
  return `${dayKey(date)}T${format(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })}`;
}

/** `2026-11-18T14:05` in the person's zone -> Unix seconds. */
export function fromWallTime(wall) {
  const wanted = Date.parse(`${wall}:00Z`) / 1000;
  let guess = wanted;
  // Twice, because the first correction may itself cross a change of clocks.
  for (let turn = 0; turn < 2; turn += 1) guess += wanted - Date.parse(`${toWallTime(guess)}:00Z`) / 1000;
  return guess;
}
