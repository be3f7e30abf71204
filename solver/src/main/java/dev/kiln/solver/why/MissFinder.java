package dev.kiln.solver.why;

import dev.kiln.solver.CacheMap.Entry;
import dev.kiln.solver.Miss;
import dev.kiln.solver.Miss.Nearest;
import dev.kiln.solver.Miss.Reason;
import dev.kiln.solver.why.StepJournal.Found;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells why a step runs: compares it with at most 24 records that may be like it, and takes the one
 * from which it differs least. Costs microseconds, and where files differ a look into each folder
 * that differs. Thread-safe.
 */
public final class MissFinder {
  /** Index of the bucket of steps that only stand at the same place. */
  private static final int PLACE = 2;

  /** Index of the bucket of steps with the same command, of whatever is built. */
  private static final int ANYWHERE = 3;

  private final StepJournal journal;

  /** Uses the records of a journal. */
  public MissFinder(StepJournal journal) {
    this.journal = journal;
  }

  /** A record with what differs from it. */
  private record Candidate(StepRecord record, int bucket, List<FactChange> changes) {}

  /** Tells why a step runs. */
  public Miss explain(Step step) {
    List<Fact> now = step.facts();
    Candidate nearest = nearest(step, now);
    Nearest of = nearest == null ? null : new Nearest(nearest.record.name(), nearest.record.at());
    if (step.vertex().options().ignoreCache()) {
      return plain(Reason.NO_CACHE, of, "the build asked for it to run without the cache");
    }
    if (step.lost() != null) {
      String why = Words.line(step.lost());
      return plain(Reason.LOAD_FAILED, of, "its cached result could not be loaded: " + why);
    }
    if (nearest == null) {
      return plain(Reason.NEVER_BUILT, null, "it was never built before");
    }
    if (!nearest.changes.isEmpty()) {
      return changed(step, nearest.changes, of);
    }
    return step.storable()
        ? plain(Reason.RESULT_GONE, of, "its result of " + nearest.record.at() + " is gone")
        : plain(
            Reason.NOT_CACHEABLE,
            of,
            "it reads a client's folder as a whole, which is never cached");
  }

  private static Miss plain(Reason reason, @Nullable Nearest nearest, String text) {
    return new Miss(reason, "", "", "", nearest, text);
  }

  private @Nullable Candidate nearest(Step step, List<Fact> now) {
    Candidate best = null;
    for (Found found : journal.find(step)) {
      Candidate candidate =
          new Candidate(
              found.record(), found.bucket(), FactChange.between(found.record().facts(), now));
      if (isLike(found, candidate) && (best == null || isNearer(step, candidate, best))) {
        best = candidate;
      }
    }
    return best;
  }

  /**
   * What stands at the same place is another step, unless only what it does differs; so is an equal
   * command of something else that is built, unless there is one cause only.
   */
  private static boolean isLike(Found found, Candidate candidate) {
    List<FactChange> changes = candidate.changes;
    return switch (found.bucket()) {
      case PLACE -> changes.stream().filter(FactChange::isOwn).allMatch(FactChange::isCommand);
      case ANYWHERE ->
          changes.stream().filter(c -> !c.isConsequence()).count() <= 1
              && changes.stream().noneMatch(FactChange::isOtherInput);
      default -> true;
    };
  }

  private boolean isNearer(Step step, Candidate one, Candidate other) {
    int changes = Integer.compare(one.changes.size(), other.changes.size());
    if (changes == 0 && !one.changes.isEmpty()) {
      changes =
          Integer.compare(
              differingFiles(step, one.changes.getFirst()),
              differingFiles(step, other.changes.getFirst()));
    }
    return changes == 0 ? CLOSEST.compare(one, other) < 0 : changes < 0;
  }

  private int differingFiles(Step step, FactChange change) {
    FileSearch.Difference file = files(step, change).file();
    return file == null ? Integer.MAX_VALUE : file.more();
  }

  private static final Comparator<Candidate> CLOSEST =
      Comparator.comparingInt((Candidate c) -> c.bucket)
          .thenComparing(c -> c.record.at(), Comparator.reverseOrder());

  private Miss changed(Step step, List<FactChange> changes, @Nullable Nearest nearest) {
    FactChange first = changes.getFirst();
    long more = changes.stream().skip(1).filter(c -> !c.isConsequence()).count();
    FactChange shown = files(step, first);
    String text = shown.text() + (more == 0 ? "" : "; " + Words.count(more, "more difference"));
    return new Miss(
        Reason.CHANGED, shown.what(), shown.before(), shown.now(), nearest, Words.line(text));
  }

  /** Looks which file differs, if that is known. */
  private FactChange files(Step step, FactChange change) {
    Fact was = change.was();
    Fact is = change.is();
    if (was == null || is == null || is.kind() != Fact.Kind.FILES || was.kind() != is.kind()) {
      return change;
    }
    Step.Input input = step.inputs().get(Integer.parseInt(is.name()));
    FileSearch.Difference first = FileSearch.first(journal, was.value(), input.files());
    return first == null ? change : change.ofFile(first);
  }

  /**
   * What is to be kept of a step.
   *
   * @param files listings of folders that it reads, by digest
   */
  public record Description(Step step, List<Fact> facts, Map<String, Listing> files) {}

  /** Collects what a step is made of; its inputs must be there. */
  public Description describe(Step step) {
    Map<String, Listing> files = new HashMap<>();
    for (Step.Input input : step.inputs()) {
      if (input.content() != null) {
        collect(input.content(), input.files(), files);
      }
    }
    return new Description(step, step.facts(), files);
  }

  /** Keeps what a step that ran well was made of, for the next one that is like it. */
  public void ran(Description of, Instant at) {
    Step step = of.step();
    journal.add(step, new StepRecord(step.vertex().name(), at, of.facts()), of.files());
  }

  /** Lists what is not kept yet: a folder that is, is kept with all below it. */
  private void collect(String digest, Supplier<List<Entry>> folder, Map<String, Listing> files) {
    if (files.size() >= FileSearch.MAX_FOLDERS
        || files.containsKey(digest)
        || journal.hasListing(digest)) {
      return;
    }
    List<Entry> entries = folder.get();
    if (entries.isEmpty() || entries.size() > StepJournal.MAX_FILES) {
      return;
    }
    files.put(digest, Listing.of(entries));
    for (Entry entry : entries) {
      if (entry.folder() != null) {
        collect(entry.digest(), entry.folder(), files);
      }
    }
  }
}
