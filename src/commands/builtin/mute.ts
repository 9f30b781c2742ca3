import { formatDuration, parseDuration } from "../../lib/duration.js";
import { shortHash } from "../../lib/short-hash.js";
import { formatTime } from "../../message/format-time.js";
import type { Mute } from "../../alerts/mute.js";
import { authorOf } from "../author.js";
import type { Command, Reply } from "../command.js";
import type { CommandContext } from "../context.js";
import { muteList } from "../mute-list.js";
import { folded } from "../grammar.js";
import { muteTarget } from "../mute-target.js";
import { offer, ownWord } from "../offer.js";
import { phrase } from "../phrase.js";
import { code, message, note, problem, text, toAsker, toEverybody } from "../reply.js";
import { quoted, shown } from "../shown.js";
import { impliedHere } from "../which-run.js";

/** Longer quiet is a setting, not a mute. Milliseconds. */
const shortest = 60_000;
const longest = 30 * 86_400_000;

export const mute: Command = {
  name: "mute",
  aliases: ["silence", "snooze", "静音", "屏蔽"],
  usage: { en: "/tb mute [run|group|rule] <duration>", zh: "/tb 静音 [运行|组|规则] <时长>" },
  summary: {
    en: "No alerts of a run, a group (nightly/*) or a rule for a while: 30m, 2h, 1d.",
    zh: "在一段时间内不发送某个运行、一组运行（nightly/*）或规则的告警：30分钟、2小时、1天。",
  },
  needs: "touch",
  async run(words, context) {
    if (words.length === 1 && listWords.has(folded(words[0] ?? ""))) return whatIsQuiet(context);
    const asked = lastDuration(words);
    if (asked === undefined) return howLong(words, context);
    if (asked.ms < shortest || asked.ms > longest) return outOfRange(context);
    const found = await muteTarget(asked.rest, context);
    if (found.kind === "problem") return found.reply;
    if (found.kind === "none") return muteWhat(context);
    const { request, now, mutes, locale, timeZone } = context;
    const made: Mute = {
      id: `m${shortHash(JSON.stringify(found.target), 8)}`,
      target: found.target,
      until: now + asked.ms,
      author: authorOf(request.actor),
      at: now,
    };
    await mutes.put(made);
    const length = formatDuration(asked.ms, locale);
    return toEverybody(
      message(
        "info",
        phrase(locale, `${found.name} is muted for ${length}`, `${found.name} 已静音 ${length}`),
        [
          text(
            phrase(
              locale,
              `By ${shown(made.author)}, until ${formatTime(made.until, timeZone, locale)}. Alerts are still recorded.`,
              `由 ${shown(made.author)} 设置，至 ${formatTime(made.until, timeZone, locale)}。告警仍会记录。`,
            ),
          ),
          note(phrase(locale, "Undo: ", "撤销："), code(offer(locale, "unmute", found.word))),
        ],
      ),
    );
  },
};

/** The duration at the end, in one word (`2h`) or two (`2 小时`), and what comes before it. */
function lastDuration(words: readonly string[]): { ms: number; rest: readonly string[] } | undefined {
  for (const count of [2, 1]) {
    const ms = parseDuration(words.slice(-count).join(""));
    if (words.length >= count && ms !== undefined) {
      const rest = words.slice(0, -count);
      return { ms, rest: ["for", "持续"].includes(rest.at(-1) ?? "") ? rest.slice(0, -1) : rest };
    }
  }
  return undefined;
}

const listWords = new Set(["list", "列表"]);

async function whatIsQuiet(context: CommandContext): Promise<Reply> {
  const quiet = await muteList(context);
  const { locale } = context;
  if (quiet.length === 0) return problem(phrase(locale, "Nothing is muted.", "当前没有静音。"));
  return toAsker(message("info", phrase(locale, "Quiet now", "当前静音"), quiet));
}

async function howLong(words: readonly string[], context: CommandContext): Promise<Reply> {
  const { locale } = context;
  const { named, time } = await meantAs(words, context);
  if (named.length > 0 && time === undefined) {
    const found = await muteTarget(named, context);
    if (found.kind === "problem") return found.reply;
  }
  const target = named.length === 0 ? [] : [quoted(named.join(" "))];
  const quiet = await muteList(context);
  return problem(
    time === undefined
      ? phrase(locale, "Muted for how long?", "要静音多久？")
      : phrase(locale, `"${shown(time)}" is no duration.`, `“${shown(time)}”不是时长。`),
    text(
      phrase(locale, "For example ", "例如 "),
      code(offer(locale, "mute", ...target, ownWord(locale, "2h"))),
      phrase(locale, "; units: m, h, d, w", "；单位：分钟、小时、天、周"),
    ),
    ...(quiet.length > 0 ? [text(phrase(locale, "Quiet now:", "当前静音："))] : []),
    ...quiet,
  );
}

/** What was meant as the time is not part of the name: what begins like one, or what stands after a name that is known without it. */
async function meantAs(
  words: readonly string[],
  context: CommandContext,
): Promise<{ readonly named: readonly string[]; readonly time?: string }> {
  const [time, named] = [words.at(-1), words.slice(0, -1)];
  if (time === undefined) return { named: words };
  if (/^[-+]?\d|^半/.test(time)) return { named, time };
  const isKnown = async (some: readonly string[]): Promise<boolean> =>
    some.length === 0
      ? (await impliedHere(context)) !== undefined
      : (await muteTarget(some, context)).kind === "target";
  return !(await isKnown(words)) && (await isKnown(named)) ? { named, time } : { named: words };
}

function outOfRange({ locale }: CommandContext): Reply {
  return problem(
    phrase(
      locale,
      "A mute lasts at least a minute and at most 30 days.",
      "静音时长至少 1 分钟，至多 30 天。",
    ),
  );
}

function muteWhat({ locale }: CommandContext): Reply {
  return problem(
    phrase(locale, "Mute which run, group or rule?", "要静音哪个运行、组或规则？"),
    text(code(mute.usage[locale]), phrase(locale, "; rules: ", "；规则列表："), code(offer(locale, "rules"))),
  );
}
