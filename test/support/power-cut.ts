/** What a cut port throws; nothing of ours catches it. */
export class PowerCut extends Error {
  constructor() {
    super("the power is cut");
  }
}

/**
 * Cuts the power at the n-th call of any of the ports wrapped: before the call takes effect when n is even, after it
 * when n is odd. From then on every call fails, as it does for a process that is dead.
 */
export class PowerSupply {
  #calls = 0;
  readonly #cutAt: number;
  cut = false;

  constructor(cutAt: number) {
    this.#cutAt = cutAt;
  }

  wrap<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return async (...args: unknown[]): Promise<unknown> => {
          if (this.cut) throw new PowerCut();
          const call = this.#calls++;
          if (call === Math.floor(this.#cutAt / 2)) {
            this.cut = true;
            if (this.#cutAt % 2 === 1) await Reflect.apply(member, target, args);
            throw new PowerCut();
          }
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
  }
}
