/** A fresh, empty store for one test, and how to let it go. */
export interface OpenedStore<Store> {
  readonly store: Store;
  close(): Promise<void>;
}
