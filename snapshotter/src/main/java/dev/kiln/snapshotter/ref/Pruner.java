package dev.kiln.snapshotter.ref;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Disk usage and its reduction, by the rules of BuildKit's control API. Thread-safe. */
final class Pruner {
  private final RefContext context;

  Pruner(RefContext context) {
    this.context = context;
  }

  List<UsageRecord> usage(Predicate<UsageRecord> filter) throws IOException {
    List<UsageRecord> found = new ArrayList<>();
    Set<String> used = inUse();
    for (RefRecord ref : context.locked(() -> List.copyOf(context.table().all()))) {
      // A tree that shows another face is reported once, as that face.
      boolean hidden = context.locked(() -> ref.isMutable() && ref.children > 0);
      UsageRecord record = describe(ref).withInUse(used.contains(ref.id));
      if (!hidden && filter.test(record)) {
        found.add(record);
      }
    }
    return found;
  }

  /** Refs with a handle, and those that they stand on: what stands below unused ones is unused. */
  private Set<String> inUse() {
    return context.locked(
        () -> {
          Set<String> used = new HashSet<>();
          Deque<String> open = new ArrayDeque<>();
          for (RefRecord ref : context.table().all()) {
            if (ref.handles > 0 || ref.locked) {
              open.push(ref.id);
            }
          }
          while (!open.isEmpty()) {
            String id = open.pop();
            RefRecord ref = used.add(id) ? context.table().find(id) : null;
            if (ref != null) {
              ref.kind.parents().forEach(open::push);
            }
          }
          return used;
        });
  }

  private UsageRecord describe(RefRecord ref) throws IOException {
    long bytes = context.size(measured(ref));
    return context.locked(
        () ->
            new UsageRecord(
                ref.id,
                ref.isMutable(),
                ref.inUse(),
                bytes,
                parents(ref),
                ref.createdAt,
                ref.lastUsedAt,
                ref.usageCount,
                ref.description,
                ref.recordType,
                false));
  }

  /** The record that has the data. */
  private RefRecord measured(RefRecord ref) {
    return context.locked(
        () -> {
          RefRecord mutable =
              ref.kind instanceof RefKind.Frozen(var id) ? context.table().find(id) : null;
          return mutable == null ? ref : mutable;
        });
  }

  private List<String> parents(RefRecord ref) {
    RefRecord mutable =
        ref.kind instanceof RefKind.Frozen(var id) ? context.table().find(id) : null;
    return mutable == null ? ref.kind.parents() : mutable.kind.parents();
  }

  void prune(PruneOptions options, Consumer<UsageRecord> removed) throws IOException {
    Predicate<UsageRecord> filter = RefFilter.parse(options.filters());
    boolean capped =
        options.maxUsedSpace() != 0 || options.minFreeSpace() != 0 || options.reservedSpace() != 0;
    long total = capped ? total() : 0;
    // Data goes some time after its record, so the disk is asked once and the rest is counted.
    long keep = capped ? keep(options, total) : Long.MIN_VALUE;
    boolean any = true;
    while (any) {
      any = false;
      // What stood below something that is removed becomes free with the next round.
      for (RefRecord ref : total < keep ? List.<RefRecord>of() : candidates(options, filter)) {
        if (total < keep) {
          return;
        }
        UsageRecord gone = remove(ref);
        if (gone != null) {
          any = true;
          total -= gone.bytes();
          removed.accept(gone);
        }
      }
    }
  }

  private long total() throws IOException {
    long sum = 0;
    for (RefRecord ref : context.locked(() -> List.copyOf(context.table().all()))) {
      sum += context.size(ref);
    }
    return sum;
  }

  /** The total to go below. */
  private long keep(PruneOptions options, long total) throws IOException {
    long keep = options.maxUsedSpace();
    if (options.minFreeSpace() != 0) {
      long missing = options.minFreeSpace() - Files.getFileStore(context.mounts()).getUsableSpace();
      if (missing > 0) {
        long fewer = total - missing;
        keep = keep == 0 ? fewer : Math.min(keep, fewer);
      } else if (keep == 0) {
        return Long.MAX_VALUE;
      }
    }
    return Math.max(keep, options.reservedSpace());
  }

  /** What may go now, the least valuable first. */
  private List<RefRecord> candidates(PruneOptions options, Predicate<UsageRecord> filter)
      throws IOException {
    Instant since =
        options.keepDuration() == null
            ? null
            : context.clock().instant().minus(options.keepDuration());
    List<RefRecord> found = new ArrayList<>();
    for (RefRecord ref : context.locked(() -> List.copyOf(context.table().all()))) {
      if (mayGo(ref, options.all(), since) && filter.test(describe(ref))) {
        found.add(ref);
      }
    }
    Map<RefRecord, Double> scores = scores(found);
    found.sort(Comparator.comparingDouble(scores::get));
    return found;
  }

  private boolean mayGo(RefRecord ref, boolean all, @Nullable Instant since) {
    return context.locked(
        () -> {
          boolean special =
              ref.recordType == RecordType.INTERNAL || ref.recordType == RecordType.FRONTEND;
          boolean recent = since != null && ref.lastUsedAt != null && ref.lastUsedAt.isAfter(since);
          return !ref.inUse() && !ref.locked && (all || !special) && !recent;
        });
  }

  /**
   * Each ref's rank by last use and its rank by count of uses, both as a share of the highest rank,
   * added: an old ref that was often used can outlive a newer one used once.
   */
  private Map<RefRecord, Double> scores(List<RefRecord> refs) {
    return context.locked(
        () -> {
          Map<RefRecord, Double> byTime =
              ranks(refs, r -> r.lastUsedAt == null ? Long.MIN_VALUE : nanos(r.lastUsedAt), false);
          Map<RefRecord, Double> byCount = ranks(refs, r -> r.usageCount, true);
          Map<RefRecord, Double> sums = new HashMap<>();
          refs.forEach(
              r -> sums.put(r, byTime.getOrDefault(r, 0.0) + byCount.getOrDefault(r, 0.0)));
          return sums;
        });
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  /** Ranks start at 1 and rise with each higher value; {@code fromZero} counts 0 as seen. */
  private static Map<RefRecord, Double> ranks(
      List<RefRecord> refs, ToLongFunction<RefRecord> value, boolean fromZero) {
    List<RefRecord> sorted = new ArrayList<>(refs);
    sorted.sort(Comparator.comparingLong(value));
    Map<RefRecord, Double> ranks = new HashMap<>();
    long last = fromZero ? 0 : Long.MIN_VALUE;
    int rank = 1;
    for (RefRecord ref : sorted) {
      long now = value.applyAsLong(ref);
      if (now != last) {
        rank++;
        last = now;
      }
      ranks.put(ref, (double) rank);
    }
    double highest = rank;
    ranks.replaceAll((ref, r) -> r / highest);
    return ranks;
  }

  /** Removes a ref that nobody uses; null when somebody does by now. */
  private @Nullable UsageRecord remove(RefRecord ref) throws IOException {
    UsageRecord description = describe(ref);
    boolean mine =
        context.locked(
            () -> {
              if (ref.inUse() || ref.locked || context.table().find(ref.id) != ref) {
                return false;
              }
              context.table().remove(ref);
              return true;
            });
    if (!mine) {
      return null;
    }
    context.destroy(ref);
    return description;
  }
}
