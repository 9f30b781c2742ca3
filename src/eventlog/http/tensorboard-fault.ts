/** A TensorBoard that cannot be read at present; the message is a sentence for an operator. */
export class TensorBoardFault extends Error {
  constructor(place: string, sentence: string, cause?: unknown) {
    super(`${place}: ${sentence}`, { cause });
    this.name = "TensorBoardFault";
  }
}
