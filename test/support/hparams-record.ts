import { framed, framedField } from "../../src/eventlog/event-records.js";

/** A framed record as TensorBoard's hparams plugin begins a session: numbers by name. */
export function hparamsRecord(numbers: Readonly<Record<string, number>>): Buffer {
  const entries = Object.entries(numbers).map(([name, value]) => {
    const number = Buffer.alloc(9);
    number[0] = 0x11;
    number.writeDoubleLE(value, 1);
    const entry = [framedField(0x0a, Buffer.from(name)), framedField(0x12, number)];
    return framedField(0x0a, Buffer.concat(entry));
  });
  const content = framedField(0x1a, Buffer.concat(entries));
  const plugin = [framedField(0x0a, Buffer.from("hparams")), framedField(0x12, content)];
  const metadata = framedField(0x4a, framedField(0x0a, Buffer.concat(plugin)));
  const tag = framedField(0x0a, Buffer.from("_hparams_/session_start_info"));
  return framed(framedField(0x2a, framedField(0x0a, Buffer.concat([tag, metadata]))));
}
