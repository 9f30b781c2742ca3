import { describe, expect, it } from "vitest";
import { findRun } from "../../../src/commands/find-run.js";
import { heldRun } from "../../support/command-ports.js";

const runs = [
  "fit/mnist/20260101-1200",
  "fit/mnist/20260102-0900",
  "fit/resnet",
  "resnet",
  "run4",
  "run42",
  "run421",
  "sweep/lr=0.1/run7",
  "实验/基线（一）",
  ".",
].map((name) => heldRun(name, [["", "loss", 1]]).summary);

function found(query: string): string | readonly string[] {
  const result = findRun(runs, query);
  if (result.kind === "found") return result.run.run.name;
  if (result.kind === "ambiguous") return result.choices.map((run) => run.run.name);
  return [`nearest: ${result.nearest.join(" ")}`];
}

describe("a run is named by any unambiguous part of its name", () => {
  it.each([
    ["the exact name wins over longer ones", "run42", "run42"],
    ["the exact name wins over a last path part", "resnet", "resnet"],
    ["a last path part", "run7", "sweep/lr=0.1/run7"],
    ["a prefix of a path part", "20260102", "fit/mnist/20260102-0900"],
    ["any stretch", "0.1", "sweep/lr=0.1/run7"],
    ["any case", "RUN42", "run42"],
    ["a full-width name by its plain form", "基线(一)", "实验/基线（一）"],
    ["a trailing slash, as shells complete it", "fit/resnet/", "fit/resnet"],
    ["the root", ".", "."],
  ])("%s", (_reason, query, name) => {
    expect(found(query)).toBe(name);
  });

  it("by its id", () => {
    expect(found(runs[0]!.id)).toBe("fit/mnist/20260101-1200");
  });

  it("an ambiguous part gives the choices of the best level only", () => {
    expect(found("mnist")).toEqual(["fit/mnist/20260101-1200", "fit/mnist/20260102-0900"]);
    expect(found("run")).toEqual(["run4", "run42", "run421", "sweep/lr=0.1/run7"]);
  });

  it("an unknown name gives the nearest", () => {
    expect(found("run24")).toEqual(["nearest: run42 run4 run421"]);
    expect(found("renset")).toEqual(["nearest: resnet fit/resnet"]);
    expect(found("zzz")).toEqual(["nearest: "]);
    expect(found("")).toEqual(["nearest: "]);
  });

  it("the choices are bounded", () => {
    const many = Array.from({ length: 100 }, (_, n) => heldRun(`sweep/${n}`, []).summary);
    const result = findRun(many, "sweep");
    expect(result).toMatchObject({ kind: "ambiguous", total: 100 });
    expect(result.kind === "ambiguous" && result.choices.length).toBe(8);
  });
});
