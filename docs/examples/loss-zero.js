/** A rule of one's own: a loss is exactly zero several points in a row. Check it with `tensorbell rule-test docs/examples/loss-zero.js`. */
const version = 1;

export default {
  id: "loss_zero",
  severity: "critical",
  settings: { count: 3 },
  memoryBound: 5,
  summary: { en: "A loss is exactly zero.", zh: "损失恰好为零。" },
  say: ({ numbers }, locale) =>
    locale === "zh"
      ? `损失连续 ${numbers.points} 个点为零`
      : `loss is exactly zero for ${numbers.points} points`,
  appliesTo: (labels) => labels.kind === "loss",
  detector(settings, _labels, memory) {
    let zeros = 0;
    let before = 0;
    if (memory !== undefined && memory[0] === version) [zeros, before] = [memory[1], memory[2]];
    return {
      observe({ step, value }) {
        before = zeros;
        if (Number.isNaN(value)) return { kind: "no-data", reason: "not a number" };
        if (value !== 0) {
          zeros = 0;
          return { kind: "clear" };
        }
        zeros = Math.min(zeros + 1, 255);
        if (zeros < settings.count) return { kind: "ok" };
        return { kind: "breach", evidence: { numbers: { points: zeros }, to: step, level: 0 } };
      },
      reset() {
        zeros = before = 0;
        return { kind: "ok" };
      },
      replace() {
        zeros = before;
      },
      memory: () => new Uint8Array([version, zeros, before]),
    };
  },
};
