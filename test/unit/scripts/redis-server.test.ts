import { describe, expect, it } from "vitest";
// @ts-expect-error: plain JavaScript, so that it runs before anything is installed
import * as untyped from "../../../scripts/redis-server.mjs";

interface Machine {
  readonly platform: string;
  readonly has: (tool: string) => boolean;
  readonly root: boolean;
  readonly sudo: () => boolean;
  readonly forbidden: boolean;
}
type Plan =
  | { readonly kind: "ask"; readonly sentence: string }
  | {
      readonly kind: "run";
      readonly command: string;
      readonly args: readonly string[];
      readonly shown: string;
    };
interface RedisServerScript {
  readonly installPlan: (machine: Machine) => Plan;
  readonly redisProblem: (version: string | undefined) => string | undefined;
}
const { installPlan, redisProblem } = untyped as RedisServerScript;

function plan(tools: readonly string[], rest: Partial<Machine> = {}): Plan {
  const has = (tool: string) => tools.includes(tool);
  return installPlan({ platform: "linux", has, root: false, sudo: () => false, forbidden: false, ...rest });
}

describe("what set-up does where no Redis server is found", () => {
  it.each([
    ["apt-get", "apt-get install -y redis-server"],
    ["dnf", "dnf install -y valkey"],
    ["apk", "apk add redis"],
  ])("installs it with %s as root and shows the command", (tool, shown) => {
    expect(plan([tool], { root: true })).toMatchObject({ kind: "run", command: "sh", shown });
  });

  it("uses sudo where that asks for no password", () => {
    const found = plan(["apt-get", "sudo"], { sudo: () => true });
    expect(found).toMatchObject({
      kind: "run",
      command: "sudo",
      shown: "sudo apt-get install -y redis-server",
    });
  });

  it("keeps Debian's package from starting its service, then and at the next boot", () => {
    const found = plan(["apt-get"], { root: true });
    const script = found.kind === "run" ? found.args.join(" ") : "";
    expect(script).toContain("policy-rc.d");
    expect(script).toContain("exit 101");
    expect(script).toContain("systemctl disable redis-server");
  });

  it.each([
    ["sudo would ask for a password", plan(["apt-get", "sudo"]), "sudo apt-get install -y redis-server"],
    ["there is no sudo", plan(["dnf"]), "sudo dnf install -y valkey"],
    ["it is forbidden", plan(["apk"], { root: true, forbidden: true }), "sudo apk add redis"],
    ["no package manager is known", plan([], { root: true }), "REDIS_URL"],
  ])("says the exact command where %s", (_reason, found, command) => {
    expect(found).toMatchObject({ kind: "ask" });
    expect(found.kind === "ask" && found.sentence).toContain(command);
  });

  it("uses Homebrew as the user", () => {
    expect(plan(["brew"], { platform: "darwin" })).toMatchObject({
      kind: "run",
      command: "sh",
      shown: "brew install redis",
    });
  });
});

it("refuses a server below 6.2", () => {
  expect(redisProblem("6.0.16")).toContain("too old");
  expect(redisProblem("6.2.0")).toBeUndefined();
  expect(redisProblem("8.0.1")).toBeUndefined();
});
