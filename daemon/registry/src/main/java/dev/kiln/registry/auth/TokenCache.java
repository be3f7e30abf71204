package dev.kiln.registry.auth;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that are still good, by who may use them and for what. Thread-safe; several builds with
 * one wish fetch once.
 */
final class TokenCache {
  private static final int MAX_ENTRIES = 1024;
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  record Key(Identity identity, TokenRequest request) {}

  /** Brings a token that is not cached. */
  @FunctionalInterface
  interface Fetch {
    Token fetch() throws IOException;
  }

  private static final class Slot {
    final ReentrantLock fetching = new ReentrantLock();
    volatile @Nullable Token token;
  }

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Key, Slot> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Slot> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  TokenCache(Clock clock) {
    this.clock = clock;
  }

  Token get(Key key, Fetch fetch) throws IOException {
    Slot slot = slot(key);
    Token cached = good(slot);
    if (cached != null) {
      return cached;
    }
    boolean alone = lockFor(slot);
    try {
      cached = good(slot);
      if (cached != null) {
        return cached;
      }
      Token fresh = fetch.fetch();
      slot.token = fresh;
      return fresh;
    } finally {
      if (alone) {
        slot.fetching.unlock();
      }
    }
  }

  /** Forgets a token that the registry refused. */
  void drop(Key key) {
    slot(key).token = null;
  }

  private @Nullable Token good(Slot slot) {
    Token token = slot.token;
    return token != null && clock.instant().isBefore(token.usableUntil()) ? token : null;
  }

  /** Waits for another build's fetch, but not for ever: its client may be gone. */
  private static boolean lockFor(Slot slot) throws IOException {
    try {
      return slot.fetching.tryLock(MAX_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while waiting for a token");
    }
  }

  private Slot slot(Key key) {
    lock.lock();
    try {
      return entries.computeIfAbsent(key, k -> new Slot());
    } finally {
      lock.unlock();
    }
  }
}
