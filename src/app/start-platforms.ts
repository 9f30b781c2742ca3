import type { CommandRequest, Reply } from "../commands/command.js";
import type { OpenPlatform } from "./platforms.js";
import { StartProblem } from "./start-problem.js";

/** Opens every platform for people; one that refuses us for good stops the start with its own sentence. */
export async function startPlatforms(
  open: readonly OpenPlatform[],
  answer: (request: CommandRequest) => Promise<Reply>,
): Promise<void> {
  for (const { platform } of open) {
    try {
      await platform.start(answer);
    } catch (error) {
      throw new StartProblem(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }
}
