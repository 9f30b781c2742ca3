import { fileURLToPath } from "node:url";
import { pictureOfDingTalk } from "./pictures/dingtalk-conversation.js";
import { pictureOfSlack } from "./pictures/slack-thread.js";

/** Makes the pictures of conversations that the docs show, from what the built product says. */
const pictures = fileURLToPath(new URL("../docs/pictures/", import.meta.url));
await pictureOfSlack(`${pictures}thread.png`);
await pictureOfDingTalk(`${pictures}dingtalk.png`);
