import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import AjvDraft4 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { z } from "zod";

const gitlabIssues = z.array(
  z.strictObject({
    description: z.string().min(1),
    check_name: z.string().min(1),
    fingerprint: z.string().min(1),
    severity: z.enum(["info", "minor", "major", "critical", "blocker"]),
    location: z.strictObject({
      // GitLab opens it below the repository.
      path: z.string().regex(/^(?!\.?\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\n\r]+$/),
      lines: z.strictObject({ begin: z.int().positive() }),
    }),
  }),
);

/** A code quality report by the fields that GitLab documents; fingerprints are unique, or GitLab shows one of the equals. */
export function readGitlab(text: string): z.infer<typeof gitlabIssues> {
  const issues = gitlabIssues.parse(JSON.parse(text));
  const prints = new Set(issues.map(({ fingerprint }) => fingerprint));
  if (prints.size !== issues.length) throw new Error("two issues share a fingerprint");
  return issues;
}

const require = createRequire(import.meta.url);
const sarifSchema: unknown = JSON.parse(
  readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"),
);
const ajv = new AjvDraft4.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validateSarif = ajv.compile(sarifSchema as object);

interface SarifLog {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly message: { readonly text: string };
    }[];
  }[];
}

/** A SARIF log that keeps the official schema of 2.1.0; in its messages stand neither links nor placeholders. */
export function readSarif(text: string): SarifLog {
  const log = JSON.parse(text) as SarifLog;
  if (!validateSarif(log)) throw new Error(ajv.errorsText(validateSarif.errors));
  for (const { message } of log.runs.flatMap(({ results }) => results)) {
    const rest = message.text.replaceAll(/\\[\\[\]]|\{\{|\}\}/g, "");
    if (/[\\[\]{}]/.test(rest)) throw new Error(`a link or a placeholder: ${message.text}`);
  }
  return log;
}
