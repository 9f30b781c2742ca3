import { MemoryLaneStore } from "../support/memory-lane-store.js";
import { MemoryRunStore } from "../support/memory-run-store.js";
import { MemoryWatchRegistry } from "../support/memory-watch-registry.js";
import { laneStoreContract } from "./lane-store.js";
import { runStoreContract, type StoreFixture } from "./run-store.js";
import { watchRegistryContract } from "./watch-registry.js";

/** The suites keep the store they were given: clearing puts a new one behind it. */
function inMemory<Store extends object>(create: () => Store): () => Promise<StoreFixture<Store>> {
  return () => {
    let current = create();
    const store = new Proxy(current, { get: (_first, name) => Reflect.get(current, name) as unknown });
    const clear = (): Promise<void> => Promise.resolve(void (current = create()));
    return Promise.resolve({ store, clear, stop: () => Promise.resolve() });
  };
}

runStoreContract(
  "memory",
  inMemory(() => new MemoryRunStore()),
);
laneStoreContract(
  "memory",
  inMemory(() => new MemoryLaneStore()),
);
watchRegistryContract(
  "memory",
  inMemory(() => new MemoryWatchRegistry()),
);
