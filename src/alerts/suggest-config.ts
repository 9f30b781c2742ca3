import type { Candidate } from "./suggest-knob.js";
import type { Study } from "./suggest-study.js";

/** The lines of tensorbell.yaml that apply a candidate: to these tags, or wherever the rule applies. */
export function configLines({ knob, points }: Study, candidate: Candidate, tags?: readonly string[]): string {
  const settings = [
    // JSON is YAML: whatever a tag holds, it stays one text.
    ...(tags === undefined
      ? []
      : [`tags: ${tags.length === 1 ? JSON.stringify(tags[0]) : JSON.stringify(tags)}`]),
    ...(knob.kind === "limit" ? [`op: "${knob.op}"`] : []),
    `${knob.setting}: ${candidate}`,
    ...(knob.kind === "limit" && points !== 1 ? [`for: ${points}`] : []),
  ];
  return `rules:\n  ${knob.rule}: { ${settings.join(", ")} }`;
}
