/** One thing looked at: what was found, and for a fault what to do. `note` is worth knowing and keeps nothing from working. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "note" | "fault";
  readonly found: string;
  readonly remedy?: string;
}
