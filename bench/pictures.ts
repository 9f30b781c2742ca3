import { fileURLToPath } from "node:url";
import { pictureOfDingTalk } from "./pictures/dingtalk-conversation.js";

/** Makes the pictures of conversations that the docs show, from what the built product says. */
const pictures = fileURLToPath(new URL("../docs/pictures/", import.meta.url));
await pictureOfDingTalk(`${pictures}dingtalk.png`);
