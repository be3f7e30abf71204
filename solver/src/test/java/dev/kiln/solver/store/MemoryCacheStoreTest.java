package dev.kiln.solver.store;

class MemoryCacheStoreTest extends CacheStoreContract {
  private final CacheStore store = new MemoryCacheStore();

  @Override
  CacheStore store() {
    return store;
  }
}
