import { describe, expect, it } from "vitest";
import { formatAgo, formatClock, formatTime, isTimeZone } from "../../../src/message/format-time.js";

const at = Date.UTC(2026, 2, 1, 14, 15, 9);

describe("a moment", () => {
  it("is written in its time zone, whatever the machine's", () => {
    expect(formatTime(at, "UTC", "en")).toBe("2026-03-01 14:15:09 UTC");
    expect(formatTime(at, "Asia/Shanghai", "zh")).toBe("2026-03-01 22:15:09 GMT+8");
    expect(formatClock(at, "Asia/Shanghai", "en")).toBe("22:15 GMT+8");
  });

  it("at midnight is hour 00", () => {
    expect(formatTime(Date.UTC(2026, 0, 1), "UTC", "en")).toBe("2026-01-01 00:00:00 UTC");
  });

  it.each([Number.NaN, Infinity, 1e300, -1e17])("that no calendar has (%d) is said to be unknown", (ms) => {
    expect(formatTime(ms, "UTC", "en")).toBe("unknown time");
    expect(formatClock(ms, "UTC", "zh")).toBe("时间未知");
  });
});

describe("how long ago", () => {
  it.each([
    [5_000, "just now", "刚刚"],
    [-60_000, "just now", "刚刚"],
    [45_000, "45 s ago", "45 秒前"],
    [180_000, "3 min ago", "3 分钟前"],
    [7_200_000, "2 h ago", "2 小时前"],
    [200_000_000, "2 d ago", "2 天前"],
    [Number.NaN, "at an unknown time", "时间未知"],
  ])("%d ms is %s", (ms, en, zh) => {
    expect(formatAgo(at - ms, at, "en")).toBe(en);
    expect(formatAgo(at - ms, at, "zh")).toBe(zh);
  });
});

it("a time zone is known or not", () => {
  expect(isTimeZone("Europe/Berlin")).toBe(true);
  expect(isTimeZone("Mars/Olympus")).toBe(false);
});
