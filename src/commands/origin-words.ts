import type { Locale } from "../lib/locale.js";
import type { SettingsOverride } from "../rules/override.js";
import type { WrittenAt } from "../rules/precedence.js";
import { phrase } from "./phrase.js";
import { shown } from "./shown.js";

/** Where a setting was written, beside the rule's name: `config[1] runs nightly/*`, `chat, everyone (Ann)`. One line. */
export function originWords(at: WrittenAt, locale: Locale): string {
  if (at.kind === "chat") {
    const { author } = at.override;
    const whose = scopeWords(at.override, locale);
    return phrase(locale, `chat, ${whose} (${shown(author, 30)})`, `会话，${whose}（${shown(author, 30)}）`);
  }
  const { entry, place, of } = at;
  const patterns = (["runs", "watches", "tags", "splits"] as const).flatMap((kind) => {
    const given = entry[kind];
    if (given === undefined) return [];
    return [`${kind} ${shown(given.slice(0, 3).join(" "), 60)}${given.length > 3 ? " …" : ""}`];
  });
  return [`${phrase(locale, "config", "配置")}${of > 1 ? `[${place}]` : ""}`, ...patterns].join(" ");
}

/** Whose runs a setting made in chat is about, seen from one of them. */
export function scopeWords({ scope }: Pick<SettingsOverride, "scope">, locale: Locale): string {
  switch (scope.kind) {
    case "everyone":
      return phrase(locale, "everyone", "所有运行");
    case "watch":
      return phrase(locale, "this watch", "此监控目录");
    case "group":
      return shown(scope.runs, 60);
    case "run":
      return phrase(locale, "this run", "此运行");
  }
}
