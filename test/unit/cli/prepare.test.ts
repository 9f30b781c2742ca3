import { describe, expect, it } from "vitest";
import { userFolder } from "../../../src/cli/prepare.js";

describe("the folder that relative paths count from", () => {
  it("is where the user stands when they type npm start", () => {
    expect(userFolder({ npm_package_name: "tensorbell", INIT_CWD: "/home/ada" }, "/opt/tensorbell")).toBe(
      "/home/ada",
    );
  });

  it("is the working directory otherwise, also inside another package's script", () => {
    expect(userFolder({}, "/data")).toBe("/data");
    expect(userFolder({ npm_package_name: "training", INIT_CWD: "/home/ada" }, "/data")).toBe("/data");
  });
});
