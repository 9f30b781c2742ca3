/** Why the product cannot start, as one sentence with its remedy: printed alone, without a stack. */
export class StartProblem extends Error {
  override readonly name = "StartProblem";
}
