import { decodeMessage, fieldsOf, itemsOf, textOf } from "./event-schema.js";
import type { HParamValue } from "./record-sink.js";

export const hparamBounds = { names: 200, nameLength: 200, textLength: 1_000 } as const;

/** Adds the hyper-parameters of a session's start (the content of TensorBoard's hparams plugin) to `into`; what is no such content adds nothing. */
export function readHParams(content: unknown, into: Map<string, HParamValue>): void {
  if (!(content instanceof Uint8Array)) return;
  const start = fieldsOf(decodeMessage("HParamsPluginData", content)?.["sessionStartInfo"]);
  for (const item of itemsOf(start["hparams"])) {
    const entry = fieldsOf(item);
    const name = textOf(entry["name"]).slice(0, hparamBounds.nameLength);
    const { number, text, flag } = fieldsOf(entry["value"]);
    const value = number ?? text ?? flag;
    if (name === "" || (into.size >= hparamBounds.names && !into.has(name))) continue;
    if (typeof value === "string") into.set(name, value.slice(0, hparamBounds.textLength));
    else if (typeof value === "number" || typeof value === "boolean") into.set(name, value);
  }
}
