/** The layers of docs/architecture.md as lint: a folder imports lower ranks and itself. */
const ranks = [
  ["lib"],
  ["message"],
  ["eventlog"],
  ["series"],
  ["chart"],
  ["rules"],
  ["alerts"],
  ["commands"],
  ["chat", "redis"],
  ["jobs"],
  ["app"],
  ["cli"],
];

const layerRules = ranks.flatMap((peers, rank) => {
  const above = ranks.slice(rank + 1).flat();
  return peers.map((folder) => {
    const forbidden = [...above, ...peers.filter((peer) => peer !== folder)];
    return {
      name: `layer-${folder}`,
      severity: "error",
      comment: `src/${folder} may import only lower ranks and itself; declare a port here and implement it above.`,
      from: { path: `^src/${folder}/` },
      to: { path: `^src/(${[...forbidden, "main\\.ts"].join("|")})` },
    };
  });
});

const homes = [
  ["@slack", "src/chat/slack", "Slack's packages live in src/chat/slack."],
  ["undici", "src/chat", "undici lives in src/chat, where the platforms share their way through proxies."],
  ["dingtalk-stream", "src/chat/dingtalk", "dingtalk-stream lives in src/chat/dingtalk."],
  ["bullmq|node-cron", "src/jobs", "BullMQ and node-cron live in src/jobs, the only folder that knows them."],
  ["ioredis", "src/(redis|app)", "ioredis lives in src/redis and src/app."],
  ["protobufjs", "src/eventlog", "protobufjs lives in src/eventlog."],
  ["echarts|@napi-rs/canvas", "src/chart", "The chart libraries live in src/chart."],
];

const vendorRules = homes.map(([vendor, home, comment]) => ({
  name: `home-of-${vendor.split("|")[0].replace(/[^a-z]/g, "")}`,
  severity: "error",
  comment,
  from: { path: "^src/", pathNot: `^${home}/` },
  to: { path: `(^|/)node_modules/(${vendor})(/|$)` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...vendorRules,
    {
      name: "chat-sees-little",
      severity: "error",
      comment: "A platform sees commands (types), message and lib, nothing else.",
      from: { path: "^src/chat/" },
      to: { path: "^src/(eventlog|series|chart|rules|alerts)/" },
    },
    {
      name: "platforms-are-strangers",
      severity: "error",
      comment: "One platform never sees another.",
      from: { path: "^src/chat/([^/]+)/" },
      to: { path: "^src/chat/([^/]+)/", pathNot: "^src/chat/$1/" },
    },
    {
      name: "fs-at-the-rim",
      severity: "error",
      comment: "Files are touched by eventlog, cli, app, the chart's fonts and the terminal's pictures only.",
      from: {
        path: "^src/",
        pathNot: "^src/(eventlog|cli|app|chart|chat/terminal|main\\.ts|redis/scripts\\.ts)",
      },
      to: { path: "^(node:)?fs(/promises)?$", dependencyTypes: ["core"] },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "Cycles hide who owns what.",
      from: {},
      to: { circular: true },
    },
    {
      name: "src-never-imports-test",
      severity: "error",
      comment: "The product does not know its tests.",
      from: { path: "^src/" },
      to: { path: "^test/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.test.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
    },
  },
};
