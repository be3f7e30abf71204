package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.SecondaryLink;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.engine.Demand.News;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One output of an active vertex, shared by all builds that meet it: what is known of it, and who
 * wants how much. While more is wanted than is known, one virtual thread drives it on ({@link
 * EdgeDriver}); it ends when demand is met or gone.
 *
 * <p>Thread-safe. An edge's lock is a leaf: nothing else is locked under it, but for the lock of a
 * second edge by {@link #moveDemandsTo}, which runs under the graph's lock.
 */
final class EdgeState {
  private static final List<Level> HIGHEST_FIRST = List.of(Level.COMPLETE, Level.SLOW, Level.FAST);

  final ActiveVertex owner;
  final int output;
  private final EdgeDriver driver;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Demand> demands = new LinkedHashSet<>();

  /** How many demands there are for each level: thousands may stand on one edge. */
  private final Map<Level, Integer> demandsAt = new EnumMap<>(Level.class);

  private final List<CacheKey> keys = new ArrayList<>();
  private final List<SecondaryLink> secondary = new ArrayList<>();
  private Level level = Level.NONE;
  private @Nullable SolvedEdge result;
  private @Nullable SolveException failure;
  private boolean released;
  private boolean news;
  private boolean driving;
  private @Nullable Thread thread;

  /** The equal edge that took this one's place; set once. */
  private volatile @Nullable EdgeState twin;

  EdgeState(ActiveVertex owner, int output, Engine engine) {
    this.owner = owner;
    this.output = output;
    this.driver = new EdgeDriver(this, engine);
  }

  /** The edge that stands for this one: itself, or the end of the chain of twins. */
  EdgeState resolve() {
    EdgeState edge = this;
    for (EdgeState next = edge.twin; next != null; next = edge.twin) {
      edge = next;
    }
    return edge;
  }

  /** The edge that took this one's place, if one did. */
  @Nullable EdgeState twin() {
    return twin;
  }

  /** The keys that are known so far. */
  List<CacheKey> keys() {
    lock.lock();
    try {
      return List.copyOf(keys);
    } finally {
      lock.unlock();
    }
  }

  boolean isFinished() {
    lock.lock();
    try {
      return result != null || failure != null;
    } finally {
      lock.unlock();
    }
  }

  /** Registers a consumer that wants nothing yet. */
  Demand demand(Runnable onNews) {
    while (true) {
      EdgeState at = resolve();
      Demand demand = new Demand(at, onNews);
      at.lock.lock();
      try {
        if (at.twin == null) {
          at.demands.add(demand);
          at.count(demand, 1);
          return demand;
        }
      } finally {
        at.lock.unlock();
      }
    }
  }

  /** Gives false if the demand moved meanwhile; so do the next two. */
  boolean raise(Demand demand, Level to) {
    lock.lock();
    try {
      if (demand.at() != this) {
        return false;
      }
      count(demand, -1);
      demand.level = demand.level.max(to);
      count(demand, demand.withdrawn ? 0 : 1);
      driveIfNeeded();
      return true;
    } finally {
      lock.unlock();
    }
  }

  boolean withdraw(Demand demand) {
    lock.lock();
    try {
      if (demand.at() != this) {
        return false;
      }
      demand.withdrawn = true;
      if (demands.remove(demand)) {
        count(demand, -1);
      }
      if (thread != null && !isWanted()) {
        thread.interrupt();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Nullable News poll(Demand demand) {
    lock.lock();
    try {
      if (demand.at() != this) {
        return null;
      }
      List<CacheKey> fresh = List.copyOf(keys.subList(demand.seenKeys, keys.size()));
      demand.seenKeys = keys.size();
      return new News(level, fresh, result, failure);
    } finally {
      lock.unlock();
    }
  }

  /** Called under the lock. */
  private boolean isWanted() {
    return twin == null
        && result == null
        && failure == null
        && !released
        && level.isBelow(highestDemand());
  }

  /** Called under the lock. */
  private Level highestDemand() {
    for (Level l : HIGHEST_FIRST) {
      if (demandsAt.getOrDefault(l, 0) > 0) {
        return l;
      }
    }
    return Level.NONE;
  }

  /** Called under the lock. */
  private void count(Demand demand, int by) {
    demandsAt.merge(demand.level, by, Integer::sum);
  }

  private void driveIfNeeded() {
    if (driving) {
      news = true;
      changed.signalAll();
    } else if (isWanted()) {
      driving = true;
      thread = Thread.ofVirtual().unstarted(this::drive);
      thread.start();
    }
  }

  private void drive() {
    boolean stoodDown = false;
    while (true) {
      boolean idle;
      lock.lock();
      try {
        idle = !isWanted();
        if (idle && stoodDown) {
          driving = false;
          thread = null;
          return;
        }
        stoodDown = idle;
      } finally {
        lock.unlock();
      }
      if (idle) {
        driver.standDown(hasOpenDemand());
      } else {
        round();
      }
    }
  }

  private boolean hasOpenDemand() {
    lock.lock();
    try {
      return twin == null && result == null && failure == null && !demands.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void round() {
    try {
      driver.round();
    } catch (InterruptedException e) {
      // demand went away, or moved: the loop looks at it again
    } catch (SolveException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      String message = "could not solve " + owner.vertex.name() + ": " + e;
      fail(new SolveException(message, owner.vertex, SolveException.Stage.SOLVER, -1, e));
    }
  }

  // What the driver says and asks; called on its thread only, but for signal.

  /** The highest level that is wanted now. */
  Level wanted() {
    lock.lock();
    try {
      return isWanted() ? highestDemand() : Level.NONE;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the driver that something it depends on changed. */
  void signal() {
    lock.lock();
    try {
      news = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a signal since the last call, or for the end of demand. */
  void awaitSignal() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!news && isWanted()) {
        changed.await();
      }
      news = false;
    } finally {
      lock.unlock();
    }
  }

  /** Makes more known to consumers. */
  void publish(Level reached, List<CacheKey> moreKeys) {
    List<Demand> listeners;
    lock.lock();
    try {
      if (moreKeys.isEmpty() && level.reaches(reached)) {
        return;
      }
      level = level.max(reached);
      keys.addAll(moreKeys);
      listeners = List.copyOf(demands);
    } finally {
      lock.unlock();
    }
    listeners.forEach(d -> d.onNews.run());
  }

  /** Ends with a result, unless the edge was released meanwhile. */
  void complete(SolvedEdge solved, List<CacheKey> moreKeys) {
    List<Demand> listeners = List.of();
    boolean tooLate;
    lock.lock();
    try {
      tooLate = released;
      if (!tooLate) {
        result = solved;
        level = Level.COMPLETE;
        keys.addAll(moreKeys);
        listeners = List.copyOf(demands);
      }
    } finally {
      lock.unlock();
    }
    if (tooLate) {
      solved.close();
    }
    listeners.forEach(d -> d.onNews.run());
  }

  private void fail(SolveException e) {
    List<Demand> listeners;
    lock.lock();
    try {
      if (failure == null && result == null) {
        failure = e;
      }
      listeners = List.copyOf(demands);
    } finally {
      lock.unlock();
    }
    listeners.forEach(d -> d.onNews.run());
  }

  /** Alternatives for inputs that were found on equal edges. */
  List<SecondaryLink> secondary() {
    lock.lock();
    try {
      return List.copyOf(secondary);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives all consumers of this edge to an equal one. Called under the graph's lock, which makes it
   * the only place where two edges are locked.
   */
  void moveDemandsTo(EdgeState other, List<SecondaryLink> links) {
    List<Demand> moved;
    lock.lock();
    other.lock.lock();
    try {
      twin = other;
      moved = List.copyOf(demands);
      for (Demand demand : moved) {
        count(demand, -1);
        demand.moveTo(other);
        other.demands.add(demand);
        other.count(demand, 1);
      }
      demands.clear();
      other.secondary.addAll(links);
      other.secondary.addAll(secondary);
      other.driveIfNeeded();
      if (thread != null && !thread.equals(Thread.currentThread())) {
        thread.interrupt();
      }
    } finally {
      other.lock.unlock();
      lock.unlock();
    }
    moved.forEach(d -> d.onNews.run());
  }

  /** Lets go of the result; called once, when the vertex is released. */
  void release() {
    SolvedEdge toClose;
    lock.lock();
    try {
      released = true;
      toClose = result;
      if (thread != null) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
    if (toClose != null) {
      toClose.close();
    }
  }
}
