import type { Command } from "commander";
import { Option } from "commander";
import { locales } from "../lib/locale.js";

/** `tensorbell card-template`: prints the template of DingTalk's run card, ready to import on its card platform. */
export function registerCardTemplate(program: Command): void {
  program
    .command("card-template")
    .description("print the template of the run card to import in DingTalk")
    .addOption(new Option("--language <language>", "language of the buttons").choices(locales).default("zh"))
    .addHelpText(
      "after",
      "\nSave it to a file, import that on https://open-dev.dingtalk.com/fe/card, save and publish it there, and set\ndingtalk.cardTemplateId in tensorbell.yaml to its id.",
    )
    .action(async ({ language }: { readonly language: (typeof locales)[number] }) => {
      const [{ print }, { cardTemplate }] = await Promise.all([
        import("./print.js"),
        import("../chat/dingtalk/card-template.js"),
      ]);
      await print(`${JSON.stringify(cardTemplate(language), null, 2)}\n`);
    });
}
