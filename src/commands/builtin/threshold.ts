import type { Command } from "../command.js";
import { phrase } from "../phrase.js";
import { refusal } from "../refusal.js";
import { code, problem, text } from "../reply.js";
import { resetThreshold } from "../reset-threshold.js";
import { setThreshold } from "../set-threshold.js";
import { showThresholds } from "../show-thresholds.js";
import { parseThreshold, type ThresholdRequest } from "../threshold-words.js";

export const threshold: Command = {
  name: "threshold",
  aliases: ["thresholds", "limit", "阈值"],
  usage: {
    en: "/tb threshold [<metric> [>|<] <value> [for <points>]] [run]",
    zh: "/tb 阈值 [<指标> [>|<] <数值> [连续 <点数>]] [运行]",
  },
  summary: {
    en: 'How much a loss may rise or an accuracy fall (loss 0.05), or a plain limit (loss > 2.5); "reset <metric|id>" undoes.',
    zh: "设置损失上升或准确率下降的容忍幅度（loss 0.05），或固定上下限（loss > 2.5）；用“重置 <指标|编号>”撤销。",
  },
  needs: "read",
  mayNeed: "administer",
  run(words, context) {
    const asked = parseThreshold(words);
    // Nobody below a member changes anything; who may change whose is known once the run is.
    const outsider = asked.kind === "show" ? undefined : refusal("touch", context);
    if (outsider !== undefined) return Promise.resolve(outsider);
    switch (asked.kind) {
      case "show":
        return showThresholds(asked.run, context);
      case "reset":
        return resetThreshold(asked.words, context);
      case "set":
        return setThreshold(asked, context);
      case "wrong":
        return Promise.resolve(
          problem(wrong(asked.why, context.locale), text(code(threshold.usage[context.locale]))),
        );
    }
  },
};

function wrong(why: Extract<ThresholdRequest, { kind: "wrong" }>["why"], locale: "en" | "zh"): string {
  switch (why) {
    case "no-metric":
      return phrase(locale, "Name the metric before its value.", "请在数值前写出指标。");
    case "no-value":
      return phrase(
        locale,
        "The value is a number, like 2.5, 1e-3 or 5%.",
        "数值应为数字，例如 2.5、1e-3 或 5%。",
      );
    case "comma":
      return phrase(
        locale,
        "Write the value with a point and without separators: 0.05, 12000.",
        "数值请用小数点，不用千位分隔符：0.05、12000。",
      );
    case "points":
      return phrase(
        locale,
        "After 'for' comes a number of points from 1 to 100000.",
        "“连续”后应为 1 到 100000 的点数。",
      );
  }
}
