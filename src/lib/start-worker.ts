import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * A thread that runs a module of ours, named beside its caller as it is once compiled (`./x-worker.js`). From dist/ that
 * is JavaScript; from sources (tests, development) it is TypeScript, which a thread of Node 20 loads only by itself.
 */
export function startWorker(module: URL, options: WorkerOptions = {}): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(module, options);
  const [tsx, entry] = [import.meta.resolve("tsx/esm/api"), module.href.replace(/\.js$/, ".ts")].map((url) =>
    JSON.stringify(url),
  );
  const code = `import(${tsx}).then((tsx) => { tsx.register(); return import(${entry}); })`;
  return new Worker(code, { ...options, eval: true });
}
