import type { Locale } from "../../lib/locale.js";
import type { Actor, Command } from "../command.js";
import type { PermissionPolicy } from "../context.js";
import { adminLines, permit } from "../permission.js";
import { phrase } from "../phrase.js";
import { code, message, text, toAsker } from "../reply.js";
import { shown } from "../shown.js";

export const whoami: Command = {
  name: "whoami",
  aliases: ["id", "我是谁", "我"],
  usage: { en: "/tb whoami", zh: "/tb 我是谁" },
  summary: {
    en: "Your id and this place's id, as the config wants them, and what you may do.",
    zh: "显示你和此会话在配置中的编号，以及你的权限。",
  },
  needs: "read",
  run(_words, { request, locale, permissions, impliedRun }) {
    const { actor, place } = request;
    const allowed = may(actor, permissions, locale);
    const isAdmin = permit(actor, "administer", permissions).kind === "allowed";
    return Promise.resolve(
      toAsker(
        message("info", phrase(locale, `You are ${shown(actor.name)}`, `你是 ${shown(actor.name)}`), [
          {
            kind: "facts",
            facts: [
              { label: phrase(locale, "you", "你"), value: [code(`${actor.platform}:${actor.id}`)] },
              {
                label: phrase(locale, "this place", "此会话"),
                value: [code(`${place.platform}:${place.address}`)],
              },
              ...(impliedRun === undefined
                ? []
                : [{ label: phrase(locale, "this run", "此运行"), value: [code(impliedRun)] }]),
              { label: phrase(locale, "you may", "权限"), value: [allowed] },
            ],
          },
          ...(actor.kind !== "member" || isAdmin
            ? []
            : ([
                text(
                  phrase(locale, "To become an admin, in ", "成为管理员需在 "),
                  code("tensorbell.yaml"),
                  phrase(locale, ":", " 中加入："),
                ),
                { kind: "preformatted", text: adminLines(actor) },
              ] as const)),
        ]),
      ),
    );
  },
};

function may(actor: Actor, policy: PermissionPolicy, locale: Locale): string {
  if (permit(actor, "administer", policy).kind === "allowed") {
    return phrase(locale, "everything", "全部操作");
  }
  if (permit(actor, "touch", policy).kind === "allowed") {
    return phrase(
      locale,
      "look, acknowledge, mute, and set thresholds of a run in its own thread or quoting one of its messages",
      "查看、确认、静音，以及在运行的话题中或引用它的消息设置其阈值",
    );
  }
  return phrase(locale, "look", "查看");
}
