import { TensorBoardFault } from "./http/tensorboard-fault.js";
import { ObjectFault } from "./object-store.js";

/** Whether a place as a whole does not answer as it should, at present: nothing is wrong with what was asked, and it is asked again. */
export function isPlaceFault(error: unknown): error is ObjectFault | TensorBoardFault {
  return error instanceof ObjectFault || error instanceof TensorBoardFault;
}
