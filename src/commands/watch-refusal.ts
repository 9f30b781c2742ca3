import type { Locale } from "../lib/locale.js";
import type { WatchRefused } from "./context.js";
import { offer } from "./offer.js";
import { phrase } from "./phrase.js";
import { shown } from "./shown.js";

/** Why a watch was not added or removed, and what to do next. No full stop follows a command: it would be copied along. */
export function watchRefusal({ why, place }: WatchRefused, locale: Locale): string {
  const name = shown(place, 120);
  switch (why) {
    case "no-roots":
      return phrase(
        locale,
        "The config allows no directory: add one under roots.",
        "配置中没有允许的目录：请在 roots 中添加。",
      );
    case "outside":
      return phrase(locale, `${name} is outside the allowed directories.`, `${name} 不在允许的目录之内。`);
    case "not-there":
      return phrase(locale, `${name} does not exist or cannot be read.`, `${name} 不存在或无法读取。`);
    case "no-directory":
      return phrase(locale, `${name} is not a directory.`, `${name} 不是目录。`);
    case "watched-already":
      return phrase(locale, `${name} is watched already.`, `${name} 已在监控中。`);
    case "not-watched":
      return phrase(
        locale,
        `${name} is not watched; see ${offer(locale, ["watch", "list"])}`,
        `${name} 未被监控；请查看 ${offer(locale, ["watch", "list"])}`,
      );
    case "from-config":
      return phrase(
        locale,
        `${name} stands in the config file; remove it there.`,
        `${name} 写在配置文件中；请在配置文件中移除。`,
      );
  }
}
