import type { Locale } from "../lib/locale.js";
import type { Command } from "./command.js";
import { phrase } from "./phrase.js";

/** The commands as a table in Markdown, for docs/commands.md; a test holds page and registry together. */
export function commandTable(commands: readonly Command[], locale: Locale): string {
  const columns = [
    phrase(locale, "Command", "命令"),
    phrase(locale, "What it does", "作用"),
    phrase(locale, "Who may", "权限"),
    phrase(locale, "Also", "别名"),
  ];
  const rows = commands.map((command) => [
    `\`${command.usage[locale]}\``,
    command.summary[locale],
    who(command, locale),
    command.aliases.map((alias) => `\`${alias}\``).join(" "),
  ]);
  return [columns, columns.map(() => "---"), ...rows]
    .map((row) => `| ${row.map(cell).join(" | ")} |`)
    .join("\n");
}

function cell(content: string): string {
  return content.replaceAll("|", "\\|");
}

function who({ needs, mayNeed }: Command, locale: Locale): string {
  const words = {
    read: phrase(locale, "everybody", "所有人"),
    touch: phrase(locale, "members", "成员"),
    administer: phrase(locale, "admins", "管理员"),
  };
  if (mayNeed === undefined) return words[needs];
  return phrase(
    locale,
    `${words[needs]} to look, ${words[mayNeed]} to change`,
    `${words[needs]}可查看，${words[mayNeed]}可更改`,
  );
}
