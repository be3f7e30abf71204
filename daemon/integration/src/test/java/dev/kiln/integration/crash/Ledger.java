package dev.kiln.integration.crash;

import java.util.Map;
import java.util.TreeMap;

/** What the daemon said is done: a word for each step. Thread-safe. */
final class Ledger {
  private final Map<String, String> promised = new TreeMap<>();

  synchronized void add(String label, String word) {
    promised.put(label, word);
  }

  /** Forgets what is going to be removed. */
  synchronized void forget(Plan plan) {
    promised.keySet().removeIf(label -> label.startsWith(plan.name + "-"));
  }

  /** Forgets everything. */
  synchronized void clear() {
    promised.clear();
  }

  /** The same promises, to be kept as they are now. */
  synchronized Ledger copy() {
    Ledger copy = new Ledger();
    copy.promised.putAll(promised);
    return copy;
  }

  /** Takes over the promises of another one. */
  synchronized void become(Ledger other) {
    promised.clear();
    promised.putAll(other.promised);
  }

  synchronized int size() {
    return promised.size();
  }

  /** The promises that are not kept by the words of a build, as text; empty if all are. */
  synchronized String broken(Map<String, String> words) {
    StringBuilder broken = new StringBuilder();
    words.forEach(
        (label, word) -> {
          String before = promised.get(label);
          if (before != null && !before.equals(word)) {
            broken.append("%s was %s, is %s%n".formatted(label, before, word));
          }
        });
    return broken.toString();
  }
}
