import { type ChildProcess, spawn } from "node:child_process";

/**
 * The child ends with the tests, however those end: a shell waits for our end of its standard input to close, which even
 * SIGKILL of a test worker does, and then kills the child.
 */
export function leash<Child extends ChildProcess>(child: Child): Child {
  if (child.pid === undefined) return child;
  const dog = spawn("sh", ["-c", 'read -r _; kill -KILL "$0"', String(child.pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  dog.unref();
  child.once("exit", () => dog.kill("SIGKILL"));
  return child;
}
