import { decodeMessage, fieldsOf, itemsOf, textOf } from "./event-schema.js";
import type { HParamValue } from "./record-sink.js";

export const hparamBounds = { names: 200, nameLength: 200, textLength: 1_000 } as const;

/** Adds the hyper-parameters of a session's start (the content of TensorBoard's hparams plugin) to `into`; what is no such content adds nothing. Returns how many were left out or cut short by the bounds. */
export function readHParams(content: unknown, into: Map<string, HParamValue>): number {
  if (!(content instanceof Uint8Array)) return 0;
  let cut = 0;
  const start = fieldsOf(decodeMessage("HParamsPluginData", content)?.["sessionStartInfo"]);
  for (const item of itemsOf(start["hparams"])) {
    const entry = fieldsOf(item);
    const whole = textOf(entry["name"]);
    const name = whole.slice(0, hparamBounds.nameLength);
    const { number, text, flag } = fieldsOf(entry["value"]);
    const value = number ?? text ?? flag;
    if (name === "") continue;
    const isLeftOut = into.size >= hparamBounds.names && !into.has(name);
    const isLong = typeof value === "string" && value.length > hparamBounds.textLength;
    if (isLeftOut || isLong || name.length < whole.length) cut += 1;
    if (isLeftOut) continue;
    if (typeof value === "string") into.set(name, value.slice(0, hparamBounds.textLength));
    else if (typeof value === "number" || typeof value === "boolean") into.set(name, value);
  }
  return cut;
}
