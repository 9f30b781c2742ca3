export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** The properties of annotations that GitHub documents. */
const annotation = new Set(["title", "file", "line", "endLine", "col", "endColumn"]);
const known: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["notice", annotation],
  ["warning", annotation],
  ["error", annotation],
]);

/**
 * The workflow commands in a step's output, read as GitHub's runner does: `::name key=value,…::message` at the begin of
 * a line after blanks, and the older `##[name …]message` anywhere in a line that is none of those. Stricter than the
 * runner: a line that looks like a command and is none of annotations, or has a property that GitHub does not know, throws.
 */
export function readWorkflow(output: string): {
  readonly commands: readonly WorkflowCommand[];
  readonly plain: readonly string[];
} {
  const commands: WorkflowCommand[] = [];
  const plain: string[] = [];
  for (const line of output.split(/\r\n|\r|\n/)) {
    const begin = line.trimStart();
    if (begin.startsWith("::")) commands.push(commandOf(begin));
    else if (/##(?:vso)?\[/i.test(line)) throw new Error(`an older command: ${line}`);
    else if (line !== "") plain.push(line);
  }
  return { commands, plain };
}

function commandOf(line: string): WorkflowCommand {
  const end = line.indexOf("::", 2);
  if (end < 0) throw new Error(`a command without a message: ${line}`);
  const head = line.slice(2, end);
  const [name = ""] = head.split(" ", 1);
  const allowed = known.get(name);
  if (allowed === undefined) throw new Error(`no annotation: ${line}`);
  const properties: Record<string, string> = {};
  const list = head.slice(name.length).trim();
  for (const pair of list === "" ? [] : list.split(",")) {
    const at = pair.indexOf("=");
    const key = pair.slice(0, at);
    if (at < 1 || at === pair.length - 1 || !allowed.has(key)) throw new Error(`no property: ${pair}`);
    properties[key] = unescaped(pair.slice(at + 1), [...escapes, ["%3A", ":"], ["%2C", ","]]);
  }
  return { name, properties, message: unescaped(line.slice(end + 2), escapes) };
}

type Escapes = readonly (readonly [string, string])[];

const escapes: Escapes = [
  ["%0D", "\r"],
  ["%0A", "\n"],
];

/** A percent sign comes last, as in the runner; one that escapes nothing is refused. */
function unescaped(text: string, all: Escapes): string {
  const codes = [...all.map(([code]) => code), "%25"];
  const stray = text.replaceAll(new RegExp(codes.join("|"), "g"), "");
  if (stray.includes("%")) throw new Error(`a percent sign that was not escaped: ${text}`);
  return all.reduce((rest, [code, plain]) => rest.replaceAll(code, plain), text).replaceAll("%25", "%");
}
