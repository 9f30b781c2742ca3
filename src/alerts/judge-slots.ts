import { shortHash } from "../lib/short-hash.js";
import { settingsOfRule } from "../rules/effective-settings.js";
import type { Detector, DetectorMemory, Evidence, Hold, Rule, RunLength, Verdict } from "../rules/rule.js";
import { isRuleId } from "../rules/rule-registry.js";
import type { RunSigns } from "../rules/run-signs.js";
import { allWell } from "../rules/verdicts.js";
import type { SeriesLabels } from "../series/labels.js";
import type { Point } from "../series/point.js";
import type { SeriesPast } from "../series/recent-points.js";
import { type Episode, fingerprintOf, type Moment } from "./episode.js";
import {
  advanceEpisode,
  changesNothing,
  type EpisodeContext,
  interruptEpisode,
  resolveEpisode,
} from "./episode-machine.js";
import { type JudgeContext, noMemory, quiet, sampledEvery, type Slot, SlotGuard } from "./slot-guard.js";
import { nameOfCode, type RememberedSlots } from "./slot-memory.js";

const atOnce: Hold = { breaches: 1, clears: 1 };

/** The rules that judge one series (or, with scope `run`, a run as a whole), each with its detector and its open episode. */
export class JudgeSlots {
  readonly #context: JudgeContext;
  readonly #labels: SeriesLabels;
  readonly #guard: SlotGuard;
  readonly #slots: Slot[] = [];
  /** Episodes begun here so far: what makes their ids unique. */
  #begun = 0;
  /** Points so far: what flapping is counted in. */
  #points = 0;

  constructor(context: JudgeContext, labels: SeriesLabels, from: SlotsOrigin) {
    this.#context = context;
    this.#labels = labels;
    this.#guard = new SlotGuard(context, labels);
    this.#begun = from.remembered.begun;
    this.#points = from.remembered.points;
    const { input = "scalars" } = from;
    for (const rule of context.rules) {
      const takes = rule.input ?? "scalars";
      if ((rule.scope ?? "series") === from.scope && (takes === input || takes === "both"))
        this.#bind(rule, from.remembered);
    }
  }

  get looksBack(): boolean {
    return this.#slots.some((slot) => slot.rule.looksBack === true);
  }

  /** `series` is the one the point is of; by default the one these rules judge. */
  observe(point: Point, past: SeriesPast, series = this.#labels): void {
    this.#points += 1;
    const isSample = this.#points % sampledEvery === 0;
    for (const slot of this.#slots) {
      let verdict: Verdict;
      if (isSample || slot.isTimed)
        verdict = this.#guard.timed(slot, (detector) => detector.observe(point, past, series), allWell);
      else {
        try {
          verdict = slot.detector.observe(point, past, series);
        } catch (error) {
          this.#guard.setAside(slot, error);
          verdict = allWell;
        }
      }
      if (verdict.kind === "ok" && slot.episode === undefined) continue;
      this.#settle(slot, verdict, point);
      if (slot.episode?.flapping !== undefined) this.#calm(slot, slot.episode);
    }
  }

  /** The series went back to `step`; `point` is the one that did it. */
  reset(step: number, point: Point): void {
    for (const slot of this.#slots) {
      const verdict = this.#guard.ask(slot, (detector) => detector.reset(step), allWell);
      if (slot.episode === undefined) continue;
      if (verdict.kind === "clear" || slot.episode.opened.step >= step)
        this.#close(slot, point, "superseded");
      else slot.episode = interruptEpisode(slot.episode);
    }
  }

  replace(step: number): void {
    for (const slot of this.#slots) {
      this.#guard.ask(slot, (detector) => detector.replace?.(step), undefined);
    }
  }

  /** The soonest moment at which a rule about time has something to say. Seconds. */
  deadline(): number | undefined {
    let soonest: number | undefined;
    for (const slot of this.#slots) {
      // Asked at every point: of rules of ours without the guard.
      const due = slot.isTimed
        ? this.#guard.ask(slot, (detector) => detector.deadline?.(), undefined)
        : slot.detector.deadline?.();
      if (due !== undefined && (soonest === undefined || due < soonest)) soonest = due;
    }
    return soonest;
  }

  tick(now: number, step: number): void {
    for (const slot of this.#slots) {
      const verdict = this.#guard.ask(slot, (detector) => detector.tick?.(now) ?? allWell, allWell);
      const value = verdict.kind === "breach" ? (verdict.evidence.numbers["value"] ?? NaN) : NaN;
      this.#settle(slot, verdict, { step, wallTime: now, value });
    }
  }

