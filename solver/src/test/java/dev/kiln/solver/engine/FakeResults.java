package dev.kiln.solver.engine;

import dev.kiln.solver.OpContext;
import dev.kiln.solver.Result;
import dev.kiln.solver.ResultStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Results that are texts; counts open handles, so that tests see what leaks. */
final class FakeResults implements ResultStore {
  final AtomicInteger openHandles = new AtomicInteger();
  final AtomicInteger loads = new AtomicInteger();
  final Map<String, String> saved = new ConcurrentHashMap<>();
  private final AtomicInteger lastId = new AtomicInteger();

  /** When what is saved from now on is safe. */
  volatile CompletableFuture<Void> durable = CompletableFuture.completedFuture(null);

  /** Fails loads of these ids, though they exist. */
  final Map<String, Exception> broken = new ConcurrentHashMap<>();

  final class Text implements Result {
    final String value;
    private final AtomicBoolean released = new AtomicBoolean();

    Text(String value) {
      this.value = value;
      openHandles.incrementAndGet();
    }

    @Override
    public String id() {
      return value;
    }

    @Override
    public Result retain() {
      if (released.get()) {
        throw new IllegalStateException("retained after release: " + value);
      }
      return new Text(value);
    }

    @Override
    public void release() {
      if (!released.compareAndSet(false, true)) {
        throw new IllegalStateException("released twice: " + value);
      }
      openHandles.decrementAndGet();
    }
  }

  Result text(String value) {
    return new Text(value);
  }

  @Override
  public Saved save(Result result) {
    String id = "r" + lastId.incrementAndGet();
    saved.put(id, ((Text) result).value);
    return new Saved(id, durable);
  }

  @Override
  public Result load(String id, OpContext context) throws Exception {
    loads.incrementAndGet();
    if (broken.containsKey(id)) {
      throw broken.get(id);
    }
    String value = saved.get(id);
    if (value == null) {
      throw new NotFoundException(id);
    }
    return text(value);
  }

  @Override
  public boolean exists(String id) {
    return saved.containsKey(id);
  }
}
