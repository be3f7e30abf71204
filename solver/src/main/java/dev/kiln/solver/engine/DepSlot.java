package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.Link;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.cache.CacheView.Match;
import dev.kiln.solver.engine.Demand.News;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an edge knows of one of its inputs. Used by the edge's driver only, but for {@link
 * #contentDone} and its like, which the thread that hashes content calls.
 */
final class DepSlot {
  final int index;
  private final EdgeState input;
  private final Runnable onNews;
  private @Nullable Demand demand;

  Level level = Level.NONE;
  Level asked = Level.NONE;
  @Nullable SolvedEdge result;

  /** Keys that the input delivered, all of them and those not yet looked up. */
  final Set<CacheKey> keys = new LinkedHashSet<>();

  final List<CacheKey> unprobed = new ArrayList<>();

  /** Keys of the edge that some key of this input leads to. */
  final Map<String, Match> matches = new LinkedHashMap<>();

  private CacheMap.@Nullable Dep dep;
  private @Nullable Thread contentThread;
  private volatile boolean contentDone;
  private volatile @Nullable String contentDigest;
  private volatile @Nullable SolveException contentFailure;

  /** The key of the input's content, once it was looked up. */
  @Nullable CacheKey contentKey;

  /** Whether the input was made ready and its content, if it counts, was looked up. */
  boolean prepared;

  DepSlot(int index, EdgeState input, Runnable onNews) {
    this.index = index;
    this.input = input;
    this.onNews = onNews;
  }

  /** Tells what of the input counts. */
  void describe(CacheMap.Dep description) {
    dep = description;
  }

  String selector() {
    return dep == null ? "" : dep.selector();
  }

  boolean hasContentKey() {
    return dep != null && dep.contentKey() != null;
  }

  boolean needsPreparation() {
    return dep != null && (dep.contentKey() != null || dep.preprocess() != null);
  }

  boolean hasMatch() {
    return !matches.isEmpty();
  }

  /** Asks for a level; gives true if that is more than before. */
  boolean want(Level to) {
    Demand open = demand;
    if (open == null) {
      open = input.demand(onNews);
      demand = open;
      asked = Level.NONE;
    }
    if (asked.reaches(to)) {
      return false;
    }
    asked = to;
    open.raise(to);
    return true;
  }

  /** Takes what is new from the input; gives true if there was something. */
  boolean absorb() throws SolveException {
    Demand open = demand;
    if (open == null) {
      return false;
    }
    News news = open.poll();
    if (news.failure() != null) {
      throw news.failure();
    }
    boolean isNew = level.isBelow(news.level());
    level = level.max(news.level());
    for (CacheKey key : news.freshKeys()) {
      if (keys.add(key)) {
        unprobed.add(key);
        isNew = true;
      }
    }
    if (result == null && news.result() != null) {
      result = news.result();
      isNew = true;
    }
    return isNew;
  }

  /** Whether something that was asked for is still under way. */
  boolean isBusy() {
    return (demand != null && level.isBelow(asked)) || (contentThread != null && !contentDone);
  }

  /** Ends all that is under way. */
  void withdraw() {
    if (demand != null) {
      demand.withdraw();
      demand = null;
      asked = Level.NONE;
    }
    if (contentThread != null && !contentDone) {
      contentThread.interrupt();
      contentThread = null;
    }
  }

  /** Makes the input ready and hashes its content, on a thread of its own; true if that is new. */
  boolean prepare(VertexWork work) {
    if (contentThread != null || contentDone || !needsPreparation() || result == null) {
      return false;
    }
    CacheMap.Dep of = Objects.requireNonNull(dep);
    SolvedEdge solved = result;
    contentThread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    String digest = work.contentKey(index, of, solved.result());
                    if (of.contentKey() != null) {
                      contentDigest = digest;
                    }
                    contentDone = true;
                  } catch (SolveException e) {
                    contentFailure = e;
                    contentDone = true;
                  } catch (InterruptedException e) {
                    return; // withdrawn
                  }
                  onNews.run();
                });
    return true;
  }

  /** True once, when the content thread is through. */
  boolean takePrepared() throws SolveException {
    if (!contentDone || prepared) {
      return false;
    }
    if (contentFailure != null) {
      throw contentFailure;
    }
    prepared = true;
    if (contentDigest != null && !contentDigest.isEmpty()) {
      contentKey = CacheKey.ofContent(contentDigest);
    }
    return true;
  }

  /**
   * What a step reads of an input.
   *
   * @param of what made it
   * @param content digest of what counts; null if it counts as a whole
   * @param contents lists what the digest is made of
   */
  record Read(ActiveVertex of, @Nullable String content, CacheMap.@Nullable Contents contents) {}

  /** What the step reads of the finished input. */
  Read read() {
    String content = contentKey == null ? null : contentKey.digest();
    return new Read(input.resolve().owner, content, dep == null ? null : dep.contents());
  }

  /** The alternatives by which the finished input is known: definition keys, then content. */
  List<Link> resultLinks() {
    List<Link> links = new ArrayList<>();
    if (result != null) {
      result.keys().forEach(k -> links.add(new Link(k, selector())));
    }
    if (contentKey != null) {
      links.add(new Link(contentKey, ""));
    }
    return links;
  }

  /** The alternatives by which the input is known so far. */
  List<Link> knownLinks() {
    if (result != null) {
      return resultLinks();
    }
    return keys.stream().map(k -> new Link(k, selector())).toList();
  }

  /** The alternatives that a cache may be asked for; none of an input that ignores the cache. */
  List<Link> probedLinks() {
    List<Link> links = new ArrayList<>();
    keys.forEach(k -> links.add(new Link(k, selector())));
    if (contentKey != null) {
      links.add(new Link(contentKey, ""));
    }
    return links;
  }
}
