import type { Actor, Command } from "./command.js";
import type { PermissionPolicy } from "./context.js";

export type Need = Command["needs"];

export type Permission =
  | { readonly kind: "allowed" }
  /** `no-admin`: an entry in `permissions.admins` would change the answer; `outsider`: nothing would. */
  | { readonly kind: "refused"; readonly why: "outsider" | "no-admin" };

/** Who may: the operator everything, guests, strangers and bots read, members read and touch, admins administer. */
export function permit(actor: Actor, need: Need, policy: PermissionPolicy): Permission {
  switch (actor.kind) {
    case "operator":
      return { kind: "allowed" };
    case "guest":
    case "stranger":
    case "bot":
      return need === "read" ? { kind: "allowed" } : { kind: "refused", why: "outsider" };
    case "member":
      if (need !== "administer" || policy.admins.includes(adminId(actor))) return { kind: "allowed" };
      return { kind: "refused", why: "no-admin" };
  }
}

/** How the config names a person: `platform:id`. */
export function adminId(actor: Actor): string {
  return `${actor.platform}:${actor.id}`;
}

/** The lines that make a person an admin, as YAML for `tensorbell.yaml`. */
export function adminLines(actor: Actor): string {
  return `permissions:\n  admins:\n    - ${JSON.stringify(adminId(actor))}`;
}