  /** What the run's directory says; `moment` is that of the run's newest point. */
  learn(signs: RunSigns, moment: Point): void {
    for (const slot of this.#slots) {
      if (slot.detector.learn === undefined) continue;
      this.#settle(
        slot,
        this.#guard.ask(slot, (detector) => detector.learn?.(signs) ?? allWell, allWell),
        moment,
      );
    }
  }

  declare(length: RunLength): void {
    for (const slot of this.#slots)
      this.#guard.ask(slot, (detector) => detector.declare?.(length), undefined);
  }

  episodes(): readonly Episode[] {
    return this.#slots.flatMap((slot) => (slot.episode === undefined ? [] : [slot.episode]));
  }

  /** What the slots hold, for slots of other settings to go on with. */
  remember(): RememberedSlots {
    return {
      begun: this.#begun,
      points: this.#points,
      fires: new Map(
        this.#slots.filter(({ fires }) => fires.length > 0).map(({ rule, fires }) => [rule.id, fires]),
      ),
      detectors: new Map(this.#slots.map((slot) => [slot.rule.id, this.#memoryOf(slot)])),
      aside: this.#slots.filter(({ isAside }) => isAside).map(({ rule }) => nameOfCode(rule)),
      episodes: this.episodes(),
    };
  }

  #bind(rule: Rule, remembered: RememberedSlots): void {
    const { run, settings } = this.#context;
    const labels = this.#labels;
    const episode = remembered.episodes.find((open) => open.rule === rule.id);
    const effective = settingsOfRule({ settings, run, labels }, rule);
    if (!effective.enabled) return;
    const episodes: EpisodeContext = {
      hold: rule.hold?.(effective.settings) ?? atOnce,
      severity: rule.severity,
      begin: (about) => this.#begin(rule, about),
    };
    const slot: Slot = {
      rule,
      episodes,
      isTimed: !isRuleId(rule.id),
      isAside: remembered.aside.includes(nameOfCode(rule)),
      detector: quiet,
      episode,
      fires: remembered.fires.get(rule.id) ?? [],
    };
    this.#slots.push(slot);
    if (slot.isAside) return;
    const make = (memory?: DetectorMemory): Detector => rule.detector(effective.settings, labels, memory);
    const memory = remembered.detectors.get(rule.id);
    slot.detector = this.#guard.ask(slot, () => make(memory), quiet);
    // Perhaps it was the memory: that is told, and the rule begins anew.
    if (slot.detector === quiet) {
      slot.isAside = false;
      slot.detector = this.#guard.ask(slot, () => make(), quiet);
    }
  }

  #memoryOf(slot: Slot): DetectorMemory {
    return this.#guard.ask(slot, (detector) => detector.memory(), noMemory);
  }

  #begin(rule: Rule, about: Evidence["about"]): Pick<Episode, "id" | "run" | "rule" | "split" | "tag"> {
    const { split, tag } = about ?? this.#labels;
    this.#begun += 1;
    const hash = shortHash(fingerprintOf(rule.id, split, tag), 12);
    const run = this.#context.run;
    return { id: `${run}.${hash}.${this.#begun}`, run, rule: rule.id, split, tag };
  }

  #settle(slot: Slot, verdict: Verdict, point: Point): void {
    if (changesNothing(slot.episode, verdict)) return;
    const moment = momentOf(point);
    const next = advanceEpisode(slot.episode, this.#worded(slot, verdict), {
      moment,
      context: slot.episodes,
    });
    slot.episode = next.episode;
    if (next.transition?.kind === "fired") this.#fire(slot, next.transition.episode);
    else if (next.transition !== undefined) this.#context.transitions.push(next.transition);
  }

  /** An episode that fires for more than the third time in 50 points flaps: told once, then quiet until it has calmed down. */
  #fire(slot: Slot, fired: Episode): void {
    const before = slot.fires;
    slot.fires = lately(before, this.#points);
    const flaps = slot.fires.length > flapsAfter;
    const flapping = before.length > flapsAfter ? "quiet" : "told";
    const episode: Episode = flaps ? { ...fired, flapping } : fired;
    slot.episode = episode;
    this.#context.transitions.push({ kind: "fired", episode });
  }

  /** A breach that stands for 50 points flaps no more: what was kept quiet is told, and its end is news. */
  #calm(slot: Slot, { flapping, ...episode }: Episode): void {
    const firedAt = slot.fires.at(-1) ?? this.#points;
    if (episode.state !== "firing" || this.#points - firedAt < flapsWithin) return;
    slot.episode = episode;
    if (flapping === "quiet") this.#context.transitions.push({ kind: "fired", episode });
  }

  /** A rule that only the configuration knows is asked for its words here, where it is set aside should it throw. */
  #worded(slot: Slot, verdict: Verdict): Verdict {
    const { rule, episode } = slot;
    const isOpen = episode !== undefined && episode.state !== "pending";
    if (verdict.kind !== "breach" || isOpen || isRuleId(rule.id)) return verdict;
    const { evidence } = verdict;
    const labels = { ...this.#labels, ...evidence.about };
    const say = (): Evidence["words"] => ({
      en: rule.say(evidence, "en", labels),
      zh: rule.say(evidence, "zh", labels),
    });
    const words = this.#guard.ask(slot, say, undefined);
    return words === undefined ? verdict : { ...verdict, evidence: { ...evidence, words } };
  }

  #close(slot: Slot, point: Point, reason: "superseded"): void {
    const transition = slot.episode && resolveEpisode(slot.episode, momentOf(point), reason);
    slot.episode = undefined;
    if (transition !== undefined) this.#context.transitions.push(transition);
  }
}

/** What a series is made of. */
export type SeriesInput = "scalars" | "histograms";

export interface SlotsOrigin {
  readonly scope: "series" | "run";
  /** Scalars unless said. */
  readonly input?: SeriesInput;
  readonly remembered: RememberedSlots;
}

/** Cycles within so many points that are borne; one more flaps. */
const flapsAfter = 3;
const flapsWithin = 50;

/** The newest fire and those not long before it, at most one more than is borne. */
function lately(fires: readonly number[], now: number): readonly number[] {
  return [...fires.filter((at) => at > now - flapsWithin), now].slice(-flapsAfter - 1);
}

function momentOf({ step, wallTime, value }: Point): Moment {
  return { step, wallTime, value };
}
