package dev.kiln.solver.why;

import dev.kiln.solver.why.Fact.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fact that differs between two steps.
 *
 * @param was null if the older step lacks it
 * @param is null if the newer one lacks it
 * @param file the first of the files that differ, where that is known
 */
record FactChange(@Nullable Fact was, @Nullable Fact is, FileSearch.@Nullable Difference file) {
  private static final int MAX_VALUE_CHARS = 200;

  /** What differs, in the order of the newer facts; then what only the older ones have. */
  static List<FactChange> between(List<Fact> older, List<Fact> newer) {
    Map<String, Fact> left = new LinkedHashMap<>();
    older.forEach(f -> left.put(f.key(), f));
    List<FactChange> changes = new ArrayList<>();
    for (Fact is : newer) {
      Fact was = left.remove(is.key());
      if (was == null || !was.value().equals(is.value())) {
        changes.add(new FactChange(was, is, null));
      }
    }
    left.values().forEach(was -> changes.add(new FactChange(was, null, null)));
    changes.sort(java.util.Comparator.comparing(FactChange::kind));
    return changes;
  }

  FactChange ofFile(FileSearch.Difference difference) {
    return new FactChange(was, is, difference);
  }

  private Fact any() {
    Fact fact = is == null ? was : is;
    if (fact == null) {
      throw new IllegalStateException("a change of nothing");
    }
    return fact;
  }

  private Kind kind() {
    boolean argument =
        (was != null && was.kind() == Kind.ARGUMENT) || (is != null && is.kind() == Kind.ARGUMENT);
    return argument ? Kind.ARGUMENT : any().kind();
  }

  boolean isOwn() {
    return kind().own;
  }

  /** Whether what the step does differs, not with what or where. */
  boolean isCommand() {
    return kind() == Kind.COMMAND
        || (kind() == Kind.ACTION && was != null && is != null && verb(was).equals(verb(is)));
  }

  private static String verb(Fact action) {
    int end = action.value().indexOf(' ');
    return end < 0 ? action.value() : action.value().substring(0, end);
  }

  /** Whether it differs only because a step before ran too. */
  boolean isConsequence() {
    return kind() == Kind.INPUT;
  }

  /** Whether it stands on another step than before, not on a newer run of the same. */
  boolean isOtherInput() {
    return kind() == Kind.INPUT && (was == null || is == null || !was.shown().equals(is.shown()));
  }

  /** Names what differs. */
  String what() {
    return switch (kind()) {
      case FILES ->
          file == null
              ? "files of " + Words.quoted(any().shown())
              : (file.path().endsWith("/") ? "folder " : "file ") + Words.quoted(file.path());
      case INPUT -> "input";
      case IMAGE -> any().name().equals("0") ? "base image" : "image";
      default -> any().name().isEmpty() ? kind().words : kind().words + " " + any().name();
    };
  }

  String before() {
    return file != null ? file.before() : was == null ? "" : shown(was);
  }

  String now() {
    return file != null ? file.now() : is == null ? "" : shown(is);
  }

  private static String shown(Fact fact) {
    String text = fact.kind() == Kind.FILES ? fact.value() : fact.shown();
    return text.length() <= MAX_VALUE_CHARS ? text : text.substring(0, MAX_VALUE_CHARS) + "…";
  }

  /** What differs and how. */
  String text() {
    if (kind() == Kind.INPUT && is != null && !isOtherInput()) {
      return "its input " + Words.quoted(is.shown()) + " was made anew";
    }
    if (file != null && file.before().isEmpty() && file.now().isEmpty()) {
      return what() + " has another mode or owner";
    }
    boolean isDigest = kind() == Kind.FILES;
    String more =
        file == null || file.more() == 0 ? "" : ", and " + Words.count(file.more(), "more file");
    boolean had = file == null ? was != null : !file.before().isEmpty();
    boolean has = file == null ? is != null : !file.now().isEmpty();
    String old = isDigest ? before() : Words.quoted(before());
    String fresh = isDigest ? now() : Words.quoted(now());
    if ((was != null && was.shown().isEmpty() && !was.value().isEmpty())
        || (is != null && is.shown().isEmpty() && !is.value().isEmpty())) {
      return what()
          + (had && has ? " changed" : has ? " is new" : " is gone")
          + " (its value is not shown)";
    }
    if (!had) {
      return what() + " is new: " + fresh + more;
    }
    if (!has) {
      return what() + " is gone, was " + old + more;
    }
    return what() + " was " + old + ", is now " + fresh + more;
  }
}
