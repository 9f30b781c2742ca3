import { randomBytes } from "node:crypto";
import type { Clock } from "../lib/clock.js";
import type { Locale } from "../lib/locale.js";
import type { Log } from "../lib/log.js";
import type { Command, CommandRequest, Reply } from "./command.js";
import type { ThreadSign } from "./command-request.js";
import { commandNamed, commandNames, commandRegistry } from "./command-registry.js";
import type { CommandContext, RunSummary } from "./context.js";
import { longestLine, parseLine } from "./grammar.js";
import { nearest } from "./nearest.js";
import { refusal } from "./refusal.js";
import { offer } from "./offer.js";
import { phrase } from "./phrase.js";
import { code, note, problem, text } from "./reply.js";
import { shown } from "./shown.js";

/** What commands stand on: the ports of their context, the clock, the log, and the language where the place has none. */
export interface DispatchPorts extends Omit<
  CommandContext,
  "request" | "locale" | "now" | "impliedRun" | "chose"
> {
  readonly clock: Clock;
  readonly log: Log;
  readonly locale: Locale;
}

/** Text to reply: never throws; a failure is logged under an incident id that the asker sees. */
export async function dispatch(request: CommandRequest, ports: DispatchPorts): Promise<Reply> {
  const line = parseLine(request.text);
  const locale = request.locale ?? ports.locale;
  if (line.kind === "too-long") return tooLong(line.length, locale);
  const [first = "help", ...rest] = line.kind === "empty" ? [] : line.words;
  const command = commandNamed(first);
  // Who asks in Chinese reads Chinese, whatever the place is set to.
  const spoken = command !== undefined && /\p{Script=Han}/u.test(first) ? "zh" : locale;
  try {
    if (command === undefined) return unknown(first, locale);
    return await obey(command, rest, { request, ports, locale: spoken });
  } catch (cause) {
    const incident = randomBytes(4).toString("hex");
    ports.log.error({ err: cause, incident, command: command?.name, place: request.place }, "command failed");
    return failed(incident, spoken);
  }
}

interface Asked {
  readonly request: CommandRequest;
  readonly ports: DispatchPorts;
  readonly locale: Locale;
}

async function obey(command: Command, words: readonly string[], asked: Asked): Promise<Reply> {
  const { request, ports, locale } = asked;
  const refused = refusal(command.needs, { request, locale, permissions: ports.permissions });
  if (refused !== undefined) return refused;
  const impliedRun = await ports.runs.ofThread(request);
  const chosen = { by: "named" };
  const reply = await command.run(words, {
    ...ports,
    ...{ request, locale, now: ports.clock.now(), impliedRun },
    chose: (by) => {
      chosen.by = by;
    },
  });
  if (chosen.by === "named" || request.gathered === undefined || impliedRun === undefined) return reply;
  const run = await ports.runs.get(impliedRun);
  return run === undefined ? reply : whichWasMeant(reply, { run, sign: request.gathered, locale });
}

/** A platform without threads gathers the run from what it has; the reply says which run that gave. */
function whichWasMeant(
  { message, ...reply }: Reply,
  { run, sign, locale }: { readonly run: RunSummary; readonly sign: ThreadSign; readonly locale: Locale },
): Reply {
  const name = shown(run.run.name);
  const said = {
    quoted: phrase(
      locale,
      `Run ${name}: the message you quoted is about it.`,
      `运行 ${name}：所引用的消息属于它。`,
    ),
    marked: phrase(
      locale,
      `Run ${name}: the message you quoted carries its mark.`,
      `运行 ${name}：所引用的消息带有它的标记。`,
    ),
    only: phrase(
      locale,
      `Run ${name}: the only one talked about here in the last hour.`,
      `运行 ${name}：最近一小时这里只谈到它。`,
    ),
  };
  return { ...reply, message: { ...message, blocks: [...message.blocks, note(said[sign])] } };
}

function unknown(word: string, locale: Locale): Reply {
  const near = nearest(word, commandNames(), 1).map((name) => commandNamed(name)?.usage[locale] ?? name);
  return problem(
    phrase(locale, `There is no command "${shown(word, 40)}".`, `没有“${shown(word, 40)}”这个命令。`),
    ...near.map((usage) =>
      text(phrase(locale, "Did you mean ", "是不是要用 "), code(usage), phrase(locale, "?", "？")),
    ),
    text(
      phrase(locale, "Commands: ", "可用命令："),
      Object.values(commandRegistry)
        .map(({ name, usage }) => usage[locale].split(" ")[1] ?? name)
        .join(phrase(locale, ", ", "、")),
      phrase(locale, ". More: ", "。详见 "),
      code(commandRegistry.help.usage[locale]),
    ),
  );
}

function tooLong(length: number, locale: Locale): Reply {
  return problem(
    phrase(
      locale,
      `That is too long to be a command: ${length} characters, at most ${longestLine}.`,
      `内容过长，不像是命令：${length} 个字符，上限 ${longestLine}。`,
    ),
    text(code(offer(locale, "help"))),
  );
}

function failed(incident: string, locale: Locale): Reply {
  return problem(
    phrase(
      locale,
      `Something broke on our side while answering (incident ${incident}).`,
      `处理时内部出错（事故编号 ${incident}）。`,
    ),
    text(
      phrase(
        locale,
        "It may or may not have taken effect; look, then try again. The operator finds the cause in the log under this number.",
        "操作可能已生效，也可能没有；请先查看再重试。运维可凭此编号在日志中找到原因。",
      ),
    ),
  );
}
