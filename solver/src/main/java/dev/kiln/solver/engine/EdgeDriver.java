package dev.kiln.solver.engine;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.Link;
import dev.kiln.solver.CacheKey.SecondaryLink;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.Edge;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.cache.CacheView;
import dev.kiln.solver.cache.CacheView.Match;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings one edge on, round by round: take what is new from inputs, look keys up, tell consumers,
 * join an equal edge, load a known result or run the operation, ask inputs for more, wait
 * (cache-keys.md, section 2). Used by one thread at a time.
 */
final class EdgeDriver {
  private final EdgeState edge;
  private final Engine engine;
  private final Finisher finisher;
  private @Nullable List<DepSlot> slots;

  private @Nullable CacheMap map;
  private int nextMap;
  private final List<String> leafDigests = new ArrayList<>();
  private String record = "";

  private final Set<String> keyIds = new HashSet<>();
  private final List<CacheKey> freshKeys = new ArrayList<>();
  private Level reached = Level.NONE;
  private boolean noMatchPossible;
  private boolean keysChanged;

  EdgeDriver(EdgeState edge, Engine engine) {
    this.edge = edge;
    this.engine = engine;
    this.finisher = new Finisher(edge, engine);
  }

  private ActiveVertex vertex() {
    return edge.owner;
  }

  private boolean ignoresCache() {
    return vertex().vertex.options().ignoreCache();
  }

  /** Does what can be done now, then waits for news. */
  void round() throws InterruptedException, SolveException {
    Level wanted = edge.wanted();
    if (wanted == Level.NONE) {
      return;
    }
    List<DepSlot> deps = openSlots();
    boolean mapIsNew = readMap(deps, wanted);
    absorb(deps, mapIsNew);
    edge.publish(reached, List.copyOf(freshKeys));
    freshKeys.clear();
    wanted = edge.wanted();
    if (wanted == Level.NONE || joinTwin(deps)) {
      return;
    }
    if (wanted == Level.COMPLETE && finish(deps)) {
      return;
    }
    advance(deps, wanted);
    edge.awaitSignal();
  }

  private List<DepSlot> openSlots() {
    List<DepSlot> deps = slots;
    if (deps == null) {
      deps = new ArrayList<>();
      List<Edge> inputs = vertex().vertex.inputs();
      for (int i = 0; i < inputs.size(); i++) {
        deps.add(new DepSlot(i, vertex().input(i), edge::signal));
      }
      slots = deps;
    }
    deps.forEach(d -> d.want(Level.FAST));
    return deps;
  }

  /** Asks the operation for its key; one without inputs may have several. */
  private boolean readMap(List<DepSlot> deps, Level wanted)
      throws InterruptedException, SolveException {
    if (deps.isEmpty()) {
      return readLeafMaps(wanted);
    }
    if (map != null) {
      return false;
    }
    CacheMap read = vertex().work.cacheMap(0);
    if (read.deps().size() != deps.size()) {
      throw vertex()
          .error("invalid cache map with " + read.deps().size() + " deps for " + deps.size(), null);
    }
    map = read;
    record = Sha256.record(read.digest(), edge.output);
    deps.forEach(d -> d.describe(read.deps().get(d.index)));
    return true;
  }

  /** The next key is asked for only if the ones before did not lead to what is wanted. */
  private boolean readLeafMaps(Level wanted) throws InterruptedException, SolveException {
    boolean isNew = false;
    while (needsLeafMap(wanted)) {
      CacheMap read = vertex().work.cacheMap(nextMap);
      nextMap++; // only now: a call that was interrupted is to be made again
      map = read;
      isNew = true;
      leafDigests.add(read.digest());
      if (!ignoresCache()) {
        for (Match match : view().queryLeaf(read.digest(), edge.output)) {
          deliver(match, List.of(), read.digest());
        }
      }
    }
    if ((map != null && map.done()) || !keyIds.isEmpty()) {
      reached = reached.max(Level.SLOW);
    }
    return isNew;
  }

  private boolean needsLeafMap(Level wanted) {
    if (map == null) {
      return true;
    }
    boolean found = wanted == Level.COMPLETE ? finisher.knowsRecord(view()) : !keyIds.isEmpty();
    return !map.done() && !found;
  }

  private CacheView view() {
    return vertex().cacheView();
  }

  private void absorb(List<DepSlot> deps, boolean mapIsNew) throws SolveException {
    boolean changed = mapIsNew;
    for (DepSlot dep : deps) {
      boolean news = dep.absorb();
      changed |= news;
      keysChanged |= news;
      if (dep.takePrepared()) {
        changed = true;
        keysChanged = true;
        probeContent(dep);
      }
      probe(dep);
    }
    keysChanged |= mapIsNew;
    if (!deps.isEmpty() && changed) {
      deliverMatches(deps);
      reached = reached.max(levelOf(deps));
      for (DepSlot dep : deps) {
        noMatchPossible |= !dep.hasMatch() && isExhausted(dep);
      }
    }
  }

  private static boolean isExhausted(DepSlot dep) {
    return dep.hasContentKey() ? dep.prepared : dep.level.reaches(Level.SLOW);
  }

