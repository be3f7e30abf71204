package dev.kiln.solver.why;

import dev.kiln.solver.CacheMap.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files in which two trees differ, going down only where folders differ. Visits at most
 * {@value #MAX_FOLDERS} folders. For one use by one thread.
 */
final class FileSearch {
  static final int MAX_FOLDERS = 4096;

  private final StepJournal journal;
  private final Deque<Pair> waiting = new ArrayDeque<>();
  private @Nullable Difference first;
  private int count;

  /**
   * The first file that differs.
   *
   * @param before its digest; empty if it was not there
   * @param now its digest; empty if it is gone
   * @param more how many more differ, as far as was looked
   */
  record Difference(String path, String before, String now, int more) {}

  /** A folder as it was and as it is. */
  private record Pair(String path, Listing was, List<Entry> is) {}

  private FileSearch(StepJournal journal) {
    this.journal = journal;
  }

  /**
   * The first difference in order of paths.
   *
   * @param before content digest of the older tree
   * @param now lists the newer tree
   * @return null if the older tree is not known any more
   */
  static @Nullable Difference first(StepJournal journal, String before, Supplier<List<Entry>> now) {
    Listing was = journal.listing(before);
    if (was == null) {
      return null;
    }
    FileSearch search = new FileSearch(journal);
    search.waiting.push(new Pair("", was, now.get()));
    for (int i = 0; i < MAX_FOLDERS && !search.waiting.isEmpty(); i++) {
      search.compare(search.waiting.pop());
    }
    Difference first = search.first;
    return first == null
        ? null
        : new Difference(first.path, first.before, first.now, search.count - 1);
  }

  private void compare(Pair pair) {
    Map<String, Entry> is = new HashMap<>();
    pair.is.forEach(entry -> is.put(entry.path(), entry));
    Set<String> names = new TreeSet<>(is.keySet());
    names.addAll(pair.was.digests().keySet());
    List<Pair> deeper = new ArrayList<>();
    int countBefore = count;
    for (String name : names) {
      Entry entry = is.get(name);
      String before = pair.was.digests().getOrDefault(name, "");
      String now = entry == null ? "" : entry.digest();
      if (!before.equals(now)) {
        String path =
            pair.path.isEmpty() || name.isEmpty() ? pair.path + name : pair.path + "/" + name;
        Listing old = entry == null || entry.folder() == null ? null : journal.listing(before);
        if (old != null && entry != null && entry.folder() != null) {
          deeper.add(new Pair(path, old, entry.folder().get()));
        } else {
          found(entry != null && entry.folder() != null ? path + "/" : path, before, now);
        }
      }
    }
    if (deeper.isEmpty() && count == countBefore) {
      // Only its own mode or owner differs.
      found(pair.path + "/", "", "");
    }
    deeper.reversed().forEach(waiting::push);
  }

  private void found(String path, String before, String now) {
    count++;
    if (first == null || PATHS.compare(path, first.path) < 0) {
      first = new Difference(path, before, now, 0);
    }
  }

  private static final Comparator<String> PATHS = Comparator.naturalOrder();
}
