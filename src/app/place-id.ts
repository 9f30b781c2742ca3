/** A place's id as its platform has it: `whoami` shows it with the platform's name before it, as a route wants it, and people paste that. */
export function placeId(pasted: string): string {
  return pasted.replace(/^(?:dingtalk|slack):/, "");
}
