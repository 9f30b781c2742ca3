import { expect, it } from "vitest";
import type { WatchRefused } from "../../../src/commands/context.js";
import { watchRefusal } from "../../../src/commands/watch-refusal.js";

it("says why a watch was refused in the language of the place, whatever the path tries", () => {
  const whys: readonly WatchRefused["why"][] = [
    "no-roots",
    "outside",
    "not-there",
    "no-directory",
    "watched-already",
    "not-watched",
    "from-config",
  ];
  const said = (["en", "zh"] as const).flatMap((locale) =>
    whys.map((why) => watchRefusal({ kind: "refused", why, place: "/logs/a\u202eb\n" }, locale)),
  );
  expect(said).toMatchInlineSnapshot(`
    [
      "The config allows no directory: add one under roots.",
      "/logs/a b is outside the allowed directories.",
      "/logs/a b does not exist or cannot be read.",
      "/logs/a b is not a directory.",
      "/logs/a b is watched already.",
      "/logs/a b is not watched; see /tb watch list",
      "/logs/a b stands in the config file; remove it there.",
      "配置中没有允许的目录：请在 roots 中添加。",
      "/logs/a b 不在允许的目录之内。",
      "/logs/a b 不存在或无法读取。",
      "/logs/a b 不是目录。",
      "/logs/a b 已在监控中。",
      "/logs/a b 未被监控；请查看 /tb 监控 列表",
      "/logs/a b 写在配置文件中；请在配置文件中移除。",
    ]
  `);
});
