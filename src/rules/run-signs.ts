import type { SignFile } from "../eventlog/log-source.js";

/** What a run's directory says of its fate beside its event files; the words are file names, untrusted. */
export interface RunSigns {
  /** The file that says it is done. */
  readonly finished?: string;
  /** The file in which a scheduler says that it failed. */
  readonly failed?: string;
  /** A file with an error; a run may survive that. */
  readonly error?: string;
  /** Its pid or lease file is there. */
  readonly leased?: boolean;
  /** Its files were read to their end, and no more is awaited. */
  readonly isRead?: true;
  /** What the runs before it in its group wrote; told once, when the run is new. */
  readonly before?: RunsBefore;
}

/** So many runs before one say what is usual in its group. */
export const runsBefore = 3;

/** What the three runs before one in its group all wrote. */
export interface RunsBefore {
  /** Untrusted. */
  readonly series: readonly { readonly split: string; readonly tag: string }[];
  /** Points of a usual one. */
  readonly points: number;
}

/** Names of files that say something of a run; all others are not looked into. */
export function isSignName(name: string): boolean {
  return [doneNames, errorNames, leaseNames, stateNames].some((names) => names.test(name));
}

/** Signs from the files of a run's directory. A done marker or error written before the run's newest points (seconds, two minutes granted) is another run's. */
export function signsOf(files: readonly SignFile[], newestWallTime: number): RunSigns {
  let signs: RunSigns = {};
  for (const { name, mtimeMs, size, text } of files) {
    if (leaseNames.test(name)) signs = { ...signs, leased: true };
    if (mtimeMs / 1_000 < newestWallTime - 120) continue;
    if (doneNames.test(name)) signs = { finished: name, ...signs };
    else if (errorNames.test(name) && size > 0) signs = { error: name, ...signs };
    else if (stateNames.test(name)) {
      const state = stateIn(text);
      if (failedWords.test(state)) signs = { failed: name, ...signs };
      else if (doneWords.test(state)) signs = { finished: name, ...signs };
    }
  }
  return signs;
}

/** What a state file gives as the state; where it names none, all of it, but for JSON: `"error": null` is no failure. */
function stateIn(text: string): string {
  const named = [...text.matchAll(/(?:state|status)["']?\s*[=:]\s*["']?(\w+)/giu)].map(([, state]) => state);
  if (named.length > 0) return named.join(" ");
  return text.trimStart().startsWith("{") ? "" : text;
}

/** `done`, `.done`, `_SUCCESS`; Hugging Face's Trainer writes its results when it ends. */
const doneNames =
  /^(?:[\w-]*\.?(?:done|finished)|_?success|completed?|training_(?:done|complete|completed|finished)|(?:all|train)_results\.json)(?:\.(?:txt|flag))?$/iu;
/** torchelastic writes error.json. */
const errorNames = /^(?:errors?\.(?:json|txt|log)|traceback\.(?:txt|log)|crash\.(?:txt|log)|core\.\d+)$/iu;
const leaseNames = /^(?:[\w-]*\.)?(?:pid|lease)$/iu;
const stateNames = /^\.?(?:job|slurm|scheduler|run)[_.-]?(?:state|status)(?:\.(?:json|txt))?$/iu;
const failedWords =
  /\b(?:FAILED|CANCELLED|CANCELED|TIMEOUT|OUT_OF_MEMORY|OOM_KILLED|NODE_FAIL|BOOT_FAIL|KILLED|ERROR)\b/iu;
const doneWords = /\b(?:COMPLETED?|SUCCEEDED|FINISHED)\b/iu;
