import type { Actor } from "./command.js";
import { shown } from "./shown.js";

/** Who did it, as stored and shown: the name people know and the id that stays. */
export function authorOf(actor: Actor): string {
  const id = `${actor.platform}:${actor.id}`;
  const name = actor.name.trim() === "" ? "" : shown(actor.name, 40);
  return name === "" || name === actor.id ? shown(id) : `${name} (${shown(id)})`;
}
