import type { Locale } from "../lib/locale.js";
import type { CommandRequest, Reply } from "./command.js";
import type { PermissionPolicy } from "./context.js";
import { adminLines, type Need, permit } from "./permission.js";
import { phrase } from "./phrase.js";
import { code, problem, text } from "./reply.js";

/** What a refusal is judged from; every context has it. */
export interface Asker {
  readonly request: CommandRequest;
  readonly locale: Locale;
  readonly permissions: PermissionPolicy;
}

/** The reply that refuses, or undefined where the asker may. */
export function refusal(need: Need, { request, locale, permissions }: Asker): Reply | undefined {
  const permission = permit(request.actor, need, permissions);
  if (permission.kind === "allowed") return undefined;
  if (permission.why === "outsider") {
    return problem(
      phrase(
        locale,
        "Guests, bots and people of other organisations can look, but not change anything.",
        "访客、机器人和其他组织的成员只能查看，不能更改。",
      ),
      text(phrase(locale, "Ask a full member of this organisation.", "请联系本组织的正式成员。")),
    );
  }
  return problem(
    phrase(locale, "This needs an admin of TensorBell.", "此操作需要 TensorBell 管理员权限。"),
    text(
      phrase(locale, "Whoever runs the bot can allow it with these lines in ", "由维护者在 "),
      code("tensorbell.yaml"),
      phrase(locale, ":", " 中加入以下内容即可："),
    ),
    { kind: "preformatted", text: adminLines(request.actor) },
  );
}
