// Loaded before a program: says at its end which packages it has loaded, as one line on stderr.
import { createRequire } from "node:module";

const { cache } = createRequire(import.meta.url);
process.on("exit", () => {
  const names = Object.keys(cache).flatMap((path) => {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(path)?.[1];
    return found === undefined ? [] : [found];
  });
  process.stderr.write(`loaded ${JSON.stringify([...new Set(names)].sort())}\n`);
});
