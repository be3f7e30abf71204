package dev.kiln.solver.engine;

import java.util.List;
import java.util.Set;

/**
 * How far each input is to be brought, so that as little as possible is fetched or run: inputs that
 * match nothing by definition are tried by content first, the others only if that led to something
 * (cache-keys.md, section 2.1). A look at one moment; used by the edge's driver only.
 */
final class DepPlan {
  private final Level wanted;
  private final boolean hasKeys;
  private final boolean noMatchPossible;
  private final boolean allFast;
  private final boolean allSlow;
  private final boolean allMatch;

  /** Whether an input without a match may still find one by something cheaper than running. */
  private final boolean unmatchedOpen;

  /** Whether an input without a match still has content or keys to come. */
  private final boolean unmatchedKeysOpen;

  DepPlan(List<DepSlot> slots, Level wanted, boolean hasKeys, boolean noMatchPossible) {
    this.wanted = wanted;
    this.hasKeys = hasKeys;
    this.noMatchPossible = noMatchPossible;
    this.allFast = slots.stream().allMatch(s -> s.level.reaches(Level.FAST));
    this.allSlow = slots.stream().allMatch(DepPlan::hasAllKeys);
    this.allMatch =
        slots.stream().allMatch(s -> s.hasMatch() || s.contentKey != null || s.result != null);
    this.unmatchedOpen =
        slots.stream()
            .anyMatch(
                s ->
                    !s.hasMatch()
                        && (s.hasContentKey() ? !s.prepared : s.level.isBelow(Level.COMPLETE)));
    this.unmatchedKeysOpen =
        slots.stream()
            .anyMatch(s -> !s.hasMatch() && (contentPending(s) || s.level.isBelow(Level.SLOW)));
  }

  /** Whether all keys of an input, content included, are known. */
  private static boolean hasAllKeys(DepSlot slot) {
    return slot.level.reaches(Level.SLOW) && !contentPending(slot);
  }

  private static boolean contentPending(DepSlot slot) {
    return slot.hasContentKey() && !slot.prepared;
  }

  Level levelFor(DepSlot slot) {
    if (noMatchPossible) {
      return Level.COMPLETE;
    }
    return switch (slot.level) {
      case NONE -> wanted.isBelow(Level.FAST) ? Level.NONE : Level.FAST;
      case FAST -> needsAllKeys(slot) ? Level.SLOW : Level.FAST;
      case SLOW -> needsResult(slot) ? Level.COMPLETE : Level.SLOW;
      case COMPLETE -> Level.COMPLETE;
    };
  }

  private boolean needsAllKeys(DepSlot slot) {
    return wanted.reaches(Level.SLOW)
        && (!slot.hasMatch() || allMatch || (allFast && !hasKeys))
        && !waitsForUnmatched(slot);
  }

  private boolean needsResult(DepSlot slot) {
    if (slot.hasMatch() && contentWaitsForUnmatched(slot)) {
      return false;
    }
    if (wanted == Level.COMPLETE) {
      return !slot.hasMatch() || allSlow || (slot.hasContentKey() && !waitsForUnmatched(slot));
    }
    return wanted == Level.SLOW && slot.hasContentKey();
  }

  /** An input that matched waits while one that did not may still do so. */
  private boolean waitsForUnmatched(DepSlot slot) {
    return slot.hasMatch() && unmatchedOpen;
  }

  /** Content of an input that matched is not hashed while another may still match. */
  private boolean contentWaitsForUnmatched(DepSlot slot) {
    return contentPending(slot) && unmatchedKeysOpen;
  }

  /** How far the edge itself is known, by what is known of its inputs. */
  static Level reached(List<DepSlot> slots) {
    Level low = Level.NONE;
    Level high = Level.SLOW;
    for (DepSlot slot : slots) {
      boolean toPrepare =
          slot.needsPreparation() && !slot.prepared && slot.level.reaches(Level.SLOW);
      if (!slot.hasMatch() && !toPrepare) {
        low = low.max(slot.level.min(Level.SLOW));
      }
      boolean contentOpen = contentPending(slot) && slot.level.reaches(Level.SLOW);
      high = high.min(contentOpen ? Level.FAST : slot.level);
    }
    return low.max(high);
  }

  /** Whether no key can come any more that all inputs lead to, though some have open content. */
  static boolean noFurtherKeys(List<DepSlot> slots, Set<String> known) {
    for (DepSlot slot : slots) {
      if (slot.level.isBelow(Level.SLOW) && !slot.hasMatch()) {
        return false;
      }
    }
    return slots.stream()
        .filter(s -> !(contentPending(s) && s.level.reaches(Level.SLOW)))
        .anyMatch(s -> known.containsAll(s.matches.keySet()));
  }
}