  private Level levelOf(List<DepSlot> deps) {
    Level level = DepPlan.reached(deps);
    boolean contentMayCome =
        level == Level.FAST && edge.wanted().reaches(Level.SLOW) && !keyIds.isEmpty();
    if (contentMayCome && DepPlan.noFurtherKeys(deps, keyIds) && finisher.knowsRecord(view())) {
      return Level.SLOW;
    }
    return level;
  }

  private void probe(DepSlot dep) {
    if (dep.unprobed.isEmpty()) {
      return;
    }
    List<Link> links = dep.unprobed.stream().map(k -> new Link(k, dep.selector())).toList();
    dep.unprobed.clear();
    match(dep, links);
  }

  /** Looks the content's key up, then ties it to the definition keys for later builds. */
  private void probeContent(DepSlot dep) {
    if (dep.contentKey == null) {
      return;
    }
    match(dep, List.of(new Link(dep.contentKey, "")));
    view().query(dep.resultLinks(), dep.index, record);
  }

  private void match(DepSlot dep, List<Link> links) {
    if (!ignoresCache()) {
      view().query(links, dep.index, record).forEach(m -> dep.matches.putIfAbsent(m.id(), m));
    }
  }

  /** What all inputs lead to is a key of this edge. */
  private void deliverMatches(List<DepSlot> deps) {
    for (Map.Entry<String, Match> match : deps.get(0).matches.entrySet()) {
      String id = match.getKey();
      if (!keyIds.contains(id) && deps.stream().allMatch(d -> d.matches.containsKey(id))) {
        List<List<Link>> links = deps.stream().map(DepSlot::knownLinks).toList();
        deliver(match.getValue(), links, map().digest());
      }
    }
  }

  private CacheMap map() {
    if (map == null) {
      throw new IllegalStateException("no cache map yet for " + vertex().vertex);
    }
    return map;
  }

  private void deliver(Match match, List<List<Link>> links, String digest) {
    if (!keyIds.add(match.id())) {
      return;
    }
    CacheKey key = new CacheKey(digest, edge.output, links);
    match.caches().forEach(key::rememberId);
    CacheView view = view();
    finisher.exportable(key, null, () -> view.records(key), List.of());
    finisher.addKey(key);
    freshKeys.add(key);
  }

  /** Looks for an edge with an equal key; gives true if this one's consumers went there. */
  private boolean joinTwin(List<DepSlot> deps) {
    if (!keysChanged) {
      return false;
    }
    keysChanged = false;
    if (deps.stream().anyMatch(d -> d.keys.isEmpty() && d.result == null)) {
      return false;
    }
    CacheKey key =
        new CacheKey(map().digest(), edge.output, deps.stream().map(DepSlot::knownLinks).toList());
    EdgeState other = engine.index.findOrAdd(key, edge);
    return other != null && engine.twins.join(edge, other, secondaryLinks(deps));
  }

  private static List<SecondaryLink> secondaryLinks(List<DepSlot> deps) {
    List<SecondaryLink> links = new ArrayList<>();
    for (DepSlot dep : deps) {
      dep.knownLinks().forEach(l -> links.add(new SecondaryLink(dep.index, l)));
    }
    return links;
  }

  /** Loads or runs if that is possible now; gives true if the edge is finished. */
  private boolean finish(List<DepSlot> deps) throws InterruptedException, SolveException {
    if (load(deps)) {
      return true;
    }
    if (!map().done() || !deps.stream().allMatch(EdgeDriver::isReady)) {
      return false;
    }
    // Since its keys were looked up one by one, the same work may have been done and saved.
    deps.forEach(dep -> match(dep, dep.probedLinks()));
    if (!deps.isEmpty()) {
      deliverMatches(deps);
    }
    if (load(deps)) {
      return true;
    }
    finisher.run(map().digest(), leafDigests, deps);
    return true;
  }

  private boolean load(List<DepSlot> deps) throws InterruptedException {
    if (!finisher.knowsRecord(view())) {
      return false;
    }
    deps.forEach(DepSlot::withdraw);
    if (finisher.load(view())) {
      return true;
    }
    deps.forEach(d -> d.want(Level.FAST));
    return false;
  }

  private static boolean isReady(DepSlot dep) {
    return dep.result != null && (!dep.needsPreparation() || dep.prepared);
  }

  /** Asks inputs for more, and hashes the content of those that are there. */
  private void advance(List<DepSlot> deps, Level wanted) {
    DepPlan plan = new DepPlan(deps, wanted, !keyIds.isEmpty(), noMatchPossible);
    boolean moved = false;
    for (DepSlot dep : deps) {
      moved |= dep.want(plan.levelFor(dep));
      moved |= dep.prepare(vertex().work);
    }
    if (!moved && deps.stream().noneMatch(DepSlot::isBusy)) {
      deps.forEach(d -> d.want(Level.COMPLETE));
    }
  }

  /** Called when nothing more is wanted for now; without any demand all work below is dropped. */
  void standDown(boolean demandsStay) {
    if (!demandsStay && slots != null) {
      slots.forEach(DepSlot::withdraw);
    }
  }
}
